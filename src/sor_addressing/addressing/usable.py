"""Whether a unit can be used as a recipient on a day: one unit with everything that is to be said of it, and whole columns.

:func:`assess` takes one unit. :class:`Usable` goes through many, with one reason a unit: the first finding of :func:`assess` for which
it can't be used. That both say the same is held by ``tests/addressing/test_usable.py``; a rule that is changed is changed in both.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sor_addressing.addressing.policy import AddressingPolicy, levels_of
from sor_addressing.addressing.severities import RawFinding, raw_finding
from sor_addressing.index.columns import (
    HAS_SUCCESSOR,
    INACTIVE,
    INHERITANCE_DIFFERS,
    INTERNAL_ONLY,
    LOCATION_BROKEN,
    LOCATION_INHERITED,
    LOCATION_NOT_KNOWN,
    LOCATION_NUMBER_SUSPECT,
    LOCATION_PERIOD_UNREADABLE,
    LOCATION_SOURCE_NOT_KNOWN,
    LOCATION_STATE_UNREADABLE,
    NOTHING,
    OPEN_END,
    PERIOD_UNREADABLE,
    PROVIDER_CEASED,
)
from sor_addressing.index.lookup import Index
from sor_addressing.index.upward import asleep_above

_WITHOUT_LOCATION = {LOCATION_BROKEN: "inheritance-broken", LOCATION_NOT_KNOWN: "inheritance-not-known"}


class Assessment(NamedTuple):
    """Whether a unit can be used as a recipient, and the findings on it."""

    usable: bool
    raws: tuple[RawFinding, ...]


_QUIET = Assessment(usable=True, raws=())


def assess(index: Index, row: int, day: int, policy: AddressingPolicy) -> Assessment:
    """What is to be said of the unit in ``row`` on ``day``."""
    columns = index.columns
    if columns.unit_quiet_from[row] <= day <= columns.unit_quiet_to[row]:
        if columns.unit_location_state[row] != LOCATION_INHERITED:
            return _QUIET
        return Assessment(policy.inherited != "refuse", (raw_finding(levels_of(policy), "location-inherited", row),))
    levels = levels_of(policy)
    raws: list[RawFinding] = []
    flags = columns.unit_flags[row]
    closes = columns.unit_to[row]
    reason = against_unit(index, row, day)
    usable = reason is None
    if reason is not None:
        raws.append(raw_finding(levels, reason, row))
        if reason == "unit-closed" and flags & HAS_SUCCESSOR:
            raws.append(raw_finding(levels, "unit-replaced", row, day))
    elif closes != OPEN_END and closes - day <= policy.closing_notice_days:
        raws.append(raw_finding(levels, "unit-closing", row))
    location = columns.unit_location[row]
    if location == NOTHING:
        raws.append(raw_finding(levels, without_location(index, row), row))
        usable = False
    else:
        usable &= _assess_location(index, row, location, day, policy, raws)
        if usable and index.not_known_of_numbers:
            raws.append(raw_finding(levels, "location-state-not-known", row))
        if flags & LOCATION_SOURCE_NOT_KNOWN:
            raws.append(raw_finding(levels, "location-source-not-known", row))
    if flags & PROVIDER_CEASED:
        number = index.record(row).provider_number
        ceased = index.provider_ceased(number)
        if ceased is not None and ceased.toordinal() < day:
            raws.append(raw_finding(levels, "provider-ceased", row, number, ceased.toordinal()))
    return Assessment(usable, tuple(raws))


def _assess_location(
    index: Index, row: int, location: int, day: int, policy: AddressingPolicy, raws: list[RawFinding]
) -> bool:
    """Add what is to be said of the unit's location number; whether it can be used."""
    columns, levels = index.columns, levels_of(policy)
    usable = True
    flags = columns.location_flags[location]
    reason = _against_period_of_location(index, location, day)
    if reason is not None:
        usable = False
        if reason != "period-unreadable" or not columns.unit_flags[row] & PERIOD_UNREADABLE:
            raws.append(raw_finding(levels, reason, row))
    if flags & LOCATION_STATE_UNREADABLE:
        usable = False
        raws.append(raw_finding(levels, "location-state-unreadable", row))
    if flags & INACTIVE:
        usable = False
        raws.append(raw_finding(levels, "location-inactive", row))
    if flags & INTERNAL_ONLY:
        usable &= policy.internal_only == "accept"
        raws.append(raw_finding(levels, "location-internal-only", row))
    if columns.unit_location_state[row] == LOCATION_INHERITED:
        usable &= policy.inherited != "refuse"
        raws.append(raw_finding(levels, "location-inherited", row))
        asleep = asleep_above(index, row, day)
        if asleep:
            raws.append(raw_finding(levels, "ancestor-not-in-force", row, *asleep))
    if columns.unit_flags[row] & INHERITANCE_DIFFERS:
        raws.append(raw_finding(levels, "inheritance-differs", row))
    number = columns.location_number[location]
    if flags & LOCATION_NUMBER_SUSPECT:
        raws.append(raw_finding(levels, "location-number-suspect", row))
    if columns.number_owners[number] > 1:
        raws.append(raw_finding(levels, "owner-shared", number))
    return usable


class Usable:
    """Which of many units can be used on one day under one policy, and for what reason others can't."""

    __slots__ = ("_day", "_index", "_locations", "_policy")

    def __init__(self, index: Index, day: int, policy: AddressingPolicy) -> None:
        self._index = index
        self._day = day
        self._policy = policy
        self._locations: dict[int, str | None] = {}

    def divide(self, rows: Iterable[int]) -> tuple[list[int], dict[str, int]]:
        """The rows of units that can be used, and how many of the others can't by the code of the finding against them."""
        columns, day, known = self._index.columns, self._day, self._locations
        flags, begins, ends = columns.unit_flags, columns.unit_from, columns.unit_to
        locations, states = columns.unit_location, columns.unit_location_state
        refused = self._policy.inherited == "refuse"
        kept: list[int] = []
        reasons: dict[str, int] = {}
        for row in rows:
            reason: str | None
            if flags[row] & PERIOD_UNREADABLE:
                reason = "period-unreadable"
            elif begins[row] > day:
                reason = "unit-not-yet-open"
            elif ends[row] < day:
                reason = "unit-closed"
            elif (location := locations[row]) == NOTHING:
                reason = without_location(self._index, row)
            else:
                if location not in known:
                    known[location] = self._against_location(location)
                reason = known[location]
                if reason is None:
                    if not refused or states[row] != LOCATION_INHERITED:
                        kept.append(row)
                        continue
                    reason = "location-inherited"
            reasons[reason] = reasons.get(reason, 0) + 1
        return kept, reasons

    def against(self, row: int) -> str | None:
        """The code of the finding for which the unit in ``row`` can't be used; None where it can."""
        for reason in self.divide((row,))[1]:
            return reason
        return None

    def _against_location(self, location: int) -> str | None:
        reason = _against_period_of_location(self._index, location, self._day)
        flags = self._index.columns.location_flags[location]
        if reason is None and flags & LOCATION_STATE_UNREADABLE:
            reason = "location-state-unreadable"
        if reason is None and flags & INACTIVE:
            reason = "location-inactive"
        if reason is None and flags & INTERNAL_ONLY and self._policy.internal_only != "accept":
            reason = "location-internal-only"
        return reason


def against_unit(index: Index, row: int, day: int) -> str | None:
    """The code of the finding for which the unit in ``row`` is not in force on ``day``; None where it is."""
    columns = index.columns
    if columns.unit_flags[row] & PERIOD_UNREADABLE:
        return "period-unreadable"
    if columns.unit_from[row] > day:
        return "unit-not-yet-open"
    return "unit-closed" if columns.unit_to[row] < day else None


def without_location(index: Index, row: int) -> str:
    """The code of the finding on the unit in ``row``, which has no location number."""
    return _WITHOUT_LOCATION.get(index.columns.unit_location_state[row], "location-missing")


def _against_period_of_location(index: Index, location: int, day: int) -> str | None:
    columns = index.columns
    if columns.location_flags[location] & LOCATION_PERIOD_UNREADABLE:
        return "period-unreadable"
    if columns.location_from[location] > day:
        return "location-not-yet-open"
    return "location-closed" if columns.location_to[location] < day else None
