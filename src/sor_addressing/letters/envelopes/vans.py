"""VANSEnvelope: the envelope of the VANS network, with any letter or a receipt in it.

It says who sends to whom and which type of letter is inside; the letter itself stands in ``Message/Data``, always as base64. Receipts of
the network hold no letter: they describe the one that they answer, and what they say of it is not their own.

Source: the schema of version 1.0.4, ``urn:oio:medcom:vans-envelope:1.0.4``; versions differ in the end of that name alone.
"""

from __future__ import annotations

from lxml import etree

from sor_addressing.addressing.findings import Finding
from sor_addressing.errors import LetterError
from sor_addressing.letters.header import (
    Envelope,
    EnvelopeKind,
    LetterAnswer,
    LetterIdentifierKind,
    Party,
    Receipt,
    ReceiptKind,
    Role,
    hide,
    identifier_of,
    letter_finding,
)
from sor_addressing.letters.oioxml.fields import (
    child_of,
    disagreements,
    fields_of,
    first_value,
    moment_of,
    shown,
    shown_code,
)
from sor_addressing.letters.oioxml.large import envelope_root
from sor_addressing.letters.oioxml.xml_input import local_name, namespace_of, value_of
from sor_addressing.letters.stated_type import stated_type
from sor_addressing.messages.catalogue import MessageType

ROOT = "VANSEnvelope"
NAMESPACE_PREFIX = "urn:oio:medcom:vans-envelope:"
_PAYLOAD = (ROOT, "Message", "Data")
_TYPE_PREFIX = "MCM:"
_END_POINTS = {
    "EAN": LetterIdentifierKind.LOCATION_NUMBER,
    "CVR": LetterIdentifierKind.CVR_NUMBER,
    "VANS": LetterIdentifierKind.VANS_NAME,
}
_ANSWERS = {
    "PositiveMessage": ReceiptKind.POSITIVE,
    "NegativeMessage": ReceiptKind.NEGATIVE,
    "NegativeVans": ReceiptKind.NEGATIVE_VANS,
}
_LONGEST_SIZE = 15


def read(data: bytes, file: str) -> tuple[Envelope, Receipt | None, bytes | None]:
    """The envelope, what it answers where it is a receipt, and the letter inside it, decoded; None for a receipt.

    Args:
        data: the whole file.
        file: its name, for errors.

    Raises:
        LetterError: it can't be read as XML, is no VANSEnvelope, holds neither a message nor a receipt, or its content is no base64.
    """
    parsed, payload = envelope_root(data, file, _PAYLOAD)
    root = parsed.root
    if local_name(root) != ROOT or not (namespace_of(root) or "").startswith(NAMESPACE_PREFIX):
        raise LetterError(f"the root of the XML is no {ROOT} of {NAMESPACE_PREFIX}…", file=file, line=root.sourceline)
    message, receipt = child_of(root, "Message"), child_of(root, "Receipt")
    if message is None and receipt is None:
        raise LetterError(f"the {ROOT} holds neither a Message nor a Receipt; write it anew", file=file)
    if message is not None and receipt is not None:
        raise LetterError(
            f"the {ROOT} holds a Message and a Receipt, and must hold one of them; write it anew", file=file
        )
    if message is not None and payload is None:
        raise LetterError("the Message of the envelope has no Data, which holds the letter; write it anew", file=file)
    findings = [*parsed.findings]
    fields = fields_of(root, file)
    sent = moment_of(fields.get("SentDateTime"))
    if sent is None and "SentDateTime" in fields:
        findings.append(letter_finding("time-unreadable", field="SentDateTime"))
    parties = [
        _party(root, name, role, file) for name, role in (("SenderID", Role.SENDER), ("ReceiverID", Role.RECEIVER))
    ]
    for party in parties:
        findings.extend(disagreements(party))
    about = child_of(message, "MetaInformation")
    document = fields_of(child_of(about, "Document"), file)
    message_type, statistic, contradictions = _type(document)
    envelope = Envelope(
        kind=EnvelopeKind.VANS,
        sender=parties[0],
        receiver=parties[1],
        envelope_id=shown(fields.get("EnvelopeIdentifier")),
        sent=sent,
        message_type=message_type,
        statistic=statistic,
        letter_id=shown(first_value(about, "Identifier", file)),
        document_format=shown(document.get("Format")),
        receipt_wanted=_receipt_wanted(about, file) if message is not None else None,
        stated_size=_size(document),
        payload_size=len(payload) if payload is not None else None,
        findings=(*findings, *contradictions),
    )
    return envelope, _answered(receipt, file), payload


def _party(root: etree._Element, name: str, role: Role, file: str) -> Party:
    found = []
    for element in root:
        text = value_of(element, file) if local_name(element) == name else None
        if text:
            # Only what the envelope calls a location number is one: others are not to be held to its check digit.
            kind = _END_POINTS.get((element.get("EndPointType") or "").strip().upper(), LetterIdentifierKind.OTHER)
            found.append(identifier_of(kind, text, name))
    return Party(role, tuple(found))


def _type(document: dict[str, str]) -> tuple[MessageType | None, str | None, tuple[Finding, ...]]:
    """The message type of ``Name`` and ``Version``, and the variant behind ``#``."""
    name, _, statistic = document.get("Name", "").partition("#")
    name = name.strip()
    if name[: len(_TYPE_PREFIX)].upper() == _TYPE_PREFIX:
        name = name[len(_TYPE_PREFIX) :].strip()
    message_type, findings = stated_type(name, document.get("Version"))
    return message_type, shown(statistic.strip()), findings


def _receipt_wanted(about: etree._Element | None, file: str) -> bool | None:
    """Whether the transport is to be reliable, which means receipts; so it is where nothing is said."""
    transport = (first_value(child_of(about, "Transport"), "Type", file) or "reliable").lower()
    return {"reliable": True, "unreliable": False}.get(transport)


def _size(document: dict[str, str]) -> int | None:
    text = document.get("SizeInBytes", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_SIZE else None


def _answered(receipt: etree._Element | None, file: str) -> Receipt | None:
    """What a receipt says of the letter that it answers."""
    if receipt is None:
        return None
    answering = next((child for child in receipt if local_name(child) in _ANSWERS), None)
    if answering is None:
        raise LetterError(f"the Receipt of the envelope holds none of {', '.join(_ANSWERS)}; write it anew", file=file)
    original = child_of(answering, "OriginalMessage")
    inner = child_of(original, "MetaInformation")
    letter = first_value(inner if inner is not None else original, "Identifier", file)
    answer = _ANSWERS[local_name(answering)]
    reason = shown_code(first_value(child_of(answering, "Error"), "Code", file))
    message_type, _, _ = _type(fields_of(child_of(inner, "Document"), file))
    return Receipt(
        answer,
        envelope_id=shown(first_value(answering, "OriginalEnvelopeIdentifier", file)),
        letter_ids=(hide(letter),) if letter else (),
        reason=reason,
        letters=(LetterAnswer(shown(letter), answer, reason, message_type),) if letter or message_type else (),
    )
