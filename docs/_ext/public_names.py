"""What is public, by the part of the package it lives in, as lines for autodoc: a new name is in the reference without anybody's doing."""

from __future__ import annotations

import inspect
from importlib import import_module

import sor_addressing
from sor_addressing._lazy import listing_of
from sor_addressing.quality.outcome import AuditOutcome
from sor_addressing.register.look_ups import LookUps

ROOMS = (
    "changes",
    "daily",
    "deliveries",
    "exports",
    "letters",
    "messages",
    "quality",
    "register",
    "search",
    "serving",
    "testing",
)
MODULES = ("model",)


def public_names() -> dict[str, list[str]]:
    """The dotted public names by part of the package: each once, under the folder or module that holds it, from where it is imported."""
    homes = {f"sor_addressing.{name}": home for name, home in listing_of(sor_addressing)[0].items()}
    for room in ROOMS:
        for name, home in listing_of(import_module(f"sor_addressing.{room}"))[0].items():
            if name not in sor_addressing.__all__:
                homes[f"sor_addressing.{room}.{name}"] = home
    for module in MODULES:
        for name in import_module(f"sor_addressing.{module}").__all__:
            if name not in sor_addressing.__all__:
                homes[f"sor_addressing.{module}.{name}"] = f"sor_addressing.{module}"
    parts: dict[str, list[str]] = {}
    for name in sorted(homes, key=lambda name: name.rpartition(".")[2]):
        parts.setdefault(homes[name].split(".")[1], []).append(name)
    return parts


def directives_of(part: str) -> list[str]:
    """A directive of autodoc for each public name of a part."""
    lines = []
    for name in public_names()[part]:
        module, _, attribute = name.rpartition(".")
        value = getattr(import_module(module), attribute)
        if inspect.isclass(value):
            # What a register tells, and what an audit saw, stand in classes of their own, and are theirs to whoever reads this.
            inherits = issubclass(value, (LookUps, AuditOutcome))
            bases = "   :inherited-members: object" if inherits else "   :show-inheritance:"
            lines += [f".. autoclass:: {name}", "   :members:", bases, ""]
        elif inspect.isroutine(value):
            lines += [f".. autofunction:: {name}", ""]
        elif type(value).__module__ == "builtins":
            # Autodoc would tell what a text or a tuple is.
            lines += [f".. py:data:: {name}", f"   :type: {type(value).__name__}", f"   :value: {value!r}", ""]
        else:
            lines += [f".. autodata:: {name}", "   :no-value:", ""]
    return lines
