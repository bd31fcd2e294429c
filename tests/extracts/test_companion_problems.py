"""What is wrong in the tables beside the units, in SHAK and in the provider register: said with file, line and what was seen."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from sor_addressing.companions import (
    CodeText,
    MessageTypeRow,
    NumberRecord,
    PlaceRecord,
    ProviderRecord,
    ReplacementRecord,
    ShakMapRecord,
    ShakRecord,
)
from sor_addressing.errors import ExtractError, PolicyError
from sor_addressing.extracts.tables.companions import (
    read_classifications,
    read_geolocations,
    read_location_message_types,
    read_locations,
    read_message_type_list,
    read_replaced_units,
    read_shak_map,
)
from sor_addressing.extracts.tables.shak import read_hospitals, read_shak
from sor_addressing.extracts.xml.providers import ProviderReader, read_providers
from sor_addressing.model import Problem, RegistrationRecord
from sor_addressing.testing import numbers
from sor_addressing.texts import LANGUAGES, entries

A, B = numbers.location_number(1), numbers.location_number(2)
S, T = numbers.sor_code(1), numbers.sor_code(2)
WRONG = S[:-1] + ("1" if S[-1] != "1" else "2")
ZEROED = S[:-1] + "0"
HOSPITAL, WARD = numbers.shak_code(1), numbers.shak_code(1, "ward")
DAY = dt.date(2019, 4, 12)

Said = tuple[str, int | None, str | None, dict[str, object]]

# What every test below saw, for the last one, which looks at the texts.
SEEN: dict[str, Problem] = {}


def read(reader: Callable[..., Iterator[Any]], text: str | bytes, **options: Any) -> tuple[list[Any], list[Said]]:
    problems: list[Problem] = []
    data = text if isinstance(text, bytes) else text.encode()
    records = list(reader(io.BytesIO(data), file="fil", report=problems.append, **options))
    SEEN.update((problem.code, problem) for problem in problems)
    assert {problem.file for problem in problems} <= {"fil"}
    return records, [(one.code, one.line, one.identifier, dict(one.details)) for one in problems]


def refused(reader: Callable[..., Iterator[Any]], text: str | bytes, **options: Any) -> str:
    with pytest.raises(ExtractError) as caught:
        read(reader, text, **options)
    assert caught.value.file == "fil"
    return str(caught.value)


# LocationsCodes.csv


LOCATIONS = "EAN;SOR-kode;Status;Inaktiv;Kun internt;Fra dato;Til dato;FirstFromDate\n"


@pytest.mark.parametrize(
    ("status", "inactive", "expected"),
    [
        ("Aktiv", "", False),
        ("aktiv", "Nej", False),
        ("Inaktiv", "", True),
        ("Ikke aktiv", "nej", True),
        ("Lukket", "", True),
        ("ophørt", "", True),
        ("Aktiv", "Ja", True),
        ("", "Ja", True),
        ("", "0", False),
        ("", "", None),
        ("-", "-", None),
    ],
)
def test_a_number_is_inactive_where_either_column_says_so(status: str, inactive: str, expected: bool | None) -> None:
    records, problems = read(read_locations, f"{LOCATIONS}{A};{S};{status};{inactive};;;;\n")
    assert records == [NumberRecord(A, S, inactive=expected, line=2)]
    assert problems == []


def test_a_status_and_a_yes_or_no_that_are_not_known_say_nothing_and_are_reported() -> None:
    records, problems = read(read_locations, f"{LOCATIONS}{A};{S};Måske;?;x2;;;\n")
    assert records == [NumberRecord(A, S, line=2, state_unreadable=True)]
    assert problems == [
        ("yes-no-unreadable", 2, A, {"value": "?", "field": "inactive"}),
        ("number-status-unreadable", 2, A, {"value": "Måske", "field": "location_status"}),
        ("yes-no-unreadable", 2, A, {"value": "x2", "field": "internal_only"}),
    ]


def test_a_period_that_cannot_be_read_holds_on_no_day() -> None:
    records, problems = read(read_locations, f"{LOCATIONS}{A};{S};;;;12-04-2019;31.02.2020;igår\n")
    assert records == [NumberRecord(A, S, has_status=True, from_date=DAY, period_unreadable=True, line=2)]
    assert problems == [
        ("row-period-unreadable", 2, A, {"value": "31.02.2020", "field": "to_date"}),
        ("row-day-unreadable", 2, A, {"value": "igår", "field": "first_from_date"}),
    ]


def test_a_day_of_dashes_is_not_said() -> None:
    records, problems = read(read_locations, f"{LOCATIONS}{A};;;;;2019-04-12;-;--\n{B};;;;;-;–;\n")
    assert records == [NumberRecord(A, has_status=True, from_date=DAY, line=2), NumberRecord(B, line=3)]
    assert problems == []


def test_a_reversed_period_is_kept_and_reported() -> None:
    records, problems = read(read_locations, f"{LOCATIONS}{A};;;;;2019-04-12;2019-04-11;\n")
    to_date = dt.date(2019, 4, 11)
    assert records == [NumberRecord(A, has_status=True, from_date=DAY, to_date=to_date, line=2)]
    assert problems == [("period-reversed", 2, A, {"from_date": "2019-04-12", "to_date": "2019-04-11"})]


def test_numbers_are_read_leniently_and_rows_without_one_are_left_out() -> None:
    wrong = A[:-1] + "8"
    text = f"{LOCATIONS}{wrong};{WRONG};;;;;;\n;{S};;;;;;\n5,79E+12;{S};;;;;;\n{B};9E+15;;;;;;\n{B}\n;\n"
    records, problems = read(read_locations, text)
    assert records == [
        NumberRecord(wrong, WRONG, line=2),
        NumberRecord(B, line=5),
        NumberRecord(B, line=6),
    ]
    assert problems == [
        ("location-number-check-digit", 2, wrong, {"value": wrong, "expected": A[-1]}),
        ("sor-code-check-digit", 2, wrong, {"value": WRONG, "expected": S[-1]}),
        ("location-number-missing", 3, None, {}),
        ("identifier-mangled-by-spreadsheet", 4, "5,79E+12", {"value": "5,79E+12"}),
        ("identifier-mangled-by-spreadsheet", 5, B, {"value": "9E+15"}),
        ("ragged-line", 6, None, {"cells": 1, "columns": 8}),
    ]


# EDITypes.csv and LocationsCodeEDITypeMap.csv


def test_a_message_type_needs_an_identifier_a_code_or_a_version() -> None:
    text = "EDITypeId;Kode;Version;Navn\n7;XDIS91;XD9134L;Epikrise\n;;;Tom\n8;;;\n;DIS91;;\n"
    records, problems = read(read_message_type_list, text)
    assert records == [
        MessageTypeRow("7", "XDIS91", "XD9134L", "Epikrise", 2),
        MessageTypeRow("8", line=4),
        MessageTypeRow("", "DIS91", line=5),
    ]
    assert problems == [
        ("row-incomplete", 3, None, {"fields": ("message_type_id", "message_type", "message_version")}),
    ]


TYPES = [
    MessageTypeRow("7", "XDIS91", "XD9134L"),
    MessageTypeRow("8", "RPT01", "R0130K"),
    MessageTypeRow("9", "RPT01", "R0131F"),
    MessageTypeRow("10", "DIS91"),
    MessageTypeRow("11", "A", "B"),
    MessageTypeRow("11", "C", "D"),
    MessageTypeRow("12", name="Uden kode"),
]


@pytest.mark.parametrize(
    ("cell", "message_type"),
    [
        ("7", "XDIS91 XD9134L"),
        ("XDIS91", "XDIS91 XD9134L"),
        ("xdis91", "XDIS91 XD9134L"),
        ("XD9134L", "XDIS91 XD9134L"),
        ("XDIS91 XD9134L", "XDIS91 XD9134L"),
        ("8", "RPT01 R0130K"),
        ("RPT01", "RPT01"),
        ("R0131F", "RPT01 R0131F"),
        ("DIS91", "DIS91"),
    ],
)
@pytest.mark.parametrize("column", ["EDITypeId", "EDI-type"])
@pytest.mark.parametrize("types", [TYPES, {row.identifier: row for row in TYPES}], ids=["list", "mapping"])
def test_identifiers_and_codes_become_code_and_version(cell: str, message_type: str, column: str, types: Any) -> None:
    records, problems = read(read_location_message_types, f"EAN;{column}\n{A};{cell}\n", types=types)
    assert records == [RegistrationRecord(A, message_type, line=2)]
    assert problems == []


def test_an_identifier_goes_before_a_code_and_one_that_is_not_listed_after_it() -> None:
    text = f"EAN;EDITypeId;EDI-type;Version\n{A};7;DIS91;\n{A};77;DIS91;\n{A};;XDIS91;XD9134L\n{A};77;Z;\n"
    records, problems = read(read_location_message_types, text, types=TYPES)
    assert [record.message_type for record in records] == ["XDIS91 XD9134L", "DIS91", "XDIS91 XD9134L", "Z"]
    assert problems == [("message-type-not-listed", 5, A, {"value": "Z"})]


def test_what_is_not_listed_or_stands_for_several_is_kept_and_reported_the_first_time() -> None:
    text = f"EAN;EDITypeId;Retning\n{A};99;S\n{B};99;op\n{A};11;\n{A};12;M\n;7;S\n{A};;S\n{A[:-1]}8;7;S\n5,79E+12;7;S\n"
    records, problems = read(read_location_message_types, text, types=TYPES)
    wrong = A[:-1] + "8"
    assert records == [
        RegistrationRecord(A, "99", True, False, 2),
        RegistrationRecord(B, "99", False, None, 3),
        RegistrationRecord(A, "11", line=4),
        RegistrationRecord(A, "12", False, True, 5),
        RegistrationRecord(wrong, "XDIS91 XD9134L", True, False, 8),
    ]
    assert problems == [
        ("message-type-not-listed", 2, A, {"value": "99"}),
        ("direction-unreadable", 3, B, {"value": "op"}),
        ("message-type-id-ambiguous", 4, A, {"value": "11"}),
        ("direction-missing", 4, A, {"value": ""}),
        ("message-type-not-listed", 5, A, {"value": "12"}),
        ("location-number-missing", 6, None, {}),
        ("message-type-missing", 7, A, {}),
        ("location-number-check-digit", 8, wrong, {"value": wrong, "expected": A[-1]}),
        ("identifier-mangled-by-spreadsheet", 9, "5,79E+12", {"value": "5,79E+12"}),
    ]


# Successors, SHAK map, classifications, coordinates


def test_successors() -> None:
    text = f"SOR-kode;Erstattet af;Fra dato\n{S};{T};12.04.2019\n{S};{S};\n{S};;\n{S};9E+15;\n{WRONG};{T};i dag\n{ZEROED};{T};\n"
    records, problems = read(read_replaced_units, text)
    assert records == [
        ReplacementRecord(S, T, DAY, 2),
        ReplacementRecord(WRONG, T, None, 6),
        ReplacementRecord(ZEROED, T, None, 7),
    ]
    assert problems == [
        ("replaces-itself", 3, S, {}),
        ("row-incomplete", 4, S, {"fields": ("replacing_sor_code",)}),
        ("identifier-mangled-by-spreadsheet", 5, S, {"value": "9E+15"}),
        ("sor-code-check-digit", 6, WRONG, {"value": WRONG, "expected": S[-1]}),
        ("row-day-unreadable", 6, WRONG, {"value": "i dag", "field": "from_date"}),
        ("sor-code-zeroed-by-spreadsheet", 7, ZEROED, {"value": ZEROED}),
    ]


def test_shak_codes_of_units() -> None:
    text = f"SHAK;SOR-kode;Fra dato;Til dato\n{WARD};{S};20190412;\n{WARD};{T};x;y\n99;{S};;\n;;;\n{WARD};;;\n"
    records, problems = read(read_shak_map, text)
    assert records == [
        ShakMapRecord(WARD, S, DAY, None, 2),
        ShakMapRecord(WARD, T, None, None, 3, period_unreadable=True),
        ShakMapRecord("99", S, None, None, 4),
    ]
    assert problems == [
        ("row-period-unreadable", 3, WARD, {"value": "x", "field": "from_date"}),
        ("row-period-unreadable", 3, WARD, {"value": "y", "field": "to_date"}),
        ("shak-code-shape", 4, S, {"value": "99", "expected": "4 to 7 letters or digits"}),
        ("row-incomplete", 6, None, {"fields": ("sor_code",)}),
    ]


def test_classifications() -> None:
    text = "Kode;Tekst;Klassifikation\n007;Æblehave;Enhedstype\n;Tom;\n8;;\n5,5E+14;Ødelagt;\n"
    records, problems = read(read_classifications, text)
    assert records == [CodeText("007", "Æblehave", "Enhedstype", 2)]
    assert problems == [
        ("row-incomplete", 3, None, {"fields": ("classification_code",)}),
        ("row-incomplete", 4, "8", {"fields": ("classification_text",)}),
        ("identifier-mangled-by-spreadsheet", 5, "5,5E+14", {"value": "5,5E+14"}),
    ]


@pytest.mark.parametrize(
    ("easting", "northing", "expected"),
    [
        ("574123,25", "6223123,5", ("574123.25", "6223123.5")),
        ("574123.25", "6223123", ("574123.25", "6223123")),
    ],
)
def test_coordinates_get_a_decimal_point(easting: str, northing: str, expected: tuple[str, str]) -> None:
    records, problems = read(read_geolocations, f"SorId;Easting;Northing\n{S};{easting};{northing}\n")
    assert (records, problems) == ([PlaceRecord(S, *expected, 2)], [])


@pytest.mark.parametrize("cell", ["574.123", "574.123,25", "0", "-574123", "574 123", "5,74E+05", "nord", "574123,"])
def test_a_coordinate_that_cannot_be_read_leaves_the_place_out(cell: str) -> None:
    records, problems = read(read_geolocations, f"SorId;Easting;Northing\n{S};{cell};6223123\n{T};;6223123\n")
    assert records == []
    assert problems == [
        ("coordinate-unreadable", 2, S, {"value": cell, "field": "easting"}),
        ("row-incomplete", 3, T, {"fields": ("easting",)}),
    ]


TABLES: list[tuple[Callable[..., Iterator[Any]], str]] = [
    (read_locations, "location_number"),
    (read_message_type_list, "message_type_id or message_type"),
    (partial(read_location_message_types, types=[]), "location_number, message_type_id or message_type"),
    (read_replaced_units, "replaced_sor_code, replacing_sor_code"),
    (read_shak_map, "shak_code, sor_code"),
    (read_classifications, "classification_code, classification_text"),
    (read_geolocations, "sor_code, easting, northing"),
]


@pytest.mark.parametrize(("reader", "missing"), TABLES, ids=[missing for _, missing in TABLES])
def test_a_table_without_its_columns_says_which_and_how_to_name_them(
    reader: Callable[..., Iterator[Any]], missing: str
) -> None:
    said = refused(reader, "Farve;Form\nrød;rund\n")
    assert said.startswith(f"fil, line 1: no column for {missing}. The header reads: 'Farve', 'Form'. ")
    assert "columns={" in said
    with pytest.raises(PolicyError, match="there is no key 'farve'"):
        read(reader, "Farve;Form\n", columns={"farve": "Farve"})
    for data in (b"", b"\n \n", b"a;b\0\n"):
        assert refused(reader, data)


@pytest.mark.parametrize(
    ("reader", "columns", "row", "expected"),
    [
        (read_shak_map, {"shak_map": {"shak_code": "K1", "sor_code": "K2"}}, f"{WARD};{S}", ShakMapRecord(WARD, S, line=2)),
        (read_replaced_units, {"replaced_sor_code": "K1", "replacing_sor_code": "K2"}, f"{S};{T}", ReplacementRecord(S, T, line=2)),
        (read_locations, {"location_number": "K1", "system": "K2"}, f"{A};Sys", NumberRecord(A, system="Sys", line=2)),
        (read_classifications, {"classification_code": "K1", "classification_text": "K2"}, "1;En", CodeText("1", "En", line=2)),
        (read_message_type_list, {"message_type_id": "K1", "message_type": "K2"}, "1;En", MessageTypeRow("1", "En", line=2)),
    ],
)  # fmt: skip
def test_columns_are_named_by_the_caller(
    reader: Callable[..., Iterator[Any]], columns: Any, row: str, expected: object
) -> None:
    assert read(reader, f"K1;K2\n{row}\n", columns=columns) == ([expected], [])


def test_unknown_columns_are_named_once() -> None:
    _, problems = read(read_shak_map, f"SHAK;SOR-kode;Farve\n{WARD};{S};rød\n{WARD};{T};rød\n")
    assert problems == [("unknown-columns", 1, None, {"columns": ("Farve",)})]


# The SHAK register


def line(
    kind: str = "sgh", code: str = HOSPITAL, days: str = "20190412" + "20200101" + "25000101", name: str = "Prøve"
) -> str:
    return f"{kind}{code:<20}{days}{name:<140}1".ljust(214)


def shak(*lines: str) -> bytes:
    return "\r\n".join(lines).encode("iso-8859-1")


def test_lines_of_the_shak_register() -> None:
    records, problems = read(read_shak, shak(line(), line("AFD", WARD, "20190412" + " " * 8 + "20191231", "Afsnit Å")))
    changed, to_date = dt.date(2020, 1, 1), dt.date(2019, 12, 31)
    assert records == [
        ShakRecord(HOSPITAL, "Prøve", DAY, None, changed, "1", 1),
        ShakRecord(WARD, "Afsnit Å", DAY, to_date, None, "1", 2),
    ]
    assert problems == []


def test_what_is_wrong_with_lines_of_the_shak_register() -> None:
    text = shak(
        line(days="20190412" + "99999999" + "20190231"),
        line(code="99011"),
        line("xyz"),
        line()[:60],
        line()[:40],
        "",
        line(code=""),
        line(name=""),
        line(days="20190412" + " " * 8 + "20190411"),
        line(days=" " * 24),
    )
    records, problems = read(read_shak, text)
    assert records == [
        ShakRecord(HOSPITAL, "Prøve", DAY, None, None, "1", 1, period_unreadable=True),
        ShakRecord("99011", "Prøve", DAY, None, dt.date(2020, 1, 1), "1", 2),
        ShakRecord(HOSPITAL, "Prøve", DAY, None, dt.date(2020, 1, 1), "", 4),
        ShakRecord(HOSPITAL, "", DAY, None, dt.date(2020, 1, 1), "1", 8),
        ShakRecord(HOSPITAL, "Prøve", DAY, dt.date(2019, 4, 11), None, "1", 9),
        ShakRecord(HOSPITAL, "Prøve", None, None, None, "1", 10),
    ]
    assert problems == [
        ("row-period-unreadable", 1, HOSPITAL, {"value": "20190231", "field": "to_date"}),
        ("row-day-unreadable", 1, HOSPITAL, {"value": "99999999", "field": "changed"}),
        ("shak-register-code-shape", 2, "99011", {"value": "99011"}),
        ("shak-line-unknown", 3, None, {"value": "xyz"}),
        ("shak-line-short", 4, HOSPITAL, {"length": 60, "expected": 214}),
        ("shak-line-short", 5, HOSPITAL, {"length": 40, "expected": 214}),
        ("row-incomplete", 7, None, {"fields": ("code",)}),
        ("period-reversed", 9, HOSPITAL, {"from_date": "2019-04-12", "to_date": "2019-04-11"}),
    ]


def test_a_name_ends_where_the_codes_begin() -> None:
    name = "Prøvehospitalets afdeling for " + "alt muligt " * 8
    after = "A01B02C03D04E05" + "1" + "22" + "33" + "4" + "I" * 25 + "9"
    whole = f"sgh{HOSPITAL:<20}{'20190412' + '20200101' + '25000101'}{name:<120}{after}"
    assert len(whole) == 214
    (record,), problems = read(read_shak, shak(whole))
    assert (record.name, record.operation, problems) == (name.strip(), "4", [])


def hospitals(*rows: str) -> bytes:
    return "\r\n".join(row.replace("|", "\t") for row in rows).encode("iso-8859-1")


def test_lines_of_the_table_of_hospitals() -> None:
    records, problems = read(
        read_hospitals,
        hospitals(
            f"{HOSPITAL}|Prøve Sygehus|20190412|25000101|1|2|1081|{S}",
            f"{HOSPITAL}||12-04-2019|31.12.2019|||1081|",
            "",
            f"9902|Andet|20190412||1|2|1085|{T}",
        ),
    )
    assert records == [
        ShakRecord(HOSPITAL, "Prøve Sygehus", DAY, None, line=1, sor_code=S),
        ShakRecord(HOSPITAL, "", DAY, dt.date(2019, 12, 31), line=2),
        ShakRecord("9902", "Andet", DAY, None, line=4, sor_code=T),
    ]
    assert problems == []


def test_what_is_wrong_with_lines_of_the_table_of_hospitals() -> None:
    records, problems = read(
        read_hospitals,
        hospitals(
            f"99011|A|20190412|20190431|1|2|1081|{S}",
            f"|B|20190412|25000101|1|2|1081|{S}",
            f"{HOSPITAL}|C|20190412|20190411|1|2|1081|9000011000016000",
            f"{HOSPITAL}|D|20190412",
            f"{HOSPITAL}|E|20190412|25000101|1|2|1081|9,00001E+15",
        ),
    )
    assert records == [
        ShakRecord("99011", "A", DAY, None, line=1, period_unreadable=True, sor_code=S),
        ShakRecord(HOSPITAL, "C", DAY, dt.date(2019, 4, 11), line=3, sor_code="9000011000016000"),
        ShakRecord(HOSPITAL, "D", DAY, None, line=4),
        ShakRecord(HOSPITAL, "E", DAY, None, line=5),
    ]
    assert problems == [
        ("shak-register-code-shape", 1, "99011", {"value": "99011"}),
        ("row-period-unreadable", 1, "99011", {"value": "20190431", "field": "to_date"}),
        ("row-incomplete", 2, None, {"fields": ("code",)}),
        ("period-reversed", 3, HOSPITAL, {"from_date": "2019-04-12", "to_date": "2019-04-11"}),
        ("sor-code-zeroed-by-spreadsheet", 3, HOSPITAL, {"value": "9000011000016000"}),
        ("ragged-line", 4, None, {"cells": 3, "columns": 8}),
        ("identifier-mangled-by-spreadsheet", 5, HOSPITAL, {"value": "9,00001E+15"}),
    ]


@pytest.mark.parametrize("data", [b"", b"Hej\n", b"\n\n", line()[:40].encode()])
def test_a_file_without_shak_codes_is_refused(data: bytes) -> None:
    assert refused(read_shak, data).startswith("fil: the file ")


# The provider register


def providers(inside: str, *, start: str = '<Start OpgDato="20260115"/>', root: str = "etds1040025XML") -> bytes:
    return f'<?xml version="1.0" encoding="ISO-8859-1"?>\n<{root}>\n{start}\n{inside}\n</{root}>'.encode("iso-8859-1")


def test_what_is_wrong_with_providers() -> None:
    inside = (
        '<Yder YdernrYder=" 9901 " PrakBetegn=" Læge  Et " TilgDatoYder="20190412" AfgDatoYder="20190411"/>\n'
        '<Yder YdernrYder="990002" TilgDatoYder="20190431" AfgDatoYder="        "/>\n'
        '<Yder YdernrYder="990003" AfgDatoYder="snart"/>\n<Yder YdernrYder=""/>\n<Yder YdernrYder="3102000003"/>\n<Yder/>'
    )
    records, problems = read(read_providers, providers(inside))
    assert records == [
        ProviderRecord("009901", "Læge Et", from_date=DAY, to_date=dt.date(2019, 4, 11), line=4),
        ProviderRecord("990002", "", line=5, period_unreadable=True),
        ProviderRecord("990003", "", line=6, period_unreadable=True),
    ]
    assert problems == [
        ("period-reversed", 4, "009901", {"from_date": "2019-04-12", "to_date": "2019-04-11"}),
        ("row-period-unreadable", 5, "990002", {"value": "20190431", "field": "from_date"}),
        ("row-period-unreadable", 6, "990003", {"value": "snart", "field": "to_date"}),
        ("provider-number-unusable", 7, None, {"value": ""}),
        ("provider-number-unusable", 8, None, {"value": "(hidden)"}),
    ]


@pytest.mark.parametrize(
    ("start", "day", "said"),
    [
        ('<Start OpgDato="20260115" Timestamp="2026-01-16T01:00:00"/>', dt.date(2026, 1, 15), []),
        ('<Start OpgDato="        " Timestamp="2026-01-16T01:00:00"/>', dt.date(2026, 1, 16), []),
        ('<Start Timestamp="20260116010000123"/>', dt.date(2026, 1, 16), []),
        ('<n:Start xmlns:n="urn:n" n:OpgDato="20260115"></n:Start>', dt.date(2026, 1, 15), []),
        ('<Start OpgDato="20261315"/>', None, [("snapshot-date-unreadable", 3, None, {"value": "20261315", "field": "OpgDato"})]),
        ("", None, []),
    ],
)  # fmt: skip
def test_the_day_of_the_provider_register(start: str, day: dt.date | None, said: list[Said]) -> None:
    problems: list[Problem] = []
    data = providers('<Yder YdernrYder="990001"/>', start=start)
    reader = ProviderReader(io.BytesIO(data), file="fil", report=problems.append)
    assert [record.number for record in reader] == ["990001"]
    assert reader.day == day
    assert reader.root == "etds1040025XML"
    assert [(one.code, one.line, one.identifier, dict(one.details)) for one in problems] == said


NOT_WELL_FORMED = "the XML is not well formed or was cut off ({}); nothing of it was loaded, fetch the file again"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (providers(""), "fil: the file holds no provider numbers; fetch it again"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + providers('<Yder YdernrYder="&b;"/>').partition(b"\n")[2],
         "fil: the file has a DOCTYPE, which published extracts never have; refused unread, fetch the file again"),
        (providers('<Yder YdernrYder="990001">'), f"fil, line 5: {NOT_WELL_FORMED.format('tag name mismatch')}"),
        (b"", f"fil: {NOT_WELL_FORMED.format('ends before its last element does')}"),
    ],
)  # fmt: skip
def test_a_damaged_provider_register_is_refused(data: bytes, text: str) -> None:
    assert refused(read_providers, data) == text


def test_every_problem_of_these_files_has_a_text_that_leaves_nothing_open() -> None:
    codes = {
        "coordinate-unreadable",
        "number-status-unreadable",
        "message-type-id-ambiguous",
        "message-type-not-listed",
        "provider-number-unusable",
        "replaces-itself",
        "row-day-unreadable",
        "row-incomplete",
        "row-period-unreadable",
        "shak-line-short",
        "shak-line-unknown",
        "shak-register-code-shape",
        "yes-no-unreadable",
    }
    assert codes <= set(entries("problems"))
    read(read_locations, f"{LOCATIONS}{A};{S};Måske;ukendt;;x;;x\n")
    read(read_message_type_list, "EDITypeId;Kode;Navn\n;;Tom\n")
    read(read_location_message_types, f"EAN;EDITypeId\n{A};99\n{A};11\n", types=TYPES)
    read(read_replaced_units, f"SOR-kode;Erstattet af\n{S};{S}\n")
    read(read_geolocations, f"SorId;Easting;Northing\n{S};nord;6223123\n")
    read(read_shak, shak(line(), line("xyz"), line()[:60], line(code="99011")))
    read(read_providers, providers('<Yder YdernrYder="990001"/><Yder YdernrYder="en yder"/>'))
    for code in codes:
        for language in LANGUAGES:
            sentence = SEEN[code].text(language)
            assert "fil, " in sentence
            assert "{" not in sentence
            assert "?" not in sentence
