"""The separators of EDIFACT: those of UNA, or ``:+.? '`` where there is none, and what follows from them.

The release character takes its meaning from the byte after it, whatever that is. Line breaks count for nothing, wherever they stand: only
graphic characters are part of an interchange (ISO 9735), and programs and networks wrap files at 80 columns, at 70, or at segments.
"""

from __future__ import annotations

import re
from functools import lru_cache

USUAL = b":+.? '"
"""Component, element, decimal mark, release, reserved, terminator: what holds where there is no UNA."""

WHITE_SPACE = b" \t\r\n\v\f"
"""What counts for nothing between segments."""


BREAKS = b"\r\n\v\f"
"""What ends a line or a page, and counts for nothing anywhere."""


class Separators:
    """The separators of an interchange, and the patterns that follow from them."""

    __slots__ = (
        "_pair",
        "_pieces",
        "after_tag",
        "breaks",
        "component",
        "element",
        "release",
        "released_breaks",
        "segment",
        "service",
        "spaced_tag",
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
        self.breaks = bytes(mark for mark in BREAKS if mark not in marks)
        any_breaks = b"[" + self.breaks + b"]*+"
        blank = b"[" + bytes(mark for mark in WHITE_SPACE if mark not in marks[5:6]) + b"]*+"
        pair = release + any_breaks + b"." if release else b"(?!)"
        self.segment = re.compile(
            blank + b"((?:[^" + release + terminator + b"]++|" + pair + b")*+)" + terminator, re.DOTALL
        )
        self.service = re.compile(
            terminator + blank + b"(?=U" + any_breaks + b"N" + any_breaks + b"[ABEGHOTZ]" + any_breaks
            + b"[" + component + element + terminator + b"])"
        )  # fmt: skip
        mark = any_breaks + b"([^" + self.breaks + b"])"
        self.spaced_tag = re.compile(mark * 3 + b"(?:" + mark + b")?" + any_breaks, re.DOTALL)
        self.tag_in_a_line = re.compile(rb"[\r\n]\s*([A-Z][A-Z0-9]{2})" + element)
        self.released_breaks = [self.release + bytes([one]) for one in self.breaks] if self.release else []
        self.after_tag = self.component + self.element
        self._pair = re.compile(pair, re.DOTALL)
        self._pieces = {
            mark: re.compile(b"(?:[^" + release + escaped + b"]++|" + pair + b")*+", re.DOTALL)
            for mark, escaped in ((self.element, element), (self.component, component))
        }

    def elements(self, raw: bytes) -> list[bytes]:
        """The tag and the elements of a segment without line breaks, release characters still in them."""
        return self._split(raw, self.element)

    def components(self, element: bytes) -> list[bytes]:
        """The components of an element, release characters taken out."""
        if not self.release or self.release not in element:
            return element.split(self.component)
        return [self._pair.sub(_second_byte, piece) for piece in self._split(element, self.component)]

    def released(self, data: bytes, position: int) -> bool:
        """Whether the byte at ``position`` follows a release character that is not itself released."""
        passed_over = self.release + self.breaks
        if not self.release or data[position - 1 : position] not in passed_over:
            return False
        looked_at = 64
        while True:
            before = data[max(0, position - looked_at) : position]
            run = before[len(before.rstrip(passed_over)) :]
            if len(run) < looked_at:
                return run.count(self.release) % 2 == 1
            looked_at *= 8

    def count(self, data: bytes, start: int, end: int) -> int:
        """How many segments end from ``start``, where one begins, to ``end``."""
        found = data.count(self.terminator, start, end)
        if (
            any(data.find(one, start, end) >= 0 for one in (self.release + self.terminator, *self.released_breaks))
            and self.release
        ):
            last = self.terminator[0]
            found -= sum(data[pair.end() - 1] == last for pair in self._pair.finditer(data, start, end))
        return found

    def undone(self, raw: bytes) -> bytes:
        """Bytes of the interchange without line breaks."""
        return raw.translate(None, self.breaks)

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
