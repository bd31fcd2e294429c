"""Extracts of made-up days, and an origin that gives them: as many units and registrations as a test needs, in a mirror folder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from sor_addressing import Register
from sor_addressing.daily.origin import Fetched, FolderOrigin
from sor_addressing.errors import StoreError
from sor_addressing.testing import RegisterBuilder

FIRST = dt.date(2026, 1, 15)
TYPES = ("XDIS91 XD9134L", "DIS91 D9134L", "FDIS91", "XREF01", "XRPT01")


def day(number: int) -> dt.date:
    """The first day is number 0."""
    return FIRST + dt.timedelta(number)


def build(
    number: int, *, units: int = 20, locations: int = 20, registrations: int = 20, message_types: bool = True
) -> RegisterBuilder:
    """The extract of a day: owners, so many of them with a location number, and registrations on the first few."""
    builder = RegisterBuilder(day(number))
    codes = [
        builder.owner(f"Ejer {n} af dag {number}", location_number=True)
        if n < locations
        else builder.owner(f"Ejer {n} af dag {number}")
        for n in range(units)
    ]
    for n in range(registrations):
        builder.registers(codes[n // len(TYPES)], TYPES[n % len(TYPES)], receive=True)
    if not message_types:
        builder.without_message_types()
    return builder


def answers(register: Register) -> list[tuple[str, str, str, str]]:
    """Everything these registers have to say, every section of a compiled file touched."""
    return [
        (
            unit.sor_code,
            unit.name,
            unit.location.number if unit.location else "",
            register.validate(unit, "XDIS91", on=register.snapshot_date).outcome,
        )
        for unit in register
    ]


class Mirror(FolderOrigin):
    """A mirror folder whose extract a test replaces, and that can be out of reach; counts what was asked of it."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        object.__setattr__(self, "asked", [])
        object.__setattr__(self, "fault", [])

    asked: list[dict[str, str]]
    """What was known each time that it was asked."""

    fault: list[OSError]
    """Raised instead of an answer where there is one."""

    def publish(self, number: int, **extract: object) -> None:
        """Put the extract of a day there, and nothing else."""
        self.path.mkdir(exist_ok=True)
        for file in self.path.iterdir():
            file.unlink()
        build(number, **extract).write(self.path)  # type: ignore[arg-type]

    def fetch(self, folder: Path, known: Mapping[str, str], progress=None) -> Fetched:
        self.asked.append(dict(known))
        if self.fault:
            raise self.fault[0]
        return super().fetch(folder, known, progress)


def out_of_reach() -> StoreError:
    return StoreError("https://mirror.example: no answer; try again later")
