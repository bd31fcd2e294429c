"""A register as it would be: the columns of another, shared, with other registrations laid over them."""

from __future__ import annotations

import datetime as dt
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NoReturn

import attrs

from sor_addressing.errors import PlanError
from sor_addressing.index.columns import (
    MAY_RECEIVE,
    MAY_SEND,
    NOTHING,
    RECEIVE_NOT_KNOWN,
    REGISTRATION_SHIFT,
    SEND_NOT_KNOWN,
    UNDIRECTED,
    Columns,
    Slices,
)
from sor_addressing.index.digests import NUMBERS
from sor_addressing.index.lookup import Index
from sor_addressing.messages.catalogue import MessageType
from sor_addressing.register.proposals.planned_rows import WHERE, PlannedChange, PlannedDirection, PlanRow
from sor_addressing.search.rules.behind import numbers_with, numbers_within

_DIRECTIONS = (1 << REGISTRATION_SHIFT) - 1
_SENDING = MAY_SEND | SEND_NOT_KNOWN
_RECEIVING = MAY_RECEIVE | RECEIVE_NOT_KNOWN


class LaidOverColumns(Columns):
    """The columns of another index, but for some that are laid over them."""

    __slots__ = ("_under",)
    _under: Columns

    def __init__(self, under: Columns, laid_over: dict[str, Sequence[int] | bytes]) -> None:
        self._under = under
        for name, column in laid_over.items():
            setattr(self, name, column)

    def __getattr__(self, name: str) -> object:
        # Asked only for what is not laid over, and not fetched from below yet.
        value = getattr(self._under, name)
        if name in Columns.__slots__:
            setattr(self, name, value)
        return value

    def check_from_now(self) -> None:
        self._under.check_from_now()

    def doubted(self, error: Exception) -> NoReturn:
        self._under.doubted(error)

    def kept(self, name: str) -> Slices | None:
        return None if name == NUMBERS else self._under.kept(name)


@attrs.frozen(slots=True)
class RowEffect:
    """What a row of a plan did.

    Attributes:
        row: the row.
        numbers: how many location numbers it is about.
        changed: how many of these have other registrations by it.
        not_there: what it names and the register doesn't have: numbers, values, types to remove.
        out_of_order: on how many numbers it changed what a row of a later day had changed before it: rows are done in their order.
    """

    row: PlanRow
    numbers: int
    changed: int
    not_there: tuple[str, ...]
    out_of_order: int

    @property
    def does_nothing(self) -> bool:
        """Whether the row changed nothing."""
        return not self.changed

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {
            "row": self.row.to_dict(),
            "numbers": self.numbers,
            "changed": self.changed,
            "not_there": list(self.not_there),
            "out_of_order": self.out_of_order,
        }


def lay_over(index: Index, rows: Iterable[PlanRow]) -> tuple[Index, tuple[RowEffect, ...]]:
    """An index in which ``rows`` are done one after the other, and what each did. The given index stays as it is.

    Raises:
        PlanError: no message types are loaded.
    """
    if not index.has_message_types:
        raise PlanError("the register has no message types to change: load it with a file of message types")
    laying = _Laying(index)
    effects = tuple([laying.do(row) for row in rows])
    return laying.index(), effects


class _Laying:
    def __init__(self, index: Index) -> None:
        self._index = index
        self._types = list(index.registered_types())
        self._known_types = len(self._types)
        self._position = {one.text: position for position, one in enumerate(self._types)}
        self._set_of = array("i", index.columns.number_set)
        self._sets = len(index.columns.set_start) - 1
        self._new_sets: list[tuple[int, ...]] = []
        self._place_of: dict[tuple[int, ...], int] = {}
        self._having: dict[tuple[str, str], set[int]] = {}
        self._last_day: dict[tuple[int, int], dt.date] = {}

    def do(self, row: PlanRow) -> RowEffect:
        """Do one row on every number that it is about."""
        not_there: list[str] = []
        numbers = self._numbers(row, not_there)
        wanted = self._wanted(row, not_there)
        day, out_of_order, changed = row.from_date or dt.date.min, 0, 0
        becomes: dict[int, tuple[int, tuple[int, ...]]] = {}
        for number in numbers:
            before = self._set_of[number]
            known = becomes.get(before)
            if known is None:
                known = becomes[before] = self._after(before, row, wanted)
            after, positions = known
            if after != before:
                self._set_of[number] = after
                changed += 1
                last = max(self._last_day.get((number, position), dt.date.min) for position in positions)
                out_of_order += last > day
                if day > dt.date.min:
                    self._last_day.update(((number, position), max(last, day)) for position in positions)
        return RowEffect(row, len(numbers), changed, tuple(not_there), out_of_order)

    def index(self) -> Index:
        """The index with everything done."""
        under, columns = self._index, self._index.columns
        start = array("i", columns.set_start)
        entries = array("I", columns.set_entry[0 : len(columns.set_entry)])
        for one in self._new_sets:
            entries.extend(one)
            start.append(len(entries))
        laid_over: dict[str, Sequence[int] | bytes] = {
            "number_set": self._set_of,
            "number_told": self._told(),
            "set_start": start,
            "set_entry": entries,
            **self._texts(),
        }
        made = Index(
            LaidOverColumns(columns, laid_over),
            snapshot_date=under.snapshot_date,
            registers=under.registers,
            has_directions=under.has_directions,
            not_known=under.not_known,
            registrations_day=dt.date.fromordinal(under.registrations_day),
            standing=under.standing,
        )
        made.kept = under.kept  # words and facets, none of which is about registrations
        return made

    def _told(self) -> Sequence[int]:
        """What each register says, but of numbers that have other registrations: those are all there is, whichever register has them."""
        columns = self._index.columns
        if not self._index.has_endpoints:
            return columns.number_told
        sets = zip(columns.number_told, columns.number_set, self._set_of, strict=True)
        return array("i", [told if before == after else NOTHING for told, before, after in sets])

    def _texts(self) -> dict[str, Sequence[int] | bytes]:
        """The types that nobody had registered before, beside the others."""
        added = [one.text.encode() for one in self._types[self._known_types :]]
        if not added:
            return {}
        columns = self._index.columns
        start = array("Q", columns.text_start)
        positions = array("i", columns.type_text)
        for text in added:
            positions.append(len(start) - 1)
            start.append(start[-1] + len(text))
        return {
            "type_text": positions,
            "text_start": start,
            "texts": bytes(columns.texts[0 : len(columns.texts)]) + b"".join(added),
        }

    def _numbers(self, row: PlanRow, not_there: list[str]) -> list[int]:
        """The numbers that fit all that the row asks, and what it asks that nothing in the register has."""
        index, found = self._index, None
        if row.location_number:
            found = set(_there(row.location_number, index.number_of, not_there))
        for name in WHERE:
            if getattr(row, name):
                found = _both(found, self._with(name, getattr(row, name), not_there))
        if row.within:
            found = _both(found, numbers_within(index, _there(row.within, index.row_of_sor_code, not_there)))
        return sorted(found or ())

    def _with(self, name: str, values: tuple[str, ...], not_there: list[str]) -> set[int]:
        found: set[int] = set()
        for value in values:
            having = self._having.get((name, value))
            if having is None:
                having = self._having[name, value] = numbers_with(self._index, name, (value,))
            if not having:
                not_there.append(f"{name} {value}")
            found |= having
        return found

    def _wanted(self, row: PlanRow, not_there: list[str]) -> tuple[int, ...]:
        """The positions of the types that the row adds or removes."""
        if row.change is PlannedChange.ADD:
            return tuple(self._added(one) for one in row.message_type)
        if row.format is not None:
            return tuple(position for position, one in enumerate(self._types) if one.format is row.format)
        positions: list[int] = []
        for wanted in row.message_type:
            found = [position for position, one in enumerate(self._types) if _is_meant(wanted, one)]
            if not found:
                not_there.append(wanted.text)
            positions += found
        return tuple(positions)

    def _added(self, message_type: MessageType) -> int:
        position = self._position.setdefault(message_type.text, len(self._types))
        if position == len(self._types):
            self._types.append(message_type)
        return position

    def _after(self, before: int, row: PlanRow, wanted: tuple[int, ...]) -> tuple[int, tuple[int, ...]]:
        """The set that a set becomes by a row, itself where nothing changes, and the types that change."""
        entries = dict(self._entries(before))
        changed = dict(entries)
        for position in wanted:
            if row.change is PlannedChange.ADD:
                changed[position] = self._with_added(changed.get(position, 0), row.direction)
            elif position in changed:
                left = self._with_removed(changed.pop(position), row.direction)
                if left:
                    changed[position] = left
            if not changed.get(position, 1):
                del changed[position]
        if changed == entries:
            return before, ()
        positions = tuple(one for one in entries.keys() | changed.keys() if entries.get(one) != changed.get(one))
        if not changed:
            return NOTHING, positions
        packed = tuple(sorted(position << REGISTRATION_SHIFT | bits for position, bits in changed.items()))
        place = self._place_of.setdefault(packed, len(self._new_sets))
        if place == len(self._new_sets):
            self._new_sets.append(packed)
        return self._sets + place, positions

    def _entries(self, registration_set: int) -> Iterator[tuple[int, int]]:
        if registration_set == NOTHING:
            return
        entries: Sequence[int]
        if registration_set < self._sets:
            entries = self._index.entries(registration_set)
        else:
            entries = self._new_sets[registration_set - self._sets]
        for entry in entries:
            yield entry >> REGISTRATION_SHIFT, entry & _DIRECTIONS

    def _with_added(self, bits: int, direction: PlannedDirection) -> int:
        if not self._index.has_directions:
            # There, what is registered is received; who sends is never told.
            return bits if direction is PlannedDirection.SEND else UNDIRECTED
        if direction is not PlannedDirection.RECEIVE:
            bits = bits & ~SEND_NOT_KNOWN | MAY_SEND | (MAY_RECEIVE if bits == UNDIRECTED else 0)
        if direction is not PlannedDirection.SEND:
            bits = bits & ~RECEIVE_NOT_KNOWN | MAY_RECEIVE
        return bits & ~RECEIVE_NOT_KNOWN if bits & MAY_RECEIVE else bits

    def _with_removed(self, bits: int, direction: PlannedDirection) -> int:
        if direction is PlannedDirection.BOTH:
            return 0
        if bits == UNDIRECTED:
            # What says no direction counts as received.
            if direction is PlannedDirection.RECEIVE:
                return 0
            return MAY_RECEIVE if self._index.has_directions else bits
        return bits & ~(_SENDING if direction is PlannedDirection.SEND else _RECEIVING)


def _there(identifiers: Iterable[str], place_of: Callable[[str], int], not_there: list[str]) -> list[int]:
    """The places of those that the register has; the others are added to ``not_there``."""
    places = {one: place_of(one) for one in identifiers}
    not_there += [one for one, place in places.items() if place == NOTHING]
    return [place for place in places.values() if place != NOTHING]


def _both(found: set[int] | None, others: set[int]) -> set[int]:
    return others if found is None else found & others


def _is_meant(wanted: MessageType, registered: MessageType) -> bool:
    """Whether a row that names ``wanted`` removes what is registered: the same code and family, and the version where it names one."""
    return (
        registered.code == wanted.code
        and (registered.family == wanted.family or not registered.family_certain)
        and (wanted.version is None or registered.version == wanted.version)
    )
