"""Whose location number each unit is reached at, worked out while an index is built."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence

from sor_addressing.index.columns import (
    DECLARES_INHERITED,
    GAP_ABOVE,
    LOCATION_BROKEN,
    LOCATION_INHERITED,
    LOCATION_NONE,
    LOCATION_OWN,
    LOCATION_SOURCE_NOT_KNOWN,
    NOTHING,
)
from sor_addressing.index.making.tree import TellOfRow

_NOT_YET = 255


class Inheriting:
    """Location and state of every unit, as they are worked out.

    Args:
        parents: row above each unit.
        flags: of each unit.
        own: location that each unit declares its own, or shows without saying whose it is.
        numbers: location number of each location.

    Attributes:
        effective: location of each unit, ``NOTHING`` where it has none.
        states: how it came by it.
    """

    def __init__(
        self, parents: Sequence[int], flags: Sequence[int], own: Sequence[int], numbers: Sequence[str]
    ) -> None:
        self._parents = parents
        self._flags = flags
        self._own = own
        self._numbers = numbers
        self.effective = array("i", own)
        self.states = array("B", [_NOT_YET]) * len(own)
        self._by_chain()
        if any(flag & LOCATION_SOURCE_NOT_KNOWN for flag in flags):
            self._by_equal_numbers()

    def _by_chain(self) -> None:
        """A unit that declares its number inherited has that of the unit above, to any depth, as long as nothing is missing between."""
        own, flags, parents, states = self._own, self._flags, self._parents, self.states
        for row in range(len(own)):
            way = []
            while states[row] == _NOT_YET:
                if own[row] != NOTHING:
                    states[row] = LOCATION_OWN
                elif not flags[row] & DECLARES_INHERITED:
                    states[row] = LOCATION_NONE
                elif flags[row] & GAP_ABOVE or parents[row] == NOTHING:
                    states[row] = LOCATION_BROKEN
                else:
                    way.append(row)
                    row = parents[row]
            location = self.effective[row]
            for member in way:
                self.effective[member] = location
                states[member] = LOCATION_BROKEN if location == NOTHING else LOCATION_INHERITED

    def _by_equal_numbers(self) -> None:
        """Where the file shows a number and not whose it is, it is that of the highest unit above that shows the same without a break."""
        parents, effective, numbers = self._parents, self.effective, self._numbers
        highest: dict[int, int] = {}
        for row, flag in enumerate(self._flags):
            if not flag & LOCATION_SOURCE_NOT_KNOWN or effective[row] == NOTHING:
                continue
            number = numbers[effective[row]]
            top, above = row, parents[row]
            while above != NOTHING and effective[above] != NOTHING and numbers[effective[above]] == number:
                top, above = above, parents[above]
            if top != row:
                highest[row] = top
        for row in highest:
            self.states[row] = LOCATION_INHERITED
        location_of_owner = {row: location for row, location in enumerate(self._own) if location != NOTHING}
        moved = {location_of_owner[row]: effective[top] for row, top in highest.items()}
        for row, location in enumerate(effective):
            effective[row] = moved.get(location, location)

    def as_shown(self, shown: Mapping[int, str], add_location: Callable[[int, str], int], tell: TellOfRow) -> None:
        """Follow what rows of the file show of inherited numbers where the way up tells another one or none.

        Args:
            shown: row to the number that the file shows there as inherited.
            add_location: makes a location of a number whose owner is not in the file, and gives its position.
            tell: called with each problem.
        """
        effective, states, numbers = self.effective, self.states, self._numbers
        other = [row for row, number in shown.items() if effective[row] == NOTHING or numbers[effective[row]] != number]
        if not other:
            return
        owned: dict[str, int] = {}
        for row, state in enumerate(states):
            if state == LOCATION_OWN:
                owned.setdefault(numbers[effective[row]], effective[row])
        for row in sorted(other, key=lambda one: (self._depth(one), one)):
            number = shown[row]
            chain = numbers[effective[row]] if effective[row] != NOTHING else None
            if chain is not None:
                tell("inherited-number-differs", row, {"shown": number, "above": chain})
            if number in owned:
                effective[row] = owned[number]
                states[row] = LOCATION_INHERITED
            else:
                tell("location-owner-missing", row, {"value": number})
                effective[row] = owned[number] = add_location(row, number)
                states[row] = LOCATION_OWN

    def _depth(self, row: int) -> int:
        depth = 0
        while (row := self._parents[row]) != NOTHING:
            depth += 1
        return depth
