"""Address books as JSON: a list of objects or an object a line; written again with some values changed and keys added, all else as it was."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from json.decoder import JSONDecodeError
from pathlib import Path
from typing import NamedTuple

from sor_addressing.cells import json_text
from sor_addressing.changes.book.columns import columns_of
from sor_addressing.changes.book.entries import MOST_ENTRIES, Book, BookFormat, entry_of
from sor_addressing.errors import AddressBookError

_BLANKS = " \t\n\r"
_MARK = b"\xef\xbb\xbf"


class _Misshapen(ValueError):
    """What JSON allows for Python, and a book can't have."""


class Document(NamedTuple):
    """One object of a book: where it stands in the text, its line, and its members."""

    start: int
    end: int
    line: int
    members: dict[str, object]


def read_json(path: Path, named: Mapping[str, str]) -> Book:
    """The book in the JSON file at ``path``; ``named`` are the columns that the caller names.

    Raises:
        AddressBookError: it can't be read, or its columns can't be told.
    """
    file = str(path)
    data = path.read_bytes()
    text = _decoded(data, file)
    documents = list(_documents(text, file))
    header = list(dict.fromkeys(name for one in documents for name in one.members))
    columns = columns_of(header, named, file=file, line=None)
    keys = {field: header[at] for field, at in columns.items()}
    return Book(
        file=file,
        format=BookFormat.JSON if text.lstrip(_BLANKS).startswith("[") else BookFormat.JSON_LINES,
        columns=keys,
        entries=tuple(
            entry_of({field: one.members.get(name) for field, name in keys.items()}, one.line, file)
            for one in documents
        ),
        digest=hashlib.sha256(data).hexdigest(),
        encoding="utf-8-sig" if data.startswith(_MARK) else "utf-8",
    )


def patched_json(book: Book, data: bytes, patch: Callable[[int], Mapping[str, str] | None]) -> bytes:
    """The file again, with the values that ``patch`` gives by place of the object, by key. Objects without a change stay as they are."""
    text = data.decode(book.encoding)
    out: list[str] = []
    done = 0
    for place, one in enumerate(_documents(text, book.file or "")):
        values = patch(place)
        if values is None:
            continue
        out += (text[done : one.start], _patched(text[one.start : one.end], one.members, values))
        done = one.end
    return ("".join(out) + text[done:]).encode(book.encoding)


def _patched(raw: str, members: dict[str, object], values: Mapping[str, str]) -> str:
    if all(name not in members for name in values):
        more = ", ".join(f"{_dumped(name)}: {_dumped(value)}" for name, value in values.items())
        body = raw[:-1].rstrip(_BLANKS)
        tail = raw[len(body) : -1]
        return f"{body}{', ' if members else ''}{more}{tail}}}"
    return _dumped({**members, **values})


def _dumped(value: object) -> str:
    return json_text(value)


def lines_of(rows: Iterator[Mapping[str, object]]) -> bytes:
    """New JSON lines."""
    return "".join(_dumped(dict(row)) + "\n" for row in rows).encode("utf-8")


def list_of(rows: Iterator[Mapping[str, object]]) -> bytes:
    """A new JSON list, an object a line."""
    return ("[\n" + ",\n".join(_dumped(dict(row)) for row in rows) + "\n]\n").encode("utf-8")


def _decoded(data: bytes, file: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        position = error.start
    else:
        if text.strip(_BLANKS):
            return text
        raise AddressBookError("the file is empty", file=file)
    raise AddressBookError(
        f"not UTF-8 (byte {position + 1}), which JSON is always written in; write it in UTF-8",
        file=file,
        line=data.count(b"\n", 0, position) + 1,
    )


def _documents(text: str, file: str) -> Iterator[Document]:
    """The objects of the file.

    Raises:
        AddressBookError: it is no list of objects and no lines of them.
    """
    start = len(text) - len(text.lstrip(_BLANKS))
    reader = _Reader(text, file, start)
    if text[start] == "[":
        yield from reader.of_list()
    elif text[start] == "{":
        yield from reader.of_lines()
    else:
        raise AddressBookError("no list: an address book is a list of objects, or an object a line", file=file, line=1)


class _Reader:
    """Goes through the text of a file, an object at a time."""

    def __init__(self, text: str, file: str, position: int) -> None:
        self._text = text
        self._file = file
        self._position = position
        self._line = text.count("\n", 0, position) + 1
        self._counted = position
        self._entries = 0
        decoder = json.JSONDecoder(object_pairs_hook=_members, parse_constant=_refuse_constant)
        self._scan = decoder.raw_decode

    def of_list(self) -> Iterator[Document]:
        self._position += 1
        if self._next() == "]":
            raise self._error("the list is empty")
        while True:
            yield self._object()
            mark = self._next()
            self._position += 1
            if mark == "]":
                break
            if mark != ",":
                raise self._error("not JSON: a comma or the end of the list is missing")
            self._next()
        if self._next():
            raise self._error("something stands after the end of the list")

    def of_lines(self) -> Iterator[Document]:
        while self._next():
            found = self._object()
            if "\n" in self._text[found.start : found.end]:
                self._position = found.start
                raise self._error(
                    "no list: an address book is a list of objects, or an object a line, and this one has several lines"
                )
            yield found
            end = self._text.find("\n", self._position)
            rest = self._text[self._position : end if end >= 0 else None]
            if rest.strip(_BLANKS):
                raise self._error("something stands after the object on its line")

    def _next(self) -> str:
        text, position = self._text, self._position
        while position < len(text) and text[position] in _BLANKS:
            position += 1
        self._position = position
        return text[position : position + 1]

    def _object(self) -> Document:
        start = self._position
        line = self._line_at(start)
        reason = ""
        value: object = None
        end = start
        try:
            value, end = self._scan(self._text, start)
        except JSONDecodeError as error:
            # What stood there comes after a colon in its message.
            reason, line = f"not JSON: {error.msg.partition(':')[0]}", self._line_at(error.pos)
        except RecursionError:
            reason = "nested too deeply; this is no address book"
        except _Misshapen as error:
            reason = str(error)
        except ValueError:
            reason = "a number has too many digits; this is no address book"
        if not reason and not isinstance(value, dict):
            reason = "an entry is no object; an address book is a list of objects"
        if not reason and self._entries == MOST_ENTRIES:
            reason = f"more than {MOST_ENTRIES:,} entries in one book"
        if reason or not isinstance(value, dict):
            raise AddressBookError(reason, file=self._file, line=line)
        self._entries += 1
        self._position = end
        return Document(start, end, line, value)

    def _line_at(self, position: int) -> int:
        if position < self._counted:
            return self._text.count("\n", 0, position) + 1
        self._line += self._text.count("\n", self._counted, position)
        self._counted = position
        return self._line

    def _error(self, reason: str) -> AddressBookError:
        return AddressBookError(reason, file=self._file, line=self._line_at(min(self._position, len(self._text))))


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise _Misshapen("a key stands twice in one object; take one of them away")
    return members


def _refuse_constant(_name: str) -> object:
    raise _Misshapen("not JSON: NaN and Infinity are no numbers there")
