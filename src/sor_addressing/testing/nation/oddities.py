"""What is odd in the real register, planted on purpose, at least once even in a small nation.

Each oddity is one function: given the position of a unit, it changes what has to be changed, or nothing where the unit
doesn't fit, and answers which units it took. A unit carries one oddity at most, so that each can be told by its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from sor_addressing.model import LocationSource, UnitKind, UnitRecord
from sor_addressing.testing import numbers
from sor_addressing.testing.nation.ground import Ground
from sor_addressing.testing.nation.lives import close, follow

__all__ = ["Oddities"]

_TRIES = 200
_CODES_BEYOND = 5_000_000
"""Running numbers from here on are of units that the register doesn't have."""


class Oddities:
    """Plants the oddities in a nation, and keeps in ``examples`` which unit has which."""

    def __init__(self, ground: Ground, examples: dict[str, list[str]]) -> None:
        self._ground = ground
        self._chance = ground.chance
        self._units = ground.units
        self._examples = examples
        self._taken: set[int] = set()
        self._children: list[list[int]] = [[] for _ in ground.units]
        for position, parent in enumerate(ground.parents):
            if parent >= 0:
                self._children[parent].append(position)

    def plant(self) -> None:
        """Plant all of them; the figure is how many of a thousand units have it."""
        # The rarest and those that need several units come first, while there is most to choose from.
        for name, per_thousand, oddity in (
            ("successor-loop", 0.2, self._loop),
            ("successor-dead-end", 0.3, self._dead_end),
            ("successor-split", 0.6, self._split),
            ("successor-merge", 0.6, self._merge),
            ("successor-chain", 0.8, self._chain),
            ("inherits-at-the-top", 0.3, self._inherits_at_the_top),
            ("inheritance-broken", 0.6, self._inheritance_broken),
            ("ancestor-closed", 0.8, self._ancestor_closed),
            ("ancestor-not-yet-open", 0.3, self._ancestor_not_yet_open),
            ("owner-shared", 0.4, self._owner_shared),
            ("provider-number-shared", 1.0, self._provider_number_shared),
            ("provider-number-of-two-numbers", 1.5, self._provider_number_of_two_numbers),
            ("provider-number-reassigned", 0.8, self._provider_number_reassigned),
            ("shak-code-shared", 1.0, self._shak_code_shared),
            ("period-unreadable", 0.1, self._period_unreadable),
            ("location-period-unreadable", 0.1, self._location_period_unreadable),
            ("location-closed", 2.0, self._location_closed),
            ("location-not-yet-open", 0.5, self._location_not_yet_open),
            ("location-inactive", 2.0, self._location_inactive),
            ("location-internal-only", 3.0, self._location_internal_only),
            ("location-open-unit-closed", 1.0, self._location_open_unit_closed),
            ("unit-closing", 4.0, self._unit_closing),
            ("unit-not-yet-open", 4.0, self._unit_not_yet_open),
            ("several-types", 2.0, self._several_types),
            ("eight-specialities", 0.5, self._eight_specialities),
        ):
            for _ in range(max(1, int(len(self._units) * per_thousand / 1_000))):
                if not self._plant_one(name, oddity):
                    break

    def _plant_one(self, name: str, oddity: Callable[[int], tuple[int, ...]]) -> bool:
        count = len(self._units)
        first = self._chance.below(count)
        for attempt in range(count):
            # A few jumps, then a walk from there: quick where many units fit, certain where few do.
            position = self._chance.below(count) if attempt < _TRIES else (first + attempt) % count
            if position in self._taken:
                continue
            touched = oddity(position)
            if touched:
                self._taken.update(touched)
                self._examples.setdefault(name, []).append(self._units[touched[0]].sor_code)
                return True
        return False

    def _is_open(self, position: int) -> bool:
        """Whether the unit and all above it are free of anything odd: in force, and not planted on."""
        while position >= 0:
            unit = self._units[position]
            if position in self._taken or unit.to_date is not None or unit.period_unreadable:
                return False
            if unit.from_date is not None and unit.from_date > self._ground.snapshot_date:
                return False
            position = self._ground.parents[position]
        return True

    def _is_closed(self, position: int) -> bool:
        """Whether the unit is closed without a successor; never an owner: the layout has no successors of owners."""
        unit = self._units[position]
        if unit.kind is UnitKind.INSTITUTION_OWNER or unit.replaced_by:
            return False
        return unit.to_date is not None and unit.to_date < self._ground.snapshot_date

    def _is_ordinary(self, position: int) -> bool:
        """An open unit without anything below it, so that nothing else is changed with it."""
        if self._children[position] or self._ground.sectors[position] == "notification":
            return False
        return self._units[position].kind is not UnitKind.INSTITUTION_OWNER and self._is_open(position)

    def _near(self, position: int, fits: Callable[[int], bool], *, besides: tuple[int, ...] = ()) -> int:
        """Another unit of the same sector that fits, the nearest after ``position``; -1 where there is none."""
        count = len(self._units)
        for step in range(1, min(count, 3_000)):
            other = (position + step) % count
            if other in self._taken or other in besides:
                continue
            if self._ground.sectors[other] == self._ground.sectors[position] and fits(other):
                return other
        return -1

    def _day(self, first: int, last: int) -> dt.date:
        return dt.date.fromordinal(self._ground.today + self._chance.between(first, last))

    def _chain(self, position: int) -> tuple[int, ...]:
        if not self._is_closed(position):
            return ()
        middle = self._near(position, self._is_closed)
        last = self._near(position, self._is_ordinary)
        if middle < 0 or last < 0:
            return ()
        follow(self._units[position], self._units[middle])
        follow(self._units[middle], self._units[last])
        return position, middle, last

    def _split(self, position: int) -> tuple[int, ...]:
        if not self._is_closed(position):
            return ()
        one = self._near(position, self._is_ordinary)
        other = self._near(position, self._is_ordinary, besides=(one,))
        if one < 0 or other < 0:
            return ()
        follow(self._units[position], self._units[one])
        follow(self._units[position], self._units[other])
        return position, one, other

    def _merge(self, position: int) -> tuple[int, ...]:
        if not self._is_closed(position):
            return ()
        second = self._near(position, self._is_closed)
        merged = self._near(position, self._is_ordinary)
        if second < 0 or merged < 0:
            return ()
        follow(self._units[position], self._units[merged])
        follow(self._units[second], self._units[merged])
        return merged, position, second

    def _loop(self, position: int) -> tuple[int, ...]:
        if not self._is_closed(position):
            return ()
        other = self._near(position, self._is_closed)
        if other < 0:
            return ()
        follow(self._units[position], self._units[other])
        follow(self._units[other], self._units[position])
        return position, other

    def _dead_end(self, position: int) -> tuple[int, ...]:
        if not self._is_closed(position):
            return ()
        self._units[position].replaced_by = (numbers.sor_code(_CODES_BEYOND + position),)
        return (position,)

    def _inherits_at_the_top(self, position: int) -> tuple[int, ...]:
        unit, parent = self._units[position], self._ground.parents[position]
        if unit.kind is not UnitKind.HEALTH_INSTITUTION or not self._is_open(position):
            return ()
        if self._units[parent].location is not None or unit.location is not None:
            return ()
        unit.location_source = LocationSource.INHERITED
        return (position, parent)

    def _inheritance_broken(self, position: int) -> tuple[int, ...]:
        parent = self._ground.parents[position]
        if self._units[position].location_source is not LocationSource.INHERITED or not self._is_open(position):
            return ()
        above = self._units[parent]
        if above.kind is UnitKind.INSTITUTION_OWNER or above.location is not None or self._is_planted_below(parent):
            return ()
        above.location_source = LocationSource.NONE
        return position, parent

    def _ancestor_closed(self, position: int) -> tuple[int, ...]:
        parent = self._inherits_from_parent(position)
        if parent < 0:
            return ()
        close(self._ground, parent, self._ground.today - self._chance.between(1, 400), location_too=False)
        return position, parent

    def _ancestor_not_yet_open(self, position: int) -> tuple[int, ...]:
        parent = self._inherits_from_parent(position)
        if parent < 0:
            return ()
        self._begin_later(self._units[parent])
        return position, parent

    def _inherits_from_parent(self, position: int) -> int:
        """The parent of an open unit that inherits its number, where it is a department or ward; else -1."""
        parent = self._ground.parents[position]
        if self._units[position].location_source is not LocationSource.INHERITED or not self._is_open(position):
            return -1
        above = self._units[parent]
        if above.location is None or above.kind is not UnitKind.ORGANISATIONAL_UNIT or self._is_planted_below(parent):
            return -1
        return parent

    def _is_planted_below(self, position: int) -> bool:
        return any(child in self._taken or self._is_planted_below(child) for child in self._children[position])

    def _owner_shared(self, position: int) -> tuple[int, ...]:
        location = self._units[position].location
        if location is None or not self._is_ordinary(position):
            return ()
        other = self._near(position, lambda near: self._units[near].location is not None and self._is_ordinary(near))
        if other < 0:
            return ()
        twin = self._units[other].location
        assert twin is not None  # noqa: S101  what `near` asked for
        twin.number = location.number
        return position, other

    def _has_provider_number(self, position: int) -> bool:
        return bool(self._units[position].provider_number) and self._is_open(position)

    def _provider_number_shared(self, position: int) -> tuple[int, ...]:
        """Two units of one practice, the second inheriting the number that the institution above has for both."""
        parent = self._ground.parents[position]
        if not self._has_provider_number(position) or self._units[parent].location is None:
            return ()
        for other in self._children[parent]:
            if other != position and self._has_provider_number(other):
                for sibling in (position, other):
                    unit = self._units[sibling]
                    unit.location, unit.location_source = None, LocationSource.INHERITED
                self._units[other].provider_number = self._units[position].provider_number
                return position, other
        return ()

    def _provider_number_of_two_numbers(self, position: int) -> tuple[int, ...]:
        def owns(near: int) -> bool:
            return self._units[near].location is not None and self._has_provider_number(near)

        if not owns(position):
            return ()
        other = self._near(position, owns)
        if other < 0:
            return ()
        self._units[other].provider_number = self._units[position].provider_number
        return position, other

    def _provider_number_reassigned(self, position: int) -> tuple[int, ...]:
        unit = self._units[position]
        if not unit.provider_number or not self._is_closed(position):
            return ()
        other = self._near(position, self._has_provider_number)
        if other < 0:
            return ()
        self._units[other].provider_number = unit.provider_number
        return other, position

    def _shak_code_shared(self, position: int) -> tuple[int, ...]:
        def has_code(near: int) -> bool:
            return len(self._units[near].shak_code) == 7 and self._is_open(near)

        if not has_code(position):
            return ()
        other = self._near(position, has_code)
        if other < 0:
            return ()
        self._units[other].shak_code = self._units[position].shak_code
        return position, other

    def _period_unreadable(self, position: int) -> tuple[int, ...]:
        if not self._is_ordinary(position):
            return ()
        self._units[position].period_unreadable = True
        return (position,)

    def _location_period_unreadable(self, position: int) -> tuple[int, ...]:
        location = self._units[position].location
        if location is None or not self._is_ordinary(position):
            return ()
        location.has_status = location.period_unreadable = True
        location.from_date = location.first_from_date = self._units[position].from_date
        return (position,)

    def _location_closed(self, position: int) -> tuple[int, ...]:
        unit = self._units[position]
        if unit.location is None or not self._is_ordinary(position):
            return ()
        unit.location.has_status = True
        unit.location.from_date = unit.location.first_from_date = unit.from_date
        # Every unit here has been open for forty days or more.
        unit.location.to_date = self._day(-39, -1)
        return (position,)

    def _location_not_yet_open(self, position: int) -> tuple[int, ...]:
        location = self._units[position].location
        if location is None or not self._is_ordinary(position):
            return ()
        location.has_status = True
        location.from_date = location.first_from_date = self._day(1, 60)
        return (position,)

    def _location_inactive(self, position: int) -> tuple[int, ...]:
        location = self._units[position].location
        if location is None or not self._is_ordinary(position):
            return ()
        location.inactive = True
        return (position,)

    def _location_internal_only(self, position: int) -> tuple[int, ...]:
        location = self._units[position].location
        if location is None or not self._is_ordinary(position):
            return ()
        location.internal_only = True
        return (position,)

    def _location_open_unit_closed(self, position: int) -> tuple[int, ...]:
        location = self._units[position].location
        if location is None or not self._is_closed(position):
            return ()
        location.has_status = True
        location.from_date = location.from_date or self._units[position].from_date
        location.to_date = None
        return (position,)

    def _unit_closing(self, position: int) -> tuple[int, ...]:
        if not self._is_ordinary(position):
            return ()
        self._units[position].to_date = self._day(0, 30)
        return (position,)

    def _unit_not_yet_open(self, position: int) -> tuple[int, ...]:
        unit = self._units[position]
        if not self._is_ordinary(position) or unit.replaces:
            return ()
        self._begin_later(unit)
        return (position,)

    def _begin_later(self, unit: UnitRecord) -> None:
        unit.from_date = unit.first_from_date = self._day(1, 90)

    def _several_types(self, position: int) -> tuple[int, ...]:
        unit = self._units[position]
        if len(unit.types) != 1 or not self._is_ordinary(position):
            return ()
        own = unit.types[0]
        others = self._ground.words.data["types"]["hospital_units"]
        unit.types = (own, *[code for code in others if code != own][:2])
        return (position,)

    def _eight_specialities(self, position: int) -> tuple[int, ...]:
        unit = self._units[position]
        if unit.kind is not UnitKind.ORGANISATIONAL_UNIT or not self._is_ordinary(position):
            return ()
        specialities = self._ground.words.data["specialities"]
        types = [specialities["main_type"], *[specialities["other_type"]] * 7]
        unit.specialities = tuple(zip(specialities["hospital"][:8], types, strict=True))
        return (position,)
