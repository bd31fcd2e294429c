"""``conversions``: who converts what in the register, model beside model; or what a model says."""

from __future__ import annotations

from collections.abc import Iterator

import click

from sor_addressing.cli.options.asking import (
    Asking,
    on_option,
    print_json,
    register_options,
    sender_option,
    written_options,
)
from sor_addressing.cli.options.completion import complete_path
from sor_addressing.cli.output.rendering import LOUD, Column, Screen
from sor_addressing.messages.conversions import ConversionModel
from sor_addressing.pages.sections import ReportSection
from sor_addressing.register.overview.report import GROUPS, Conversions
from sor_addressing.whole_file import STANDARD_OUTPUT

_TABLE, _CSV, _MARKDOWN, _HTML = "table", "csv", "markdown", "html"
_FILES = (".csv", ".toml")


@click.command()
@click.option(
    "--model",
    "models",
    metavar="NAME|FILE",
    multiple=True,
    shell_complete=complete_path,
    help="A conversion model, by name or from a CSV or TOML file; repeatable: side by side. That of the policy by default.",
)
@click.option("--by", multiple=True, type=click.Choice(GROUPS), help="Count by; repeatable.")
@click.option("--family", "families", metavar="FAMILY", multiple=True, help="This family alone; repeatable.")
@sender_option
@click.option("--details", is_flag=True, help="Also which location numbers; for --json and --format csv.")
@click.option("--check", metavar="NAME|FILE", shell_complete=complete_path, help="Tell what a model says, and end.")
@written_options(_TABLE, _CSV, _MARKDOWN, _HTML)
@on_option
@register_options
def conversions(
    asking: Asking,
    models: tuple[str, ...],
    by: tuple[str, ...],
    families: tuple[str, ...],
    sender: str | None,
    details: bool,
    check: str | None,
    shape: str,
    output: str | None,
) -> None:
    """Who converts what: how many location numbers take each sort of letter in each format, or have it converted, and by whom.

    With --check: what a conversion model says, in sentences.
    """
    if check is not None:
        _check(asking, check)
        return
    if output is not None and (shape == _TABLE or asking.as_json):
        raise click.UsageError("--output takes --format csv, markdown or html")
    if details and shape != _CSV and not asking.as_json:
        raise click.UsageError("--details takes --json or --format csv")
    given = [model for one in models for model in models_of(one)]
    loaded = asking.load()
    found = loaded.register.conversions(
        by=by,
        models=given or None,
        on=asking.on,
        sender=sender,
        policy=asking.policy,
        families=families or None,
    )
    if asking.as_json:
        print_json({**found.to_dict(details=details), **loaded.mark()})
    elif shape == _TABLE:
        asking.head(asking.screen, loaded)
        show_sections(asking.screen, found.sections(asking.language))
        asking.foot(asking.screen, loaded)
    else:
        _write(found, shape, STANDARD_OUTPUT if output is None else output, details, asking.language)


def models_of(given: str) -> tuple[ConversionModel, ...]:
    """The models of a file, or the one of the package that is called so."""
    return ConversionModel.load_all(given) if given.lower().endswith(_FILES) else (ConversionModel.shipped(given),)


def show_sections(screen: Screen, sections: tuple[ReportSection, ...] | Iterator[ReportSection]) -> None:
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


def _check(asking: Asking, given: str) -> None:
    models = models_of(given)
    if asking.as_json:
        shown = [
            {
                "name": one.name,
                "rows": [row.to_dict() for row in one.rows],
                "text": one.explain(asking.language).splitlines(),
            }
            for one in models
        ]
        print_json({"models": shown})
        return
    for number, one in enumerate(models):
        if number:
            asking.screen.line()
        for line in one.explain(asking.language).splitlines():
            asking.screen.line(line)


def _write(found: Conversions, shape: str, target: str, details: bool, language: str) -> None:
    if shape == _CSV:
        found.to_csv(target, details=details)
    elif shape == _MARKDOWN:
        found.to_markdown(target, language=language)
    else:
        found.to_html(target, language=language)
