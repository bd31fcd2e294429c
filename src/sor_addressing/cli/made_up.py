"""``sample`` writes made-up extracts; ``demo`` shows the whole way on one."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import click

from sor_addressing.cli.options.asking import answer_options, language_option, print_json
from sor_addressing.cli.options.parameters import read_day
from sor_addressing.cli.options.register import VARIABLE
from sor_addressing.cli.output.answers import show_verdict
from sor_addressing.cli.output.progress import LoadingProgress, busy
from sor_addressing.cli.output.rendering import LOUD, MADE_UP, QUIET, Screen
from sor_addressing.cli.output.terminal import console
from sor_addressing.register.face import Register
from sor_addressing.testing import (
    MadeUpExtract,
    made_up_nation,
    sample_extract,
    sample_questions,
    with_endpoints,
    write_sample_letters,
)

_DEFAULT_SEED, _DEFAULT_DAY = 1, dt.date(2026, 1, 15)
_LETTERS = "letters"
_NAMES = ("Sor.xml", "Sor.xml.gz", "Sor.zip", "Edityper.csv", "eer.json", _LETTERS)

# What the demo asks of SOR beside EHMI's endpoint register: the example of the extract, which names the text above the answer, and the type.
_TWO_REGISTERS = (("eer-only", "HCO"), ("eer-and-sor-edi", "FDIS91"), ("registers-disagree", "FDIS91"))

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
@click.option(
    "--snapshot-date",
    metavar="YYYY-MM-DD",
    callback=read_day,
    help="The day that the nation shows.  [default: that of the sample]",
)
@click.option("--version", type=click.Choice(["1", "2"]), default="2", show_default=True, help="Layout of Sor.xml.")
@click.option("--zip", "zipped", is_flag=True, help="Sor.zip instead of Sor.xml.")
@click.option(
    "--letters",
    is_flag=True,
    help="Letters too, in DIRECTORY/letters: right ones, and one for each thing that can be wrong.",
)
@click.option(
    "--eer",
    is_flag=True,
    help="EHMI's endpoint register too, eer.json: types that only it has, types in both registers, and disagreements.",
)
@click.option("--force", is_flag=True, help="Overwrite what stands there.")
@answer_options
def sample(
    directory: Path,
    units: int | None,
    seed: int | None,
    snapshot_date: dt.date | None,
    version: str,
    zipped: bool,
    letters: bool,
    eer: bool,
    force: bool,
    language: str,
    as_json: bool,
) -> None:
    """Write a made-up extract, Sor.xml and Edityper.csv, to DIRECTORY.

    It is the sample that the package ships, or a made-up nation of any size; the same numbers give the same files.
    """
    if units is None and (seed is not None or snapshot_date is not None):
        raise click.UsageError("--seed and --snapshot-date belong to a made-up nation: give --units too")
    if letters and units is not None:
        raise click.UsageError("--letters are between units of the sample: leave --units out")
    screen = Screen(language)
    if not force:
        _refuse_to_overwrite(directory, screen)
    with busy(console(stderr=True), screen.say("sample.working")):
        extract = sample_extract() if units is None else _nation(units, seed, snapshot_date)
        if eer:
            with_endpoints(extract)
        layout: Literal[1, 2] = 1 if version == "1" else 2
        written = extract.write(directory, version=layout, compressed="zip" if zipped else None)
        messages = write_sample_letters(directory / _LETTERS) if letters else ()
    endpoints = [directory / "eer.json"] if eer else []
    if as_json:
        files = {"units": str(written.units), "message_types": str(written.message_types)}
        print_json(
            {
                "made_up": True,
                "snapshot_date": extract.snapshot_date.isoformat(),
                "units": len(extract),
                "registrations": len(extract.registrations),
                "files": {**files, "endpoint_register": str(endpoints[0])} if eer else files,
                "letters": [str(path) for path in messages],
            }
        )
        return
    screen.line(screen.say("made-up"), MADE_UP)
    screen.line(screen.say("sample.written", units=len(extract), day=extract.snapshot_date))
    for path in (*written, *endpoints, *messages):
        screen.line(f"  {path}")
    screen.line(screen.say("sample.next", directory=str(directory), day=extract.snapshot_date))


@click.command()
@click.option(
    "--keep",
    "directory",
    metavar="DIRECTORY",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the files here and leave them; else they are removed in the end.",
)
@language_option
def demo(directory: Path | None, language: str) -> None:
    """The main job on the made-up sample: write its files, load them, and ask about recipients of every sort."""
    screen = Screen(language)
    if directory is not None:
        _refuse_to_overwrite(directory, screen)
    screen.line(screen.say("made-up"), MADE_UP)
    extract = sample_extract()
    with _folder(directory) as folder:
        written = extract.write(folder)
        screen.line(screen.say("demo.written", units=len(extract)))
        for path in written:
            screen.line(f"  {path}")
        with LoadingProgress(console(stderr=True)) as progress:
            register = Register.load(
                written.units,
                message_types=written.message_types,
                snapshot_date=extract.snapshot_date,
                clock=lambda: extract.snapshot_date,
                progress=progress,
            )
    counts = register.load_report.counts
    screen.line(screen.say("demo.loaded", **counts))
    _show_two_registers(screen, extract)
    questions = {(question.about, question.message_type): question for question in sample_questions()}
    for number, (shows, about, message_type) in enumerate(_DEMO, 1):
        question = questions[about, message_type]
        screen.line()
        screen.line(f"{number}. {screen.say(f'demo.{shows}')}", LOUD)
        screen.line(f"$ sor-addressing validate {question.identifier} {question.message_type} --sample", QUIET)
        show_verdict(screen, register.validate(question.identifier, question.message_type))
    screen.line()
    screen.line(screen.say("demo.next", variable=VARIABLE), LOUD)


def _show_two_registers(screen: Screen, extract: MadeUpExtract) -> None:
    """One verdict for each way in which EHMI's endpoint register stands beside SOR-EDI."""
    register = with_endpoints(extract).to_register()
    screen.line()
    screen.line(screen.say("demo.two-registers"), LOUD)
    screen.line("$ sor-addressing sample made-up --eer", QUIET)
    for example, message_type in _TWO_REGISTERS:
        number = extract.examples[example][0]
        screen.line()
        screen.line(f"EER: {screen.say(f'demo.{example}')}", LOUD)
        screen.line(f"$ sor-addressing validate {number} {message_type} --register made-up", QUIET)
        show_verdict(screen, register.validate(number, message_type))


def _refuse_to_overwrite(folder: Path, screen: Screen) -> None:
    standing = [name for name in _NAMES if (folder / name).exists()]
    if standing:
        raise click.UsageError(screen.say("sample.refused", directory=str(folder), files=standing))


def _nation(units: int, seed: int | None, snapshot_date: dt.date | None) -> MadeUpExtract:
    try:
        return made_up_nation(units, _DEFAULT_SEED if seed is None else seed, snapshot_date or _DEFAULT_DAY)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--units") from error


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="sor-addressing-") as folder:
        yield Path(folder)
