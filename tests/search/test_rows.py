"""The order of what search finds, what stands for what, and that typing on does not lose what was found."""

from __future__ import annotations

import datetime as dt
from itertools import count

import pytest

from sor_addressing import Register
from sor_addressing.testing import RegisterBuilder
from sor_addressing.testing.numbers import location_number

DAY = dt.date(2026, 1, 15)


def place(postcode: str, district: str) -> dict[str, str]:
    return {"street": "Åkandevej", "postcode": postcode, "district": district}


@pytest.fixture(scope="module")
def register() -> Register:
    build = RegisterBuilder(DAY)
    region = build.owner("Region Nordhav")
    hospital = build.institution(region, "Mosehøj og Engby Hospital", location_number=True)
    for number in range(30):
        build.unit(hospital, f"Sengeafsnit {number}", inherits=True)
    practice = build.owner("Lægerne Mosehøj", postal_address=place("0110", "Mosehøj"))
    clinic = build.institution(practice, "Lægerne Mosehøj", location_number=True)
    build.unit(clinic, "Lægerne Mosehøj", inherits=True)
    build.unit(clinic, "Konsultationen", inherits=True)
    build.owner("Lægerne Engby", location_number=True, postal_address=place("0230", "Engby"))
    for number in range(58):
        build.owner(f"Lægehuset Nummer {number}", location_number=True, to_date=DAY - dt.timedelta(1))
    for digits in ("0110", "0230"):
        number = next(made for made in map(location_number, count()) if made.endswith(digits))
        build.owner(f"Lægehuset {digits[-1]}", location_number=number, to_date=DAY - dt.timedelta(1))
    return build.build()


def names(register: Register, text: str) -> list[str]:
    return [match.name for match in register.search(text)]


def test_a_place_alone_means_the_hospital(register):
    assert names(register, "mosehøj")[0] == "Mosehøj og Engby Hospital"


def test_units_that_share_an_address_and_a_name_are_one_row_that_names_the_others(register):
    first, *others = [match for match in register.search("lægerne mosehøj") if match.unit.location is not None][:2]
    assert (first.name, [other.name for other in first.others]) == (
        "Lægerne Mosehøj",
        ["Lægerne Mosehøj"],
    )
    assert all(other.unit.location.number != first.unit.location.number for other in others)
    assert first.to_dict()["others"] == [{"sor_code": other.sor_code, "name": other.name} for other in first.others]


def test_a_unit_that_a_word_tells_from_its_address_has_a_row_of_its_own(register):
    assert {"Lægerne Mosehøj", "Konsultationen"} <= set(names(register, "lægerne mosehøj konsultationen"))


@pytest.mark.parametrize("digits", ["0110", "0230"])
def test_a_known_postal_code_is_a_place_and_no_end_of_a_number(register, digits):
    found = register.search(f"lægerne {digits}")
    town = {"0110": "Mosehøj", "0230": "Engby"}[digits]
    assert found[0].name == f"Lægerne {town}"
    assert any(word.word == digits for match in found for word in match.matched)
    assert all(word.field == "postal_code" for match in found for word in match.matched if word.word == digits)


def test_a_closed_unit_comes_after_one_that_matches_nearly_as_well():
    build = RegisterBuilder(DAY)
    build.owner("Klinik for Hjerter", location_number=True, to_date=DAY - dt.timedelta(1))
    build.owner("Klinik for Hjerter Nord", location_number=True)
    register = build.build()
    assert names(register, "klinik for hjerter") == ["Klinik for Hjerter Nord", "Klinik for Hjerter"]


def test_where_nobody_has_every_word_the_place_decides():
    build = RegisterBuilder(DAY)
    build.owner("Tandklinikken", location_number=True, postal_address=place("0110", "Mosehøj"))
    build.owner("Kommunal Tandpleje", location_number=True, postal_address=place("0230", "Engby"))
    assert names(build.build(), "kommunal tandpleje mosehøj")[0] == "Tandklinikken"
