"""Address books: the tables in which senders keep their recipients, as entries that can be reviewed.

A book is a CSV file, a JSON file (a list of objects, or an object a line), or anything that gives mappings or entries. Its columns are found by
their headers. Of columns that are none of these nothing is kept, shown or logged; they go along when a corrected book is written.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import lru_cache

import attrs

from sor_addressing.cells import is_missing
from sor_addressing.errors import AddressBookError
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.messages.catalogue import catalogue
from sor_addressing.model import Problem

IDENTIFIERS = (
    IdentifierKind.SOR_CODE,
    IdentifierKind.LOCATION_NUMBER,
    IdentifierKind.PROVIDER_NUMBER,
    IdentifierKind.SHAK_CODE,
)
"""The identifiers that an entry can have, in the order of its cells."""

MESSAGE_TYPES, KEY, NAME = "message_types", "key", "name"
CONVERTED_FROM = "converted_from"
"""The column in which a converted book remembers what stood in the cells that were changed."""
FIELDS = (*map(str, IDENTIFIERS), MESSAGE_TYPES, KEY, NAME)
"""What a column of a book can be."""

MOST_ENTRIES = 1_000_000
"""How many entries a book may have."""

_LONGEST_CELL = 10_000
_BETWEEN_TYPES = str.maketrans(dict.fromkeys(",;|+&\r\n\t", "\n"))
_REMEMBERED = 4_096


class BookFormat(StrEnum):
    """What a book is written as; ``memory`` where it is no file."""

    CSV = "csv"
    JSON = "json"
    JSON_LINES = "jsonl"
    WORKBOOK = "xlsx"
    MEMORY = "memory"


def text_of_value(value: object) -> str:
    """A value of a book as the text of a cell; a number as its digits, and nothing where a value is missing, such as NaN or a dash.

    Raises:
        TypeError: it is neither text nor a number.

    >>> text_of_value(990001), text_of_value(None), text_of_value(float("nan")), text_of_value("-"), text_of_value(" a ")
    ('990001', '', '', '', 'a')
    """
    if isinstance(value, str):
        text = value.strip()
        return "" if not text or is_missing(text) else text
    if is_missing(value):
        return ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    raise TypeError(f"the value is of the type {type(value).__name__}; give text")


def types_of_value(value: object) -> tuple[str, ...]:
    """The message types in a value of a book: a text with one or several, or a list of texts.

    >>> types_of_value("XDIS91 XD9134L, XREF15"), types_of_value("DIS91 REF01"), types_of_value(["DIS91", "REF01"])
    (('XDIS91 XD9134L', 'XREF15'), ('DIS91', 'REF01'), ('DIS91', 'REF01'))
    """
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
        return _types_in(text_of_value(value))
    return tuple(dict.fromkeys(one for text in map(text_of_value, value) for one in _types_in(text)))


@lru_cache(maxsize=_REMEMBERED)
def _types_in(text: str) -> tuple[str, ...]:
    found: list[str] = []
    if not text.isprintable():
        text = "".join(char for char in text if char.isprintable() or char.isspace())
    for part in text.translate(_BETWEEN_TYPES).split("\n"):
        part = part.strip()
        if not any(map(str.isalnum, part)):
            continue
        words = part.split()
        if len(words) > 1 and not catalogue().parse(part).known:
            apart = [catalogue().parse(word) for word in words]
            # A known code and an unknown version is one type; only codes side by side are several.
            if all(one.known for one in apart) and len({one.code for one in apart}) == len(words):
                found += words
                continue
        found.append(part)
    return tuple(dict.fromkeys(found))


@attrs.frozen(slots=True, kw_only=True)
class BookEntry:
    """One recipient in an address book, as the book has it; an empty text where it has nothing.

    Attributes:
        sor_code: SOR code, in any spelling.
        location_number: location number, likewise.
        provider_number: provider number, likewise.
        shak_code: SHAK code, likewise.
        message_types: the types that are sent there; one or several in a text, or a list.
        key: what the sender calls the entry, for finding it again.
        name: what the book calls the recipient.
        line: line in the file, or place in a book that is no file, counted from 1; given by the review where it is 0.
    """

    sor_code: str = attrs.field(default="", converter=text_of_value)
    location_number: str = attrs.field(default="", converter=text_of_value)
    provider_number: str = attrs.field(default="", converter=text_of_value)
    shak_code: str = attrs.field(default="", converter=text_of_value)
    message_types: tuple[str, ...] = attrs.field(default=(), converter=types_of_value)
    key: str = attrs.field(default="", converter=text_of_value)
    name: str = attrs.field(default="", converter=text_of_value)
    line: int = 0
    converted_from: str = attrs.field(default="", converter=text_of_value, repr=False)
    """What a converted book remembers of the entry, for going back."""
    is_misshapen: bool = attrs.field(default=False, repr=False)
    """Whether the row has more cells than the header, so that nobody knows which is which."""

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """The four identifiers."""
        return self.sor_code, self.location_number, self.provider_number, self.shak_code


@attrs.frozen(slots=True, kw_only=True)
class Book:
    """A book that has been read.

    Attributes:
        file: its name in errors; None where it is no file.
        format: what it is written as.
        columns: field to header, of the fields that it has.
        entries: its entries, in their order.
        problems: what is wrong with lines of the file and was mended.
        digest: SHA-256 of the file as it was read.
        rows: the mappings that a book in memory consists of.
    """

    file: str | None
    format: BookFormat
    columns: Mapping[str, str]
    entries: tuple[BookEntry, ...]
    problems: tuple[Problem, ...] = ()
    digest: str = attrs.field(default="", repr=False)
    encoding: str = "utf-8"
    delimiter: str = ","
    header_line: int = 1
    rows: tuple[Mapping[str, object], ...] = attrs.field(default=(), repr=False)


def entry_of(values: Mapping[str, object], line: int, file: str | None, *, is_misshapen: bool = False) -> BookEntry:
    """The entry that ``values`` are, by field.

    Raises:
        AddressBookError: a value is neither text nor a number, or too long for a cell.
    """
    try:
        entry = BookEntry(line=line, is_misshapen=is_misshapen, **values)
    except TypeError as error:
        raise AddressBookError(_not_text(values, error), file=file, line=line) from None
    if max(map(len, (*entry.cells, entry.key, entry.name))) > _LONGEST_CELL:
        texts = {field: getattr(entry, field) for field in values if field != MESSAGE_TYPES}
        field = next(field for field in texts if len(texts[field]) > _LONGEST_CELL)
        reason = f"{field} has {len(texts[field])} characters; this is no table of recipients, or a quote is not closed"
        raise AddressBookError(reason, file=file, line=line)
    return entry


def _not_text(values: Mapping[str, object], error: TypeError) -> str:
    """Which of ``values`` is neither text nor a number."""
    for field, value in values.items():
        try:
            types_of_value(value) if field == MESSAGE_TYPES else text_of_value(value)
        except TypeError as again:
            return f"{field}: {again}"
    return f"{MESSAGE_TYPES}: {error}"  # an iterator, of which nothing is left to look at again


AddressBook = str | os.PathLike[str] | Iterable[Mapping[str, object] | BookEntry]
"""A path to a file, or what gives mappings of header to value, or entries."""
