"""Identifiers checked as they are read: what fails is reported and kept, never dropped."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from sor_addressing.hiding import shown
from sor_addressing.identifiers import CvrNumber, LocationNumber, ProviderNumber, ShakCode, SorCode
from sor_addressing.model import Problem, UnitRecord

Report = Callable[[Problem], None]

# A number as a spreadsheet shows it when it has run out of room: 5,79E+12.
_MANGLED = re.compile(r"\d(?:[.,]\d*)?[eE]\+?\d{1,3}")

# One CVR number stands on hundreds of units that follow each other.
_is_cvr_number = lru_cache(maxsize=1_024)(CvrNumber.is_canonical)


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


def is_mangled(cell: str) -> bool:
    """Whether a spreadsheet has cut a long number down to its first digits.

    >>> is_mangled("5,79E+12"), is_mangled("5790999000017")
    (True, False)
    """
    return _MANGLED.fullmatch(cell) is not None


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
