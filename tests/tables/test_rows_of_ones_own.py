"""``validate-file`` puts its verdict beside each row of somebody's own table: what was there goes out as it came in."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sor_addressing import LetterError, Register
from sor_addressing.cells.reading import plain_cell
from sor_addressing.tables.answers import VERDICT_COLUMNS
from sor_addressing.tables.csv_files import TrafficTable

REGISTER = Register.sample()
GOOD = next(unit.provider_number for unit in REGISTER.by_sor_code.values() if unit.provider_number)
MORE = len(VERDICT_COLUMNS)


def written(data: bytes, path: Path) -> str:
    path.write_bytes(data)
    out = io.StringIO(newline="")
    with TrafficTable(path, REGISTER.validate_many) as table:
        table.write(out)
    return out.getvalue()


def before_and_after(data: bytes, path: Path) -> list[tuple[str, str]]:
    """Each line as it came in, and as it went out."""
    text = data.decode("utf-8-sig")
    return list(zip(text.splitlines(keepends=True), written(data, path).splitlines(keepends=True), strict=True))


LINES = (
    "YDERNR;Type;Note\r\n",
    f'="{GOOD}";DIS91;="0042"\r\n',
    f"{GOOD} ; DIS91;  blanke  \r\n",
    "\r\n",
    ";;\r\n",
    f'"{GOOD}";DIS91;"i ""anførsel"", ja"\r\n',
    f"{GOOD};DIS91;=1+1\n",
    f"{GOOD};DIS91;'hans",
)


def test_cells_rows_and_line_ends_stay_as_they_are(tmp_path: Path) -> None:
    for came, went in before_and_after("".join(LINES).encode(), tmp_path / "a.csv"):
        body = came.rstrip("\r\n")
        if body in ("", ";;"):
            assert went == came
        else:
            assert went.startswith(f"{body};")
            assert went.endswith(came[len(body) :])
            ((*_, last),) = csv.reader([went.rstrip("\r\n")], delimiter=";")
            assert last == "" or "sor_code" in went or "unsupported" in went or "errors" in went


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252"])
def test_letters_stay_in_whatever_encoding_they_came(encoding: str, tmp_path: Path) -> None:
    text = f"YDERNR,Type,Note\n{GOOD},DIS91,ascii\n{GOOD},DIS91,ÆØÅ\n"
    rows = list(csv.reader(io.StringIO(written(text.encode(encoding), tmp_path / "a.csv"), newline="")))
    assert [row[2] for row in rows] == ["Note", "ascii", "ÆØÅ"]
    assert {len(row) for row in rows} == {3 + MORE}


def test_what_stands_above_the_header_stays(tmp_path: Path) -> None:
    text = f"sep=;\r\n\r\nYDERNR;Type\r\n{GOOD};DIS91\r\n"
    assert written(text.encode(), tmp_path / "a.csv").startswith("sep=;\r\n\r\nYDERNR;Type;outcome;")


def test_a_row_that_is_short_or_long_has_its_verdict_in_the_right_columns(tmp_path: Path) -> None:
    text = f"YDERNR;Type;Note;Mere\n{GOOD};DIS91\n{GOOD};DIS91;a;b;for meget;=1\n"
    header, short, long = csv.reader(io.StringIO(written(text.encode(), tmp_path / "a.csv"), newline=""), delimiter=";")
    at = header.index("outcome")
    assert (at, short[:4], long[:4]) == (4, [GOOD, "DIS91", "", ""], [GOOD, "DIS91", "a", "b"])
    assert short[at] == long[at] != ""
    assert (len(short), long[4 + MORE :]) == (4 + MORE, ["for meget", "=1"])


def test_a_cell_over_several_lines_stays_whole(tmp_path: Path) -> None:
    text = f'YDERNR;Type;Note\r\n{GOOD};DIS91;"to\nlinjer"\r\n\r\n{GOOD};DIS91;\r\n'
    out = written(text.encode(), tmp_path / "a.csv")
    assert f'{GOOD};DIS91;"to\nlinjer";' in out
    assert out.count("\r\n\r\n") == 1
    assert len(list(csv.reader(io.StringIO(out, newline=""), delimiter=";"))) == 4


CELLS = st.text(st.sampled_from(" =+-@;\",'\n\ra1æ\xa0"), max_size=6)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=5), st.sampled_from(["\n", "\r\n"]))
def test_nothing_of_anybodys_is_lost(rows: list[list[str]], end: str) -> None:
    import tempfile

    text = io.StringIO(newline="")
    # A line break alone in a cell would be a row that looks like another; quoted, it is one cell.
    writer = csv.writer(text, delimiter=";", lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([["YDERNR", "Type", "Note"], *rows])
    with tempfile.TemporaryDirectory() as folder:
        try:
            out = written(text.getvalue().encode(), Path(folder) / "a.csv")
        except LetterError:
            return  # a cell over several lines that looks like a quote left open: refused, and nothing is lost
    went = list(csv.reader(io.StringIO(out, newline=""), delimiter=";"))[1:]
    assert len(went) == len(rows)
    for before, after in zip(rows, went, strict=True):
        padded = [*before, *[""] * (3 - len(before))]
        if len(after) == len(before) and not any(plain_cell(cell.strip()).strip() for cell in before):
            continue  # a row that says nothing goes out as it came
        assert after[:3] + after[3 + MORE :] == padded


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252"])
def test_the_first_letter_that_tells_the_encoding_may_come_late(encoding: str, tmp_path: Path) -> None:
    rows = f"{GOOD};DIS91;{'x' * 1_000}\n" * 100
    text = f"YDERNR;Type;Note\n{rows}{GOOD};DIS91;æ\n"
    assert f"\n{GOOD};DIS91;æ;" in written(text.encode(encoding), tmp_path / "a.csv")


def test_a_long_table_tells_how_far_it_is(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("recipient;message_type\n" + "990001;DIS91\n" * 5_000, "utf-8")
    told: list[tuple[str, int, int | None]] = []
    with TrafficTable(path, REGISTER.validate_many, progress=lambda *call: told.append(call)) as table:
        assert sum(1 for _ in table.rows()) == 5_000
    assert {(file, size) for file, _, size in told} == {(str(path), path.stat().st_size)}
    done = [seen for _, seen, _ in told]
    assert len(done) >= 4
    assert done == sorted(done)
