"""Registrations gathered from a file: message types on location numbers, equal sets of them kept once."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, KeysView, Mapping
from typing import NamedTuple

from sor_addressing.identifiers import compact
from sor_addressing.index.columns import (
    MAY_RECEIVE,
    MAY_SEND,
    RECEIVE_NOT_KNOWN,
    REGISTRATION_SHIFT,
    SEND_NOT_KNOWN,
)
from sor_addressing.index.told.endpoints import EndpointRegistrations, Together
from sor_addressing.messages.catalogue import catalogue
from sor_addressing.model import EER, SOR_EDI, RegistrationRecord, RowsOfNumber, Said

# While rows are gathered, three bits more than an entry has: that a row says a direction, whatever it says, and that one says none.
_ENTRY_BITS = (1 << REGISTRATION_SHIFT) - 1
_SEND_SAID = 1 << REGISTRATION_SHIFT
_RECEIVE_SAID = 2 << REGISTRATION_SHIFT
# A row that says no direction is a registration of its own, to receive, whatever other rows say.
_REGISTERED = 4 << REGISTRATION_SHIFT
_SEND_BITS = {None: SEND_NOT_KNOWN, False: _SEND_SAID, True: _SEND_SAID | MAY_SEND}
_RECEIVE_BITS = {None: RECEIVE_NOT_KNOWN, False: _RECEIVE_SAID, True: _RECEIVE_SAID | MAY_RECEIVE}

_SETS_REMEMBERED = 65_536


class RegistrationSets(NamedTuple):
    """Registered types, each number's set, and the sets."""

    type_texts: list[str]
    set_of_number: dict[str, int]
    set_start: array[int]
    set_entry: array[int]
    told: Together | None = None


class Registrations:
    """Takes registration records; two rows for the two directions of one type become one registration.

    Args:
        endpoints: what the endpoint register says; None where none was loaded.
        is_loaded: whether there is a file of SOR-EDI's, and be it empty.
    """

    def __init__(self, *, endpoints: EndpointRegistrations | None = None, is_loaded: bool = True) -> None:
        self.endpoints = endpoints
        self.registers = (*((SOR_EDI,) if is_loaded else ()), *(() if endpoints is None else (EER,)))
        self._types: dict[str, int] = {}
        self._text_of: list[str] = []
        self._said: dict[Said, tuple[int, int, str]] = {}
        self._of_number: dict[str, dict[int, int]] = {}
        self._types_of_text: dict[str, dict[int, int]] = {}
        self.first_line: dict[str, int] = {}
        """Location number to the line where it first stands."""
        self.has_directions = False
        self.unknown_types: dict[str, int] = {}
        """Types that stand in no catalogue: how many rows have each."""

    def extend(self, records: Iterable[RegistrationRecord]) -> Registrations:
        """Take all of ``records``."""
        said, types_of = self._said, self._types_of_text
        for record in records:
            one = record.message_type, record.may_send, record.may_receive
            position, bits, counted = said.get(one) or self._look_at(one)
            types = types_of.get(record.location_number)
            if types is None:
                types = self._types_on(record.location_number, record.line)
            types[position] = types.get(position, 0) | bits
            if counted:
                self.unknown_types[counted] += 1
        return self

    def extend_by_number(self, groups: Iterable[RowsOfNumber]) -> Registrations:
        """Take rows that stand together.

        Many numbers have the same rows, and those are worked out once.
        """
        sets: dict[tuple[Said, ...], tuple[dict[int, int], tuple[str, ...]]] = {}
        for number, said, lines in groups:
            known = sets.get(said)
            if known is None:
                known = self._bits_of(said)
                if len(sets) < _SETS_REMEMBERED:
                    sets[said] = known
            bits_of, unknown = known
            types = self._types_of_text.get(number)
            if types is None:
                types = self._types_on(number, lines[0])
            if types:
                for position, bits in bits_of.items():
                    types[position] = types.get(position, 0) | bits
            else:
                types.update(bits_of)
            for text in unknown:
                self.unknown_types[text] += 1
        return self

    def _bits_of(self, said: tuple[Said, ...]) -> tuple[dict[int, int], tuple[str, ...]]:
        """Type to its direction bits, and the types that stand in no catalogue, once a row."""
        bits_of: dict[int, int] = {}
        unknown = []
        for one in said:
            position, bits, counted = self._said.get(one) or self._look_at(one)
            bits_of[position] = bits_of.get(position, 0) | bits
            if counted:
                unknown.append(counted)
        return bits_of, tuple(unknown)

    def _look_at(self, said: Said) -> tuple[int, int, str]:
        """Position of the type, what the row says of directions, and the type's name where it stands in no catalogue."""
        text, may_send, may_receive = said
        message_type = catalogue().parse(text)
        position = self._types.setdefault(message_type.text, len(self._types))
        if position == len(self._text_of):
            self._text_of.append(message_type.text)
        if not message_type.known:
            self.unknown_types.setdefault(message_type.text, 0)
        if may_send is not None or may_receive is not None:
            self.has_directions = True
        bits = _SEND_BITS[may_send] | _RECEIVE_BITS[may_receive]
        if may_send is None and may_receive is None:
            bits |= _REGISTERED
        known = position, bits, "" if message_type.known else message_type.text
        self._said[said] = known
        return known

    def _types_on(self, text: str, line: int) -> dict[int, int]:
        """The types on a location number, as it is written; other spellings of the number have the same."""
        number = compact(text)
        if number not in self._of_number:
            self._of_number[number] = {}
            self.first_line[number] = line
        types = self._types_of_text[text] = self._of_number[number]
        return types

    def numbers(self) -> KeysView[str]:
        """The location numbers with registrations."""
        return self._of_number.keys()

    def types_of(self, number: str) -> frozenset[str]:
        """The message types on a location number, as they are written in the catalogue."""
        return frozenset(self._text_of[position] for position in self._of_number.get(number, ()))

    def all_numbers(self) -> set[str]:
        """The location numbers of which any register says something."""
        return {*self._of_number, *(() if self.endpoints is None else self.endpoints.numbers())}

    def sets(self, text: Callable[[str], int] = len, day: int = 0) -> RegistrationSets:
        """The registrations as columns; types in the order of their texts, so that equal registers have equal columns.

        ``text`` gives the position of a text in the table of texts, ``day`` is the register's.
        """
        texts = sorted({*self._types, *(() if self.endpoints is None else self.endpoints.texts())})
        position = {text: at for at, text in enumerate(texts)}
        new_position = {old: position[text] for text, old in self._types.items()}
        told = None
        counting: dict[str, dict[int, int]] = {}
        entry_of = _Entries(new_position)
        if self.endpoints is not None:
            said = {
                number: {
                    entry >> REGISTRATION_SHIFT: entry & _ENTRY_BITS
                    for entry in map(entry_of.__getitem__, self._of_number[number].items())
                }
                for number in self.endpoints.numbers()
                if number in self._of_number
            }
            told = self.endpoints.together(said, position, text, day)
            counting = told.counting
        known: dict[tuple[int, ...], int] = {}
        set_of_number = {}
        for number, types in self._of_number.items():
            if number not in counting:
                entries = tuple(sorted(map(entry_of.__getitem__, types.items())))
                set_of_number[number] = known.setdefault(entries, len(known))
        for number, types in counting.items():
            entries = tuple(sorted([kind << REGISTRATION_SHIFT | bits for kind, bits in types.items()]))
            set_of_number[number] = known.setdefault(entries, len(known))
        start = array("i", [0])
        entry = array("I")
        for entries in known:
            entry.extend(entries)
            start.append(len(entry))
        return RegistrationSets(texts, set_of_number, start, entry, told)


class _Entries(dict[tuple[int, int], int]):
    """The entry of a type, by its position while rows are gathered, with what its rows say; the same stand on many numbers."""

    def __init__(self, new_position: Mapping[int, int]) -> None:
        super().__init__()
        self._new_position = new_position

    def __missing__(self, said: tuple[int, int]) -> int:
        kind, bits = said
        entry = self[said] = self._new_position[kind] << REGISTRATION_SHIFT | _settled(bits)
        return entry


def _settled(bits: int) -> int:
    """A direction that one row says, and be it with a no, is known, also where another row leaves it open.

    Where another row says one, a row without any is known to receive.
    """
    if bits & _REGISTERED and bits & (_SEND_SAID | _RECEIVE_SAID):
        bits |= _RECEIVE_SAID | MAY_RECEIVE
    if bits & _SEND_SAID:
        bits &= ~SEND_NOT_KNOWN
    if bits & _RECEIVE_SAID:
        bits &= ~RECEIVE_NOT_KNOWN
    return bits & _ENTRY_BITS
