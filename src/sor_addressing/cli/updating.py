"""``update``: fetch today's extract into the store, and say what came of it."""

from __future__ import annotations

from pathlib import Path

import click

from sor_addressing.cli.options.asking import ExitCode, answer_options, columns_option, print_json
from sor_addressing.cli.options.register import column_map
from sor_addressing.cli.output.progress import LoadingProgress
from sor_addressing.cli.output.rendering import BAD, GOOD, Screen
from sor_addressing.cli.output.terminal import console
from sor_addressing.daily.origin import FolderOrigin, Origin
from sor_addressing.daily.outcomes import UpdateState
from sor_addressing.daily.store import RegisterStore
from sor_addressing.extracts.tables.headers import ColumnMap


@click.command("update")
@click.option(
    "--home", metavar="DIRECTORY", help="The store; SOR_ADDRESSING_HOME or the user's data folder by default."
)
@click.option(
    "--from", "source", metavar="PATH|URL", help="A folder, share or mirror; the publisher's site by default."
)
@click.option(
    "--file",
    "places",
    metavar="NAME=PATH",
    multiple=True,
    help="Where a file lies on the site, as Edityper.csv=folder/Edityper.csv or a whole address; repeatable.",
)
@click.option(
    "--set",
    "chosen",
    type=click.Choice(("legacy", "sor2", "sor2-daily")),
    help="Which of the published sets to fetch from a site; legacy (Sor.xml and Edityper.csv) by default.",
)
@columns_option
@click.option(
    "--ignore-times",
    is_flag=True,
    help="The times of files tell nothing: one that doesn't say its day itself is of the day it is fetched on.",
)
@click.option(
    "--max-days-apart",
    type=click.IntRange(0),
    default=14,
    show_default=True,
    help="So many days may lie between the files of an extract.",
)
@click.option("--accept", is_flag=True, help="Take what is held back because it lost too much.")
@answer_options
def update_store(
    home: str | None,
    source: str | None,
    places: tuple[str, ...],
    chosen: str | None,
    columns: tuple[str, ...],
    ignore_times: bool,
    max_days_apart: int,
    accept: bool,
    language: str,
    as_json: bool,
) -> None:
    """Renew the store, which the other commands ask where no register is named.

    Exit codes: 0 the store is up to date; 1 the old register was kept, or an older one restored; 3 there is none.
    """
    map_of_columns = column_map(columns)
    origin = _origin(source, places, chosen, map_of_columns, trust_times=not ignore_times)
    store = RegisterStore(home, origin=origin, columns=map_of_columns, max_days_apart=max_days_apart)
    with LoadingProgress(console(stderr=True)) as progress:
        result = store.update(accept=accept, progress=progress)
    good = result.state in (UpdateState.RENEWED, UpdateState.UNCHANGED)
    if as_json:
        print_json({**result.to_dict(), "home": str(store.home)})
    else:
        screen = Screen(language)
        screen.line(result.text(language), GOOD if good else BAD)
        screen.line(screen.say("update.home", home=str(store.home)))
    nothing = ExitCode.NO_REGISTER if result.state is UpdateState.EMPTY else ExitCode.NO
    click.get_current_context().exit(ExitCode.YES if good else nothing)


def _origin(
    source: str | None, places: tuple[str, ...], chosen: str | None, columns: ColumnMap | None, *, trust_times: bool
) -> Origin | None:
    if source is not None and source.partition("://")[0] not in ("http", "https"):
        if places or chosen:
            raise click.UsageError("--file and --set are for a site; in a folder files are found by their content")
        return FolderOrigin(Path(source), columns=columns, trust_times=trust_times)
    if source is None and not places and chosen is None and trust_times:
        return None
    from sor_addressing.daily.download import LEGACY, PUBLISHER, SOR2, SOR2_DAILY, HttpOrigin

    parts = [place.partition("=") for place in places]
    if not all(name and path for name, _, path in parts):
        raise click.UsageError("--file takes NAME=PATH, such as Edityper.csv=folder/Edityper.csv")
    files = {"sor2": SOR2, "sor2-daily": SOR2_DAILY}.get(chosen or "", LEGACY)
    if parts:
        files = files.at({name: path for name, _, path in parts})
    return HttpOrigin(source or PUBLISHER, files, trust_times=trust_times)
