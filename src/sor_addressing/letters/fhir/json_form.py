"""FHIR messages as JSON: the facts of their header.

The whole text is checked as JSON by the fast parser of the standard library, and let go at once: only MessageHeader and Organizations are
looked at. Objects are parsed as tuples of pairs, which costs hardly more than dictionaries and shows a key that is there twice.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator

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
from sor_addressing.texts import counted
from sor_addressing.written_data.json_texts import BLANKS, JsonFault, line_at, scan_pairs, too_deep

__all__ = ["read"]

MAX_VALUES = 2_000_000
"""How many values a message may hold: a bomb of tiny ones needs memory of twenty times the file."""

_SMALL = 1 << 20
_FEW = 1000
_OTHER_ENCODINGS = {
    "utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16",
    "utf-32": "UTF-32", "utf-32-le": "UTF-32", "utf-32-be": "UTF-32",
}  # fmt: skip


_Members = dict[str, object]


def read(data: bytes, file: str) -> tuple[LetterHeader, ...]:
    """The header of the FHIR message in ``data``, a whole file; a Bundle holds one message.

    Args:
        data: the file, UTF-8.
        file: what it is called, for errors.

    Raises:
        LetterError: it is no message, or damaged, or it isn't certain whom it is for.
    """
    refuse_oversized(len(data), file)
    reason, line = "", None
    try:
        message, organizations = _facts(_document(data))
        known = Organizations(organizations, message.contained, message.full_url, _RESOURCES)
        return (header_of(message, known, file),)
    except LetterError as error:
        reason, line = error.reason, error.line
    # Outside of the handler, so that nothing of the file hangs on the error.
    raise LetterError(reason, file=file, line=line)


def _document(data: bytes) -> object:
    """The parsed document."""
    text = _text_of(data)
    if len(text) > _SMALL and sum(_how_many(text, mark) for mark in ",[{") > MAX_VALUES:
        raise LetterError(f"more than {MAX_VALUES:,} values in one file; this is no message")
    start = len(text) - len(text.lstrip(BLANKS))
    found = too_deep(text) or scan_pairs(text, start)
    if isinstance(found, JsonFault):
        reason = (
            "the file ends before the Bundle does; it is cut off, so make or fetch it again"
            if found.is_cut_off
            else found.reason
        )
        raise LetterError(reason, line=line_at(text, found.position))
    document, end = found
    rest = text[end:].lstrip(BLANKS) if end < len(text) else ""
    if not rest:
        return document
    raise LetterError(
        "several JSON documents in one file; give each Bundle a file of its own"
        if rest[0] in "{["
        else "something stands after the end of the Bundle; cut it off, or make the file again",
        line=line_at(text, len(text) - len(rest)),
    )


def _how_many(text: str, mark: str) -> int:
    """How often ``mark`` is there. An attachment has none, and to look for the next is ten times as fast as to count."""
    position = -1
    for found in range(_FEW):
        position = text.find(mark, position + 1)
        if position < 0:
            return found
    return text.count(mark)


def _text_of(data: bytes) -> str:
    """The text of the file, without a byte order mark."""
    if not data[:4].strip() and not data.strip():
        raise LetterError("the file is empty; make or fetch it again")
    encoding = _OTHER_ENCODINGS.get(json.detect_encoding(data))
    position = 0
    if encoding is None:
        try:
            return data.decode() if data[:1] != codecs.BOM_UTF8[:1] else data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            position = error.start
        raise LetterError(
            f"not UTF-8 (byte {position + 1}), which JSON is always written in; write it in UTF-8",
            line=data.count(b"\n", 0, position) + 1,
        )
    raise LetterError(f"written in {encoding}, and JSON is always written in UTF-8; write it in UTF-8")


def _facts(document: object) -> tuple[Message, list[Organization]]:
    """What is needed of a Bundle: its MessageHeader, and its Organizations."""
    if type(document) is list:
        raise LetterError(
            f"a list of {counted(len(document), 'value', 'values')}; a FHIR message is one Bundle, so give each a file of its own"
        )
    bundle = _members(document, "the document")
    if bundle.get("resourceType") != "Bundle":
        raise LetterError(
            "JSON, but no FHIR Bundle; a FHIR message is a Bundle with resourceType Bundle and type message"
        )
    entries = _list(bundle, "entry", "Bundle")
    headers: list[tuple[int, _Members]] = []
    organizations: list[Organization] = []
    attachments: list[str] = []
    issue_codes: list[str] = []
    for position, value in enumerate(entries, start=1):
        entry = _members(value, "Bundle.entry", position)
        resource = entry.get("resource")
        if not resource:
            continue
        resource_type = _resource_type(resource, position)
        if resource_type == "Organization":
            organizations.append(Organization(_text(entry, "fullUrl", "Bundle.entry"), resource))
        elif resource_type == "MessageHeader":
            headers.append((position, entry))
        elif resource_type == "Communication":
            attachments += _attachments(resource)
        elif resource_type == "OperationOutcome":
            issue_codes += _issue_codes(resource)
    refuse_bundle(_text(bundle, "type", "Bundle"), [position for position, _ in headers], len(entries))
    _, entry = headers[0]
    message = _message(_members(entry["resource"], "MessageHeader"))
    message.full_url = _text(entry, "fullUrl", "Bundle.entry")
    message.envelope_id = _text(bundle, "id", "Bundle")
    message.timestamp = _text(bundle, "timestamp", "Bundle")
    message.attachments = attachments
    message.issue_codes = (*issue_codes, *message.issue_codes)
    return message, organizations


def _attachments(communication: object) -> Iterator[str]:
    """The media types of the files in a Communication; a reply names those of earlier messages, without their content.

    What is not as it should be is passed over: it says nothing of whom the letter is for.
    """
    for payload in _plain_list(_plain(communication).get("payload")):
        content = _plain(_plain(payload).get("contentAttachment"))
        if content.get("data"):
            yield media_type(content.get("contentType"))


def _issue_codes(outcome: object) -> Iterator[str]:
    """The codes of the issues in an OperationOutcome, and nothing that is written beside them."""
    for issue in _plain_list(_plain(outcome).get("issue")):
        for coding in _plain_list(_plain(_plain(issue).get("details")).get("coding")):
            code = _plain(coding).get("code")
            if type(code) is str:
                yield code.strip()


def _plain_list(value: object) -> list[object]:
    return value if type(value) is list else []


def _plain(value: object) -> _Members:
    """The members of what is an object; none of anything else."""
    return dict(value) if type(value) is tuple else {}


def _resource_type(resource: object, position: int) -> object:
    """The type of a resource, which mostly stands first; nothing else in it is looked at."""
    if type(resource) is tuple:
        key, value = resource[0]
        return value if key == "resourceType" else dict(resource).get("resourceType")
    raise LetterError(f"the resource of entry {position} is {_kind_of(resource)}, and must be an object")


def _message(header: _Members) -> Message:
    """What is needed of a MessageHeader."""
    where = "MessageHeader"
    event = _inner(header, "eventCoding", where)
    response = _inner(header, "response", where)
    return Message(
        letter_id=_text(header, "id", where),
        event=_text(event, "code", "MessageHeader.eventCoding"),
        definition=_text(header, "definition", where),
        destinations=[
            _destination(_members(value, "MessageHeader.destination", position))
            for position, value in enumerate(_list(header, "destination", where), start=1)
        ],
        sender=_reference(header, "sender", where, "MessageHeader.sender"),
        source_endpoint=_text(_inner(header, "source", where), "endpoint", "MessageHeader.source"),
        response_identifier=_text(response, "identifier", "MessageHeader.response"),
        response_code=_text(response, "code", "MessageHeader.response"),
        contained=_contained(header),
        issue_codes=[
            code
            for resource in _plain_list(header.get("contained"))
            if _plain(resource).get("resourceType") == "OperationOutcome"
            for code in _issue_codes(resource)
        ],
        admission_recipients=_admission_recipients(header),
    )


def _admission_recipients(header: _Members) -> list[Reference]:
    where = "MessageHeader.extension"
    found = []
    for position, value in enumerate(_list(header, "extension", "MessageHeader"), start=1):
        extension = _members(value, where, position)
        url = _text(extension, "url", where)
        if url and is_admission_recipient(url):
            found.append(_reference(extension, "valueReference", where, f"{where}.valueReference"))
    return found


def _contained(header: _Members) -> list[Organization]:
    """The Organizations inside a MessageHeader."""
    found = []
    for position, value in enumerate(_list(header, "contained", "MessageHeader"), start=1):
        if value and _resource_type(value, position) == "Organization":
            found.append(Organization(None, value))
    return found


def _destination(destination: _Members) -> Destination:
    where = "MessageHeader.destination"
    uses = []
    for position, value in enumerate(_list(destination, "extension", where), start=1):
        extension = _members(value, "MessageHeader.destination.extension", position)
        url = _text(extension, "url", "MessageHeader.destination.extension")
        if url and is_use_extension(url):
            coding = _inner(extension, "valueCoding", "MessageHeader.destination.extension")
            uses.append(_text(coding, "code", "MessageHeader.destination.extension.valueCoding") or "")
    return Destination(
        tuple(uses),
        _reference(destination, "receiver", where, "MessageHeader.destination.receiver"),
        _text(destination, "endpoint", where),
    )


def _reference(members: _Members, key: str, outer: str, where: str) -> Reference:
    value = members.get(key)
    if value is None:
        return NO_REFERENCE
    reference = _inner(members, key, outer)
    identifier = reference.get("identifier")
    identifiers = () if identifier is None else _identifiers([identifier], f"{where}.identifier")
    return Reference(_text(reference, "reference", where), identifiers[0] if identifiers else None)


def _id_of(organization: object) -> str | None:
    return _text(_members(organization, "Organization"), "id", "Organization")


def _version_of(organization: object) -> str | None:
    meta = _inner(_members(organization, "Organization"), "meta", "Organization")
    return _text(meta, "versionId", "Organization.meta")


def _said(organization: object) -> OwnWords:
    members = _members(organization, "Organization")
    active = members.get("active")
    if active is not None and type(active) is not bool:
        active = read_flag(_text(members, "active", "Organization"), "Organization.active")
    return OwnWords(
        _identifiers(_list(members, "identifier", "Organization"), "Organization.identifier"),
        active is not False,
    )


_RESOURCES = Resources(_said, _id_of, _version_of)


def _identifiers(values: list[object], where: str) -> tuple[Identifier, ...]:
    """The identifiers that have both a system and a value."""
    found = []
    for position, value in enumerate(values, start=1):
        identifier = _members(value, where, position)
        system, text = _text(identifier, "system", where), _text(identifier, "value", where)
        if not (system and text):
            continue
        if len(identifier) == 2:
            found.append(Identifier(system, text))
            continue
        period = _inner(identifier, "period", where)
        ends = (_text(period, "start", f"{where}.period"), _text(period, "end", f"{where}.period"))
        found.append(Identifier(system, text, _text(identifier, "use", where), ends if any(ends) else None))
    return tuple(found)


def _members(value: object, where: str, position: int | None = None) -> _Members:
    """The members of an object, none of them there twice."""
    if type(value) is tuple or value == []:
        members = dict(value)
        if len(members) == len(value):
            return members
        raise LetterError(
            f"{_place(where, position)} has a key twice, so it is not certain which counts; write each once"
        )
    raise LetterError(f"{_place(where, position)} is {_kind_of(value)}, and must be an object")


def _inner(members: _Members, key: str, where: str) -> _Members:
    """The object under a key; an empty one where there is none."""
    value = members.get(key)
    return {} if value is None else _members(value, f"{where}.{key}")


def _list(members: _Members, key: str, where: str) -> list[object]:
    """The values of the list under a key; none where there is none."""
    value = members.get(key)
    if value is None:
        return []
    if type(value) is list:
        return value
    if value == ():
        return []
    raise LetterError(f"{where}.{key} is {_kind_of(value)}, and must be a list")


def _text(members: _Members, key: str, where: str) -> str | None:
    """The text under a key; None where there is none, or nothing in it."""
    value = members.get(key)
    if type(value) is str:
        # Nearly all are short and plain, and there are many.
        if len(value) < LONGEST_TEXT and value.isprintable():
            return value.strip() or None
        return checked_text(value, where, key)
    if value is None:
        return None
    raise LetterError(f"{where}.{key} is {_kind_of(value)}, and must be a text")


def _place(where: str, position: int | None) -> str:
    return where if position is None else f"{where} {position}"


def _kind_of(value: object) -> str:
    kinds: dict[type, str] = {
        tuple: "an object",
        list: "a list",
        str: "a text",
        bool: "true or false",
        float: "a number",
    }
    return kinds.get(type(value), "null")
