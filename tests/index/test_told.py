"""A forged file that says of the endpoint register what this library never wrote gives our error, and nothing else."""

from __future__ import annotations

import datetime as dt
from array import array

import pytest

from sor_addressing import SnapshotError
from sor_addressing.index.lookup import Index
from sor_addressing.index.told.seen import View
from sor_addressing.model import REGISTERS
from sor_addressing.testing import RegisterBuilder

DAY = dt.date(2026, 1, 15)


def index() -> Index:
    build = RegisterBuilder(snapshot_date=DAY)
    unit = build.owner("Klinikken", location_number=True)
    build.registers_in_eer(unit, "HCO 1.1", from_date=DAY)
    return build.build()._index


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("number_told", 7), ("number_told", -7), ("told_start", 9), ("told_entry", 2**31), ("told_flags", 255), ("told_status", 2**30),
        ("told_status", -1), ("told_from", -5), ("told_from", 2**30), ("told_to", 2**30),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(name: str, value: int) -> None:
    forged = index()
    column = getattr(forged.columns, name)
    assert isinstance(column, array)
    column[-1] = value
    forged._seen._checked.clear()  # loading has looked at it already
    with pytest.raises(SnapshotError):
        list(map(forged.columns.told_entry.__getitem__, forged.told(0)))
    with pytest.raises(SnapshotError):
        forged.entries(forged.registration_set(0, View(REGISTERS, "production", DAY.toordinal())))
