"""A book of a whole made-up nation, damaged in every way: what is put right with certainty is what was there before the damage."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from sor_addressing import Register, Unit, review
from sor_addressing.changes import BookEntry, EntryState
from sor_addressing.identifiers import SorCode
from sor_addressing.testing import made_up_nation

DIGITS = "0123456789"


@pytest.fixture(scope="module")
def register() -> Register:
    return made_up_nation(2_000, seed=7).to_register()


def sound(register: Register) -> Iterator[Unit]:
    """Units that an entry with SOR code and location number means without a doubt."""
    for unit in register:
        location = unit.location
        if location is not None and review([_whole(unit)], register).entries[0].state is EntryState.OK:
            yield unit


def _whole(unit: Unit) -> BookEntry:
    assert unit.location is not None
    return BookEntry(sor_code=unit.sor_code, location_number=unit.location.number, name=unit.name, key=unit.sor_code)


def damaged(unit: Unit, chance: random.Random) -> BookEntry:
    whole = _whole(unit)
    code, number = whole.sor_code, whole.location_number
    at = chance.randrange(len(number))
    other = chance.choice([digit for digit in DIGITS if digit != number[at]])
    choices = [
        {"sor_code": code, "location_number": "5,79E+12"},
        {"sor_code": number, "location_number": code},
        {"sor_code": "", "location_number": code},
        {"sor_code": code, "location_number": code},
        {"sor_code": code[:15].ljust(len(code), "0"), "location_number": number},
        {"sor_code": code[:15].ljust(len(code), "0"), "location_number": ""},
        {"sor_code": code, "location_number": number[:at] + other + number[at + 1 :]},
        {"sor_code": "", "location_number": number[:at] + other + number[at + 1 :]},
        {"sor_code": code[:-1] + chance.choice(DIGITS), "location_number": number},
        {"sor_code": "", "location_number": number + ".0"},
    ]
    return BookEntry(name=unit.name, key=unit.sor_code, **chance.choice(choices))


def test_what_is_put_right_is_what_it_was(register: Register) -> None:
    chance = random.Random(3)  # noqa: S311 (damage, no secret)
    units = [unit for unit in sound(register) if SorCode.is_canonical(unit.sor_code)]
    assert len(units) > 400
    book = [damaged(unit, chance) for unit in units]
    wrong, right = [], 0
    for unit, entry in zip(units, review(book, register).entries, strict=True):
        assert unit.location is not None
        truth = {"sor_code": unit.sor_code, "location_number": unit.location.number}
        for one in entry.replacements:
            right += one.suggested == truth[one.field]
            # Without its SOR code a unit that inherits its number can't be told from the owner.
            alone = entry.entry.sor_code == "" and one.field == "sor_code"
            if one.suggested != truth[one.field] and not alone:
                wrong.append((entry.entry.cells, truth, one))
    assert wrong == []
    assert right > len(units) / 2


def test_a_corrected_book_is_never_worse(register: Register, tmp_path) -> None:
    chance = random.Random(4)  # noqa: S311 (damage, no secret)
    units = [unit for unit in register if unit.location is not None]
    path = tmp_path / "book.csv"
    rows = (damaged(unit, chance) for unit in units)
    path.write_text(
        "\n".join(
            [
                "key;name;sor_code;location_number",
                *(f'{one.key};"{one.name}";{one.sor_code};{one.location_number}' for one in rows),
            ]
        ),
        "utf-8",
    )
    before = review(path, register, candidates=0)
    after = review(before.write_corrected(tmp_path / "new.csv"), register, candidates=0)
    order = list(EntryState)
    assert len(after.entries) == len(before.entries)
    for old, new in zip(before.entries, after.entries, strict=True):
        reasons = set(new.reasons) - {"entry-duplicate", "name-differs"}
        assert order.index(new.state) <= order.index(old.state) or reasons <= set(old.reasons), (old, new)
        if old.replacements:
            assert {one.field for one in old.replacements}.isdisjoint(one.field for one in new.replacements), (
                old.entry.cells,
                old.reasons,
                old.replacements,
                new.entry.cells,
                new.replacements,
            )
    assert len(after.broken) < len(before.broken)


@pytest.mark.national
@pytest.mark.parametrize("to", ["sor_code", "location_number"])
def test_a_nation_s_book_goes_there_and_back(to: str, tmp_path: Path) -> None:
    """Every unit with a provider number, by that number: the same bytes come back, and what is certain leads to a unit that has the number."""
    nation = made_up_nation(90_000, seed=1).to_register()
    units = [unit for unit in nation if unit.provider_number]
    book = tmp_path / "book.csv"
    lines = (f"{at};{unit.name};{unit.provider_number.lstrip('0')}\r\n" for at, unit in enumerate(units))
    book.write_bytes(("Nr;Navn;Ydernr\r\n" + "".join(lines)).encode("cp1252", "replace"))
    there = review(book, nation, to=to)
    certain = [one.conversion for one in there.entries if one.conversion is not None and one.conversion.is_ready]
    assert len(certain) > 4_000
    for unit, one in zip(units, there.entries, strict=True):
        found = one.conversion
        if to == "sor_code" and found is not None and found.is_ready:
            assert nation.by_sor_code[found.value or ""].provider_number == unit.provider_number
    new = there.write_converted(tmp_path / "new.csv")
    back = review(new, nation, to="provider_number").write_converted(tmp_path / "back.csv")
    assert back.read_bytes() == book.read_bytes()
