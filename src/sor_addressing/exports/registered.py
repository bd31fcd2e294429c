"""Message types as cells: lists of what a location number receives and sends, or a column for every type."""

from __future__ import annotations

from collections.abc import Sequence

from sor_addressing.exports.columns import Dialect
from sor_addressing.index.columns import (
    MAY_RECEIVE,
    MAY_SEND,
    NOTHING,
    RECEIVE_NOT_KNOWN,
    REGISTRATION_SHIFT,
)
from sor_addressing.index.lookup import Index

_WORDS = {(True, True): "send receive", (True, False): "send", (False, True): "receive", (False, False): "neither"}


def types_of(index: Index, registration_set: int) -> list[int]:
    """Positions of the types of a set of registrations."""
    if registration_set == NOTHING:
        return []
    return [entry >> REGISTRATION_SHIFT for entry in index.entries(registration_set)]


def directions(entry: int) -> tuple[bool, bool]:
    """Whether a registration is to send, and to receive; where the file has no directions it is to receive."""
    return bool(entry & MAY_SEND), bool(entry & (MAY_RECEIVE | RECEIVE_NOT_KNOWN))


class TypeCells:
    """The cells of sets of registrations. Location numbers share sets, so each is written once."""

    __slots__ = ("_columns", "_dialect", "_index", "_known")

    def __init__(self, index: Index, dialect: Dialect, columns: Sequence[int] | None) -> None:
        self._index = index
        self._dialect = dialect
        self._columns = columns
        self._known: dict[int, tuple[object, ...]] = {}

    def cells(self, registration_set: int) -> tuple[object, ...]:
        """Whether there are registrations, and what they are."""
        known = self._known.get(registration_set)
        if known is None:
            known = self._known[registration_set] = self._make(registration_set)
        return known

    def _make(self, registration_set: int) -> tuple[object, ...]:
        index, dialect = self._index, self._dialect
        nothing = dialect.nothing
        if not index.has_message_types:
            return (nothing,) * (1 + (2 if self._columns is None else len(self._columns)))
        there = dialect.flags[registration_set != NOTHING]
        entries = () if registration_set == NOTHING else index.entries(registration_set)
        registered = index.registered_types() if entries else ()
        if self._columns is not None:
            words = {entry >> REGISTRATION_SHIFT: _WORDS[directions(entry)] for entry in entries}
            return (there, *[words.get(position, nothing) for position in self._columns])
        receives, sends = [], []
        for entry in entries:
            to_send, to_receive = directions(entry)
            text = registered[entry >> REGISTRATION_SHIFT].text
            if to_receive:
                receives.append(text)
            if to_send:
                sends.append(text)
        return (there, dialect.several(receives), dialect.several(sends))
