"""``handover``: the numbers of a supplier with all that goes with them; and before held against after, for both sides to sign."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

import attrs
import click

from sor_addressing.changes.handing.checking import HandoverCheck, check_handover
from sor_addressing.changes.handing.gathering import handover
from sor_addressing.changes.handing.report import Handover
from sor_addressing.cli.maintaining.sections import CSV, HTML, MARKDOWN, TABLE, tell_report
from sor_addressing.cli.options.asking import Asking, ExitCode, register_options, written_options
from sor_addressing.cli.options.completion import complete_path
from sor_addressing.cli.options.parameters import read_day
from sor_addressing.cli.options.register import RegisterChoice
from sor_addressing.daily.store import RegisterStore
from sor_addressing.register.face import Register

_JSON, _EXCEL = "json", "excel"
_STORE = "store"


@click.command("handover")
@click.option("--supplier", metavar="CODE|NAME", help="Whose numbers: of this supplier.")
@click.option("--system", metavar="CODE|NAME", help="Whose numbers: of this system.")
@click.option("--administrator", metavar="CODE|NAME", help="Whose numbers: of this administrator.")
@click.option("--to", metavar="CODE|NAME", help="The administrator who takes over.")
@click.option(
    "--since",
    "earlier",
    metavar="PATH|store",
    multiple=True,
    shell_complete=complete_path,
    help="An earlier register, or all days of the store, for the last changes; repeatable.",
)
@click.option(
    "--compare",
    "before",
    metavar="BEFORE",
    shell_complete=complete_path,
    help="Hold a handover that was written as JSON against the register, which is that of after.",
)
@click.argument("after", metavar="[AFTER]", required=False)
@click.option("--rules", metavar="CODE", multiple=True, help="Follow this rule of the audit alone; repeatable.")
@click.option("--no-audit", is_flag=True, help="Leave the audit out.")
@click.option("--on", metavar="YYYY-MM-DD", callback=read_day, help="The day looked at; the register's own by default.")
@written_options(TABLE, _JSON, CSV, _EXCEL, MARKDOWN, HTML)
@register_options
def handover_command(
    asking: Asking,
    supplier: str | None,
    system: str | None,
    administrator: str | None,
    to: str | None,
    earlier: tuple[str, ...],
    before: str | None,
    after: str | None,
    rules: tuple[str, ...],
    no_audit: bool,
    shape: str,
    output: str | None,
) -> None:
    """The numbers of a supplier, system or administrator with units, types, receipts, contacts, remarks and last changes, to be handed over.

    Write it with --format json before, and hold it against the register of after with --compare BEFORE [AFTER]: unchanged, changed, lost and new
    numbers, as a page that both sides sign. Exit code 1 where something was lost.
    """
    named = {"supplier": supplier, "system": system, "administrator": administrator}
    _check(asking, any(named.values()), to, earlier, before, after, rules, no_audit, shape, output)
    chosen = [] if no_audit else list(rules) or None
    if after is not None:
        asking = attrs.evolve(asking, choice=attrs.evolve(asking.choice, path=after))
    loaded = asking.load()
    found: Handover | HandoverCheck
    if before is not None:
        found = check_handover(before, loaded.register, on=asking.on, rules=chosen)
    else:
        registers = _registers(asking, earlier, loaded.register)
        found = handover(loaded.register, **named, to=to, before=registers, on=asking.on, rules=chosen)
    tell_report(
        asking,
        loaded,
        found,
        shape,
        output,
        document=found.to_dict,
        writers={
            _JSON: found.to_json,
            CSV: partial(found.to_csv, language=asking.language),
            _EXCEL: partial(found.to_excel, language=asking.language),
        },
    )
    lost = isinstance(found, HandoverCheck) and not found.is_complete
    click.get_current_context().exit(ExitCode.NO if lost else ExitCode.YES)


def _check(
    asking: Asking,
    named: bool,
    to: str | None,
    earlier: tuple[str, ...],
    before: str | None,
    after: str | None,
    rules: tuple[str, ...],
    no_audit: bool,
    shape: str,
    output: str | None,
) -> None:
    if before is None and not named:
        raise click.UsageError("give --supplier, --system or --administrator, or --compare")
    if before is not None and (named or to or earlier):
        raise click.UsageError("--compare takes whose numbers they are from the file: leave the others out")
    if after is not None and before is None:
        raise click.UsageError("AFTER goes with --compare BEFORE")
    if after is not None and (asking.choice.path is not None or asking.choice.sample):
        raise click.UsageError("AFTER and --register both name the register of after: give one of them")
    if rules and no_audit:
        raise click.UsageError("--rules and --no-audit: give one of them")
    if shape == _EXCEL and output is None:
        raise click.UsageError("--format excel takes --output")
    if output is not None and (shape == TABLE or asking.as_json):
        raise click.UsageError("--output takes --format json, csv, excel, markdown or html")


def _registers(asking: Asking, earlier: Iterable[str], newest: Register) -> Iterator[Register]:
    for one in earlier:
        if one == _STORE:
            store = RegisterStore(asking.choice.home)
            days = sorted({day.snapshot_date for day in store.days() if day.snapshot_date < newest.snapshot_date})
            yield from map(store.on, days)
        else:
            yield RegisterChoice(path=one).load(asking.language).register
