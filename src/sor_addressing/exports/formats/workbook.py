"""An extract as an Excel workbook of one sheet; equal extracts are equal files. Needs the extra ``excel``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import IO

from sor_addressing.cells import LONGEST_IN_SHEET
from sor_addressing.errors import ExportError
from sor_addressing.exports.columns import Dialect
from sor_addressing.exports.rows import Table
from sor_addressing.workbook import MOST_ROWS, write_workbook

BETWEEN = " | "


def _cut(text: str) -> str:
    """``text`` as long as a cell can be; where items are left out it ends in three dots."""
    if len(text) <= LONGEST_IN_SHEET:
        return text
    return text[: text.rindex(BETWEEN, 0, LONGEST_IN_SHEET - len(BETWEEN))] + BETWEEN + "…"


def _several(texts: Iterable[str]) -> str | None:
    return _cut(BETWEEN.join(texts)) or None


DIALECT = Dialect(None, ("false", "true"), _several)


def write_excel(file: IO[bytes], table: Table, *, day: dt.date) -> None:
    """Write ``table`` as one sheet.

    Raises:
        MissingExtra: openpyxl is not installed.
        ExportError: there are more rows than a sheet holds, or the folder for temporary files can't be written.
    """
    if len(table) > MOST_ROWS:
        raise ExportError(
            f"{len(table):,} rows are more than a sheet of Excel holds ({MOST_ROWS:,}); write csv or sqlite"
        )
    names = [column.name for column in table.columns]
    rows = table.rows(DIALECT)
    write_workbook(file, "recipients", names, rows, day=day, feature="export to Excel", error=ExportError)
