"""The SHAK register: ``shakcomplete.txt``, all codes in lines of fixed width, and ``SHAKregion.txt``, its hospitals with their SOR codes.

Source: public readers of the files; two of them, and 20,700 rows of two real registers, agree on the columns of the first. ISO-8859-1,
214 characters a line: 1-3 ``sgh`` or ``afd``, 4-23 code, 24-31 first day, 32-39 day of change, 40-47 last day with ``25000101`` for an
open one, 48-167 name, then five groups of three characters, values of 1, 2, 2 and 1, the last of them the operation code, 25 of
inclusion and one more. A row can have no name, and still has its period.

The second has tabs between hospital, name, first day, last day, type, kind, region and SOR code, and no header. Files in UTF-8 are
noticed, and read by their characters.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable, Iterator
from typing import BinaryIO

from sor_addressing.companions import ShakRecord
from sor_addressing.errors import ExtractError
from sor_addressing.extracts.checks import Report, identifier_reader
from sor_addressing.extracts.days import TableDays
from sor_addressing.extracts.tables.text_blocks import Blocks
from sor_addressing.hiding import shown
from sor_addressing.identifiers import ShakCode, SorCode
from sor_addressing.model import Problem

__all__ = ["LINE_LENGTH", "OPEN", "looks_like_hospitals", "looks_like_shak", "read_hospitals", "read_shak"]

LINE_LENGTH = 214
"""Characters in a line, without its end."""

OPEN = "25000101"
"""Stands as last day where a code is in use."""

_CODE = slice(3, 23)
_FROM = slice(23, 31)
_CHANGED = slice(31, 39)
_TO = slice(39, 47)
_NAME = slice(47, 167)
_OPERATION = slice(187, 188)
# Hospitals have codes of 4 characters, departments of 6 and wards of 7.
_LENGTHS = {"sgh": (4,), "afd": (6, 7)}

_COLUMNS_OF_HOSPITALS = 8

_HOSPITAL = re.compile(
    rb"[0-9A-Za-z]{4}\t[^\t]*\t(?:[0-9][0-9.-]{7,9})?\t(?:[0-9][0-9.-]{7,9})?\t[^\t]*\t[^\t]*\t[^\t]*\t *[0-9]{0,18} *\Z"
)
_LINE = re.compile(rb"(?:sgh|afd)[0-9A-Za-z\x80-\xff ]{20}[0-9]{8}", re.IGNORECASE)


def looks_like_shak(head: bytes) -> bool:
    """Whether a file that begins like this is the SHAK register: one of its first lines begins as its lines do.

    >>> looks_like_shak(b"sgh9901                20200101")
    True
    >>> looks_like_shak(b"SHAK;SOR-kode")
    False
    """
    lines = head[: 8 * LINE_LENGTH].removeprefix(b"\xef\xbb\xbf").splitlines()
    return any(_LINE.match(line) for line in lines[:6])


def looks_like_hospitals(head: bytes) -> bool:
    """Whether a file that begins like this is the table of hospitals: one of its first lines has its eight cells.

    >>> looks_like_hospitals(b"9901\\tSygehuset\\t20200101\\t25000101\\t1\\t1\\t1081\\t9000011000016006")
    True
    >>> looks_like_hospitals(b"EAN\\tEDI-type")
    False
    """
    return any(_HOSPITAL.match(line) for line in head.removeprefix(b"\xef\xbb\xbf").splitlines()[:6])


def read_shak(stream: BinaryIO, *, file: str, report: Report) -> Iterator[ShakRecord]:
    """The codes of the SHAK register, in the file's order; a code has a line for each of its periods.

    Args:
        stream: the bytes; need not be seekable.
        file: name used in errors and problems.
        report: called with each problem. A line without code or dates is left out, and so is one that begins like none; a
            code of another length is kept. Where the first or last day can't be read, the record has
            ``period_unreadable``.

    Raises:
        ExtractError: the file is no text, or none of its lines can be read.
    """
    days = _Days(file, report)
    yield from _records(stream, file, report, lambda text, line: _record(text, line, days, file, report))


def read_hospitals(stream: BinaryIO, *, file: str, report: Report) -> Iterator[ShakRecord]:
    """The hospitals of ``SHAKregion.txt``, in the file's order, with the SOR codes of their units; arguments and errors as in :func:`read_shak`.

    A line without a code is left out.
    """
    days = _Days(file, report)
    code_of = identifier_reader(SorCode)

    def hospital(text: str, line: int) -> ShakRecord | None:
        cells = list(map(str.strip, text.split("\t")))
        if not any(cells):
            return None
        seen = shown(cells[0]) or None
        if len(cells) != _COLUMNS_OF_HOSPITALS:
            details = {"cells": len(cells), "columns": _COLUMNS_OF_HOSPITALS}
            report(Problem("ragged-line", file, line, None, details))
            cells += [""] * _COLUMNS_OF_HOSPITALS
        code = ShakCode.compact(cells[0])
        if not code:
            report(Problem("row-incomplete", file, line, None, {"fields": ("code",)}))
            return None
        if len(code) != 4 or not ShakCode.fits(code):
            report(Problem("shak-register-code-shape", file, line, seen, {"value": shown(code)}))
        period = days.period(cells[2], cells[3], line, seen)
        unit = code_of(cells[7])
        if unit.fault is not None:
            report(Problem(unit.fault, file, line, seen, dict(unit.details)))
        sor_code = "" if unit.is_lost else unit.value
        from_date, to_date, unreadable = period
        name = cells[1]
        return ShakRecord(
            code, name, from_date, to_date, None, "", line, period_unreadable=unreadable, sor_code=sor_code
        )

    yield from _records(stream, file, report, hospital)


def _records(
    stream: BinaryIO, file: str, report: Report, read: Callable[[str, int], ShakRecord | None]
) -> Iterator[ShakRecord]:
    line, count = 0, 0
    blocks = Blocks(stream, file, report)
    for block in blocks:
        for text in io.StringIO(block, newline=None):
            line += 1
            record = read(text.rstrip("\n"), line)
            if record is not None:
                count += 1
                yield record
        blocks.lines = line
    if not count:
        raise ExtractError("the file holds no SHAK codes; fetch it again", file=file)


def _record(text: str, line: int, days: _Days, file: str, report: Report) -> ShakRecord | None:
    if not text.strip():
        return None
    kind = text[:3].lower()
    if kind not in _LENGTHS:
        report(Problem("shak-line-unknown", file, line, None, {"value": shown(text[:3])}))
        return None
    code = ShakCode.compact(text[_CODE])
    seen = shown(code) or None
    if len(text) <= _OPERATION.start:
        report(Problem("shak-line-short", file, line, seen, {"length": len(text), "expected": LINE_LENGTH}))
        if not code or len(text) < _TO.stop:
            return None
    if not code:
        report(Problem("row-incomplete", file, line, seen, {"fields": ("code",)}))
        return None
    if len(code) not in _LENGTHS[kind] or not ShakCode.fits(code):
        report(Problem("shak-register-code-shape", file, line, seen, {"value": shown(code)}))
    from_date, to_date, unreadable = days.period(text[_FROM].strip(), text[_TO].strip(), line, seen)
    changed = days.day("changed", text[_CHANGED].strip(), "row-day-unreadable", line, seen)
    name, operation = text[_NAME].strip(), text[_OPERATION].strip()
    return ShakRecord(code, name, from_date, to_date, changed, operation, line, period_unreadable=unreadable)


class _Days:
    """The days of lines, and what is wrong with them."""

    def __init__(self, file: str, report: Report) -> None:
        self._days = TableDays()
        self._file = file
        self._report = report

    def day(self, field: str, cell: str, problem: str, line: int, seen: str | None) -> dt.date | None:
        found = self._days[cell] if cell and cell != OPEN else None
        if cell and cell != OPEN and found is None:
            self._report(Problem(problem, self._file, line, seen, {"value": shown(cell), "field": field}))
        return found

    def period(self, first: str, last: str, line: int, seen: str | None) -> tuple[dt.date | None, dt.date | None, bool]:
        from_date = self.day("from_date", first, "row-period-unreadable", line, seen)
        to_date = self.day("to_date", last, "row-period-unreadable", line, seen)
        unreadable = (from_date is None and first not in ("", OPEN)) or (to_date is None and last not in ("", OPEN))
        if from_date is not None and to_date is not None and to_date < from_date:
            details = {"from_date": from_date.isoformat(), "to_date": to_date.isoformat()}
            self._report(Problem("period-reversed", self._file, line, seen, details))
        return from_date, to_date, unreadable
