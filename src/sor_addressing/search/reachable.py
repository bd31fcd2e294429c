"""Which units can be reached on a day, and for what reason others can't: the rules of resolving, without the findings."""

from __future__ import annotations

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

    def reason_against(self, row: int) -> str | None:
        """The code of the finding for which the unit in ``row`` can't be reached; None where it can."""
        reason = not_in_force(self._index, row, self._day)
        if reason is not None:
            return reason
        columns = self._index.columns
        location, state = columns.unit_location[row], columns.unit_location_state[row]
        if location == NOTHING:
            return "inheritance-broken" if state == LOCATION_BROKEN else "location-missing"
        if location not in self._locations:
            self._locations[location] = self._against_location(location)
        reason = self._locations[location]
        if reason is None and state == LOCATION_INHERITED and self._policy.inherited == "refuse":
            return "location-inherited"
        return reason

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
