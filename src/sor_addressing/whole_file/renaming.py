"""Names for what is half written, and the moment in which it gets its own."""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path

TEMPORARY = ".tmp"
"""How the names of half-written files and folders end, which begin with a dot; what is left of them may be deleted."""

_LONGEST = 100
_PAUSES = (0.01, 0.05, 0.2, 0.5)


def unused_name(name: str) -> str:
    """A name that no other process uses, and that says that it may be deleted."""
    return f".{name[:_LONGEST]}.{os.getpid()}.{os.urandom(4).hex()}{TEMPORARY}"


def replace(source: Path, target: Path) -> None:
    """Rename over an existing file. On Windows that fails for the moment in which somebody reads it."""
    if os.name == "nt":
        for pause in _PAUSES:
            try:
                source.replace(target)
            except PermissionError:
                time.sleep(pause)
            else:
                return
    source.replace(target)


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk, where the system has a way to do so."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        sync(descriptor)
    finally:
        os.close(descriptor)


def sync(descriptor: int) -> None:
    """Bring a file that is open to the disk, where the system has a way to do so."""
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network shares can't
            raise
