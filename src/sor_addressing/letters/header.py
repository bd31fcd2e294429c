"""What the addressing header of a letter says: values, the same for every format.

A header holds who sends, who receives, what type of letter it is, when it was sent and under which ids. It holds no name, no text and
nothing of the patient: readers never take those out of the file, so that no log, error or report can show them.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import attrs

from sor_addressing.addressing.findings import Finding
from sor_addressing.addressing.severities import DEFAULT_SEVERITIES
from sor_addressing.hiding import HIDDEN as HIDDEN
from sor_addressing.hiding import hide as hide
from sor_addressing.hiding import must_hide
from sor_addressing.identifiers import CvrNumber, LocationNumber, ProviderNumber, ShakCode, SorCode, compact
from sor_addressing.messages.catalogue import MessageFormat, MessageType
from sor_addressing.model import Period

_LONGEST_LIKE_CPR = 10


class LetterIdentifierKind(StrEnum):
    """What a letter says that an identifier is. The first five are looked up in the register; the rest are only shown."""

    LOCATION_NUMBER = "location_number"
    SOR_CODE = "sor_code"
    PROVIDER_NUMBER = "provider_number"
    SHAK_CODE = "shak_code"
    CVR_NUMBER = "cvr_number"
    MUNICIPALITY_CODE = "municipality_code"
    COUNTY_CODE = "county_code"
    LOCAL_CODE = "local_code"
    VANS_NAME = "vans_name"
    OTHER = "other"


class Role(StrEnum):
    """What a party is to the letter. A referral names who is to get a copy of its answer: that is another letter, of a type not known yet."""

    SENDER = "sender"
    RECEIVER = "receiver"
    COPY_RECEIVER = "copy_receiver"
    ANSWER_COPY_RECEIVER = "answer_copy_receiver"
    REPLY_TO = "reply_to"


class EnvelopeKind(StrEnum):
    """The envelopes that carry a letter: that of the VANS network, and its successor (EHMI)."""

    VANS = "VANSEnvelope"
    SBDH = "SBDH"


class ReceiptKind(StrEnum):
    """What a receipt (*kvittering*) says of the letter it answers."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    NEGATIVE_VANS = "negative-vans"


_CANONICAL = {
    LetterIdentifierKind.LOCATION_NUMBER: LocationNumber.compact,
    LetterIdentifierKind.SOR_CODE: SorCode.compact,
    LetterIdentifierKind.PROVIDER_NUMBER: ProviderNumber.compact,
    LetterIdentifierKind.SHAK_CODE: ShakCode.compact,
    LetterIdentifierKind.CVR_NUMBER: CvrNumber.compact,
}


class Outdated(StrEnum):
    """Why an identifier that a letter gives does not count: marked old, of a unit marked inactive, by its period, or not told readably."""

    OLD = "old"
    INACTIVE = "inactive"
    ENDED = "ended"
    NOT_YET = "not-yet"
    UNREADABLE = "unreadable"


@attrs.frozen(slots=True)
class LetterIdentifier:
    """One identifier of a party: its kind as the letter names it, its value in canonical form, and the place it stands.

    ``place`` is such as ``UNB S003``, ``Receiver/EANIdentifier`` or ``Organization.identifier``. Make one with :func:`identifier_of`.
    ``period`` is when it holds, and ``withdrawn`` why it holds on no day, where a FHIR message says so; see :meth:`outdated`.
    """

    kind: LetterIdentifierKind
    value: str
    place: str
    period: Period | None = None
    withdrawn: Outdated | None = None

    def outdated(self, on: dt.date) -> Outdated | None:
        """Why the letter itself says that this identifier does not count on a day; None where it counts."""
        period = self.period
        if self.withdrawn is not None or period is None:
            return self.withdrawn
        if not period.readable:
            return Outdated.UNREADABLE
        return Outdated.ENDED if period.is_before(on) else Outdated.NOT_YET if period.is_after(on) else None

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {"kind": str(self.kind), "value": self.value, "place": self.place}


@attrs.frozen(slots=True)
class Party:
    """A sender or receiver with every identifier the letter gives it; none where it names the party without one.

    ``outdated`` are those that the letter itself says do not count: nobody is looked up by them.
    """

    role: Role
    identifiers: tuple[LetterIdentifier, ...] = ()
    outdated: tuple[LetterIdentifier, ...] = ()

    def on(self, day: dt.date) -> Party:
        """The party as the letter has it on a day: identifiers come and go with their periods."""
        said = (*self.identifiers, *self.outdated)
        if not self.outdated and all(one.period is None and one.withdrawn is None for one in said):
            return self
        counting = tuple(one for one in said if one.outdated(day) is None)
        kept = {(one.kind, one.value) for one in counting}
        return Party(
            self.role,
            counting,
            tuple(one for one in said if one.outdated(day) and (one.kind, one.value) not in kept),
        )

    def first(self, kind: LetterIdentifierKind) -> str | None:
        """The first identifier of a kind; None where there is none. Two of one kind that differ are a finding of the header."""
        return next((one.value for one in self.identifiers if one.kind is kind), None)

    @property
    def location_number(self) -> str | None:
        """The location number."""
        return self.first(LetterIdentifierKind.LOCATION_NUMBER)

    @property
    def sor_code(self) -> str | None:
        """The SOR code."""
        return self.first(LetterIdentifierKind.SOR_CODE)

    @property
    def provider_number(self) -> str | None:
        """The provider number (*ydernummer*)."""
        return self.first(LetterIdentifierKind.PROVIDER_NUMBER)

    @property
    def shak_code(self) -> str | None:
        """The SHAK code (*sygehusafdelingsnummer*)."""
        return self.first(LetterIdentifierKind.SHAK_CODE)

    @property
    def cvr_number(self) -> str | None:
        """The CVR number."""
        return self.first(LetterIdentifierKind.CVR_NUMBER)

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {
            "role": str(self.role),
            "identifiers": [one.to_dict() for one in self.identifiers],
            "outdated": [one.to_dict() for one in self.outdated],
        }


@attrs.frozen(slots=True)
class LetterAnswer:
    """What a receipt says of one letter: its id, how it arrived, the code of a refusal, and the type that the receipt says it has."""

    letter_id: str | None
    answer: ReceiptKind | None
    reason: str | None = None
    message_type: MessageType | None = None

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {
            "letter_id": self.letter_id,
            "answer": str(self.answer) if self.answer else None,
            "reason": self.reason,
            "message_type": self.message_type.to_dict() if self.message_type else None,
        }


@attrs.frozen(slots=True)
class Receipt:
    """What a receipt says: which letter it answers, by envelope, ids and parties, and how that letter arrived.

    ``reason`` is the code of a refusal as the receipt writes it (``ukendt_lokationsnummer``, ``LOK``), None where there is none. ``letters``
    is what it says of each letter, for one file can be refused in part. ``inner_envelope_id`` is that of what an EHMI envelope carried.
    Two receipts that say the same of the whole are equal.
    """

    answer: ReceiptKind | None
    envelope_id: str | None = None
    letter_ids: tuple[str, ...] = ()
    sender: str | None = None
    receiver: str | None = None
    reason: str | None = None
    inner_envelope_id: str | None = None
    letters: tuple[LetterAnswer, ...] = attrs.field(default=(), eq=False)

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {
            "answer": str(self.answer) if self.answer else None,
            "envelope_id": self.envelope_id,
            "letter_ids": list(self.letter_ids),
            "sender": self.sender,
            "receiver": self.receiver,
            "reason": self.reason,
            "inner_envelope_id": self.inner_envelope_id,
            "letters": [letter.to_dict() for letter in self.letters],
        }


@attrs.frozen(slots=True)
class Envelope:
    """What the envelope around a letter says: a VANSEnvelope, or the header of an EHMI message (SBDH).

    ``message_type`` is None where the envelope names none. ``statistic`` is the variant after ``#`` in the type's name.
    ``letter_id`` and ``inner_envelope_id`` are those that the envelope gives for what is inside it. ``stated_size`` is the size in
    bytes that it states, ``payload_size`` what is there. ``findings`` is what is wrong in the envelope itself.
    """

    kind: EnvelopeKind
    sender: Party
    receiver: Party
    envelope_id: str | None = None
    sent: dt.datetime | None = None
    message_type: MessageType | None = None
    statistic: str | None = None
    letter_id: str | None = None
    inner_envelope_id: str | None = None
    document_format: str | None = None
    receipt_wanted: bool | None = None
    stated_size: int | None = None
    payload_size: int | None = None
    findings: tuple[Finding, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {
            "kind": str(self.kind),
            "envelope_id": self.envelope_id,
            "message_type": self.message_type.to_dict() if self.message_type else None,
            "statistic": self.statistic,
            "letter_id": self.letter_id,
            "inner_envelope_id": self.inner_envelope_id,
            "document_format": self.document_format,
            "sent": self.sent.isoformat() if self.sent else None,
            "sender": self.sender.to_dict(),
            "receiver": self.receiver.to_dict(),
            "receipt_wanted": self.receipt_wanted,
            "stated_size": self.stated_size,
            "payload_size": self.payload_size,
            "findings": [finding.to_dict() for finding in self.findings],
        }


@attrs.frozen(slots=True)
class LetterHeader:
    """The addressing header of one letter in a message file.

    Attributes:
        file: the file it stands in.
        position: which letter of the file it is, counted from 1.
        format: EDI, XML or FHIR; None for an envelope without a readable letter (a receipt of the VANS network, or a binary file).
        message_type: type and version as the letter says; None where it says none.
        letter_id: ``Letter/Identifier``, UNH 0062 or ``MessageHeader.id``.
        envelope_id: ``Envelope/Identifier``, UNB 0020 or ``Bundle.id``.
        sent: when the sender sent it. EDI and XML letters have no time zone: it is then naive and means Danish time.
        sender: who sends.
        receiver: whom the letter is addressed to.
        copy_receivers: who gets a copy, in the letter's order; among them, with a role of their own, those who are to get a copy of the answer.
        reply_to: where a reply should go, where the letter says that it isn't the sender.
        receipt_wanted: whether the sender asks for a positive receipt; every FHIR message is to be answered by one.
        answered: for a receipt, what it answers; None for any other letter.
        namespace: the namespace of an XML letter, which is its release date.
        attachments: the media type of each file that is attached to FHIR correspondence, ``unknown`` where it names none.
        envelope: the envelope around it; None where there is none.
        findings: what is wrong in the file itself (wrong counts, two identifiers of one kind), with the severity it usually has.
    """

    file: str
    position: int
    format: MessageFormat | None
    message_type: MessageType | None
    letter_id: str | None
    envelope_id: str | None
    sent: dt.datetime | None
    sender: Party
    receiver: Party
    copy_receivers: tuple[Party, ...] = ()
    reply_to: Party | None = None
    receipt_wanted: bool | None = None
    answered: Receipt | None = None
    namespace: str | None = None
    envelope: Envelope | None = None
    attachments: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def receivers(self) -> tuple[Party, ...]:
        """Everybody who is to get the letter: the receiver first, then those who get a copy."""
        return (self.receiver, *self.copy_receivers)

    @property
    def family(self) -> str | None:
        """Family of the message type, such as ``DIS91``; None where it is not known."""
        return self.message_type.family if self.message_type else None

    def to_dict(self) -> dict[str, object]:
        """Plain types, stable keys, for logs and JSON."""
        return {
            "file": self.file,
            "position": self.position,
            "format": str(self.format) if self.format else None,
            "message_type": self.message_type.to_dict() if self.message_type else None,
            "letter_id": self.letter_id,
            "envelope_id": self.envelope_id,
            "sent": self.sent.isoformat() if self.sent else None,
            "sender": self.sender.to_dict(),
            "receiver": self.receiver.to_dict(),
            "copy_receivers": [party.to_dict() for party in self.copy_receivers],
            "reply_to": self.reply_to.to_dict() if self.reply_to else None,
            "receipt_wanted": self.receipt_wanted,
            "answered": self.answered.to_dict() if self.answered else None,
            "namespace": self.namespace,
            "envelope": self.envelope.to_dict() if self.envelope else None,
            "attachments": list(self.attachments),
            "findings": [finding.to_dict() for finding in self.findings],
        }


def identifier_of(kind: LetterIdentifierKind, text: str, place: str) -> LetterIdentifier:
    """``text`` as an identifier of ``kind`` in canonical form; what looks like a CPR number is hidden here already.

    >>> identifier_of(LetterIdentifierKind.PROVIDER_NUMBER, " 99 01", "Receiver/Identifier").value
    '009901'
    """
    if len(text) > _LONGEST_LIKE_CPR and text.isascii() and text.isdigit():
        return LetterIdentifier(
            kind, text, place
        )  # a location number or SOR code as it should be: nothing to hide or to mend
    value = _CANONICAL.get(kind, compact)(text)
    if must_hide(text) or must_hide(value):
        return LetterIdentifier(LetterIdentifierKind.OTHER, HIDDEN, place)
    return LetterIdentifier(kind, value, place)


def letter_finding(code: str, **details: object) -> Finding:
    """A finding on a letter, with the severity it usually has."""
    return Finding(code, DEFAULT_SEVERITIES[code], details)
