"""The columns that search and find are answered from: mapped with a compiled register, else made when somebody first asks."""

from __future__ import annotations

import threading
from array import array
from typing import Any

from sor_addressing.index.columns import Slices
from sor_addressing.index.lookup import Index
from sor_addressing.index.resting import without_garbage_collection

_making = threading.Lock()


class KeptColumns:
    """Columns by name; one object an index, shared by all threads."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._made: dict[str, array[int]] | None = None
        self._known: dict[str, Slices] = {}
        self.words: Any = None
        """What searching for words keeps here, once somebody has searched."""

    def __getitem__(self, name: str) -> Slices:
        """The column called ``name``; to be asked for slices."""
        known = self._known.get(name)
        if known is None:
            known = self._index.columns.kept(name)
            if known is None:
                with _making:
                    if self._made is None:
                        self._made = make_columns(self._index)
                known = self._made[name]
            self._known[name] = known
        return known


def kept_columns(index: Index) -> KeptColumns:
    """The columns of ``index`` that search and find are answered from."""
    if index.search is None:
        index.search = KeptColumns(index)
    kept: KeptColumns = index.search
    return kept


def make_columns(index: Index) -> dict[str, array[int]]:
    """Everything that search and find need beside the index itself; written into the compiled file by ``Register.save``."""
    from sor_addressing.search.facet_columns import make_facet_columns
    from sor_addressing.search.word_columns import make_word_columns

    with without_garbage_collection():
        return make_word_columns(index) | make_facet_columns(index)
