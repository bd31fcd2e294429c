"""Address books that are Excel workbooks: read, corrected and converted beside the old one, and back; what can't be read is an error of ours."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sor_addressing import Register, review
from sor_addressing.errors import AddressBookError
from sor_addressing.testing import RegisterBuilder
from sor_addressing.testing.numbers import location_number, provider_number

DAY = dt.date(2026, 1, 15)
ONE, TWO, GLN = provider_number(1), provider_number(2), location_number(1)


@pytest.fixture(scope="module")
def register() -> Register:
    build = RegisterBuilder(DAY)
    owner = build.owner("Region Opdigt")
    build.institution(owner, "Klinikken Lærkevej", location_number=GLN, provider_number=ONE)
    build.institution(owner, "Lægerne Nord", location_number=location_number(2), provider_number=TWO)
    build.institution(owner, "Lægerne Syd", location_number=location_number(3), provider_number=TWO)
    build.institution(owner, "Klinikken Nul", location_number=location_number(4), provider_number="000099")
    return build.build()


@pytest.fixture
def book(tmp_path: Path) -> Path:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append(["Nr", "Navn", "Ydernr", "GLN", "Note"])
    sheet.append([1, "Klinikken Lærkevej", int(ONE), "", "=1+1"])
    sheet.append([2, "Lægerne", TWO, None, 1.5])
    sheet.append([])
    sheet.append([3, "Klinikken Nul", 99, None, dt.date(2026, 1, 1)])
    sheet.append([4, "Klinikken Lærkevej", None, int(GLN), None])
    sheet["C5"].number_format = "000000"
    workbook.create_sheet("Andet")["B2"] = "står her"
    workbook.save(tmp_path / "book.xlsx")
    return tmp_path / "book.xlsx"


def rows(path: Path) -> list[list[object]]:
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(path).worksheets[0].iter_rows()]


def test_the_first_sheet_is_read_with_numbers_as_their_digits(register: Register, book: Path) -> None:
    found = review(book, register)
    assert [
        (one.entry.line, one.entry.key, one.entry.provider_number, one.entry.location_number) for one in found.entries
    ] == [
        (2, "1", ONE, ""),
        (3, "2", TWO, ""),
        (5, "3", "99", ""),
        (6, "4", "", GLN),
    ]
    assert found.entries[2].reasons == ("identifier-zeros-lost",)


def test_it_is_converted_and_back_and_all_else_stays(register: Register, book: Path, tmp_path: Path) -> None:
    found = review(book, register, to="sor_code")
    new = found.write_converted(tmp_path / "new.xlsx")
    clinic, zero = (register.resolve(provider_number=number).unwrap().sor_code for number in (ONE, "000099"))
    assert rows(new) == [
        [
            "Nr",
            "Navn",
            "Ydernr",
            "GLN",
            "Note",
            "sor_code",
            "conversion_state",
            "conversion_reasons",
            "conversion_from",
        ],
        [
            1,
            "Klinikken Lærkevej",
            None,
            None,
            "=1+1",
            clinic,
            "certain",
            None,
            f"sor_code+ {clinic}: provider_number={ONE}",
        ],
        [2, "Lægerne", TWO, None, 1.5, None, "ask", "recipient-ambiguous", None],
        [None] * 9,
        [
            3,
            "Klinikken Nul",
            None,
            None,
            dt.datetime(2026, 1, 1),  # noqa: DTZ001
            zero,
            "certain",
            "identifier-zeros-lost",
            f"sor_code+ {zero}: provider_number=99",
        ],
        [4, "Klinikken Lærkevej", None, int(GLN), None, clinic, "certain", None, f"sor_code+ {clinic}:"],
    ]
    other = openpyxl.load_workbook(new)
    assert (other["Andet"]["B2"].value, other.worksheets[0]["C5"].number_format) == ("står her", "000000")
    back = review(new, register, to="provider_number").write_converted(tmp_path / "back.xlsx")
    assert [row[:5] for row in rows(back)] == rows(book)
    assert {value for row in rows(back) for value in row[5:]} <= {None}


def test_it_is_corrected(register: Register, book: Path, tmp_path: Path) -> None:
    fixed = review(book, register).write_corrected(tmp_path / "fixed.xlsx")
    assert rows(fixed)[4][2:] == [
        "000099",
        None,
        dt.datetime(2026, 1, 1),  # noqa: DTZ001
        "warning",
        "identifier-zeros-lost",
        "provider_number: 99 -> 000099",
    ]


def test_what_is_no_workbook_is_told(register: Register, tmp_path: Path, book: Path) -> None:
    plain = tmp_path / "plain.zip"
    with zipfile.ZipFile(plain, "w") as archive:
        archive.writestr("book.csv", "GLN")
    with pytest.raises(AddressBookError, match="an archive, or a workbook that can't be read"):
        review(plain, register)
    for member, content, said in (
        ("xl/worksheets/sheet1.xml", b"<worksheet", "no XML as workbooks have it"),
        ("xl/worksheets/sheet1.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a/>', "no XML as workbooks have it"),
        ("xl/_rels/workbook.xml.rels", b"<a/>", "can't be read; open it, save it again"),
    ):
        with pytest.raises(AddressBookError, match=said) as told:
            review(changed(book, member, content), register)
        assert told.value.text("da") != told.value.text("en")
    data = book.read_bytes()
    (tmp_path / "cut.xlsx").write_bytes(data[: len(data) // 2])
    with pytest.raises(AddressBookError, match="an archive"):
        review(tmp_path / "cut.xlsx", register)
    empty = changed(
        book,
        "xl/worksheets/sheet1.xml",
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>',
    )
    with pytest.raises(AddressBookError, match="the file is empty"):
        review(empty, register)


def test_formulas_that_keep_zeros_are_read_and_nothing_names_them_when_they_are_gone(
    register: Register, book: Path, tmp_path: Path
) -> None:
    cells = (
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>Ydernr</t></is></c></row>'
        b'<row><c t="str" s="1"><f>"000099"</f><v>000099</v></c></row>'
        b'<row r="7"><c r="A7" t="str"><f>"990999"</f><v>990999</v></c></row>'
    )
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    odd = changed(
        book,
        "xl/worksheets/sheet1.xml",
        b'<worksheet xmlns="' + main + b'"><dimension ref="A1"/><sheetData>' + cells + b"</sheetData></worksheet>",
    )
    with zipfile.ZipFile(odd, "a") as archive:
        archive.writestr("xl/calcChain.xml", b'<calcChain xmlns="' + main + b'"><c r="A2" i="1"/></calcChain>')
    found = review(odd, register, to="sor_code")
    assert [(one.entry.line, one.entry.provider_number) for one in found.entries] == [(2, "000099"), (7, "990999")]
    new = found.write_converted(tmp_path / "new.xlsx")
    assert [row[:2] for row in rows(new)][1:2] == [[None, found.entries[0].sor_code]]
    with zipfile.ZipFile(new) as archive:
        assert "xl/calcChain.xml" not in archive.namelist()
    back = review(new, register, to="provider_number").write_converted(tmp_path / "back.xlsx")
    assert [row[0] for row in rows(back)][:2] == ["Ydernr", "000099"]


def changed(book: Path, member: str, content: bytes) -> Path:
    out = io.BytesIO()
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(out, "w") as new:
        for one in old.infolist():
            new.writestr(one, content if one.filename == member else old.read(one))
    target = book.with_name("changed.xlsx")
    target.write_bytes(out.getvalue())
    return target


@given(st.lists(st.tuples(st.integers(0, 1_000_000), st.integers(0, 255)), min_size=1, max_size=4))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_workbook_is_an_error_of_ours_or_still_one(
    register: Register, book: Path, tmp_path: Path, damage: list[tuple[int, int]]
) -> None:
    data = bytearray(book.read_bytes())
    for at, byte in damage:
        data[at % len(data)] = byte
    (tmp_path / "damaged.xlsx").write_bytes(bytes(data))
    with suppress(AddressBookError):
        review(tmp_path / "damaged.xlsx", register, to="sor_code").write_converted(tmp_path / "new.xlsx")


def test_a_formula_that_several_cells_share_goes_with_the_cell_that_has_it(
    register: Register, book: Path, tmp_path: Path
) -> None:
    cells = (
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>Ydernr</t></is></c></row>'
        b'<row r="2"><c r="A2" t="str"><f t="shared" ref="A2:A3" si="0">B2</f><v>000099</v></c></row>'
        b'<row r="3"><c r="A3" t="str"><f t="shared" si="0"/><v>990999</v></c></row>'
        b'<row r="4"><c r="A4"><f>"000099"</f><v/></c></row>'
    )
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = b'<worksheet xmlns="' + main + b'"><sheetData>' + cells + b"</sheetData></worksheet>"
    found = review(changed(book, "xl/worksheets/sheet1.xml", sheet), register, to="sor_code")
    assert [one.entry.provider_number for one in found.entries] == ["000099", "990999", "000099"]
    with zipfile.ZipFile(found.write_converted(tmp_path / "new.xlsx")) as archive:
        assert b'si="0"' not in archive.read("xl/worksheets/sheet1.xml")
    assert [row[0] for row in rows(tmp_path / "new.xlsx")] == ["Ydernr", None, "990999", None]


def test_what_stands_beside_the_table_stays_and_the_new_columns_come_after_it(
    register: Register, tmp_path: Path
) -> None:
    workbook = openpyxl.Workbook()
    for row in (["Nr", "Ydernr"], [1, "000099"], [2, "990999", "ring først"], [3, "000099", None, "x"]):
        workbook.active.append(row)
    workbook.save(tmp_path / "book.xlsx")
    found = review(tmp_path / "book.xlsx", register, to="sor_code")
    new = found.write_converted(tmp_path / "new.xlsx")
    assert rows(new)[0] == [
        "Nr",
        "Ydernr",
        None,
        None,
        "sor_code",
        "conversion_state",
        "conversion_reasons",
        "conversion_from",
    ]
    assert [row[2:5] for row in rows(new)[1:]] == [
        [None, None, found.entries[0].sor_code],
        ["ring først", None, None],
        [None, "x", found.entries[0].sor_code],
    ]
    back = review(new, register, to="provider_number").write_converted(tmp_path / "back.xlsx")
    assert [row[:4] for row in rows(back)] == [row[:4] for row in rows(tmp_path / "book.xlsx")]
