"""Location numbers: gained, lost, changed and passed on, what stands behind them, and which unit above it comes from."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sor_addressing.changes.compare.change import Change
from sor_addressing.changes.compare.days import Days, iso
from sor_addressing.changes.compare.kinds import ChangeKind
from sor_addressing.changes.compare.message_types import TypeChange, type_changes
from sor_addressing.changes.compare.openings import life_change
from sor_addressing.changes.compare.own_facts import moved
from sor_addressing.changes.compare.side import Behind, DayInPeriod, NumberState, has_end
from sor_addressing.index.columns import NOTHING

CODED = (
    (ChangeKind.SYSTEM_CHANGED, "systems and suppliers", "system", "system"),
    (ChangeKind.SUPPLIER_CHANGED, "systems and suppliers", "supplier", "supplier"),
    (ChangeKind.NET_OPERATOR_CHANGED, "systems and suppliers", "net-operator", "net_operator"),
    (ChangeKind.ADMINISTRATOR_CHANGED, "administrators", "administrator", "administrator"),
)

_MOST_BELOW_EACH_OTHER = 32
"""So many units ask each other for a cause; a real tree is not as deep."""


class Numbers:
    """The changes of location numbers, unit by unit; those of a unit above are made when one below asks what caused its own."""

    def __init__(self, days: Days, *, codes: Collection[str], registrations: Collection[str]) -> None:
        self._days = days
        self._codes = frozenset(codes)
        self._registrations = frozenset(registrations)
        self._known = "location numbers" in days.comparable
        self._sources_known = self._known and "inheritance of location numbers" in days.comparable
        self._own: dict[str, tuple[Change, ...]] = {}
        self._behind: dict[str, tuple[Change, ...]] = {}
        self._types: dict[str, tuple[Change, ...]] = {}
        self._heirs: dict[str, str | None] = {}

    def changes(self, code: str) -> Iterator[Change]:
        """All changes of a unit's location number and of what stands behind it."""
        if self._known:
            yield from self._of_number(code)
            yield from self._of_behind(code)
            yield from self._of_types(code)

    def _states(self, code: str) -> tuple[NumberState, NumberState] | None:
        """The unit's number on both days; None where one of the days can't know it, or does not have the unit."""
        old_row, new_row = self._days.rows(code)
        if NOTHING in (old_row, new_row):
            return None
        old, new = self._days.old.number(old_row), self._days.new.number(new_row)
        return (old, new) if old.known and new.known else None

    # Which number, and whose

    def _of_number(self, code: str) -> tuple[Change, ...]:
        if code not in self._codes:
            return ()
        found = self._own.get(code)
        if found is None:
            for above in self._long_way_up(code):
                self._of_number(above)
            self._own[code] = ()  # a unit is never the cause of itself
            found = self._own[code] = tuple(self._find_of_number(code))
        return found

    def _long_way_up(self, code: str) -> Iterator[str]:
        """The units above that are asked for a cause one after the other, from the top, where they are too many to ask each other."""
        old, way = self._days.old, [code]
        while len(way) <= len(self._codes):
            row = old.row(way[-1])
            above = NOTHING if row == NOTHING else old.parent(row)
            parent = "" if above == NOTHING else old.code(above)
            if parent not in self._codes or parent in self._own:
                break
            way.append(parent)
        return reversed(way[_MOST_BELOW_EACH_OTHER::_MOST_BELOW_EACH_OTHER])

    def _find_of_number(self, code: str) -> Iterator[Change]:
        days = self._days
        new_row = days.new.row(code)
        states = self._states(code)
        if new_row == NOTHING:
            return
        now = days.new.number(new_row)
        passed = self._passed(code, states[0] if states else None, now)
        if passed is not None:
            yield passed
        if states is None:
            return
        old, new = states
        if old.number != new.number:
            kind = ChangeKind.LOCATION_NUMBER_CHANGED
            if old.number is None:
                kind = ChangeKind.LOCATION_NUMBER_GAINED
            elif new.number is None:
                kind = ChangeKind.LOCATION_NUMBER_LOST
            cause = passed or self._cause(code, old, new)
            yield days.change(kind, code, old.number, new.number, cause=cause)
        elif self._sources_known and old.source_known and new.source_known and old.own != new.own:
            kind = ChangeKind.LOCATION_NUMBER_OWN if new.own else ChangeKind.LOCATION_NUMBER_INHERITED
            cause = passed or self._heir_passed(old.number)
            owner = new.owner or ""
            yield days.change(kind, code, old.number, new.number, cause=cause, owner=owner, owner_name=days.name(owner))

    def _passed(self, code: str, old: NumberState | None, now: NumberState) -> Change | None:
        """That the unit's number has another owner than it had."""
        number = now.number
        if number is None or not self._sources_known or not now.source_known:
            return None
        heir = self.heir(number)
        if heir is None:
            return None
        if not now.own and (old is None or old.own or old.number != number):
            return None
        days = self._days
        owners = sorted(days.old.code(row) for row in days.old.owners(number))
        if code in owners:
            return None
        cause = None if code == heir else self._heir_passed(number)
        new_owner = code if now.own else heir
        return days.change(
            ChangeKind.LOCATION_NUMBER_PASSED,
            code,
            ", ".join(owners),
            new_owner,
            cause=cause,
            number=number,
            old_name=", ".join(days.name(owner) for owner in owners),
            new_name=days.name(new_owner),
        )

    def heir(self, number: str) -> str | None:
        """The SOR code of the unit that a number was passed on to; None where it was not."""
        if number not in self._heirs:
            self._heirs[number] = None
            old = {self._days.old.code(row) for row in self._days.old.owners(number)}
            new = [self._days.new.code(row) for row in self._days.new.owners(number)]
            if old and new and not old & set(new):
                self._heirs[number] = new[0]
        return self._heirs[number]

    def _heir_passed(self, number: str | None) -> Change | None:
        heir = self.heir(number) if number is not None and self._sources_known else None
        if heir is None:
            return None
        kind = ChangeKind.LOCATION_NUMBER_PASSED
        return next((change for change in self._of_number(heir) if change.kind is kind), None)

    def _cause(self, code: str, old: NumberState, new: NumberState) -> Change | None:
        """Why a unit has another number, where that is nothing of its own."""
        days = self._days
        if old.own:
            return self._heir_passed(old.number)
        if new.own:
            return None
        change = moved(days, code)
        if change is not None:
            return change
        old_row, new_row = days.rows(code)
        if days.old.declares_inherited(old_row) != days.new.declares_inherited(new_row):
            return None
        above = days.old.parent(old_row)
        if above == NOTHING:
            return None
        parent = days.old.code(above)
        if days.new.row(parent) == NOTHING:
            return life_change(days, parent)
        return self._leading(parent)

    def _leading(self, code: str) -> Change | None:
        """The change of a unit's number of which others can be effects."""
        found = self._of_number(code)
        return next((change for change in found if change.kind is not ChangeKind.LOCATION_NUMBER_PASSED), None) or (
            found[0] if found else None
        )

    # What stands behind it

    def _of_behind(self, code: str) -> tuple[Change, ...]:
        found = self._behind.get(code)
        if found is None:
            self._behind[code] = ()
            found = self._behind[code] = tuple(self._find_of_behind(code)) if code in self._codes else ()
        return found

    def same_behind(self, old: Behind, new: Behind) -> bool:
        """Whether what stands behind two numbers is the same, as far as it is compared."""
        differ = self._days.codes_differ
        return old == new or not (
            any(self._use(old, new))
            or any(self._internal(old, new))
            or any(
                differ(fact, _listed(getattr(old, field)), _listed(getattr(new, field))) for _, fact, _, field in CODED
            )
        )

    def _find_of_behind(self, code: str) -> Iterator[Change]:
        states = self._states(code)
        if states is None or states[0].number is None or states[1].number is None:
            return
        days = self._days
        old_row, new_row = days.rows(code)
        old, new = days.old.behind(days.old.location(old_row)), days.new.behind(days.new.location(new_row))
        if old == new:
            return
        number = states[1].number
        for kind, was, now, day in (*self._use(old, new), *self._internal(old, new)):
            cause = self._cause_behind(code, states, kind)
            yield days.change(kind, code, was, now, day=day, cause=cause, number=number)
        for kind, fact, word_kind, field in CODED:
            before, after = (_listed(getattr(behind, field)) for behind in (old, new))
            if before != after:
                cause = self._cause_behind(code, states, kind)
                change = days.coded(kind, fact, word_kind, code, before, after, cause=cause)
                if change is not None:
                    yield change

    def _use(self, old: Behind, new: Behind) -> Iterator[tuple[ChangeKind, str | None, str | None, int | None]]:
        days = self._days
        was, now = self._usable(old), self._usable(new)
        if was is None or now is None:
            return
        if was and not now:
            by_period = new.period is DayInPeriod.CLOSED
            day = days.closing_day(new.last) if by_period else None
            yield ChangeKind.LOCATION_NUMBER_DEACTIVATED, None, iso(new.last) if by_period else None, day
        elif now and not was:
            yield ChangeKind.LOCATION_NUMBER_REACTIVATED, None, None, days.opening_day(new.first)
        elif was and "periods of location numbers" in days.comparable and old.last != new.last and has_end(new.last):
            before = iso(old.last) if has_end(old.last) else None
            yield ChangeKind.LOCATION_NUMBER_CLOSING, before, iso(new.last), new.last + 1

    def _usable(self, behind: Behind) -> bool | None:
        """Whether a number can be used, as far as both days know; None where this one can't tell."""
        comparable = self._days.comparable
        if "periods of location numbers" in comparable:
            if behind.period is DayInPeriod.UNREADABLE:
                return None
            if behind.period is not DayInPeriod.OPEN:
                return False
        return behind.active if "inactive location numbers" in comparable else True

    def _internal(self, old: Behind, new: Behind) -> Iterator[tuple[ChangeKind, str | None, str | None, int | None]]:
        if "internal location numbers" not in self._days.comparable or None in (old.internal, new.internal):
            return
        if old.internal != new.internal:
            kind = ChangeKind.LOCATION_NUMBER_INTERNAL if new.internal else ChangeKind.LOCATION_NUMBER_NOT_INTERNAL
            yield kind, None, None, None

    def _cause_behind(self, code: str, states: tuple[NumberState, NumberState], kind: ChangeKind) -> Change | None:
        old, new = states
        if old.number != new.number:
            return self._leading(code)
        if new.own:
            return None
        if new.owner is not None and new.owner == old.owner:
            return next((change for change in self._of_behind(new.owner) if change.kind is kind), None)
        return self._leading(code)

    # Message types

    def _of_types(self, code: str) -> tuple[Change, ...]:
        found = self._types.get(code)
        if found is None:
            self._types[code] = ()
            found = self._types[code] = tuple(self._find_of_types(code)) if code in self._codes else ()
        return found

    def _find_of_types(self, code: str) -> Iterator[Change]:
        days = self._days
        states = self._states(code)
        if "registrations" not in days.comparable or states is None:
            return
        old, new = states[0].number, states[1].number
        if old is None or new is None or (old == new and new not in self._registrations):
            return
        found = type_changes(
            days.old.registered(old),
            days.new.registered(new),
            with_directions="directions of registrations" in days.comparable,
        )
        for change in found:
            cause = self._leading(code) if old != new else self._cause_of_type(code, new, change)
            yield days.change(
                change.kind,
                code,
                change.old,
                change.new,
                cause=cause,
                number=new,
                direction=change.direction,
                variant=change.direction,
                source=days.new.source(new, change.new) or days.old.source(old, change.old),
            )

    def _cause_of_type(self, code: str, number: str, change: TypeChange) -> Change | None:
        """The same change of the first unit that owns the number, for registrations stand on the number."""
        lead = self._lead(number)
        if lead is None or lead == code:
            return None
        same = (change.kind, change.old, change.new, change.direction)
        return next(
            (
                other
                for other in self._of_types(lead)
                if (other.kind, other.old, other.new, other.details.get("direction")) == same
            ),
            None,
        )

    def _lead(self, number: str) -> str | None:
        index = self._days.new.index
        position = index.number_of(number)
        if position == NOTHING:
            return None
        for row in index.owners_of_number(position):
            code = self._days.new.code(row)
            states = self._states(code)
            if states is not None and states[0].number == number:
                return code
        return None


def _listed(value: str) -> tuple[str, ...]:
    return (value,) if value else ()
