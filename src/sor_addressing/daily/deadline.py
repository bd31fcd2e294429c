"""The end of a request's time, whatever the server sends meanwhile.

A timeout of a connection is one for each read: who sends a byte now and then in headers, interim answers, chunk extensions or trailers
is waited for without end. So the connection itself is shut when the time is over.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

__all__ = ["Deadline"]

_CONNECTED = ("connect_tcp.complete", "connect_unix_socket.complete")


class Deadline:
    """Shuts the connections of the requests in its block when the time is over.

    Args:
        seconds: how long the block may take.

    Attributes:
        passed: whether the time was over before the block was.
    """

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()
        self._timer = threading.Timer(min(seconds, threading.TIMEOUT_MAX), self._shut)
        self._timer.daemon = True

    def extensions(self) -> dict[str, Any]:
        """What a request is sent with, so that its connection becomes known as soon as it is made."""
        return {"trace": self._seen}

    def _seen(self, event: str, info: Mapping[str, Any]) -> None:
        if not event.endswith(_CONNECTED):
            return
        stream = info.get("return_value")
        found = stream.get_extra_info("socket") if stream is not None else None
        if isinstance(found, socket.socket):
            # The connection may be wrapped in TLS next, which takes the socket over; this handle stays.
            with self._lock:
                self._sockets.append(found.dup())
                if self.passed:
                    _shut(self._sockets[-1])

    def _shut(self) -> None:
        with self._lock:
            self.passed = True
            for one in self._sockets:
                _shut(one)

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        with self._lock:
            for one in self._sockets:
                one.close()
            self._sockets.clear()


def _shut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # the other side has closed it already
