"""Reports of sections as commands tell them: on the screen, as JSON, or written in a format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING

import click

from sor_addressing.cli.options.asking import Asking, print_json
from sor_addressing.cli.output.rendering import LOUD, Column, Screen
from sor_addressing.register.sectioned import SectionedReport
from sor_addressing.whole_file import STANDARD_OUTPUT

if TYPE_CHECKING:
    from sor_addressing.cli.options.register import LoadedRegister
    from sor_addressing.pages.sections import ReportSection

TABLE, CSV, MARKDOWN, HTML = "table", "csv", "markdown", "html"


def check_output(asking: Asking, shape: str, output: str | None) -> None:
    """Refuse a file for what is shown on the screen."""
    if output is not None and (shape == TABLE or asking.as_json):
        raise click.UsageError("--output takes --format csv, markdown or html")


def tell_report(
    asking: Asking,
    loaded: LoadedRegister,
    found: SectionedReport,
    shape: str,
    output: str | None,
    *,
    document: Callable[[], Mapping[str, object]],
    writers: Mapping[str, Callable[[str], object]],
) -> None:
    """Show a report, or write it to ``output``: Markdown and HTML as every report, other formats by ``writers``."""
    if asking.as_json:
        print_json({**document(), **loaded.mark()})
    elif shape == TABLE:
        asking.head(asking.screen, loaded)
        show_sections(asking.screen, found.sections(asking.language))
        asking.foot(asking.screen, loaded)
    else:
        written: dict[str, Callable[[str], object]] = {
            MARKDOWN: partial(found.to_markdown, language=asking.language),
            HTML: partial(found.to_html, language=asking.language),
            **writers,
        }
        written[shape](STANDARD_OUTPUT if output is None else output)


def show_sections(screen: Screen, sections: Iterable[ReportSection]) -> None:
    """A report part by part: heading, sentences, table."""
    for number, section in enumerate(sections):
        if number:
            screen.line()
        screen.line(section.heading, LOUD)
        for line in section.lines:
            screen.line(line)
        if section.rows:
            flowing = [at not in section.numeric for at in range(len(section.heads))]
            screen.table(
                [Column(head, flows=flows) for head, flows in zip(section.heads, flowing, strict=True)], section.rows
            )
