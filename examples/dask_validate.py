"""Check a day's traffic with Dask, one partition after another, on all cores of this machine.

``Register.validate_table`` takes a table and gives it back with verdict columns, so any engine that maps a function over partitions
can run it. The register is compiled once; each worker opens the file, and all of them share its pages.
"""

# needs dask
# needs pyarrow

from __future__ import annotations

import collections
import datetime as dt
import functools
import pathlib
import tempfile

import dask
import pyarrow as pa
from pyarrow import feather

from sor_addressing import Register
from sor_addressing.testing import made_up_nation

TODAY = dt.date(2026, 1, 15)
PARTITIONS = 4


@functools.cache
def opened(path: str) -> Register:
    # Once a worker process; a real program leaves the clock out, and the register then tells its age by today's date.
    return Register.open(path, clock=lambda: TODAY)


def check(partition: str, register: str) -> str:
    checked = opened(register).validate_table(feather.read_table(partition), on=TODAY)
    path = f"{partition}.checked"
    feather.write_feather(checked, path)
    return path


def write_traffic(folder: pathlib.Path, register: Register) -> list[str]:
    """A made-up day's traffic in several files: who each letter went to, and of which type it was."""
    numbers = list(register.by_location_number)
    types = ["XDIS91", "DIS91 D9134L", "FDIS91", "XREF15", "RPT01"]
    paths = []
    for part in range(PARTITIONS):
        recipients = [numbers[(7 * part + 3 * line) % len(numbers)] for line in range(500)]
        letters = pa.table({"recipient": recipients, "message_type": [types[line % 5] for line in range(500)]})
        paths.append(str(folder / f"traffic-{part}.feather"))
        feather.write_feather(letters, paths[-1])
    return paths


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        loaded = made_up_nation(1_000).to_register()
        register = str(folder / "register.compiled")
        loaded.save(register)
        tasks = [dask.delayed(check)(partition, register) for partition in write_traffic(folder, loaded)]
        checked = dask.compute(*tasks, scheduler="processes", num_workers=2)
        outcomes = collections.Counter(
            outcome for path in checked for outcome in feather.read_table(path)["outcome"].to_pylist()
        )
    print(f"{outcomes.total()} letters in {len(checked)} partitions:")
    for outcome, count in sorted(outcomes.items()):
        print(f"  {outcome:<16} {count:5}")


if __name__ == "__main__":
    main()
