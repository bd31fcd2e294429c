"""``compare``: what changed between two days, and what follows from it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

import click

from sor_addressing.addressing.support import Side
from sor_addressing.changes.compare.register_pair import compare as compare_registers
from sor_addressing.changes.compare.report import Comparison
from sor_addressing.cli.options.asking import (
    Asking,
    ExitCode,
    answer_options,
    columns_option,
    home_option,
    print_json,
    register_option,
)
from sor_addressing.cli.options.completion import complete_path
from sor_addressing.cli.options.filters import filter_options, message_options
from sor_addressing.cli.options.register import RegisterChoice
from sor_addressing.cli.output.rendering import GOOD, LOUD, Cell, Column, Screen
from sor_addressing.daily.store import RegisterStore
from sor_addressing.messages.catalogue import MessageType
from sor_addressing.register.face import Register
from sor_addressing.search.rules.filters import Conversions, Filter
from sor_addressing.whole_file import STANDARD_OUTPUT, written_text

_MOST_SHOWN = 50

_FORMATS: dict[str, Callable[[Comparison, TextIO, str], object]] = {
    "markdown": lambda found, stream, language: found.to_markdown(stream, language=language),
    "csv": lambda found, stream, language: found.to_csv(stream, language=language),
    "jsonl": lambda found, stream, _language: found.to_json_lines(stream),
}
_HTML = "html"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@click.command()
@click.argument("old", shell_complete=complete_path, metavar="OLD")
@click.argument("new", shell_complete=complete_path, metavar="[NEW]", required=False)
@register_option
@home_option
@click.option("--old-types", shell_complete=complete_path, metavar="PATH", help="File of message types, beside OLD.")
@click.option("--new-types", shell_complete=complete_path, metavar="PATH", help="File of message types, beside NEW.")
@columns_option
@filter_options
@message_options
@click.option(
    "--format",
    "layout",
    type=click.Choice([*_FORMATS, _HTML]),
    help="Every change as a document or table, instead of the summary.",
)
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="Write it to this file.")
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
    new: str | None,
    path: str | None,
    home: str | None,
    old_types: str | None,
    new_types: str | None,
    columns: tuple[str, ...],
    wanted: Filter,
    message_type: MessageType | None,
    conversion: Conversions,
    direction: Side,
    layout: str | None,
    output: str | None,
    limit: int,
    fail_on_changes: bool,
    language: str,
    as_json: bool,
) -> None:
    """What changed from OLD to NEW: extracts, folders with one, compiled registers, or days in the store as YYYY-MM-DD.

    NEW is by default the register that other commands ask: --register, else SOR_ADDRESSING_REGISTER, else the store's latest.

    First a summary: counts, the most important first, and causes with how many effects each has. Then the changes themselves. With
    filters, those of units that fit on either day. Exit code 0 whether anything changed or not, unless --fail-on-changes is given.
    """
    if layout is not None and as_json:
        raise click.UsageError("--json is one document and --format another: give one of them")
    if output and layout is None:
        raise click.UsageError("--output needs --format")
    if new is not None and path is not None:
        raise click.UsageError("NEW and --register both name the newer register: give one of them")

    def register_of(given: str | None, types: str | None) -> Register:
        found = None if given is None else _of_store(given, home)
        return (
            found or RegisterChoice(path=given, message_types=types, columns=columns, home=home).load(language).register
        )

    registers = [register_of(old, old_types), register_of(new or path, new_types)]
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
        with written_text(output or STANDARD_OUTPUT) as target:
            if layout == _HTML:
                days = _between(registers, asked, home) if all(_DAY.fullmatch(one or "") for one in (old, new)) else ()
                found.to_html(target, language=language, registers=registers, days=days)
            else:
                _FORMATS[layout](found, target, language)
    else:
        _show(Asking(RegisterChoice(), language, as_json).screen, found, limit)
    click.get_current_context().exit(ExitCode.NO if found and fail_on_changes else ExitCode.YES)


def _of_store(text: str, home: str | None) -> Register | None:
    """The register of a day in the store; None where the text is no day, or a file is called so."""
    if not _DAY.fullmatch(text) or Path(text).exists():
        return None
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as error:
        raise click.UsageError(f"{text} is no day; give a path, or a day in the store as YYYY-MM-DD") from error
    store = RegisterStore(home)
    register = store.on(day)
    if register.snapshot_date != day:
        there = ", ".join(sorted({one.snapshot_date.isoformat() for one in store.days()}))
        raise click.UsageError(f"the store has no register of {text}; it has {there}")
    return register


def _between(registers: Sequence[Register], asked: Filter, home: str | None) -> Iterator[Comparison]:
    """From each day in the store to the next, between the two that are compared."""
    first, last = (register.snapshot_date for register in registers)
    store = RegisterStore(home)
    before = registers[0]
    for day in sorted({one.snapshot_date for one in store.days() if first < one.snapshot_date <= last}):
        register = store.on(day)
        yield compare_registers(before, register, asked)
        before = register


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
