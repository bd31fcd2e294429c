"""``export``: extracts as files, from the command line."""

from __future__ import annotations

import json
import re
from pathlib import Path


def test_it_writes_the_file_and_says_what_is_left_out(run, tmp_path: Path) -> None:
    target = tmp_path / "x.csv"
    ran = run("export", "hospitals", "-o", target, "--sample", "--lang", "en")
    assert ran.code == 0
    assert ran.lines[0] == "MADE-UP REGISTER: none of the units exists."
    assert ran.lines[1].startswith(f"{target}: 14 rows with sor_code as key, from the register of 2026-01-15.")
    assert ran.lines[2] == "Left out:"
    assert ["The unit is closed", "9"] in [re.split(r" {2,}", line.strip()) for line in ran.lines]
    assert len(target.read_text("utf-8").splitlines()) == 15


def test_of_a_stream_nothing_is_said_to_stand_beside_it(run, tmp_path: Path) -> None:
    beside = "told in the file beside it, .manifest.json"
    assert beside in run("export", "hospitals", "-o", tmp_path / "x.csv", "--sample", "--lang", "en").out
    ran = run("export", "hospitals", "-o", "-", "--format", "csv", "--sample", "--lang", "en")
    assert "-: 14 rows with sor_code as key, from the register of 2026-01-15.\n" in ran.err
    assert beside not in ran.err


def test_json_is_the_manifest(run, tmp_path: Path) -> None:
    ran = run(
        "export", "general-practice", "-o", tmp_path / "x.csv", "--sample", "--json", "--all", "--types", "columns"
    )
    document = ran.json
    assert document.pop("made_up") is True
    assert document == json.loads((tmp_path / "x.csv.manifest.json").read_text("utf-8"))
    assert (document["only_addressable"], document["message_types"]) == (False, "columns")


def test_an_earlier_file_is_replaced(run, tmp_path: Path) -> None:
    target = tmp_path / "x.jsonl"
    for use, rows in (("hospitals", 14), ("municipalities", 4)):
        assert run("export", use, "-o", target, "--sample", "--lang", "en").code == 0
        assert len(target.read_text("utf-8").splitlines()) == rows


def test_uses_of_ones_own_come_from_a_file(run, tmp_path: Path) -> None:
    uses = tmp_path / "uses.toml"
    uses.write_text('[wards]\nkey = "sor_code"\n[[wards.where]]\nkind = "OE"\n', "utf-8")
    ran = run("export", "wards", "--uses", uses, "-o", tmp_path / "x.csv", "--sample", "--json")
    assert (ran.code, ran.json["use"]) == (0, "wards")


def test_an_unknown_use_or_format_is_a_usage_error(run, tmp_path: Path) -> None:
    ran = run("export", "wards", "-o", tmp_path / "x.csv", "--sample", "--lang", "en")
    assert (ran.code, "there is no use wards: take municipalities" in ran.err) == (2, True)
    ran = run("export", "hospitals", "-o", tmp_path / "x.txt", "--sample", "--lang", "en")
    assert (ran.code, "the name tells no format" in ran.err) == (2, True)


def test_an_empty_extract_is_no(run, tmp_path: Path) -> None:
    uses = tmp_path / "uses.toml"
    uses.write_text('[none]\nkey = "sor_code"\n[[none.where]]\nunit_type = "skibslæge"\n', "utf-8")
    ran = run("export", "none", "--uses", uses, "-o", tmp_path / "x.csv", "--sample", "--lang", "en")
    assert (ran.code, 'No unit of the register has type "skibslæge".' in ran.lines) == (1, True)


def test_a_stale_register_is_told_by_the_exit_code(run, folder: Path, days_later, tmp_path: Path) -> None:
    days_later(5)
    asked = ("export", "hospitals", "-o", tmp_path / "x.csv", "--register", folder)
    assert run(*asked).code == 4
    assert run(*asked, "--allow-stale").code == 0


def test_a_type_to_answer_for_that_nobody_has_is_told(run, folder: Path, tmp_path: Path) -> None:
    wanted = ("export", "all-addresses", "-o", str(tmp_path / "a.sqlite"), "--ask", "DIS9I", "--ask", "DIS91")
    told = run(*wanted, "--sample", "--lang", "da")
    assert told.code == 0
    assert told.lines[-1] == (
        'Intet lokationsnummer i registret har meddelelsestypen "DIS9I" eller et andet format af den registreret.'
    )
    document = run(*wanted, "--sample", "--json").json
    assert document["unknown"] == [{"field": "message_type", "value": "DIS9I", "alike": []}]
    without = run(
        "export",
        "all-addresses",
        "-o",
        str(tmp_path / "b.sqlite"),
        "--register",
        str(folder / "Sor.xml"),
        "--allow-stale",
    )
    assert "No message types are loaded: the file doesn't answer what may be sent." in without.out
