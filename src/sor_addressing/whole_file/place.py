"""One target while it is written: where its links lead, what is beside it, and whose it is."""

from __future__ import annotations

import errno
import io
import os
import re
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from sor_addressing.whole_file.faults import PathTarget, is_output
from sor_addressing.whole_file.renaming import replace, sync, sync_folder, unused_name

NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
"""How a file is opened that isn't there yet, whatever somebody has put there meanwhile."""

OURS = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOINHERIT", 0) | getattr(os, "O_BINARY", 0)
"""How every file is opened: for this process alone, and byte for byte."""

READ_ONLY, FOREIGN_LINK = "read-only", "foreign-link"

_RIGHTS = 0o777
_GROUP, _OTHERS = 0o070, 0o007
_WRITING = 0o222
_MOST_LINKS = 40
_BLOCK = 1 << 17
_DESCRIPTORS = re.compile(r"(?:/proc/\d+(?:/task/\d+)?|/dev)/fd")


class TargetPlace:
    """A target while it is written.

    Args:
        target: what is to be written.
        like: a file whose rights a new one gets.
        read_only: it is to be read-only, and takes the place of one that is, too.

    Attributes:
        is_stream: it is no file that could be replaced, and is written straight into.
        fault: what the system said when it could not be written.
        given_up: what is still written is for nobody.
        check: looks at the file before it takes its place.

    Raises:
        OSError: it can be seen that it can't be written. ValueError: that is no path.
    """

    def __init__(self, target: PathTarget, *, like: Path | None = None, read_only: bool = False) -> None:
        self.target = target
        self.fault: OSError | ValueError | None = None
        self.given_up = False
        self.check: Callable[[Path], None] | None = None
        self._descriptor: int | None = None
        self._rights: os.stat_result | None = None
        self._beside: Path | None = None
        self._folder: Path | None = None
        self._kept: Path | None = None
        self._stands = self._was_there = False
        self._read_only = read_only
        self.is_stream = is_output(target)
        if self.is_stream:
            return
        self._path, self._descriptor = _led_to(os.fspath(target))
        try:
            before = self._path.stat()
        except FileNotFoundError:
            self._rights = None if like is None else like.stat()
            return
        self._was_there, self._rights = True, before
        self.is_stream = self._descriptor is not None or not stat.S_ISREG(before.st_mode)
        if stat.S_ISDIR(before.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(self._path))
        if not (self.is_stream or read_only or os.access(self._path, os.W_OK)):
            raise PermissionError(errno.EACCES, READ_ONLY, str(self._path))

    def opened(self, *, spooled: bool = False) -> io.RawIOBase:
        """A file to write into: the target itself where it is a stream, unless ``spooled``; else one beside it."""
        if spooled and self.is_stream:
            return _Sink(os.open(self.path_beside(), NEW | OURS, 0o600), self)
        if is_output(self.target):
            return _Output(_standard_output(), self)
        if self._descriptor is not None:
            return _Sink(os.dup(self._descriptor), self)
        if self.is_stream:
            return _Sink(os.open(self._path, os.O_WRONLY | getattr(os, "O_NOCTTY", 0) | OURS), self)
        self._beside = self._path.with_name(unused_name(self._path.name))
        # Nobody may read meanwhile what nobody may read afterwards.
        rights = 0o666 if self._rights is None else self._rights.st_mode & 0o666
        return _Sink(os.open(self._beside, NEW | OURS, rights), self)

    def path_beside(self) -> Path:
        """A path in a folder of its own, for what has to open its file itself."""
        if self.is_stream:
            from tempfile import mkdtemp

            self._folder = Path(mkdtemp(prefix="sor-addressing-"))
        else:
            self._folder = self._path.with_name(unused_name(self._path.name))
            self._folder.mkdir(0o700)
        self._beside = self._folder / "file"
        return self._beside

    def settle(self, descriptor: int) -> None:
        """Bring what was written to the disk, with the rights and the owner of the file that was there."""
        if self.is_stream:
            return
        sync(descriptor)
        if hasattr(os, "fchmod"):  # where there is none, a read-only file can't be deleted either
            if self._rights is not None:
                _give(descriptor, self._rights)
            if self._read_only:
                with suppress(OSError):  # a file system without rights
                    os.fchmod(descriptor, os.fstat(descriptor).st_mode & _RIGHTS & ~_WRITING)

    def checked(self) -> None:
        """Have what was written looked at, before anybody else can see it."""
        if self.check is not None and self._beside is not None and not self.is_stream:
            self.check(self._beside)

    def measured(self) -> tuple[int, str]:
        """How many bytes were written beside it, and their SHA-256 in hexadecimal."""
        import hashlib

        if self._beside is None:
            raise ValueError(f"{self.target}: nothing was written beside it")
        with self._beside.open("rb") as file:
            return self._beside.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()

    def put(self, *, keep: bool) -> None:
        """Take the place of what was there; with ``keep`` that can be taken back."""
        if self._beside is None:
            return
        if self.is_stream:
            with self._beside.open("rb") as written, self.opened() as stream:
                while block := written.read(_BLOCK):
                    _write_all(stream, block)
            return
        if keep and self._was_there:
            kept = self._path.with_name(unused_name(self._path.name))
            try:
                os.link(self._path, kept)
            except (OSError, NotImplementedError):  # where the file system knows no links
                replace(self._path, kept)
            self._kept = kept
        if os.name == "nt" and self._read_only and self._was_there:
            self._path.chmod(stat.S_IWRITE)  # else nothing can take its place there
        replace(self._beside, self._path)
        self._stands = True
        sync_folder(self._path.parent)

    def take_back(self) -> None:
        """Have it as it was before."""
        if self._kept is not None:
            replace(self._kept, self._path)
        elif self._stands:
            self._path.unlink(missing_ok=True)

    def clean(self) -> None:
        """Leave nothing beside it."""
        for path in (self._beside, self._kept):
            if path is not None:
                with suppress(OSError):  # it was renamed, or never made
                    path.unlink()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    @contextmanager
    def noting(self) -> Iterator[None]:
        """What goes wrong with the disk inside the block is the fault of this target."""
        try:
            yield
        except OSError as error:
            self.fault = error
            raise


def _write_all(stream: io.RawIOBase, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[stream.write(left) or 0 :]


class _Sink(io.FileIO):
    """A file to write into that keeps the fault which it met; given up, it takes everything and writes nothing."""

    def __init__(self, descriptor: int, place: TargetPlace) -> None:
        super().__init__(descriptor, "wb")
        self._place = place

    def write(self, data: bytes | bytearray | memoryview, /) -> int:  # type: ignore[override]  # any buffer
        if self._place.given_up:
            return memoryview(data).nbytes
        with self._place.noting():
            return super().write(data) or 0


class _Output(io.RawIOBase):
    """Standard output as a file to write into, which stays open when that is closed."""

    def __init__(self, stream: BinaryIO, place: TargetPlace) -> None:
        self._stream = stream
        self._place = place

    def writable(self) -> bool:
        return True

    def write(self, data: bytes | bytearray | memoryview, /) -> int:  # type: ignore[override]  # any buffer
        if not self._place.given_up:
            with self._place.noting():
                self._stream.write(data)
                self._stream.flush()
        return memoryview(data).nbytes


def output_let_go() -> None:
    """Have what is still on its way to standard output go nowhere: it can't be written, and the end of the process tries again."""
    with suppress(OSError, ValueError, AttributeError):  # it is closed, or no file of the system's
        number = sys.stdout.fileno()
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, number)
        os.close(nowhere)


def _standard_output() -> BinaryIO:
    stream = sys.stdout
    # A program can be started without one, and somebody may have put something there that takes text alone.
    buffer: BinaryIO | None = None if stream is None or stream.closed else getattr(stream, "buffer", None)
    if buffer is None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    stream.flush()
    return buffer


def _led_to(path: str) -> tuple[Path, int | None]:
    """Where links lead, and the descriptor of this process that is meant where they lead to one."""
    if os.name == "nt":
        return Path(os.path.realpath(path) if os.path.islink(path) else path), None  # noqa: PTH114
    for _ in range(_MOST_LINKS):
        folder, name = os.path.split(os.path.abspath(path))  # noqa: PTH100
        folder = os.path.realpath(folder)
        path = os.path.join(folder, name)  # noqa: PTH118
        if name.isdecimal() and _DESCRIPTORS.fullmatch(folder):
            return Path(path), int(name)
        if not os.path.islink(path):  # noqa: PTH114
            return Path(path), None
        if _is_foreign(path, folder):
            raise PermissionError(errno.EACCES, FOREIGN_LINK, path)
        path = os.path.join(folder, os.readlink(path))  # noqa: PTH115, PTH118
    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)


def _is_foreign(link: str, folder: str) -> bool:
    """Whether somebody else has put a link into a folder where everybody may, such as ``/tmp``: systems do not follow those either."""
    place, around = os.lstat(link), os.stat(folder)  # noqa: PTH116
    for_all = around.st_mode & stat.S_ISVTX and around.st_mode & stat.S_IWOTH
    return bool(for_all) and place.st_uid not in (os.geteuid(), around.st_uid)


def _give(descriptor: int, like: os.stat_result) -> None:
    """The rights and the owner of another file; where its group can't be given, the rights of that are not given to another one."""
    mine, rights = os.fstat(descriptor), like.st_mode & _RIGHTS
    if (mine.st_uid, mine.st_gid) != (like.st_uid, like.st_gid):
        try:
            os.fchown(descriptor, like.st_uid, like.st_gid)
        except OSError:
            try:
                os.fchown(descriptor, -1, like.st_gid)
            except OSError:
                rights &= ~_GROUP | (rights & _OTHERS) << 3
    with suppress(OSError):  # a file system without rights
        os.fchmod(descriptor, rights)
