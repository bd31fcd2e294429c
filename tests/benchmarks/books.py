"""An address book of a hundred thousand entries, against resolving and validating its entries one by one."""

from __future__ import annotations

import csv
import random
import tempfile
from pathlib import Path

from tests.benchmarks.measuring import least_times, row
from tests.benchmarks.nation import SEED, compiled_nation

from sor_addressing import Register, Unit, review

ENTRIES = 100_000
TYPES = ("XDIS91", "XREF15", "DIS91", "FDIS91", "XDIS91, XREF15", "")
HEADER = ("Nr", "Navn", "SOR-kode", "GLN", "Ydernr", "EDI-type", "Kontakt")


def review_book(units: int, repeats: int) -> None:
    """Review a book of which a tenth is damaged, with candidates and without."""
    register = Register.open(compiled_nation(units))
    path = Path(tempfile.gettempdir(), f"sor-addressing-book-{units}-{SEED}.csv")
    rows = _rows(register)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADER)
        writer.writerows(rows)

    def one_by_one() -> None:
        for cells in rows:
            for kind, text in (("sor_code", cells[2]), ("location_number", cells[3]), ("provider_number", cells[4])):
                if text:
                    register.resolve(**{kind: text})
            for message_type in filter(None, cells[5].split(", ")):
                register.validate(cells[3] or cells[2] or "0", message_type)

    day = register.snapshot_date
    looped, done, searched = least_times(
        one_by_one,
        lambda: review(path, register, on=day, candidates=0),
        lambda: review(path, register, on=day),
        repeats=min(repeats, 2),
    )
    row("review", "resolving one by one", done / looped, 5.0, f"{done:.1f} s against {looped:.1f} s")
    row("review, with candidates", "resolving one by one", searched / looped, 10.0, f"{searched:.1f} s")


def _rows(register: Register) -> list[tuple[str, ...]]:
    chance = random.Random(SEED)  # noqa: S311 (nothing secret: the same book every time)
    units = list(register)
    return [_entry(number, chance.choice(units), chance) for number in range(ENTRIES)]


def _entry(number: int, unit: Unit, chance: random.Random) -> tuple[str, ...]:
    location = unit.location
    code = unit.sor_code if chance.random() < 0.8 else ""
    gln = location.number if location and chance.random() < 0.7 else ""
    name, fate = unit.name, chance.random()
    if fate < 0.02:
        gln = "5,79E+12"
    elif fate < 0.04:
        code, gln = gln, code
    elif fate < 0.06:
        code = code[:-1] + "0"
    elif fate < 0.08:
        name = f"Den nye klinik {number}"
    elif fate < 0.1:
        gln = gln[:-1] + "5"
    return (str(number), name, code, gln, unit.provider_number or "", chance.choice(TYPES), "Kontakt")
