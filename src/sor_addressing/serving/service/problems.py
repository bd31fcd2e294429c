"""Errors as problem details (RFC 9457), in the language asked for, with the library's codes."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sor_addressing.hiding import hide
from sor_addressing.texts import text_of

MEDIA_TYPE = "application/problem+json"
_TYPE = "urn:sor-addressing:problem:"

# What a client may do about an error of the library; what is not here is 400: the question can't mean anything.
_STATUS = {
    "unknown-recipient": 404,
    "ambiguous-recipient": 409,
    "letter-error": 422,
    "store-error": 503,
    "snapshot-error": 503,
    "extract-error": 503,
}

RETRY = {"Retry-After": "1"}
CLOSE = {"Connection": "close"}


class ServiceProblem(Exception):
    """Why a request is not answered: a stable code, a status, and what its text speaks of."""

    def __init__(self, code: str, status: int, headers: Mapping[str, str] | None = None, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.headers = dict(headers or {})
        self._values = values

    def detail(self, language: str) -> str:
        """What is wrong, and what to do."""
        return text_of("serving", self.code, language, self._values)

    def to_dict(self, language: str) -> dict[str, object]:
        """The members of a problem document."""
        return {
            "type": f"{_TYPE}{self.code}",
            "title": text_of("serving", f"{self.code}.title", language, {}),
            "status": self.status,
            "code": self.code,
            "detail": hide(self.detail(language)),
        }

    def body(self, language: str) -> bytes:
        """The document, as it is sent."""
        return json.dumps(self.to_dict(language), ensure_ascii=False).encode(errors="backslashreplace")


class RefusedQuestion(ServiceProblem):
    """An error of the library, which tells its own text."""

    def __init__(self, error: Mapping[str, object]) -> None:
        code = str(error["code"])
        status = _STATUS.get(code, 400)
        super().__init__(code, status, RETRY if status == 503 else None)
        self._error = error

    def to_dict(self, language: str) -> dict[str, object]:
        error = self._error
        return {
            "type": f"{_TYPE}{self.code}",
            "title": text_of("serving", "refused.title", language, {}),
            "status": self.status,
            "code": self.code,
            "detail": hide(str(error["text"])),
            "line": error.get("line"),
        }
