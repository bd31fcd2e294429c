"""One worker: a process that answers until its supervisor lets go of it."""

from __future__ import annotations

import gc
import logging
import signal
import sys
import threading
from contextlib import suppress
from multiprocessing.connection import Connection as Pipe
from socket import socket

from uvicorn import Config, Server

from sor_addressing.serving.service.app import Application
from sor_addressing.serving.service.connections import connection_class
from sor_addressing.serving.service.counters import Counters, SharedNumbers
from sor_addressing.serving.service.guard import LONGEST_HEADERS
from sor_addressing.serving.service.settings import ServiceSettings

_NEVER = 86_400


def run_worker(settings: ServiceSettings, listening: socket, pipe: Pipe, numbers: SharedNumbers, number: int) -> None:
    """Answer on a socket until the pipe's other end is closed: by the supervisor, or by its death.

    Args:
        settings: how the service was started.
        listening: the socket that all workers share.
        pipe: to the supervisor; a message tells it that this worker answers.
        numbers: what all workers count.
        number: which of them this is.
    """
    for name in ("SIGINT", "SIGHUP"):  # a terminal sends them to all; the supervisor tells what is to be done
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    log_to_standard_error()
    counters = Counters(numbers, number)
    counters.forget_gauges()

    def started() -> None:
        with suppress(OSError):  # the supervisor was told to end meanwhile
            pipe.send_bytes(b"started")

    application = Application(settings, counters, started)
    config = Config(
        application,
        loop="asyncio",
        http=connection_class(counters),
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        h11_max_incomplete_event_size=LONGEST_HEADERS,
        timeout_keep_alive=_NEVER,  # the connection ends its own waits
        timeout_graceful_shutdown=settings.drain_seconds,
    )
    server = Server(config)
    threading.Thread(target=_end_with, args=(pipe, server), name="sor-addressing-supervised", daemon=True).start()
    gc.collect()
    gc.freeze()
    server.run([listening])


def log_to_standard_error() -> None:
    """What is logged goes to standard error, a line each."""
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(process)d %(levelname)s %(message)s"
    )
    for name in ("uvicorn.error", "asyncio"):
        logging.getLogger(name).setLevel(logging.ERROR)


def _end_with(pipe: Pipe, server: Server) -> None:
    try:
        while True:
            pipe.recv_bytes()
    except (EOFError, OSError):
        server.should_exit = True
