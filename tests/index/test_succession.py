"""Where the successors of a closed unit lead: one way to a unit in force, or not."""

from __future__ import annotations

import datetime as dt

import pytest

from sor_addressing import Register, UnitKind
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.succession import Succession, successors
from sor_addressing.model import UnitRecord
from sor_addressing.testing.numbers import sor_code

DAY = dt.date(2026, 1, 15)
A, B, C, D = map(sor_code, range(4))
CLOSED = DAY - dt.timedelta(1)


def register_of(ways: dict[str, tuple[str, ...]], in_force: set[str]) -> Register:
    return Register.from_records(
        [
            UnitRecord(
                code,
                UnitKind.ORGANISATIONAL_UNIT,
                to_date=None if code in in_force else CLOSED,
                replaced_by=ways.get(code, ()),
            )
            for code in (A, B, C)
        ],
        snapshot_date=DAY,
    )


@pytest.mark.parametrize(
    ("ways", "in_force", "expected"),
    [
        ({}, {B}, Succession("dead-end", (), (), NOTHING)),
        ({A: (B,)}, {B}, Succession("certain", (B,), (B,), 1)),
        ({A: (B,), B: (C,)}, {C}, Succession("certain", (B, C), (C,), 2)),
        ({A: (B,), B: (C,)}, {B, C}, Succession("certain", (B,), (B,), 1)),
        ({A: (B, B)}, {B}, Succession("certain", (B,), (B,), 1)),
        ({A: (B, C)}, {B}, Succession("several", (B, C), (B, C), NOTHING)),
        ({A: (B,), B: (C, A)}, {C}, Succession("several", (B, C, A), (C, A), NOTHING)),
        ({A: (B,), B: (A,)}, set(), Succession("loop", (B, A), (A,), NOTHING)),
        ({A: (A,)}, set(), Succession("loop", (A,), (A,), NOTHING)),
        ({A: (B,), B: (C,), C: (B,)}, set(), Succession("loop", (B, C, B), (B,), NOTHING)),
        ({A: (B,)}, set(), Succession("dead-end", (B,), (), NOTHING)),
        ({A: (D,)}, set(), Succession("dead-end", (D,), (D,), NOTHING)),
        ({A: (B,), B: (D,)}, set(), Succession("dead-end", (B, D), (D,), NOTHING)),
    ],
)
def test_where_the_successors_of_a_unit_lead(ways, in_force, expected):
    index = register_of(ways, in_force)._index
    assert successors(index, 0, DAY.toordinal()) == expected


def test_a_successor_counts_on_the_day_asked_for():
    index = register_of({A: (B,)}, set())._index
    assert successors(index, 0, CLOSED.toordinal()) == Succession("certain", (B,), (B,), 1)
