"""OIOXML letters: the header of every letter in a file, whatever the generation."""

from __future__ import annotations

import datetime as dt
import tracemalloc

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sor_addressing.errors import LetterError
from sor_addressing.letters.header import (
    HIDDEN,
    LetterHeader,
    LetterIdentifier,
    LetterIdentifierKind,
    Party,
    Receipt,
    ReceiptKind,
    Role,
)
from sor_addressing.letters.limits import MAX_LETTERS
from sor_addressing.letters.oioxml.emessage import read
from sor_addressing.messages.catalogue import MessageFormat, catalogue
from sor_addressing.testing import MadeUpLetter, MadeUpParty, numbers, oioxml_of
from sor_addressing.testing.letters.oioxml import NAMESPACE

SENDER, RECEIVER, OTHER = (numbers.location_number(n) for n in (1, 2, 3))
KIND = LetterIdentifierKind
GGOP = "urn:oio:medcom:municipality:"
# February has no day 31, so this has the shape of a CPR number and is nobody's.
LIKE_CPR = "310299-9999"
RICH = MadeUpLetter(
    sender=MadeUpParty(location_number=SENDER, shak_code=numbers.shak_code(1)),
    receiver=MadeUpParty(location_number=RECEIVER, sor_code=numbers.sor_code(3)),
    copy_receivers=(MadeUpParty(provider_number=numbers.provider_number(4)),),
    reply_to=MadeUpParty(location_number=OTHER),
)


def one(data: bytes) -> LetterHeader:
    (header,) = read(data, "letter.xml")
    return header


def identifiers(party: Party | None) -> list[tuple[str, str, str]]:
    return [(str(found.kind), found.value, found.place) for found in party.identifiers] if party else []


def codes(header: LetterHeader) -> list[str]:
    return [finding.code for finding in header.findings]


def test_a_letter_is_read_with_every_identifier_and_nothing_else() -> None:
    found = KIND.LOCATION_NUMBER
    assert one(oioxml_of(RICH)) == LetterHeader(
        file="letter.xml",
        position=1,
        format=MessageFormat.XML,
        message_type=catalogue().parse("XDIS91 XD9134L"),
        letter_id="BRV00000000001",
        envelope_id="KUV00000000001",
        sent=dt.datetime(2026, 1, 15, 9, 30),  # noqa: DTZ001 (naive means Danish time)
        sender=Party(
            Role.SENDER,
            (
                LetterIdentifier(found, SENDER, "Sender/EANIdentifier"),
                LetterIdentifier(KIND.SHAK_CODE, numbers.shak_code(1), "Sender/Identifier"),
            ),
        ),
        receiver=Party(
            Role.RECEIVER,
            (
                LetterIdentifier(found, RECEIVER, "Receiver/EANIdentifier"),
                LetterIdentifier(KIND.SOR_CODE, numbers.sor_code(3), "Receiver/Identifier"),
            ),
        ),
        copy_receivers=(
            Party(Role.COPY_RECEIVER, (LetterIdentifier(KIND.PROVIDER_NUMBER, "990004", "CCReceiver/Identifier"),)),
        ),
        reply_to=Party(Role.REPLY_TO, (LetterIdentifier(found, OTHER, "Sender/AnswerTo/EANIdentifier"),)),
        receipt_wanted=True,
        namespace=NAMESPACE,
    )


@pytest.mark.parametrize(
    "namespace",
    [
        "http://rep.oio.dk/medcom.dk/xml/schemas/2004/06/01/",
        "http://rep.oio.dk/medcom.dk/xml/schemas/2021/06/27/",
        "urn:of:a:schema:that:is:yet:to:come",
        None,
    ],
)
def test_every_generation_of_the_schemas_is_read_and_its_namespace_recorded(namespace: str | None) -> None:
    header = one(oioxml_of(RICH, namespace=namespace))
    assert attrs.evolve(header, namespace=NAMESPACE) == one(oioxml_of(RICH))
    assert header.namespace == namespace


def test_a_rehabilitation_plan_mixes_two_namespaces() -> None:
    plan = attrs.evolve(RICH, code="GGOP", version="GGOP100")
    header = one(oioxml_of(plan, namespace=f"{GGOP}1.0.4", inner_namespace=f"{GGOP}1.0.0"))
    assert header.namespace == f"{GGOP}1.0.4"
    assert header.family == "GGOP"
    assert identifiers(header.sender) == identifiers(one(oioxml_of(RICH)).sender)


PARTIES = st.builds(
    MadeUpParty,
    location_number=st.none() | st.integers(0, 999).map(numbers.location_number),
    sor_code=st.none() | st.integers(0, 999).map(numbers.sor_code),
)
LETTERS = st.builds(
    MadeUpLetter,
    sender=PARTIES,
    receiver=PARTIES,
    copy_receivers=st.lists(PARTIES, max_size=2).map(tuple),
    letter_id=st.text("ABCDEFG0123", min_size=1, max_size=9).filter(lambda text: not text.isdigit()),
    receipt_wanted=st.booleans(),
    sent=st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2099, 1, 1)).map(  # noqa: DTZ001
        lambda sent: sent.replace(second=0, microsecond=0)
    ),
)


@given(
    letters=st.lists(LETTERS, min_size=1, max_size=4),
    encoding=st.sampled_from(["UTF-8", "ISO-8859-1", "windows-1252", "UTF-16"]),
)
def test_what_was_written_is_read(letters: list[MadeUpLetter], encoding: str) -> None:
    headers = read(oioxml_of(*letters, encoding=encoding), "letter.xml")
    assert [header.position for header in headers] == list(range(1, len(letters) + 1))
    for header, letter in zip(headers, letters, strict=True):
        assert (header.letter_id, header.envelope_id) == (letter.letter_id, letters[0].envelope_id)
        assert (header.sent, header.receipt_wanted) == (letters[0].sent, letters[0].receipt_wanted)
        parties = zip(header.receivers, (letter.receiver, *letter.copy_receivers), strict=True)
        for read_party, written in ((header.sender, letter.sender), *parties):
            assert read_party.sor_code == written.sor_code
            if read_party.role is not Role.COPY_RECEIVER or written.sor_code is None:
                assert read_party.location_number == written.location_number
        assert header.findings == ()


def test_identifiers_nested_in_a_party_are_not_the_partys_own() -> None:
    nested = "".join(
        f"<{name}><EANIdentifier>{OTHER}</EANIdentifier><Identifier>991234</Identifier></{name}>"
        for name in ("Practitioner", "OriginalSender", "Contact", "Physician", "Referrer")
    )
    assert one(oioxml_of(RICH, inside_sender=nested)) == one(oioxml_of(RICH))


def test_reply_to_is_read_by_either_name() -> None:
    inside = f"<ReplyTo><EANIdentifier>{OTHER}</EANIdentifier></ReplyTo>"
    header = one(oioxml_of(MadeUpLetter(), inside_sender=inside))
    assert identifiers(header.reply_to) == [("location_number", OTHER, "Sender/ReplyTo/EANIdentifier")]


@pytest.mark.parametrize(
    ("code", "kind", "written", "value"),
    [
        ("sygehusafdelingsnummer", "shak_code", "9999010", "9999010"),
        ("ydernummer", "provider_number", "9901", "009901"),
        ("lokationsnummer", "location_number", SENDER, SENDER),
        ("kommunenummer", "municipality_code", "0999", "0999"),
        ("sorkode", "sor_code", numbers.sor_code(1), numbers.sor_code(1)),
        ("SORKODE", "sor_code", numbers.sor_code(1), numbers.sor_code(1)),
        ("amt", "county_code", "99", "99"),
        ("lokalt_nummer", "local_code", "X9", "X9"),
        ("lokal_kode", "local_code", "X9", "X9"),
        ("noget_nyt", "other", "X9", "X9"),
    ],
)
def test_the_identifier_code_says_what_the_identifier_is(code: str, kind: str, written: str, value: str) -> None:
    fields = f"<Identifier>{written}</Identifier><IdentifierCode>{code}</IdentifierCode>"
    letter = MadeUpLetter(sender=MadeUpParty())
    assert identifiers(one(oioxml_of(letter, inside_sender=fields)).sender) == [(kind, value, "Sender/Identifier")]


def test_an_identifier_without_its_code_is_kept_and_not_guessed_at() -> None:
    letter = MadeUpLetter(sender=MadeUpParty(location_number=SENDER))
    header = one(oioxml_of(letter, inside_sender="<Identifier>990001</Identifier>"))
    assert identifiers(header.sender)[1:] == [("other", "990001", "Sender/Identifier")]


@pytest.mark.parametrize("number", ["???", "579099900001", "DKKMDKMDNET"])
def test_a_location_number_that_is_none_is_reported_as_it_stands(number: str) -> None:
    assert one(oioxml_of(MadeUpLetter(sender=MadeUpParty(location_number=number)))).sender.location_number == number


def test_two_location_numbers_of_one_party_are_both_kept_and_told() -> None:
    fields = f"<Identifier>{OTHER}</Identifier><IdentifierCode>lokationsnummer</IdentifierCode>"
    header = one(oioxml_of(MadeUpLetter(), inside_sender=fields))
    assert [value for _, value, _ in identifiers(header.sender)] == [SENDER, OTHER]
    assert [(finding.code, finding.details) for finding in header.findings] == [
        ("identifiers-disagree", {"variant": "two", "party": Role.SENDER, "identifiers": (SENDER, OTHER)})
    ]


def test_the_same_location_number_twice_is_no_finding() -> None:
    fields = f"<Identifier>{SENDER}</Identifier><IdentifierCode>lokationsnummer</IdentifierCode>"
    assert one(oioxml_of(MadeUpLetter(), inside_sender=fields)).findings == ()


def test_a_thin_receiver_has_what_the_letter_gives_it() -> None:
    header = one(oioxml_of(MadeUpLetter(code="XDAO01", version="XA0138Z", receiver=MadeUpParty())))
    assert header.receiver == Party(Role.RECEIVER)


def test_who_gets_a_copy_of_the_answer_is_a_copy_receiver() -> None:
    before = "<AnswerCCReceiver><Identifier>990007</Identifier><IdentifierCode>ydernummer</IdentifierCode></AnswerCCReceiver>"
    header = one(oioxml_of(attrs.evolve(RICH, code="XREF01", version="XH0131R"), before_patient=before))
    assert [identifiers(party) for party in header.copy_receivers] == [
        [("provider_number", "990004", "CCReceiver/Identifier")],
        [("provider_number", "990007", "AnswerCCReceiver/Identifier")],
    ]


def test_the_statistical_code_is_not_the_type() -> None:
    header = one(oioxml_of(MadeUpLetter(code="XREF06", version="XH0631R"), statistical_code="REF01"))
    assert header.message_type == catalogue().parse("XREF06 XH0631R")


@pytest.mark.parametrize(("version", "family"), [("XR0131K", "RPT01"), ("XR0130F", "RPT01F")])
def test_xrpt01_is_two_letters_and_the_version_says_which(version: str, family: str) -> None:
    assert one(oioxml_of(MadeUpLetter(code="XRPT01", version=version))).family == family


def test_a_version_that_belongs_to_another_type_is_told() -> None:
    header = one(oioxml_of(MadeUpLetter(code="XDIS20", version="XD9134L")))
    assert [(finding.code, finding.details) for finding in header.findings] == [
        ("type-contradicts-version", {"message_type": "XDIS20", "version": "XD9134L", "belongs_to": "XDIS91"})
    ]
    assert header.message_type is not None
    assert header.message_type.known is False


@pytest.mark.parametrize("version", ["XD9999L", None])
def test_a_version_that_is_new_or_missing_contradicts_nothing(version: str | None) -> None:
    header = one(oioxml_of(MadeUpLetter(version=version)))
    assert (header.family, codes(header)) == ("DIS91", [])


def test_a_letter_without_a_type_has_none() -> None:
    assert one(oioxml_of(MadeUpLetter(code=""))).message_type is None


@pytest.mark.parametrize(
    ("code", "version", "answer", "reason"),
    [
        ("XCTL01", "XC0130Q", ReceiptKind.NEGATIVE_VANS, "ukendt_lokationsnummer"),
        ("XCTL02", "XC0230Q", ReceiptKind.NEGATIVE, "ukendt_lokationsnummer"),
        ("XCTL03", "XC0330Q", ReceiptKind.POSITIVE, None),
    ],
)
def test_a_receipt_says_what_it_answers(code: str, version: str, answer: ReceiptKind, reason: str | None) -> None:
    receipt = MadeUpLetter(
        code=code,
        version=version,
        sender=RICH.receiver,
        receiver=RICH.sender,
        answers=attrs.evolve(RICH, letter_id="BRV7", envelope_id="KUV7"),
        answer_positive=answer is ReceiptKind.POSITIVE,
    )
    header = one(oioxml_of(receipt))
    assert header.message_type == catalogue().parse(f"{code} {version}")
    assert header.receipt_wanted is False
    assert header.answered == Receipt(answer, "KUV7", ("BRV7",), SENDER, RECEIVER, reason)
    assert (header.sender.location_number, header.receiver.location_number) == (RECEIVER, SENDER)


def test_a_receipt_in_an_element_of_another_name_is_known_by_its_version() -> None:
    receipt = oioxml_of(MadeUpLetter(code="XCTL03", version="XC0330Q", answers=RICH)).replace(
        b"PositiveReceipt", b"PositivReceipt"
    )
    header = one(receipt)
    assert header.message_type == catalogue().parse("XCTL03 XC0330Q")
    assert header.answered is not None
    assert header.answered.answer is ReceiptKind.POSITIVE


def test_a_receipt_whose_version_is_that_of_another_is_told() -> None:
    assert codes(one(oioxml_of(MadeUpLetter(code="XCTL03", version="XC0230Q", answers=RICH)))) == [
        "type-contradicts-version"
    ]


@pytest.mark.parametrize(
    ("day", "time", "unreadable"),
    [
        ("2026-02-30", "09:30", True),
        ("15-01-2026", "09:30", True),
        ("2026-01-15", "9.30", True),
        ("2026-01-15", "", True),
        ("", "", False),
    ],
)
def test_a_time_that_is_none_is_told_and_one_that_is_missing_is_not(day: str, time: str, unreadable: bool) -> None:
    data = oioxml_of(MadeUpLetter()).replace(
        b"<Date>2026-01-15</Date><Time>09:30</Time></Sent>", f"<Date>{day}</Date><Time>{time}</Time></Sent>".encode()
    )
    header = one(data)
    assert header.sent is None
    assert [finding.details for finding in header.findings] == ([{"field": "Envelope/Sent"}] if unreadable else [])


def test_a_wrong_encoding_is_told_in_every_letter() -> None:
    headers = read(oioxml_of(RICH, RICH, encoding="latin-1", declared="UTF-8"), "letter.xml")
    assert [codes(header) for header in headers] == [["encoding-differs"]] * 2


def test_a_mark_and_white_space_in_front_are_read_over() -> None:
    assert one(oioxml_of(RICH, in_front="\r\n ")) == one(oioxml_of(RICH))
    assert one(oioxml_of(RICH, byte_order_mark=True)) == one(oioxml_of(RICH))


def test_local_elements_and_signatures_are_no_letters() -> None:
    data = oioxml_of(RICH).replace(
        b"</Emessage>", b"<Local_Elements><Letter/></Local_Elements><Signature><X/></Signature></Emessage>"
    )
    assert one(data) == one(oioxml_of(RICH))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<Emessage/>", "holds no letter"),
        (b"<Emessage><Envelope/><Local_Elements/></Emessage>", "holds no letter"),
        (b"<EMessage/>", "the root of the XML is no Emessage"),
        (
            b"<Emessage><Mail><Letter/><Sender><EANIdentifier>"
            + b"9" * 2000
            + b"</EANIdentifier></Sender></Mail></Emessage>",
            "2,000 characters",
        ),
        (b"<Emessage>" + b"<Mail><Letter/></Mail>" * (MAX_LETTERS + 1) + b"</Emessage>", "more than 10,000 letters"),
        (b"<Emessage>" + b"<Mail><Letter/></Mail>" * 100_000 + b"</Emessage>", "more than 10,000 letters"),
    ],
)
def test_what_is_no_file_of_letters_is_refused_with_one_error(data: bytes, said: str) -> None:
    with pytest.raises(LetterError, match=said):
        read(data, "letter.xml")


def test_as_many_letters_as_a_file_may_have_are_all_read() -> None:
    assert (
        len(read(b"<Emessage>" + b"<Mail><Letter/></Mail>" * MAX_LETTERS + b"</Emessage>", "letter.xml")) == MAX_LETTERS
    )


@pytest.mark.parametrize("encoding", ["UTF-8", "ISO-8859-1", "UTF-16"])
def test_a_large_file_is_read_as_a_small_one_is(encoding: str) -> None:
    patient = "<Patient>" + "<Line><Text>OPDIGTET Ø</Text> hale </Line>" * 60_000 + "</Patient><More><Sender/>x</More>"
    letters = [attrs.evolve(RICH, letter_id=f"BRV{n}") for n in range(3)]
    small = read(oioxml_of(*letters, encoding=encoding), "letter.xml")
    assert read(oioxml_of(*letters, encoding=encoding, patient=patient), "letter.xml") == small


def test_a_large_letter_with_one_long_text_is_read() -> None:
    patient = f"<Patient/><BinaryObject>{'OPDI' * 4_000_000}</BinaryObject>"
    assert one(oioxml_of(RICH, patient=patient)) == one(oioxml_of(RICH))


@pytest.mark.parametrize("tail", [b"", b"<x", b"</Patient></Wrong>"])
def test_a_large_file_that_is_damaged_is_refused(tail: bytes) -> None:
    data = oioxml_of(RICH, patient="<Patient>" + "<Line>OPDIGTET</Line>" * 100_000 + "</Patient>")
    with pytest.raises(LetterError, match=r"cut off|not well formed") as caught:
        read(data[:-100_000] + tail, "letter.xml")
    assert caught.value.__context__ is None


def test_a_large_file_costs_no_memory_of_many_times_its_size() -> None:
    data = oioxml_of(RICH, patient="<Patient>" + "<Line>OPDIGTET</Line>" * 200_000 + "</Patient>")
    tracemalloc.start()
    read(data, "letter.xml")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < len(data) / 2


def test_nothing_of_the_patient_and_no_name_gets_into_a_header() -> None:
    letter = attrs.evolve(
        RICH, content=LIKE_CPR, letter_id=LIKE_CPR, envelope_id=LIKE_CPR, sender=MadeUpParty(location_number=LIKE_CPR)
    )
    planted = f"<Contact><Name>Navnløs</Name><Identifier>{LIKE_CPR}</Identifier></Contact><!-- {LIKE_CPR} -->"
    receipt = attrs.evolve(letter, code="XCTL02", version="XC0230Q", answers=letter, answer_positive=False)
    patient = f"<Patient><Sender><EANIdentifier>{LIKE_CPR}</EANIdentifier>Navnløs</Sender></Patient>"
    headers = read(oioxml_of(letter, receipt, inside_sender=planted, patient=patient), "letter.xml")
    shown = repr(headers) + repr([header.to_dict() for header in headers])
    assert "9999" not in shown.replace(SENDER, "").replace(RECEIVER, "").replace(OTHER, "").replace(
        numbers.sor_code(3), ""
    )
    assert "Navnløs" not in shown
    assert "Opdigtet" not in shown
    assert headers[0].letter_id == HIDDEN


@pytest.mark.parametrize(
    ("begin", "many"),
    [
        ("</Receiver>", "<CCReceiver><Identifier>1</Identifier></CCReceiver>"),
        ("<Receiver>", "<EANIdentifier>1</EANIdentifier>"),
    ],
)
def test_more_parties_or_fields_than_any_letter_has_are_refused(begin: str, many: str) -> None:
    data = oioxml_of(MadeUpLetter()).decode("latin-1")
    at = data.index(begin) + len(begin)
    with pytest.raises(LetterError, match="this is no letter"):
        read((data[:at] + many * 1_001 + data[at:]).encode("latin-1"), "letter.xml")
