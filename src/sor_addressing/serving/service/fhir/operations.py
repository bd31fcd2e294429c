"""The routes under ``/fhir``: EAS's operations and the CapabilityStatement."""

from __future__ import annotations

from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sor_addressing._version import __version__
from sor_addressing.serving.eas import FOLLOWS, OPERATIONS
from sor_addressing.serving.service.fhir.parameters import PARAMETERS, arguments_of, methods_of, parameters_of
from sor_addressing.serving.service.guard import guarded
from sor_addressing.serving.service.negotiation import header_of
from sor_addressing.serving.service.problems import ServiceProblem
from sor_addressing.serving.service.queries import asked
from sor_addressing.serving.service.resources import Resource, fhir_shape, resource_in, written
from sor_addressing.serving.service.responses import refuse_encoded, tag_of, tagged
from sor_addressing.serving.service.routes import Service, named

_DEFINITIONS = "http://medcomehmi.dk/ig/eas/OperationDefinition/"
_DRAFTS = ("getReceivingOrganizationByMessageTypeAndPostalCode",)
_TYPE = "/fhir/Organization/"
_STATUS = {"not-found": 404, "invalid": 400, "processing": 503}


class FhirRoutes:
    """What an addressing service answers."""

    def __init__(self, service: Service) -> None:
        self._service = service

    @named("fhir")
    async def operation(self, request: Request) -> Response:
        """``POST /fhir/Organization/$code`` with a Parameters resource, or ``GET`` with texts in its query."""
        scope = request.scope
        name = scope["path"].removeprefix(f"{_TYPE}$")
        if name not in PARAMETERS:
            raise ServiceProblem("fhir-no-operation", 404, known=", ".join(f"${one}" for one in PARAMETERS))
        if scope["method"] == "GET" and "GET" not in methods_of(name):
            raise ServiceProblem("no-such-method", 405, {"Allow": "POST"}, allowed="POST")
        shape = fhir_shape(scope)
        if scope["method"] == "POST":
            asked(scope, ("_format",))
            resource = partial(resource_in, await _body(request), header_of(scope["headers"], b"content-type"))
        else:
            names = PARAMETERS[name].keys()
            query = asked(scope, {*names, "_format"}, names)
            query.pop("_format", None)
            resource = partial(parameters_of, query)
        served, language = self._service.today(), guarded(scope).language

        def answer() -> tuple[int, bytes]:
            arguments = arguments_of(name, resource())
            found = OPERATIONS[name](
                served.register, **arguments, policy=self._service.settings.policy, language=language
            )
            return _status_of(found), written(found, shape)

        status, written_answer = await self._service.workshop.run(answer)
        headers = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Language"}
        return Response(written_answer, status, headers, shape)

    @named("fhir-metadata")
    async def metadata(self, request: Request) -> Response:
        """``GET /fhir/metadata``: what is answered here."""
        shape = fhir_shape(request.scope)
        asked(request.scope, ("_format", "mode"))
        needs_token = bool(self._service.settings.tokens)
        body = written(capability_statement(needs_token=needs_token), shape)
        return tagged(request.scope, body, tag_of(body), shape)


def capability_statement(*, needs_token: bool) -> Resource:
    """What this addressing service can do, as FHIR has it."""
    operations = [
        {"name": name, "definition": f"{_DEFINITIONS}{name[0].upper()}{name[1:]}"}
        for name in OPERATIONS
        if name not in _DRAFTS
    ]
    security = {"security": {"description": "Authorization: Bearer"}} if needs_token else {}
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": "2026-04-16",
        "kind": "instance",
        "software": {"name": "sor-addressing", "version": __version__},
        "implementation": {"description": f"Addressing by a local register, after {FOLLOWS}"},
        "fhirVersion": "4.0.1",
        "format": ["json", "xml"],
        "rest": [{"mode": "server", **security, "resource": [{"type": "Organization", "operation": operations}]}],
    }


def fhir_routes(service: Service) -> list[Route]:
    """The routes under ``/fhir``."""
    routes = FhirRoutes(service)
    return [
        Route("/fhir/metadata", routes.metadata),
        *(Route(f"{_TYPE}${name}", routes.operation, methods=methods_of(name)) for name in PARAMETERS),
        Route(f"{_TYPE}${{operation}}", routes.operation, methods=["GET", "POST"]),  # tells which there are
    ]


async def _body(request: Request) -> bytes:
    refuse_encoded(request.scope)
    guarded(request.scope).refuse_large()
    body = await request.body()
    if not body:
        raise ServiceProblem("body-empty", 400)
    return body


def _status_of(resource: Resource) -> int:
    """The status of an answer: its first issue tells whether nothing was found, nothing could be meant, or the register is too old."""
    if resource["resourceType"] != "OperationOutcome":
        return 200
    return _STATUS.get(resource["issue"][0]["code"], 400)
