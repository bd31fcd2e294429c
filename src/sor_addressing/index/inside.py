"""What other rooms need of a unit's inside: the index it is a view on, and its row there."""

from __future__ import annotations

from sor_addressing.index.addresses import holding
from sor_addressing.index.lookup import Index
from sor_addressing.index.packed import Packed
from sor_addressing.index.unit import Unit
from sor_addressing.model import address_lines


def index_of(unit: Unit) -> Index:
    """The index that ``unit`` is a view on."""
    return unit._index


def nearest_above(unit: Unit) -> tuple[Unit, ...]:
    """The units nearest above, nearest first, for what is shown of many units; those of a real register are all of them."""
    index = unit._index
    return tuple([Unit(index, row) for row in index.nearest_above(unit._row)])


def address_lines_of(index: Index, row: int, own: Packed) -> list[str]:
    """The lines of a unit's visiting address, or of the postal one where it has none; ``own`` is its record."""
    held = holding(index, row, "visiting_address", lambda one: own if one == row else index.record(one))
    return [] if held is None else address_lines(getattr(held.record, held.field))


def row_of(unit: Unit) -> int:
    """The row of ``unit`` in its index."""
    return unit._row
