"""A shell completes commands, options, files and message types; every command and option says what it is for."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator

import click
import pytest
from click.shell_completion import ShellComplete

from sor_addressing.cli.app import program

COMPLETED = [
    (("va",), [("plain", "validate"), ("plain", "validate-file")]),
    (("validate", "990001", "XDIS9"), [("plain", "XDIS90"), ("plain", "XDIS91")]),
    (("find", "--message-type", "fdis9"), [("plain", "FDIS91")]),
    (("resolve", "990001", "--pol"), [("plain", "--policy")]),
    (("resolve", "990001", "--policy", "s"), [("plain", "strict")]),
    (("resolve", "990001", "--policy", "ours"), [("file", "ours")]),
    (("resolve", "990001", "--kind", "sh"), [("plain", "shak_code")]),
    (("info", "--register", "to"), [("file", "to")]),
    (("review", "bo"), [("file", "bo")]),
    (("compare", "old", "ne"), [("file", "ne")]),
    (("completion", "b"), [("plain", "bash")]),
]


@pytest.mark.parametrize(("words", "offered"), COMPLETED, ids=[" ".join(words) for words, _ in COMPLETED])
def test_what_is_begun_is_completed(words: tuple[str, ...], offered: list[tuple[str, str]]) -> None:
    shell = ShellComplete(program, {}, "sor-addressing", "_SOR_ADDRESSING_COMPLETE")
    assert [(one.type, one.value) for one in shell.get_completions(list(words[:-1]), words[-1])] == offered


@pytest.mark.parametrize(
    ("shell", "registers"),
    [
        ("bash", "complete -o nosort -F _sor_addressing_completion sor-addressing"),
        ("zsh", "compdef _sor_addressing_completion sor-addressing"),
        ("fish", "complete --no-files --command sor-addressing"),
        ("powershell", "Register-ArgumentCompleter -Native -CommandName sor-addressing"),
    ],
)
def test_the_script_of_a_shell_is_written(run, shell: str, registers: str) -> None:
    ran = run("completion", shell)
    assert (ran.code, ran.err) == (0, "")
    assert registers in ran.out
    assert f"_SOR_ADDRESSING_COMPLETE={shell}_complete" in ran.out.replace(' = "', "=")


def test_another_shell_is_refused(run) -> None:
    ran = run("completion", "csh")
    assert ran.code == 2
    assert "'csh' is not one of 'bash', 'zsh', 'fish', 'powershell'" in ran.err


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
def test_a_shell_asks_the_program_and_understands_its_script(run, tmp_path) -> None:
    script = tmp_path / "completion.bash"
    script.write_text(run("completion", "bash").out, "utf-8")
    subprocess.run(["bash", "-n", script], check=True)  # noqa: S607 (the shell of whoever runs the tests)
    asked = {"COMP_WORDS": "sor-addressing ex", "COMP_CWORD": "1", "_SOR_ADDRESSING_COMPLETE": "bash_complete"}
    ended = subprocess.run(
        [sys.executable, "-m", "sor_addressing"], env=os.environ | asked, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "plain,export\n", "")


def commands() -> Iterator[click.Command]:
    with click.Context(program) as context:
        for name in program.list_commands(context):
            command = program.get_command(context, name)
            assert command is not None
            yield command


@pytest.mark.parametrize("command", list(commands()), ids=lambda command: command.name)
def test_the_help_of_a_command_is_complete(command: click.Command) -> None:
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name
            assert parameter.help.endswith((".", "]")), parameter.help
        else:
            shown = re.split(r"\W", parameter.metavar or str(parameter.name).upper())[0]
            assert re.search(rf"\b{shown}\b", command.help), shown


@pytest.mark.parametrize(
    ("words", "begun", "offered"),
    [
        (["va"], "va", ["validate", "validate-file"]),
        (["resolve", "'990001'", "--pol"], "--pol", ["--policy"]),
        (["completion"], "", ["bash", "zsh", "fish", "powershell"]),
        (["info", "--register", "C:\\to"], "C:\\to", ["C:\\to"]),
    ],
)
def test_powershell_is_answered_line_by_line(words: list[str], begun: str, offered: list[str]) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "sor_addressing"],
        env=os.environ
        | {
            "_SOR_ADDRESSING_COMPLETE": "powershell_complete",
            "COMP_WORDS": "\n".join(["sor-addressing", *words]),
            "COMP_CWORD": begun,
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert [line.split("\t")[1] for line in ended.stdout.splitlines()] == offered
