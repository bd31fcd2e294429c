"""sor.csv is read into units: its header in any spelling, whose a location number is, and whatever may be wrong with a row."""

from __future__ import annotations

import datetime as dt
import io

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.extracts.unit_rows import Said, address, read_rows, the_one

from sor_addressing.errors import ExtractError, PolicyError, SorAddressingError
from sor_addressing.extracts.tables.headers import ColumnMap, layout_named
from sor_addressing.extracts.tables.units import read_sor_csv
from sor_addressing.model import (
    ADDRESS_FIELDS,
    LocationRecord,
    LocationSource,
    Problem,
    UnitKind,
    UnitRecord,
)
from sor_addressing.testing import made_up_nation, numbers, write_sor_csv

IE, SI, OE = UnitKind.INSTITUTION_OWNER, UnitKind.HEALTH_INSTITUTION, UnitKind.ORGANISATIONAL_UNIT
A, B, C = (numbers.sor_code(n) for n in range(11, 14))
GLN = numbers.location_number(1)


def read(text: str | bytes, columns: ColumnMap | None = None) -> tuple[list[UnitRecord], list[Problem]]:
    data = text.encode("windows-1252") if isinstance(text, str) else text
    return read_rows(read_sor_csv, data, file="sor.csv", columns=columns)


def one(header: str, cells: str) -> tuple[UnitRecord, list[Said]]:
    return the_one(*read(f"SOR-kode;SORtype;Enhedsnavn;Parent-SOR-kode;{header}\n{A};OE;Afsnit;{B};{cells}\n"))


def test_a_row_is_a_unit_with_its_line() -> None:
    text = (
        "SOR-kode;SORtype;Enhedsnavn;Enhedstype;Parent-SOR-kode;Gældende fra dato;Ophørt dato;Sidst ændret dato;CVR;Ydernummer;"
        "SghAfdkode;Apoteksnummer;Lokalkode;Hovedspeciale;Postadresse;P_Postnummer;P_By;P_Region;A_Postnummer;A_By;A_KK;A_VK;"
        "A_Region;A_X;Telefon;Fax;E-mail;Hjemmeside;Lokationsnummer;Nedarvningsstatus;Lokationsnummerstatus;Region;EDB-system;"
        "Systemleverandør;Netoperatør;Institutionsejer;Sundhedsinstitution\n"
        f'{A};SI;Lægerne "Prøve" & Søn;praksis;{B};2010-01-02;2030-12-31;2024-05-06;99000007;990001;9900;362,1;L1;almen;'
        "Prøvevej 7, 2 th;9999;Prøveby;Region X;9998;Prøvested;0901;0102;Region Y;17;00 11 22 33;00 11 22 34;"
        f"a@b.example;b.example;{GLN};egen;inaktiv;1081;System;Leverandør;Net;Ejer;Hus\n"
    )
    assert read(text) == (
        [
            UnitRecord(
                A,
                SI,
                'Lægerne "Prøve" & Søn',
                B,
                2,
                types=("praksis",),
                from_date=dt.date(2010, 1, 2),
                to_date=dt.date(2030, 12, 31),
                updated_at="2024-05-06",
                location_source=LocationSource.OWN,
                location=LocationRecord(
                    GLN, inactive=True, system="System", supplier="Leverandør", net_operator="Net", region_code="1081"
                ),
                provider_number="990001",
                shak_code="9900",
                cvr_number="99000007",
                pharmacy_number="362,1",
                local_code="L1",
                specialities=(("almen", ""),),
                postal_address=address(
                    street="Prøvevej 7, 2 th", postcode="9999", district="Prøveby", region_code="Region X"
                ),
                activity_address=address(
                    postcode="9998",
                    district="Prøvested",
                    municipality_code="0901",
                    street_code="0102",
                    region_code="Region Y",
                    easting="17",
                ),
                contact=("a@b.example", "b.example", "00 11 22 33", "00 11 22 34"),
            )
        ],
        [],
    )


@pytest.mark.parametrize(
    ("header", "cells", "source", "own", "inherited"),
    [
        ("Lokationsnummer;Nedarvningsstatus", f"{GLN};egen", LocationSource.OWN, GLN, ""),
        ("Lokationsnummer;Nedarvningsstatus", f"{GLN};Nedarvet", LocationSource.INHERITED, None, GLN),
        ("Lokationsnummer;Nedarvningsstatus", ";nedarvet", LocationSource.INHERITED, None, ""),
        ("Lokationsnummer;Nedarvningsstatus", ";", LocationSource.NONE, None, ""),
        ("Lokationsnummer;Nedarvningsstatus", "ingen;", LocationSource.NONE, None, ""),
        ("Lokationsnummer;Nedarvningsstatus", f"{GLN};", LocationSource.UNKNOWN, GLN, ""),
        ("Lokationsnummer;Nedarvningsstatus", ";ukendt", LocationSource.UNKNOWN, None, ""),
        ("Lokationsnummer;Nedarvet", f"{GLN};ja", LocationSource.INHERITED, None, GLN),
        ("Lokationsnummer;Nedarvet", f"{GLN};nej", LocationSource.OWN, GLN, ""),
        ("Lokationsnummer;Nedarvet", ";nej", LocationSource.NONE, None, ""),
        ("Lokationsnummer", GLN, LocationSource.UNKNOWN, GLN, ""),
        ("Lokationsnummer", "", LocationSource.UNKNOWN, None, ""),
        ("Nedarvningsstatus", "nedarvet", LocationSource.INHERITED, None, ""),
        ("Telefon", "", LocationSource.UNKNOWN, None, ""),
    ],
)
def test_whose_a_location_number_is(
    header: str, cells: str, source: LocationSource, own: str | None, inherited: str
) -> None:
    unit, problems = one(header, cells)
    number = unit.location.number if unit.location else None
    assert (unit.location_source, number, unit.inherited_number, problems) == (source, own, inherited, [])


def test_an_own_location_number_that_is_not_there_is_reported() -> None:
    unit, problems = one("Lokationsnummer;Nedarvningsstatus", ";egen")
    assert (unit.location_source, unit.location) == (LocationSource.UNKNOWN, None)
    assert problems == [("own-location-number-missing", {})]


def test_a_word_that_does_not_say_whose_a_number_is_is_reported() -> None:
    unit, problems = one("Lokationsnummer;Nedarvningsstatus", f"{GLN};delt")
    assert (unit.location_source, unit.location) == (LocationSource.UNKNOWN, LocationRecord(GLN))
    assert problems == [("location-source-unreadable", {"field": "Nedarvningsstatus", "value": "delt"})]


def test_a_status_that_is_not_known_is_reported() -> None:
    unit, problems = one("Lokationsnummer;Lokationsnummerstatus", f"{GLN};halvt")
    assert unit.location == LocationRecord(GLN, state_unreadable=True)
    assert problems == [("location-status-unreadable", {"field": "Lokationsnummerstatus", "value": "halvt"})]


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("IE", IE),
        ("si", SI),
        ("OE", OE),
        ("Institutionsejer", IE),
        ("Organisatorisk enhed", OE),
        ("Sundhedsinstitution", SI),
    ],
)
def test_the_level_stands_in_a_column(word: str, kind: UnitKind) -> None:
    units, problems = read(f"SOR-kode;SORtype;Enhedsnavn;Parent-SOR-kode\n{A};{word};Navn;\n")
    assert (units[0].kind, problems) == (kind, [])


@pytest.mark.parametrize(("parent", "kind"), [("", IE), (B, OE)])
def test_a_level_that_can_not_be_read_is_reported(parent: str, kind: UnitKind) -> None:
    units, problems = read(f"SOR-kode;SORtype;Enhedsnavn;Parent-SOR-kode\n{A};XX;Navn;{parent}\n")
    assert units == [UnitRecord(A, kind, "Navn", parent or None, 2)]
    details = {"field": "SORtype", "value": "XX", "kind": kind.value}
    assert problems == [Problem("unit-kind-unreadable", "sor.csv", 2, A, details)]


def test_without_a_column_for_levels_they_are_told_by_the_tree_in_whatever_order_rows_come() -> None:
    units, problems = read(f"SOR-kode;Enhedsnavn;Parent-SOR-kode\n{C};Afsnit;{B}\n{B};Hus;{A}\n{A};Ejer;\n")
    assert units == [
        UnitRecord(C, OE, "Afsnit", B, 2),
        UnitRecord(B, SI, "Hus", A, 3),
        UnitRecord(A, IE, "Ejer", None, 4),
    ]
    assert problems == [Problem("unit-kind-derived", "sor.csv", 1)]


def test_with_neither_level_nor_parent_the_file_is_refused() -> None:
    with pytest.raises(ExtractError, match=r"sor\.csv, line 1: no column for unit_kind, and none for parent_sor_code"):
        read(f"SOR-kode;Enhedsnavn\n{A};Ejer\n")


def test_a_parent_that_is_not_known_is_reported_once() -> None:
    units, problems = read(f"SOR-kode;SORtype;Enhedsnavn\n{A};IE;Ejer\n{B};SI;Hus\n")
    assert [(unit.parent_sor_code, unit.gap_above) for unit in units] == [(None, False), (None, False)]
    assert problems == [Problem("parents-not-known", "sor.csv", 1)]


def test_rows_of_one_unit_are_all_handed_on() -> None:
    header = "SOR-kode;SORtype;Enhedsnavn;Parent-SOR-kode;Gaeldende_fra_dato"
    units, problems = read(f"{header}\n{A};IE;Ny;;2020-01-01\n{A};IE;Gammel;;2010-01-01\n")
    assert [unit.name for unit in units] == ["Ny", "Gammel"]
    assert problems == []


@pytest.mark.parametrize(
    "written", ["2019-04-12", "12-04-2019", "12.04.2019", "2019-04-12 00:00:00", "2019-04-12T00:00:00+02:00"]
)
def test_days_in_every_spelling(written: str) -> None:
    unit, problems = one("Gaeldende_fra_dato", written)
    assert (unit.from_date, unit.period_unreadable, problems) == (dt.date(2019, 4, 12), False, [])


@pytest.mark.parametrize("header", ["Gaeldende_fra_dato", "Ophoert_dato"])
@pytest.mark.parametrize("written", ["04/12/2019", "2019-02-30", "snart"])
def test_a_day_that_can_not_be_read_makes_the_period_unreadable(header: str, written: str) -> None:
    unit, problems = one(header, written)
    assert (unit.from_date, unit.to_date, unit.period_unreadable) == (None, None, True)
    assert problems == [("date-unreadable", {"field": header, "value": written})]


def test_a_period_that_ends_before_it_begins_is_reported() -> None:
    unit, problems = one("Gaeldende_fra_dato;Ophoert_dato", "2020-02-02;2020-02-01")
    assert (unit.from_date, unit.to_date) == (dt.date(2020, 2, 2), dt.date(2020, 2, 1))
    assert problems == [("period-reversed", {"from_date": "2020-02-02", "to_date": "2020-02-01"})]


def test_a_row_without_sor_code_is_left_out_and_a_row_without_anything_passed_over() -> None:
    units, problems = read(f"SOR-kode;SORtype;Enhedsnavn;Parent-SOR-kode\n;OE;Navnløs;\n;;;\n\n{A};IE;Ejer;\n ;; ;\n")
    assert units == [UnitRecord(A, IE, "Ejer", None, 5)]
    assert problems == [Problem("row-without-sor-code", "sor.csv", 2, None, {"name": "Navnløs"})]


def test_a_sor_code_that_a_spreadsheet_shortened_is_left_out_by_name() -> None:
    units, problems = read(f"SOR-kode;SORtype;Enhedsnavn;Parent-SOR-kode\n1,23457E+14;OE;Afsnit;{A}\n{A};IE;Ejer;\n")
    assert units == [UnitRecord(A, IE, "Ejer", None, 3)]
    assert problems == [Problem("identifier-mangled-by-spreadsheet", "sor.csv", 2, None, {"value": "1,23457E+14"})]


def test_a_sor_code_whose_last_digit_was_zeroed_is_kept_and_named() -> None:
    zeroed = A[:-1] + "0"
    units, problems = read(f"SOR-kode;SORtype;Enhedsnavn;Parent-SOR-kode\n{zeroed};IE;Ejer;\n")
    assert units == [UnitRecord(zeroed, IE, "Ejer", None, 2)]
    assert problems == [Problem("sor-code-zeroed-by-spreadsheet", "sor.csv", 2, zeroed, {"value": zeroed})]


def test_a_sor_code_with_another_wrong_digit_is_reported_as_such() -> None:
    wrong = A[:-1] + str((int(A[-1]) % 9) + 1)
    _, problems = read(f"SOR-kode;SORtype;Enhedsnavn;Parent-SOR-kode\n{wrong};IE;Ejer;\n")
    assert problems == [Problem("sor-code-check-digit", "sor.csv", 2, wrong, {"value": wrong, "expected": A[-1]})]


def test_other_numbers_that_a_spreadsheet_shortened_are_not_known() -> None:
    header = "SOR-kode;SORtype;Enhedsnavn;Parent-SOR-kode;Lokationsnummer;Nedarvningsstatus"
    units, problems = read(f"{header}\n{A};OE;Afsnit;1,23457E+14;5,79E+12;egen\n")
    assert units == [UnitRecord(A, OE, "Afsnit", None, 2, gap_above=True)]
    assert problems == [
        Problem("cell-mangled-by-spreadsheet", "sor.csv", 2, A, {"field": "Parent-SOR-kode", "value": "1,23457E+14"}),
        Problem("cell-mangled-by-spreadsheet", "sor.csv", 2, A, {"field": "Lokationsnummer", "value": "5,79E+12"}),
    ]


def test_identifiers_that_are_not_right_are_kept_and_reported() -> None:
    header = "SOR-kode;SORtype;Enhedsnavn;Parent-SOR-kode;CVR;Ydernummer;SghAfdkode;Lokationsnummer"
    units, problems = read(f"{header}\n{A};OE;Afsnit;{B};99000008;9999999999;99;5790999000018\n")
    assert [units[0].cvr_number, units[0].provider_number, units[0].shak_code] == ["99000008", "9999999999", "99"]
    assert units[0].location == LocationRecord("5790999000018")
    assert [problem.code for problem in problems] == [
        "location-number-check-digit",
        "provider-number-shape",
        "shak-code-shape",
        "cvr-number-check-digit",
    ]


@pytest.mark.parametrize(
    ("header", "cell", "field", "value"),
    [
        ("CVR", "ingen", "cvr_number", ""),
        ("CVR", "99 00 00 07", "cvr_number", "99000007"),
        ("Ydernummer", "9901", "provider_number", "009901"),
        ("Ydernummer", '="009901"', "provider_number", "009901"),
        ("SghAfdkode", "9900a1", "shak_code", "9900A1"),
    ],
)
def test_identifiers_are_compacted(header: str, cell: str, field: str, value: str) -> None:
    unit, problems = one(header, cell)
    assert (getattr(unit, field), problems) == (value, [])


def test_control_characters_do_not_reach_a_text() -> None:
    unit, _ = one("Postadresse;Hovedspeciale;E-mail", "Prøve\x07vej 7;al\x1bmen;a\x7fb")
    assert (unit.postal_address, unit.specialities) == (address(street="Prøve vej 7"), (("al men", ""),))
    assert unit.contact == ("a b", "", "", "")


def test_what_is_to_be_mended_is_found_far_down_the_file_too() -> None:
    rows = "".join(f"{numbers.sor_code(n)};OE;Afsnit;{B}\n" for n in range(3_000))
    units, problems = read(
        f'SOR-kode;SORtype;Enhedsnavn;Parent-SOR-kode\n{rows}="{A}" ;OE; Af\x07snit ;="{C}"\n;OE;Navnløs;\n{rows}{B}\n'
    )
    assert units[3_000] == UnitRecord(A, OE, "Af snit", C, 3_002)
    assert [(unit.name, unit.line) for unit in units[3_001:6_001]] == [("Afsnit", line) for line in range(3_004, 6_004)]
    assert [(problem.code, problem.line) for problem in problems] == [
        ("row-without-sor-code", 3_003),
        ("ragged-line", 6_004),
        ("unit-kind-unreadable", 6_004),
    ]


def test_what_looks_like_a_cpr_number_is_not_shown() -> None:
    like_one = "310299" + "-" + "9999"
    _, problems = one("Gaeldende_fra_dato", like_one)
    assert problems == [("date-unreadable", {"field": "Gaeldende_fra_dato", "value": "(hidden)"})]


def test_columns_that_are_not_known_are_reported_and_passed_over() -> None:
    unit, problems = one("Farve", "rød")
    assert unit == UnitRecord(A, OE, "Afsnit", B, 2)
    assert problems == [("unknown-columns", {"columns": ("Farve",)})]


def test_a_caller_names_a_column() -> None:
    units, problems = read(f"Nøgle;SORtype;Enhedsnavn;Parent-SOR-kode\n{A};IE;Ejer;\n", {"sor_code": "Nøgle"})
    assert (units, problems) == ([UnitRecord(A, IE, "Ejer", None, 2)], [])


def test_a_caller_who_names_a_field_that_there_is_not_is_told() -> None:
    with pytest.raises(PolicyError, match="there is no key 'sorcode'"):
        read("SOR-kode;Enhedsnavn\n", {"sorcode": "x"})


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "the file is empty"),
        (b"\r\n\r\n", "nothing but blank lines"),
        (b"SOR-kode;SORtype\n", "no column for unit_name"),
        (b"Enhedsnavn;SORtype\n", "no column for sor_code"),
        (b"SOR-kode;Enhedsnavn;SOR-kode;SORtype\n", "2 columns fit sor_code"),
        ("SOR-kode;Enhedsnavn".encode("utf-16"), "UTF-16"),
        (b"SOR-kode;Enhedsnavn\n\x81;x\n", "neither UTF-8 nor windows-1252"),
    ],
)
def test_a_file_that_can_not_be_read_is_refused_with_what_is_wrong(data: bytes, told: str) -> None:
    with pytest.raises(ExtractError, match=told):
        read(data)


def test_a_header_alone_is_a_file_without_units() -> None:
    assert read("SOR-kode;SORtype;Enhedsnavn;Parent-SOR-kode\n") == ([], [])


def test_a_row_with_cells_missing_is_reported_and_kept() -> None:
    units, problems = read(f"SOR-kode;SORtype;Enhedsnavn;Parent-SOR-kode;Telefon\n{A};IE;Ejer\n{B};SI;Hus;{A};;;7\n")
    assert units == [UnitRecord(A, IE, "Ejer", None, 2), UnitRecord(B, SI, "Hus", A, 3)]
    assert [(problem.code, problem.line) for problem in problems] == [("ragged-line", 2), ("ragged-line", 3)]


def test_mixed_encodings_are_reported() -> None:
    text = f"SOR-kode;SORtype;Enhedsnavn;Parent-SOR-kode\n{A};IE;Søn;\n".encode("windows-1252")
    units, problems = read(text + f"{B};SI;Sø;{A}\n".encode())
    assert [unit.name for unit in units] == ["Søn", "SÃ¸"]
    assert [(problem.code, problem.line) for problem in problems] == [("encoding-mixed", 3)]


def test_a_table_is_known_by_its_header() -> None:
    header = ["Enhedsnavn", "Enhedstype", "SOR-kode", "Parent-SOR-kode", "SORtype", "Postadresse"]
    assert layout_named("sor_csv").is_met_by(header)
    assert not layout_named("units").is_met_by(header)
    assert not layout_named("sor_csv").is_met_by(["SOR-kode", "Enhedsnavn", "SHAK-kode"])
    assert not layout_named("sor_csv").is_met_by(
        ["SOR-kode", "Enhedsnavn", "Enhedstype", "Lokationsnummer", "EDI-type"]
    )
    assert not layout_named("sor_csv").is_met_by(["SorId", "SorType", "EntityName", "ParentSorId"])


def left_in_sor_csv(unit: UnitRecord, effective: dict[str, LocationRecord | None]) -> UnitRecord:
    """What of a unit is left when it has been through the file."""
    location = unit.location
    number = effective[unit.sor_code]
    source = unit.location_source
    kept = ("postcode", "district", "municipality_code", "street_code", "region_code", "easting", "northing")

    def in_one(parts: tuple[str, ...] | None) -> tuple[str, ...] | None:
        said = dict(zip(ADDRESS_FIELDS, parts or (), strict=False))
        house = " ".join(filter(None, (said.get("street"), said.get("building"))))
        door = " ".join(filter(None, (said.get("floor"), said.get("suite"))))
        found = address(street=", ".join(filter(None, (house, door))), **{field: said.get(field, "") for field in kept})
        return found if any(found) else None

    return attrs.evolve(
        unit,
        types=unit.types[:1],
        first_from_date=None,
        location_source=LocationSource.NONE if source is LocationSource.UNKNOWN and location is None else source,
        location=location
        and LocationRecord(
            location.number,
            inactive=location.inactive,
            system=location.system,
            supplier=location.supplier,
            net_operator=location.net_operator,
            region_code=location.region_code,
        ),
        inherited_number=number.number if source is LocationSource.INHERITED and number else "",
        inherited_location=LocationRecord(number.number, inactive=number.inactive)
        if source is LocationSource.INHERITED and number
        else None,
        specialities=tuple((code, "") for code, _ in unit.specialities[:1]),
        postal_address=in_one(unit.postal_address),
        visiting_address=in_one(unit.visiting_address),
        activity_address=in_one(unit.activity_address),
        geographical_parent=None,
        replaces=(),
        replaced_by=(),
        information=None,
        local_attributes=(),
    )


def effective_numbers(units: list[UnitRecord]) -> dict[str, LocationRecord | None]:
    found: dict[str, LocationRecord | None] = {}
    for unit in units:  # a parent comes before its children
        inherits = unit.location is None and unit.location_source is LocationSource.INHERITED
        found[unit.sor_code] = found.get(unit.parent_sor_code or "") if inherits else unit.location
    return found


@pytest.mark.parametrize("size", [5, 60, pytest.param(2_300), pytest.param(90_000, marks=pytest.mark.national)])
def test_a_nation_is_read_as_it_was_written(size: int) -> None:
    nation = made_up_nation(size, seed=size)
    target = io.BytesIO()
    write_sor_csv(nation, target)
    units, problems = read(target.getvalue())
    effective = effective_numbers(nation.units)
    assert [unit.line for unit in units] == list(range(2, size + 2))
    assert [attrs.evolve(unit, line=0) for unit in units] == [left_in_sor_csv(unit, effective) for unit in nation.units]
    unreadable = [unit.sor_code for unit in nation.units if unit.period_unreadable]
    assert [(problem.code, problem.identifier) for problem in problems] == [("date-unreadable", c) for c in unreadable]


@pytest.mark.parametrize("encoding", ["windows-1252", "iso-8859-1", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [";", "\t", "|"], ids=ascii)
@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r"], ids=ascii)
def test_whatever_the_encoding_delimiter_and_line_end(encoding: str, delimiter: str, newline: str) -> None:
    nation = made_up_nation(60, seed=2)
    plain, other = io.BytesIO(), io.BytesIO()
    write_sor_csv(nation, plain)
    write_sor_csv(nation, other, encoding=encoding, delimiter=delimiter, newline=newline)
    assert read(other.getvalue()) == read(plain.getvalue())


LINES = st.lists(st.text(st.sampled_from('90001ÆÃ;;;="\t\x0b\x85 -E+,.\n\r'), max_size=60), max_size=8)


@settings(max_examples=150, deadline=None)
@given(LINES)
def test_whatever_stands_in_the_rows_only_errors_of_this_library_come_out(lines: list[str]) -> None:
    header = (
        "SOR-kode;SORtype;Enhedsnavn;Parent-SOR-kode;Lokationsnummer;Nedarvningsstatus;CVR;Ophoert_dato;Postadresse\n"
    )
    try:
        units, _ = read((header + "\n".join(lines)).encode("utf-8", "replace"))
    except SorAddressingError:
        return
    assert all(unit.sor_code and unit.name.isprintable() for unit in units if "Ã" not in unit.name)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_whatever_the_bytes_only_errors_of_this_library_come_out(data: bytes) -> None:
    try:
        read(data)
    except SorAddressingError:
        pass
    try:
        read(b"SOR-kode;SORtype;Enhedsnavn;Parent-SOR-kode\n" + data)
    except SorAddressingError:
        pass
