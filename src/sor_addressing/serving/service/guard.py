"""What stands before every route: the token, the bounds on body, time and concurrency, and what is counted and logged of a request."""

from __future__ import annotations

import asyncio
import logging
import re
import string
import time
import traceback
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sor_addressing.errors import SorAddressingError, error_document
from sor_addressing.serving.service.counters import Counters
from sor_addressing.serving.service.negotiation import language_of
from sor_addressing.serving.service.problems import CLOSE, MEDIA_TYPE, RETRY, RefusedQuestion, ServiceProblem
from sor_addressing.serving.service.resources import JSON, PREFIX, fhir_shape, outcome_of, written
from sor_addressing.serving.service.settings import STREAM, ServiceSettings
from sor_addressing.serving.service.tokens import is_allowed

BODIES_HELD = 4
"""So many bodies of the largest size may be in memory at once, and so many streams in files."""

OPEN = ("/health",)
"""What may be asked without a token: who looks whether a service lives has none."""

WATCHING = ("/health", "/metrics")
"""What is answered however many are being answered: that is when it is asked."""

LONGEST_HEADERS = 16 * 1024
_LONGEST_PATH = 4_096
_VERSIONS = ("1.0", "1.1")
_ENCODED = re.compile("%([0-9A-Fa-f]{2})")
_STANDS_FOR_ITSELF = frozenset(string.ascii_letters + string.digits + "-._~$")
"""What means the same encoded or not (RFC 3986, 6.2.2.2), and the sign that FHIR's operations begin with, which some clients encode."""

_log = logging.getLogger("sor_addressing.service")
_requests = logging.getLogger("sor_addressing.service.requests")


class Guard:
    """An application around another.

    Args:
        app: the routes.
        settings: bounds and tokens.
        counters: of this worker.
    """

    def __init__(self, app: ASGIApp, settings: ServiceSettings, counters: Counters) -> None:
        self._app = app
        self.limits = settings.limits
        self._tokens = settings.tokens
        self._counters = counters
        self._logs = settings.log_requests
        self.running = 0
        self.spooled = 0
        self._holding: dict[GuardedRequest, None] = {}  # in the order in which their bodies began

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()
        request = GuardedRequest(self, scope, receive, send)
        self.count(+1)
        try:
            await self._answer(request)
        finally:
            self.count(-1)
            self._holding.pop(request, None)
            seconds = time.perf_counter() - begun
            route = getattr(scope.get("endpoint"), "route_name", "none")
            self._counters.request(route, request.status, seconds)
            if self._logs:
                method = scope["method"] if scope["method"] in ("GET", "HEAD", "POST") else "other"
                _requests.info("%s %s %d %.1f ms", method, route, request.status, seconds * 1000)

    def hold(self, request: GuardedRequest) -> bool:
        """Whether the body of a request may be held in memory; where there are too many, the oldest that still comes makes room."""
        self._holding[request] = None
        while sum(one.held for one in self._holding) > self.limits.body_bytes * BODIES_HELD:
            oldest = next((one for one in self._holding if one.waits and one is not request), None)
            if oldest is None:
                return False
            self._counters.refused("slow-bodies")
            del self._holding[oldest]
            oldest.abort()
        return True

    def count(self, change: int) -> None:
        """A request more that runs, or one less."""
        self.running += change
        self._counters.gauge("running", self.running)

    async def _answer(self, request: GuardedRequest) -> None:
        try:
            self._check(request)
            deadline = asyncio.timeout(self.limits.seconds)
            request.deadline = deadline
            try:
                async with deadline:
                    await self._app(request.scope, request.receive, request.send)
            except TimeoutError:
                self._too_late(request)
        except ServiceProblem as problem:
            await request.refuse(problem)
        except HTTPException as error:
            await request.refuse(_of_routing(error))
        except SorAddressingError as error:
            await request.refuse(RefusedQuestion(error_document(error, request.language)))
        except ClientDisconnect:
            request.status = request.status or 499
        except asyncio.CancelledError:  # the service ends, and this took too long for it
            request.abort()
        except Exception as error:  # noqa: BLE001 (whatever goes wrong is an answer, and of a request nothing is logged)
            _log.error("a request was not answered: %s\n%s", type(error).__name__, _frames(error))
            await request.refuse(ServiceProblem("failed", 500))

    def _check(self, request: GuardedRequest) -> None:
        """Refuse what is not to be answered at all.

        Raises:
            ServiceProblem: it is.
        """
        scope = request.scope
        raw: bytes = scope.get("raw_path") or scope["path"].encode()
        # Routes are told apart by the path as it was sent: what is encoded in an identifier is no part of the way.
        path = _ENCODED.sub(_decoded, raw.decode("latin-1"))
        if "://" in path[:8] and not path.startswith("/"):
            path = "/" + path.partition("://")[2].partition("/")[2]
        scope["path"] = path
        if self._tokens and path not in OPEN and not is_allowed(scope["headers"], self._tokens):
            raise ServiceProblem("no-token", 401, {"WWW-Authenticate": 'Bearer realm="sor-addressing"'})
        if len(raw) > _LONGEST_PATH:
            raise ServiceProblem("path-too-long", 414, most=_LONGEST_PATH)
        if self.running > self.limits.requests and path not in WATCHING:
            self._counters.refused("too-many-requests")
            raise ServiceProblem("too-many-requests", 503, RETRY)
        names, size = set(), 0
        for name, value in scope["headers"]:
            names.add(name)
            size += len(name) + len(value)
        # The parser itself bounds only what does not come in one piece.
        if size > LONGEST_HEADERS:
            raise ServiceProblem("headers-too-large", 431, CLOSE, most=LONGEST_HEADERS)
        if {b"content-length", b"transfer-encoding"} <= names or scope["http_version"] not in _VERSIONS:
            raise ServiceProblem("broken-http", 400, CLOSE)

    def _too_late(self, request: GuardedRequest) -> None:
        """The time is over: what could be answered is; where an answer was on its way to a client that doesn't take it, the connection ends.

        Raises:
            ServiceProblem: nothing was sent yet.
        """
        if request.status:
            self._counters.refused("too-late")
            request.abort()
        elif request.waits:
            self._counters.refused("slow-bodies")
            raise ServiceProblem("slow-body", 408, CLOSE)
        else:
            self._counters.refused("too-late")
            raise ServiceProblem("too-late", 503, RETRY)


class GuardedRequest:
    """One request: what comes is counted, and while it waits for its client it is not among those that run.

    Attributes:
        status: what was answered; 0 as long as nothing was.
        waits: whether it waits for more of its body.
        held: bytes of the body that are in memory.
    """

    __slots__ = (
        "_connection",
        "_guard",
        "_left",
        "_most",
        "_pauses",
        "_receive",
        "_send",
        "_stall",
        "deadline",
        "held",
        "scope",
        "status",
        "waits",
    )

    def __init__(self, guard: Guard, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope = scope
        self.status = 0
        self.waits = False
        self.held = 0
        self.deadline: asyncio.Timeout | None = None
        self._guard = guard
        self._left = self._most = guard.limits.body_bytes
        self._pauses = 0
        self._stall: float | None = None
        self._receive = receive
        self._send = send
        state: dict[str, Any] = scope.setdefault("state", {})
        self._connection = state.get("connection")
        state["guarded"] = self

    @property
    def language(self) -> str:
        return language_of(self.scope["headers"])

    def stream(self) -> None:
        """From here on the body goes by without being held: it may be longer and take longer, but its client may not stall.

        Raises:
            ServiceProblem: it says itself that it is too large even so.
        """
        self._left += self._most * (STREAM - 1)
        self._most *= STREAM
        self._stall = self._guard.limits.seconds
        if self.deadline is not None:
            self.deadline.reschedule(asyncio.get_running_loop().time() + self._stall * STREAM)
        self.refuse_large()

    def refuse_large(self) -> None:
        """Refuse a body that says itself that it is too large.

        Raises:
            ServiceProblem: it is.
        """
        for name, value in self.scope["headers"]:
            if name == b"content-length" and value.isdigit() and int(value[:20]) > self._most:
                raise ServiceProblem("too-large", 413, most=self._most)

    async def receive(self) -> Message:
        self.waits = True  # and goes on doing so where it ends here: who tells why looks at that
        if self._stall is None:
            self.pause()
            try:
                message = await self._receive()
            finally:
                self.go_on()
        else:  # read ahead while it is answered: :meth:`more` tells when it waits
            message = await self._receive()
        self.waits = False
        size = len(message.get("body", b""))
        self._left -= size
        if self._left < 0:
            raise ServiceProblem("too-large", 413, most=self._most)
        if size and self._stall is None:
            self._hold(size)
        return message

    async def more(self, changed: asyncio.Event) -> None:
        """Wait until more of a stream has come.

        Raises:
            TimeoutError: its client stalls.
        """
        self.pause()
        try:
            async with asyncio.timeout(self._stall):
                await changed.wait()
        finally:
            self.go_on()

    @property
    def may_spool(self) -> bool:
        """Whether more of streams may be put into files."""
        return self._guard.spooled < self._guard.limits.body_bytes * STREAM * BODIES_HELD

    def spool(self, change: int) -> None:
        """So many bytes of a stream more in a file, or less."""
        self._guard.spooled += change

    @property
    def is_left(self) -> bool:
        """Whether the client is there no more."""
        return self._connection is not None and self._connection.is_gone

    def _hold(self, size: int) -> None:
        self.held += size
        if not self._guard.hold(self):
            raise ServiceProblem("too-many-requests", 503, RETRY)

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        self.pause()
        try:
            if self._stall is None:
                await self._send(message)
            else:
                async with asyncio.timeout(self._stall):
                    await self._send(message)
        finally:
            self.go_on()

    def pause(self) -> None:
        """While it waits for its client, it is not among those that run; and where connections run out, it is one to go."""
        self._pauses += 1  # a stream may wait for both: for more of its body, and for its answer to be taken
        if self._pauses > 1:
            return
        self._guard.count(-1)
        if self._connection is not None:
            self._connection.waits_for_client = True

    def go_on(self) -> None:
        """It waits no more."""
        self._pauses -= 1
        if self._pauses:
            return
        self._guard.count(+1)
        if self._connection is not None:
            self._connection.waits_for_client = False

    def abort(self) -> None:
        """End the connection at once."""
        if self._connection is not None:
            self._connection.abort()

    async def refuse(self, problem: ServiceProblem) -> None:
        """Send a problem; where something was sent already, the connection ends, so that nobody takes the half for the whole."""
        if self.status:
            self.abort()
            return
        language = self.language
        shape, body = self._told(problem, language)
        headers = {
            "Content-Type": shape,
            "Content-Length": str(len(body)),
            "Content-Language": language,
            "Vary": "Accept, Accept-Language",
            "Cache-Control": "no-store",
            **problem.headers,
        }
        pairs = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
        await self.send({"type": "http.response.start", "status": problem.status, "headers": pairs})
        await self.send({"type": "http.response.body", "body": body})

    def _told(self, problem: ServiceProblem, language: str) -> tuple[str, bytes]:
        """A problem in the shape that the client reads: below ``/fhir`` an OperationOutcome."""
        if not self.scope["path"].startswith(f"{PREFIX}/"):
            return MEDIA_TYPE, problem.body(language)
        try:
            shape = fhir_shape(self.scope)
        except ServiceProblem:
            shape = JSON
        return shape, written(outcome_of(problem, language), shape)


def guarded(scope: Scope) -> GuardedRequest:
    """The guarded request of a scope."""
    found: GuardedRequest = scope["state"]["guarded"]
    return found


def _of_routing(error: HTTPException) -> ServiceProblem:
    """That there is no such way, or no such method on it."""
    if error.status_code == 405:
        allowed = ", ".join(sorted((error.headers or {}).get("Allow", "").split(", ")))
        return ServiceProblem("no-such-method", 405, {"Allow": allowed}, allowed=allowed)
    return ServiceProblem("no-such-route", 404)


def _decoded(found: re.Match[str]) -> str:
    sign = chr(int(found[1], 16))
    return sign if sign in _STANDS_FOR_ITSELF else found[0]


def _frames(error: BaseException) -> str:
    """Where it happened, without what was said: that may be somebody's."""
    return "\n".join(
        f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
    )
