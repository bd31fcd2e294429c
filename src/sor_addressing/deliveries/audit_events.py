"""Delivery status of EHMI (EDS): AuditEvents that a sender fetched, each from a station on a message's way, read as receipts.

Of an event only its stations, parties, ids, time and outcome are looked at; the entity with the patient never. A failure (outcome 4 and
above) anywhere is a refusal of that station, and what the receiver's own system has finalized is delivered.

Source: the guide to EHMI's delivery status (dk-ehmi-eds 1.0.2).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sor_addressing.deliveries.taking import STATION
from sor_addressing.errors import LetterError
from sor_addressing.hiding import hide
from sor_addressing.letters.header import (
    LetterAnswer,
    LetterHeader,
    LetterIdentifierKind,
    Party,
    Receipt,
    ReceiptKind,
    Role,
    identifier_of,
)
from sor_addressing.letters.reading import read_letters
from sor_addressing.letters.stated_type import stated_type
from sor_addressing.messages.catalogue import MessageFormat
from sor_addressing.written_data.json_texts import json_objects

_DELIVERED = frozenset(["msg-received-and-finalized", "msg-finalized"])
_FAILED = frozenset(["4", "8", "12"])
_MOST = 1_000_000
_LOCATION_NUMBER = 13


def read_letters_or_events(data: bytes, file: str) -> tuple[LetterHeader, ...]:
    """The headers of the letters in a file; of a file of AuditEvents a receipt for each that says how a letter fared.

    Raises:
        LetterError: it is neither, or damaged.
    """
    if b'"AuditEvent"' not in data or data.lstrip()[:1] not in (b"{", b"[", b"\xef"):
        return read_letters(data, file)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise LetterError("the file is no UTF-8, which JSON is written in; make it anew", file=file) from None

    def fault(reason: str, line: int | None) -> LetterError:
        return LetterError(f"the AuditEvents can't be read: {reason}; fetch them again", file=file, line=line)

    lines = [line.strip() for line in text.split("\n") if line.strip()]
    by_line = all(line[0] == "{" and line[-1] == "}" for line in lines)
    wrapped = text if by_line or lines[0][0] == "[" else f"[{text}]"
    found = [one for given in json_objects(wrapped, fault, most=_MOST) for one in _resources(given.members)]
    if any(one.get("resourceType") == "MessageHeader" for one in found):
        return read_letters(data, file)
    events = [one for one in found if one.get("resourceType") == "AuditEvent"]
    headers = []
    for position, event in enumerate(events, start=1):
        receipt = _receipt(event)
        if receipt is not None:
            headers.append(_header(event, receipt, file, position))
    return tuple(headers)


def _resources(members: dict[str, object]) -> Iterator[dict[str, object]]:
    """The resources of a Bundle, or the one there is."""
    if members.get("resourceType") != "Bundle":
        yield members
        return
    for entry in _dicts(members.get("entry")):
        yield from _dicts([entry.get("resource")])


def _receipt(event: dict[str, object]) -> Receipt | None:
    steps = {code for one in _dicts(event.get("subtype")) for code in _codes(one)}
    station = _station(event)
    if str(event.get("outcome", "")) in _FAILED:
        answer, reason = ReceiptKind.NEGATIVE, f"eds-{station}"
    elif steps & _DELIVERED and station == "eua":
        answer, reason = ReceiptKind.POSITIVE, None
    else:
        return None
    letter_id, envelope, transport = (
        _entity(event, name)[0] for name in ("ehmiMessage", "ehmiMessageEnvelope", "ehmiTransportEnvelope")
    )
    if letter_id is None and envelope is None and transport is None:
        return None
    _, details = _entity(event, "ehmiMessage")
    message_type, _ = stated_type(details.get("ehmiMessageType"), details.get("ehmiMessageVersion"))
    return Receipt(
        answer,
        envelope_id=transport,
        letter_ids=(letter_id,) if letter_id else (),
        sender=_number(event, "ehmiSender"),
        receiver=_number(event, "ehmiReceiver"),
        reason=reason,
        inner_envelope_id=envelope,
        letters=(LetterAnswer(letter_id, answer, reason, message_type),),
    )


def _header(event: dict[str, object], receipt: Receipt, file: str, position: int) -> LetterHeader:
    sender, receiver = (
        Party(
            role, (identifier_of(LetterIdentifierKind.LOCATION_NUMBER, number, "AuditEvent.agent"),) if number else ()
        )
        for role, number in ((Role.SENDER, receipt.receiver), (Role.RECEIVER, receipt.sender))
    )
    return LetterHeader(
        file=file,
        position=position,
        format=MessageFormat.FHIR,
        message_type=None,
        letter_id=hide(_text(event.get("id")) or "") or None,
        envelope_id=None,
        sent=_moment(_text(event.get("recorded"))),
        sender=sender,
        receiver=receiver,
        answered=receipt,
        namespace=STATION,
    )


def _station(event: dict[str, object]) -> str:
    """Whose station it is: the user's system (EUA), a message handler (MSH) or an access point (AP)."""
    source = event.get("source")
    codes = [
        code.lower() for one in _dicts(source.get("type") if isinstance(source, dict) else None) for code in _codes(one)
    ]
    said = " ".join(codes)
    return "eua" if "eua" in said else "ap" if "ap-msh" not in said and "ap" in said and "msh" not in said else "msh"


def _number(event: dict[str, object], role: str) -> str | None:
    for agent in _dicts(event.get("agent")):
        if role not in _codes(agent.get("type")) and role not in [
            c for one in _dicts(agent.get("role")) for c in _codes(one)
        ]:
            continue
        who = agent.get("who")
        for extension in _dicts([agent, *([who] if isinstance(who, dict) else [])]):
            for one in _dicts(extension.get("extension")):
                if str(one.get("url", "")).endswith("eds-otherId"):
                    value = one.get("valueIdentifier")
                    number = _text(value.get("value")) if isinstance(value, dict) else _text(one.get("valueString"))
                    if number:
                        return number.removeprefix("0088:")
        identifier = who.get("identifier") if isinstance(who, dict) else None
        number = _text(identifier.get("value")) if isinstance(identifier, dict) else None
        if number and len(number) == _LOCATION_NUMBER:
            return number
    return None


def _entity(event: dict[str, object], kind: str) -> tuple[str | None, dict[str, str]]:
    """The id of an entity of a kind, and its details."""
    for entity in _dicts(event.get("entity")):
        if kind not in _codes(entity.get("type")):
            continue
        what = entity.get("what")
        identifier = what.get("identifier") if isinstance(what, dict) else None
        name = _text(identifier.get("value")) if isinstance(identifier, dict) else None
        details = {
            str(one.get("type")): value
            for one in _dicts(entity.get("detail"))
            if (value := _text(one.get("valueString"))) is not None
        }
        return (hide(name) if name else None), details
    return None, {}


def _codes(concept: object) -> list[str]:
    """The codes of a Coding or a CodeableConcept."""
    if not isinstance(concept, dict):
        return []
    given = [concept, *_dicts(concept.get("coding"))]
    return [code for one in given if isinstance(code := one.get("code"), str)]


def _dicts(given: object) -> list[dict[str, object]]:
    return [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []


def _text(given: object) -> str | None:
    return given.strip() or None if isinstance(given, str) else None


def _moment(text: str | None) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
