"""The segments of an EDIFACT file: where each begins and ends, over bytes, without taking the file apart.

White space between segments counts for nothing, and line breaks nowhere. Raw bytes follow UNO, as many as it says, and hold whatever they
like. The rest of a letter is passed over by looking for service segments alone: nothing of a patient becomes a Python object, and it is fast.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from sor_addressing.errors import LetterError
from sor_addressing.letters.edifact.separators import BREAKS, USUAL, WHITE_SPACE, Separators, separators

LONGEST_VALUE = 70
"""Characters in an identifier or reference; the standard has 35 at most."""

LONGEST_SEGMENT = 10_000
"""Bytes in a segment of the header; what is longer has lost its terminator."""

_AFTER_THE_END = b"\0\x1a"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"U\0N\0", b"\0U\0N")
_LONGEST_LENGTH = 12
_USUAL = Separators(USUAL)


class Segment(NamedTuple):
    """A segment: its tag (none where it is no tag of three), and where it stands in the file, from the tag to before its terminator."""

    tag: bytes
    start: int
    end: int


class SegmentReader:
    """Goes through the segments of a file, one by one or past the rest of a letter.

    Attributes:
        data: the whole file.
        position: where the next segment is looked for.
        separators: those of the interchange that is being read.
    """

    __slots__ = ("data", "file", "position", "separators")

    def __init__(self, data: bytes, file: str) -> None:
        """Stand before the first segment.

        Raises:
            LetterError: the file is of two bytes a character, which no EDIFACT file is.
        """
        self.data, self.file = data, file
        self.position = len(_BYTE_ORDER_MARK) if data.startswith(_BYTE_ORDER_MARK) else 0
        self.separators = _USUAL
        if data.startswith(_WIDE):
            raise LetterError(
                "the file has two bytes a character; EDIFACT has one: write it in ISO 8859-1, as UNOC says", file=file
            )

    def begin_interchange(self) -> bool:
        """Read UNA where there is one, and stand before UNB; False at the end of the file.

        Raises:
            LetterError: the separators that UNA names can't be told apart.
        """
        data = self.data
        start, size = self.position, len(data)
        skipped = WHITE_SPACE + _AFTER_THE_END
        while start < size and data[start] in skipped:
            start += 1
        self.position = start
        if start == size:
            return False
        string = _SERVICE_STRING.match(data, start)
        if string:
            marks, end = _marks(data, string.end())
            if len(marks) < 6:
                raise self.error("the file ends inside UNA: it was cut off; get it again", start)
            known = separators(marks)
            if known is None:
                raise self.error("UNA names separators that can't be told apart; write  UNA:+.? '", start)
            self.separators = known
            self.position = end
        else:
            self.separators = _USUAL
        return True

    def next(self) -> Segment | None:
        """The next segment; None at the end of the file.

        Raises:
            LetterError: the file ends inside a segment.
        """
        found = self.separators.segment.match(self.data, self.position)
        if found is None:
            if self.data[self.position :].strip(WHITE_SPACE + _AFTER_THE_END):
                raise self.error("the file ends inside a segment: it was cut off; get it again", self.position)
            return None
        self.position = found.end()
        start, end = found.span(1)
        tag = self.data[start : start + 3]
        if end - start > 3 and self.data[start + 3] not in self.separators.after_tag:
            tag = b""
        if not tag or not tag.isalnum():
            tag = self._spaced_tag(tag, start, end)
        return Segment(tag, start, end)

    def _spaced_tag(self, tag: bytes, start: int, end: int) -> bytes:
        """The tag of a segment, where a line break may stand in it or behind it; else ``tag``."""
        used = self.separators
        marks = used.spaced_tag.match(self.data, start, end)
        if marks is None:
            return tag
        return b"".join(marks.group(1, 2, 3)) if marks[4] is None or marks[4] in used.after_tag else b""

    def following(self, expected: str) -> Segment:
        """The next segment, which there has to be: ``expected`` is still to come.

        Raises:
            LetterError: the file ends here, or inside a segment.
        """
        segment = self.next()
        if segment is None:
            raise self.error(f"the file ends before {expected}: it was cut off; get it again", len(self.data))
        return segment

    def elements(self, segment: Segment) -> list[bytes]:
        """The tag and the elements of a segment; their components are still to be told apart.

        Raises:
            LetterError: the segment is so long that its terminator must be missing.
        """
        if segment.end - segment.start > LONGEST_SEGMENT:
            raise self.error(
                f"a segment has {segment.end - segment.start:,} bytes: the terminator after it is missing; make the file again",
                segment.start,
            )
        return self.separators.elements(self.raw(segment))

    def raw(self, segment: Segment) -> bytes:
        """The bytes of a segment without line breaks."""
        return self.separators.undone(self.data[segment.start : segment.end])

    def service(self, segment: Segment) -> list[bytes]:
        """As :meth:`elements`, for the segments that hold a file together: the one that has to follow may not have run into them.

        A line that begins as that one does tells a terminator that is missing from a line that was wrapped.

        Raises:
            LetterError: one has, or it is too long.
        """
        found = self.elements(segment)
        following = _FOLLOWING.get(segment.tag, ())
        lines = self.separators.tag_in_a_line.finditer(self.data, segment.start, segment.end)
        if any(line[1] in following for line in lines):
            raise self.error(
                f"the terminator after {_shown(segment.tag)} is missing; make the file again", segment.start
            )
        return found

    def components(self, elements: list[bytes], number: int) -> list[str]:
        """The components of an element as texts, at least one; empty where there is no such element.

        Raises:
            LetterError: one is longer than any identifier or reference.
        """
        if number >= len(elements):
            return [""]
        return [self._text(raw) for raw in self.separators.components(elements[number])]

    def value(self, elements: list[bytes], number: int) -> str:
        """The first component of an element as text; empty where there is none.

        Raises:
            LetterError: it is longer than any identifier or reference.
        """
        return self._text(self.separators.components(elements[number])[0]) if number < len(elements) else ""

    def _text(self, raw: bytes) -> str:
        if len(raw) > LONGEST_VALUE:
            raise self.error(
                f"a field has {len(raw):,} characters where an identifier or reference should stand; make the file again",
                self.position,
            )
        text = raw.decode("utf-8" if raw.isascii() or is_utf8(raw) else "latin-1").strip()
        if not text.isprintable() and _CONTROL.search(text):
            raise self.error(
                "a field has characters that are no text (control characters); make the file again", self.position
            )
        return text

    def skip_letter(self) -> tuple[int, Segment]:
        """Go past the rest of a letter: how many segments there were, and the service segment that ends it.

        Raises:
            LetterError: the file ends before that, or raw bytes don't end where UNO says.
        """
        counted = 0
        while True:
            segment = self.following("UNT")
            if segment.tag in _CLOSING:
                return counted, segment
            counted += 1
            if segment.tag == b"UNO":
                self.skip_binary(segment)
                continue
            position = self._next_service_segment(self.position - 1)
            if position is None:
                raise self.error("the file ends before UNT: it was cut off; get it again", len(self.data))
            counted += self.separators.count(self.data, self.position, position)
            self.position = position

    def skip_binary(self, segment: Segment) -> None:
        """Go past the raw bytes after UNO, as many as its fourth element says; a line break before them is no part of them.

        Raises:
            LetterError: UNO gives no length, or no segment follows where they should end.
        """
        elements = self.elements(segment)
        length = self.separators.components(elements[4])[0].strip() if len(elements) > 4 else b""
        if not length.isdigit() or len(length) > _LONGEST_LENGTH:
            raise self.error("UNO does not say how many bytes follow it; make the file again", segment.start)
        end = self._end_of_binary(int(length))
        if end is not None:
            self.position = end
            return
        missing = self.position + int(length) > len(self.data)
        raise self.error(
            "the file ends before the bytes that UNO announces: it was cut off; get it again"
            if missing
            else "no segment follows the bytes that UNO announces: its length is wrong; make the file again",
            segment.start,
        )

    def _end_of_binary(self, size: int) -> int | None:
        """Where ``size`` raw bytes end that begin here, as they are or with the line breaks that the file was wrapped with."""
        data, start = self.data, self.position
        exact = [
            end
            for line_break in (b"", b"\r\n", b"\n", b"\r")
            if data.startswith(line_break, start)
            and (end := start + len(line_break) + size) <= len(data)
            and _FOLLOWS_BINARY.match(data, end)
        ]
        for end in exact:
            if self._says_length_again(end, size):
                return end
        # Wrapped, there are more by some of the breaks that are there, for raw bytes have breaks of their own.
        counted_to, breaks = start, 0
        for found in _SERVICE_IN_LINES.finditer(data, start + size, start + 3 * size + _LONGEST_UNP):
            breaks += sum(data.count(mark, counted_to, found.start()) for mark in _EACH_BREAK)
            counted_to = found.start()
            if counted_to - start - size > breaks:
                break
            if self._says_length_again(counted_to, size):
                return counted_to
            exact.append(counted_to)
        return exact[0] if exact else None

    def _says_length_again(self, position: int, size: int) -> bool:
        """Whether UNP stands there, or behind a line break, with the length that UNO said."""
        after = self.separators.undone(self.data[position : position + _LONGEST_UNP]).lstrip(WHITE_SPACE)
        said = b"UNP" + self.separators.element + b"%d" % size
        return after.startswith(said) and not after[len(said) : len(said) + 1].isdigit()

    def error(self, text: str, position: int) -> LetterError:
        """An error with the line that ``position`` is in."""
        data = self.data
        lines = data.count(b"\n", 0, position) + data.count(b"\r", 0, position) - data.count(b"\r\n", 0, position)
        return LetterError(text, file=self.file, line=lines + 1)

    def _next_service_segment(self, position: int) -> int | None:
        """Where the next service segment begins, after a terminator that stands at ``position`` or later."""
        search = self.separators.service.search
        while found := search(self.data, position):
            if not self.separators.released(self.data, found.start()):
                return found.end()
            position = found.start() + 1
        return None


_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_CLOSING = frozenset([b"UNA", b"UNB", b"UNE", b"UNG", b"UNH", b"UNT", b"UNZ"])
_FOLLOWS_BINARY = re.compile(rb"\s*+U[\r\n\v\f]*N[\r\n\v\f]*[PTO][\r\n\v\f]*[^A-Za-z0-9\r\n\v\f]")
_SERVICE_STRING = re.compile(rb"U[\r\n\v\f]*N[\r\n\v\f]*A")
_MARKS = re.compile(rb"(?:[\r\n\v\f]*[^\r\n\v\f]){1,6}")
_SERVICE_IN_LINES = re.compile(rb"U[\r\n\v\f]*N[\r\n\v\f]*[PTO][\r\n\v\f]*[^A-Za-z0-9\r\n\v\f]")
_LONGEST_UNP = 64
"""Bytes of UNP up to its length, with a line break after each."""
_EACH_BREAK = tuple(bytes([mark]) for mark in BREAKS)
_FOLLOWING = {
    b"UNB": (b"UNH", b"UNG"), b"UNG": (b"UNH",), b"UNH": (b"BGM", b"UCI"), b"UCI": (b"UCM", b"FTX", b"UNT"),
    b"UCM": (b"UCM", b"FTX", b"UNT"), b"UNT": (b"UNH", b"UNE", b"UNZ"), b"UNE": (b"UNG", b"UNZ"), b"UNZ": (b"UNB",),
}  # fmt: skip


def _marks(data: bytes, start: int) -> tuple[bytes, int]:
    """The six separators that begin at ``start``, and where they end. A line break is one of them only where it is the last."""
    marks = data[start : start + 6]
    if len(marks) == 6 and marks[5] in BREAKS and not any(mark in BREAKS for mark in marks[:5]):
        following = data[start + 6 : start + 8].strip(WHITE_SPACE)
        if following[:1] == b"U":
            return marks, start + 6
    found = _MARKS.match(data, start)
    return (found[0].translate(None, BREAKS), found.end()) if found else (b"", start)


def is_utf8(raw: bytes) -> bool:
    """Whether bytes are UTF-8 with letters that ISO 8859-1 writes otherwise."""
    if raw.isascii():
        return False
    try:
        raw.translate(None, BREAKS).decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _shown(tag: bytes) -> str:
    return tag.decode("ascii", "replace") if tag.isalnum() else "a segment"
