"""What units have from above: the names of institution and owner, and the address and contact that they inherit."""

from __future__ import annotations

from sor_addressing.exports.columns import Dialect
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.lookup import Index
from sor_addressing.index.unit_kinds import KINDS
from sor_addressing.model import UnitKind

_FIELD = "\x1f"
_POSTAL, _CONTACT = 10, 13
_OWNER, _INSTITUTION = map(KINDS.index, (UnitKind.INSTITUTION_OWNER, UnitKind.HEALTH_INSTITUTION))

Higher = tuple[tuple[object, ...], str, str]
"""SOR code and name of institution and of owner; the parts of the postal address and of the contact."""


class Above:
    """What a unit hands down to those below it; worked out once for each that has any."""

    __slots__ = ("_dialect", "_index", "_known", "_named")

    def __init__(self, index: Index, dialect: Dialect) -> None:
        self._index = index
        self._dialect = dialect
        self._known: dict[int, Higher] = {}
        self._named: dict[int, tuple[object, object]] = {}

    def of(self, row: int) -> Higher:
        """What the unit in ``row`` has and hands down."""
        known = self._known.get(row)
        if known is not None:
            return known
        parents = self._index.columns.unit_parent
        way = []
        while row != NOTHING and row not in self._known:
            way.append(row)
            row = parents[row]
        nothing = self._dialect.nothing
        higher: Higher = self._known[row] if row != NOTHING else ((nothing,) * 4, "", "")
        for one in reversed(way):
            higher = self._known[one] = self._handed_down(one, higher)
        return higher

    def _handed_down(self, row: int, higher: Higher) -> Higher:
        index = self._index
        names, postal, contact = higher
        fields = index._record(row).decode().split(_FIELD, _CONTACT + 1)
        kind = index.columns.unit_kind[row]
        if kind == _OWNER:
            names = (*names[:2], *self._cells(row, fields[0]))
        elif kind == _INSTITUTION:
            names = (*self._cells(row, fields[0]), *names[2:])
        return names, fields[_POSTAL] or postal, fields[_CONTACT] or contact

    def _cells(self, row: int, name: str) -> tuple[object, object]:
        dialect = self._dialect
        code = dialect.identifier(self._index.sor_code(row))
        return (code, dialect.text(name) if name else dialect.nothing)

    def named(self, row: int) -> tuple[object, object]:
        """SOR code and name of the unit in ``row``."""
        known = self._named.get(row)
        if known is None:
            known = self._named[row] = self._cells(row, self._index.name(row))
        return known
