"""One update at a time: a lock that the system itself takes from a process that ends, however it ends.

The lock is on an open file, not a file that exists: nothing is left of it after ``kill -9`` or a power cut, so there is no stale lock
to be recognised, and no process number that somebody else has by now (in containers, all are number 1).
"""

from __future__ import annotations

import datetime as dt
import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sor_addressing.errors import StoreError

_FIRST_PAUSE = 0.01
_LONGEST_PAUSE = 0.25
_HELD = frozenset({errno.EACCES, errno.EAGAIN, errno.EDEADLK, errno.EWOULDBLOCK})
_NO_LOCKS_HERE = frozenset({errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP})

if sys.platform == "win32":
    import msvcrt

    # Far behind what is written in the file, for a locked byte can't be read by others.
    _FAR = 1 << 30

    def _take(descriptor: int) -> None:
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

    def _give_back(descriptor: int) -> None:
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _give_back(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


@contextmanager
def exclusive(path: Path, *, seconds: float) -> Iterator[bool]:
    """Holds the lock at ``path`` for the block, alone among all processes and threads.

    Gives True, or False where the file system knows no locks: then several may be in the block, and no one may clean up after others.

    Args:
        path: the file to lock; it stays, and says who held the lock last.
        seconds: how long to wait for another that holds it.

    Raises:
        StoreError: another still holds it.
        OSError: the file can't be written.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        alone = _wait(descriptor, path, seconds)
        try:
            if alone:
                _sign(descriptor)
            yield alone
        finally:
            if alone:
                _give_back(descriptor)
    finally:
        os.close(descriptor)


def _wait(descriptor: int, path: Path, seconds: float) -> bool:
    give_up = time.monotonic() + seconds
    pause = _FIRST_PAUSE
    while True:
        try:
            _take(descriptor)
        except OSError as error:
            if error.errno in _NO_LOCKS_HERE:
                return False
            if error.errno not in _HELD:
                raise
        else:
            return True
        left = give_up - time.monotonic()
        if left <= 0:
            raise StoreError(
                f"{path.parent}: another update has not ended for {seconds:g} seconds ({_signature(descriptor)}); "
                "try again when it has, or end it where it hangs"
            )
        time.sleep(min(pause, left))
        pause = min(2 * pause, _LONGEST_PAUSE)


def _sign(descriptor: int) -> None:
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.ftruncate(descriptor, 0)
    os.write(descriptor, f"process {os.getpid()} since {now}\n".encode())


def _signature(descriptor: int) -> str:
    os.lseek(descriptor, 0, os.SEEK_SET)
    return os.read(descriptor, 200).decode("utf-8", "replace").strip() or "it has not said who it is"
