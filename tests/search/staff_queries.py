"""Queries as staff type them, over the made-up nation: written by hand in ``staff/queries.txt``, with who is meant."""

from __future__ import annotations

import fnmatch
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.search.made_up_queries import MadeUpQuery

from sor_addressing import EverydayWords, Register, Unit

UNITS = 12_000
_FILE = Path(__file__).with_name("staff") / "queries.txt"
NICKNAMES = EverydayWords.load(_FILE.with_name("nicknames.toml"))


class StaffQueries(NamedTuple):
    """Those that rules may be tried on, and those held out."""

    open: list[MadeUpQuery]
    held_out: list[MadeUpQuery]


def staff_queries(register: Register) -> StaffQueries:
    """The queries with the SOR codes of who is meant; within a kind every second one is held out.

    Raises:
        LookupError: nobody in ``register`` is called what a line says.
    """
    by_name: dict[str, list[Unit]] = defaultdict(list)
    for unit in register:
        by_name[unit.name].append(unit)
        for above in unit.ancestors:
            if unit.name.endswith(f", {above.name}"):
                by_name[unit.name.removesuffix(f", {above.name}")].append(unit)
    halves: tuple[list[MadeUpQuery], list[MadeUpQuery]] = ([], [])
    places: dict[str, int] = defaultdict(int)
    for kind, text, names, above in _lines():
        meant = frozenset(
            unit.sor_code
            for name in names
            for called in (fnmatch.filter(by_name, name) if "*" in name else [name])
            for unit in by_name[called]
            if not above or _stands_below(unit, above)
        )
        if not meant:
            raise LookupError(f"{text!r} means {names} of {above!r}, and there is none")
        halves[places[kind] % 2].append(MadeUpQuery(text, meant, kind))
        places[kind] += 1
    return StaffQueries(*halves)


def _stands_below(unit: Unit, above: str) -> bool:
    if above.startswith("~"):
        held = [unit, *unit.ancestors]
        texts = [one.name for one in held] + [
            line for one in held if one.visiting_address for line in one.visiting_address.lines
        ]
        return any(above[1:].strip() in text for text in texts)
    return above in (unit.name, *[one.name for one in unit.ancestors])


def _lines() -> Iterator[tuple[str, str, list[str], str]]:
    short: dict[str, str] = {}
    kind = ""
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("= "):
            _, key, name = line.split(maxsplit=2)
            short[key] = name
        elif line.startswith("["):
            kind = line.strip("[]")
        elif line and not line.startswith("#"):
            texts, _, meant = line.partition(" ; ")
            names, _, above = meant.replace(" ~ ", " @ ~").partition(" @ ")
            for text in texts.split(" / "):
                yield kind, text.strip(), [name.strip() for name in names.split("|")], short.get(above, above)
