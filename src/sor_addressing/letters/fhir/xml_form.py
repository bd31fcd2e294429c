"""FHIR messages as XML: the facts of their header. The same as in JSON, with values in attributes and lists as repeated elements."""

from __future__ import annotations

from lxml import etree

from sor_addressing.errors import LetterError
from sor_addressing.letters.attachments import media_type
from sor_addressing.letters.fhir.message import (
    LONGEST_TEXT,
    Destination,
    Message,
    checked_text,
    header_of,
    is_admission_recipient,
    is_use_extension,
    read_flag,
    refuse_bundle,
)
from sor_addressing.letters.fhir.organizations import (
    NO_REFERENCE,
    Identifier,
    Organization,
    Organizations,
    OwnWords,
    Reference,
    Resources,
)
from sor_addressing.letters.header import LetterHeader
from sor_addressing.letters.limits import refuse_oversized
from sor_addressing.letters.oioxml.xml_input import parse_xml

__all__ = ["read"]

_FHIR = "{http://hl7.org/fhir}"
_BUNDLE, _ENTRY, _RESOURCE, _ORGANIZATION, _MESSAGE_HEADER, _IDENTIFIER, _SYSTEM, _VALUE = (
    f"{_FHIR}{name}"
    for name in ("Bundle", "entry", "resource", "Organization", "MessageHeader", "identifier", "system", "value")
)
_OUTCOME, _ISSUE, _DETAILS, _CODING, _CODE = (
    f"{_FHIR}{name}" for name in ("OperationOutcome", "issue", "details", "coding", "code")
)
_ATTACHMENT, _DATA, _CONTENT_TYPE = (f"{_FHIR}{name}" for name in ("contentAttachment", "data", "contentType"))
_AROUND_ATTACHMENT = [f"{_FHIR}{name}" for name in ("payload", "Communication", "resource", "entry", "Bundle")]

# Larger files are attachments for the most part, and one attachment may be longer than the parser's usual bound.
_LARGE = 8 * 1024 * 1024

_NAMES: dict[object, str] = {
    f"{{http://hl7.org/fhir}}{name}": name
    for name in ("active", "code", "contained", "definition", "destination", "end", "endpoint", "eventCoding", "extension", "fullUrl", "id",
                 "identifier", "meta", "period", "receiver", "reference", "response", "sender", "source", "start", "system", "timestamp",
                 "type", "use", "value", "valueCoding", "valueReference", "versionId")
}  # fmt: skip
"""Of the children of an element, those that are looked at."""

_Element = etree._Element
_Members = dict[str, list[_Element]]


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
        known = Organizations(organizations, message.contained, message.full_url, _RESOURCES)
        return (header_of(message, known, file, findings),)
    except LetterError as error:
        reason = error.reason
    # Outside of the handler, so that nothing of the file hangs on the error.
    raise LetterError(reason, file=file)


def _facts(root: _Element) -> tuple[Message, list[Organization]]:
    """What is needed of a Bundle: its MessageHeader, and its Organizations.

    The parser steps over all other elements by itself, so that nothing is made of them here.
    """
    if root.tag != _BUNDLE:
        raise LetterError(
            "XML, but no FHIR Bundle; a FHIR message is a Bundle in the namespace http://hl7.org/fhir, of type message"
        )
    headers: list[tuple[_Element, _Element]] = []
    organizations: list[Organization] = []
    for found in root.iter(_MESSAGE_HEADER, _ORGANIZATION):
        resource = found.getparent()
        if resource is None or resource.tag != _RESOURCE:
            continue
        entry = resource.getparent()
        if entry is None or entry.getparent() is not root or entry.tag != _ENTRY:
            continue
        if (len(entry) > 2 and sum(1 for _ in entry.iterchildren(_RESOURCE)) > 1) or len(resource) > 1:
            raise LetterError("an entry of the Bundle has several resources; give each an entry of its own")
        if found.tag == _ORGANIZATION:
            organizations.append(Organization(_text(_members(entry), "fullUrl", "Bundle.entry"), found))
        else:
            headers.append((entry, found))
    bundle = _members(root)
    first = next(root.iterchildren(_ENTRY), None)
    if len(headers) != 1 or headers[0][0] is not first:
        found_in = {entry for entry, _ in headers}
        entries = list(root.iterchildren(_ENTRY))
        positions = [position for position, entry in enumerate(entries, start=1) if entry in found_in]
        refuse_bundle(_text(bundle, "type", "Bundle"), positions, len(entries))
    refuse_bundle(_text(bundle, "type", "Bundle"), (1,), 1)
    entry, header = headers[0]
    message = _message(_members(header))
    message.full_url = _text(_members(entry), "fullUrl", "Bundle.entry")
    message.envelope_id = _text(bundle, "id", "Bundle")
    message.timestamp = _text(bundle, "timestamp", "Bundle")
    message.attachments = [media_type(_said_in(one, _CONTENT_TYPE)) for one in root.iter(_ATTACHMENT) if _is_file(one)]
    if message.response_code is not None:
        message.issue_codes = _issue_codes(root)
    return message, organizations


def _issue_codes(root: _Element) -> list[str]:
    """The codes of the issues in OperationOutcomes, and nothing that is written beside them."""
    return [
        (code.get("value") or "").strip()
        for outcome in root.iter(_OUTCOME)
        for issue in outcome.iterchildren(_ISSUE)
        for details in issue.iterchildren(_DETAILS)
        for coding in details.iterchildren(_CODING)
        for code in coding.iterchildren(_CODE)
    ]


def _is_file(attachment: _Element) -> bool:
    """Whether this is a file of a Communication; a reply names those of earlier messages, without their content."""
    around = [one.tag for one in attachment.iterancestors()]
    return around == _AROUND_ATTACHMENT and bool(_said_in(attachment, _DATA))


def _said_in(element: _Element, tag: str) -> str | None:
    """The value of the last child of a name, as in JSON; None where there is none."""
    value = None
    for child in element.iterchildren(tag):
        value = child.get("value")
    return value


def _message(header: _Members) -> Message:
    """What is needed of a MessageHeader."""
    where = "MessageHeader"
    response = _inner(header, "response", where)
    return Message(
        letter_id=_text(header, "id", where),
        event=_text(_inner(header, "eventCoding", where), "code", "MessageHeader.eventCoding"),
        definition=_text(header, "definition", where),
        destinations=[_destination(_members(element)) for element in header.get("destination", ())],
        sender=_reference(header, "sender", where, "MessageHeader.sender"),
        source_endpoint=_text(_inner(header, "source", where), "endpoint", "MessageHeader.source"),
        response_identifier=_text(response, "identifier", "MessageHeader.response"),
        response_code=_text(response, "code", "MessageHeader.response"),
        contained=[
            Organization(None, organization)
            for element in header.get("contained", ())
            for organization in element.iterchildren(_ORGANIZATION)
        ],
        admission_recipients=[
            _reference(
                _members(extension),
                "valueReference",
                "MessageHeader.extension",
                "MessageHeader.extension.valueReference",
            )
            for extension in header.get("extension", ())
            if is_admission_recipient(extension.get("url", ""))
        ],
    )


def _destination(destination: _Members) -> Destination:
    where = "MessageHeader.destination"
    uses = []
    for extension in destination.get("extension", ()):
        url = extension.get("url")
        if url and is_use_extension(url.strip()):
            coding = _inner(_members(extension), "valueCoding", "MessageHeader.destination.extension")
            uses.append(_text(coding, "code", "MessageHeader.destination.extension.valueCoding") or "")
    return Destination(
        tuple(uses),
        _reference(destination, "receiver", where, "MessageHeader.destination.receiver"),
        _text(destination, "endpoint", where),
    )


def _reference(members: _Members, key: str, outer: str, where: str) -> Reference:
    if key not in members:
        return NO_REFERENCE
    reference = _inner(members, key, outer)
    identifier = _single(reference, "identifier", where)
    said = _identifier(identifier, f"{where}.identifier") if identifier is not None else None
    return Reference(_text(reference, "reference", where), said)


def _id_of(organization: _Element) -> str | None:
    return _text(_members(organization), "id", "Organization")


def _version_of(organization: _Element) -> str | None:
    return _text(_inner(_members(organization), "meta", "Organization"), "versionId", "Organization.meta")


def _said(organization: _Element) -> OwnWords:
    members = _members(organization)
    where = "Organization.identifier"
    found = [_identifier(element, where) for element in members.get("identifier", ())]
    active = _text(members, "active", "Organization") if "active" in members else None
    return OwnWords(
        tuple([one for one in found if one is not None]), read_flag(active, "Organization.active") is not False
    )


_RESOURCES = Resources(_said, _id_of, _version_of)


def _identifier(element: _Element, where: str) -> Identifier | None:
    """An identifier; None where it lacks system or value."""
    system: _Element | None = None
    value: _Element | None = None
    more = False
    for child in element:
        tag = child.tag
        if tag == _SYSTEM and system is None:
            system = child
        elif tag == _VALUE and value is None:
            value = child
        elif tag in (_SYSTEM, _VALUE):
            raise _several(where, _NAMES[tag])
        else:
            more = True
    said = None if system is None else _value_of(system, where, "system")
    text = None if value is None else _value_of(value, where, "value")
    if not (said and text):
        return None
    if not more:
        return Identifier(said, text)
    members = _members(element)
    period = _inner(members, "period", where)
    ends = (_text(period, "start", f"{where}.period"), _text(period, "end", f"{where}.period"))
    return Identifier(said, text, _text(members, "use", where), ends if any(ends) else None)


def _members(element: _Element) -> _Members:
    """The children of an element that are looked at, by name: to go through them all once is faster than to look for each."""
    members: _Members = {}
    for child in element:
        name = _NAMES.get(child.tag)
        if name is None:
            continue
        if name in members:
            members[name].append(child)
        else:
            members[name] = [child]
    return members


def _inner(members: _Members, name: str, where: str) -> _Members:
    """The members of the one child of a name; none where there is no such child."""
    found = _single(members, name, where)
    return {} if found is None else _members(found)


def _single(members: _Members, name: str, where: str) -> _Element | None:
    """The one child of a name; None where there is none."""
    found = members.get(name)
    return None if found is None else _one(found, name, where)


def _one(found: list[_Element], name: str, where: str) -> _Element:
    """The only element of several of a name."""
    if len(found) > 1:
        raise _several(where, name)
    return found[0]


def _several(where: str, name: str) -> LetterError:
    return LetterError(f"{where}.{name} stands more than once, so it is not certain which counts; write it once")


def _text(members: _Members, name: str, where: str) -> str | None:
    """The value of the one child of a name; None where there is none, or nothing in it."""
    found = members.get(name)
    if found is None:
        return None
    return _value_of(_one(found, name, where), where, name)


def _value_of(element: _Element, where: str, name: str) -> str | None:
    """The value of an element; None where there is none, or nothing in it."""
    value = element.get("value")
    if value is None:
        return None
    # Nearly all are short and plain, and there are many.
    if len(value) < LONGEST_TEXT and value.isprintable():
        return value.strip() or None
    return checked_text(value, where, name)
