"""Registrations gathered from a file: message types on location numbers, equal sets of them kept once."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, KeysView
from typing import NamedTuple

from sor_addressing.identifiers import compact
from sor_addressing.index.columns import (
    MAY_RECEIVE,
    MAY_SEND,
    RECEIVE_NOT_KNOWN,
    REGISTRATION_SHIFT,
    SEND_NOT_KNOWN,
)
from sor_addressing.messages.catalogue import catalogue
from sor_addressing.model import RegistrationRecord


class RegistrationSets(NamedTuple):
    """Registered types, each number's set, and the sets."""

    type_texts: list[str]
    set_of_number: dict[str, int]
    set_start: array[int]
    set_entry: array[int]


class Registrations:
    """Takes registration records; two rows for the two directions of one type become one registration."""

    def __init__(self) -> None:
        self._types: dict[str, int] = {}
        self._type_of_text: dict[str, int] = {}
        self._of_number: dict[str, dict[int, int]] = {}
        self.first_line: dict[str, int] = {}
        """Location number to the line where it first stands."""
        self.rows = 0
        self.has_directions = False
        self.unknown_types: dict[str, int] = {}
        """Types that stand in no catalogue: how many rows have each."""

    def __len__(self) -> int:
        return sum(map(len, self._of_number.values()))

    def add(self, record: RegistrationRecord) -> None:
        """Take one row."""
        self.rows += 1
        text = record.message_type
        position = self._type_of_text.get(text)
        if position is None:
            message_type = catalogue().parse(text)
            position = self._types.setdefault(message_type.text, len(self._types))
            self._type_of_text[text] = position
            if not message_type.known:
                self.unknown_types[message_type.text] = 0
        if self.unknown_types:
            self._count_unknown(text)
        bits = _bits(record.may_send, MAY_SEND, SEND_NOT_KNOWN) | _bits(
            record.may_receive, MAY_RECEIVE, RECEIVE_NOT_KNOWN
        )
        if record.may_send is not None or record.may_receive is not None:
            self.has_directions = True
        number = compact(record.location_number)
        types = self._of_number.get(number)
        if types is None:
            types = self._of_number[number] = {}
            self.first_line[number] = record.line
        types[position] = types.get(position, 0) | bits

    def extend(self, records: Iterable[RegistrationRecord]) -> Registrations:
        """Take all of ``records``."""
        for record in records:
            self.add(record)
        return self

    def _count_unknown(self, text: str) -> None:
        known_as = catalogue().parse(text).text
        if known_as in self.unknown_types:
            self.unknown_types[known_as] += 1

    def numbers(self) -> KeysView[str]:
        """The location numbers with registrations."""
        return self._of_number.keys()

    def sets(self) -> RegistrationSets:
        """The registrations as columns; types in the order of their texts, so that equal registers have equal columns."""
        texts = sorted(self._types)
        new_position = {self._types[text]: position for position, text in enumerate(texts)}
        known: dict[tuple[int, ...], int] = {}
        set_of_number = {}
        for number, types in self._of_number.items():
            entries = tuple(sorted(new_position[t] << REGISTRATION_SHIFT | _settled(bits) for t, bits in types.items()))
            set_of_number[number] = known.setdefault(entries, len(known))
        start = array("i", [0])
        entry = array("I")
        for entries in known:
            entry.extend(entries)
            start.append(len(entry))
        return RegistrationSets(texts, set_of_number, start, entry)


def _bits(value: bool | None, yes: int, not_known: int) -> int:
    if value is None:
        return not_known
    return yes if value else 0


def _settled(bits: int) -> int:
    """A direction that one row says and another leaves open is known."""
    if bits & MAY_SEND:
        bits &= ~SEND_NOT_KNOWN
    if bits & MAY_RECEIVE:
        bits &= ~RECEIVE_NOT_KNOWN
    return bits
