"""The whole service as OpenAPI 3.1: the routes in one table, the answers from :mod:`sor_addressing.serving.schemas`.

>>> openapi()["paths"]["/resolve/{id}"]["get"]["responses"]["200"]["content"]
{'application/json': {'schema': {'$ref': '#/components/schemas/ResolveReply'}}}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sor_addressing._version import __version__
from sor_addressing.field_names import FILTERS
from sor_addressing.serving.questions import MOST_RESULTS
from sor_addressing.serving.schemas import definitions, reached, schema_names

__all__ = ["ROUTES", "ServiceRoute", "openapi"]

Document = dict[str, Any]

JSON, NDJSON, PROBLEM = "application/json", "application/x-ndjson", "application/problem+json"
FHIR = "EHMI addressing service"
"""The group of what EAS answers, whose problems are OperationOutcomes."""
FHIR_JSON, FHIR_XML = "application/fhir+json", "application/fhir+xml"
_COMPONENTS = "#/components/schemas/"


class ServiceRoute(NamedTuple):
    """A way of the service: what it takes and what it gives.

    Attributes:
        method: ``get`` or ``post``.
        path: with the names of its parts in braces.
        name: that of the operation, and of the function that a generated client has for it.
        about: what it answers, in a line.
        group: where it stands in pages that list operations.
        query: names of the parameters it may have behind the question mark, each a row of the table of parameters.
        bodies: the body, as a media type and what of; a ``POST`` has one.
        replies: media types of the answer, each with the name of its schema; a text where the name is empty.
        problems: the statuses of the problems that are its own, beside those that every route has.
        is_open: whether it is answered without a token, where the service asks for one.
        needed: which of the parameters in the query have to stand there.
    """

    method: str
    path: str
    name: str
    about: str
    group: str
    query: tuple[str, ...] = ()
    bodies: Mapping[str, Document] = {}
    replies: Mapping[str, str] = {}
    problems: tuple[int, ...] = ()
    is_open: bool = False
    needed: tuple[str, ...] = ()


_FHIR = {FHIR_JSON: "FhirResource", FHIR_XML: ""}
_ROW = {"$ref": f"{_COMPONENTS}ValidateQuestion"}
_LETTER: Mapping[str, Document] = {
    "application/octet-stream": {"schema": {"type": "string", "format": "binary", "description": "The file as it is."}}
}


def _operation(code: str, about: str, *query: str, needed: tuple[str, ...] = ()) -> Iterator[ServiceRoute]:
    """An operation of EAS: by ``GET`` with its parameters in the query, or by ``POST`` as a Parameters resource."""
    path = f"/fhir/Organization/${code}"
    yield ServiceRoute(
        "get", path, code, about, FHIR, (*query, "_format"), replies=_FHIR, problems=(404,), needed=needed
    )
    yield _by_parameters(code, about)


def _by_parameters(code: str, about: str) -> ServiceRoute:
    path = f"/fhir/Organization/${code}"
    bodies = {FHIR_JSON: {"schema": {"$ref": f"{_COMPONENTS}FhirResource"}}, FHIR_XML: {"schema": {"type": "string"}}}
    return ServiceRoute(
        "post", path, f"{code}ByParameters", about, FHIR, ("_format",), bodies, _FHIR, (404, 413, 415, 422)
    )


ROUTES: tuple[ServiceRoute, ...] = (
    ServiceRoute(
        "get",
        "/resolve/{id}",
        "resolve",
        "Who an identifier means: one recipient, or the reason why there is none.",
        "Questions",
        ("identifier_kind", "message_type", "on"),
        replies={JSON: "ResolveReply"},
    ),
    ServiceRoute(
        "get",
        "/validate/{id}/{message_type}",
        "validate",
        "Whether a message type may be sent to a recipient, and why or why not.",
        "Questions",
        ("identifier_kind", "direction", "sender", "on"),
        replies={JSON: "ValidateReply"},
    ),
    ServiceRoute(
        "post",
        "/validate",
        "validateMany",
        "Many questions, answered in their order and as they come: a RowReply a line, or a list of them for who sends a list and takes JSON.",
        "Questions",
        ("identifier_kind", "direction", "sender", "on", "short"),
        {
            JSON: {"schema": {"type": "array", "items": _ROW}},
            NDJSON: {"schema": {"type": "string", "description": "A ValidateQuestion a line."}},
        },
        {JSON: "RowReplies", NDJSON: ""},
        (413, 415),
    ),
    ServiceRoute(
        "post",
        "/letters",
        "validateLetters",
        "Whether the letters in a message file will arrive; only the addressing header is read.",
        "Questions",
        ("on",),
        _LETTER,
        {JSON: "LetterReply"},
        (413, 415, 422),
    ),
    ServiceRoute(
        "get",
        "/search",
        "search",
        "Units by what people call them, best match first.",
        "Questions",
        ("text", *FILTERS, "limit_of_search", "on"),
        replies={JSON: "SearchReply"},
        needed=("text",),
    ),
    ServiceRoute(
        "get",
        "/find",
        "find",
        "Recipients by rule: every address that a letter can go to and whose units fit all that is asked.",
        "Questions",
        (*FILTERS, "limit", "on"),
        replies={JSON: "FindReply"},
    ),
    ServiceRoute(
        "get",
        "/units/{sor_code}",
        "unit",
        "Everything that the register has of a unit.",
        "Questions",
        ("on",),
        replies={JSON: "UnitReply"},
        problems=(404,),
    ),
    *_operation(
        "getReceivingOrganizationBySORId",
        "The units with these SOR codes that receive any of the message types.",
        "sorId",
        "messageType",
        needed=("sorId",),
    ),
    *_operation(
        "getReceivingOrganizationByGPId",
        "Every unit with this provider number that receives any of the message types.",
        "gpId",
        "messageType",
        needed=("gpId",),
    ),
    *_operation(
        "getListOfGpByPostalCode", "The general practices whose address has one of the postal codes.", "postalCode"
    ),
    _by_parameters(
        "getReceivingOrganizationByPatientId",
        "The same by the provider number in the patient's generalPractitioner; who the patient is, is never looked at.",
    ),
    *_operation(
        "getReceivingOrganizationByMessageTypeAndPostalCode",
        "A draft of EAS: the units whose address has one of the postal codes and that receive any of the message types.",
        "messageType",
        "postalCode",
        needed=("messageType", "postalCode"),
    ),
    ServiceRoute(
        "get", "/fhir/metadata", "capabilities", "What of FHIR is answered.", FHIR, ("_format",), replies=_FHIR
    ),
    ServiceRoute(
        "get",
        "/health",
        "health",
        "Whether the service lives and is ready, how old its register is, and how its store stands; 503 where it is not ready.",
        "The service",
        replies={JSON: "Health"},
        is_open=True,
    ),
    ServiceRoute(
        "get",
        "/metrics",
        "metrics",
        "What all workers counted, for Prometheus.",
        "The service",
        replies={"text/plain": ""},
    ),
    ServiceRoute("get", "/openapi.json", "openapi", "This description.", "The service", replies={JSON: "OpenApi"}),
)
"""Every way of the service."""

_TEXT: Document = {"type": "string"}
_TEXTS: Document = {"type": "array", "items": _TEXT}
_DAY: Document = {"type": "string", "format": "date"}
_SWITCH: Document = {"type": "boolean"}

_NUMBER: Document = {"type": "number"}
_DIRECTION: Document = {"$ref": f"{_COMPONENTS}Direction"}

_IN_PATH: Mapping[str, tuple[Document, str]] = {
    "id": (_TEXT, "A SOR code, location number, provider number or SHAK code, in any spelling."),
    "sor_code": (_TEXT, "A SOR code."),
    "message_type": (_TEXT, "A message type in any spelling, such as XDIS91 or DIS91 D9134L."),
}
_IN_QUERY: Mapping[str, tuple[Document, str]] = {
    "identifier_kind": ({"$ref": f"{_COMPONENTS}ResolvableKind"}, "What the identifier is; found out where left open."),
    "on": (_DAY, "The day that is asked about; today by default."),
    "message_type": (_TEXT, "A message type in any spelling."),
    "conversion": ({"type": "string", "enum": ["allowed", "direct"]}, "Whether a letter may be converted on its way."),
    "direction": (_DIRECTION, "The recipient's side."),
    "sender": (_TEXT, "The sender's location number, where the conversion model asks."),
    "short": (_SWITCH, "Whether a row is answered by columns, as validate-file writes it."),
    "text": (_TEXT, "A few words, in any order and spelling; at most 500 characters."),
    "limit": ({"type": "integer", "minimum": 0, "maximum": MOST_RESULTS}, "How many to give at most; 50 by default."),
    "limit_of_search": ({"type": "integer", "minimum": 1, "maximum": MOST_RESULTS}, "Likewise; 10 by default."),
    "region": (_TEXTS, "Codes or names."),
    "municipality": (_TEXTS, "Codes of four digits, or names."),
    "postal_code": (_TEXTS, "Codes, or ranges such as 8000-8999."),
    "unit_type": (_TEXTS, "Codes or words."),
    "speciality": (_TEXTS, "Codes or words."),
    "organisational_level": (_TEXTS, "Codes or names."),
    "provider_number": (_TEXTS, "With or without leading zeros."),
    "system": (_TEXTS, "Codes or words of the systems behind the location number."),
    "supplier": (_TEXTS, "Of that system, likewise."),
    "net_operator": (_TEXTS, "Likewise."),
    "kind": ({"type": "array", "items": {"$ref": f"{_COMPONENTS}UnitKind"}}, "Kinds of units."),
    "administrator": (_TEXTS, "Codes or words of who maintains the registrations."),
    "level": (_TEXTS, "IE, SI, OE, how many units lie above, or an organisational level."),
    "owner": (_TEXTS, "SOR codes or names of institution owners."),
    "institution": (_TEXTS, "Likewise, of health institutions."),
    "hospital": (_TEXTS, "Likewise, of hospitals."),
    "within": (_TEXT, "SOR code of a unit: that unit and everything below it."),
    "own_location_only": (_SWITCH, "Leaves out units that inherit their location number."),
    "in_force_only": (_SWITCH, "Leaves out units that are not in force."),
    "near": (_TEXT, "Easting and northing, metres in ETRS89, UTM zone 32 N, as 530000,6290000."),
    "max_distance_m": (_NUMBER, "How far from near, in metres."),
    "sorId": (_TEXTS, "SOR codes."),
    "gpId": (_TEXT, "A provider number."),
    "postalCode": (_TEXTS, "Postal codes of four digits."),
    "_format": (_TEXT, "json or xml, where Accept does not say it."),
    "messageType": (_TEXTS, "Message types, of which any will do; any at all where none has to be given."),
}
_CALLED = {"identifier_kind": "kind", "limit_of_search": "limit"}


def openapi() -> Document:
    """The document that a service gives at ``/openapi.json``, and generators make clients of."""
    paths: dict[str, Document] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method] = _operation_of(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "sor-addressing",
            "summary": "Who is this recipient in Danish health care, and may I send this message type to it?",
            "description": "Answers have the keys of the library's to_dict(). Findings speak both languages, problems that of Accept-Language.",
            "version": __version__,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": group} for group in dict.fromkeys(route.group for route in ROUTES)],
        "security": [{}, {"bearer": []}],
        "paths": paths,
        "components": {
            "schemas": _schemas(paths),
            "parameters": {
                "Language": {
                    "name": "Accept-Language",
                    "in": "header",
                    "description": "da or en: the language of problems.",
                    "schema": {"type": "string"},
                }
            },
            "headers": {"ETag": {"description": "Of the register's day and the answer.", "schema": {"type": "string"}}},
            "responses": {
                "Problem": {
                    "description": "Why it is not answered.",
                    "content": {PROBLEM: {"schema": {"$ref": f"{_COMPONENTS}ProblemDetails"}}},
                },
                "Outcome": {
                    "description": "Why it is not answered, or that nothing was found.",
                    "content": _content(_FHIR),
                },
                "NotModified": {"description": "The client has this very answer."},
            },
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Demanded where the service was started with --token-file.",
                }
            },
        },
    }


def _schemas(paths: Document) -> Document:
    """Every answer, and what the routes refer to; not the questions of a pipe, whose many forms generators stumble over."""
    made = definitions(_COMPONENTS)
    wanted = {*reached(paths, made, _COMPONENTS), "ProblemDetails"}
    for name in schema_names():
        if name not in ("Question", "Reply"):
            wanted |= {name, *reached(made[name], made, _COMPONENTS)}
    return {name: one for name, one in made.items() if name in wanted}


def _operation_of(route: ServiceRoute) -> Document:
    parameters = [*_parts(route), *_queries(route), {"$ref": "#/components/parameters/Language"}]
    made: Document = {
        "operationId": route.name,
        "summary": route.about,
        "tags": [route.group],
        "parameters": parameters,
        "responses": _responses(route),
    }
    if route.bodies:
        made["requestBody"] = {"required": True, "content": dict(route.bodies)}
    if route.is_open:
        made["security"] = []
    return made


def _parts(route: ServiceRoute) -> Iterator[Document]:
    for part in route.path.split("/"):
        if part.startswith("{"):
            name = part[1:-1]
            kind, about = _IN_PATH[name]
            yield {"name": name, "in": "path", "required": True, "description": about, "schema": kind}


def _queries(route: ServiceRoute) -> Iterator[Document]:
    for name in route.query:
        kind, about = _IN_QUERY[name]
        yield {
            "name": _CALLED.get(name, name),
            "in": "query",
            "required": name in route.needed,
            "description": about,
            "schema": kind,
        }


def _content(replies: Mapping[str, str]) -> Document:
    return {kind: {"schema": {"$ref": f"{_COMPONENTS}{name}"} if name else _TEXT} for kind, name in replies.items()}


def _responses(route: ServiceRoute) -> Document:
    content = _content(route.replies)
    good: Document = {"description": "The answer.", "content": content}
    found: Document = {"200": good}
    if route.method == "get" and JSON in route.replies and route.group == "Questions":
        good["headers"] = {"ETag": {"$ref": "#/components/headers/ETag"}}
        found["304"] = {"$ref": "#/components/responses/NotModified"}
    problem = {"$ref": f"#/components/responses/{'Outcome' if route.group == FHIR else 'Problem'}"}
    found |= {
        str(status): problem for status in sorted({400, 406, *route.problems, *(() if route.is_open else (401,))})
    }
    found["503"] = {"description": "Not ready.", "content": content} if route.name == "health" else problem
    return {**found, "default": problem}
