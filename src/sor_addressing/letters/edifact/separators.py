"""The separators of EDIFACT: those of UNA, or ``:+.? '`` where there is none, and what follows from them.

The release character takes its meaning from the byte after it, whatever that is.
"""

from __future__ import annotations

import re
from functools import lru_cache

USUAL = b":+.? '"
"""Component, element, decimal mark, release, reserved, terminator: what holds where there is no UNA."""

WHITE_SPACE = b" \t\r\n\v\f"
"""What counts for nothing between segments."""


class Separators:
    """The separators of an interchange, and the patterns that follow from them."""

    __slots__ = (
        "_pair",
        "_pieces",
        "after_tag",
        "component",
        "element",
        "release",
        "segment",
        "service",
        "tag_in_a_line",
        "terminator",
    )

    def __init__(self, marks: bytes) -> None:
        """``marks`` are the six bytes after ``UNA``; the release character may be a blank, and there is none then."""
        self.component, self.element, self.release, self.terminator = marks[0:1], marks[1:2], marks[3:4], marks[5:6]
        if self.release == b" ":
            self.release = b""
        component, element, release, terminator = map(
            re.escape, (self.component, self.element, self.release, self.terminator)
        )
        blank = b"[" + bytes(mark for mark in WHITE_SPACE if mark not in marks[5:6]) + b"]*+"
        pair = release + b"." if release else b"(?!)"
        self.segment = re.compile(
            blank + b"((?:[^" + release + terminator + b"]++|" + pair + b")*+)" + terminator, re.DOTALL
        )
        self.service = re.compile(terminator + blank + b"(?=UN[ABEGHOTZ][" + component + element + terminator + b"])")
        self.tag_in_a_line = re.compile(rb"[\r\n]\s*[A-Z][A-Z0-9]{2}" + element)
        self.after_tag = self.component + self.element
        self._pair = re.compile(pair, re.DOTALL)
        self._pieces = {
            mark: re.compile(b"(?:[^" + release + escaped + b"]++|" + pair + b")*+", re.DOTALL)
            for mark, escaped in ((self.element, element), (self.component, component))
        }

    def elements(self, raw: bytes) -> list[bytes]:
        """The tag and the elements of a segment, release characters still in them."""
        return self._split(raw, self.element)

    def components(self, element: bytes) -> list[bytes]:
        """The components of an element, release characters taken out."""
        if not self.release or self.release not in element:
            return element.split(self.component)
        return [self._pair.sub(_second_byte, piece) for piece in self._split(element, self.component)]

    def released(self, data: bytes, position: int) -> bool:
        """Whether the byte at ``position`` follows a release character that is not itself released."""
        if not self.release or data[position - 1 : position] != self.release:
            return False
        looked_at = 64
        while True:
            before = data[max(0, position - looked_at) : position]
            run = len(before) - len(before.rstrip(self.release))
            if run < looked_at:
                return run % 2 == 1
            looked_at *= 8

    def count(self, data: bytes, start: int, end: int) -> int:
        """How many segments end from ``start``, where one begins, to ``end``."""
        found = data.count(self.terminator, start, end)
        if self.release and data.find(self.release + self.terminator, start, end) >= 0:
            last = self.terminator[0]
            found -= sum(data[pair.end() - 1] == last for pair in self._pair.finditer(data, start, end))
        return found

    def _split(self, raw: bytes, mark: bytes) -> list[bytes]:
        if not self.release or self.release not in raw:
            return raw.split(mark)
        piece, pieces, position = self._pieces[mark], [], 0
        while found := piece.match(raw, position):
            pieces.append(found[0])
            position = found.end() + 1
            if position > len(raw):
                break
        return pieces


def _second_byte(pair: re.Match[bytes]) -> bytes:
    return pair[0][1:]


@lru_cache(maxsize=32)
def separators(marks: bytes) -> Separators | None:
    """The separators for six bytes after ``UNA``; None where two of them are the same, or one is a letter or a digit.

    >>> separators(USUAL).element
    b'+'
    """
    used = [mark for mark in (marks[0:1], marks[1:2], marks[3:4], marks[5:6]) if mark != b" "]
    if (
        len(set(used)) < len(used)
        or len(used) < 3
        or any(mark.isalnum() for mark in used)
        or b" " in (marks[0:1], marks[1:2], marks[5:6])
    ):
        return None
    return Separators(marks)
