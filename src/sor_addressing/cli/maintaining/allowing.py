"""``allowed-types``: which message types may stand on a number by the approvals, which stand there, and which are missing."""

from __future__ import annotations

import click

from sor_addressing.cli.converting import show_sections
from sor_addressing.cli.options.asking import Asking, ExitCode, on_option, print_json, register_options, written_options
from sor_addressing.cli.options.completion import complete_path
from sor_addressing.whole_file import STANDARD_OUTPUT

_TABLE, _CSV, _MARKDOWN, _HTML = "table", "csv", "markdown", "html"


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
@written_options(_TABLE, _CSV, _MARKDOWN, _HTML)
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
    if output is not None and (shape == _TABLE or asking.as_json):
        raise click.UsageError("--output takes --format csv, markdown or html")
    loaded = asking.load()
    found = loaded.register.allowed_types(
        identifier, approvals=approvals, system=system, aliases=aliases, on=asking.on, policy=asking.policy
    )
    if asking.as_json:
        print_json({**found.to_dict(), **loaded.mark()})
    elif shape == _TABLE:
        asking.head(asking.screen, loaded)
        show_sections(asking.screen, found.sections(asking.language))
        asking.foot(asking.screen, loaded)
    elif shape == _CSV:
        found.to_csv(output or STANDARD_OUTPUT)
    elif shape == _MARKDOWN:
        found.to_markdown(output or STANDARD_OUTPUT, language=asking.language)
    else:
        found.to_html(output or STANDARD_OUTPUT, language=asking.language)
    click.get_current_context().exit(ExitCode.NO if found.not_approved else ExitCode.YES)
