"""Which registrations count: those of the registers and of the environment that a policy asks for, on the day of the question.

Only of numbers that EER speaks of is anything to be found out; of all others SOR-EDI's set is the answer.
"""

from __future__ import annotations

from itertools import count
from typing import NamedTuple

from sor_addressing.field_names import EER, ENVIRONMENTS, PRODUCTION, SOR_EDI
from sor_addressing.index.columns import (
    ENVIRONMENT_SHIFT,
    FROM_ENDPOINTS,
    IN_USE,
    MAY_RECEIVE,
    MAY_SEND,
    NOTHING,
    RECEIVE_NOT_KNOWN,
    REGISTRATION_SHIFT,
    SEND_NOT_KNOWN,
    UNDIRECTED,
    Columns,
)

_DIRECTIONS = (1 << REGISTRATION_SHIFT) - 1
_MEMORY_LIMIT = 65_536


class View(NamedTuple):
    """Which registrations count: of which registers, of which environment of EER's, and on which day."""

    registers: tuple[str, ...]
    environment: str
    day: int


def joined(one: int | None, other: int) -> int:
    """The directions of a type that two registers have: what either says to be so is so, and what neither knows is not known."""
    if one is None:
        return other
    found = (one | other) & (MAY_SEND | MAY_RECEIVE)
    if UNDIRECTED in (one & UNDIRECTED, other & UNDIRECTED):
        found |= MAY_RECEIVE  # a register without directions means that the type is received
    not_known = one & other & UNDIRECTED
    if found & MAY_SEND:
        not_known &= ~SEND_NOT_KNOWN
    if found & MAY_RECEIVE:
        not_known &= ~RECEIVE_NOT_KNOWN
    return found | not_known


def environment_of(flags: int) -> str:
    """The environment of EER's that ``told_flags`` name; what names none counts as production."""
    return ENVIRONMENTS[flags >> ENVIRONMENT_SHIFT] or PRODUCTION


def is_of_view(columns: Columns, at: int, view: View) -> bool:
    """Whether what stands at ``at`` in the columns ``told_…`` is said by a register, and of an environment, that count."""
    flags = columns.told_flags[at]
    if not flags & FROM_ENDPOINTS:
        return SOR_EDI in view.registers
    return EER in view.registers and environment_of(flags) == view.environment


def counts(columns: Columns, at: int, day: int) -> bool:
    """Whether what stands at ``at`` in the columns ``told_…`` holds on ``day``."""
    return bool(columns.told_flags[at] & IN_USE) and columns.told_from[at] <= day <= columns.told_to[at]


class SeenSets:
    """Sets of registrations as a view sees them; they are numbered on where those of the columns end.

    ``entries`` has of each what it holds, and whether any of it is EER's.
    """

    __slots__ = ("_columns", "_counter", "_sets", "_views", "entries")

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._views: dict[tuple[int, View], int] = {}
        self._sets: dict[tuple[tuple[int, ...], bool], int] = {}
        self._counter = count()
        self.entries: dict[int, tuple[tuple[int, ...], bool]] = {}

    def registration_set(self, told: int, view: View) -> int:
        """The set of what counts of what is told of a number, or ``NOTHING`` where none of those asked says anything."""
        known = self._views.get((told, view))
        if known is None:
            if len(self._views) >= _MEMORY_LIMIT:
                self._views.clear()
            known = self._views[told, view] = self._seen(told, view)
        return known

    def places(self, told: int) -> range:
        """Where in the columns ``told_…`` it stands what is told of a number."""
        start = self._columns.told_start
        return range(start[told], start[told + 1])

    def _seen(self, told: int, view: View) -> int:
        columns = self._columns
        bits: dict[int, int] = {}
        is_said = has_endpoint = False
        for at in self.places(told):
            if is_of_view(columns, at, view):
                is_said = True
                if counts(columns, at, view.day):
                    entry = columns.told_entry[at]
                    position = entry >> REGISTRATION_SHIFT
                    bits[position] = joined(bits.get(position), entry & _DIRECTIONS)
                    has_endpoint |= bool(columns.told_flags[at] & FROM_ENDPOINTS)
        if not is_said:
            return NOTHING
        found = tuple(position << REGISTRATION_SHIFT | bits[position] for position in sorted(bits)), has_endpoint
        known = self._sets.get(found)
        if known is None:
            # Its entries stand there before anybody is told its name: threads may ask at once.
            new = len(columns.set_start) - 1 + next(self._counter)
            self.entries[new] = found
            known = self._sets.setdefault(found, new)
        return known
