"""A file that comes in pieces, perhaps over several attempts, and gets its name when it is whole: a download."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sor_addressing.errors import NotWritten, SorAddressingError
from sor_addressing.whole_file.faults import not_written
from sor_addressing.whole_file.place import NEW, OURS
from sor_addressing.whole_file.renaming import replace, sync

_MORE = os.O_WRONLY | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
_AGAIN = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0)


class GrowingFile:
    """A file that comes in pieces.

    Args:
        target: its name; until it is whole it is that name with ``.part`` behind.
        error: the class of the error that is raised where it can't be written.
    """

    def __init__(self, target: Path, *, error: type[SorAddressingError] = NotWritten) -> None:
        self._target = target
        self._path = target.with_name(f"{target.name}.part")
        self._error = error

    @contextmanager
    def writing(self, *, anew: bool) -> Iterator[Callable[[bytes], None]]:
        """A function that adds bytes to it; ``anew`` begins with nothing, whatever lies there.

        Raises:
            SorAddressingError: of the class ``error``: it can't be written.
        """
        with self._refusing(self._path):
            if anew:
                self._path.unlink(missing_ok=True)
            stream = io.BufferedWriter(io.FileIO(os.open(self._path, (NEW if anew else _MORE) | OURS, 0o666), "ab"))

        def write(data: bytes) -> None:
            with self._refusing(self._path):
                stream.write(data)
                stream.flush()

        try:
            yield write
        finally:
            try:
                stream.close()
            except OSError:
                pass  # that is told already, and what came of it is removed or added to

    def put_in_place(self, *, changed: int | None = None) -> None:
        """Give it its name, and the time at which it was changed, in nanoseconds since 1970.

        Raises:
            SorAddressingError: of the class ``error``: that can't be done.
        """
        with self._refusing(self._target):
            with io.FileIO(os.open(self._path, _AGAIN | OURS), "rb+") as file:
                sync(file.fileno())
            if changed is not None:
                os.utime(self._path, ns=(changed, changed))
            replace(self._path, self._target)

    def remove(self) -> None:
        """Leave nothing of it behind."""
        self._path.unlink(missing_ok=True)

    @contextmanager
    def _refusing(self, path: Path) -> Iterator[None]:
        try:
            yield
        except OSError as cause:
            raise not_written(path, cause, self._error) from cause
