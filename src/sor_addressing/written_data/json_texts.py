"""JSON that this library or somebody else wrote: one object, many in a list or one a line, and what reads a value anywhere in a text."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import accumulate
from json.decoder import JSONDecodeError
from typing import NamedTuple

from sor_addressing.errors import SorAddressingError
from sor_addressing.written_data.tables import WrittenTable
from sor_addressing.written_data.texts import MOST_BYTES, text_of
from sor_addressing.written_data.values import MOST_DIGITS, fault_in

__all__ = ["JsonFault", "JsonObject", "json_objects", "json_of", "read_json", "scan_json", "too_deep"]

BLANKS = " \t\n\r"
"""White space between values."""

_DEEPEST = 500
"""What a parser is given to read, whatever it would take: some of them crash where others refuse."""


class JsonFault(NamedTuple):
    """What is wrong with a text, and where in it; a text that ends too early says so. Nothing of it is quoted."""

    reason: str
    position: int | None = None
    is_cut_off: bool = False


class _Misshapen(ValueError):
    """What JSON allows for Python, and no file of ours can have."""


def read_json(
    path: str | os.PathLike[str], error: type[SorAddressingError], *, most_bytes: int = MOST_BYTES
) -> WrittenTable:
    """The object in the JSON file at ``path`` as a table, of which every value is asked for by what it should be.

    Raises:
        SorAddressingError: it can't be read, is no JSON, or holds something else than one object.
    """
    return json_of(text_of(path, error, most_bytes=most_bytes), os.fspath(path), error)


def json_of(text: str, file: str, error: type[SorAddressingError]) -> WrittenTable:
    """As :func:`read_json`, of a text.

    Raises:
        SorAddressingError: likewise.
    """
    value = whole_json(text, file, error)
    if not isinstance(value, dict):
        raise error("not an object of JSON, which begins with { and ends with }", file=file, line=1)
    reason = fault_in(value)
    if reason:
        raise error(reason, file=file)
    return WrittenTable(value, file, error)


def whole_json(text: str, file: str, error: type[SorAddressingError]) -> object:
    """The one value that a text is, whatever it is: for what this library wrote, and looks through itself.

    Raises:
        SorAddressingError: it is no JSON, or something stands behind it.
    """
    start = len(text) - len(text.lstrip(BLANKS))
    found = too_deep(text) or scan_json(text, start)
    if isinstance(found, JsonFault):
        raise error(found.reason, file=file, line=line_at(text, found.position))
    value, end = found
    rest = text[end:].lstrip(BLANKS)
    if rest:
        raise error("something stands after the end of the JSON", file=file, line=line_at(text, len(text) - len(rest)))
    return value


def scan_json(text: str, start: int = 0) -> tuple[object, int] | JsonFault:
    """The value that begins at ``start`` and where it ends, or what is wrong with it; numbers are finite and keys stand once.

    >>> scan_json('{"a": [1, null]}')
    ({'a': [1, None]}, 16)
    >>> scan_json('{"a": NaN}').reason
    'not JSON: NaN and Infinity are no numbers there'
    """
    return _scanned(_decoder(), text, start)


def scan_pairs(text: str, start: int = 0) -> tuple[object, int] | JsonFault:
    """As :func:`scan_json`, for large texts of which little is looked at: objects are tuples of pairs, numbers floats of any size."""
    return _scanned(_decoder_of_pairs(), text, start)


def too_deep(text: str) -> JsonFault | None:
    """A fault where a text is nested so deeply that it is not to be shown to a parser, which may crash."""
    if text.count("[") + text.count("{") <= _DEEPEST:
        return None
    brackets = _between_brackets().sub("", _strings().sub("", text))
    deepest = max(accumulate(map(_STEPS.__getitem__, brackets)), default=0)
    return JsonFault("nested deeper than any such file; give the right one") if deepest > _DEEPEST else None


class JsonObject(NamedTuple):
    """One object among many: where it stands in the text, its line, and what is in it."""

    start: int
    end: int
    line: int
    members: dict[str, object]


def json_objects(text: str, fault: Callable[[str, int], SorAddressingError], *, most: int) -> Iterator[JsonObject]:
    """The objects of a text that is a list of them, or has one a line.

    Args:
        text: the text, not blank.
        fault: makes the error from what is wrong and the line.
        most: how many objects there may be.

    Raises:
        SorAddressingError: it is neither, or no JSON.
    """
    deep = too_deep(text)
    if deep:
        raise fault(deep.reason, 1)
    start = len(text) - len(text.lstrip(BLANKS))
    objects = _Objects(text, start, fault, most)
    if text[start] == "[":
        yield from objects.of_list()
    elif text[start] == "{":
        yield from objects.of_lines()
    else:
        raise fault("neither a list of objects nor an object a line", 1)


class _Objects:
    """Goes through a text, an object at a time."""

    def __init__(self, text: str, position: int, fault: Callable[[str, int], SorAddressingError], most: int) -> None:
        self._text = text
        self._position = position
        self._fault = fault
        self._most = most
        self._line = text.count("\n", 0, position) + 1
        self._counted = position
        self._found = 0

    def of_list(self) -> Iterator[JsonObject]:
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

    def of_lines(self) -> Iterator[JsonObject]:
        while self._next():
            found = self._object()
            if "\n" in self._text[found.start : found.end]:
                self._position = found.start
                raise self._error("neither a list of objects nor an object a line: this one has several lines")
            yield found
            end = self._text.find("\n", self._position)
            rest = self._text[self._position : end if end >= 0 else None]
            if rest.strip(BLANKS):
                raise self._error("something stands after the object on its line")

    def _next(self) -> str:
        found = _no_blank().search(self._text, self._position)
        self._position = found.start() if found else len(self._text)
        return found[0] if found else ""

    def _object(self) -> JsonObject:
        start = self._position
        line = self._line_at(start)
        scanned = scan_json(self._text, start)
        if isinstance(scanned, JsonFault):
            raise self._fault(scanned.reason, line if scanned.position is None else self._line_at(scanned.position))
        value, end = scanned
        reason = "" if isinstance(value, dict) else "an entry is no object"
        if not reason and self._found == self._most:
            reason = f"more than {self._most:,} entries"
        if reason or not isinstance(value, dict):
            raise self._fault(reason, line)
        self._found += 1
        self._position = end
        return JsonObject(start, end, line, value)

    def _line_at(self, position: int) -> int:
        if position < self._counted:
            return self._text.count("\n", 0, position) + 1
        self._line += self._text.count("\n", self._counted, position)
        self._counted = position
        return self._line

    def _error(self, reason: str) -> SorAddressingError:
        return self._fault(reason, self._line_at(min(self._position, len(self._text))))


def line_at(text: str, position: int | None) -> int | None:
    """The line of a place in a text, counted from 1."""
    return None if position is None else text.count("\n", 0, position) + 1


def _scanned(decoder: json.JSONDecoder, text: str, start: int) -> tuple[object, int] | JsonFault:
    try:
        return decoder.raw_decode(text, start)
    except JSONDecodeError as fault:
        # What json itself says of it is worded otherwise in every version, and the text hangs on it.
        is_cut_off = fault.msg.startswith("Unterminated") or fault.pos >= len(text.rstrip(BLANKS))
        position = (len(text) or None) if is_cut_off else fault.pos
    except RecursionError:
        return JsonFault("nested deeper than any such file; give the right one")
    except _Misshapen as fault:
        return JsonFault(str(fault))
    return JsonFault("not JSON: it ends too early" if is_cut_off else "not JSON from here on", position, is_cut_off)


@cache
def _decoder() -> json.JSONDecoder:
    return json.JSONDecoder(
        object_pairs_hook=_members, parse_int=_whole, parse_float=_real, parse_constant=_refuse_constant
    )


@cache
def _decoder_of_pairs() -> json.JSONDecoder:
    return json.JSONDecoder(object_pairs_hook=tuple, parse_int=float, parse_constant=_refuse_constant)


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise _Misshapen("a key stands twice in one object; take one of them away")
    return members


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise _Misshapen("a number of too many digits; write a smaller one, or a text in quotes")
    return int(digits)


def _real(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise _Misshapen("a number too large to be one (1e999); write a smaller one")
    return value


def _refuse_constant(_name: str) -> object:
    raise _Misshapen("not JSON: NaN and Infinity are no numbers there")


_STEPS = {"[": 1, "{": 1, "]": -1, "}": -1}


@cache
def _strings() -> re.Pattern[str]:
    return re.compile(r'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)


@cache
def _between_brackets() -> re.Pattern[str]:
    return re.compile(r"[^\[\]{}]+")


@cache
def _no_blank() -> re.Pattern[str]:
    return re.compile(r"[^ \t\n\r]")
