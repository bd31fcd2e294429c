"""A live register: swapped whole, from any thread, while others ask; waited for in threads and coroutines."""

from __future__ import annotations

import asyncio
import gc
import logging
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.daily.made_up_days import Mirror, answers, build, day

from sor_addressing import Register, SnapshotError, StoreError
from sor_addressing.daily.live import LiveRegister
from sor_addressing.daily.store import RegisterStore

SOON = 10.0
"""Seconds within which what is to happen has happened, also on a busy machine."""


@pytest.fixture
def store(tmp_path: Path, mirror: Mirror) -> RegisterStore:
    store = RegisterStore(tmp_path / "home", origin=mirror, clock=lambda: day(3))
    store.update()
    return store


@pytest.fixture
def live(store: RegisterStore) -> Iterator[LiveRegister]:
    with LiveRegister(store) as live:
        yield live


def renew(store: RegisterStore, mirror: Mirror, number: int) -> None:
    mirror.publish(number)
    assert store.update().snapshot_date == day(number)


def until(condition) -> None:
    give_up = time.monotonic() + SOON
    while not condition():
        assert time.monotonic() < give_up
        time.sleep(0.005)


def test_it_serves_what_the_store_has_and_tells_its_age(live: LiveRegister):
    assert answers(live.current) == answers(build(0).build())
    assert (live.age_days, live.last_error) == (3, None)
    assert repr(live) == "<LiveRegister: <Register of 2026-01-15: 20 units>>"


def test_a_store_without_a_register_is_an_error_at_once(tmp_path: Path):
    with pytest.raises(StoreError, match="no register yet; fetch one with"):
        LiveRegister(RegisterStore(tmp_path))


def test_a_newer_day_is_there_after_a_look_and_not_before(live: LiveRegister, store: RegisterStore, mirror: Mirror):
    yesterday = live.current
    renew(store, mirror, 1)
    assert live.current is yesterday
    assert live.refresh() is True
    assert (live.current.snapshot_date, live.age_days) == (day(1), 2)
    assert answers(yesterday) == answers(build(0).build())
    assert live.refresh() is False


def test_a_look_at_a_store_without_news_opens_nothing(live: LiveRegister, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(RegisterStore, "serving", lambda _self, **_: pytest.fail("opened"))
    assert live.refresh() is False
    assert live.last_error is None


def test_pinning_and_unpinning_are_changes(live: LiveRegister, store: RegisterStore, mirror: Mirror):
    renew(store, mirror, 1)
    live.refresh()
    store.pin(day(0))
    assert live.refresh()
    assert live.current.snapshot_date == day(0)
    store.unpin()
    assert live.refresh()
    assert live.current.snapshot_date == day(1)


def test_it_looks_by_itself_where_it_is_told_to(store: RegisterStore, mirror: Mirror):
    with LiveRegister(store, poll_seconds=0.01) as live:
        renew(store, mirror, 1)
        until(lambda: live.current.snapshot_date == day(1))


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf"), 1e300])
def test_looking_all_the_time_or_never_is_refused(store: RegisterStore, seconds: float):
    with pytest.raises(ValueError, match="poll_seconds is"):
        LiveRegister(store, poll_seconds=seconds)


def test_it_goes_on_answering_when_the_store_can_not_be_read(
    live: LiveRegister, store: RegisterStore, mirror: Mirror, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    renew(store, mirror, 1)
    store.home.rename(tmp_path / "away")
    with caplog.at_level(logging.WARNING):
        assert [live.refresh() for _ in range(3)] == [False] * 3
    assert isinstance(live.last_error, StoreError)
    assert len(caplog.records) == 1
    assert "The register of 2026-01-15 goes on answering" in caplog.text
    assert answers(live.current) == answers(build(0).build())
    (tmp_path / "away").rename(store.home)
    assert live.refresh() is True
    assert live.last_error is None
    assert live.current.snapshot_date == day(1)


def test_it_recovers_from_an_error_also_where_nothing_is_new(live: LiveRegister, store: RegisterStore, tmp_path: Path):
    before = live.current
    store.home.rename(tmp_path / "away")
    live.refresh()
    (tmp_path / "away").rename(store.home)
    assert live.refresh() is False
    assert live.last_error is None
    assert live.current is before


@pytest.mark.parametrize("part", [0.01, 0.5, 0.99])
def test_a_damaged_new_day_is_passed_over_without_a_change(
    live: LiveRegister, store: RegisterStore, mirror: Mirror, part: float
):
    before = live.current
    renew(store, mirror, 1)
    (path,) = (store.home / "days").glob("2026-01-16.*/register.compiled")
    data = bytearray(path.read_bytes())
    start = int(len(data) * part)
    data[start : start + 8] = bytes(
        byte ^ 0xFF for byte in data[start : start + 8]
    )  # more than stand between two sections
    path.unlink()  # compiled files are read-only
    path.write_bytes(data)
    assert [live.refresh() for _ in range(3)] == [False] * 3
    assert live.current is before


def test_whoever_wants_to_know_is_told_of_old_and_new(store: RegisterStore, mirror: Mirror):
    told = []
    done = threading.Event()

    def on_change(old: Register, new: Register) -> None:
        told.append((old.snapshot_date, new.snapshot_date))
        if len(told) == 2:
            done.set()

    with LiveRegister(store, on_change=on_change) as live:
        for number in (1, 2):
            renew(store, mirror, number)
            live.refresh()
        assert done.wait(SOON)
    assert told == [(day(0), day(1)), (day(1), day(2))]


def test_one_who_raises_when_told_ends_nothing(store: RegisterStore, mirror: Mirror, caplog: pytest.LogCaptureFixture):
    told = threading.Event()

    def raises(old: Register, new: Register) -> None:
        raise RuntimeError("of the caller's own")

    with LiveRegister(store, poll_seconds=0.01, on_change=raises) as live:
        live.subscribe(lambda _, new: new.snapshot_date == day(2) and told.set())
        for number in (1, 2):
            renew(store, mirror, number)
            until(lambda number=number: live.current.snapshot_date == day(number))
        assert told.wait(SOON)
    failures = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert [record.exc_info[1].args for record in failures] == [("of the caller's own",)] * 2


def test_one_who_takes_his_time_when_told_delays_nobody(store: RegisterStore, mirror: Mirror):
    let_go, begun = threading.Event(), threading.Event()

    def slow(old: Register, new: Register) -> None:
        begun.set()
        let_go.wait(SOON)

    with LiveRegister(store, on_change=slow) as live:
        for number in (1, 2):
            renew(store, mirror, number)
            assert live.refresh()
        assert begun.wait(SOON)
        assert live.current.snapshot_date == day(2)
        let_go.set()


def test_one_who_does_not_want_to_know_any_more_is_not_told(store: RegisterStore, mirror: Mirror):
    told, done = [], threading.Event()
    with LiveRegister(store) as live:
        end = live.subscribe(lambda _, new: told.append(new.snapshot_date))
        live.subscribe(lambda *_: done.set())
        end()
        end()
        renew(store, mirror, 1)
        live.refresh()
        assert done.wait(SOON)
    assert told == []


def test_a_thread_can_wait_for_a_change(store: RegisterStore, mirror: Mirror):
    with LiveRegister(store, poll_seconds=0.01) as live:
        before = live.current
        assert live.wait_for_change(0.02) is False
        renew(store, mirror, 1)
        assert live.wait_for_change(SOON, since=before) is True
        assert live.wait_for_change(SOON, since=before) is True
        assert live.current.snapshot_date == day(1)


def test_a_coroutine_can_wait_for_a_change_while_others_run(store: RegisterStore, mirror: Mirror):
    async def main() -> tuple[list[Register], int]:
        ticks = 0
        with LiveRegister(store, poll_seconds=0.01) as live:
            waiting = [asyncio.create_task(live.changed()) for _ in range(3)]
            renewing = asyncio.create_task(asyncio.to_thread(renew, store, mirror, 1))
            async with asyncio.timeout(SOON):
                while not all(task.done() for task in waiting):
                    await asyncio.sleep(0)
                    ticks += 1
                await renewing
                return [await task for task in waiting], ticks

    found, ticks = asyncio.run(main())
    assert [register.snapshot_date for register in found] == [day(1)] * 3
    assert ticks > 3


def test_a_coroutine_misses_no_change_between_two_waits(live: LiveRegister, store: RegisterStore, mirror: Mirror):
    before = live.current
    renew(store, mirror, 1)
    live.refresh()
    assert asyncio.run(live.changed(since=before)) is live.current


def test_a_coroutine_that_gives_up_waiting_is_forgotten(live: LiveRegister, store: RegisterStore, mirror: Mirror):
    async def main() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await live.changed()

    asyncio.run(main())
    renew(store, mirror, 1)
    assert live.refresh()


def test_a_loop_that_ended_keeps_nobody_from_the_change(live: LiveRegister, store: RegisterStore, mirror: Mirror):
    loop = asyncio.new_event_loop()
    task = loop.create_task(live.changed())
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    renew(store, mirror, 1)
    assert live.refresh()
    assert not task.done()
    task._log_destroy_pending = False  # it is pending for ever, which is what this test is about


def test_closing_lets_go_of_everybody_and_what_is_there_goes_on_answering(store: RegisterStore, mirror: Mirror):
    async def main() -> None:
        waiting = asyncio.create_task(live.changed())
        await asyncio.sleep(0)
        await asyncio.to_thread(live.close)
        with pytest.raises(StoreError, match="was closed"):
            await waiting
        with pytest.raises(StoreError, match="was closed"):
            await live.changed()

    live = LiveRegister(store, poll_seconds=60, on_change=lambda *_: pytest.fail("told"))
    in_a_thread: list[bool] = []
    thread = threading.Thread(target=lambda: in_a_thread.append(live.wait_for_change()))
    thread.start()
    asyncio.run(main())
    thread.join(SOON)
    assert in_a_thread == [False]
    assert "sor-addressing" not in {one.name for one in threading.enumerate()}
    assert len(answers(live.current)) == 20
    renew(store, mirror, 1)
    assert live.refresh()
    live.close()


def test_one_that_nobody_has_any_more_stops_looking(store: RegisterStore):
    LiveRegister(store, poll_seconds=0.01)
    gc.collect()
    until(lambda: "sor-addressing" not in {one.name for one in threading.enumerate()})


def test_no_answer_is_of_two_days(store: RegisterStore, mirror: Mirror):
    """Threads ask all the time while the register is swapped: whatever they got hold of agrees with itself."""
    expected = {day(number): answers(build(number).build()) for number in range(6)}
    seen: list[set[object]] = [set(), set()]
    wrong: list[object] = []
    ended = threading.Event()

    def ask(mine: set[object]) -> None:
        while not ended.is_set():
            register = live.current
            if answers(register) != expected[register.snapshot_date]:
                wrong.append(register.snapshot_date)
            mine.add(register.snapshot_date)

    with LiveRegister(store, poll_seconds=0.002) as live:
        threads = [threading.Thread(target=ask, args=(mine,)) for mine in seen]
        for thread in threads:
            thread.start()
        try:
            for number in range(1, 6):
                renew(store, mirror, number)
                until(lambda number=number: all(day(number) in mine for mine in seen))
        finally:
            ended.set()
            for thread in threads:
                thread.join()
    assert wrong == []
    assert seen == [set(expected)] * 2


def test_nothing_is_told_any_more_after_closing_and_a_look_still_works(store: RegisterStore, mirror: Mirror):
    told = []
    live = LiveRegister(store, on_change=lambda *_: told.append(1))
    live.close()
    renew(store, mirror, 1)
    assert live.refresh()
    assert live.current.snapshot_date == day(1)
    assert told == []


@pytest.mark.parametrize("how", ["another register", "rubbish", "nothing"])
@pytest.mark.parametrize("by", ["refresh", "current"])
def test_one_whose_file_is_overwritten_is_opened_anew(
    live: LiveRegister, store: RegisterStore, mirror: Mirror, how: str, by: str
):
    renew(store, mirror, 1)
    live.refresh()
    before = live.current
    (path,) = (store.home / "days").glob(f"{day(1)}.*/register.compiled")
    (other,) = (store.home / "days").glob(f"{day(0)}.*/register.compiled")
    path.chmod(0o644)
    path.write_bytes({"another register": other.read_bytes(), "rubbish": b"rubbish" * 99, "nothing": b""}[how])
    with pytest.raises(SnapshotError, match="was overwritten while it was open"):
        before._index.standing._look()
    if by == "refresh":
        assert live.refresh() is True
    assert live.current is not before
    assert answers(live.current) == answers(build(0).build())  # the day before, which is whole
    assert live.last_error is None
