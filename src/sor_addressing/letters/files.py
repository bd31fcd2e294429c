"""Message files in folders, behind globs and in archives, one after the other; what can't be read is an error of its own file."""

from __future__ import annotations

import glob
import io
import lzma
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO

import attrs

from sor_addressing.errors import LetterError
from sor_addressing.letters.header import LetterHeader
from sor_addressing.letters.limits import MAX_BYTES, refuse_oversized
from sor_addressing.letters.packed import unpacked
from sor_addressing.letters.reading import read_letters

MessageSource = str | os.PathLike[str] | bytes
"""A path to a message file, a zip archive or a folder; a pattern such as ``out/*.xml``; or the bytes of a message."""

MAX_UNPACKED = 4 * 1024**3
"""How much may come out of one archive altogether."""

_ENCRYPTED = 0x1 | 0x40 | 0x2000
"""The flags of a member that is encrypted, strongly encrypted, or has its description encrypted."""

_ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_ZIP_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    NotImplementedError,
    ValueError,
)


@attrs.frozen(slots=True)
class MessageFile:
    """A message file that has been found: its name and what reading it gave.

    Either ``headers`` has its letters, or ``error`` says why there are none.
    """

    name: str
    headers: tuple[LetterHeader, ...] = ()
    error: LetterError | None = None


Read = Callable[[bytes, str], tuple[LetterHeader, ...]]
"""What reads the content of a file, which is called what the second argument says."""


def message_files(sources: Iterable[MessageSource], read: Read = read_letters) -> Iterator[MessageFile]:
    """Every message file of ``sources``, read: folders with all that is below them, in the order of their names.

    Hidden files are passed over; links to folders are followed, each folder once. A file or folder that can't be read is one
    :class:`MessageFile` with an error, and the rest goes on.
    """
    for source in sources:
        if isinstance(source, (bytes, bytearray, memoryview)):
            yield from _of_bytes("<bytes>", bytes(source), read)
        else:
            for path in _paths(source):
                yield from _of_path(path, read, is_found=path != Path(source))


def count_files(sources: Iterable[MessageSource]) -> int:
    """How many files :func:`message_files` will give, an archive counted as one: for progress bars."""
    return sum(1 if isinstance(one, (bytes, bytearray, memoryview)) else sum(1 for _ in _paths(one)) for one in sources)


def _paths(source: str | os.PathLike[str]) -> Iterator[Path]:
    # os.path answers where Path raises: for a name too long, or a folder that may not be looked into.
    if os.path.isdir(source):  # noqa: PTH112
        yield from _below(Path(source))
    elif not os.path.exists(source) and glob.has_magic(str(source)):  # noqa: PTH110
        found = sorted(glob.glob(str(source), recursive=True))  # noqa: PTH207 (patterns may be absolute)
        yield from (Path(one) for one in found if not os.path.isdir(one))  # noqa: PTH112
        if not found:
            yield Path(source)  # which is not there, and is told so
    else:
        yield Path(source)


def _below(top: Path) -> Iterator[Path]:
    """The files below a folder; and each folder that can't be listed, which is told when it is opened as a file."""
    seen = {os.path.realpath(top)}
    unreadable: list[str] = []
    for folder, below, names in os.walk(top, onerror=lambda error: unreadable.append(error.filename), followlinks=True):
        yield from map(Path, unreadable)
        unreadable.clear()
        kept = []
        for name in sorted(name for name in below if not name.startswith(".")):
            real = os.path.realpath(os.path.join(folder, name))  # noqa: PTH118
            if real not in seen:
                seen.add(real)
                kept.append(name)
        below[:] = kept
        yield from (Path(folder) / name for name in sorted(names) if not name.startswith("."))
    yield from map(Path, unreadable)


def _of_path(path: Path, read: Read, *, is_found: bool) -> Iterator[MessageFile]:
    """What a path gives; ``is_found`` where nobody named it, and it stood in a folder."""
    name = str(path)
    try:
        about = path.stat()
        if is_found and stat.S_ISFIFO(about.st_mode):
            raise LetterError(
                "this is a pipe, and reading it could take forever; give its own path to do so", file=name
            )
        with path.open("rb") as file:
            data = file.read(4)
            if data not in _ZIP_MAGIC:
                refuse_oversized(about.st_size, name)
                # What is no file has no size either: one byte more than allowed says that there is more.
                data += file.read() if stat.S_ISREG(about.st_mode) else file.read(MAX_BYTES)
                found = _of_bytes(name, data, read)
            else:
                found = _of_archive(name, path, read)
    except LetterError as error:
        found = iter((MessageFile(name, error=error),))
    except (OSError, ValueError) as error:  # a NUL in the path is a ValueError
        found = iter((MessageFile(name, error=_unreadable(name, error)),))
    yield from found


def _of_bytes(name: str, data: bytes, read: Read) -> Iterator[MessageFile]:
    """What the content of a file gives: a letter, or an archive, either also packed as gzip."""
    try:
        content = unpacked(data, name)
    except LetterError as error:
        yield MessageFile(name, error=error)
        return
    if content[:4] in _ZIP_MAGIC:
        yield from _of_archive(name, io.BytesIO(content), read)
    else:
        yield _read(name, content, read)


def _of_archive(file: str, source: Path | IO[bytes], read: Read) -> Iterator[MessageFile]:
    """The members of a zip archive; no path of a member is ever used as a path."""
    try:
        archive = zipfile.ZipFile(source)
    except _ZIP_FAULTS as error:
        yield MessageFile(file, error=_damaged(file, error))
        return
    with archive:
        all_unpacked = 0
        members = [
            (number, member)
            for number, member in enumerate(archive.infolist(), start=1)
            if not member.filename.endswith("/") and not _is_hidden(member.filename)
        ]
        if not members:
            yield MessageFile(file, error=LetterError("the archive holds no files", file=file))
        for number, member in members:
            name = f"{file}!{member.filename or f'<{number}>'}"
            try:
                data = _member(archive, member, name)
            except LetterError as error:
                yield MessageFile(name, error=error)
                continue
            all_unpacked += len(data)
            if all_unpacked > MAX_UNPACKED:
                text = f"more than {MAX_UNPACKED:,} bytes came out of the archive; the rest was left unread, unpack it"
                yield MessageFile(name, error=LetterError(text, file=file))
                return
            yield _read(name, data, read)


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> bytes:
    """What a member holds.

    Raises:
        LetterError: it is too large, encrypted, damaged, or packed in a way that can't be unpacked here.
    """
    refuse_oversized(member.file_size, name)
    if member.flag_bits & _ENCRYPTED:
        raise LetterError(
            "this is encrypted in the archive, and passwords can't be given here; unpack it with its password and give the files",
            file=name,
        )
    try:
        with archive.open(member) as stream:
            # What comes out is bounded by what the archive says, which was just looked at.
            return unpacked(stream.read(member.file_size + 1), name)
    except LetterError:
        raise
    except NotImplementedError:
        reason = "this is packed in a way that can't be unpacked here; unpack it and give the files, or pack them as an ordinary zip"
        raise LetterError(reason, file=name) from None
    except _ZIP_FAULTS as error:
        raise _damaged(name, error) from None


def _is_hidden(member: str) -> bool:
    """Whether a member is hidden, as files below a folder are; some systems put a hidden twin of each file into a folder of its own."""
    parts = member.split("/")
    return parts[0] == "__MACOSX" or any(part.startswith(".") and part not in (".", "..") for part in parts)


def _read(name: str, data: bytes, read: Read) -> MessageFile:
    try:
        return MessageFile(name, read(data, name))
    except LetterError as error:
        # The frames that it came through hold the whole file, and the error may be kept for long.
        return MessageFile(name, error=error.with_traceback(None))


def _unreadable(name: str, error: OSError | ValueError) -> LetterError:
    reason = getattr(error, "strerror", None) or type(error).__name__
    return LetterError(f"the file can't be read ({reason}); give the path of a message file", file=name)


def _damaged(name: str, error: Exception) -> LetterError:
    return LetterError(f"the archive is damaged here ({type(error).__name__}); make it anew", file=name)
