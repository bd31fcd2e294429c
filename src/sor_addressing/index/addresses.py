"""Which address and contact holds for a unit: its own, the one in its place, or that of a unit above. One unit, and whole columns.

The visiting address stands in for the address of activity, and the postal address for the visiting one. Postal address and contact come
down from the nearest unit above that has one; whose that is is settled for all units when the index is built, and is a column.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, MutableSequence, Sequence
from typing import Any, NamedTuple, TypeVar

from sor_addressing.index.columns import NOTHING
from sor_addressing.index.keys import unreadable
from sor_addressing.index.lookup import Index
from sor_addressing.index.packed import Packed
from sor_addressing.model import address_lines

IN_ITS_PLACE = {
    "postal_address": ("postal_address",),
    "visiting_address": ("visiting_address", "postal_address"),
    "activity_address": ("activity_address", "visiting_address", "postal_address"),
    "contact": ("contact",),
}
"""Field of the record to the fields of the unit's own that can be it, in order. The last of them can be that of a unit above."""

_MOST_LINES = 8_192

Value = TypeVar("Value", bytes, str)
Column = TypeVar("Column", bound=MutableSequence[Any])


class Holding(NamedTuple):
    """What holds for a unit: the field of which record it is, and the row of the unit whose it is."""

    record: Packed
    field: str
    row: int


def holding(index: Index, row: int, asked: str, record_of: Callable[[int], Packed] | None = None) -> Holding | None:
    """The address or contact that holds for the unit in ``row``; None where there is none.

    Args:
        index: the index.
        row: the unit.
        asked: the field.
        record_of: from a row to its record, where the caller has some at hand.
    """
    record_of = record_of or index.record
    own = record_of(row)
    field, holder = held_by(index, row, asked, own)
    if holder == NOTHING:
        return None
    held = own if holder == row else record_of(holder)
    if not held[field]:
        raise unreadable()
    return Holding(held, field, holder)


def held_by(index: Index, row: int, asked: str, own: Packed) -> tuple[str, int]:
    """The field that holds, and the row of the unit whose it is or ``NOTHING``; ``own`` is the record of the unit in ``row``."""
    field = asked
    for field in IN_ITS_PLACE[asked]:
        if own[field]:
            return field, row
    columns = index.columns
    return field, (columns.unit_contact if asked == "contact" else columns.unit_postal)[row]


def address_lines_of(index: Index, row: int, own: Packed) -> list[str]:
    """The lines of a unit's visiting address, or of the postal one where it has none; ``own`` is its record."""
    field, holder = held_by(index, row, "visiting_address", own)
    if holder == NOTHING:
        return []
    if holder == row:
        return address_lines(getattr(own, field))
    known = index.postal_lines.get(holder)
    if known is None:
        parts = getattr(index.record(holder), field)
        if not parts:
            raise unreadable()
        known = address_lines(parts)
        if len(index.postal_lines) < _MOST_LINES:
            index.postal_lines[holder] = known
    return list(known)


def standing_in(visiting: Value, postal: Value, above: Value) -> Value:
    """The visiting address that holds, of a unit's own addresses and the postal one that comes down to it."""
    return visiting or postal or above


def visiting_addresses(visiting: Iterable[bytes], postal: Sequence[bytes], holders: Sequence[int]) -> list[bytes]:
    """The visiting address that holds for each unit, of each unit's own and the rows whose postal one holds; as they are packed."""
    above = [*postal, b""]  # the last stands for no row
    return [own or above[holder] for own, holder in zip(visiting, holders, strict=True)]


def municipalities(visiting: Iterable[int], postal: Sequence[int], holders: Sequence[int]) -> array[int]:
    """Text of each unit's municipality: of its visiting address where that says one, else of the postal one that holds; 0 where none does.

    ``visiting`` and ``postal`` hold the texts of each unit's own addresses, ``NOTHING`` where it has none.
    """
    above = [*postal, NOTHING]  # the last stands for no row
    return array("i", [max(own, 0) or max(above[holder], 0) for own, holder in zip(visiting, holders, strict=True)])


def come_down(column: Column, parents: Sequence[int], nothing: object) -> Column:
    """``column`` itself, each row that has ``nothing`` given what the nearest one above has; parents need not come before their children."""
    settled = bytearray(len(column))
    for row in range(len(column)):
        way = []
        while column[row] == nothing and not settled[row]:
            settled[row] = 1
            way.append(row)
            if parents[row] == NOTHING:
                break
            row = parents[row]
        for member in way:
            column[member] = column[row]
    return column
