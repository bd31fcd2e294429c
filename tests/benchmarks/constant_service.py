"""The route of ``/validate`` with a constant for an answer, as anybody would write it: what the service is held against."""

from __future__ import annotations

import os
import socket
import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from uvicorn.supervisors.multiprocess import Multiprocess

_ANSWER = os.environ.get("ANSWER", "{}").encode()


async def validate(_request: Request) -> Response:
    return Response(_ANSWER, media_type="application/json")


app = Starlette(routes=[Route("/validate/{id}/{message_type}", validate)])

if __name__ == "__main__":
    # uvicorn's own socket for several workers waits for acknowledgements of small answers; this one doesn't.
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.bind(("127.0.0.1", int(sys.argv[1])))
    name = "tests.benchmarks.constant_service:app"
    Multiprocess(uvicorn.Config(name, workers=2, log_level="error", http="h11", loop="asyncio"), [bound]).run()
