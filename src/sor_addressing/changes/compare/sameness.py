"""A quick look at a unit whose digests differ: whether anything that is compared differs too. Of two sets of files most digests differ."""

from __future__ import annotations

from collections.abc import Collection

from sor_addressing.changes.compare.days import Days
from sor_addressing.changes.compare.numbers import Numbers
from sor_addressing.changes.compare.places import FIELDS, addresses, contact
from sor_addressing.index.columns import NOTHING, PERIOD_UNREADABLE


class Sameness:
    """Tells units that are the same in everything that is compared from those that may not be; a doubt counts as a difference."""

    def __init__(self, days: Days, numbers: Numbers, registrations: Collection[str]) -> None:
        self._days = days
        self._numbers = numbers
        self._registrations = frozenset(registrations)
        comparable = days.comparable
        self._fields = ["name", *(["provider_number"] if "provider numbers" in comparable else [])]
        self._known = "location numbers" in comparable
        self._with_shak = "SHAK codes" in comparable
        self._with_addresses = any(f"{which} addresses" in comparable for which in FIELDS)
        self._with_contacts = "contacts" in comparable
        self._behind: dict[tuple[int, int], bool] = {}

    def __call__(self, code: str) -> bool:
        """Whether nothing that is compared differs."""
        old_row, new_row = self._days.rows(code)
        if NOTHING in (old_row, new_row):
            return False
        before, after = self._days.old.record(old_row), self._days.new.record(new_row)
        return (
            all(before[field] == after[field] for field in self._fields)
            and self._same_life(old_row, new_row)
            and self._same_number(old_row, new_row)
            and self._same_codes(old_row, new_row)
            and self._same_places(old_row, new_row)
        )

    def _same_life(self, old_row: int, new_row: int) -> bool:
        old, new = self._days.old, self._days.new
        mine, its = old.index.columns, new.index.columns
        above = mine.unit_parent[old_row], its.unit_parent[new_row]
        return (
            mine.unit_from[old_row] == its.unit_from[new_row]
            and mine.unit_to[old_row] == its.unit_to[new_row]
            and not (mine.unit_flags[old_row] ^ its.unit_flags[new_row]) & PERIOD_UNREADABLE
            and old.status(old_row) is new.status(new_row)
            and (NOTHING in above or old.code(above[0]) == new.code(above[1]))
            and (above[0] == NOTHING) is (above[1] == NOTHING)
        )

    def _same_number(self, old_row: int, new_row: int) -> bool:
        if not self._known:
            return True
        old, new = self._days.old, self._days.new
        was, now = old.number(old_row), new.number(new_row)
        if was[:4] != now[:4]:
            return False
        if now.number is None:
            return True
        if now.number in self._registrations or self._numbers.heir(now.number) is not None:
            return False
        places = old.location(old_row), new.location(new_row)
        same = self._behind.get(places)
        if same is None:
            same = self._numbers.same_behind(old.behind(places[0]), new.behind(places[1]))
            self._behind[places] = same
        return same

    def _same_codes(self, old_row: int, new_row: int) -> bool:
        days, old, new = self._days, self._days.old, self._days.new
        if self._with_shak and old.shak_codes(old_row) != new.shak_codes(new_row):
            return False
        before, after = old.record(old_row), new.record(new_row)
        if before["types"] != after["types"] and days.codes_differ("unit types", before.types, after.types):
            return False
        return before["specialities"] == after["specialities"] or not days.codes_differ(
            "specialities", old.specialities(old_row), new.specialities(new_row)
        )

    def _same_places(self, old_row: int, new_row: int) -> bool:
        old, new = self._days.old, self._days.new
        if self._with_addresses and addresses(old, old_row) != addresses(new, new_row):
            return False
        return not self._with_contacts or contact(old, old_row) == contact(new, new_row)
