"""Cells of tables are read the same a column at a time as one by one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sor_addressing.cells.reading import is_mangled
from sor_addressing.extracts.tables.cell_values import (
    MANY,
    ReadCells,
    clean_cell,
    decimals,
    identifiers,
    is_blank,
    texts,
    word_reader,
)
from sor_addressing.extracts.tables.whole_columns import (
    wrong_cvr_numbers,
    wrong_location_numbers,
    wrong_provider_numbers,
    wrong_shak_codes,
    wrong_sor_codes,
)
from sor_addressing.identifiers import CvrNumber, LocationNumber, ProviderNumber, ShakCode, SorCode, compact
from sor_addressing.testing import numbers

CELLS = st.lists(
    st.text(st.sampled_from(' 0123459E+,."=-æ\u00a0\t\x85Ab'), max_size=12)
    | st.sampled_from(["", "ingen", '="0099"', "0099", "1,23457E+14"]),
    max_size=12,
)


@given(CELLS)
def test_a_column_of_texts_is_its_cells_cleaned(cells: list[str]) -> None:
    assert list(texts(cells, is_plain=False)) == list(map(clean_cell, cells))


@given(st.lists(st.text(st.sampled_from(' 09"=æA.'), max_size=10), max_size=12))
def test_a_plain_column_of_texts_is_its_cells_cleaned(cells: list[str]) -> None:
    assert list(texts(cells, is_plain=True)) == list(map(clean_cell, cells))


@given(st.lists(st.from_regex(r'(="\d{1,9}"|\d{0,9}| \d{3} \d| ?="0 1" ?|A1b|1,2E\+3)', fullmatch=True), max_size=8))
def test_a_column_of_identifiers_is_its_cells_compacted(cells: list[str]) -> None:
    expected = [text if is_mangled(text) else compact(text) for text in map(clean_cell, cells)]
    assert list(identifiers(cells)) == expected


@pytest.mark.parametrize(
    ("cells", "read"),
    [
        (["723456,12", "6171234,5", ""], ["723456.12", "6171234.5", ""]),
        (["723456.12", "6171234"], ["723456.12", "6171234"]),
        (["6.171.234,5", "723456.12"], ["6171234.5", "723456.12"]),
        ([' ="723456,12" '], ["723456.12"]),
        (["ukendt"], ["ukendt"]),
    ],
)
def test_decimals_have_a_point(cells: list[str], read: list[str]) -> None:
    assert list(decimals(cells, is_plain=True)) == read


@pytest.mark.parametrize("cell", ["1,23457E+14", "1.23457E+14", "5,79E+12", "9E+15", "1e15"])
def test_a_number_that_a_spreadsheet_shortened_is_recognised(cell: str) -> None:
    assert is_mangled(cell)


@pytest.mark.parametrize("cell", ["", "123457", "E+14", "1,23457", "9901E1A", "1E"])
def test_other_cells_are_not_taken_for_shortened_numbers(cell: str) -> None:
    assert not is_mangled(cell)


@pytest.mark.parametrize("cell", ["", " ", "-", "–", " — "])
def test_a_cell_of_dashes_is_blank(cell: str) -> None:
    assert is_blank(cell)


def test_each_text_is_read_once_and_what_has_no_meaning_is_remembered() -> None:
    asked: list[str] = []

    def read(text: str) -> int | None:
        asked.append(text)
        return int(text) if text.isdigit() else None

    cells = ReadCells[int](read, 0)
    assert cells.column(["7", " 7", "-", "x", "7", "x", ""]) == [7, 7, 0, 0, 7, 0, 0]
    assert asked == ["7", "7", "x"]
    assert cells.unreadable_in(["7", "x", "", "x"]) == [1, 3]
    assert cells.unreadable_in(["7", ""]) == []


def test_no_more_texts_are_remembered_than_there_is_room_for() -> None:
    cells = ReadCells[str](lambda text: text, "")
    cells.column([str(number) for number in range(MANY + 1)])
    assert cells.column(["a", "b"]) == ["a", "b"]
    assert dict(cells) == {"a": "a", "b": "b"}


def test_words_are_compared_by_letters_and_digits_alone() -> None:
    read = word_reader({"yes": True, "no": False})
    assert [read(word) for word in ("JA", " nej.", "1", "måske")] == [True, False, True, None]


def test_identifiers_of_every_kind_are_right_or_wrong_as_one_by_one() -> None:
    sor_codes = [numbers.sor_code(n) for n in range(0, 5_000, 7)]
    location_numbers = [numbers.location_number(n) for n in range(0, 5_000, 7)]
    cvr_numbers = [numbers.cvr_number(n) for n in range(300)]
    for wrong_among, right in (
        (wrong_sor_codes, sor_codes),
        (wrong_location_numbers, location_numbers),
        (wrong_cvr_numbers, cvr_numbers),
    ):
        off_by_one = [number[:-1] + str((int(number[-1]) + 1) % 10) for number in right]
        assert wrong_among(right) == []
        assert wrong_among(off_by_one) == list(range(len(right)))


_SHORT = st.text(st.sampled_from("0123456789A æ\u0661"), max_size=10)


@given(st.lists(st.from_regex(r"\d{0,9}100001600\d|\d{11,18}|[\dx]{0,19}", fullmatch=True), max_size=20))
def test_wrong_sor_codes_are_those_that_are_not_canonical(codes: list[str]) -> None:
    assert wrong_sor_codes(codes) == [at for at, code in enumerate(codes) if not SorCode.is_canonical(code)]


@given(st.lists(st.from_regex(r"\d{13}|[\dx]{0,14}", fullmatch=True), max_size=20))
def test_wrong_location_numbers_are_those_that_are_not_canonical(found: list[str]) -> None:
    expected = [at for at, number in enumerate(found) if number and not LocationNumber.is_canonical(number)]
    assert wrong_location_numbers(found) == expected


@given(st.lists(_SHORT | st.from_regex(r"\d{8}", fullmatch=True), max_size=20))
def test_other_wrong_identifiers_are_those_that_do_not_fit(found: list[str]) -> None:
    filled = [(at, number) for at, number in enumerate(found) if number]
    assert wrong_cvr_numbers(found) == [at for at, number in filled if not CvrNumber.is_canonical(number)]
    assert wrong_provider_numbers(found) == [at for at, number in filled if not ProviderNumber.fits(number)]
    assert wrong_shak_codes(found) == [at for at, number in filled if not ShakCode.fits(number)]
