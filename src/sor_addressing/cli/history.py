"""``history``: the life of an identifier over the days in the store."""

from __future__ import annotations

import click

from sor_addressing.cli.options.asking import ExitCode, answer_options, print_json
from sor_addressing.cli.output.rendering import LOUD, Column, Screen
from sor_addressing.daily.store import RegisterStore


@click.command()
@click.argument("identifier", metavar="ID")
@click.option(
    "--home", metavar="DIRECTORY", help="The store; SOR_ADDRESSING_HOME or the user's data folder by default."
)
@answer_options
def history(identifier: str, home: str | None, language: str, as_json: bool) -> None:
    """What happened to a unit, location number or provider number, from day to day in the store.

    ID is an identifier in any spelling. Exit code 1 where nobody had it on any of the days.
    """
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
