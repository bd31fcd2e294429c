"""``columns``: how the header of a table is understood, and a map of its columns to correct."""

from __future__ import annotations

from pathlib import Path

import click

from sor_addressing.cli.options.asking import ExitCode, answer_options, columns_option, print_json
from sor_addressing.cli.options.register import column_map
from sor_addressing.cli.output.rendering import BAD, GOOD, LOUD, Column, Screen
from sor_addressing.extracts.describe import ColumnUse, TableDescription, describe_columns
from sor_addressing.extracts.tables.headers import layouts
from sor_addressing.whole_file import is_stream, written_text


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--layout", metavar="NAME", help="Which table to take it for; by default the one that fits best.")
@columns_option
@click.option(
    "--output",
    metavar="FILE.toml",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the map of columns here, for --columns and columns=.",
)
@click.option("--force", is_flag=True, help="Overwrite what stands there.")
@answer_options
def columns(
    file: Path,
    layout: str | None,
    columns: tuple[str, ...],
    output: Path | None,
    force: bool,
    language: str,
    as_json: bool,
) -> None:
    """How the header of the table in FILE is understood, which columns are missing, and a map of them to correct.

    Exit code 0 where the table can be read as it is, 1 where something required is missing.
    """
    screen = Screen(language)
    if layout is not None and layout not in layouts():
        raise click.BadParameter(f"{layout!r} is none of {', '.join(layouts())}", param_hint="--layout")
    if output is not None and output.exists() and not is_stream(output) and not force:
        raise click.UsageError(screen.say("columns.refused", target=str(output)))
    described = describe_columns(file, layout=layout, columns=column_map(columns))
    if output is not None:
        with written_text(output) as target:
            target.write(described.to_toml())
    if as_json:
        print_json({**described.to_dict(), "toml": described.to_toml(), "written": str(output) if output else None})
    else:
        _show(screen, described)
        if output is not None:
            screen.line()
            screen.line(screen.say("columns.written", target=str(output)))
    click.get_current_context().exit(ExitCode.YES if described.is_understood else ExitCode.NO)


def _show(screen: Screen, described: TableDescription) -> None:
    say = screen.say
    if described.layout is None:
        screen.line(say("columns.nothing", file=described.file), BAD)
    else:
        screen.line(say("columns.taken-for", file=described.file, layout=described.layout), LOUD)
    screen.table(
        (Column(say("head.header")), Column(say("head.field")), Column(say("head.use"))),
        [(column.header, column.field or "", say(f"use.{column.use}")) for column in described.columns],
    )
    if described.required:
        missing = ", ".join("/".join(demand) for demand in described.required)
        screen.line(say("columns.required", fields=missing), BAD)
    if any(column.use is ColumnUse.AMBIGUOUS for column in described.columns):
        screen.line(say("columns.ambiguous"), BAD)
    if described.missing:
        screen.line(say("columns.missing", fields=", ".join(described.missing)))
    if described.is_understood:
        screen.line(say("columns.understood"), GOOD)
