"""Address books as CSV: read as entries, and written again with some cells changed and columns added, all else as it was."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from sor_addressing.cells import csv_text, csv_writer, identifier_cell
from sor_addressing.cells.user_rows import line_end, lines_of, raw_cells, raw_rows, with_more
from sor_addressing.changes.book.columns import columns_of
from sor_addressing.changes.book.entries import MOST_ENTRIES, Book, BookEntry, BookFormat, entry_of
from sor_addressing.errors import AddressBookError, ExtractError
from sor_addressing.extracts.tables.text import cleaned, open_table
from sor_addressing.model import Problem

_MARK = b"\xef\xbb\xbf"
_MIXED = "encoding-mixed"
_FORM = '="'

Patch = Callable[[int], tuple[Mapping[int, str], Sequence[str]] | None]
"""From a line to the cells that change in its row, by position, and the cells of the new columns; None where the row stays."""


def read_csv(path: Path, named: Mapping[str, str], *, by_name: bool = False) -> Book:
    """The book in the CSV file at ``path``; ``named`` are the columns that the caller names, ``by_name`` lets names alone be enough.

    Raises:
        AddressBookError: it can't be read, or its columns can't be told.
    """
    file = str(path)
    problems: list[Problem] = []
    entries: list[BookEntry] = []
    data = path.read_bytes()
    try:
        table = open_table(io.BytesIO(data), file=file, report=problems.append)
        columns = columns_of(table.header, named, file=file, line=table.header_line, by_name=by_name)
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
    for line, raw, cells in raw_rows(lines_of(text), book.delimiter):
        if line < book.header_line:
            out.append(raw)
        elif line == book.header_line:
            width = len(cells)
            places = {cleaned(head): at for at, head in reversed(list(enumerate(cells)))}
            new = [name for name in added if name not in places]
            places.update({name: width + at for at, name in enumerate(new)})
            out.append(with_more(raw, new, book.delimiter))
        else:
            values = patch(line)
            more = len(places_after(places, width))
            out.append(raw if values is None else _patched(raw, cells, values, places, width, more, book.delimiter))
    return _encoded("".join(out), book)


def _encoded(whole: str, book: Book) -> bytes:
    try:
        return whole.encode("utf-8" if book.encoding == "ascii" else book.encoding)
    except UnicodeEncodeError:
        # A name of the register has a letter that windows-1252 lacks.
        return whole.encode("utf-8-sig")


def rewritten_csv(
    book: Book,
    data: bytes,
    dropped: Collection[str],
    added: Sequence[str],
    rewrite: Callable[[int, Callable[[str], str]], Mapping[str, str] | None],
) -> bytes:
    """The file again, without the columns ``dropped`` and with new ones ``added``.

    ``rewrite`` is given the line of each row and what gives its cells as they are written, by header, and answers the cells that change, written
    as they are to stand there; None for a row that is none of the entries. All else stays as it is written; what a row has beyond the header
    stands after the new columns.
    """
    text = data.decode("utf-8" if book.encoding == "ascii" else book.encoding)
    out: list[str] = []
    heads: list[str] = []
    for line, raw, cells in raw_rows(lines_of(text), book.delimiter):
        end = line_end(raw)
        body = _raw_cells_of(raw[: len(raw) - len(end)], cells, book.delimiter)
        values: Mapping[str, str] = {}
        beyond: list[str] = []
        if line == book.header_line:
            heads = [cleaned(head) for head in cells]
            new = [csv_text([name], book.delimiter) for name in added]
        elif line < book.header_line:
            out.append(raw)
            continue
        else:
            beyond = body[len(heads) :]
            body = [*body[: len(heads)], *[""] * (len(heads) - len(body))]
            by_name = dict(reversed(list(zip(heads, body, strict=True))))
            made = rewrite(line, partial(_cell_in, by_name))
            if made is None:
                out.append(raw)
                continue
            values = made
            new = [values.get(name, "") for name in added]
        kept = [
            values.get(head, cell) if heads.index(head) == at else cell
            for at, (head, cell) in enumerate(zip(heads, body, strict=True))
            if head not in dropped
        ]
        out.append(book.delimiter.join([*kept, *new, *beyond]) + end)
    return _encoded("".join(out), book)


def _cell_in(row: Mapping[str, str], name: str) -> str:
    return row.get(name, "")


def _raw_cells_of(body: str, cells: Sequence[str], delimiter: str) -> list[str]:
    """The cells of a row as they are written; written anew where it can't be told where one ends."""
    found = raw_cells(body, delimiter) if cells else []
    return found if len(found) == len(cells) else [csv_text([cell], delimiter) for cell in cells]


def written_cell(text: str, seen: str, delimiter: str) -> str:
    """A new identifier as a cell that stands where ``seen`` was written: with the form that keeps its digits, if that had it."""
    has_form = seen.strip().strip('"').startswith("=") and bool(text)
    return csv_text([identifier_cell(text) if has_form else text], delimiter)


def is_one_cell(written: str, delimiter: str) -> bool:
    """Whether a text is one cell as it could be written, and nothing more."""
    rows = [cells for _, _, cells in raw_rows([written], delimiter)]
    return written == "" or (len(rows) == 1 and len(rows[0]) == 1 and "\n" not in written and "\r" not in written)


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
    at_place = {places[name]: value for name, value in values.items() if name in places}
    inside = {at: value for at, value in at_place.items() if at < width}
    tail = [at_place.get(width + at, "") for at in range(more)]
    if all(at < len(cells) and cells[at].strip() == value for at, value in inside.items()) and len(cells) == width:
        return with_more(raw, tail, delimiter)
    end = line_end(raw)
    written = raw_cells(raw[: len(raw) - len(end)], delimiter)
    if len(written) != len(cells):
        written = [csv_text([cell], delimiter) for cell in cells]
    beyond = written[width:] if any(cell.strip() for cell in cells[width:]) else []
    written = [*written[:width], *[""] * (width - len(written))]
    for at, value in inside.items():
        has_form = at < len(cells) and cells[at].strip().startswith(_FORM) and value
        written[at] = csv_text([identifier_cell(value) if has_form else value], delimiter)
    return delimiter.join([*written, *(csv_text([cell], delimiter) for cell in tail), *beyond]) + end


def table_of(header: Sequence[str], rows: Iterator[Sequence[str]], delimiter: str) -> bytes:
    """A new CSV file, in UTF-8."""
    out = io.StringIO(newline="")
    writer = csv_writer(out, delimiter=delimiter)
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8")
