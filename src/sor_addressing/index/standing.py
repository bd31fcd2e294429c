"""Whether a mapped file still stands as it was opened.

A file that is renamed over leaves the mapped one as it was. One that is written into in place (``cp new live``, an editor) does not: what
is mapped changes under who reads it, and a file cut short kills the process that touches what is gone. So files are written read-only, the
size is looked at before each answer, and the header and the file's times ten times a second at most. What can't be noticed: what is
written between a look and the answer that follows it, and a change that leaves size, times and header as they were.
"""

from __future__ import annotations

import mmap
import os
import time
import zlib
from typing import NamedTuple

from sor_addressing.errors import SnapshotError

INTERVAL = 0.1
"""Seconds from one look at header and times to the next."""

_BLOCK = 1 << 20
_monotonic = time.monotonic


class Stretch(NamedTuple):
    """Where bytes of a file begin, how many there are, and what they add up to."""

    begin: int
    size: int
    crc: int


class StandingFile:
    """Watches one mapped file; :meth:`check` is called before every answer."""

    __slots__ = ("_descriptor", "_due", "_file", "_header", "_mapped", "_parts", "_said", "_size", "_times")

    def __init__(self, file: str, descriptor: int, mapped: mmap.mmap) -> None:
        """The descriptor is this one's from now on.

        Args:
            file: its name, for people.
            descriptor: the open file.
            mapped: the same, mapped.
        """
        self._file = file
        self._descriptor = descriptor
        self._mapped = mapped
        self._header = Stretch(0, 0, 0)
        self._parts: list[Stretch] = []
        self._size = len(mapped)
        self._said = ""
        self._times = self._seen()[1]
        self._due = _monotonic() + INTERVAL

    def watch(self, header: Stretch, parts: list[Stretch]) -> None:
        """Say what the file holds: its header, which is looked at often, and everything else."""
        self._header = header
        self._parts = parts

    def close(self) -> None:
        """Let go of the file."""
        if self._descriptor >= 0:
            descriptor, self._descriptor = self._descriptor, -1
            os.close(descriptor)

    def __del__(self) -> None:
        try:  # no suppress: a process that ends may have taken it apart already
            self.close()
        except (OSError, AttributeError, TypeError):  # and the rest of this module
            pass

    def check(self) -> None:
        """Look at the size now, and at the rest where it is due.

        Raises:
            SnapshotError: the file was overwritten, now or when it was looked at before.
        """
        if _monotonic() >= self._due or self._mapped.size() != self._size:
            self._look()

    @property
    def is_good(self) -> bool:
        """Whether :meth:`check` would say nothing."""
        try:
            self.check()
        except SnapshotError:
            return False
        return True

    def _look(self) -> None:
        if not self._said:
            size, times = self._seen()
            if size != self._size:
                self._said = f"{size} bytes where {self._size} were"
            elif not self.has(self._header):
                self._said = "another header"
            elif times != self._times and not all(map(self.has, self._parts)):
                self._said = "written into"
            self._times = times
        if self._said:
            self._due = 0.0
            raise SnapshotError(
                f"{self._file}: was overwritten while it was open ({self._said}); open it again, and replace such a file by renaming another over it"
            )
        self._due = _monotonic() + INTERVAL

    def _seen(self) -> tuple[int, tuple[int, int]]:
        seen = os.fstat(self._descriptor)
        # The time of the inode is another one when the file was renamed over, too; all is read again then, once.
        return seen.st_size, (seen.st_mtime_ns, seen.st_ctime_ns)

    def has(self, part: Stretch) -> bool:
        """Whether the file has these bytes now. They are read: what is mapped may be gone at any moment."""
        checksum, begin, end = 0, part.begin, part.begin + part.size
        while begin < end:
            data = self._read(begin, min(_BLOCK, end - begin))
            if not data:
                return False
            checksum = zlib.crc32(data, checksum)
            begin += len(data)
        return checksum == part.crc

    def _read(self, begin: int, size: int) -> bytes:
        if hasattr(os, "pread"):
            try:
                return os.pread(self._descriptor, size, begin)
            except OSError:
                return b""
        return self._mapped[begin : begin + size]  # on Windows nobody can cut off a file that is mapped
