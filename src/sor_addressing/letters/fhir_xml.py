"""FHIR messages as XML: the facts of their header. The same as in JSON, with values in attributes and lists as repeated elements."""

from __future__ import annotations

from lxml import etree

from sor_addressing.errors import LetterError
from sor_addressing.letters.fhir_header import (
    Destination,
    Message,
    checked_text,
    header_of,
    is_use_extension,
    refuse_bundle,
)
from sor_addressing.letters.fhir_organizations import Identifier, Organization, Organizations, Reference
from sor_addressing.letters.header import LetterHeader
from sor_addressing.letters.limits import refuse_oversized
from sor_addressing.letters.xml_input import parse_xml

__all__ = ["read"]

_NAMESPACE = "{http://hl7.org/fhir}"
_ENTRY = f"{_NAMESPACE}entry"
_FULL_URL = f"{_NAMESPACE}fullUrl"
_RESOURCE = f"{_NAMESPACE}resource"
_ORGANIZATION = f"{_NAMESPACE}Organization"
_MESSAGE_HEADER = f"{_NAMESPACE}MessageHeader"

# Larger files are attachments for the most part, and one attachment may be longer than the parser's usual bound.
_LARGE = 8 * 1024 * 1024

_Element = etree._Element
_Children = dict[str, list[_Element]]
_NO_CHILDREN: _Children = {}


def read(data: bytes, file: str) -> tuple[LetterHeader, ...]:
    """The header of the FHIR message in ``data``, a whole file; a Bundle holds one message.

    Args:
        data: the file, in any encoding that letters are written in.
        file: what it is called, for errors.

    Raises:
        LetterError: it is no message, or damaged, or it isn't certain whom it is for.
    """
    refuse_oversized(len(data), file)
    root, findings = parse_xml(data, file, huge=len(data) > _LARGE)
    reason = ""
    try:
        message, organizations = _facts(root)
        known = Organizations(organizations, message.contained, message.full_url, _identifiers_of)
        return (header_of(message, known, file, findings),)
    except LetterError as error:
        reason = error.reason
    # Outside of the handler, so that nothing of the file hangs on the error.
    raise LetterError(reason, file=file)


def _facts(root: _Element) -> tuple[Message, list[Organization]]:
    """What is needed of a Bundle: its MessageHeader, and its Organizations."""
    if root.tag != f"{_NAMESPACE}Bundle":
        raise LetterError(
            "XML, but no FHIR Bundle; a FHIR message is a Bundle in the namespace http://hl7.org/fhir, of type message"
        )
    headers: list[tuple[int, _Element, str | None]] = []
    organizations: list[Organization] = []
    bundle: _Children = {}
    entries = 0
    for child in root:
        if child.tag != _ENTRY:
            _add(bundle, child)
            continue
        entries += 1
        full_url = None
        resource = None
        for part in child:
            if part.tag == _FULL_URL:
                full_url = part.get("value")
            elif part.tag == _RESOURCE and len(part):
                if resource is not None or len(part) > 1:
                    raise LetterError(
                        f"entry {entries} of the Bundle has several resources; give each an entry of its own"
                    )
                resource = part[0]
        if resource is None:
            continue
        if resource.tag == _ORGANIZATION:
            organizations.append(_organization(resource, full_url))
        elif resource.tag == _MESSAGE_HEADER:
            headers.append((entries, resource, full_url))
    refuse_bundle(_text(bundle, "type", "Bundle"), [position for position, _, _ in headers], entries)
    _, header, full_url = headers[0]
    message = _message(_children(header))
    message.full_url = full_url
    message.envelope_id = _text(bundle, "id", "Bundle")
    message.timestamp = _text(bundle, "timestamp", "Bundle")
    return message, organizations


def _message(header: _Children) -> Message:
    """What is needed of a MessageHeader."""
    where = "MessageHeader"
    response = _inner(header, "response", where)
    return Message(
        letter_id=_text(header, "id", where),
        event=_text(_inner(header, "eventCoding", where), "code", "MessageHeader.eventCoding"),
        definition=_text(header, "definition", where),
        destinations=[_destination(_children(element)) for element in header.get("destination", ())],
        sender=_reference(header, "sender", where, "MessageHeader.sender"),
        source_endpoint=_text(_inner(header, "source", where), "endpoint", "MessageHeader.source"),
        response_identifier=_text(response, "identifier", "MessageHeader.response"),
        response_code=_text(response, "code", "MessageHeader.response"),
        contained=[
            _organization(resource, None)
            for element in header.get("contained", ())
            for resource in element
            if resource.tag == _ORGANIZATION
        ],
    )


def _destination(destination: _Children) -> Destination:
    where = "MessageHeader.destination"
    uses = []
    for extension in destination.get("extension", ()):
        url = extension.get("url")
        if url and is_use_extension(url.strip()):
            coding = _inner(_children(extension), "valueCoding", "MessageHeader.destination.extension")
            uses.append(_text(coding, "code", "MessageHeader.destination.extension.valueCoding") or "")
    return Destination(
        tuple(uses),
        _reference(destination, "receiver", where, "MessageHeader.destination.receiver"),
        _text(destination, "endpoint", where),
    )


def _reference(children: _Children, name: str, outer: str, where: str) -> Reference:
    reference = _inner(children, name, outer)
    identifier = _single(reference, "identifier", where)
    identifiers = () if identifier is None else _identifiers([identifier], f"{where}.identifier")
    return Reference(_text(reference, "reference", where), identifiers[0] if identifiers else None)


def _organization(organization: _Element, full_url: str | None) -> Organization:
    """An Organization, of which only the ids are looked at until it is known to be meant."""
    own = next(organization.iterchildren(f"{_NAMESPACE}id"), None)
    return Organization(full_url, None if own is None else own.get("value"), organization)


def _identifiers_of(organization: _Element) -> tuple[Identifier, ...]:
    return _identifiers(list(organization.iterchildren(f"{_NAMESPACE}identifier")), "Organization.identifier")


def _identifiers(elements: list[_Element], where: str) -> tuple[Identifier, ...]:
    """The identifiers that have both a system and a value."""
    found = []
    for element in elements:
        children = _children(element)
        system, text = _text(children, "system", where), _text(children, "value", where)
        if system and text:
            found.append(Identifier(system, text))
    return tuple(found)


def _children(element: _Element) -> _Children:
    """The children of an element by name."""
    children: _Children = {}
    for child in element:
        _add(children, child)
    return children


def _add(children: _Children, child: _Element) -> None:
    namespace, _, name = str(child.tag).rpartition("}")
    if namespace == _NAMESPACE[:-1]:
        children.setdefault(name, []).append(child)


def _single(children: _Children, name: str, where: str) -> _Element | None:
    """The one child of a name; None where there is none."""
    found = children.get(name)
    if found is None:
        return None
    if len(found) > 1:
        raise LetterError(f"{where}.{name} stands {len(found)} times, so it is not certain which counts; write it once")
    return found[0]


def _inner(children: _Children, name: str, where: str) -> _Children:
    """The children of the one child of a name; none where there is none."""
    found = _single(children, name, where)
    return _NO_CHILDREN if found is None else _children(found)


def _text(children: _Children, name: str, where: str) -> str | None:
    """The value of the one child of a name; None where there is none, or nothing in it."""
    found = _single(children, name, where)
    value = None if found is None else found.get("value")
    return None if value is None else checked_text(value, where, name)
