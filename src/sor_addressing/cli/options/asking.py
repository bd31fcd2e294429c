"""The options that commands have in common, and what they make: an :class:`Asking`."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from enum import IntEnum
from functools import wraps
from typing import TYPE_CHECKING

import attrs
import click

from sor_addressing.addressing.age import said_of_age
from sor_addressing.addressing.findings import Finding, findings_of
from sor_addressing.addressing.policy import DEFAULT_POLICY, AddressingPolicy
from sor_addressing.addressing.severities import Severity
from sor_addressing.cells import json_text
from sor_addressing.cli.options.completion import complete_path, complete_policy
from sor_addressing.cli.options.parameters import read_day, read_policy
from sor_addressing.cli.options.register import LoadedRegister, RegisterChoice
from sor_addressing.cli.options.spoken import language_of
from sor_addressing.cli.output.rendering import MADE_UP, SEVERITY_STYLES, Screen
from sor_addressing.register.inside import index_of
from sor_addressing.texts import LANGUAGES

if TYPE_CHECKING:
    from sor_addressing.deliveries.ledger import DeliveryLedger

Command = Callable[..., None]

AS_JSON, LANGUAGE = "sor_addressing.json", "sor_addressing.language"
"""Where a context keeps what an error has to be told in."""


class ExitCode(IntEnum):
    """What a command's exit code says."""

    YES = 0
    NO = 1
    USAGE = 2
    NO_REGISTER = 3
    STALE = 4


@attrs.frozen(slots=True)
class Asking:
    """How a question is asked, and how its answer is to be given."""

    choice: RegisterChoice
    language: str
    as_json: bool
    policy: AddressingPolicy = DEFAULT_POLICY
    on: dt.date | None = None
    allow_stale: bool = False

    @property
    def screen(self) -> Screen:
        """Where an answer for people goes."""
        return Screen(self.language)

    def load(self) -> LoadedRegister:
        """The register to ask."""
        return self.choice.load(self.language)

    def is_stale(self, loaded: LoadedRegister) -> bool:
        """Whether the register is older than the policy allows, or of a day that has not come."""
        return bool(self.said_of_age(loaded))

    def said_of_age(self, loaded: LoadedRegister) -> tuple[Finding, ...]:
        """That the register is too old, or of a day that has not come; nothing where it is fresh."""
        register = loaded.register
        return findings_of(index_of(register), said_of_age(register.age_days, self.policy))

    def head(self, screen: Screen, loaded: LoadedRegister) -> None:
        """What stands above an answer for people: that the register is made up."""
        if loaded.made_up:
            screen.line(screen.say("made-up"), MADE_UP)

    def foot(self, screen: Screen, loaded: LoadedRegister) -> None:
        """What stands below an answer that has no finding on its age itself: that the register is stale."""
        for finding in self.said_of_age(loaded):
            screen.line()
            screen.line(finding.text(self.language), SEVERITY_STYLES[Severity.WARNING])

    def finish(self, loaded: LoadedRegister, *, good: bool) -> None:
        """End the command with the exit code of its answer."""
        code = ExitCode.YES if good else ExitCode.NO
        if good and self.is_stale(loaded) and not self.allow_stale:
            code = ExitCode.STALE
        click.get_current_context().exit(code)


def ledger_of(path: str | None) -> DeliveryLedger | None:
    """The ledger that ``--deliveries`` names, to be read; let go when the command ends."""
    if path is None:
        return None
    from sor_addressing.deliveries.ledger import DeliveryLedger

    ledger = DeliveryLedger(path, read_only=True)
    click.get_current_context().call_on_close(ledger.close)
    return ledger


def print_json(document: dict[str, object]) -> None:
    """Write one document, which any console can hold: where it isn't Unicode, letters are escaped."""
    click.echo(json_text(document, indent=2, stream=sys.stdout))


def _remember(key: str) -> Callable[[click.Context, click.Parameter, object], object]:
    def callback(ctx: click.Context, _parameter: click.Parameter, value: object) -> object:
        ctx.meta[key] = value
        return value

    return callback


language_option = click.option(
    "--lang",
    "language",
    type=click.Choice(LANGUAGES),
    default=lambda: language_of(click.get_current_context(silent=True)),
    show_default="by LC_ALL, LC_MESSAGES, LANG",
    is_eager=True,
    callback=_remember(LANGUAGE),
    help="Language of the answer.",
)
"""Adds ``--lang``."""
_JSON_OPTION = click.option(
    "--json", "as_json", is_flag=True, is_eager=True, callback=_remember(AS_JSON), help="One JSON document."
)
columns_option = click.option(
    "--columns",
    metavar="FILE|FIELD=HEADER",
    multiple=True,
    help="Which column is which, where a header is not known; repeatable.",
)
"""Adds ``--columns``."""
home_option = click.option(
    "--home",
    metavar="DIRECTORY",
    shell_complete=complete_path,
    help="The store; SOR_ADDRESSING_HOME or the user's data folder by default.",
)
"""Adds ``--home``."""
register_option = click.option(
    "--register",
    "path",
    shell_complete=complete_path,
    metavar="PATH",
    help="Extract, archive, folder with an extract, or compiled register.",
)
"""Adds ``--register``."""
deliveries_option = click.option(
    "--deliveries",
    "ledger",
    metavar="FILE",
    shell_complete=complete_path,
    help="Ledger of what came back; tells where the last letter was refused or has no receipt.",
)
"""Adds ``--deliveries``; what is given is for :func:`ledger_of`."""
on_option = click.option("--on", metavar="YYYY-MM-DD", callback=read_day, help="The day asked about; today by default.")
"""Adds ``--on``."""
sender_option = click.option("--sender", metavar="NUMBER", help="The sender's location number, where a model asks.")
"""Adds ``--sender``."""
_REGISTER_OPTIONS = (
    click.option("--sample", is_flag=True, help="Ask the small made-up register of the package."),
    register_option,
    home_option,
    click.option(
        "--message-types",
        shell_complete=complete_path,
        metavar="PATH",
        help="File of message types, beside the register.",
    ),
    columns_option,
    click.option(
        "--snapshot-date", metavar="YYYY-MM-DD", callback=read_day, help="Day of files that don't tell it themselves."
    ),
    click.option(
        "--as-of",
        metavar="YYYY-MM-DD",
        callback=read_day,
        help="An earlier day to build from the history of the complete set.",
    ),
)
_POLICY_OPTION = click.option(
    "--policy",
    metavar="default|strict|lenient|PATH.toml",
    callback=read_policy,
    shell_complete=complete_policy,
    default="default",
    show_default=True,
    help="What is accepted.",
)
_QUESTION_OPTIONS = (
    on_option,
    click.option("--allow-stale", is_flag=True, help="Exit code 0 also where the register is stale."),
)


def written_options(
    *shapes: str,
    told: str = "How the answer is written.",
    target: str = "Write it here, not to standard output.",
) -> Callable[[Command], Command]:
    """Adds ``--format`` with ``shapes``, the first of them by default, and ``--output``; the command gets them as ``shape`` and ``output``."""
    options = (
        click.option("--format", "shape", type=click.Choice(shapes), default=shapes[0], show_default=True, help=told),
        click.option("-o", "--output", type=click.Path(dir_okay=False), help=target),
    )
    return lambda command: _with_options(command, options)


def answer_options(command: Command) -> Command:
    """Adds ``--lang`` and ``--json`` as they are."""
    return language_option(_JSON_OPTION(command))


def register_options(command: Command) -> Command:
    """Adds the choice of a register, ``--policy``, ``--lang`` and ``--json``; the command gets them as an :class:`Asking`, first."""

    @wraps(command)
    def with_asking(
        *,
        sample: bool,
        path: str | None,
        message_types: str | None,
        columns: tuple[str, ...],
        snapshot_date: dt.date | None,
        as_of: dt.date | None,
        home: str | None,
        language: str,
        as_json: bool,
        policy: AddressingPolicy,
        on: dt.date | None = None,
        allow_stale: bool = False,
        **own: object,
    ) -> None:
        choice = RegisterChoice(sample, path, message_types, columns, snapshot_date, as_of, home)
        command(Asking(choice, language, as_json, policy, on, allow_stale), **own)

    return _with_options(answer_options(with_asking), (*_REGISTER_OPTIONS, _POLICY_OPTION))


def question_options(command: Command) -> Command:
    """Adds what :func:`register_options` does, ``--on`` and ``--allow-stale``."""
    return _with_options(register_options(command), _QUESTION_OPTIONS)


def _with_options(command: Command, options: tuple[Callable[[Command], Command], ...]) -> Command:
    # Click shows the option first that was added last.
    for option in reversed(options):
        command = option(command)
    return command
