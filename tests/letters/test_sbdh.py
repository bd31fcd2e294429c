"""SBDH: the header of an EHMI message, without the patient that it names."""

from __future__ import annotations

import datetime as dt
import traceback

import attrs
import pytest

from sor_addressing.errors import LetterError
from sor_addressing.letters.envelopes.sbdh import read
from sor_addressing.letters.header import (
    Envelope,
    EnvelopeKind,
    LetterIdentifier,
    LetterIdentifierKind,
    Party,
    Receipt,
    Role,
)
from sor_addressing.messages.catalogue import catalogue
from sor_addressing.testing import MadeUpLetter, MadeUpParty, numbers, oioxml_of, sbdh_of

SENDER, RECEIVER = (numbers.location_number(n) for n in (1, 2))
LETTER = MadeUpLetter(
    code="care-communication-message",
    version="5.0",
    sender=MadeUpParty(location_number=SENDER, sor_code=numbers.sor_code(1)),
    receiver=MadeUpParty(location_number=RECEIVER, sor_code=numbers.sor_code(2)),
)
INNER = oioxml_of(MadeUpLetter(), encoding="ISO-8859-1")
FHIR_ID = "urn:dk:healthcare:medcom:messaging:fhir:structuredefinition"
# February has no day 31, so this has the shape of a CPR number and is nobody's.
LIKE_CPR = "310299-9999"
EXPECTED = Envelope(
    EnvelopeKind.SBDH,
    Party(
        Role.SENDER,
        (
            LetterIdentifier(LetterIdentifierKind.LOCATION_NUMBER, SENDER, "Sender/Identifier"),
            LetterIdentifier(LetterIdentifierKind.SOR_CODE, numbers.sor_code(1), "Scope SENDERID"),
        ),
    ),
    Party(
        Role.RECEIVER,
        (
            LetterIdentifier(LetterIdentifierKind.LOCATION_NUMBER, RECEIVER, "Receiver/Identifier"),
            LetterIdentifier(LetterIdentifierKind.SOR_CODE, numbers.sor_code(2), "Scope RECEIVERID"),
        ),
    ),
    envelope_id="0f0e0d0c-0b0a-4908-8706-050403020100",
    sent=dt.datetime(2026, 1, 15, 9, 30),  # noqa: DTZ001 (naive means Danish time)
    message_type=catalogue().parse("FDIS91 5.0"),
    statistic="alm",
    letter_id="BRV00000000001",
    inner_envelope_id="KUV00000000001",
    document_format="application/fhir+xml",
    receipt_wanted=True,
    payload_size=len(INNER),
)


@pytest.mark.parametrize("padding", ["", " ", "\n      "])
@pytest.mark.parametrize("identification", ["DocumentIdentification", "DocumentInformation"])
@pytest.mark.parametrize("scope", ["EHMI-ReceiptAcknowledgement", "EHMI-SBDH-ReceiptAcknowledgement"])
def test_header_and_letter_are_both_read(padding: str, identification: str, scope: str) -> None:
    data = sbdh_of(
        INNER,
        LETTER,
        statistic="alm",
        padding=padding,
        identification=identification,
        acknowledgement_scope=scope,
        wrapped=bool(padding),
    )
    assert read(data, "letter.xml") == (EXPECTED, None, INNER)


@pytest.mark.parametrize(
    ("document_id", "expected"),
    [
        ("urn:dk:healthcare:medcom:messaging:edifact:meddis:dis91:d9134l", "DIS91 D9134L"),
        ("urn:dk:healthcare:medcom:messaging:oioxml:schema:xsd:meddis:xdis91:xd9134l", "XDIS91 XD9134L"),
        (
            f"{FHIR_ID}::carecommunication-message##urn:dk:medcom:fhir:carecommunication-message::5.0",
            "FDIS91 5.0",
        ),
        (
            f"{FHIR_ID}:hospital-notification-message#urn:dk:medcom:fhir:hospital-notification-message:3.0.0",
            "FDIS20 3.0.0",
        ),
        ("urn:dk:medcom:fhir:hospitalnotification-message", "FDIS20"),
        ("urn:dk:medcom:fhir:homecareobservation-message::1.2", "homecareobservation-message 1.2"),
    ],
)
def test_the_type_is_that_of_the_document_id_where_the_standard_says_none(document_id: str, expected: str) -> None:
    data = sbdh_of(INNER, attrs.evolve(LETTER, version=None), standard="", document_id=document_id)
    assert read(data, "letter.xml")[0].message_type == catalogue().parse(expected)


def test_the_standard_comes_before_the_document_id() -> None:
    data = sbdh_of(INNER, LETTER, document_id="urn:dk:healthcare:medcom:messaging:edifact:meddis:dis91:d9134l")
    assert read(data, "letter.xml")[0].message_type == catalogue().parse("FDIS91 5.0")


@pytest.mark.parametrize("document_id", ["", ":", "##", "#:#:"])
def test_a_document_id_that_says_nothing_is_no_type_that_is_known(document_id: str) -> None:
    found = read(sbdh_of(INNER, LETTER, standard="", document_id=document_id), "letter.xml")[0].message_type
    assert found is None or not found.known


def test_a_header_without_a_type_has_none() -> None:
    assert read(sbdh_of(INNER, LETTER, standard=""), "letter.xml")[0].message_type is None


@pytest.mark.parametrize(
    ("acknowledgement", "wanted"),
    [("Request", True), ("Response", False), ("response", False), (None, None), ("Maybe", None)],
)
def test_whether_a_receipt_is_wanted_stands_in_its_scope(acknowledgement: str | None, wanted: bool | None) -> None:
    assert read(sbdh_of(INNER, LETTER, acknowledgement=acknowledgement), "letter.xml")[0].receipt_wanted is wanted


def test_a_bare_response_is_a_receipt_without_a_letter() -> None:
    envelope, answered, payload = read(sbdh_of(None, LETTER, acknowledgement="Response"), "letter.xml")
    assert (answered, payload, envelope.payload_size, envelope.document_format) == (
        Receipt(None),
        None,
        None,
        None,
    )


def test_a_message_without_its_letter_is_refused() -> None:
    with pytest.raises(LetterError, match="has no BinaryContent"):
        read(sbdh_of(None, LETTER), "letter.xml")


@pytest.mark.parametrize("data", [b"<StandardBusinessDocument/>", b"<Other><StandardBusinessDocumentHeader/></Other>"])
def test_what_is_no_sbdh_is_refused(data: bytes) -> None:
    with pytest.raises(LetterError, match="is no StandardBusinessDocument with a StandardBusinessDocumentHeader"):
        read(data, "letter.xml")


@pytest.mark.parametrize("prefix", ["0184:", "", "9:"])
def test_a_party_without_the_prefix_of_location_numbers_is_not_guessed_at(prefix: str) -> None:
    identifiers = read(sbdh_of(INNER, LETTER, prefix=prefix), "letter.xml")[0].receiver.identifiers
    assert [str(found.kind) for found in identifiers] == ["other", "sor_code"]


def test_two_sor_codes_of_one_party_are_told() -> None:
    scope = f"<Scope><Type>RECEIVERID</Type><InstanceIdentifier>{numbers.sor_code(9)}</InstanceIdentifier></Scope>"
    data = sbdh_of(INNER, LETTER).replace(b"</BusinessScope>", f"{scope}</BusinessScope>".encode())
    envelope = read(data, "letter.xml")[0]
    assert [(finding.code, finding.details) for finding in envelope.findings] == [
        (
            "identifiers-disagree",
            {"variant": "two", "party": Role.RECEIVER, "identifiers": (numbers.sor_code(2), numbers.sor_code(9))},
        )
    ]


def test_a_time_that_is_none_is_told() -> None:
    envelope = read(sbdh_of(INNER, LETTER).replace(b"2026-01-15T", b"15/1 2026 "), "letter.xml")[0]
    assert (envelope.sent, [finding.details for finding in envelope.findings]) == (
        None,
        [{"field": "CreationDateAndTime"}],
    )


@pytest.mark.parametrize("patient", [LIKE_CPR, "Navnløs", "Navnløs" * 1000])
def test_the_patient_in_the_scopes_is_never_read(patient: str, caplog: pytest.LogCaptureFixture) -> None:
    envelope, _, _ = read(sbdh_of(INNER, LETTER, patient=patient, statistic="alm"), "letter.xml")
    assert envelope == EXPECTED
    with pytest.raises(LetterError) as caught:
        read(sbdh_of(INNER, LETTER, patient=patient)[:-400], "letter.xml")
    shown = repr(envelope) + repr(envelope.to_dict()) + "".join(traceback.format_exception(caught.value)) + caplog.text
    assert "Navnløs" not in shown
    assert LIKE_CPR not in shown
