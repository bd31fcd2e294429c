"""Tables of text are read as they were written, whatever their encoding and delimiter, or refused with the reason."""

from __future__ import annotations

import codecs
import csv
import io
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sor_addressing.cells import plain_cell
from sor_addressing.errors import ExtractError
from sor_addressing.extracts.tables.text import open_table
from sor_addressing.hiding import shown
from sor_addressing.model import Problem

DELIMITERS = [";", ",", "\t", "|"]
ENCODINGS = ["utf-8", "utf-8-sig", "windows-1252", "iso-8859-1"]
LINE_ENDS = ["\n", "\r\n", "\r"]


class Drops(io.RawIOBase):
    """A stream that can't go back and gives a few bytes at a time, as a member of an archive may."""

    def __init__(self, data: bytes, size: int = 7) -> None:
        self._stream = io.BytesIO(data)
        self._size = size

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._stream.read(self._size if size < 0 else min(size, self._size))


def read(data: bytes, *, quoting: bool = True) -> tuple[tuple[str, ...], list[tuple[int, list[str]]], list[Problem]]:
    problems: list[Problem] = []
    table = open_table(io.BytesIO(data), file="t.csv", quoting=quoting, report=problems.append)
    return table.header, list(table.rows()), problems


def refusal(data: bytes, *, quoting: bool = True) -> str:
    with pytest.raises(ExtractError) as caught:
        read(data, quoting=quoting)
    return str(caught.value)


@pytest.mark.parametrize("line_end", LINE_ENDS, ids=ascii)
@pytest.mark.parametrize("delimiter", DELIMITERS, ids=ascii)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_encoding_and_delimiter_are_found_in_the_file(encoding: str, delimiter: str, line_end: str) -> None:
    lines = [["Lokationsnummer", "Nævn på"], ["0017", "Ærø; Ålborg, Øst" if delimiter in "\t|" else "Ærø"], ["", "é"]]
    data = line_end.join(delimiter.join(cells) for cells in lines).encode(encoding)
    table = open_table(Drops(data), file="t.csv")  # type: ignore[arg-type]
    assert (table.header, table.header_line, table.delimiter) == (tuple(lines[0]), 1, delimiter)
    assert list(table.rows()) == [(2, lines[1]), (3, lines[2])]
    assert table.encoding == ("utf-8" if encoding.startswith("utf-8") else "windows-1252")


def test_an_ascii_table_has_no_encoding_to_decide() -> None:
    table = open_table(io.BytesIO(b"a;b\n1;2\n"), file="t.csv")
    assert (list(table.rows()), table.encoding) == ([(2, ["1", "2"])], "ascii")


@pytest.mark.parametrize(("letters", "encoding"), [("ø".encode(), "utf-8"), (b"\xf8", "windows-1252")])
def test_the_encoding_is_decided_where_the_first_letter_stands_that_tells(letters: bytes, encoding: str) -> None:
    data = b"a;b\n" + b"1;2\n" * 100_000 + b"3;" + letters + b"\n"
    table = open_table(io.BytesIO(data), file="t.csv")
    assert table.encoding == "ascii"
    *_, last = table.rows()
    assert (last, table.encoding) == ((100_002, ["3", "ø"]), encoding)


def test_utf_8_that_turns_into_another_encoding_is_refused_with_line_and_bytes() -> None:
    data = "a;b\nø;1\n".encode() + b"1;2\n" * 50_000 + b"\xf8;3\n"
    assert refusal(data) == (
        "t.csv, line 50003: the file is UTF-8 until here, but the byte f8 is not; "
        "save the whole file in one encoding, best UTF-8"
    )


def test_a_byte_order_mark_is_believed() -> None:
    assert refusal(codecs.BOM_UTF8 + b"a;b\n1;\xf8r\n") == (
        "t.csv, line 2: the file is UTF-8 until here, but the byte f8 is not; save the whole file in one encoding, "
        "best UTF-8"
    )


def test_bytes_of_neither_encoding_are_refused() -> None:
    assert refusal(b"a;b\n1;\x81\n") == (
        "t.csv, line 2: the byte 81 is neither UTF-8 nor windows-1252; save the file as UTF-8"
    )


def test_utf_8_letters_in_a_windows_1252_file_are_reported_and_kept() -> None:
    header, rows, problems = read(b"a;b\n1;\xf8\n2;" + "øø".encode() + b"\n")
    assert (header, rows) == (("a", "b"), [(2, ["1", "ø"]), (3, ["2", "Ã¸Ã¸"])])
    assert problems == [Problem("encoding-mixed", "t.csv", 3, None, {"bytes": "c3 b8"})]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_utf_16_and_32_are_refused_with_what_to_do(encoding: str) -> None:
    assert refusal("a;b\n1;2\n".encode(encoding)) == "t.csv, line 1: the file is UTF-16 or UTF-32; save it as UTF-8"


def test_a_nul_byte_is_refused_with_its_line() -> None:
    text = "a NUL byte: this is not text, or it is UTF-16 without a mark; save the table as UTF-8"
    assert refusal(b"a;b\n1;2\n3;\x004\n") == f"t.csv, line 3: {text}"
    assert refusal("a;b\n".encode("utf-16-le")) == f"t.csv, line 1: {text}"
    assert refusal(b"a;b\r\n" + b"1;2\r\n" * 40_000 + b"\0") == f"t.csv, line 40002: {text}"


def test_a_line_without_end_is_refused() -> None:
    text = "a line of more than 1048576 bytes: this is no table, or its line ends were lost"
    assert refusal(b"a;b\n1;" + b"x;" * 1_000_000) == f"t.csv, line 2: {text}"
    assert refusal(b"x" * 2_000_000) == f"t.csv, line 1: {text}"


def test_a_header_without_end_is_refused() -> None:
    assert refusal(b'"' + b"x" * 200_000 + b"\n") == (
        "t.csv, line 1: a cell begins here that is too long to be one (field larger than field limit (131072)); "
        "if a quote is opened here and not closed, remove it or close it"
    )


def test_a_cell_without_end_is_refused() -> None:
    assert refusal(b'a;b\n1;2\n3;"' + b"x" * 200_000 + b"\n") == (
        "t.csv, line 3: a cell begins here that is too long to be one (field larger than field limit (131072)); "
        "if a quote is opened here and not closed, remove it or close it"
    )


@pytest.mark.parametrize(
    "tail",
    [
        b'3;"4\n5;6\n7;8\n',
        b'3;"4',
        b'3;"4\n' + b"5\n" * 60_000,
        b'3;"4\n5;6\n7;"8"\n',
        b'"3;4\n"5;6\n7;8\n',
    ],
    ids=["never closed", "on the last line", "many lines", "closed by a later row's", "with as many cells"],
)
def test_a_quote_left_open_is_refused_where_it_opens(tail: bytes) -> None:
    reason = refusal(b"a;b\n1;2\n" + tail)
    assert reason.startswith("t.csv, line 3: a ")
    assert "quote is opened here and not closed" in reason


@pytest.mark.parametrize("data", [b"", codecs.BOM_UTF8])
def test_an_empty_file_is_refused(data: bytes) -> None:
    assert refusal(data) == "t.csv: the file is empty; fetch it again"


def test_a_file_of_blank_lines_is_refused() -> None:
    assert refusal(b"\n \r\n\n" * 20_000) == "t.csv: the file has nothing but blank lines; fetch it again"
    assert refusal(b'""\n""\n') == "t.csv: the file has no header; fetch it again"


def test_a_header_alone_is_a_table_without_rows() -> None:
    assert read(b"a;b") == (("a", "b"), [], [])


def test_blank_lines_and_rows_without_content_are_left_out_and_counted() -> None:
    data = b"\n  \na;b\n\n1;2\n;\n \t \n3;4\n\n"
    table = open_table(io.BytesIO(data), file="t.csv")
    assert (table.header_line, list(table.rows())) == (3, [(5, ["1", "2"]), (8, ["3", "4"])])


def test_a_header_below_very_many_blank_lines_knows_its_line() -> None:
    table = open_table(io.BytesIO(b"\r\n" * 50_000 + b"a;b\r\n1;2\r\n"), file="t.csv")
    assert (table.header_line, list(table.rows())) == (50_001, [(50_002, ["1", "2"])])


def test_ragged_lines_are_handed_on_and_reported_just_before() -> None:
    seen: list[object] = []
    table = open_table(io.BytesIO(b"a;b;c\n1\n1;2;3;4\n1;2;3;;\n1;2;3\n"), file="t.csv", report=seen.append)
    for line, cells in table.rows():
        seen.append((line, cells))
    assert seen == [
        Problem("ragged-line", "t.csv", 2, None, {"cells": 1, "columns": 3}),
        (2, ["1", "", ""]),
        Problem("ragged-line", "t.csv", 3, None, {"cells": 4, "columns": 3}),
        (3, ["1", "2", "3", "4"]),
        (4, ["1", "2", "3"]),
        (5, ["1", "2", "3"]),
    ]


def test_ragged_lines_need_nobody_to_report_to() -> None:
    assert list(open_table(io.BytesIO(b"a;b\n1\n"), file="t.csv").rows()) == [(2, ["1", ""])]


@pytest.mark.parametrize(
    "cell",
    ['="0017"', '"=""0017"""', ' ="0017" ', '" =""0017"" "', '" 0017"', '"0017 "', "0017 ", " 0017", '" 0017 "'],
)
@pytest.mark.parametrize("other", ["x", '"x"', '"x ""y"""', '="x"', "\N{NO-BREAK SPACE}x"])
def test_the_form_of_spreadsheets_and_padding_are_undone_everywhere(cell: str, other: str) -> None:
    plain = {'"x ""y"""': 'x "y"'}.get(other, "x")
    header, rows, _ = read(f"{cell};b;c\n1;{cell};{other}\n{other};2;{cell}\n{cell};{cell};{cell}".encode())
    assert header == ("0017", "b", "c")
    assert rows == [(2, ["1", "0017", plain]), (3, [plain, "2", "0017"]), (4, ["0017", "0017", "0017"])]


@pytest.mark.parametrize(
    ("cell", "plain"),
    [
        ('=""', ""),
        ('="a""b"', 'a"b'),
        ('"=""a""""b"""', 'a"b'),
        ('=" 1 "', "1"),
        ("=1+1", "=1+1"),
        ('="', '="'),
        ('a="b"', 'a="b"'),
        ('"quoted"', '"quoted"'),
    ],
)
def test_the_form_of_spreadsheets_is_undone_and_nothing_else(cell: str, plain: str) -> None:
    assert plain_cell(cell) == plain


def test_an_empty_cell_in_the_form_of_spreadsheets_is_empty() -> None:
    assert read(b'a;b\n"=""""";1\n"=""7""";2\n')[1] == [(2, ["", "1"]), (3, ["7", "2"])]


def test_a_delimiter_inside_the_form_of_spreadsheets_divides_nothing() -> None:
    assert read(b'a;b\n"=""7;8""";1\n')[1] == [(2, ["7;8", "1"])]


def test_a_quoted_cell_may_span_lines_and_blocks() -> None:
    note = "y" * 30 + "\nz "
    data = "a;b\n" + "".join(f'{n};"{note}{n}"\n' for n in range(3000))
    expected = [(2 + 2 * n, [str(n), f"{note}{n}"]) for n in range(3000)]
    assert read(data.encode())[1] == expected
    assert list(open_table(Drops(data.encode(), 1000), file="t.csv").rows()) == expected  # type: ignore[arg-type]


def test_without_quoting_quotes_are_plain_characters() -> None:
    data = b'a;b\n1;"open\n2;in "the" middle\n"=""0017""";="3"\n'
    assert read(data, quoting=False)[1] == [
        (2, ["1", '"open']),
        (3, ["2", 'in "the" middle']),
        (4, ["0017", "3"]),
    ]


def test_a_line_that_names_the_delimiter_is_no_header() -> None:
    table = open_table(io.BytesIO(b"sep=|\r\na;b|c,d\r\n1|2\r\n"), file="t.csv")
    assert (table.delimiter, table.header, list(table.rows())) == ("|", ("a;b", "c,d"), [(3, ["1", "2"])])


@pytest.mark.parametrize(
    ("data", "delimiter"),
    [
        (b"Nummer (GLN, EAN);Type\n1;2\n3;4\n", ";"),
        (b"a;b\n1,5;2,5\n", ";"),
        (b"a,b\n1;2,3\n", ","),
        (b"a\tb\n1, 2\t3, 4\n", "\t"),
        (b'a,"b;c",d\n1,2,3\n', ","),
        (b"alone\n1\n", ";"),
        (b"a;b\n1\n2\n", ";"),
    ],
)
def test_the_delimiter_is_the_one_that_gives_rows_like_the_header(data: bytes, delimiter: str) -> None:
    assert open_table(io.BytesIO(data), file="t.csv").delimiter == delimiter


def test_what_is_shown_is_short_and_hides_what_looks_like_a_cpr_number() -> None:
    assert shown("310299-9999, 3102999999 og 5790999000017") == "(hidden), (hidden) og 5790999000017"
    assert shown("x" * 100) == "x" * 59 + "…"


def words(delimiter: str, alphabet: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Cells that mean the same after reading: not padded, not in the form of spreadsheets, no line like a row."""
    return st.text(alphabet, max_size=12).filter(
        lambda cell: (
            cell == cell.strip()
            and not cell.startswith('="')
            and not ("\n" in cell and delimiter in cell)
            and plain_cell(cell) == cell
        )
    )


UNICODE = st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n")
IN_BOTH = st.sampled_from("abcæøåÆØÅé0123456789 ;,|\t\"='\n-")


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, str, str, list[list[str]]]:
    delimiter = draw(st.sampled_from(DELIMITERS))
    encoding = draw(st.sampled_from(ENCODINGS[:3]))
    line_end = draw(st.sampled_from(["\n", "\r\n"]))
    cells = words(delimiter, UNICODE if encoding.startswith("utf") else IN_BOTH)
    width = draw(st.integers(2, 5))
    rows = draw(st.lists(st.lists(cells, min_size=width, max_size=width), max_size=20))
    return delimiter, encoding, line_end, [[f"column{n}" for n in range(width)], *rows]


@given(tables(), st.booleans())
def test_what_is_written_is_what_is_read(table: tuple[str, str, str, list[list[str]]], quote_all: bool) -> None:
    delimiter, encoding, line_end, written = table
    text = io.StringIO(newline="")
    csv.writer(
        text,
        delimiter=delimiter,
        lineterminator=line_end,
        quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL,
    ).writerows(written)
    heights = [1 + sum(cell.count("\n") for cell in cells) for cells in written]
    lines = [1 + above for above in itertools.accumulate(heights, initial=0)]
    expected = [(line, cells) for line, cells in list(zip(lines, written, strict=False))[1:] if any(cells)]
    assert read(text.getvalue().encode(encoding)) == (tuple(written[0]), expected, [])


@given(st.one_of(st.binary(max_size=300), st.text('ab;,"\n\r=\t| ø', max_size=200).map(str.encode)), st.booleans())
def test_any_bytes_are_read_or_refused(data: bytes, quoting: bool) -> None:
    try:
        header, rows, _ = read(data, quoting=quoting)
    except ExtractError:
        return
    assert any(header)
    assert all(any(cells) and len(cells) >= len(header) for _, cells in rows)
    assert [line for line, _ in rows] == sorted({line for line, _ in rows})


@given(st.text('ab;"\n\r= ø', max_size=200))
def test_small_pieces_read_like_one(text: str) -> None:
    def outcome(stream: io.RawIOBase | io.BytesIO) -> object:
        try:
            table = open_table(stream, file="t.csv")  # type: ignore[arg-type]
            return table.header, list(table.rows())
        except ExtractError as error:
            return str(error)

    assert outcome(Drops(text.encode(), 1)) == outcome(io.BytesIO(text.encode()))
