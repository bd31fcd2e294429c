"""The first day of somebody new: an environment with nothing but the wheel, the README's own lines, a store, a batch, tests of their own.

The wheel is named by ``SOR_ADDRESSING_WHEEL``, which ``.ci/check.py --only tests`` sets; what it depends on comes from the package index.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import re
import shlex
import subprocess
import venv
from pathlib import Path

import attrs
import pytest

from sor_addressing.testing import made_up_nation, serve_publisher

WHEEL = os.environ.get("SOR_ADDRESSING_WHEEL", "")
ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")

pytestmark = pytest.mark.skipif(not WHEEL, reason="needs a built wheel: .ci/check.py --only tests has one")

KEPT = {
    "COMSPEC", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "PATH", "PATHEXT", "SSL_CERT_FILE", "SYSTEMROOT", "TEMP", "TMP", "https_proxy",
    "http_proxy", "no_proxy",
}  # fmt: skip


@attrs.frozen
class Environment:
    """An environment as ``python3 -m venv`` makes it, and a home with nothing in it."""

    folder: Path
    home: Path

    def run(self, command: str, *arguments: object, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
        """A program of the environment, with the variables of somebody who has set none."""
        programs = self.folder / ("Scripts" if os.name == "nt" else "bin")
        kept = {name: value for name, value in os.environ.items() if name in KEPT or name.startswith("PIP_")}
        return subprocess.run(
            [programs / command, *map(str, arguments)],
            cwd=cwd,
            env=kept
            | {"HOME": str(self.home), "USERPROFILE": str(self.home), "LOCALAPPDATA": str(self.home)}
            | variables,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    def install(self, *wanted: str) -> None:
        ended = self.run("python", "-m", "pip", "install", "-q", *wanted, cwd=self.home)
        assert ended.returncode == 0, ended.stderr


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Only the wheel."""
    made = Environment(tmp_path_factory.mktemp("environment"), tmp_path_factory.mktemp("home"))
    venv.create(made.folder, with_pip=True)
    made.install(WHEEL)
    return made


@pytest.fixture(scope="module")
def equipped(bare: Environment) -> Environment:
    """With the command line, downloads and pytest too."""
    bare.install(f"{WHEEL}[cli,fetch]", "pytest")
    return bare


def test_the_examples_of_the_readme_need_nothing_but_the_package(bare: Environment, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(README, "utf-8")
    ended = bare.run("python", "-W", "error", "-m", "doctest", "README.md", cwd=tmp_path)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


def test_the_first_command_of_the_readme_shows_the_main_job(equipped: Environment, tmp_path: Path) -> None:
    (command,) = re.findall(r"<!-- command: demo -->\n```shell\n.+ && \.venv/bin/(.+)\n```", README)
    ended = equipped.run(*shlex.split(command), cwd=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "5790999000314" in ended.stdout


def test_the_commands_of_the_readme_answer(equipped: Environment, tmp_path: Path) -> None:
    blocks = re.findall(r"(?<!-->\n)```shell\n(.+?)```", README, re.DOTALL)
    commands = [line for block in blocks for line in block.splitlines()]
    assert len(commands) >= 5
    ended = {command: equipped.run(*shlex.split(command), cwd=tmp_path) for command in commands}
    # Some of the sample's letters would not arrive, and that is what the last of them tells.
    codes = {command: 1 if command.startswith("sor-addressing validate-file") else 0 for command in commands}
    assert {command: one.returncode for command, one in ended.items()} == codes
    assert all(one.stdout for one in ended.values())
    assert not any("Traceback" in one.stderr for one in ended.values())


def test_a_store_is_fed_by_the_publisher_and_asked_by_every_command(equipped: Environment, tmp_path: Path) -> None:
    today = dt.datetime.now(dt.UTC).date()
    nation = made_up_nation(300, seed=4, snapshot_date=today)
    number = next(unit.location.number for unit in nation.units if unit.location is not None and unit.to_date is None)
    with serve_publisher(nation) as publisher:
        fetch = ("sor-addressing", "update", "--from", publisher.address)
        first, second = equipped.run(*fetch, cwd=tmp_path), equipped.run(*fetch, "--json", cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    told = json.loads(second.stdout)
    assert (second.returncode, told["state"], told["snapshot_date"]) == (0, "unchanged", str(today))
    assert Path(told["home"]).is_relative_to(equipped.home)
    asked = equipped.run("sor-addressing", "resolve", number, "--json", cwd=tmp_path)
    assert json.loads(asked.stdout)["identifier"] == number
    assert equipped.run("sor-addressing", "info", cwd=tmp_path).returncode == 0


def test_a_program_fetches_from_where_its_publisher_toml_says(equipped: Environment, tmp_path: Path) -> None:
    nation = made_up_nation(100, seed=5, snapshot_date=dt.datetime.now(dt.UTC).date())
    line = "from sor_addressing import RegisterStore; print(RegisterStore('store').update().state)"
    with serve_publisher(nation) as publisher:
        (tmp_path / "publisher.toml").write_text(f'base = "{publisher.address}"\n', "utf-8")
        ended = equipped.run("python", "-c", line, cwd=tmp_path, SOR_ADDRESSING_PUBLISHER="publisher.toml")
    assert (ended.returncode, ended.stdout.strip(), ended.stderr) == (0, "renewed", "")


def test_what_stops_a_newcomer_says_what_to_do(equipped: Environment, tmp_path: Path) -> None:
    nothing = equipped.run("sor-addressing", "resolve", "990001", "--home", "empty", cwd=tmp_path)
    assert (nothing.returncode, "sor-addressing update" in nothing.stderr) == (3, True)
    unknown = equipped.run("sor-addressing", "update", "--set", "legacy", "--home", "empty", cwd=tmp_path)
    assert unknown.returncode == 3
    assert "--file Edityper.csv=PATH" in " ".join((unknown.stdout + unknown.stderr).split())
    with serve_publisher() as publisher:
        gone = equipped.run("sor-addressing", "update", "--from", f"{publisher.address}x/", "--json", cwd=tmp_path)
    assert f"{publisher.address}x/Sor_complete.zip (404)" in json.loads(gone.stdout)["text"]
    slip = equipped.run("sor-addressing", "validat", "990001", cwd=tmp_path)
    assert (slip.returncode, "validate" in slip.stderr) == (2, True)


def test_a_batch_with_blanks_is_answered_to_its_end(equipped: Environment, tmp_path: Path) -> None:
    rows = ["990001,DIS91", ",DIS91", "990003,", " ,DIS91", "990001,XDIS91", "ukendt,DIS91"]
    (tmp_path / "batch.csv").write_text("\n".join(["identifier,message_type", *rows, ""]), "utf-8")
    ended = equipped.run("sor-addressing", "validate-file", "batch.csv", "--sample", cwd=tmp_path)
    answered = list(csv.DictReader(io.StringIO(ended.stdout)))
    assert ended.returncode == 1
    assert [f"{row['identifier']},{row['message_type']}" for row in answered] == rows
    assert [row["deliverable"] for row in answered] == ["true", *["false"] * 5]
    assert [row["errors"].split() for row in answered[1:4]] == [
        ["recipient-missing"],
        ["message-type-missing"],
        ["recipient-missing"],
    ]
    typed = equipped.run("sor-addressing", "validate-file", "batch.csv", "--sample", "--json", cwd=tmp_path)
    assert [row["deliverable"] for row in json.loads(typed.stdout)["rows"]] == [True, *[False] * 5]


def test_a_project_of_ones_own_has_the_fixtures(equipped: Environment, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "test-kit.md").read_text("utf-8")
    (module,) = re.findall(r"## With pytest\n.+?```python\n(.+?)```", page, re.DOTALL)
    (tmp_path / "test_sending.py").write_text(module, "utf-8")
    (tmp_path / "pyproject.toml").write_text('[tool.pytest.ini_options]\nfilterwarnings = ["error"]\n', "utf-8")
    ended = equipped.run("python", "-m", "pytest", "-q", cwd=tmp_path)
    assert ended.returncode == 0, ended.stdout
    assert f"{module.count('def test_')} passed" in ended.stdout


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        ("demo", 0, "OPDIGTET REGISTER"),
        ("resolve 990001 --sample", 0, "lokationsnummer"),
        ("validate 990003 DIS91 --sample", 1, "Ikke entydig: der skal vælges."),
        ("validate 990001 XDIS91 --sample", 1, "konverter"),
        ("search hjerteafd --sample", 0, "Hjerteafdelingen"),
        ("show 990001 --sample", 0, "Lægehuset Entydig"),
        ("update --dry-run", 0, "hentes fra"),
        ("validat 990001", 2, "Mente du"),
        ("resolve 990001 --home tom", 3, "register"),
        ("find --message-type FDIS20 --sample", 0, "Sygehusadviser"),
        ("info --sample", 0, "Opdigtet"),
    ],
)
def test_a_dane_is_answered_in_danish(
    equipped: Environment, tmp_path: Path, command: str, code: int, said: str
) -> None:
    ended = equipped.run("sor-addressing", *shlex.split(command), cwd=tmp_path, LANG="da_DK.UTF-8")
    assert ended.returncode == code, ended.stderr
    assert said.casefold() in (ended.stdout + ended.stderr).casefold()
    english = re.findall(r"\b(?:the|which|recipient is|of the|may be|supported)\b", ended.stdout + ended.stderr)
    assert english == []
