"""Packs: for each hospital, administrator and so on a folder with a list, a page and a letter, and an overview above them."""

from __future__ import annotations

import csv
import datetime as dt
import re
import sys
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from sor_addressing import MissingExtra, NotWritten, PolicyError, Register, audit
from sor_addressing.quality import Audit, Pack, rule
from sor_addressing.quality.packs import writing
from sor_addressing.quality.packs.naming import folder_name, folder_names
from sor_addressing.quality.packs.writing import LIST_COLUMNS
from sor_addressing.testing import RegisterBuilder, made_up_nation

DAY = dt.date(2026, 1, 15)
HOSPITAL = "22232009"
NASTY = "..\\..//<script>alert('x')</script> CON\r\nBcc: x@example.org"
RESERVED = {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))}
RULES = ["number-without-registrations", "open-number-on-closed-unit", "inheritance-broken"]


@pytest.fixture(scope="module")
def register() -> Register:
    """Two hospitals with something to do, one of them with a nasty name, one without, and a practice."""
    build = RegisterBuilder(DAY)
    region = build.owner("Prøveregionen")
    first = build.institution(region, "Sygehus Ærø", types=HOSPITAL, location_number=True)
    build.registers(first, "DIS91 D9134L")
    build.unit(first, "Øre", location_number=True)
    build.unit(first, "Bryst", location_number=True, to_date=dt.date(2025, 12, 31))
    build.unit(first, "=1+1", location_number=True)
    nasty = build.institution(region, NASTY, types=HOSPITAL)
    build.unit(nasty, "Afsnit", inherits=True)
    build.registers(build.institution(region, "Sygehus Fejlfrit", types=HOSPITAL, location_number=True), "DIS91 D9134L")
    build.institution(build.owner("Lægehus"), "Lægerne", location_number=True)
    return build.build()


@pytest.fixture(scope="module")
def found(register: Register) -> Audit:
    return audit(register, rules=RULES)


@pytest.fixture(scope="module")
def nation() -> Audit:
    return audit(made_up_nation(150).to_register())


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=";"))


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def pack_of(packs: tuple[Pack, ...], name: str) -> Pack:
    return next(pack for pack in packs if pack.group.name().startswith(name))


class Page(HTMLParser):
    """Tags with attributes, and texts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_each_hospital_that_has_something_to_do_gets_a_folder(found: Audit, register: Register, tmp_path: Path) -> None:
    written = found.packs(tmp_path / "new" / "packs")
    codes = {unit.name.partition("/")[0].strip(".\\") or "nasty": unit.sor_code for unit in register}
    assert {pack.folder.name for pack in written.packs} == {
        f"sygehus-aero-{codes['Sygehus Ærø']}",
        f"script-alert-x-script-con-bcc-x-example-org-{codes['nasty']}",
    }
    assert sorted(tree(written.folder)) == sorted(
        [
            *(
                f"{pack.folder.name}/{name}"
                for pack in written.packs
                for name in ("list.csv", "list.xlsx", "mail.txt", "page.html")
            ),
            *("index.csv", "index.html"),
        ]
    )
    assert [group.name() for group in written.without] == ["Sygehus Fejlfrit"]
    assert (written.rows, written.nobodys, written.rows + written.nobodys) == (4, 1, len(found.remarks))
    heads, *rows = read(tmp_path / "new" / "packs" / "index.csv")
    told = {row[heads.index("Kode")]: (row[heads.index("At rette")], row[heads.index("Mappe")]) for row in rows}
    assert told[codes["Sygehus Fejlfrit"]] == ("0", "")
    assert told[codes["Sygehus Ærø"]] == ("3", f"sygehus-aero-{codes['Sygehus Ærø']}")
    page = Page(written.index.read_text("utf-8"))
    links = [values["href"] for tag, values in page.tags if tag == "a"]
    assert all((written.folder / link).is_file() for link in links if link and not link.startswith("#"))
    assert "1 har intet at rette og har derfor ingen pakke. Alle står i index.csv med 0." in page.texts
    assert any("(ikke under noget sygehus): 1 ting, der ikke er i nogen pakke." in text for text in page.texts)


def test_a_list_has_a_row_for_each_thing_unit_by_unit(found: Audit, register: Register, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    pack = pack_of(found.packs(tmp_path, language="en").packs, "Sygehus Ærø")
    heads, *rows = read(pack.folder / "list.csv")
    assert heads == [
        *("Done", "Severity", "Unit", "Lies in", "SOR code", "Location number"),
        *("What is wrong", "What to do", "Since", "Rule", "Rule code"),
    ]
    assert len(LIST_COLUMNS) == len(set(heads)) == 11
    assert [row[2] for row in rows] == ["'=1+1", "Bryst", "Øre"]
    remarks = {one.sor_code: one for one in found.remarks}
    for row in rows:
        remark = remarks[row[4]]
        assert row[5:8] == [remark.location_number, remark.text("en"), remark.fix("en")]
        assert (row[0], row[3], row[10]) == ("", "Sygehus Ærø < Prøveregionen", remark.rule)
    assert [row[8] for row in rows] == ["", "2026-01-01", ""]
    assert (pack.rows, pack.neutralised) == (3, 1)
    sheet = openpyxl.load_workbook(pack.folder / "list.xlsx").active
    cells = [[cell.value or "" for cell in row] for row in sheet.iter_rows()]
    assert cells == [[cell.removeprefix("'") for cell in row] for row in (heads, *rows)]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_page_explains_each_rule_and_needs_nothing_else(found: Audit, language: str, tmp_path: Path) -> None:
    for pack in found.packs(tmp_path, language=language, csv_only=True).packs:
        text = (pack.folder / "page.html").read_text("utf-8")
        page = Page(text)
        assert [tag for tag, _ in page.tags if tag in ("script", "img", "link", "iframe", "object")] == []
        links = [(values.get("href") or "") for _, values in page.tags]
        assert [link for link in links if link and not link.startswith("#")] == []
        assert ("html", {"lang": language}) in page.tags
        ids = {values["id"] for tag, values in page.tags if tag == "section"}
        assert ids == {"numbers", "begin", "after", *pack.group.by_rule}
        assert {link.removeprefix("#") for link in links if link} <= ids
        steps = {"da": "Sådan rettes det i SOR", "en": "How to mend it in SOR"}[language]
        assert page.texts.count(steps) == len(pack.group.by_rule)
        assert sum(tag == "svg" for tag, _ in page.tags) >= 2 + len(pack.group.by_rule) - 1


def test_a_letter_goes_with_it_and_a_name_can_add_no_header(found: Audit, tmp_path: Path) -> None:
    for pack in found.packs(tmp_path, csv_only=True, until=dt.date(2026, 3, 1)).packs:
        subject, empty, *lines = (pack.folder / "mail.txt").read_text("utf-8").splitlines()
        assert subject.startswith(f"Emne: Oprydning i SOR: {pack.rows} ting at rette hos ")
        assert (empty, lines[-1] != "") == ("", True)
        assert not any(line.startswith("Bcc") for line in lines)
        assert not any(not one and not other for one, other in pairwise(lines))
        assert max(map(len, lines)) <= 76
        assert "Det skal være rettet senest 2026-03-01." in lines
        assert "(list.csv)" in " ".join(lines)
        told = [line for line in lines if line.startswith("- ")]
        assert [int(line.rpartition(": ")[2]) for line in told] == list(pack.group.by_rule.values())


def test_a_date_that_is_over_is_told_as_such(found: Audit, tmp_path: Path) -> None:
    for day, said in ((DAY, "It is to be corrected by"), (DAY - dt.timedelta(1), "It was to be corrected by")):
        (pack, *_) = found.packs(tmp_path, csv_only=True, until=day, language="en").packs
        for name in ("mail.txt", "page.html"):
            assert f"{said} {day}." in (pack.folder / name).read_text("utf-8")


def test_names_are_safe_everywhere_and_the_same_the_next_time() -> None:
    named = [
        *(
            ("con", ""),
            ("CON", ""),
            ("Con", "CON"),
            ("", "Ingen"),
            ("../..", "..\\.."),
            ("a b", "/"),
            ("a-b", "/"),
            ("A-B", "/"),
        ),
        *(
            ("x" * 300, "y" * 300),
            ("9" * 13, "Ω漢字"),
            ("9" * 12, "Sygehus."),
            ("1", " "),
            ("=1", "NUL"),
            ("%2e", "LPT1"),
        ),
        *(("e\u0301", "é"), ("é", "e\u0301"), ("Æ", "æ"), ("AE", "ae"), ("\u202e", "\u202e")),
    ]
    folders = folder_names("hospital", named)
    assert len({name.casefold() for name in folders.values()}) == len(named)
    for name in folders.values():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name), name
        assert name not in RESERVED
        assert len(name) <= 100
    assert folder_names("hospital", reversed(named)) == folders


def test_no_two_codes_have_one_folder_though_somebody_wants_them_to() -> None:
    theirs = folder_name("a", "A!", "")
    code = theirs.removeprefix("a-").replace("-", "")
    assert folder_name("a", code, "") != theirs
    forged = folder_names("a", [("A!", "x"), (theirs.rpartition("-")[2], "x a")])
    assert len(set(forged.values())) == 2


def test_the_same_audit_gives_the_same_bytes(found: Audit, tmp_path: Path) -> None:
    found.packs(tmp_path / "one")
    found.packs(tmp_path / "two")
    found.packs(tmp_path / "two")
    assert tree(tmp_path / "one") == tree(tmp_path / "two")


def test_other_files_stay_and_folders_of_a_former_time_are_told(
    found: Audit, register: Register, tmp_path: Path
) -> None:
    first = found.packs(tmp_path, csv_only=True)
    kept = first.packs[0].folder / "ours.docx"
    kept.write_bytes(b"ours")
    (tmp_path / "somebody").mkdir()
    (tmp_path / "somebody" / "list.csv").write_bytes(b"theirs")
    fewer = audit(register, rules=["inheritance-broken"]).packs(tmp_path, csv_only=True)
    gone = pack_of(first.packs, "Sygehus Ærø").folder
    assert fewer.left_over == (gone,)
    assert gone.name in fewer.index.read_text("utf-8")
    assert ((gone / "list.csv").is_file(), kept.read_bytes()) == (True, b"ours")
    assert (tmp_path / "somebody" / "list.csv").read_bytes() == b"theirs"


@pytest.mark.parametrize("nth", [1, 2, 5, 8])
def test_a_run_that_fails_half_way_leaves_everything_as_it_was(
    found: Audit, nth: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit_before = tmp_path / "before"
    found.packs(audit_before, language="en")
    before = tree(audit_before)
    made = writing.pack_page
    count = 0

    def failing(*args: object) -> str:
        nonlocal count
        count += 1
        if count >= min(nth, 2):
            raise KeyboardInterrupt
        return made(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(writing, "pack_page", failing)
    for target in (audit_before, tmp_path / "fresh"):
        count = 0
        with pytest.raises(KeyboardInterrupt):
            found.packs(target)
    assert tree(audit_before) == before
    assert not (tmp_path / "fresh").exists()


def test_what_stands_in_the_way_is_told_and_nothing_is_written(found: Audit, tmp_path: Path) -> None:
    names = [pack.folder.name for pack in found.packs(tmp_path / "names").packs]
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(NotWritten):
        found.packs(tmp_path / "file")
    for way in (names[1], f"{names[0]}/list.csv", "index.html"):
        target = tmp_path / way.replace("/", "-")
        target.mkdir()
        if way == names[1]:
            (target / way).write_bytes(b"a file")
        else:
            (target / way).mkdir(parents=True)
        before = sorted(target.rglob("*"))
        with pytest.raises(NotWritten):
            found.packs(target)
        assert sorted(target.rglob("*")) == before


def test_without_openpyxl_the_extra_is_named_and_csv_alone_can_be_asked_for(
    found: Audit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(MissingExtra, match=r"sor-addressing\[excel\]"):
        found.packs(tmp_path / "packs")
    assert list(tmp_path.iterdir()) == []
    written = found.packs(tmp_path / "packs", csv_only=True)
    assert {path.name for pack in written.packs for path in pack.files} == {"list.csv", "page.html", "mail.txt"}


def test_what_is_new_is_told_by_message_types_where_a_number_has_several_remarks_by_a_rule(tmp_path: Path) -> None:
    def on(day: dt.date, *types: str) -> Audit:
        build = RegisterBuilder(day)
        hospital = build.institution(build.owner("Region"), "Sygehuset", types=HOSPITAL, location_number=True)
        build.registers(hospital, *types, receive=True)
        return audit(build.build(), rules=["version-not-current"])

    before = on(DAY - dt.timedelta(7), "DIS91 D9133L")
    now = on(DAY, "DIS91 D9133L", "REF01 H0130R")
    (pack,) = now.packs(tmp_path, before=before, csv_only=True).packs
    since = {("REF01" in row[6]): row[8] for row in read(pack.folder / "list.csv")[1:]}
    assert since == {False: "2026-01-08 eller før", True: "ny siden 2026-01-08"}


def test_a_former_day_tells_what_is_new_and_what_was_mended(tmp_path: Path) -> None:
    def on(day: dt.date, *units: str) -> Audit:
        build = RegisterBuilder(day)
        hospital = build.institution(build.owner("Region"), "Sygehuset", types=HOSPITAL)
        for name in ("A", "B", "C", "D"):
            unit = build.unit(hospital, name, location_number=True)
            if name not in units:
                build.registers(unit, "DIS91 D9134L")
        return audit(
            build.build(), rules=["number-without-registrations", *(["system-unknown"] if len(units) == 2 else [])]
        )

    before = on(DAY - dt.timedelta(7), "A", "B", "C")
    now = on(DAY, "C", "D")
    (pack,) = now.packs(tmp_path, before=before, csv_only=True).packs
    since = {row[2]: row[8] for row in read(pack.folder / "list.csv")[1:] if row[10] == "number-without-registrations"}
    assert since == {"C": "2026-01-08 eller før", "D": "ny siden 2026-01-08"}
    text = (pack.folder / "page.html").read_text("utf-8")
    assert "2026-01-08 var der 3 ting at rette, nu er der 2." in text
    assert "Regler, der kun er fulgt den ene af dagene, er ikke talt med." in text
    assert "; 3 sidst" in text
    heads, row, _ = read(tmp_path / "index.csv")
    assert (row[0], row[heads.index("Sidst")]) == ("Sygehuset", "3")
    with pytest.raises(PolicyError, match="2026-01-15 is not before 2026-01-15"):
        now.packs(tmp_path / "wrong", csv_only=True, before=now)
    assert not (tmp_path / "wrong").exists()


def test_nothing_to_do_is_an_overview_that_says_so(tmp_path: Path) -> None:
    build = RegisterBuilder(DAY)
    build.institution(build.owner("Region"), "Sygehuset", types=HOSPITAL)
    for language, said in (
        ("da", "Intet at rette, og derfor ingen pakker."),
        ("en", "Nothing to do, and so no packs."),
    ):
        written = audit(build.build(), rules=RULES).packs(tmp_path / language, language=language)
        assert (written.packs, written.rows, len(written.without)) == ((), 0, 1)
        assert said in written.index.read_text("utf-8")
        assert sorted(tree(tmp_path / language)) == ["index.csv", "index.html"]


def test_a_rule_of_ones_own_without_a_text_is_told_by_its_title(register: Register, tmp_path: Path) -> None:
    @rule("all-of-them", "info")
    def all_of_them(scope):  # type: ignore[no-untyped-def]
        "It is a unit."
        return [scope.seen(unit) for unit in scope.units]

    (*_, pack) = audit(register, rules=[all_of_them]).packs(tmp_path, by="institution", csv_only=True).packs
    assert "It is a unit." in (pack.folder / "page.html").read_text("utf-8")


@pytest.mark.parametrize(
    "by", ["administrator", "supplier", "system", "region", "municipality", "unit_type", "owner", "institution"]
)
def test_packs_are_made_by_whatever_an_audit_is_told_by(by: str, nation: Audit, tmp_path: Path) -> None:
    found = nation
    written = found.packs(tmp_path, by=by, language="en", csv_only=True)
    groups = [group for group in found.by(by) if group.remarks and group.code]
    assert [(pack.group.code, pack.rows) for pack in written.packs] == [(group.code, group.remarks) for group in groups]
    assert all(len(read(pack.folder / "list.csv")) == pack.rows + 1 for pack in written.packs)
    assert written.packs


def test_a_misspelt_argument_and_kind_are_told(found: Audit, tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="did you mean 'language'"):
        found.packs(tmp_path, langauge="en")  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="hospitals"):
        found.packs(tmp_path, by="hospitals")
    with pytest.raises(ValueError, match="'de'"):
        found.packs(tmp_path / "packs", language="de")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.national
def test_no_thing_of_the_nation_is_lost_or_told_twice(tmp_path: Path) -> None:
    found = audit(made_up_nation(90_000).to_register())
    written = found.packs(tmp_path)
    assert written.rows + written.nobodys == len(found.remarks)
    told = [(row[10], row[4], row[5], row[6]) for pack in written.packs for row in read(pack.folder / "list.csv")[1:]]
    assert len(told) == written.rows
    remarks = Counter(
        (one.rule, one.sor_code or "", one.location_number or "", one.text("da")) for one in found.remarks
    )
    assert not Counter(told) - remarks
