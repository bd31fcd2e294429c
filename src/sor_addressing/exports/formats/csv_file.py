"""An extract as CSV: for programs by default, or in the form that spreadsheets take without damage.

Lines are put together of pieces that rows share, each packed once; what is written is what the writer of ``cells`` would write.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from sor_addressing.cells import LINE_END, identifier_cell, packing
from sor_addressing.exports.columns import Dialect
from sor_addressing.exports.rows import Table

BETWEEN = " | "
"""Parts the items of a list in one cell."""


def dialect_of(*, spreadsheet: bool) -> Dialect:
    """How cells are written: texts, packed as parts of lines."""
    delimiter = ";" if spreadsheet else ","
    identifier = identifier_cell if spreadsheet else str
    pack = packing(delimiter)

    def is_plain(texts: Iterable[str]) -> bool:
        return all(pack((text, text)) == text + delimiter + text for text in texts)

    return Dialect("", ("false", "true"), BETWEEN.join, identifier, pack, delimiter.join, is_plain)


def encoding_of(*, spreadsheet: bool) -> str:
    """UTF-8; for spreadsheets with the mark by which they know it."""
    return "utf-8-sig" if spreadsheet else "utf-8"


def write_csv(file: TextIO, table: Table, *, spreadsheet: bool) -> None:
    """Write ``table``: with commas; for spreadsheets with semicolons, and identifiers as ``="…"``."""
    dialect = dialect_of(spreadsheet=spreadsheet)
    join = (";" if spreadsheet else ",").join
    file.write(dialect.pack([column.name for column in table.columns]) + LINE_END)
    file.writelines(join(pieces) + LINE_END for pieces in table.pieces(dialect))
