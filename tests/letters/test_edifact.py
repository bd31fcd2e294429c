"""The header of EDIFACT letters, trap by trap."""

from __future__ import annotations

import datetime as dt
import json

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sor_addressing.errors import LetterError
from sor_addressing.hiding import must_hide
from sor_addressing.letters.edifact.interchange import read
from sor_addressing.letters.edifact.parties import party_table, roles_of
from sor_addressing.letters.header import LetterHeader, LetterIdentifier, Party, Receipt, ReceiptKind, Role, hide
from sor_addressing.letters.header import LetterIdentifierKind as Kind
from sor_addressing.messages.catalogue import MessageFormat, catalogue
from sor_addressing.testing import MadeUpLetter, MadeUpParty, edifact_of, numbers

SENDER, RECEIVER, OTHER = (numbers.location_number(n) for n in (1, 2, 3))
HOSPITAL = MadeUpParty(location_number=SENDER, shak_code=numbers.shak_code(10, "department"))
PRACTICE = MadeUpParty(location_number=RECEIVER, provider_number=numbers.provider_number(1))
LETTER = MadeUpLetter(code="DIS91", version="D9134L", sender=HOSPITAL, receiver=PRACTICE)


def one(data: bytes) -> LetterHeader:
    (header,) = read(data, "brev.edi")
    return header


def codes(header: LetterHeader) -> list[str]:
    return [finding.code for finding in header.findings]


def details(header: LetterHeader) -> list[dict[str, object]]:
    return [dict(finding.details) for finding in header.findings]


def refusal(data: bytes) -> str:
    with pytest.raises(LetterError) as caught:
        read(data, "brev.edi")
    return str(caught.value)


def kinds(party: Party) -> dict[str, str]:
    return {str(identifier.kind): identifier.value for identifier in party.identifiers}


def text(*segments: str, una: bool = True) -> bytes:
    lines = [*(["UNA:+.? "] if una else []), *segments]
    return "".join(f"{line}'\n" for line in lines).encode("latin-1")


UNB = f"UNB+UNOC:3+{SENDER}:14+{RECEIVER}:14+260115:0930+KUV1++++1"
UNH = "UNH+BRV1+MEDDIS:D:93A:UN:D9134L+DIS91"


def test_the_whole_header_of_a_letter() -> None:
    assert one(edifact_of(LETTER)) == LetterHeader(
        file="brev.edi",
        position=1,
        format=MessageFormat.EDI,
        message_type=catalogue().parse("DIS91 D9134L"),
        letter_id="BRV00000000001",
        envelope_id="KUV00000000001",
        sent=dt.datetime(2026, 1, 15, 9, 30),  # noqa: DTZ001
        sender=Party(
            Role.SENDER,
            (
                LetterIdentifier(Kind.LOCATION_NUMBER, SENDER, "UNB S002"),
                LetterIdentifier(Kind.SHAK_CODE, numbers.shak_code(10, "department"), "NAD+SSP"),
            ),
        ),
        receiver=Party(
            Role.RECEIVER,
            (
                LetterIdentifier(Kind.LOCATION_NUMBER, RECEIVER, "UNB S003"),
                LetterIdentifier(Kind.PROVIDER_NUMBER, numbers.provider_number(1), "NAD+PO"),
            ),
        ),
        receipt_wanted=True,
    )


@pytest.mark.parametrize(
    ("code", "version", "sender", "receiver", "copy"),
    [
        ("DIS91", "D9134L", "NAD+SSP", "NAD+PO", "NAD+CCR"),
        ("DIS14", "D1431C", "NAD+SOR", "NAD+ROR", "NAD+CCR"),
        ("DIS17", "D1730C", "NAD+SOR", "NAD+ROR", "NAD+CCR"),
        ("DIS20", "D2030C", "NAD+SOR", "NAD+ROR", "NAD+CCR"),
        ("REF01", "H0131R", "NAD+PO", "NAD+SSP", "NAD+PRH"),
        ("REQ01", "Q0131K", "NAD+PO", "NAD+SLA", "NAD+CCR"),
        ("RPT01", "R0131K", "NAD+SLA", "NAD+PO", "NAD+CCR"),
        ("BIN01", "B0131X", "NAD+SSP", "NAD+PO", None),
        ("PRE60", "R6031W", "PNA+PO", "PNA+SSP", None),
        ("RUC01", "U0131U", "NAD", "NAD", None),
    ],
)
def test_roles_follow_the_type_of_the_letter(
    code: str, version: str, sender: str, receiver: str, copy: str | None
) -> None:
    header = one(edifact_of(attrs.evolve(LETTER, code=code, version=version, copy_receivers=(PRACTICE, HOSPITAL))))
    assert [identifier.place for identifier in header.sender.identifiers] == ["UNB S002", sender]
    assert [identifier.place for identifier in header.receiver.identifiers] == ["UNB S003", receiver]
    assert [[identifier.place for identifier in party.identifiers] for party in header.copy_receivers] == (
        [[copy], [copy]] if copy else []
    )
    assert header.message_type == catalogue().parse(f"{code} {version}")
    assert header.findings == ()


def test_a_prescription_names_the_pharmacy_by_its_location_number_alone() -> None:
    header = one(edifact_of(attrs.evolve(LETTER, code="PRE01", version="LMS016")))
    assert kinds(header.sender) == {"location_number": SENDER, "shak_code": HOSPITAL.shak_code}
    assert kinds(header.receiver) == {"location_number": RECEIVER}


def test_the_pharmacy_that_a_renewal_wishes_for_is_no_receiver() -> None:
    header = one(edifact_of(attrs.evolve(LETTER, code="PRE60", version="R6031W")))
    assert kinds(header.receiver) == {"location_number": RECEIVER, "provider_number": PRACTICE.provider_number}


def test_the_file_of_a_laboratory_s_analyses_has_its_receiver_in_unb_alone() -> None:
    header = one(edifact_of(attrs.evolve(LETTER, code="DAO01", version="A0138Z")))
    assert kinds(header.sender) == {"location_number": SENDER, "shak_code": HOSPITAL.shak_code}
    assert kinds(header.receiver) == {"location_number": RECEIVER}


def test_a_message_type_whose_roles_are_not_known_has_the_parties_of_unb() -> None:
    header = one(
        text(UNB, "UNH+BRV1+MEDPID:D:93A:UN:I0130D+PID01", "NAD+PO+990001:YNR:SFU", "UNT+3+BRV1", "UNZ+1+KUV1")
    )
    assert (kinds(header.sender), kinds(header.receiver)) == (
        {"location_number": SENDER},
        {"location_number": RECEIVER},
    )
    assert header.findings == ()


def test_in_an_answer_of_admission_the_receiver_s_group_comes_first_and_sor_means_sender() -> None:
    header = one(
        text(
            UNB, "UNH+BRV1+MEDDIS:D:93A:UN:D1431C+DIS14", "S01+01", "NAD+ROR+9999010:SKS:SST", "S01+01",
            f"NAD+SOR+{numbers.sor_code(1)}:SOR:SST", "S02+02", "UNT+7+BRV1", "UNZ+1+KUV1",
        )
    )  # fmt: skip
    assert kinds(header.sender) == {"location_number": SENDER, "sor_code": numbers.sor_code(1)}
    assert kinds(header.receiver) == {"location_number": RECEIVER, "shak_code": "9999010"}


@pytest.mark.parametrize(
    ("coded", "expected"),
    [
        ("9999010:SKS:SST", {"shak_code": "9999010"}),
        ("990001:YNR:SFU", {"provider_number": "990001"}),
        (f"{numbers.sor_code(2)}:SOR:SST", {"sor_code": numbers.sor_code(2)}),
        ("0990:KOM:IM", {"municipality_code": "0990"}),
        ("990:KOM:IM", {"municipality_code": "990"}),
        ("99:AMT:SFU", {"county_code": "99"}),
        ("99:AMT:IM", {"county_code": "99"}),
        ("A7:NCD:X", {"local_code": "A7"}),
        ("A7:XYZ:X", {"other": "A7"}),
        ("A7", {"other": "A7"}),
        ("OPDIGT:AUT", {}),
        ("OPDIGT:CPR:IM", {}),
        (":SKS:SST", {}),
        ("", {}),
        (f"{RECEIVER}::9", {}),
        (f"{RECEIVER}:EAN:9", {}),
    ],
)
def test_the_list_of_codes_says_what_an_identifier_is(coded: str, expected: dict[str, str]) -> None:
    header = one(text(UNB, UNH, "S01+01", f"NAD+PO+{coded}++Opdigtet", "S02+02", "UNT+5+BRV1", "UNZ+1+KUV1"))
    assert kinds(header.receiver) == {"location_number": RECEIVER, **expected}
    assert header.findings == ()


def test_the_number_it_travels_by_and_the_number_it_names_may_differ() -> None:
    header = one(text(UNB, UNH, "S01+01", f"NAD+PO+{OTHER}::9", "S02+02", "UNT+5+BRV1", "UNZ+1+KUV1"))
    assert [(identifier.value, identifier.place) for identifier in header.receiver.identifiers] == [
        (RECEIVER, "UNB S003"),
        (OTHER, "NAD+PO"),
    ]
    assert codes(header) == ["identifiers-disagree"]
    assert details(header) == [{"variant": "two", "party": Role.RECEIVER, "identifiers": (RECEIVER, OTHER)}]


@pytest.mark.parametrize(
    ("party", "kind", "value"),
    [
        (f"{SENDER}:14", "location_number", SENDER),
        (SENDER, "location_number", SENDER),
        (f"{SENDER}:ZZ", "vans_name", SENDER),
        ("DKOPDIGTNET:14", "vans_name", "DKOPDIGTNET"),
        ("DKOPDIGTNET", "vans_name", "DKOPDIGTNET"),
        ("579099900001:14", "location_number", "579099900001"),
        ("??????:14", "location_number", "???"),
    ],
)
def test_what_stands_in_unb_need_not_be_a_location_number(party: str, kind: str, value: str) -> None:
    header = one(text(f"UNB+UNOC:3+{party}+{RECEIVER}:14+260115:0930+KUV1", UNH, "S02+02", "UNT+3+BRV1", "UNZ+1+KUV1"))
    assert kinds(header.sender) == {kind: value}
    assert header.findings == ()


def test_a_file_without_parties_has_parties_without_identifiers() -> None:
    header = one(text("UNB+UNOC:3+++260115:0930+KUV1", UNH, "S02+02", "UNT+3+BRV1", "UNZ+1+KUV1"))
    assert (header.sender, header.receiver) == (Party(Role.SENDER), Party(Role.RECEIVER))


def test_the_number_for_the_answer_is_read_where_it_is_another() -> None:
    reply = attrs.evolve(LETTER, code="DIS20", version="D2030C", reply_to=MadeUpParty(location_number=OTHER))
    assert one(edifact_of(reply)).reply_to == Party(
        Role.REPLY_TO, (LetterIdentifier(Kind.LOCATION_NUMBER, OTHER, "RFF+LOC"),)
    )
    assert one(edifact_of(attrs.evolve(reply, reply_to=HOSPITAL))).reply_to is None
    renewal = attrs.evolve(reply, code="PRE60", version="R6031W")
    found = one(edifact_of(renewal)).reply_to
    assert found is not None
    assert found.identifiers == (LetterIdentifier(Kind.LOCATION_NUMBER, OTHER, "COM+LOC"),)


def test_a_telephone_number_and_a_number_of_the_receiver_s_are_no_number_for_the_answer() -> None:
    header = one(
        text(
            UNB, UNH, "S01+01", "NAD+SSP", "COM+12345678:TE", "RFF+AHL:2", "RFF+LOC", "RFF", "S01+01", "NAD+PO",
            f"RFF+LOC:{OTHER}", "S02+02", "UNT+12+BRV1", "UNZ+1+KUV1",
        )
    )  # fmt: skip
    assert header.reply_to is None
    assert header.findings == ()


@pytest.mark.parametrize("patient", ["PNA+PAT+X", "PNA+PAS+X", "S07+07", "UNO+1+A+B+0:14", "GIS+N", "LIN+1"])
def test_nothing_after_the_patient_s_part_begins_is_a_party(patient: str) -> None:
    header = one(
        text(
            UNB, UNH, patient, "S01+01", "NAD+SSP+9999010:SKS:SST", f"NAD+CCR+{OTHER}::9", "UNT+6+BRV1", "UNZ+1+KUV1"
        ).replace(b"0:14'\n", b"0:14'UNP+0+1'\n")
    )
    assert kinds(header.sender) == {"location_number": SENDER}
    assert header.copy_receivers == ()


@pytest.mark.parametrize(
    ("wish", "expected"),
    [("++++1", True), ("++++0", False), ("++++", False), ("", False), ("+X+Y++1", True)],
)
def test_a_receipt_is_wanted_where_unb_says_one(wish: str, expected: bool) -> None:
    unb = f"UNB+UNOC:3+{SENDER}:14+{RECEIVER}:14+260115:0930+KUV1{wish}"
    assert one(text(unb, UNH, "UNT+2+BRV1", "UNZ+1+KUV1")).receipt_wanted is expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("260115:0930", "2026-01-15T09:30:00"),
        ("991111:1850", "1999-11-11T18:50:00"),
        ("891231:2359", "2089-12-31T23:59:00"),
        ("20260115:093059", "2026-01-15T09:30:59"),
        ("000229:0000", "2000-02-29T00:00:00"),
    ],
)
def test_two_digits_of_a_year_mean_this_century_and_from_90_the_last(written: str, expected: str) -> None:
    unb = f"UNB+UNOC:3+{SENDER}:14+{RECEIVER}:14+{written}+KUV1"
    header = one(text(unb, UNH, "UNT+2+BRV1", "UNZ+1+KUV1"))
    assert header.sent is not None
    assert header.sent.tzinfo is None
    assert header.sent.isoformat() == expected
    assert header.findings == ()


@pytest.mark.parametrize(
    "written", ["260231:0930", "260115:2530", "260115", "26011:0930", "260115:9", "i dag:0930", ":0930"]
)
def test_a_time_that_cannot_be_read_is_a_finding(written: str) -> None:
    header = one(text(f"UNB+UNOC:3+{SENDER}:14+{RECEIVER}:14+{written}+KUV1", UNH, "UNT+2+BRV1", "UNZ+1+KUV1"))
    assert header.sent is None
    assert codes(header) == ["time-unreadable"]
    assert details(header) == [{"field": "UNB S004"}]


def test_no_time_at_all_is_no_finding() -> None:
    header = one(text(f"UNB+UNOC:3+{SENDER}:14+{RECEIVER}:14++KUV1", UNH, "UNT+2+BRV1", "UNZ+1+KUV1"))
    assert (header.sent, header.findings) == (None, ())


@pytest.mark.parametrize(
    ("unh", "expected"),
    [
        ("MEDDIS:D:93A:UN:D9134L+DIS91", "DIS91 D9134L"),
        ("MEDDIS:D:93A:UN+DIS91", "DIS91"),
        ("MEDDIS:D:93A:UN:D9134L", "DIS91 D9134L"),
        ("MEDRPT:D:93A:UN:R0131K+RPT01", "RPT01 R0131K"),
        ("MEDRPT:D:93A:UN:R0130F+RPT01", "RPT01 R0130F"),
        ("MEDPRE:0:962:RT:LMS016+PRE01", "PRE01 LMS016"),
        ("meddis:D:93A:UN:d9134l+dis91", "DIS91 D9134L"),
        ("MEDDIS:D:93A:UN", None),
    ],
)
def test_type_and_version_stand_in_unh(unh: str, expected: str | None) -> None:
    header = one(text(UNB, f"UNH+BRV1+{unh}", "BGM+HNV++9+NA", "UNT+3+BRV1", "UNZ+1+KUV1"))
    assert header.message_type == (catalogue().parse(expected) if expected else None)
    assert header.findings == ()


def test_one_code_and_two_families_are_told_apart_by_the_version() -> None:
    families = [
        one(edifact_of(attrs.evolve(LETTER, code="RPT01", version=version))).family for version in ("R0131K", "R0130F")
    ]
    assert families == ["RPT01", "RPT01F"]


@pytest.mark.parametrize(
    ("code", "version", "belongs_to"), [("DIS91", "H0131R", "REF01"), ("DIS91", "XD9134L", "XDIS91")]
)
def test_a_version_of_another_type_is_a_finding(code: str, version: str, belongs_to: str) -> None:
    header = one(text(UNB, f"UNH+BRV1+MEDDIS:D:93A:UN:{version}+{code}", "UNT+2+BRV1", "UNZ+1+KUV1"))
    assert codes(header) == ["type-contradicts-version"]
    assert details(header) == [{"message_type": code, "version": version, "belongs_to": belongs_to}]


@pytest.mark.parametrize("unh", ["D9999L+DIS91", "D9134L+ZZZ", "ZZZ+DIS91"])
def test_a_type_or_version_that_is_not_known_contradicts_nothing(unh: str) -> None:
    header = one(text(UNB, f"UNH+BRV1+MEDDIS:D:93A:UN:{unh}", "UNT+2+BRV1", "UNZ+1+KUV1"))
    assert header.findings == ()
    assert header.message_type is not None
    assert header.message_type.known is False


def test_every_letter_of_an_interchange_and_every_interchange_of_a_file_is_read() -> None:
    letters = [
        attrs.evolve(LETTER, letter_id="BRV1", envelope_id="KUV1"),
        attrs.evolve(LETTER, letter_id="BRV2", envelope_id="KUV1", code="BIN01", version="B0131X"),
        attrs.evolve(LETTER, letter_id="BRV3", envelope_id="KUV2", code="REF01", version="H0131R"),
    ]
    headers = read(edifact_of(*letters), "brev.edi")
    assert [(header.position, header.letter_id, header.envelope_id, header.family) for header in headers] == [
        (1, "BRV1", "KUV1", "DIS91"),
        (2, "BRV2", "KUV1", "BIN01"),
        (3, "BRV3", "KUV2", "REF01"),
    ]
    assert [header.findings for header in headers] == [(), (), ()]


def test_functional_groups_are_let_through() -> None:
    data = edifact_of(LETTER, attrs.evolve(LETTER, letter_id="BRV2"), groups=True)
    assert [(header.letter_id, header.findings) for header in read(data, "brev.edi")] == [
        ("BRV00000000001", ()),
        ("BRV2", ()),
    ]


def test_interchanges_of_one_file_may_have_separators_of_their_own() -> None:
    data = (
        edifact_of(LETTER, una="|#.! ~")
        + edifact_of(LETTER, una=None)
        + edifact_of(LETTER, una="*^.\\ \x1c", line_end="")
    )
    headers = read(data, "brev.edi")
    assert [attrs.evolve(header, position=1) for header in headers] == [one(edifact_of(LETTER))] * 3


@pytest.mark.parametrize(
    "front",
    [b"", b"\xef\xbb\xbf", b"\n\n  ", b"\xef\xbb\xbf\r\n", b"\t"],
    ids=["nothing", "BOM", "lines", "both", "tab"],
)
@pytest.mark.parametrize("behind", [b"", b"\n\n", b"\x1a", b"\0\0", b"\r\n\x1a"])
def test_white_space_and_a_byte_order_mark_around_the_file_count_for_nothing(front: bytes, behind: bytes) -> None:
    assert one(front + edifact_of(LETTER) + behind) == one(edifact_of(LETTER))


@pytest.mark.parametrize("line_end", ["", "\n", "\r\n", "\r", "\n\n"])
@pytest.mark.parametrize("una", [None, ":+.? '", ":+,  '", "|#.! ~", ":+.? \n"])
def test_separators_and_line_ends_make_no_difference(line_end: str, una: str | None) -> None:
    letter = attrs.evolve(LETTER, content="Opdigtet 'UNT+1+' ?' ??' + : | # ~ 'UNO+")
    if una is not None and una.endswith("\n"):
        line_end = line_end.replace("\n", "")  # a second terminator would end an empty segment
    assert one(edifact_of(letter, una=una, line_end=line_end)) == one(edifact_of(LETTER))


@pytest.mark.parametrize(
    "binary", [b"", b"'", b"'UNT+2+BRV1'\nUNZ+1+KUV1'", b"?", b"\0\xff" * 999, b"\n", b"x\r\n", b"UNP+1'"]
)
@pytest.mark.parametrize("line_end", ["", "\n", "\r\n"])
def test_raw_bytes_are_skipped_by_the_length_that_uno_says(binary: bytes, line_end: str) -> None:
    letter = attrs.evolve(LETTER, code="BIN01", version="B0131X")
    header = one(edifact_of(letter, binary=binary, line_end=line_end))
    assert (header.family, header.findings) == ("BIN01", ())


@pytest.mark.parametrize("line_break", [b"\n", b"\r\n", b"\r"])
def test_a_line_break_before_the_raw_bytes_is_no_part_of_them(line_break: bytes) -> None:
    data = edifact_of(attrs.evolve(LETTER, code="BIN01", version="B0131X"), binary=b"'raw'")
    assert one(data.replace(b"'raw'", line_break + b"'raw'")).findings == ()


def test_raw_bytes_of_the_wrong_length_are_refused() -> None:
    data = edifact_of(attrs.evolve(LETTER, code="BIN01", version="B0131X"), binary=b"'raw'")
    assert "its length is wrong" in refusal(data.replace(b"'raw'", b"'ra"))
    assert "cut off" in refusal(data[: data.index(b"'raw'") + 2])
    for length in ("x", "", "9" * 13, "9" * 5000, "-1"):
        assert "how many bytes" in refusal(data.replace(b"+5:14:1:A", f"+{length}:14:1:A".encode()))


def test_wrong_counts_and_references_are_findings() -> None:
    data = edifact_of(LETTER)
    count, last = b"UNT+16+BRV00000000001", b"UNZ+1+KUV00000000001"
    wrong = data.replace(count, b"UNT+17+BRV2").replace(last, b"UNZ+2+KUV2")
    header = one(wrong)
    assert codes(header) == ["segment-count-wrong", "reference-differs", "letter-count-wrong", "reference-differs"]
    assert details(header) == [
        {"stated": 17, "counted": 16},
        {"segment": "UNT", "closing": "BRV2", "opens": "UNH", "opening": "BRV00000000001"},
        {"stated": 2, "counted": 1},
        {"segment": "UNZ", "closing": "KUV2", "opens": "UNB", "opening": "KUV00000000001"},
    ]
    no_number = one(data.replace(count, b"UNT+Opdigtet+BRV00000000001").replace(last, b"UNZ++KUV00000000001"))
    assert details(no_number) == [{"stated": "?", "counted": 16}, {"stated": "?", "counted": 1}]


def test_what_is_wrong_with_an_interchange_is_said_of_each_of_its_letters_alone() -> None:
    other = attrs.evolve(LETTER, envelope_id="KUV2")
    data = edifact_of(LETTER, LETTER, other).replace(b"UNZ+2+", b"UNZ+1+")
    assert [codes(header) for header in read(data, "brev.edi")] == [["letter-count-wrong"], ["letter-count-wrong"], []]


def test_utf_8_in_spite_of_unoc_is_one_finding() -> None:
    header = one(edifact_of(LETTER, charset="utf-8"))
    assert codes(header) == ["encoding-differs"]
    assert details(header) == [{"declared": "UNOC (ISO 8859-1)", "used": "UTF-8"}]
    assert one(edifact_of(LETTER, charset="utf-8", syntax="UNOW")).findings == ()
    assert one(edifact_of(LETTER, charset="iso-8859-1")).findings == ()


def test_identifiers_are_read_in_the_encoding_they_are_in() -> None:
    letter = attrs.evolve(LETTER, letter_id="BRVÆØ")
    assert {one(edifact_of(letter, charset=charset)).letter_id for charset in ("utf-8", "iso-8859-1")} == {"BRVÆØ"}


def test_only_what_comes_before_the_patient_decides_on_the_encoding() -> None:
    data = edifact_of(LETTER).replace("Ærø".encode("latin-1"), b"Aeroe").replace("øre".encode("latin-1"), b"oere")
    assert one(data.replace(b"OPDIGTET INDHOLD", "ÆØÅ".encode())).findings == ()


@pytest.mark.parametrize(
    ("positive", "code", "version", "answer", "reason"),
    [
        (True, "CTL03", "C0330Q", ReceiptKind.POSITIVE, None),
        (False, "CTL02", "C0230Q", ReceiptKind.NEGATIVE, "LOK"),
        (False, "CTL01", "C0130Q", ReceiptKind.NEGATIVE_VANS, "LOK"),
    ],
)
def test_a_receipt_says_what_it_answers(
    positive: bool, code: str, version: str, answer: ReceiptKind, reason: str | None
) -> None:
    receipt = MadeUpLetter(
        code=code, version=version, sender=PRACTICE, receiver=HOSPITAL, letter_id="KVI1", envelope_id="KVIKUV",
        answers=LETTER, answer_positive=positive,
    )  # fmt: skip
    header = one(edifact_of(receipt))
    assert header.answered == Receipt(answer, "KUV00000000001", ("BRV00000000001",), SENDER, RECEIVER, reason)
    assert (kinds(header.sender), kinds(header.receiver)) == (
        {"location_number": RECEIVER},
        {"location_number": SENDER},
    )
    assert (header.message_type, header.receipt_wanted) == (catalogue().parse(f"{code} {version}"), False)
    assert header.findings == ()


def test_a_receipt_for_several_letters_is_negative_where_one_is_refused() -> None:
    header = one(
        text(
            UNB, "UNH+KVI1+CONTRL:D:93A:ZZ:C0230Q+CTL02", f"UCI+KUV9+{RECEIVER}:14+DKOPDIGT:14+7",
            "UCM+BRV1+MEDREF:D:93A:UN:H0131R+7", "UCM+BRV2+MEDREF:D:93A:UN:H0131R+4",
            "FTX+VER+P00++OPDIGTET AARSAG", "FTX+NC+P00++MERE", "UNT+7+KVI1", "UNZ+1+KUV1",
        )
    )  # fmt: skip
    assert header.answered == Receipt(ReceiptKind.NEGATIVE, "KUV9", ("BRV1", "BRV2"), RECEIVER, "DKOPDIGT", "VER")


@pytest.mark.parametrize(
    ("unh", "expected"),
    [
        ("C0330Q+CTL03", ReceiptKind.POSITIVE),
        ("C0230Q+CTL02", ReceiptKind.NEGATIVE),
        ("C0130Q+CTL01", ReceiptKind.NEGATIVE_VANS),
        ("", None),
    ],
)
def test_a_receipt_that_says_nothing_else_answers_by_its_type(unh: str, expected: ReceiptKind | None) -> None:
    header = one(text(UNB, f"UNH+KVI1+CONTRL:D:93A:ZZ:{unh}", "FTX+en sætning", "UNT+3+KVI1", "UNZ+1+KUV1"))
    assert header.answered == Receipt(expected)


def test_lines_that_break_inside_a_field_are_put_together() -> None:
    data = edifact_of(LETTER, line_end="")
    wrapped = data.replace(b"BRV00000000001", b"BRV0000\r\n0000001").replace(RECEIVER.encode(), b"5790999\n000024")
    assert one(wrapped) == one(data)


@pytest.mark.parametrize(
    ("syntax", "declared"), [("UNOA", "UNOA (ASCII)"), ("UNOD", "UNOD"), ("", "UNB S001"), ("UTF-8", "UNB S001")]
)
def test_the_character_set_is_shown_where_it_is_a_code(syntax: str, declared: str) -> None:
    header = one(edifact_of(LETTER, charset="utf-8", syntax=syntax))
    assert details(header) == [{"declared": declared, "used": "UTF-8"}]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"  \r\n", "empty"),
        (b"UNA:+", "cut off"),
        (b"UNA:+.? '", "cut off"),
        (b"hej med dig", "cut off"),
        (b"hej'", "no UNB"),
        (b"UNA::.? 'UNB+UNOC'", "can't be told apart"),
        (b"UNAa+.? 'UNB+UNOC'", "can't be told apart"),
        ("\ufeffUNB+UNOC".encode("utf-16-le"), "two bytes a character"),
        ("UNA:+.? '".encode("utf-16-be"), "two bytes a character"),
        (text(UNB), "cut off"),
        (text(UNB, "UNZ+0+KUV1"), "without a letter"),
        (text(UNB, "BGM+EPI"), "something else"),
        (text(UNB, UNH), "cut off"),
        (text(UNB, UNH, "S02+02"), "cut off"),
        (text(UNB, UNH, "S02+02", "UNT+3+BRV1"), "before UNZ"),
        (text(UNB, UNH, "S02+02", "UNZ+1+KUV1"), "without UNT"),
        (text(UNB, UNH, "S02+02", UNH, "UNT+3+BRV1", "UNZ+1+KUV1"), "without UNT"),
        (text(UNB, UNH, "UNT+2+BRV1", UNB), "something else"),
        (text(UNH, "UNT+2+BRV1"), "no UNB"),
        (text(UNB, UNH + "\nBGM+EPI", "UNT+2+BRV1", "UNZ+1+KUV1"), "terminator after UNH is missing"),
        (text(UNB, UNH, "UNT+2+BRV1\nUNZ+1+KUV1"), "terminator after UNT is missing"),
        (text(UNB, "UNH+" + "x" * 71 + "+MEDDIS", "UNT+2+BRV1", "UNZ+1+KUV1"), "71 characters"),
        (text(UNB, UNH, "NAD+PO++" + "x" * 10_001, "UNT+3+BRV1", "UNZ+1+KUV1"), "bytes: the terminator"),
        (text(UNB, UNH, *["S01+01"] * 5_001, "UNT+5003+BRV1", "UNZ+1+KUV1"), "more than 5,000 segments"),
        (text(UNB, *[UNH, "UNT+2+BRV1"] * 10_001, "UNZ+10001+KUV1"), "more than 10,000 letters"),
        (text(UNB, "UNH+K+CONTRL", *["UCM+B"] * 30_001, "UNT+1+K", "UNZ+1+KUV1"), "more letters than"),
    ],
)  # fmt: skip
def test_what_is_no_interchange_is_refused_with_one_clear_error(data: bytes, said: str) -> None:
    assert said in refusal(data)


def test_a_letter_that_is_cut_off_anywhere_is_refused() -> None:
    data = edifact_of(LETTER, attrs.evolve(LETTER, code="BIN01", version="B0131X"), line_end="")
    taken = [end for end in range(len(data)) if not isinstance(_outcome(data[:end]), LetterError)]
    assert taken == []


def _outcome(data: bytes) -> LetterError | tuple[LetterHeader, ...]:
    try:
        return read(data, "brev.edi")
    except LetterError as error:
        return error


def test_an_error_names_file_and_line() -> None:
    with pytest.raises(LetterError) as caught:
        read(text(UNB, UNH, "S02+02", "UNZ+1+KUV1"), "brev.edi")
    assert (caught.value.file, caught.value.line) == ("brev.edi", 5)


def test_what_looks_like_a_cpr_number_is_hidden_wherever_it_stands() -> None:
    planted = "310299" + "-" + "9999"
    header = one(
        text(
            f"UNB+UNOC:3+{planted}:14+{RECEIVER}:14+260115:0930+{planted}", f"UNH+{planted}+MEDDIS:D:93A:UN:{planted}+{planted}",
            f"NAD+PO+{planted}:YNR:SFU", f"NAD+SSP+{planted}:XX", f"RFF+LOC:{planted}", f"UNT+5+{planted}x", f"UNZ+1+{planted}y",
        )
    )  # fmt: skip
    assert planted not in json.dumps(header.to_dict()) + repr(header)


def test_the_table_of_roles_covers_every_message_type_with_parties_of_its_own() -> None:
    assert set(party_table().messages) == {
        "MEDDIS", "MEDREF", "MEDREQ", "MEDRPT", "MEDBIN", "MEDPRE", "MEDRUC", "PRODAT",
    }  # fmt: skip
    for message in party_table().messages:
        roles = roles_of(message, "")
        assert roles is not None
        assert Role.SENDER in roles.by_segment.values()


location_numbers = st.integers(0, 99_999).map(numbers.location_number)
codes_of_units = st.fixed_dictionaries(
    {},
    optional={
        "location_number": location_numbers,
        "sor_code": st.integers(0, 999).map(numbers.sor_code),
        "provider_number": st.integers(0, 9_999).map(numbers.provider_number),
    },
)
parties = codes_of_units.map(lambda fields: MadeUpParty(**fields))
written_letters = st.builds(
    MadeUpLetter,
    code=st.just("DIS91"),
    version=st.just("D9134L"),
    sender=parties,
    receiver=parties,
    copy_receivers=st.lists(parties, max_size=2).map(tuple),
    letter_id=st.text("BRV0123456789?+:'", min_size=1, max_size=14).filter(lambda text: not must_hide(text)),
    envelope_id=st.text("KUV0123456789", min_size=1, max_size=9),
    sent=st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2089, 12, 31)),  # noqa: DTZ001
    receipt_wanted=st.booleans(),
    content=st.text("UNTOZ'+:?\n\r Åx", max_size=60),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    st.lists(written_letters, min_size=1, max_size=4),
    st.sampled_from([None, ":+.? '", "|#.! ~"]),
    st.sampled_from(["", "\n", "\r\n"]),
)
def test_what_is_written_is_read(letters: list[MadeUpLetter], una: str | None, line_end: str) -> None:
    headers = read(edifact_of(*letters, una=una, line_end=line_end), "brev.edi")
    first_of_interchange: MadeUpLetter | None = None
    assert len(headers) == len(letters)
    for header, letter in zip(headers, letters, strict=True):
        if first_of_interchange is None or letter.envelope_id != first_of_interchange.envelope_id:
            first_of_interchange = letter
        envelope = first_of_interchange
        assert header.letter_id == hide(letter.letter_id)  # ten digits look like a CPR number
        assert header.envelope_id == letter.envelope_id
        assert header.sent == envelope.sent.replace(second=0, microsecond=0)
        assert header.receipt_wanted is envelope.receipt_wanted
        assert kinds(header.sender) == _expected(letter.sender, envelope.sender.location_number)
        assert kinds(header.receiver) == _expected(letter.receiver, envelope.receiver.location_number)
        assert [kinds(party) for party in header.copy_receivers] == [
            _expected(party, None if party.sor_code or party.provider_number else party.location_number)
            for party in letter.copy_receivers
        ]
        assert header.findings == ()


def _expected(party: MadeUpParty, location_number: str | None) -> dict[str, str]:
    expected = {"location_number": location_number} if location_number else {}
    if party.sor_code:
        expected["sor_code"] = party.sor_code
    elif party.provider_number:
        expected["provider_number"] = party.provider_number
    return expected


@pytest.mark.parametrize("byte", [b"\x1b", b"\x9b", b"\0"])
def test_control_characters_in_a_reference_are_refused(byte: bytes) -> None:
    data = edifact_of(MadeUpLetter(code="DIS91", version="D9134L")).replace(b"UNH+BRV", b"UNH+B" + byte + b"V")
    with pytest.raises(LetterError, match="control characters"):
        read(data, "letter.edi")


def test_references_that_differ_are_told_also_where_both_have_to_be_hidden() -> None:
    data = edifact_of(MadeUpLetter(code="DIS91", version="D9134L", letter_id="0" * 10, envelope_id="0" * 10))
    (same,) = read(data, "letter.edi")
    assert same.findings == ()
    first, second = data.rindex(b"UNT+"), data.rindex(b"UNZ+")
    changed = (
        data[:first]
        + data[first:second].replace(b"0" * 10, b"310299" + b"9" * 4)
        + data[second:].replace(b"0" * 10, b"310299" + b"9" * 4)
    )
    (header,) = read(changed, "letter.edi")
    assert [(one.code, one.details["closing"], one.details["opening"]) for one in header.findings] == [
        ("reference-differs", "(hidden)", "(hidden)"),
        ("reference-differs", "(hidden)", "(hidden)"),
    ]
