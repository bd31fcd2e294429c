"""The ``by_…`` mappings of a register: from an identifier to the unit, or to all units that carry it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sor_addressing.identifiers import IdentifierKind, identifier_class
from sor_addressing.index.lookup import Index
from sor_addressing.index.unit import Unit


class UnitBySorCode(Mapping[str, Unit]):
    """SOR code to unit; iterates in the order of the extract. Spaces and dashes in the code asked for don't matter."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def __getitem__(self, sor_code: str) -> Unit:
        return Unit(self._index, _rows(self._index, IdentifierKind.SOR_CODE, sor_code)[0])

    def __iter__(self) -> Iterator[str]:
        return self._index.keys(IdentifierKind.SOR_CODE)

    def __len__(self) -> int:
        return len(self._index)

    def __repr__(self) -> str:
        return f"<by_sor_code: {len(self)} units>"


class UnitsByIdentifier(Mapping[str, tuple[Unit, ...]]):
    """An identifier that is not unique to all units that carry it, whether in force or not; iterates in a stable order.

    For a location number its owner comes first, then the units that inherit it. A provider number is found
    in both spellings, with and without its leading zeros.
    """

    def __init__(self, index: Index, kind: IdentifierKind) -> None:
        self._index = index
        self._kind = kind

    def __getitem__(self, identifier: str) -> tuple[Unit, ...]:
        return tuple(Unit(self._index, row) for row in _rows(self._index, self._kind, identifier))

    def __iter__(self) -> Iterator[str]:
        return self._index.keys(self._kind)

    def __len__(self) -> int:
        return self._index.count(self._kind)

    def __repr__(self) -> str:
        return f"<by_{self._kind}: {len(self)} identifiers>"


def _rows(index: Index, kind: IdentifierKind, identifier: str) -> Sequence[int]:
    """Rows of the units with ``identifier``, as it stands or else in canonical form; never empty."""
    index.check_standing()
    if isinstance(identifier, str):
        rows = index.rows(kind, identifier) or index.rows(kind, identifier_class(kind).compact(identifier))
        if rows:
            return rows
    raise KeyError(identifier)
