"""Speed and memory against the budgets: ``python -m tests.benchmarks [JOB ...] [--units 90000] [--repeats 5]``.

Jobs: ``load``, ``compile``, ``validate``, ``many``, ``memory``, ``start``, ``import``, ``tables``, ``find``, ``search``,
``letters``, ``compare``, ``review``, ``audit``, ``export``. Needs the extra ``dev``.
Prints ratios; asserts nothing.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import subprocess
import sys
import zipfile
from functools import partial
from pathlib import Path

from lxml import etree
from stdnum import ean
from tests.benchmarks.auditing import audit_nation
from tests.benchmarks.books import review_book
from tests.benchmarks.comparing import compare_days
from tests.benchmarks.exporting import export_csv
from tests.benchmarks.importing import imports
from tests.benchmarks.letters import letters
from tests.benchmarks.measuring import Job, faster, least_times, row
from tests.benchmarks.nation import compiled_nation, nation_files
from tests.benchmarks.processes import OPEN_AND_VALIDATE, private_megabytes, run
from tests.benchmarks.searching import search
from tests.benchmarks.tables import tables

from sor_addressing import Register
from sor_addressing.index.columns import TYPECODES
from sor_addressing.messages.catalogue import catalogue

OWNER = "{urn:oio:nsi:2.0.0}InstitutionOwnerEntity"
SEED_OF_QUESTIONS = 20_260_115
ASKED = ["DIS91 D9134L", "XDIS91", "FDIS91 5.0", "REF01", "XREF15 XH1530R", "RPT01 R0131K", "DIS20", "CTL03"]


def load(units: int, repeats: int) -> None:
    """Load a zipped Sor.xml to a register that answers, against an empty loop over its owners."""
    path, _ = nation_files(units)
    against_empty_loops("load", path, lambda: Register.load(path), 2.5, repeats)


def compile_register(units: int, repeats: int) -> None:
    """Load a zipped Sor.xml and its message types and save the register as a compiled file, against the same loop."""
    path, types = nation_files(units)
    target = path.with_name("register.compiled")
    against_empty_loops("compile", path, lambda: Register.load(path, message_types=types).save(target), 3.5, repeats)


def against_empty_loops(name: str, path: Path, job: Job, budget: float, repeats: int) -> None:
    """Time ``job`` against reading the same file and doing nothing."""

    def keeping() -> None:
        with zipfile.ZipFile(path) as archive, archive.open("Sor.xml") as stream:
            for _event, _owner in etree.iterparse(stream, tag=OWNER):
                pass

    def clearing() -> None:
        with zipfile.ZipFile(path) as archive, archive.open("Sor.xml") as stream:
            for _event, owner in etree.iterparse(stream, tag=OWNER):
                owner.clear()

    kept, cleared, done = least_times(keeping, clearing, job, repeats=repeats)
    figures = f"{done:.2f} s"
    row(name, "empty iterparse, owners cleared", done / cleared, budget, f"{figures} against {cleared:.2f} s")
    row(name, "empty iterparse, whole tree kept", done / kept, budget, f"{figures} against {kept:.2f} s")


def validate(units: int, repeats: int) -> None:
    """Validate random location numbers, warm and with an explicit day, against checking a number's digits."""
    path, types = nation_files(units)
    register = Register.load(path, message_types=types)
    on = register.snapshot_date
    chance = random.Random(SEED_OF_QUESTIONS)  # noqa: S311 (nothing secret: the same questions every time)
    numbers = list(register.by_location_number)
    questions = [(chance.choice(numbers), chance.choice(ASKED)) for _ in range(20_000)]
    outcomes: dict[str, int] = {}
    for number, message_type in questions:
        outcome = register.validate(number, message_type, on=on).outcome
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    print("outcomes:", ", ".join(f"{name} {count}" for name, count in sorted(outcomes.items())))

    def verdicts() -> None:
        ask = register.validate
        for number, message_type in questions:
            ask(number, message_type, on=on)

    def check_digits() -> None:
        check = ean.validate
        for number, _ in questions:
            check(number)

    digits, asked_for = least_times(check_digits, verdicts, repeats=max(repeats, 7))
    each = 1e6 / len(questions)
    figures = f"{asked_for * each:.2f} us against {digits * each:.2f} us"
    row("validate", "stdnum.ean.validate", asked_for / digits, 2.0, figures)


def many(units: int, repeats: int) -> None:
    """A million pairs of which some 20,000 are distinct, as a stream, against asking one by one."""
    path, types = nation_files(units)
    register = Register.load(path, message_types=types)
    on = register.snapshot_date
    chance = random.Random(SEED_OF_QUESTIONS)  # noqa: S311 (as above)
    numbers = list(register.by_location_number)
    distinct = [(chance.choice(numbers), chance.choice(ASKED)) for _ in range(20_000)]
    pairs = [chance.choice(distinct) for _ in range(1_000_000)]

    def loop() -> None:
        ask = register.validate
        for number, message_type in pairs:
            ask(number, message_type, on=on)

    def stream() -> None:
        for _verdict in register.validate_many(pairs, on=on):
            pass

    looped, streamed = least_times(loop, stream, repeats=min(repeats, 3))
    faster("validate_many", "validate in a loop", looped / streamed, 5.0, f"{streamed:.2f} s against {looped:.2f} s")


_MEMORY_SCRIPT = """
import gc, resource, sys
from lxml import etree
from sor_addressing.extracts.xml.sor_tree import SorXmlReader
from sor_addressing.index.making.builder import IndexBuilder
from tests.benchmarks.one_owner import one_owner
import datetime as dt
job, path = sys.argv[1:]
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
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
    import ctypes
    ctypes.CDLL(None).malloc_trim(0)
print(before, peak(), current())
"""


def memory(units: int, repeats: int) -> None:
    """Peak while reading one owner of 50,000 units in 20 institutions, over the register that results."""
    from tests.benchmarks.one_owner import one_owner

    path, institution = one_owner(50_000, 20)

    def measured(job: str, file: str) -> tuple[float, float, float]:
        command = [sys.executable, "-c", _MEMORY_SCRIPT, job, file]
        before, peak, after = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        return float(before), float(peak), float(after)

    before, peak, _ = measured("subtree", str(institution))
    subtree = peak - before
    before, peak, after = measured("load", str(path))
    over = peak - after
    print(
        f"memory while reading one owner of 50,000 units: peak {peak:.0f} MB, register and packages {after:.0f} MB, so "
        f"{over:.0f} MB over the result; the largest institution's subtree is {subtree:.0f} MB: "
        f"{over - subtree:+.0f} MB over it (budget +30 MB)"
    )


def start(units: int, repeats: int) -> None:
    """New processes that open a compiled register and ask it once, against importing attrs."""
    path = compiled_nation(units)
    number = next(iter(Register.open(path).by_location_number))
    attrs, package, asked = least_times(
        lambda: run("import attrs"),
        lambda: run("import sor_addressing"),
        lambda: run(OPEN_AND_VALIDATE, path, number),
        repeats=max(repeats, 30),
    )
    for name, seconds, budget in (("import", package, 1.0), ("open and validate once", asked, 1.5)):
        figures = f"{seconds * 1e3:.0f} ms against {attrs * 1e3:.0f} ms"
        row(name, 'python -c "import attrs"', seconds / attrs, budget, figures)
    if not sys.platform.startswith("linux"):
        return
    first = Register.open(path)._index.columns  # this process is the one beside which the measured ones are the second
    for column in TYPECODES:
        getattr(first, column)
    theirs = private_megabytes(OPEN_AND_VALIDATE, path, number)
    for code, name in (("import sor_addressing", "the package"), ("from sor_addressing import Register", "Register")):
        over = theirs - private_megabytes(code)
        print(f"private memory of a second process: {over:+.1f} MB over one that only imported {name} (budget +5 MB)")


def find(units: int, repeats: int) -> None:
    """Recipients of a message type in one municipality, from a compiled register, against asking every unit for both."""
    register = Register.open(compiled_nation(units), clock=lambda: dt.date(2026, 1, 15))
    on = register.snapshot_date
    municipalities = sorted(register._index.municipalities())
    asked = "XREF15"

    def by_rule() -> int:
        return sum(register.find(message_type=asked, municipality=one, on=on).total for one in municipalities)

    def scan() -> int:
        wanted = municipalities[0]
        return sum(
            register.validate(unit, asked, on=on).deliverable for unit in register if unit.municipality == wanted
        )

    print(f"recipients of {asked} in {len(municipalities)} municipalities: {by_rule()}")
    found, scanned = least_times(by_rule, scan, repeats=min(repeats, 3))
    each = found / len(municipalities)
    figures = f"{each * 1e3:.2f} ms against {scanned * 1e3:.0f} ms, for the {units // len(municipalities)} units of one"
    print(f"{'find':<28} {scanned / each:6.2f} x faster than asking all units   ({figures})")
    for name, fields in (
        ("find, the type alone", {"message_type": asked}),
        ("find, near a point", {"message_type": "DIS91", "near": (530_000, 6_290_000), "max_distance_m": 5_000}),
        ("find, everything", {}),
    ):
        (seconds,) = least_times(partial(register.find, on=on, **fields), repeats=min(repeats, 3))
        print(f"{name:<28} {seconds * 1e3:.0f} ms")


JOBS = {
    "load": load,
    "compile": compile_register,
    "validate": validate,
    "many": many,
    "memory": memory,
    "start": start,
    "import": imports,
    "tables": tables,
    "find": find,
    "search": search,
    "letters": letters,
    "compare": compare_days,
    "audit": audit_nation,
    "review": review_book,
    "export": export_csv,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("jobs", nargs="*", choices=[*JOBS, []], help="which to run; all of them by default")
    parser.add_argument("--units", type=int, default=90_000)
    parser.add_argument("--repeats", type=int, default=5)
    asked = parser.parse_args()
    catalogue()
    print(f"Python {sys.version.split()[0]}, lxml {etree.__version__}, {dt.date.today().isoformat()}")  # noqa: DTZ011 (shown only)
    for name in asked.jobs or JOBS:
        JOBS[name](asked.units, asked.repeats)


if __name__ == "__main__":
    main()
