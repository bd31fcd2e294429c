"""What the store says of its disk, with the way out, and how a folder goes."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sor_addressing.errors import ExtractError, NotWritten, SnapshotError, StoreError
from sor_addressing.whole_file import TEMPORARY, unused_name

_FULL = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})
_NOT_ALLOWED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR})


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
    except (NotWritten, SnapshotError) as error:
        if isinstance(error.__cause__, OSError):
            raise store_error(error.__cause__, home) from error
        raise
    except OSError as error:
        raise store_error(error, home) from error


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
