"""What other rooms need of a unit's inside: the index it is a view on, and its row there."""

from __future__ import annotations

from sor_addressing.index.lookup import Index
from sor_addressing.index.unit import Unit


def index_of(unit: Unit) -> Index:
    """The index that ``unit`` is a view on."""
    return unit._index


def row_of(unit: Unit) -> int:
    """The row of ``unit`` in its index."""
    return unit._row
