"""One of the two days: what its register says of a unit, read from columns and packed records with as little unpacking as will do."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from enum import IntEnum
from itertools import count
from typing import NamedTuple

from sor_addressing.field_names import EER, REGISTERS, SOR_EDI
from sor_addressing.index.addresses import holding
from sor_addressing.index.columns import (
    DECLARES_INHERITED,
    FROM_ENDPOINTS,
    GAP_ABOVE,
    INACTIVE,
    INTERNAL_ONLY,
    LOCATION_BROKEN,
    LOCATION_NOT_KNOWN,
    LOCATION_OWN,
    LOCATION_PERIOD_UNREADABLE,
    LOCATION_SOURCE_NOT_KNOWN,
    LOCATION_STATE_UNREADABLE,
    NOTHING,
    OPEN_END,
    PERIOD_UNREADABLE,
    REGISTRATION_SHIFT,
)
from sor_addressing.index.lookup import Index, NumberFact
from sor_addressing.index.packed import Packed, codes
from sor_addressing.index.upward import upward

_DIRECTIONS = (1 << REGISTRATION_SHIFT) - 1


class DayInPeriod(IntEnum):
    """Where a day lies in a period."""

    FUTURE = 0
    OPEN = 1
    CLOSED = 2
    UNREADABLE = 3


class NumberState(NamedTuple):
    """A unit's location number on one day. ``known`` is False where a gap in the tree hides which one it is."""

    known: bool
    number: str | None
    owner: str | None
    own: bool
    source_known: bool


class Behind(NamedTuple):
    """What stands behind a location number. None is "not known"."""

    active: bool | None
    internal: bool | None
    period: DayInPeriod
    first: int
    last: int
    system: str
    supplier: str
    net_operator: str
    administrator: str


class Side:
    """A register as it is compared."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.day = index.snapshot_day
        self._codes: dict[int, str] = {}
        self._numbers: dict[int, NumberState] = {}
        self._rows: dict[str, int] = {}
        self._records: dict[int, Packed] = {}
        self._types: list[str] | None = None
        self._closed_units_known = "closed units" not in index.not_known
        self._shak: dict[int, int] | None = None
        self._shak_several: Mapping[int, int] = {}

    def row(self, sor_code: str) -> int:
        """Row of a unit, or ``NOTHING``."""
        row = self._rows.get(sor_code)
        if row is None:
            row = self._rows[sor_code] = self.index.row_of_sor_code(sor_code)
        return row

    def code(self, row: int) -> str:
        """SOR code of a row."""
        code = self._codes.get(row)
        if code is None:
            code = self._codes[row] = self.index.sor_code(row)
        return code

    def record(self, row: int) -> Packed:
        """The packed record."""
        known = self._records.get(row)
        if known is None:
            known = self._records[row] = self.index.record(row)
        return known

    def name(self, row: int) -> str:
        """Name of the unit."""
        return self.record(row).name

    def specialities(self, row: int) -> tuple[str, ...]:
        """Codes of the specialities, sorted; which of them is the main one is not compared."""
        return tuple(sorted({code.decode() for code in codes(self.record(row)["specialities"])}))

    def shak_codes(self, row: int) -> set[str]:
        """SHAK codes of the unit that are in use, from its own row and from a table beside the units."""
        columns, index = self.index.columns, self.index
        if self._shak is None:
            self._shak = dict(zip(columns.shak_unit, count(), strict=False))
            self._shak_several = Counter(columns.shak_unit) if len(self._shak) < len(columns.shak_unit) else {}
        own = self.record(row).shak_code
        found = {own} if own else set()
        place = self._shak.get(row)
        if place is None:
            return found
        places = [place]
        if self._shak_several.get(row, 1) > 1:
            places = [at for at, unit in enumerate(columns.shak_unit) if unit == row]
        for place in places:
            code = index.shak_code(bisect_right(columns.shak_start, place) - 1)
            if index.shak_retired(code) is None:
                found.add(code)
        return found

    def parent(self, row: int) -> int:
        """Row above, or ``NOTHING``."""
        return self.index.columns.unit_parent[row]

    def has_gap_above(self, row: int) -> bool:
        """Whether the unit above is missing from the extract."""
        return bool(self.index.columns.unit_flags[row] & GAP_ABOVE)

    def status(self, row: int, day: int | None = None) -> DayInPeriod:
        """Where the register's day lies in the unit's period."""
        columns = self.index.columns
        if columns.unit_flags[row] & PERIOD_UNREADABLE:
            return DayInPeriod.UNREADABLE
        return _status(columns.unit_from[row], columns.unit_to[row], self.day if day is None else day)

    def location(self, row: int) -> int:
        """Position of the location the unit is reached at, or ``NOTHING``."""
        return self.index.columns.unit_location[row]

    def declares_inherited(self, row: int) -> bool:
        """Whether the unit says that its number comes from above."""
        return bool(self.index.columns.unit_flags[row] & DECLARES_INHERITED)

    def number(self, row: int) -> NumberState:
        """The unit's location number, whose it is, and what of that is known."""
        known = self._numbers.get(row)
        if known is None:
            known = self._numbers[row] = self._find_number(row)
        return known

    def _find_number(self, row: int) -> NumberState:
        columns, index = self.index.columns, self.index
        flags, state, location = columns.unit_flags[row], columns.unit_location_state[row], columns.unit_location[row]
        if location == NOTHING:
            known = state != LOCATION_NOT_KNOWN and (state != LOCATION_BROKEN or not self._gap_on_the_way(row))
            return NumberState(known, None, None, own=False, source_known=known)
        # A row that shows an inherited number of an owner that is not in the file counts as its owner: nobody knows whose it is.
        guessed = flags & LOCATION_SOURCE_NOT_KNOWN or (state == LOCATION_OWN and flags & DECLARES_INHERITED)
        owner = columns.location_owner[location]
        shown_only = columns.unit_flags[owner] & (LOCATION_SOURCE_NOT_KNOWN | DECLARES_INHERITED)
        return NumberState(
            True,
            index.number_text(columns.location_number[location]),
            self.code(owner),
            own=state == LOCATION_OWN,
            source_known=not (guessed or shown_only),
        )

    def _gap_on_the_way(self, row: int) -> bool:
        """Whether the way up to a location number ends at a unit that is missing, in an extract that leaves closed units out."""
        flags = self.index.columns.unit_flags
        if self._closed_units_known or not flags[row] & DECLARES_INHERITED:
            return False
        ends = upward(
            self.index, "gap or end", lambda one: flags[one] & (DECLARES_INHERITED | GAP_ABOVE) != DECLARES_INHERITED
        )
        end = row if flags[row] & GAP_ABOVE else ends.first(row)
        return end != NOTHING and flags[end] & (DECLARES_INHERITED | GAP_ABOVE) == DECLARES_INHERITED | GAP_ABOVE

    def behind(self, location: int) -> Behind:
        """What stands behind a location number."""
        columns, index = self.index.columns, self.index
        flags = columns.location_flags[location]
        unreadable = flags & LOCATION_STATE_UNREADABLE
        first, last = columns.location_from[location], columns.location_to[location]
        inactive, internal = bool(flags & INACTIVE), bool(flags & INTERNAL_ONLY)
        return Behind(
            None if not inactive and (unreadable or NumberFact.INACTIVE in index.not_known) else not inactive,
            None if not internal and (unreadable or NumberFact.INTERNAL in index.not_known) else internal,
            DayInPeriod.UNREADABLE if flags & LOCATION_PERIOD_UNREADABLE else _status(first, last, self.day),
            first,
            last,
            index.text(columns.location_system[location]),
            index.text(columns.location_supplier[location]),
            index.text(columns.location_net_operator[location]),
            index.text(columns.location_administrator[location]),
        )

    def registered(self, number: str) -> dict[str, int]:
        """Message types on a location number, each with what is said of its directions; those that are neither sent nor received are none."""
        index = self.index
        position = index.number_of(number)
        registration_set = NOTHING if position == NOTHING else index.columns.number_set[position]
        if registration_set == NOTHING:
            return {}
        if self._types is None:
            self._types = [index.text(text) for text in index.columns.type_text]
        return {
            self._types[entry >> REGISTRATION_SHIFT]: entry & _DIRECTIONS
            for entry in index.entries(registration_set)
            if entry & _DIRECTIONS
        }

    def source(self, number: str, text: str | None) -> str | None:
        """Which registers say a type of a number, where EER says anything of the number; None where it doesn't, or none says it."""
        index = self.index
        position = index.number_of(number)
        places = range(0) if position == NOTHING else index.told(position)
        columns, types = index.columns, index.registered_types()
        said = {
            EER if columns.told_flags[at] & FROM_ENDPOINTS else SOR_EDI
            for at in places
            if types[columns.told_entry[at] >> REGISTRATION_SHIFT].text == text
        }
        return ", ".join(one for one in REGISTERS if one in said) or None

    def owners(self, number: str) -> list[int]:
        """Rows of the units that own the number: those in force, or all where none is; none where the file doesn't tell who owns it."""
        position = self.index.number_of(number)
        if position == NOTHING:
            return []
        rows = self.index.owners_of_number(position)
        open_now = [row for row in rows if self.status(row) is DayInPeriod.OPEN] or list(rows)
        return open_now if all(self.number(row).source_known for row in open_now) else []

    def hides_above(self, row: int, field: str) -> bool:
        """Whether a field that the unit does not have can be that of a unit above which the extract leaves out."""
        if self._closed_units_known or holding(self.index, row, field, self.record):
            return False
        return self.has_gap_above(row) or upward(self.index, "gap", self.has_gap_above).first(row) != NOTHING


def _status(first: int, last: int, day: int) -> DayInPeriod:
    if first > day:
        return DayInPeriod.FUTURE
    return DayInPeriod.CLOSED if last < day else DayInPeriod.OPEN


def has_end(last: int) -> bool:
    """Whether a period has a last day."""
    return last < OPEN_END
