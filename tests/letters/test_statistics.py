"""Statistics of a pile: each letter counts once, however often it was seen."""

from __future__ import annotations

import attrs
import pytest

from sor_addressing import Register
from sor_addressing.addressing.policy import DEFAULT_POLICY
from sor_addressing.hiding import hide
from sor_addressing.letters import (
    LetterReport,
    LetterSort,
    LetterStatistics,
    NeedlessEdi,
    OldNumber,
    OldNumberUse,
    letter_statistics,
)
from sor_addressing.letters.checking import check_letter
from sor_addressing.letters.header import (
    Envelope,
    EnvelopeKind,
    LetterHeader,
    LetterIdentifierKind,
    Party,
    Receipt,
    ReceiptKind,
    Role,
    identifier_of,
)
from sor_addressing.messages.catalogue import catalogue
from sor_addressing.testing import (
    LineUnit,
    MadeUpLetter,
    MadeUpParty,
    RegisterBuilder,
    edifact_of,
    fhir_of,
    oioxml_of,
    register_of,
)
from sor_addressing.testing.numbers import location_number, provider_number

XML, EDI = location_number(1), location_number(2)


@pytest.fixture(scope="module")
def register() -> Register:
    """A house that speaks XML with one operator, and a clinic that speaks EDI with another."""
    build = RegisterBuilder()
    region = build.owner("Region Opdigt")
    build.institution(region, "Huset", location_number=XML, location={"net_operator": "NETA"})
    build.institution(region, "Klinikken", location_number=EDI, location={"net_operator": "NETB"})
    build.registers(XML, "XDIS91 XD9134L", "XCTL02", "XCTL03", send=True, receive=True)
    build.registers(EDI, "DIS91 D9134L", "CTL02", "CTL03", send=True, receive=True)
    return build.build()


def header(
    code: str, letter_id: str | None = "BRV1", *, sender: str = XML, receiver: str = EDI, **more: object
) -> LetterHeader:
    message_type = catalogue().parse(code)

    def party(role: Role, number: str) -> Party:
        return Party(role, (identifier_of(LetterIdentifierKind.LOCATION_NUMBER, number, "here"),))

    made = LetterHeader(
        "f",
        1,
        message_type.format,
        message_type,
        letter_id,
        "KUV1",
        None,
        party(Role.SENDER, sender),
        party(Role.RECEIVER, receiver),
    )
    return attrs.evolve(made, **more)


def counted(register: Register, *headers: LetterHeader) -> LetterStatistics:
    day = register.snapshot_date.toordinal()
    return letter_statistics(
        check_letter(register._index, one, day=day, today=day, policy=DEFAULT_POLICY) for one in headers
    )


SENT = LetterSort("DIS91", "XML", "EDI", "NETA", "NETB", True)


def test_a_letter_is_counted_by_what_it_leaves_and_arrives_as(register):
    found = counted(register, header("XDIS91 XD9134L"))
    assert found.sorts == ((SENT, 1),)
    assert (found.letters, found.seen, found.unanswered) == (1, 1, 1)


def test_a_letter_counts_once_however_often_it_was_seen(register):
    one = header("XDIS91 XD9134L")
    found = counted(register, one, one, attrs.evolve(one, envelope_id="KUV2"))
    assert (found.letters, found.seen) == (1, 3)


@pytest.mark.parametrize("order", [("XDIS91 XD9134L", "DIS91 D9134L"), ("DIS91 D9134L", "XDIS91 XD9134L")])
def test_a_letter_seen_before_and_after_its_conversion_is_one_that_was_converted(register, order):
    found = counted(register, *map(header, order))
    assert found.sorts == ((SENT, 1),)
    assert (found.letters, found.seen) == (1, 2)


def test_letters_of_two_senders_with_one_id_are_two(register):
    found = counted(register, header("XDIS91 XD9134L"), header("DIS91 D9134L", sender=EDI, receiver=XML))
    assert found.letters == 2
    assert found.by("format_sent") == {"XML": 1, "EDI": 1}
    assert found.by("sender_operator") == {"NETA": 1, "NETB": 1}


def test_a_type_that_no_catalogue_has_is_counted_under_its_own_name(register):
    found = counted(
        register, header("XABC01 XA0130M"), header("XABC02", "BRV2"), header("XDIS91", "BRV3", message_type=None)
    )
    assert found.by("family") == {"XABC01 XA0130M": 1, "XABC02": 1, None: 1}


def test_letters_without_an_id_are_counted_each_time(register):
    one = header("XDIS91 XD9134L", None)
    found = counted(register, one, one)
    assert (found.letters, found.without_id, found.sorts) == (2, 2, ((SENT, 2),))


def test_letters_with_a_hidden_id_are_not_taken_for_one(register):
    found = counted(register, *[header("XDIS91 XD9134L", hide("310299" + 4 * "9"))] * 2)
    assert (found.letters, found.without_id) == (2, 2)


def receipt(answer: ReceiptKind, *letter_ids: str, reason: str | None = None, sender: str | None = XML) -> LetterHeader:
    answered = Receipt(answer, "KUV1", letter_ids, sender, EDI, reason)
    code = "XCTL03" if answer is ReceiptKind.POSITIVE else "XCTL02"
    return header(code, "KVIT1", sender=EDI, receiver=XML, answered=answered)


def test_receipts_are_no_letters_and_are_counted_by_what_they_answer(register):
    found = counted(
        register,
        header("XDIS91 XD9134L", "BRV1"),
        header("XDIS91 XD9134L", "BRV2"),
        header("XDIS91 XD9134L", "BRV3"),
        receipt(ReceiptKind.POSITIVE, "BRV1"),
        receipt(ReceiptKind.POSITIVE, "BRV1"),
        receipt(ReceiptKind.NEGATIVE, "BRV2", reason="ukendt_lokationsnummer"),
        receipt(ReceiptKind.NEGATIVE, "BRV9", reason="syntaksfejl"),
    )
    assert found.letters == 3
    assert dict(found.answered) == {"positive": 1, "negative": 1}
    assert (found.unanswered, found.stray_receipts) == (1, 1)
    assert dict(found.refusals) == {"ukendt_lokationsnummer": 1, "syntaksfejl": 1}


def test_a_receipt_that_names_no_sender_answers_whom_it_is_sent_to(register):
    found = counted(register, header("XDIS91 XD9134L"), receipt(ReceiptKind.POSITIVE, "BRV1", sender=None))
    assert (found.unanswered, found.stray_receipts) == (0, 0)


def test_a_receipt_that_says_nothing_of_what_it_answers_is_no_letter_either(register):
    assert counted(register, header("XCTL03", "KVIT1", sender=EDI, receiver=XML)).letters == 0


def test_letters_are_counted_by_the_fields_there_are(register):
    found = counted(register, header("XDIS91 XD9134L"))
    with pytest.raises(ValueError, match="not by 'colour'"):
        found.by("colour")
    assert found.to_dict()["sorts"] == [{**SENT._asdict(), "letters": 1}]


def test_reports_of_files_are_counted_too(register):
    letter = MadeUpLetter(
        code="DIS91",
        version="D9134L",
        sender=MadeUpParty(location_number=EDI),
        receiver=MadeUpParty(location_number=XML),
    )
    found = letter_statistics(register.validate_messages([edifact_of(letter), edifact_of(letter)]))
    assert (found.letters, found.seen, found.by("converted")) == (1, 2, {True: 1})


def test_letters_whose_ids_had_to_be_hidden_are_not_taken_for_one(register):
    found = counted(register, header("XDIS91", "(hidden)"), header("XDIS91", "(hidden)"), header("XDIS91", "BRV1"))
    assert (found.letters, found.seen, found.without_id) == (3, 3, 2)


def answer(answered: Receipt, **more: object) -> LetterHeader:
    return header("CTL02", "K1", sender=EDI, receiver=XML, answered=answered, **more)


def test_a_receipt_that_names_no_letter_answers_all_in_the_envelope_whichever_comes_first(register):
    letters = [header("XDIS91", "BRV1"), header("XDIS91", "BRV2"), header("XDIS91", "BRV3", envelope_id="KUV2")]
    refused = answer(Receipt(ReceiptKind.NEGATIVE, "KUV1", sender=XML, reason="syntaksfejl"))
    for pile in ([*letters, refused], [refused, *letters, refused]):
        found = counted(register, *pile)
        assert (found.answered, found.unanswered, found.stray_receipts) == ((("negative", 2),), 1, 0)
        assert found.refusals == (("syntaksfejl", 1),)


def test_a_receipt_of_the_network_answers_the_letter_in_its_envelope(register):
    def around(envelope_id: str, sender: str, receiver: str) -> Envelope:
        role = LetterIdentifierKind.LOCATION_NUMBER
        return Envelope(
            EnvelopeKind.VANS,
            Party(Role.SENDER, (identifier_of(role, sender, "here"),)),
            Party(Role.RECEIVER, (identifier_of(role, receiver, "here"),)),
            envelope_id=envelope_id,
        )

    sent = header("XDIS91", "BRV1", envelope=around("E1", XML, EDI))
    said = Receipt(ReceiptKind.NEGATIVE_VANS, "E1", ("id that the envelope gives",))
    refused = answer(said, message_type=None, envelope=around("E2", EDI, XML))
    found = counted(register, refused, sent)
    assert (found.answered, found.unanswered, found.stray_receipts) == ((("negative-vans", 1),), 0, 0)
    assert counted(register, refused).stray_receipts == 1


def test_a_receipt_that_writes_a_uuid_in_other_letter_case_answers_its_letter():
    register = Register.sample()
    letter = MadeUpLetter(code="FDIS91", version="5.0")
    receipt = MadeUpLetter(
        code="FCTL", version="2.0", sender=letter.receiver, receiver=letter.sender, answers=letter, answer_positive=True
    )
    (sent,) = register.validate_message(fhir_of(letter))
    assert sent.header.letter_id
    ids = sent.header.letter_id, sent.header.letter_id.upper(), f"urn:uuid:{sent.header.letter_id}"
    for written in ids:
        data = fhir_of(receipt).replace(ids[0].encode(), written.encode())
        counted = letter_statistics([sent, *register.validate_message(data)])
        assert (dict(counted.answered), counted.stray_receipts) == ({"positive": 1}, 0)


def test_letters_sent_as_edi_though_both_ends_have_xml_are_counted_by_system_and_receiver() -> None:
    both = ["DIS91 D9134L", "XDIS91 XD9134L"]
    units: dict[str, LineUnit] = {
        "Afsender": {"location_number": location_number(1), "location": {"system": "9101"}, "registers": both},
        "Begge": {"location_number": location_number(2), "registers": both},
        "Kun EDI": {"location_number": location_number(3), "registers": both[:1]},
    }
    register = register_of(units)

    def reports(to: int, number: str) -> LetterReport:
        made = MadeUpLetter(
            code="DIS91",
            version="D9134L",
            letter_id=number,
            sender=MadeUpParty(location_number=location_number(1)),
            receiver=MadeUpParty(location_number=location_number(to)),
        )
        (report,) = register.validate_message(edifact_of(made))
        return report

    counted = letter_statistics([reports(2, "BRV1"), reports(2, "BRV2"), reports(2, "BRV2"), reports(3, "BRV3")])
    assert counted.needless_edi == ((NeedlessEdi("DIS91", "9101", location_number(2)), 2),)
    assert counted.to_dict()["needless_edi"] == [
        {"family": "DIS91", "sender_system": "9101", "receiver": location_number(2), "letters": 2}
    ]
    assert len(counted.needless_files) == 1


def test_letters_that_name_parties_by_provider_number_or_shak_are_counted_with_what_could_stand_there() -> None:
    taken = ["XDIS91 XD9134L"]
    units: dict[str, LineUnit] = {
        "Afsender": {"location_number": location_number(1), "location": {"system": "9101"}, "registers": taken},
        "Klinikken": {"location_number": location_number(2), "provider_number": provider_number(1), "registers": taken},
        "Den ene": {"location_number": location_number(3), "provider_number": provider_number(2), "registers": taken},
        "Den anden": {"location_number": location_number(4), "provider_number": provider_number(2), "registers": taken},
    }
    register = register_of(units)
    clinic = register.resolve(provider_number=provider_number(1)).unwrap().sor_code

    def report(number: str | None, sender: MadeUpParty | None = None, **receiver: str) -> LetterReport:
        made = MadeUpLetter(
            code="XDIS91",
            version="XD9134L",
            letter_id=number or "",
            sender=sender or MadeUpParty(location_number=location_number(1)),
            receiver=MadeUpParty(**receiver),
        )
        (found,) = register.validate_message(oioxml_of(made))
        return found

    gln = location_number(2)
    one = report("BRV1", location_number=gln, provider_number=provider_number(1))
    stranger = MadeUpParty(location_number=location_number(9), provider_number=provider_number(2))
    counted = letter_statistics(
        [
            one,
            one,
            report("BRV2", location_number=gln, provider_number=provider_number(1)),
            report("BRV3", location_number=gln, sor_code=clinic, provider_number=provider_number(1)),
            report("BRV4", sender=stranger, location_number=gln),
        ]
    )
    assert (counted.letters, counted.with_old_numbers) == (4, 3)
    assert counted.old_numbers == (
        (OldNumber("provider_number", "receiver", "9101", provider_number(1), clinic), 2),
        (OldNumber("provider_number", "sender", None, provider_number(2), None), 1),
    )
    assert counted.old_number_uses == (
        OldNumberUse("9101", "receiver", "provider_number", 2, 2),
        OldNumberUse(None, "sender", "provider_number", 1, 0),
    )
    document = counted.to_dict()
    assert document["with_old_numbers"] == 3
    assert document["old_numbers"][0] == {  # type: ignore[index]
        "kind": "provider_number",
        "party": "receiver",
        "sender_system": "9101",
        "identifier": provider_number(1),
        "sor_code": clinic,
        "letters": 2,
    }
