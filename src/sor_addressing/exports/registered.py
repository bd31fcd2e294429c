"""Message types as cells: lists of what a location number receives and sends, or a column for every type."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sor_addressing.exports.columns import Dialect
from sor_addressing.index.columns import MAY_RECEIVE, MAY_SEND, NOTHING, REGISTRATION_SHIFT, UNDIRECTED
from sor_addressing.index.lookup import Index
from sor_addressing.messages.catalogue import MessageType, catalogue

_WORDS = {(True, True): "send receive", (True, False): "send", (False, True): "receive", (False, False): "neither"}


def types_of(index: Index, registration_set: int) -> list[int]:
    """Positions of the types of a set of registrations."""
    if registration_set == NOTHING:
        return []
    return [entry >> REGISTRATION_SHIFT for entry in index.entries(registration_set)]


def directions(entry: int) -> tuple[bool, bool]:
    """Whether a registration is to send, and to receive; where the file has no directions it is to receive."""
    return bool(entry & MAY_SEND), bool(entry & MAY_RECEIVE) or entry & UNDIRECTED == UNDIRECTED


class TypeCells:
    """The cells of sets of registrations."""

    __slots__ = ("_columns", "_dialect", "_index", "_received", "_sent", "plain")

    def __init__(self, index: Index, dialect: Dialect, columns: Sequence[int] | None) -> None:
        self._index = index
        self._dialect = dialect
        self._columns = columns
        texts = [one.text for one in index.registered_types()] if index.has_message_types else []
        self.plain = dialect.is_plain(texts)
        """Whether no type has anything in its name that the format would have to write otherwise."""
        # By entry, so that a set becomes a list without a step in Python for each of its registrations.
        entries = [
            (texts[one >> REGISTRATION_SHIFT], *directions(one)) for one in range(len(texts) << REGISTRATION_SHIFT)
        ]
        self._received = [text if receives else "" for text, _, receives in entries]
        self._sent = [text if sends else "" for text, sends, _ in entries]

    def cells(self, registration_set: int) -> tuple[object, ...]:
        """Whether there are registrations, and what they are."""
        index, dialect, columns = self._index, self._dialect, self._columns
        nothing, several = dialect.nothing, dialect.several
        if not index.has_message_types:
            return (nothing,) * (1 + (2 if columns is None else len(columns)))
        there = dialect.flags[registration_set != NOTHING]
        there_are: Sequence[int] = () if registration_set == NOTHING else index.entries(registration_set)
        if columns is not None:
            words = {entry >> REGISTRATION_SHIFT: _WORDS[directions(entry)] for entry in there_are}
            return (there, *[words.get(position, nothing) for position in columns])
        received = several(filter(None, map(self._received.__getitem__, there_are)))
        sent = several(filter(None, map(self._sent.__getitem__, there_are)))
        return (there, received, sent)


def types_asked(index: Index, given: str | MessageType | Iterable[str | MessageType] | None) -> tuple[MessageType, ...]:
    """The message types asked for; all that anybody has registered, with their version and as the code alone, where none are named.

    Raises:
        MalformedMessageType: one is blank.
        TypeError: one is no text.
    """
    parse = catalogue().parse
    if isinstance(given, str | MessageType):  # a text alone would be gone through letter by letter
        given = (given,)
    if given is not None:
        return tuple(dict.fromkeys(map(parse, given)))
    registered = index.registered_types() if index.has_message_types else ()
    return tuple(dict.fromkeys([*registered, *(parse(one.code) for one in registered)]))
