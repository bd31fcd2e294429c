"""What search keeps in a compiled file beside the index."""

from __future__ import annotations

from array import array

from sor_addressing.index.lookup import Index
from sor_addressing.index.making.resting import without_garbage_collection
from sor_addressing.search.rules.facet_columns import make_facet_columns
from sor_addressing.search.words.columns import make_word_columns


def make_columns(index: Index) -> dict[str, array[int]]:
    """Everything that ``search`` and ``find`` answer from; ``Register.save`` writes it."""
    with without_garbage_collection():
        return make_word_columns(index) | make_facet_columns(index)
