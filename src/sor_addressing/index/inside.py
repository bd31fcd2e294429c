"""What other rooms need of a unit's inside: the index it is a view on, and its row there."""

from __future__ import annotations

from sor_addressing.index.lookup import Index
from sor_addressing.index.unit import Unit


def index_of(unit: Unit) -> Index:
    """The index that ``unit`` is a view on."""
    return unit._index


def nearest_above(unit: Unit) -> tuple[Unit, ...]:
    """The units nearest above, nearest first, for what is shown of many units; those of a real register are all of them."""
    index = unit._index
    return tuple([Unit(index, row) for row in index.nearest_above(unit._row)])


def row_of(unit: Unit) -> int:
    """The row of ``unit`` in its index."""
    return unit._row
