"""Address books as CSV: read as entries, and written again with some cells changed and columns added, all else as it was."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from sor_addressing.changes.book.columns import columns_of
from sor_addressing.changes.book.entries import MOST_ENTRIES, Book, BookEntry, BookFormat, entry_of
from sor_addressing.errors import AddressBookError, ExtractError
from sor_addressing.extracts.tables.text_table import cleaned, open_table
from sor_addressing.model import Problem

_MARK = b"\xef\xbb\xbf"
_MIXED = "encoding-mixed"
_FORM = '="'

Patch = Callable[[int], tuple[Mapping[int, str], Sequence[str]] | None]
"""From a line to the cells that change in its row, by position, and the cells of the new columns; None where the row stays."""


def read_csv(path: Path, named: Mapping[str, str]) -> Book:
    """The book in the CSV file at ``path``; ``named`` are the columns that the caller names.

    Raises:
        AddressBookError: it can't be read, or its columns can't be told.
    """
    file = str(path)
    problems: list[Problem] = []
    entries: list[BookEntry] = []
    data = path.read_bytes()
    try:
        table = open_table(io.BytesIO(data), file=file, report=problems.append)
        columns = columns_of(table.header, named, file=file, line=table.header_line)
        width = len(table.header)
        for line, cells in table.rows():
            if len(entries) == MOST_ENTRIES:
                raise AddressBookError(f"more than {MOST_ENTRIES:,} entries in one book", file=file, line=line)
            values = {field: cells[at] for field, at in columns.items()}
            entries.append(entry_of(values, line, file, is_misshapen=len(cells) > width))
    except ExtractError as error:
        reason, where = error.reason.removesuffix("; fetch it again"), error.line
    else:
        mixed = next((one for one in problems if one.code == _MIXED), None)
        if mixed is not None:
            reason = "letters in UTF-8 in a file that is windows-1252 elsewhere; save the whole file in one encoding"
            raise AddressBookError(reason, file=file, line=mixed.line)
        return Book(
            file=file,
            format=BookFormat.CSV,
            columns={field: table.header[at] for field, at in columns.items()},
            entries=tuple(entries),
            problems=tuple(problems),
            digest=hashlib.sha256(data).hexdigest(),
            encoding="utf-8-sig" if data.startswith(_MARK) else table.encoding,
            delimiter=table.delimiter,
            header_line=table.header_line,
        )
    raise AddressBookError(reason, file=file, line=where)


def patched_csv(
    book: Book, data: bytes, added: Sequence[str], patch: Callable[[int], Mapping[str, str] | None]
) -> bytes:
    """The file again, with new columns ``added`` and the cells that ``patch`` gives by line, by header or name of a new column.

    Rows in which nothing but the new columns changes stay as they are written.
    """
    text = data.decode("utf-8" if book.encoding == "ascii" else book.encoding)
    out: list[str] = []
    width = 0
    places: dict[str, int] = {}
    for line, raw, cells in _records(text, book.delimiter):
        if line < book.header_line:
            out.append(raw)
        elif line == book.header_line:
            width = len(cells)
            places = {cleaned(head): at for at, head in reversed(list(enumerate(cells)))}
            new = [name for name in added if name not in places]
            places.update({name: width + at for at, name in enumerate(new)})
            out.append(_with_more(raw, new, book.delimiter))
        else:
            values = patch(line)
            more = len(places_after(places, width))
            out.append(raw if values is None else _patched(raw, cells, values, places, width, more, book.delimiter))
    whole = "".join(out)
    try:
        return whole.encode("utf-8" if book.encoding == "ascii" else book.encoding)
    except UnicodeEncodeError:
        # A name of the register has a letter that windows-1252 lacks.
        return whole.encode("utf-8-sig")


def places_after(places: Mapping[str, int], width: int) -> list[int]:
    """The positions of the columns that come after those of the file."""
    return [at for at in places.values() if at >= width]


def _patched(
    raw: str,
    cells: list[str],
    values: Mapping[str, str],
    places: Mapping[str, int],
    width: int,
    more: int,
    delimiter: str,
) -> str:
    if len(cells) > width and any(cell.strip() for cell in cells[width:]):
        return raw  # which cell is which is not known; the review says so
    at_place = {places[name]: value for name, value in values.items() if name in places}
    inside = {at: value for at, value in at_place.items() if at < width}
    tail = [at_place.get(width + at, "") for at in range(more)]
    if all(at < len(cells) and cells[at].strip() == value for at, value in inside.items()) and len(cells) == width:
        return _with_more(raw, tail, delimiter)
    end = _line_end(raw)
    written = _raw_cells(raw[: len(raw) - len(end)], delimiter)
    if len(written) != len(cells):
        written = [_written([cell], delimiter) for cell in cells]
    written = [*written[:width], *[""] * (width - len(written))]
    for at, value in inside.items():
        has_form = at < len(cells) and cells[at].strip().startswith(_FORM) and value
        written[at] = _written([f'="{value}"' if has_form else value], delimiter)
    return delimiter.join([*written, *(_written([cell], delimiter) for cell in tail)]) + end


def _raw_cells(row: str, delimiter: str) -> list[str]:
    """The cells of a row as they are written, with their quotes."""
    cells: list[str] = []
    start = position = 0
    while True:
        while row[position : position + 1] == " ":
            position += 1
        if row[position : position + 1] == '"':
            position += 1
            while (end := row.find('"', position)) >= 0 and row[end + 1 : end + 2] == '"':
                position = end + 2
            position = end + 1 if end >= 0 else len(row)
        found = row.find(delimiter, position)
        if found < 0:
            return [*cells, row[start:]]
        cells.append(row[start:found])
        start = position = found + 1


def _with_more(raw: str, more: Sequence[str], delimiter: str) -> str:
    """A row as it is written, with cells after its last."""
    if not more:
        return raw
    end = _line_end(raw)
    return raw[: len(raw) - len(end)] + delimiter + _written(more, delimiter) + end


def _line_end(raw: str) -> str:
    if raw.endswith("\r\n"):
        return "\r\n"
    return raw[-1] if raw.endswith(("\n", "\r")) else ""


def _written(cells: Sequence[str], delimiter: str) -> str:
    if not any(cells):
        return delimiter * (len(cells) - 1)
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="").writerow(cells)
    return out.getvalue()


def _records(text: str, delimiter: str) -> Iterator[tuple[int, str, list[str]]]:
    """The line that each row begins on, the row as it is written, and its cells."""
    taken: list[str] = []

    def lines() -> Iterator[str]:
        for one in io.StringIO(text, newline=""):
            taken.append(one)
            yield one

    line = 1
    for cells in csv.reader(lines(), delimiter=delimiter, skipinitialspace=True):
        yield line, "".join(taken), cells
        line += len(taken)
        taken.clear()


def table_of(header: Sequence[str], rows: Iterator[Sequence[str]], delimiter: str) -> bytes:
    """A new CSV file, in UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8")
