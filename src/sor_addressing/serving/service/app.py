"""The application of one worker: its routes behind the guard."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

from starlette.routing import Route, Router
from starlette.types import Receive, Scope, Send

from sor_addressing.serving.service.counters import Counters
from sor_addressing.serving.service.fhir.operations import fhir_routes
from sor_addressing.serving.service.guard import Guard
from sor_addressing.serving.service.registers import ServedRegister
from sor_addressing.serving.service.routes import Service, routes_of
from sor_addressing.serving.service.settings import ServiceSettings
from sor_addressing.serving.service.state import StateRoutes, tell_register
from sor_addressing.serving.service.streams.many import ManyRoutes
from sor_addressing.serving.service.workshop import Workshop

_TELL_SECONDS = 5.0


class Application:
    """What uvicorn runs.

    Args:
        settings: how the service was started.
        counters: of this worker.
        started: called once the register is there, or known to be missing.
    """

    def __init__(
        self, settings: ServiceSettings, counters: Counters, started: Callable[[], object] = lambda: None
    ) -> None:
        self._counters = counters
        self._started = started
        self._workshop = Workshop()
        self._watch = Workshop(1)
        self._served = ServedRegister(settings.source, settings.policy)
        self._service = Service(settings, self._served, counters, self._workshop)
        self.routes = self._routes()
        self._router = Router(self.routes, redirect_slashes=False, lifespan=self._lifespan)
        self._guard = Guard(self._router, settings, counters)

    def _routes(self) -> list[Route]:
        state = StateRoutes(self._service, self._watch)
        return [
            *routes_of(self._service),
            Route("/validate", ManyRoutes(self._service).validate, methods=["POST"]),
            *fhir_routes(self._service),
            Route("/health", state.health),
            Route("/metrics", state.metrics),
            Route("/openapi.json", state.openapi),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["app"] = self  # so that what is no route is told by an exception
        await self._guard(scope, receive, send)

    @contextlib.asynccontextmanager
    async def _lifespan(self, _app: object) -> AsyncIterator[None]:
        telling = asyncio.create_task(self._tell())
        self._counters.gauge("up", 1)
        self._started()
        try:
            yield
        finally:
            telling.cancel()
            self._workshop.close()
            self._watch.close()
            self._served.close()
            self._counters.forget_gauges()

    async def _tell(self) -> None:
        """Keep the metrics of this worker true, also where it is asked for nothing."""
        while True:
            tell_register(counters_of=self._service, served=self._served.current)
            await asyncio.sleep(_TELL_SECONDS)
