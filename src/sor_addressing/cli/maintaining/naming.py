"""``names``: what units are called, which names break their siblings' pattern, and everyday names to begin from."""

from __future__ import annotations

from functools import partial
from pathlib import PurePath

import click

from sor_addressing.cli.maintaining.sections import CSV, HTML, MARKDOWN, TABLE, check_output, tell_report
from sor_addressing.cli.options.asking import Asking, register_options, written_options
from sor_addressing.cli.options.completion import complete_path
from sor_addressing.cli.options.filters import filter_options
from sor_addressing.cli.options.parameters import read_day
from sor_addressing.cli.output.rendering import printable
from sor_addressing.messages.catalogue import MessageType
from sor_addressing.quality.naming.report import names
from sor_addressing.quality.report.written import Written
from sor_addressing.search.rules.filters import Filter
from sor_addressing.texts import text_of

_BY_ENDING = {".csv": CSV, ".md": MARKDOWN, ".markdown": MARKDOWN, ".html": HTML, ".htm": HTML}


@click.command("names")
@click.argument("report", required=False, shell_complete=complete_path, metavar="[REPORT]")
@click.option(
    "--write-aliases",
    "alias_file",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="Also write everyday names as a file for search --aliases: CSV, or TOML by its ending.",
)
@click.option(
    "--least",
    metavar="N",
    type=click.IntRange(min=2),
    help="From how many names on a pattern can be common; 5 by default.",
)
@written_options(TABLE, CSV, MARKDOWN, HTML)
@click.option("--on", metavar="YYYY-MM-DD", callback=read_day, help="The day looked at; the register's own by default.")
@filter_options
@register_options
def names_command(
    asking: Asking,
    wanted: Filter,
    message_type: MessageType | None,
    report: str | None,
    alias_file: str | None,
    least: int | None,
    shape: str,
    output: str | None,
) -> None:
    """What units are called by region and type: the common patterns, the names that break them, with a proposal, and everyday names.

    REPORT is a file for the report; its ending says the format: .csv, .md or .html. Filters narrow the units that are compared.
    """
    shape, target = _target(asking, report, shape, output)
    loaded = asking.load()
    found = names(loaded.register, on=asking.on, least=least, filter=wanted.but(message_type=message_type))
    written = found.write_aliases(alias_file) if alias_file is not None else None
    tell_report(
        asking,
        loaded,
        found,
        shape,
        target,
        document=lambda: {**found.to_dict(), "aliases": written.to_dict() if written else None},
        writers={CSV: partial(found.to_csv, language=asking.language)},
    )
    if written is not None:
        _tell(asking, written)


def _target(asking: Asking, report: str | None, shape: str, output: str | None) -> tuple[str, str | None]:
    """The format and where it goes."""
    if report is not None and (output is not None or asking.as_json):
        raise click.UsageError("REPORT stands for --output, and takes no --json")
    if report is not None and shape == TABLE:
        shape = _BY_ENDING.get(PurePath(report).suffix.lower(), "")
        if not shape:
            raise click.UsageError("REPORT ends in .csv, .md or .html, or takes --format csv, markdown or html")
    check_output(asking, shape, output)
    return shape, report or output


def _tell(asking: Asking, written: Written) -> None:
    """What was written, on standard error: standard output is the answer's."""
    values = {"rows": written.rows, "path": written.path}
    click.echo(printable(text_of("naming", "written", asking.language, values)), err=True)
