"""Finding recipients: ``find`` by rules, ``search`` by what people call them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import click

from sor_addressing.addressing.answers import Status
from sor_addressing.addressing.findings import Finding
from sor_addressing.addressing.severities import Severity
from sor_addressing.addressing.support import Outcome, Side
from sor_addressing.addressing.verdicts import Verdict
from sor_addressing.cli.options.asking import Asking, deliveries_option, ledger_of, print_json, question_options
from sor_addressing.cli.options.completion import complete_path
from sor_addressing.cli.options.filters import filter_options, message_options
from sor_addressing.cli.output.answers import chain_above
from sor_addressing.cli.output.rendering import BAD, GOOD, LOUD, QUIET, Cell, Column, Row, Screen
from sor_addressing.messages.catalogue import MessageType
from sor_addressing.search.rules.explain import step_line, unknown_text
from sor_addressing.search.rules.filters import Conversions, Filter
from sor_addressing.search.rules.found import Found, FoundRecipient
from sor_addressing.search.words.aliases import Aliases
from sor_addressing.texts import text_of

if TYPE_CHECKING:
    from sor_addressing.search.words.matches import Match

_MOST_FOUND, _MOST_MATCHES = 50, 10
_DETAILS = click.option("--details", is_flag=True, help="Every column of each hit, also on a narrow screen.")


@click.command()
@filter_options
@message_options
@click.option(
    "--limit", type=click.IntRange(min=1), default=_MOST_FOUND, show_default=True, help="How many to show at most."
)
@click.option("--explain", is_flag=True, help="Tell what each filter took away, also where something is found.")
@_DETAILS
@deliveries_option
@question_options
def find(
    asking: Asking,
    wanted: Filter,
    message_type: MessageType | None,
    conversion: Conversions,
    direction: Side,
    limit: int,
    explain: bool,
    details: bool,
    ledger: str | None,
) -> None:
    """Recipients by rule: every address a letter can go to and whose units fit all options.

    One row an address. Where nothing is found, what each filter took away is told.
    """
    loaded = asking.load()
    asked = wanted.but(message_type=message_type, conversion=conversion, direction=direction)
    found = loaded.register.find(asked, on=asking.on, policy=asking.policy, limit=limit, deliveries=ledger_of(ledger))
    if asking.as_json:
        print_json({**found.to_dict(), **loaded.mark()})
    else:
        screen = asking.screen
        asking.head(screen, loaded)
        _show_found(screen, found, explain=explain, details=details)
        asking.foot(screen, loaded)
    asking.finish(loaded, good=bool(found))


@click.command()
@click.argument("words", metavar="TEXT...", nargs=-1, required=True)
@filter_options
@click.option(
    "--limit", type=click.IntRange(min=1), default=_MOST_MATCHES, show_default=True, help="How many to show at most."
)
@click.option(
    "--aliases",
    metavar="FILE",
    shell_complete=complete_path,
    help="Everyday names to search too: CSV or TOML from SOR code to names.",
)
@_DETAILS
@question_options
def search(
    asking: Asking,
    words: Sequence[str],
    wanted: Filter,
    message_type: MessageType | None,
    limit: int,
    aliases: str | None,
    details: bool,
) -> None:
    """Units by what people call them, best match first.

    TEXT is a few words, in any order and spelling, from the name, the names above it, type, speciality, street, town or postal code, or an
    identifier, whole or in part. What can't be used comes last, with the reason. With --message-type, who can receive it comes first.
    """
    text = " ".join(words)
    loaded = asking.load()
    register, on, policy = loaded.register, asking.on, asking.policy
    narrowing = wanted if wanted.fields else None
    matches = register.search(
        text,
        limit=limit,
        message_type=message_type,
        filter=narrowing,
        on=on,
        policy=policy,
        aliases=None if aliases is None else Aliases.load(aliases),
    )
    if asking.as_json:
        document = {
            "text": text,
            "message_type": message_type.to_dict() if message_type else None,
            "filter": wanted.to_dict(),
            "results": [match.to_dict() for match in matches],
        }
        print_json({**document, **loaded.mark()})
    else:
        screen = asking.screen
        asking.head(screen, loaded)
        if matches:
            if details or not screen.is_screen:
                _matches_table(screen, matches)
            else:
                screen.cards(map(partial(_match_card, screen), matches))
        else:
            screen.line(screen.say("search.nothing", text=text), BAD)
            _filters_alone(screen, register.find(wanted, on=on, policy=policy, limit=0))
        asking.foot(screen, loaded)
    asking.finish(loaded, good=bool(matches))


def _show_found(screen: Screen, found: Found, *, explain: bool, details: bool) -> None:
    told = found.explain(screen.language).split("\n")
    if found:
        if details or not screen.is_screen:
            _found_table(screen, found)
        else:
            screen.cards(_found_card(screen, one) for one in found)
        screen.line()
    steps = 1 + len(found.counts)
    if explain or not found:
        for line in told[:steps]:
            screen.line(line)
    for line in told[steps:-1]:  # values that no unit has
        screen.line(line, BAD)
    screen.line(told[-1], GOOD if found else BAD)


def _filters_alone(screen: Screen, found: Found) -> None:
    """What the filters of a search left of the units, whatever was searched for among them."""
    for step in found.counts:
        if step.name in found.filter.fields:
            screen.line(step_line(step, found.filter, screen.language))
    for value in found.unknown:
        screen.line(unknown_text(value, screen.language), BAD)


def _found_table(screen: Screen, found: Found) -> None:
    say, asked = screen.say, found.filter
    columns = [*_unit_columns(screen), Column(say("head.units"))]
    if asked.near is not None:
        columns.append(Column(say("head.distance")))
    if asked.message_type is not None:
        columns += [Column(say("head.outcome")), Column(say("head.send-as"))]
    columns.append(Column(say("head.reasons"), flows=True))
    rows: list[Row] = []
    for one in found:
        row: list[str | Cell] = [
            Cell(one.name, LOUD),
            one.sor_code,
            chain_above(one.recipient.unit),
            one.location_number,
            str(len(one.units)),
        ]
        if one.distance_m is not None:
            row.append(say("metres", metres=one.distance_m))
        if one.verdict is not None:
            row += [_outcome(screen, one.verdict), one.verdict.send_as.text if one.verdict.send_as else ""]
        row.append(_titles(one.recipient.findings if one.verdict is None else one.verdict.findings, screen.language))
        rows.append(row)
    screen.table(columns, rows)


def _found_card(screen: Screen, one: FoundRecipient) -> Sequence[str | Cell]:
    """What was found in three lines: who, where and as what, and what is to be said of it."""
    say, verdict = screen.say, one.verdict
    facts = [one.location_number]
    if one.distance_m is not None:
        facts.append(say("metres", metres=one.distance_m))
    if verdict is not None:
        facts.append(_outcome(screen, verdict).text)
    findings = one.recipient.findings if verdict is None else verdict.findings
    return (
        Cell(f"{one.name} ({one.sor_code})", LOUD),
        " · ".join(filter(None, (*facts, chain_above(one.recipient.unit)))),
        _titles(findings, screen.language),
    )


def _match_card(screen: Screen, match: Match) -> Sequence[str | Cell]:
    """A match in three lines: who, where and whether it can be reached, and what is to be said of it."""
    unit, verdict, resolution = match.unit, match.verdict, match.resolution
    addressable = resolution.status is Status.RESOLVED
    facts = [unit.location.number if unit.location else screen.say("no-location-number")]
    if verdict is not None:
        facts.append(_outcome(screen, verdict).text)
    elif not addressable:
        facts.append(screen.say("out-of-reach"))
    findings = resolution.findings if verdict is None else verdict.findings
    return (
        Cell(f"{unit.name} ({unit.sor_code})", LOUD if addressable else QUIET),
        " · ".join(filter(None, (*facts, chain_above(unit)))),
        _titles(findings, screen.language),
    )


def _matches_table(screen: Screen, matches: Sequence[Match]) -> None:
    say = screen.say
    verdicts = [match.verdict for match in matches]
    with_type = any(verdict is not None for verdict in verdicts)
    columns = [*_unit_columns(screen), Column(say("head.matched"), flows=True), Column(say("head.usable"))]
    if with_type:
        columns.append(Column(say("head.outcome")))
    columns.append(Column(say("head.reasons"), flows=True))
    rows: list[Row] = []
    for match, verdict in zip(matches, verdicts, strict=True):
        unit, resolution = match.unit, match.resolution
        addressable = resolution.status is Status.RESOLVED
        row: list[str | Cell] = [
            Cell(unit.name, LOUD if addressable else QUIET),
            unit.sor_code,
            chain_above(unit),
            unit.location.number if unit.location else say("none"),
            ", ".join(dict.fromkeys(word.text for word in match.matched)),
            Cell(say("yes"), GOOD) if addressable else Cell(say("no"), BAD),
        ]
        if with_type:
            row.append(_outcome(screen, verdict) if verdict else "")
        row.append(_titles(resolution.findings if verdict is None else verdict.findings, screen.language))
        rows.append(row)
    screen.table(columns, rows)


def _unit_columns(screen: Screen) -> list[Column]:
    say = screen.say
    return [
        Column(say("head.name"), flows=True),
        Column(say("head.sor-code")),
        Column(say("head.above"), flows=True),
        Column(say("head.location-number")),
    ]


def _outcome(screen: Screen, verdict: Verdict) -> Cell:
    waits = verdict.outcome is Outcome.CONVERTED and not verdict.deliverable
    text = text_of("explain", f"outcome-{verdict.outcome}{'-not' if waits else ''}", screen.language, {})
    return Cell(text, GOOD if verdict.deliverable else BAD)


def _titles(findings: Iterable[Finding], language: str) -> str:
    return ", ".join(
        dict.fromkeys(finding.title(language) for finding in findings if finding.severity is not Severity.INFO)
    )
