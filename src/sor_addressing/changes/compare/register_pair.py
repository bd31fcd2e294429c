"""Day against day: :func:`compare`."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Unpack

from sor_addressing.addressing.policy import DEFAULT_POLICY
from sor_addressing.changes.compare.change import Change
from sor_addressing.changes.compare.days import Days
from sor_addressing.changes.compare.kinds import IMPORTANCE, ChangeKind
from sor_addressing.changes.compare.numbers import Numbers
from sor_addressing.changes.compare.openings import life_change
from sor_addressing.changes.compare.own_facts import moved, own_changes, successions
from sor_addressing.changes.compare.places import (
    FIELDS,
    address_text,
    address_values,
    addresses,
    contact,
    contact_text,
    contact_values,
)
from sor_addressing.changes.compare.report import Comparison
from sor_addressing.changes.compare.sameness import Sameness
from sor_addressing.changes.compare.side import Side
from sor_addressing.changes.compare.suspects import Suspects
from sor_addressing.index.columns import NOTHING
from sor_addressing.register.inside import index_of

if TYPE_CHECKING:
    from sor_addressing.register.face import Register
    from sor_addressing.search.rules.facets import UnknownValue
    from sor_addressing.search.rules.filters import Filter, FilterFields


def compare(
    old: Register,
    new: Register,
    filter: Filter | None = None,  # noqa: A002 (what it is called everywhere)
    **fields: Unpack[FilterFields],
) -> Comparison:
    """Every change between two days of the register, with what caused it.

    Both can be read from files, compiled, or made of records, in any mix. What one of them can't know never counts as changed:
    :attr:`Comparison.not_compared` lists it. Registers that were compiled have digests of their units, so that only units that differ are looked at.

    Args:
        old: the register of the earlier day.
        new: the register of the later day; the same day is allowed.
        filter: which units are asked about: those that fit on either day. All where None.
        fields: the fields of a :class:`Filter`, in place of one or beside it: ``region="1082"``, ``within=unit`` and so on.

    Raises:
        ValueError: the new register is of an earlier day than the old one.
        FilterError: a field is asked for something that it can't mean; TypeError: there is no such field.

    >>> from sor_addressing.testing import RegisterBuilder
    >>> build = RegisterBuilder()
    >>> owner = build.owner("Region Prøve")
    >>> old = build.build()
    >>> hospital = build.institution(owner, "Prøve Sygehus")
    >>> [(change.kind, change.name) for change in compare(old, build.build())]
    [(<ChangeKind.NEW_IN_EXTRACT: 'new-in-extract'>, 'Prøve Sygehus')]
    """
    from sor_addressing.search.rules.filters import Filter

    wanted = (filter or Filter()).but(**fields)
    if new.snapshot_date < old.snapshot_date:
        raise ValueError(
            f"the days are in the wrong order: the old register is of {old.snapshot_date}, the new one of {new.snapshot_date}; "
            "give the earlier day first"
        )
    comparing = _Comparing(Days(index_of(old), index_of(new)))
    changes: Iterator[Change] = comparing.changes()
    unknown: tuple[UnknownValue, ...] = ()
    if wanted.fields:
        fitting, unknown = _fitting(comparing.days, wanted)
        changes = (change for change in changes if fitting(change.sor_code))
    return Comparison(
        old.snapshot_date,
        new.snapshot_date,
        wanted,
        tuple(changes),
        comparing.days.comparable.not_compared(),
        unknown,
    )


class _FitsEitherDay:
    """Whether a unit fits a filter on either day."""

    def __init__(self, sides: tuple[tuple[Side, Collection[int]], ...]) -> None:
        self._sides = sides

    def __call__(self, code: str) -> bool:
        return any((row := side.row(code)) != NOTHING and row in rows for side, rows in self._sides)


def _fitting(days: Days, wanted: Filter) -> tuple[_FitsEitherDay, tuple[UnknownValue, ...]]:
    from sor_addressing.search.rules.narrowing import narrow, rows_matching
    from sor_addressing.search.rules.places import with_codes

    sides = (days.old, days.new)
    wanted = with_codes(wanted, *(side.index for side in sides))
    rows = tuple((side, rows_matching(side.index, wanted, day=side.day, policy=DEFAULT_POLICY)) for side in sides)
    unknown = [narrow(side.index, wanted, side.day).unknown for side in sides]
    there = {(one.field, one.value) for one in unknown[0]}
    return _FitsEitherDay(rows), tuple(one for one in unknown[1] if (one.field, one.value) in there)


class _Comparing:
    """All changes, unit by unit in the order of the new extract, those of a unit by importance."""

    def __init__(self, days: Days) -> None:
        self.days = days
        self._candidates = Suspects(days.old, days.new, with_registrations="registrations" in days.comparable)
        codes = frozenset(self._candidates.codes)
        self._codes = codes
        self._numbers = Numbers(days, codes=codes, registrations=self._candidates.numbers)
        self._is_same = Sameness(days, self._numbers, self._candidates.numbers)
        self._successions = successions(days, self._candidates.codes)
        self._places: dict[tuple[ChangeKind, str], Change | None] = {}

    def changes(self) -> Iterator[Change]:
        """Every change."""
        for code in [*self._candidates.codes, *(code for code in self._successions if code not in self._codes)]:
            if code not in self._successions and self._is_same(code):
                continue
            yield from sorted(self._of_unit(code), key=lambda change: IMPORTANCE[change.kind])

    def _of_unit(self, code: str) -> Iterator[Change]:
        days = self.days
        life = life_change(days, code)
        if life is not None:
            yield life
        succession = self._successions.get(code)
        if succession is not None:
            yield succession
        yield from self._numbers.changes(code)
        if NOTHING in days.rows(code):
            return
        change = moved(days, code)
        if change is not None:
            yield change
        yield from own_changes(days, code)
        for kind in (ChangeKind.ADDRESS_CHANGED, ChangeKind.CONTACT_CHANGED):
            change = self._place_change(kind, code)
            if change is not None:
                yield change

    def _place_change(self, kind: ChangeKind, code: str) -> Change | None:
        if code not in self._codes or NOTHING in self.days.rows(code) or self._is_hidden(kind, code):
            return None
        if (kind, code) not in self._places:
            self._places[kind, code] = None  # a unit is never the cause of itself
            find = self._find_address_change if kind is ChangeKind.ADDRESS_CHANGED else self._find_contact_change
            self._places[kind, code] = find(code)
        return self._places[kind, code]

    def _is_hidden(self, kind: ChangeKind, code: str) -> bool:
        field = "contact" if kind is ChangeKind.CONTACT_CHANGED else "postal_address"
        old_row, new_row = self.days.rows(code)
        return self.days.old.hides_above(old_row, field) or self.days.new.hides_above(new_row, field)

    def _find_address_change(self, code: str) -> Change | None:
        days = self.days
        old_row, new_row = days.rows(code)
        before, after = addresses(days.old, old_row), addresses(days.new, new_row)
        differing = [
            which
            for which in FIELDS
            if f"{which} addresses" in days.comparable
            and before[which] != after[which]
            and address_values(before[which]) != address_values(after[which])
        ]
        if not differing:
            return None
        first = differing[0]
        return days.change(
            ChangeKind.ADDRESS_CHANGED,
            code,
            address_text(before[first]),
            address_text(after[first]),
            cause=self._from_above(ChangeKind.ADDRESS_CHANGED, code, tuple(FIELDS.values())),
            addresses=tuple(differing),
        )

    def _find_contact_change(self, code: str) -> Change | None:
        days = self.days
        old_row, new_row = days.rows(code)
        before, after = contact(days.old, old_row), contact(days.new, new_row)
        if "contacts" not in days.comparable or contact_values(before) == contact_values(after):
            return None
        return days.change(
            ChangeKind.CONTACT_CHANGED,
            code,
            contact_text(before),
            contact_text(after),
            cause=self._from_above(ChangeKind.CONTACT_CHANGED, code, ("contact",)),
        )

    def _from_above(self, kind: ChangeKind, code: str, fields: tuple[str, ...]) -> Change | None:
        """What caused a change of something that came down from above; None where the unit has it of its own."""
        days = self.days
        old_row, new_row = days.rows(code)
        before, after = days.old.record(old_row), days.new.record(new_row)
        if any(before[field] != after[field] for field in fields):
            return None
        change = moved(days, code)
        if change is not None:
            return change
        above = days.new.parent(new_row)
        return None if above == NOTHING else self._place_change(kind, days.new.code(above))
