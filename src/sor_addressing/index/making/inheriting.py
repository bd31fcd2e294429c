"""Whose location number each unit is reached at, worked out while an index is built."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Mapping, MutableSequence, Sequence
from typing import NamedTuple

from sor_addressing.index.columns import (
    DECLARES_INHERITED,
    GAP_ABOVE,
    INHERITANCE_DIFFERS,
    LOCATION_BROKEN,
    LOCATION_INHERITED,
    LOCATION_NONE,
    LOCATION_NOT_KNOWN,
    LOCATION_OWN,
    LOCATION_SOURCE_NOT_KNOWN,
    NOTHING,
)
from sor_addressing.index.making.tree import TellOfRow, depths

_NOT_YET = 255


class Reached(NamedTuple):
    """The location of each unit, ``NOTHING`` where it has none, and how it came by it.

    ``moved`` are locations that turned out to be another unit's: each with that unit's.
    """

    effective: array[int]
    states: array[int]
    moved: dict[int, int]


class Inheriting:
    """Whose number each unit has: its own, the one that its row shows, or that of the unit above, to any depth.

    Args:
        parents: row above each unit.
        flags: of each unit; those whose row shows another number than the tree tells are marked.
        own: location that each unit declares its own, or shows without saying whose it is.
        shown: row to the location that the file shows there as inherited.
        numbers: location number of each location.
        not_known: rows whose unit above is left out by the file, so that nobody knows what they inherit.
        tell: called with each problem.
    """

    def __init__(
        self,
        parents: Sequence[int],
        flags: MutableSequence[int],
        own: Sequence[int],
        shown: Mapping[int, int],
        numbers: Sequence[str],
        *,
        not_known: Collection[int],
        tell: TellOfRow,
    ) -> None:
        self._parents = parents
        self._flags = flags
        self._own = array("i", own)
        self._shown = shown
        self._numbers = numbers
        self._not_known = not_known
        self._tell = tell

    def reached(self) -> Reached:
        """The location of every unit."""
        tree = self._by_chain({}, {})
        found = tree
        if self._shown:
            owned = self._owned()
            self._report(tree, owned)
            found = self._by_chain(self._shown, owned)
            self._mark_differing(tree, found)
        if any(flag & LOCATION_SOURCE_NOT_KNOWN for flag in self._flags):
            self._by_equal_numbers(found)
        return found

    def _by_chain(self, shown: Mapping[int, int], owned: Mapping[str, int]) -> Reached:
        """A unit that declares its number inherited has the one that its row shows, else that of the unit above, where none is missing."""
        own, flags, parents, numbers = self._own, self._flags, self._parents, self._numbers
        effective, states = array("i", own), array("B", [_NOT_YET]) * len(own)
        for row in range(len(own)):
            way = []
            while states[row] == _NOT_YET:
                if own[row] != NOTHING:
                    states[row] = LOCATION_OWN
                elif not flags[row] & DECLARES_INHERITED:
                    states[row] = LOCATION_NONE
                elif flags[row] & GAP_ABOVE or parents[row] == NOTHING:
                    states[row] = LOCATION_NOT_KNOWN if row in self._not_known else LOCATION_BROKEN
                    if row in shown:
                        effective[row], states[row] = owned[numbers[shown[row]]], LOCATION_INHERITED
                else:
                    way.append(row)
                    row = parents[row]
            for member in reversed(way):
                location, state = effective[row], states[row]
                if member in shown and (location == NOTHING or numbers[location] != numbers[shown[member]]):
                    location = owned[numbers[shown[member]]]
                effective[member] = location
                if location != NOTHING:
                    states[member] = LOCATION_INHERITED
                else:
                    states[member] = LOCATION_NOT_KNOWN if state == LOCATION_NOT_KNOWN else LOCATION_BROKEN
                row = member
        return Reached(effective, states, {})

    def _owned(self) -> dict[str, int]:
        """Number to the location of the first unit that has it as its own; of a number that nobody has that of the highest unit that shows it."""
        owned: dict[str, int] = {}
        for location in self._own:
            if location != NOTHING:
                owned.setdefault(self._numbers[location], location)
        nobodys = [row for row, location in self._shown.items() if self._numbers[location] not in owned]
        for row in self._from_the_top(nobodys):
            location = self._shown[row]
            if owned.setdefault(self._numbers[location], location) == location:
                self._own[row] = location
        return owned

    def _from_the_top(self, rows: Iterable[int]) -> list[int]:
        depth = depths(self._parents, rows)
        return sorted(depth, key=lambda row: (depth[row], row))

    def _report(self, tree: Reached, owned: Mapping[str, int]) -> None:
        """What rows show that the tree doesn't tell."""
        numbers = self._numbers
        above = {row: None if tree.effective[row] == NOTHING else numbers[tree.effective[row]] for row in self._shown}
        other = [row for row, location in self._shown.items() if above[row] != numbers[location]]
        for row in self._from_the_top(other):
            location = self._shown[row]
            if above[row] is not None:
                self._tell("inherited-number-differs", row, {"shown": numbers[location], "above": above[row]})
            if owned[numbers[location]] == location:
                self._tell("location-owner-missing", row, {"value": numbers[location]})

    def _mark_differing(self, tree: Reached, found: Reached) -> None:
        numbers = self._numbers
        for row, (told, reached) in enumerate(zip(tree.effective, found.effective, strict=True)):
            if told != reached and told != NOTHING and numbers[told] != numbers[reached]:
                self._flags[row] |= INHERITANCE_DIFFERS

    def _by_equal_numbers(self, found: Reached) -> None:
        """Where the file shows a number and not whose it is, it is that of the highest unit above that shows the same without a break."""
        parents, numbers, (effective, states, moved) = self._parents, self._numbers, found
        tops: dict[int, int] = {}
        highest: dict[int, int] = {}
        for row, flag in enumerate(self._flags):
            if not flag & LOCATION_SOURCE_NOT_KNOWN or effective[row] == NOTHING:
                continue
            number = numbers[effective[row]]
            top, way = row, [row]
            while top not in tops:
                above = parents[top]
                if above == NOTHING or effective[above] == NOTHING or numbers[effective[above]] != number:
                    tops[top] = top
                else:
                    top = above
                    way.append(top)
            for member in way:
                tops[member] = tops[top]
            # The highest may have the number from this very row, where it says that it inherits it and nobody else has it.
            if effective[tops[row]] != self._own[row]:
                highest[row] = tops[row]
        for row in highest:
            states[row] = LOCATION_INHERITED
        moved |= {self._own[row]: effective[top] for row, top in highest.items()}
        moved |= {location: moved.get(owner, owner) for location, owner in moved.items()}
        for row, location in enumerate(effective):
            effective[row] = moved.get(location, location)
