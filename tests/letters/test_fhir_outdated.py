"""FHIR messages that say themselves that an identifier is old, or an Organization not active: it decides nothing, and is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from sor_addressing import Register
from sor_addressing.errors import LetterError
from sor_addressing.letters import LetterHeader, LetterReport, Outdated
from sor_addressing.letters.fhir import json_form, xml_form
from sor_addressing.letters.fhir.days import danish_day, period_of
from sor_addressing.testing import MadeUpLetter, MadeUpParty, RegisterBuilder, fhir_of
from sor_addressing.testing.numbers import location_number, sor_code

GLN, SOR = "https://www.gs1.org/gln", "urn:oid:1.2.208.176.1.1"
FROM, TO, OLD = (location_number(number) for number in (1, 2, 3))
Entry = dict[str, Any]


@pytest.fixture(scope="module")
def nation() -> tuple[Register, str, str]:
    build = RegisterBuilder()
    region = build.owner("Region Opdigt")
    sender = build.institution(region, "Afsenderhuset", location_number=FROM)
    receiver = build.institution(region, "Modtagerhuset", location_number=TO)
    other = build.institution(region, "Det gamle hus", location_number=OLD)
    for house in (sender, receiver, other):
        build.registers(house, "FDIS91 5.0", "FCTL 2.0.0", send=True, receive=True)
    return build.build(), sender, receiver


def message(nation: tuple[Register, str, str], edit: Callable[[Entry], object], **options: Any) -> tuple[bytes, bytes]:
    """The letter with its receiver's entry changed, as JSON and as XML."""
    _, sender, receiver = nation
    letter = MadeUpLetter(
        code="FDIS91",
        version="5.0",
        sender=MadeUpParty(location_number=FROM, sor_code=sender),
        receiver=MadeUpParty(location_number=TO, sor_code=receiver),
    )

    def edit_bundle(bundle: Entry) -> None:
        edit(
            next(
                entry
                for entry in bundle["entry"]
                if any(one.get("value") == TO for one in entry["resource"].get("identifier", ()))
            )
        )

    return fhir_of(letter, edit=edit_bundle, **options), fhir_of(letter, xml=True, edit=edit_bundle, **options)


def report(
    nation: tuple[Register, str, str], edit: Callable[[Entry], object], on: dt.date = dt.date(2026, 1, 15)
) -> LetterReport:
    as_json, as_xml = message(nation, edit)
    (of_json,), (of_xml,) = (nation[0].validate_message(data, on=on) for data in (as_json, as_xml))
    assert of_json == of_xml
    return of_json


def adding(**more: Any) -> Callable[[Entry], None]:
    """Put another location number in front of the one that holds, with these members."""

    def edit(entry: Entry) -> None:
        entry["resource"]["identifier"].insert(0, {"system": GLN, "value": OLD, **more})

    return edit


def outdated(found: LetterReport) -> list[tuple[object, ...]]:
    return [
        (one.details["variant"], one.details["party"], one.details["identifier"])
        for one in found.findings
        if one.code == "letter-identifier-outdated"
    ]


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"use": "old"}, "old"),
        ({"use": "OLD"}, "old"),
        ({"period": {"end": "2025"}}, "ended"),
        ({"period": {"start": "2020-05", "end": "2025-12"}}, "ended"),
        ({"use": "official", "period": {"end": "2026-01-14"}}, "ended"),
        ({"period": {"end": "2026-01-14T23:30:00Z"}}, None),  # half past midnight on the 15th in Denmark
        ({"period": {"end": "2026-01-15T00:00:00+01:00"}}, "ended"),
        ({"period": {"start": "2026-01-16"}}, "not-yet"),
        ({"period": {"end": "sidste år"}}, "unreadable"),
        ({"period": {"start": "2026-01-01", "end": "2025-01-01"}}, "unreadable"),
        ({"use": "gammel"}, "unreadable"),
    ],
)
def test_an_identifier_that_no_longer_holds_decides_nothing(
    nation: tuple[Register, str, str], more: dict[str, Any], reason: str | None
) -> None:
    found = report(nation, adding(**more))
    if reason is None:
        assert outdated(found) == []
        assert [one.code for one in found.findings][:1] == ["identifiers-disagree"]
        return
    assert outdated(found) == [(reason, "receiver", OLD)]
    assert found.header.receiver.location_number == TO
    assert [one.value for one in found.header.receiver.outdated] == [OLD]
    assert found.deliverable
    for language in ("da", "en"):
        assert OLD in next(one for one in found.findings if one.code == "letter-identifier-outdated").text(language)


@pytest.mark.parametrize("use", ["usual", "official", "temp", "secondary", "Official"])
def test_every_other_use_counts(nation: tuple[Register, str, str], use: str) -> None:
    def edit(entry: Entry) -> None:
        for one in entry["resource"]["identifier"]:
            one["use"] = use

    found = report(nation, edit)
    assert outdated(found) == []
    assert found.deliverable


def test_a_letter_with_nothing_but_an_old_number_goes_nowhere(nation: tuple[Register, str, str]) -> None:
    def edit(entry: Entry) -> None:
        for one in entry["resource"]["identifier"]:
            one["use"] = "old"

    found = report(nation, edit)
    assert not found.deliverable
    assert {one.code for one in found.findings} >= {"receiver-missing", "letter-identifier-outdated"}
    assert not found.verdicts


@pytest.mark.parametrize("active", [False, "false", "False", "0"])
def test_an_organization_that_is_not_active_is_not_the_receiver(
    nation: tuple[Register, str, str], active: object
) -> None:
    found = report(nation, lambda entry: entry["resource"].update(active=active))
    assert not found.deliverable
    assert not found.verdicts
    assert [reason for reason, _, _ in outdated(found)] == ["inactive", "inactive"]


@pytest.mark.parametrize("active", [True, "true", "1"])
def test_one_that_is_active_is(nation: tuple[Register, str, str], active: object) -> None:
    assert report(nation, lambda entry: entry["resource"].update(active=active)).deliverable


def test_whether_it_is_active_has_to_be_readable(nation: tuple[Register, str, str]) -> None:
    for data, read in zip(
        message(nation, lambda entry: entry["resource"].update(active="nej")),
        (json_form.read, xml_form.read),
        strict=True,
    ):
        with pytest.raises(LetterError, match=r"Organization\.active can't be read"):
            read(data, "brev")


def test_the_day_asked_decides_and_without_one_asked_the_day_of_the_letter(nation: tuple[Register, str, str]) -> None:
    def edit(entry: Entry) -> None:
        for one in entry["resource"]["identifier"]:
            one["period"] = {"start": "2026-01-15", "end": "2026-02-01"}

    for day, deliverable in (
        (dt.date(2026, 1, 14), False),
        (dt.date(2026, 1, 15), True),
        (dt.date(2026, 2, 1), True),
        (dt.date(2026, 2, 2), False),
    ):
        found = report(nation, edit, day)
        assert found.deliverable is deliverable
        missing = [one for one in found.findings if one.code == "letter-identifier-missing"]
        assert bool(missing) is not deliverable
    for data, read in zip(message(nation, edit), (json_form.read, xml_form.read), strict=True):
        (header,) = read(data, "brev")
        assert header.receiver.location_number == TO
        assert header.receiver.on(dt.date(2026, 2, 2)).location_number is None
        assert header.receiver.outdated == ()


def test_a_logical_reference_can_be_old_too(nation: tuple[Register, str, str]) -> None:
    def edit(entry: Entry) -> None:
        entry["resource"]["identifier"].clear()

    as_json, _ = message(nation, edit)
    other = as_json.replace(
        b'"receiver": {',
        b'"receiver": {"identifier": {"use": "old", "system": "%s", "value": "%s"}, ' % (GLN.encode(), OLD.encode()),
    )
    (header,) = json_form.read(other, "brev")
    assert header.receiver.identifiers == () or header.receiver.location_number is None
    assert [one.outdated(dt.date(2026, 1, 15)) for one in header.receiver.outdated] == [Outdated.OLD]


@pytest.mark.parametrize(
    ("start", "end", "first", "last"),
    [
        ("2020", "2024-02", dt.date(2020, 1, 1), dt.date(2024, 2, 29)),
        ("2020-12", "2020-12", dt.date(2020, 12, 1), dt.date(2020, 12, 31)),
        (None, "9999", None, dt.date.max),
        ("2026-06-30T22:00:00Z", None, dt.date(2026, 7, 1), None),
    ],
)
def test_periods_are_danish_days(
    start: str | None, end: str | None, first: dt.date | None, last: dt.date | None
) -> None:
    period = period_of(start, end)
    assert (period.from_date, period.to_date, period.readable) == (first, last, True)


@pytest.mark.parametrize(
    "text", ["0000", "2026-13", "2026-02-30", "26-01-01", "2026-01-01T25:00:00Z", "9999-12-31T23:59:59Z "]
)
def test_what_is_no_day_is_unreadable(text: str) -> None:
    assert not period_of(None, text).readable


def test_the_last_moment_there_is_has_a_day() -> None:
    assert danish_day(dt.datetime.max.replace(tzinfo=dt.UTC)) in (dt.date.max, dt.date(9999, 12, 31))


# References


def referring(reference: str, full_url: str, **resource: Any) -> Callable[..., tuple[LetterHeader, LetterHeader]]:
    def read(nation: tuple[Register, str, str]) -> tuple[LetterHeader, LetterHeader]:
        def edit(entry: Entry) -> None:
            entry["fullUrl"] = full_url
            entry["resource"].update(id="ModtageR", **resource)

        as_json, as_xml = message(nation, edit)
        found = []
        for data, of in ((as_json, json_form.read), (as_xml, xml_form.read)):
            at = data.index(b"receiver")
            end = data.index(b"Organization/", at)
            stop = data.index(b'"', end)
            found.append(of(data[:end] + reference.encode() + data[stop:], "brev")[0])
        return found[0], found[1]

    return read


UUID = "aaaaaaaa-0000-4000-8000-00000000000f"


@pytest.mark.parametrize(
    ("reference", "full_url"),
    [
        ("Organization/ModtageR/_history/2", "Organization/ModtageR"),
        ("Organization/ModtageR/_history/2", "https://sor.example.dk/fhir/Organization/ModtageR"),
        (
            "https://sor.example.dk/fhir/Organization/ModtageR/_history/2",
            "https://sor.example.dk/fhir/Organization/ModtageR",
        ),
        (
            "https://sor.example.dk/fhir/Organization/ModtageR",
            "https://sor.example.dk/fhir/Organization/ModtageR/_history/2",
        ),
        ("https://SOR.example.dk/fhir/Organization/ModtageR", "https://sor.example.dk/fhir/Organization/ModtageR"),
        ("organization/modtager", "Organization/ModtageR"),
        ("ORGANIZATION/MODTAGER/_HISTORY/2", "https://sor.example.dk/fhir/Organization/ModtageR"),
        (f"urn:uuid:{UUID.upper()}", f"urn:uuid:{UUID}"),
        (f"URN:UUID:{UUID}", f"urn:uuid:{UUID}"),
        (f"urn:uuid:{UUID}", f"URN:UUID:{UUID.upper()}"),
        (f"Organization/{UUID.upper()}", f"urn:uuid:{UUID}"),
    ],
)
@pytest.mark.parametrize("version", [None, "2"])
def test_a_reference_to_a_version_or_in_other_letter_case_is_found(
    nation: tuple[Register, str, str], reference: str, full_url: str, version: str | None
) -> None:
    meta = {} if version is None else {"meta": {"versionId": version}}
    for header in referring(reference, full_url, **meta)(nation):
        assert header.receiver.location_number == TO


@pytest.mark.parametrize("version", ["1", "3"])
def test_another_version_is_another_organization(nation: tuple[Register, str, str], version: str) -> None:
    reference = f"Organization/ModtageR/_history/{version}"
    for header in referring(reference, "Organization/ModtageR", meta={"versionId": "2"})(nation):
        assert header.receiver.identifiers == () or header.receiver.location_number is None


@pytest.mark.parametrize("version", ["1", "2", None])
def test_of_two_versions_in_one_message_the_reference_says_which(
    nation: tuple[Register, str, str], version: str | None
) -> None:
    def edit(entry: Entry) -> None:
        entry["resource"].update(id="x", meta={"versionId": "2"})
        entry["fullUrl"] = "https://sor.example.dk/Organization/x"

    as_json, _ = message(nation, edit)
    older = (
        '{"fullUrl": "https://sor.example.dk/Organization/x", "resource": {"resourceType": "Organization", "id": "x",'
        f' "meta": {{"versionId": "1"}}, "identifier": [{{"system": "{GLN}", "value": "{OLD}"}}, {{"system": "{SOR}", "value": "{sor_code(9)}"}}]}}}}'
    ).encode()
    data = as_json.rstrip()[:-2] + b", " + older + b"]}"
    at = data.index(b"Organization/", data.index(b'"receiver"'))
    history = f"/_history/{version}" if version else ""
    data = data[:at] + f"https://sor.example.dk/Organization/x{history}".encode() + data[data.index(b'"', at) :]
    if version is None:
        with pytest.raises(LetterError, match="several Organizations"):
            json_form.read(data, "brev")
        return
    (header,) = json_form.read(data, "brev")
    assert header.receiver.location_number == (OLD if version == "1" else TO)


def test_a_contained_organization_is_found_in_other_letter_case_and_can_be_old(
    nation: tuple[Register, str, str],
) -> None:
    for active, number in ((True, OLD), (False, None)):
        contained = {
            "resourceType": "Organization",
            "id": "Modtager",
            "active": active,
            "identifier": [{"system": GLN, "value": OLD}],
        }

        def edit(bundle: Entry, contained: Entry = contained) -> None:
            header = bundle["entry"][0]["resource"]
            header["contained"] = [contained]
            header["destination"][0]["receiver"]["reference"] = "#modtager"

        letter = MadeUpLetter(code="FDIS91", version="5.0")
        for data, read in (
            (fhir_of(letter, edit=edit), json_form.read),
            (fhir_of(letter, xml=True, edit=edit), xml_form.read),
        ):
            (header,) = read(data, "brev")
            assert header.receiver.location_number == number
