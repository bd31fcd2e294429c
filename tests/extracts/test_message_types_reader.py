"""Edityper.csv is read into registrations, whatever its header, spelling of directions, encoding and delimiter."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sor_addressing.errors import ExtractError, PolicyError
from sor_addressing.extracts.tables.headers import ColumnMap, layout_named
from sor_addressing.extracts.tables.message_types import read_message_types
from sor_addressing.model import Problem, RegistrationRecord
from sor_addressing.texts import entries

A = "5790999000017"
B = "5790999000024"


def read(text: str | bytes, columns: ColumnMap | None = None) -> tuple[list[RegistrationRecord], list[Problem]]:
    data = text.encode() if isinstance(text, str) else text
    problems: list[Problem] = []
    records = read_message_types(io.BytesIO(data), file="edi.csv", columns=columns, report=problems.append)
    return list(records), problems


def directions(header: str, cells: str) -> tuple[bool | None, bool | None, list[tuple[str, object]]]:
    records, problems = read(f"EAN|EDI-type|{header}\n{A}|XDIS91|{cells}\n")
    return (
        records[0].may_send,
        records[0].may_receive,
        [(problem.code, problem.details.get("value")) for problem in problems],
    )


def test_a_row_is_a_registration_with_its_line() -> None:
    assert read(f"Lokationsnummer;EDI-type\n{A};XDIS91 XD9134L\n\n{B};DIS91 (D9134L)\n") == (
        [
            RegistrationRecord(A, "XDIS91 XD9134L", None, None, 2),
            RegistrationRecord(B, "DIS91 (D9134L)", None, None, 4),
        ],
        [],
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252", "iso-8859-1"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"], ids=ascii)
@pytest.mark.parametrize(
    ("location", "message_type"),
    [
        ("Lokationsnummer", "EDI-type"),
        ("EAN-lokationsnummer", "Meddelelsestype"),
        ("LOKATIONSNR.", "Edi_Type_Kode"),
        ("EanLocationCodeId", "EDITypeId"),
        ("LocationsCode", "MessageType"),
        ("gln", "Brevtype"),
    ],
)
def test_headers_encodings_and_delimiters_are_found(
    location: str, message_type: str, delimiter: str, encoding: str
) -> None:
    lines = [["Enhedsnavn", location, message_type], ["Prøvehøj", A, "MEDDIS91"], ["Prøveå", f'"=""{B}"""', "fdis91"]]
    data = "\r\n".join(delimiter.join(cells) for cells in lines).encode(encoding)
    assert read(data) == ([RegistrationRecord(A, "MEDDIS91", line=2), RegistrationRecord(B, "fdis91", line=3)], [])


@pytest.mark.parametrize(
    ("code", "version", "message_type"),
    [
        ("XDIS91", "XD9134L", "XDIS91 XD9134L"),
        ("XDIS91", "", "XDIS91"),
        ("", "XD9134L", "XD9134L"),
        ("XDIS91 XD9134L", "xd9134l", "XDIS91 XD9134L"),
        ("DIS91:D9134L", "D9134L", "DIS91:D9134L"),
        ("RPT01", "1", "RPT01 1"),
        ("FDIS91", "2.0", "FDIS91 2.0"),
    ],
)
def test_code_and_version_are_joined_as_written(code: str, version: str, message_type: str) -> None:
    assert read(f"EAN;Kode;Version\n{A};{code};{version}\n") == ([RegistrationRecord(A, message_type, line=2)], [])


def test_a_version_alone_is_a_message_type() -> None:
    assert read(f"EAN;Version\n{A};D9134L\n") == ([RegistrationRecord(A, "D9134L", line=2)], [])


def test_the_identifier_of_a_type_counts_only_where_there_is_no_code() -> None:
    assert read(f"EAN;EDITypeId;EDITypeCode\n{A};17;DIS91\n") == ([RegistrationRecord(A, "DIS91", line=2)], [])
    assert read(f"EAN;EDITypeId\n{A};17\n") == ([RegistrationRecord(A, "17", line=2)], [])


@pytest.mark.parametrize("header", ["Retning", "Direction", "Kanal", "Send/Modtag", "Sende_modtage"])
@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Send", (True, False)),
        ("SENDE", (True, False)),
        ("s", (True, False)),
        ("Afsender", (True, False)),
        ("Kun send", (True, False)),
        ("Modtag", (False, True)),
        ("modtage", (False, True)),
        ("M", (False, True)),
        ("receive", (False, True)),
        ("R", (False, True)),
        ("Send/Modtag", (True, True)),
        ("Sende/Modtage", (True, True)),
        ("Sende og modtage", (True, True)),
        ("S/M", (True, True)),
        ("M+S", (True, True)),
        ("send/receive", (True, True)),
        ("Begge", (True, True)),
        ("BOTH", (True, True)),
    ],
)
def test_every_spelling_of_a_direction_is_understood(header: str, cell: str, expected: tuple[bool, bool]) -> None:
    assert directions(header, cell) == (*expected, [])


@pytest.mark.parametrize("header", ["Send|Modtag", "Kan sende|Kan modtage", "maySend|mayReceive"])
@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("Ja|Nej", (True, False)),
        ("NEJ|ja", (False, True)),
        ("1|0", (True, False)),
        ("1|1", (True, True)),
        ("X|", (True, False)),
        ("|x", (False, True)),
        ("-|X", (False, True)),
        ("true|false", (True, False)),
        ("FALSE|TRUE", (False, True)),
        ("J|N", (True, False)),
        ("yes|no", (True, False)),
        ("Nej|Nej", (False, False)),
        ("0|", (False, False)),
    ],
)
def test_two_columns_may_say_the_direction(header: str, cells: str, expected: tuple[bool, bool]) -> None:
    assert directions(header, cells) == (*expected, [])


def test_a_column_for_one_side_says_nothing_of_the_other() -> None:
    assert directions("Modtag", "X") == (None, True, [])
    assert directions("Modtag", "") == (None, False, [])
    assert directions("Send", "Ja") == (True, None, [])
    assert directions("Send", "måske") == (None, None, [("direction-unreadable", "måske")])


def test_two_columns_go_before_one() -> None:
    assert directions("Retning|Send|Modtag", "Begge|Ja|Nej") == (True, False, [])
    assert directions("Retning|Send", "Begge|Nej") == (True, True, [])


@pytest.mark.parametrize(
    ("header", "cells", "value"),
    [
        ("Retning", "begge to", "begge to"),
        ("Retning", "Ja", "Ja"),
        ("Retning", "?", "?"),
        ("Send|Modtag", "Ja|måske", "Ja / måske"),
        ("Send|Modtag", "|✓", "/ ✓"),
    ],
)
def test_an_unreadable_direction_is_reported_and_left_open(header: str, cells: str, value: str) -> None:
    expected = " " + value if value.startswith("/") else value
    assert directions(header, cells) == (None, None, [("direction-unreadable", expected)])


@pytest.mark.parametrize(("header", "cells"), [("Retning", ""), ("Retning", "-"), ("Send|Modtag", "|"), ("S|M", "|")])
def test_a_row_without_a_direction_is_reported_where_the_file_has_directions(header: str, cells: str) -> None:
    columns = {"may_send": "S", "may_receive": "M"} if header == "S|M" else None
    records, problems = read(f"EAN|EDI-type|{header}|Farve\n{A}|XDIS91|{cells}|rød\n", columns)
    assert records == [RegistrationRecord(A, "XDIS91", None, None, 2)]
    assert problems[1:] == [Problem("direction-missing", "edi.csv", 2, A, {"value": ""})]


def test_rows_without_location_number_or_message_type_are_reported_and_left_out() -> None:
    assert read(f"EAN;EDI-type;Navn\n;XDIS91;x\n{A};;x\n;;x\n - ;XDIS91;x\n") == (
        [],
        [
            Problem("location-number-missing", "edi.csv", 2),
            Problem("message-type-missing", "edi.csv", 3, A),
            Problem("location-number-missing", "edi.csv", 4),
            Problem("location-number-missing", "edi.csv", 5),
        ],
    )


def test_location_numbers_are_read_leniently() -> None:
    wrong_digit = A[:-1] + "8"
    records, problems = read(f"EAN;EDI-type\n579-0999 0000 17;XDIS91\n{wrong_digit};XDIS91\n9906a;XDIS91\n")
    assert records == [
        RegistrationRecord(A, "XDIS91", line=2),
        RegistrationRecord(wrong_digit, "XDIS91", line=3),
        RegistrationRecord("9906A", "XDIS91", line=4),
    ]
    assert problems == [
        Problem("location-number-check-digit", "edi.csv", 3, wrong_digit, {"value": wrong_digit, "expected": "7"}),
        Problem("location-number-shape", "edi.csv", 4, "9906A", {"value": "9906A", "expected": "13 digits"}),
    ]


@pytest.mark.parametrize("cell", ["5,79E+12", "5.79E+12", "5,790999e+12", "5,79E12", "6E+12"])
def test_numbers_that_a_spreadsheet_destroyed_are_reported_and_left_out(cell: str) -> None:
    assert read(f"EAN;EDI-type\n{cell};XDIS91\n{A};XDIS91\n") == (
        [RegistrationRecord(A, "XDIS91", line=3)],
        [Problem("identifier-mangled-by-spreadsheet", "edi.csv", 2, cell, {"value": cell})],
    )


def test_what_looks_like_a_cpr_number_is_in_no_problem() -> None:
    _, problems = read("EAN;EDI-type;Retning\n310299-9999;XDIS91;310299-9999\n")
    assert [problem.to_dict() for problem in problems if "9999" in str(problem.to_dict())] == []
    assert [problem.code for problem in problems] == ["location-number-shape", "direction-unreadable"]


def test_ragged_lines_are_reported_once_and_left_out_only_where_something_needed_is_missing() -> None:
    assert read(f"EAN;EDI-type;Retning;Navn\n{A}\n{A};XDIS91;S\n{A};XDIS91;M;x;y\n{A};XDIS91;M;x;\n") == (
        [
            RegistrationRecord(A, "XDIS91", True, False, 3),
            RegistrationRecord(A, "XDIS91", False, True, 4),
            RegistrationRecord(A, "XDIS91", False, True, 5),
        ],
        [
            Problem("ragged-line", "edi.csv", 2, None, {"cells": 1, "columns": 4}),
            Problem("ragged-line", "edi.csv", 3, None, {"cells": 3, "columns": 4}),
            Problem("ragged-line", "edi.csv", 4, None, {"cells": 5, "columns": 4}),
        ],
    )


def test_unknown_columns_are_reported_once_for_the_file() -> None:
    assert read(f"EAN;Farve;EDI-type;Højde\n{A};rød;XDIS91;2\n{B};blå;XDIS91;3\n") == (
        [RegistrationRecord(A, "XDIS91", line=2), RegistrationRecord(B, "XDIS91", line=3)],
        [Problem("unknown-columns", "edi.csv", 1, None, {"columns": ("Farve", "Højde")})],
    )


def test_two_rows_for_two_directions_are_two_records() -> None:
    assert read(f"EAN;EDI-type;Retning\n{A};XDIS91;S\n{A};XDIS91;M\n")[0] == [
        RegistrationRecord(A, "XDIS91", True, False, 2),
        RegistrationRecord(A, "XDIS91", False, True, 3),
    ]


def test_a_header_alone_gives_no_registrations() -> None:
    assert read("EAN;EDI-type\n") == ([], [])


def test_columns_are_named_by_the_caller(tmp_path: Path) -> None:
    text = f"Adresse;Hvad;Vej\n{A};XDIS91;Begge\n"
    columns = {"location_number": "Adresse", "message_type": "Hvad", "direction": "vej"}
    path = tmp_path / "columns.toml"
    path.write_text("[columns]\n" + "".join(f'{field} = "{header}"\n' for field, header in columns.items()), "utf-8")
    expected: tuple[list[RegistrationRecord], list[Problem]] = ([RegistrationRecord(A, "XDIS91", True, True, 2)], [])
    assert read(text, columns) == expected
    assert read(text, path) == expected
    with pytest.raises(PolicyError, match="there is no key 'adresse'"):
        read(text, {"adresse": "Adresse"})


def test_a_missing_column_is_an_error_with_file_header_and_what_to_do() -> None:
    with pytest.raises(ExtractError) as caught:
        read(f"\nAdresse;EDI-type\n{A};XDIS91\n")
    assert str(caught.value) == (
        "edi.csv, line 2: no column for location_number. The header reads: 'Adresse', 'EDI-type'. "
        'If it is the right file, name the columns: columns={"location_number": "..."}, '
        'or columns= with the path of a TOML file that has location_number = "..." under [columns]'
    )


@pytest.mark.parametrize(
    ("header", "is_one"),
    [
        ("Lokationsnummer;EDI-type", True),
        ("SOR-kode;Enhedsnavn;Enhedstype;EAN;Kode;Version;Sende;Modtage", True),
        ("EanLocationCode;EDITypeVersion", True),
        ("Lokationsnummer;Version;Parent-SOR-kode", False),
        ("Lokationsnummer;Type;SORtype", False),
        ("Lokationsnummer;System", False),
        ("EDITypeId;EDITypeCode", False),
        ("", False),
    ],
)
def test_a_table_of_message_types_is_recognised_by_its_header(header: str, is_one: bool) -> None:
    assert layout_named("message_types").is_met_by(header.split(";")) is is_one


def test_every_problem_has_a_text_in_both_languages_that_leaves_nothing_open() -> None:
    text = (
        f"EAN;EDI-type;Retning;Farve\n;XDIS91;S;x\n{A};;S;x\n{A};XDIS91;?;x\n{A};XDIS91;;x\n{A}\n5,79E+12;XDIS91;S;x\n"
        f"{A[:-1]}8;XDIS91;S;x\n9906;XDIS91;S;x\n{A};XDIS91;S;\xc3\xb8\n{A};XDIS91;S;\xf8\n"
    )
    _, problems = read(text.encode("windows-1252"))
    codes = {problem.code for problem in problems}
    assert codes == {
        "direction-missing",
        "direction-unreadable",
        "encoding-mixed",
        "identifier-mangled-by-spreadsheet",
        "location-number-check-digit",
        "location-number-missing",
        "location-number-shape",
        "message-type-missing",
        "ragged-line",
        "unknown-columns",
    }
    assert codes <= set(entries("problems"))
    for problem in problems:
        for language in ("da", "en"):
            sentence = problem.text(language)
            assert "edi.csv" in sentence
            assert "{" not in sentence
            if problem.code != "direction-unreadable":
                assert "?" not in sentence


NUMBERS = st.sampled_from([A, B])
TYPES = st.text("ABCXDISRPT0123456789 ()", min_size=1, max_size=14).map(str.strip).filter(bool)
DIRECTIONS = {"Send": (True, False), "M": (False, True), "S/M": (True, True)}


@given(
    st.lists(st.tuples(NUMBERS, TYPES, st.sampled_from(sorted(DIRECTIONS))), max_size=30),
    st.sampled_from([";", ",", "\t", "|"]),
    st.sampled_from(["utf-8-sig", "utf-8", "windows-1252"]),
    st.permutations([0, 1, 2, 3]),
)
def test_what_is_written_is_what_is_read(
    rows: list[tuple[str, str, str]], delimiter: str, encoding: str, order: list[int]
) -> None:
    table = [("Lokationsnummer", "Meddelelsestype", "Retning", "Beskrivelse på dansk")]
    table.extend((number, message_type, direction, "Ærø") for number, message_type, direction in rows)
    text = "".join(delimiter.join(cells[position] for position in order) + "\r\n" for cells in table)
    records, problems = read(text.encode(encoding))
    assert records == [
        RegistrationRecord(number, message_type, *DIRECTIONS[direction], line)
        for line, (number, message_type, direction) in enumerate(rows, start=2)
    ]
    assert [problem.code for problem in problems] == ["unknown-columns"]


@given(st.one_of(st.binary(max_size=200), st.binary(max_size=200).map(lambda tail: b"EAN;EDI-type;Send\n" + tail)))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        records, problems = read(data)
    except ExtractError as error:
        records, problems = [], []
        file = error.file
    else:
        file = "edi.csv"
    assert file == "edi.csv"
    assert all(record.location_number and record.message_type for record in records)
    assert all(problem.text("da") and problem.text("en") for problem in problems)
