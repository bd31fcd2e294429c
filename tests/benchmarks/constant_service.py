"""The route of ``/validate`` with a constant for an answer, as anybody would write it: what the service is held against."""

from __future__ import annotations

import os
import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_ANSWER = os.environ.get("ANSWER", "{}").encode()


async def validate(_request: Request) -> Response:
    return Response(_ANSWER, media_type="application/json")


app = Starlette(routes=[Route("/validate/{id}/{message_type}", validate)])

if __name__ == "__main__":
    uvicorn.run(
        "tests.benchmarks.constant_service:app",
        port=int(sys.argv[1]),
        workers=2,
        log_level="error",
        http="h11",
        loop="asyncio",
    )
