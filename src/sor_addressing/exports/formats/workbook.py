"""An extract as an Excel workbook: every cell is text, so that no identifier loses a zero or a digit. Needs the extra ``excel``.

The workbook is put together anew with the day of the register for every time in it, so that equal extracts are equal files.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sor_addressing.errors import ExportError, MissingExtra
from sor_addressing.exports.columns import Dialect
from sor_addressing.exports.rows import Table

BETWEEN = " | "
LONGEST_CELL = 32_767
MOST_ROWS = 1_048_575
_CORE = "docProps/core.xml"
_TIMES = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")


def _cut(text: str) -> str:
    """``text`` as long as a cell can be; where items are left out it ends in three dots."""
    if len(text) <= LONGEST_CELL:
        return text
    return text[: text.rindex(BETWEEN, 0, LONGEST_CELL - len(BETWEEN))] + BETWEEN + "…"


def _several(texts: Iterable[str]) -> str | None:
    return _cut(BETWEEN.join(texts)) or None


DIALECT = Dialect(None, ("false", "true"), _several)


def write_excel(path: Path, table: Table, *, day: dt.date) -> dict[str, object]:
    """Write ``table`` as one sheet, with a header that stays in sight and filters; what is to be said of the file.

    Raises:
        MissingExtra: openpyxl is not installed.
        ExportError: there are more rows than a sheet holds.
    """
    try:
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.utils import get_column_letter
    except ImportError as error:
        raise MissingExtra("export to Excel", "excel", "openpyxl") from error
    if len(table) > MOST_ROWS:
        raise ExportError(
            f"{len(table):,} rows are more than a sheet of Excel holds ({MOST_ROWS:,}); write csv or sqlite"
        )
    book = Workbook(write_only=True)
    sheet = book.create_sheet("recipients")
    names = [column.name for column in table.columns]
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(names))}{len(table) + 1}"

    def cell(value: object) -> Any:
        # What begins with an equals sign would be a formula.
        if isinstance(value, str) and value.startswith("="):
            text = WriteOnlyCell(sheet, value)
            text.data_type = "s"
            return text
        return value

    sheet.append([cell(name) for name in names])
    for row in table.rows(DIALECT):
        sheet.append([cell(value) for value in row])
    unpacked = path.with_name(path.name + ".book")
    try:
        book.save(unpacked)
        _pack(unpacked, path, day)
    finally:
        unpacked.unlink(missing_ok=True)
    return {}


def _pack(source: Path, target: Path, day: dt.date) -> None:
    """Copy a workbook with one day for every time in it."""
    moment = f"{day.isoformat()}T00:00:00Z".encode()
    with zipfile.ZipFile(source) as given, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in given.namelist():
            entry = zipfile.ZipInfo(name, (max(day.year, 1980), day.month, day.day, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            with given.open(name) as part, packed.open(entry, "w") as copy:
                if name == _CORE:
                    copy.write(_TIMES.sub(rb"\g<1>" + moment + rb"\g<3>", part.read()))
                else:
                    while block := part.read(1 << 20):
                        copy.write(block)
