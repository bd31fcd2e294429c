"""Writing to the store's disk: whole or not at all, on the disk before it is named, and with errors that say what to do."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sor_addressing.errors import ExtractError, SnapshotError, StoreError

TEMPORARY = ".tmp"
"""How the names of half-written files and folders end; what is left of them may be deleted."""

_FULL = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})
_NOT_ALLOWED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR})
_PAUSES = (0.01, 0.05, 0.2, 0.5)


def is_disk_trouble(error: BaseException | None) -> bool:
    """Whether an error, or what caused it, is a disk that is full or can't be written."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (_FULL | {errno.EROFS}):
            return True
        error = error.__cause__
    return False


def is_of_origin(error: OSError | ExtractError) -> bool:
    """Whether an error tells that an extract can't be had: it is ours, or the network's. One that names a file is a fault in a program."""
    return isinstance(error, (StoreError, ExtractError)) or (error.filename is None and not is_disk_trouble(error))


def store_error(error: OSError, home: Path) -> StoreError:
    """What went wrong with the disk, and the way out of it."""
    why = error.strerror or str(error)
    if error.errno in _FULL:
        return StoreError(
            f"{home}: there is no room for the register ({why}); nothing was changed. Free some space, keep fewer days "
            "(keep_days=), or move the store: set SOR_ADDRESSING_HOME or pass home="
        )
    if error.errno in _NOT_ALLOWED:
        return StoreError(
            f"{home}: the store can't be written ({why}). Set SOR_ADDRESSING_HOME or pass home= with a folder that this "
            "user may write to, or use update_in_memory()"
        )
    return StoreError(f"{home}: the store can't be read or written ({why}); check the disk, and update again")


@contextmanager
def disk_errors(home: Path) -> Iterator[None]:
    """Turns what the disk raises inside the block into ``StoreError``."""
    try:
        yield
    except StoreError:
        raise
    except OSError as error:
        raise store_error(error, home) from error
    except SnapshotError as error:
        if isinstance(error.__cause__, OSError):
            raise store_error(error.__cause__, home) from error
        raise


@contextmanager
def reading_errors(home: Path) -> Iterator[None]:
    """Turns what the disk raises while the store is only read into ``StoreError``."""
    try:
        yield
    except StoreError:
        raise
    except OSError as error:
        why = error.strerror or str(error)
        raise StoreError(
            f"{home}: the store can't be read ({why}); check the folder and who may read it, or set SOR_ADDRESSING_HOME or "
            "pass home= with another"
        ) from error


def unused_name(name: str) -> str:
    """A name that no other process uses, and that says that it may be deleted."""
    return f".{name}.{os.getpid()}.{os.urandom(4).hex()}{TEMPORARY}"


def write_whole(path: Path, data: bytes) -> None:
    """Write a small file so that a reader sees the old one or the new one whole, also after the power went."""
    beside = path.with_name(unused_name(path.name))
    try:
        write_new(beside, data)
        replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
    sync_folder(path.parent)


def write_new(path: Path, data: bytes) -> None:
    """Write a file that isn't there yet, down to the disk."""
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


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
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network shares can't
            raise
    finally:
        os.close(descriptor)


def delete_folder(folder: Path) -> bool:
    """Delete a folder as a whole: renamed first, so that nobody sees half of it. False where a process has a file of it open.

    What can't be deleted is in nobody's way, so that is no error.
    """
    import shutil

    doomed = folder if folder.name.endswith(TEMPORARY) else folder.with_name(unused_name(folder.name))
    try:
        if doomed != folder:
            folder.rename(doomed)
    except OSError:
        return False
    shutil.rmtree(doomed, ignore_errors=True)
    return not doomed.exists()
