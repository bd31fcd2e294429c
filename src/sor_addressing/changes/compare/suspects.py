"""Which units a second look is worth: found from digests and columns, so that units that are the same need never be unpacked."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import count

from sor_addressing.changes.compare.side import Side
from sor_addressing.index.columns import LOCATION_OWN, NOTHING
from sor_addressing.index.digests import NUMBERS, UNITS, digests

_FEW_DAYS = 5
"""So many days are each looked for on their own, which is quicker than comparing every value."""


class Suspects:
    """The SOR codes of units that may differ, in the order of the new extract, those that it lacks last.

    Attributes:
        codes: the units; each once.
        numbers: location numbers on which the registrations differ.
    """

    def __init__(self, old: Side, new: Side, *, with_registrations: bool) -> None:
        self._old, self._new = old, new
        mine, its = digests(old.index, UNITS), digests(new.index, UNITS)
        old_rows, new_rows = map(set, _differ(mine, its))
        if old.day != new.day:
            new_rows.update(_passing(new, since=old.day))
            new_rows.update(_with_location(new, _locations_passing(new, since=old.day)))
        self.numbers = _numbers_differ(old, new) if with_registrations else []
        for side, rows in ((old, old_rows), (new, new_rows)):
            for number in self.numbers:
                position = side.index.number_of(number)
                if position != NOTHING:
                    rows.update(side.index.rows_of_number(position))
        codes = {new.code(row): row for row in new_rows}
        for row in old_rows:
            code = old.code(row)
            if code not in codes:
                codes[code] = new.row(code)
        there = {row for row in codes.values() if row != NOTHING}
        there.update(_with_location(new, _owned(new, there)))
        there.update(list(self._below(there)))
        self.codes = [new.code(row) for row in sorted(there)]
        gone = (old.row(code) for code, row in codes.items() if row == NOTHING)
        self.codes += [old.code(row) for row in sorted(gone)]

    def _below(self, rows: Iterable[int]) -> Iterator[int]:
        """Units that have the address or the contact of a unit above that differs."""
        old, new = self._old, self._new
        seen: dict[str, set[int]] = {"postal_address": set(), "contact": set()}
        for row in rows:
            before = old.row(new.code(row))
            moved = before == NOTHING or _parent_code(old, before) != _parent_code(new, row)
            for field in seen:
                record = new.record(row)
                if moved or old.record(before)[field] != record[field]:
                    yield from self._inheriting(row, field, seen[field])

    def _inheriting(self, row: int, field: str, seen: set[int]) -> Iterator[int]:
        """Each unit once, however many of those above it differ."""
        waiting = list(self._new.index.children(row))
        while waiting:
            row = waiting.pop()
            if row in seen:
                continue
            seen.add(row)
            if not self._new.record(row)[field]:
                yield row
                waiting.extend(self._new.index.children(row))


def _parent_code(side: Side, row: int) -> str | None:
    parent = side.parent(row)
    return None if parent == NOTHING else side.code(parent)


def _passing(side: Side, *, since: int) -> Iterator[int]:
    """Rows of units whose period begins or ends between the two days, whatever was written."""
    columns, until = side.index.columns, side.day
    yield from _days_between(columns.unit_to, since, until - 1)
    yield from _days_between(columns.unit_from, since + 1, until)


def _locations_passing(side: Side, *, since: int) -> Iterator[int]:
    columns, until = side.index.columns, side.day
    yield from _days_between(columns.location_to, since, until - 1)
    yield from _days_between(columns.location_from, since + 1, until)


def _owned(side: Side, rows: Iterable[int]) -> set[int]:
    columns = side.index.columns
    return {columns.unit_location[row] for row in rows if columns.unit_location_state[row] == LOCATION_OWN}


def _with_location(side: Side, locations: Iterable[int]) -> Iterator[int]:
    """Rows of the units that are reached at one of the locations."""
    columns, index = side.index.columns, side.index
    for location in locations:
        for row in index.rows_of_number(columns.location_number[location]):
            if columns.unit_location[row] == location:
                yield row


def _numbers_differ(old: Side, new: Side) -> list[str]:
    """Location numbers on which the registrations differ, or that one of the days lacks; sorted."""
    before, after = _differ(digests(old.index, NUMBERS), digests(new.index, NUMBERS))
    numbers = {old.index.number_text(position) for position in before}
    return sorted(numbers.union(map(new.index.number_text, after)))


def _differ(old: Sequence[int], new: Sequence[int]) -> tuple[list[int], list[int]]:
    """Places of the digests, each of which stands once, that the other column does not have."""
    before, after = dict(zip(old, count(), strict=False)), dict(zip(new, count(), strict=False))
    differing = before.keys() ^ after.keys()
    return (
        sorted([before[digest] for digest in differing if digest in before]),
        sorted([after[digest] for digest in differing if digest in after]),
    )


def _days_between(days: Sequence[int], first: int, last: int) -> list[int]:
    """Where a column of day numbers has a day from the first to the last."""
    if last - first >= _FEW_DAYS:
        return [place for place, day in enumerate(days) if first <= day <= last]
    column = array("i", days)
    found = []
    for day in range(first, last + 1):
        place = -1
        for _ in range(column.count(day)):
            place = column.index(day, place + 1)
            found.append(place)
    return found
