"""What an audit is written as: lists for spreadsheets and programs, reports for people."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from sor_addressing import MissingExtra, NotWritten, PolicyError, Register, audit
from sor_addressing.cells import harmless
from sor_addressing.quality import Audit, Written, trend
from sor_addressing.quality.report import rows as report_rows
from sor_addressing.testing import RegisterBuilder, made_up_nation
from sor_addressing.whole_file import written_binary, written_text

DAY = dt.date(2026, 1, 15)
NASTY = "<script>alert('x')</script> & \"A\" | *B*"


@pytest.fixture(scope="module")
def sample() -> Audit:
    return audit(Register.sample())


@pytest.fixture(scope="module")
def nasty() -> Audit:
    """Names that want to be a formula, or markup."""
    build = RegisterBuilder(DAY)
    owner = build.owner("@SUM(1)")
    standing = {"administrator": "=A1", "supplier": NASTY, "net_operator": "41000035001", "system": "S"}
    build.institution(owner, "=1+1", location_number=True, location=standing)
    build.institution(owner, NASTY, location_number=True, location={**standing, "administrator": "con/../x"})
    return audit(build.build(), rules=["number-without-registrations"])


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=";"))


def test_a_csv_has_a_row_for_each_remark_with_what_to_change_and_why(sample: Audit, tmp_path: Path) -> None:
    written = sample.to_csv(tmp_path / "a.csv", language="da")
    assert written == Written(tmp_path / "a.csv", 13, 0)
    heads, *rows = read(tmp_path / "a.csv")
    assert len(heads) == len(set(heads)) == len(report_rows.COLUMNS)
    assert [row[heads.index("SOR-kode")] for row in rows] == [one.sor_code or "" for one in sample.remarks]
    assert [row[heads.index("Hvorfor")] for row in rows] == [one.text("da") for one in sample.remarks]
    assert [row[heads.index("Hvad der skal ændres")] for row in rows] == [one.fix("da") for one in sample.remarks]
    receipts = next(row for row in rows if "receipt-missing" in row)
    assert receipts[:7] == [
        "fejl",
        "receipt-missing",
        "Kvittering mangler",
        "9000341000016005",
        "Lægerne Uden kvitteringer",
        "Lægehuset Tranebærgade < Lægefællesskabet Tranebærgade",
        "5790999000345",
    ]
    assert receipts[heads.index("Region")] == "Region Nordjylland (1081)"
    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_what_a_spreadsheet_would_take_for_a_formula_is_text_and_counted(nasty: Audit, tmp_path: Path) -> None:
    written = nasty.to_csv(tmp_path / "a.csv")
    rows = read(tmp_path / "a.csv")
    cells = [cell for row in rows for cell in row]
    assert [cell for cell in cells if cell[:1] in tuple("=+-@\t\r")] == []
    assert "'=1+1" in cells
    assert "'@SUM(1)" in cells
    assert written.neutralised == sum(cell.startswith("'") for cell in cells) == 4


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r=1"])
def test_each_sign_is_neutralised(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert harmless(f"a{text}") == f"a{text}"


def test_json_lines_are_the_remarks(sample: Audit, tmp_path: Path) -> None:
    assert sample.to_json_lines(tmp_path / "a.jsonl", language="da").rows == 13
    lines = (tmp_path / "a.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [one.to_dict("da") for one in sample.remarks]


def test_a_workbook_has_the_same_cells_as_text(nasty: Audit, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    written = nasty.to_excel(tmp_path / "a.xlsx", language="en")
    assert written == Written(tmp_path / "a.xlsx", 2)
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    rows = [[cell.value or "" for cell in row] for row in sheet.iter_rows()]
    nasty.to_csv(tmp_path / "a.csv")
    plain = [
        [cell.removeprefix("'") if cell[1:2] in ("=", "@") else cell for cell in row]
        for row in read(tmp_path / "a.csv")
    ]
    assert rows == plain
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}


def test_without_openpyxl_the_extra_is_named(sample: Audit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(MissingExtra, match=r"sor-addressing\[excel\]"):
        sample.to_excel(tmp_path / "a.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_each_maintainer_gets_a_list(tmp_path: Path) -> None:
    found = audit(made_up_nation(400).to_register())
    written = found.write_cleaning_lists(tmp_path / "lists")
    by_code = {group.code: group.remarks for group in found.by("administrator") if group.remarks}
    assert {one.path.name: one.rows for one in written} == {
        f"administrator-{code or 'not-said'}.csv": count for code, count in by_code.items()
    }
    for one in written:
        heads, *rows = read(one.path)
        assert len(rows) == one.rows
        codes = {row[heads.index("EDI-administrator")] for row in rows}
        assert codes == {one.path.stem.removeprefix("administrator-").replace("not-said", "")}
    again = found.write_cleaning_lists(tmp_path / "lists", by="region", language="en")
    assert {one.path.name for one in again} >= {"region-1081-region-nordjylland.csv"}


def test_the_names_of_lists_can_be_written_anywhere(nasty: Audit, tmp_path: Path) -> None:
    names = [one.path.name for one in nasty.write_cleaning_lists(tmp_path)]
    assert names == ["administrator-a1.csv", "administrator-con-x.csv"]
    assert sorted(path.name for path in tmp_path.iterdir()) == names


def test_no_two_lists_have_one_name(tmp_path: Path) -> None:
    build = RegisterBuilder(DAY)
    owner = build.owner("Ejer")
    for code in ("A 1", "A-1", "Ænlig"):
        build.institution(owner, f"Praksis {code}", location_number=True, location={"administrator": code})
    found = audit(build.build(), rules=["number-without-registrations"])
    written = found.write_cleaning_lists(tmp_path)
    names = [one.path.name for one in written]
    assert names == ["administrator-a-1.csv", "administrator-a-1-2.csv", "administrator-aenlig.csv"]
    assert [one.rows for one in written] == [1, 1, 1]


def test_a_cleaning_list_can_be_a_workbook(nasty: Audit, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    first, _ = nasty.write_cleaning_lists(tmp_path, format="excel")
    assert openpyxl.load_workbook(first.path).active.cell(2, 5).value == "=1+1"
    with pytest.raises(PolicyError, match="can't be written as 'pdf'"):
        nasty.write_cleaning_lists(tmp_path, format="pdf")


def test_markdown_has_the_tables_and_takes_names_as_they_stand(nasty: Audit, sample: Audit, tmp_path: Path) -> None:
    text = sample.to_markdown(tmp_path / "a.md", by=["region"], examples=1)
    assert (tmp_path / "a.md").read_text("utf-8") == text
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert headings == ["By rule", "By region", "Units with most remarks", "Not checked", "Remarks"]
    assert "| error | Receipt missing | receipt-missing | 2 |" in text
    assert "1 of 2 are shown." in text
    told = nasty.to_markdown(language="da", by=["supplier"])
    assert "<script>" not in told.replace("\\<script\\>", "")
    assert "\\| \\*B\\*" in told


def test_a_report_says_what_was_left_out() -> None:
    build = RegisterBuilder(DAY)
    owner = build.owner("Ejer")
    for code in ("L1", "L2", "L3"):
        build.institution(owner, "Praksis", location_number=True, location={"supplier": code})
    found = audit(build.build(), rules=["number-without-registrations"], supplier=["L1", "L2"], kind="SI")
    text = found.to_markdown(by=["supplier"], limit=1)
    assert "Only what fits: supplier L1, L2; kind SI." in text
    assert "The worst 1 of 2 are shown." in text
    page = Page(found.to_html(by=["supplier"], limit=1, language="da"))
    assert "De 1 med flest af 2 vises." in page.text


class Page(HTMLParser):
    """Tags, attributes and the text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_page_needs_nothing_else_and_escapes_what_the_register_says(nasty: Audit, language: str) -> None:
    text = nasty.to_html(language=language)
    page = Page(text)
    tags = [tag for tag, _ in page.tags]
    assert page.tags[0] == ("html", {"lang": language})
    assert {"script", "img", "link", "iframe"}.isdisjoint(tags)
    addresses = [value for _, attributes in page.tags for name, value in attributes.items() if name in ("src", "href")]
    assert addresses
    assert all(address.startswith("#") for address in addresses)
    assert "url(" not in text
    assert "@import" not in text
    assert NASTY in "".join(page.text)
    assert {"svg", "details", "table"} <= set(tags)


def test_every_bar_says_in_words_what_it_shows(sample: Audit) -> None:
    page = Page(sample.to_html(by=["supplier"]))
    bars = [attributes for tag, attributes in page.tags if tag == "svg"]
    assert bars
    assert all(bar["role"] == "img" and bar["aria-label"] for bar in bars)
    assert "9221: 2 errors, 5 warnings, 2 infos" in [bar["aria-label"] for bar in bars]


def test_a_trend_is_drawn_and_told(tmp_path: Path) -> None:
    nations = [made_up_nation(200, snapshot_date=DAY - dt.timedelta(day)) for day in range(3)]
    seen = trend(nation.to_register() for nation in nations)
    found = audit(nations[0].to_register())
    text = found.to_html(tmp_path / "a.html", trend=seen, by=[])
    assert text.count("<polyline ") == 3
    assert "2026-01-13" in text
    markdown = found.to_markdown(trend=seen, by=[])
    assert markdown.count("\n| 2026-01-") == 3
    one_day = trend([nations[0].to_register()])
    assert "<polyline " not in found.to_html(trend=one_day, by=[])


def test_a_register_with_nothing_wrong_says_so() -> None:
    build = RegisterBuilder(DAY)
    build.owner("Ejer")
    found = audit(build.build(), rules=["inheritance-broken"])
    assert "Intet at bemærke." in found.to_html(language="da")
    assert "0 remarks on 1 unit" in found.to_markdown()


@pytest.mark.parametrize("make", [written_text, written_binary])
def test_nothing_of_an_interrupted_write_stays(tmp_path: Path, make) -> None:
    target = tmp_path / "a"
    target.write_text("before")

    def interrupted() -> None:
        with make(target) as file:
            file.write("x" if make is written_text else b"x")
            raise KeyError

    with pytest.raises(KeyError):
        interrupted()
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert target.read_text() == "before"


def test_a_folder_that_is_not_there_is_told_by_the_path_asked_for(sample: Audit, tmp_path: Path) -> None:
    target = tmp_path / "nowhere" / "a.csv"
    with pytest.raises(NotWritten, match="there is no folder") as error:
        sample.to_csv(target)
    assert error.value.file == str(target)
