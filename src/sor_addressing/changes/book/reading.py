"""An address book from wherever it is: a file by its name and content, or what gives mappings or entries."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import attrs

from sor_addressing.changes.book.columns import check_named, columns_of
from sor_addressing.changes.book.csv_file import read_csv
from sor_addressing.changes.book.entries import FIELDS, MOST_ENTRIES, AddressBook, Book, BookEntry, BookFormat, entry_of
from sor_addressing.changes.book.json_file import read_json
from sor_addressing.changes.book.sheet_file import is_workbook, read_sheet
from sor_addressing.errors import AddressBookError
from sor_addressing.extracts.sources import is_archive

_JSON_SUFFIXES = (".json", ".jsonl", ".ndjson")
_TABLE_SUFFIXES = (".csv", ".tsv", ".txt")
_HEAD = 4_096


def read_book(book: AddressBook, columns: Mapping[str, str] | None = None, *, by_name: bool = False) -> Book:
    """The book, with its columns found.

    Args:
        book: a path to a CSV or JSON file or a workbook, or an iterable of mappings or of entries.
        columns: field to header, where a header is not known.
        by_name: whether a book of names alone will do.

    Raises:
        AddressBookError: it can't be read; the text names file and line.
        PolicyError: ``columns`` names what doesn't exist.
        TypeError: it is nothing of that kind.
    """
    named = check_named(columns)
    if isinstance(book, (str, os.PathLike)):
        return _from_file(Path(book), named, by_name=by_name)
    if isinstance(book, (bytes, Mapping)) or not isinstance(book, Iterable):
        raise TypeError(f"an address book is a path, or an iterable of mappings or entries, not {type(book).__name__}")
    return _from_memory(book, named, by_name=by_name)


def _from_file(path: Path, named: Mapping[str, str], *, by_name: bool) -> Book:
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
        if is_archive(head):
            if not is_workbook(path):
                raise AddressBookError(
                    "an archive, or a workbook that can't be read; save it as CSV, UTF-8, and give that", file=str(path)
                )
            read = read_sheet
        else:
            read = read_json if _is_json(path, head) else read_csv
        book = read(path, named, by_name=by_name)
        if book.entries:
            return book
        raise AddressBookError("the address book has a header and no entries", file=str(path), line=book.header_line)
    except OSError as error:
        reason = error.strerror or type(error).__name__
    raise AddressBookError(f"the address book can't be read ({reason})", file=str(path))


def _is_json(path: Path, head: bytes) -> bool:
    suffix = path.suffix.lower()
    if suffix in _JSON_SUFFIXES:
        return True
    return suffix not in _TABLE_SUFFIXES and head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{")


def _from_memory(book: Iterable[object], named: Mapping[str, str], *, by_name: bool) -> Book:
    rows: list[Mapping[Any, object]] = []
    entries: list[BookEntry] = []
    for place, one in enumerate(book, start=1):
        if place > MOST_ENTRIES:
            raise AddressBookError(f"more than {MOST_ENTRIES:,} entries in one book", line=place)
        if isinstance(one, BookEntry):
            entries.append(one if one.line else attrs.evolve(one, line=place))
        elif isinstance(one, Mapping):
            rows.append(one)
        else:
            raise AddressBookError(
                f"entry {place} is no mapping and no BookEntry, but {type(one).__name__}", line=place
            )
    if rows and entries:
        raise AddressBookError("mappings and entries in one book; give one or the other")
    if entries:
        if named:
            raise AddressBookError("columns are for mappings and files; entries say themselves what is what")
        plain = tuple(map(_plain, entries))
        return Book(
            file=None,
            format=BookFormat.MEMORY,
            columns={field: field for field in FIELDS if any(field in row for row in plain)},
            entries=tuple(entries),
            rows=plain,
        )
    if not rows:
        raise AddressBookError("the address book is empty")
    header = list(dict.fromkeys(name for row in rows for name in row if isinstance(name, str)))
    found = columns_of(header, named, file=None, line=None, by_name=by_name)
    keys = {field: header[at] for field, at in found.items()}
    return Book(
        file=None,
        format=BookFormat.MEMORY,
        columns=keys,
        entries=tuple(
            entry_of({field: row.get(name) for field, name in keys.items()}, place, None)
            for place, row in enumerate(rows, start=1)
        ),
        rows=tuple(rows),
    )


def _plain(entry: BookEntry) -> dict[str, object]:
    """The fields of an entry that have something."""
    fields = {field: getattr(entry, field) for field in FIELDS}
    return {field: ", ".join(value) if isinstance(value, tuple) else value for field, value in fields.items() if value}
