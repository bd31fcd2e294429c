"""``allowed-types``: which message types may stand on a number by the approvals, which stand there, and which are missing."""

from __future__ import annotations

import click

from sor_addressing.cli.maintaining.sections import CSV, HTML, MARKDOWN, TABLE, check_output, tell_report
from sor_addressing.cli.options.asking import Asking, ExitCode, on_option, register_options, written_options
from sor_addressing.cli.options.completion import complete_path


@click.command("allowed-types")
@click.argument("identifier", metavar="[NUMBER]", required=False)
@click.option(
    "--system", metavar="NAME", help="This system, not the one that the register names; alone, what it is approved for."
)
@click.option(
    "--approvals",
    metavar="CSV",
    envvar="SOR_ADDRESSING_APPROVALS",
    shell_complete=complete_path,
    help="Approval list of systems; SOR_ADDRESSING_APPROVALS by default.",
)
@click.option(
    "--aliases",
    metavar="CSV",
    shell_complete=complete_path,
    help="What systems of that list are called in the register.",
)
@written_options(TABLE, CSV, MARKDOWN, HTML)
@on_option
@register_options
def allowed_types(
    asking: Asking,
    identifier: str | None,
    system: str | None,
    approvals: str | None,
    aliases: str | None,
    shape: str,
    output: str | None,
) -> None:
    """Which message types may stand on NUMBER by the approvals, which stand there without approval, and which are missing.

    NUMBER is a location number, another identifier of a unit, or the name of a system. Exit code 1 where something stands there without approval.
    """
    if identifier is None and system is None:
        raise click.UsageError("give NUMBER or --system")
    if approvals is None:
        raise click.UsageError("give --approvals, or name the list in SOR_ADDRESSING_APPROVALS")
    check_output(asking, shape, output)
    loaded = asking.load()
    found = loaded.register.allowed_types(
        identifier, approvals=approvals, system=system, aliases=aliases, on=asking.on, policy=asking.policy
    )
    tell_report(asking, loaded, found, shape, output, document=found.to_dict, writers={CSV: found.to_csv})
    click.get_current_context().exit(ExitCode.NO if found.not_approved else ExitCode.YES)
