"""What goes into a cell: no formula, nothing that breaks a file, and numbers that stay numbers."""

from __future__ import annotations

import csv
import io
import json
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sor_addressing.cells import (
    csv_text,
    csv_writer,
    decimal_point,
    harmless,
    identifier_cell,
    is_missing,
    json_line_writer,
    json_text,
    packing,
    sheet_text,
    writable,
)
from sor_addressing.cells.user_rows import lines_of, raw_cells, raw_rows, with_more

SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"
CELLS = st.text(
    st.sampled_from(" =+-@\t\r\n\uff1d\uff0b'\";,a1æ\xa0\u200b\ufeff\0\ufffe\uffff\x1f\x85\ud83d") | st.characters()
)


def could_run(cell: str) -> bool:
    """Whether the first thing in a cell that can be seen is a sign that begins a formula; or it begins with a tab or a line break."""
    if cell[:1] in ("\t", "\r", "\n"):
        return True
    for char in cell:
        if char in SIGNS:
            return True
        if not char.isspace() and unicodedata.category(char) not in ("Cc", "Cf"):
            return False
    return False


@pytest.mark.parametrize(
    "sign", [*SIGNS, *(f" {sign}" for sign in SIGNS), "\xa0=", "\u200b=", "\ufeff+", "\t", "\r", "\n", " \t="]
)
def test_each_beginning_of_a_formula_gets_an_apostrophe(sign: str) -> None:
    assert harmless(f"{sign}1") == f"'{sign}1"
    assert harmless(f"a{sign}1") == f"a{sign}1"


@given(CELLS)
@example("=1")
@example("\x00-1")
def test_no_cell_of_any_csv_can_run(text: str) -> None:
    out = io.StringIO(newline="")
    csv_writer(out).writerow(["x", text, "y"])
    ((_, cell, _),) = csv.reader(io.StringIO(out.getvalue(), newline=""))
    assert not could_run(cell)
    assert cell.removeprefix("'") == writable(text).removeprefix("'")
    out.getvalue().encode()


@given(st.lists(CELLS, min_size=2, max_size=4), st.sampled_from(",;\t"))
@example(["a", " =1"], ",")
@example(["a", "\uff1d1"], ";")
@example(["\xa0=1", ""], ",")
def test_what_is_packed_is_what_the_writer_writes(cells: list[str], delimiter: str) -> None:
    out = io.StringIO(newline="")
    csv_writer(out, delimiter=delimiter).writerow(cells)
    assert packing(delimiter)(cells) + "\r\n" == out.getvalue()


def test_a_cell_that_runs_nothing_stays_as_it_is() -> None:
    for text in ("", "Lægerne", "1-1", "a=b", "(+45)", "'=1", "#N/A", "\u2212 5"):
        assert harmless(text) == text


def test_numbers_and_flags_are_written_as_such_and_nothing_as_nothing() -> None:
    out = io.StringIO(newline="")
    writer = csv_writer(out)
    writer.writerow([-1, -1.5, True, False, None, "-1"])
    assert (out.getvalue(), writer.guarded) == ("-1,-1.5,true,false,,'-1\r\n", 1)


def test_an_identifier_for_spreadsheets_is_a_formula_on_purpose() -> None:
    cell = identifier_cell('00"42')
    assert cell == '="00""42"'
    assert csv_text([cell, "=1"], ";") == '"=""00""""42""";\'=1'
    assert packing(";")([cell, "=1"]) == '"=""00""""42""";\'=1'


@given(CELLS)
def test_what_is_no_unicode_and_what_steers_is_taken_out(text: str) -> None:
    clean = writable(text)
    clean.encode()
    assert not set(clean) & {chr(code) for code in range(32) if chr(code) not in "\t\r\n"}


def test_the_name_of_a_file_that_is_no_unicode_can_be_read() -> None:
    assert csv_text(["a\udcff.edi"], ",") == "a\\udcff.edi"
    assert json.loads(json_text({"file": "a\udcff.edi", "navn": "æ"})) == {"file": "a\udcff.edi", "navn": "æ"}
    assert json_text({"navn": "æ"}) == '{"navn": "æ"}'


def test_json_for_a_console_that_is_no_unicode_has_escapes() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, "cp1252", newline="")
    json_line_writer(stream)({"navn": "æ\u01fd"})
    stream.flush()
    assert raw.getvalue() == b'{"navn": "\\u00e6\\u01fd"}\n'


@given(CELLS)
def test_a_sheet_can_hold_every_text(text: str) -> None:
    from lxml import etree

    element = etree.Element("t")
    element.text = sheet_text(text)
    assert etree.fromstring(etree.tostring(element)) is not None


def test_a_sheet_holds_no_longer_text() -> None:
    assert len(sheet_text("x" * 40_000)) == 32_767


@pytest.mark.parametrize(
    "value", [None, float("nan"), "", "  ", "-", " – ", "NaN", "nan", "None", "<NA>", "NaT", "NULL", "#N/A"]
)
def test_what_says_nothing_is_missing(value: object) -> None:
    assert is_missing(value)


@pytest.mark.parametrize("value", [0, 0.0, False, "0", "N", "Nanna", "a-b", "5790999000017"])
def test_what_says_something_is_not(value: object) -> None:
    assert not is_missing(value)


def test_what_libraries_take_for_missing_is() -> None:
    class NAType:
        def __eq__(self, _other: object) -> bool:
            raise TypeError("boolean value of NA is ambiguous")

        __hash__ = None  # type: ignore[assignment]

    assert is_missing(NAType())


def test_decimals_may_have_a_comma() -> None:
    assert [decimal_point(text) for text in ("1,5", "1.234,5", "1.5", "-1,5")] == ["1.5", "1234.5", "1.5", "-1.5"]


@given(
    st.lists(st.lists(CELLS, min_size=1, max_size=3), max_size=4),
    st.sampled_from([",", ";"]),
    st.sampled_from(["\r\n", "\n"]),
)
def test_the_rows_of_ones_own_file_go_out_as_they_came_in(rows: list[list[str]], delimiter: str, end: str) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    text = out.getvalue()
    found = list(raw_rows(lines_of(text), delimiter))
    assert "".join(raw for _, raw, _ in found) == text
    assert [with_more(raw, [], delimiter) for _, raw, _ in found] == [raw for _, raw, _ in found]


def test_cells_are_added_after_the_last_and_guarded() -> None:
    assert with_more('="0042"; b \r\n', ["=1", True], ";") == '="0042"; b ;\'=1;true\r\n'
    assert raw_cells('="0042"; "b;c" ;', ";") == ['="0042"', ' "b;c" ', ""]
