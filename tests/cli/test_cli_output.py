"""How things look: on terminals of any width, in pipes, and on consoles that lack letters."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rich.console import Console

from sor_addressing import Register
from sor_addressing.cli.output.answers import show_verdict
from sor_addressing.cli.output.progress import LoadingProgress, busy
from sor_addressing.cli.output.rendering import BAD, Cell, Column, Screen
from sor_addressing.testing import RegisterBuilder


class Terminal:
    """A made-up terminal."""

    def __init__(self, width: int = 100, *, terminal: bool = True, color: bool = True) -> None:
        self._file = io.StringIO()
        self.console = Console(
            file=self._file,
            width=width,
            force_terminal=terminal,
            no_color=not color,
            color_system="standard" if terminal else None,
            highlight=False,
            markup=False,
            emoji=False,
            _environ={},
        )
        self.screen = Screen("en", self.console)

    @property
    def shown(self) -> str:
        return self._file.getvalue()


COLUMNS = (Column("Name", flows=True), Column("SOR code"), Column("Why", flows=True))
NAME = "Afdelingen for meget lange navne og sjældne tegn [bold] :smile:"
WHY = "because the number is closed and nobody knows who took over " * 3
ROWS = [(Cell(NAME, BAD), "9000011000016006", WHY.strip())]


def words(text: str) -> list[str]:
    return text.split()


@pytest.mark.parametrize("width", [30, 60, 79, 80, 100, 120, 200, 400])
def test_nothing_is_cut_off_on_a_terminal_of_any_width(width: int) -> None:
    terminal = Terminal(width, color=False)
    terminal.screen.table(COLUMNS, ROWS)
    plain = "".join(char for char in terminal.shown if char not in "│╭╮╰╯─├┤┼┬┴")
    for escape in ("\x1b[1m", "\x1b[2m", "\x1b[0m"):
        plain = plain.replace(escape, "")
    assert "…" not in plain
    assert "9000011000016006" in plain
    assert sorted(words(NAME + " " + WHY)) == sorted(
        word for word in words(plain) if word in {*words(NAME), *words(WHY)}
    )


def test_a_table_on_a_wide_terminal_is_drawn() -> None:
    terminal = Terminal(100, color=False)
    terminal.screen.table((Column("A"), Column("B", flows=True)), [("1", "two")])
    assert "╭───┬─────╮" in terminal.shown


def test_a_table_that_does_not_fit_is_told_row_by_row() -> None:
    terminal = Terminal(20, color=False)
    terminal.screen.table(
        (Column("SOR code"), Column("Number"), Column("")), [("9000011000016006", "5790999000017", "")]
    )
    assert terminal.shown.replace("\x1b[2m", "").replace("\x1b[0m", "").splitlines() == [
        "  - SOR code: 9000011000016006",
        "    Number:",
        "      5790999000017",
    ]


def test_a_table_in_a_pipe_is_plain_text_of_any_width() -> None:
    terminal = Terminal(20, terminal=False)
    terminal.screen.table(COLUMNS, ROWS)
    assert terminal.shown.splitlines() == [
        f"  Name{' ' * (len(NAME) - 4)}  SOR code          Why",
        f"  {'-' * len(NAME)}  {'-' * 16}  {'-' * len(WHY.strip())}",
        f"  {NAME}  9000011000016006  {WHY.strip()}",
    ]


def test_wide_letters_and_marks_stay_in_their_columns() -> None:
    terminal = Terminal(terminal=False)
    terminal.screen.table((Column("A"), Column("B")), [("漢字", "1"), ("abcd", "2")])
    assert terminal.shown.splitlines() == ["  A     B", "  ----  -", "  漢字  1", "  abcd  2"]


def test_control_characters_never_reach_the_terminal() -> None:
    terminal = Terminal(terminal=False)
    terminal.screen.line("a\x1b[31mb\x07")
    terminal.screen.pairs([("c\x1b", "d\r")])
    terminal.screen.table((Column(""),), [("e\x1b]0;title\x07",)])
    assert terminal.shown == "a\ufffd[31mb\ufffd\n  c\ufffd  d\ufffd\n  e\ufffd]0;title\ufffd\n"


def test_findings_come_with_the_weightiest_first_and_in_color_on_a_terminal() -> None:
    verdict = Register.sample().validate("5790999000314", "XDIS91")
    terminal = Terminal(200)
    show_verdict(terminal.screen, verdict)
    assert terminal.shown.index("The sender's side has") < terminal.shown.index("The letter is converted")
    assert "\x1b[1;31merror" in terminal.shown
    assert "\x1b[1;31mXDIS91 may not be sent: would have to be converted." in terminal.shown


def test_no_color_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal(200, color=False)
    show_verdict(terminal.screen, Register.sample().validate("5790999000314", "XDIS91"))
    assert "31m" not in terminal.shown


class TestProgress:
    class Clock:
        now = 0.0

        def __call__(self) -> float:
            return self.now

    def test_is_shown_from_the_second_second_on(self) -> None:
        terminal, clock = Terminal(), self.Clock()
        with LoadingProgress(terminal.console, now=clock) as progress:
            progress("folder/Sor.xml", 10, 100)
            assert terminal.shown == ""
            clock.now = 1.5
            progress("folder/Sor.xml", 50, 100)
            progress("Edityper.csv", 5, None)
        assert "Sor.xml" in terminal.shown
        assert "Edityper.csv" in terminal.shown
        assert "folder/" not in terminal.shown

    def test_is_not_shown_in_a_pipe(self) -> None:
        terminal, clock = Terminal(terminal=False), self.Clock()
        with LoadingProgress(terminal.console, now=clock) as progress:
            clock.now = 10
            progress("Sor.xml", 50, 100)
        assert terminal.shown == ""

    def test_of_other_work_is_shown_where_it_takes_its_time(self) -> None:
        terminal = Terminal()
        with busy(terminal.console, "writing", after=0.0):
            for _ in range(200):
                if "writing" in terminal.shown:
                    break
                time.sleep(0.01)
        assert "writing" in terminal.shown

    def test_of_other_work_is_not_shown_where_it_is_quick_or_in_a_pipe(self) -> None:
        quick, pipe = Terminal(), Terminal(terminal=False)
        with busy(quick.console, "writing", after=60):
            pass
        with busy(pipe.console, "writing", after=0):
            pass
        assert (quick.shown, pipe.shown) == ("", "")


def in_new_process(*arguments: str, code: str | None = None, **environment: str) -> subprocess.CompletedProcess[bytes]:
    how = ["-m", "sor_addressing"] if code is None else ["-c", code]
    env = {name: value for name, value in os.environ.items() if name not in ("FORCE_COLOR", "SOR_ADDRESSING_REGISTER")}
    return subprocess.run([sys.executable, *how, *arguments], env=env | environment, capture_output=True, check=False)


def test_a_pipe_gets_utf8_without_colors_and_nothing_is_cut(tmp_path: Path) -> None:
    builder = RegisterBuilder()
    name = "Klinikken for " + "overordentligt " * 25 + "lange navne"
    house = builder.institution(builder.owner("Ejeren"), "Huset")
    for _ in range(2):
        builder.unit(house, name, provider_number="990777", location_number=True)
    builder.write(tmp_path)
    options = ("--register", str(tmp_path), "--lang", "da")
    ended = in_new_process("resolve", "990777", *options, COLUMNS="40", PYTHONIOENCODING="utf-8")
    out = ended.stdout.decode()
    assert (ended.returncode, ended.stderr) == (1, b"")
    assert "\x1b" not in out
    assert "…" not in out
    assert out.count(name) == 2
    for number in ("5790999000000", "5790999000017"):
        assert out.count(number) == 2


def test_a_console_without_the_letters_ends_nothing() -> None:
    ended = in_new_process(
        "validate", "9000051000016005", "XDIS91", "--sample", "--lang", "da", PYTHONIOENCODING="ascii", PYTHONUTF8="0"
    )
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert b"XDIS91 m? sendes: underst?ttet." in ended.stdout
    ended = in_new_process("resolve", "990001", "--sample", "--json", PYTHONIOENCODING="cp1252", PYTHONUTF8="0")
    assert json.loads(ended.stdout.decode("ascii"))["recipient"]["name"] == "Lægehuset Entydig"


@pytest.mark.parametrize("package", ["click", "rich"])
def test_without_the_extra_the_command_line_names_it(package: str) -> None:
    blocked = f"import sys; sys.modules[{package!r}] = None; from sor_addressing.cli import main; main()"
    ended = in_new_process(code=blocked)
    assert (ended.returncode, ended.stdout) == (2, b"")
    assert ended.stderr.decode().strip() == (
        f"the command line needs the package {package}, which is not installed: install the extra with  "
        "pip install 'sor-addressing[cli]'"
    )


def test_another_module_that_is_missing_is_a_fault_of_ours() -> None:
    blocked = "import sys; sys.modules['attrs'] = None; from sor_addressing.cli import main; main()"
    ended = in_new_process(code=blocked)
    assert ended.returncode == 1
    assert b"ModuleNotFoundError" in ended.stderr


def test_importing_the_command_line_imports_nothing_of_the_extra() -> None:
    code = "import sys, sor_addressing.cli; print({'click', 'rich'} & sys.modules.keys())"
    assert in_new_process(code=code).stdout.decode().strip() == "set()"


def test_a_question_does_not_import_the_test_kit() -> None:
    code = (
        "import sys; from sor_addressing.cli.app import program; "
        "program.main(['resolve', '990001', '--sample'], standalone_mode=False); "
        "print('sor_addressing.testing' in sys.modules)"
    )
    assert in_new_process(code=code).stdout.decode().splitlines()[-1] == "False"


def test_the_list_of_commands_imports_none_of_them() -> None:
    code = (
        "import sys; from sor_addressing.cli.app import _COMMANDS, program; "
        "program.main(['--help'], standalone_mode=False); "
        "print({*_COMMANDS.values()} & {name.removeprefix('sor_addressing.cli.') for name in sys.modules})"
    )
    told = in_new_process(code=code).stdout.decode().splitlines()
    assert told[0].startswith("Usage: ")
    assert told[-1] == "{'options.completion'}"  # beside what every command needs


def test_the_version_is_told() -> None:
    from sor_addressing import __version__

    ended = in_new_process("--version")
    assert ended.stdout.decode().strip() == f"sor-addressing, version {__version__}"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes that end this way")
def test_a_reader_that_goes_away_ends_it_quietly() -> None:
    command = [sys.executable, "-m", "sor_addressing", "demo"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
@pytest.mark.parametrize(
    ("arguments", "code"), [(["update", "--no-such-option"], 2), (["resolve", "nonsense", "--sample"], 1)]
)
def test_a_full_standard_error_changes_no_exit_code(arguments, code):
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run([sys.executable, "-m", "sor_addressing", *arguments], stderr=full, check=False)
    assert ended.returncode == code
