"""Text of unknown encoding as a stream: whole lines, a block at a time, decoded without guessing.

ASCII decides nothing; the first block with other bytes does: it is UTF-8 throughout, or else windows-1252, which ISO-8859-1
is part of as far as letters go. What fits neither, and a file that changes its mind, is refused with the line and the bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import BinaryIO

from sor_addressing.errors import ExtractError
from sor_addressing.model import Problem

__all__ = ["Blocks", "line_ends"]

_BLOCK_SIZE = 32_768
_LONGEST_LINE = 1_048_576

_UTF_8_MARK = b"\xef\xbb\xbf"
_UTF_16_OR_32_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
# æ ø å Æ Ø Å in UTF-8: as windows-1252 they would read "Ã¦", "Ã¸" …, which no Danish text has.
_UTF_8_LETTER = re.compile(rb"\xc3[\xa6\xb8\xa5\x86\x98\x85]")


class Blocks:
    """Whole lines of a stream, a block at a time, as text; can be gone through once.

    Args:
        stream: the bytes; need not be seekable, and may give fewer than it is asked for.
        file: name used in errors and problems.
        report: called with ``encoding-mixed``.

    Attributes:
        file: the name given.
        encoding: the encoding, as soon as it is known.
        lines: how many lines the blocks before this one had; counted by who splits them.
    """

    def __init__(self, stream: BinaryIO, file: str, report: Callable[[Problem], None] | None) -> None:
        self.file = file
        self.encoding: str | None = None
        self.lines = 0
        self._read = stream.read
        self._report = report
        self._texts = self._generate()

    def __iter__(self) -> Iterator[str]:
        return self._texts

    def _generate(self) -> Iterator[str]:
        rest = self._without_mark(self._chunk())
        chunk = rest
        while chunk:
            self._refuse_nul(rest)
            cut = _end_of_last_line(rest)
            if cut:
                yield self._text(rest[:cut])
                rest = rest[cut:]
            if len(rest) > _LONGEST_LINE:
                raise self._error(
                    f"a line of more than {_LONGEST_LINE} bytes: this is no table, or its line ends were lost", b""
                )
            chunk = self._chunk()
            rest += chunk
        if rest:
            yield self._text(rest)

    def _chunk(self) -> bytes:
        parts, missing = [], _BLOCK_SIZE
        while missing > 0 and (part := self._read(missing)):
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    def _without_mark(self, head: bytes) -> bytes:
        if head.startswith(_UTF_8_MARK):
            self.encoding = "utf-8"
            return head[3:]
        if head.startswith(_UTF_16_OR_32_MARKS):
            raise self._error("the file is UTF-16 or UTF-32; save it as UTF-8", b"")
        return head

    def _refuse_nul(self, lines: bytes) -> None:
        position = lines.find(b"\0")
        if position >= 0:
            raise self._error(
                "a NUL byte: this is not text, or it is UTF-16 without a mark; save the table as UTF-8",
                lines[:position],
            )

    def _text(self, block: bytes) -> str:
        return block.decode("ascii") if block.isascii() else self._decode(block)

    def _decode(self, block: bytes) -> str:
        if self.encoding != "windows-1252":
            try:
                text = block.decode("utf-8")
            except UnicodeDecodeError as error:
                if self.encoding is not None:
                    raise self._error(
                        f"the file is UTF-8 until here, but the {_bytes_of(error)} not; "
                        "save the whole file in one encoding, best UTF-8",
                        block[: error.start],
                    ) from error
            else:
                self.encoding = "utf-8"
                return text
        try:
            text = block.decode("windows-1252")
        except UnicodeDecodeError as error:
            raise self._error(
                f"the {_bytes_of(error)} neither UTF-8 nor windows-1252; save the file as UTF-8", block[: error.start]
            ) from error
        self.encoding = "windows-1252"
        if self._report is not None:
            self._report_utf_8(block, self._report)
        return text

    def _report_utf_8(self, block: bytes, report: Callable[[Problem], None]) -> None:
        """Letters in UTF-8 in a file that is windows-1252: kept as they read, but not in silence."""
        line, counted, reported = self.lines + 1, 0, 0
        for match in _UTF_8_LETTER.finditer(block):
            # A letter stands between the two bytes of no line end, so that what is counted piece by piece is counted right.
            line += line_ends(block[counted : match.start()])
            counted = match.start()
            if line != reported:
                report(Problem("encoding-mixed", self.file, line, None, {"bytes": match[0].hex(" ")}))
                reported = line

    def _error(self, text: str, before: bytes) -> ExtractError:
        return ExtractError(text, file=self.file, line=self.lines + 1 + line_ends(before))


def _end_of_last_line(data: bytes) -> int:
    """How much of ``data`` is whole lines; a carriage return at the very end may be half of a line end."""
    return data.rfind(b"\n") + 1 or data.rfind(b"\r", 0, -1) + 1


def line_ends(data: bytes) -> int:
    """How many lines end in ``data``.

    >>> line_ends(b"a\\r\\nb\\nc\\rd")
    3
    """
    count = data.count(b"\n")
    if b"\r" in data:
        count += data.count(b"\r") - data.count(b"\r\n")
    return count


def _bytes_of(error: UnicodeDecodeError) -> str:
    wrong = error.object[error.start : error.end]
    return f"byte {wrong.hex()} is" if len(wrong) == 1 else f"bytes {wrong.hex(' ')} are"
