"""``audit``: what is wrong in the registrations, as tables, files and cleaning lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypedDict

import click

from sor_addressing.addressing.severities import Severity
from sor_addressing.cli.maintaining.sections import show_sections
from sor_addressing.cli.options.asking import (
    Asking,
    ExitCode,
    deliveries_option,
    ledger_of,
    print_json,
    register_options,
    written_options,
)
from sor_addressing.cli.options.filters import filter_options
from sor_addressing.cli.options.packs import Packing, pack_options, tell_packs
from sor_addressing.cli.options.parameters import read_day
from sor_addressing.cli.options.register import LoadedRegister, RegisterChoice
from sor_addressing.cli.options.targets import Aim, target_options
from sor_addressing.cli.output.rendering import LOUD, SEVERITY_STYLES, Cell, Column, Screen, printable
from sor_addressing.daily.store import RegisterStore
from sor_addressing.messages.catalogue import MessageType
from sor_addressing.quality.audit import Audit, audit, point_of, trend
from sor_addressing.quality.groups import GroupKind
from sor_addressing.quality.packages import Package
from sor_addressing.quality.packs.writing import Packs
from sor_addressing.quality.report.tables import (
    ReportTable,
    ReportWords,
    group_table,
    not_checked_table,
    opening,
    rule_table,
    trend_groups_table,
    trend_table,
    unmatched_table,
)
from sor_addressing.quality.report.trees import tree_table
from sor_addressing.quality.report.written import Written
from sor_addressing.quality.rule_set import RuleGiven, all_rules, rules_on_request
from sor_addressing.quality.scope import RefusalsKept
from sor_addressing.quality.superseded import Superseded
from sor_addressing.quality.targets.reaching import TargetReport
from sor_addressing.quality.trends import Trend
from sor_addressing.register.allowing.approvals import Approvals
from sor_addressing.register.face import Register
from sor_addressing.register.inside import index_of
from sor_addressing.search.rules.filters import Filter
from sor_addressing.search.rules.places import with_codes
from sor_addressing.search.words.aliases import Aliases
from sor_addressing.whole_file import STANDARD_OUTPUT

_TABLE, _CSV, _JSON_LINES, _MARKDOWN, _HTML, _EXCEL = "table", "csv", "jsonl", "markdown", "html", "excel"
_SHIPPED, _STORE = "shipped", "store"


@click.command("audit")
@click.option(
    "--rules", metavar="CODE", multiple=True, help="Follow this rule alone; repeatable. --list-rules names them."
)
@click.option("--list-rules", is_flag=True, help="Tell which rules there are, and end.")
@click.option("--approvals", metavar="CSV", type=click.Path(dir_okay=False), help="Approval list of systems.")
@click.option(
    "--aliases",
    metavar="CSV",
    type=click.Path(dir_okay=False),
    help="What systems of that list are called in the register.",
)
@click.option("--packages", metavar="TOML|shipped", help="Packages of message types that numbers should have.")
@click.option(
    "--superseded",
    metavar="TOML",
    type=click.Path(dir_okay=False),
    help="Old message types, what takes their place, and by when they are to be gone.",
)
@click.option(
    "--everyday-names",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="What people call the units: CSV or TOML from SOR code to names, as in search.",
)
@click.option("--by", multiple=True, type=click.Choice([str(kind) for kind in GroupKind]), help="Count by; repeatable.")
@click.option(
    "--tree",
    metavar="LEVELS",
    type=click.IntRange(min=1),
    help="Also show the tree: 1 for owners, 2 for their institutions too, and so on.",
)
@written_options(_TABLE, _CSV, _JSON_LINES, _MARKDOWN, _HTML, _EXCEL)
@click.option(
    "--cleaning-list", metavar="DIR", type=click.Path(file_okay=False), help="Also write a list for each maintainer."
)
@pack_options
@click.option(
    "--fail-on",
    type=click.Choice([str(Severity.ERROR), str(Severity.WARNING)]),
    help="Exit code 1 where there are remarks of that weight or more.",
)
@click.option(
    "--trend",
    "days",
    metavar="PATH|store",
    multiple=True,
    help="Also tell how it was in another register, or on all days of the store; repeatable.",
)
@target_options
@click.option("--on", metavar="YYYY-MM-DD", callback=read_day, help="The day looked at; the register's own by default.")
@deliveries_option
@filter_options
@register_options
def audit_command(
    asking: Asking,
    wanted: Filter,
    message_type: MessageType | None,
    rules: tuple[str, ...],
    list_rules: bool,
    approvals: str | None,
    aliases: str | None,
    packages: str | None,
    superseded: str | None,
    everyday_names: str | None,
    by: tuple[str, ...],
    tree: int | None,
    shape: str,
    output: str | None,
    cleaning_list: str | None,
    packing: Packing,
    fail_on: str | None,
    days: tuple[str, ...],
    aim: Aim,
    ledger: str | None,
) -> None:
    """What is wrong in the registrations, by rules, for those who maintain them.

    Filters narrow the units that are looked at. The first --by says whose the cleaning lists and packs are; administrators and hospitals by default.
    """
    if list_rules:
        _list_rules(asking)
        return
    _check(asking, shape, output, approvals, aliases)
    texts, plan = packing.checked(), aim.checked()
    if aim.until and shape not in (_TABLE, _CSV, _MARKDOWN, _HTML):
        raise click.UsageError("--until takes --format table, csv, markdown or html, or --json")
    if days and not aim.until and shape not in (_TABLE, _MARKDOWN, _HTML):
        raise click.UsageError("--trend takes --format table, markdown or html, or --json")
    loaded = asking.load()
    given: _Given = {
        "rules": list(rules) or None,
        "approvals": Approvals.load(approvals, aliases=aliases) if approvals else None,
        "packages": _packages(packages),
        "superseded": Superseded.load(superseded) if superseded else None,
        "everyday_names": Aliases.load(everyday_names) if everyday_names else None,
        "deliveries": ledger_of(ledger),
        "filter": wanted.but(message_type=message_type),
    }
    found = audit(loaded.register, on=asking.on, **given)
    # A name is one of the register that is asked about: on other days the unit counts, whatever it is called then.
    settled: _Given = {**given, "filter": with_codes(given["filter"], index_of(loaded.register))}
    seen = _trend(asking, found, days, by, settled) if days or aim.until else None
    aimed = None if seen is None else aim.report(seen, plan, loaded.register, found.on, **given)
    lists = _cleaning_lists(asking, found, cleaning_list, by, shape)
    former = packing.former(asking)
    before = None if former is None else audit(former, **settled)
    packs = packing.write(found, by, asking.language, texts, before, aim.until)
    if asking.as_json:
        print_json(_document(found, by, tree, seen, aimed, lists, packs, loaded))
    elif shape == _TABLE:
        _show(asking, loaded, found, by, tree, seen, aimed)
    elif aimed is not None and shape == _CSV:
        aimed.to_csv(STANDARD_OUTPUT if output is None else output, language=asking.language)
    else:
        _write(asking, found, by, tree, seen, aimed, shape, output)
    say = ReportWords(asking.language)
    for one in lists:
        _tell(say, one)
    if packs is not None:
        tell_packs(packs, asking.language)
    if fail_on is not None and _weighs(found, fail_on):
        click.get_current_context().exit(ExitCode.NO)


class _Given(TypedDict):
    """What every audit of a command is told."""

    rules: list[RuleGiven] | None
    approvals: Approvals | None
    packages: tuple[Package, ...] | None
    superseded: tuple[Superseded, ...] | None
    everyday_names: Aliases | None
    deliveries: RefusalsKept | None
    filter: Filter


def _packages(given: str | None) -> tuple[Package, ...] | None:
    if given is None:
        return None
    return Package.shipped() if given == _SHIPPED else Package.load(given)


def _trend(asking: Asking, found: Audit, days: Iterable[str], by: tuple[str, ...], given: _Given) -> Trend:
    """The other registers' days and the one that was asked about, which counts for its own day."""
    kind = GroupKind(by[0]) if by else None
    return trend(_registers(asking, days), by=kind, **given).with_point(*point_of(found, kind))


def _registers(asking: Asking, days: Iterable[str]) -> Iterator[Register]:
    for one in days:
        if one == _STORE:
            store = RegisterStore(asking.choice.home)
            yield from map(store.on, sorted({day.snapshot_date for day in store.days()}))
        else:
            yield RegisterChoice(path=one).load(asking.language).register


def _check(asking: Asking, shape: str, output: str | None, approvals: str | None, aliases: str | None) -> None:
    if shape == _EXCEL and output is None:
        raise click.UsageError("--format excel takes --output")
    if output is not None and (shape == _TABLE or asking.as_json):
        raise click.UsageError("--output takes --format csv, jsonl, markdown, html or excel")
    if aliases is not None and approvals is None:
        raise click.UsageError("--aliases takes --approvals")


def _weighs(found: Audit, fail_on: str) -> bool:
    counts = found.by_severity
    return bool(counts[Severity.ERROR] or (fail_on == Severity.WARNING and counts[Severity.WARNING]))


def _list_rules(asking: Asking) -> None:
    rules = all_rules()
    if asking.as_json:
        asked_for = [rule.to_dict() for rule in rules_on_request()]
        print_json({"rules": [rule.to_dict() for rule in rules], "on_request": asked_for})
        return
    screen, say = asking.screen, ReportWords(asking.language)
    columns = [Column(say("head.code")), Column(say("head.severity")), Column(say("head.title"), flows=True)]
    screen.table(
        columns,
        [
            (
                rule.code,
                Cell(say(f"severity.{rule.severity}"), SEVERITY_STYLES[rule.severity]),
                rule.title(asking.language),
            )
            for rule in rules
        ],
    )


def _document(
    found: Audit,
    by: Iterable[str],
    tree: int | None,
    seen: Trend | None,
    aimed: TargetReport | None,
    lists: Iterable[Written],
    packs: Packs | None,
    loaded: LoadedRegister,
) -> dict[str, object]:
    return {
        **found.to_dict(),
        "by": {kind: [group.to_dict() for group in found.by(kind)] for kind in by},
        "tree": None if tree is None else found.tree(tree).to_dict(),
        "trend": None if seen is None else seen.to_dict(),
        "target": None if aimed is None else aimed.to_dict(),
        "cleaning_lists": [one.to_dict() for one in lists],
        "packs": None if packs is None else packs.to_dict(),
        **loaded.mark(),
    }


def _show(
    asking: Asking,
    loaded: LoadedRegister,
    found: Audit,
    by: Iterable[str],
    tree: int | None,
    seen: Trend | None,
    aimed: TargetReport | None,
) -> None:
    screen, say = asking.screen, ReportWords(asking.language)
    asking.head(screen, loaded)
    for line in opening(found, say):
        screen.line(line)
    _table(screen, rule_table(found, say))
    if seen is not None:
        _table(screen, trend_table(seen, say))
        _table(screen, trend_groups_table(seen, say))
    if aimed is not None:
        screen.line()
        show_sections(screen, aimed.sections(asking.language))
    for kind in by:
        _table(screen, group_table(found.by(kind), GroupKind(kind), say))
    if tree is not None:
        _table(screen, tree_table(found.tree(tree), say))
    _table(screen, unmatched_table(found, say))
    _table(screen, not_checked_table(found, say))
    asking.foot(screen, loaded)


_FLOWING = {"unmatched": (0, 4), "not-checked": (0, 2), "tree": (0,), "trend-groups": (0,)}
"""Which columns of a table may be broken."""


def _table(screen: Screen, table: ReportTable) -> None:
    if not table.rows:
        return
    screen.line()
    screen.line(table.title, LOUD)
    flowing = _FLOWING.get(table.name, (0,) if table.name.startswith("by-") else (1,))
    screen.table([Column(head, flows=at in flowing) for at, head in enumerate(table.heads)], table.rows)
    if table.note:
        screen.line(table.note)


def _write(
    asking: Asking,
    found: Audit,
    by: tuple[str, ...],
    tree: int | None,
    seen: Trend | None,
    aimed: TargetReport | None,
    shape: str,
    output: str | None,
) -> None:
    language = asking.language
    say = ReportWords(language)
    kinds = by or tuple(map(str, GroupKind))
    target = STANDARD_OUTPUT if output is None else output
    if shape in (_MARKDOWN, _HTML):
        make = found.to_markdown if shape == _MARKDOWN else found.to_html
        make(
            target,
            language=language,
            by=kinds,
            trend=seen,
            tree=tree,
            sections=() if aimed is None else aimed.sections(language),
        )
        return
    if shape == _JSON_LINES:
        written = found.to_json_lines(target, language=language)
    elif shape == _EXCEL:
        written = found.to_excel(target, language=language)
    else:
        written = found.to_csv(target, language=language)
    if output is None:
        _tell_neutralised(say, written.neutralised)
    else:
        _tell(say, written)


def _cleaning_lists(
    asking: Asking, found: Audit, folder: str | None, by: tuple[str, ...], shape: str
) -> tuple[Written, ...]:
    if folder is None:
        return ()
    whose = by[0] if by else str(GroupKind.ADMINISTRATOR)
    form = _EXCEL if shape == _EXCEL else _CSV
    return found.write_cleaning_lists(Path(folder), by=whose, format=form, language=asking.language)


def _tell(say: ReportWords, written: Written) -> None:
    """What was written, on standard error: standard output is the answer's."""
    click.echo(printable(say("written", path=written.path, rows=say.number(written.rows))), err=True)
    _tell_neutralised(say, written.neutralised)


def _tell_neutralised(say: ReportWords, count: int) -> None:
    if count:
        click.echo(say("neutralised", count=say.number(count)), err=True)
