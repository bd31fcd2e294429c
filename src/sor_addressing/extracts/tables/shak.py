"""``shakcomplete.txt``: the SHAK register of hospitals and their departments, in lines of fixed width, with its history.

Source: public readers of the file. ISO-8859-1, 214 characters a line: ``sgh`` or ``afd``, code, first day, day of change, last
day with ``25000101`` for an open one, name, and an operation code. A file in UTF-8 is noticed, and read by its characters.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from sor_addressing.companions import ShakRecord
from sor_addressing.errors import ExtractError
from sor_addressing.extracts.checks import Report
from sor_addressing.extracts.days import TableDays
from sor_addressing.extracts.tables.text_blocks import Blocks
from sor_addressing.hiding import shown
from sor_addressing.identifiers import ShakCode
from sor_addressing.model import Problem

__all__ = ["LINE_LENGTH", "OPEN", "looks_like_shak", "read_shak"]

LINE_LENGTH = 214
"""Characters in a line, without its end."""

OPEN = "25000101"
"""Stands as last day where a code is in use."""

_CODE = slice(3, 23)
_FROM = slice(23, 31)
_CHANGED = slice(31, 39)
_TO = slice(39, 47)
_NAME = slice(47, 187)
_OPERATION = slice(187, 188)
# Hospitals have codes of 4 characters, departments of 6 and wards of 7.
_LENGTHS = {"sgh": (4,), "afd": (6, 7)}

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


def read_shak(stream: BinaryIO, *, file: str, report: Report) -> Iterator[ShakRecord]:
    """The codes of the SHAK register, in the file's order; a code has a line for each of its periods.

    Args:
        stream: the bytes; need not be seekable.
        file: name used in errors and problems.
        report: called with each problem. A line without code, dates or name is left out, and so is one that begins like
            none; a code of another length is kept. Where the first or last day can't be read, the record has
            ``period_unreadable``.

    Raises:
        ExtractError: the file is no text, or none of its lines can be read.
    """
    days = TableDays()
    line, count = 0, 0
    blocks = Blocks(stream, file, report)
    for block in blocks:
        for text in io.StringIO(block, newline=None):
            line += 1
            record = _record(text.rstrip("\n"), line, days, file, report)
            if record is not None:
                count += 1
                yield record
        blocks.lines = line
    if not count:
        raise ExtractError("the file holds no SHAK codes; fetch it again", file=file)


def _record(text: str, line: int, days: TableDays, file: str, report: Report) -> ShakRecord | None:
    if not text.strip():
        return None
    kind = text[:3].lower()
    if kind not in _LENGTHS:
        report(Problem("shak-line-unknown", file, line, None, {"value": shown(text[:3])}))
        return None
    code = ShakCode.compact(text[_CODE])
    name = text[_NAME].strip()
    seen = shown(code) or None
    if len(text) <= _OPERATION.start:
        report(Problem("shak-line-short", file, line, seen, {"length": len(text), "expected": LINE_LENGTH}))
        if not code or len(text) < _NAME.start or not name:
            return None
    if not code or not name:
        missing = tuple(field for field, cell in (("code", code), ("name", name)) if not cell)
        report(Problem("row-incomplete", file, line, seen, {"fields": missing}))
        return None
    if len(code) not in _LENGTHS[kind] or not ShakCode.fits(code):
        report(Problem("shak-register-code-shape", file, line, seen, {"value": shown(code)}))

    def day(field: str, cell: str, problem: str) -> dt.date | None:
        found = days[cell] if cell and cell != OPEN else None
        if cell and cell != OPEN and found is None:
            report(Problem(problem, file, line, seen, {"value": shown(cell), "field": field}))
        return found

    from_text, to_text = text[_FROM].strip(), text[_TO].strip()
    from_date = day("from_date", from_text, "row-period-unreadable")
    to_date = day("to_date", to_text, "row-period-unreadable")
    unreadable = (from_date is None and from_text not in ("", OPEN)) or (to_date is None and to_text not in ("", OPEN))
    if from_date is not None and to_date is not None and to_date < from_date:
        details = {"from_date": from_date.isoformat(), "to_date": to_date.isoformat()}
        report(Problem("period-reversed", file, line, seen, details))
    changed = day("changed", text[_CHANGED].strip(), "row-day-unreadable")
    operation = text[_OPERATION].strip()
    return ShakRecord(code, name, from_date, to_date, changed, operation, line, period_unreadable=unreadable)
