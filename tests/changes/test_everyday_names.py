"""Names in address books as people say them: short names of hospitals, and everyday words for wards."""

from __future__ import annotations

import pytest

from sor_addressing.changes.book.names import NAME_LIKENESS, Names
from sor_addressing.register.inside import index_of
from sor_addressing.testing import RegisterBuilder


def likeness(name: str, called: str) -> float:
    """How like a name is to that of a ward of a hospital in Aarhus, or to that of another hospital."""
    build = RegisterBuilder()
    region = build.owner("Region Nordhav")
    hospital = build.institution(region, "Aarhus Universitetshospital")
    unit = build.unit(hospital, called) if "Afdeling" in called or "Klinik" in called else build.owner(called)
    register = build.build()
    return Names(index_of(register)).likeness(name, [[one.sor_code for one in register].index(unit)])


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("AUH", "Aarhus Universitetshospital"),
        ("Aarhus Universitetshospital", "AUH"),
        ("Skejby", "Aarhus Universitetshospital"),
        ("RH", "Rigshospitalet"),
        ("Hjerteafd. AUH", "Kardiologisk Afdeling"),
        ("kræftafdelingen auh", "Onkologisk Klinik"),
        ("Hjertesygdomme", "Kardiologisk Afdeling"),
        ("Skadestuen", "Fælles Akutmodtagelse"),
        ("Øre-næse-halsafdelingen", "ØNH"),
        ("Blodprøver", "Klinisk Biokemisk Afdeling"),
        ("Lægehuset Engby", "Lægerne Engby"),
    ],
)
def test_a_name_in_everyday_words_fits(name: str, called: str) -> None:
    assert likeness(name, called) >= NAME_LIKENESS


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("RH", "Aarhus Universitetshospital"),
        ("Odense Universitetshospital", "AUH"),
        ("OUH", "Aarhus Universitetshospital"),
        ("Lungemedicin", "Kardiologisk Afdeling"),
        ("Organkirurgi", "Psykiatrisk Afdeling"),
        ("Hjertesvigt", "Onkologisk Klinik"),
    ],
)
def test_a_name_in_everyday_words_for_another_does_not(name: str, called: str) -> None:
    assert likeness(name, called) < NAME_LIKENESS
