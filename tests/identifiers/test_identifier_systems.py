"""Identifiers with their system in front, as messages and other registers write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sor_addressing.identifiers import IdentifierKind, ParsedIdentifier, detect, kind_of_system, parse

SOR, LOCATION, PROVIDER, SHAK, CVR = IdentifierKind
SYSTEMS = {
    "urn:oid:1.2.208.176.1.1": (SOR, "9000011000016006"),
    "1.2.208.176.1.1": (SOR, "9000011000016006"),
    "urn:oid:1.2.208.176.1.4": (PROVIDER, "990001"),
    "1.2.208.176.1.4": (PROVIDER, "990001"),
    "https://www.gs1.org/gln": (LOCATION, "5790999000017"),
    "http://www.gs1.org/gln": (LOCATION, "5790999000017"),
    "https://gs1.org/gln": (LOCATION, "5790999000017"),
    "gs1.org/gln": (LOCATION, "5790999000017"),
    "urn:oid:1.3.88": (LOCATION, "5790999000017"),
    "1.3.88": (LOCATION, "5790999000017"),
    "0088": (LOCATION, "5790999000017"),
    "http://cvr.dk": (CVR, "99000007"),
    "https://www.esundhed.dk/NamingSystem/SOR": (SOR, "9000011000016006"),
    "http://ehealth.sundhed.dk/fhir/NamingSystem/sor": (SOR, "9000011000016006"),
    "http://sundhedsdatastyrelsen.dk/sor": (SOR, "9000011000016006"),
    "http://www.sundhedsdatastyrelsen.dk/SOR/SorIdentifier": (SOR, "9000011000016006"),
    "https://sundhedsdatastyrelsen.dk/da/registre-og-services/om-sor": (SOR, "9000011000016006"),
    "http://terminology.hl7.org/NamingSystem/GLN": (LOCATION, "5790999000017"),
    "2.16.17.710.802.1000.990.1.60.2": (LOCATION, "5790999000017"),
    "http://ehealth.sundhed.dk/fhir/NamingSystem/ydernummer": (PROVIDER, "990001"),
    "urn:oid:1.3.184": (CVR, "99000007"),
    "1.3.184": (CVR, "99000007"),
    "urn:oid:1.3.198": (CVR, "99000007"),
    "urn:oid:2.16.840.1.113883.2.24.1.1": (CVR, "99000007"),
    "2.16.17.710.802.1000.990.1.60.3": (CVR, "99000007"),
    "urn:oid:1.2.208.176.2.4": (SHAK, "9999010"),
    "2.16.17.710.802.1000.990.1.60.1": (SHAK, "9999010"),
}


@pytest.mark.parametrize("separator", ["|", "#", ":", "/", "/|", " | ", " : ", "/ # "])
@pytest.mark.parametrize("system", SYSTEMS)
def test_a_system_in_front_names_the_kind_with_each_separator(system, separator):
    kind, value = SYSTEMS[system]
    bare = system.partition("://")[2].removeprefix("www.") or system
    for written in (system, system.upper()):
        assert parse(f"{written}{separator}{value}") == ParsedIdentifier(value, kind, bare.lower())
        assert detect(f" {written}{separator} {value} \n") == (kind,)


def test_the_link_to_a_unit_in_the_register_is_its_sor_code():
    expected = ParsedIdentifier("9000011000016006", SOR, "sor2.sum.dsdn.dk/#id")
    assert parse("https://sor2.sum.dsdn.dk/#id=9000011000016006") == expected
    assert parse("SOR2.sum.dsdn.dk/#id=900001 1000016 006") == expected


@pytest.mark.parametrize(
    "page",
    [
        "Units/Index#id=",
        "units/index/#id=",
        "Units/Index?tab=2#id=",
        "?id=",
        "Units/Details?id=",
        "Units/Index#tab=2&id=",
        "#ID = ",
    ],
)
@pytest.mark.parametrize("end", ["", "&tab=1", "#top", " \n"])
def test_any_page_of_the_browser_of_sor_tells_its_unit(page, end):
    expected = ParsedIdentifier("9000011000016006", SOR, "sor2.sum.dsdn.dk/#id")
    for host in ("https://sor2.sum.dsdn.dk/", "HTTP://SOR2.SUM.DSDN.DK:443/", "sor2.sum.dsdn.dk/"):
        assert parse(f"{host}{page}9000011000016006{end}") == expected


@pytest.mark.parametrize(
    "link", ["Units/Index", "Units/Index#id=", "Units/Index#uid=9000011000016006", "Units#9000011000016006"]
)
def test_a_page_of_the_browser_that_names_no_unit_is_no_identifier(link):
    assert parse(f"https://sor2.sum.dsdn.dk/{link}").kind is None


def test_the_actor_number_of_an_envelope_is_a_location_number():
    assert parse("0088:5790999000017") == ParsedIdentifier("5790999000017", LOCATION, "0088")


@pytest.mark.parametrize(
    "written",
    [
        "\ufeffurn:oid:1.3.88|5790999000017",
        "urn:oid:1.3.88\u200b|\u200b5790999000017",
        "\u00a0urn:oid:1.3.88|5790\u2011999\u00a0000017\u2060",
        "urn:oid:1.3.88|\uff15\uff17\uff19\uff10999000017",
    ],
)
def test_invisible_characters_around_a_system_dont_hide_it(written):
    assert parse(written) == ParsedIdentifier("5790999000017", LOCATION, "urn:oid:1.3.88")


@pytest.mark.parametrize(
    ("written", "value", "system"),
    [
        ("urn:oid:9.9|990001", "990001", "urn:oid:9.9"),
        ("urn:oid:1.2.208.176.1.45|990001", "990001", "urn:oid:1.2.208.176.1.45"),
        ("urn:oid:1.2.208.176.1|9000011000016006", "9000011000016006", "urn:oid:1.2.208.176.1"),
        (" https://example.org/a | 99 ", "99", "https://example.org/a"),
        ("a|b|c", "C", "a|b"),
        ("a|", "", "a"),
    ],
)
def test_a_system_that_is_not_known_is_given_back_without_a_kind(written, value, system):
    assert parse(written) == ParsedIdentifier(value, None, system)
    assert detect(written) == ()


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("990001", "990001"),
        (" 99-0001 ", "990001"),
        ("9901a", "9901A"),
        ("|990001", "|990001"),
        ("", ""),
        ("urn:oid:1.3.88", "URN:OID:1.3.88"),
        ("urn:oid:1.2.208.176.1.45:1", "URN:OID:1.2.208.176.1.45:1"),
    ],
)
def test_without_a_system_there_is_only_the_value(written, value):
    assert parse(written) == ParsedIdentifier(value, None, None)


def test_a_known_system_with_nothing_behind_it_names_no_kind():
    assert parse("urn:oid:1.3.88|") == ParsedIdentifier("", None, "urn:oid:1.3.88")


@given(st.text())
def test_any_text_can_be_taken_apart(text):
    parsed = parse(text)
    assert parsed.kind is None or parsed.system is not None
    assert set(detect(text)) <= set(IdentifierKind)


def test_an_identifier_of_very_many_blanks_is_read_in_one_go():
    # With a pattern that looks for the end of the blanks from each of them this would not end today.
    assert parse(f"1{' ' * 200_000}1").system is None
    assert parse(f"x{' ' * 200_000}|{' ' * 200_000}990001").system == "x"
    assert parse(" | 990001").system is None
    assert parse("a|b | 990001").system == "a|b"


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_system_that_stands_alone_is_known_in_every_spelling(system):
    for written in (system, system.upper(), f" {system}/ ", f"\u200b{system}"):
        assert kind_of_system(written) is SYSTEMS[system][0]


@pytest.mark.parametrize(
    "written",
    ["0088:5790999000017", "iso6523-actorid-upis::0088:5790999000017", "ISO6523-ACTORID-UPIS|0088:5790999000017",
     "iso6523-actorid-upis#0088:5790 9990 00017", "http://www.gs1.org/gln|0088:5790999000017"],
)  # fmt: skip
def test_the_address_of_an_access_point_is_a_location_number(written):
    assert parse(written)[:2] == ("5790999000017", LOCATION)


@pytest.mark.parametrize("written", ["NTRDK-99000007", "ntrdk-99 00 00 07", "http://cvr.dk|NTRDK-99000007"])
def test_a_certificates_number_is_a_cvr_number(written):
    assert parse(written)[:2] == ("99000007", CVR)


@pytest.mark.parametrize(
    "system",
    ["https://www.esundhed.dk/NamingSystem/SOR-referral", "urn:oid:1.2.208.176.1.2", "urn:oid:1.2.208.176.1.3",
     "http://ehealth.sundhed.dk/fhir/NamingSystem/cpr", "1.2.208.176.1.6.1.1", "1.2.208.176.1.200", "https://kombit.dk/sts/organisation", ""],
)  # fmt: skip
def test_numbers_of_referrals_and_persons_are_none_of_these(system):
    assert kind_of_system(system) is None
    assert parse(f"{system}|9000011000016006").kind is None
