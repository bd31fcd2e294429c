"""Runs commands in this process: standard output and error apart, nothing of the environment but what a test sets."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner

from sor_addressing.cli.app import program
from sor_addressing.testing import sample_extract

CLEARED = (
    "SOR_ADDRESSING_REGISTER",
    "SOR_ADDRESSING_APPROVALS",
    "LANG",
    "LC_ALL",
    "LC_MESSAGES",
    "COLUMNS",
    "FORCE_COLOR",
    "NO_COLOR",
)


class Ran(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The document on standard output; there is nothing else on it."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


Run = Callable[..., Ran]


@pytest.fixture(autouse=True)
def empty_store(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of its own for every test, never that of whoever runs them."""
    home = tmp_path_factory.mktemp("store")
    monkeypatch.setenv("SOR_ADDRESSING_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def _colours_of_no_user(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def run() -> Run:
    def run_program(*arguments: object, **environment: str) -> Ran:
        result = CliRunner().invoke(
            program, [str(argument) for argument in arguments], env=dict.fromkeys(CLEARED) | environment
        )
        # Only the end of the program may be an exception: no traceback, whatever was given.
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        return Ran(result.exit_code, result.stdout, result.stderr)

    return run_program


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample as published files; nobody may change them."""
    path = tmp_path_factory.mktemp("extract")
    sample_extract().write(path)
    return path


@pytest.fixture
def days_later(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Sets today's date to so many days after the day of the sample."""

    def set_today(days: int) -> None:
        today = dt.date(2026, 1, 15) + dt.timedelta(days)
        monkeypatch.setattr("sor_addressing.register.face.danish_today", lambda: today)

    return set_today


@pytest.fixture(autouse=True)
def _on_the_day_of_the_sample(days_later: Callable[[int], None]) -> None:
    days_later(0)
