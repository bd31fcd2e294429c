"""What only a forged file, a full memory or a fault of our own can bring about: each is told, and none is answered from."""

from __future__ import annotations

import datetime as dt
import mmap
import os
from array import array
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.addressing.small_trees import BOTH_SIDES

from sor_addressing import AddressingPolicy, Register
from sor_addressing.addressing import many, policy
from sor_addressing.addressing.policy import for_sender
from sor_addressing.addressing.support import differing
from sor_addressing.errors import SnapshotError
from sor_addressing.index import upward
from sor_addressing.index.addresses import holding
from sor_addressing.index.columns import SEND_NOT_KNOWN
from sor_addressing.index.keys import ODD_FROM
from sor_addressing.index.making.sound import _are_keys
from sor_addressing.index.standing import StandingFile, Stretch
from sor_addressing.index.told import seen
from sor_addressing.index.told.endpoints import EndpointRegistrations
from sor_addressing.index.upward import Upward, asleep_above
from sor_addressing.model import EndpointRegistration
from sor_addressing.testing import RegisterBuilder, register_of, sample_extract

DAY = dt.date(2026, 1, 15)


def test_a_fault_of_our_own_is_no_damage_of_a_register_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(*_: object, **__: object) -> None:
        raise IndexError("row 7")

    monkeypatch.setattr(many, "validate", fault)
    with pytest.raises(IndexError, match="row 7"):
        list(sample_extract().to_register().validate_many([("990001", "DIS91")]))


def test_a_unit_above_itself_is_told_whoever_goes_up() -> None:
    index: Any = sample_extract().to_register()._index
    index.columns.unit_parent[5] = 5
    with pytest.raises(SnapshotError, match="lies above itself"):
        list(index.ancestors(5))
    with pytest.raises(SnapshotError, match="lies above itself"):
        Upward(lambda row: row, lambda _row: False, 3).first(0)


def test_positions_beyond_what_is_there_are_told() -> None:
    index: Any = sample_extract().to_register()._index
    with pytest.raises(SnapshotError, match="can't be read"):
        index.text_of_key(ODD_FROM - 10**6)
    with pytest.raises(SnapshotError, match="can't be read"):
        index.entries(10**6)
    index.columns.set_entry[0] = 2**30
    with pytest.raises(SnapshotError, match="can't be read"):
        index.entries(0)
    empty: Any = SimpleNamespace(columns=SimpleNamespace(unit_contact=[0], unit_postal=[0]))
    with pytest.raises(SnapshotError, match="can't be read"):
        holding(empty, 0, "contact", record_of=lambda _row: defaultdict(str))  # type: ignore[arg-type, return-value]


def test_a_number_that_is_no_key_is_no_key() -> None:
    assert not _are_keys(memoryview(array("q", [5])))
    assert _are_keys(memoryview(array("q", [10, 11])))


@pytest.fixture
def standing(tmp_path: Path) -> Iterator[StandingFile]:
    path = tmp_path / "file"
    path.write_bytes(b"head" + b"body" * 20)
    descriptor = os.open(path, os.O_RDWR)
    with mmap.mmap(descriptor, 0) as mapped:
        found = StandingFile("file", descriptor, mapped)
        found.watch(Stretch(0, 4, 0), [])
        yield found
        found.close()


def test_another_header_is_told(standing: StandingFile) -> None:
    standing._due = 0.0
    with pytest.raises(SnapshotError, match="another header"):
        standing.check()
    assert not standing.is_good


def test_what_is_not_there_any_more_is_not_what_it_was(standing: StandingFile, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not standing.has(Stretch(1_000, 4, 0))
    with monkeypatch.context() as elsewhere:
        elsewhere.delattr(os, "pread", raising=False)
        assert standing._read(0, 4) == b"head"
    descriptor, standing._descriptor = standing._descriptor, -1
    assert not standing.has(Stretch(0, 4, 0))
    standing._descriptor = descriptor


def test_a_file_that_is_closed_already_is_let_go_quietly(standing: StandingFile) -> None:
    descriptor = standing._descriptor
    os.close(descriptor)
    standing.__del__()
    assert standing._descriptor == -1


def test_types_in_no_catalogue_are_counted_for_the_endpoint_register_too() -> None:
    told = EndpointRegistrations().extend([EndpointRegistration("5790999000017", "HYGIEJNE1")] * 2)
    assert told.unknown_types == {"HYGIEJNE1": 2}


def test_two_registers_that_know_nothing_know_nothing_together() -> None:
    assert seen.joined(SEND_NOT_KNOWN, SEND_NOT_KNOWN) == SEND_NOT_KNOWN


def test_what_was_forgotten_is_worked_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "_MEMORY_LIMIT", 1)
    monkeypatch.setattr(policy, "_MOST_SENDERS", 1)
    register = register_of(Huset={"provider_number": "990077", "registers": "XDIS91", "registers_in_eer": "FDIS91 5.0"})
    policies = [AddressingPolicy(), AddressingPolicy(registers=("EER",)), AddressingPolicy(registers=("SOR-EDI",))]
    first = [register.validate("990077", "FDIS91", policy=one).to_dict() for one in policies]
    assert [register.validate("990077", "FDIS91", policy=one).to_dict() for one in policies] == first
    both = AddressingPolicy(conversion_model=BOTH_SIDES)
    names = [{"region": "1081"}, {"region": "1082"}]
    assert [for_sender(both, name).sender for name in names * 2] == [
        for_sender(both, name).sender for name in names
    ] * 2


def test_registers_that_have_no_second_voice_agree() -> None:
    index = Register.sample()._index
    view = seen.View(("SOR-EDI", "EER"), "production", DAY.toordinal())
    assert differing(index, 0, -1, view) is None


def test_a_long_way_up_is_looked_at_on_any_number_of_days(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upward, "_SHORT", 4)
    build = RegisterBuilder(DAY)
    unit = build.institution(build.owner("Ejer", location_number=True), "Hus", inherits=True, to_date=DAY)
    for number in range(8):
        unit = build.unit(unit, f"Afsnit {number}", inherits=True)
    index: Any = build.build()._index
    row = next(row for row in range(len(index)) if index.name(row) == "Afsnit 7")
    for days in range(1, 9):
        (above,) = asleep_above(index, row, DAY.toordinal() + days)
        assert index.name(above) == "Hus"


@pytest.mark.parametrize("asked", [5, b"DIS91", ["DIS91"]])
def test_what_is_no_type_is_a_fault_of_the_program(asked: Any) -> None:
    with pytest.raises(TypeError, match="a message type is text or a MessageType, not"):
        Register.sample().validate("990001", asked)
