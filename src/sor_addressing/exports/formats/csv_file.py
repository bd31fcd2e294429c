"""An extract as CSV: for programs by default, or in the form that spreadsheets take without damage.

Spreadsheets run a cell that begins with ``=``, ``+``, ``-``, ``@``, a tab or a carriage return as a formula. Such a text gets an apostrophe
in front, in either form. Lines are put together here and not by ``csv.writer``, which would quote the pieces that rows share anew for each
row; what is written is what it would write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
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

    def written(cell: str) -> str:
        cell = harmless(cell)
        if delimiter in cell or '"' in cell or "\n" in cell or "\r" in cell:
            return '"' + cell.replace('"', '""') + '"'
        return cell

    def pack(cells: Sequence[str]) -> str:
        text = delimiter.join(cells)
        if (
            text.count(delimiter) == len(cells) - 1
            and '"' not in text
            and equals_after not in text
            and plus_after not in text
            and minus_after not in text
            and at_after not in text
            and text[:1] not in _RISKY
            and "\n" not in text
            and "\r" not in text
            and "\t" not in text
        ):
            return text
        return delimiter.join(map(written, cells))

    return pack


def dialect_of(*, spreadsheet: bool) -> Dialect:
    """How cells are written: texts, packed as parts of lines."""
    delimiter = ";" if spreadsheet else ","
    identifier = _as_formula if spreadsheet else str
    pack = _packing(delimiter)

    def is_plain(texts: Iterable[str]) -> bool:
        return all(pack((text, text)) == text + delimiter + text for text in texts)

    return Dialect("", ("false", "true"), BETWEEN.join, identifier, pack, delimiter.join, is_plain)


def write_csv(path: Path, table: Table, *, spreadsheet: bool) -> None:
    """Write ``table``: UTF-8, commas; for spreadsheets semicolons, a mark of the encoding in front and identifiers as ``="…"``."""
    dialect = dialect_of(spreadsheet=spreadsheet)
    delimiter = ";" if spreadsheet else ","
    join = delimiter.join
    with path.open("w", encoding="utf-8-sig" if spreadsheet else "utf-8", newline="") as file:
        file.write(dialect.pack([column.name for column in table.columns]) + END)
        file.writelines(join(pieces) + END for pieces in table.pieces(dialect))
