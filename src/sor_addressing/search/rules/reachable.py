"""Which units can be reached on a day, and for what reason others can't: the rules of resolving, without the findings."""

from __future__ import annotations

from collections.abc import Iterable

from sor_addressing.addressing.policy import AddressingPolicy
from sor_addressing.index.columns import (
    INACTIVE,
    INTERNAL_ONLY,
    LOCATION_BROKEN,
    LOCATION_INHERITED,
    LOCATION_PERIOD_UNREADABLE,
    NOTHING,
    PERIOD_UNREADABLE,
)
from sor_addressing.index.lookup import Index


class Reachable:
    """Answers for one day and one policy, with one reason a unit: the first of those that :func:`assess` would find."""

    __slots__ = ("_day", "_index", "_locations", "_policy")

    def __init__(self, index: Index, day: int, policy: AddressingPolicy) -> None:
        self._index = index
        self._day = day
        self._policy = policy
        self._locations: dict[int, str | None] = {}

    def divide(self, rows: Iterable[int]) -> tuple[list[int], dict[str, int]]:
        """The rows of units that can be reached, and how many of the others can't by the code of the finding against them."""
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
                reason = "inheritance-broken" if states[row] == LOCATION_BROKEN else "location-missing"
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

    def _against_location(self, location: int) -> str | None:
        columns = self._index.columns
        flags = columns.location_flags[location]
        if flags & LOCATION_PERIOD_UNREADABLE:
            return "period-unreadable"
        if columns.location_from[location] > self._day:
            return "location-not-yet-open"
        if columns.location_to[location] < self._day:
            return "location-closed"
        if flags & INACTIVE:
            return "location-inactive"
        return "location-internal-only" if flags & INTERNAL_ONLY and self._policy.internal_only != "accept" else None


def not_in_force(index: Index, row: int, day: int) -> str | None:
    """The code of the finding for which the unit in ``row`` is not in force on ``day``; None where it is."""
    columns = index.columns
    if columns.unit_flags[row] & PERIOD_UNREADABLE:
        return "period-unreadable"
    if columns.unit_from[row] > day:
        return "unit-not-yet-open"
    return "unit-closed" if columns.unit_to[row] < day else None
