"""``validate-file``: message files and tables before they leave, for people and for programs."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from sor_addressing.testing import MadeUpLetter, MadeUpParty, edifact_of, sample_extract

SAMPLE = sample_extract()
ENTITY = next(unit for unit in SAMPLE.units if unit.location is not None and "Entydig" in unit.name)


def letter(receiver: str, number: int = 1) -> bytes:
    sender = SAMPLE.unit("Lægehuset Entydig").location
    assert sender is not None
    return edifact_of(
        MadeUpLetter(
            code="DIS91",
            version="D9134L",
            letter_id=f"BRV{number}",
            sender=MadeUpParty(location_number=sender.number),
            receiver=MadeUpParty(location_number=receiver),
        )
    )


GOOD = next(
    unit.location.number
    for unit in SAMPLE.units
    if unit.location is not None and unit.to_date is None and "Entydig" in unit.name
)
UNKNOWN = "5790999099998"


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    folder = tmp_path / "outbox"
    folder.mkdir()
    (folder / "good.edi").write_bytes(letter(GOOD))
    return folder


def test_letters_that_may_go_end_with_zero(run, outbox):
    ran = run("validate-file", outbox, "--sample", "--lang", "en")
    assert ran.code == 0, ran.err
    assert "good.edi" in ran.out
    assert "1 may be sent, 0 would fail." in ran.out


def test_a_letter_that_would_fail_ends_with_one_and_its_reasons(run, outbox):
    (outbox / "bad.edi").write_bytes(letter(UNKNOWN))
    (outbox / "none.edi").write_bytes(b"no message")
    ran = run("validate-file", outbox, "--sample", "--lang", "da")
    assert ran.code == 1
    assert "1 kan sendes, 2 ville gå galt." in ran.out
    assert "1 fil kan ikke læses." in ran.out
    assert "Ukendt modtager" in ran.out
    assert "det er ikke en meddelelse" in " ".join(ran.out.split())


def test_every_letter_is_explained_where_asked_for(run, outbox):
    ran = run("validate-file", outbox / "good.edi", "--sample", "--explain", "--lang", "en")
    assert "The letter may be sent." in ran.out
    assert "read as SOR code" in ran.out or "read as location number" in ran.out


def test_one_document_of_json(run, outbox):
    (outbox / "none.edi").write_bytes(b"no message")
    ran = run("validate-file", outbox, "--sample", "--json", "--statistics")
    assert ran.code == 1
    assert ran.json["summary"]["letters"] == 1
    assert ran.json["made_up"] is True
    assert ran.json["statistics"]["letters"] == 1
    assert [Path(one["file"]).name for one in ran.json["files"]] == ["good.edi", "none.edi"]


def test_json_lines_and_csv_have_a_line_a_file_and_a_row_a_letter(run, outbox, tmp_path):
    (outbox / "none.edi").write_bytes(b"no message")
    lines = run("validate-file", outbox, "--sample", "--format", "jsonl")
    assert [json.loads(line)["deliverable"] for line in lines.lines] == [True, False]
    assert "would fail" in lines.err or "ville gå galt" in lines.err
    table = run("validate-file", outbox, "--sample", "--format", "csv", "-o", tmp_path / "out.csv")
    assert (table.code, table.out) == (1, "")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text("utf-8"), newline="")))
    assert [(Path(row["file"]).name, row["deliverable"], row["family"]) for row in rows] == [
        ("good.edi", "true", "DIS91"),
        ("none.edi", "", ""),
    ]
    assert "not a message" in rows[1]["error"]
    assert not list(tmp_path.glob("*.part"))


def test_statistics_count_each_letter_once(run, outbox):
    (outbox / "again.edi").write_bytes(letter(GOOD))
    ran = run("validate-file", outbox, "--sample", "--statistics", "--lang", "en")
    assert "1 letter, seen 2 times:" in ran.out
    assert "DIS91" in ran.out


def test_statistics_tell_who_names_parties_by_provider_number(run, outbox):
    made = MadeUpLetter(
        code="DIS91",
        version="D9134L",
        sender=MadeUpParty(location_number=GOOD),
        receiver=MadeUpParty(location_number=GOOD, provider_number="990001"),
    )
    (outbox / "old.edi").write_bytes(edifact_of(made))
    ran = run("validate-file", outbox / "old.edi", "--sample", "--statistics", "--lang", "da")
    assert "1 af 1 brev nævner en part ved ydernummer eller SHAK-kode, uden SOR-kode:" in ran.lines
    row = next(line.split() for line in ran.lines if "modtageren" in line and "ydernummer" in line)
    assert row[-4:] == ["modtageren", "ydernummer", "1", "1"]


@pytest.fixture
def traffic(tmp_path: Path) -> Path:
    path = tmp_path / "traffic.csv"
    text = f"Nr;Modtager;Meddelelsestype;Note\r\n1;{GOOD};DIS91;æ\r\n2;{UNKNOWN};DIS91;ø\r\n3;5,79E+12;DIS91;å\r\n4;;DIS91;\r\n"
    path.write_text(text, encoding="utf-8-sig")
    return path


def test_a_table_comes_out_with_a_verdict_beside_each_row(run, traffic):
    ran = run("validate-file", traffic, "--sample", "--lang", "en")
    assert ran.code == 1
    rows = list(csv.DictReader(io.StringIO(ran.out, newline=""), delimiter=";"))
    assert [(row["Nr"], row["Note"], row["deliverable"], row["errors"]) for row in rows] == [
        ("1", "æ", "true", ""),
        ("2", "ø", "false", "recipient-unknown"),
        ("3", "å", "false", "identifier-mangled-by-spreadsheet"),
        ("4", "", "false", "recipient-missing"),
    ]
    assert "1 may be sent, 3 would fail." in ran.err


def test_a_table_is_written_to_a_file_that_spreadsheets_know(run, traffic, tmp_path):
    ran = run("validate-file", traffic, "--sample", "-o", tmp_path / "out.csv")
    assert (ran.code, ran.out) == (1, "")
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbfNr;Modtager")


def test_a_table_as_json(run, traffic):
    ran = run("validate-file", traffic, "--sample", "--json")
    assert ran.json["summary"]["rows"] == 4
    assert ran.json["rows"][0]["line"] == 2
    lines = run("validate-file", traffic, "--sample", "--format", "jsonl")
    assert [json.loads(line)["line"] for line in lines.lines] == [2, 3, 4, 5]


def test_json_has_truth_values_lists_and_nulls(run, traffic):
    rows = run("validate-file", traffic, "--sample", "--json").json["rows"]
    lines = [json.loads(line) for line in run("validate-file", traffic, "--sample", "--format", "jsonl").lines]
    assert rows == lines
    run("validate-file", traffic, "--sample", "--format", "jsonl", "-o", traffic.with_name("out.jsonl"))
    assert [json.loads(line) for line in traffic.with_name("out.jsonl").read_text("utf-8").splitlines()] == rows
    assert [(row["line"], row["deliverable"], row["errors"]) for row in rows] == [
        (2, True, []),
        (3, False, ["recipient-unknown"]),
        (4, False, ["identifier-mangled-by-spreadsheet"]),
        (5, False, ["recipient-missing"]),
    ]
    assert (rows[0]["unit_certain"], rows[0]["conversion_by"], rows[3]["sor_code"]) == (True, None, None)
    assert rows[0]["Nr"] == "1"


def test_the_header_says_the_kind_and_the_command_may_say_another(run, tmp_path):
    path = tmp_path / "yder.csv"
    path.write_text("Ydernummer,type\n990001,DIS91\n")
    assert run("validate-file", path, "--sample").code == 0
    asked = run("validate-file", path, "--sample", "--kind", "shak_code", "--json").json["rows"]
    assert asked[0]["errors"] == ["recipient-unknown"]
    assert run("validate-file", path, "--sample", "--kind", "any").code == 0
    assert run("validate-file", tmp_path / "a.edi", "--sample", "--kind", "any").code == 2


def test_columns_can_be_named(run, tmp_path):
    path = tmp_path / "odd.csv"
    path.write_text(f"til,hvad\n{GOOD},DIS91\n")
    unnamed = run("validate-file", path, "--sample", "--lang", "en")
    assert unnamed.code == 1
    assert "no column is known as recipient" in unnamed.err
    ran = run("validate-file", path, "--sample", "--recipient-column", "til", "--type-column", "hvad")
    assert ran.code == 0, ran.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a;b\n1;2\n", "no column is known as recipient"),
        ("GLN;GLN;type\n1;2;3\n", "2 columns are called 'GLN'"),
        ("GLN;type;outcome\n1;2;3\n", "the table has outcome already"),
        ("", "empty"),
    ],
)
def test_a_table_that_cannot_be_asked_is_refused_with_what_it_has(run, tmp_path, text, said):
    path = tmp_path / "table.csv"
    path.write_text(text)
    ran = run("validate-file", path, "--sample", "--lang", "en")
    assert ran.code == 1
    assert said in ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["a.csv", "b.csv"],
        ["a.csv", "--statistics"],
        ["a.csv", "--explain"],
        ["a.csv", "--format", "table"],
        ["a.edi", "--type-column", "x"],
        ["a.edi", "-o", "x"],
        ["a.edi", "-o", "x", "--format", "csv", "--json"],
        [],
    ],
)
def test_what_does_not_go_together_is_said(run, arguments):
    assert run("validate-file", *arguments, "--sample").code == 2


def test_nothing_that_stands_in_the_patients_part_is_ever_shown(run, outbox):
    planted = edifact_of(
        MadeUpLetter(code="DIS91", version="D9134L", content="HEMMELIGT", receiver=MadeUpParty(location_number=GOOD))
    )
    (outbox / "planted.edi").write_bytes(planted)
    for options in (["--explain"], ["--json"], ["--format", "csv"], ["--format", "jsonl"], []):
        ran = run("validate-file", outbox, "--sample", *options)
        assert "HEMMELIGT" not in ran.out + ran.err
