"""The program: its commands, and what every error becomes."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module

import click

from sor_addressing._version import __version__
from sor_addressing.cli.options.asking import AS_JSON, LANGUAGE, ExitCode, print_json
from sor_addressing.cli.options.register import NoRegister
from sor_addressing.cli.options.spoken import (
    SpokenContext,
    SpokenError,
    language_of,
    remember_language,
)
from sor_addressing.cli.output.rendering import Screen
from sor_addressing.cli.output.terminal import console
from sor_addressing.errors import (
    AddressBookError,
    ExportError,
    ExtractError,
    FilterError,
    HandoverError,
    PlanError,
    PolicyError,
    RuleError,
    SchemaUnknown,
    ServiceError,
    SnapshotError,
    SorAddressingError,
    StoreError,
    error_document,
)
from sor_addressing.misspelt import nearest
from sor_addressing.texts import LANGUAGES, entries, text_of
from sor_addressing.whole_file import STANDARD_OUTPUT

# In the order of the help text. A command is imported when it is run: the test kit, for one, takes its time.
_COMMANDS = {
    "resolve": "questions",
    "validate": "questions",
    "validate-file": "letters",
    "review": "reviewing",
    "watch": "watching",
    "search": "finding",
    "find": "finding",
    "show": "showing",
    "compare": "comparing",
    "history": "history",
    "audit": "auditing",
    "allowed-types": "maintaining.allowing",
    "names": "maintaining.naming",
    "conversions": "maintaining.converting",
    "what-if": "maintaining.planning",
    "handover": "maintaining.handover",
    "deliveries": "deliveries",
    "answer": "programs.answering",
    "schema": "programs.schemas",
    "info": "about",
    "update": "updating",
    "compile": "compiling",
    "export": "exporting",
    "serve": "programs.serving",
    "columns": "columns",
    "sample": "made_up",
    "demo": "made_up",
    "completion": "options.completion",
}
_EXIT_CODES: Mapping[type[Exception], ExitCode] = {
    NoRegister: ExitCode.NO_REGISTER,
    ExtractError: ExitCode.NO_REGISTER,
    SnapshotError: ExitCode.NO_REGISTER,
    StoreError: ExitCode.NO_REGISTER,
    PolicyError: ExitCode.USAGE,
    PlanError: ExitCode.USAGE,
    FilterError: ExitCode.USAGE,
    AddressBookError: ExitCode.USAGE,
    RuleError: ExitCode.USAGE,
    ServiceError: ExitCode.USAGE,
    ExportError: ExitCode.USAGE,
    SchemaUnknown: ExitCode.USAGE,
    HandoverError: ExitCode.USAGE,
}


class _Program(click.Group):
    """The commands; their errors are told in one line, without a traceback."""

    context_class = SpokenContext

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 (click's signature)
        module = _COMMANDS.get(cmd_name)
        if module is None:
            return None
        commands = vars(import_module(f"sor_addressing.cli.{module}")).values()
        command = next(one for one in commands if isinstance(one, click.Command) and one.name == cmd_name)
        command.context_class = SpokenContext
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        remember_language(ctx, args)
        _only_say_it_once()
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            raise SpokenError(error, ctx, _write) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """As click does it, in the language asked for; what each says of itself stands in the texts, so that none of them is imported."""
        told, language = entries("help"), language_of(ctx)
        room = formatter.width - 6 - max(map(len, _COMMANDS))
        with formatter.section("Commands"):
            formatter.write_dl(
                [
                    (name, click.Command(name, help=told[f"command.{name}"][language]).get_short_help_str(room))
                    for name in _COMMANDS
                ]
            )

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does it; a command that there is not is an error that suggests the one that was meant."""
        name = args[0]
        if name in _COMMANDS or name.startswith("-") or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        near = nearest(name.casefold(), _COMMANDS)
        code = "no-command-like" if near else "no-command"
        raise click.UsageError(text_of("cli", code, language_of(ctx), {"name": name, "near": near}), ctx)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            raise SpokenError(error, ctx, _write) from error
        except SorAddressingError as error:
            if error.file == STANDARD_OUTPUT and isinstance(error.__cause__, OSError):
                raise error.__cause__ from None  # as below
            _tell(error, ctx)
            ctx.exit(_EXIT_CODES.get(type(error), ExitCode.NO))
        except OSError as error:
            if (
                error.filename is None
            ):  # of what is open already: standard output, which the end of the program tells of
                raise
            _tell(error, ctx)
            ctx.exit(ExitCode.NO)


def _tell(error: Exception, ctx: click.Context) -> None:
    """The error in words on standard error; where JSON was asked for, as a document on standard output too."""
    language = ctx.meta.get(LANGUAGE) or language_of(ctx)
    document = error_document(error, language)
    if ctx.meta.get(AS_JSON):
        with suppress(OSError):  # standard output may be what can't be written
            print_json({"error": document})
    text = text_of("cli", "error", language, {"text": document["text"]})
    _write(text)


def _only_say_it_once() -> None:
    """What the library logs is in the answers too: where nobody reads its log, Python is not to print warnings beside them."""
    log = logging.getLogger("sor_addressing")
    if not log.handlers:
        log.addHandler(logging.NullHandler())


def _write(text: str) -> None:
    """Lines on standard error, which a terminal breaks between words."""
    with suppress(OSError):
        screen = Screen("en", console(stderr=True))
        for line in text.split("\n"):
            screen.line(line)


@click.group(cls=_Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--lang", type=click.Choice(LANGUAGES), is_eager=True, expose_value=False, help="Language of the answer.")
@click.version_option(__version__, prog_name="sor-addressing")
def program() -> None:
    """Who is this recipient in Danish health care, and may I send this MedCom message type to it today?

    \b
    The register comes from --sample, else --register PATH, else
    SOR_ADDRESSING_REGISTER, else the store.

    \b
    Exit codes: 0 deliverable, resolved or found; 1 not; 2 usage;
    3 no register; 4 yes, but the register is stale.
    """
