"""What an extract for a use costs, over writing the same rows with ``csv.writer``."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tests.benchmarks.measuring import Asked, Row, least_times, slower
from tests.benchmarks.nation import opened_nation

from sor_addressing import export
from sor_addressing.exports import Use


def export_csv(asked: Asked) -> Iterator[Row]:
    """Every use as CSV from a compiled register, against writing the same rows with csv.writer."""
    register = opened_nation(asked.units)
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

            written, exported = least_times(write, job, turns=7)
            against = f"csv.writer, the same {manifest.rows:,} rows"
            yield slower(f"export of {use}", exported, written, 4.5, against)
