from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from sor_addressing import Register
from sor_addressing.testing import made_up_nation, sample_extract, sample_files

OF_THAT_DAY = (
    "The files are of 2026-01-15, so that a later answer says that the register is stale; "
    "--units N --snapshot-date makes them of another day."
)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_sample_is_written_as_it_ships(run, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    ran = run("sample", folder)
    assert (ran.code, ran.err) == (0, "")
    for shipped in sample_files():
        assert (folder / shipped.name).read_bytes() == shipped.read_bytes()
    assert ran.lines == [
        "MADE-UP REGISTER: none of the units exists.",
        "63 made-up units of 2026-01-15 were written to:",
        f"  {folder / 'Sor.xml'}",
        f"  {folder / 'Edityper.csv'}",
        f"Ask with --register {folder}. {OF_THAT_DAY}",
    ]


def test_what_was_written_is_a_document_too(run, tmp_path: Path) -> None:
    assert run("sample", tmp_path, "--json").json == {
        "made_up": True,
        "snapshot_date": "2026-01-15",
        "units": 63,
        "registrations": len(sample_extract().registrations),
        "files": {"units": str(tmp_path / "Sor.xml"), "message_types": str(tmp_path / "Edityper.csv")},
        "letters": [],
    }


@pytest.mark.parametrize("version", ["1", "2"])
def test_the_layout_can_be_chosen(version: str, run, tmp_path: Path) -> None:
    assert run("sample", tmp_path, "--version", version).code == 0
    (layout,) = (
        source["layout"]
        for source in run("info", "--register", tmp_path, "--json").json["sources"]
        if source["layout"] is not None
    )
    assert layout == version


def test_it_can_be_zipped(run, tmp_path: Path) -> None:
    ran = run("sample", tmp_path, "--zip", "--lang", "da")
    assert (ran.code, names(tmp_path)) == (0, ["Edityper.csv", "Sor.zip"])
    assert ran.lines[1] == "63 opdigtede enheder pr. 2026-01-15 er skrevet til:"
    assert run("resolve", "990001", "--register", tmp_path).code == 0


def test_a_nation_has_as_many_units_as_asked_for_and_the_same_for_the_same_seed(run, tmp_path: Path) -> None:
    ran = run("sample", tmp_path / "a", "--units", 300, "--seed", 7, "--snapshot-date", "2026-02-01", "--json")
    assert (ran.json["units"], ran.json["snapshot_date"]) == (300, "2026-02-01")
    made_up_nation(300, 7, dt.date(2026, 2, 1)).write(tmp_path / "b")
    for name in ("Sor.xml", "Edityper.csv"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert run("sample", tmp_path / "c", "--units", 300).code == 0
    made_up_nation(300, 1).write(tmp_path / "d")
    assert (tmp_path / "c" / "Sor.xml").read_bytes() == (tmp_path / "d" / "Sor.xml").read_bytes()


def test_a_nation_of_a_size_that_can_not_be_is_a_usage_error(run, tmp_path: Path) -> None:
    ran = run("sample", tmp_path, "--units", 1)
    assert (ran.code, names(tmp_path)) == (2, [])
    assert "Invalid value for --units: a made-up nation has from 5 to" in ran.err


@pytest.mark.parametrize("option", [("--seed", "2"), ("--snapshot-date", "2026-02-01")])
def test_what_belongs_to_a_nation_needs_one(option: tuple[str, str], run, tmp_path: Path) -> None:
    ran = run("sample", tmp_path, *option)
    assert (ran.code, names(tmp_path)) == (2, [])
    assert "--seed and --snapshot-date belong to a made-up nation: give --units too" in ran.err


@pytest.mark.parametrize("standing", ["Sor.xml", "Sor.xml.gz", "Sor.zip", "Edityper.csv"])
def test_what_stands_there_is_overwritten_only_by_force(standing: str, run, tmp_path: Path) -> None:
    (tmp_path / standing).write_bytes(b"mine")
    ran = run("sample", tmp_path)
    assert (ran.code, ran.out, names(tmp_path)) == (2, "", [standing])
    assert f"{tmp_path} holds {standing} already; choose another directory, or overwrite with sample --force" in ran.err
    assert (tmp_path / standing).read_bytes() == b"mine"
    assert run("demo", "--keep", tmp_path).code == 2
    assert run("sample", tmp_path, "--force").code == 0
    assert (tmp_path / "Sor.xml").read_bytes() == sample_files()[0].read_bytes()


def test_a_directory_that_is_a_file_is_a_usage_error(run, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch()
    assert run("sample", path).code == 2


def test_what_can_not_be_written_is_told_without_a_traceback(run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ran = run("sample", tmp_path / "file" / "below", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (1, "not-written")
    below = tmp_path / "file" / "below"
    assert ran.err == (f"Error: {below}: can't be written: {tmp_path / 'file'} is no folder; write elsewhere\n")


class TestTheDemo:
    def test_answers_about_recipients_of_every_sort(self, run) -> None:
        ran = run("demo")
        assert (ran.code, ran.err) == (0, "")
        assert ran.lines[0] == "MADE-UP REGISTER: none of the units exists."
        assert ran.lines[4] == "Loaded: 63 units, 46 location numbers, 247 registrations, 2 problems."
        titles = [line for line in ran.lines if re.match(r"\d+\. ", line)]
        assert titles == [
            "1. A clear recipient that supports the type",
            "2. The sender's side has to convert",
            "3. The recipient can't receive the type",
            "4. The letter is converted on its way",
            "5. An inherited location number",
            "6. A provider number that several share: the address is certain",
            "7. A provider number that several share: the address is not certain",
            "8. Closed and replaced",
            "9. Closed, and nobody took over",
            "10. A location number for internal use only",
            "11. Receives, but can't reply",
            "12. Nothing is registered: that is not a no",
            "13. A type that no catalogue knows",
            "14. A mistyped SOR code",
            "15. A number that nobody has",
        ]
        assert ran.lines[-1].startswith("Now with files of your own: fetch Sor.zip and Edityper.csv, and run  ")

    def test_shows_what_each_title_says(self, run) -> None:
        parts = re.split(r"^\d+\. .*\n", run("demo").out, flags=re.MULTILINE)[1:]
        assert [sorted(set(re.findall(r"^  (?:error|warning|note) +(\S.*?)  ", part, re.MULTILINE))) for part in parts] == [
            [],
            ["The letter is converted", "The sender's side has to convert"],
            ["The message type is not registered"],
            ["The letter is converted"],
            ["The location number is inherited"],
            ["Moved to the owner of the location number", "Several units share the address"],
            ["Several possible recipients"],
            ["The location number is closed", "The unit is closed", "The unit was replaced"],
            ["The location number is closed", "The unit is closed"],
            ["The location number is for internal use only"],
            ["No reply is possible"],
            ["Nothing is registered"],
            ["Unknown message type"],
            ["Wrong check digit"],
            ["Unknown recipient"],
        ]  # fmt: skip

    def test_names_a_command_that_gives_the_same_answer(self, run) -> None:
        out = run("demo").out
        for part in re.split(r"^\d+\. .*\n", out, flags=re.MULTILINE)[1:-1]:
            command, _, answer = part.partition("\n")
            asked = run(*command.removeprefix("$ sor-addressing ").split())
            assert asked.out.partition("\n")[2] == answer.removesuffix("\n")

    def test_speaks_danish(self, run) -> None:
        ran = run("demo", LANG="da_DK.UTF-8")
        assert ran.lines[0] == "OPDIGTET REGISTER: ingen af enhederne findes."
        assert "DIS91 må sendes: understøttet." in ran.lines

    def test_leaves_its_files_only_where_they_are_to_be_kept(self, run, tmp_path: Path) -> None:
        written = [Path(line.strip()) for line in run("demo").lines[2:4]]
        assert [path.name for path in written] == ["Sor.xml", "Edityper.csv"]
        assert not any(path.exists() for path in written)
        kept = tmp_path / "kept"
        assert run("demo", "--keep", kept).code == 0
        assert names(kept) == ["Edityper.csv", "Sor.xml"]
        assert len(Register.load(kept)) == 63


def test_letters_of_the_sample_are_written_beside_it_and_can_be_validated(run, tmp_path):
    ran = run("sample", tmp_path / "made-up", "--letters", "--json")
    assert (ran.code, len(ran.json["letters"])) == (0, 15)
    checked = run("validate-file", tmp_path / "made-up" / "letters", "--sample", "--json")
    assert checked.code == 1
    assert checked.json["summary"]["letters"] == 14
    again = run("sample", tmp_path / "made-up", "--letters")
    assert again.code == 2
    assert run("sample", tmp_path / "nation", "--letters", "--units", "90").code == 2


@pytest.mark.parametrize("units", [(), ("--units", "900")])
def test_the_endpoint_register_is_written_beside_it_where_it_is_asked_for(units, run, tmp_path):
    folder = tmp_path / "made-up"
    ran = run("sample", folder, "--eer", "--json", *units)
    assert (ran.code, ran.json["files"]["endpoint_register"]) == (0, str(folder / "eer.json"))
    assert names(folder) == ["Edityper.csv", "Sor.xml", "eer.json"]
    assert Register.load(folder).load_report.counts["endpoint_registrations"] > 0
    again = run("sample", folder)
    assert (again.code, "eer.json" in again.err) == (2, True)


def test_the_demo_shows_one_verdict_for_each_way_of_two_registers(run, tmp_path):
    assert run("sample", tmp_path / "made-up", "--eer").code == 0
    parts = re.split(r"^(?:EER: .*|\d+\. .*)\n", run("demo").out, flags=re.MULTILINE)[1:4]
    findings = []
    for part in parts:
        command, _, answer = part.partition("\n")
        asked = run(*command.removeprefix("$ sor-addressing ").replace("made-up", str(tmp_path / "made-up")).split())
        assert asked.out.rstrip("\n").endswith(answer.rstrip("\n"))
        findings.append(re.findall(r"^  (?:error|warning|note) +(\S.*?)  ", part, re.MULTILINE))
    assert findings == [[], [], ["SOR-EDI and EER disagree"]]
    assert "EER: De to registre er uenige" in run("demo", LANG="da_DK.UTF-8").out
