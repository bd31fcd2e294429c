"""``what-if``: what a plan of registrations would do to letters, receipts, numbers and remarks."""

from __future__ import annotations

import click

from sor_addressing.changes.planning.report import WhatIf
from sor_addressing.changes.planning.weighing import what_if
from sor_addressing.changes.planning.writing import sections_of
from sor_addressing.cli.maintaining.sections import CSV, HTML, MARKDOWN, TABLE, check_output, show_sections
from sor_addressing.cli.options.asking import Asking, ExitCode, print_json, register_options, written_options
from sor_addressing.cli.options.completion import complete_path
from sor_addressing.cli.options.parameters import read_day
from sor_addressing.register.proposals.planned_rows import ChangePlan
from sor_addressing.whole_file import STANDARD_OUTPUT

_MOST_SHOWN = 50


@click.command("what-if")
@click.argument("plan", metavar="PLAN", shell_complete=complete_path)
@click.option(
    "--traffic",
    metavar="BOOK",
    shell_complete=complete_path,
    help="What is sent: an address book with message types, CSV or JSON.",
)
@click.option("--rules", metavar="CODE", multiple=True, help="Follow this rule of the audit alone; repeatable.")
@click.option("--no-audit", is_flag=True, help="Leave the audit out.")
@written_options(TABLE, CSV, MARKDOWN, HTML)
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=_MOST_SHOWN,
    show_default=True,
    help="How many rows each table has at most.",
)
@click.option(
    "--on", metavar="YYYY-MM-DD", callback=read_day, help="Leave out rows that count from a later day than this."
)
@click.option("--fail-on-undeliverable", is_flag=True, help="Exit code 1 where a pair can't be delivered any more.")
@register_options
def what_if_command(
    asking: Asking,
    plan: str,
    traffic: str | None,
    rules: tuple[str, ...],
    no_audit: bool,
    shape: str,
    output: str | None,
    limit: int,
    fail_on_undeliverable: bool,
) -> None:
    """What PLAN would do: which letters become undeliverable, converted or supported, what lacks, and what the audit then says.

    PLAN is CSV or TOML: rows that add or remove message types, or remove a format, on location numbers named or chosen by system, supplier and so
    on, from a day. Nothing is changed.
    """
    check_output(asking, shape, output)
    if rules and no_audit:
        raise click.UsageError("--rules and --no-audit: give one of them")
    given = ChangePlan.load(plan)
    loaded = asking.load()
    found = what_if(
        loaded.register,
        given,
        traffic=traffic,
        on=asking.on,
        policy=asking.policy,
        rules=[] if no_audit else list(rules) or None,
    )
    if asking.as_json:
        print_json({**found.to_dict(), **loaded.mark()})
    elif shape == TABLE:
        asking.head(asking.screen, loaded)
        show_sections(asking.screen, sections_of(found, asking.language, limit))
        asking.foot(asking.screen, loaded)
    else:
        _write(found, shape, STANDARD_OUTPUT if output is None else output, asking.language, limit)
    undeliverable = fail_on_undeliverable and found.total.becoming("undeliverable")
    click.get_current_context().exit(ExitCode.NO if undeliverable else ExitCode.YES)


def _write(found: WhatIf, shape: str, target: str, language: str, limit: int) -> None:
    if shape == CSV:
        found.to_csv(target)
    elif shape == MARKDOWN:
        found.to_markdown(target, language=language, limit=limit)
    else:
        found.to_html(target, language=language, limit=limit)
