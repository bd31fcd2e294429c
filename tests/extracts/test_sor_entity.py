"""SorEntity_daily.csv and SOREntity.csv are read into units: Excel's form, decimal comma, history, and parents in columns of any kind."""

from __future__ import annotations

import datetime as dt
import io

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.extracts.unit_rows import Said, address, read_rows, the_one

from sor_addressing.errors import ExtractError, SorAddressingError
from sor_addressing.extracts.tables.headers import ColumnMap, layout_named
from sor_addressing.extracts.tables.units import read_units_table
from sor_addressing.model import ADDRESS_FIELDS, LocationRecord, LocationSource, Problem, UnitKind, UnitRecord
from sor_addressing.testing import RegisterBuilder, made_up_nation, numbers, write_sor_entity

IE, SI, OE = UnitKind.INSTITUTION_OWNER, UnitKind.HEALTH_INSTITUTION, UnitKind.ORGANISATIONAL_UNIT
A, B, C, D = (numbers.sor_code(n) for n in range(11, 15))
GLN = numbers.location_number(1)
KEPT_OF_ADDRESS = (
    "street", "building", "floor", "suite", "sublocation", "postcode", "district", "easting", "northing",
)  # fmt: skip


def read(text: str | bytes, columns: ColumnMap | None = None) -> tuple[list[UnitRecord], list[Problem]]:
    data = text.encode() if isinstance(text, str) else text
    return read_rows(read_units_table, data, file="SorEntity.csv", columns=columns)


def one(header: str, cells: str) -> tuple[UnitRecord, list[Said]]:
    return the_one(*read(f"SorId;SorType;EntityName;ParentSorId;{header}\n{A};OE;Afsnit;{B};{cells}\n"))


def test_the_columns_of_an_address_are_its_parts_and_a_decimal_comma_is_a_point() -> None:
    header = (
        "VisitingAddressStreetName;VisitingAddressStreetBuildingId;VisitingAddressFloorId;VisitingAddressSuiteId;"
        "VisitingAddressAdditionalAddressInfo;VisitingAddressPostCodeId;VisitingAddressDistrictName;"
        "VisitingAddressCoordETRS89z32EMeasure;VisitingAddressCoordETRS89z32NMeasure"
    )
    unit, problems = one(header, 'Prøvevej;7;2;th;"Indgang ""A""; gården";9999;Prøveby;723456,12;6171234,5')
    assert unit.visiting_address == address(
        street="Prøvevej",
        building="7",
        floor="2",
        suite="th",
        sublocation='Indgang "A"; gården',
        postcode="9999",
        district="Prøveby",
        easting="723456.12",
        northing="6171234.5",
    )
    assert (unit.postal_address, unit.activity_address, problems) == (None, None, [])


@pytest.mark.parametrize("written", [A, f'="{A}"', f'"=""{A}"""', f'"{A}"', f" {A} "])
def test_a_sor_code_in_whatever_form(written: str) -> None:
    units, problems = read(f"SorId;SorType;EntityName;ParentSorId\n{written};IE;Ejer;\n")
    assert (units, problems) == ([UnitRecord(A, IE, "Ejer", None, 2)], [])


@pytest.mark.parametrize(
    ("header", "cells", "specialities"),
    [
        (
            "PrioritizedEntitySpeciality2Name;PrioritizedEntitySpeciality1Name;PrioritizedEntitySpeciality8Name",
            "kirurgi;medicin;øre",
            ("medicin", "kirurgi", "øre"),
        ),
        ("PrioritizedEntitySpeciality1Name;PrioritizedEntitySpeciality1Code", "medicin;11", ("11",)),
        ("PrioritizedEntitySpeciality1Name;PrioritizedEntitySpeciality1Code", "medicin;", ("medicin",)),
        ("PrioritizedEntitySpeciality1Name;PrioritizedEntitySpeciality2Name", "medicin;medicin", ("medicin",)),
        ("PrioritizedEntitySpeciality1Name", " - ", ()),
    ],
)
def test_specialities_come_in_the_order_of_their_priority(
    header: str, cells: str, specialities: tuple[str, ...]
) -> None:
    unit, problems = one(header, cells)
    assert (unit.specialities, problems) == (tuple((word, "") for word in specialities), [])


@pytest.mark.parametrize(
    ("header", "cells", "types"),
    [
        ("EntityTypeName", "hospital", ("hospital",)),
        ("EntityTypeName;EntityTypeId", "hospital;22232009", ("22232009",)),
        ("EntityTypeName;EntityTypeId", "hospital;", ("hospital",)),
        ("EntityTypeName", "", ()),
    ],
)
def test_a_type_is_its_code_where_there_is_one_else_its_word(header: str, cells: str, types: tuple[str, ...]) -> None:
    unit, problems = one(header, cells)
    assert (unit.types, problems) == (types, [])


def test_without_a_column_for_parents_the_institution_and_the_owner_stand_in_and_nothing_is_inherited_past_a_gap() -> (
    None
):
    units, problems = read(
        "SorId;SorType;EntityName;HealthInstitutionSorId;InstitutionOwnerSorId\n"
        f"{A};IE;Ejer;;{A}\n{B};SI;Hus;{B};{A}\n{C};OE;Afsnit;{B};{A}\n{D};XX;Andet;{B};{A}\n"
    )
    assert units == [
        UnitRecord(A, IE, "Ejer", None, 2),
        UnitRecord(B, SI, "Hus", A, 3),
        UnitRecord(C, OE, "Afsnit", B, 4, gap_above=True),
        UnitRecord(D, OE, "Andet", B, 5, gap_above=True),
    ]
    assert [(problem.code, problem.line) for problem in problems] == [
        ("parents-not-known", 1),
        ("unit-kind-unreadable", 5),
    ]


def test_an_institution_whose_owner_no_column_names_has_a_gap_above_it() -> None:
    units, _ = read(f"SorId;SorType;EntityName;HealthInstitutionSorId\n{B};SI;Hus;{B}\n{C};OE;Afsnit;{B}\n")
    assert [(unit.parent_sor_code, unit.gap_above) for unit in units] == [(None, True), (B, True)]


def test_flags_of_a_location_number() -> None:
    header = "EanLocationCode;EanLocationCodeOnlyInternalIndicator;EanLocationCodeNonActiveIndicator"
    unit, problems = one(header, f"{GLN};true;1")
    assert (unit.location, problems) == (LocationRecord(GLN, internal_only=True, inactive=True), [])
    unit, problems = one(header, f"{GLN};måske;nej")
    details = {"field": "EanLocationCodeOnlyInternalIndicator", "value": "måske"}
    assert (unit.location, problems) == (LocationRecord(GLN, state_unreadable=True), [("boolean-unreadable", details)])


def test_a_first_day_that_can_not_be_read_does_not_touch_the_period() -> None:
    unit, problems = one("FirstFromDate;FromDate", "før krigen;2019-04-12")
    assert (unit.first_from_date, unit.from_date, unit.period_unreadable) == (None, dt.date(2019, 4, 12), False)
    assert problems == [("first-from-date-unreadable", {"field": "FirstFromDate", "value": "før krigen"})]


def test_columns_about_levels_are_read() -> None:
    unit, problems = one("OrganisationalLevelCode;OrganisationalLevelName", "3;Afsnit")
    assert (unit, problems) == (UnitRecord(A, OE, "Afsnit", B, 2, organisational_level=("3", "Afsnit")), [])


def test_the_rows_of_a_unit_are_all_handed_on_in_the_files_order() -> None:
    header = "SorId;SorType;EntityName;ParentSorId;FromDate;ToDate"
    units, problems = read(
        f"{header}\n{A};IE;Ny;;2020-01-01;\n{B};SI;Hus;{A};;\n{A};IE;Gammel;;2010-01-01;2019-12-31\n"
    )
    assert [(unit.name, unit.line) for unit in units] == [("Ny", 2), ("Hus", 3), ("Gammel", 4)]
    assert problems == []


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "the file is empty"),
        (b"SorId;EntityName\n", "no column for unit_kind"),
        (b"SorId;SorType;EntityName;SorId\n", "2 columns fit sor_code"),
        (b'SorId;SorType;EntityName\n1;IE;"open\n2;IE;x\n', "a quote is opened here"),
        (b"SorId;SorType;EntityName\n1;IE;\0\n", "a NUL byte"),
    ],
)
def test_a_file_that_can_not_be_read_is_refused_with_what_is_wrong(data: bytes, told: str) -> None:
    with pytest.raises(ExtractError, match=told):
        read(data)


def test_a_cell_over_two_lines_is_one_text() -> None:
    units, problems = read(f'SorId;SorType;EntityName;ParentSorId\n{A};IE;"Ejer\nProve";\n{B};SI;Hus;{A}\n')
    assert units == [UnitRecord(A, IE, "Ejer Prove", None, 2), UnitRecord(B, SI, "Hus", A, 4)]
    assert problems == []


def test_a_table_is_known_by_its_header() -> None:
    header = ["SorId", "SorType", "EntityName", "HealthInstitutionSorId"]
    assert layout_named("units").is_met_by(header)
    assert not layout_named("sor_csv").is_met_by(header)
    assert not layout_named("units").is_met_by(["SorId", "EntityName", "ParentSorId"])
    assert not layout_named("units").is_met_by(["SOR-kode", "SORtype", "Enhedsnavn", "Parent-SOR-kode"])


def left_in_sor_entity(unit: UnitRecord) -> UnitRecord:
    """What of a unit is left when it has been through the file."""

    def part(parts: tuple[str, ...] | None) -> tuple[str, ...] | None:
        named = dict(zip(ADDRESS_FIELDS, parts or (), strict=False))
        kept = address(**{field: named.get(field, "") for field in KEPT_OF_ADDRESS})
        return kept if any(kept) else None

    location = unit.location
    if location is not None:
        location = attrs.evolve(
            location,
            note="",
            has_status=False,
            from_date=None,
            to_date=None,
            first_from_date=None,
            updated_at="",
            period_unreadable=False,
        )
    return attrs.evolve(
        unit,
        types=unit.types[:1],
        location=location,
        specialities=tuple((code, "") for code in dict.fromkeys(code for code, _ in unit.specialities)),
        postal_address=part(unit.postal_address),
        visiting_address=part(unit.visiting_address),
        activity_address=part(unit.activity_address),
        geographical_parent=None,
        replaces=(),
        replaced_by=(),
        information=None,
        local_attributes=(),
    )


@pytest.mark.parametrize("size", [5, 60, pytest.param(2_300), pytest.param(90_000, marks=pytest.mark.national)])
def test_a_nation_is_read_as_it_was_written(size: int) -> None:
    nation = made_up_nation(size, seed=size)
    target = io.BytesIO()
    write_sor_entity(nation, target, daily=False)
    units, problems = read(target.getvalue())
    assert [unit.line for unit in units] == list(range(2, size + 2))
    assert [attrs.evolve(unit, line=0) for unit in units] == list(map(left_in_sor_entity, nation.units))
    unreadable = [unit.sor_code for unit in nation.units if unit.period_unreadable]
    assert [(problem.code, problem.identifier) for problem in problems] == [("date-unreadable", c) for c in unreadable]


@pytest.mark.parametrize("date_format", ["%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d 00:00:00"])
@pytest.mark.parametrize("excel", [True, False])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "windows-1252"])
def test_whatever_the_days_the_encoding_and_the_form_of_codes(date_format: str, excel: bool, encoding: str) -> None:
    nation = made_up_nation(60, seed=2)
    plain, other = io.BytesIO(), io.BytesIO()
    write_sor_entity(nation, plain)
    write_sor_entity(nation, other, date_format=date_format, excel=excel, encoding=encoding)
    assert read(other.getvalue()) == read(plain.getvalue())


def test_the_daily_file_has_no_closures_in_effect_and_the_complete_one_has_history() -> None:
    build = RegisterBuilder()
    owner = build.owner("Ejer")
    build.institution(owner, "Åben")
    build.institution(owner, "Sidste dag", to_date=build.extract().snapshot_date)
    build.institution(owner, "Lukket", to_date=build.extract().snapshot_date - dt.timedelta(1))
    extract = build.extract()
    before = attrs.evolve(extract.unit("Åben"), name="Før", to_date=dt.date(2001, 1, 1))
    daily, complete = io.BytesIO(), io.BytesIO()
    write_sor_entity(extract, daily, history=[before])
    write_sor_entity(extract, complete, daily=False, history=[before])
    assert [unit.name for unit in read(daily.getvalue())[0]] == ["Ejer", "Åben", "Sidste dag"]
    assert [unit.name for unit in read(complete.getvalue())[0]] == ["Ejer", "Før", "Åben", "Sidste dag", "Lukket"]


def test_location_sources_that_only_words_tell_apart_come_back() -> None:
    for source in LocationSource:
        number = GLN if source is LocationSource.OWN else ""
        unit, problems = one("EanLocationCode;EanLocationCodeInheritance", f"{number};{source}")
        assert (unit.location_source, problems) == (source, [])


LINES = st.lists(st.text(st.sampled_from('90001ÆÃ;;;="\t\x0b\x85 -E+,.\n\r'), max_size=60), max_size=8)


@settings(max_examples=150, deadline=None)
@given(LINES)
def test_whatever_stands_in_the_rows_only_errors_of_this_library_come_out(lines: list[str]) -> None:
    header = "SorId;SorType;EntityName;HealthInstitutionSorId;EanLocationCode;CVR;ToDate;PostalAddressCoordETRS89z32EMeasure\n"
    try:
        units, _ = read(header + "\n".join(lines))
    except SorAddressingError:
        return
    assert all(unit.sor_code and unit.name.isprintable() for unit in units)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_whatever_the_bytes_only_errors_of_this_library_come_out(data: bytes) -> None:
    for head in (b"", b"SorId;SorType;EntityName;ParentSorId\n"):
        try:
            read(head + data)
        except SorAddressingError:
            pass
