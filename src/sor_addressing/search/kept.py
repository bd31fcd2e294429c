"""The columns that a room of search answers from: mapped with a compiled register, else made when somebody first asks."""

from __future__ import annotations

import threading
from array import array
from collections.abc import Callable
from typing import Any

from sor_addressing.index.columns import Slices
from sor_addressing.index.lookup import Index
from sor_addressing.index.making.resting import without_garbage_collection

Maker = Callable[[Index], "dict[str, array[int]]"]
"""Makes the columns of a room, by name."""

_making = threading.Lock()


class KeptColumns:
    """Columns by name; one object an index and room, shared by all threads."""

    def __init__(self, index: Index, make: Maker) -> None:
        self._index = index
        self._make = make
        self._made: dict[str, array[int]] | None = None
        self._known: dict[str, Slices] = {}
        self.beside: Any = None
        """What the room keeps beside them, once somebody has asked."""

    def __getitem__(self, name: str) -> Slices:
        """The column called ``name``; to be asked for slices."""
        known = self._known.get(name)
        if known is None:
            known = self._index.columns.kept(name)
            if known is None:
                with _making:
                    if self._made is None:
                        with without_garbage_collection():
                            self._made = self._make(self._index)
                known = self._made[name]
            self._known[name] = known
        return known


def kept_columns(index: Index, make: Maker) -> KeptColumns:
    """The columns of ``index`` that ``make`` makes where it has none."""
    kept: KeptColumns = index.kept.get(make) or index.kept.setdefault(make, KeptColumns(index, make))
    return kept
