"""The index against a naive register: the same answer for any forest, however damaged."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter

import attrs
from hypothesis import given, settings
from tests.index.naive_register import DAY, MISSING_PARENT, NUMBERS, NaiveRegister, copies, forests

from sor_addressing import Period, Register, Unit
from sor_addressing.model import (
    ADDRESS_FIELDS,
    CONTACT_FIELDS,
    Address,
    Contact,
    LocationRecord,
    LocationSource,
    UnitRecord,
)


def codes(units) -> list[str]:
    return [unit.sor_code for unit in units]


def built(records: list[UnitRecord]) -> tuple[Register, NaiveRegister, list[tuple[Unit, UnitRecord]]]:
    register, naive = Register.from_records(records, snapshot_date=DAY), NaiveRegister(records)
    return register, naive, list(zip(register, naive.units, strict=True))


@given(forests(whole=False))
def test_the_units_that_are_kept_and_what_is_reported(records):
    register, naive, pairs = built(records)
    assert [(unit.sor_code, unit.name) for unit in register] == [(one.sor_code, one.name) for one in naive.units]
    assert Counter((one.code, one.identifier, one.line) for one in register.load_report.problems) == naive.problems
    assert {one.file for one in register.load_report.problems} <= {"<records>"}
    for unit, record in pairs:
        assert unit.kind is record.kind
        assert unit.period == Period(record.from_date, record.to_date, readable=not record.period_unreadable)


@given(forests(whole=False))
def test_the_tree(records):
    register, naive, pairs = built(records)
    units = list(register)
    for unit, record in pairs:
        parent = naive.parent(record)
        assert (unit.parent and unit.parent.sor_code) == (parent and parent.sor_code)
        assert codes(unit.children) == codes(naive.children(record))
        assert codes(unit.ancestors) == codes(naive.ancestors(record))
        assert codes(unit.descendants) == codes(naive.descendants(record))
        above = {record.sor_code, *codes(naive.ancestors(record))}
        assert {other.sor_code for other in units if unit.is_within(other)} == above


@given(forests(whole=False))
def test_the_location_of_a_unit_is_its_own_or_the_nearest_through_an_unbroken_chain(records):
    _, naive, pairs = built(records)
    for unit, record in pairs:
        owner = naive.owner(record)
        assert unit.inheritance_is_broken is naive.is_broken(record)
        assert unit.inherits_location is (record.location_source is LocationSource.INHERITED)
        assert unit.location_source is record.location_source
        if owner is None:
            assert unit.location is None
            continue
        of_owner: LocationRecord = owner.location
        location = unit.location
        assert (location.owner.sor_code, location.inherited) == (owner.sor_code, owner is not record)
        assert {
            field: getattr(location, field)
            for field in attrs.fields_dict(type(location))
            if field not in ("owner", "inherited")
        } == {
            "number": of_owner.number,
            "period_known": True,
            "active": not of_owner.inactive,
            "internal_only": of_owner.internal_only,
            "period": Period(
                of_owner.from_date,
                of_owner.to_date,
                of_owner.first_from_date,
                of_owner.updated_at or None,
                not of_owner.period_unreadable,
            )
            if of_owner.has_status
            else Period(),
            "system": of_owner.system or None,
            "supplier": of_owner.supplier or None,
            "net_operator": of_owner.net_operator or None,
            "region": of_owner.region_code or None,
            "administrator": of_owner.administrator or None,
            "note": of_owner.note or None,
        }


@given(forests(whole=False))
def test_the_mappings(records):
    register, naive, _ = built(records)
    numbers = {number: naive.units_of_number(number) for number in NUMBERS}
    expected = {
        "by_location_number": {number: found for number, found in numbers.items() if found},
        "by_provider_number": naive.units_with("provider_number"),
        "by_shak_code": naive.units_with("shak_code"),
        "by_cvr_number": naive.units_with("cvr_number"),
    }
    for name, units_of in expected.items():
        mapping = getattr(register, name)
        assert {key: codes(found) for key, found in mapping.items()} == {
            key: codes(found) for key, found in units_of.items()
        }
        assert list(mapping) == list(dict.fromkeys(mapping)) == list(mapping.keys())
        assert len(mapping) == len(units_of)
        assert all(key in mapping and mapping.get(key) == mapping[key] for key in units_of)
    assert list(register.by_sor_code) == codes(naive.units)
    assert list(register.by_sor_code.values()) == list(register)
    assert len(register.by_sor_code) == len(register) == len(naive.units)
    assert MISSING_PARENT not in register.by_sor_code


def address_of(found) -> Address | None:
    if found is None:
        return None
    used, (_, parts) = found
    return Address(**{field: part or None for field, part in zip(ADDRESS_FIELDS, parts, strict=True)}, kind=used)


@given(forests())
def test_addresses_and_contact_come_from_above_where_there_are_none(records):
    _, naive, pairs = built(records)
    for unit, record in pairs:
        addresses = naive.addresses(record)
        for kind, found in addresses.items():
            expected = address_of(found)
            if found is not None:
                used, (whose, _) = found
                expected = attrs.evolve(
                    expected,
                    stands_for=kind if used != kind else None,
                    inherited_from=whose.sor_code if whose is not record else None,
                )
            assert getattr(unit, f"{kind}_address") == expected
        visiting, postal = address_of(addresses["visiting"]), address_of(addresses["postal"])
        location = unit.location
        assert unit.municipality == (
            (visiting and visiting.municipality_code) or (postal and postal.municipality_code) or None
        )
        assert unit.region == ((visiting and visiting.region_code) or (location and location.region) or None)
        found = naive.nearest(record, "contact")
        assert unit.contact == (
            found
            and Contact(
                **{field: part or None for field, part in zip(CONTACT_FIELDS, found.value, strict=True)},
                inherited_from=found.unit.sor_code if found.unit is not record else None,
            )
        )


@given(forests())
@settings(max_examples=50)
def test_the_counts_add_up(records):
    register, naive, _ = built(records)
    counts = register.load_report.counts
    units = len(naive.units)
    assert counts["units"] == units
    assert counts["institution_owners"] + counts["health_institutions"] + counts["organisational_units"] == units
    assert sum(counts[name] for name in ("open", "closed", "future", "period_unreadable")) == units
    states = ("own_locations", "inherited_locations", "broken_inheritance", "without_location")
    assert sum(counts[name] for name in states) == units
    owners = {one.sor_code: naive.owner(one) for one in naive.units}
    assert counts["own_locations"] == sum(one.location is not None for one in naive.units)
    assert counts["broken_inheritance"] == sum(map(naive.is_broken, naive.units))
    assert counts["without_location"] + counts["broken_inheritance"] == list(owners.values()).count(None)
    assert counts["location_numbers"] == counts["location_numbers_without_registrations"]
    assert counts["location_numbers"] == len({owner.location.number for owner in owners.values() if owner})
    assert counts["problems"] == len(register.load_report.problems) == naive.problems.total()


@given(forests())
@settings(max_examples=50)
def test_records_stay_as_they_are_and_every_unit_can_be_written_as_json(records):
    before = copies(records)
    register = Register.from_records(records, snapshot_date=DAY)
    assert records == before
    for unit in register:
        assert json.loads(json.dumps(unit.to_dict())) == unit.to_dict()
    assert json.loads(json.dumps(register.load_report.to_dict())) == register.load_report.to_dict()


@given(forests(whole=False))
@settings(max_examples=50)
def test_the_order_of_the_extract_decides_nothing_but_order(records):
    if len(set(codes(records))) < len(records):
        records = list({record.sor_code: record for record in records}.values())
    one, other = (Register.from_records(given, snapshot_date=DAY) for given in (records, records[::-1]))
    for unit in one:
        same = other.by_sor_code[unit.sor_code]
        assert codes(same.ancestors) == codes(unit.ancestors)
        assert codes(same.children) == codes(unit.children)[::-1]
        assert (same.location and same.location.to_dict()) == (unit.location and unit.location.to_dict())
        assert same.inheritance_is_broken is unit.inheritance_is_broken


@given(forests(whole=False))
@settings(max_examples=50)
def test_who_is_in_force_on_a_day(records):
    register, _, pairs = built(records)
    for unit, record in pairs:
        for on in (DAY - dt.timedelta(1), DAY, DAY + dt.timedelta(1)):
            begun = record.from_date is None or record.from_date <= on
            ended = record.to_date is not None and record.to_date < on
            expected = begun and not ended and not record.period_unreadable
            assert register._index.is_in_force(unit._row, on.toordinal()) is unit.period.contains(on) is expected
