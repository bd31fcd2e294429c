"""Filters by administrator, owner, institution, hospital and level: what they mean, and what they refuse."""

from __future__ import annotations

import datetime as dt

import pytest

from sor_addressing import Filter, FilterError, Register, audit, compare
from sor_addressing.model import UnitKind
from sor_addressing.testing import RegisterBuilder
from sor_addressing.texts.of_errors import danish_of

HOSPITAL = "22232009"


@pytest.fixture(scope="module")
def register() -> Register:
    build = RegisterBuilder(dt.date(2026, 1, 15))
    for at in ("Øst", "Vest"):
        owner = build.owner(f"Region {at}", location_number=True, location={"administrator": f"adm {at}"})
        house = build.institution(owner, "Prøvesygehuset", types=HOSPITAL, location_number=True)
        build.unit(build.unit(house, f"Afdeling {at}", location_number=True), f"Afsnit {at}", inherits=True)
        build.institution(owner, f"Klinik {at}", location_number=True)
    return build.build()


def names(register: Register, **asked: object) -> list[str]:
    return [unit.name for one in register.find(Filter(**asked)) for unit in one.units]  # type: ignore[arg-type]


def test_owners_and_institutions_are_meant_by_unit_code_or_exact_name(register: Register) -> None:
    east = next(unit for unit in register if unit.name == "Region Øst")
    whole = ["Region Øst", "Prøvesygehuset", "Afdeling Øst", "Afsnit Øst", "Klinik Øst"]
    for asked in (east, east.sor_code, "Region Øst", "  region  øst ", [east, "Region Øst"]):
        assert names(register, owner=asked) == whole
    house = east.children[0]
    assert names(register, institution=house) == names(register, hospital=house.sor_code) == whole[1:4]
    assert names(register, institution=["Klinik Øst", "Klinik Vest"]) == ["Klinik Øst", "Klinik Vest"]
    assert [match.unit.name for match in register.search("afsnit", owner="Region Øst")] == ["Afsnit Øst"]
    assert audit(register, institution="Klinik Øst").units == 1


def test_a_name_that_several_have_is_an_error_that_lists_them(register: Register) -> None:
    houses = [unit for unit in register if unit.name == "Prøvesygehuset"]
    for field in ("institution", "hospital"):
        with pytest.raises(FilterError) as refused:
            register.find(Filter(**{field: "prøvesygehuset"}))
        for house in houses:
            assert f"{house.sor_code} Prøvesygehuset < {house.parent.name}" in str(refused.value)  # type: ignore[union-attr]
    assert "2 enheder" in refused.value.text("da")


@pytest.mark.parametrize(
    ("field", "asked", "told"),
    [
        ("owner", "Region Østt", "called 'Region Østt': did you mean {east} Region Øst?"),
        ("hospital", "Klinik Øst", "the register has no hospital called 'Klinik Øst': give its SOR code"),
        ("institution", "zzz", "the register has no health institution called 'zzz': give its SOR code"),
        ("institution", "{east}", "{east} Region Øst is no health institution: ask with within"),
        (
            "owner",
            "{house}",
            "{house} Prøvesygehuset < Region Øst is no institution owner: did you mean {east} Region Øst?",
        ),
    ],
)
def test_what_is_none_is_refused_with_what_could_be_meant(
    field: str, asked: str, told: str, register: Register
) -> None:
    codes = {
        "east": next(unit.sor_code for unit in register if unit.name == "Region Øst"),
        "house": next(unit.sor_code for unit in register if unit.name == "Prøvesygehuset"),
    }
    wanted = Filter(**{field: asked.format(**codes)})  # type: ignore[arg-type]
    for ask in (lambda: register.find(wanted), lambda: register.search("afsnit", filter=wanted)):
        with pytest.raises(FilterError) as refused:
            ask()
        assert str(refused.value).endswith(told.format(**codes))
    assert danish_of(str(refused.value)) != str(refused.value)


def test_a_code_that_no_unit_has_is_told_as_elsewhere(register: Register) -> None:
    found = register.find(owner="9999991000016000")
    assert (found.total, found.unknown[0].field, found.unknown[0].value) == (0, "owner", "9999991000016000")
    assert "institutionsejer" in found.explain("da")


@pytest.mark.parametrize("wrong", [7, "", [], ["Region Øst", None]])
def test_what_can_be_no_place_is_refused(wrong: object) -> None:
    for field in ("owner", "institution", "hospital"):
        with pytest.raises(FilterError, match=field):
            Filter(**{field: wrong})  # type: ignore[arg-type]


def test_a_level_is_a_kind_a_depth_or_an_organisational_level(register: Register) -> None:
    assert names(register, level="ie") == names(register, level=0) == ["Region Øst", "Region Vest"]
    assert names(register, level=[3, "IE"]) == ["Region Øst", "Afsnit Øst", "Region Vest", "Afsnit Vest"]
    assert names(register, level="2") == ["Afdeling Øst", "Afdeling Vest"]
    (unknown,) = register.find(level="Afsnit").unknown
    assert (unknown.field, unknown.value) == ("level", "Afsnit")
    build = RegisterBuilder()
    house = build.institution(build.owner("Ejer"), "Hus", location_number=True)
    build.unit(house, "Klinikken", location_number=True, organisational_level=("991000005100", "Prøveklinik"))
    build.unit(house, "Stuen", location_number=True)
    assert names(build.build(), level=["prøveklinik", "SI"]) == ["Hus", "Klinikken"]
    for wrong in (True, None, ""):
        with pytest.raises(FilterError, match="level"):
            Filter(level=["IE", wrong])  # type: ignore[list-item]


def test_administrators_are_asked_as_plans_and_suppliers_are(register: Register) -> None:
    assert names(register, administrator="ADM ØST") == names(register, administrator="adm oest") == ["Region Øst"]
    (unknown,) = register.find(administrator="adm øs").unknown
    assert unknown.alike[0] == "adm Øst"


def test_an_institution_in_another_belongs_to_itself() -> None:
    build = RegisterBuilder()
    outer = build.institution(build.owner("Ejer"), "Ydre", types=HOSPITAL, location_number=True)
    inner = build.unit(outer, "Indre", location_number=True)
    build.unit(inner, "Stuen", location_number=True)
    extract = build.extract()
    next(unit for unit in extract.units if unit.sor_code == inner).kind = UnitKind.HEALTH_INSTITUTION
    register = extract.to_register()
    assert names(register, institution="Ydre") == ["Ydre"]
    assert names(register, institution="Indre") == ["Indre", "Stuen"]
    assert names(register, hospital="Ydre") == ["Ydre", "Indre", "Stuen"]
    counted = {group.name(): group.units for group in audit(register).by("institution")}
    assert counted["Ydre"] == audit(register, institution="Ydre").units == 1


def test_a_place_that_has_another_name_on_the_other_day_is_one_place() -> None:
    days = []
    for name in ("Gammelt Navn", "Nyt Navn"):
        build = RegisterBuilder()
        house = build.institution(build.owner("Ejer"), name, location_number=True)
        build.unit(house, "Stuen" if name == "Nyt Navn" else "Stue", location_number=True)
        days.append(build.build())
    for name in ("Gammelt Navn", "Nyt Navn"):
        assert len(compare(*days, institution=name)) == 2
    with pytest.raises(FilterError, match="has no health institution called 'Intet'"):
        compare(*days, institution="Intet")
