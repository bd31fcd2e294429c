"""Excel workbooks, by the extra ``excel``: every cell is text, so that no identifier is rounded and nothing becomes a formula or an error.

Equal rows give equal bytes: every time in the file is the day that it is given.
"""

from __future__ import annotations

import datetime as dt
import errno
import os
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain, islice
from typing import IO, TYPE_CHECKING, Any

from sor_addressing.cells import is_typed, sheet_text
from sor_addressing.errors import MissingExtra, NotWritten, SorAddressingError
from sor_addressing.whole_file import not_written

if TYPE_CHECKING:
    from openpyxl import Workbook

MOST_ROWS = 1_048_575
"""A sheet holds no more rows below its head."""

_WIDEST, _LOOKED_AT = 60, 200
_LONGEST_TITLE = 25
_BEGINNING = 1980  # of zip archives

Row = Sequence[object]


def check_workbooks(feature: str) -> None:
    """See to it, before anything else is done, that workbooks can be written.

    Raises:
        MissingExtra: openpyxl is not installed.
    """
    try:
        import openpyxl  # noqa: F401
    except ImportError as missing:
        raise MissingExtra(feature, "excel", "openpyxl") from missing


def write_workbook(
    target: IO[bytes],
    title: str,
    heads: Sequence[str],
    rows: Iterable[Row],
    *,
    day: dt.date,
    feature: str,
    error: type[SorAddressingError] = NotWritten,
) -> int:
    """Write rows as a workbook, on as many sheets as they need; how many there are.

    Args:
        target: a file open for bytes.
        title: of the first sheet; further ones have a number behind.
        heads: stay in sight, and have filters.
        rows: texts; None where there is nothing.
        day: for every time in the file.
        feature: what needs the extra, in the words of the error.
        error: the class of the error where the folder for temporary files, through which sheets go, can't be written.

    Raises:
        MissingExtra: openpyxl is not installed.
        SorAddressingError: of the class ``error``. What goes wrong with ``target`` is told by who opened it.
    """
    check_workbooks(feature)
    from openpyxl import Workbook
    from openpyxl.writer.excel import ExcelWriter

    book = Workbook(write_only=True)
    moment = dt.datetime(max(day.year, _BEGINNING), day.month, day.day)  # noqa: DTZ001  # as openpyxl keeps it
    book.properties.created = book.properties.modified = moment
    left = iter(rows)
    count = 0
    try:
        for number in range(1, 1_000):
            first = list(islice(left, 1))
            if number > 1 and not first:
                break
            name = title[:_LONGEST_TITLE] if number == 1 else f"{title[:_LONGEST_TITLE]} {number}"
            count += _add_sheet(book, name, heads, chain(first, islice(left, MOST_ROWS - len(first))))
        with _Dated(target, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.day = day
            ExcelWriter(book, archive).save()
    except Exception as fault:
        _let_go(book)
        cause = _disk_fault(fault)
        if cause is None:
            raise
        raise not_written(tempfile.gettempdir(), cause, error) from fault
    return count


def _disk_fault(fault: Exception) -> OSError | None:
    """What a disk said, if it was a disk: sheets are written by lxml, which tells of that in an error of its own."""
    if isinstance(fault, OSError):
        return fault
    if type(fault).__module__.partition(".")[0] != "lxml":
        return None
    number = getattr(errno, str(fault).removeprefix("IO_"), errno.EIO)
    return OSError(number, os.strerror(number))


def _add_sheet(book: Workbook, title: str, heads: Sequence[str], rows: Iterator[Row]) -> int:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title)
    first = list(islice(rows, _LOOKED_AT))
    sheet.freeze_panes = "A2"
    for at, head in enumerate(heads):
        longest = max((len(str(row[at] or "")) for row in first), default=0)
        sheet.column_dimensions[get_column_letter(at + 1)].width = min(_WIDEST, max(len(head), longest) + 2)

    def cell(value: object) -> Any:
        if value is None:
            return None
        text = sheet_text(str(value))
        if not is_typed(text):
            return text
        made = WriteOnlyCell(sheet, text)
        made.data_type = "s"
        made.quotePrefix = True  # the apostrophe of spreadsheets: who edits the cell has no formula either
        return made

    head_cells = [WriteOnlyCell(sheet, sheet_text(head)) for head in heads]
    for made in head_cells:
        made.data_type = "s"
        made.font = Font(bold=True)
    sheet.append(head_cells)
    count = 0
    for row in chain(first, rows):
        sheet.append([cell(value) for value in row])
        count += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(heads))}{count + 1}"
    return count


def _let_go(book: Workbook) -> None:
    """Leave nothing of the sheets that are half written."""
    for sheet in book.worksheets:
        writer = getattr(sheet, "_writer", None)
        with suppress(Exception):
            sheet.close()
        if writer is not None:
            with suppress(Exception):
                writer.cleanup()


class _Dated(zipfile.ZipFile):
    """An archive whose members are all of one day."""

    day = dt.date(_BEGINNING, 1, 1)

    def writestr(self, name: Any, data: Any, *_: Any) -> None:
        super().writestr(self._member(str(name)), data)

    def write(self, filename: Any, arcname: Any = None, *_: Any) -> None:
        with open(filename, "rb") as part, self.open(self._member(str(arcname)), "w") as copy:  # noqa: PTH123
            while block := part.read(1 << 20):
                copy.write(block)

    def _member(self, name: str) -> zipfile.ZipInfo:
        day = self.day
        member = zipfile.ZipInfo(name, (max(day.year, _BEGINNING), day.month, day.day, 0, 0, 0))
        member.compress_type = zipfile.ZIP_DEFLATED
        return member
