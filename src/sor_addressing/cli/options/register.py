"""Which register a command asks: ``--sample``, else ``--register``, else the environment, else the store."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import attrs
import click

from sor_addressing.cli.output.progress import LoadingProgress
from sor_addressing.cli.output.terminal import console
from sor_addressing.daily.live import LiveRegister
from sor_addressing.daily.outcomes import StoreState
from sor_addressing.daily.store import RegisterStore
from sor_addressing.errors import SorAddressingError, StoreError
from sor_addressing.index.opening import is_compiled
from sor_addressing.register.face import Register
from sor_addressing.texts import text_of

VARIABLE = "SOR_ADDRESSING_REGISTER"


class NoRegister(SorAddressingError, LookupError):
    """No register was named, and the store has none; the text says what to do."""


@attrs.frozen(slots=True)
class LoadedRegister:
    """The register of a command, and whether it is the made-up one, which every answer then says.

    ``where`` is the path it was read from, empty for the made-up one; ``store`` how the store stands, where it is the store's.
    """

    register: Register
    made_up: bool
    where: str = ""
    _of_store: RegisterStore | None = None

    @property
    def store(self) -> StoreState | None:
        """How the store stands that the register is from; None where it is from elsewhere."""
        return self._of_store.state() if self._of_store else None

    def live(self, poll_seconds: float) -> LiveRegister | None:
        """The store's register as one that stays today's; None where it is from elsewhere."""
        return LiveRegister(self._of_store, poll_seconds=poll_seconds) if self._of_store else None

    def mark(self, register: Register | None = None) -> dict[str, object]:
        """What every answer in JSON says of its register, or of the one that came after it."""
        day = (register or self.register).snapshot_date
        return {"made_up": self.made_up, "snapshot_date": day.isoformat()}


@attrs.frozen(slots=True)
class RegisterChoice:
    """What the options say of the register."""

    sample: bool = False
    path: str | None = None
    message_types: str | None = None
    columns: tuple[str, ...] = ()
    snapshot_date: dt.date | None = None
    as_of: dt.date | None = None
    home: str | None = None

    @property
    def file(self) -> str | None:
        """The path that is named; None where the register is the store's. A store that is named comes before a path of the environment's."""
        return self.path or (None if self.home else os.environ.get(VARIABLE))

    def load(self, language: str) -> LoadedRegister:
        """Load it, with bars where that takes its time.

        Raises:
            NoRegister: none is named, neither by an option nor by the environment, and the store has none.
            ExtractError: it can't be loaded.
            SnapshotError: it is compiled, and can't be opened.
        """
        if self.sample:
            return LoadedRegister(Register.sample(), made_up=True)
        path = self.file
        if not path:
            return _from_store(language, self.home)
        if is_compiled(path):
            if self.message_types or self.columns or self.snapshot_date or self.as_of:
                raise click.UsageError(text_of("cli", "compiled-is-whole", language, {"path": path}))
            return LoadedRegister(Register.open(path), made_up=False, where=path)
        with LoadingProgress(console(stderr=True)) as progress:
            register = Register.load(
                path,
                message_types=self.message_types,
                columns=column_map(self.columns),
                snapshot_date=self.snapshot_date,
                as_of=self.as_of,
                progress=progress,
            )
        return LoadedRegister(register, made_up=False, where=path)


def _from_store(language: str, home: str | None) -> LoadedRegister:
    """The store's latest register.

    Raises:
        NoRegister: the store has none, or there is no store.
    """
    store = RegisterStore(home)
    reasons = ""
    try:
        if store.pointer():
            name, register = store.serving()
            return LoadedRegister(register, made_up=False, where=str(store.path_of(name)), of_store=store)
        state = store.state()
        if state.reasons:
            reasons = f" {state.text(language)}"
    except StoreError:
        if store.has_home:
            raise
    raise NoRegister(text_of("cli", "no-register", language, {"variable": VARIABLE}) + reasons)


def column_map(given: tuple[str, ...]) -> dict[str, str] | str | None:
    """The value for ``columns=``: one file, or a map made of ``field=header`` pairs."""
    files = [text for text in given if "=" not in text or Path(text).is_file()]
    if files:
        if len(given) > 1:
            raise click.UsageError("--columns takes one file, or field=header as often as needed, not both")
        return files[0]
    pairs = (text.partition("=") for text in given)
    return {field.strip(): header.strip() for field, _, header in pairs} or None
