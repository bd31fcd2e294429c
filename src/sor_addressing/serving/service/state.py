"""How the service does: whether it lives and is ready, how old its register is, and what it counts."""

from __future__ import annotations

import datetime as dt
from functools import cache

from starlette.requests import Request
from starlette.responses import Response

from sor_addressing.errors import error_document
from sor_addressing.serving.openapi import openapi
from sor_addressing.serving.service.guard import guarded
from sor_addressing.serving.service.problems import RETRY
from sor_addressing.serving.service.queries import asked
from sor_addressing.serving.service.registers import ServedDay
from sor_addressing.serving.service.responses import JSON, encoder, shape_of, tag_of, tagged
from sor_addressing.serving.service.routes import Service, named
from sor_addressing.serving.service.workshop import Workshop

PLAIN = "text/plain"
_METRICS = "text/plain; version=0.0.4; charset=utf-8"


class StateRoutes:
    """The routes for those who look after the service.

    Args:
        service: what all routes have.
        watch: a thread of their own to look at the store with: whoever asks whether a service lives does not queue behind its work.
    """

    def __init__(self, service: Service, watch: Workshop) -> None:
        self._service = service
        self._watch = watch

    @named("health")
    async def health(self, request: Request) -> Response:
        """Alive, where it answers at all; ready, where it has a register: 503 where it has none."""
        shape_of(request.scope, JSON)
        asked(request.scope, ())
        served = self._service.served.current
        standing = await self._watch.run(self._service.served.standing)
        error = self._service.served.error or standing.error
        language = guarded(request.scope).language
        answer = {
            "live": True,
            "ready": served is not None,
            **_of_register(served),
            "store": standing.document,
            "error": error_document(error, language) if error else None,
        }
        headers = {"Cache-Control": "no-store", **({} if served else RETRY)}
        return Response(encoder()(answer).encode(), 200 if served else 503, headers, JSON)

    @named("metrics")
    async def metrics(self, request: Request) -> Response:
        """What all workers counted, for Prometheus."""
        shape_of(request.scope, PLAIN)
        asked(request.scope, ())
        served = self._service.served.current
        counters = self._service.counters
        tell_register(counters_of=self._service, served=served)
        return Response(counters.text().encode(), 200, {"Cache-Control": "no-store"}, _METRICS)

    @named("openapi")
    async def openapi(self, request: Request) -> Response:
        """The description that clients are made of."""
        shape_of(request.scope, JSON)
        asked(request.scope, ())
        body = _description()
        return tagged(request.scope, body, tag_of(body), JSON)


@cache
def _description() -> bytes:
    return encoder()(openapi()).encode()


def tell_register(*, counters_of: Service, served: ServedDay | None) -> None:
    """Put into the metrics which day this worker serves."""
    counters_of.counters.gauge("ready", served is not None)
    if served is not None:
        day = dt.datetime.combine(served.register.snapshot_date, dt.time(), dt.UTC)
        counters_of.counters.gauge("register_timestamp", day.timestamp())


def _of_register(served: ServedDay | None) -> dict[str, object]:
    if served is None:
        return {"snapshot_date": None, "age_days": None, "made_up": None}
    return {**served.mark, "age_days": served.register.age_days}
