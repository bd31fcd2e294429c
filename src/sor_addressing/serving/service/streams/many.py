"""``POST /validate``: many questions in one request, answered in their order, as they come."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from sor_addressing.errors import QuestionError, error_document
from sor_addressing.register.inside import clock_of
from sor_addressing.serving.questions import ASKS, answer_question
from sor_addressing.serving.service.guard import GuardedRequest, guarded
from sor_addressing.serving.service.negotiation import header_of
from sor_addressing.serving.service.problems import ServiceProblem
from sor_addressing.serving.service.queries import asked, wanted_names
from sor_addressing.serving.service.registers import ServedDay
from sor_addressing.serving.service.remembered import ToldAnswer
from sor_addressing.serving.service.responses import JSON, NDJSON, encoder, refuse_encoded, shape_of
from sor_addressing.serving.service.routes import Service, named
from sor_addressing.serving.service.rows import Row, RowSplitter, value_of
from sor_addressing.serving.service.streams.ahead import ReadAhead
from sor_addressing.tables.answers import VERDICT_COLUMNS, cells_of
from sor_addressing.written_data.json_texts import JsonFault

_JSON_TYPES = ("application/json",)
_LINE_TYPES = (
    "application/x-ndjson",
    "application/ndjson",
    "application/jsonl",
    "application/x-jsonlines",
    "application/json-lines",
)
_SLICE_SECONDS = 0.003
_TURNS = 5
"""Of the event loop between two slices: a request of somebody else is accepted, read, answered and sent in so many."""
_LONGEST_AT_ONCE = 8 * 1024
"""Of a row that is answered on the event loop: what takes its time is done in a thread, as everywhere."""


class ManyRoutes:
    """The route for many questions."""

    def __init__(self, service: Service) -> None:
        self._service = service

    @named("validate-many")
    async def validate(self, request: Request) -> Response:
        """Whether message types may be sent to recipients: a row out for each row in."""
        scope = request.scope
        kind = header_of(scope["headers"], b"content-type").partition(";")[0].strip().casefold()
        is_json = kind in _JSON_TYPES
        # Generated clients name all that the description has, and can read a list alone.
        wants_list = is_json and JSON in header_of(scope["headers"], b"accept").casefold()
        shape = shape_of(scope, *((JSON, NDJSON) if wants_list else (NDJSON, JSON)))
        refuse_encoded(scope)
        if kind not in ("", *_JSON_TYPES, *_LINE_TYPES):
            raise ServiceProblem("not-supported", 415, offers=", ".join((*_JSON_TYPES, *_LINE_TYPES)))
        names = wanted_names(ASKS["validate"][0], "id", "message_type")
        given = asked(scope, {*names, "short"})
        is_short = bool(given.pop("short", False))
        served = self._service.today()
        if given:  # what is wrong for every row is said once
            self._service.answer(request, {"ask": "validate", **given}, served)
        guarded(scope).stream()
        rows = RowAnswers(self._service, served, given, guarded(scope).language, is_short=is_short)
        return _Streamed(RowSplitter(is_json=is_json), rows, shape)


class RowAnswers:
    """Answers rows from one register.

    Args:
        service: what all routes have.
        served: the register of the moment the request began; all rows are answered from it, and of that day.
        given: what holds of all rows that do not say it themselves.
        language: of errors.
        is_short: whether a row is answered as ``validate-file`` writes it, by columns.
    """

    def __init__(
        self, service: Service, served: ServedDay, given: dict[str, object], language: str, *, is_short: bool
    ) -> None:
        self._service = service
        self._served = served
        self._given = given
        self._language = language
        self._is_short = is_short
        self._encode = encoder()
        self._number = 0
        self._day = clock_of(served.register)()
        self._way = repr((is_short, self._day, given))  # a text knows its hash
        mark = encoder()(served.mark)
        self._end = f",{mark[1:]}\n".encode()

    def take_up(self) -> None:
        """Before rows that are answered without others in between."""
        self._service.remembered.take_up(self._served)

    async def of(self, row: Row) -> bytes:
        """A row's answer, or that it can't be read, with its end."""
        self._number += row.blank
        if len(row.data) > _LONGEST_AT_ONCE:
            return await self._in_a_thread(row)
        return self.fault(row.fault) if row.fault else self.answer(row.data)

    async def _in_a_thread(self, row: Row) -> bytes:
        self._number += 1
        answered = await self._service.workshop.run(partial(self._answered, row.data), always=True)
        self._service.counters.outcome(answered.outcome)
        self.take_up()
        return answered.data

    def answer(self, row: bytes) -> bytes:
        """A row's answer, with its end."""
        self._number += 1
        remembered, key = self._service.remembered, (self._way, row)
        found = remembered.get(key)
        if found is None:
            found = self._answered(row)
            if found.outcome != ERROR:  # which tells its line
                remembered.keep(key, found)
        self._service.counters.outcome(found.outcome)
        return found.data

    def fault(self, reason: str) -> bytes:
        """A row that can't be read."""
        self._number += 1
        self._service.counters.outcome(ERROR)
        return self._refused(reason).data

    def broken_off(self, problem: ServiceProblem) -> bytes:
        """Why no more rows are answered."""
        self._number += 1
        self._service.counters.outcome(ERROR)
        error = {"code": problem.code, "text": problem.detail(self._language), "file": None, "line": self._number}
        return self._encode({"error": error}).encode() + b"\n"

    def _refused(self, reason: str) -> ToldAnswer:
        error = error_document(QuestionError(reason, line=self._number), self._language)
        return ToldAnswer(ERROR, self._encode({"error": error}).encode() + b"\n")

    def _answered(self, row: bytes) -> ToldAnswer:
        question = value_of(row)
        if isinstance(question, JsonFault):
            return self._refused(question.reason)
        if isinstance(question, dict):
            # A key that is null is one that is not there: so do serializers write an object that leaves it open.
            said = {key: value for key, value in question.items() if value is not None or key == "ref"}
            question = {"ask": "validate", **self._given, **said}
            if question["ask"] != "validate":
                return self._refused("only validate can be asked here; leave ask out")
        if self._is_short and isinstance(question, dict) and question.keys() <= _PLAIN:
            quick = self._quick(question)
            if quick is not None:
                return quick
        answer = answer_question(
            self._served.register,
            question,
            policy=self._service.settings.policy,
            language=self._language,
            on=self._day,
            short=self._is_short,
        )
        if "error" in answer:
            error: Any = answer["error"]
            answer["error"] = {**error, "line": self._number}
            return ToldAnswer(ERROR, self._encode(answer).encode() + b"\n")
        return self._told(answer)

    def _quick(self, question: dict[str, Any]) -> ToldAnswer | None:
        """The columns of a question that has nothing out of the ordinary; None where it has."""
        identifier, message_type = question.get("id"), question.get("message_type")
        if not (isinstance(identifier, str) and isinstance(message_type, str)):
            return None
        register, policy = self._served.register, self._service.settings.policy
        verdict = register.validate(identifier, message_type, on=self._day, policy=policy)
        cells = dict(zip(_COLUMNS, cells_of(verdict), strict=True))
        return self._told({**cells, "ref": question["ref"]} if "ref" in question else cells)

    def _told(self, answer: dict[str, object]) -> ToldAnswer:
        return ToldAnswer(str(answer["outcome"]), self._encode(answer)[:-1].encode() + self._end)


ERROR = "error"
_COLUMNS = tuple(name for name, _ in VERDICT_COLUMNS)
_PLAIN = {"ask", "id", "message_type", "ref"}


class _Streamed(Response):
    """Rows out as rows come in, as lines or as one list. Of an answer that is broken off the list has no end."""

    def __init__(self, splitter: RowSplitter, rows: RowAnswers, shape: str) -> None:
        super().__init__(status_code=200, headers={"Cache-Control": "no-store", "Vary": "Accept"}, media_type=shape)
        del self.headers["content-length"]
        self._splitter = splitter
        self._rows = rows
        self._between, self._end = (b",", b"]") if shape == JSON else (b"", b"")
        self._before = b"[" if shape == JSON else b""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 (the guard has both)
        request: GuardedRequest = guarded(scope)
        ahead = ReadAhead(request)
        try:
            await ahead.send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await self._all(ahead)
        finally:
            ahead.close()

    async def _all(self, ahead: ReadAhead) -> None:
        out: list[bytes] = []
        due = time.perf_counter() + _SLICE_SECONDS
        try:
            async for piece in ahead.pieces():
                self._rows.take_up()
                for row in self._splitter.feed(piece):
                    out.append(await self._rows.of(row))
                    if time.perf_counter() > due:
                        await self._send(ahead, out)
                        self._rows.take_up()
                        due = time.perf_counter() + _SLICE_SECONDS
                if not piece:  # nothing more is there: whoever waits for an answer before asking on has it now
                    await self._send(ahead, out)
        except ServiceProblem as problem:
            out.append(self._rows.broken_off(problem))
            await self._send(ahead, out)
            raise
        self._rows.take_up()
        for row in self._splitter.end():
            out.append(await self._rows.of(row))
        body = self._joined(out) if out or self._before != self._between else b""
        await ahead.send({"type": "http.response.body", "body": body + self._end, "more_body": False})

    async def _send(self, ahead: ReadAhead, out: list[bytes]) -> None:
        if out:
            await ahead.send({"type": "http.response.body", "body": self._joined(out), "more_body": True})
            out.clear()
            for _ in range(_TURNS):
                await asyncio.sleep(0)

    def _joined(self, out: list[bytes]) -> bytes:
        before, self._before = self._before, self._between
        return before + self._between.join(out)
