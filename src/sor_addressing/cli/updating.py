"""``update``: fetch today's extract into the store, and say what came of it."""

from __future__ import annotations

from pathlib import Path

import click

from sor_addressing.cli.options.asking import ExitCode, answer_options, columns_option, home_option, print_json
from sor_addressing.cli.options.completion import complete_path
from sor_addressing.cli.options.register import column_map
from sor_addressing.cli.output.progress import LoadingProgress
from sor_addressing.cli.output.rendering import BAD, GOOD, LOUD, Screen
from sor_addressing.cli.output.terminal import console
from sor_addressing.daily.download import HttpOrigin
from sor_addressing.daily.origin import FolderOrigin
from sor_addressing.daily.outcomes import UpdateState
from sor_addressing.daily.publisher import Publisher
from sor_addressing.daily.store import RegisterStore
from sor_addressing.extracts.tables.headers import ColumnMap


@click.command("update")
@home_option
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
    help="Which of the published sets to fetch from a site: sor2 (Sor_complete.zip, with message types and history) by default, legacy "
    "(Sor.xml and Edityper.csv), or sor2-daily (without message types). Where --file is given, the set that has those files.",
)
@click.option(
    "--publisher",
    metavar="FILE.toml",
    shell_complete=complete_path,
    help="A publisher.toml of one's own, which says where files lie on a site; SOR_ADDRESSING_PUBLISHER by default.",
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
@click.option("--dry-run", is_flag=True, help="Show what would be fetched from where; nothing is fetched or written.")
@answer_options
def update_store(
    home: str | None,
    source: str | None,
    places: tuple[str, ...],
    chosen: str | None,
    publisher: str | None,
    columns: tuple[str, ...],
    ignore_times: bool,
    max_days_apart: int,
    accept: bool,
    dry_run: bool,
    language: str,
    as_json: bool,
) -> None:
    """Renew the store, which the other commands ask where no register is named.

    Exit codes: 0 the store is up to date; 1 the old register was kept, or an older one restored; 3 there is none.
    """
    map_of_columns = column_map(columns)
    origin = _origin(source, places, chosen, publisher, map_of_columns, trust_times=not ignore_times)
    store = RegisterStore(home, origin=origin, columns=map_of_columns, max_days_apart=max_days_apart)
    if dry_run:
        _show_places(origin, store, language, as_json=as_json)
        return
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
    source: str | None,
    places: tuple[str, ...],
    chosen: str | None,
    publisher: str | None,
    columns: ColumnMap | None,
    *,
    trust_times: bool,
) -> FolderOrigin | HttpOrigin:
    if source is not None and source.partition("://")[0] not in ("http", "https"):
        if places or chosen or publisher:
            raise click.UsageError(
                "--file, --set and --publisher are for a site; in a folder files are found by their content"
            )
        return FolderOrigin(Path(source), columns=columns, trust_times=trust_times)
    parts = {name: path for name, _, path in (place.partition("=") for place in places)}
    if not all(name and path for name, path in parts.items()):
        raise click.UsageError("--file takes NAME=PATH, such as Edityper.csv=folder/Edityper.csv")
    known = Publisher.load(publisher) if publisher else Publisher.usual()
    files = known.sets[chosen.replace("-", "_")] if chosen else known.set_with(parts)
    return HttpOrigin(source or known.base, files.at(parts), trust_times=trust_times)


def _show_places(origin: FolderOrigin | HttpOrigin, store: RegisterStore, language: str, *, as_json: bool) -> None:
    places = origin.places()
    if as_json:
        files = [{"name": name, "addresses": list(addresses)} for name, addresses in places.items()]
        print_json({"dry_run": True, "files": files, "home": str(store.home)})
        return
    screen = Screen(language)
    for name, addresses in places.items():
        screen.line(screen.say("update.would-fetch", name=name), LOUD)
        for address in addresses:
            screen.line(f"  {address}")
    screen.line(screen.say("update.home", home=str(store.home)))
