"""Lists as Excel workbooks, by the extra ``excel``: every cell is text, so that no identifier is rounded and nothing becomes a formula."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import IO, TYPE_CHECKING

from sor_addressing.errors import MissingExtra
from sor_addressing.quality.report.rows import Row

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell

_MOST_ROWS = 1_000_000
"""A sheet holds some more, and the next one goes on."""

_WIDEST, _LOOKED_AT = 60, 200


def write_excel(target: IO[bytes], title: str, heads: Row, rows: Iterable[Row]) -> int:
    """Write rows as a workbook; how many there are.

    Raises:
        MissingExtra: openpyxl is not installed.
    """
    try:
        from openpyxl import Workbook
    except ImportError as error:
        raise MissingExtra("writing Excel", "excel", "openpyxl") from error
    book = Workbook(write_only=True)
    left: Iterator[Row] = iter(rows)
    part = list(islice(left, _MOST_ROWS))
    count = sheets = 0
    while part or not sheets:
        sheets += 1
        _add_sheet(book, title[:25] if sheets == 1 else f"{title[:25]} {sheets}", heads, part)
        count += len(part)
        part = list(islice(left, _MOST_ROWS))
    book.save(target)
    return count


def _add_sheet(book: Workbook, title: str, heads: Row, rows: list[Row]) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for at, head in enumerate(heads, start=1):
        longest = max((len(row[at - 1]) for row in rows[:_LOOKED_AT]), default=0)
        sheet.column_dimensions[get_column_letter(at)].width = min(_WIDEST, max(len(head), longest) + 2)

    def cell(text: str) -> Cell:
        made = WriteOnlyCell(sheet, _printable(text))
        made.data_type = "s"  # what begins as a formula would be one
        return made

    head_cells = list(map(cell, heads))
    for made in head_cells:
        made.font = Font(bold=True)
    sheet.append(head_cells)
    for row in rows:
        sheet.append([cell(text) if text[:1] == "=" else _printable(text) for text in row])


def _printable(text: str) -> str:
    """Text without the control characters that a workbook can't hold."""
    return text if text.isprintable() else "".join(char if char.isprintable() else " " for char in text)
