"""The public names of a room, listed once in the stub beside its ``__init__``, and imported when first asked for.

``__init__.pyi`` is what type checkers read; :func:`room` reads the same lines while the program runs::

    from sor_addressing.index.unit import Unit as Unit
    # Former names, until version 0.3
    from sor_addressing.letters import Party as Party
    Answer = sor_addressing.letters.ReceiptKind

A former name goes on resolving, with a ``DeprecationWarning`` that names its place of today and the version it goes with.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from os import sep
from types import ModuleType

FORMER = "# Former names, until version "
"""The line of a stub below which names had this place once."""


FormerName = tuple[str, str, str]
"""The module where a name has its place today, what it is called there, and the version that the former one goes with."""

Listing = tuple[dict[str, str], dict[str, FormerName]]
"""The names of a room: each present one with the module that it comes from, and the former ones."""


def listing_of(module: ModuleType) -> Listing:
    """What the stub of a package lists, read by the package's own loader: from a folder, a wheel or a zip alike."""
    spec = module.__spec__
    if spec is None or spec.submodule_search_locations is None:
        raise ValueError(f"{module.__name__} is no package")
    stub = f"{spec.submodule_search_locations[0]}{sep}__init__.pyi"
    text: bytes = spec.loader.get_data(stub)  # type: ignore[union-attr]
    present: dict[str, str] = {}
    former: dict[str, FormerName] = {}
    home = until = ""
    for line in text.decode().splitlines():
        if line.startswith("#"):
            if line.startswith(FORMER):
                until = line.removeprefix(FORMER)
            continue
        if line.startswith("from "):
            home = line.split()[1]
        if " as " in line:  # a line that would be too long has its name on one of its own
            own = line.rstrip(",").split()[-1]
            if until:
                former[own] = (home, own, until)
            else:
                present[own] = home
        elif " = " in line:
            own, _, place = line.partition(" = ")
            home, _, name = place.rpartition(".")
            former[own] = (home, name, until)
    return present, former


def room(package: str) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """``__getattr__`` and ``__dir__`` of a package whose names stand in its stub; ``__all__`` comes from there too."""
    module = sys.modules[package]
    read: list[Listing] = []

    def listing() -> Listing:
        if not read:
            read.append(listing_of(module))
        return read[0]

    def get(name: str) -> object:
        present, former = listing()
        if name == "__all__":
            value: object = sorted(present)
        elif name in present:
            value = getattr(import_module(present[name]), name)
        elif name in former:
            return _by_former_name(package, name, former[name])
        else:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        setattr(module, name, value)
        return value

    def names() -> list[str]:
        return sorted({*vars(module), *listing()[0]})

    return get, names


def _by_former_name(package: str, name: str, today: FormerName) -> object:
    from sor_addressing._former import told_of_former

    home, present, until = today
    told_of_former(f"{package}.{name}", f"{home}.{present}", until, stacklevel=4)
    return getattr(import_module(home), present)
