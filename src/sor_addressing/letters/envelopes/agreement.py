"""Where an envelope and the letter inside it say different things. They may, for copies and central visitation; it has to be seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from sor_addressing.addressing.answers import Resolution
from sor_addressing.addressing.findings import Finding
from sor_addressing.addressing.inside import candidate_rows
from sor_addressing.index.lookup import Index
from sor_addressing.letters.header import Envelope, EnvelopeKind, LetterHeader, Party, letter_finding
from sor_addressing.messages.catalogue import MessageFormat

_FORMATS = {MessageFormat.EDI: "edifact", MessageFormat.XML: "xml", MessageFormat.FHIR: "hl7"}


class EnvelopeField(StrEnum):
    """What envelope and letter both say."""

    SENDER_NUMBER = "sender-number"
    SENDER_SOR_CODE = "sender-sor-code"
    RECEIVER_NUMBER = "receiver-number"
    RECEIVER_SOR_CODE = "receiver-sor-code"
    MESSAGE_TYPE = "envelope-message-type"
    MESSAGE_VERSION = "envelope-message-version"
    LETTER_ID = "letter-id"
    ENVELOPE_ID = "envelope-id"
    FORMAT = "payload-format"
    SIZE = "payload-size"


def envelope_differences(
    header: LetterHeader, index: Index, addressed: Sequence[Resolution | None]
) -> Iterator[Finding]:
    """What the envelope says otherwise than the letter; nothing where the letter alone is in the envelope's words.

    ``addressed`` is who the letter's receivers are: an envelope to one that gets a copy differs from no receiver.
    """
    envelope = header.envelope
    if envelope is None:
        return
    if envelope.stated_size is not None and envelope.payload_size not in (None, envelope.stated_size):
        yield _differs(EnvelopeField.SIZE, envelope.stated_size, envelope.payload_size)
    if header.sender is envelope.sender:  # nothing was read inside it
        return
    yield from _party(EnvelopeField.SENDER_NUMBER, EnvelopeField.SENDER_SOR_CODE, envelope.sender, header.sender)
    number = envelope.receiver.location_number
    if not (number and number in _numbers_of_copies(header, index, addressed)):
        receiver = EnvelopeField.RECEIVER_NUMBER, EnvelopeField.RECEIVER_SOR_CODE
        yield from _party(*receiver, envelope.receiver, header.receiver)
    yield from _types(envelope, header)
    if envelope.kind is EnvelopeKind.SBDH:
        yield from _texts(EnvelopeField.LETTER_ID, envelope.letter_id, header.letter_id)
        yield from _texts(EnvelopeField.ENVELOPE_ID, envelope.inner_envelope_id, header.envelope_id)
    stated = (envelope.document_format or "").lower()
    if header.format and stated in _FORMATS.values() and stated != _FORMATS[header.format]:
        yield _differs(EnvelopeField.FORMAT, envelope.document_format, str(header.format))


def _party(number: EnvelopeField, sor_code: EnvelopeField, of_envelope: Party, of_letter: Party) -> Iterator[Finding]:
    yield from _texts(number, of_envelope.location_number, of_letter.location_number)
    yield from _texts(sor_code, of_envelope.sor_code, of_letter.sor_code)


def _types(envelope: Envelope, header: LetterHeader) -> Iterator[Finding]:
    ours, theirs = envelope.message_type, header.message_type
    if ours is None or theirs is None:
        return
    if ours.code.upper() != theirs.code.upper():
        yield _differs(EnvelopeField.MESSAGE_TYPE, ours.text, theirs.text)
    elif ours.version and theirs.version and ours.version.upper() != theirs.version.upper():
        yield _differs(EnvelopeField.MESSAGE_VERSION, ours.version, theirs.version)


def _texts(field: EnvelopeField, ours: str | None, theirs: str | None) -> Iterator[Finding]:
    if ours and theirs and ours.lower() != theirs.lower():
        yield _differs(field, ours, theirs)


def _differs(field: EnvelopeField, ours: object, theirs: object) -> Finding:
    return letter_finding("envelope-differs", field=field, envelope=ours, letter=theirs)


def _numbers_of_copies(header: LetterHeader, index: Index, addressed: Sequence[Resolution | None]) -> set[str | None]:
    numbers: set[str | None] = {party.location_number for party in header.copy_receivers}
    for resolution in addressed[1:]:
        if resolution is not None:
            numbers |= {index.location_number(row) for row in candidate_rows(resolution)}
    return numbers
