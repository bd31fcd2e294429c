"""``info``: which register it is, of which day, how the store stands, and what was wrong with its files."""

from __future__ import annotations

import click

from sor_addressing.cli.options.asking import Asking, print_json, register_options
from sor_addressing.cli.options.register import LoadedRegister
from sor_addressing.cli.output.rendering import BAD, GOOD, LOUD, Cell, Column, Screen
from sor_addressing.cli.output.store_state import show_store
from sor_addressing.index.report import LoadReport
from sor_addressing.texts import title_of

_ALL = "all"
_FIRST_PROBLEMS = 20


def _read_limit(_ctx: click.Context, _parameter: click.Parameter, text: str | None) -> int | str | None:
    if text is None or text == _ALL:
        return text
    if not (text.isascii() and text.isdigit()):
        raise click.BadParameter(f"{text!r} is neither a number nor {_ALL!r}")
    return int(text)


@click.command()
@click.option(
    "--problems",
    "wanted",
    metavar="N|all",
    callback=_read_limit,
    help=f"How many problems to show; {_FIRST_PROBLEMS} by default, in JSON all.",
)
@register_options
def info(asking: Asking, wanted: int | str | None) -> None:
    """What the register is made of: files and their days, age, counts, unknown message types, and problems; and how the store stands."""
    loaded = asking.load()
    report = loaded.register.load_report
    if asking.as_json:
        document = report.to_dict()
        document["problems"] = [problem.to_dict() for problem in report.problems[: _limit(wanted, None)]]
        document["age_days"] = loaded.register.age_days
        document["stale"] = asking.is_stale(loaded)
        document["where"] = loaded.where
        document["store"] = loaded.store.to_dict() if loaded.store else None
        print_json({**document, **loaded.mark()})
    else:
        screen = asking.screen
        asking.head(screen, loaded)
        _show_day(screen, asking, loaded)
        if loaded.store:
            show_store(screen, loaded.store)
        _show_sources(screen, report)
        _show_counts(screen, report)
        _show_unknown_types(screen, report)
        _show_not_known(screen, report)
        _show_problems(screen, report, _limit(wanted, _FIRST_PROBLEMS))


def _limit(wanted: int | str | None, otherwise: int | None) -> int | None:
    if wanted is None:
        return otherwise
    return wanted if isinstance(wanted, int) else None


def _show_day(screen: Screen, asking: Asking, loaded: LoadedRegister) -> None:
    register = loaded.register
    values = {"day": register.snapshot_date, "age": register.age_days, "limit": asking.policy.max_age_days}
    said = asking.said_of_age(loaded)
    if said and said[0].code == "register-stale":
        screen.line(screen.say("info.stale", **values), BAD)
    elif said:
        screen.line(said[0].text(asking.language), BAD)
    else:
        screen.line(screen.say("info.fresh", **values), GOOD)
    if loaded.where:
        screen.line(screen.say("info.where", where=loaded.where))
    if not register.has_message_types:
        screen.line(screen.say("no-message-types"), BAD)


def _show_sources(screen: Screen, report: LoadReport) -> None:
    say = screen.say
    screen.line()
    screen.line(say("section.sources"), LOUD)
    columns = (
        Column(say("head.file"), flows=True),
        Column(say("head.content")),
        Column(say("head.layout")),
        Column(say("head.day")),
        Column(say("head.origin"), flows=True),
    )
    rows = [
        (
            source.file,
            str(source.content),
            source.layout or "",
            source.day.isoformat() if source.day else "",
            say(f"origin.{source.origin}"),
        )
        for source in report.sources
    ]
    screen.table(columns, rows)


def _show_counts(screen: Screen, report: LoadReport) -> None:
    screen.line()
    screen.line(screen.say("section.counts"), LOUD)
    screen.pairs((screen.say(f"count.{name}"), str(number)) for name, number in report.counts.items())


def _show_unknown_types(screen: Screen, report: LoadReport) -> None:
    if report.unknown_types:
        screen.line()
        screen.line(screen.say("section.unknown-types"), LOUD)
        screen.pairs((name, screen.say("rows", count=rows)) for name, rows in report.unknown_types.items())


def _show_not_known(screen: Screen, report: LoadReport) -> None:
    if report.not_known:
        screen.line()
        screen.line(screen.say("section.not-known"), LOUD)
        screen.line(screen.say("not-known-facts", facts=report.not_known))


def _show_problems(screen: Screen, report: LoadReport, limit: int | None) -> None:
    if not report.problems:
        return
    screen.line()
    screen.line(screen.say("section.problems"), LOUD)
    screen.pairs(
        (title_of("problems", code, screen.language), str(count)) for code, count in report.problem_counts.items()
    )
    shown = report.problems[:limit]
    if shown:
        screen.line()
        screen.table(
            (Column(""), Column("", flows=True)),
            [(Cell(problem.title(screen.language), LOUD), problem.text(screen.language)) for problem in shown],
        )
    if len(shown) < len(report.problems):
        screen.line(screen.say("more-problems", count=len(report.problems) - len(shown)))
