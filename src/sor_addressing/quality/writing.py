"""Files beside their place and renamed: what is there is whole, and nothing of an interrupted write stays."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO, cast

import attrs


@attrs.frozen(slots=True)
class Written:
    """A file that was written.

    Attributes:
        path: where it lies.
        rows: how many remarks are in it.
        neutralised: how many cells began with a sign that spreadsheets take for a formula, and have an apostrophe in front now.
    """

    path: Path
    rows: int
    neutralised: int = 0

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {"path": str(self.path), "rows": self.rows, "neutralised": self.neutralised}


@contextmanager
def binary_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write bytes into, renamed to ``path`` at the end.

    Raises:
        OSError: it can't be written there.
    """
    handle, part = _beside(path)
    try:
        with os.fdopen(handle, "wb") as file:
            yield cast("BinaryIO", file)  # a buffered writer is one in all but its declared type
        _make_readable(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def text_file(path: Path, *, encoding: str = "utf-8") -> Iterator[TextIO]:
    """Likewise a file to write text into; ends of lines go out as they are written.

    Raises:
        OSError: it can't be written there.
    """
    handle, part = _beside(path)
    try:
        with os.fdopen(handle, "w", encoding=encoding, newline="") as file:
            yield file
        _make_readable(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _beside(path: Path) -> tuple[int, Path]:
    """A new file in the same folder, open; what is wrong with the folder is told of the path that was asked for."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    except OSError as error:
        raise type(error)(error.errno, error.strerror, str(path)) from error
    return handle, Path(name)


def _make_readable(part: Path) -> None:
    """What a new file may be read by: files for the time being are for their owner alone."""
    mask = os.umask(0)
    os.umask(mask)
    part.chmod(0o666 & ~mask)
