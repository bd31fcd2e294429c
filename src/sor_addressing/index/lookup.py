"""An index: columns, and how they are asked. Rows in, rows out; nothing here knows of policies or findings."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING, Any, NoReturn, Self

from sor_addressing.field_names import EER, SOR_EDI
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.index.columns import (
    DECLARES_INHERITED,
    NOTHING,
    PERIOD_UNREADABLE,
    REGISTRATION_SHIFT,
    Column,
    Columns,
)
from sor_addressing.index.keys import MOST_DIGITS, ODD_FROM, circle, decoded, key_of, text_of_key, unreadable
from sor_addressing.index.packed import Packed, name_in
from sor_addressing.index.told.masks import Planes
from sor_addressing.index.told.masks import RegistrationMasks as RegistrationMasks
from sor_addressing.index.told.seen import SeenSets, View
from sor_addressing.messages.catalogue import MessageType, catalogue

if TYPE_CHECKING:
    from sor_addressing.index.standing import StandingFile

_MEMORY_LIMIT = 65_536
_MOST_CALLED = 8_192

MOST_NAMED = 20
"""So many units are named where an answer speaks of several: of thousands that share a number, or lie above each other."""

# A member of an enum costs several look-ups each time that it is named; these are asked for every letter.
_SOR_CODE = IdentifierKind.SOR_CODE
_LOCATION_NUMBER = IdentifierKind.LOCATION_NUMBER
_PROVIDER_NUMBER = IdentifierKind.PROVIDER_NUMBER
_SHAK_CODE = IdentifierKind.SHAK_CODE
_HELD = (_SOR_CODE, _LOCATION_NUMBER, _PROVIDER_NUMBER, _SHAK_CODE)


CLOSED_UNITS = "closed units"
"""Among what a register does not know: its file leaves out units that are closed."""


class NumberFact(StrEnum):
    """What decides whether a location number can be used, by its name in ``facts.csv``: a register can be without."""

    PERIODS = "periods of location numbers"
    INACTIVE = "inactive location numbers"
    INTERNAL = "internal location numbers"


class Index:
    """The columns of one day's register and the questions they answer by row.

    ``has_message_types`` is False where no message-type data was loaded, ``has_directions`` where it was loaded
    and says nothing of directions. ``registrations_day`` is the day that registrations and location numbers are of: a later one than
    the snapshot date in the register of an earlier day.
    """

    __slots__ = (
        "__weakref__",
        "_called",
        "_masks",
        "_municipalities",
        "_odd",
        "_planes",
        "_seen",
        "_tables",
        "_texts",
        "_types",
        "columns",
        "digests",
        "has_directions",
        "has_endpoints",
        "has_message_types",
        "kept",
        "not_known",
        "not_known_of_numbers",
        "plans",
        "registers",
        "registrations_day",
        "snapshot_date",
        "snapshot_day",
        "standing",
        "upwards",
    )

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "what belongs to a register does not pickle: send its to_dict() or its identifier, and the register as the path that it was opened from"
        )

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __init__(
        self,
        columns: Columns,
        *,
        snapshot_date: dt.date,
        registers: tuple[str, ...],
        has_directions: bool,
        not_known: frozenset[str] = frozenset(),
        registrations_day: dt.date | None = None,
        standing: StandingFile | None = None,
    ) -> None:
        self.columns = columns
        self.standing = standing
        """Watches the file that the columns are mapped from."""
        self.snapshot_date = snapshot_date
        self.snapshot_day = snapshot_date.toordinal()
        self.has_directions = has_directions
        self.registers = registers
        """The registers that registrations were loaded from: SOR-EDI, EER, both, or none."""
        self.has_message_types = bool(registers)
        self.has_endpoints = EER in self.registers
        self.not_known = not_known
        """What none of the files can say, by the names of ``facts.csv``."""
        self.not_known_of_numbers = tuple([fact for fact in NumberFact if fact in not_known]) if not_known else ()
        """What none of the files can say of whether a location number can be used."""
        self.registrations_day = (registrations_day or snapshot_date).toordinal()
        self.plans: dict[str | MessageType, Any] = {}
        """What the floor above works out once for this index and a message type; never an answer."""
        self.kept: dict[object, Any] = {}
        """What the floor of search keeps here, once somebody has searched."""
        self.digests: dict[str, Sequence[int]] = {}
        """Digests of units and sets of registrations, once days were compared."""
        self._types: tuple[MessageType, ...] | None = None
        self._texts: dict[int, str] = {0: ""}
        self._odd: dict[str, int] | None = None
        self._municipalities: frozenset[str] | None = None
        self._masks: dict[int, RegistrationMasks] = {}
        self._seen = SeenSets(columns)
        self.upwards: dict[object, Any] = {}
        """What was found out on long ways up; see :mod:`sor_addressing.index.upward`."""
        self._planes: Planes | None = None
        self._called: dict[int, tuple[str, str]] = {}
        self._tables: dict[int, tuple[tuple[IdentifierKind, Column, int], ...]] = {}

    def __len__(self) -> int:
        return len(self.columns.unit_key)

    def doubted(self, error: Exception) -> NoReturn:
        """What an answer has met with can't be: in columns of a file they were forged, else it is a fault of this library.

        Raises:
            SnapshotError: the columns are those of a file.
        """
        self.columns.doubted(error)

    def check_standing(self) -> None:
        """Called before anything but one question is answered from the columns.

        Raises:
            SnapshotError: they are mapped from a file that was overwritten, or forged.
        """
        if self.standing is not None:
            self.standing.check()
            self.columns.check_from_now()

    def text(self, position: int) -> str:
        """The text at ``position`` in the table of texts that many units share."""
        known = self._texts.get(position)
        if known is None:
            columns = self.columns
            data = columns.texts[columns.text_start[position] : columns.text_start[position + 1]]
            known = decoded(bytes(data))
            if len(self._texts) < _MEMORY_LIMIT:
                self._texts[position] = known
        return known

    def _key(self, text: str) -> int | None:
        key = key_of(text)
        if key is None and len(self.columns.odd_text):
            if self._odd is None:
                self._odd = {self.text(t): ODD_FROM - i for i, t in enumerate(self.columns.odd_text)}
            return self._odd.get(text)
        return key

    def text_of_key(self, key: int) -> str:
        if key <= ODD_FROM:
            place = ODD_FROM - key
            if place >= len(self.columns.odd_text):
                raise unreadable()
            return self.text(self.columns.odd_text[place])
        return text_of_key(key)

    def _position(self, keys: Column, text: str) -> int:
        key = self._key(text)
        if key is None:
            return NOTHING
        position = bisect_left(keys, key)
        return position if position < len(keys) and keys[position] == key else NOTHING

    def row_of_sor_code(self, sor_code: str) -> int:
        """Row of the unit with ``sor_code``, or ``NOTHING``."""
        position = self._position(self.columns.sor_key, sor_code)
        return position if position == NOTHING else self.columns.sor_row[position]

    def number_of(self, location_number: str) -> int:
        """Position of ``location_number`` among the numbers, or ``NOTHING``; a number may have registrations and no unit."""
        return self._position(self.columns.number_key, location_number)

    def rows_of_number(self, number: int) -> Sequence[int]:
        """Rows of the units with the location number at ``number``: owners first, then those that inherit it."""
        columns = self.columns
        return columns.number_unit[columns.number_start[number] : columns.number_start[number + 1]]

    def owners_of_number(self, number: int) -> Sequence[int]:
        """Rows of the units that declare the location number at ``number`` their own."""
        columns = self.columns
        start = columns.number_start[number]
        return columns.number_unit[start : start + columns.number_owners[number]]

    def number_text(self, number: int) -> str:
        """The location number at position ``number``."""
        return self.text_of_key(self.columns.number_key[number])

    def shak_code(self, position: int) -> str:
        """The SHAK code at ``position``."""
        return self.text_of_key(self.columns.shak_key[position])

    def held_as(self, value: str) -> list[tuple[IdentifierKind, int]]:
        """Every kind but CVR as which the register holds ``value``, each with its position; most particular kind first."""
        if value.isascii() and value.isdigit():
            return self.held_as_digits(value)
        return self._odd_held_as(value)

    def _odd_held_as(self, value: str) -> list[tuple[IdentifierKind, int]]:
        positions = ((kind, self.position(kind, value)) for kind in _HELD)
        return [(kind, position) for kind, position in positions if position != NOTHING]

    def held_as_digits(self, digits: str) -> list[tuple[IdentifierKind, int]]:
        """:meth:`held_as`, for ASCII digits."""
        length = len(digits)
        if length > MOST_DIGITS:
            return self._odd_held_as(digits)
        tables = self._tables.get(length)
        if tables is None:
            tables = self._tables[length] = self._tables_of(length)
        key = int("1" + digits)
        found = []
        for kind, keys, last in tables:
            if key <= last:
                position = bisect_left(keys, key)
                if keys[position] == key:
                    found.append((kind, position))
        return found

    def _tables_of(self, length: int) -> tuple[tuple[IdentifierKind, Column, int], ...]:
        """The sorted keys, and the last of them, of each kind that holds any number of so many digits: mostly of one kind."""
        first, beyond = int("1" + "0" * length), int("2" + "0" * length)
        tables = []
        for kind in _HELD:
            keys = self._keys(kind)
            begins = bisect_left(keys, first)
            if begins < len(keys) and keys[begins] < beyond:
                tables.append((kind, keys, keys[-1]))
        return tuple(tables)

    def rows_at(self, kind: IdentifierKind, position: int) -> Sequence[int]:
        """Rows of the units that carry the identifier of ``kind`` at ``position``; a location number can have none."""
        if kind is _LOCATION_NUMBER:
            columns = self.columns
            return columns.number_unit[columns.number_start[position] : columns.number_start[position + 1]]
        if kind is _SOR_CODE:
            return (self.columns.sor_row[position],)
        _, starts, units = self._grouped(kind)
        return units[starts[position] : starts[position + 1]]

    def position(self, kind: IdentifierKind, value: str) -> int:
        """Position of ``value`` among the identifiers of ``kind``, or ``NOTHING``."""
        return self._position(self._keys(kind), value)

    def _keys(self, kind: IdentifierKind) -> Column:
        if kind is _SOR_CODE:
            return self.columns.sor_key
        if kind is _LOCATION_NUMBER:
            return self.columns.number_key
        return self._grouped(kind)[0]

    def rows(self, kind: IdentifierKind, value: str) -> Sequence[int]:
        """Rows of the units that carry ``value`` as identifier of ``kind``; empty where there are none."""
        position = self.position(kind, value)
        return () if position == NOTHING else self.rows_at(kind, position)

    def _grouped(self, kind: IdentifierKind) -> tuple[Column, Column, Column]:
        columns = self.columns
        if kind is _PROVIDER_NUMBER:
            return columns.provider_key, columns.provider_start, columns.provider_unit
        if kind is _SHAK_CODE:
            return columns.shak_key, columns.shak_start, columns.shak_unit
        return columns.cvr_key, columns.cvr_start, columns.cvr_unit

    def keys(self, kind: IdentifierKind) -> Iterator[str]:
        """Every identifier of ``kind`` that a unit carries, in a stable order: that of the extract for SOR codes, else that of their keys."""
        columns = self.columns
        if kind is _SOR_CODE:
            yield from map(self.text_of_key, columns.unit_key)
        elif kind is _LOCATION_NUMBER:
            for number, key in enumerate(columns.number_key):
                if columns.number_start[number] < columns.number_start[number + 1]:
                    yield self.text_of_key(key)
        else:
            yield from map(self.text_of_key, self._grouped(kind)[0])

    def count(self, kind: IdentifierKind) -> int:
        """How many different identifiers of ``kind`` units carry."""
        if kind is _SOR_CODE:
            return len(self)
        if kind is _LOCATION_NUMBER:
            return sum(1 for _ in self.keys(kind))
        return len(self._grouped(kind)[0])

    def holds_number(self, number: int) -> bool:
        """Whether any unit has the location number at ``number``."""
        return self.columns.number_start[number] < self.columns.number_start[number + 1]

    def provider_ceased(self, provider_number: str) -> dt.date | None:
        """Last day of a provider number that the provider register has ceased; None where it is not ceased or not known."""
        position = self._position(self.columns.ceased_key, provider_number) if len(self.columns.ceased_key) else NOTHING
        return None if position == NOTHING else dt.date.fromordinal(self.columns.ceased_day[position])

    def shak_retired(self, shak_code: str) -> dt.date | None:
        """Last day of a SHAK code that is not in use any more; None where it is in use or not known."""
        position = self._position(self.columns.retired_key, shak_code) if len(self.columns.retired_key) else NOTHING
        return None if position == NOTHING else dt.date.fromordinal(self.columns.retired_day[position])

    def shak_periods(self, shak_code: str) -> range:
        """Where the SHAK register's periods of a code stand in their columns; empty where it has none."""
        keys = self.columns.shak_period_key
        start = self._position(keys, shak_code)
        return range(0) if start == NOTHING else range(start, bisect_right(keys, keys[start], start))

    def code_text(self, code: str) -> str | None:
        """What the register's own classifications call ``code``; None where none were loaded, or none has it."""
        position = self._position(self.columns.code_key, code) if len(self.columns.code_key) else NOTHING
        return None if position == NOTHING else self.text(self.columns.code_word[position])

    def municipalities(self) -> frozenset[str]:
        """Every municipality code that an address of the register has."""
        if self._municipalities is None:
            self._municipalities = frozenset(map(self.text, set(self.columns.unit_municipality))) - {""}
        return self._municipalities

    def sor_code(self, row: int) -> str:
        """SOR code of the unit in ``row``."""
        return self.text_of_key(self.columns.unit_key[row])

    def location_number(self, row: int) -> str | None:
        """Location number of the unit in ``row``, own or inherited."""
        location = self.columns.unit_location[row]
        return None if location == NOTHING else self.number_text(self.columns.location_number[location])

    def name(self, row: int) -> str:
        """Name of the unit in ``row``."""
        return name_in(self.packed(row))

    def packed(self, row: int) -> bytes:
        """The packed record of the unit in ``row``."""
        if self.standing is not None:
            self.standing.check()
        columns = self.columns
        return bytes(columns.records[columns.unit_record[row] : columns.unit_record[row + 1]])

    def record(self, row: int) -> Packed:
        """Everything of the unit in ``row`` that has no column."""
        return Packed(self.packed(row))

    def replaced_by(self, row: int) -> tuple[str, ...]:
        """SOR codes of the units that took over from the one in ``row``: those that it names, and those that say so themselves."""
        columns = self.columns
        return self._with_others(self.record(row).replaced_by, row, columns.replaced_unit, columns.replaced_by_unit)

    def replaces(self, row: int) -> tuple[str, ...]:
        """SOR codes of the units that the one in ``row`` took over from: those that it names, and those that say so themselves."""
        columns = self.columns
        return self._with_others(self.record(row).replaces, row, columns.replacing_unit, columns.replacing_of_unit)

    def _with_others(self, named: tuple[str, ...], row: int, rows: Column, others: Column) -> tuple[str, ...]:
        start = bisect_left(rows, row)
        saying = others[start : bisect_right(rows, row, start)]
        return tuple(dict.fromkeys((*named, *map(self.sor_code, saying))))

    def is_in_force(self, row: int, day: int) -> bool:
        """Whether the unit in ``row`` is in force on ``day`` (a day number); an unreadable period never is."""
        columns = self.columns
        return columns.unit_from[row] <= day <= columns.unit_to[row] and not columns.unit_flags[row] & PERIOD_UNREADABLE

    def declares_inherited(self, row: int) -> bool:
        """Whether the register says that the unit in ``row`` inherits its location number."""
        return bool(self.columns.unit_flags[row] & DECLARES_INHERITED)

    def children(self, row: int) -> Sequence[int]:
        """Rows of the units directly below ``row``, in the order of the extract."""
        columns = self.columns
        return columns.child[columns.child_start[row] : columns.child_start[row + 1]]

    def ancestors(self, row: int) -> Iterator[int]:
        """Rows above ``row``, nearest first."""
        parents = self.columns.unit_parent
        for _ in range(len(parents)):
            row = parents[row]
            if row == NOTHING:
                return
            yield row
        raise circle()

    def nearest_above(self, row: int, most: int = MOST_NAMED) -> list[int]:
        """The rows nearest above ``row``, for what is shown: no real register is as deep."""
        return list(islice(self.ancestors(row), most))

    def called_above(self, row: int) -> list[tuple[str, str]]:
        """SOR code and name of the units nearest above ``row``; those that most units lie below are remembered."""
        called = []
        for above in self.nearest_above(row):
            known = self._called.get(above)
            if known is None:
                known = self.sor_code(above), self.name(above)
                if len(self._called) < _MOST_CALLED:
                    self._called[above] = known
            called.append(known)
        return called

    def depth(self, row: int) -> int:
        """How many units lie above ``row``."""
        return sum(1 for _ in self.ancestors(row))

    def masks(self, registration_set: int) -> RegistrationMasks:
        """The registrations of a set as bits by registered type."""
        known = self._masks.get(registration_set)
        if known is None:
            planes = self._planes = self._planes or Planes(len(self.columns.type_text))
            fhir_is_open = self._seen.entries.get(registration_set, ((), False))[1]
            known = planes.masks(self._entries(registration_set), sending_fhir_is_open=fhir_is_open)
            if len(self._masks) < _MEMORY_LIMIT:
                self._masks[registration_set] = known
        return known

    def entries(self, registration_set: int) -> Sequence[int]:
        """The registrations of a set: registered type and direction bits in one number."""
        entries = self._entries(registration_set)
        if len(entries) and max(entries) >> REGISTRATION_SHIFT >= len(self.columns.type_text):
            raise unreadable()
        return entries

    def _entries(self, registration_set: int) -> Sequence[int]:
        """As they stand there, for who looks at each itself."""
        columns = self.columns
        if registration_set < len(columns.set_start) - 1:
            return columns.set_entry[columns.set_start[registration_set] : columns.set_start[registration_set + 1]]
        seen = self._seen.entries.get(registration_set)
        if seen is None:
            raise unreadable()
        return seen[0]

    def registration_set(self, number: int, view: View) -> int:
        """The set of the registrations that count for the location number at ``number``, or ``NOTHING`` where nothing is said of it."""
        if self.has_endpoints:
            told = self.columns.number_told[number]
            if told != NOTHING:
                return self._seen.registration_set(told, view)
        return self.columns.number_set[number] if SOR_EDI in view.registers else NOTHING

    def told(self, number: int) -> range:
        """Where in the columns ``told_…`` it stands what each register says of the location number at ``number``."""
        told = self.columns.number_told[number] if self.has_endpoints else NOTHING
        return range(0) if told == NOTHING else self._seen.places(told)

    def registered_types(self) -> tuple[MessageType, ...]:
        """All message types that are registered somewhere, by their position."""
        if self._types is None:
            parse = catalogue().parse
            try:
                self._types = tuple([parse(self.text(position)) for position in self.columns.type_text])
            except ValueError:
                raise unreadable() from None
        return self._types
