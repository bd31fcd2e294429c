"""What units have from above: institution and owner, and the address and contact that they inherit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sor_addressing.index.addresses import holding
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.lookup import Index
from sor_addressing.index.packed import name_in, parts, texts
from sor_addressing.model import KINDS, UnitKind

OWNER, INSTITUTION = map(KINDS.index, (UnitKind.INSTITUTION_OWNER, UnitKind.HEALTH_INSTITUTION))

_town = parts("visiting_address", "district")
_handed_down = texts("name", "postal_address", "contact")
_BEFORE, _BLOCK = 1 << 15, 1 << 16
"""How many bytes are read at once: those in front, for who goes back to a unit above, and those to come."""


class Records:
    """Packed records, read in blocks: who asks for one asks next for one near it. Little is held at a time."""

    __slots__ = ("_begins", "_block", "_heap", "_last", "_start", "_stop")

    def __init__(self, index: Index) -> None:
        self._heap = index.columns.records
        self._begins = index.columns.unit_record
        self._last = self._begins[len(index)]
        self._start = self._stop = 0
        self._block = b""

    def of(self, row: int) -> bytes:
        """The packed record of the unit in ``row``."""
        begins = self._begins
        begin, end = begins[row], begins[row + 1]
        if begin < self._start or end > self._stop:
            self._start, self._stop = max(0, begin - _BEFORE), max(end, min(begin + _BLOCK, self._last))
            self._block = bytes(self._heap[self._start : self._stop])
        start = self._start
        return self._block[begin - start : end - start]


class Higher(NamedTuple):
    """What a unit has and hands down: rows of its institution and owner, parts of its postal address and its contact."""

    institution: int
    owner: int
    postal: str
    contact: str


_NOBODY = Higher(NOTHING, NOTHING, "", "")


class Above:
    """What units hand down to those below them; worked out once for each that has any."""

    __slots__ = ("_known", "_names", "_records", "index")

    def __init__(self, index: Index) -> None:
        self.index = index
        self._records = Records(index)
        self._known: dict[int, Higher] = {NOTHING: _NOBODY}
        self._names: dict[int, str] = {}

    def of(self, row: int) -> Higher:
        """What the unit in ``row`` has and hands down; nothing where there is no such row."""
        known = self._known.get(row)
        if known is not None:
            return known
        parents = self.index.columns.unit_parent
        way = []
        while row not in self._known:
            way.append(row)
            row = parents[row]
        higher = self._known[row]
        for one in reversed(way):
            higher = self._known[one] = self._handed_down(one, higher)
        return higher

    def _handed_down(self, row: int, higher: Higher) -> Higher:
        institution, owner, postal_above, contact_above = higher
        name, postal, contact = _handed_down(self._records.of(row))
        kind = self.index.columns.unit_kind[row]
        if kind == OWNER:
            owner = row
        elif kind == INSTITUTION:
            institution = row
        self._names[row] = " ".join(name.split())
        return Higher(institution, owner, postal or postal_above, contact or contact_above)

    def name(self, row: int) -> str:
        """The name of the unit in ``row``, with single spaces."""
        name = self._names.get(row)
        if name is None:
            name = self._names[row] = " ".join(name_in(self._records.of(row)).split())
        return name

    def town(self, row: int) -> str:
        """The town of the unit's visiting address, its own or what stands for it; empty where it has none."""
        held = holding(self.index, row, "visiting_address")
        return _town(held.record[held.field])[0].decode() if held else ""


def names_of(index: Index, rows: Sequence[int]) -> list[str]:
    """The names of ``rows``, which are sorted, with single spaces; the SOR code of a unit without a name."""
    names = [" ".join(name_in(record).split()) for record in map(Records(index).of, rows)]
    return [name or index.sor_code(row) for name, row in zip(names, rows, strict=True)]
