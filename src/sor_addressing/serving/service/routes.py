"""The ways of the service, and what each asks: a question of JSON, answered in the one room for them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sor_addressing.addressing.inside import candidate_rows
from sor_addressing.errors import QuestionError
from sor_addressing.field_names import LISTED_FILTERS
from sor_addressing.serving.questions import ASKS, answer_question, day_in
from sor_addressing.serving.service.counters import Counters
from sor_addressing.serving.service.guard import guarded
from sor_addressing.serving.service.problems import RETRY, RefusedQuestion, ServiceProblem
from sor_addressing.serving.service.queries import asked, path_text, wanted_names
from sor_addressing.serving.service.registers import ServedDay, ServedRegister
from sor_addressing.serving.service.remembered import Remembered, ToldAnswer
from sor_addressing.serving.service.responses import JSON, document, encoder, refuse_encoded, shape_of, tagged
from sor_addressing.serving.service.settings import ServiceSettings
from sor_addressing.serving.service.workshop import Workshop
from sor_addressing.written_data.tables import WrittenTable

_FEW = 12
Endpoint = Callable[..., Awaitable[Response]]
Named = TypeVar("Named", bound=Endpoint)


def named(name: str) -> Callable[[Named], Named]:
    """Gives an endpoint the name that logs and metrics have of it."""

    def give(endpoint: Named) -> Named:
        vars(endpoint)["route_name"] = name
        return endpoint

    return give


class Service:
    """What the routes of one worker have in common.

    Args:
        settings: how the service was started.
        served: the register.
        counters: of this worker.
        workshop: for what takes its time.
    """

    def __init__(
        self, settings: ServiceSettings, served: ServedRegister, counters: Counters, workshop: Workshop
    ) -> None:
        self.settings = settings
        self.served = served
        self.counters = counters
        self.workshop = workshop
        self.remembered = Remembered()

    def today(self) -> ServedDay:
        """The register of now; a request takes it once, so that its whole answer is of one day.

        Raises:
            ServiceProblem: there is none yet.
        """
        served = self.served.current
        if served is None:
            raise ServiceProblem("no-register", 503, RETRY)
        return served

    def answer(self, request: Request, question: dict[str, object], served: ServedDay) -> dict[str, object]:
        """The answer to a question.

        Raises:
            ServiceProblem: it can't be answered.
        """
        language = guarded(request.scope).language
        answer = answer_question(served.register, question, policy=self.settings.policy, language=language)
        error = answer.get("error")
        if isinstance(error, dict):
            raise RefusedQuestion(error)
        return answer


class QuestionRoutes:
    """The routes that answer one question with one document."""

    def __init__(self, service: Service) -> None:
        self._service = service

    @named("resolve")
    async def resolve(self, request: Request) -> Response:
        """Who an identifier means."""
        return await self._at_once(request, "resolve", id=path_text(request.scope, "id"))

    @named("validate")
    async def validate(self, request: Request) -> Response:
        """Whether a message type may be sent to a recipient."""
        scope = request.scope
        return await self._at_once(
            request, "validate", id=path_text(scope, "id"), message_type=path_text(scope, "message_type")
        )

    @named("units")
    async def unit(self, request: Request) -> Response:
        """Everything known of a unit."""
        return await self._at_once(request, "unit", id=path_text(request.scope, "sor_code"))

    @named("search")
    async def search(self, request: Request) -> Response:
        """Units by what people call them."""
        return await self._in_a_thread(request, "search")

    @named("find")
    async def find(self, request: Request) -> Response:
        """Recipients by rule."""
        return await self._in_a_thread(request, "find")

    @named("letters")
    async def letters(self, request: Request) -> Response:
        """Whether the letters in a message file will arrive."""
        scope = request.scope
        shape_of(scope, JSON)
        refuse_encoded(scope)
        day = day_in(WrittenTable(asked(scope, ("on",)), "", QuestionError))
        guarded(scope).refuse_large()
        letter = await request.body()
        if not letter:
            raise ServiceProblem("body-empty", 400)
        served = self._service.today()

        policy = self._service.settings.policy
        reports = await self._service.workshop.run(
            partial(served.register.validate_message, letter, on=day, policy=policy)
        )
        for report in reports:
            for verdict in report.verdicts:
                self._service.counters.outcome(str(verdict.outcome))
        return document(scope, {"letters": [report.to_dict() for report in reports]}, served, served.etag(JSON))

    def _question(self, request: Request, ask: str, given: dict[str, object]) -> dict[str, object]:
        shape_of(request.scope, JSON)
        several = LISTED_FILTERS if ask in ("find", "search") else ()
        names = wanted_names(ASKS[ask][0], *given)
        return {"ask": ask, **asked(request.scope, names, several), **given}

    async def _at_once(self, request: Request, ask: str, **given: object) -> Response:
        """Answered on the event loop, mostly: it takes less time than handing it to a thread."""
        service, scope = self._service, request.scope
        shape_of(scope, JSON)
        served = service.today()
        # Paths have no question mark that is not encoded.
        key = ask, scope["path"].encode("latin-1") + b"?" + scope["query_string"]
        tag = served.etag(
            JSON
        )  # before it is answered: what was answered before midnight is not to have the tag of the day after
        service.remembered.take_up(served)
        told = service.remembered.get(key)
        if told is None:
            question = self._question(request, ask, given)
            # Each candidate is told in full; of a number that hundreds inherit that takes its time.
            if len(candidate_rows(served.register.resolve(str(given["id"])))) > _FEW:
                answer = await service.workshop.run(partial(service.answer, request, question, served))
            else:
                answer = service.answer(request, question, served)
            told = ToldAnswer(str(answer.get("outcome", "")), encoder()({**answer, **served.mark}).encode())
            service.remembered.take_up(served)  # others may have been answered meanwhile
            if served.etag(JSON) == tag:
                service.remembered.keep(key, told)
        service.counters.outcome(told.outcome)
        return tagged(scope, told.data, tag, JSON)

    async def _in_a_thread(self, request: Request, ask: str) -> Response:
        question = self._question(request, ask, {})
        served = self._service.today()
        tag = served.etag(JSON)
        answer = await self._service.workshop.run(partial(self._service.answer, request, question, served))
        return document(request.scope, answer, served, tag)


def routes_of(service: Service) -> list[Route]:
    """Every way of the service."""
    questions = QuestionRoutes(service)
    return [
        Route("/resolve/{id}", questions.resolve),
        Route("/validate/{id}/{message_type}", questions.validate),
        Route("/units/{sor_code}", questions.unit),
        Route("/search", questions.search),
        Route("/find", questions.find),
        Route("/letters", questions.letters, methods=["POST"]),
    ]
