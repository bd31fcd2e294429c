"""The tables of units to records, against an empty loop of ``csv.reader`` over the same file."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.benchmarks.measuring import least_times, row
from tests.benchmarks.nation import SEED

from sor_addressing.extracts.tables.units import read_sor_csv, read_units_table
from sor_addressing.model import Problem, UnitRecord
from sor_addressing.testing import made_up_nation, write_sor_csv, write_sor_entity

Reader = Callable[..., Iterator[UnitRecord]]


def tables(units: int, repeats: int) -> None:
    """Read ``sor.csv`` and ``SorEntity_daily.csv`` to records."""
    folder = Path(tempfile.gettempdir(), f"sor-addressing-tables-{units}-{SEED}")
    sor_csv, daily = folder / "sor.csv", folder / "SorEntity_daily.csv"
    if not (sor_csv.exists() and daily.exists()):
        print(f"writing a made-up nation of {units} units to {folder} ...", flush=True)
        folder.mkdir(exist_ok=True)
        nation = made_up_nation(units, seed=SEED)
        write_sor_csv(nation, sor_csv)
        write_sor_entity(nation, daily)
    _against_empty_loop("sor.csv", sor_csv, read_sor_csv, "windows-1252", csv.QUOTE_NONE, repeats)
    _against_empty_loop("SorEntity_daily.csv", daily, read_units_table, "utf-8-sig", csv.QUOTE_MINIMAL, repeats)


def _against_empty_loop(name: str, path: Path, reader: Reader, encoding: str, quoting: Any, repeats: int) -> None:
    problems: list[Problem] = []

    def empty_loop() -> None:
        with path.open(encoding=encoding, newline="") as file:
            for _row in csv.reader(file, delimiter=";", quoting=quoting):
                pass

    def read() -> None:
        problems.clear()
        with path.open("rb") as file:
            for _unit in reader(file, file=path.name, report=problems.append):
                pass

    looped, done = least_times(empty_loop, read, repeats=max(repeats, 7))
    row(name, "empty csv.reader loop", done / looped, 2.0, f"{done:.2f} s against {looped:.2f} s")
