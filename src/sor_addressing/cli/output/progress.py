"""Signs of life for work that takes over a second: on standard error, and only where that is a terminal."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import PurePath
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from sor_addressing.cli.output.terminal import is_screen

_PATIENCE = 1.0


class LoadingProgress:
    """What ``Register.load`` calls while it reads: a bar for each file, from the second second on.

    Args:
        console: where the bars are drawn.
        now: tells seconds.
    """

    def __init__(self, console: Console, *, now: Callable[[], float] = time.monotonic) -> None:
        self._console = console
        self._now = now
        self._began = now()
        self._bars: Progress | None = None
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bars is not None:
            self._bars.stop()

    def __call__(self, file: str, done: int, total: int | None) -> None:
        """Show that ``done`` of ``total`` bytes of ``file`` are read."""
        if self._bars is None:
            if not is_screen(self._console) or self._now() - self._began < _PATIENCE:
                return
            columns = (
                TextColumn("{task.description}", markup=False),
                BarColumn(),
                DownloadColumn(),
                TimeElapsedColumn(),
            )
            self._bars = Progress(*columns, console=self._console, transient=True)
            self._bars.start()
        task = self._tasks.get(file)
        if task is None:
            task = self._tasks[file] = self._bars.add_task(PurePath(file).name, total=total)
        self._bars.update(task, completed=done)


class CountingProgress:
    """What is called with each file that is done: a bar that counts them, from the second second on.

    Args:
        console: where the bar is drawn.
        total: tells how many there are; asked when the bar is first drawn.
        now: tells seconds.
    """

    def __init__(
        self, console: Console, *, total: Callable[[], int], now: Callable[[], float] = time.monotonic
    ) -> None:
        self._console = console
        self._total = total
        self._now = now
        self._began = now()
        self._done = 0
        self._bar: Progress | None = None
        self._task = TaskID(0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, file: str) -> None:
        """Count ``file`` as done."""
        self._done += 1
        if self._bar is None:
            if not is_screen(self._console) or self._now() - self._began < _PATIENCE:
                return
            columns = (
                TextColumn("{task.description}", markup=False),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
            )
            self._bar = Progress(*columns, console=self._console, transient=True)
            self._bar.start()
            self._task = self._bar.add_task("", total=self._total())
        self._bar.update(self._task, description=PurePath(file).name, completed=self._done)


@contextmanager
def busy(console: Console, text: str, *, after: float = _PATIENCE) -> Iterator[None]:
    """Show ``text`` with a spinner while the block runs, where it runs longer than ``after`` seconds."""
    if not is_screen(console):
        yield
        return
    status = console.status(text)
    timer = threading.Timer(after, status.start)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        status.stop()
