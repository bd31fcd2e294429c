"""The files for schedulers are such files, and what they run is a command of ours."""

from __future__ import annotations

import configparser
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from lxml import etree

from sor_addressing.cli.app import program

FOLDER = Path(__file__).parents[2] / "examples" / "schedulers"
ANALYZE = shutil.which("systemd-analyze")
UNITS = sorted([*FOLDER.glob("*.service"), *FOLDER.glob("*.timer")])


def unit(name: str) -> configparser.ConfigParser:
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign]  # keys have upper and lower case
    read.read_string((FOLDER / name).read_text("utf-8"))
    return read


def assert_is_a_command(arguments: list[str]) -> None:
    name, *options = arguments
    command = program.get_command(click.Context(program), name)
    assert command is not None
    command.make_context(name, options)  # a usage error where an option is none


def test_the_service_runs_a_command_of_ours_and_tells_where_it_fails() -> None:
    service = unit("sor-addressing-update.service")
    _, *arguments = shlex.split(service["Service"]["ExecStart"])
    assert_is_a_command(arguments)
    assert service["Service"]["Type"] == "oneshot"
    assert (FOLDER / service["Unit"]["OnFailure"]).is_file()


def test_the_timer_is_that_of_the_service_and_makes_up_for_a_night_without_power() -> None:
    timer = unit("sor-addressing-update.timer")
    assert timer["Timer"]["Persistent"] == "true"
    assert timer["Install"]["WantedBy"] == "timers.target"


@pytest.mark.skipif(ANALYZE is None, reason="needs systemd-analyze")
def test_systemd_has_nothing_to_say_of_the_units(tmp_path: Path) -> None:
    for path in UNITS:
        text = path.read_text("utf-8")
        for program_of_theirs in ("/opt/sor-addressing/bin/sor-addressing", "/usr/bin/logger"):
            text = text.replace(program_of_theirs, sys.executable)
        (tmp_path / path.name).write_text(text, "utf-8")
    names = [str(tmp_path / path.name) for path in UNITS]
    ended = subprocess.run([str(ANALYZE), "verify", "--man=no", *names], capture_output=True, text=True, check=False)
    assert [line for line in ended.stderr.splitlines() if "sor-addressing" in line] == []


def test_the_task_of_windows_is_one_and_runs_the_same() -> None:
    task = etree.parse(FOLDER / "sor-addressing-update.xml", etree.XMLParser(resolve_entities=False, no_network=True))
    names = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
    assert task.getroot().tag == f"{{{names['t']}}}Task"
    (command,) = task.xpath("//t:Exec/t:Command/text()", namespaces=names)
    (arguments,) = task.xpath("//t:Exec/t:Arguments/text()", namespaces=names)
    assert command.endswith("sor-addressing.exe")
    assert_is_a_command(arguments.split())
    assert len(task.xpath("//t:CalendarTrigger", namespaces=names)) == len(
        [
            line
            for line in (FOLDER / "sor-addressing-update.timer").read_text("utf-8").splitlines()
            if line.startswith("OnCalendar=")
        ]
    )
