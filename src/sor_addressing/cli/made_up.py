"""``sample`` writes made-up extracts; ``demo`` shows the whole way on one."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import click
from rich.console import Console

from sor_addressing.cli.answers import show_verdict
from sor_addressing.cli.options import answer_options, print_json
from sor_addressing.cli.parameters import DayType
from sor_addressing.cli.progress import LoadingProgress, busy
from sor_addressing.cli.register_choice import VARIABLE
from sor_addressing.cli.rendering import LOUD, QUIET, Screen
from sor_addressing.register import Register
from sor_addressing.testing import (
    MadeUpExtract,
    SampleQuestion,
    WrittenExtract,
    made_up_nation,
    sample_extract,
    sample_questions,
)

_DEFAULT_SEED = 1
_MAY_STAND_THERE = ("Sor.xml", "Sor.xml.gz", "Sor.zip", "Edityper.csv")

# What the demo asks, in this order: the text above the answer, and the question of the sample by name and type.
_DEMO = (
    ("clear", "Lægehuset Entydig", "DIS91"),
    ("conversion-by-sender", "Lægehuset Entydig", "XDIS91"),
    ("unsupported", "Lægehuset Entydig", "XREF15"),
    ("converted", "Klinikken Kun FHIR", "XDIS91"),
    ("inherited", "Ambulatoriet Nedarvet", "XDIS91"),
    ("shared", "Lægerne Delt Ydernummer A", "DIS91"),
    ("ambiguous", "Lægerne To Adresser A", "DIS91"),
    ("replaced", "Klinikken Lukket (afløst)", "XDIS91"),
    ("closed", "Klinikken Lukket (uden afløser)", "XDIS91"),
    ("internal", "Afdelingen Kun intern", "XDIS91"),
    ("one-way", "Lægerne Envejs", "DIS91"),
    ("nothing-registered", "Klinikken Uden registreringer", "DIS91"),
    ("unknown-type", "Klinikken Ukendt type", "HYGIEJNE1"),
    ("check-digit", "en SOR-kode med forkert kontrolciffer", "DIS91"),
    ("unknown", "et ukendt lokationsnummer", "DIS91"),
)


@click.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.option("--units", type=int, metavar="N", help="A made-up nation of N units instead of the sample.")
@click.option("--seed", type=int, help="Which nation; another number, another nation.  [default: 1]")
@click.option("--snapshot-date", type=DayType(), help="The day that the nation shows.  [default: that of the sample]")
@click.option("--version", type=click.Choice(["1", "2"]), default="2", show_default=True, help="Layout of Sor.xml.")
@click.option("--zip", "zipped", is_flag=True, help="Sor.zip instead of Sor.xml.")
@click.option("--force", is_flag=True, help="Overwrite what stands there.")
@answer_options
def sample(
    directory: Path,
    units: int | None,
    seed: int | None,
    snapshot_date: dt.date | None,
    version: str,
    zipped: bool,
    force: bool,
    language: str,
    as_json: bool,
) -> None:
    """Write a made-up extract, Sor.xml and Edityper.csv, to DIRECTORY.

    It is the sample that the package ships, or a made-up nation of any size; the same numbers give the same files.
    """
    if units is None and (seed is not None or snapshot_date is not None):
        raise click.UsageError("--seed and --snapshot-date belong to a made-up nation: give --units too")
    screen = Screen(language)
    with busy(Console(stderr=True), screen.say("sample.working")):
        extract = sample_extract() if units is None else _nation(units, seed, snapshot_date)
        written = write_extract(extract, directory, language, version="1" if version == "1" else "2", zipped=zipped, force=force)
    if as_json:
        print_json(
            {
                "made_up": True,
                "snapshot_date": extract.snapshot_date.isoformat(),
                "units": len(extract),
                "registrations": len(extract.registrations),
                "files": {"units": str(written.units), "message_types": str(written.message_types)},
            }
        )
        return
    screen.line(screen.say("made-up"), "bold magenta")
    screen.line(screen.say("sample.written", units=len(extract), day=extract.snapshot_date))
    for path in written:
        screen.line(f"  {path}")


@click.command()
@click.option(
    "--keep",
    "directory",
    metavar="DIRECTORY",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the files here and leave them; else they are removed.",
)
@answer_options
def demo(directory: Path | None, language: str, as_json: bool) -> None:
    """The main job on the made-up sample: write its files, load them, and ask about recipients of every sort."""
    screen = Screen(language)
    with _folder(directory) as folder:
        extract = sample_extract()
        written = write_extract(extract, folder, language)
        with LoadingProgress(Console(stderr=True)) as progress:
            register = Register.load(
                written.units,
                message_types=written.message_types,
                snapshot_date=extract.snapshot_date,
                clock=lambda: extract.snapshot_date,
                progress=progress,
            )
    questions = _demo_questions()
