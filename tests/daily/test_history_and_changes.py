"""What the days of a store tell together: the life of an identifier, and changes delivered to a running program."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from tests.daily.made_up_days import Mirror, day

from sor_addressing import LiveRegister, RegisterStore, StoreError, UnknownRecipient
from sor_addressing.changes import Comparison


@pytest.fixture
def store(mirror: Mirror, tmp_path) -> RegisterStore:
    made = RegisterStore(tmp_path / "store", origin=mirror, clock=lambda: day(5))
    made.update()
    return made


def test_the_life_of_a_unit_is_told_from_the_days_of_the_store(mirror, store):
    mirror.publish(1)
    store.update()
    code = next(iter(store.latest())).sor_code
    found = store.history(code)
    assert found.days == (day(0), day(1))
    assert [str(event.change.kind) if event.change else None for event in found] == [None, "renamed"]
    assert found[1].change.new == "Ejer 0 af dag 1"


def test_a_store_without_days_has_no_history(tmp_path):
    with pytest.raises(StoreError, match="no register yet"):
        RegisterStore(tmp_path / "none").history("5790999000017")


def test_who_was_never_there_is_unknown(store):
    with pytest.raises(UnknownRecipient):
        store.history("9000991000016009")


def test_changes_are_delivered_to_a_running_program(mirror, store):
    told: list[Comparison] = []
    arrived = threading.Event()

    def hear(comparison: Comparison) -> None:
        told.append(comparison)
        arrived.set()

    with LiveRegister(store, on_changes=hear) as live:
        mirror.publish(1)
        store.update()
        assert live.refresh()
        assert arrived.wait(20)
    assert (told[0].old_date, told[0].new_date) == (day(0), day(1))
    assert {str(kind) for kind in told[0].counts} == {"renamed"}


def test_going_back_to_an_earlier_day_is_no_change(mirror, store, caplog):
    mirror.publish(1)
    store.update()
    told: list[Comparison] = []
    done = threading.Event()
    with caplog.at_level("INFO"), LiveRegister(store, on_changes=told.append) as live:
        live.subscribe(lambda *_: done.set())
        store.pin(day(0) + dt.timedelta(0))
        assert live.refresh()
        assert done.wait(20)
    assert told == []
    assert "went back" in caplog.text
