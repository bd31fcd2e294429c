"""An extract as CSV: for programs by default, or in the form that spreadsheets take without damage.

Spreadsheets run a cell that begins with ``=``, ``+``, ``-``, ``@``, a tab or a carriage return as a formula. Such a text gets an apostrophe
in front, in either form. Lines are put together here and not by ``csv.writer``, which would quote the pieces that rows share anew for each
row; what is written is what it would write.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

from sor_addressing.exports.columns import Dialect
from sor_addressing.exports.rows import Table

BETWEEN = " | "
"""Parts the items of a list in one cell."""

END = "\r\n"
"""How a line ends."""

_RISKY = frozenset("=+-@\t\r")


class _Formula(str):
    """A cell that is a formula on purpose."""

    __slots__ = ()


def harmless(text: str) -> str:
    """``text`` so that no spreadsheet takes it for a formula.

    >>> harmless("=HYPERLINK(1)"), harmless("Hjerteafdelingen")
    ("'=HYPERLINK(1)", 'Hjerteafdelingen')
    """
    return f"'{text}" if text[:1] in _RISKY and not isinstance(text, _Formula) else text


def _as_formula(text: str) -> str:
    """An identifier as spreadsheets keep it: no zero in front is lost, and no digit at the end."""
    return _Formula('="' + text.replace('"', '""') + '"')


def _packing(delimiter: str) -> Callable[[Sequence[str]], str]:
    """A function from cells to a part of a line of CSV."""
    equals_after, plus_after, minus_after, at_after = (delimiter + sign for sign in "=+-@")
    line = io.StringIO()
    writer = csv.writer(line, delimiter=delimiter, lineterminator=END)

    def pack(cells: Sequence[str]) -> str:
        text = delimiter.join(cells)
        if (
            text.count(delimiter) != len(cells) - 1
            or '"' in text
            or equals_after in text
            or plus_after in text
            or minus_after in text
            or at_after in text
            or text[:1] in _RISKY
            or not text.isprintable()
        ):
            line.seek(0)
            line.truncate()
            writer.writerow(list(map(harmless, cells)))
            return line.getvalue()[: -len(END)]
        return text

    return pack


def dialect_of(*, spreadsheet: bool) -> Dialect:
    """How cells are written: texts, packed as parts of lines."""
    identifier = _as_formula if spreadsheet else str
    return Dialect("", ("false", "true"), BETWEEN.join, identifier, _packing(";" if spreadsheet else ","))


def write_csv(path: Path, table: Table, *, spreadsheet: bool) -> None:
    """Write ``table``: UTF-8, commas; for spreadsheets semicolons, a mark of the encoding in front and identifiers as ``="…"``."""
    dialect = dialect_of(spreadsheet=spreadsheet)
    delimiter = ";" if spreadsheet else ","
    join = delimiter.join
    with path.open("w", encoding="utf-8-sig" if spreadsheet else "utf-8", newline="") as file:
        file.write(dialect.pack([column.name for column in table.columns]) + END)
        file.writelines(join(pieces) + END for pieces in table.pieces(dialect))
