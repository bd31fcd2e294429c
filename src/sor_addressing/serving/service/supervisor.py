"""The process that has the workers: it opens the socket, starts as many as there are to be, replaces those that die, and ends them all.

A worker is told to end by closing the pipe to it, which also happens where this process is killed: no worker is left behind, on any system.
"""

from __future__ import annotations

import errno
import logging
import multiprocessing
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import connection
from multiprocessing.connection import Connection as Pipe
from types import FrameType
from typing import Any

from sor_addressing.errors import ServiceError
from sor_addressing.serving.service.counters import SIZE, Counters
from sor_addressing.serving.service.settings import ServiceSettings
from sor_addressing.serving.service.worker import log_to_standard_error, run_worker

_log = logging.getLogger("sor_addressing.service")

_BACKLOG = 2_048
_START_SECONDS = 60.0
_GRACE_SECONDS = 3.0
_SHORT_LIFE = 5.0
_LONGEST_PAUSE = 5.0


def serve(settings: ServiceSettings, *, listening: Callable[[str], object]) -> None:
    """Answer until this process is told to end (SIGTERM, SIGINT, SIGHUP); where it is told again, running requests are given up.

    Args:
        settings: how.
        listening: called with the address once every worker answers.

    Raises:
        ServiceError: the address can't be had, or a worker can't start.
    """
    with _bound(settings) as bound, _signals() as told:
        Supervisor(settings, bound, told).run(listening)


class _Worker:
    """One worker process, and this end of the pipe to it."""

    def __init__(self, process: Any, pipe: Pipe, began: float) -> None:
        self.process = process
        self.pipe = pipe
        self.began = began
        self.answers = False


class Supervisor:
    """Keeps as many workers as there are to be.

    Args:
        settings: how the service was started.
        bound: the socket that listens.
        told: has a message for each time that this process was told to end.
    """

    def __init__(self, settings: ServiceSettings, bound: socket.socket, told: Pipe) -> None:
        self._settings = settings
        self._bound = bound
        self._told = told
        self._context = multiprocessing.get_context("spawn")
        self._numbers = self._context.RawArray("d", SIZE * settings.workers)
        self._workers: dict[int, _Worker] = {}
        self._due: dict[int, float] = {}
        self._pauses: dict[int, float] = {}

    def run(self, listening: Callable[[str], object]) -> None:
        """Until this process is told to end."""
        log_to_standard_error()
        said = False
        try:
            for number in range(self._settings.workers):
                self._start(number)
            until = time.monotonic() + _START_SECONDS
            while not self._is_told_within(0.5):
                if not said and all(worker.answers for worker in self._workers.values()):
                    said = True
                    listening(_address(self._bound))
                elif not said and (
                    len(self._workers) + len(self._due) < self._settings.workers or time.monotonic() > until
                ):
                    raise ServiceError("a worker did not start; what it said stands above")
        finally:
            self._end()

    def _start(self, number: int) -> None:
        ours, its = self._context.Pipe()
        process = self._context.Process(
            target=run_worker,
            args=(self._settings, self._bound, its, self._numbers, number),
            name=f"sor-addressing worker {number + 1}",
        )
        process.start()
        its.close()
        self._workers[number] = _Worker(process, ours, time.monotonic())

    def _is_told_within(self, seconds: float) -> bool:
        """Wait for whatever comes first: the end, a worker that answers, one that died."""
        waited: list[Any] = [self._told]
        for worker in self._workers.values():
            waited.append(worker.process.sentinel)
            if not worker.answers:
                waited.append(worker.pipe)
        ready = connection.wait(
            waited, min([seconds, *(due - time.monotonic() for due in self._due.values())], default=0)
        )
        if self._told in ready:
            self._told.recv_bytes()
            return True
        for number, worker in list(self._workers.items()):
            if worker.pipe in ready and not worker.answers:
                worker.answers = _has_said(worker.pipe)
            if worker.process.sentinel in ready:
                self._bury(number, worker)
        now = time.monotonic()
        for number in [number for number, due in self._due.items() if due <= now]:
            del self._due[number]
            self._start(number)
        return False

    def _bury(self, number: int, worker: _Worker) -> None:
        worker.process.join()
        worker.pipe.close()
        Counters(self._numbers, number).forget_gauges()
        del self._workers[number]
        if not worker.answers and number not in self._pauses:
            return  # the first of its kind: whoever started the service is told
        lived = time.monotonic() - worker.began
        pause = min(2 * self._pauses.get(number, 0.1), _LONGEST_PAUSE) if lived < _SHORT_LIFE else 0.0
        self._pauses[number] = pause or 0.1
        _log.warning("worker %d ended (exit code %s); another is started", number + 1, worker.process.exitcode)
        self._due[number] = time.monotonic() + pause

    def _end(self) -> None:
        """Let running requests come to their end, then end what is left; who comes now is refused at once, and may go elsewhere."""
        self._bound.close()
        for worker in self._workers.values():
            worker.pipe.close()
        until = time.monotonic() + self._settings.drain_seconds + _GRACE_SECONDS
        for worker in self._workers.values():
            while worker.process.is_alive() and time.monotonic() < until and not self._told.poll():
                worker.process.join(0.1)
            if worker.process.is_alive():
                worker.process.kill()
            worker.process.join()


def _has_said(pipe: Pipe) -> bool:
    try:
        return bool(pipe.recv_bytes())
    except (EOFError, OSError):
        return False


@contextmanager
def _bound(settings: ServiceSettings) -> Iterator[socket.socket]:
    try:
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        bound = socket.socket(family, kind, protocol)
    except (OSError, UnicodeError, OverflowError) as error:
        raise _not_bound(settings, error) from error
    try:
        if hasattr(socket, "SO_REUSEADDR") and not hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen(_BACKLOG)
        bound.set_inheritable(True)
    except OSError as error:
        bound.close()
        raise _not_bound(settings, error) from error
    try:
        yield bound
    finally:
        bound.close()


def _not_bound(settings: ServiceSettings, error: Exception) -> ServiceError:
    seen = getattr(error, "strerror", None) or type(error).__name__
    if getattr(error, "errno", None) == errno.EADDRINUSE:
        return ServiceError(
            f"can't listen on {settings.host}, port {settings.port}: {seen}; is another service there? Give --port 0 for any that is free"
        )
    return ServiceError(
        f"can't listen on {settings.host}, port {settings.port}: {seen}; give --host an address of this machine, and --port one that may be used"
    )


def _address(bound: socket.socket) -> str:
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextmanager
def _signals() -> Iterator[Pipe]:
    """A pipe that has a message for each time that this process is told to end."""
    reader, writer = multiprocessing.Pipe(duplex=False)
    is_told = False

    def tell(number: int, _frame: FrameType | None) -> None:
        nonlocal is_told
        if is_told and number == getattr(signal, "SIGHUP", None):
            return  # of a terminal that closes there is more than one, and it means the same
        is_told = True
        writer.send_bytes(b"end")

    names = ("SIGTERM", "SIGINT", "SIGBREAK", "SIGHUP")
    is_main = threading.current_thread() is threading.main_thread()
    before = {}
    for one in (getattr(signal, name) for name in names if hasattr(signal, name)) if is_main else ():
        if signal.getsignal(one) is not signal.SIG_IGN:  # as nohup has it
            before[one] = signal.signal(one, tell)
    try:
        yield reader
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
        writer.close()
        reader.close()
