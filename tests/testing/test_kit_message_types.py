from __future__ import annotations

import io
from typing import Any

import pytest

from sor_addressing.testing import RegisterBuilder, numbers, write_message_types

A, B = numbers.location_number(0), numbers.location_number(1)


@pytest.fixture
def build() -> RegisterBuilder:
    build = RegisterBuilder()
    build.registers(A, "DIS91 D9134L", send=True, receive=True)
    build.registers(A, "CTL02", receive=True)
    build.registers(B, "RPT01 R0131K", send=True)
    return build


def written(build: RegisterBuilder, **options: Any) -> list[str]:
    target = io.BytesIO()
    write_message_types(build.extract(), target, **options)
    assert not target.closed
    text = target.getvalue().decode(options.get("encoding", "utf-8-sig"))
    assert text.endswith("\r\n")
    return text.split("\r\n")[:-1]


def test_a_direction_has_a_row_of_its_own(build: RegisterBuilder) -> None:
    assert written(build) == [
        "Lokationsnummer;EDI-type;Version;Retning",
        f"{A};DIS91;D9134L;Send",
        f"{A};DIS91;D9134L;Modtag",
        f"{A};CTL02;;Modtag",
        f"{B};RPT01;R0131K;Send",
    ]


@pytest.mark.parametrize(
    ("directions", "rows"),
    [
        ("column", ["Retning", "Send/Modtag", "Modtag", "Send"]),
        ("two-columns", ["Send;Modtag", "Ja;Ja", "Nej;Ja", "Ja;Nej"]),
    ],
)
def test_directions_can_stand_in_one_row(build: RegisterBuilder, directions: str, rows: list[str]) -> None:
    lines = written(build, directions=directions, spelling="code")
    assert lines == [
        f"{left};{right}"
        for left, right in zip(
            ["Lokationsnummer;EDI-type", f"{A};DIS91", f"{A};CTL02", f"{B};RPT01"], rows, strict=True
        )
    ]


def test_directions_can_be_left_out(build: RegisterBuilder) -> None:
    expected = ["Lokationsnummer;EDI-type", f"{A};DIS91", f"{A};CTL02", f"{B};RPT01"]
    assert written(build, directions="none", spelling="code") == expected
    without = RegisterBuilder()
    without.registers(A, "DIS91", "CTL02")
    without.registers(B, "RPT01")
    assert written(without, spelling="code") == expected


def test_what_may_neither_be_sent_nor_received_has_no_row() -> None:
    build = RegisterBuilder()
    build.registers(A, "DIS91", send=False, receive=False)
    assert written(build, directions="two-rows", spelling="code") == ["Lokationsnummer;EDI-type;Retning"]
    assert written(build, directions="column", spelling="code") == ["Lokationsnummer;EDI-type;Retning"]
    assert written(build, directions="two-columns", spelling="code")[1:] == [f"{A};DIS91;Nej;Nej"]


def test_a_registration_without_direction_has_an_empty_cell_beside_others() -> None:
    build = RegisterBuilder()
    build.registers(A, "DIS91")
    build.registers(B, "DIS91", send=True)
    assert written(build, spelling="code")[1:] == [f"{A};DIS91;", f"{B};DIS91;Send"]


@pytest.mark.parametrize(
    ("spelling", "first", "bare"),
    [
        ("columns", "DIS91;D9134L", "CTL02;"),
        ("code version", "DIS91 D9134L", "CTL02"),
        ("version code", "D9134L DIS91", "CTL02"),
        ("code", "DIS91", "CTL02"),
        ("version", "D9134L", "CTL02"),
        ("code (version)", "DIS91 (D9134L)", "CTL02"),
        ("code:version", "DIS91:D9134L", "CTL02"),
        ("family word", "MEDDIS91", "MEDCTL02"),
    ],
)
def test_message_types_are_spelt_as_asked(build: RegisterBuilder, spelling: str, first: str, bare: str) -> None:
    lines = written(build, spelling=spelling, directions="none")
    assert lines[1:3] == [f"{A};{first}", f"{A};{bare}"]


def test_columns_can_be_called_otherwise(build: RegisterBuilder) -> None:
    lines = written(build, header={"location_number": "GLN", "message_type": "Brevtype"}, delimiter="\t")
    assert lines[0] == "GLN\tBrevtype\tVersion\tRetning"


def test_a_spreadsheet_form_wraps_each_cell(build: RegisterBuilder) -> None:
    lines = written(build, excel=True, directions="none")
    assert lines == [
        "Lokationsnummer;EDI-type;Version",
        f'"=""{A}""";"=""DIS91""";"=""D9134L"""',
        f'"=""{A}""";"=""CTL02""";',
        f'"=""{B}""";"=""RPT01""";"=""R0131K"""',
    ]


def test_the_encoding_is_the_one_asked_for(build: RegisterBuilder) -> None:
    build.registers(A, "PRØVE01")
    target = io.BytesIO()
    write_message_types(build.extract(), target, encoding="windows-1252")
    assert b"PR\xd8VE01" in target.getvalue()
    target = io.BytesIO()
    write_message_types(build.extract(), target)
    assert target.getvalue().startswith(b"\xef\xbb\xbfLokationsnummer")


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"spelling": "backwards"}, "spelling is one of columns"),
        ({"directions": "both"}, "directions is one of two-rows"),
        ({"header": {"gln": "GLN"}}, "no columns gln; there are location_number"),
    ],
)
def test_another_way_of_writing_is_refused(build: RegisterBuilder, options: dict[str, Any], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        write_message_types(build.extract(), io.BytesIO(), **options)
