"""Receipts of every kind: what they answer, and which letter of several they refuse and why."""

from __future__ import annotations

import pytest

from sor_addressing import Register
from sor_addressing.letters import (
    LetterAnswer,
    LetterHeader,
    Receipt,
    ReceiptKind,
    letter_statistics,
    read_message_header,
)
from sor_addressing.messages.catalogue import MessageFormat, catalogue
from sor_addressing.testing import MadeUpLetter, MadeUpParty, RegisterBuilder, fhir_of, oioxml_of, sbdh_of
from sor_addressing.testing.numbers import location_number

FROM, TO = location_number(1), location_number(2)
FHIR_ID = (
    "urn:dk:healthcare:medcom:messaging:fhir:structuredefinition::homecareobservation-message"
    "##urn:dk:medcom:fhir:homecareobservation-message::1.2"
)
ORIGINAL = {
    "ORIGINALMESSAGEIDENTIFIER": "aaaaaaaa-0000-4000-8000-000000000001",
    "ORIGINALMESSAGEENVELOPEIDENTIFIER": "aaaaaaaa-0000-4000-8000-000000000002",
    "ORIGINALMESSAGESTANDARD": "homecareobservation-message",
    "ORIGINALMESSAGEVERSION": "1.2",
    "ORIGINALENVELOPEIDENTIFIER": "aaaaaaaa-0000-4000-8000-000000000003",
}


def signal(root: str, prefix: str = "bpssignal", exception: str | None = None) -> bytes:
    p = f"{prefix}:" if prefix else ""
    more = f"<{p}ExceptionType>{exception}</{p}ExceptionType><{p}Reason>Fri tekst</{p}Reason>" if exception else ""
    return (
        f'<{p}{root} xmlns{":" + prefix if prefix else ""}="http://docs.oasis-open.org/ebxml-bp/ebbp-signals-2.0">'
        f"<{p}OriginalMessageIdentifier>\n aaaaaaaa-0000-4000-8000-000000000003\n</{p}OriginalMessageIdentifier>"
        f"<{p}OriginalDocumentIdentifier> {FHIR_ID} </{p}OriginalDocumentIdentifier>"
        f'<{p}FromPartyInfo type="iso6523-actorid-upis">0088:{TO}</{p}FromPartyInfo>'
        f'<{p}ToPartyInfo type="iso6523-actorid-upis">0088:{FROM}</{p}ToPartyInfo>{more}</{p}{root}>'
    ).encode()


def envelope_receipt(
    payload: bytes | None,
    document_type: str = "ReceiptAcknowledgement",
    standard: str = "ehmisbdh-acknowledgement",
    version: str = "ebbp-signals-2.0",
    scopes: dict[str, str] = ORIGINAL,
    correlation: str = "",
) -> bytes:
    letter = MadeUpLetter(
        code="SBDHACK",
        version=version,
        sender=MadeUpParty(location_number=TO),
        receiver=MadeUpParty(location_number=FROM),
    )
    data = sbdh_of(payload, letter, standard=standard, acknowledgement="Response", mime_type="application/xml")
    told = "".join(
        f"<Scope><Type>{kind}</Type><InstanceIdentifier>{value}</InstanceIdentifier><Identifier>dk-medcom-messaging</Identifier></Scope>"
        for kind, value in scopes.items()
    )
    data = data.replace(b"<BusinessScope>", f"<BusinessScope>{told}".encode())
    data = data.replace(b"<Type>Bundle</Type>", f"<Type>{document_type}</Type>".encode())
    if correlation:
        data = data.replace(
            b"<InstanceIdentifier>Response</InstanceIdentifier>",
            b"<InstanceIdentifier>Response</InstanceIdentifier><CorrelationInformation><RequestingDocumentInstanceIdentifier>"
            + correlation.encode()
            + b"</RequestingDocumentInstanceIdentifier></CorrelationInformation>",
        )
    return data


def one(data: bytes) -> LetterHeader:
    (header,) = read_message_header(data)
    return header


@pytest.mark.parametrize(
    "payload", [None, signal("ReceiptAcknowledgement"), signal("ReceiptAcknowledgement", prefix="")]
)
def test_an_ehmi_receipt_for_an_envelope_is_a_receipt_with_what_it_answers(payload: bytes | None) -> None:
    header = one(envelope_receipt(payload))
    assert (header.message_type, header.format) == (catalogue().parse("SBDHACK 1.0"), MessageFormat.XML)
    assert header.message_type is not None
    assert header.message_type.known
    assert header.findings == ()
    assert header.receipt_wanted is False
    assert header.answered == Receipt(
        ReceiptKind.POSITIVE,
        envelope_id=ORIGINAL["ORIGINALENVELOPEIDENTIFIER"],
        letter_ids=(ORIGINAL["ORIGINALMESSAGEIDENTIFIER"],),
        sender=FROM if payload else None,
        receiver=TO if payload else None,
        inner_envelope_id=ORIGINAL["ORIGINALMESSAGEENVELOPEIDENTIFIER"],
    )
    assert header.answered.letters == (
        LetterAnswer(ORIGINAL["ORIGINALMESSAGEIDENTIFIER"], ReceiptKind.POSITIVE, None, catalogue().parse("HCO 1.2")),
    )


@pytest.mark.parametrize(
    ("exception", "reason"),
    [
        ("<bpssignal:ReceiptException>Syntax</bpssignal:ReceiptException>", "Syntax"),
        ("<bpssignal:GeneralException>101</bpssignal:GeneralException>", "101"),
        ("", None),
    ],
)
@pytest.mark.parametrize("root", ["ReceiptException", "Exception"])
@pytest.mark.parametrize("document_type", ["ReceiptException", "ReceiptAcknowledgement", "Bundle"])
def test_an_exception_is_a_refusal_with_its_kind(
    exception: str, reason: str | None, root: str, document_type: str
) -> None:
    header = one(envelope_receipt(signal(root, exception=exception), document_type))
    assert header.answered is not None
    assert (header.answered.answer, header.answered.reason) == (ReceiptKind.NEGATIVE, reason)


@pytest.mark.parametrize(
    ("document_type", "standard", "version"),
    [
        ("SBDHReceiptAcknowledgement", "ehmisbdh-acknowledgement", "ebbp-signals-2.0"),
        ("receiptacknowledgement", "EHMISBDH-ACKNOWLEDGEMENT", "1.0"),
        ("ReceiptAcknowledgement", "ebbp-signals", "2.0"),
        ("ReceiptAcknowledgement", "noget-andet", "9"),
        ("Bundle", "noget-andet", "9"),
    ],
)
def test_older_and_other_spellings_are_receipts_too(document_type: str, standard: str, version: str) -> None:
    answered = one(envelope_receipt(signal("ReceiptAcknowledgement"), document_type, standard, version)).answered
    assert answered is not None
    assert answered.answer is ReceiptKind.POSITIVE


def test_without_scopes_the_correlation_and_the_signal_say_what_is_answered() -> None:
    with_correlation = one(envelope_receipt(None, scopes={}, correlation=" k-1 ")).answered
    with_signal = one(envelope_receipt(signal("ReceiptAcknowledgement"), scopes={})).answered
    assert with_correlation == Receipt(ReceiptKind.POSITIVE, envelope_id="k-1")
    assert with_signal is not None
    assert with_signal.envelope_id == ORIGINAL["ORIGINALENVELOPEIDENTIFIER"]
    assert [str(letter.message_type) for letter in with_signal.letters] == ["HCO 1.2"]


def test_fhirs_own_receipt_in_an_envelope_stays_what_it_is() -> None:
    answers = MadeUpLetter(code="FDIS91", version="5.0")
    letter = MadeUpLetter(code="FCTL", version="2.0", answers=answers)
    data = sbdh_of(fhir_of(letter), letter, standard="acknowledgement-message", acknowledgement="Response")
    header = one(data)
    assert header.answered is not None
    assert header.format is MessageFormat.FHIR
    assert header.answered.inner_envelope_id is None


def test_an_ehmi_receipt_may_go_to_whoever_is_in_the_register_and_counts_for_its_letter() -> None:
    build = RegisterBuilder()
    region = build.owner("Region Opdigt")
    sender = build.institution(region, "Afsenderhuset", location_number=FROM)
    receiver = build.institution(region, "Modtagerhuset", location_number=TO)
    for house in (sender, receiver):
        build.registers(house, "FDIS91 5.0", send=True, receive=True)
    register: Register = build.build()
    (report,) = register.validate_message(envelope_receipt(signal("ReceiptAcknowledgement")))
    assert report.deliverable
    assert [finding.code for finding in report.findings] == []
    letter = MadeUpLetter(
        code="FDIS91",
        version="5.0",
        sender=MadeUpParty(location_number=FROM, sor_code=sender),
        receiver=MadeUpParty(location_number=TO, sor_code=receiver),
    )
    (sent,) = register.validate_message(fhir_of(letter))
    scopes = {**ORIGINAL, "ORIGINALMESSAGEIDENTIFIER": str(sent.header.letter_id)}
    refusal = envelope_receipt(
        signal("ReceiptException", exception="<bpssignal:ReceiptException>Syntax</bpssignal:ReceiptException>"),
        "ReceiptException",
        scopes=scopes,
    )
    counted = letter_statistics([sent, *register.validate_message(refusal)])
    assert (dict(counted.answered), counted.stray_receipts, dict(counted.refusals)) == (
        {"negative": 1},
        0,
        {"Syntax": 1},
    )


def oioxml_receipt(original_letters: str, code: str = "") -> Receipt:
    answers = MadeUpLetter(code="XDIS91", version="XD9134L")
    data = oioxml_of(MadeUpLetter(code="XCTL02", version="XC0230Q", answers=answers, answer_positive=False))
    text = data.decode()
    start, end = text.index("<RefuseCode>"), text.index("</OriginalEmessage>")
    answered = one((text[:start] + code + original_letters + text[end:]).encode()).answered
    assert answered is not None
    return answered


def original(letter_id: str, reason: str = "") -> str:
    code = f"<RefuseCode>{reason}</RefuseCode>" if reason else ""
    return (
        f"<OriginalLetter><OriginalLetterIdentifier>{letter_id}</OriginalLetterIdentifier>"
        f"<OriginalVersionCode>XD9134L</OriginalVersionCode>{code}</OriginalLetter>"
    )


DIS91 = catalogue().parse("XDIS91 XD9134L")


def test_a_refusal_in_oioxml_has_its_reason_for_the_whole_or_for_each_letter() -> None:
    whole, own = "<RefuseCode>problem_med_version</RefuseCode>", "ukendt_lokationsnummer"
    negative = ReceiptKind.NEGATIVE
    of_whole = oioxml_receipt(original("A") + original("B"), whole)
    assert (of_whole.reason, of_whole.letter_ids) == ("problem_med_version", ("A", "B"))
    assert of_whole.letters == tuple(LetterAnswer(name, negative, "problem_med_version", DIS91) for name in "AB")
    of_each = oioxml_receipt(original("A", own) + original("B", "syntaksfejl"))
    assert of_each.reason == own
    assert of_each.letters == (
        LetterAnswer("A", negative, own, DIS91),
        LetterAnswer("B", negative, "syntaksfejl", DIS91),
    )
    both = oioxml_receipt(original("A", own) + original("B"), whole)
    assert both.reason == "problem_med_version"
    assert [letter.reason for letter in both.letters] == [own, "problem_med_version"]


def test_of_a_letter_beside_a_refused_one_it_is_not_said_whether_it_arrived() -> None:
    receipt = oioxml_receipt(original("A", "syntaksfejl") + original("B"))
    assert [(letter.letter_id, letter.answer) for letter in receipt.letters] == [
        ("A", ReceiptKind.NEGATIVE),
        ("B", None),
    ]


def test_a_reason_that_is_no_code_is_not_shown() -> None:
    receipt = oioxml_receipt(original("A", "Patienten hedder Opdigtet"))
    assert "Opdigtet" not in repr(receipt)


def test_an_edifact_receipt_says_of_each_letter_whether_and_why() -> None:
    data = (
        b"UNA:+.? 'UNB+UNOC:3+5790999000024:14+5790999000017:14+260115:0934+KUV77'UNH+1+CONTRL:D:93A:ZZ:C0230Q+CTL02'"
        b"UCI+KUV1+5790999000017:14+5790999000024:14+4'UCM+BRV1+MEDDIS:D:93A:UN:D9134L+4'FTX+VER+P00++Fri'"
        b"UCM+BRV2+MEDREF:D:93A:UN:H0130R+7'UCM+BRV3+MEDDIS:D:93A:UN:D9134L+4'FTX+LOK+P00'UNT+8+1'UNZ+1+KUV77'"
    )
    header = one(data)
    assert header.findings == ()
    assert header.answered == Receipt(
        ReceiptKind.NEGATIVE, "KUV1", ("BRV1", "BRV2", "BRV3"), "5790999000017", "5790999000024", "VER"
    )
    assert [(a.letter_id, str(a.answer), a.reason, str(a.message_type)) for a in header.answered.letters] == [
        ("BRV1", "negative", "VER", "DIS91 D9134L"),
        ("BRV2", "positive", None, "REF01 H0130R"),
        ("BRV3", "negative", "LOK", "DIS91 D9134L"),
    ]
    assert header.answered.to_dict()["letters"][1] == {  # type: ignore[index]
        "letter_id": "BRV2",
        "answer": "positive",
        "reason": None,
        "message_type": header.answered.letters[1].message_type.to_dict(),  # type: ignore[union-attr]
    }
