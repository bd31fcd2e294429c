"""Display names: no word twice, and the steps that set equal ones apart."""

from __future__ import annotations

import datetime as dt

import pytest

from sor_addressing import Register
from sor_addressing.exports import Front
from sor_addressing.exports.above import Above
from sor_addressing.exports.display_names import display_names, joined
from sor_addressing.testing import RegisterBuilder

DAY = dt.date(2026, 1, 15)


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (["Skejby", "Hjerteafdelingen"], "Skejby, Hjerteafdelingen"),
        (["Skejby", "Hjerteafdelingen, Skejby"], "Skejby, Hjerteafdelingen"),
        (["Skejby", "Skejby, Hjerteafdelingen"], "Skejby, Hjerteafdelingen"),
        (["Skejby", "Hjerteafdelingen på Skejby"], "Skejby, Hjerteafdelingen"),
        (["Skejby", "Skejby Hjerteafdeling"], "Skejby, Hjerteafdeling"),
        (["Regionshospitalet Prøveby", "Klinik Prøveby"], "Regionshospitalet Prøveby, Klinik"),
        (["Skejby", "SKEJBY"], "Skejby"),
        (["Aa Sygehus", "Aa 2"], "Aa Sygehus, Aa 2"),
        (["Ejer", "Hus", "Hus, Afsnit"], "Ejer, Hus, Afsnit"),
    ],
)
def test_no_word_stands_there_twice(names: list[str], shown: str) -> None:
    assert joined(names) == shown


def names_in(register: Register, front: Front = Front.INSTITUTION) -> list[str]:
    return display_names(Above(register._index), range(len(register)), front)


def test_what_was_left_out_comes_back_where_it_sets_apart() -> None:
    build = RegisterBuilder(DAY)
    house = build.institution(build.owner("Ejer"), "Sygehus Nord")
    build.unit(house, "Afsnit")
    build.unit(house, "Afsnit Nord")
    assert names_in(build.build())[2:] == ["Sygehus Nord, Afsnit", "Sygehus Nord, Afsnit Nord"]


def test_the_next_names_above_then_the_town_then_the_running_part_set_apart() -> None:
    build = RegisterBuilder(DAY)
    owner = build.owner("Ejer")
    here = {"street": "Prøvevej", "building": "1", "postcode": "9999", "district": "Prøveby"}
    there = {**here, "district": "Andenby"}
    house = build.institution(owner, "Hus")
    build.unit(house, "Afsnit", postal_address=here)
    build.unit(house, "Afsnit", postal_address=there)
    build.unit(house, "Afsnit", postal_address=there)
    register = build.build()
    codes = [unit.sor_code.partition("1000016")[0] for unit in register]
    assert names_in(register) == [
        "Ejer",
        "Hus",
        "Hus, Afsnit, Prøveby",
        f"Hus, Afsnit, Andenby ({codes[3]})",
        f"Hus, Afsnit, Andenby ({codes[4]})",
    ]


def test_the_owner_can_stand_in_front_or_nothing() -> None:
    build = RegisterBuilder(DAY)
    owner = build.owner("Prøveby Kommune")
    build.unit(build.institution(owner, "Sundhed"), "Sygehusadviser, Prøveby Kommune")
    register = build.build()
    assert names_in(register, Front.OWNER) == [
        "Prøveby Kommune",
        "Prøveby Kommune, Sundhed",
        "Prøveby Kommune, Sygehusadviser",
    ]
    assert names_in(register, Front.NONE) == ["Prøveby Kommune", "Sundhed", "Sygehusadviser, Prøveby Kommune"]


def test_units_without_a_name_go_by_their_code() -> None:
    build = RegisterBuilder(DAY)
    build.institution(build.owner(""), "")
    register = build.build()
    assert names_in(register)[0] == next(iter(register)).sor_code
