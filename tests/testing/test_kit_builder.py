from __future__ import annotations

import datetime as dt

import pytest

from sor_addressing.model import LocationRecord, LocationSource, RegistrationRecord, UnitKind, UnitRecord
from sor_addressing.testing import RegisterBuilder, numbers
from sor_addressing.testing.builder import DEFAULT_FROM_DATE, address, contact


def test_a_unit_carries_all_that_it_is_given() -> None:
    build = RegisterBuilder()
    owner = build.owner("Ejer", cvr_number="99000007")
    institution = build.institution(owner, "Hus", pharmacy_number="9901,1", inherits=None)
    code = build.unit(
        institution,
        "Enhed",
        sor_code=numbers.sor_code(77),
        types=("990101000005100", "990111000005100"),
        from_date=dt.date(2020, 2, 29),
        to_date=dt.date(2027, 12, 31),
        location_number=numbers.location_number(5),
        location={
            "system": "9101",
            "supplier": "9201",
            "net_operator": "100097",
            "region_code": "1084",
            "administrator": "9601",
            "note": "Prøve",
            "internal_only": True,
            "inactive": True,
            "from_date": dt.date(2021, 1, 1),
            "to_date": dt.date(2026, 6, 30),
        },
        provider_number="9901",
        shak_code="9901011",
        local_code="H1",
        specialities=["990501000005100", ("990511000005100", "990801000005100")],
        postal_address={"street": "Porsevej", "building": "3"},
        visiting_address={"postcode": "0100"},
        activity_address={"northing": "6290100.25"},
        contact={"telephone": "00 10 10 10"},
        geographical_parent=("2", owner),
        replaces=numbers.sor_code(78),
        replaced_by=[numbers.sor_code(79), numbers.sor_code(80)],
        information={"ambulant_activity": True, "reporting_level": False},
        local_attributes=["a"],
    )
    assert build.extract().unit(code) == UnitRecord(
        sor_code=numbers.sor_code(77),
        kind=UnitKind.ORGANISATIONAL_UNIT,
        name="Enhed",
        parent_sor_code=institution,
        types=("990101000005100", "990111000005100"),
        from_date=dt.date(2020, 2, 29),
        to_date=dt.date(2027, 12, 31),
        first_from_date=dt.date(2020, 2, 29),
        location_source=LocationSource.OWN,
        location=LocationRecord(
            numbers.location_number(5),
            internal_only=True,
            inactive=True,
            system="9101",
            supplier="9201",
            net_operator="100097",
            region_code="1084",
            administrator="9601",
            note="Prøve",
            has_status=True,
            from_date=dt.date(2021, 1, 1),
            to_date=dt.date(2026, 6, 30),
            first_from_date=dt.date(2021, 1, 1),
        ),
        provider_number="009901",
        shak_code="9901011",
        local_code="H1",
        specialities=(("990501000005100", ""), ("990511000005100", "990801000005100")),
        postal_address=address(street="Porsevej", building="3"),
        visiting_address=address(postcode="0100"),
        activity_address=address(northing="6290100.25"),
        contact=contact(telephone="00 10 10 10"),
        geographical_parent=("2", owner),
        replaces=(numbers.sor_code(78),),
        replaced_by=(numbers.sor_code(79), numbers.sor_code(80)),
        information=("true", "", "false"),
        local_attributes=("a", "", "", "", ""),
    )


def test_a_unit_that_is_given_nothing_is_open_and_without_a_number() -> None:
    build = RegisterBuilder()
    owner = build.owner("Ejer")
    build.institution(owner, "Hus")
    assert build.extract().units == [
        UnitRecord(
            sor_code=numbers.sor_code(0),
            kind=UnitKind.INSTITUTION_OWNER,
            name="Ejer",
            from_date=DEFAULT_FROM_DATE,
            first_from_date=DEFAULT_FROM_DATE,
            location_source=LocationSource.NONE,
        ),
        UnitRecord(
            sor_code=numbers.sor_code(1),
            kind=UnitKind.HEALTH_INSTITUTION,
            name="Hus",
            parent_sor_code=owner,
            from_date=DEFAULT_FROM_DATE,
            first_from_date=DEFAULT_FROM_DATE,
            location_source=LocationSource.NONE,
        ),
    ]


def test_a_location_number_is_own_inherited_absent_or_not_said() -> None:
    build = RegisterBuilder()
    owner = build.owner("Ejer", location_number=True)
    build.institution(owner, "Egen", location_number=True)
    build.institution(owner, "Egen med system", location={"system": "9101"})
    build.institution(owner, "Nedarvet", inherits=True)
    build.institution(owner, "Uden")
    build.institution(owner, "Siger ikke", inherits=None)
    assert [(unit.name, unit.location_source, unit.location and unit.location.number) for unit in build.extract()] == [
        ("Ejer", LocationSource.OWN, numbers.location_number(0)),
        ("Egen", LocationSource.OWN, numbers.location_number(1)),
        ("Egen med system", LocationSource.OWN, numbers.location_number(2)),
        ("Nedarvet", LocationSource.INHERITED, None),
        ("Uden", LocationSource.NONE, None),
        ("Siger ikke", LocationSource.UNKNOWN, None),
    ]


def test_a_made_number_is_never_one_that_was_given() -> None:
    build = RegisterBuilder()
    build.owner("Ejer", sor_code=numbers.sor_code(0), location_number=numbers.location_number(0))
    build.owner("En til", location_number=True)
    assert [(unit.sor_code, unit.location and unit.location.number) for unit in build.extract()] == [
        (numbers.sor_code(0), numbers.location_number(0)),
        (numbers.sor_code(1), numbers.location_number(1)),
    ]


def test_two_builders_can_count_from_different_numbers() -> None:
    build = RegisterBuilder(first_number=300)
    assert build.owner("Ejer", location_number=True) == numbers.sor_code(300)
    assert build.location_number() == numbers.location_number(301)


def test_units_come_in_document_order_however_they_were_made() -> None:
    build = RegisterBuilder()
    house, ward = numbers.sor_code(50), numbers.sor_code(51)
    build.unit(ward, "Stue")
    build.unit(house, "Afsnit", sor_code=ward)
    first = build.owner("Første")
    second = build.owner("Anden")
    build.institution(second, "Hus under anden")
    build.institution(first, "Hus", sor_code=house)
    build.unit(house, "Afsnit 2")
    assert [unit.name for unit in build.extract()] == [
        "Første",
        "Hus",
        "Afsnit",
        "Stue",
        "Afsnit 2",
        "Anden",
        "Hus under anden",
    ]


def test_an_unreadable_period_has_no_last_day() -> None:
    build = RegisterBuilder()
    code = build.owner(
        "Ejer", to_date=dt.date(2025, 1, 1), period_unreadable=True, location={"period_unreadable": True}
    )
    unit = build.extract().unit(code)
    assert (unit.period_unreadable, unit.from_date, unit.to_date) == (True, DEFAULT_FROM_DATE, None)
    assert unit.location == LocationRecord(numbers.location_number(0), has_status=True, period_unreadable=True)


def test_a_unit_closed_long_ago_does_not_begin_after_it_ended() -> None:
    build = RegisterBuilder()
    build.owner("Ejer", to_date=dt.date(2001, 1, 1))
    assert build.extract().units[0].from_date == dt.date(2001, 1, 1)


def test_message_types_are_registered_on_a_number_or_on_the_number_a_unit_has() -> None:
    build = RegisterBuilder()
    owner = build.owner("Ejer", location_number=True)
    house = build.institution(owner, "Hus", inherits=True)
    ward = build.unit(house, "Afsnit", inherits=True)
    build.registers(ward, "DIS91 D9134L", "CTL02", receive=True)
    build.registers(numbers.location_number(900), "XDIS91", send=True, receive=True)
    build.registers(owner, "BIN01")
    own = numbers.location_number(0)
    assert build.extract().registrations == [
        RegistrationRecord(own, "DIS91 D9134L", False, True),
        RegistrationRecord(own, "CTL02", False, True),
        RegistrationRecord(numbers.location_number(900), "XDIS91", True, True),
        RegistrationRecord(own, "BIN01", None, None),
    ]


def test_the_provider_register_and_missing_message_types_reach_the_extract() -> None:
    build = RegisterBuilder(dt.date(2025, 5, 5))
    build.owner("Ejer")
    build.provider_ceased("9906", dt.date(2025, 4, 30))
    build.without_message_types()
    extract = build.extract()
    assert extract.ceased_providers == {"009906": dt.date(2025, 4, 30)}
    assert not extract.has_message_types
    assert (extract.snapshot_date, extract.created_at) == (dt.date(2025, 5, 5), dt.datetime(2025, 5, 5, 21, 30))  # noqa: DTZ001  as in the file


def test_what_cannot_be_is_refused_where_it_is_said() -> None:
    build = RegisterBuilder()
    owner = build.owner("Ejer")
    with pytest.raises(ValueError, match="already a unit"):
        build.owner("Igen", sor_code=owner)
    with pytest.raises(ValueError, match="not both"):
        build.institution(owner, "Hus", location_number=True, inherits=True)
    with pytest.raises(ValueError, match="only have a location number of its own"):
        build.owner("Ejer", inherits=True)
    with pytest.raises(ValueError, match="no fields town"):
        build.owner("Ejer", postal_address={"town": "Prøveby"})
    with pytest.raises(ValueError, match="at most five"):
        build.owner("Ejer", local_attributes="abcdef")
    with pytest.raises(ValueError, match="at least one message type"):
        build.registers(owner)


def test_a_unit_without_its_place_is_refused_with_its_name() -> None:
    orphan = RegisterBuilder()
    orphan.institution(numbers.sor_code(9), "Forældreløs")
    with pytest.raises(ValueError, match="the parent of 'Forældreløs' doesn't exist"):
        orphan.extract()
    misplaced = RegisterBuilder()
    misplaced.unit(misplaced.owner("Ejer"), "Afsnit")
    with pytest.raises(ValueError, match=r"'Afsnit' \(OE\) can't lie in 'Ejer' \(IE\)"):
        misplaced.extract()
    circle = RegisterBuilder()
    circle.unit(numbers.sor_code(1), "A", sor_code=numbers.sor_code(2))
    circle.unit(numbers.sor_code(2), "B", sor_code=numbers.sor_code(1))
    with pytest.raises(ValueError, match="circle"):
        circle.extract()


def test_message_types_on_a_unit_without_a_number_are_refused() -> None:
    build = RegisterBuilder()
    build.registers(build.owner("Ejer"), "DIS91")
    with pytest.raises(ValueError, match="'Ejer' has no location number"):
        build.extract()


def test_what_was_extracted_does_not_change_with_the_builder() -> None:
    build = RegisterBuilder()
    owner = build.owner("Ejer", location_number=True)
    before = build.extract()
    before.units[0].name = "Ændret"
    before.units[0].location.inactive = True  # type: ignore[union-attr]
    after = build.extract().unit(owner)
    assert after.name == "Ejer"
    assert after.location == LocationRecord(numbers.location_number(0))


def test_the_built_register_stands_still_on_its_day() -> None:
    build = RegisterBuilder(dt.date(2024, 2, 29))
    owner = build.owner("Ejer", location_number=True)
    build.registers(owner, "DIS91 D9134L", send=True, receive=True)
    register = build.build()
    assert (register.snapshot_date, register.age_days) == (dt.date(2024, 2, 29), 0)
    assert [unit.name for unit in register] == ["Ejer"]
    assert register.validate(owner, "DIS91").outcome == "supported"
