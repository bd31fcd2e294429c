"""Files that stand there whole or not at all: written beside their place, on the disk before they are named, and renamed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import BinaryIO, TextIO

__all__ = ["written_beside", "written_binary", "written_text"]

_attempts = count()


@contextmanager
def written_beside(target: Path) -> Iterator[Path]:
    """A path beside ``target`` to write to; when the block ends well it takes the place of ``target``, else nothing of it stays.

    Raises:
        OSError: the file can't be written, or can't take its place; it names ``target``.
    """
    # Of this process and this attempt alone, so that two that write the same file do not write into each other's.
    beside = target.parent / f".{target.name}.{os.getpid()}.{next(_attempts)}.part"
    try:
        yield beside
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        beside.replace(target)
    except OSError as error:
        if error.filename == str(beside):
            raise type(error)(error.errno, error.strerror, str(target)) from error
        raise
    finally:
        with suppress(OSError):  # it was renamed, or never made
            beside.unlink()


@contextmanager
def written_binary(target: Path) -> Iterator[BinaryIO]:
    """Likewise a file to write bytes into.

    Raises:
        OSError: as there.
    """
    with written_beside(target) as beside, beside.open("xb") as file:
        yield file


@contextmanager
def written_text(target: Path, *, encoding: str = "utf-8") -> Iterator[TextIO]:
    """Likewise a file to write text into; ends of lines go out as they are written.

    Raises:
        OSError: as there.
    """
    with written_beside(target) as beside, beside.open("x", encoding=encoding, newline="") as file:
        yield file
