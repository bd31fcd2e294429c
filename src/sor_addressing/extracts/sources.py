"""Where files come from: a path, an archive, a folder, bytes or an open file, each as a stream with a name and a day.

Everything inside an archive is read as a stream and never written to disk; no path from an archive is ever used as a path.
What an archive may inflate to is bounded, so that a small file can't fill the memory.
"""

from __future__ import annotations

import datetime as dt
import gzip
import io
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

import attrs

from sor_addressing.errors import ExtractError

type_of_source = str | os.PathLike[str] | bytes | BinaryIO

HEAD_SIZE = 65_536
MAX_INFLATED = 4 * 1024**3
MAX_RATIO = 250
RATIO_APPLIES_FROM = 64 * 1024**2

_ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_GZIP_MAGIC = b"\x1f\x8b"


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
            raise ExtractError(f"reading failed: {error}", file=self._file) from error
        if not isinstance(data, bytes):
            raise ExtractError("the open file gives text; open it in binary mode ('rb')", file=self._file)
        self._count += len(data)
        if self._count > self._allowed:
            raise ExtractError(
                f"inflates to more than {self._allowed // 1024**2} MB, which no published file does; not read further",
                file=self._file,
            )
        if self._on_bytes is not None:
            self._on_bytes(self._count)
        return data

    def close(self) -> None:
        self._raw.close()
        super().close()


@attrs.frozen(slots=True)
class SourceFile:
    """One file to read: a plain file, a member of an archive, or bytes.

    ``day`` and ``origin`` tell the day that the surroundings of the file give (``zip-member``, ``file-time`` or ``unknown``);
    a day inside the file comes before it. ``explicit`` is False for files found in a folder or archive, which may be passed over.
    """

    name: str
    size: int | None
    day: dt.date | None
    origin: str
    explicit: bool
    _opener: Callable[[], tuple[BinaryIO, int | None]]

    def open(self, on_bytes: Callable[[int], None] | None = None) -> GuardedStream:
        """A fresh stream from the start of the file."""
        raw, packed = self._opener()
        return GuardedStream(raw, file=self.name, packed_size=packed, on_bytes=on_bytes)


def source_files(source: type_of_source) -> Iterator[SourceFile]:
    """The files in ``source``: a path to a file, an archive or a folder, the bytes of a file, or a binary file object.

    Raises:
        ExtractError: there is nothing there, or the archive can't be read.
    """
    if isinstance(source, (bytes, bytearray, memoryview)):
        yield from _from_bytes(bytes(source), "<bytes>")
    elif isinstance(source, (str, os.PathLike)):
        yield from _from_path(Path(source))
    elif hasattr(source, "read"):
        yield from _from_file_object(source)
    else:
        raise TypeError(f"a source is a path, bytes or a binary file object, not {type(source).__name__}")


def _from_path(path: Path) -> Iterator[SourceFile]:
    try:
        if path.is_dir():
            entries = sorted(path.iterdir())
            files = [entry for entry in entries if entry.is_file() and not entry.name.startswith(".")]
            if not files:
                raise ExtractError("the folder holds no files; give the folder of the extract", file=str(path))
            for file in files:
                yield from _from_plain_path(file, explicit=False)
            return
        if not path.exists():
            raise ExtractError("no such file or folder; check the path", file=str(path))
        yield from _from_plain_path(path, explicit=True)
    except OSError as error:
        raise ExtractError(f"can't be read: {error.strerror or error}", file=str(path)) from error


def _from_plain_path(path: Path, *, explicit: bool) -> Iterator[SourceFile]:
    name = str(path)
    with path.open("rb") as file:
        magic = file.read(4)
    stat = path.stat()
    if stat.st_size == 0:
        raise ExtractError("the file is empty; fetch it again", file=name)
    day = dt.datetime.fromtimestamp(stat.st_mtime).astimezone().date()
    if magic in _ZIP_MAGIC:
        yield from _zip_members(lambda: path.open("rb"), name, explicit=explicit)
    elif magic[:2] == _GZIP_MAGIC:
        yield SourceFile(name, None, day, "file-time", explicit, partial(_open_gzip, path))
    else:
        yield SourceFile(name, stat.st_size, day, "file-time", explicit, partial(_open_plain, path))


def _open_gzip(path: Path) -> tuple[BinaryIO, int]:
    return cast(BinaryIO, gzip.open(path, "rb")), path.stat().st_size


def _open_plain(path: Path) -> tuple[BinaryIO, None]:
    return path.open("rb"), None


def _from_bytes(data: bytes, name: str) -> Iterator[SourceFile]:
    if not data:
        raise ExtractError("there are no bytes in it", file=name)
    if data[:4] in _ZIP_MAGIC:
        yield from _zip_members(lambda: io.BytesIO(data), name, explicit=True)
    elif data[:2] == _GZIP_MAGIC:
        yield SourceFile(
            name,
            None,
            None,
            "unknown",
            True,
            lambda: (cast(BinaryIO, gzip.GzipFile(fileobj=io.BytesIO(data))), len(data)),
        )
    else:
        yield SourceFile(name, len(data), None, "unknown", True, lambda: (io.BytesIO(data), None))


def _from_file_object(file: BinaryIO) -> Iterator[SourceFile]:
    given = getattr(file, "name", None)
    name = given if isinstance(given, str) else "<open file>"
    if file.seekable():
        start = file.tell()
        magic = file.read(4)
        file.seek(start)
        if magic and magic not in _ZIP_MAGIC and magic[:2] != _GZIP_MAGIC:

            def reopen() -> tuple[BinaryIO, int | None]:
                file.seek(start)
                return _Unclosed(file), None

            yield SourceFile(name, None, None, "unknown", True, reopen)
            return
    with GuardedStream(_Unclosed(file), file=name) as stream:
        data = stream.read()
    yield from _from_bytes(data, name)


class _Unclosed(io.RawIOBase, BinaryIO):
    """A caller's file, which we read and leave open."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, size: int | None = -1) -> bytes:
        return self._file.read(-1 if size is None else size)


def _zip_members(opener: Callable[[], BinaryIO], name: str, *, explicit: bool) -> Iterator[SourceFile]:
    try:
        with opener() as file, zipfile.ZipFile(file) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise ExtractError(f"the zip can't be read ({error}); fetch the file again", file=name) from error
    if not members:
        raise ExtractError("the zip holds no files; fetch it again", file=name)
    for info in members:
        member_name = f"{name}!{info.filename}"
        if info.flag_bits & 0x1:
            raise ExtractError("the zip member is encrypted; published extracts are not", file=member_name)
        if info.file_size == 0:
            if len(members) == 1:
                raise ExtractError("the zip member is empty; fetch the file again", file=member_name)
            continue
        yield SourceFile(
            member_name,
            info.file_size,
            _zip_day(info),
            "zip-member",
            explicit and len(members) == 1,
            partial(_open_member, opener, info, member_name),
        )


def _zip_day(info: zipfile.ZipInfo) -> dt.date | None:
    try:
        return dt.date(*info.date_time[:3])
    except ValueError:
        return None


class _Member(io.RawIOBase, BinaryIO):
    """A member of a zip being read; closes the archive and its file with it."""

    def __init__(self, file: BinaryIO, info: zipfile.ZipInfo) -> None:
        self._file = file
        self._archive = zipfile.ZipFile(file)
        self._member = self._archive.open(info)

    def read(self, size: int | None = -1) -> bytes:
        return self._member.read(-1 if size is None else size)

    def close(self) -> None:
        self._member.close()
        self._archive.close()
        self._file.close()
        super().close()


def _open_member(opener: Callable[[], BinaryIO], info: zipfile.ZipInfo, name: str) -> tuple[BinaryIO, int]:
    file = opener()
    try:
        return _Member(file, info), info.compress_size
    except (zipfile.BadZipFile, NotImplementedError, OSError, RuntimeError) as error:
        file.close()
        raise ExtractError(f"the zip member can't be read ({error}); fetch the file again", file=name) from error
