"""A web service that asks before it sends: a FastAPI dependency with ``LiveRegister``.

    uvicorn --factory fastapi_service:create_app

Every worker process maps the same compiled register into memory, looks for a newer one once a minute, and swaps it between two requests.
Those who need no rules of their own run ``sor-addressing serve``. A scheduled ``sor-addressing update`` fills the store; the service
itself never goes to the network. Run as a program, it asks itself a few questions on a made-up register.
"""

# needs fastapi
# needs httpx2

from __future__ import annotations

import contextlib
import datetime as dt
import pathlib
import tempfile
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request

from sor_addressing import LiveRegister, Register, RegisterStore, SorAddressingError, Verdict
from sor_addressing.daily import FolderOrigin
from sor_addressing.testing import sample_extract


def live_register(request: Request) -> Register:
    """The register of now. A request takes it once and asks it as often as it likes: all its answers are from one day."""
    live: LiveRegister = request.app.state.live
    return live.current


Today = Annotated[Register, Depends(live_register)]


def deliverable(recipient: str, message_type: str, register: Today) -> Verdict:
    """A dependency for routes that send: the verdict, or status 422 with the reasons for people and for programs."""
    verdict = register.validate(recipient, message_type)
    if not verdict.deliverable:
        reasons = [finding.code for finding in verdict.findings]
        raise HTTPException(422, {"text": verdict.explain("en"), "reasons": reasons})
    return verdict


def create_app(store: RegisterStore | None = None, *, poll_seconds: float | None = 60) -> FastAPI:
    """The service, on the store of this machine unless another is given."""

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        # Made here and not at import, so that each worker process has its own thread that looks for a newer day.
        with LiveRegister(store or RegisterStore(), poll_seconds=poll_seconds) as live:
            app.state.live = live
            yield

    app = FastAPI(title="May this letter leave?", lifespan=lifespan)

    @app.get("/recipients/{recipient}/may-receive/{message_type}")
    def may_receive(recipient: str, message_type: str, register: Today) -> dict[str, object]:
        return register.validate(recipient, message_type).to_dict()

    @app.post("/letters")
    def send(verdict: Annotated[Verdict, Depends(deliverable)]) -> dict[str, object]:
        # Here the letter would be handed on, in the format that was found right and to the number that was found.
        return {"send_as": str(verdict.send_as), "to": verdict.resolution.unwrap().location_number}

    @app.get("/health")
    def health(request: Request, register: Today) -> dict[str, object]:
        live: LiveRegister = request.app.state.live
        error = live.last_error
        return {
            "snapshot_date": register.snapshot_date.isoformat(),
            "age_days": register.age_days,
            "error": str(error) if isinstance(error, SorAddressingError) else None,
        }

    return app


def made_up_store(folder: pathlib.Path) -> RegisterStore:
    """A store with the sample register in it, on a day when that is fresh."""
    sample_extract().write(folder / "mirror")
    day = dt.date(2026, 1, 15)
    store = RegisterStore(folder / "store", origin=FolderOrigin(folder / "mirror"), clock=lambda: day)
    store.update()
    return store


def main() -> None:
    from fastapi.testclient import TestClient

    with tempfile.TemporaryDirectory() as name:
        app = create_app(made_up_store(pathlib.Path(name)), poll_seconds=None)
        with TestClient(app) as client:
            print("health:", client.get("/health").json())
            print("asked:", client.get("/recipients/990001/may-receive/DIS91").json()["outcome"])
            for wanted in ("DIS91", "XDIS91"):
                answer = client.post("/letters", params={"recipient": "990001", "message_type": wanted})
                print(f"sending {wanted}:", answer.status_code, answer.json())


if __name__ == "__main__":
    main()
