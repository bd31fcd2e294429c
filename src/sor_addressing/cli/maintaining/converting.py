"""``conversions``: who converts what in the register, model beside model; or what a model says."""

from __future__ import annotations

from functools import partial

import click

from sor_addressing.cli.maintaining.sections import CSV, HTML, MARKDOWN, TABLE, check_output, tell_report
from sor_addressing.cli.options.asking import (
    Asking,
    on_option,
    print_json,
    register_options,
    sender_option,
    written_options,
)
from sor_addressing.cli.options.completion import complete_path
from sor_addressing.messages.conversions import ConversionModel
from sor_addressing.register.overview.report import GROUPS

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
@written_options(TABLE, CSV, MARKDOWN, HTML)
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
    check_output(asking, shape, output)
    if details and shape != CSV and not asking.as_json:
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
    tell_report(
        asking,
        loaded,
        found,
        shape,
        output,
        document=partial(found.to_dict, details=details),
        writers={CSV: partial(found.to_csv, details=details)},
    )


def models_of(given: str) -> tuple[ConversionModel, ...]:
    """The models of a file, or the one of the package that is called so."""
    return ConversionModel.load_all(given) if given.lower().endswith(_FILES) else (ConversionModel.shipped(given),)


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
