"""Writes the envelopes around made-up letters: the VANSEnvelope, and the header of an EHMI message (SBDH)."""

from __future__ import annotations

import base64
from html import escape

from sor_addressing.testing.letters.made_up import MadeUpLetter, MadeUpParty, fhir_id

VANS_NAMESPACE = "urn:oio:medcom:vans-envelope:1.0.4"
_SBDH_NAMESPACE = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
_CONTENT_NAMESPACE = "http://peppol.eu/xsd/ticc/envelope/1.0"
_ENVELOPE_ID = "0f0e0d0c-0b0a-4908-8706-050403020100"
_MESSAGE_ID = "00112233-4455-4677-8899-aabbccddeeff"
_BASE64_LINE = 76
_FORMATS = {"F": "HL7", "X": "XML", "G": "XML"}


def _ids_of(letter: MadeUpLetter) -> tuple[str, str]:
    """The ids that an envelope gives itself and the message inside it: of each letter its own, as networks make them."""
    usual = MadeUpLetter()
    return (
        _ENVELOPE_ID if letter.envelope_id == usual.envelope_id else fhir_id(f"envelope {letter.envelope_id}"),
        _MESSAGE_ID if letter.letter_id == usual.letter_id else fhir_id(f"message {letter.letter_id}"),
    )


def vans_envelope_of(
    payload: bytes,
    letter: MadeUpLetter,
    *,
    name: str | None = None,
    statistic: str | None = None,
    document_format: str | None = None,
    size: str | None = None,
    transport: str | None = "reliable",
    end_points: tuple[str, str] = ("EAN", "EAN"),
    sent: str | None = None,
    receipt: str | None = None,
    data: str | None = None,
    namespace: str = VANS_NAMESPACE,
    encoding: str = "UTF-8",
    wrapped: bool = False,
) -> bytes:
    """A VANSEnvelope around ``payload``, or with a receipt of the network instead.

    Args:
        payload: the letter inside, in any format.
        letter: whose parties, type, ids and time the envelope gives.
        name: the type's name, where it is not ``MCM:`` and the code.
        statistic: the variant behind ``#`` in the name.
        document_format: as the standard spells it; by default what the type code says.
        size: ``SizeInBytes``, where it is not the payload's.
        transport: ``reliable``, ``unreliable``, or None for no ``Transport``.
        end_points: ``EndPointType`` of sender and receiver.
        sent: ``SentDateTime``, where it is not the letter's.
        receipt: ``PositiveMessage``, ``NegativeMessage`` or ``NegativeVans``: the envelope then answers ``letter.answers`` and holds no payload.
        data: what stands in ``Data``, where it is not the payload.
        namespace: that of the envelope.
        encoding: of the envelope; the payload's is its own.
        wrapped: whether the base64 has lines.
    """
    sender, receiver = (
        f'<{tag} EndPointType="{kind}">{escape(party.location_number or "")}</{tag}>'
        for tag, kind, party in zip(
            ("SenderID", "ReceiverID"), end_points, (letter.sender, letter.receiver), strict=True
        )
    )
    answered = letter if receipt is None or letter.answers is None else letter.answers
    described = f"{name if name is not None else f'MCM:{letter.code}'}{f'#{statistic}' if statistic else ''}"
    about = (
        f"<Identifier>{_ids_of(answered)[1]}</Identifier><Document>"
        f"<Format>{document_format or _FORMATS.get(letter.code[:1], 'EDIFACT')}</Format><Name>{escape(described)}</Name>"
        + (f"<Version>{escape(letter.version)}</Version>" if letter.version else "")
        + f"<SizeInBytes>{len(payload) if size is None else escape(size)}</SizeInBytes></Document>"
    )
    if transport is not None:
        about += f"<Transport><Type>{transport}</Type><TransformMessage>false</TransformMessage></Transport>"
    if receipt is not None:
        error = (
            "" if receipt == "PositiveMessage" else "<Error><Code>LOK</Code><Description>OPDIGTET</Description></Error>"
        )
        body = (
            f"<Receipt><{receipt}><OriginalEnvelopeIdentifier>{_ids_of(answered)[0]}</OriginalEnvelopeIdentifier>"
            f"<OriginalMessage>{about}</OriginalMessage>{error}</{receipt}></Receipt>"
        )
    else:
        content = _base64(payload, wrapped=wrapped) if data is None else data
        body = f"<Message><MetaInformation>{about}</MetaInformation><Data>{content}</Data></Message>"
    return (
        f'<?xml version="1.0" encoding="{encoding}"?>\n<VANSEnvelope xmlns="{namespace}">{sender}{receiver}'
        f"<EnvelopeIdentifier>{_ids_of(letter)[0]}</EnvelopeIdentifier>"
        f"<SentDateTime>{escape(sent if sent is not None else letter.sent.isoformat())}</SentDateTime>{body}</VANSEnvelope>"
    ).encode(encoding)


def sbdh_of(
    payload: bytes | None,
    letter: MadeUpLetter,
    *,
    standard: str | None = None,
    document_id: str | None = None,
    statistic: str | None = None,
    acknowledgement: str | None = "Request",
    acknowledgement_scope: str = "EHMI-ReceiptAcknowledgement",
    prefix: str = "0088:",
    padding: str = "",
    patient: str = "OPDIGTET",
    data: str | None = None,
    identification: str = "DocumentIdentification",
    mime_type: str = "application/fhir+xml",
    wrapped: bool = False,
) -> bytes:
    """An EHMI message (``StandardBusinessDocument``) around ``payload``.

    Args:
        payload: the letter inside, in any format; None for no ``BinaryContent``.
        letter: whose parties, type, ids and time the header gives; SOR codes go into scopes of their own.
        standard: ``Standard``, where it is not the type code.
        document_id: the scope ``DOCUMENTID``; None for none.
        statistic: the variant in the scope ``StatisticalInformation``.
        acknowledgement: ``Request``, ``Response``, or None for no such scope.
        acknowledgement_scope: how that scope is called; older texts have another name.
        prefix: in front of the location numbers.
        padding: white space around every value, as in published samples.
        patient: what stands in the scopes that hold the patient.
        data: what stands in ``BinaryContent``, where it is not the payload.
        identification: the name of the element with the document's fields.
        mime_type: what the content says that it is.
        wrapped: whether the base64 has lines.
    """

    def field(name: str, value: str | None) -> str:
        return f"<{name}>{padding}{escape(value)}{padding}</{name}>" if value is not None else ""

    def scope(kind: str, value: str | None) -> str:
        return f"<Scope>{field('Type', kind)}{field('InstanceIdentifier', value)}</Scope>" if value is not None else ""

    def party(name: str, of: MadeUpParty) -> str:
        number = f"{prefix}{of.location_number}" if of.location_number else None
        identifier = field("Identifier", number).replace(
            "<Identifier>", '<Identifier Authority="iso6523-actorid-upis">'
        )
        return f"<{name}>{identifier}</{name}>"

    # The ids of what is inside: FHIR messages have UUIDs in their place.
    name = fhir_id if letter.code.startswith("F") else str
    scopes = [
        scope("PATIENTID", patient),
        scope("DOCUMENTID", document_id),
        scope("SENDERID", letter.sender.sor_code),
        scope("RECEIVERID", letter.receiver.sor_code),
        scope("MESSAGEIDENTIFIER", name(letter.letter_id)),
        scope("MESSAGEENVELOPEIDENTIFIER", name(letter.envelope_id)),
        scope("StatisticalInformation", f"MCM:{letter.code}#{statistic}" if statistic else None),
        scope(acknowledgement_scope, acknowledgement),
        scope("XDS-METADATA", patient),
    ]
    content = ""
    if payload is not None:
        text = _base64(payload, wrapped=wrapped) if data is None else data
        content = f'<BinaryContent xmlns="{_CONTENT_NAMESPACE}" mimeType="{mime_type}" encoding="Base64">{text}</BinaryContent>'
    fields = [
        field("Standard", standard if standard is not None else letter.code),
        field("TypeVersion", letter.version),
        field("InstanceIdentifier", _ids_of(letter)[0]),
        field("Type", "Bundle"),
        field("CreationDateAndTime", letter.sent.isoformat()),
    ]
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<StandardBusinessDocument xmlns="{_SBDH_NAMESPACE}"><StandardBusinessDocumentHeader>'
        f"<HeaderVersion>1.0</HeaderVersion>{party('Sender', letter.sender)}{party('Receiver', letter.receiver)}"
        f"<{identification}>{''.join(fields)}</{identification}><BusinessScope>{''.join(scopes)}</BusinessScope>"
        f"</StandardBusinessDocumentHeader>{content}</StandardBusinessDocument>"
    ).encode()


def _base64(payload: bytes, *, wrapped: bool) -> str:
    text = base64.b64encode(payload).decode("ascii")
    if not wrapped:
        return text
    return "\n".join(text[start : start + _BASE64_LINE] for start in range(0, len(text), _BASE64_LINE))
