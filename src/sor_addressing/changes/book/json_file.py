"""Address books as JSON: a list of objects or an object a line; written again with some values changed and keys added, all else as it was."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from sor_addressing.cells import json_text
from sor_addressing.changes.book.columns import columns_of
from sor_addressing.changes.book.entries import MOST_ENTRIES, Book, BookFormat, entry_of
from sor_addressing.errors import AddressBookError
from sor_addressing.written_data.json_texts import BLANKS, JsonObject, json_objects
from sor_addressing.written_data.texts import decoded

_MARK = b"\xef\xbb\xbf"
_MOST_BYTES = 512 * 1024 * 1024


def read_json(path: Path, named: Mapping[str, str], *, by_name: bool = False) -> Book:
    """The book in the JSON file at ``path``; ``named`` are the columns that the caller names, ``by_name`` lets names alone be enough.

    Raises:
        AddressBookError: it can't be read, or its columns can't be told.
    """
    file = str(path)
    data = path.read_bytes()
    text = decoded(data, file, AddressBookError, most_bytes=_MOST_BYTES)
    if not text.strip(BLANKS):
        raise AddressBookError("the file is empty", file=file)
    objects = list(_objects(text, file))
    header = list(dict.fromkeys(name for one in objects for name in one.members))
    columns = columns_of(header, named, file=file, line=None, by_name=by_name)
    keys = {field: header[at] for field, at in columns.items()}
    return Book(
        file=file,
        format=BookFormat.JSON if text.lstrip(BLANKS).startswith("[") else BookFormat.JSON_LINES,
        columns=keys,
        entries=tuple(
            entry_of({field: one.members.get(name) for field, name in keys.items()}, one.line, file) for one in objects
        ),
        digest=hashlib.sha256(data).hexdigest(),
        encoding="utf-8-sig" if data.startswith(_MARK) else "utf-8",
    )


def patched_json(book: Book, data: bytes, patch: Callable[[int], Mapping[str, str] | None]) -> bytes:
    """The file again, with the values that ``patch`` gives by place of the object, by key. Objects without a change stay as they are."""
    text = data.decode(book.encoding)
    out: list[str] = []
    done = 0
    for place, one in enumerate(_objects(text, book.file or "")):
        values = patch(place)
        if values is None:
            continue
        out += (text[done : one.start], _patched(text[one.start : one.end], one.members, values))
        done = one.end
    return ("".join(out) + text[done:]).encode(book.encoding)


def rewritten_json(book: Book, data: bytes, rewrite: Callable[[int, dict[str, object]], dict[str, object]]) -> bytes:
    """The file again, each object as ``rewrite`` makes it of its place and what is in it. One to which keys are only added keeps its form."""
    text = data.decode(book.encoding)
    out: list[str] = []
    done = 0
    for place, one in enumerate(_objects(text, book.file or "")):
        made = rewrite(place, dict(one.members))
        if list(made.items()) == list(one.members.items()):
            continue
        more = {name: value for name, value in made.items() if name not in one.members}
        only_more = list(made.items()) == [*one.members.items(), *more.items()]
        raw = text[one.start : one.end]
        out += (text[done : one.start], _with_more(raw, more, bool(one.members)) if only_more else _dumped(made))
        done = one.end
    return ("".join(out) + text[done:]).encode(book.encoding)


def _with_more(raw: str, values: Mapping[str, object], has_members: bool) -> str:
    more = ", ".join(f"{_dumped(name)}: {_dumped(value)}" for name, value in values.items())
    body = raw[:-1].rstrip(BLANKS)
    tail = raw[len(body) : -1]
    return f"{body}{', ' if has_members else ''}{more}{tail}}}"


def _patched(raw: str, members: dict[str, object], values: Mapping[str, str]) -> str:
    if all(name not in members for name in values):
        return _with_more(raw, values, bool(members))
    return _dumped({**members, **values})


def _dumped(value: object) -> str:
    return json_text(value)


def lines_of(rows: Iterator[Mapping[str, object]]) -> bytes:
    """New JSON lines."""
    return "".join(_dumped(dict(row)) + "\n" for row in rows).encode("utf-8")


def list_of(rows: Iterator[Mapping[str, object]]) -> bytes:
    """A new JSON list, an object a line."""
    return ("[\n" + ",\n".join(_dumped(dict(row)) for row in rows) + "\n]\n").encode("utf-8")


def _objects(text: str, file: str) -> Iterator[JsonObject]:
    """The objects of the file.

    Raises:
        AddressBookError: it is no list of objects and no lines of them.
    """
    return json_objects(text, lambda reason, line: AddressBookError(reason, file=file, line=line), most=MOST_ENTRIES)
