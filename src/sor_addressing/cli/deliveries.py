"""``deliveries``: what came back, remembered: added, asked for, counted, forgotten."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import attrs
import click
from click.core import ParameterSource

from sor_addressing.cli.options.asking import Asking, ExitCode, print_json, question_options, written_options
from sor_addressing.cli.options.completion import complete_path
from sor_addressing.cli.output.rendering import BAD, GOOD, Column, Screen
from sor_addressing.daily.store import RegisterStore
from sor_addressing.deliveries.answers import Added, LetterState
from sor_addressing.deliveries.ledger import DeliveryLedger
from sor_addressing.deliveries.report.counting import OF_LETTER, OF_REGISTER
from sor_addressing.deliveries.waiting import WaitingTimes
from sor_addressing.errors import LetterError
from sor_addressing.register.face import Register
from sor_addressing.texts import text_of
from sor_addressing.whole_file import STANDARD_OUTPUT

VARIABLE = "SOR_ADDRESSING_DELIVERIES"
_TABLE, _CSV, _JSON, _HTML = "table", "csv", "json", "html"
_OPTIONS = {
    "senders": ("add", "rebuild"),
    **dict.fromkeys(("by", "causes", "shape", "output"), ("report",)),
    "days": ("forget",),
}
"""Which actions an option is for; one that is not here is for all."""


@attrs.frozen(slots=True)
class _LedgerCall:
    """What the command was given."""

    asking: Asking
    ledger: DeliveryLedger
    given: tuple[str, ...]
    senders: tuple[str, ...]
    by: tuple[str, ...]
    shape: str
    output: str | None
    days: int | None
    causes: bool


@click.command("deliveries")
@click.argument("action", type=click.Choice(["add", "state", "overdue", "report", "forget", "rebuild"]))
@click.argument("given", shell_complete=complete_path, metavar="PATH|ID TYPE", nargs=-1)
@click.option(
    "--ledger",
    "ledger_file",
    metavar="FILE",
    shell_complete=complete_path,
    help="The ledger; SOR_ADDRESSING_DELIVERIES, or a file of the store by default.",
)
@click.option("--waiting", metavar="FILE", type=click.Path(dir_okay=False), help="How long receipts are waited for.")
@click.option(
    "--sender", "senders", metavar="NUMBER", multiple=True, help="Add only letters of this location number; repeatable."
)
@click.option("--by", multiple=True, type=click.Choice([*OF_LETTER, *OF_REGISTER]), help="Count by; repeatable.")
@click.option("--causes", is_flag=True, help="Tell of refusals what the register says of them, today and on that day.")
@written_options(
    _TABLE,
    _CSV,
    _JSON,
    _HTML,
    told="How the report is written.",
    target="Write the report here, not to standard output.",
)
@click.option("--days", type=click.IntRange(min=0), help="Forget what is older than so many days.")
@question_options
def deliveries(
    asking: Asking,
    action: str,
    given: tuple[str, ...],
    ledger_file: str | None,
    waiting: str | None,
    senders: tuple[str, ...],
    by: tuple[str, ...],
    causes: bool,
    shape: str,
    output: str | None,
    days: int | None,
) -> None:
    """What came back: letters and receipts remembered in a ledger, without anything of a patient.

    ACTION is one of these:

    \b
    add PATH...      message files, folders and archives; twice is once
    state ID TYPE    how the last letters there fared
    state PATH...    how the letters in these files fared
    overdue [PATH]   letters that wait too long; PATH: which files they are
    report           rates of refusal and answer
    forget           what is older than --days, for good
    rebuild PATH...  a damaged ledger anew from the files
    """
    _refuse_what_changes_nothing(action, given)
    waits = WaitingTimes.load(waiting) if waiting else None
    ledger = DeliveryLedger(
        ledger_file or _usual(asking), waiting=waits, read_only=action not in ("add", "forget", "rebuild")
    )
    with ledger:
        _ACTIONS[action](_LedgerCall(asking, ledger, given, senders, by, shape, output, days, causes))


def _refuse_what_changes_nothing(action: str, given: tuple[str, ...]) -> None:
    ctx = click.get_current_context()
    for parameter in ctx.command.params:
        actions = _OPTIONS.get(parameter.name or "")
        is_given = ctx.get_parameter_source(parameter.name or "") is ParameterSource.COMMANDLINE
        if actions is not None and action not in actions and is_given:
            raise click.UsageError(f"deliveries {action} takes no {parameter.opts[-1]}")
    if given and action in ("report", "forget"):
        raise click.UsageError(f"deliveries {action} takes no PATH")


def _usual(asking: Asking) -> Path:
    """Where the ledger is when nobody says."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else RegisterStore(asking.choice.home).home / "deliveries.sqlite"


def _add(asked: _LedgerCall) -> None:
    if not asked.given:
        raise click.UsageError("add takes the paths of message files")
    done = asked.ledger.add(asked.given, senders=asked.senders or None)
    _tell_added(asked, done)


def _rebuild(asked: _LedgerCall) -> None:
    if not asked.given:
        raise click.UsageError("rebuild takes the paths of the message files that the ledger was made of")
    done = DeliveryLedger.rebuild(asked.ledger.path, asked.given, senders=asked.senders or None)
    _tell_added(asked, done)


def _tell_added(asked: _LedgerCall, done: Added) -> None:
    if asked.asking.as_json:
        print_json(done.to_dict())
    else:
        asked.asking.screen.line(text_of("deliveries", "added", asked.asking.language, done.to_dict()), GOOD)
        _tell_unreadable(asked.asking, done.unreadable)
    if done.unreadable:
        click.get_current_context().exit(ExitCode.NO)


def _tell_unreadable(asking: Asking, unreadable: tuple[tuple[str, LetterError], ...]) -> None:
    for _, error in unreadable:
        asking.screen.line(error.text(asking.language), BAD)


def _state(asked: _LedgerCall) -> None:
    asking, ledger = asked.asking, asked.ledger
    if len(asked.given) == 2 and not any(os.path.exists(one) for one in asked.given):  # noqa: PTH110
        number, message_type = asked.given
        state = ledger.state(_number_of(asking, number), message_type)
        if asking.as_json:
            print_json(state.to_dict())
        else:
            asking.screen.line(state.text(asking.language), BAD if state.last_refused or state.overdue else GOOD)
        if state.last_refused or state.overdue:
            click.get_current_context().exit(ExitCode.NO)
        return
    if not asked.given:
        raise click.UsageError("state takes ID and TYPE, or the paths of message files")
    found = ledger.letters(asked.given)
    unreadable = tuple((one.file, one.error) for one in found if one.error is not None)
    if asking.as_json:
        print_json({"letters": [one.to_dict() for one in found]})
    else:
        _tell_letters(asking, [one for one in found if one.error is None])
        _tell_unreadable(asking, unreadable)
    if unreadable:
        click.get_current_context().exit(ExitCode.NO)


def _tell_letters(asking: Asking, found: Sequence[LetterState]) -> None:
    screen = asking.screen
    heads = [
        Column(text_of("deliveries", f"head.{name}", asking.language, {}))
        for name in ("file", "receiver", "code", "fared")
    ]
    rows = [
        (
            one.file,
            one.receiver,
            one.message_type,
            text_of("deliveries", f"fared.{one.fared or 'not-known'}", asking.language, {}),
        )
        for one in found
    ]
    screen.table(heads, rows)


def _number_of(asking: Asking, identifier: str) -> str:
    """A location number as it is; what any other identifier has, by the register."""
    digits = identifier.strip()
    if digits.isdigit() and len(digits) == 13:
        return digits
    recipient = asking.load().register.resolve(identifier, policy=asking.policy, on=asking.on).unwrap()
    return recipient.location_number or identifier


def _overdue(asked: _LedgerCall) -> None:
    asking = asked.asking
    found = asked.ledger.overdue(asked.given or None)
    if asking.as_json:
        print_json(
            {"overdue": [one.to_dict() for one in found], "waiting": [one.to_dict() for one in asked.ledger.waiting]}
        )
    else:
        screen = asking.screen
        for one in found:
            screen.line(f"{one.file}: {one.text(asking.language)}" if one.file else one.text(asking.language))
        if not found:
            screen.line(text_of("deliveries", "overdue.none", asking.language, {}), GOOD)
        _tell_rules(asked, screen)
    if found:
        click.get_current_context().exit(ExitCode.NO)


def _tell_rules(asked: _LedgerCall, screen: Screen) -> None:
    """By which rules, where they contradict one another, and what none is published for."""
    language = asked.asking.language
    for one in asked.ledger.waiting:
        code = "rule.none" if one.minutes is None else "rule.contradicted" if one.otherwise else "rule"
        case = text_of("deliveries", f"case.{one.case}", language, {})
        screen.line(text_of("deliveries", code, language, {**one.to_dict(), "case": case}))


def _report(asked: _LedgerCall) -> None:
    asking = asked.asking
    if asked.causes and (asked.by or asked.output is not None or asked.shape in (_CSV, _HTML)):
        raise click.UsageError("--causes takes --format json alone, and neither --by nor --output")
    if asked.output is not None and asked.shape == _TABLE:
        raise click.UsageError("--output takes --format csv, json or html")
    if asked.causes:
        _causes(asked, asking.load().register)
        return
    register = asking.load().register if {*asked.by} & {*OF_REGISTER} else None
    report = asked.ledger.report(asked.by or ("receiver", "type"), register=register)
    target = asked.output or STANDARD_OUTPUT
    if asking.as_json or asked.shape == _JSON:
        report.to_json(target)
    elif asked.shape == _CSV:
        report.to_csv(target, language=asking.language)
    elif asked.shape == _HTML:
        report.to_html(target, language=asking.language)
    else:
        screen = asking.screen
        total = {name: getattr(report.total, name) for name in ("letters", "answered", "refused", "open", "overdue")}
        screen.line(text_of("deliveries", "summary", asking.language, total))
        screen.table(
            [Column(head) for head in report.heads(asking.language)],
            [report.cells(row, asking.language) for row in report.rows],
        )


def _causes(asked: _LedgerCall, register: Register) -> None:
    asking = asked.asking
    choice = asking.choice
    store = None if choice.sample or choice.path else RegisterStore(choice.home)
    found = asked.ledger.causes(register, store.on if store is not None else None)
    if asking.as_json or asked.shape == _JSON:
        print_json({"causes": [one.to_dict() for one in found]})
        return
    for one in found:
        asking.screen.line(one.text(asking.language))


def _forget(asked: _LedgerCall) -> None:
    if asked.days is None:
        raise click.UsageError("forget takes --days, how many are kept")
    done = asked.ledger.forget(asked.days, on=asked.asking.on)
    if asked.asking.as_json:
        print_json(done.to_dict())
    else:
        asked.asking.screen.line(text_of("deliveries", "forgotten", asked.asking.language, done.to_dict()), GOOD)


_ACTIONS: dict[str, Callable[[_LedgerCall], None]] = {
    "add": _add,
    "state": _state,
    "overdue": _overdue,
    "report": _report,
    "forget": _forget,
    "rebuild": _rebuild,
}
