"""The questions an index answers by row."""

from __future__ import annotations

import datetime as dt

import pytest

from sor_addressing import IdentifierKind, Register
from sor_addressing.index import lookup
from sor_addressing.index.columns import NOTHING, TYPECODES
from sor_addressing.index.lookup import Index
from sor_addressing.index.upward import inheritance_chain
from sor_addressing.testing import RegisterBuilder
from sor_addressing.testing.numbers import cvr_number, location_number, sor_code

SOR, LOCATION, PROVIDER, SHAK, CVR = IdentifierKind
NUMBER = location_number(0)


@pytest.fixture
def register() -> Register:
    build = RegisterBuilder()
    owner = build.owner("Ejer", location_number=True, cvr_number=cvr_number(0))
    hospital = build.institution(owner, "Arver", inherits=True, provider_number="990001", shak_code="990001")
    build.unit(hospital, "Arver under", inherits=True, provider_number="99Æ", shak_code="9901")
    build.unit(hospital, "Uden", visiting_address={"municipality_code": "0991"})
    build.registers(location_number(7), "XDIS91")
    return build.build()


@pytest.fixture
def index(register) -> Index:
    return register._index


@pytest.mark.parametrize(
    ("value", "held"),
    [
        (sor_code(2), [SOR]),
        (NUMBER, [LOCATION]),
        (location_number(7), [LOCATION]),
        ("990001", [PROVIDER, SHAK]),
        ("9901", [SHAK]),
        ("99Æ", [PROVIDER]),
        (cvr_number(0), []),
        ("99Ø", []),
        ("1", []),
        ("", []),
        ("990000", []),
        ("990002", []),
        (sor_code(77), []),
        ("ZZZZZZZZZ", []),
    ],
)
def test_the_kinds_as_which_a_register_holds_a_value(index, value, held):
    found = index.held_as(value)
    assert [kind for kind, _ in found] == held
    for kind, position in found:
        assert index.position(kind, value) == position
        assert list(index.rows_at(kind, position)) == list(index.rows(kind, value))


@pytest.mark.parametrize(
    ("kind", "value", "rows"),
    [
        (SOR, sor_code(2), [2]),
        (SOR, NUMBER, []),
        (LOCATION, NUMBER, [0, 1, 2]),
        (LOCATION, location_number(7), []),
        (PROVIDER, "990001", [1]),
        (PROVIDER, "99Æ", [2]),
        (PROVIDER, "99Ø", []),
        (SHAK, "990001", [1]),
        (SHAK, "9901", [2]),
        (CVR, cvr_number(0), [0]),
        (CVR, "9", []),
    ],
)
def test_rows_by_kind_and_value(index, kind, value, rows):
    assert list(index.rows(kind, value)) == rows
    assert (index.position(kind, value) == NOTHING) is (not rows and value != location_number(7))


def test_keys_and_counts_are_of_what_units_carry(index):
    assert {kind: list(index.keys(kind)) for kind in IdentifierKind} == {
        SOR: [sor_code(n) for n in range(4)],
        LOCATION: [NUMBER],
        PROVIDER: ["99Æ", "990001"],
        SHAK: ["9901", "990001"],
        CVR: [cvr_number(0)],
    }
    assert [index.count(kind) for kind in IdentifierKind] == [4, 1, 2, 2, 1]


def test_a_number_and_its_owners(index):
    number, without_unit = index.number_of(NUMBER), index.number_of(location_number(7))
    assert list(index.owners_of_number(number)) == [0]
    assert list(index.owners_of_number(without_unit)) == list(index.rows_of_number(without_unit)) == []
    assert (index.holds_number(number), index.holds_number(without_unit)) == (True, False)
    assert (index.number_text(number), index.number_text(without_unit)) == (NUMBER, location_number(7))
    assert index.number_of(location_number(8)) == NOTHING
    assert [index.location_number(row) for row in range(4)] == [NUMBER, NUMBER, NUMBER, None]


def test_the_way_up(index):
    assert [index.depth(row) for row in range(4)] == [0, 1, 2, 2]
    assert [list(index.ancestors(row)) for row in range(4)] == [[], [0], [1, 0], [1, 0]]
    assert [inheritance_chain(index, row) for row in range(4)] == [[], [0], [1, 0], []]
    assert [index.declares_inherited(row) for row in range(4)] == [False, True, True, False]
    assert [list(index.children(row)) for row in range(4)] == [[1], [2, 3], [], []]


def test_names_and_municipalities(index):
    assert [index.name(row) for row in range(4)] == ["Ejer", "Arver", "Arver under", "Uden"]
    assert index.municipalities() == frozenset({"0991"})
    assert index.municipalities() is index.municipalities()


@pytest.mark.parametrize("limit", [0, 1, 65_536])
def test_what_is_remembered_is_bounded_and_changes_no_answer(monkeypatch, limit):
    monkeypatch.setattr(lookup, "_MEMORY_LIMIT", limit)
    build = RegisterBuilder()
    owner = build.owner("Ejer")
    units = [build.institution(owner, f"Enhed {n}", location={"note": f"Note {n}"}) for n in range(3)]
    for n, unit in enumerate(units):
        build.registers(unit, *["XDIS91", "DIS91", "FDIS91"][: n + 1], receive=True)
    register = build.build()
    index = register._index
    for _ in range(2):
        assert [register.by_sor_code[unit].location.note for unit in units] == ["Note 0", "Note 1", "Note 2"]
        sets = [index.columns.number_set[index.number_of(register.by_sor_code[unit].location.number)] for unit in units]
        assert [index.masks(one).receive.bit_count() for one in sets] == [1, 2, 3]
    assert len(index._texts) <= max(limit, 1) if limit < 2 else len(index._texts) > 3
    assert len(index._masks) == min(limit, 3)


def test_every_column_has_its_type(index):
    for name, typecode in TYPECODES.items():
        assert getattr(index.columns, name).typecode == typecode
    assert index.snapshot_day == dt.date(2026, 1, 15).toordinal()


def test_a_number_of_more_digits_than_a_key_has_is_held_all_the_same():
    long, longer = "9" * 19, "9" * 400
    build = RegisterBuilder()
    build.owner("Opdigt", provider_number=long)
    index = build.build()._index
    assert index.held_as(long) == index.held_as_digits(long) == [(PROVIDER, index.position(PROVIDER, long))]
    assert index.held_as(longer) == index.held_as_digits(longer) == []
