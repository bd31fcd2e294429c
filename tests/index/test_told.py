"""A forged file that says of the endpoint register what this library never wrote gives our error, and nothing else."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from tests.index.test_forged import forged

from sor_addressing import Register, SnapshotError
from sor_addressing.testing import RegisterBuilder

DAY = dt.date(2026, 1, 15)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    build = RegisterBuilder(snapshot_date=DAY)
    unit = build.owner("Klinikken", location_number=True)
    build.registers_in_eer(unit, "HCO 1.1", from_date=DAY)
    path = tmp_path_factory.mktemp("told") / "good.sor"
    build.build().save(path)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("number_told", 7), ("number_told", -7), ("told_start", 9), ("told_entry", 2**31), ("told_flags", 255), ("told_status", 2**30),
        ("told_status", -1), ("told_from", -5), ("told_from", 2**30), ("told_to", 2**30),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(good: bytes, tmp_path: Path, name: str, value: int) -> None:
    path = forged(good, tmp_path / "forged.sor", name, lambda column: column.__setitem__(-1, value))
    with pytest.raises(SnapshotError):
        _ = [one.location and one.location.registrations for one in Register.open(path)]
    number = next(iter(Register.open(path).by_location_number))
    if name == "told_status":  # which is shown, and never asked for an answer
        assert Register.open(path, clock=lambda: DAY).validate(number, "HCO 1.1").deliverable
        return
    with pytest.raises(SnapshotError):
        Register.open(path).validate(number, "HCO 1.1")
