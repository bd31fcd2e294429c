"""From files to a register: loading, compiling, tables of units, and the memory that reading takes over its result."""

from __future__ import annotations

import csv
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from lxml import etree
from tests.benchmarks.measuring import Asked, Job, Row, least_times, slower
from tests.benchmarks.nation import kept_folder, nation_files, nation_tables, one_owner

from sor_addressing import Register, audit
from sor_addressing.extracts.tables.units import read_sor_csv, read_units_table
from sor_addressing.model import Problem, UnitRecord

OWNER = "{urn:oio:nsi:2.0.0}InstitutionOwnerEntity"
Reader = Callable[..., Iterator[UnitRecord]]


def load(asked: Asked) -> Iterator[Row]:
    """Load a zipped Sor.xml to a register that answers."""
    path, _ = nation_files(asked.units)
    yield _against_empty_loop("load", path, lambda: Register.load(path), 2.9, asked.turns)


def compile_register(asked: Asked) -> Iterator[Row]:
    """Load a zipped Sor.xml and its message types, and save the register with all that a compiled file has."""
    path, types = nation_files(asked.units)
    target = kept_folder(f"compiled-{asked.units}") / "again.compiled"
    yield _against_empty_loop(
        "compile, all included", path, lambda: Register.load(path, message_types=types).save(target), 3.8, asked.turns
    )


def _against_empty_loop(name: str, path: Path, job: Job, budget: float, turns: int) -> Row:
    def empty_loop() -> None:
        with zipfile.ZipFile(path) as archive, archive.open("Sor.xml") as stream:
            for _event, owner in etree.iterparse(stream, tag=OWNER):
                owner.clear()

    looped, done = least_times(empty_loop, job, turns=turns)
    return slower(name, done, looped, budget, "lxml iterparse of the same zip, owners cleared")


def tables(asked: Asked) -> Iterator[Row]:
    """Read ``sor.csv`` and ``SorEntity_daily.csv`` to records."""
    sor_csv, daily = nation_tables(asked.units)
    yield _table("sor.csv to records", sor_csv, read_sor_csv, "windows-1252", csv.QUOTE_NONE, asked.turns)
    yield _table("SorEntity to records", daily, read_units_table, "utf-8-sig", csv.QUOTE_MINIMAL, asked.turns)


def _table(name: str, path: Path, reader: Reader, encoding: str, quoting: Any, turns: int) -> Row:
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

    looped, done = least_times(empty_loop, read, turns=turns + 2)
    return slower(name, done, looped, 3.3, "an empty csv.reader loop")


def audit_nation(asked: Asked) -> Iterator[Row]:
    """Audit a register that was just loaded, every time with a new scope."""
    path, types = nation_files(asked.units)
    register = Register.load(path, message_types=types)
    loaded, audited = least_times(lambda: Register.load(path), lambda: audit(register), turns=2)
    yield slower("audit by all rules", audited, loaded, 1.0, "loading the units")


_MEMORY_SCRIPT = """
import ctypes, gc, resource, sys
from lxml import etree
from sor_addressing.extracts.xml.sor_tree import SorXmlReader
from sor_addressing.index.making.builder import IndexBuilder
job, path = sys.argv[1:]
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
def current():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 1024 ** 2
before = current()
if job == "subtree":
    with open(path, "rb") as file:
        for _, element in etree.iterparse(file, tag="{*}HealthInstitutionEntity", remove_blank_text=True):
            break
else:
    from sor_addressing import Register
    register = Register.load(path)
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
print(before, peak(), current())
"""


def memory(_asked: Asked) -> Iterator[Row]:
    """Peak while reading one owner of 50,000 units in 20 institutions, over the register that results (Linux)."""
    path, institution = one_owner(50_000, 20)

    def measured(job: str, file: Path) -> tuple[float, float, float]:
        command = [sys.executable, "-c", _MEMORY_SCRIPT, job, str(file)]
        before, peak, after = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        return float(before), float(peak), float(after)

    before, peak, _ = measured("subtree", institution)
    subtree = peak - before
    _, peak, after = measured("load", path)
    over = peak - after - subtree
    yield Row("memory while parsing one owner", over, "MB", 30, "over its result and one institution's subtree")
