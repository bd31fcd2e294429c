"""Answers as they are sent: one document, its tag, and nothing where the client has it already."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import cache

from starlette.responses import Response
from starlette.types import Scope

from sor_addressing.cells.json_text import json_encoder
from sor_addressing.serving.service.negotiation import accepted, header_of
from sor_addressing.serving.service.problems import ServiceProblem
from sor_addressing.serving.service.registers import ServedDay

JSON = "application/json"
NDJSON = "application/x-ndjson"
_LONGEST_TAGS = 4_096


@cache
def encoder() -> Callable[[object], str]:
    """Plain types as one line of JSON."""
    return json_encoder(compact=True)


def shape_of(scope: Scope, *offers: str) -> str:
    """The media type of the answer.

    Raises:
        ServiceProblem: the client takes none of those on offer.
    """
    found = accepted(header_of(scope["headers"], b"accept"), offers)
    if found is None:
        raise ServiceProblem("not-acceptable", 406, offers=", ".join(offers), place="Accept")
    return found


def refuse_encoded(scope: Scope) -> None:
    """Refuse a body that is packed: what it would come to is not known.

    Raises:
        ServiceProblem: it is.
    """
    encoding = header_of(scope["headers"], b"content-encoding").strip().casefold()
    if encoding not in ("", "identity"):
        raise ServiceProblem("body-packed", 415)


def document(scope: Scope, answer: Mapping[str, object], served: ServedDay, tag: str) -> Response:
    """An answer of a register, with the register's mark, under the tag of before it was answered; 304 where the client has this very answer."""
    return tagged(scope, encoder()({**answer, **served.mark}).encode(), tag, JSON)


def tagged(scope: Scope, body: bytes, tag: str, shape: str) -> Response:
    """A body under a tag; it is sent only where the client does not have it. What was posted has no tag: nobody keeps its answer."""
    headers = {"Cache-Control": "no-store", "Vary": "Accept, Authorization"}
    if scope["method"] in ("GET", "HEAD"):
        headers = {**headers, "Cache-Control": "private, no-cache", "ETag": tag}
        if _has(scope, tag):
            return Response(status_code=304, headers=headers)
    return Response(body, 200, headers, shape)


def tag_of(body: bytes) -> str:
    """The tag of a body that hangs on nothing but itself."""
    return f'"{hashlib.blake2b(body, digest_size=8).hexdigest()}"'


def _has(scope: Scope, tag: str) -> bool:
    given = header_of(scope["headers"], b"if-none-match")[:_LONGEST_TAGS]
    if not given:
        return False
    return given.strip() == "*" or tag in (one.strip().removeprefix("W/") for one in given.split(","))
