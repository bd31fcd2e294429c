"""OIOXML letters (``Emessage``): the header of each letter in the file, in every generation of the schemas, receipts too.

The namespace is the release date of a set of schemas, and some files mix two; so elements are known by their local names, and the
namespace is only recorded. Of a letter just five children are read, and of those only identifiers: names of clinicians can stand among
them, and everything else belongs to the patient. Those children come first in every schema, and nothing behind them is looked at.

Source: MedCom's schemas of 2004 to 2015 (EMessage.xsd, LetterType.xsd, Sender.xsd, Receiver.xsd, ValueLists.xsd).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import attrs
from lxml import etree

from sor_addressing.addressing.findings import Finding
from sor_addressing.errors import LetterError
from sor_addressing.letters.header import (
    LetterAnswer,
    LetterHeader,
    LetterIdentifier,
    LetterIdentifierKind,
    Party,
    Receipt,
    ReceiptKind,
    Role,
    hide,
    identifier_of,
    letter_finding,
)
from sor_addressing.letters.limits import MAX_LETTERS, MAX_PARTIES
from sor_addressing.letters.oioxml.fields import (
    child_of,
    disagreements,
    first_value,
    moment_of,
    shown,
    shown_code,
    values_of,
)
from sor_addressing.letters.oioxml.large import letters_root
from sor_addressing.letters.oioxml.xml_input import local_name, namespace_of, value_of, without_namespace
from sor_addressing.letters.stated_type import stated_type
from sor_addressing.messages.catalogue import MessageFormat, MessageType, catalogue
from sor_addressing.shipped import shipped_rows

ROOT = "Emessage"
_NO_LETTERS = ("Envelope", "Local_Elements")
_READ = ("Letter", "Sender", "Receiver", "CCReceiver", "AnswerCCReceiver", "OriginalEmessage")
_PATIENT = "Patient"
"""Behind it there is nothing to read in any schema, and the patient's part begins."""
_LETTER_FIELDS = ("Identifier", "VersionCode", "TypeCode")
_REPLY_TO = ("AnswerTo", "ReplyTo")

_MOST_FIELDS = 1_000
"""Elements that a party may have; the largest known has some twenty."""

_RECEIPTS = {
    "NegativeVansReceipt": ("XCTL01", ReceiptKind.NEGATIVE_VANS),
    "NegativeReceipt": ("XCTL02", ReceiptKind.NEGATIVE),
    "PositiveReceipt": ("XCTL03", ReceiptKind.POSITIVE),
}
"""Receipts have no TypeCode: the element is their type."""
_ANSWERS = dict(_RECEIPTS.values())

_WANTED = {"pluspositivkvitt": True, "minuspositivkvitt": False}


class _Shared(NamedTuple):
    """What all letters of a file have in common."""

    file: str
    envelope_id: str | None
    sent: dt.datetime | None
    receipt_wanted: bool | None
    namespace: str | None
    findings: tuple[Finding, ...]


def read(data: bytes, file: str) -> tuple[LetterHeader, ...]:
    """The header of every letter in an OIOXML file, in their order.

    Args:
        data: the whole file.
        file: its name, for the headers and for errors.

    Raises:
        LetterError: it can't be read as XML, its root is no ``Emessage``, or it holds no letter, or more than any file has.
    """
    parsed = letters_root(data, file)
    root = parsed.root
    if local_name(root) != ROOT:
        raise LetterError(
            f"the root of the XML is no {ROOT}, so this is no OIOXML letter", file=file, line=root.sourceline
        )
    shared = _shared(root, file, parsed.findings)
    headers: list[LetterHeader] = []
    for element in root:
        name = local_name(element)
        if name in _NO_LETTERS:
            continue
        header = _header(element, name, len(headers) + 1, shared)
        if header is None:
            continue
        if len(headers) == MAX_LETTERS:
            raise LetterError(f"the file holds more than {MAX_LETTERS:,} letters; send fewer in one file", file=file)
        headers.append(header)
    if not headers:
        raise LetterError(
            f"the {ROOT} holds no letter: none of its elements has a Letter, a Sender or a Receiver", file=file
        )
    return tuple(headers)


def _shared(root: etree._Element, file: str, findings: tuple[Finding, ...]) -> _Shared:
    envelope = child_of(root, "Envelope")
    found: dict[str, str | None] = {}
    moment: dict[str, str | None] = {}
    for child in envelope if envelope is not None else ():
        name = without_namespace(child.tag)
        if name in ("Identifier", "AcknowledgementCode"):
            found.setdefault(name, value_of(child, file))
        elif name == "Sent":
            moment = {without_namespace(part.tag): value_of(part, file) for part in child}
    day, time = moment.get("Date"), moment.get("Time")
    sent = moment_of(f"{day}T{time}") if day and time else None
    if sent is None and (day or time):
        findings = (*findings, letter_finding("time-unreadable", field="Envelope/Sent"))
    wanted = _WANTED.get((found.get("AcknowledgementCode") or "").lower())
    return _Shared(file, shown(found.get("Identifier")), sent, wanted, namespace_of(root), findings)


def _header(element: etree._Element, name: str, position: int, shared: _Shared) -> LetterHeader | None:
    """The header of the letter in ``element``, which is called ``name``; None where that is no letter."""
    file = shared.file
    fields: dict[str, str | None] | None = None
    findings = [*shared.findings]
    parties: dict[str, list[Party]] = {}
    reply_to: list[LetterIdentifier] = []
    original: etree._Element | None = None
    for child in element:
        part = without_namespace(child.tag)
        if part == _PATIENT:
            break
        if part not in _READ:
            continue
        if part == "Letter":
            fields = fields or _letter_fields(child, file)
        elif part == "OriginalEmessage":
            original = child if original is None else original
        else:
            alike = parties.setdefault(part, [])
            if len(alike) == MAX_PARTIES or len(child) > _MOST_FIELDS:
                raise LetterError(
                    f"a letter with more than {MAX_PARTIES:,} {part}, or one with more fields than any has; this is no letter",
                    file=file,
                    line=child.sourceline,
                )
            alike.append(_party(child, part, file, reply_to))
    if fields is None and "Sender" not in parties and "Receiver" not in parties:
        return None
    message_type, contradictions = _message_type(name, fields or {})
    findings += contradictions
    sender = _one(parties.get("Sender", ()), Role.SENDER)
    receiver = _one(parties.get("Receiver", ()), Role.RECEIVER)
    copies = (*parties.get("CCReceiver", ()), *parties.get("AnswerCCReceiver", ()))
    reply = Party(Role.REPLY_TO, tuple(reply_to)) if reply_to else None
    for party in (sender, receiver, *copies, reply):
        if party is not None:
            findings += disagreements(party)
    return LetterHeader(
        file=file,
        position=position,
        format=MessageFormat.XML,
        message_type=message_type,
        letter_id=shown((fields or {}).get("Identifier")),
        envelope_id=shared.envelope_id,
        sent=shared.sent,
        sender=sender,
        receiver=receiver,
        copy_receivers=copies,
        reply_to=reply,
        receipt_wanted=shared.receipt_wanted,
        answered=_answered(original, name, message_type, file),
        namespace=namespace_of(element) or shared.namespace,
        findings=tuple(findings),
    )


def _message_type(element: str, fields: dict[str, str | None]) -> tuple[MessageType | None, tuple[Finding, ...]]:
    """The type that the letter states, or that its element or version does where it is a receipt."""
    code, version = fields.get("TypeCode"), fields.get("VersionCode")
    if element in _RECEIPTS:
        code = _RECEIPTS[element][0]
    elif not code and version:
        by_version = catalogue().read(hide(version))
        code = by_version.code if by_version is not None and by_version.code in _ANSWERS else None
    return stated_type(code, version)


def _party(element: etree._Element, name: str, file: str, reply_to: list[LetterIdentifier]) -> Party:
    """A party with the identifiers that stand right in it; where a reply goes to is added to ``reply_to``."""
    role, number_place, identifier_place = _PARTIES[name]
    found: list[LetterIdentifier] = []
    pending: str | None = None
    code_ahead: str | None = None
    is_after_identifier = False
    for child in element:
        field = without_namespace(child.tag)
        if field == "EANIdentifier":
            value = value_of(child, file)
            if value:
                found.append(identifier_of(_LOCATION, value, number_place))
        elif field == "Identifier":
            if pending:
                found.append(identifier_of(_OTHER, pending, identifier_place))
            pending, is_after_identifier = value_of(child, file), True
            if pending and code_ahead:
                found.append(
                    identifier_of(identifier_codes().get(code_ahead.lower(), _OTHER), pending, identifier_place)
                )
                pending = code_ahead = None
                is_after_identifier = False
        elif field == "IdentifierCode":
            code = value_of(child, file)
            code_ahead = None if is_after_identifier else code  # the other way round than in the schema
            is_after_identifier = False
            if pending:
                kind = identifier_codes().get((code or "").lower(), _OTHER)
                found.append(identifier_of(kind, pending, identifier_place))
                pending = None
        elif field in _REPLY_TO and role is Role.SENDER:
            for number in values_of(child, "EANIdentifier", file):
                reply_to.append(identifier_of(_LOCATION, number, f"{name}/{field}/EANIdentifier"))
    if pending:
        # Invoices have no IdentifierCode: what the identifier is, only the receiver knows.
        found.append(identifier_of(_OTHER, pending, identifier_place))
    return Party(role, tuple(found))


_LOCATION, _OTHER = LetterIdentifierKind.LOCATION_NUMBER, LetterIdentifierKind.OTHER
_PARTIES = {
    name: (role, f"{name}/EANIdentifier", f"{name}/Identifier")
    for name, role in (
        ("Sender", Role.SENDER),
        ("Receiver", Role.RECEIVER),
        ("CCReceiver", Role.COPY_RECEIVER),
        ("AnswerCCReceiver", Role.ANSWER_COPY_RECEIVER),
    )
}
"""What each party is to the letter, and the places of its identifiers."""


def _one(parties: Sequence[Party], role: Role) -> Party:
    """One party with the identifiers of all: schemas allow one sender and one receiver, and of a second nothing is lost."""
    if len(parties) == 1:
        return parties[0]
    return Party(role, tuple(identifier for party in parties for identifier in party.identifiers))


def _answered(
    original: etree._Element | None, name: str, message_type: MessageType | None, file: str
) -> Receipt | None:
    """What a receipt answers; None for any other letter."""
    code = message_type.code if message_type else None
    answer = _RECEIPTS[name][1] if name in _RECEIPTS else _ANSWERS.get(code or "")
    if answer is None and original is None:
        return None
    if original is None:
        return Receipt(answer)
    reason = shown_code(first_value(original, "RefuseCode", file))
    letters = tuple(
        [_answer(child, answer, reason, file) for child in original if local_name(child) == "OriginalLetter"]
    )
    if reason is None and any(one.reason for one in letters):
        # Refused in part: of the letters without a reason it is not said whether they arrived.
        letters = tuple([one if one.reason else attrs.evolve(one, answer=None) for one in letters])
        reason = next(one.reason for one in letters if one.reason)
    return Receipt(
        answer,
        envelope_id=shown(first_value(original, "OriginalEnvelopeIdentifier", file)),
        letter_ids=tuple([one.letter_id for one in letters if one.letter_id]),
        sender=_original_party(original, "OriginalSender", file),
        receiver=_original_party(original, "OriginalReceiver", file),
        reason=reason,
        letters=letters,
    )


def _answer(letter: etree._Element, answer: ReceiptKind | None, reason: str | None, file: str) -> LetterAnswer:
    """What is said of one letter; its own reason comes before that of the whole."""
    own = shown_code(first_value(letter, "RefuseCode", file))
    version = first_value(letter, "OriginalVersionCode", file)
    return LetterAnswer(
        shown(first_value(letter, "OriginalLetterIdentifier", file)),
        answer,
        own or reason,
        catalogue().read(hide(version)) if version else None,
    )


def _original_party(original: etree._Element, name: str, file: str) -> str | None:
    number = first_value(child_of(original, name), "EANIdentifier", file)
    return identifier_of(LetterIdentifierKind.LOCATION_NUMBER, number, name).value if number else None


def _letter_fields(element: etree._Element, file: str) -> dict[str, str | None]:
    """The fields of ``Letter`` that are read; the number of the patient's course of treatment is none of them."""
    found: dict[str, str | None] = {}
    for child in element:
        name = without_namespace(child.tag)
        if name in _LETTER_FIELDS and not found.get(name):
            found[name] = value_of(child, file)
    return found


@cache
def identifier_codes() -> dict[str, LetterIdentifierKind]:
    """What an ``IdentifierCode`` says that the ``Identifier`` beside it is."""
    rows = shipped_rows("sor_addressing.letters", "data", "oioxml_identifier_codes.csv")
    return {code: LetterIdentifierKind(kind) for code, kind in rows}
