"""JSON of any length as it streams past: one document after another, and of a document that is a list of many things each of these alone.

Only what is being looked at is in memory. What one thing may be long is bounded, and so is what a reader has to read again where the end of
a block parts it.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

from sor_addressing.written_data.json_texts import BLANKS, JsonFault, scan_pairs

__all__ = ["JsonStream", "Streamed"]

_BLOCK = 1 << 20
_WHOLE = 1 << 18
"""A document of up to so many characters is read as a whole; of a longer one what is listed in it, one by one."""

MOST_CHARACTERS = 16 << 20
"""What one thing may have; a resource of a register has some thousand."""

_NEAR = 16
"""So near to the end of a block a fault may be that of a word or an escape that is not there in full."""

_OTHER_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Streamed(NamedTuple):
    """One thing of a document's list, or, where ``is_document``, the document without that list. Objects are tuples of pairs."""

    value: object
    line: int
    is_document: bool


class JsonStream:
    """Goes through a stream of JSON documents.

    Args:
        stream: the bytes, UTF-8.
        fault: makes the error to raise, from what is wrong and the line.
        listed: the member of a document whose elements are given one by one, before the document itself.
    """

    def __init__(self, stream: BinaryIO, fault: Callable[[str, int], Exception], *, listed: str) -> None:
        self._stream = stream
        self._fault = fault
        self._listed = listed
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._text = ""
        self._at = 0
        self._line = 1
        self._counted = 0
        self._is_over = False

    def __iter__(self) -> Iterator[Streamed]:
        while mark := self._next():
            line = self._line_here()
            if mark == "[":
                yield from (Streamed(value, at, True) for value, at in self._elements())
                continue
            if mark != "{":
                raise self._wrong("not JSON: neither an object nor a list")
            whole = self._whole()
            if whole is None:
                yield from self._parts(line)
            else:
                yield from self._taken_apart(whole, line)

    def _taken_apart(self, pairs: tuple[tuple[str, object], ...], line: int) -> Iterator[Streamed]:
        rest = []
        for name, value in pairs:
            if name == self._listed and isinstance(value, list):
                yield from (Streamed(one, line, False) for one in value)
            else:
                rest.append((name, value))
        yield Streamed(tuple(rest), line, True)

    def _parts(self, line: int) -> Iterator[Streamed]:
        """A document too long to be read as a whole."""
        self._at += 1
        rest: list[tuple[str, object]] = []
        mark = self._next()
        while mark != "}":
            name = self._value()
            if not isinstance(name, str) or self._next() != ":":
                raise self._wrong("not JSON: a name and a colon are missing")
            self._at += 1
            if self._next() == "[" and name == self._listed:
                yield from (Streamed(value, at, False) for value, at in self._elements())
            else:
                rest.append((name, self._value()))
            mark = self._next()
            if mark == ",":
                self._at += 1
                if self._next() == "}":
                    raise self._wrong("not JSON: a comma before the end of an object")
            elif mark != "}":
                raise self._wrong("not JSON: a comma or the end of an object is missing")
        self._at += 1
        yield Streamed(tuple(rest), line, True)

    def _elements(self) -> Iterator[tuple[object, int]]:
        self._at += 1
        mark = self._next()
        while mark != "]":
            line = self._line_here()
            yield self._value(), line
            mark = self._next()
            if mark == ",":
                self._at += 1
                if self._next() == "]":
                    raise self._wrong("not JSON: a comma before the end of a list")
            elif mark != "]":
                raise self._wrong("not JSON: a comma or the end of a list is missing")
        self._at += 1

    def _whole(self) -> tuple[tuple[str, object], ...] | None:
        """The object that begins here; None where it is so long that it is to be read in parts."""
        while True:
            found = scan_pairs(self._text, self._at)
            if not isinstance(found, JsonFault):
                value, self._at = found
                if isinstance(value, tuple):
                    return value
                raise self._wrong("not JSON: no object")  # pragma: no cover (it begins as one)
            if not self._may_go_on(found):
                raise self._told(found)
            if len(self._text) - self._at >= _WHOLE:
                return None
            self._read(_BLOCK)

    def _value(self) -> object:
        self._next()
        size = _BLOCK
        while True:
            found = scan_pairs(self._text, self._at)
            if not isinstance(found, JsonFault):
                value, end = found
                if self._is_over or end < len(self._text) or isinstance(value, (tuple, list, str)):
                    self._at = end
                    return value
            elif not self._may_go_on(found):
                raise self._told(found)
            if len(self._text) - self._at > MOST_CHARACTERS:
                raise self._wrong(f"one resource of more than {MOST_CHARACTERS:,} characters, which no register has")
            self._read(size)
            size *= 2

    def _may_go_on(self, fault: JsonFault) -> bool:
        """Whether what is wrong may be that not all is there yet."""
        if self._is_over or fault.position is None:
            return False
        return fault.is_cut_off or fault.position >= len(self._text) - _NEAR

    def _next(self) -> str:
        """The next character that is no blank, where reading then stands; empty at the end."""
        while True:
            text, at = self._text, self._at
            while at < len(text):
                if text[at] not in BLANKS:
                    self._at = at
                    return text[at]
                at += 1
            self._at = at
            if self._is_over:
                return ""
            self._read(_BLOCK)

    def _read(self, size: int) -> None:
        self._line_here()
        data = self._stream.read(size)
        self._is_over = not data
        if data[:2] in _OTHER_MARKS:
            raise self._fault("not UTF-8 but UTF-16, which JSON is not sent in", 1)
        try:
            more = self._decoder.decode(data, self._is_over)
        except UnicodeDecodeError:
            more = None
        if more is None:
            raise self._fault("not UTF-8, which JSON has to be", self._line)
        self._text = self._text[self._at :] + more
        self._at = self._counted = 0

    def _line_here(self) -> int:
        """The line where reading stands; what was counted is not counted again."""
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def _told(self, fault: JsonFault) -> Exception:
        line = (
            self._line if fault.position is None else self._line + self._text.count("\n", self._counted, fault.position)
        )
        return self._fault(fault.reason, line)

    def _wrong(self, reason: str) -> Exception:
        return self._fault(reason if self._next() else "not JSON: it ends too early", self._line_here())
