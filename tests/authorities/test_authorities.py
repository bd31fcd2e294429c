"""Regions and municipalities: complete, each told once, and found by every name that people give them."""

from __future__ import annotations

import pytest

from sor_addressing import Register
from sor_addressing.authorities import municipalities, municipality, municipality_name, municipality_named, region_code
from sor_addressing.messages.conversions import ConversionRow
from sor_addressing.search import UnknownValue
from sor_addressing.testing import RegisterBuilder

REGIONS = {"1081", "1082", "1083", "1084", "1085"}


def test_ninety_eight_municipalities_are_in_force_each_in_a_region():
    in_force = [one for one in municipalities() if not one.followed_by]
    assert len(in_force) == 98
    assert {one.region for one in in_force} == REGIONS
    assert len({one.name for one in in_force}) == 98


def test_each_that_is_no_more_became_part_of_one_that_is():
    former = [one for one in municipalities() if one.followed_by]
    assert len(former) > 200
    assert all((after := municipality(one.followed_by)) and not after.followed_by for one in former)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Aarhus", "0751"),
        ("Århus Kommune", "0751"),
        ("københavns kommune", "0101"),
        ("Høje Taastrup", "0169"),
        ("Brøndby", "0153"),
    ],
)
def test_a_municipality_is_known_by_its_names(name, code):
    assert [one.code for one in municipality_named(name)] == [code]


def test_codes_without_a_zero_and_codes_of_none():
    assert municipality_name("751") == "Aarhus"
    assert municipality_name("0999") is None


@pytest.mark.parametrize("name", ["1084", "Hovedstaden", "region hovedstaden", "Capital Region of Denmark"])
def test_a_region_is_known_by_its_names(name):
    assert region_code(name) == "1084"


def test_a_conversion_bound_to_a_region_by_name_is_bound_to_its_code():
    row = ConversionRow("*", "EDI", "XML", "receiver", "region", "Region Sjælland")
    assert row.scope_value == "1085"


@pytest.fixture(scope="module")
def register() -> Register:
    build = RegisterBuilder()
    for name, code in (("A Kommune", "0751"), ("B Kommune", "0706")):
        place = {"street": "Prøvevej", "postcode": "0110", "municipality_code": code, "region_code": "1082"}
        build.owner(name, location_number=True, types="sygehus", postal_address=place)
    return build.build()


@pytest.mark.parametrize("wanted", ["Aarhus", "Århus Kommune", "751", "0751"])
def test_a_municipality_is_found_by_name_where_the_file_has_codes_alone(register, wanted):
    assert [one.name for one in register.find(municipality=wanted)] == ["A Kommune"]


def test_a_former_municipality_names_the_one_that_followed(register):
    assert register.find(municipality="Ebeltoft").unknown == (UnknownValue("municipality", "Ebeltoft", ("Syddjurs",)),)


@pytest.mark.parametrize("wanted", ["Midtjylland", "Region Midtjylland", "Region Midt", "1082"])
def test_a_region_is_found_by_its_names(register, wanted):
    assert len(register.find(region=wanted)) == 2


def test_search_finds_a_unit_by_the_name_of_its_municipality(register):
    match = register.search("syddjurs")[0]
    assert match.name == "B Kommune"
    assert [(word.field, word.text) for word in match.matched] == [("municipality", "Syddjurs")]
