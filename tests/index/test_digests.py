"""Digests of units and location numbers: the same for the same facts in every register, kept in the compiled file, other for any other fact."""

from __future__ import annotations

import datetime as dt
import gc
import random
from pathlib import Path
from typing import Any

import pytest

from sor_addressing import Register
from sor_addressing.index.digests import NUMBERS, UNITS, digests, make_digests
from sor_addressing.index.making.builder import Beside, IndexBuilder
from sor_addressing.index.saving import write_compiled
from sor_addressing.model import UnitKind, UnitRecord
from sor_addressing.testing import RegisterBuilder, made_up_nation
from sor_addressing.testing.numbers import sor_code

ROOM = sor_code(500)


def by_code(register: Register) -> dict[str, int]:
    index = register._index
    return {index.sor_code(row): digest for row, digest in enumerate(digests(index, UNITS))}


def by_number(register: Register) -> dict[str, int]:
    index = register._index
    return {index.number_text(position): digest for position, digest in enumerate(digests(index, NUMBERS))}


def test_a_compiled_register_has_the_digests_of_the_loaded_one(tmp_path: Path) -> None:
    loaded = made_up_nation(400, 2).to_register()
    loaded.save(tmp_path / "a.sor")
    opened = Register.open(tmp_path / "a.sor")
    for name in (UNITS, NUMBERS):
        assert opened._index.columns.kept(name) is not None
        assert list(digests(opened._index, name)) == list(digests(loaded._index, name))
        assert list(make_digests(opened._index)[name]) == list(digests(loaded._index, name))


def test_the_order_of_the_extract_makes_no_difference() -> None:
    extract, shuffled = made_up_nation(400, 2), made_up_nation(400, 2)
    random.Random(1).shuffle(shuffled.units)  # noqa: S311 (nothing secret)
    random.Random(2).shuffle(shuffled.registrations)  # noqa: S311
    one, other = extract.to_register(), shuffled.to_register()
    assert by_code(one) == by_code(other)
    assert by_number(one) == by_number(other)
    assert len(set(by_code(one).values())) == len(one)


def small(*, moved: bool = False, **ward: Any) -> dict[str, int]:
    """The digests of two houses and a room that has facts of its own."""
    build = RegisterBuilder()
    owner = build.owner("Region Prøve")
    houses = [build.institution(owner, name, location_number=True) for name in ("Hus 1", "Hus 2")]
    facts: dict[str, Any] = {"name": "Stue", "inherits": "location" not in ward} | ward
    build.unit(houses[moved], sor_code=ROOM, **facts)
    return by_code(build.build())


@pytest.mark.parametrize(
    "other",
    [
        {"name": "Stuen"},
        {"moved": True},
        {"to_date": dt.date(2027, 1, 1)},
        {"period_unreadable": True},
        {"shak_code": "9901011"},
        {"inherits": False},
        {"location": {}},
        {"location": {"system": "1"}},
        {"location": {"supplier": "1"}},
        {"location": {"net_operator": "1"}},
        {"location": {"administrator": "1"}},
        {"location": {"inactive": True}},
        {"location": {"internal_only": True}},
        {"location": {"to_date": dt.date(2027, 1, 1)}},
        {"contact": {"email": "a@b.example"}},
    ],
    ids=str,
)
def test_any_other_fact_gives_another_digest(other: dict[str, Any]) -> None:
    plain, changed = small(), small(**other)
    assert [code for code in plain if plain[code] != changed[code]] == [ROOM]


def test_registrations_are_in_the_digest_of_the_number_alone() -> None:
    def registering(*types: str, send: bool) -> Register:
        build = RegisterBuilder()
        house = build.institution(build.owner("Region Prøve"), "Hus 1", location_number=True)
        build.registers(house, *types, send=send, receive=True)
        return build.build()

    one = registering("DIS91 D9134L", send=True)
    others = (registering("DIS91 D9133L", send=True), registering("DIS91 D9134L", send=False))
    for other in others:
        assert by_code(one) == by_code(other)
        assert by_number(one) != by_number(other)


def test_odd_identifiers_have_the_same_digest_whatever_else_is_odd() -> None:
    def with_odd(*numbers: str) -> Register:
        build = RegisterBuilder()
        owner = build.owner("Region Prøve", sor_code="odd øwner")
        for number in numbers:
            build.institution(owner, number, sor_code=f"odd æ {number}", location_number=number, shak_code=f"Å{number}")
        return build.build()

    one, other = with_odd("ø1", "ø2"), with_odd("ø3", "ø1", "ø2")
    assert {*by_code(one).items()} < {*by_code(other).items()}
    assert {*by_number(one).items()} < {*by_number(other).items()}


def test_a_register_without_units_has_no_digests() -> None:
    empty = Register.from_records([], [], snapshot_date=dt.date(2026, 1, 15))
    assert (list(digests(empty._index, UNITS)), list(digests(empty._index, NUMBERS))) == ([], [])


def test_making_digests_leaves_the_garbage_collector_as_it_was() -> None:
    index = made_up_nation(20, 1).to_register()._index
    gc.disable()
    try:
        make_digests(index)
        assert not gc.isenabled()
    finally:
        gc.enable()
    make_digests(index)
    assert gc.isenabled()


def test_a_compiled_file_without_digests_gets_them_when_they_are_asked_for(tmp_path: Path) -> None:
    loaded = made_up_nation(60, 2).to_register()
    write_compiled(loaded._index, tmp_path / "a.sor", facts={}, report=loaded.load_report.to_json())
    opened = Register.open(tmp_path / "a.sor")
    assert opened._index.columns.kept(UNITS) is None
    assert list(digests(opened._index, NUMBERS)) == list(digests(loaded._index, NUMBERS))
    assert list(digests(opened._index, UNITS)) == list(digests(loaded._index, UNITS))


def test_a_shak_code_that_is_not_in_use_any_more_is_not_in_the_digest() -> None:
    def with_codes(beside: Beside) -> list[int]:
        builder = IndexBuilder()
        builder.add(UnitRecord(ROOM, UnitKind.ORGANISATIONAL_UNIT, "Stue"))
        return list(digests(builder.build(snapshot_date=dt.date(2026, 1, 15), beside=beside), UNITS))

    codes, ended = [("9901011", ROOM)], {"9901011": dt.date(2020, 1, 1)}
    none = with_codes(Beside())
    assert with_codes(Beside(shak_codes=codes, retired_shak_codes=ended)) == none
    assert with_codes(Beside(shak_codes=codes)) != none
