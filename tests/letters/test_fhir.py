"""FHIR messages, JSON and XML: what their headers say, and what is refused."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sor_addressing.errors import LetterError
from sor_addressing.letters.fhir import json_form as fhir_json
from sor_addressing.letters.fhir import xml_form as fhir_xml
from sor_addressing.letters.header import (
    LetterHeader,
    LetterIdentifier,
    LetterIdentifierKind,
    Party,
    Receipt,
    ReceiptKind,
    Role,
    hide,
    letter_finding,
)
from sor_addressing.messages.catalogue import MessageFormat, MessageType, catalogue
from sor_addressing.testing import MadeUpLetter, MadeUpParty, fhir_of
from sor_addressing.testing.numbers import cvr_number, location_number, provider_number, sor_code

Bundle = dict[str, Any]
Edit = Callable[[Bundle], object]

ORGANIZATION = "Organization.identifier"
SENDER = MadeUpParty(location_number=location_number(1), sor_code=sor_code(1))
RECEIVER = MadeUpParty(location_number=location_number(2), sor_code=sor_code(2))
COPY = MadeUpParty(location_number=location_number(3), sor_code=sor_code(3), provider_number=provider_number(3))
LETTER = MadeUpLetter(
    code="FDIS91",
    version="5.0",
    sender=SENDER,
    receiver=RECEIVER,
    letter_id="aaaaaaaa-0000-4000-8000-000000000001",
    envelope_id="aaaaaaaa-0000-4000-8000-000000000002",
)


def header_of(letter: MadeUpLetter = LETTER, **options: Any) -> LetterHeader:
    """The one header, the same from JSON and from XML."""
    (header,) = fhir_json.read(fhir_of(letter, **options), "brev")
    assert fhir_xml.read(fhir_of(letter, xml=True, **options), "brev") == (header,)
    return header


def refusal(edit: Edit, letter: MadeUpLetter = LETTER) -> str:
    """Why an edited message is refused, the same from JSON and from XML."""
    with pytest.raises(LetterError) as of_json:
        fhir_json.read(fhir_of(letter, edit=edit), "brev")
    with pytest.raises(LetterError) as of_xml:
        fhir_xml.read(fhir_of(letter, xml=True, edit=edit), "brev")
    assert str(of_json.value) == str(of_xml.value)
    assert str(of_json.value).startswith("brev: ")
    return of_json.value.reason


def party(role: Role, made_up: MadeUpParty) -> Party:
    kinds = LetterIdentifierKind
    said = (
        (kinds.LOCATION_NUMBER, made_up.location_number),
        (kinds.SOR_CODE, made_up.sor_code),
        (kinds.PROVIDER_NUMBER, made_up.provider_number),
    )
    return Party(role, tuple(LetterIdentifier(kind, value, ORGANIZATION) for kind, value in said if value))


def message_header(bundle: Bundle) -> Bundle:
    return next(entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == "MessageHeader")


def organization(bundle: Bundle, location: str) -> Bundle:
    return next(
        entry
        for entry in bundle["entry"]
        if any(one.get("value") == location for one in entry["resource"].get("identifier", ()))
    )


def changed(**members: Any) -> Edit:
    """An edit of the MessageHeader; None takes a member away."""

    def edit(bundle: Bundle) -> None:
        header = message_header(bundle)
        for name, value in members.items():
            if value is None:
                del header[name]
            else:
                header[name] = value

    return edit


def test_a_care_communication_says_all_this() -> None:
    assert header_of() == LetterHeader(
        file="brev",
        position=1,
        format=MessageFormat.FHIR,
        message_type=catalogue().parse("FDIS91 5.0"),
        letter_id="aaaaaaaa-0000-4000-8000-000000000001",
        envelope_id="aaaaaaaa-0000-4000-8000-000000000002",
        sent=dt.datetime(2026, 1, 15, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=1))),
        sender=party(Role.SENDER, SENDER),
        receiver=party(Role.RECEIVER, RECEIVER),
        receipt_wanted=True,
    )


@pytest.mark.parametrize("positive", [True, False])
def test_an_acknowledgement_answers_and_asks_for_no_receipt(positive: bool) -> None:
    letter = MadeUpLetter(
        code="FCTL", version="2.0.0", sender=RECEIVER, receiver=SENDER, answers=LETTER, answer_positive=positive
    )
    header = header_of(letter)
    assert header.message_type == catalogue().parse("FCTL 2.0.0")
    assert header.receipt_wanted is False
    answer = ReceiptKind.POSITIVE if positive else ReceiptKind.NEGATIVE
    reason = None if positive else "fatal-error"
    assert header.answered == Receipt(answer, letter_ids=(LETTER.letter_id,), reason=reason)


@pytest.mark.parametrize(
    ("response", "answered"),
    [
        (None, Receipt(None)),
        ({"identifier": "et-andet"}, Receipt(None, letter_ids=("et-andet",))),
        (
            {"identifier": "et-andet", "code": "transient-error"},
            Receipt(ReceiptKind.NEGATIVE, letter_ids=("et-andet",), reason="transient-error"),
        ),
        ({"identifier": "et-andet", "code": "Jens"}, Receipt(None, letter_ids=("et-andet",))),
    ],
)
def test_an_acknowledgement_is_read_as_it_answers(response: Bundle | None, answered: Receipt) -> None:
    letter = MadeUpLetter(code="FCTL", version=None, sender=SENDER, receiver=RECEIVER, answers=LETTER)
    assert header_of(letter, edit=changed(response=response)).answered == answered


def test_a_letter_that_is_no_acknowledgement_answers_nothing() -> None:
    assert header_of(edit=changed(response={"identifier": "et-andet", "code": "ok"})).answered is None


@pytest.mark.parametrize(
    ("event", "definition", "message_type"),
    [
        ("hospital-notification-message", None, "FDIS20"),
        ("Hospital-Notification-Message", None, "FDIS20"),
        ("acknowledgement-message", None, "FCTL"),
        ("care-communication-message", None, "FDIS91"),
        ("care-communication-message", "http://x/MedComCareCommunicationMessageDefinition|5.0", "FDIS91 5.0"),
        ("care-communication-message", "http://x/MedComCareCommunicationMessageDefinition|5.0.2", "FDIS91 5.0"),
        ("care-communication-message", "http://x/medcom-careCommunication-message-definition|4.0.0", "FDIS91 4.0.0"),
        ("care-communication-message", "http://x/MedComCareCommunicationMessageDefinition5.0", "FDIS91 5.0"),
        ("care-communication-message", "http://x/MedComCareCommunicationMessageDefinition", "FDIS91"),
        ("care-communication-message", "http://x/MedComCareCommunicationMessageDefinition|", "FDIS91"),
        ("care-communication-message", "http://x/MedComCareCommunicationMessageDefinition|to ord", "FDIS91"),
        ("hospital-notification-message", "http://x/MedComHospitalNotificationMessageDefinition|3.0", "FDIS20 3.0.0"),
        ("hospital-notification-message", "http://x/MedComHospitalNotificationMessageDefinition|3.0.1", "FDIS20 3.0.1"),
        ("acknowledgement-message", "http://x/MedComAcknowledgementMessageDefinition|2.0", "FCTL 2.0.0"),
    ],
)
def test_the_event_says_the_type_and_the_definition_the_version(
    event: str, definition: str | None, message_type: str
) -> None:
    header = header_of(edit=changed(eventCoding={"code": event}, definition=definition))
    assert header.message_type == catalogue().parse(message_type)
    assert header.findings == ()


def test_an_event_without_a_type_in_the_register_is_kept_as_it_is_written() -> None:
    letter = MadeUpLetter(code="somethingnew-message", version=None, sender=SENDER, receiver=RECEIVER)
    header = header_of(letter)
    assert header.message_type == MessageType("SOMETHINGNEW-MESSAGE")
    assert (header.format, header.family, header.receipt_wanted) == (MessageFormat.FHIR, None, True)


def test_a_home_care_observation_has_its_version_without_a_bar() -> None:
    definition = "http://x/MedComHomeCareObservationMessageDefinition1.1"
    header = header_of(edit=changed(eventCoding={"code": "homecareobservation-message"}, definition=definition))
    assert header.message_type == catalogue().parse("HCO 1.1")
    assert header.message_type.known


@pytest.mark.parametrize(
    "event", [None, {}, {"code": " "}, {"code": "Nancy Ann Berggren"}, {"code": f"{990099}-{1234}"}]
)
def test_what_is_no_event_code_gives_no_type(event: Bundle | None) -> None:
    assert header_of(edit=changed(eventCoding=event)).message_type is None


def test_an_event_and_a_definition_of_different_types_are_named() -> None:
    definition = "http://x/MedComHospitalNotificationMessageDefinition|3.0.0"
    header = header_of(edit=changed(definition=definition))
    assert header.findings == (
        letter_finding("type-contradicts-version", message_type="FDIS91", version="3.0.0", belongs_to="FDIS20"),
    )
    assert header.message_type == catalogue().parse("FDIS91 3.0.0")


def test_copies_are_told_from_the_receiver_by_their_use_and_not_by_their_order() -> None:
    letter = MadeUpLetter(code="FDIS91", sender=SENDER, receiver=RECEIVER, copy_receivers=(COPY,))
    plain = header_of(letter)
    assert (plain.receiver, plain.copy_receivers) == (
        party(Role.RECEIVER, RECEIVER),
        (party(Role.COPY_RECEIVER, COPY),),
    )
    turned = header_of(letter, edit=lambda bundle: message_header(bundle)["destination"].reverse())
    assert turned == plain


def test_one_destination_without_a_use_is_the_receiver() -> None:
    assert header_of(marked=False) == header_of()


def test_one_without_a_use_beside_the_primary_gets_a_copy() -> None:
    letter = MadeUpLetter(code="FDIS91", sender=SENDER, receiver=RECEIVER, copy_receivers=(COPY,))
    header = header_of(letter, edit=lambda bundle: message_header(bundle)["destination"][1].pop("extension"))
    assert header.receivers == (party(Role.RECEIVER, RECEIVER), party(Role.COPY_RECEIVER, COPY))


def test_of_several_destinations_without_a_use_none_is_guessed() -> None:
    letter = MadeUpLetter(code="FDIS91", sender=SENDER, receiver=RECEIVER, copy_receivers=(COPY,))
    assert refusal(lambda bundle: [one.pop("extension") for one in message_header(bundle)["destination"]], letter) == (
        "2 destinations and none of them is marked primary, so it is not certain whom the letter is for;"
        " mark one primary and the others cc"
    )


def test_of_several_primary_destinations_none_is_guessed() -> None:
    def twice(bundle: Bundle) -> None:
        message_header(bundle)["destination"] *= 2

    assert refusal(twice) == (
        "2 destinations are marked primary, so it is not certain whom the letter is for; mark one primary and the others cc"
    )


def test_a_destination_that_is_both_is_refused() -> None:
    def both(bundle: Bundle) -> None:
        (destination,) = message_header(bundle)["destination"]
        (extension,) = destination["extension"]
        destination["extension"].append({"url": extension["url"], "valueCoding": {"code": "cc"}})

    assert refusal(both) == "destination 1 is marked both primary and cc; mark it as one of them"


def test_without_a_destination_there_is_a_receiver_without_identifiers() -> None:
    header = header_of(edit=changed(destination=None))
    assert header.receiver == Party(Role.RECEIVER)
    assert [finding.code for finding in header.findings] == ["letter-identifier-missing"] * 2


@pytest.mark.parametrize("addresses", ["relative", "absolute", "urn"])
@pytest.mark.parametrize("references", ["relative", "absolute", "urn"])
@pytest.mark.parametrize("bystanders_first", [True, False])
def test_references_are_followed_however_they_are_written(
    addresses: str, references: str, bystanders_first: bool
) -> None:
    header = header_of(addresses=addresses, references=references, bystanders_first=bystanders_first)
    assert header == header_of()


def test_a_reference_to_a_version_or_without_a_full_url_is_followed_by_id() -> None:
    def without_addresses(bundle: Bundle) -> None:
        for entry in bundle["entry"]:
            del entry["fullUrl"]
        message_header(bundle)["sender"]["reference"] += "/_history/2"

    assert header_of(edit=without_addresses) == header_of()


@pytest.mark.parametrize(
    "reference", ["Organization/ingen", "Patient/x", "#ingen", "urn:uuid:ingen", "noget", " ", "/"]
)
def test_a_reference_to_nothing_gives_a_party_without_identifiers(reference: str) -> None:
    header = header_of(edit=changed(sender={"reference": reference}), endpoints=False)
    assert header.sender == Party(Role.SENDER)
    assert header.findings == (
        letter_finding("letter-identifier-missing", party=Role.SENDER, kind=LetterIdentifierKind.SOR_CODE),
        letter_finding("letter-identifier-missing", party=Role.SENDER, kind=LetterIdentifierKind.LOCATION_NUMBER),
    )


def test_the_same_id_on_another_server_is_another_organization() -> None:
    def elsewhere(bundle: Bundle) -> None:
        reference = message_header(bundle)["sender"]["reference"]
        message_header(bundle)["sender"]["reference"] = reference.replace("opdigtet", "andetsteds")

    assert (
        header_of(addresses="absolute", references="absolute", edit=elsewhere, endpoints=False).sender.identifiers == ()
    )


def test_of_two_servers_that_of_the_message_header_counts() -> None:
    def another(bundle: Bundle) -> None:
        entry = json.loads(json.dumps(organization(bundle, location_number(1))))
        entry["fullUrl"] = entry["fullUrl"].replace("opdigtet", "andetsteds")
        entry["resource"]["identifier"][0]["value"] = location_number(7)
        bundle["entry"].insert(1, entry)

    assert header_of(addresses="absolute", edit=another) == header_of()


def test_two_organizations_with_one_address_are_refused_where_they_differ() -> None:
    def twice(bundle: Bundle) -> None:
        entry = json.loads(json.dumps(organization(bundle, location_number(2))))
        entry["resource"]["identifier"][0]["value"] = location_number(7)
        bundle["entry"].append(entry)

    expected = (
        "MessageHeader.destination.receiver means several Organizations of the Bundle, and their identifiers differ;"
        " give each Organization an id and a fullUrl of its own"
    )
    assert refusal(twice) == expected


def test_an_organization_that_is_there_twice_and_the_same_is_certain() -> None:
    def twice(bundle: Bundle) -> None:
        bundle["entry"].append(organization(bundle, location_number(2)))

    assert header_of(edit=twice) == header_of()


def test_a_contained_organization_is_found() -> None:
    def contained(bundle: Bundle) -> None:
        entry = organization(bundle, location_number(1))
        bundle["entry"].remove(entry)
        header = message_header(bundle)
        header["contained"] = [{"resourceType": "Device", "id": "d"}, {**entry["resource"], "id": "afsender"}]
        header["sender"] = {"reference": "#afsender"}

    assert header_of(edit=contained) == header_of()


def test_an_identifier_in_the_reference_itself_counts() -> None:
    identifier = {"system": "https://www.gs1.org/gln", "value": location_number(5)}
    header = header_of(edit=changed(sender={"identifier": identifier}), endpoints=False)
    assert header.sender.identifiers == (
        LetterIdentifier(LetterIdentifierKind.LOCATION_NUMBER, location_number(5), "MessageHeader.sender.identifier"),
    )


@pytest.mark.parametrize(
    "system",
    [
        "https://www.gs1.org/gln", "http://www.gs1.org/gln", "http://gs1.org/gln", "urn:oid:1.3.88",
        "https://gs1.org/gln/", "HTTPS://WWW.GS1.ORG/GLN", "www.gs1.org/gln", " https://www.gs1.org/gln ",
    ],
)  # fmt: skip
def test_every_spelling_of_the_location_numbers_system_is_read(system: str) -> None:
    assert header_of(gln_system=system) == header_of()


def test_other_identifiers_are_read_where_their_system_is_known() -> None:
    def more(bundle: Bundle) -> None:
        organization(bundle, location_number(1))["resource"]["identifier"] += [
            {"system": "urn:oid:1.2.208.176.1.4", "value": "9901"},
            {"system": "http://cvr.dk", "value": cvr_number(1)},
            {"system": "http://example.org/opdigtet", "value": "noget"},
            {"value": location_number(8)},
            {"system": "https://www.gs1.org/gln"},
            {"system": "https://www.gs1.org/gln", "value": location_number(1)},
        ]

    header = header_of(edit=more)
    assert header.sender.provider_number == "009901"
    assert header.sender.cvr_number == cvr_number(1)
    assert len(header.sender.identifiers) == 4
    assert header.findings == ()


def test_two_different_identifiers_of_one_kind_are_kept_and_named() -> None:
    def two(bundle: Bundle) -> None:
        organization(bundle, location_number(2))["resource"]["identifier"].append(
            {"system": "urn:oid:1.3.88", "value": location_number(9)}
        )

    header = header_of(edit=two)
    assert [one.value for one in header.receiver.identifiers] == [location_number(2), sor_code(2), location_number(9)]
    (finding,) = header.findings
    assert finding == letter_finding(
        "identifiers-disagree",
        variant="two",
        party=Role.RECEIVER,
        kind=LetterIdentifierKind.LOCATION_NUMBER,
        identifiers=(location_number(2), location_number(9)),
        places=(ORGANIZATION, ORGANIZATION),
    )
    assert location_number(9) in finding.text("da")


def test_an_endpoint_with_another_sor_code_is_named_and_not_taken_for_the_partys() -> None:
    header = header_of(edit=changed(source={"endpoint": f"https://sor2.sum.dsdn.dk/#id={sor_code(9)}"}))
    assert header.sender == party(Role.SENDER, SENDER)
    assert header.findings == (
        letter_finding(
            "identifiers-disagree",
            variant="two",
            party=Role.SENDER,
            kind=LetterIdentifierKind.SOR_CODE,
            identifiers=(sor_code(1), sor_code(9)),
            places=(ORGANIZATION, "MessageHeader.source.endpoint"),
        ),
    )


def test_an_endpoint_gives_the_sor_code_that_the_organization_lacks() -> None:
    def without(bundle: Bundle) -> None:
        organization(bundle, location_number(2))["resource"]["identifier"].pop()

    header = header_of(edit=without)
    place = "MessageHeader.destination.endpoint"
    assert header.receiver.identifiers[1:] == (LetterIdentifier(LetterIdentifierKind.SOR_CODE, sor_code(2), place),)
    assert header.findings == (
        letter_finding("letter-identifier-missing", party=Role.RECEIVER, kind=LetterIdentifierKind.SOR_CODE),
    )


@pytest.mark.parametrize("endpoint", ["http://medcomfhir.dk/unknown", "https://sor2.sum.dsdn.dk/#id=", "noget", " "])
def test_an_endpoint_that_links_to_no_unit_says_nothing(endpoint: str) -> None:
    assert header_of(edit=changed(source={"endpoint": endpoint})) == header_of()


@pytest.mark.parametrize(
    ("timestamp", "sent"),
    [
        ("2026-01-15T08:30:00Z", dt.datetime(2026, 1, 15, 8, 30, tzinfo=dt.UTC)),
        ("2026-01-15T08:30:00.123456789Z", dt.datetime(2026, 1, 15, 8, 30, 0, 123456, tzinfo=dt.UTC)),
    ],
)
def test_the_time_is_read_with_its_zone(timestamp: str, sent: dt.datetime) -> None:
    assert header_of(edit=lambda bundle: bundle.update(timestamp=timestamp)).sent == sent


@pytest.mark.parametrize(
    "timestamp", ["2026-01-15", "2026-01-15T09:30:00", "2026-02-31T09:30:00Z", "2026-01-15T09:30:00+99:00", "i går"]
)
def test_a_time_that_is_none_is_named(timestamp: str) -> None:
    header = header_of(edit=lambda bundle: bundle.update(timestamp=timestamp))
    assert header.sent is None
    assert header.findings == (letter_finding("time-unreadable", field="Bundle.timestamp"),)


def test_a_time_and_ids_that_are_missing_are_none() -> None:
    def without(bundle: Bundle) -> None:
        del bundle["timestamp"], bundle["id"], message_header(bundle)["id"]

    header = header_of(edit=without)
    assert (header.sent, header.envelope_id, header.letter_id, header.findings) == (None, None, None, ())


def test_a_message_header_that_is_not_first_is_refused() -> None:
    assert refusal(lambda bundle: bundle["entry"].insert(0, bundle["entry"].pop())) == (
        "the MessageHeader is entry 2 of the Bundle, and it must be the first; put it first"
    )


def test_several_message_headers_are_refused() -> None:
    assert refusal(lambda bundle: bundle["entry"].append(bundle["entry"][0])) == (
        "2 MessageHeaders (entries 1, 11) in one Bundle; a message has one, so give each a Bundle of its own"
    )


def test_a_bundle_without_a_message_header_is_refused() -> None:
    assert refusal(lambda bundle: bundle["entry"].pop(0)) == (
        "no MessageHeader among the 9 entries of the Bundle; a message has one, as its first entry"
    )


@pytest.mark.parametrize(
    ("kind", "seen"), [("document", "has type document"), ("Jens Hansen", "has another type"), (" ", "has no type")]
)
def test_a_bundle_that_is_no_message_is_refused(kind: str, seen: str) -> None:
    assert refusal(lambda bundle: bundle.update(type=kind)) == (
        f"the Bundle {seen}, and a message has type message; send the message itself"
    )


def test_more_destinations_than_any_message_has_are_refused() -> None:
    def many(bundle: Bundle) -> None:
        message_header(bundle)["destination"] *= 1001

    assert refusal(many) == "1,001 destinations, and no message has more than 1,000"


def test_more_identifiers_than_any_organization_has_are_refused() -> None:
    def many(bundle: Bundle) -> None:
        organization(bundle, location_number(1))["resource"]["identifier"] *= 51

    assert refusal(many) == "an Organization has 102 identifiers, and none has more than 100"


def test_a_field_longer_than_any_is_refused() -> None:
    assert refusal(changed(id="x" * 1001)) == (
        "MessageHeader.id has 1,001 characters, and no field of a header has more than 1,000"
    )


def test_control_characters_are_refused() -> None:
    assert refusal(changed(id="a\x85b")) == (
        "MessageHeader.id has characters that are no text (control characters); take them out"
    )


DIGITS = st.text("0123456789", min_size=1, max_size=14)
PARTIES = st.builds(
    MadeUpParty,
    location_number=st.none() | st.integers(0, 99_999).map(location_number) | DIGITS,
    sor_code=st.none() | st.integers(0, 99_999).map(sor_code) | DIGITS,
    provider_number=st.none() | st.integers(0, 9_999).map(provider_number),
)
LETTERS = st.builds(
    MadeUpLetter,
    code=st.sampled_from(["FDIS91", "FDIS20", "homecareobservation-message"]),
    version=st.sampled_from([None, "5.0", "3.0.0", "1.2"]),
    sender=PARTIES,
    receiver=PARTIES,
    copy_receivers=st.lists(PARTIES, max_size=3).map(tuple),
    letter_id=st.uuids().map(str),
    envelope_id=st.uuids().map(str),
    sent=st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2090, 1, 1)),  # noqa: DTZ001 (naive means Danish time)
    content=st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), max_size=30),
)
ADDRESSES = st.sampled_from(["relative", "absolute", "urn"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(letter=LETTERS, addresses=ADDRESSES, references=ADDRESSES, bystanders_first=st.booleans())
def test_what_is_written_is_read_the_same_from_both_forms(
    letter: MadeUpLetter, addresses: str, references: str, bystanders_first: bool
) -> None:
    header = header_of(
        letter, addresses=addresses, references=references, bystanders_first=bystanders_first, endpoints=False
    )
    assert (header.letter_id, header.envelope_id) == (hide(letter.letter_id), hide(letter.envelope_id))
    assert header.sent is not None
    assert abs(header.sent.replace(tzinfo=None) - letter.sent) < dt.timedelta(hours=2)
    assert len(header.copy_receivers) == len(letter.copy_receivers)
    written = (letter.sender, letter.receiver, *letter.copy_receivers)
    for made_up, read in zip(written, (header.sender, *header.receivers), strict=True):
        assert read.provider_number == made_up.provider_number
        for kind, value in (("location_number", made_up.location_number), ("sor_code", made_up.sor_code)):
            assert getattr(read, kind) == (None if value and "(hidden)" in hide(value) else value)
    missing = [finding for finding in header.findings if finding.code == "letter-identifier-missing"]
    assert len(missing) == sum(
        (read.location_number is None) + (read.sor_code is None) for read in (header.sender, *header.receivers)
    )


ISSUE = "http://medcomfhir.dk/ig/terminology/CodeSystem/medcom-acknowledgement-issues"


@pytest.mark.parametrize(
    ("codes", "reason"),
    [
        (["MSG_Receiver_Identifier_UNKNOWN"], "MSG_Receiver_Identifier_UNKNOWN"),
        (["MSG_VALUESET_VALUE_UNKNOWN", "MSG_RECEIVER_UNABLE_TO_RECEIVE_MSG_TYPE"], "MSG_RECEIVER_UNABLE_TO_RECEIVE_MSG_TYPE"),
        (["MSG_BAD_SYNTAX"], "MSG_BAD_SYNTAX"),
        (["Jens Jensen er flyttet", "MSG_0101"], "fatal-error"),
        ([], "fatal-error"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", ["entry", "contained"])
def test_a_refusal_says_what_its_issues_say(codes: list[str], reason: str, place: str) -> None:
    letter = MadeUpLetter(
        code="FCTL", version="2.0.0", sender=RECEIVER, receiver=SENDER, answers=LETTER, answer_positive=False
    )
    details = [{"coding": [{"system": ISSUE, "code": code}], "text": "Jens Jensen"} for code in codes]
    outcome = {"resourceType": "OperationOutcome", "id": "u1", "issue": [{"severity": "error", "details": one} for one in details]}  # fmt: skip
    bundle = json.loads(fhir_of(letter))
    header = bundle["entry"][0]["resource"]
    if place == "entry":
        bundle["entry"].append({"fullUrl": "urn:uuid:u1", "resource": outcome})
    else:
        header["contained"] = [*header.get("contained", []), outcome]
    (read,) = fhir_json.read(json.dumps(bundle).encode(), "brev")
    assert read.answered is not None
    assert read.answered.reason == reason
    issues = "".join(
        f'<issue><severity value="error"/><details><coding><code value="{code}"/></coding><text value="Jens"/></details></issue>'
        for code in codes
    )
    written = f'<OperationOutcome xmlns="http://hl7.org/fhir"><id value="u1"/>{issues}</OperationOutcome>'
    xml = fhir_of(letter, xml=True).decode()
    if place == "entry":
        xml = xml.replace("</Bundle>", f"<entry><resource>{written}</resource></entry></Bundle>")
    else:
        xml = xml.replace("<eventCoding>", f"<contained>{written}</contained><eventCoding>", 1)
    (same,) = fhir_xml.read(xml.encode(), "brev")
    assert same.answered == read.answered
