"""Stands between this process and its disk: counts what changes the disk, and does something to the changes after so many."""

from __future__ import annotations

import io
import os
from collections.abc import Callable

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
CHANGES = ("mkdir", "rename", "replace", "fsync", "ftruncate")


class FailingDisk:
    """Lets ``left`` changes through; before each later one, ``fail`` is called. :meth:`repair` ends that."""

    def __init__(self, fail: Callable[[], None], setattr: Callable[[object, str, object], None] = setattr) -> None:  # noqa: A002
        self.left: float = float("inf")
        self.failed = 0
        self._fail = fail
        for name in CHANGES:
            setattr(os, name, self._guarded(getattr(os, name)))
        really_open, open_low = io.open, os.open

        def opened_low(path: object, flags: int, *arguments: object, **options: object) -> object:
            if flags & _WRITING:
                self._count()
            return open_low(path, flags, *arguments, **options)  # type: ignore[arg-type]

        setattr(os, "open", opened_low)

        def opened(file: object, mode: str = "r", *arguments: object, **options: object) -> object:
            if set(mode) & set("wax+"):
                self._count()
            return really_open(file, mode, *arguments, **options)

        setattr(io, "open", opened)

    def _guarded(self, call: Callable[..., object]) -> Callable[..., object]:
        def guarded(*arguments: object, **options: object) -> object:
            self._count()
            return call(*arguments, **options)

        return guarded

    def _count(self) -> None:
        self.left -= 1
        if self.left < 0:
            self.failed += 1
            self._fail()

    def repair(self) -> None:
        """Let everything through again."""
        self.left = float("inf")
