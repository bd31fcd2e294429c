"""Colours that everybody can tell apart and nobody needs, and long names on small screens."""

from __future__ import annotations

import io
import itertools
import os
import re
import subprocess
import sys

import pytest
from rich.cells import cell_len
from rich.color import Color
from rich.console import Console

from sor_addressing import Register
from sor_addressing.cli.output.answers import show_verdict
from sor_addressing.cli.output.rendering import BAD, Cell, Column, Screen
from sor_addressing.cli.output.terminal import colour, console

OKABE_ITO = {"#000000", "#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7"}
STYLES = ("good", "bad", "warning", "note", "made-up")
ESCAPE = re.compile(r"\x1b\[[\d;]*m")
NAME = "Ambulatoriet for sjældne sygdomme hos børn og unge i Grævlingelund"


def screen_of(width: int, system: str | None = None) -> tuple[Screen, io.StringIO]:
    file = io.StringIO()
    made = Console(
        file=file, width=width, force_terminal=True, color_system=system, highlight=False, markup=False, _environ={}
    )
    return Screen("en", made), file


def in_new_process(*arguments: str, **environment: str) -> str:
    env = {name: value for name, value in os.environ.items() if name not in ("FORCE_COLOR", "NO_COLOR")}
    command = [sys.executable, "-m", "sor_addressing", *arguments]
    told = {"PYTHONIOENCODING": "utf-8", "LANG": "C", "TERM": "xterm-256color"} | environment
    return subprocess.run(command, env=env | told, capture_output=True, check=False).stdout.decode()


@pytest.mark.parametrize("system", ["256", "truecolor"])
def test_colours_are_those_that_everybody_can_tell_apart(system: str) -> None:
    terminal = Console(color_system=system, force_terminal=True, _environ={})
    colour(terminal)
    used = [terminal.get_style(style).color for style in STYLES]
    assert all(isinstance(one, Color) for one in used)
    assert {one.name for one in used if one} <= OKABE_ITO
    assert len(set(used)) == len(STYLES)


def test_a_terminal_of_sixteen_colours_has_its_own() -> None:
    terminal = Console(color_system="standard", force_terminal=True, _environ={})
    colour(terminal)
    named = [terminal.get_style(style).color for style in STYLES]
    assert [one.name for one in named if one] == ["green", "red", "yellow", "cyan", "magenta"]


@pytest.mark.parametrize("identifier", ["990001", "990003", "5790999000314"])
@pytest.mark.parametrize("message_type", ["DIS91", "XDIS91"])
def test_nothing_is_said_by_colour_alone(identifier: str, message_type: str) -> None:
    verdict = Register.sample().validate(identifier, message_type)
    coloured, plain = screen_of(100, "truecolor"), screen_of(100)
    for screen, _ in (coloured, plain):
        show_verdict(screen, verdict)
    assert "\x1b[1;38;2;" in coloured[1].getvalue()
    assert ESCAPE.sub("", coloured[1].getvalue()) == plain[1].getvalue()
    said = plain[1].getvalue()
    assert ("may be sent" in said) is verdict.deliverable
    assert ("may not be sent" in said) is not verdict.deliverable
    assert all(finding.title() in said for finding in verdict.findings)


def test_a_pipe_has_colours_only_where_they_are_asked_for_and_the_same_lines() -> None:
    asked = ("validate", "990001", "XDIS91", "--sample", "--lang", "en")
    plain = in_new_process(*asked)
    forced = in_new_process(*asked, FORCE_COLOR="1", COLUMNS="30")
    assert "\x1b" not in plain
    assert "\x1b[1;38;5;" in forced
    assert ESCAPE.sub("", forced) == plain


def test_no_color_wins_over_force_color() -> None:
    told = in_new_process("validate", "990001", "XDIS91", "--sample", "--lang", "en", FORCE_COLOR="1", NO_COLOR="1")
    assert not re.search(r"\x1b\[[\d;]*3[0-8]", told)


def test_an_empty_force_color_asks_for_nothing() -> None:
    assert "\x1b" not in in_new_process("validate", "990001", "XDIS91", "--sample", FORCE_COLOR="", NO_COLOR="")


@pytest.mark.parametrize("width", [20, 24, 30, 40])
def test_long_names_are_broken_between_words_and_go_on_below_themselves(width: int) -> None:
    screen, file = screen_of(width)
    screen.pairs([("Name", NAME), ("SOR code", "9000011000016006")])
    screen.table((Column("Name", flows=True), Column("SOR code")), [(Cell(NAME, BAD), "9000011000016006")])
    lines = ESCAPE.sub("", file.getvalue()).splitlines()
    numbers = [line for line in lines if "9000011000016006" in line]
    assert len(numbers) == 2  # each of them whole
    assert all(cell_len(line) <= width for line in lines if line not in numbers)
    assert re.sub(r"\s+", " ", file.getvalue()).count(NAME) == 2


def test_what_goes_on_is_indented_and_keeps_its_style() -> None:
    screen, file = screen_of(30, "standard")
    screen.pairs([("Name", NAME)])
    screen.line(NAME, BAD)
    assert ESCAPE.sub("", file.getvalue()).splitlines() == [
        "  Name  Ambulatoriet for",
        "        sjældne sygdomme hos",
        "        børn og unge i",
        "        Grævlingelund",
        "Ambulatoriet for sjældne",
        "sygdomme hos børn og unge i",
        "Grævlingelund",
    ]
    assert file.getvalue().count("\x1b[1;31m") >= 1


def test_a_console_of_either_stream_is_plain_text_where_it_is_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    for stderr, name in itertools.product((False, True), ("stdout", "stderr")):
        monkeypatch.setattr(f"sys.{name}", io.StringIO())
        assert console(stderr=stderr).is_terminal is False
