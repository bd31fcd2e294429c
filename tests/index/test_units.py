"""Units as users see them: equal within a register, and written with stable keys."""

from __future__ import annotations

import datetime as dt

import attrs
import pytest

from sor_addressing import Period, Register, Registration, UnitKind
from sor_addressing.messages.catalogue import catalogue
from sor_addressing.model import ADDRESS_FIELDS, CONTACT_FIELDS, LocationSource, UnitRecord
from sor_addressing.testing import RegisterBuilder
from sor_addressing.testing.numbers import cvr_number, location_number, shak_code, sor_code

DAY = dt.date(2026, 1, 15)


@pytest.fixture(scope="module")
def register() -> Register:
    build = RegisterBuilder(DAY)
    owner = build.owner("Region Prøve", postal_address={"street": "Prøvevej", "building": "1"})
    hospital = build.institution(
        owner,
        "Prøve Sygehus",
        location={"region_code": "1082", "note": "Prøve", "from_date": dt.date(2012, 1, 1)},
        from_date=dt.date(2010, 1, 1),
    )
    build.unit(
        hospital,
        "Prøve Afsnit",
        types=("309904001", "PRØVE"),
        inherits=True,
        provider_number="9906",
        shak_code=shak_code(1, "ward"),
        cvr_number=cvr_number(0),
        pharmacy_number="990,1",
        local_code="Å1",
        specialities=[("1", "2"), "3"],
        to_date=dt.date(2030, 12, 31),
        visiting_address={"municipality_code": "0999"},
        contact={"telephone": "1"},
        geographical_parent=("4", ""),
        information={"ambulant_activity": True, "reporting_level": False},
        local_attributes=["a", "", "c"],
        replaces=sor_code(900),
        replaced_by=[sor_code(901), sor_code(902)],
    )
    build.registers(hospital, "XDIS91 XD9134L", receive=True)
    return build.build()


def test_a_unit_is_equal_to_itself_and_to_no_other(register):
    owner, hospital, ward = register
    again = register.by_sor_code[ward.sor_code]
    assert again is not ward
    assert again == ward
    assert hash(again) == hash(ward)
    assert {owner, hospital, ward, again, ward.parent} == {ward, owner, hospital}
    assert ward != hospital
    assert ward != ward.sor_code


def test_units_of_two_registers_are_not_equal(register):
    record = UnitRecord(sor_code(1), UnitKind.INSTITUTION_OWNER)
    (one,), (other,) = (Register.from_records([record], snapshot_date=DAY) for _ in range(2))
    assert one.sor_code == other.sor_code
    assert one != other
    assert not one.is_within(other)
    assert one.is_within(one)


def test_a_unit_shows_its_code_and_name(register):
    _, hospital, _ = register
    assert repr(hospital) == f"<Unit {hospital.sor_code} 'Prøve Sygehus'>"


def test_a_unit_in_plain_types(register):
    owner, hospital, ward = register
    above = [{"sor_code": unit.sor_code, "name": unit.name} for unit in (hospital, owner)]
    no_address = dict.fromkeys(ADDRESS_FIELDS)
    assert ward.to_dict() == {
        "sor_code": ward.sor_code,
        "name": "Prøve Afsnit",
        "kind": "OE",
        "types": ["309904001", "PRØVE"],
        "period": {
            "from_date": "2010-01-01",
            "to_date": "2030-12-31",
            "first_from_date": "2010-01-01",
            "updated_at": None,
            "readable": True,
        },
        "ancestors": above,
        "location": {
            "number": location_number(0),
            "owner": above[0],
            "inherited": True,
            "active": True,
            "internal_only": False,
            "period": {
                "from_date": "2012-01-01",
                "to_date": None,
                "first_from_date": "2012-01-01",
                "updated_at": None,
                "readable": True,
            },
            "period_known": True,
            "system": None,
            "supplier": None,
            "net_operator": None,
            "region": "1082",
            "administrator": None,
            "note": "Prøve",
            "registrations": [
                {
                    "message_type": catalogue().parse("XDIS91 XD9134L").to_dict(),
                    "may_send": False,
                    "may_receive": True,
                }
            ],
        },
        "inheritance_is_broken": False,
        "provider_number": "009906",
        "shak_code": shak_code(1, "ward"),
        "cvr_number": cvr_number(0),
        "pharmacy_number": "990,1",
        "local_code": "Å1",
        "organisational_level": None,
        "specialities": [{"code": "1", "type": "2"}, {"code": "3", "type": None}],
        "region": "1082",
        "municipality": "0999",
        "postal_address": {
            **no_address,
            "street": "Prøvevej",
            "building": "1",
            "kind": "postal",
            "stands_for": None,
            "inherited_from": owner.sor_code,
            "inheritance_known": True,
        },
        "visiting_address": {
            **no_address,
            "municipality_code": "0999",
            "kind": "visiting",
            "stands_for": None,
            "inherited_from": None,
            "inheritance_known": True,
        },
        "activity_address": {
            **no_address,
            "municipality_code": "0999",
            "kind": "visiting",
            "stands_for": "activity",
            "inherited_from": None,
            "inheritance_known": True,
        },
        "contact": {**dict.fromkeys(CONTACT_FIELDS), "telephone": "1", "inherited_from": None},
        "replaces": [sor_code(900)],
        "replaced_by": [sor_code(901), sor_code(902)],
        "geographical_parent": ["4", None],
        "information": {"ambulant_activity": "true", "reporting_level": "false"},
        "local_attributes": ["a", "", "c", "", ""],
    }


def test_a_unit_of_which_the_file_says_nothing():
    (unit,) = Register.from_records([UnitRecord(sor_code(1), UnitKind.HEALTH_INSTITUTION)], snapshot_date=DAY)
    assert (unit.name, unit.kind, unit.period) == ("", UnitKind.HEALTH_INSTITUTION, Period())
    assert unit.location is unit.parent is unit.contact is unit.geographical_parent is None
    assert unit.postal_address is unit.visiting_address is unit.activity_address is None
    assert unit.provider_number is unit.shak_code is unit.cvr_number is unit.pharmacy_number is unit.local_code is None
    assert unit.region is unit.municipality is None
    assert unit.types == unit.children == unit.ancestors == unit.specialities == unit.local_attributes == ()
    assert unit.replaces == unit.replaced_by == ()
    assert unit.information == {}
    assert list(unit.descendants) == []
    assert unit.location_source is LocationSource.UNKNOWN
    assert set(unit.to_dict()) == {
        "activity_address", "ancestors", "contact", "cvr_number", "geographical_parent", "inheritance_is_broken",
        "information", "kind", "local_attributes", "local_code", "location", "municipality", "name", "organisational_level", "period",
        "pharmacy_number", "postal_address", "provider_number", "region", "replaced_by", "replaces", "shak_code",
        "sor_code", "specialities", "types", "visiting_address",
    }  # fmt: skip


def test_the_period_of_a_location_number_is_not_the_units():
    build = RegisterBuilder(DAY)
    owner = build.owner("Ejer")
    opened, closed = dt.date(2011, 2, 3), dt.date(2025, 6, 30)
    build.institution(owner, "Lukket", from_date=opened, to_date=closed, location_number=True)
    build.institution(owner, "Nummer lukket", from_date=opened, location={"to_date": closed})
    build.institution(owner, "Nummer ulæseligt", from_date=opened, location={"period_unreadable": True})
    build.institution(owner, "Ulæselig", from_date=opened, period_unreadable=True, location_number=True)
    found = {unit.name: (unit.period, unit.location and unit.location.period) for unit in build.build()}
    assert found["Lukket"] == (Period(opened, closed, opened), Period())
    assert found["Nummer lukket"] == (Period(opened, None, opened), Period(to_date=closed))
    assert found["Nummer ulæseligt"] == (Period(opened, None, opened), Period(readable=False))
    assert found["Ulæselig"] == (Period(opened, None, opened, readable=False), Period())


def test_registrations_of_a_location_belong_to_the_number(register):
    _, hospital, ward = register
    expected = (Registration(catalogue().parse("XDIS91 XD9134L"), may_send=False, may_receive=True),)
    assert hospital.location.registrations == ward.location.registrations == expected
    assert hospital.location == attrs.evolve(ward.location, inherited=False)


@pytest.mark.parametrize("depth", [1, 8, 3_000])
def test_a_location_number_is_inherited_to_any_depth(depth):
    build = RegisterBuilder(DAY)
    above = build.institution(build.owner("Ejer"), "Ejer af nummeret", location_number=True)
    for level in range(depth):
        above = build.unit(above, f"Niveau {level}", inherits=True)
    register = build.build()
    lowest = register.by_sor_code[above]
    assert len(lowest.ancestors) == depth + 1
    assert (lowest.location.owner.name, lowest.location.inherited) == ("Ejer af nummeret", True)
    assert len(register.by_location_number[location_number(0)]) == depth + 1
    assert register.load_report.counts["inherited_locations"] == depth


def test_a_chain_that_ends_at_a_unit_without_a_number_is_broken_all_the_way():
    build = RegisterBuilder(DAY)
    owner = build.owner("Ejer", location_number=True)
    without = build.institution(owner, "Uden nummer")
    one = build.unit(without, "Arver", inherits=True)
    build.unit(one, "Arver også", inherits=True)
    silent = build.unit(without, "Siger intet", inherits=None)
    build.unit(silent, "Arver af den tavse", inherits=True)
    own = build.unit(one, "Eget", location_number=True)
    build.unit(own, "Arver af den med eget", inherits=True)
    register = build.build()
    assert {unit.name: (unit.location is not None, unit.inheritance_is_broken) for unit in register} == {
        "Ejer": (True, False),
        "Uden nummer": (False, False),
        "Arver": (False, True),
        "Arver også": (False, True),
        "Siger intet": (False, False),
        "Arver af den tavse": (False, True),
        "Eget": (True, False),
        "Arver af den med eget": (True, False),
    }
    sources = {unit.name: unit.location_source for unit in register}
    assert sources["Uden nummer"] is LocationSource.NONE
    assert sources["Siger intet"] is LocationSource.UNKNOWN
    assert sources["Arver"] is LocationSource.INHERITED
    assert sources["Eget"] is LocationSource.OWN


def test_a_municipality_is_that_of_the_visiting_address_also_where_the_unit_above_is_visited_elsewhere():
    build = RegisterBuilder(DAY)
    owner = build.owner(
        "Ejer", postal_address={"municipality_code": "0991"}, visiting_address={"municipality_code": "0992"}
    )
    hospital = build.institution(owner, "Uden adresser")
    build.unit(hospital, "Besøges uden kommune", visiting_address={"street": "Prøvevej"})
    build.unit(hospital, "Besøges andetsteds", visiting_address={"municipality_code": "0993"})
    assert {unit.name: (unit.municipality, unit.visiting_address.municipality_code) for unit in build.build()} == {
        "Ejer": ("0992", "0992"),
        "Uden adresser": ("0991", "0991"),
        "Besøges uden kommune": ("0991", None),
        "Besøges andetsteds": ("0993", "0993"),
    }


def test_values_are_frozen_and_slotted(register):
    _, hospital, _ = register
    for value in (hospital.location, hospital.period, hospital.postal_address, hospital.location.registrations[0]):
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            value.kind = "?"
        assert not hasattr(value, "__dict__")
    with pytest.raises(AttributeError):
        hospital.nickname = "?"
