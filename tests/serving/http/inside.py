"""An application of the service asked within this process, where a test has to hold something up or turn a clock."""

from __future__ import annotations

from typing import Any

from tests.serving.http.running import Answer

from sor_addressing.serving.service.app import Application
from sor_addressing.serving.service.counters import SIZE, Counters
from sor_addressing.serving.service.settings import RegisterSource, ServiceSettings


def application(**settings: Any) -> Application:
    return Application(ServiceSettings(RegisterSource(sample=True), **settings), Counters([0.0] * SIZE, 0))


async def ask(asked: Application, path: str, **headers: str) -> Answer:
    """What it answers to a GET."""
    sent: list[dict[str, Any]] = []
    path, _, query = path.partition("?")

    async def nothing() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    await asked(scope, nothing, send)  # type: ignore[arg-type]
    told = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], told, b"".join(message.get("body", b"") for message in sent))
