"""Which units a second look is worth: found from digests and columns, so that units that are the same need never be unpacked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sor_addressing.changes.side import ACTIVITY, CONTACT, POSTAL, VISITING, Side
from sor_addressing.index.columns import LOCATION_OWN, NOTHING
from sor_addressing.index.digests import SETS, UNITS, digests
from sor_addressing.index.keys import ODD_FROM

_ADDRESSES = (POSTAL, VISITING, ACTIVITY)


class Candidates:
    """The SOR codes of units that may differ, in the order of the new extract, those that it lacks last.

    Attributes:
        codes: the units; each once.
        numbers: location numbers on which the registrations differ.
    """

    def __init__(self, old: Side, new: Side, *, with_registrations: bool) -> None:
        self._old, self._new = old, new
        mine, its = digests(old.index, UNITS), digests(new.index, UNITS)
        known_mine, known_its = set(mine), set(its)
        old_rows = {row for row, digest in enumerate(mine) if digest not in known_its}
        new_rows = {row for row, digest in enumerate(its) if digest not in known_mine}
        if old.day != new.day:
            new_rows.update(_passing(new, since=old.day))
            new_rows.update(_with_location(new, _locations_passing(new, since=old.day)))
        old_rows.update(_shak_differs(old, new))
        new_rows.update(_shak_differs(new, old))
        self.numbers = _registrations_differ(old, new) if with_registrations else []
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
        for row in rows:
            before = old.row(new.code(row))
            moved = before == NOTHING or _parent_code(old, before) != _parent_code(new, row)
            for field in (POSTAL, CONTACT):
                record = new.record(row)
                if moved or old.record(before)[field] != record[field]:
                    yield from self._inheriting(row, field)

    def _inheriting(self, row: int, field: int) -> Iterator[int]:
        waiting = list(self._new.index.children(row))
        while waiting:
            row = waiting.pop()
            if not self._new.record(row)[field]:
                yield row
                waiting.extend(self._new.index.children(row))


def _parent_code(side: Side, row: int) -> str | None:
    parent = side.parent(row)
    return None if parent == NOTHING else side.code(parent)


def _passing(side: Side, *, since: int) -> Iterator[int]:
    """Rows of units whose period begins or ends between the two days, whatever was written."""
    columns, until = side.index.columns, side.day
    yield from [row for row, last in enumerate(columns.unit_to) if since <= last < until]
    yield from [row for row, first in enumerate(columns.unit_from) if since < first <= until]


def _locations_passing(side: Side, *, since: int) -> set[int]:
    columns, until = side.index.columns, side.day
    ending = {location for location, last in enumerate(columns.location_to) if since <= last < until}
    return ending | {location for location, first in enumerate(columns.location_from) if since < first <= until}


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


def _shak_differs(side: Side, other: Side) -> Iterator[int]:
    """Rows of the units that have a SHAK code in use that they don't have in the other register."""
    here, there = _shak_pairs(side), _shak_pairs(other)
    for (key, unit), row in here.items():
        if (key, unit) not in there or key <= ODD_FROM or unit <= ODD_FROM:
            yield row


def _shak_pairs(side: Side) -> dict[tuple[int, int], int]:
    columns = side.index.columns
    keys, starts, units = columns.shak_key, columns.shak_start, columns.shak_unit
    retired = set(columns.retired_key)
    unit_key = columns.unit_key
    return {
        (key, unit_key[row]): row
        for position, key in enumerate(keys)
        if key not in retired
        for row in units[starts[position] : starts[position + 1]]
    }


def _registrations_differ(old: Side, new: Side) -> list[str]:
    """Location numbers on which the registrations differ, sorted."""
    numbers = {
        side.index.number_text(position)
        for side, other in ((old, new), (new, old))
        for position in _other_registrations(side, other)
    }
    return sorted(numbers)


def _other_registrations(side: Side, other: Side) -> Iterator[int]:
    known = set(_registrations(other))
    odd = len(side.index.columns.odd_text) or len(other.index.columns.odd_text)
    for position, pair in enumerate(_registrations(side)):
        if pair not in known or (odd and pair[0] <= ODD_FROM):
            yield position


def _registrations(side: Side) -> Iterator[tuple[int, int]]:
    columns = side.index.columns
    of_set = [*digests(side.index, SETS), 0]  # the last stands for no registrations
    return zip(columns.number_key, [of_set[number] for number in columns.number_set], strict=True)
