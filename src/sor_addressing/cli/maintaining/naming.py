"""``names``: what units are called, which names break their siblings' pattern, and everyday names to begin from."""

from __future__ import annotations

from pathlib import PurePath

import click

from sor_addressing.cli.converting import show_sections
from sor_addressing.cli.options.asking import Asking, print_json, register_options, written_options
from sor_addressing.cli.options.completion import complete_path
from sor_addressing.cli.options.filters import filter_options
from sor_addressing.cli.options.parameters import read_day
from sor_addressing.cli.output.rendering import printable
from sor_addressing.messages.catalogue import MessageType
from sor_addressing.quality.naming.report import NameReport, names
from sor_addressing.quality.report.written import Written
from sor_addressing.search.rules.filters import Filter
from sor_addressing.texts import text_of
from sor_addressing.whole_file import STANDARD_OUTPUT

_TABLE, _CSV, _MARKDOWN, _HTML = "table", "csv", "markdown", "html"
_BY_ENDING = {".csv": _CSV, ".md": _MARKDOWN, ".markdown": _MARKDOWN, ".html": _HTML, ".htm": _HTML}


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
@written_options(_TABLE, _CSV, _MARKDOWN, _HTML)
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
    if asking.as_json:
        print_json({**found.to_dict(), "aliases": written.to_dict() if written else None, **loaded.mark()})
    elif shape == _TABLE:
        asking.head(asking.screen, loaded)
        show_sections(asking.screen, found.sections(asking.language))
        asking.foot(asking.screen, loaded)
    else:
        _write(found, shape, target, asking.language)
    if written is not None:
        _tell(asking, written)


def _target(asking: Asking, report: str | None, shape: str, output: str | None) -> tuple[str, str]:
    """The format and where it goes."""
    if report is not None and (output is not None or asking.as_json):
        raise click.UsageError("REPORT stands for --output, and takes no --json")
    if report is not None and shape == _TABLE:
        shape = _BY_ENDING.get(PurePath(report).suffix.lower(), "")
        if not shape:
            raise click.UsageError("REPORT ends in .csv, .md or .html, or takes --format csv, markdown or html")
    if output is not None and (shape == _TABLE or asking.as_json):
        raise click.UsageError("--output takes --format csv, markdown or html")
    return shape, report or output or STANDARD_OUTPUT


def _write(found: NameReport, shape: str, target: str, language: str) -> None:
    if shape == _CSV:
        found.to_csv(target, language=language)
    elif shape == _MARKDOWN:
        found.to_markdown(target, language=language)
    else:
        found.to_html(target, language=language)


def _tell(asking: Asking, written: Written) -> None:
    """What was written, on standard error: standard output is the answer's."""
    values = {"rows": written.rows, "path": written.path}
    click.echo(printable(text_of("naming", "written", asking.language, values)), err=True)
