"""Every command and every report that writes CSV or a workbook, over a register whose names all want to be formulas."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from sor_addressing import Register, audit, compare, export, review
from sor_addressing.cli.app import program
from sor_addressing.exports import Use
from sor_addressing.testing import MadeUpLetter, MadeUpParty, RegisterBuilder, edifact_of

DAY = dt.date(2026, 1, 15)
SIGNS = ("=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "\xa0+", "\uff1d", "\uff0d", "#N/A ")
# What may stand there on purpose: digits as text, for spreadsheets.
KEPT = re.compile(r'="[0-9A-Za-z]*"')
RUNS = re.compile("[\t\r\n]|[\\s\u200b\ufeff]*[=+\\-@\uff1d\uff0b\uff0d\uff20]")


def register_of(day: dt.date, what: str) -> Register:
    build = RegisterBuilder(day)
    owner = build.owner("=ejer")
    for number, sign in enumerate(SIGNS):
        name = f"{sign}{what}{number}"
        standing = {"administrator": name, "supplier": name, "system": name, "net_operator": name}
        build.institution(owner, name, location_number=True, location=standing, provider_number=f"99{number:04}")
    return build.build()


@pytest.fixture(scope="module")
def old() -> Register:
    return register_of(DAY - dt.timedelta(1), "før")


@pytest.fixture(scope="module")
def new() -> Register:
    return register_of(DAY, "nu")


@pytest.fixture
def paths(old: Register, new: Register, tmp_path: Path) -> tuple[Path, Path]:
    old.save(tmp_path / "old.sor")
    new.save(tmp_path / "new.sor")
    return tmp_path / "old.sor", tmp_path / "new.sor"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    names = [f"{sign}nogle" for sign in SIGNS]
    with (tmp_path / "book.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=";").writerows(
            [["ydernummer", "navn"], *([f"99{n:04}", name] for n, name in enumerate(names))]
        )
    return tmp_path / "book.csv"


def cells_of(text: str, delimiter: str | None = None) -> Iterator[str]:
    text = text.removeprefix("\ufeff")
    delimiter = delimiter or max(";,", key=text.partition("\n")[0].count)
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        yield from row


def runs(text: str) -> list[str]:
    """The cells that a spreadsheet might run."""
    found = list(cells_of(text))
    assert len(found) > 10
    return [cell for cell in found if RUNS.match(cell) and not KEPT.fullmatch(cell)]


def ran(*arguments: object) -> str:
    result = CliRunner().invoke(program, list(map(str, arguments)), env={"SOR_ADDRESSING_REGISTER": None})
    assert result.exit_code in (0, 1, 4), result.output
    return result.stdout_bytes.decode()


def test_the_oracle_knows_a_formula() -> None:
    assert runs('a;b;c;d;e;f;g;h;i;j;=1;\'=1; +1;="42"') == ["=1", " +1"]


class TestCommands:
    def test_audit(self, paths: tuple[Path, Path], tmp_path: Path) -> None:
        assert runs(ran("audit", "--format", "csv", "--register", paths[1])) == []
        ran(
            "audit",
            "--format",
            "csv",
            "-o",
            tmp_path / "a.csv",
            "--cleaning-list",
            tmp_path / "lists",
            "--register",
            paths[1],
        )
        lists = list((tmp_path / "lists").iterdir())
        assert len(lists) > 1
        for path in (tmp_path / "a.csv", *lists):
            assert runs(path.read_bytes().decode()) == []

    def test_compare(self, paths: tuple[Path, Path], tmp_path: Path) -> None:
        out = ran("compare", *paths, "--format", "csv")
        assert "'=nu0" in out
        assert runs(out) == []
        ran("compare", *paths, "--format", "csv", "-o", tmp_path / "a.csv")
        assert runs((tmp_path / "a.csv").read_bytes().decode()) == []

    def test_review(self, paths: tuple[Path, Path], book: Path, tmp_path: Path) -> None:
        out = ran("review", book, "--format", "csv", "--corrected", tmp_path / "b.csv", "--register", paths[1])
        assert "'=nogle" in out
        assert runs(out) == []

    @pytest.mark.parametrize("use", sorted(Use.shipped()))
    @pytest.mark.parametrize("options", [(), ("--spreadsheet",), ("--types", "columns")])
    def test_export(self, use: str, options: tuple[str, ...], paths: tuple[Path, Path], tmp_path: Path) -> None:
        ran("export", use, "--all", "-o", tmp_path / "a.csv", "--register", paths[1], *options)
        assert runs((tmp_path / "a.csv").read_bytes().decode()) == []

    def test_validate_file_of_letters(self, paths: tuple[Path, Path], tmp_path: Path) -> None:
        (tmp_path / "letters").mkdir()
        party = MadeUpParty(location_number="=1+1", sor_code="@SUM(1)")
        for number, sign in enumerate("=+-@"):
            letter = MadeUpLetter(
                sender=party, receiver=party, letter_id=f"{sign}brev{number}", envelope_id=f"{sign}kuvert"
            )
            (tmp_path / "letters" / f"{sign}1.edi").write_bytes(edifact_of(letter))
            (tmp_path / "letters" / f"{sign}2.edi").write_bytes(b"nothing")
        assert runs(ran("validate-file", tmp_path / "letters", "--format", "csv", "--register", paths[1])) == []

    def test_validate_file_of_a_table_adds_none(self, paths: tuple[Path, Path], tmp_path: Path) -> None:
        lines = [f"{990000 + number:06};=DIS91" for number in range(5)]
        (tmp_path / "t.csv").write_text("\n".join(["ydernummer;type", *lines]) + "\n")
        added = list(cells_of(ran("validate-file", tmp_path / "t.csv", "--register", paths[1]), ";"))
        assert [cell for cell in added if RUNS.match(cell) and cell != "=DIS91"] == []


class TestReports:
    def test_audit(self, new: Register, tmp_path: Path) -> None:
        found = audit(new)
        for delimiter in ";,":
            found.to_csv(tmp_path / "a.csv", delimiter=delimiter)
            assert runs((tmp_path / "a.csv").read_bytes().decode()) == []

    @pytest.mark.parametrize("for_excel", [True, False])
    def test_compare(self, for_excel: bool, old: Register, new: Register) -> None:
        out = io.StringIO(newline="")
        compare(old, new).to_csv(out, for_excel=for_excel)
        assert runs(out.getvalue()) == []

    def test_review_and_the_corrected_book(self, new: Register, tmp_path: Path) -> None:
        rows = [{"ydernummer": f"99{n:04}", "navn": f"{sign}nogle"} for n, sign in enumerate(SIGNS)]
        found = review(rows, new)
        out = io.StringIO(newline="")
        found.to_csv(out)
        assert runs(out.getvalue()) == []
        found.write_corrected(tmp_path / "b.csv")
        assert runs((tmp_path / "b.csv").read_bytes().decode()) == []


WORKBOOKS: dict[str, Callable[[Register, Path], object]] = {
    "audit": lambda register, path: audit(register).to_excel(path),
    "export": lambda register, path: export(register, "all-addresses", path, only_addressable=False),
}


@pytest.mark.parametrize("what", sorted(WORKBOOKS))
def test_in_a_workbook_all_is_text(what: str, new: Register, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    WORKBOOKS[what](new, tmp_path / "a.xlsx")
    cells = [cell for sheet in openpyxl.load_workbook(tmp_path / "a.xlsx") for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    risky = [cell for cell in cells if cell.value and RUNS.match(cell.value)]
    assert len(risky) > 5
    assert all(cell.quotePrefix for cell in risky)  # the apostrophe that a spreadsheet itself puts there
    assert any(cell.value.startswith("#N/A") for cell in cells if cell.value)
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist())
