"""Identifiers in cells: compacted, looked at once each, and never dropped for a wrong check digit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

from sor_addressing.extracts.checks import is_mangled, is_zeroed
from sor_addressing.hiding import shown
from sor_addressing.identifiers import IdentifierKind, LocationNumber, ProviderNumber, ShakCode, SorCode

__all__ = ["LOST", "IdentifierCell", "identifier_reader"]

LOST = "identifier-mangled-by-spreadsheet"
"""Code of the problem of a number whose digits are gone."""

# Identifiers repeat a lot: each is looked at once as long as there are not too many.
_REMEMBERED = 65_536

_Kind = type[SorCode | LocationNumber | ProviderNumber | ShakCode]
_NAMES = {
    IdentifierKind.SOR_CODE: "sor-code",
    IdentifierKind.LOCATION_NUMBER: "location-number",
    IdentifierKind.PROVIDER_NUMBER: "provider-number",
    IdentifierKind.SHAK_CODE: "shak-code",
}


class IdentifierCell(NamedTuple):
    """What a cell holds, in canonical form; ``fault`` is the code of the problem where it is not as it should be.

    ``seen`` is the value as it may stand in a problem.
    """

    value: str
    seen: str
    fault: str | None = None
    details: Mapping[str, object] = {}  # never written to

    @property
    def is_lost(self) -> bool:
        """Whether a spreadsheet has made another number of it, so that nobody can tell which one it was."""
        return self.fault == LOST


def identifier_reader(kind: _Kind) -> Callable[[str], IdentifierCell]:
    """How cells with identifiers of one kind are read.

    >>> identifier_reader(LocationNumber)("5790 9990 00017").value
    '5790999000017'
    >>> identifier_reader(LocationNumber)("5,79E+12").fault
    'identifier-mangled-by-spreadsheet'
    """
    is_canonical, name = kind.is_canonical, _NAMES[kind.kind]

    def read(cell: str) -> IdentifierCell:
        if is_canonical(cell):
            return IdentifierCell(cell, cell)
        value = kind.compact(cell)
        if not value or is_canonical(value):
            return IdentifierCell(value, value)
        if kind is not ShakCode and is_mangled(cell):
            return IdentifierCell(cell, cell, LOST, {"value": cell})
        seen = shown(value)
        if not kind.fits(value):
            return IdentifierCell(value, seen, f"{name}-shape", {"value": seen, "expected": kind.shape_text})
        if kind is SorCode and is_zeroed(value):
            return IdentifierCell(value, seen, "sor-code-zeroed-by-spreadsheet", {"value": value})
        details = {"value": value, "expected": kind.expected_check_digit(value)}
        return IdentifierCell(value, seen, f"{name}-check-digit", details)

    return lru_cache(maxsize=_REMEMBERED)(read)
