"""Identifiers checked as they are read: what fails is reported and kept, never dropped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

from sor_addressing.cells.reading import LOST, is_mangled
from sor_addressing.hiding import shown
from sor_addressing.identifiers import CvrNumber, IdentifierKind, LocationNumber, ProviderNumber, ShakCode, SorCode
from sor_addressing.model import Problem, UnitRecord

Report = Callable[[Problem], None]

# Identifiers repeat a lot: each is looked at once as long as there are not too many.
_REMEMBERED = 65_536

_Kind = type[SorCode | LocationNumber | ProviderNumber | ShakCode]
_NAMES = {
    IdentifierKind.SOR_CODE: "sor-code",
    IdentifierKind.LOCATION_NUMBER: "location-number",
    IdentifierKind.PROVIDER_NUMBER: "provider-number",
    IdentifierKind.SHAK_CODE: "shak-code",
}

# One CVR number stands on hundreds of units that follow each other.
_is_cvr_number = lru_cache(maxsize=1_024)(CvrNumber.is_canonical)


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


def check_identifiers(record: UnitRecord, *, file: str, report: Report, from_spreadsheet: bool = False) -> None:
    """Report each identifier of ``record`` that does not have the shape or check digit of its kind.

    Args:
        record: the unit.
        file: name used in problems.
        report: called with each problem.
        from_spreadsheet: whether the file may have been through one, which makes zeros of all digits after the 15th.
    """
    code = record.sor_code
    if from_spreadsheet and is_zeroed(code):
        report(Problem("sor-code-zeroed-by-spreadsheet", file, record.line, code, {"value": code}))
    elif not SorCode.is_canonical(code):
        _report_wrong(SorCode, "sor-code", code, record, file, report)
    location = record.location
    if location is not None and not LocationNumber.is_canonical(location.number):
        _report_wrong(LocationNumber, "location-number", location.number, record, file, report)
    if record.provider_number and not ProviderNumber.fits(record.provider_number):
        _report_wrong(ProviderNumber, "provider-number", record.provider_number, record, file, report)
    if record.shak_code and not ShakCode.fits(record.shak_code):
        _report_wrong(ShakCode, "shak-code", record.shak_code, record, file, report)
    if record.cvr_number and not _is_cvr_number(record.cvr_number):
        _report_wrong(CvrNumber, "cvr-number", record.cvr_number, record, file, report)


def is_zeroed(code: str) -> bool:
    """Whether a SOR code of 16 digits or more is wrong the way a spreadsheet makes it wrong."""
    return len(code) >= 16 and SorCode.fits(code) and not code[15:].strip("0") and not SorCode.is_canonical(code)


def _report_wrong(
    kind: type[SorCode | LocationNumber | ProviderNumber | ShakCode | CvrNumber],
    name: str,
    value: str,
    record: UnitRecord,
    file: str,
    report: Report,
) -> None:
    if not kind.fits(value):
        report(
            Problem(
                f"{name}-shape",
                file,
                record.line,
                record.sor_code,
                {"value": shown(value), "expected": kind.shape_text},
            )
        )
        return
    report(
        Problem(
            f"{name}-check-digit",
            file,
            record.line,
            record.sor_code,
            {"value": value, "expected": kind.expected_check_digit(value)},
        )
    )
