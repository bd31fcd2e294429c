"""The corrected book, beside the old one and never over it: certain replacements made, and columns that say what was changed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from sor_addressing.cells import is_missing
from sor_addressing.changes.book.csv_file import patched_csv, table_of
from sor_addressing.changes.book.entries import IDENTIFIERS, NAME, Book, BookFormat
from sor_addressing.changes.book.json_file import lines_of, list_of, patched_json
from sor_addressing.changes.book.sheet_file import rewritten_sheet
from sor_addressing.changes.review.entry import ReviewedEntry
from sor_addressing.errors import AddressBookError
from sor_addressing.hiding import shown
from sor_addressing.whole_file import written_binary

ADDED = ("review_state", "review_reasons", "review_changed")
"""The columns that a corrected book has more than the old one."""


def write_corrected(book: Book, entries: Sequence[ReviewedEntry], path: str | os.PathLike[str]) -> Path:
    """Write ``book`` to ``path`` with the replacements of ``entries`` made; the path.

    Raises:
        AddressBookError: it is the old file, or that has changed since it was read, or it can't be written.
    """
    target = Path(path)
    if book.file is None:
        data = _from_memory(book, entries, target.suffix.lower())
    else:
        refuse_same(book, target)
        data = _from_file(book, entries)
    put_beside(book, data, target)
    return target


def refuse_same(book: Book, target: Path) -> None:
    """Refuse to write over the file of ``book``, by whatever name.

    Raises:
        AddressBookError: ``target`` is that file, or it can't be told.
    """
    source = Path(book.file or "")
    try:
        same = target.resolve() == source.resolve() or (target.exists() and target.samefile(source))
    except OSError as error:
        reason = error.strerror or type(error).__name__
    else:
        if not same:
            return
        reason = ""
    if reason:
        raise AddressBookError(f"it can't be told whether this is the old book ({reason})", file=str(target))
    raise AddressBookError(
        "this is the address book itself; what is made of it is written beside it, so give another name",
        file=str(target),
    )


def source_of(book: Book) -> bytes:
    """The file of ``book``, as it was when it was reviewed.

    Raises:
        AddressBookError: it can't be read, or has changed.
    """
    try:
        data = Path(book.file or "").read_bytes()
    except OSError as error:
        reason = f"the address book can't be read again ({error.strerror or type(error).__name__})"
    else:
        if hashlib.sha256(data).hexdigest() == book.digest:
            return data
        reason = "the address book has changed since it was reviewed; review it again"
    raise AddressBookError(reason, file=book.file)


def _from_file(book: Book, entries: Sequence[ReviewedEntry]) -> bytes:
    data = source_of(book)
    if book.format in (BookFormat.CSV, BookFormat.WORKBOOK):
        by_line = {one.entry.line: one for one in entries}

        def of_line(line: int) -> Mapping[str, str] | None:
            return _values(book, by_line[line]) if line in by_line else None

        if book.format is BookFormat.CSV:
            return patched_csv(book, data, ADDED, of_line)
        return rewritten_sheet(book, data, (), ADDED, lambda line, _: of_line(line))
    return patched_json(book, data, lambda place: _values(book, entries[place]))


def _from_memory(book: Book, entries: Sequence[ReviewedEntry], suffix: str) -> bytes:
    rows = [{**plain, **_values(book, one)} for plain, one in zip(plain_rows(book), entries, strict=True)]
    return table_as(suffix, rows, ADDED, book.delimiter)


def plain_rows(book: Book) -> Iterator[dict[str, object]]:
    """The mappings of a book in memory, what is missing as None: JSON has no NaN, and nobody reads the text of one as nothing."""
    for row in book.rows:
        yield {name: value if isinstance(value, str) or not is_missing(value) else None for name, value in row.items()}


def table_as(suffix: str, rows: Sequence[dict[str, object]], last: Sequence[str], delimiter: str) -> bytes:
    """Rows as a file of the format that ``suffix`` names, else CSV; the columns ``last`` stand at the end.

    Raises:
        AddressBookError: JSON can't hold a value.
    """
    try:
        if suffix == ".json":
            return list_of(iter(rows))
        if suffix in (".jsonl", ".ndjson"):
            return lines_of(iter(rows))
    except (TypeError, ValueError) as error:
        # The text of the error may show what stands in a column that is none of our business.
        reason = f"the book has a value that JSON can't hold ({type(error).__name__}); write it as CSV"
    else:
        header = list(dict.fromkeys([*(str(name) for row in rows for name in row if name not in last), *last]))
        return table_of(header, ([_cell(row.get(name)) for name in header] for row in rows), delimiter)
    raise AddressBookError(reason)


def _cell(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _values(book: Book, one: ReviewedEntry) -> dict[str, str]:
    """The values that change in an entry, by header, and those of the new columns."""
    values: dict[str, str] = {}
    said = []
    for replacement in one.replacements:
        header = book.columns.get(replacement.field)
        if header is None:
            continue
        values[header] = replacement.suggested
        seen = shown(_seen(one, replacement.field))
        said.append(f"{replacement.field}: {seen or '-'} -> {replacement.suggested or '-'}")
    values.update(zip(ADDED, (str(one.state), " ".join(one.reasons), "; ".join(said)), strict=True))
    return values


def _seen(one: ReviewedEntry, field: str) -> str:
    entry = one.entry
    if field == NAME:
        return entry.name
    return dict(zip(map(str, IDENTIFIERS), entry.cells, strict=True))[field]


def put_beside(book: Book, data: bytes, target: Path) -> None:
    """Write ``data`` to ``target``; a new file has the rights of the old book.

    Raises:
        AddressBookError: it can't be written.
    """
    like = Path(book.file) if book.file else None
    with written_binary(target, error=AddressBookError, like=like) as file:
        file.write(data)
