"""``export``: an extract made for a use, as a file."""

from __future__ import annotations

from pathlib import Path

import click

from sor_addressing.cli.options.asking import Asking, print_json, question_options
from sor_addressing.cli.output.progress import busy
from sor_addressing.cli.output.rendering import BAD, GOOD, Column, Screen
from sor_addressing.cli.output.terminal import console
from sor_addressing.exports.formats.by_name import FORMATS
from sor_addressing.exports.making import MESSAGE_TYPES, PROFILES, export
from sor_addressing.exports.manifest import Manifest
from sor_addressing.exports.uses import Use
from sor_addressing.search.rules.explain import unknown_text
from sor_addressing.texts import title_of
from sor_addressing.whole_file import is_stream


@click.command("export")
@click.argument("use")
@click.option(
    "-o",
    "--output",
    "target",
    metavar="FILE",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; an earlier one is replaced as a whole.",
)
@click.option("--format", "form", type=click.Choice(FORMATS), help="Format of the file; by its name where not given.")
@click.option(
    "--profile", type=click.Choice(PROFILES), help="Profile of fhir: what MedCom's endpoint register (EER) demands."
)
@click.option("--all", "everything", is_flag=True, help="Also what no letter can go to, with the reason.")
@click.option(
    "--types",
    type=click.Choice(MESSAGE_TYPES),
    default=MESSAGE_TYPES[0],
    show_default=True,
    help="Message types as lists, or a column for each.",
)
@click.option("--spreadsheet", is_flag=True, help="CSV in the form that spreadsheets take without damage.")
@click.option(
    "--ask",
    metavar="TYPE",
    multiple=True,
    help="Message type that sqlite answers for; all registered ones where none is given.",
)
@click.option(
    "--uses",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="TOML file with uses of your own.",
)
@question_options
def export_use(
    asking: Asking,
    use: str,
    target: Path,
    form: str | None,
    profile: str | None,
    everything: bool,
    types: str,
    spreadsheet: bool,
    ask: tuple[str, ...],
    uses: Path | None,
) -> None:
    """Write the extract for USE: municipalities, general-practice, hospitals or all-addresses, or one of --uses.

    One row a recipient, under a key that is unique. What it was made of and what it leaves out stands beside it, in FILE.manifest.json.
    FILE may be a pipe, a device or - for standard output, with --format: then nothing stands beside it, and the summary is on standard error.
    """
    screen = asking.screen
    known = {**Use.shipped(), **(Use.load(uses) if uses is not None else {})}
    if use not in known:
        raise click.UsageError(screen.say("export.unknown", use=use, known=list(known)))
    loaded = asking.load()
    with busy(console(stderr=True), screen.say("export.working")):
        manifest = export(
            loaded.register,
            known[use],
            target,
            format=form,
            on=asking.on,
            policy=asking.policy,
            only_addressable=not everything,
            message_types=types,
            language=asking.language,
            spreadsheet=spreadsheet,
            profile=profile,
            ask=ask or None,
        )
    is_piped = is_stream(target)
    if asking.as_json and not is_piped:
        print_json({**manifest.to_dict(), **loaded.mark()})
    else:
        # Standard output may be the extract.
        screen = Screen(asking.language, console(stderr=True)) if is_piped else screen
        asking.head(screen, loaded)
        _show(screen, manifest, is_piped=is_piped)
        asking.foot(screen, loaded)
    asking.finish(loaded, good=manifest.rows > 0)


def _show(screen: Screen, manifest: Manifest, *, is_piped: bool) -> None:
    values = {"file": str(manifest.path), "rows": manifest.rows, "key": manifest.key, "day": manifest.snapshot_date}
    written = screen.say("export.written", **values)
    beside = "" if is_piped else f" {screen.say('export.beside')}"
    screen.line(f"{written}{beside}", GOOD if manifest.rows else BAD)
    counted = {**manifest.not_addressable, **manifest.without_key}
    if counted:
        screen.line(screen.say("export.left-out" if manifest.only_addressable else "export.not-addressable"))
        columns = [Column(screen.say("head.reasons")), Column(screen.say("head.count"))]
        screen.table(
            columns, [[title_of("findings", code, screen.language), str(count)] for code, count in counted.items()]
        )
    if manifest.format == "sqlite" and not manifest.has_message_types:
        screen.line(screen.say("export.no-types"), BAD)
    for value in manifest.unknown:
        if value.field == "message_type":
            screen.line(unknown_text(value, screen.language), BAD)
            continue
        screen.line(screen.say("export.unknown-value", field=value.field, value=value.value), BAD)
