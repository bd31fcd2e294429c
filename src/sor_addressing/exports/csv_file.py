"""An extract as CSV: for programs by default, or in the form that spreadsheets take without damage.

Spreadsheets run a cell that begins with ``=``, ``+``, ``-``, ``@``, a tab or a carriage return as a formula. Such a text gets an apostrophe in front, in either form.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from sor_addressing.exports.columns import Dialect
from sor_addressing.exports.rows import Table

BETWEEN = " | "
"""Parts the items of a list in one cell."""

_RISKY = frozenset("=+-@\t\r")


def harmless(text: str) -> str:
    """``text`` so that no spreadsheet takes it for a formula.

    >>> harmless("=HYPERLINK(1)"), harmless("Hjerteafdelingen")
    ("'=HYPERLINK(1)", 'Hjerteafdelingen')
    """
    return f"'{text}" if text[:1] in _RISKY else text


def _several(texts: Iterable[str]) -> str:
    return harmless(BETWEEN.join(texts))


def _as_formula(text: str) -> str:
    """An identifier as spreadsheets keep it: no zero in front is lost, and no digit at the end."""
    return '="' + text.replace('"', '""') + '"'


FOR_PROGRAMS = Dialect("", ("false", "true"), _several, harmless, harmless)
FOR_SPREADSHEETS = Dialect("", ("false", "true"), _several, harmless, _as_formula)


def write_csv(path: Path, table: Table, *, spreadsheet: bool) -> None:
    """Write ``table``: UTF-8, commas; for spreadsheets semicolons, a mark of the encoding in front and identifiers as ``="…"``."""
    encoding = "utf-8-sig" if spreadsheet else "utf-8"
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=";" if spreadsheet else ",", lineterminator="\r\n")
        writer.writerow([column.name for column in table.columns])
        writer.writerows(table.rows(FOR_SPREADSHEETS if spreadsheet else FOR_PROGRAMS))
