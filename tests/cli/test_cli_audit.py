"""``audit``: tables, files, cleaning lists, and exit codes."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path

import pytest

from sor_addressing import Register, audit
from sor_addressing.quality import PackTexts, shipped_rules
from sor_addressing.testing import RegisterBuilder

LISTED = """system,supplier,system_type,message_name,code,version,direction,status
Journal Alfa,Prøvehuset,Lægesystemer,Korrespondancebrev,DIS91,D9134L,send,approved
"""


@pytest.fixture
def approvals(tmp_path: Path) -> Path:
    path = tmp_path / "approved.csv"
    path.write_text(LISTED, "utf-8")
    return path


def test_a_table_tells_what_is_wrong_and_what_was_not_checked(run) -> None:
    ran = run("audit", "--sample")
    assert (ran.code, ran.err) == (0, "")
    assert ran.lines[0] == "MADE-UP REGISTER: none of the units exists."
    assert "13 remarks on 63 units and 47 location numbers: 3 errors, 8 warnings, 2 infos." in ran.lines
    assert any(line.split() == ["error", "Receipt", "missing", "receipt-missing", "2"] for line in ran.lines)
    assert "Not checked" in ran.lines
    assert "By supplier" not in ran.lines


def test_it_is_counted_by_whom_it_concerns(run) -> None:
    ran = run("audit", "--sample", "--by", "supplier", "--by", "region", "--lang", "da")
    assert {"Efter systemleverandør", "Efter region"} <= set(ran.lines)
    assert any(line.split()[:5] == ["9221", "9221", "2", "5", "2"] for line in ran.lines)


def test_json_is_the_document_of_the_audit(run) -> None:
    document = run("audit", "--sample", "--json", "--by", "region").json
    mine = audit(Register.sample())
    assert {key: document[key] for key in mine.to_dict()} == json.loads(json.dumps(mine.to_dict()))
    assert [group["code"] for group in document["by"]["region"]] == ["1081", ""]
    assert (document["made_up"], document["cleaning_lists"]) == (True, [])


def test_rules_can_be_listed(run) -> None:
    ran = run("audit", "--list-rules")
    assert [line.split()[0] for line in ran.lines[2:]] == [rule.code for rule in shipped_rules()]
    assert [rule["code"] for rule in run("audit", "--list-rules", "--json").json["rules"]] == [
        rule.code for rule in shipped_rules()
    ]


def test_rules_and_filters_narrow_it(run) -> None:
    document = run("audit", "--sample", "--json", "--rules", "receipt-missing", "--supplier", "9221").json
    assert (document["by_rule"], document["units"]) == ({"receipt-missing": 2}, 16)
    assert (
        run("audit", "--sample", "--json", "--rules", "receipt-missing", "--on", "2030-01-01").json["on"]
        == "2030-01-01"
    )
    assert run("audit", "--sample", "--json", "--message-type", "FDIS20").json["filter"]["message_type"] == "FDIS20"


def test_an_approval_list_is_used(run, approvals: Path, tmp_path: Path) -> None:
    aliases = tmp_path / "aliases.csv"
    aliases.write_text("registered,approved\n9121,Journal Alfa\n", "utf-8")
    plain = run("audit", "--sample", "--json", "--approvals", approvals).json
    assert "9121" in [one["code"] for one in plain["unmatched_systems"]]
    assert plain["by_rule"]["type-not-approved"] == 0
    helped = run("audit", "--sample", "--json", "--approvals", approvals, "--aliases", aliases).json
    assert "9121" not in [one["code"] for one in helped["unmatched_systems"]]
    assert helped["by_rule"]["type-not-approved"] > 0
    assert "Systems that can't be told on the approval list" in run("audit", "--sample", "--approvals", approvals).lines


def test_packages_are_used(run) -> None:
    shipped = run("audit", "--sample", "--json", "--packages", "shipped").json
    assert {"package-types-missing", "package-types-beyond"} <= set(shipped["by_rule"])
    assert run("audit", "--sample", "--packages", "nowhere.toml").code == 2


@pytest.mark.parametrize(
    ("shape", "begins"), [("markdown", "# The quality"), ("html", "<!DOCTYPE html>"), ("jsonl", "{")]
)
def test_an_answer_goes_to_standard_output_or_a_file(run, tmp_path: Path, shape: str, begins: str) -> None:
    ran = run("audit", "--sample", "--format", shape)
    assert ran.code == 0
    assert ran.out.startswith(begins)
    target = tmp_path / "answer"
    to_file = run("audit", "--sample", "--format", shape, "-o", target)
    assert (to_file.code, to_file.out) == (0, "")
    assert target.read_text("utf-8").rstrip("\n") == ran.out.rstrip("\n")


def test_csv_is_for_spreadsheets(run, tmp_path: Path) -> None:
    out = run("audit", "--sample", "--format", "csv", "--rules", "receipt-missing").out
    heads, *rows = list(csv.reader(out.splitlines(), delimiter=";"))
    assert (heads[0], len(rows)) == ("Severity", 2)
    target = tmp_path / "a.csv"
    ran = run("audit", "--sample", "--format", "csv", "-o", target)
    assert ran.err.strip() == f"{target}: 13 remarks."


def test_what_was_neutralised_is_told(run, tmp_path: Path) -> None:
    build = RegisterBuilder()
    owner = build.owner("=1+1", location_number=True)
    build.registers(owner, "DIS91", receive=True)
    written = build.write(tmp_path / "files")
    arguments = ("audit", "--register", tmp_path / "files", "--format", "csv", "--rules", "receipt-missing")
    assert written.message_types is not None
    ran = run(*arguments)
    assert ran.err.splitlines()[-1].startswith("1 cell began with a sign that spreadsheets take for a formula")
    assert "'=1+1" in ran.out
    assert run(*arguments, "-o", tmp_path / "a.csv").err.splitlines()[-1].startswith("1 cell ")


def test_a_workbook_needs_a_file(run, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    ran = run("audit", "--sample", "--format", "excel")
    assert ran.code == 2
    assert "--format excel takes --output" in ran.err
    run("audit", "--sample", "--format", "excel", "-o", tmp_path / "a.xlsx")
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").active.max_row == 14


def test_cleaning_lists_are_written_beside_the_answer(run, tmp_path: Path) -> None:
    ran = run("audit", "--sample", "--json", "--cleaning-list", tmp_path / "lists", "--by", "supplier")
    written = {Path(one["path"]).name: one["rows"] for one in ran.json["cleaning_lists"]}
    assert written == {path.name: written[path.name] for path in (tmp_path / "lists").iterdir()}
    assert written["supplier-9221.csv"] == 9
    by_default = run("audit", "--sample", "--cleaning-list", tmp_path / "more")
    assert by_default.code == 0
    assert all(path.name.startswith("administrator-") for path in (tmp_path / "more").iterdir())


def test_a_trend_takes_other_registers_and_the_days_of_the_store(run, tmp_path: Path, empty_store: Path) -> None:
    for day in (14, 15):
        build = RegisterBuilder(dt.date(2026, 1, day))
        owner = build.owner("Ejer", location_number=True, location={"system": "A", "net_operator": "B"})
        if day == 15:
            build.registers(owner, "DIS91", "CTL02", "CTL03", send=True, receive=True)
        build.write(tmp_path / str(day))
    arguments = (
        "audit",
        "--register",
        tmp_path / "15",
        "--rules",
        "number-without-registrations",
        "--trend",
        tmp_path / "14",
    )
    points = run(*arguments, "--json").json["trend"]["points"]
    assert [(point["on"], point["remarks"]) for point in points] == [("2026-01-14", 1), ("2026-01-15", 0)]
    lines = run(*arguments).lines
    assert [line.split() for line in lines if line.startswith("  2026-01-1")] == [
        ["2026-01-14", "1", "0", "1", "0"],
        ["2026-01-15", "1", "0", "0", "0"],
    ]
    assert "<polyline" in run(*arguments, "--format", "html").out
    refused = run(*arguments, "--format", "csv")
    assert (refused.code, refused.out) == (2, "")
    for day in (14, 15):
        assert run("update", "--from", tmp_path / str(day), "--home", empty_store, "--accept").code == 0
    stored = run("audit", "--json", "--trend", "store").json["trend"]["points"]
    assert [point["on"] for point in stored] == ["2026-01-14", "2026-01-15"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], 0),
        (["--fail-on", "error"], 1),
        (["--fail-on", "warning"], 1),
        (["--fail-on", "error", "--rules", "message-type-unknown"], 0),
        (["--fail-on", "warning", "--rules", "message-type-unknown"], 1),
        (["--fail-on", "warning", "--rules", "version-not-current"], 0),
    ],
    ids=str,
)
def test_the_exit_code_is_one_only_where_that_was_asked_for(run, arguments: list[str], code: int) -> None:
    assert run("audit", "--sample", *arguments).code == code
    assert run("audit", "--sample", "--json", *arguments).code == code


def test_an_old_register_is_audited_all_the_same(run, folder: Path, days_later) -> None:
    days_later(400)
    ran = run("audit", "--register", folder, "--json")
    assert (ran.code, ran.json["on"]) == (0, "2026-01-15")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--rules", "no-such"], "there is no rule 'no-such'"),
        (["--approvals", "nowhere.csv"], "nowhere.csv: can't be read"),
        (["--aliases", "a.csv"], "--aliases takes --approvals"),
        (["-o", "a.txt"], "--output takes --format"),
        (["--by", "colour"], "'colour' is not one of"),
        (["--near", "1,1"], "those are degrees"),
    ],
    ids=str,
)
def test_what_cannot_be_meant_is_refused(run, arguments: list[str], told: str) -> None:
    ran = run("audit", "--sample", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err


def test_the_tree_is_shown_to_a_depth(run) -> None:
    ran = run("audit", "--sample", "--rules", "receipt-missing", "--tree", "2")
    assert "The tree: each row counts itself and all below it" in ran.out
    assert "Lægehuset Tranebærgade" in ran.out
    document = run("audit", "--sample", "--rules", "receipt-missing", "--tree", "1", "--json").json
    assert document["tree"]["total"]["remarks"] == document["remarks_count"] == 2
    assert {node["depth"] for node in document["tree"]["nodes"]} == {0}
    assert run("audit", "--sample", "--format", "html", "--tree", "2").out.count('id="tree"') == 1


def test_by_hospital_and_one_hospital_alone(run) -> None:
    document = run("audit", "--sample", "--by", "hospital", "--hospital", "Grævlingelund Sygehus", "--json").json
    assert [group["name"] for group in document["by"]["hospital"]] == ["Grævlingelund Sygehus"]
    assert document["units"] == 31


def test_packs_are_written_beside_the_answer(run, tmp_path: Path) -> None:
    ran = run("audit", "--sample", "--json", "--packs", tmp_path / "packs", "--csv-only", "--lang", "en")
    packs = ran.json["packs"]
    (pack,) = packs["packs"]
    assert (pack["name"], pack["rows"], packs["nobodys"]) == ("Grævlingelund Sygehus", 3, 10)
    assert {path.name for path in Path(pack["folder"]).iterdir()} == {"list.csv", "page.html", "mail.txt"}
    assert ran.err.splitlines() == [
        f"{tmp_path / 'packs'}: 1 pack with 3 things to do; no pack for 0 with nothing to do.",
        "10 things that belong to none of them are in no pack.",
    ]
    by = run("audit", "--sample", "--packs", tmp_path / "packs", "--csv-only", "--by", "administrator", "--lang", "da")
    assert f"{tmp_path / 'packs'}: 2 pakker med 11 ting at rette;" in by.err
    assert f"Fra en tidligere gang ligger der endnu: {Path(pack['folder']).name}." in by.err
    assert (tmp_path / "packs" / "administrator-9601" / "mail.txt").read_text("utf-8").startswith("Emne: ")


def test_packs_compare_with_another_register_or_a_day_of_the_store(run, tmp_path: Path) -> None:
    for day in (8, 14):
        build = RegisterBuilder(dt.date(2026, 1, day))
        hospital = build.institution(build.owner("Region"), "Sygehuset", types="22232009")
        for name in "ABC"[: day // 4]:
            build.unit(hospital, name, location_number=True)
        build.build().save(tmp_path / f"{day}.sor")
    command = ("audit", "--register", tmp_path / "14.sor", "--rules", "number-without-registrations", "--csv-only")
    assert run(*command, "--packs", tmp_path / "packs", "--before", tmp_path / "8.sor").code == 0
    assert (tmp_path / "packs" / "index.csv").read_text("utf-8-sig").splitlines()[1].split(";")[8] == "2"
    wrong_day = run(*command, "--packs", tmp_path / "other", "--before", "2026-01-08")
    assert (wrong_day.code, "2026-01-08" in wrong_day.err) == (3, True)
    same = run(*command, "--packs", tmp_path / "other", "--before", tmp_path / "14.sor")
    assert (same.code, "is not before" in same.err) == (2, True)
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize("option", [("--csv-only",), ("--before", "2026-01-01"), ("--pack-texts", "own.toml")])
def test_what_is_of_packs_alone_says_so(run, option: tuple[str, ...]) -> None:
    ran = run("audit", "--sample", *option, "--lang", "en")
    assert (ran.code, ran.err.splitlines()[-1]) == (2, "Error: --pack-texts, --before and --csv-only take --packs")


def test_texts_of_ones_own_are_read_before_anything_is_done(run, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[mail.da]\nsubject = "{hvem}"\n', "utf-8")
    ran = run("audit", "--sample", "--packs", tmp_path / "packs", "--pack-texts", own, "--lang", "da")
    assert (ran.code, f"{own}, linje 2: mail.da: subject: {{hvem}} udfyldes ikke her" in ran.err) == (2, True)
    assert not (tmp_path / "packs").exists()


def test_the_texts_of_packs_can_be_shown_and_given_back(run, tmp_path: Path) -> None:
    shown = run("audit", "--show-pack-texts")
    own = tmp_path / "own.toml"
    own.write_text(shown.out, "utf-8")
    assert shown.code == 0
    assert PackTexts.load(own) == PackTexts.shipped()


def test_a_target_is_told_in_every_form(run, tmp_path: Path) -> None:
    for at, faulty in enumerate((4, 2)):
        build = RegisterBuilder(dt.date(2026, 1, 1 + 14 * at))
        house = build.institution(build.owner("Ejer"), "Prøvesygehuset", types="22232009")
        for ward in range(4):
            unit = build.unit(house, f"Afsnit {ward}", location_number=True, location={"administrator": "9601"})
            receipts = () if ward < faulty else ("CTL02 C0230Q", "CTL03 C0330Q")
            for code in ("DIS91 D9134L", *receipts):
                build.registers(unit, code, send=True, receive=True)
        build.build().save(tmp_path / str(at))
    (tmp_path / "plan.toml").write_text(
        '[[rows]]\nchange = "remove"\nmessage_type = "DIS91"\nadministrator = "9601"\nfrom_date = 2026-02-01\n'
    )
    asked = ("audit", "--register", tmp_path / "1", "--trend", tmp_path / "0", "--rules", "receipt-missing")
    aim = ("--by", "hospital", "--until", "2026-01-20", "--plan", tmp_path / "plan.toml")
    ran = run(*asked, *aim, "--lang", "da")
    assert "Med den hastighed er målet nået den 2026-01-29: 9 dage for sent." in ran.out
    assert "Med planen er målet nået den 2026-02-01: efter den 2026-01-20." in ran.out
    assert "Prøvesygehuset" in ran.out
    document = run(*asked, *aim, "--json").json["target"]
    assert (document["total"]["outcome"], document["total"]["due"]) == ("late", "2026-01-29")
    assert [one["remarks"] for one in document["planned"]] == [0]
    assert "all;;;2026-01-15;" in run(*asked, *aim, "--format", "csv").out
    page = run(*asked, *aim, "--format", "html", "--goal", "1").out
    assert page.count('id="target"') == page.count('id="groups"') == page.count('id="plan"') == 1
    assert "## The target" in run(*asked, "--until", "2026-03-01", "--format", "markdown").out
    for wrong, told in (
        (("--goal", "3"), "--goal and --plan take --until"),
        (("--until", "2026-13-01"), "there is no day"),
        (("--until", "2026-03-01", "--format", "jsonl"), "--until takes --format table, csv"),
        (("--until", "2026-03-01", "--goal", "-1"), "--goal"),
    ):
        ran = run(*asked, *wrong, "--lang", "en")
        assert ran.code == 2
        assert told in ran.err


def test_a_plan_is_laid_over_the_last_day(run, tmp_path: Path) -> None:
    for at in (0, 1):
        build = RegisterBuilder(dt.date(2026, 1, 1 + at))
        unit = build.institution(build.owner("Ejer"), "Hus", location_number=True)
        build.registers(unit, "DIS91 D9134L", receive=True)
        build.build().save(tmp_path / str(at))
    (tmp_path / "plan.csv").write_text("change;message_type;location_number\nremove;DIS91;5790999000000\n")
    asked = ("--until", "2026-03-01", "--plan", tmp_path / "plan.csv", "--lang", "en")
    ran = run("audit", "--register", tmp_path / "0", "--trend", tmp_path / "1", *asked)
    assert ran.code != 0
    assert "a plan is laid over the last day of the trend, 2026-01-02" in ran.err


def test_a_filter_that_no_unit_fits_is_told_with_what_comes_close(run) -> None:
    ran = run("audit", "--sample", "--administrator", "960", "--rules", "receipt-missing", "--lang", "en")
    assert 'No unit of the register has administrator "960". Close to it: 9601, 9602, 9603.' in ran.out
    (unknown,) = run("audit", "--sample", "--region", "Region Nordjyland", "--json").json["unknown"]
    assert (unknown["field"], unknown["alike"]) == ("region", ["Region Nordjylland"])
    assert run("audit", "--sample", "--region", "1081", "--json").json["unknown"] == []
