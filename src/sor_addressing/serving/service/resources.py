"""FHIR resources as they are sent and received: JSON or XML, by ``_format``, else ``Accept``, and problems as OperationOutcomes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from starlette.types import Scope

from sor_addressing.hiding import hide
from sor_addressing.serving.service.negotiation import accepted, header_of
from sor_addressing.serving.service.problems import ServiceProblem
from sor_addressing.serving.service.responses import encoder
from sor_addressing.serving.service.rows import MARK, value_of
from sor_addressing.written_data.json_texts import JsonFault

if TYPE_CHECKING:
    from lxml import etree

Resource = dict[str, Any]

JSON, XML = "application/fhir+json", "application/fhir+xml"
_FORMATS = {
    "json": JSON,
    "application/json": JSON,
    "text/json": JSON,
    JSON: JSON,
    "xml": XML,
    "application/xml": XML,
    "text/xml": XML,
    XML: XML,
}
_OFFERS = (JSON, "application/json", XML, "application/xml", "text/xml")
_NAMESPACE = "http://hl7.org/fhir"
PREFIX = "/fhir"

_ISSUES = {
    400: "invalid",
    401: "login",
    404: "not-found",
    405: "not-supported",
    406: "not-supported",
    408: "timeout",
    413: "too-long",
    414: "too-long",
    415: "not-supported",
    422: "processing",
    431: "too-long",
    503: "transient",
}


def fhir_shape(scope: Scope) -> str:
    """JSON or XML.

    Raises:
        ServiceProblem: the client takes neither.
    """
    wanted = parse_qs(scope["query_string"].decode("latin-1")).get("_format")
    if wanted:
        # A plus that was not encoded arrives as a blank.
        found = _FORMATS.get(wanted[0].replace(" ", "+").partition(";")[0].strip().casefold())
    else:
        offer = accepted(header_of(scope["headers"], b"accept"), _OFFERS)
        found = None if offer is None else _FORMATS[offer]
    if found is None:
        raise ServiceProblem("not-acceptable", 406, offers=f"{JSON}, {XML}", place="_format" if wanted else "Accept")
    return found


def outcome_of(problem: ServiceProblem, language: str) -> Resource:
    """A problem as an OperationOutcome."""
    told = problem.to_dict(language)
    issue = {
        "severity": "error",
        "code": _ISSUES.get(problem.status, "exception"),
        "details": {"text": problem.code},
        "diagnostics": hide(str(told["detail"])),
    }
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def written(resource: Resource, shape: str) -> bytes:
    """A resource as it is sent."""
    if shape == JSON:
        return encoder()(resource).encode()
    from lxml import etree

    return etree.tostring(_element(resource), encoding="UTF-8", xml_declaration=True)


def resource_in(data: bytes, kind: str) -> Resource:
    """The resource in a body.

    Raises:
        ServiceProblem: it is another format than it says, or damaged.
    """
    found = _FORMATS.get(kind.partition(";")[0].strip().casefold() or JSON)
    if found is None:
        raise ServiceProblem("not-supported", 415, offers=f"{JSON}, {XML}")
    value = value_of(data.removeprefix(MARK)) if found == JSON else _read_xml(data)
    if value is None or isinstance(value, JsonFault):
        raise ServiceProblem("fhir-unreadable", 400)
    if not isinstance(value, dict):
        raise ServiceProblem("fhir-not-parameters", 400)
    return value


def _element(resource: Resource) -> etree._Element:
    from lxml import etree

    root = etree.Element(f"{{{_NAMESPACE}}}{resource['resourceType']}", nsmap={None: _NAMESPACE})
    _fill(root, resource)
    return root


def _fill(parent: etree._Element, members: Mapping[str, Any]) -> None:
    """Put members into an element: in their order, which is that of FHIR, a value as an attribute, a list as repeated elements."""
    for name, value in members.items():
        if name == "resourceType":
            continue
        if name == "url" and parent.tag == f"{{{_NAMESPACE}}}extension":
            parent.set("url", _clean(value))
            continue
        if name.startswith("_") and name[1:] in members:
            continue  # told beside its value
        for one in value if isinstance(value, list) else [value]:
            _add(parent, name.removeprefix("_"), one, members.get(f"_{name}"))


def _add(parent: etree._Element, name: str, value: Any, beside: Any) -> None:
    from lxml import etree

    element = etree.SubElement(parent, f"{{{_NAMESPACE}}}{name}")
    if isinstance(value, Mapping):
        if "resourceType" in value:
            element.append(_element(dict(value)))
        else:
            _fill(element, value)
        return
    element.set("value", _clean({True: "true", False: "false"}[value] if isinstance(value, bool) else value))
    if isinstance(beside, Mapping):
        _fill(element, beside)


def _clean(value: object) -> str:
    """A text without what XML can't hold."""
    return "".join(
        sign
        if sign in "\t\n\r" or " " <= sign < "\ud800" or "\ue000" <= sign < "\ufffe" or sign > "\uffff"
        else "\ufffd"
        for sign in str(value)
    )


def _read_xml(data: bytes) -> object:
    from sor_addressing.safe_xml.parsing import XmlFault, tree_of
    from sor_addressing.safe_xml.prolog import prolog_of, without_mark

    encoding, text = without_mark(data)
    if encoding not in (None, "UTF-8") or prolog_of(text).is_doctype:
        return None
    root = tree_of(text, "UTF-8")
    if isinstance(root, XmlFault) or not _is_fhir(root):
        return None
    return _resource(root)


def _resource(element: etree._Element) -> Resource:
    return {"resourceType": _local(element), **_members(element)}


def _members(element: etree._Element) -> Resource:
    """As JSON has them: what stands once as it is, what stands several times, and what always is a list, as a list."""
    found: dict[str, list[Any]] = {}
    for child in _children(element):
        inner = list(_children(child))
        if child.get("value") is not None:
            value: Any = child.get("value")
        elif len(inner) == 1 and _local(inner[0])[:1].isupper():
            value = _resource(inner[0])
        else:
            value = _members(child)
        found.setdefault(_local(child), []).append(value)
    return {name: values if len(values) > 1 or name in _LISTS else values[0] for name, values in found.items()}


_LISTS = ("parameter", "part", "identifier", "generalPractitioner", "extension", "contained")


def _children(element: etree._Element) -> Iterator[etree._Element]:
    return filter(_is_fhir, element)


def _is_fhir(element: etree._Element) -> bool:
    return isinstance(element.tag, str) and element.tag.startswith(f"{{{_NAMESPACE}}}")


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]
