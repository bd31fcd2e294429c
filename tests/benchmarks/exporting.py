"""What an extract for a use costs, over writing the same rows with ``csv.writer``."""

from __future__ import annotations

import csv
import datetime as dt
import tempfile
from functools import partial
from pathlib import Path

from tests.benchmarks.measuring import least_times, row
from tests.benchmarks.nation import compiled_nation

from sor_addressing import Register, export
from sor_addressing.exports import Use


def export_csv(units: int, repeats: int) -> None:
    """Every use as CSV from a compiled register, against writing the same rows with csv.writer."""
    register = Register.open(compiled_nation(units), clock=lambda: dt.date(2026, 1, 15))
    with tempfile.TemporaryDirectory() as folder:
        target, again = Path(folder, "x.csv"), Path(folder, "y.csv")
        for use in Use.shipped():
            job = partial(export, register, use, target)
            manifest = job()
            with target.open(encoding="utf-8", newline="") as file:
                rows = list(csv.reader(file))

            def write(rows: list[list[str]] = rows) -> None:
                with again.open("w", encoding="utf-8", newline="") as file:
                    csv.writer(file).writerows(rows)

            written, exported = least_times(write, job, repeats=max(repeats, 7))
            figures = f"{exported:.2f} s against {written:.2f} s, {manifest.rows} rows, {manifest.bytes / 1e6:.0f} MB"
            row(f"export, {use}", "csv.writer, the same rows", exported / written, 3.0, figures)
