"""Tables of text: encoding and delimiter found in the file itself, rows with the line they stand on.

A table is read as a stream, a block of whole lines at a time, so that memory does not grow with the file. What can't be
read without guessing refuses the file; a row that merely has the wrong number of cells is reported and handed on.

A block is parsed and looked over as a whole, which costs next to nothing; only where it has something to mend are its
rows gone through one by one.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from operator import itemgetter
from typing import BinaryIO, NamedTuple

from sor_addressing.cells import DELIMITERS, is_unseen, plain_cell
from sor_addressing.errors import ExtractError
from sor_addressing.extracts.tables.text_blocks import Blocks, line_ends
from sor_addressing.model import Problem

__all__ = ["RowBlock", "TextTable", "open_table"]

_SAMPLE_ROWS = 50

# What Export-Csv writes first, unless it is told not to.
_TYPE_LINE = "#TYPE "
_DELIMITER_LINE = re.compile(r'\s*"?sep=(.)"?[ ]*[\r\n]')
_QUOTED_LINE = re.compile(r'"[^"]*"(?:[;,|\t]\s*"[^"]*")*')
# A line that no file can have, since NUL bytes are refused: shows whether the row before it was complete.
_END = "\0"
_FORM_STARTS = frozenset({'="', '"='})
# What str.strip takes away, or str.splitlines takes for a line end, but for spaces and real line ends.
_ODD_SPACES = (
    *"\t\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000",
    *map(chr, range(0x2000, 0x200B)),
)
_CONTROLS = tuple(chr(code) for code in (*range(1, 32), *range(127, 160)) if chr(code) not in "\t\r\n")


class RowBlock(NamedTuple):
    """Some rows of a table as they were parsed, all with as many cells as the header.

    Cells are not stripped, and the form of spreadsheets stands. Where ``is_plain``, no cell has a control character, a line
    break or a space other than the common one.
    """

    lines: Sequence[int]
    rows: list[list[str]]
    is_plain: bool


class TextTable:
    """A table that has been opened: its header is read, its rows wait.

    Attributes:
        file: name used in errors and problems.
        header: the cells of the header, stripped.
        header_line: line of the header in the file, counted from 1.
        delimiter: the delimiter found.
    """

    def __init__(self, blocks: Blocks, *, quoting: bool | None, report: Callable[[Problem], None] | None) -> None:
        self.file = blocks.file
        self.header: tuple[str, ...] = ()
        self.header_line = 0
        self._blocks = blocks
        self._report = report
        self._as_parsed = False
        self._is_plain = False
        first, lines_above = _first_block_with_text(blocks)
        self._quoting = quoting = _has_quoted_header(first) if quoting is None else quoting
        named = _DELIMITER_LINE.match(first)
        names_delimiter = named is not None and named[1] in DELIMITERS
        self.delimiter = named[1] if named and names_delimiter else _delimiter_of(first, quoting=quoting)
        self._dialect = _Dialect(self.delimiter, quoting=quoting)
        self._groups: Iterable[tuple[Sequence[int], list[list[str]]]] = self._parsed(first, lines_above + 1)
        self._read_header(names_delimiter=names_delimiter)

    @property
    def encoding(self) -> str:
        """``utf-8`` or ``windows-1252``, and ``ascii`` as long as nothing has been read that tells them apart."""
        return self._blocks.encoding or "ascii"

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Line and cells of each row; can be gone through once.

        Cells are stripped, and the form that spreadsheets use to keep digits (``="…"``) is undone. There are at least
        as many cells as in the header; what the file lacks is an empty text. A row with cells missing or too many is
        reported as ``ragged-line`` just before it is handed out. Rows without content are left out.

        Raises:
            ExtractError: a quote that is never closed, a line or cell without end, NUL bytes, or another encoding.
        """
        width = len(self.header)
        first_cell = itemgetter(0)
        for numbers, rows in self._groups:
            if set(map(len, rows)) == {width} and all(map(first_cell, rows)):
                yield from zip(numbers, rows, strict=True)
                continue
            for line, cells in zip(numbers, rows, strict=True):
                if any(cells):
                    if len(cells) != width:
                        self._mend(cells, line)
                    yield line, cells

    def blocks(self) -> Iterator[RowBlock]:
        """The rows a block at a time, for readers that go through them by columns; instead of :meth:`rows`, and once.

        Problems and errors are those of :meth:`rows`; what a block has to report comes before it.
        """
        self._as_parsed = True
        width = len(self.header)
        for numbers, rows in self._groups:
            if set(map(len, rows)) == {width}:
                yield RowBlock(numbers, rows, self._is_plain)
                continue
            kept = []
            for line, cells in zip(numbers, rows, strict=True):
                cells = list(map(str.strip, cells))
                if any(cells):
                    if len(cells) != width:
                        self._mend(cells, line)
                    kept.append((line, cells[:width]))
            if kept:
                yield RowBlock([line for line, _ in kept], [cells for _, cells in kept], self._is_plain)

    def _read_header(self, *, names_delimiter: bool) -> None:
        for numbers, rows in self._groups:
            for position, cells in enumerate(rows):
                if not any(cells):
                    continue
                if names_delimiter or cells[0].startswith(_TYPE_LINE):
                    names_delimiter = False
                    continue
                self.header, self.header_line = tuple(cells), numbers[position]
                rest = (numbers[position + 1 :], rows[position + 1 :])
                self._groups = chain((rest,), self._groups)
                return
        raise ExtractError("the file has no header; fetch it again", file=self.file)

    def _mend(self, cells: list[str], line: int) -> None:
        found, width = len(cells), len(self.header)
        if found > width and not any(cells[width:]):
            del cells[width:]
            return
        if self._report is not None:
            self._report(Problem("ragged-line", self.file, line, None, {"cells": found, "columns": width}))
        cells.extend([""] * (width - found))

    def _parsed(self, first: str, line: int) -> Iterator[tuple[Sequence[int], list[list[str]]]]:
        """The rows of each block, header and blank rows among them, and the lines they begin on."""
        carried: list[str] = []
        for text in chain((first,), self._blocks):
            if self._quoting and not carried and not self._as_parsed:
                text = _without_quoted_form(text)
            odd = any(space in text for space in _ODD_SPACES if space != self.delimiter or '"' in text)
            lines = list(io.StringIO(text, newline="")) if odd else text.splitlines(keepends=True)
            self._blocks.lines += len(lines)
            lines = carried + lines
            numbers, rows, used = self._parse(lines, line)
            mixed = bool(carried) or used != len(rows)
            if self._as_parsed or not self.header:
                self._is_plain = not (mixed or odd or any(control in text for control in _CONTROLS))
            if not self._as_parsed and (mixed or odd or self._is_padded(text)):
                rows = [list(map(str.strip, cells)) for cells in rows]
            if not self._as_parsed and (mixed or '="' in text):
                rows = [[plain_cell(cell) if cell[:2] in _FORM_STARTS else cell for cell in cells] for cells in rows]
            yield numbers, rows
            carried = lines[used:]
            line += used
        if carried:
            raise self._open_quote(line)

    def _parse(self, lines: list[str], line: int) -> tuple[Sequence[int], list[list[str]], int]:
        """The complete rows in ``lines``, the lines they begin on, and how many of ``lines`` they take."""
        reader = csv.reader(chain(lines, (_END,)), self._dialect)
        try:
            rows = list(reader)
        except csv.Error:
            return self._parse_by_row(lines, line)
        if rows[-1] != [_END] or len(rows) != reader.line_num:
            return self._parse_by_row(lines, line)
        rows.pop()
        return range(line, line + len(rows)), rows, len(rows)

    def _parse_by_row(self, lines: list[str], line: int) -> tuple[Sequence[int], list[list[str]], int]:
        numbers: list[int] = []
        rows: list[list[str]] = []
        used, width = 0, len(self.header)
        reader = csv.reader(chain(lines, (_END,)), self._dialect)
        try:
            for cells in reader:
                if reader.line_num > len(lines):
                    break
                if reader.line_num - used > 1 and self._has_swallowed_rows(cells, width):
                    raise self._open_quote(line + used)
                numbers.append(line + used)
                rows.append(cells)
                used = reader.line_num
                if not self.header:
                    width = max(width, len(cells))
        except csv.Error as error:
            raise ExtractError(
                f"a cell begins here that is too long to be one ({error}); "
                "if a quote is opened here and not closed, remove it or close it",
                file=self.file,
                line=line + used,
            ) from error
        return numbers, rows, used

    def _has_swallowed_rows(self, cells: list[str], width: int) -> bool:
        """Whether a cell over several lines has a line that looks like a row: then two quotes were left open."""
        return any(
            part.count(self.delimiter) >= max(width - 1, 1)
            for cell in cells
            if "\n" in cell or "\r" in cell
            for part in re.split("[\r\n]+", cell)
        )

    def _open_quote(self, line: int) -> ExtractError:
        return ExtractError(
            "a quote is opened here and not closed before the next row; remove it, or close it on the same line",
            file=self.file,
            line=line,
        )

    def _is_padded(self, text: str) -> bool:
        """Whether a cell may end in a space, or a quoted one begin with it; the parser drops those in front itself."""
        if " " not in text:
            return False
        if text[-1] == " " or " " + self.delimiter in text or " \n" in text or ("\r" in text and " \r" in text):
            return True
        return '"' in text and (' "' in text or '" ' in text)


def open_table(
    stream: BinaryIO, *, file: str, quoting: bool | None = True, report: Callable[[Problem], None] | None = None
) -> TextTable:
    """Open a table whose encoding and delimiter are not known; the stream is read once, forwards.

    Args:
        stream: the bytes; need not be seekable.
        file: name used in errors and problems.
        quoting: whether ``"`` encloses cells; None where it does so only in a table whose header is quoted, and else is a
            character like any other, as in ``sor.csv``.
        report: called with each problem: ``ragged-line`` and ``encoding-mixed``.

    Raises:
        ExtractError: the file is empty, UTF-16, or not text.

    >>> table = open_table(io.BytesIO(b'Lokationsnummer;EDI-type\\n="5790999000017";XDIS91\\n'), file="edi.csv")
    >>> table.header, list(table.rows())
    (('Lokationsnummer', 'EDI-type'), [(2, ['5790999000017', 'XDIS91'])])
    """
    return TextTable(Blocks(stream, file, report), quoting=quoting, report=report)


def cleaned(cell: str) -> str:
    """A cell as :meth:`TextTable.rows` hands it out, of one as :meth:`TextTable.blocks` does: stripped, and without the form of spreadsheets.

    >>> cleaned(' ="0099" ')
    '0099'
    """
    text = plain_cell(cell.strip())
    return "" if not text.isprintable() and is_unseen(text) else text


class _Dialect(csv.Dialect):
    """How cells are written, but for the delimiter; the space that some put after it belongs to no cell."""

    doublequote = True
    lineterminator = "\r\n"
    quotechar = '"'
    skipinitialspace = True

    def __init__(self, delimiter: str, *, quoting: bool) -> None:
        self.delimiter = delimiter
        self.quoting = csv.QUOTE_MINIMAL if quoting else csv.QUOTE_NONE
        super().__init__()


def _has_quoted_header(text: str) -> bool:
    """Whether quotes enclose every cell of the header, as where a program quotes all cells."""
    lines = (line.strip() for line in text.splitlines())
    header = next((line for line in lines if line and not line.startswith(_TYPE_LINE)), "")
    return _QUOTED_LINE.fullmatch(header) is not None


def _first_block_with_text(blocks: Blocks) -> tuple[str, int]:
    """The first block that isn't blank, and how many lines stand above it."""
    above = 0
    for text in blocks:
        if text.strip():
            return text, above
        above += line_ends(text.encode("utf-8"))
        blocks.lines = above
    if above:
        raise ExtractError("the file has nothing but blank lines; fetch it again", file=blocks.file)
    raise ExtractError("the file is empty; fetch it again", file=blocks.file)


def _without_quoted_form(text: str) -> str:
    """``text`` with each quoted cell in the form of spreadsheets as a plain quoted cell, where it has no other quotes.

    Where it has others, nothing is done: the cells are then looked at one by one.
    """
    if '"' not in text or '"=""' not in text:
        return text
    opened = text.replace('"=""', '"')
    closed = opened.replace('"""', '"')
    forms = (len(text) - len(opened)) // 3
    if (len(opened) - len(closed)) // 2 == forms and text.count('"') == 6 * forms:
        return closed
    return text


def _delimiter_of(text: str, *, quoting: bool) -> str:
    """The delimiter that splits the header, and most rows into as many cells as the header."""
    return max(DELIMITERS, key=lambda delimiter: _fit(text, delimiter, quoting=quoting))


def _fit(text: str, delimiter: str, *, quoting: bool) -> tuple[bool, float, int]:
    widths = []
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), _Dialect(delimiter, quoting=quoting)):
            if any(cells) and not cells[0].startswith(_TYPE_LINE):
                widths.append(len(cells))
            if len(widths) > _SAMPLE_ROWS:
                break
    except csv.Error:
        pass
    if not widths:
        return False, 0.0, 0
    return widths[0] > 1, widths.count(widths[0]) / len(widths), widths[0]
