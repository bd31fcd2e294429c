"""Files to write into, which come to stand together when the block ends well, or not at all."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Self, TextIO

from sor_addressing.errors import NotWritten, SorAddressingError
from sor_addressing.whole_file.faults import STANDARD_OUTPUT, BinaryTarget, PathTarget, Target, is_output, not_written
from sor_addressing.whole_file.place import FOREIGN_LINK, READ_ONLY, TargetPlace

if TYPE_CHECKING:
    import sqlite3

_BLOCK = 1 << 17
# What SQLite says of a disk, as the system would say it.
_SQLITE = {8: "EROFS", 10: "EIO", 13: "ENOSPC", 14: "EACCES"}


def folder_made(folder: PathTarget, *, error: type[SorAddressingError] = NotWritten) -> Path:
    """The folder, made where it is missing, with those above it.

    Raises:
        SorAddressingError: of the class ``error``: it can't be made.
    """
    path = Path(folder)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as cause:
        raise not_written(path, cause, error) from cause
    return path


def is_stream(target: PathTarget) -> bool:
    """Whether a target is no file that could be replaced: standard output, a device or a pipe. Nothing can stand beside it."""
    try:
        return TargetPlace(target).is_stream
    except (OSError, ValueError):
        return False


class WholeFiles:
    """Files that come to stand together when the block ends well, or none of them.

    Two renames are not one: where a power cut falls between them, the first file is new and the second old, and each is whole.

    Args:
        error: the class of the error that is raised where one can't be written.
    """

    def __init__(self, *, error: type[SorAddressingError] = NotWritten) -> None:
        self._error = error
        self._places: list[TargetPlace] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            for place in self._places:
                # Whatever it became on its way through those who wrote.
                if place.fault is not None and (error is None or isinstance(error, Exception)):
                    raise not_written(place.target, place.fault, self._error) from place.fault
            if error is None:
                for place in self._places:
                    place.checked()
                self._put_all()
        finally:
            for place in self._places:
                place.clean()

    def _put_all(self) -> None:
        begun: list[TargetPlace] = []
        for place in self._places:
            begun.append(place)
            try:
                place.put(keep=len(self._places) > 1)
            except OSError as cause:
                for one in reversed(begun):
                    with suppress(OSError):
                        one.take_back()
                code = "not-replaced" if isinstance(cause, PermissionError) else ""
                raise not_written(place.target, cause, self._error, code=code) from cause

    @contextmanager
    def binary(
        self,
        target: BinaryTarget,
        *,
        like: Path | None = None,
        check: Callable[[Path], None] | None = None,
        read_only: bool = False,
        spooled: bool = False,
    ) -> Iterator[IO[bytes]]:
        """A file to write bytes into. One that is open is written into and left open.

        Args:
            target: where it is to stand.
            like: a file whose rights a new one gets.
            check: looks at the file when it is written, and raises where it is not as it should be.
            read_only: it is to be read-only, and takes the place of one that is, too.
            spooled: write into a stream only when all is there.
        """
        if not isinstance(target, (str, os.PathLike)):
            yield target
            return
        place = self._placed(target, like, read_only=read_only)
        place.check = check
        with self._refusing(place):
            sink = place.opened(spooled=spooled)
        stream = io.BufferedWriter(sink, _BLOCK)
        try:
            yield stream
            stream.flush()
            if not place.is_stream:
                with place.noting():
                    place.settle(stream.fileno())
        except BaseException:
            place.given_up = True
            raise
        finally:
            with place.noting():
                stream.close()

    @contextmanager
    def text(self, target: Target, *, encoding: str = "utf-8", spooled: bool = False) -> Iterator[TextIO]:
        """A file to write text into; ends of lines go out as they are written. One that is open is written into and left open."""
        if not isinstance(target, (str, os.PathLike)) and target is not sys.stdout:
            yield target
        elif not isinstance(target, (str, os.PathLike)) or (is_output(target) and not spooled):
            with self._output() as stream:
                yield stream
        else:
            with self.binary(target, spooled=spooled) as binary, _as_text(binary, encoding) as stream:
                yield stream

    @contextmanager
    def _output(self) -> Iterator[TextIO]:
        """Standard output, in its own encoding; on Windows, too, ends of lines go out as they are written."""
        now = sys.stdout
        if now is not None and not hasattr(now, "buffer"):  # somebody put another one there
            yield now
            return
        encoding = None if now is None else now.encoding
        with self.binary(STANDARD_OUTPUT) as binary, _as_text(binary, encoding) as stream:
            yield stream

    @contextmanager
    def database(self, target: PathTarget) -> Iterator[sqlite3.Connection]:
        """An SQLite database to write, which nobody else sees until it stands in its place."""
        import errno
        import sqlite3

        place = self._placed(target, None)
        with self._refusing(place):
            path = place.path_beside()
        try:
            with closing(sqlite3.connect(path, isolation_level=None)) as database:
                yield database
        except sqlite3.Error as error:
            name = _SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
            if name is not None:
                number = getattr(errno, name)
                place.fault = OSError(number, os.strerror(number))
            raise
        with place.noting(), path.open("rb+") as written:
            place.settle(written.fileno())

    def measured(self, target: PathTarget) -> tuple[int, str]:
        """How many bytes were written for a target, and their SHA-256; for a stream only where it was written ``spooled``."""
        return next(place for place in self._places if place.target == target).measured()

    def _placed(self, target: PathTarget, like: Path | None, *, read_only: bool = False) -> TargetPlace:
        try:
            place = TargetPlace(target, like=like, read_only=read_only)
        except (OSError, ValueError) as cause:
            said = getattr(cause, "strerror", "")
            code = said if said in (READ_ONLY, FOREIGN_LINK) else ""
            raise not_written(target, cause, self._error, code=code) from cause
        self._places.append(place)
        return place

    @contextmanager
    def _refusing(self, place: TargetPlace) -> Iterator[None]:
        try:
            yield
        except OSError as cause:
            raise not_written(place.target, cause, self._error) from cause


@contextmanager
def _as_text(binary: IO[bytes], encoding: str | None) -> Iterator[TextIO]:
    # Names of files may be no Unicode: what can't be written is shown as an escape.
    stream = io.TextIOWrapper(binary, encoding or "utf-8", "backslashreplace", newline="")
    try:
        yield stream
    except BaseException:
        with suppress(Exception):
            stream.detach()
        raise
    stream.detach()


@contextmanager
def written_binary(
    target: BinaryTarget,
    *,
    error: type[SorAddressingError] = NotWritten,
    like: Path | None = None,
    check: Callable[[Path], None] | None = None,
    read_only: bool = False,
) -> Iterator[IO[bytes]]:
    """One file to write bytes into, or one that is open; see :meth:`WholeFiles.binary`.

    Raises:
        SorAddressingError: of the class ``error``: it can't be written; what was there stays.
    """
    with (
        WholeFiles(error=error) as files,
        files.binary(target, like=like, check=check, read_only=read_only) as stream,
    ):
        yield stream


@contextmanager
def written_text(
    target: Target, *, encoding: str = "utf-8", error: type[SorAddressingError] = NotWritten
) -> Iterator[TextIO]:
    """One file to write text into, or one that is open; see :meth:`WholeFiles.text`.

    Raises:
        SorAddressingError: of the class ``error``: it can't be written; what was there stays.
    """
    with WholeFiles(error=error) as files, files.text(target, encoding=encoding) as stream:
        yield stream


def put_text(target: Target | None, text: str, *, error: type[SorAddressingError] = NotWritten) -> str:
    """``text``, which is written to ``target`` too where there is one."""
    if target is not None:
        with written_text(target, error=error) as file:
            file.write(text)
    return text
