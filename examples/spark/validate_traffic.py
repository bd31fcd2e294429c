"""Check a day's traffic with Spark: ``Register.validate_table`` as a function over Arrow batches, in Spark's local mode or on a cluster.

The register is compiled once, and each worker opens the file; on a cluster it lies on a share. Workers need the package and pyarrow, and
Spark needs a Java.
"""

from __future__ import annotations

import datetime as dt
import os
import pathlib
import sys
import tempfile
from collections.abc import Callable, Iterator

import pyarrow as pa
from pyspark.sql import SparkSession

from sor_addressing import Register
from sor_addressing.testing import made_up_nation

TODAY = dt.date(2026, 1, 15)
ADDED = (
    "outcome string, deliverable boolean, status string, sor_code string, location_number string, unit_certain boolean, send_as string, "
    "arrives_as string, conversion_by string, findings array<string>, errors array<string>"
)


def checking(path: str) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """A function for ``mapInArrow``, which is sent to the workers with the path alone."""

    def check(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        # Once a partition, in a millisecond; a real program leaves the clock out, and the register then tells its age by today's date.
        register = Register.open(path, clock=lambda: TODAY)
        for batch in batches:
            yield register.validate_table(batch, on=TODAY)

    return check


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        loaded = made_up_nation(1_000).to_register()
        path = str(pathlib.Path(name, "register.compiled"))
        loaded.save(path)
        numbers, types = list(loaded.by_location_number), ["XDIS91", "DIS91 D9134L", "FDIS91", "XREF15", "RPT01"]
        letters = [(numbers[3 * line % len(numbers)], types[line % 5]) for line in range(2_000)]
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
        try:
            traffic = spark.createDataFrame(letters, "recipient string, message_type string").repartition(4)
            checked = traffic.mapInArrow(checking(path), f"recipient string, message_type string, {ADDED}")
            outcomes = {row["outcome"]: row["count"] for row in checked.groupBy("outcome").count().collect()}
        finally:
            spark.stop()
    print(f"{sum(outcomes.values())} letters:")
    for outcome, count in sorted(outcomes.items()):
        print(f"  {outcome:<16} {count:5}")


if __name__ == "__main__":
    main()
