"""What benchmarks read, written once to a folder of the system's and kept there: a made-up nation, and one owner at its worst."""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
from functools import cache
from pathlib import Path

from sor_addressing import Register
from sor_addressing.testing import RegisterBuilder, made_up_nation, write_sor_csv, write_sor_entity

SEED = 1
DAY = dt.date(2026, 1, 15)


def kept_folder(name: str) -> Path:
    """A folder that one run leaves to the next."""
    folder = Path(tempfile.gettempdir(), f"sor-addressing-{name}-{SEED}")
    folder.mkdir(exist_ok=True)
    return folder


def nation_files(units: int) -> tuple[Path, Path]:
    """``Sor.zip`` and ``Edityper.csv`` of a made-up nation; written when they aren't there yet."""
    folder = kept_folder(f"nation-{units}")
    units_file, types_file = folder / "Sor.zip", folder / "Edityper.csv"
    if not (units_file.exists() and types_file.exists()):
        _say(f"writing a made-up nation of {units} units to {folder} ...")
        made_up_nation(units, seed=SEED).write(folder, compressed="zip")
    return units_file, types_file


def nation_tables(units: int) -> tuple[Path, Path]:
    """``sor.csv`` and ``SorEntity_daily.csv`` of the same nation."""
    folder = kept_folder(f"tables-{units}")
    sor_csv, daily = folder / "sor.csv", folder / "SorEntity_daily.csv"
    if not (sor_csv.exists() and daily.exists()):
        _say(f"writing the tables of a made-up nation of {units} units to {folder} ...")
        nation = made_up_nation(units, seed=SEED)
        write_sor_csv(nation, sor_csv)
        write_sor_entity(nation, daily)
    return sor_csv, daily


@cache
def compiled_nation(units: int) -> Path:
    """The nation compiled by this version of the library, once a run."""
    units_file, types_file = nation_files(units)
    target = kept_folder(f"compiled-{units}") / "register.compiled"
    Register.load(units_file, message_types=types_file).save(target)
    return target


def opened_nation(units: int) -> Register:
    """The compiled nation, standing still on its day."""
    return Register.open(compiled_nation(units), clock=lambda: DAY)


_ADDRESS = {
    "street": "Prøvevej",
    "building": "7",
    "postcode": "9999",
    "district": "Prøveby",
    "municipality_code": "0901",
}


def one_owner(units: int, institutions: int) -> tuple[Path, Path]:
    """Two ``Sor.xml``, the shape of a region: one owner with so many units in a few institutions, and one of these alone."""
    folder = kept_folder(f"one-owner-{units}-{institutions}")
    whole, single = folder / "whole" / "Sor.xml", folder / "single" / "Sor.xml"
    for path, count in ((whole, institutions), (single, 1)):
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _build(units // institutions, count).write(path.parent)
    return whole, single


def _build(units_each: int, institutions: int) -> RegisterBuilder:
    build = RegisterBuilder()
    owner = build.owner("Region Prøve", location_number=True)
    for i in range(institutions):
        house = build.institution(owner, f"Sygehus {i}", location_number=True, postal_address=_ADDRESS)
        above = house
        for j in range(units_each - 1):
            unit = build.unit(above, f"Afsnit {j} på Sygehus {i}", inherits=True, visiting_address=_ADDRESS)
            above = unit if j % 7 else house
    return build


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
