"""Writing a file beside its place, and renaming it when it is whole: a reader sees yesterday's or today's, and never half of one."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from sor_addressing.errors import ExportError

_attempts = count()


@contextmanager
def written_beside(target: Path) -> Iterator[Path]:
    """A path beside ``target`` to write to; when the block ends well it takes the place of ``target``, else nothing of it stays.

    Raises:
        ExportError: the file can't be written, or can't take its place.
    """
    # Of this process and this attempt alone, so that two that write the same extract do not write into each other's.
    beside = target.parent / f".{target.name}.{os.getpid()}.{next(_attempts)}.tmp"
    try:
        yield beside
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        beside.replace(target)
    except PermissionError as error:
        raise ExportError(
            f"{target}: can't be written or replaced ({error.strerror}); where a program has it open, close it or write under another name"
        ) from error
    except OSError as error:
        raise ExportError(f"{target}: can't be written: {error.strerror or error}") from error
    finally:
        with suppress(OSError):  # it was renamed, or never made
            beside.unlink()


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
