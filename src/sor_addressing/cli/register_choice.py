"""Which register a command asks: ``--sample``, else ``--register``, else the environment, else the store."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import attrs
import click
from rich.console import Console

from sor_addressing.cli.progress import LoadingProgress
from sor_addressing.errors import SorAddressingError, StoreError
from sor_addressing.index.compiled import is_compiled
from sor_addressing.register import Register
from sor_addressing.texts import text_of

VARIABLE = "SOR_ADDRESSING_REGISTER"


class NoRegister(SorAddressingError, LookupError):
    """No register was named, and the store has none; the text says what to do."""


@attrs.frozen(slots=True)
class LoadedRegister:
    """The register of a command, and whether it is the made-up one, which every answer then says."""

    register: Register
    made_up: bool

    def mark(self) -> dict[str, object]:
        """What every answer in JSON says of its register."""
        return {"made_up": self.made_up, "snapshot_date": self.register.snapshot_date.isoformat()}


@attrs.frozen(slots=True)
class RegisterChoice:
    """What the options say of the register."""

    sample: bool = False
    path: str | None = None
    message_types: str | None = None
    columns: tuple[str, ...] = ()
    snapshot_date: dt.date | None = None

    def load(self, language: str) -> LoadedRegister:
        """Load it, with bars where that takes its time.

        Raises:
            NoRegister: none is named, neither by an option nor by the environment, and the store has none.
            ExtractError: it can't be loaded.
            SnapshotError: it is compiled, and can't be opened.
        """
        if self.sample:
            return LoadedRegister(Register.sample(), made_up=True)
        path = self.path or os.environ.get(VARIABLE)
        if not path:
            return LoadedRegister(_from_store(language), made_up=False)
        if is_compiled(path):
            if self.message_types or self.columns or self.snapshot_date:
                raise click.UsageError(text_of("cli", "compiled-is-whole", language, {"path": path}))
            return LoadedRegister(Register.open(path), made_up=False)
        with LoadingProgress(Console(stderr=True)) as progress:
            register = Register.load(
                path,
                message_types=self.message_types,
                columns=_column_map(self.columns),
                snapshot_date=self.snapshot_date,
                progress=progress,
            )
        return LoadedRegister(register, made_up=False)


def _from_store(language: str) -> Register:
    """The store's latest register.

    Raises:
        NoRegister: the store has none, or there is no store.
    """
    from sor_addressing.daily.store import RegisterStore

    store = RegisterStore()
    try:
        if store.pointer():
            return store.latest()
    except StoreError:
        if store.has_home:
            raise
    raise NoRegister(text_of("cli", "no-register", language, {"variable": VARIABLE}))


def _column_map(given: tuple[str, ...]) -> dict[str, str] | str | None:
    """The value for ``columns=``: one file, or a map made of ``field=header`` pairs."""
    files = [text for text in given if "=" not in text or Path(text).is_file()]
    if files:
        if len(given) > 1:
            raise click.UsageError("--columns takes one file, or field=header as often as needed, not both")
        return files[0]
    pairs = (text.partition("=") for text in given)
    return {field.strip(): header.strip() for field, _, header in pairs} or None
