"""The recipes of the page on finding, over a whole made-up nation: each against what the public face says of every unit."""

from __future__ import annotations

import pytest

from sor_addressing import Register, Unit
from sor_addressing.testing import made_up_nation


@pytest.fixture(scope="module")
def nation() -> Register:
    return made_up_nation(2_500, seed=11).to_register()


def deliverable(register: Register, unit: Unit, message_type: str) -> bool:
    return register.validate(unit, message_type).deliverable


def test_the_patients_practice_by_provider_number(nation):
    numbers = list(nation.by_provider_number)[:150]
    for number in numbers:
        found = nation.find(provider_number=number.lstrip("0"))
        resolution = nation.resolve(provider_number=number)
        addresses = {one.location_number for one in found}
        assert addresses == {candidate.location_number for candidate in resolution.candidates if candidate.usable}
        if resolution.recipient is not None:
            assert addresses == {resolution.recipient.location_number}
    assert sum(nation.find(provider_number=number).total for number in numbers) > 50


def test_the_unit_of_each_municipality_for_hospital_notifications(nation):
    wanted = [unit for unit in nation if unit.name.startswith("Sygehusadviser") and deliverable(nation, unit, "FDIS20")]
    assert len(wanted) > 50
    for unit in wanted:
        found = nation.find(message_type="FDIS20", municipality=unit.municipality)
        assert [(one.recipient.unit, one.units) for one in found] == [(unit, (unit,))]


def test_units_of_a_municipality_that_rehabilitate_and_receive_xref15(nation):
    types = ["990201000005100", "990211000005100"]
    expected: dict[str, list[Unit]] = {}
    for unit in nation:
        if set(types) & set(unit.types) and deliverable(nation, unit, "XREF15"):
            expected.setdefault(unit.municipality or "", []).append(unit)
    assert len(expected) > 10
    for municipality, units in expected.items():
        found = nation.find(message_type="XREF15", municipality=municipality, unit_type=types)
        assert sorted(unit.sor_code for one in found for unit in one.units) == sorted(unit.sor_code for unit in units)
        assert len({one.location_number for one in found}) == len(found)


def test_practices_of_a_postal_code_that_receive_dis91(nation):
    practices = [unit for unit in nation if unit.provider_number and deliverable(nation, unit, "DIS91")]
    codes = sorted({unit.visiting_address.postcode for unit in practices if unit.visiting_address})[:40]
    assert len(codes) == 40
    for code in codes:
        found = nation.find(message_type="DIS91", postal_code=code, kind="OE")
        units = {unit for one in found for unit in one.units}
        assert {unit for unit in practices if unit.visiting_address.postcode == code} <= units
        assert all(unit.visiting_address.postcode == code for unit in units)
    together = nation.find(message_type="DIS91", postal_code=f"{codes[0]}-{codes[-1]}", kind="OE")
    assert together.total >= len(codes)
    for unit in (unit for one in together for unit in one.units):
        assert codes[0] <= unit.visiting_address.postcode <= codes[-1]
