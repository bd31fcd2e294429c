"""The questions an index answers by row."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from types import SimpleNamespace

import pytest

from sor_addressing import IdentifierKind, Register
from sor_addressing.errors import SnapshotError
from sor_addressing.index import addresses, lookup
from sor_addressing.index.columns import NOTHING, REGISTRATION_SHIFT, TYPECODES
from sor_addressing.index.lookup import Index
from sor_addressing.index.told import registration
from sor_addressing.index.told.masks import Planes
from sor_addressing.index.upward import LiesAbove, inheritance_chain
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


@pytest.mark.parametrize("limit", [0, 1, 65_536])
def test_what_documents_share_is_bounded_and_changes_none(monkeypatch, limit):
    build = RegisterBuilder()
    owner = build.owner("Ejer", postal_address={"street": "Prøvevej", "postcode": "0100"})
    house = build.institution(owner, "Huset", location_number=True)
    for name in ("Stuen", "Kælderen"):
        build.unit(house, name, inherits=True)
    build.registers(house, "XDIS91", receive=True)
    register = build.build()
    told = [register.resolve(unit.sor_code).to_dict() for unit in register]
    for room, name in ((lookup, "_MOST_CALLED"), (addresses, "_MOST_LINES"), (registration, "_MOST_TEXTS")):
        monkeypatch.setattr(room, name, limit)
    again = build.build()
    for _ in range(2):
        assert [again.resolve(unit.sor_code).to_dict() for unit in again] == told
    index = again._index
    assert [len(one) for one in (index._called, index.postal_lines, index.type_texts)] == [
        min(limit, most) for most in (2, 1, 1)
    ]


def test_a_registration_of_a_type_that_there_is_not_is_refused():
    with pytest.raises(SnapshotError):
        Planes(1)[1 << REGISTRATION_SHIFT]


class Forged:
    """What a forged file could say of a unit that lies deep: two are below each other, and a postal address comes from one without any."""

    columns = SimpleNamespace(unit_parent=[NOTHING, 0], unit_postal=[1, 1])
    postal_lines: dict[int, list[str]] = {}  # noqa: RUF012 (it stays empty)
    nearest_above = staticmethod(lambda _row, most: [7] * most)
    children = staticmethod(lambda row: [1 - row])


def test_a_forged_tree_in_which_units_lie_below_each_other_is_refused():
    with pytest.raises(SnapshotError):
        LiesAbove(Forged())(0, 1)


def test_a_forged_address_that_comes_from_a_unit_without_one_is_refused():
    record = SimpleNamespace(postal_address=())
    forged = Forged()
    forged.record = lambda _row: record
    with pytest.raises(SnapshotError):
        addresses.address_lines_of(forged, 0, defaultdict(tuple))
