from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from sor_addressing.testing import RegisterBuilder, sample_extract

ASK = ("resolve", "990001", "--json")
NO_REGISTER = (
    "There is no register to ask. Give --register PATH (Sor.xml, a zip, a folder or a compiled register, with --message-types PATH beside it), "
    "set SOR_ADDRESSING_REGISTER, fetch today's extract into the store with sor-addressing update, or try with --sample."
)


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A register in which 990001 is somebody else."""
    builder = RegisterBuilder(first_number=500)
    house = builder.institution(builder.owner("Ejeren"), "Huset")
    builder.unit(house, "En anden", provider_number="990001", location_number=True)
    path = tmp_path / "other"
    builder.write(path)
    return path


def answered(ran) -> tuple[int, str, bool]:
    return ran.code, ran.json["recipient"]["name"], ran.json["made_up"]


def test_none_is_an_error_that_says_what_to_do(run) -> None:
    ran = run("resolve", "990001")
    assert ran == (3, "", f"Error: {NO_REGISTER}\n")


@pytest.mark.parametrize("command", [("resolve", "990001"), ("validate", "990001", "DIS91"), ("show", "1"), ("info",)])
def test_none_is_a_document_too(command: tuple[str, ...], run) -> None:
    ran = run(*command, "--json")
    assert ran.json == {"error": {"code": "no-register", "text": NO_REGISTER, "file": None, "line": None}}
    assert (ran.code, ran.err) == (3, f"Error: {NO_REGISTER}\n")


def test_the_error_is_told_in_danish(run) -> None:
    ran = run("resolve", "990001", "--lang", "da")
    assert ran.code == 3
    assert ran.err.startswith("Fejl: Der er ikke noget register at spørge. Angiv --register STI")


def test_an_empty_variable_is_none(run) -> None:
    assert run("resolve", "990001", SOR_ADDRESSING_REGISTER="").code == 3


def test_the_sample_comes_first_in_either_order(run, other: Path) -> None:
    before = run(*ASK, "--sample", "--register", other, SOR_ADDRESSING_REGISTER=str(other))
    after = run(*ASK, "--register", other, "--sample", SOR_ADDRESSING_REGISTER=str(other))
    assert answered(before) == answered(after) == (0, "Lægehuset Entydig", True)


def test_the_option_comes_before_the_environment(run, folder: Path, other: Path) -> None:
    ran = run(*ASK, "--register", folder, SOR_ADDRESSING_REGISTER=str(other))
    assert answered(ran) == (0, "Lægehuset Entydig", False)


def test_the_environment_comes_last(run, other: Path) -> None:
    assert answered(run(*ASK, SOR_ADDRESSING_REGISTER=str(other))) == (0, "En anden", False)


def test_a_register_that_is_not_made_up_is_not_marked(run, folder: Path) -> None:
    ran = run("resolve", "990001", "--register", folder)
    assert (ran.code, ran.lines[0]) == (0, '"990001" on 2026-01-15, read as provider number.')


def test_message_types_stand_beside_the_register(run, folder: Path) -> None:
    units, types = folder / "Sor.xml", folder / "Edityper.csv"
    ask = ("validate", "990001", "DIS91", "--register", units, "--json")
    assert run(*ask).json["outcome"] == "support_unknown"
    assert run(*ask, "--message-types", types, "--snapshot-date", "2026-01-15").json["outcome"] == "supported"


@pytest.mark.parametrize("compressed", ["gz", "zip"])
def test_the_register_can_be_an_archive(compressed: str, run, tmp_path: Path) -> None:
    written = sample_extract().write(tmp_path, compressed=compressed)
    assert answered(run(*ASK, "--register", written.units)) == (0, "Lægehuset Entydig", False)


def test_the_day_of_files_that_do_not_tell_it_can_be_given(run, folder: Path) -> None:
    ran = run("info", "--register", folder, "--snapshot-date", "2026-01-14", "--json")
    days = {Path(source["file"]).name: (source["day"], source["origin"]) for source in ran.json["sources"]}
    assert days == {"Sor.xml": ("2026-01-15", "file"), "Edityper.csv": ("2026-01-14", "argument")}
    assert ran.json["snapshot_date"] == "2026-01-14"


class TestColumnsWithOtherNames:
    @pytest.fixture
    def files(self, tmp_path: Path) -> tuple[object, ...]:
        header = {"location_number": "Postkasse", "message_type": "Brev"}
        written = sample_extract().write(tmp_path, header=header)
        return ("info", "--register", written.units, "--message-types", written.message_types, "--json")

    def test_are_an_error_that_shows_the_header(self, run, files: tuple[object, ...]) -> None:
        ran = run(*files)
        assert ran.code == 3
        assert "Postkasse" in ran.json["error"]["text"]

    def test_are_named_one_by_one(self, run, files: tuple[object, ...]) -> None:
        ran = run(*files, "--columns", "location_number=Postkasse", "--columns", "message_type = Brev")
        assert (ran.code, ran.json["counts"]["registrations"]) == (0, 247)

    def test_are_named_by_a_file(self, run, files: tuple[object, ...], tmp_path: Path) -> None:
        path = tmp_path / "columns=1.toml"
        path.write_text('[columns]\nlocation_number = "Postkasse"\nmessage_type = "Brev"\n', "utf-8")
        ran = run(*files, "--columns", path)
        assert (ran.code, ran.json["counts"]["registrations"]) == (0, 247)

    def test_are_named_in_one_way_only(self, run, files: tuple[object, ...], tmp_path: Path) -> None:
        ran = run(*files, "--columns", tmp_path / "columns.toml", "--columns", "message_type=Brev")
        assert (ran.code, ran.out) == (2, "")
        assert "--columns takes one file, or field=header as often as needed, not both" in ran.err

    def test_of_a_field_that_does_not_exist_are_a_usage_error(self, run, files: tuple[object, ...]) -> None:
        ran = run(*files, "--columns", "postkasse=Postkasse")
        assert (ran.code, ran.json["error"]["code"]) == (2, "policy-error")


def damaged(folder: Path, kind: str, tmp_path: Path) -> tuple[Path, str]:
    """A register that can't be loaded, and what the error says of it."""
    good = (folder / "Sor.xml").read_bytes()
    path = tmp_path / "Sor.xml"
    contents = {
        "cut off": (good[: len(good) // 2], "Sor.xml"),
        "empty": (b"", "the file is empty; fetch it again"),
        "not an extract": (b"hello\n", "Sor.xml"),
        "a damaged archive": (gzip.compress(good)[:-2000], "the archive is damaged or was cut off"),
    }
    if kind in contents:
        content, says = contents[kind]
        path.write_bytes(content)
        return path, says
    if kind == "an empty folder":
        return tmp_path, "the folder holds no files; give the folder of the extract"
    return tmp_path / "nowhere", "no such file or folder; check the path"


@pytest.mark.parametrize(
    "kind", ["cut off", "empty", "not an extract", "a damaged archive", "an empty folder", "not there"]
)
def test_a_register_that_can_not_be_loaded_is_no_register(kind: str, run, folder: Path, tmp_path: Path) -> None:
    path, says = damaged(folder, kind, tmp_path)
    ran = run("validate", "990001", "DIS91", "--register", path)
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith(f"Error: {path}")
    assert says in ran.err
    assert ran.err.count("\n") == 1
    ran = run("validate", "990001", "DIS91", "--register", path, "--json")
    assert list(ran.json) == ["error"]
    assert {name: ran.json["error"][name] for name in ("code", "file")} == {"code": "extract-error", "file": str(path)}
    assert ran.err == f"Error: {ran.json['error']['text']}\n"
    assert ran.code == 3


def test_a_file_that_is_not_one_of_message_types_is_no_register(run, folder: Path) -> None:
    ran = run("info", "--register", folder / "Sor.xml", "--message-types", folder / "Sor.xml")
    assert ran.code == 3
    assert "given as message_types, but it is a Sor.xml" in ran.err
