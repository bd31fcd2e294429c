"""Standard output that is full, closed or read by nobody: one line and an exit code, and never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import CLEARED

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the shell of Windows closes and fills otherwise")

FULL = Path("/dev/full")
COMMANDS = [
    "--help",
    "--version",
    "validate --help",
    "info --sample",
    "info --sample --json",
    "resolve 990001 --sample",
    "resolve 990001 --sample --json",
    "resolve nobody --sample --json",
    "validate 990001 DIS91 --sample",
    "search klinik --sample",
    "find --sample",
    "show 990001 --sample",
    "audit --sample",
    "audit --sample --json",
    "audit --sample --format csv",
    "audit --sample --format jsonl",
    "audit --sample --format markdown",
    "audit --sample --format html",
    "export municipalities -o - --format csv --sample",
    "export municipalities -o - --format sqlite --sample",
    "export municipalities -o - --format fhir --sample",
    "completion bash",
    "demo",
]


SOME = [command for command in COMMANDS if command.split()[0] in ("--help", "info", "audit", "completion", "export")][
    ::2
]


def ran(command: str, end: str, folder: Path, *, reads: int | None = None) -> tuple[int, str]:
    """The exit code and standard error of a command whose standard output ends so."""
    environment = {name: value for name, value in os.environ.items() if name not in CLEARED}
    environment |= {"SOR_ADDRESSING_HOME": str(folder / "home"), "PYTHONDEVMODE": "0"}
    line = f'"{sys.executable}" -m sor_addressing {command} {end}'
    told = subprocess.run(["/bin/sh", "-c", line], env=environment, capture_output=True, text=True, timeout=120)
    return told.returncode, told.stderr


def is_one_line(text: str) -> bool:
    return text.count("\n") == 1 and "Traceback" not in text and "Exception ignored" not in text


@pytest.mark.skipif(not FULL.exists(), reason="there is no disk that is always full here")
@pytest.mark.parametrize("command", COMMANDS)
def test_a_full_one_is_said(command: str, tmp_path: Path) -> None:
    code, err = ran(command, "> /dev/full", tmp_path)
    said = "standard output: can't be written: No space left on device"
    assert said in err
    assert is_one_line(err), err
    assert code == 1


@pytest.mark.parametrize("command", SOME)
def test_a_closed_one_is_said(command: str, tmp_path: Path) -> None:
    code, err = ran(command, ">&-", tmp_path)
    assert "standard output: can't be written: it is closed" in err
    assert is_one_line(err), err
    assert code == 1


@pytest.mark.parametrize("command", SOME)
def test_one_that_nobody_reads_any_more_ends_it_quietly(command: str, tmp_path: Path) -> None:
    _, err = ran(command, "| true", tmp_path)
    assert "Traceback" not in err
    assert "Exception ignored" not in err
    assert "rror" not in err


def test_what_can_t_be_told_on_standard_error_changes_no_answer(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert ran(f"audit --sample --format csv -o {out}", "2>&-", tmp_path) == (0, "")
    assert out.stat().st_size > 1_000
    assert ran("resolve 99 --register none", "2>&-", tmp_path)[0] == 3


@pytest.mark.parametrize("end", [">&-", "> /dev/full"])
def test_who_writes_to_a_file_needs_no_standard_output(end: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert ran(f"audit --sample --format csv -o {out}", end, tmp_path)[0] == 0
    assert out.stat().st_size > 1_000
