"""Where files come from: a path, an archive, a folder, bytes or an open file, each as a stream with a name and a day.

Everything inside an archive is read as a stream and never written to disk; no path from an archive is ever used as a path.
How much may come out of an archive is bounded in :mod:`sor_addressing.extracts.streams`.
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import io
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from typing import IO, BinaryIO, cast

import attrs

from sor_addressing.clock import DanishDay, danish_today
from sor_addressing.errors import ExtractError
from sor_addressing.extracts.fhir.telling import looks_like_resource
from sor_addressing.extracts.published import must_be_read
from sor_addressing.extracts.streams import HEAD_SIZE, GuardedStream, Unclosed

type_of_source = str | os.PathLike[str] | bytes | BinaryIO

MAX_FILES = 1_000
MAX_RESOURCES = 20_000
"""So many files there may be where each is one resource of a register."""

_OF_RESOURCES = re.compile(
    r"(?:.*/)?(?:.*\.(?:json|ndjson)|(?:organization|endpoint|device)\b[^/]*\.xml)", re.IGNORECASE
)
MAX_PACKED_TWICE = 256 * 1024**2
"""An archive inside a gzip file may have so many bytes; it is unpacked in memory."""
_DIGEST_BLOCK = 1 << 20

_ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_GZIP_MAGIC = b"\x1f\x8b"
_ZIP_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What zipfile raises for archives that are not as they should be, in one version of Python or another.
_ZIP_FAULTS = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError)
# DOS time begins here, and programs that know no time write its first day.
_NO_ZIP_DAY = dt.date(1980, 1, 1)
# Before it there was nothing that could be published, and clocks that were never set begin in 1970 or 1980.
_FIRST_DAY = dt.date(1990, 1, 1)


def is_archive(head: bytes) -> bool:
    """Whether a file that begins like this is a zip or gzip archive."""
    return head[:4] in _ZIP_MAGIC or head[:2] == _GZIP_MAGIC


@attrs.frozen(slots=True)
class SourceFile:
    """One file to read: a plain file, a member of an archive, or bytes.

    ``day`` and ``origin`` tell the day that the surroundings of the file give (``zip-member``, ``file-time`` or ``unknown``);
    a day inside the file comes before it. ``impossible`` is a day that they gave and that no extract can be of. ``explicit`` is False
    for files found among others in a folder or archive, which may be passed over where they are none of the published files.
    """

    name: str
    size: int | None
    day: dt.date | None
    origin: str
    explicit: bool
    _opener: Callable[[], tuple[BinaryIO, int | None]]
    _digest: Callable[[], str | None]
    impossible: dt.date | None = None

    def open(self, on_bytes: Callable[[int], None] | None = None) -> GuardedStream:
        """A fresh stream from the start of the file.

        Raises:
            ExtractError: it can't be opened.
        """
        try:
            raw, packed = self._opener()
        except OSError as error:
            raise _unreadable(error, self.name) from error
        return GuardedStream(raw, file=self.name, packed_size=packed, on_bytes=on_bytes)

    @property
    def surroundings(self) -> str:
        """The archive that the file is in, or its folder."""
        archive, mark, _ = self.name.rpartition("!")
        return archive if mark else os.path.dirname(self.name)  # noqa: PTH120 (a name, and no path: bytes have one too)

    def digest(self) -> str | None:
        """SHA-256, in hexadecimal, of the file as it lies there: of the archive, where it is a member of one.

        None where that can't be told: it can't be read twice, or it is another one than when this was made.
        """
        return self._digest()


def source_files(source: type_of_source) -> Iterator[SourceFile]:
    """The files in ``source``: a path to a file, an archive or a folder, the bytes of a file, or a binary file object.

    Raises:
        ExtractError: there is nothing there, or the archive can't be read.
    """
    if isinstance(source, (bytes, bytearray, memoryview)):
        yield from _from_bytes(bytes(source), name_of(source))
    elif isinstance(source, (str, os.PathLike)):
        yield from _from_path(Path(source))
    elif hasattr(source, "read"):
        yield from _from_file_object(source)
    else:
        raise TypeError(f"a source is a path, bytes or a binary file object, not {type(source).__name__}")


def is_possible(day: dt.date, today: dt.date | None = None) -> bool:
    """Whether an extract can be of a day: not before there were any, nor later than tomorrow, for clocks differ."""
    return _FIRST_DAY.toordinal() <= day.toordinal() <= (today or danish_today()).toordinal() + 1


def name_of(source: type_of_source) -> str:
    """What a source is called in errors and problems."""
    if isinstance(source, (str, os.PathLike)):
        return str(Path(source))
    if isinstance(source, (bytes, bytearray, memoryview)):
        return "<bytes>"
    name = getattr(source, "name", None)
    return name if isinstance(name, str) else "<open file>"


def _from_path(path: Path) -> Iterator[SourceFile]:
    try:
        if not path.is_dir():
            yield from _from_plain_path(path, explicit=True)
            return
        entries = [entry for entry in sorted(path.iterdir()) if not entry.name.startswith(".") and not entry.is_dir()]
    except OSError as error:
        raise _unreadable(error, str(path)) from error
    if not entries:
        raise ExtractError("the folder holds no files; give the folder of the extract", file=str(path))
    _refuse_crowd([entry.name for entry in entries], str(path), lambda: map(_head_of_path, entries))
    for entry in entries:
        explicit = must_be_read(entry.name)
        try:
            files = list(_from_plain_path(entry, explicit=explicit))
        except OSError as error:
            files = [_refused(_unreadable(error, str(entry)), str(entry), explicit=explicit)]
        except ExtractError as error:
            files = [_refused(error, str(entry), explicit=explicit)]
        yield from files


def _from_plain_path(path: Path, *, explicit: bool) -> Iterator[SourceFile]:
    name = str(path)
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise ExtractError("no such file or folder; check the path", file=name) from error
    if not stat.S_ISREG(status.st_mode):
        raise ExtractError("is a pipe or a device; open it and give the open file", file=name)
    with path.open("rb") as file:
        magic = file.read(4)
    day, impossible = _possible(danish_day(status.st_mtime))
    digest = cache(partial(_digest_of_path, path, _state_of(status)))
    plain = SourceFile(name, status.st_size, day, "file-time", explicit, partial(_open_plain, path), digest, impossible)
    if magic in _ZIP_MAGIC:
        yield from _zip_members(lambda: path.open("rb"), plain)
    elif magic[:2] == _GZIP_MAGIC:
        yield from _inflated(partial(_open_gzip, path), plain)
    else:
        yield plain


def _state_of(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_ino, status.st_size, status.st_mtime_ns


def _digest_of_path(path: Path, state: tuple[int, int, int]) -> str | None:
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            return digest if _state_of(os.fstat(file.fileno())) == state else None
    except OSError:
        return None


def _digest_of_bytes(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _open_gzip(path: Path) -> tuple[BinaryIO, int]:
    return cast(BinaryIO, gzip.open(path, "rb")), path.stat().st_size


def _open_plain(path: Path) -> tuple[BinaryIO, None]:
    return path.open("rb"), None


def danish_day(moment: float) -> dt.date | None:
    """The day of a file's time, as it is counted where the file is from."""
    try:
        return DanishDay(lambda: moment)()
    except (OverflowError, OSError, ValueError):
        return None


def _possible(day: dt.date | None) -> tuple[dt.date | None, dt.date | None]:
    """``day`` where an extract can be of it, else None; and ``day`` where none can."""
    return (day, None) if day is None or is_possible(day) else (None, day)


def _unreadable(error: OSError, name: str) -> ExtractError:
    return ExtractError(f"can't be read: {error.strerror or error}; check the file and who may read it", file=name)


def _refused(error: ExtractError, name: str, *, explicit: bool) -> SourceFile:
    """A file that gives ``error`` when it is opened, so that it can be passed over like any other."""

    def refuse() -> tuple[BinaryIO, int | None]:
        raise error

    return SourceFile(name, None, None, "unknown", explicit, refuse, _no_digest)


def _no_digest() -> None:
    """For files that can't be read, or not twice."""


def _refuse_crowd(names: Sequence[str], name: str, heads: Callable[[], Iterable[bytes]]) -> None:
    """Refuse more files than any extract has; of more there may be only resources of a register, by their names or by how they begin."""
    count = len(names)
    others = sum(_OF_RESOURCES.fullmatch(one) is None for one in names)
    if others > MAX_FILES and count <= MAX_FILES + MAX_RESOURCES:
        others = 0
        for one, head in zip(names, heads(), strict=True):
            others += _OF_RESOURCES.fullmatch(one) is None and not looks_like_resource(head)
            if others > MAX_FILES:
                break
    if others > MAX_FILES or count - others > MAX_RESOURCES:
        raise ExtractError(f"holds {count} files, and no published extract does; give the file itself", file=name)


def _head_of_path(path: Path) -> bytes:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return b""
        with path.open("rb") as file:
            return file.read(HEAD_SIZE)
    except (OSError, ValueError):
        return b""  # told where it is read


def _heads_of_members(opener: Callable[[], BinaryIO], members: Iterable[zipfile.ZipInfo]) -> Iterator[bytes]:
    with opener() as file, _Opened(file) as archive:
        for info in members:
            try:
                with archive.open(info) as member:
                    yield member.read(HEAD_SIZE)
            except (*_ZIP_FAULTS, NotImplementedError):
                yield b""


def _from_bytes(data: bytes, name: str) -> Iterator[SourceFile]:
    if not data:
        raise ExtractError("there are no bytes in it; fetch the file again", file=name)
    plain = SourceFile(
        name,
        len(data),
        None,
        "unknown",
        True,
        lambda: (io.BytesIO(data), None),
        cache(partial(_digest_of_bytes, data)),
    )
    if data[:4] in _ZIP_MAGIC:
        yield from _zip_members(lambda: io.BytesIO(data), plain)
    elif data[:2] == _GZIP_MAGIC:
        yield from _inflated(partial(_open_packed, data), plain)
    else:
        yield plain


def _open_packed(data: bytes) -> tuple[BinaryIO, int]:
    return cast(BinaryIO, gzip.GzipFile(fileobj=io.BytesIO(data))), len(data)


def _inflated(opener: Callable[[], tuple[BinaryIO, int | None]], packed: SourceFile) -> Iterator[SourceFile]:
    """What a gzip file holds: one file, or an archive that was packed once more on its way, which is then unpacked in memory."""
    plain = attrs.evolve(packed, size=None, opener=opener)
    inner = _archive_in(plain)
    if not inner:
        yield plain
    elif inner[:2] == _GZIP_MAGIC:
        yield attrs.evolve(plain, opener=partial(_open_packed, inner))
    else:
        yield from _zip_members(lambda: io.BytesIO(inner), plain)


def _archive_in(file: SourceFile) -> bytes:
    """The archive that a gzip file holds; nothing where it holds none, a huge or a damaged one, which is told where it is read."""
    try:
        with file.open() as stream:
            if not is_archive(stream.head()):
                return b""
            parts = []
            size = 0
            while part := stream.read(_DIGEST_BLOCK):
                parts.append(part)
                size += len(part)
                if size > MAX_PACKED_TWICE:
                    return b""
            return b"".join(parts)
    except ExtractError:
        return b""


def _from_file_object(file: BinaryIO) -> Iterator[SourceFile]:
    """A caller's open file from where it stands; only an archive is taken into memory, packed as it is."""
    name = name_of(file)
    if getattr(file, "closed", False):
        raise ExtractError("the file is closed already; open it anew", file=name)
    if isinstance(file, io.TextIOBase):
        raise ExtractError("the open file gives text; open it in binary mode ('rb')", file=name)
    seekable = getattr(file, "seekable", None)
    start = file.tell() if seekable is not None and seekable() else None
    with GuardedStream(Unclosed(file), file=name) as stream:
        head = stream.head()
        if not head or is_archive(head):
            yield from _from_bytes(stream.read(), name)
            return

    def reopen() -> tuple[BinaryIO, int | None]:
        if start is None:
            return Unclosed(file, head), None
        file.seek(start)
        return Unclosed(file), None

    def digest() -> str | None:
        if start is None or file.closed:
            return None
        file.seek(start)
        digest = hashlib.sha256()
        while block := file.read(_DIGEST_BLOCK):
            digest.update(block)
        return digest.hexdigest()

    yield SourceFile(name, None, None, "unknown", True, reopen, digest)


def _zip_members(opener: Callable[[], BinaryIO], packed: SourceFile) -> Iterator[SourceFile]:
    """The members of an archive, which is opened by ``opener`` and stands where ``packed`` does."""
    name = packed.name
    try:
        with opener() as file, zipfile.ZipFile(file) as archive:
            # A member without a name has no last character to ask for.
            members = [info for info in archive.infolist() if not info.filename.endswith("/")]
    except _ZIP_FAULTS as error:
        raise ExtractError(f"the zip can't be read ({error}); fetch the file again", file=name) from error
    if not members:
        raise ExtractError("the zip holds no files; fetch it again", file=name)
    _refuse_crowd([info.filename for info in members], name, lambda: _heads_of_members(opener, members))
    for info in members:
        explicit = (packed.explicit and len(members) == 1) or must_be_read(info.filename)
        yield _zip_member(opener, packed, info, explicit=explicit)


def _zip_member(
    opener: Callable[[], BinaryIO], packed: SourceFile, info: zipfile.ZipInfo, *, explicit: bool
) -> SourceFile:
    own = "".join(char if char.isprintable() else "?" for char in info.filename)
    name = f"{packed.name}!{own or '(no name)'}"
    if info.flag_bits & 0x1:
        return _refused(
            ExtractError("the zip member is encrypted; published extracts are not", file=name), name, explicit=explicit
        )
    if info.compress_type not in _ZIP_METHODS:
        error = ExtractError(
            f"the zip member is compressed by method {info.compress_type}, which published extracts are not; "
            "unpack it and give the file itself",
            file=name,
        )
        return _refused(error, name, explicit=explicit)
    day, impossible = _possible(_zip_day(info))
    origin = "zip-member"
    if day is None:
        day, origin, impossible = packed.day, packed.origin, impossible or packed.impossible
    return attrs.evolve(
        packed,
        name=name,
        size=info.file_size,
        day=day,
        origin=origin,
        explicit=explicit,
        opener=partial(_open_member, opener, info, name),
        impossible=impossible,
    )


def _zip_day(info: zipfile.ZipInfo) -> dt.date | None:
    try:
        day = dt.date(*info.date_time[:3])
    except ValueError:
        return None
    return None if day == _NO_ZIP_DAY else day


class _Opened(zipfile.ZipFile):
    """An archive of which it is known already where its members are: of many each is opened without reading all their names again."""

    def _RealGetContents(self) -> None:  # noqa: N802 (zipfile's own name)
        """Nothing: the members were found when the archive was first looked at."""


class _Member(io.RawIOBase, BinaryIO):
    """A member of a zip being read; closes the archive and its file with it."""

    def __init__(self, member: IO[bytes], archive: zipfile.ZipFile, file: BinaryIO) -> None:
        self._member = member
        self._archive = archive
        self._file = file

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
        archive = _Opened(file)
        return _Member(archive.open(info), archive, file), info.compress_size
    except _ZIP_FAULTS as error:
        file.close()
        raise ExtractError(f"the zip member can't be read ({error}); fetch the file again", file=name) from error
