"""The mappings of a register keep the promises of a Mapping, for canonical keys, other spellings and dirt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest

from sor_addressing import Register, UnitKind
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.index.making.builder import IndexBuilder
from sor_addressing.index.mappings import UnitBySorCode, UnitsByIdentifier
from sor_addressing.model import LocationRecord, LocationSource, UnitRecord
from sor_addressing.testing import RegisterBuilder
from sor_addressing.testing.numbers import cvr_number, location_number, sor_code

DAY = dt.date(2026, 1, 15)
NAMES = ("by_sor_code", "by_location_number", "by_provider_number", "by_shak_code", "by_cvr_number")
# What readers never give, but a builder that is fed by someone else can be given.
ODD = ["abc", "Æblegård", "a b-c", "???", "1" * 19, "x" * 10, "\u200b", "9906 "]


@pytest.fixture(scope="module")
def register() -> Register:
    build = RegisterBuilder(DAY)
    owner = build.owner("Ejer", cvr_number=cvr_number(0))
    practice = build.institution(owner, "Praksis", provider_number="009906", cvr_number=cvr_number(0))
    build.unit(practice, "Arver først", inherits=True, provider_number="009906", shak_code="99011")
    build.unit(practice, "Ejer nummeret", location_number=True, provider_number="99A6", shak_code="9901")
    shared = build.institution(owner, "Ejer også nummeret", location_number=location_number(0))
    build.unit(shared, "Arver sidst", inherits=True, to_date=dt.date(2020, 1, 1))
    return build.build()


def names(units) -> list[str]:
    return [unit.name for unit in units]


def test_the_keys_are_canonical_and_in_a_stable_order(register):
    assert [list(getattr(register, name)) for name in NAMES] == [
        [sor_code(n) for n in range(6)],
        [location_number(0)],
        ["99A6", "009906"],
        ["9901", "99011"],
        [cvr_number(0)],
    ]


def test_owners_come_first_and_then_those_that_inherit_in_the_order_of_the_extract(register):
    assert names(register.by_location_number[location_number(0)]) == [
        "Ejer nummeret",
        "Ejer også nummeret",
        "Arver sidst",
    ]
    assert names(register.by_provider_number["009906"]) == ["Praksis", "Arver først"]
    assert names(register.by_cvr_number[cvr_number(0)]) == ["Ejer", "Praksis"]


@pytest.mark.parametrize(
    ("name", "canonical", "spellings"),
    [
        (
            "by_sor_code",
            sor_code(1),
            [f" {sor_code(1)[:6]} {sor_code(1)[6:]}\u00a0", f"{sor_code(1)[:3]}-{sor_code(1)[3:]}"],
        ),
        ("by_location_number", location_number(0), ["5790 999-000000", "\uff15790999000000"]),
        ("by_provider_number", "009906", ["9906", "09906", "9 906", "\u200b9906"]),
        ("by_provider_number", "99A6", ["99a6", " 99 A6"]),
        ("by_shak_code", "99011", ["990 11", "990\u201111"]),
        ("by_cvr_number", cvr_number(0), [f"{cvr_number(0)[:2]} {cvr_number(0)[2:]}"]),
    ],
)
def test_every_spelling_finds_what_the_canonical_one_finds(register, name, canonical, spellings):
    mapping = getattr(register, name)
    found = mapping[canonical]
    assert [mapping[spelling] for spelling in spellings] == [found] * len(spellings)
    assert all(spelling in mapping and mapping.get(spelling) == found for spelling in spellings)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "key", ["", "990099", "009901", "?", location_number(7), sor_code(77), "Æ", 9906, None, ("9906",), b"9906"]
)
def test_what_is_not_held_is_a_key_error_with_the_key_as_asked(register, name, key):
    mapping = getattr(register, name)
    assert key not in mapping
    assert mapping.get(key) is None
    assert mapping.get(key, "nothing") == "nothing"
    with pytest.raises(KeyError) as raised:
        mapping[key]
    assert raised.value.args == (key,)


@pytest.mark.parametrize("name", NAMES)
def test_keys_values_and_items_agree(register, name):
    mapping = getattr(register, name)
    assert isinstance(mapping, Mapping)
    assert (
        list(mapping.items())
        == [(key, mapping[key]) for key in mapping]
        == list(zip(mapping, mapping.values(), strict=True))
    )
    assert len(mapping) == len(list(mapping)) == len(mapping.keys())
    assert all(key in mapping for key in mapping)
    assert mapping == dict(mapping) == getattr(register, name)


def test_the_mappings_say_what_they_are(register):
    assert [repr(getattr(register, name)) for name in NAMES] == [
        "<by_sor_code: 6 units>",
        "<by_location_number: 1 identifiers>",
        "<by_provider_number: 2 identifiers>",
        "<by_shak_code: 2 identifiers>",
        "<by_cvr_number: 1 identifiers>",
    ]


def test_every_key_is_found_however_odd_it_is():
    builder = IndexBuilder()
    for odd in ODD:
        location = LocationRecord(odd)
        identifiers = {"provider_number": odd, "shak_code": odd, "cvr_number": odd}
        own = {"location": location, "location_source": LocationSource.OWN}
        builder.add(UnitRecord(odd, UnitKind.ORGANISATIONAL_UNIT, name=odd, **own, **identifiers))
    index = builder.build(snapshot_date=DAY)
    by_sor_code = UnitBySorCode(index)
    assert list(by_sor_code) == ODD
    assert [by_sor_code[odd].name for odd in ODD] == ODD
    for kind in list(IdentifierKind)[1:]:
        mapping = UnitsByIdentifier(index, kind)
        assert sorted(mapping) == sorted(ODD)
        assert {key: names(found) for key, found in mapping.items()} == {odd: [odd] for odd in ODD}
    for unit in by_sor_code.values():
        assert unit.location.number == unit.provider_number == unit.shak_code == unit.cvr_number == unit.sor_code
        assert unit.location_source is LocationSource.OWN


def test_a_register_without_units():
    register = Register.from_records([], [], snapshot_date=DAY)
    assert (len(register), list(register)) == (0, [])
    for name in NAMES:
        mapping = getattr(register, name)
        assert (len(mapping), list(mapping), "990001" in mapping, "???" in mapping) == (0, [], False, False)
    assert register.resolve("990001").status == "unknown"
