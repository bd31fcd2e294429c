"""From the facts of a FHIR message to its header: what the JSON and the XML of one message share.

A reader takes out of the file what :class:`Message` and :class:`Organization` hold, and nothing else; here the references are followed, the
type is found, and the header is made. Sources: MedComMessagingMessageHeader and MedComMessagingOrganization (dk-medcom-messaging).
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence

import attrs

from sor_addressing.addressing.findings import Finding
from sor_addressing.errors import LetterError
from sor_addressing.letters.fhir.days import danish_day
from sor_addressing.letters.fhir.message_type import type_of
from sor_addressing.letters.fhir.organizations import (
    Organization,
    Organizations,
    Reference,
    are_alike,
    identifier_in_link,
)
from sor_addressing.letters.header import (
    LetterHeader,
    LetterIdentifier,
    LetterIdentifierKind,
    Outdated,
    Party,
    Receipt,
    ReceiptKind,
    Role,
    hide,
    letter_finding,
)
from sor_addressing.letters.outdated import missing_findings, outdated_findings
from sor_addressing.messages.catalogue import MessageFormat, catalogue
from sor_addressing.messages.refusals import nearest_to_address
from sor_addressing.texts import counted

__all__ = [
    "Destination",
    "Message",
    "checked_text",
    "header_of",
    "is_admission_recipient",
    "is_use_extension",
    "read_flag",
    "refuse_bundle",
]

LONGEST_TEXT = 1000
"""Characters that one field of a header may have; no id, address or code comes near."""

MAX_DESTINATIONS = 1000
"""How many destinations a message may have; real ones have one."""

_CONTROL = frozenset({"Cc", "Cs"})

_PRIMARY = "primary"
_COPY = "cc"
_ADMISSION_RECIPIENT = "reportofadmissionrecipient"
_USE_EXTENSION = "/medcom-messaging-destinationuseextension"

# FHIR's own type `instant`: always with seconds and a time zone.
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)", re.ASCII)

_ANSWERS = {"ok": ReceiptKind.POSITIVE, "transient-error": ReceiptKind.NEGATIVE, "fatal-error": ReceiptKind.NEGATIVE}

# The values that FHIR allows for Bundle.type: they may be named in an error, anything else is content.
_OTHER_BUNDLES = frozenset(
    ["document", "transaction", "transaction-response", "batch", "batch-response", "history", "searchset", "collection"]
)

_ENDPOINTS = {
    Role.SENDER: "MessageHeader.source.endpoint",
    Role.RECEIVER: "MessageHeader.destination.endpoint",
    Role.COPY_RECEIVER: "MessageHeader.destination.endpoint",
}

_SOR, _LOCATION = LetterIdentifierKind.SOR_CODE, LetterIdentifierKind.LOCATION_NUMBER


@attrs.frozen(slots=True)
class Destination:
    """One ``MessageHeader.destination``: the codes of its use extensions, whom it refers to, and its endpoint."""

    uses: tuple[str, ...] = ()
    receiver: Reference = Reference()
    endpoint: str | None = None


@attrs.define(slots=True)
class Message:
    """What is taken out of Bundle and MessageHeader; texts as they stand, None where they are empty or not there."""

    envelope_id: str | None = None
    timestamp: str | None = None
    full_url: str | None = None
    letter_id: str | None = None
    event: str | None = None
    definition: str | None = None
    destinations: Sequence[Destination] = ()
    sender: Reference = Reference()
    source_endpoint: str | None = None
    response_identifier: str | None = None
    response_code: str | None = None
    issue_codes: Sequence[str] = ()
    contained: Sequence[Organization] = ()
    admission_recipients: Sequence[Reference] = ()
    attachments: Sequence[str] = ()


def is_use_extension(url: str) -> bool:
    """Whether ``url`` is that of the extension that says what a destination is for, in any release of the guide."""
    return url.lower().endswith(_USE_EXTENSION)


def is_admission_recipient(url: str) -> bool:
    """Whether ``url`` is that of the extension by which a hospital notification names who gets the report of admission, in any release."""
    return _ADMISSION_RECIPIENT in url.lower().replace("-", "").rpartition("/")[2]


def refuse_bundle(kind: str | None, headers: Sequence[int], entries: int) -> None:
    """Refuse a Bundle that is no message.

    Args:
        kind: ``Bundle.type``.
        headers: which entries hold a MessageHeader, counted from 1.
        entries: how many entries there are.

    Raises:
        LetterError: it is none; the text says what it is instead.
    """
    if kind != "message":
        seen = "has no type" if kind is None else f"has type {kind}" if kind in _OTHER_BUNDLES else "has another type"
        raise LetterError(f"the Bundle {seen}, and a message has type message; send the message itself")
    if not headers:
        raise LetterError(
            f"no MessageHeader among the {counted(entries, 'entry', 'entries')} of the Bundle; a message has one, as its first entry"
        )
    if len(headers) > 1:
        raise LetterError(
            f"{len(headers)} MessageHeaders (entries {headers[0]}, {headers[1]}{' …' if headers[2:] else ''}) in one Bundle;"
            " a message has one, so give each a Bundle of its own"
        )
    if headers[0] != 1:
        raise LetterError(
            f"the MessageHeader is entry {headers[0]} of the Bundle, and it must be the first; put it first"
        )


def checked_text(text: str, where: str, name: str = "") -> str | None:
    """A text of the header without white space around it; None where nothing is left.

    Args:
        text: as it stands in the message.
        where: the element that it stands in, for errors.
        name: the name of the member or child that it is the value of, where that isn't part of ``where``.

    Raises:
        LetterError: it is longer than any such text, or has control characters, which a terminal or a log would obey.
    """
    text = text.strip()
    if len(text) > LONGEST_TEXT or not text.isprintable():
        place = f"{where}.{name}" if name else where
        if len(text) > LONGEST_TEXT:
            raise LetterError(
                f"{place} has {len(text):,} characters, and no field of a header has more than {LONGEST_TEXT:,}"
            )
        if any(unicodedata.category(char) in _CONTROL for char in text):
            raise LetterError(f"{place} has characters that are no text (control characters); take them out")
    return text or None


def read_flag(text: str | None, where: str) -> bool | None:
    """A flag that is written as text; None where there is none.

    Raises:
        LetterError: it is neither true nor false, so it is not certain whether the Organization counts.
    """
    if text is None:
        return None
    flag = _FLAGS.get(text.lower())
    if flag is None:
        raise LetterError(f"{where} can't be read, and must be true or false; correct it")
    return flag


_FLAGS = {"true": True, "1": True, "false": False, "0": False}


def header_of(message: Message, known: Organizations, file: str, findings: Sequence[Finding] = ()) -> LetterHeader:
    """The header of a message, its references followed among the Organizations that are known.

    Args:
        message: what was taken out of the file.
        known: its Organizations.
        file: what it is called.
        findings: what is wrong with the file already.

    Raises:
        LetterError: there are too many destinations or identifiers, or the receiver is not certain: several are marked primary,
            none of several is, or a reference means several Organizations with different identifiers.
    """
    if len(message.destinations) > MAX_DESTINATIONS:
        raise LetterError(
            f"{len(message.destinations):,} destinations, and no message has more than {MAX_DESTINATIONS:,}"
        )
    said = list(findings)
    message_type = type_of(message.event, message.definition, said)
    receipt = message_type is not None and catalogue().is_receipt(message_type.family)
    sent = _sent(message.timestamp, said)
    sender = _party(Role.SENDER, message.sender, message.source_endpoint, known, sent, said)
    primary, copies = _by_use(message.destinations)
    receiver = _party(Role.RECEIVER, primary.receiver, primary.endpoint, known, sent, said)
    return LetterHeader(
        file=file,
        position=1,
        format=MessageFormat.FHIR,
        message_type=message_type,
        letter_id=_hidden(message.letter_id),
        envelope_id=_hidden(message.envelope_id),
        sent=sent,
        sender=sender,
        receiver=receiver,
        copy_receivers=tuple(
            [_party(Role.COPY_RECEIVER, copy.receiver, copy.endpoint, known, sent, said) for copy in copies]
        )
        + _admission_recipients(message, sender, known, sent, said),
        receipt_wanted=not receipt,
        answered=_answered(message) if receipt else None,
        attachments=tuple(message.attachments),
        findings=tuple(said),
    )


def _admission_recipients(
    message: Message, sender: Party, known: Organizations, sent: dt.datetime | None, findings: list[Finding]
) -> tuple[Party, ...]:
    """Who gets the report of admission that a hospital notification asks for: a receiver like others, where it isn't the sender itself."""
    found = []
    for reference in message.admission_recipients[:MAX_DESTINATIONS]:
        said: list[Finding] = []
        party = _party(Role.COPY_RECEIVER, reference, None, known, sent, said)
        values = {(one.kind, one.value) for one in party.identifiers}
        if party.identifiers and not values.intersection((one.kind, one.value) for one in sender.identifiers):
            found.append(party)
            findings += said
    return tuple(found)


def _by_use(destinations: Sequence[Destination]) -> tuple[Destination, Sequence[Destination]]:
    """The destination that the letter is for, and those that get a copy; one that isn't marked gets one too, beside one that is."""
    if len(destinations) == 1 and destinations[0].uses == (_PRIMARY,):
        return destinations[0], ()  # as in nearly every message
    uses = [_use(destination, position) for position, destination in enumerate(destinations, start=1)]
    primary = uses.count(_PRIMARY)
    if primary > 1:
        raise LetterError(
            f"{primary} destinations are marked primary, so it is not certain whom the letter is for; mark one primary and the others cc"
        )
    unmarked = uses.count("")
    if not primary and unmarked > 1:
        raise LetterError(
            f"{unmarked} destinations and none of them is marked primary, so it is not certain whom the letter is for;"
            " mark one primary and the others cc"
        )
    sought = _PRIMARY if primary else ""
    receiver = Destination()
    copies = []
    for use, destination in zip(uses, destinations, strict=True):
        if use == sought:
            receiver = destination
        else:
            copies.append(destination)
    return receiver, copies


def _use(destination: Destination, position: int) -> str:
    """``primary``, ``cc``, or empty where the destination isn't marked as either."""
    uses = {use for use in (text.lower() for text in destination.uses) if use in (_PRIMARY, _COPY)}
    if len(uses) > 1:
        raise LetterError(f"destination {position} is marked both primary and cc; mark it as one of them")
    return uses.pop() if uses else ""


def _party(
    role: Role,
    reference: Reference,
    endpoint: str | None,
    known: Organizations,
    sent: dt.datetime | None,
    findings: list[Finding],
) -> Party:
    """The party that a reference and an endpoint name on the letter's day, with what is wrong with its identifiers among ``findings``."""
    said = known.identifiers_of(reference, role)
    party = Party(role, said)
    for one in said:
        if one.withdrawn is not None or one.period is not None:
            day = danish_day(sent)
            party = party.on(day)
            said = party.identifiers
            findings.extend(outdated_findings(party, day))
            break
    if len(said) == 2 and endpoint and _is_linked(said, endpoint) and _has(said, _LOCATION):
        return party  # the two that are demanded and nothing else: as in nearly every message
    identifiers = said
    linked = None
    # A link to a unit that the Organization says is no longer it is as old as that.
    if endpoint and not _is_linked(said, endpoint) and not _is_withdrawn(party):
        linked = identifier_in_link(endpoint, _ENDPOINTS[role])
        if linked and any(one.value == linked.value for one in party.outdated):
            linked = None
    if linked and all(one.value != linked.value for one in said):
        _find_disagreeing((*said, linked), role, findings)
        if not _has(said, linked.kind):
            # The Organization says nothing else, and the link is there for exactly this.
            identifiers = (*said, linked)
    elif len(said) > 2 or are_alike(said):
        _find_disagreeing(said, role, findings)
    # A link is no part of the Organization, which has to have both itself.
    findings += missing_findings(party)
    return attrs.evolve(party, identifiers=identifiers)


def _is_withdrawn(party: Party) -> bool:
    """Whether all of the Organization is marked inactive."""
    return any(one.withdrawn is Outdated.INACTIVE for one in party.outdated)


def _is_linked(identifiers: Sequence[LetterIdentifier], endpoint: str) -> bool:
    """Whether an endpoint ends in a SOR code that the party has anyway: nearly always."""
    for one in identifiers:  # noqa: SIM110 (see _has)
        if one.kind is _SOR and endpoint.endswith(f"={one.value}"):
            return True
    return False


def _has(identifiers: Sequence[LetterIdentifier], kind: LetterIdentifierKind) -> bool:
    for one in identifiers:  # noqa: SIM110 (half the cost of any() with a generator, in every letter)
        if one.kind is kind:
            return True
    return False


def _find_disagreeing(identifiers: Sequence[LetterIdentifier], role: Role, findings: list[Finding]) -> None:
    """One finding for each kind of which there are two different identifiers."""
    for kind in dict.fromkeys(one.kind for one in identifiers):
        alike = [one for one in identifiers if one.kind is kind]
        if len(alike) > 1:
            findings.append(
                letter_finding(
                    "identifiers-disagree",
                    variant="two",
                    party=role,
                    kind=kind,
                    identifiers=tuple(one.value for one in alike),
                    places=tuple(one.place for one in alike),
                )
            )


def _sent(timestamp: str | None, findings: list[Finding]) -> dt.datetime | None:
    if timestamp is None:
        return None
    if _INSTANT.fullmatch(timestamp):
        try:
            return dt.datetime.fromisoformat(timestamp)
        except ValueError:
            pass  # a day or an hour that there isn't
    findings.append(letter_finding("time-unreadable", field="Bundle.timestamp"))
    return None


def _answered(message: Message) -> Receipt:
    """What an acknowledgement answers; one whose code is none of FHIR's three says neither yes nor no.

    A refusal is for what its issues say (medcom-acknowledgement-issue-details), else ``transient-error`` or ``fatal-error``.
    """
    code = message.response_code
    answer = _ANSWERS.get(code or "")
    return Receipt(
        answer=answer,
        letter_ids=(hide(message.response_identifier),) if message.response_identifier else (),
        reason=(nearest_to_address(message.issue_codes) or code) if answer is ReceiptKind.NEGATIVE else None,
    )


def _hidden(text: str | None) -> str | None:
    return None if text is None else hide(text)
