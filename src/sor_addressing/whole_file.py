"""Files that stand there whole or not at all: written beside their place, on the disk before they are named, and renamed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import BinaryIO, TextIO

__all__ = [
    "BinaryTarget",
    "Target",
    "binary_target",
    "put_text",
    "text_target",
    "written_beside",
    "written_binary",
    "written_text",
]

Target = str | os.PathLike[str] | TextIO
"""Where a report goes: a path, or a text file that is open, which stays open."""

BinaryTarget = str | os.PathLike[str] | BinaryIO
"""Likewise for what is no text."""

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


@contextmanager
def text_target(target: Target, *, encoding: str = "utf-8") -> Iterator[TextIO]:
    """What a report is written to: an open file as it is, or for a path a file as of :func:`written_text`.

    Raises:
        OSError: as there.
    """
    if isinstance(target, (str, os.PathLike)):
        with written_text(Path(target), encoding=encoding) as file:
            yield file
    else:
        yield target


@contextmanager
def binary_target(target: BinaryTarget) -> Iterator[BinaryIO]:
    """Likewise for bytes.

    Raises:
        OSError: as there.
    """
    if isinstance(target, (str, os.PathLike)):
        with written_binary(Path(target)) as file:
            yield file
    else:
        yield target


def put_text(target: Target | None, text: str) -> str:
    """``text``, which is written to ``target`` too where there is one.

    Raises:
        OSError: as of :func:`written_text`.
    """
    if target is not None:
        with text_target(target) as file:
            file.write(text)
    return text
