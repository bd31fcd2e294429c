"""Questions as they come in a body: a list in JSON, one object, or an object a line, taken apart as they go by.

What is being looked at is in memory and no more: a row has at most :data:`MOST_BYTES`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from sor_addressing.written_data.json_texts import BLANKS, JsonFault, scan_json, too_deep

MOST_BYTES = 256 * 1024

_BLANK_BYTES = b" \t\r\n"
MARK = b"\xef\xbb\xbf"
"""What some programs begin UTF-8 with."""
# An object without lists or objects in it, which is what a question mostly is; no way back, so no way to be slow.
_FLAT = re.compile(rb'\{(?:[^{}"\[\]]++|"(?:[^"\\]++|\\.)*+")*+\}', re.DOTALL)
_SCALAR = re.compile(rb'[^\s,\]\[{}"]++|"(?:[^"\\]++|\\.)*+"', re.DOTALL)
# A quote alone begins a text that is not there in full.
_NESTED = re.compile(rb'[\[{]|[\]}]|"(?:[^"\\]++|\\.)*+"|"', re.DOTALL)


class Row(NamedTuple):
    """A row as it was written, or what is wrong with it; ``is_last`` where nothing behind it can be read, ``blank`` the blank lines before it."""

    data: bytes
    fault: str = ""
    is_last: bool = False
    blank: int = 0


class RowSplitter:
    """Takes a body apart: :meth:`feed` it piece by piece, then :meth:`end` it.

    Args:
        is_json: whether the body says that it is JSON, where one object may stand on several lines.
    """

    def __init__(self, *, is_json: bool) -> None:
        self._is_json = is_json
        self._rest = b""
        self._mode = ""
        self._is_skipping = False
        self._needs_comma = False
        self._is_over = False
        self._scanned = 0
        self._count = 0
        self._blank = 0

    def feed(self, data: bytes) -> Iterator[Row]:
        """The rows that are whole with this piece."""
        if self._is_over:
            return
        self._rest += data
        if not self._mode and not self._settle():
            return
        if self._mode == "list":
            yield from self._of_list(is_end=False)
        elif self._mode == "lines":
            yield from self._of_lines()
        elif len(self._rest) > MOST_BYTES:
            self._is_over = True
            yield Row(b"", _TOO_LONG, is_last=True)

    def end(self) -> Iterator[Row]:
        """What is left at the end of the body."""
        if self._is_over:
            return
        if not self._mode:
            self._mode = "lines"
        if self._mode == "list":
            yield from self._of_list(is_end=True)
            if not self._is_over:
                yield Row(b"", "not JSON: it ends too early", is_last=True)
        elif not self._is_skipping and self._rest.strip(_BLANK_BYTES):
            yield Row(self._rest.strip(_BLANK_BYTES), blank=self._blank)

    def _settle(self) -> bool:
        """See by its first sign what the body is."""
        if self._rest[:1] == MARK[:1] and len(self._rest) < len(MARK):
            return False
        stripped = self._rest.removeprefix(MARK).lstrip(_BLANK_BYTES)
        self._blank += self._rest.count(b"\n", 0, len(self._rest) - len(stripped))
        if not stripped:
            self._rest = b""
            return False
        self._rest = stripped
        if stripped[:1] == b"[":
            self._mode, self._rest = "list", stripped[1:]
        elif self._is_json and stripped[:1] == b"{":
            line, ends, _ = stripped.partition(b"\n")
            if not ends and len(stripped) <= MOST_BYTES:
                return False  # its first line is not whole yet
            self._mode = "one" if _is_cut_off(line) else "lines"
        else:
            self._mode = "lines"
        return True

    def _of_lines(self) -> Iterator[Row]:
        *lines, self._rest = self._rest.split(b"\n")
        for line in lines:
            if self._is_skipping:
                self._is_skipping = False
            elif len(line) > MOST_BYTES:
                yield self._on_line(b"", _TOO_LONG)
            elif stripped := line.strip(_BLANK_BYTES):
                yield self._on_line(stripped)
            else:
                self._blank += 1
        if len(self._rest) > MOST_BYTES:
            if not self._is_skipping:
                yield self._on_line(b"", _TOO_LONG)
            self._is_skipping, self._rest = True, b""

    def _on_line(self, data: bytes, fault: str = "") -> Row:
        blank, self._blank = self._blank, 0
        return Row(data, fault, blank=blank)

    def _of_list(self, *, is_end: bool) -> Iterator[Row]:
        data, at = self._rest, 0
        while True:
            while data[at : at + 1] in _ONE_BLANK:
                at += 1
            sign = data[at : at + 1]
            if not sign:
                break
            if sign == b"]":
                yield from self._closed(data[at + 1 :])
                return
            if self._needs_comma:
                if sign != b",":
                    yield self._broken("not JSON: a comma or the end of the list is missing")
                    return
                self._needs_comma, at = False, at + 1
                continue
            end = self._end_of(data, at, is_end=is_end)
            if end is None:
                break
            if end <= at:
                yield self._broken("not JSON from here on")
                return
            yield Row(data[at:end]) if end - at <= MOST_BYTES else Row(b"", _TOO_LONG)
            self._needs_comma, self._count, self._scanned, at = True, self._count + 1, 0, end
        self._rest = data[at:]
        if len(self._rest) > MOST_BYTES:
            yield self._broken(_TOO_LONG)

    def _end_of(self, data: bytes, at: int, *, is_end: bool) -> int | None:
        """Where the value ends that begins at a place; None where it is not there in full, the place itself where it is none."""
        flat = _FLAT.match(data, at)
        if flat:
            return flat.end()
        if data[at : at + 1] not in (b"{", b"["):
            scalar = _SCALAR.match(data, at)
            if scalar is None:
                return None if data[at : at + 1] == b'"' and not is_end else at
            return scalar.end() if scalar.end() < len(data) or is_end else None
        if self._scanned and len(data) - at < 2 * self._scanned and not is_end:
            return None  # looked at not long ago; wait until there is twice as much
        self._scanned = len(data) - at
        depth = 0
        for found in _NESTED.finditer(data, at):
            sign = found[0]
            if sign == b'"':
                break
            depth += (sign in b"[{") - (sign in b"]}")
            if depth == 0:
                return found.end()
        return None

    def _closed(self, behind: bytes) -> Iterator[Row]:
        """The list is at its end."""
        self._is_over, self._rest = True, b""
        if self._count and not self._needs_comma:
            yield Row(b"", "not JSON: a comma before the end of a list", is_last=True)
        elif behind.strip(_BLANK_BYTES):
            yield Row(b"", "something stands after the end of the list", is_last=True)

    def _broken(self, fault: str) -> Row:
        self._is_over, self._rest = True, b""
        return Row(b"", fault, is_last=True)


def value_of(data: bytes) -> object | JsonFault:
    """The value that a row is, or what is wrong with it."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return JsonFault("not UTF-8; write the question in UTF-8, or other letters as escapes")
    scanned = too_deep(text) or scan_json(text)
    if isinstance(scanned, JsonFault):
        return scanned
    value, end = scanned
    return JsonFault("something stands after the object on its line") if text[end:].strip(BLANKS) else value


def _is_cut_off(line: bytes) -> bool:
    found = value_of(line)
    return isinstance(found, JsonFault) and found.is_cut_off


_TOO_LONG = f"more than {MOST_BYTES:,} bytes in one question"
_ONE_BLANK = (b" ", b"\t", b"\r", b"\n")
