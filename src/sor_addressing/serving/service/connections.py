"""One connection: uvicorn's HTTP/1.1 on h11, and what that leaves open.

uvicorn waits for ever for a first request, for the rest of headers that come byte by byte, and for the rest of a body that was answered
before it had come; it answers what is no HTTP in plain text, and takes any number of connections. Here every phase but that of answering,
which the guard bounds, has an end, and where connections run out the oldest that only waits makes room.
"""

from __future__ import annotations

import asyncio
import logging
from enum import Enum
from typing import Any

import h11
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from sor_addressing.serving.service.counters import Counters
from sor_addressing.serving.service.problems import CLOSE, MEDIA_TYPE, RETRY, ServiceProblem

MOST_CONNECTIONS = 512
"""Of one worker; a process may mostly have 1,024 files open."""

_log = logging.getLogger(__name__)


class _Phase(Enum):
    """What a connection is at, and the seconds it may take."""

    HEADERS = 10.0
    IDLE = 5.0
    REST_OF_BODY = 6.0
    LEAVING = 7.0
    ANSWERING = 0.0


class Connection(H11Protocol):
    """As uvicorn has it, with an end to every wait."""

    counters: Counters
    most: int = MOST_CONNECTIONS

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, {**app_state, "connection": self}, _loop)
        self.waits_for_client = False
        self._phase: _Phase | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._since = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self._since = self.loop.time()
        self._enter(_Phase.HEADERS)
        if len(self.connections) > self.most:
            self._make_room()
        self.counters.gauge("connections", len(self.connections))

    def connection_lost(self, exc: Exception | None) -> None:
        self._disarm()
        super().connection_lost(exc)
        self.counters.gauge("connections", len(self.connections))

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._look(_Phase.HEADERS)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._look(_Phase.HEADERS if self.conn.trailing_data[0] else _Phase.IDLE)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 (uvicorn's signature)
        """What can't be read as HTTP is answered once, as a problem, and the connection ends."""
        self.counters.refused("broken")
        self._leave()  # where it lies in the middle of a body
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            self._answer(ServiceProblem("broken-http", 400, CLOSE))
        self.transport.close()
        self._enter(_Phase.LEAVING)

    def abort(self) -> None:
        """End the connection at once, whatever was to be sent."""
        self._leave()
        if not self.transport.is_closing():
            self.transport.abort()

    def _leave(self) -> None:
        """Tell whoever answers that nobody is there any more."""
        if self._is_answering:
            self.cycle.disconnected = True
            self.cycle.message_event.set()

    def _answer(self, problem: ServiceProblem) -> None:
        body = problem.body("en")
        headers = [("Content-Type", MEDIA_TYPE), ("Content-Length", str(len(body))), *problem.headers.items()]
        events = (h11.Response(status_code=problem.status, headers=headers), h11.Data(data=body), h11.EndOfMessage())
        try:
            for event in events:
                self.transport.write(self.conn.send(event) or b"")
        except h11.LocalProtocolError:  # something was sent already, and this can't follow it
            return

    def _look(self, otherwise: _Phase) -> None:
        """See what the connection is at now."""
        if self.transport.is_closing():
            self._enter(_Phase.LEAVING)
        elif self._is_answering:
            self._enter(_Phase.ANSWERING)
        elif self.conn.their_state is h11.SEND_BODY:
            self._enter(_Phase.REST_OF_BODY)
        else:
            self._enter(otherwise)

    def _enter(self, phase: _Phase) -> None:
        if phase is self._phase:
            return  # its time runs already, however many bytes come
        self._disarm()
        self._phase = phase
        if phase is not _Phase.ANSWERING:
            self._timer = self.loop.call_later(phase.value, self._too_late)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._phase = None

    def _too_late(self) -> None:
        if self._phase is _Phase.HEADERS:
            self.counters.refused("slow-headers")
            if self.conn.trailing_data[0] and self.conn.our_state is h11.IDLE:
                self._answer(ServiceProblem("slow-headers", 408, CLOSE))
        if self._phase is _Phase.LEAVING:
            self.transport.abort()  # what a client does not take holds the connection open
        else:
            self.transport.close()
            self._enter(_Phase.LEAVING)

    def _make_room(self) -> None:
        """Let go of the connection that has waited longest without being answered; of this one where all are."""
        self.counters.refused("connections")
        waiting = [
            one for one in self.connections if isinstance(one, Connection) and one._only_waits and one is not self
        ]
        if waiting:
            min(waiting, key=lambda one: one._since).abort()
            return
        self._answer(ServiceProblem("too-many-connections", 503, {**RETRY, **CLOSE}))
        self.transport.close()
        self._enter(_Phase.LEAVING)

    @property
    def is_gone(self) -> bool:
        """Whether nothing more can be sent."""
        return self.transport.is_closing()

    @property
    def _is_answering(self) -> bool:
        cycle = getattr(self, "cycle", None)  # there is none before the first request
        return cycle is not None and not cycle.response_complete

    @property
    def _only_waits(self) -> bool:
        return self._phase is not _Phase.ANSWERING or self.waits_for_client


def connection_class(counters: Counters) -> type[Connection]:
    """The class of connections of one worker."""
    return type("WorkerConnection", (Connection,), {"counters": counters})
