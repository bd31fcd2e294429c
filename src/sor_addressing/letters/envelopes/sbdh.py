"""SBDH: the header of an EHMI message (``StandardBusinessDocument``), which is to replace the VANSEnvelope.

Parties are location numbers behind ``0088:``, their SOR codes stand in scopes of their own. Two other scopes hold the patient: of every
scope the type is looked at first, and only those in the table are read further.

Source: the guide to the EHMI SBDH; MedCom's list of document ids for the older letters.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from lxml import etree

from sor_addressing.addressing.findings import Finding
from sor_addressing.errors import LetterError
from sor_addressing.identifiers import parse
from sor_addressing.letters.envelopes.sbdh_receipt import LOCATION_PREFIX, kind_of, receipt_of
from sor_addressing.letters.header import (
    Envelope,
    EnvelopeKind,
    LetterIdentifier,
    LetterIdentifierKind,
    Party,
    Receipt,
    Role,
    hide,
    identifier_of,
    letter_finding,
)
from sor_addressing.letters.identity import SBDHACK
from sor_addressing.letters.oioxml.fields import (
    child_of,
    disagreements,
    fields_of,
    first_value,
    moment_of,
    shown,
    values_of,
)
from sor_addressing.letters.oioxml.large import envelope_root
from sor_addressing.letters.oioxml.xml_input import local_name, parse_xml, value_of
from sor_addressing.letters.stated_type import stated_type
from sor_addressing.messages.catalogue import MessageType, catalogue
from sor_addressing.safe_xml.prolog import HEAD_BYTES, as_one_byte, prolog_of
from sor_addressing.shipped import shipped_rows

ROOT = "StandardBusinessDocument"
_HEADER = "StandardBusinessDocumentHeader"
_PAYLOAD = (ROOT, "BinaryContent")
# Files say DocumentIdentification, the guide's text DocumentInformation.
_DOCUMENT = ("DocumentIdentification", "DocumentInformation")
_ACKNOWLEDGEMENTS = {"request": True, "response": False}


def read(data: bytes, file: str) -> tuple[Envelope, Receipt | None, bytes | None]:
    """The envelope, what it answers where it is a bare receipt, and the letter inside it, decoded; None where there is none.

    Args:
        data: the whole file.
        file: its name, for errors.

    Raises:
        LetterError: it can't be read as XML, is no SBDH, has no letter and is no receipt, or its content is no base64.
    """
    parsed, payload = envelope_root(data, file, _PAYLOAD)
    root = parsed.root
    header = child_of(root, _HEADER)
    if local_name(root) != ROOT or header is None:
        raise LetterError(f"the root of the XML is no {ROOT} with a {_HEADER}", file=file, line=root.sourceline)
    scopes = _scopes(header, file)
    document = next((found for name in _DOCUMENT if (found := fields_of(child_of(header, name), file))), {})
    message_type, contradictions = _type(document, scopes.get("document_id", ()))
    stated = kind_of(document.get("Type"))
    wanted = _ACKNOWLEDGEMENTS.get(next(iter(scopes.get("acknowledgement", ())), "").lower())
    is_receipt = (
        stated is not None
        or (message_type is not None and message_type.family == SBDHACK)
        or (wanted is False and payload is not None and _is_signal(payload))
    )
    if payload is None and wanted is not False and not is_receipt:
        raise LetterError(f"the {ROOT} has no BinaryContent, which holds the letter; write it anew", file=file)
    findings = [*parsed.findings]
    sent = moment_of(document.get("CreationDateAndTime"))
    if sent is None and "CreationDateAndTime" in document:
        findings.append(letter_finding("time-unreadable", field="CreationDateAndTime"))
    parties = [
        _party(header, "Sender", Role.SENDER, scopes.get("sender", ()), file),
        _party(header, "Receiver", Role.RECEIVER, scopes.get("receiver", ()), file),
    ]
    for party in parties:
        findings.extend(disagreements(party))
    content = child_of(root, "BinaryContent")
    envelope = Envelope(
        kind=EnvelopeKind.SBDH,
        sender=parties[0],
        receiver=parties[1],
        envelope_id=shown(document.get("InstanceIdentifier")),
        sent=sent,
        message_type=message_type,
        statistic=shown(next(iter(scopes.get("statistic", ())), "").partition("#")[2].strip()),
        letter_id=shown(next(iter(scopes.get("letter_id", ())), None)),
        inner_envelope_id=shown(next(iter(scopes.get("inner_envelope_id", ())), None)),
        document_format=shown((content.get("mimeType") or "").strip()) if content is not None else None,
        receipt_wanted=False if is_receipt else wanted,
        payload_size=len(payload) if payload is not None else None,
        findings=(*findings, *contradictions),
    )
    if is_receipt:
        signal = None
        if payload is not None and _is_signal(payload):
            signal = parse_xml(payload, f"{file} (inside the {ROOT})").root
        return envelope, receipt_of(stated, scopes, signal, file), payload if signal is None else None
    # A receipt that holds a letter holds FHIR's own receipt, which says itself what it answers.
    return envelope, Receipt(None) if payload is None else None, payload


def _is_signal(payload: bytes) -> bool:
    """Whether an ebBP signal is in the envelope, and no letter."""
    return kind_of(prolog_of(as_one_byte(payload[:HEAD_BYTES]).lstrip(b" \t\r\n")).root) is not None


def _scopes(header: etree._Element, file: str) -> dict[str, list[str]]:
    """The values of the scopes that are read, by what they hold."""
    found: dict[str, list[str]] = {}
    for scopes in header:
        if local_name(scopes) != "BusinessScope":
            continue
        for scope in scopes:
            parts = {local_name(part): part for part in scope} if local_name(scope) == "Scope" else {}
            kind = value_of(parts.get("Type"), file)
            holds = scope_meanings().get(kind.upper()) if kind else None
            value = value_of(parts.get("InstanceIdentifier"), file) if holds else None
            if holds and value:
                found.setdefault(holds, []).append(value)
            if holds == "acknowledgement":
                answers = first_value(parts.get("CorrelationInformation"), "RequestingDocumentInstanceIdentifier", file)
                if answers:
                    found.setdefault("correlation", []).append(answers)
    return found


def _party(header: etree._Element, name: str, role: Role, sor_codes: Sequence[str], file: str) -> Party:
    identifiers: list[LetterIdentifier] = []
    for element in header:
        for text in values_of(element, "Identifier", file) if local_name(element) == name else ():
            place = f"{name}/Identifier"
            number, kind, _ = parse(text)
            if kind is not None:
                identifiers.append(identifier_of(LetterIdentifierKind(kind.value), number, place))
            elif text.strip() != LOCATION_PREFIX:
                identifiers.append(identifier_of(LetterIdentifierKind.OTHER, text, place))
    scope = f"Scope {name.upper()}ID"
    identifiers.extend(identifier_of(LetterIdentifierKind.SOR_CODE, code, scope) for code in sor_codes)
    return Party(role, tuple(identifiers))


def _type(document: dict[str, str], document_ids: Sequence[str]) -> tuple[MessageType | None, tuple[Finding, ...]]:
    """The message type that ``Standard`` and ``TypeVersion`` state, or the document id where they don't say it."""
    stated, findings = stated_type(document.get("Standard"), document.get("TypeVersion"))
    if stated is not None and stated.format is not None:
        return stated, findings
    by_ids = [found for text in document_ids if (found := catalogue().read(hide(text))) is not None]
    by_id = next((found for found in by_ids if found.format is not None), None)
    return by_id or stated or next(iter(by_ids), None), findings


@cache
def scope_meanings() -> dict[str, str]:
    """What the scopes hold that are read, by their type in upper case."""
    return dict(shipped_rows("sor_addressing.letters", "data", "sbdh_scopes.csv"))
