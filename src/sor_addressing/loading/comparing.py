"""Files of different sets that contradict each other: one is taken, and what the other says differently is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from sor_addressing.index.columns import OPEN_END
from sor_addressing.index.lookup import Index
from sor_addressing.index.registrations import Registrations
from sor_addressing.model import LocationSource, Problem, UnitRecord


def compare_units(index: Index, records: Iterable[UnitRecord], *, file: str, taken: str) -> Iterator[Problem]:
    """A problem for each unit of a file that was not taken that the taken file lacks, and for each fact where the two differ.

    Compared are name, last day, the identifiers, and whether the location number is inherited, where both files say something,
    of units that are in force on the register's day in the other file.
    """
    day = index.snapshot_date
    for record in records:
        row = index.row_of_sor_code(record.sor_code)
        if row < 0:
            if _holds(record, day):
                yield Problem("unit-in-other-file-only", file, record.line, record.sor_code, {"taken": taken})
            continue
        if not _holds(record, day):
            continue
        for field, kept, other in _facts(index, row, record):
            if kept and other and kept != other:
                details = {"field": field, "kept": kept, "other": other, "taken": taken}
                yield Problem("files-disagree", file, record.line, record.sor_code, details)


def compare_registrations(kept: Registrations, other: Registrations, *, file: str, taken: str) -> Iterator[Problem]:
    """A problem for each location number on which the two files have different message types."""
    for number in dict.fromkeys((*kept.numbers(), *other.numbers())):
        here, there = kept.types_of(number), other.types_of(number)
        if here != there:
            details = {
                "only_taken": tuple(sorted(here - there)),
                "only_other": tuple(sorted(there - here)),
                "taken": taken,
            }
            yield Problem("registrations-disagree", file, other.first_line.get(number) or None, number, details)


def _holds(record: UnitRecord, day: dt.date) -> bool:
    return (record.from_date or dt.date.min) <= day <= (record.to_date or dt.date.max) and not record.period_unreadable


def _facts(index: Index, row: int, record: UnitRecord) -> Iterator[tuple[str, str, str]]:
    columns = index.columns
    known = index.record(row)
    yield "name", known.name, record.name
    last = columns.unit_to[row]
    yield "to_date", "" if last == OPEN_END else dt.date.fromordinal(last).isoformat(), _iso(record.to_date)
    number = record.location.number if record.location else record.inherited_number
    yield "location_number", index.location_number(row) or "", number
    declared = "inherited" if index.declares_inherited(row) else ""
    yield "location_source", declared, "own" if record.location_source is LocationSource.OWN else ""
    yield "provider_number", known.provider_number, record.provider_number
    yield "shak_code", known.shak_code, record.shak_code
    yield "cvr_number", known.cvr_number, record.cvr_number


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""
