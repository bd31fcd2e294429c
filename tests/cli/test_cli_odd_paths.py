"""Names of files that are no Unicode are read, written and shown like others."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
from pathlib import Path

import pytest
from tests.cli.conftest import Run

ODD = os.fsdecode(b"a\xff")
GOOD = "990001"


@pytest.fixture
def place(folder: Path, tmp_path: Path) -> Path:
    """A folder with an odd name, and in it an extract, letters, a book and a table."""
    place = tmp_path / ODD
    try:
        shutil.copytree(folder, place)
    except OSError:
        pytest.skip("this file system has Unicode alone")
    return place


def test_every_command_takes_them(run: Run, place: Path) -> None:
    from sor_addressing.testing import write_sample_letters

    write_sample_letters(place / ODD)
    (place / f"{ODD}.csv").write_text(f"ydernummer;navn;type\n{GOOD};a;DIS91\n")
    register = ("--register", place / "Sor.xml", "--message-types", place / "Edityper.csv")
    commands = [
        ("info", *register),
        ("validate-file", place / ODD, *register),
        ("validate-file", place / ODD, "--format", "csv", *register),
        ("validate-file", place / ODD, "--format", "jsonl", *register),
        ("validate-file", place / f"{ODD}.csv", "-o", place / f"{ODD}.out", *register),
        ("review", place / f"{ODD}.csv", "--corrected", place / f"{ODD}.b.csv", *register),
        ("watch", place / f"{ODD}.csv", *register),
        *(
            ("export", "municipalities", "-o", place / f"{ODD}.{form}", *register)
            for form in ("csv", "jsonl", "sqlite", "parquet", "xlsx", "fhir.json")
        ),
        ("compile", place / f"{ODD}.sor", *register),
        ("compare", place / f"{ODD}.sor", place / f"{ODD}.sor"),
        ("columns", place / "Edityper.csv", "--output", place / f"{ODD}.toml"),
        ("audit", "--cleaning-list", place / f"{ODD}.lists", *register),
        ("sample", place / f"{ODD}.sample"),
    ]
    for command in commands:
        assert run(*command).code in (0, 1), command
    for command in commands:
        if (
            command[0] in ("info", "review", "watch", "export", "compile", "columns", "audit", "sample")
            or len(command) < 7
        ):
            assert run(
                *command, *(["--force"] if command[0] in ("compile", "columns", "sample") else []), "--json"
            ).json


def test_a_name_can_be_read_back_from_json_and_is_an_escape_in_csv(run: Run, place: Path) -> None:
    (place / ODD).mkdir()
    (place / ODD / f"{ODD}.edi").write_bytes(b"nothing")
    name = str(place / ODD / f"{ODD}.edi")
    assert run("validate-file", place / ODD, "--sample", "--json").json["files"][0]["file"] == name
    line = run("validate-file", place / ODD, "--sample", "--format", "jsonl").lines[0]
    assert json.loads(line)["file"] == name
    rows = list(
        csv.reader(io.StringIO(run("validate-file", place / ODD, "--sample", "--format", "csv").out, newline=""))
    )
    assert rows[1][0] == name.replace(ODD, "a\\udcff")


def test_what_is_not_there_is_said(run: Run, place: Path) -> None:
    ran = run("review", place / f"{ODD}.none", "--sample", "--json")
    assert ran.json["error"]["file"] == str(place / f"{ODD}.none")
