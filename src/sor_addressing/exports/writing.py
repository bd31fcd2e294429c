"""Writing a file beside its place, and renaming it when it is whole: a reader sees yesterday's or today's, and never half of one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sor_addressing.errors import ExportError
from sor_addressing.whole_file import written_beside


@contextmanager
def exported(target: Path) -> Iterator[Path]:
    """A path beside ``target`` to write to, which takes its place when the block ends well.

    Raises:
        ExportError: the file can't be written, or can't take its place.
    """
    try:
        with written_beside(target) as beside:
            yield beside
    except PermissionError as error:
        raise ExportError(
            f"{target}: can't be written or replaced ({error.strerror}); where a program has it open, close it or write under another name"
        ) from error
    except OSError as error:
        raise ExportError(f"{target}: can't be written: {error.strerror or error}") from error


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
