"""``audit``: what is wrong in the registrations, as tables, files and cleaning lists."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from sor_addressing.addressing.severities import Severity
from sor_addressing.cli.filter_options import filter_options
from sor_addressing.cli.options import Asking, ExitCode, print_json, register_options
from sor_addressing.cli.parameters import read_day
from sor_addressing.cli.register_choice import LoadedRegister
from sor_addressing.cli.rendering import LOUD, SEVERITY_STYLES, Cell, Column, Screen, printable
from sor_addressing.messages.catalogue import MessageType
from sor_addressing.quality.audit import Audit, audit
from sor_addressing.quality.groups import GroupKind
from sor_addressing.quality.packages import Package
from sor_addressing.quality.report_rows import ReportRows, write_csv
from sor_addressing.quality.report_tables import (
    ReportTable,
    ReportWords,
    group_table,
    not_checked_table,
    opening,
    rule_table,
    unmatched_table,
)
from sor_addressing.quality.rule_set import all_rules
from sor_addressing.quality.writing import Written
from sor_addressing.search.filters import Filter

_TABLE, _CSV, _JSON_LINES, _MARKDOWN, _HTML, _EXCEL = "table", "csv", "jsonl", "markdown", "html", "excel"
_SHIPPED = "shipped"


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
@click.option("--by", multiple=True, type=click.Choice([str(kind) for kind in GroupKind]), help="Count by; repeatable.")
@click.option(
    "--format",
    "shape",
    type=click.Choice([_TABLE, _CSV, _JSON_LINES, _MARKDOWN, _HTML, _EXCEL]),
    default=_TABLE,
    show_default=True,
    help="How the answer is written.",
)
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="Write it here, not to standard output.")
@click.option(
    "--cleaning-list", metavar="DIR", type=click.Path(file_okay=False), help="Also write a list for each maintainer."
)
@click.option(
    "--fail-on",
    type=click.Choice([str(Severity.ERROR), str(Severity.WARNING)]),
    help="Exit code 1 where there are remarks of that weight or more.",
)
@click.option("--on", metavar="YYYY-MM-DD", callback=read_day, help="The day looked at; the register's own by default.")
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
    by: tuple[str, ...],
    shape: str,
    output: str | None,
    cleaning_list: str | None,
    fail_on: str | None,
) -> None:
    """What is wrong in the registrations, by rules, for those who maintain them.

    Filters narrow the units that are looked at. The first --by says whose the cleaning lists are; administrators by default.
    """
    if list_rules:
        _list_rules(asking)
        return
    _check(asking, shape, output, approvals, aliases)
    loaded = asking.load()
    found = audit(
        loaded.register,
        list(rules) or None,
        approvals,
        Package.shipped() if packages == _SHIPPED else packages,
        asking.on,
        aliases=aliases,
        filter=wanted.but(message_type=message_type),
    )
    lists = _cleaning_lists(asking, found, cleaning_list, by, shape)
    if asking.as_json:
        print_json(_document(found, by, lists, loaded))
    elif shape == _TABLE:
        _show(asking, loaded, found, by)
    else:
        _write(asking, found, by, shape, output)
    say = ReportWords(asking.language)
    for one in lists:
        _tell(say, one)
    if fail_on is not None and _weighs(found, fail_on):
        click.get_current_context().exit(ExitCode.NO)


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
        print_json({"rules": [rule.to_dict() for rule in rules]})
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


def _document(found: Audit, by: Iterable[str], lists: Iterable[Written], loaded: LoadedRegister) -> dict[str, object]:
    return {
        **found.to_dict(),
        "by": {kind: [group.to_dict() for group in found.by(kind)] for kind in by},
        "cleaning_lists": [one.to_dict() for one in lists],
        **loaded.mark(),
    }


def _show(asking: Asking, loaded: LoadedRegister, found: Audit, by: Iterable[str]) -> None:
    screen, say = asking.screen, ReportWords(asking.language)
    asking.head(screen, loaded)
    for line in opening(found, say):
        screen.line(line)
    _table(screen, rule_table(found, say))
    for kind in by:
        _table(screen, group_table(found.by(kind), GroupKind(kind), say))
    _table(screen, unmatched_table(found, say))
    _table(screen, not_checked_table(found, say))
    asking.foot(screen, loaded)


def _table(screen: Screen, table: ReportTable) -> None:
    if not table.rows:
        return
    screen.line()
    screen.line(table.title, LOUD)
    flowing = (0,) if table.name.startswith("by-") else (1,) if table.name != "unmatched" else (0, 4)
    screen.table([Column(head, flows=at in flowing) for at, head in enumerate(table.heads)], table.rows)
    if table.note:
        screen.line(table.note)


def _write(asking: Asking, found: Audit, by: tuple[str, ...], shape: str, output: str | None) -> None:
    language = asking.language
    say = ReportWords(language)
    kinds = by or tuple(map(str, GroupKind))
    if shape in (_MARKDOWN, _HTML):
        make = found.to_markdown if shape == _MARKDOWN else found.to_html
        text = make(output, language=language, by=kinds)
        if output is None:
            click.echo(text, nl=False)
    elif shape == _JSON_LINES and output is None:
        for line in found.json_lines(language):
            click.echo(_plain(line))
    elif shape == _JSON_LINES:
        _tell(say, found.to_json_lines(str(output), language=language))
    elif shape == _EXCEL:
        _tell(say, found.to_excel(str(output), language=language))
    elif output is None:
        rows = ReportRows(found, language)
        _, neutralised = write_csv(sys.stdout, rows.heads, rows.all())
        _tell_neutralised(say, neutralised)
    else:
        _tell(say, found.to_csv(output, language=language))


def _plain(line: str) -> str:
    """A JSON text that any console can hold: where it isn't Unicode, letters are escaped."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return line if encoding.lower().replace("-", "").startswith("utf") else json.dumps(json.loads(line))


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
