"""``compile``, and compiled registers wherever a register is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sor_addressing import Register
from sor_addressing.cli.app import program


def run(*arguments: str) -> Result:
    return CliRunner().invoke(program, [*arguments, "--lang", "en"])


@pytest.fixture
def compiled(tmp_path: Path) -> Path:
    target = tmp_path / "register.sor"
    assert run("compile", str(target), "--sample").exit_code == 0
    return target


def test_it_writes_a_register_that_opens(compiled: Path) -> None:
    assert len(Register.open(compiled)) == len(Register.sample())


def test_it_says_what_it_wrote(tmp_path: Path) -> None:
    target = tmp_path / "register.sor"
    ran = run("compile", str(target), "--sample")
    assert ran.output.splitlines()[0] == "MADE-UP REGISTER: none of the units exists."
    assert f"63 units of 2026-01-15. Use it with --register {target}" in ran.output
    document = json.loads(run("compile", str(target), "--sample", "--force", "--json").output)
    assert document == {
        "file": str(target),
        "bytes": target.stat().st_size,
        "units": 63,
        "made_up": True,
        "snapshot_date": "2026-01-15",
    }


def test_it_does_not_overwrite_unasked(compiled: Path) -> None:
    before = compiled.read_bytes()
    ran = run("compile", str(compiled), "--sample")
    assert ran.exit_code == 2
    assert "is there already" in ran.output
    assert compiled.read_bytes() == before


def test_a_compiled_register_answers_as_the_extract_does(compiled: Path) -> None:
    asked = ("validate", "990001", "DIS91", "--on", "2026-01-15", "--json", "--policy", "lenient")
    one = json.loads(run(*asked, "--register", str(compiled)).output)
    other = json.loads(run(*asked, "--sample").output)
    stale = {"register-stale"}
    assert [f["code"] for f in one["findings"] if f["code"] not in stale] == [f["code"] for f in other["findings"]]
    assert one["resolution"] == other["resolution"]
    assert (one["made_up"], other["made_up"]) == (False, True)


def test_the_environment_may_name_one(compiled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOR_ADDRESSING_REGISTER", str(compiled))
    assert run("resolve", "990001", "--allow-stale").exit_code == 0


def test_it_holds_everything_itself(compiled: Path) -> None:
    ran = run("info", "--register", str(compiled), "--message-types", "x.csv")
    assert ran.exit_code == 2
    assert "belong to extracts" in ran.output


def test_a_damaged_one_is_no_register(compiled: Path) -> None:
    data = bytearray(compiled.read_bytes())
    data[40] ^= 1
    compiled.unlink()  # they are read-only
    compiled.write_bytes(data)
    ran = run("resolve", "990001", "--register", str(compiled))
    assert ran.exit_code == 3
    assert "compile it again" in ran.output


def test_a_target_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    ran = run("compile", str(tmp_path / "no such folder" / "x.sor"), "--sample")
    assert ran.exit_code == 3
    assert "can't be written" in ran.output
