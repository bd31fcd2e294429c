"""What is public, by the part of the package it lives in, as lines for autodoc: a new name is in the reference without anybody's doing."""

from __future__ import annotations

import inspect
from importlib import import_module

import sor_addressing
import sor_addressing.testing
from sor_addressing.quality.outcome import AuditOutcome
from sor_addressing.register.look_ups import LookUps

TEST_KIT = "testing"


def public_names() -> dict[str, list[str]]:
    """The dotted public names by part: those of ``sor_addressing`` under the folder that holds them, those of the test kit under ``testing``."""
    homes: dict[str, str] = sor_addressing._HOME_OF
    parts: dict[str, list[str]] = {}
    for name in sor_addressing.__all__:
        home = (
            homes[name] if name in homes else getattr(sor_addressing, name).__module__.removeprefix("sor_addressing.")
        )
        parts.setdefault(home.partition(".")[0], []).append(f"sor_addressing.{name}")
    parts[TEST_KIT] = [f"sor_addressing.testing.{name}" for name in sor_addressing.testing.__all__]
    return parts


def directives_of(part: str) -> list[str]:
    """A directive of autodoc for each public name of a part."""
    lines = []
    for name in public_names()[part]:
        module, _, attribute = name.rpartition(".")
        value = getattr(import_module(module), attribute)
        if inspect.isclass(value):
            # What a register looks up, and what an audit saw, stand in classes of their own, and are theirs to whoever reads this.
            inherits = issubclass(value, (LookUps, AuditOutcome))
            bases = "   :inherited-members: object" if inherits else "   :show-inheritance:"
            lines += [f".. autoclass:: {name}", "   :members:", bases, ""]
        elif inspect.isroutine(value):
            lines += [f".. autofunction:: {name}", ""]
        else:
            lines += [f".. autodata:: {name}", "   :no-value:", ""]
    return lines
