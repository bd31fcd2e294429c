"""The bytes of one file on their way to a reader: counted, bounded, and with faults of archives told as errors of ours.

What an archive may inflate to is bounded, so that a small file can't fill the memory.
"""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable
from typing import BinaryIO

from sor_addressing.errors import ExtractError

__all__ = ["HEAD_SIZE", "MAX_INFLATED", "MAX_RATIO", "RATIO_APPLIES_FROM", "GuardedStream", "Unclosed"]

HEAD_SIZE = 65_536
"""How many bytes are looked at to tell what a file is."""

MAX_INFLATED = 4 * 1024**3
"""More bytes than this no file may have; a national ``Sor.xml`` has some 165 million."""

MAX_RATIO = 250
"""How many times its packed size a file may have; a national ``Sor.xml`` has 15 times."""

RATIO_APPLIES_FROM = 64 * 1024**2
"""Up to this many bytes the ratio doesn't matter."""


class GuardedStream(io.RawIOBase, BinaryIO):
    """A binary stream that can show its head, counts what passes, and turns faults of archives into ``ExtractError``.

    Args:
        raw: the stream to read.
        file: the name used in errors.
        packed_size: size of the packed data, where ``raw`` inflates; bounds what may come out of it.
        on_bytes: called with the number of bytes read so far.
    """

    def __init__(
        self,
        raw: BinaryIO,
        *,
        file: str,
        packed_size: int | None = None,
        on_bytes: Callable[[int], None] | None = None,
    ) -> None:
        self._raw = raw
        self._file = file
        self._allowed = (
            MAX_INFLATED if packed_size is None else min(MAX_INFLATED, max(RATIO_APPLIES_FROM, packed_size * MAX_RATIO))
        )
        self._on_bytes = on_bytes
        self._count = 0
        self._head = b""

    def head(self) -> bytes:
        """The first 64 KiB, which will be read again."""
        if not self._head:
            parts = []
            missing = HEAD_SIZE
            while missing > 0 and (part := self._read_raw(missing)):
                parts.append(part)
                missing -= len(part)
            self._head = b"".join(parts)
        return self._head

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]  # io hands over any writable buffer
        data = self.read(len(view))
        view[: len(data)] = data
        return len(data)

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` bytes; everything that is left where ``size`` is negative."""
        if size < 0:
            return b"".join(iter(lambda: self.read(HEAD_SIZE), b""))
        if self._head:
            data, self._head = self._head[:size], self._head[size:]
        else:
            data = self._read_raw(size)
        return data

    def _read_raw(self, size: int) -> bytes:
        try:
            data = self._raw.read(size)
        except (zipfile.BadZipFile, zlib.error, EOFError, gzip.BadGzipFile) as error:
            raise ExtractError(
                f"the archive is damaged or was cut off ({error}); fetch the file again", file=self._file
            ) from error
        except OSError as error:
            raise ExtractError(
                f"reading failed: {error}; try again, or fetch the file again", file=self._file
            ) from error
        if not isinstance(data, bytes):
            raise ExtractError(
                f"the open file gives {type(data).__name__} instead of bytes; open it in binary mode ('rb')",
                file=self._file,
            )
        self._count += len(data)
        if self._count > self._allowed:
            raise ExtractError(
                f"holds more than {self._allowed // 1024**2} MB, which no published file of its size does; not read "
                "further, fetch the file again",
                file=self._file,
            )
        if self._on_bytes is not None:
            self._on_bytes(self._count)
        return data

    def close(self) -> None:
        self._raw.close()
        super().close()


class Unclosed(io.RawIOBase, BinaryIO):
    """A caller's file, which we read and leave open; ``head`` was read from it before and comes first."""

    def __init__(self, file: BinaryIO, head: bytes = b"") -> None:
        self._file = file
        self._head = head

    def read(self, size: int | None = -1) -> bytes:
        if not self._head:
            return self._file.read(-1 if size is None else size)
        end = len(self._head) if size is None or size < 0 else size
        data, self._head = self._head[:end], self._head[end:]
        return data
