"""How CSV is written: quoted where it must be, with CRLF at the end of a line as RFC 4180 has it, and no cell a formula."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TextIO

from sor_addressing.cells.guard import harmless, is_risky, writable

LINE_END = "\r\n"

_FIRST = frozenset("=+-@ ")
_EQUALS, _PLUS, _MINUS, _AT = "\uff1d\uff0b\uff0d\uff20"


class RowWriter(Protocol):
    """What writes rows of cells."""

    def writerow(self, cells: Iterable[object], /) -> object:
        """Write one row."""

    def writerows(self, rows: Iterable[Iterable[object]], /) -> object:
        """Write rows."""


class CsvWriter:
    """Writes rows of cells, of which none can run as a formula. Made by :func:`csv_writer`.

    A text gets an apostrophe in front where a spreadsheet might take it for a formula; a number is a number, also where it is negative.

    Attributes:
        guarded: how many cells have got an apostrophe.
    """

    def __init__(self, target: TextIO, *, delimiter: str) -> None:
        import csv

        # With another end of line, the writer would not quote every line break in a cell.
        self._writer: RowWriter = csv.writer(target, delimiter=delimiter, lineterminator=LINE_END)
        self.guarded = 0

    def writerow(self, cells: Iterable[object]) -> None:
        """Write one row."""
        self._writer.writerow([self._cell(cell) for cell in cells])

    def writerows(self, rows: Iterable[Iterable[object]]) -> None:
        """Write rows."""
        for row in rows:
            self.writerow(row)

    def _cell(self, cell: object) -> object:
        if isinstance(cell, str):
            cell = writable(cell)
            if is_risky(cell):
                self.guarded += 1
                return f"'{cell}"
        elif isinstance(cell, bool):
            return "true" if cell else "false"
        return cell


def csv_writer(target: TextIO, *, delimiter: str = ",") -> CsvWriter:
    """What every CSV of this library is written by.

    Args:
        target: a file open for text that leaves ends of lines as they are, as ``whole_file.written_text`` gives it.
        delimiter: between cells.
    """
    return CsvWriter(target, delimiter=delimiter)


def raw_csv_writer(target: TextIO, *, delimiter: str, end: str) -> RowWriter:
    """A writer that guards nothing. It is the test kit's alone, which writes files as publishers do, dangerous ones among them."""
    import csv

    return csv.writer(target, delimiter=delimiter, lineterminator=end)


def csv_text(cells: Sequence[object], delimiter: str) -> str:
    """Cells as a part of a line.

    >>> csv_text(["=1+1", -1, True], ",")
    "'=1+1,-1,true"
    """
    if all(cell is None or cell == "" for cell in cells):
        return delimiter * (len(cells) - 1)
    out = io.StringIO(newline="")
    csv_writer(out, delimiter=delimiter).writerow(cells)
    return out.getvalue().removesuffix(LINE_END)


def packing(delimiter: str) -> Callable[[Sequence[str]], str]:
    """A function from texts to a part of a line: what :func:`csv_text` gives, for those who write the same parts again and again."""
    equals_after, plus_after, minus_after, at_after, blank_after = (delimiter + sign for sign in "=+-@ ")

    def written(cell: str) -> str:
        cell = harmless(writable(cell))
        if delimiter in cell or '"' in cell or "\n" in cell or "\r" in cell:
            return '"' + cell.replace('"', '""') + '"'
        return cell

    def pack(cells: Sequence[str]) -> str:
        text = delimiter.join(cells)
        if (
            text.isprintable()  # no tab, line break, control character or blank but the common one
            and text.count(delimiter) == len(cells) - 1
            and '"' not in text
            and equals_after not in text
            and plus_after not in text
            and minus_after not in text
            and at_after not in text
            and blank_after not in text
            and text[:1] not in _FIRST
            and (
                text.isascii() or (_EQUALS not in text and _PLUS not in text and _MINUS not in text and _AT not in text)
            )
        ):
            return text
        return delimiter.join(map(written, cells))

    return pack
