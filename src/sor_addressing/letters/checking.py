"""From the header of a letter to the verdict on it: every receiver, the sender, the envelope, and what they say of each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

import attrs

from sor_addressing.addressing.answers import Resolution, Status
from sor_addressing.addressing.findings import Finding
from sor_addressing.addressing.inside import recipient_row, why_not
from sor_addressing.addressing.plan import plan_for
from sor_addressing.addressing.policy import AddressingPolicy, for_sender, levels_of
from sor_addressing.addressing.support import Direction, Outcome, support
from sor_addressing.addressing.validate import validate
from sor_addressing.addressing.verdicts import Deliveries, Verdict, with_deliveries
from sor_addressing.clock import date_of
from sor_addressing.identifiers import LocationNumber
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.lookup import Index
from sor_addressing.letters.attachments import not_agreed
from sor_addressing.letters.corrections import Correction, only_certain
from sor_addressing.letters.envelopes.agreement import envelope_differences
from sor_addressing.letters.header import LetterHeader, LetterIdentifierKind, Party, Role
from sor_addressing.letters.identity import SBDHACK
from sor_addressing.letters.old_numbers import OLD_NUMBER_CODES
from sor_addressing.letters.outdated import header_on
from sor_addressing.letters.parties import PartyQuestion, ResolvedParty, resolve_party, unchecked
from sor_addressing.letters.report import LetterReport, ReceiverCheck
from sor_addressing.messages.catalogue import MessageFormat, MessageType, catalogue
from sor_addressing.messages.conversion_rows import ConversionParty

_DELIVERED_BY = (LetterIdentifierKind.LOCATION_NUMBER, LetterIdentifierKind.VANS_NAME)
_SENDABLE = (Outcome.SUPPORTED, Outcome.CONVERTED)


def check_letter(
    index: Index,
    header: LetterHeader,
    *,
    day: int,
    today: int,
    policy: AddressingPolicy,
    deliveries: Deliveries | None = None,
) -> LetterReport:
    """The verdict on the letter that ``header`` is of, sent on ``day``; ``today`` measures the age of the register.

    ``deliveries`` tells how earlier letters to its receivers fared.
    """
    index.check_standing()
    return _Check(index, header, day, today, policy, deliveries).report()


class _Check:
    def __init__(
        self,
        index: Index,
        header: LetterHeader,
        day: int,
        today: int,
        policy: AddressingPolicy,
        deliveries: Deliveries | None,
    ) -> None:
        self._index = index
        self._deliveries = deliveries
        asked = date_of(day)
        self._header = header = header if asked is None else header_on(header, asked)
        self._day = day
        self._today = today
        self._policy = self._answering = policy
        # Receipts of the network, for an envelope: nobody is registered to receive them.
        is_transport_receipt = header.answered is not None and (header.message_type is None or header.family == SBDHACK)
        self._type = None if is_transport_receipt else header.message_type
        self._asked = PartyQuestion(day, policy, self._type)

    def report(self) -> LetterReport:
        header = self._header
        findings = [self._leveled(finding) for finding in header.findings]
        if header.message_type is None and header.answered is None:
            findings.append(self._finding("message-type-missing"))
        sender = resolve_party(self._index, header.sender, self._asked)
        self._policy = _sent_by(sender, self._policy)
        self._asked = PartyQuestion(self._day, self._policy, self._type)
        receivers = [resolve_party(self._index, party, self._asked) for party in header.receivers]
        self._answering = _sent_by(receivers[0], self._policy)
        checks = tuple(self._receiver(one) for one in receivers)
        corrections = [*sender.corrections]
        for one, check in zip(receivers, checks, strict=True):
            findings += one.findings
            findings += check.findings
            corrections += one.corrections
            corrections += self._type_correction(check)
        for one in (sender, *receivers):
            findings += self._old_numbers(one)
        findings += sender.findings
        findings += self._address_missing(receivers[0])
        findings += self._attachments(checks)
        corrections += self._missing_identifiers(findings, sender, *receivers)
        verdict, more = self._sender(sender)
        findings += more
        if header.envelope is not None:
            addressed = [one.resolution for one in receivers]
            findings += (self._leveled(one) for one in envelope_differences(header, self._index, addressed))
            findings += self._envelope_arrives(header.envelope.receiver, checks)
        return LetterReport(header, checks, verdict, tuple(findings), only_certain(corrections))

    def _finding(self, code: str, **details: object) -> Finding:
        return Finding(code, levels_of(self._policy)[code], details)

    def _leveled(self, finding: Finding) -> Finding:
        """A finding of the reader, with the severity that the policy gives it."""
        level = levels_of(self._policy)[finding.code]
        return finding if level is finding.severity else attrs.evolve(finding, severity=level)

    def _validate(
        self, resolution: Resolution, message_type: MessageType, direction: Direction = Direction.RECEIVE
    ) -> Verdict:
        return validate(
            self._index,
            resolution,
            message_type,
            direction=direction,
            day=self._day,
            today=self._today,
            policy=self._policy,
        )

    def _receiver(self, one: ResolvedParty) -> ReceiverCheck:
        message_type = self._type
        if one.resolution is None:
            return ReceiverCheck(one.party, None, self._not_resolvable(one.party))
        if one.party.role is Role.ANSWER_COPY_RECEIVER:
            return ReceiverCheck(one.party, None, self._answer_copy(one.party, one.resolution))
        verdict = None if message_type is None else self._validate(one.resolution, message_type)
        if verdict is not None and self._deliveries is not None:
            verdict = with_deliveries(verdict, self._deliveries, self._policy)
        return ReceiverCheck(one.party, verdict)

    def _answer_copy(self, party: Party, resolution: Resolution) -> tuple[Finding, ...]:
        """Who gets a copy of the answer has to be somebody; which type the answer will be of is not known."""
        if resolution.status is Status.RESOLVED:
            return ()
        reason = why_not(resolution)
        details = {"party": party.role, "identifier": resolution.identifier, "reason": reason}
        return (self._finding("receiver-not-checked", variant="not-resolved", **details),)

    def _not_resolvable(self, party: Party) -> tuple[Finding, ...]:
        shown = tuple(unchecked(party))
        if party.role is Role.RECEIVER and not shown:
            return (self._finding("receiver-missing"),)
        code = "receiver-not-checked"
        found = [self._finding(code, party=party.role, kind=kind, identifier=value) for kind, value in shown]
        if party.role is Role.RECEIVER:
            return (self._finding("receiver-missing"), *found)
        return tuple(found) or (self._finding(code, party=party.role, variant="nothing"),)

    def _type_correction(self, check: ReceiverCheck) -> Iterator[Correction]:
        """The one other type of the family that the receiver takes, where the letter's isn't taken."""
        verdict = check.verdict
        if verdict is None or verdict.outcome is not Outcome.UNSUPPORTED or check.party.role is not Role.RECEIVER:
            return
        family = verdict.message_type.family
        codes = dict.fromkeys(other.text for other in verdict.alternatives if family and other.family == family)
        if len(codes) == 1:
            reason = "message-type-unsupported"
            yield Correction(Role.RECEIVER, "message_type", verdict.message_type.text, next(iter(codes)), reason)

    def _address_missing(self, receiver: ResolvedParty) -> Iterator[Finding]:
        """An EDIFACT or OIOXML letter is delivered by a location number, or by a name in the network; a FHIR message says so itself."""
        header = self._header
        if receiver.resolution is None or header.format not in (MessageFormat.EDI, MessageFormat.XML):
            return
        around = header.envelope.receiver.identifiers if header.envelope else ()
        if not any(one.kind in _DELIVERED_BY for one in (*receiver.party.identifiers, *around)):
            details = {"party": Role.RECEIVER, "kind": LetterIdentifierKind.LOCATION_NUMBER}
            yield self._finding("letter-identifier-missing", variant="address", **details)

    def _attachments(self, checks: Sequence[ReceiverCheck]) -> Iterator[Finding]:
        """Attachments that the conversion service forwards all the same, and the receiver of the converted letter refuses."""
        if self._header.attachments and any(_is_converted_from_fhir(check.verdict) for check in checks):
            for details in not_agreed(self._header.attachments):
                yield self._finding("attachments-not-agreed", **details)

    def _envelope_arrives(self, receiver: Party, checks: Sequence[ReceiverCheck]) -> Iterator[Finding]:
        """An envelope goes to the number on it, whomever the letter names: that receiver has to take the letter as well."""
        number, message_type = receiver.location_number, self._type
        if number is None:
            return
        for check in checks:
            recipient = check.verdict.resolution.recipient if check.verdict else None
            if check.verdict and number in (check.party.location_number, recipient and recipient.location_number):
                return  # and there it is said
        resolution = resolve_party(self._index, receiver, self._asked).resolution
        if resolution is None or (resolution.status is Status.RESOLVED and message_type is None):
            return
        answer = resolution if message_type is None else self._validate(resolution, message_type)
        reason = why_not(answer)
        if reason:
            yield self._finding("envelope-not-deliverable", identifier=number, reason=reason)

    def _old_numbers(self, one: ResolvedParty) -> Iterator[Finding]:
        """Numbers that stand where the SOR code should: SHAK codes are being phased out, and provider numbers are shared and used again."""
        party = one.party
        kinds = {identifier.kind for identifier in party.identifiers}
        if LetterIdentifierKind.SOR_CODE in kinds or kinds.isdisjoint(OLD_NUMBER_CODES):
            return
        code = self._index.sor_code(one.unit) if one.unit != NOTHING else None
        for identifier in party.identifiers:
            name = OLD_NUMBER_CODES.get(identifier.kind)
            if name is not None:
                variant = None if code else "unit-not-certain"
                details = {"party": party.role, "identifier": identifier.value, "sor_code": code, "variant": variant}
                yield self._finding(name, **{key: value for key, value in details.items() if value is not None})

    def _missing_identifiers(self, found: Sequence[Finding], *parties: ResolvedParty) -> Iterator[Correction]:
        """The SOR code or location number that a letter lacks, where the other one tells it."""
        code = "letter-identifier-missing"
        lacking = {(f.details.get("party"), f.details.get("kind")) for f in found if f.code == code}
        for one in parties if lacking else ():
            recipient = one.resolution.recipient if one.resolution else None
            if recipient is None:
                continue
            role = one.party.role
            if (role, LetterIdentifierKind.SOR_CODE) in lacking and one.unit != NOTHING:
                sor_code = self._index.sor_code(one.unit)
                yield Correction(role, str(LetterIdentifierKind.SOR_CODE), None, sor_code, code)
            if (role, LetterIdentifierKind.LOCATION_NUMBER) in lacking and recipient.location_number:
                kind = str(LetterIdentifierKind.LOCATION_NUMBER)
                yield Correction(role, kind, None, recipient.location_number, code)

    def _sender(self, sender: ResolvedParty) -> tuple[Verdict | None, list[Finding]]:
        """Whether the sender may send the type, and whether receipts and a reply can reach it."""
        resolution, message_type = sender.resolution, self._type
        if resolution is None:
            shown = next(unchecked(sender.party), None)
            if shown is None:
                return None, [self._finding("sender-missing")]
            return None, [self._finding("sender-not-resolved", identifier=shown[1], reason=shown[0])]
        if resolution.status is not Status.RESOLVED:
            reason = why_not(resolution)
            return None, [self._finding("sender-not-resolved", identifier=resolution.identifier, reason=reason)]
        if message_type is None:
            return None, []
        verdict = self._validate(resolution, message_type, Direction.SEND)
        findings = []
        if verdict.outcome is Outcome.UNSUPPORTED:
            findings.append(self._of_sender("sender-type-not-registered", resolution, message_type=message_type.text))
        findings += self._receipts_can_come(resolution, message_type)
        findings += self._reply_can_come(resolution, message_type)
        return verdict, findings

    def _receipts_can_come(self, resolution: Resolution, message_type: MessageType) -> Iterator[Finding]:
        format_ = message_type.format or self._header.format
        if format_ is None:
            return
        codes = catalogue().receipts(format_, message_type.family)
        wanted = codes if self._header.receipt_wanted is not False else codes[:1]
        missing = tuple(code for code in wanted if self._can_receive(resolution, code) is False)
        if missing:
            yield self._of_sender("sender-receipt-impossible", resolution, receipts=missing)

    def _reply_can_come(self, resolution: Resolution, message_type: MessageType) -> Iterator[Finding]:
        family = message_type.family
        if family is None or not catalogue().expects_reply(family):
            return
        reply_to = self._header.reply_to
        where = resolve_party(self._index, reply_to, self._asked).resolution if reply_to else resolution
        if where is None or where.status is not Status.RESOLVED:
            where = resolution
        codes = _codes_of_family(family)
        for code in codes:
            if self._can_receive(where, code) is not False:
                return
        if codes:
            yield self._of_sender("sender-reply-impossible", where, family=family)

    def _can_receive(self, resolution: Resolution, code: str) -> bool | None:
        """Whether what the letter's receiver sends can reach this unit, converted or not; None where nothing is known of it."""
        columns = self._index.columns
        location = columns.unit_location[recipient_row(resolution)]
        plan = plan_for(self._index, code)
        number = columns.location_number[location]
        outcome = support(
            self._index, plan, number, location, Direction.RECEIVE, self._answering, self._asked.day
        ).outcome
        return None if outcome is Outcome.SUPPORT_UNKNOWN else outcome in _SENDABLE

    def _of_sender(self, code: str, resolution: Resolution, **details: object) -> Finding:
        recipient = resolution.unwrap()
        return self._finding(code, name=recipient.name, location_number=recipient.location_number, **details)


def _sent_by(party: ResolvedParty, policy: AddressingPolicy) -> AddressingPolicy:
    """The policy for letters that this party sends, where it is known who that is."""
    if not policy.conversion_model.by_senders:
        return policy
    recipient = party.resolution.recipient if party.resolution else None
    number = recipient.location_number if recipient else party.party.location_number
    if number is None or not LocationNumber.fits(number):
        return policy
    return for_sender(policy, ConversionParty(location_number=number))


def _is_converted_from_fhir(verdict: Verdict | None) -> bool:
    conversion = verdict.conversion if verdict else None
    return conversion is not None and conversion.source.format is MessageFormat.FHIR


@cache
def _codes_of_family(family: str) -> tuple[str, ...]:
    of_format = dict.fromkeys(MessageFormat, "")
    for one in catalogue().types_of_family(family):
        if one.format is not None and not of_format[one.format]:
            of_format[one.format] = one.code
    return tuple(code for code in of_format.values() if code)
