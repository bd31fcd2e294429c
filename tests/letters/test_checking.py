"""The verdict on a letter: its receivers, its sender, and where its own words contradict each other or the register."""

from __future__ import annotations

import datetime as dt
import json

import attrs
import pytest

from sor_addressing import AddressingPolicy, Register, Severity
from sor_addressing.addressing.policy import levels_of
from sor_addressing.addressing.severities import DEFAULT_SEVERITIES
from sor_addressing.letters import Envelope, EnvelopeKind, LetterHeader, Party, Role, read_message_header
from sor_addressing.letters.checking import check_letter
from sor_addressing.letters.header import (
    LetterIdentifierKind,
    Receipt,
    ReceiptKind,
    identifier_of,
    letter_finding,
)
from sor_addressing.letters.report import LetterReport
from sor_addressing.messages import ConversionModel, ConversionRow
from sor_addressing.messages.catalogue import MessageFormat, catalogue
from sor_addressing.testing import MadeUpLetter, MadeUpParty, RegisterBuilder, edifact_of, fhir_of, vans_envelope_of
from sor_addressing.testing.numbers import cvr_number, location_number, provider_number, shak_code, sor_code

GLN, SOR, PROVIDER, SHAK, CVR, MUNICIPALITY, VANS = (
    LetterIdentifierKind.LOCATION_NUMBER,
    LetterIdentifierKind.SOR_CODE,
    LetterIdentifierKind.PROVIDER_NUMBER,
    LetterIdentifierKind.SHAK_CODE,
    LetterIdentifierKind.CVR_NUMBER,
    LetterIdentifierKind.MUNICIPALITY_CODE,
    LetterIdentifierKind.VANS_NAME,
)
FROM, TO, ELSEWHERE, CLOSED = (location_number(n) for n in (1, 2, 3, 4))
FULL = ("XDIS91 XD9134L", "XCTL02", "XCTL03", "FDIS91 5.0", "FCTL 2.0.0")


class Nation:
    """A sender, a hospital whose ward inherits its number, a clinic elsewhere, and one that is closed and replaced by it."""

    def __init__(self) -> None:
        build = RegisterBuilder()
        region = build.owner("Region Opdigt", cvr_number=cvr_number(1))
        house = build.institution(region, "Afsenderhuset", location_number=FROM)
        self.sender = house
        self.hospital = build.institution(
            region, "Hospitalet", location_number=TO, visiting_address={"municipality_code": "0901"}
        )
        self.ward = build.unit(self.hospital, "Sengeafsnittet", inherits=True, shak_code=shak_code(1, "ward"))
        self.clinic = build.institution(
            region, "Klinikken", location_number=ELSEWHERE, provider_number=provider_number(1)
        )
        self.closed = build.institution(
            region,
            "Den lukkede",
            location_number=CLOSED,
            to_date=dt.date(2025, 12, 31),
            replaced_by=self.clinic,
        )
        self.old_ward = build.unit(
            self.hospital, "Det gamle afsnit", inherits=True, to_date=dt.date(2025, 12, 31), replaced_by=self.ward
        )
        for number in (FROM, TO, ELSEWHERE, CLOSED):
            build.registers(number, *FULL, send=True, receive=True)
        self.builder = build
        self.register: Register = build.build()


@pytest.fixture(scope="module")
def nation() -> Nation:
    return Nation()


def party(role: Role, *identifiers: tuple[LetterIdentifierKind, str]) -> Party:
    return Party(role, tuple(identifier_of(kind, value, "here") for kind, value in identifiers))


def letter(*receiver: tuple[LetterIdentifierKind, str], code: str = "XDIS91 XD9134L", **more: object) -> LetterHeader:
    header = LetterHeader(
        file="brev.xml",
        position=1,
        format=MessageFormat.XML,
        message_type=catalogue().parse(code),
        letter_id="BRV1",
        envelope_id="KUV1",
        sent=None,
        sender=party(Role.SENDER, (GLN, FROM)),
        receiver=party(Role.RECEIVER, *receiver),
        receipt_wanted=True,
    )
    return attrs.evolve(header, **more)


def check(nation: Nation, header: LetterHeader, **policy: object) -> LetterReport:
    return check_in(nation.register, header, **policy)


def check_in(register: Register, header: LetterHeader, **policy: object) -> LetterReport:
    day = register.snapshot_date.toordinal()
    report = check_letter(register._index, header, day=day, today=day, policy=AddressingPolicy(**policy))
    assert json.loads(json.dumps(report.to_dict())) == report.to_dict()
    for language in ("da", "en"):
        told = report.explain(language)
        assert "{" not in told
        for finding in report.findings:
            assert "?" not in finding.text(language), finding
    return report


OLD_NUMBERS = ("shak-in-letter", "provider-number-in-letter")
"""What a letter says instead of the SOR code; they have tests of their own, below."""


def codes(report: LetterReport) -> list[str]:
    return [finding.code for finding in report.findings if finding.code not in OLD_NUMBERS]


def corrections(report: LetterReport) -> list[tuple[str, str, str | None, str, str]]:
    return [(str(one.role), one.field, one.seen, one.suggested, one.reason) for one in report.corrections]


def test_a_letter_whose_identifiers_agree_may_go_without_a_finding(nation):
    report = check(nation, letter((GLN, TO), (SOR, nation.hospital)))
    assert (report.deliverable, codes(report), report.corrections) == (True, [], ())
    (verdict,) = report.verdicts
    assert verdict.resolution.recipient.sor_code == nation.hospital
    assert report.sender is not None
    assert (report.sender.direction, report.sender.outcome) == ("send", "supported")


def test_a_receiver_by_location_number_alone_is_its_owner(nation):
    report = check(nation, letter((GLN, TO)))
    assert report.verdicts[0].resolution.recipient.sor_code == nation.hospital
    assert report.deliverable


def test_a_sor_code_that_inherits_the_number_is_the_one_meant_and_is_told(nation):
    report = check(nation, letter((GLN, TO), (SOR, nation.ward)))
    assert report.verdicts[0].resolution.recipient.sor_code == nation.ward
    assert report.deliverable
    (finding,) = report.findings
    assert (finding.code, finding.severity) == ("identifiers-disagree", Severity.WARNING)
    assert finding.details == {
        "party": Role.RECEIVER,
        "identifiers": (TO, nation.ward),
        "names": ("Hospitalet", "Sengeafsnittet"),
        "variant": "inherited",
    }


def test_a_location_number_of_one_unit_and_the_sor_code_of_another_disagree_and_the_number_decides(nation):
    report = check(nation, letter((GLN, TO), (SOR, nation.clinic)))
    assert report.verdicts[0].resolution.recipient.sor_code == nation.hospital
    (finding,) = report.findings
    assert finding.code == "identifiers-disagree"
    assert finding.details["names"] == ("Hospitalet", "Klinikken")
    assert report.deliverable, "central visitation does so legally"
    assert report.corrections == (), "which of the two is wrong nobody can tell"


def test_the_policy_can_refuse_letters_whose_identifiers_disagree(nation):
    policy = {"severities": {"identifiers-disagree": "error"}}
    report = check(nation, letter((GLN, TO), (SOR, nation.clinic)), **policy)
    assert not report.deliverable


def test_a_closed_unit_at_a_number_that_works_is_told_and_its_successor_suggested(nation):
    report = check(nation, letter((GLN, TO), (SOR, nation.old_ward)))
    (finding,) = report.findings
    assert finding.details["variant"] == "not-addressable"
    assert finding.details["reasons"] == ("unit-closed",)
    assert report.verdicts[0].resolution.recipient.sor_code == nation.hospital


def test_a_closed_receiver_stops_the_letter_and_its_certain_successor_is_suggested(nation):
    report = check(nation, letter((GLN, CLOSED), (SOR, nation.closed)))
    assert (report.deliverable, codes(report)) == (False, [])
    assert corrections(report) == [
        ("receiver", "sor_code", nation.closed, nation.clinic, "unit-replaced"),
        ("receiver", "location_number", CLOSED, ELSEWHERE, "unit-replaced"),
    ]


def test_a_closed_number_beside_the_sor_code_of_the_successor_is_corrected_and_the_code_left_alone(nation):
    report = check(nation, letter((GLN, CLOSED), (SOR, nation.clinic)))
    assert codes(report) == ["identifiers-disagree"]
    assert corrections(report) == [("receiver", "location_number", CLOSED, ELSEWHERE, "unit-replaced")]


def test_a_wrong_check_digit_is_corrected_where_the_right_number_is_somebodys(nation):
    wrong = TO[:-1] + str((int(TO[-1]) + 1) % 10)
    report = check(nation, letter((GLN, wrong)))
    assert not report.deliverable
    assert [finding.code for finding in report.verdicts[0].findings] == ["check-digit-wrong"]
    assert corrections(report) == [("receiver", "location_number", wrong, TO, "check-digit-wrong")]


def test_a_wrong_check_digit_is_left_alone_where_the_right_number_is_nobodys(nation):
    nobodys = location_number(77)
    report = check(nation, letter((GLN, nobodys[:-1] + str((int(nobodys[-1]) + 1) % 10))))
    assert corrections(report) == []
    assert not report.deliverable


def test_a_number_that_nobody_has_beside_a_sor_code_is_corrected_by_it(nation):
    report = check(nation, letter((GLN, location_number(77)), (SOR, nation.clinic)))
    assert not report.deliverable
    assert codes(report) == ["identifiers-disagree"]
    assert report.findings[0].details["variant"] == "unknown"
    assert corrections(report) == [("receiver", "location_number", location_number(77), ELSEWHERE, "recipient-unknown")]


def test_a_sor_code_that_nobody_has_beside_a_number_is_corrected_by_it(nation):
    report = check(nation, letter((GLN, ELSEWHERE), (SOR, sor_code(777))))
    assert report.deliverable
    assert corrections(report) == [("receiver", "sor_code", sor_code(777), nation.clinic, "identifiers-disagree")]


def test_identifiers_that_nobody_has_are_no_disagreement(nation):
    report = check(nation, letter((GLN, location_number(77)), (SOR, sor_code(777))))
    assert codes(report) == []
    assert not report.deliverable


@pytest.mark.parametrize(
    ("kind", "value", "agrees"),
    [
        (PROVIDER, provider_number(1), True),
        (PROVIDER, provider_number(2), False),
        (SHAK, shak_code(1, "ward"), False),
        (CVR, cvr_number(1), True),
        (CVR, cvr_number(2), False),
    ],
)
def test_every_other_identifier_is_held_against_the_number(nation, kind, value, agrees):
    report = check(nation, letter((GLN, ELSEWHERE), (kind, value)))
    assert codes(report) == ([] if agrees else ["identifiers-disagree"])
    assert report.verdicts[0].resolution.recipient.sor_code == nation.clinic


def test_every_legal_entity_above_a_unit_is_the_units_too():
    build = RegisterBuilder()
    owner = build.owner("Regionen", cvr_number=cvr_number(1))
    institution = build.institution(owner, "Hospitalet", cvr_number=cvr_number(2), location_number=TO)
    ward = build.unit(institution, "Afsnittet", inherits=True)
    build.registers(TO, *FULL, send=True, receive=True)
    register = build.build()
    for number, agrees in ((1, True), (2, True), (3, False)):
        report = check_in(register, letter((SOR, ward), (CVR, cvr_number(number))))
        assert ("identifiers-disagree" not in codes(report)) == agrees


@pytest.mark.parametrize(("code", "agrees"), [("901", True), ("0901", True), ("902", False)])
def test_a_municipality_code_is_held_against_the_unit_with_three_digits_or_four(nation, code, agrees):
    report = check(nation, letter((GLN, TO), (MUNICIPALITY, code)))
    assert codes(report) == ([] if agrees else ["identifiers-disagree"])


def test_a_shak_code_of_a_ward_agrees_with_the_hospitals_number(nation):
    report = check(nation, letter((GLN, TO), (SHAK, shak_code(1, "ward"))))
    assert codes(report) == []


@pytest.mark.parametrize(
    ("identifier", "name"),
    [((PROVIDER, provider_number(1)), "Klinikken"), ((SHAK, shak_code(1, "ward")), "Sengeafsnittet")],
)
def test_a_receiver_without_a_number_is_resolved_by_what_it_has(nation, identifier, name):
    report = check(nation, letter(identifier))
    assert report.verdicts[0].resolution.recipient.name == name


def test_two_sor_codes_that_contradict_a_provider_number_are_told(nation):
    report = check(nation, letter((SOR, nation.hospital), (PROVIDER, provider_number(1))))
    assert codes(report) == ["identifiers-disagree", "letter-identifier-missing"]
    assert report.verdicts[0].resolution.recipient.sor_code == nation.hospital


def test_a_letter_without_a_receiver_may_not_go(nation):
    report = check(nation, letter())
    assert (codes(report), report.deliverable, report.verdicts) == (["receiver-missing"], False, ())


def test_a_receiver_by_municipality_alone_is_no_address(nation):
    report = check(nation, letter((MUNICIPALITY, "901")))
    assert codes(report) == ["receiver-missing", "receiver-not-checked"]
    assert not report.deliverable


def test_a_copy_receiver_is_validated_too_and_stops_the_letter_where_it_fails(nation):
    copies = (party(Role.COPY_RECEIVER, (PROVIDER, provider_number(1))), party(Role.COPY_RECEIVER, (GLN, CLOSED)))
    report = check(nation, letter((GLN, TO), copy_receivers=copies))
    assert [verdict.deliverable for verdict in report.verdicts] == [True, True, False]
    assert not report.deliverable


def test_a_copy_receiver_that_cannot_be_looked_up_is_a_warning(nation):
    copies = (party(Role.COPY_RECEIVER, (MUNICIPALITY, "901")), party(Role.COPY_RECEIVER))
    report = check(nation, letter((GLN, TO), copy_receivers=copies))
    assert codes(report) == ["receiver-not-checked", "receiver-not-checked"]
    assert report.deliverable
    assert [one.verdict is None for one in report.receivers] == [False, True, True]


def test_who_gets_a_copy_of_the_answer_has_to_be_somebody_and_is_asked_for_no_type(nation):
    role = Role.ANSWER_COPY_RECEIVER
    copies = (party(role, (GLN, ELSEWHERE)), party(role, (GLN, CLOSED)))
    report = check(nation, letter((GLN, TO), copy_receivers=copies))
    assert [one.verdict is None for one in report.receivers] == [False, True, True]
    (finding,) = report.findings
    assert (finding.code, finding.details["reason"]) == ("receiver-not-checked", "unit-closed")
    assert report.deliverable


def test_a_letter_without_a_type_may_not_go(nation):
    report = check(nation, letter((GLN, TO), message_type=None))
    assert (codes(report), report.deliverable) == (["message-type-missing"], False)


def test_a_receipt_of_the_network_needs_no_type(nation):
    answered = Receipt(ReceiptKind.POSITIVE, letter_ids=("BRV0",))
    report = check(nation, letter((GLN, TO), message_type=None, answered=answered))
    assert (codes(report), report.deliverable) == ([], True)


def test_a_type_that_is_not_taken_is_corrected_where_the_family_has_one_other_way():
    build = RegisterBuilder()
    region = build.owner("Region Opdigt")
    build.institution(region, "Afsenderhuset", location_number=FROM)
    build.institution(region, "Hospitalet", location_number=TO)
    build.registers(TO, "FDIS91 5.0", "FCTL 2.0.0", send=True, receive=True)
    build.registers(FROM, *FULL, send=True, receive=True)
    report = check_in(build.build(), letter((GLN, TO)), conversion_model="none")
    assert not report.deliverable
    assert corrections(report) == [
        ("receiver", "message_type", "XDIS91 XD9134L", "FDIS91 5.0", "message-type-unsupported")
    ]


def sender_of(*registered: str, **direction: bool) -> Register:
    build = RegisterBuilder()
    region = build.owner("Region Opdigt")
    build.institution(region, "Afsenderhuset", location_number=FROM)
    build.institution(region, "Hospitalet", location_number=TO)
    build.registers(TO, *FULL, send=True, receive=True)
    if registered:
        build.registers(FROM, *registered, **direction)
    return build.build()


def test_a_sender_that_may_not_send_the_type_is_told():
    report = check_in(sender_of("XDIS91 XD9134L", "XCTL02", "XCTL03", receive=True), letter((GLN, TO)))
    assert codes(report) == ["sender-type-not-registered"]
    assert report.deliverable, "the receiver gets it all the same"


def test_a_sender_that_cannot_receive_receipts_is_told():
    report = check_in(sender_of("XDIS91 XD9134L", send=True, receive=True), letter((GLN, TO)))
    (finding,) = report.findings
    assert finding.code == "sender-receipt-impossible"
    assert finding.details["receipts"] == ("XCTL02", "XCTL03")


def test_where_no_positive_receipt_is_asked_for_only_the_negative_one_has_to_come():
    register = sender_of("XDIS91 XD9134L", send=True, receive=True)
    report = check_in(register, letter((GLN, TO), receipt_wanted=False))
    assert report.findings[0].details["receipts"] == ("XCTL02",)


def test_a_sender_that_cannot_receive_a_reply_in_any_format_is_told():
    build = RegisterBuilder()
    region = build.owner("Region Opdigt")
    build.institution(region, "Afsenderhuset", location_number=FROM)
    build.institution(region, "Hospitalet", location_number=TO)
    build.registers(TO, *FULL, send=True, receive=True)
    build.registers(FROM, "XCTL02", "XCTL03", send=True, receive=True)
    build.registers(FROM, "XDIS91 XD9134L", send=True, receive=False)
    report = check_in(build.build(), letter((GLN, TO)))
    assert codes(report) == ["sender-reply-impossible"]
    elsewhere = letter((GLN, TO), reply_to=party(Role.REPLY_TO, (GLN, TO)))
    assert codes(check_in(build.build(), elsewhere)) == []


def test_a_sender_nothing_is_known_of_gives_no_finding():
    report = check_in(sender_of(), letter((GLN, TO)))
    assert codes(report) == []
    assert report.sender is not None
    assert report.sender.outcome == "support_unknown"


@pytest.mark.parametrize(
    ("identifiers", "code", "reason"),
    [
        ((), "sender-missing", None),
        (((VANS, "NETVAERK"),), "sender-not-resolved", VANS),
        (((GLN, location_number(88)),), "sender-not-resolved", "recipient-unknown"),
        (((GLN, CLOSED),), "sender-not-resolved", "unit-closed"),
    ],
)
def test_a_sender_that_cannot_be_resolved_is_told(nation, identifiers, code, reason):
    report = check(nation, letter((GLN, TO), sender=party(Role.SENDER, *identifiers)))
    assert codes(report) == [code]
    assert report.findings[0].details.get("reason") == reason
    assert report.sender is None


def test_what_the_reader_found_has_the_severity_of_the_policy(nation):
    finding = letter_finding("segment-count-wrong", stated=3, counted=4)
    header = letter((GLN, TO), findings=(finding,))
    assert not check(nation, header).deliverable
    eased = check(nation, header, severities={"segment-count-wrong": "warning"})
    assert eased.deliverable
    assert eased.findings[0].severity is Severity.WARNING


def test_a_missing_identifier_of_a_fhir_message_is_suggested_where_the_other_tells_it(nation):
    lacking = (
        letter_finding("letter-identifier-missing", party=Role.RECEIVER, kind=SOR),
        letter_finding("letter-identifier-missing", party=Role.SENDER, kind=GLN),
    )
    sender = party(Role.SENDER, (SOR, nation.sender))
    header = letter((GLN, TO), code="FDIS91 5.0", sender=sender, findings=lacking)
    report = check(nation, header)
    assert not report.deliverable
    assert corrections(report) == [
        ("sender", "location_number", None, FROM, "letter-identifier-missing"),
        ("receiver", "sor_code", None, nation.hospital, "letter-identifier-missing"),
    ]


ENVELOPE = Envelope(
    EnvelopeKind.VANS,
    party(Role.SENDER, (GLN, FROM)),
    party(Role.RECEIVER, (GLN, TO)),
    message_type=catalogue().parse("XDIS91 XD9134L"),
    document_format="XML",
    stated_size=10,
    payload_size=10,
)


def test_an_envelope_that_says_the_same_as_its_letter_is_no_finding(nation):
    assert codes(check(nation, letter((GLN, TO), envelope=ENVELOPE))) == []


@pytest.mark.parametrize(
    ("change", "field", "ours", "theirs"),
    [
        ({"sender": party(Role.SENDER, (GLN, CLOSED))}, "sender-number", CLOSED, FROM),
        ({"receiver": party(Role.RECEIVER, (GLN, ELSEWHERE))}, "receiver-number", ELSEWHERE, TO),
        ({"message_type": catalogue().parse("XDIS20")}, "envelope-message-type", "XDIS20", "XDIS91 XD9134L"),
        ({"message_type": catalogue().parse("XDIS91 XD9133L")}, "envelope-message-version", "XD9133L", "XD9134L"),
        ({"document_format": "HL7"}, "payload-format", "HL7", "XML"),
        ({"stated_size": 11}, "payload-size", 11, 10),
    ],
)
def test_an_envelope_that_differs_from_its_letter_is_a_warning(nation, change, field, ours, theirs):
    report = check(nation, letter((GLN, TO), envelope=attrs.evolve(ENVELOPE, **change)))
    (finding,) = report.findings
    assert (finding.code, finding.severity) == ("envelope-differs", Severity.WARNING)
    assert (str(finding.details["field"]), finding.details["envelope"], finding.details["letter"]) == (
        field,
        ours,
        theirs,
    )
    assert report.deliverable


def test_an_envelope_to_one_that_gets_a_copy_differs_from_nobody(nation):
    envelope = attrs.evolve(ENVELOPE, receiver=party(Role.RECEIVER, (GLN, ELSEWHERE)))
    by_provider = (party(Role.COPY_RECEIVER, (PROVIDER, provider_number(1))),)
    by_number = (party(Role.COPY_RECEIVER, (GLN, ELSEWHERE)),)
    for copies in (by_provider, by_number):
        assert codes(check(nation, letter((GLN, TO), copy_receivers=copies, envelope=envelope))) == []


def test_the_ids_inside_an_ehmi_envelope_are_compared(nation):
    envelope = attrs.evolve(ENVELOPE, kind=EnvelopeKind.SBDH, letter_id="BRV2", inner_envelope_id="kuv1")
    report = check(nation, letter((GLN, TO), envelope=envelope))
    assert [str(finding.details["field"]) for finding in report.findings] == ["letter-id"]


def test_an_envelope_alone_is_compared_with_nothing_but_its_size(nation):
    envelope = attrs.evolve(ENVELOPE, stated_size=11)
    header = letter((GLN, TO), sender=ENVELOPE.sender, receiver=ENVELOPE.receiver, envelope=envelope)
    assert [str(finding.details["field"]) for finding in check(nation, header).findings] == ["payload-size"]


def test_every_code_of_letters_can_be_levelled_by_a_policy():
    for code in DEFAULT_SEVERITIES:
        assert levels_of(AddressingPolicy(severities={code: "error"}))[code] is Severity.ERROR


def test_what_is_wrong_in_the_envelope_itself_is_said_of_the_letter(tmp_path):
    letter_in_it = MadeUpLetter(code="DIS91", version="D9134L")
    wrong = vans_envelope_of(edifact_of(letter_in_it), letter_in_it, sent="yesterday")
    (header,) = read_message_header(wrong)
    assert [(finding.code, finding.details) for finding in header.findings] == [
        ("time-unreadable", {"field": "SentDateTime"})
    ]
    (alone,) = read_message_header(vans_envelope_of(b"%PDF", letter_in_it, sent="yesterday", document_format="Binary"))
    assert [finding.code for finding in alone.findings] == ["time-unreadable", "payload-not-read"]


@pytest.mark.parametrize(("number", "reason"), [(CLOSED, "unit-closed"), (location_number(77), "recipient-unknown")])
def test_a_letter_in_an_envelope_to_somebody_who_cannot_get_it_is_not_deliverable(nation, number, reason):
    envelope = attrs.evolve(ENVELOPE, receiver=party(Role.RECEIVER, (GLN, number)))
    report = check(nation, letter((GLN, TO), envelope=envelope))
    assert codes(report) == ["envelope-differs", "envelope-not-deliverable"]
    assert report.findings[1].details == {"identifier": number, "reason": reason}
    assert report.findings[1].severity is Severity.ERROR
    assert not report.deliverable


def test_a_receipt_of_the_network_to_an_unknown_number_is_not_deliverable(nation):
    for number, said in ((TO, []), (location_number(77), ["envelope-not-deliverable"])):
        receiver = party(Role.RECEIVER, (GLN, number))
        envelope = attrs.evolve(ENVELOPE, receiver=receiver, message_type=None)
        header = attrs.evolve(
            letter((GLN, number), envelope=envelope),
            message_type=None,
            format=None,
            sender=envelope.sender,
            receiver=receiver,
            answered=Receipt(ReceiptKind.NEGATIVE_VANS),
        )
        report = check(nation, header)
        assert codes(report) == said
        assert report.deliverable is not bool(said)


def test_a_letter_that_no_number_delivers_is_an_error_with_the_number_to_put_in(nation):
    report = check(nation, letter((SOR, nation.hospital)))
    assert [(f.code, f.details["variant"]) for f in report.findings] == [("letter-identifier-missing", "address")]
    assert corrections(report) == [("receiver", "location_number", None, TO, "letter-identifier-missing")]
    assert not report.deliverable


def test_a_letter_without_a_number_is_delivered_by_that_of_its_envelope(nation):
    report = check(nation, letter((SOR, nation.hospital), envelope=ENVELOPE))
    assert "letter-identifier-missing" not in codes(report)
    assert report.deliverable


def test_the_sender_of_a_letter_chooses_the_row_of_a_model_and_its_receiver_that_for_receipts() -> None:
    build = RegisterBuilder()
    house = build.institution(build.owner("Ejer"), "Hus")
    near = build.unit(house, "Nær", location_number=FROM, location={"region_code": "1081"})
    far = build.unit(house, "Fjern", location_number=TO, location={"region_code": "1082"})
    build.registers(near, "XDIS91 XD9134L", "CTL02", "CTL03", "DIS91")
    build.registers(far, "DIS91 D9134L", "CTL02", "CTL03")
    rows = [
        ConversionRow("*", "XML", "EDI", "nobody"),
        ConversionRow("*", "XML", "EDI", "receiver", sender_scope="region", sender_scope_value="1081"),
    ]
    model = ConversionModel("by sender", rows)
    report = check_in(build.build(), letter((GLN, TO)), conversion_model=model)
    verdict = report.receivers[0].verdict
    assert verdict is not None
    assert verdict.conversion is not None
    assert verdict.conversion.by == "receiver"
    # The receipts XCTL02 and XCTL03 would come from region 1082, for which nobody converts.
    assert "sender-receipt-impossible" in codes(report)
    everybody = ConversionModel(
        "all", [rows[0], ConversionRow("*", "XML", "EDI", "receiver", sender_scope="region", sender_scope_value="1082")]
    )
    turned = check_in(build.build(), letter((GLN, TO)), conversion_model=everybody)
    assert "sender-receipt-impossible" not in codes(turned)
    assert not turned.deliverable


# EHMI: SHAK codes and provider numbers stand where the SOR code should, and the network carries 100 MB.


def old_numbers(report):
    return [
        (one.code, str(one.severity), one.details.get("sor_code")) for one in report.findings if one.code in OLD_NUMBERS
    ]


def test_a_shak_code_and_a_provider_number_are_told_with_the_sor_code_that_should_stand_there(nation):
    report = check(nation, letter((PROVIDER, provider_number(1))))
    assert old_numbers(report) == [("provider-number-in-letter", "info", nation.clinic)]
    assert nation.clinic in next(one for one in report.findings if one.code in OLD_NUMBERS).text("da")
    shak = check(nation, letter((SHAK, shak_code(1, "ward"))))
    ward = shak.verdicts[0].resolution.recipient.sor_code
    assert old_numbers(shak) == [("shak-in-letter", "warning", ward)]
    assert old_numbers(check(nation, letter((SOR, ward), (SHAK, shak_code(1, "ward"))))) == []
    assert old_numbers(check(nation, letter((GLN, TO)))) == []


def test_a_file_that_the_network_does_not_carry_is_told(monkeypatch):
    from sor_addressing.letters import reading

    data = fhir_of(MadeUpLetter(code="FDIS91", version="5.0"))
    assert [one.code for one in read_message_header(data)[0].findings if one.code == "letter-too-large"] == []
    monkeypatch.setattr(reading, "LARGEST_ENVELOPE", len(data) - 1)
    (finding,) = (one for one in read_message_header(data)[0].findings if one.code == "letter-too-large")
    assert (str(finding.severity), finding.details) == ("warning", {"bytes": len(data), "most": len(data) - 1})
    assert str(len(data) - 1) in finding.text("en")


@pytest.mark.parametrize("xml", [False, True])
def test_who_gets_the_report_of_admission_is_a_receiver_like_others(xml):
    url = "http://medcomfhir.dk/ig/hospitalnotification/StructureDefinition/medcom-hospitalnotification-report-of-admission-recipient-extension"

    def name(bundle, number):
        header = bundle["entry"][0]["resource"]
        identifier = {"system": "https://www.gs1.org/gln", "value": number}
        header["extension"] = [{"url": url, "valueReference": {"identifier": identifier}}]

    letter = MadeUpLetter(code="FDIS20", version="3.0.0")
    (header,) = read_message_header(fhir_of(letter, xml=xml, edit=lambda bundle: name(bundle, "5790999000031")))
    assert [(str(one.role), one.location_number) for one in header.copy_receivers][-1:] == [
        ("copy_receiver", "5790999000031")
    ]
    plain = read_message_header(fhir_of(letter, xml=xml))[0]
    (header,) = read_message_header(
        fhir_of(letter, xml=xml, edit=lambda bundle: name(bundle, plain.sender.location_number))
    )
    assert header.copy_receivers == plain.copy_receivers


@pytest.mark.parametrize("xml", [False, True])
def test_attachments_outside_the_agreement_are_told_of_a_letter_that_is_converted(xml):
    build = RegisterBuilder()
    owner = build.owner("Region Opdigt")
    codes_of = {}
    for number, types in ((FROM, FULL), (TO, ("XDIS91 XD9134L", "XBIN01", "FCTL 2.0.0")), (ELSEWHERE, FULL)):
        codes_of[number] = build.institution(owner, f"Hus {number}", location_number=number)
        build.registers(number, *types, send=True, receive=True)
    register = build.build()

    def told(*attached, to=TO):
        letter_ = MadeUpLetter(
            code="FDIS91",
            version="5.0",
            sender=MadeUpParty(location_number=FROM, sor_code=codes_of[FROM]),
            receiver=MadeUpParty(location_number=to, sor_code=codes_of[to]),
        )
        (header,) = read_message_header(fhir_of(letter_, xml=xml, attachment=9, attached=attached))
        assert len(header.attachments) == len(attached)
        report = check_in(register, header)
        assert ("conversion-loses-content" in {one.code for one in report.verdicts[0].findings}) is (to == TO)
        return [one.details for one in report.findings if one.code == "attachments-not-agreed"]

    assert told(*["application/pdf"] * 10) == []
    assert told(*["image/png"] * 11) == [{"count": 11, "most": 10}]
    (finding,) = told("Video/MP4; codecs=opdigtet", "Jens", "application/pdf")
    assert (finding["variant"], finding["kinds"]) == ("kind", ("unknown", "video/mp4"))
    assert told(*["video/mp4"] * 11, to=ELSEWHERE) == []


@pytest.mark.parametrize("xml", [False, True])
def test_attachments_without_content_and_what_is_odd_are_no_attachments(xml):
    def odd(bundle):
        communication = next(
            one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == "Communication"
        )
        communication["payload"] = [
            {"contentAttachment": {"contentType": "application/pdf", "title": "Opdigtet"}},
            {"contentString": "Opdigtet"},
        ]

    assert (
        read_message_header(fhir_of(MadeUpLetter(code="FDIS91", version="5.0"), xml=xml, edit=odd))[0].attachments == ()
    )
    for payload in ("x", 3, [3, None, [], {}, {"contentAttachment": 3}], {"contentAttachment": {"data": "eA=="}}):
        edit = lambda bundle, payload=payload: bundle["entry"][-5]["resource"].update(payload=payload)  # noqa: E731
        assert read_message_header(fhir_of(MadeUpLetter(code="FDIS91", version="5.0"), edit=edit))[0].attachments == ()


def test_the_sor_code_in_place_of_a_shak_code_is_that_of_the_ward_and_not_of_the_number_s_owner(nation):
    report = check(nation, letter((GLN, TO), (SHAK, shak_code(1, "ward"))))
    assert old_numbers(report) == [("shak-in-letter", "warning", nation.ward)]
    elsewhere = check(nation, letter((GLN, ELSEWHERE), (SHAK, shak_code(1, "ward"))))
    assert old_numbers(elsewhere) == [("shak-in-letter", "warning", None)]
