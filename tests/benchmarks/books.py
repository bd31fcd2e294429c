"""An address book of a hundred thousand entries, against resolving and validating its entries one by one."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator

from tests.benchmarks.measuring import Asked, Row, least_times, slower
from tests.benchmarks.nation import DAY, SEED, kept_folder, opened_nation

from sor_addressing import Register, Unit, review

ENTRIES = 100_000
TYPES = ("XDIS91", "XREF15", "DIS91", "FDIS91", "XDIS91, XREF15", "")
HEADER = ("Nr", "Navn", "SOR-kode", "GLN", "Ydernr", "EDI-type", "Kontakt")


def review_book(asked: Asked) -> Iterator[Row]:
    """Review a book of which a tenth is damaged, candidates included."""
    register = opened_nation(asked.units)
    path = kept_folder("book") / "book.csv"
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

    looped, done = least_times(one_by_one, lambda: review(path, register, on=DAY), turns=min(asked.turns, 2))
    yield slower("review of 100,000 entries", done, looped, 1.5, "resolving and validating each")


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
