"""The identifiers of an entry as they stand in its cells: what a spreadsheet has changed is undone, what stands in the wrong column is moved.

The register decides: what it holds as the kind of the column is what was meant, however odd it looks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import attrs

from sor_addressing.addressing.agreement import Suggestion
from sor_addressing.addressing.findings import Finding
from sor_addressing.addressing.severities import Severity
from sor_addressing.cells.reading import is_mangled
from sor_addressing.changes.book.entries import IDENTIFIERS
from sor_addressing.extracts.checks import is_zeroed
from sor_addressing.hiding import shown
from sor_addressing.identifiers import (
    IdentifierKind,
    LocationNumber,
    ParsedIdentifier,
    SorCode,
    identifier_class,
    parse,
)
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.lookup import Index

_WITH_DECIMALS = re.compile(r"(\d+)[.,]0+")
_DIGITS_LEFT = re.compile(r"(\d)(?:[.,](\d*))?[eE]\+?\d{1,3}")
_EXACT_DIGITS = 15
# So long is an identifier of the kind; a shorter one of digits alone may have lost zeros in front.
_WIDTHS = {
    IdentifierKind.LOCATION_NUMBER: (13,),
    IdentifierKind.PROVIDER_NUMBER: (6,),
    IdentifierKind.SHAK_CODE: (4, 6, 7),
}
MANGLED, IN_WRONG_COLUMN, ZEROS_LOST = "identifier-mangled", "identifier-in-wrong-column", "identifier-zeros-lost"


@attrs.define(slots=True)
class EntryIdentifiers:
    """What an entry's cells hold.

    Attributes:
        given: the identifiers by kind, in canonical form where they have it.
        seen: what stands in each cell that is not blank, as it may be shown.
        lost: cells whose digits are gone.
        emptied: cells that held an identifier of another kind.
        findings: what is wrong with the cells themselves.
        suggestions: what should stand in them, as far as the cells tell it.
    """

    given: dict[IdentifierKind, str] = attrs.field(factory=dict)
    seen: dict[IdentifierKind, str] = attrs.field(factory=dict)
    lost: dict[IdentifierKind, str] = attrs.field(factory=dict)
    emptied: list[IdentifierKind] = attrs.field(factory=list)
    findings: list[Finding] = attrs.field(factory=list)
    suggestions: list[Suggestion] = attrs.field(factory=list)


def identifiers_in(index: Index, cells: tuple[str, str, str, str], levels: Mapping[str, Severity]) -> EntryIdentifiers:
    """The identifiers in the four ``cells`` of an entry, which are in the order of ``IDENTIFIERS``."""
    reading = _Reading(index, levels)
    for kind, cell in zip(IDENTIFIERS, cells, strict=True):
        if cell:
            reading.read(kind, cell)
    reading.move()
    return reading.found


def could_have_been(mangled: str, identifier: str) -> bool:
    """Whether the digits that a spreadsheet has left are those that ``identifier`` begins with, the last of them rounded or not.

    >>> could_have_been("5,791E+12", "5790999000017"), could_have_been("5,6E+12", "5790999000017")
    (True, False)
    """
    left = _DIGITS_LEFT.fullmatch(mangled)
    if left is None:
        return mangled.isdigit() and mangled[:_EXACT_DIGITS] == identifier[:_EXACT_DIGITS]
    if not identifier.isdigit():
        return False
    digits = (left[1] + (left[2] or "")).rstrip("0") or "0"
    cut = int(identifier[: len(digits)])
    rounded = (int(identifier[: len(digits) + 1]) + 5) // 10
    return int(digits) in (cut, rounded)


class _Reading:
    def __init__(self, index: Index, levels: Mapping[str, Severity]) -> None:
        self._index = index
        self._levels = levels
        self.found = EntryIdentifiers()
        self._moved: list[tuple[IdentifierKind, IdentifierKind, str]] = []

    def read(self, kind: IdentifierKind, cell: str) -> None:
        found = self.found
        if self._is_whole(kind, cell) and self._holds(kind, cell):
            found.given[kind] = found.seen[kind] = cell
            return
        parsed = parse(cell)
        value = identifier_class(kind).compact(parsed.value)
        seen = found.seen[kind] = parsed.value if identifier_class(kind).fits(value) else shown(cell)
        if self._names_another(kind, parsed):
            return
        if parsed.system is not None and parsed.kind is not kind:
            found.given[kind] = seen
        elif self._holds(kind, value):
            found.given[kind] = value
            if len(parsed.value) < len(value):
                self._zeros_lost(kind, parsed.value, value)
        elif kind is not IdentifierKind.SHAK_CODE and is_mangled("".join(cell.split())):
            found.lost[kind] = "".join(cell.split())
            self._mangled(kind, seen, "lost")
        elif not self._undone(kind, cell, value, seen) and not self._elsewhere(kind, value):
            found.given[kind] = value if identifier_class(kind).fits(value) else seen

    @staticmethod
    def _is_whole(kind: IdentifierKind, cell: str) -> bool:
        """Whether a cell is digits alone, as many as its kind has, and so needs no taking apart."""
        return (
            cell.isascii()
            and cell.isdigit()
            and len(cell) in _WIDTHS.get(kind, (len(cell),))
            and identifier_class(kind).fits(cell)
        )

    def _names_another(self, kind: IdentifierKind, parsed: ParsedIdentifier) -> bool:
        """Whether a system in front says that it is an identifier of another kind, and it can be one."""
        other = parsed.kind
        if other is None or other is kind or other not in IDENTIFIERS:
            return False
        cls = identifier_class(other)
        value = cls.compact(parsed.value)
        has_digit = cls in (SorCode, LocationNumber) and cls.is_canonical(value)
        if not has_digit and not self._holds(other, value):
            return False
        self._moved.append((kind, other, value))
        return True

    def move(self) -> None:
        """Put what stands in the wrong column where it belongs, unless something else stands there."""
        found = self.found
        leaving = {kind for kind, _, _ in self._moved}
        for kind, other, value in self._moved:
            details = {"identifier": shown(value), "kind": kind, "found": other}
            self._find(IN_WRONG_COLUMN, details)
            found.emptied.append(kind)
            taken = other in found.given or other in found.lost
            if not taken:
                found.given[other] = value
                if other in leaving or other not in found.seen:
                    found.suggestions.append(Suggestion(other, found.seen.get(other), value, IN_WRONG_COLUMN))
        # What moved into an emptied column fills it.
        found.emptied = [kind for kind in found.emptied if kind not in found.given]

    def _undone(self, kind: IdentifierKind, cell: str, value: str, seen: str) -> bool:
        """Whether it is clear what a spreadsheet has made the cell of."""
        decimals = _WITH_DECIMALS.fullmatch(cell)
        if decimals:
            plain = identifier_class(kind).compact(decimals[1])
            if self._holds(kind, plain):
                self._right(kind, seen, plain, MANGLED, variant="decimals")
                return True
        if kind is IdentifierKind.SOR_CODE and is_zeroed(value):
            # The digits that are gone are the end of 1000016 00, which every code has, and the check digit.
            plain = value[:-1] + SorCode.check_digit(value[:-1])
            if self._holds(kind, plain):
                self._right(kind, seen, plain, MANGLED, variant="zeroed")
            else:
                self.found.lost[kind] = value
                self._mangled(kind, seen, "lost")
            return True
        if value.isascii() and value.isdigit():
            for width in _WIDTHS.get(kind, ()):
                if len(value) < width and self._holds(kind, value.zfill(width)):
                    self._zeros_lost(kind, value, value.zfill(width))
                    self.found.given[kind] = value.zfill(width)
                    return True
        return False

    def _elsewhere(self, kind: IdentifierKind, value: str) -> bool:
        """Whether the register holds the value as another kind, or it can be nothing else."""
        others = [other for other, _ in self._index.held_as(value) if other is not kind]
        if not others:
            others = [cls.kind for cls in (SorCode, LocationNumber) if cls.kind is not kind and cls.is_canonical(value)]
        if len(others) != 1:
            return False
        self._moved.append((kind, others[0], value))
        return True

    def _holds(self, kind: IdentifierKind, value: str) -> bool:
        return self._index.position(kind, value) != NOTHING

    def _zeros_lost(self, kind: IdentifierKind, seen: str, right: str) -> None:
        self._find(ZEROS_LOST, {"identifier": seen, "kind": kind, "suggestion": right})
        self.found.suggestions.append(Suggestion(kind, seen, right, ZEROS_LOST))

    def _right(self, kind: IdentifierKind, seen: str, right: str, code: str, *, variant: str) -> None:
        self.found.given[kind] = right
        self._find(code, {"identifier": seen, "kind": kind, "variant": variant, "suggestion": right})
        self.found.suggestions.append(Suggestion(kind, seen, right, code))

    def _mangled(self, kind: IdentifierKind, seen: str, variant: str) -> None:
        self._find(MANGLED, {"identifier": seen, "kind": kind, "variant": variant})

    def _find(self, code: str, details: Mapping[str, object]) -> None:
        self.found.findings.append(Finding(code, self._levels[code], details))
