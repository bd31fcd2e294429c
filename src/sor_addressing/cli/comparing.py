"""``compare``: what changed between two days, and what follows from it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TextIO

import click

from sor_addressing.changes.comparing import compare as compare_registers
from sor_addressing.changes.comparison import Comparison
from sor_addressing.changes.writers import to_csv, to_json_lines, to_markdown
from sor_addressing.cli.filter_options import filter_options, message_options
from sor_addressing.cli.options import Asking, ExitCode, answer_options, columns_option, print_json
from sor_addressing.cli.register_choice import RegisterChoice
from sor_addressing.cli.rendering import GOOD, LOUD, Cell, Column, Screen
from sor_addressing.messages.catalogue import MessageType
from sor_addressing.search.filters import Filter

_MOST_SHOWN = 50

_FORMATS: dict[str, Callable[[Comparison, TextIO, str], None]] = {
    "markdown": lambda found, stream, language: to_markdown(found, stream, language=language),
    "csv": lambda found, stream, language: to_csv(found, stream, language=language),
    "json-lines": lambda found, stream, _language: to_json_lines(found, stream),
}


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("--old-types", metavar="PATH", help="File of message types, beside OLD.")
@click.option("--new-types", metavar="PATH", help="File of message types, beside NEW.")
@columns_option
@filter_options
@message_options
@click.option(
    "--format",
    "layout",
    type=click.Choice(list(_FORMATS)),
    help="Every change as a document or table, instead of the summary.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=_MOST_SHOWN,
    show_default=True,
    help="How many changes to show below the summary at most.",
)
@click.option("--fail-on-changes", is_flag=True, help="Exit code 1 where anything changed.")
@answer_options
def compare(
    *,
    old: str,
    new: str,
    old_types: str | None,
    new_types: str | None,
    columns: tuple[str, ...],
    wanted: Filter,
    message_type: MessageType | None,
    conversion: str,
    direction: str,
    layout: str | None,
    limit: int,
    fail_on_changes: bool,
    language: str,
    as_json: bool,
) -> None:
    """What changed from OLD to NEW: extracts, folders with one, or compiled registers, of the earlier and the later day.

    First a summary: counts, the most important first, and causes with how many effects each has. Then the changes themselves. With
    filters, those of units that fit on either day. Exit code 0 whether anything changed or not, unless --fail-on-changes is given.
    """
    if layout is not None and as_json:
        raise click.UsageError("--json is one document and --format another: give one of them")
    registers = [
        RegisterChoice(path=path, message_types=types, columns=columns).load(language).register
        for path, types in ((old, old_types), (new, new_types))
    ]
    asked = wanted.but(message_type=message_type, conversion=conversion, direction=direction)
    try:
        found = compare_registers(registers[0], registers[1], asked)
    except ValueError as error:
        if registers[1].snapshot_date < registers[0].snapshot_date:
            raise click.UsageError(str(error)) from error
        raise
    if as_json:
        print_json(found.to_dict())
    elif layout is not None:
        _FORMATS[layout](found, sys.stdout, language)
    else:
        _show(Asking(RegisterChoice(), language, as_json).screen, found, limit)
    click.get_current_context().exit(ExitCode.NO if found and fail_on_changes else ExitCode.YES)


def _show(screen: Screen, found: Comparison, limit: int) -> None:
    screen.line(screen.say("compare.title", old=found.old_date, new=found.new_date), LOUD)
    for line in found.summary(screen.language).split("\n"):
        screen.line(line, "" if found else GOOD)
    shown = sorted(found, key=lambda change: change.cause is not None)[:limit]
    if not shown:
        return
    screen.line()
    columns = (Column(screen.say("head.sor-code")), Column(screen.say("compare.what"), flows=True))
    screen.table(columns, [(change.sor_code, Cell(change.sentence(screen.language))) for change in shown])
    if len(shown) < len(found):
        screen.line(screen.say("compare.more", shown=len(shown), total=len(found)))
