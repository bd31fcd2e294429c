"""``history``: the life of an identifier over the days in the store."""

from __future__ import annotations

import click

from sor_addressing.changes.life import life_of
from sor_addressing.cli.options.asking import ExitCode, answer_options, home_option, print_json
from sor_addressing.cli.options.completion import complete_path
from sor_addressing.cli.options.register import RegisterChoice
from sor_addressing.cli.output.rendering import LOUD, Column, Screen
from sor_addressing.daily.store import RegisterStore


@click.command()
@click.argument("identifier", metavar="ID")
@home_option
@click.option(
    "--register",
    "paths",
    metavar="PATH",
    multiple=True,
    shell_complete=complete_path,
    help="The registers of some days, in place of those in the store; repeatable.",
)
@answer_options
def history(identifier: str, home: str | None, paths: tuple[str, ...], language: str, as_json: bool) -> None:
    """What happened to a unit, location number or provider number, from day to day in the store.

    ID is an identifier in any spelling. Exit code 1 where nobody had it on any of the days.
    """
    if paths:
        opened = [RegisterChoice(path=path).load(language).register for path in paths]
        found = life_of(sorted(opened, key=lambda register: register.snapshot_date), identifier)
    else:
        found = RegisterStore(home).history(identifier)
    if as_json:
        print_json(found.to_dict())
    else:
        screen = Screen(language)
        days = [day.isoformat() for day in found.days]
        screen.line(
            screen.say("history.title", identifier=identifier, count=len(days), first=days[0], last=days[-1]), LOUD
        )
        columns = (
            Column(screen.say("history.seen")),
            Column(screen.say("head.sor-code")),
            Column(screen.say("compare.what"), flows=True),
        )
        screen.table(columns, [(one.seen.isoformat(), one.sor_code, one.text(language)) for one in found])
    click.get_current_context().exit(ExitCode.YES)
