"""What a store survives: kill -9, full and read-only disks, two updates at once, clocks set back, an origin that is gone for days."""

from __future__ import annotations

import datetime as dt
import errno
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from tests.daily.failing_disk import FailingDisk
from tests.daily.made_up_days import Mirror, answers, build, day, out_of_reach

from sor_addressing import StoreError
from sor_addressing.daily import lock
from sor_addressing.daily.live import LiveRegister
from sor_addressing.daily.outcomes import UpdateState
from sor_addressing.daily.store import RegisterStore

HERE = Path(__file__).parent
KILLS = 50
TIDY = {"current", "days", "download", "fetch.lock", "held", "journal.json", "update.lock"}

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system can't fork")


@pytest.fixture
def store(tmp_path: Path, mirror: Mirror) -> RegisterStore:
    store = RegisterStore(tmp_path / "home", origin=mirror)
    store.update()
    return store


def start(program: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


# ---- Killed ----


def kill_updates(folder: Path, how: str) -> dict[str, object]:
    command = [sys.executable, str(HERE / "killed_updates.py"), str(folder), how, str(KILLS)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


@needs_fork
def test_an_update_that_is_killed_at_a_random_moment_leaves_a_good_register(tmp_path: Path):
    seen = kill_updates(tmp_path, "random")
    assert (seen["killed"], seen["wrong"], seen["newest_at_last"]) == (KILLS, [], True)
    assert set(seen["home"]) <= TIDY


@needs_fork
def test_an_update_that_is_killed_before_any_of_its_changes_to_the_disk_leaves_a_good_register(tmp_path: Path):
    seen = kill_updates(tmp_path, "each")
    assert (seen["wrong"], seen["newest_at_last"]) == ([], True)
    assert set(seen["home"]) <= TIDY
    assert seen["killed"] > seen["left_over"] > 5
    assert seen["killed"] > seen["new_after_kill"] > 2


@pytest.mark.national
def test_a_program_that_is_killed_at_any_moment_leaves_a_good_register(store: RegisterStore, mirror: Mirror):
    program = (
        "import sys; from tests.daily.made_up_days import *; from sor_addressing.daily.store import RegisterStore\n"
    )
    program += "RegisterStore(sys.argv[1], origin=Mirror(Path(sys.argv[2]))).update()"
    chance = random.Random(1)  # noqa: S311  # moments, no secrets
    last = 0
    for number in range(1, KILLS + 1):
        mirror.publish(number)
        with start(program, store.home, mirror.path) as process:
            time.sleep(chance.uniform(0, 0.3) + chance.choice((0, 0.3)))
            process.kill()
        register = store.latest()
        assert day(last) <= register.snapshot_date <= day(number)
        last = (register.snapshot_date - day(0)).days
        assert answers(register) == answers(build(last).build())
    assert store.update().snapshot_date == day(KILLS)


# ---- Two at once ----

UPDATE_ON_A_SIGN = """
import sys, time
from tests.daily.made_up_days import *
from sor_addressing.daily.store import RegisterStore

class Slow(Mirror):
    def fetch(self, folder, known, progress=None):
        fetched = super().fetch(folder, known, progress)
        time.sleep(0.5)
        with open(sys.argv[3], "a") as log:
            log.write(f"{len(fetched.files)}\\n")
        return fetched

store = RegisterStore(sys.argv[1], origin=Slow(Path(sys.argv[2])))
print("ready", flush=True)
sys.stdin.readline()
print(store.update().state, flush=True)
"""


def test_two_processes_that_update_at_once_end_well_and_one_downloads(
    store: RegisterStore, mirror: Mirror, tmp_path: Path
):
    mirror.publish(1)
    log = tmp_path / "log"
    processes = [start(UPDATE_ON_A_SIGN, store.home, mirror.path, log) for _ in range(2)]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    ended = [process.communicate(timeout=60) for process in processes]
    assert sorted(out.strip() for out, _ in ended) == ["renewed", "unchanged"], ended
    assert log.read_text() == "2\n"
    assert answers(store.latest()) == answers(build(1).build())
    assert [stored.snapshot_date for stored in store.days()] == [day(1), day(0)]


def test_threads_that_update_at_once_end_well_and_one_downloads(store: RegisterStore, mirror: Mirror):
    mirror.publish(1)
    mirror.asked.clear()
    together = threading.Barrier(4)
    # Each reads how many updates there were before it waits for the lock, so the first may only begin when all have.
    states: list[UpdateState] = []

    def update() -> None:
        together.wait()
        states.append(store.update().state)

    with lock.exclusive(store.home / "update.lock", seconds=1):
        threads = [threading.Thread(target=update) for _ in range(4)]
        for thread in threads:
            thread.start()
        time.sleep(0.2)
    for thread in threads:
        thread.join()
    assert sorted(states) == ["renewed", "unchanged", "unchanged", "unchanged"]
    assert len(mirror.asked) == 1


def test_one_who_waited_for_an_update_that_kept_the_old_is_told_why(store: RegisterStore, mirror: Mirror):
    mirror.publish(1, units=10)
    results = []

    def update() -> None:
        results.append(store.update())

    with lock.exclusive(store.home / "update.lock", seconds=1):
        threads = [threading.Thread(target=update) for _ in range(2)]
        for thread in threads:
            thread.start()
        time.sleep(0.2)
    for thread in threads:
        thread.join()
    told = [(result.state, result.snapshot_date, result.held, [r.code for r in result.reasons]) for result in results]
    assert told == [("kept-old", day(0), day(1), ["units-lost", "location-numbers-lost"])] * 2


def test_an_update_that_does_not_end_is_named_by_the_one_that_waited(tmp_path: Path, mirror: Mirror):
    store = RegisterStore(tmp_path / "home", origin=mirror, lock_seconds=0.05)
    store.update()
    with (
        lock.exclusive(store.home / "update.lock", seconds=1),
        pytest.raises(
            StoreError, match=rf"has not ended for 0.05 seconds \(process {os.getpid()} since .*\); try again"
        ),
    ):
        store.update()
    assert store.update().state is UpdateState.UNCHANGED


HOLD = """
import sys
from pathlib import Path
from sor_addressing.daily.lock import exclusive
with exclusive(Path(sys.argv[1]), seconds=1):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_a_process_that_is_killed_holds_the_lock_no_longer(store: RegisterStore):
    with start(HOLD, store.home / "update.lock") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        process.kill()
        process.wait()
        assert store.update().state is UpdateState.UNCHANGED


def test_on_a_disk_without_locks_updates_go_on_and_nobody_cleans_up_after_others(
    store: RegisterStore, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
):
    def no_locks(_descriptor: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    somebody_elses = store.home / ".2026-01-16.2.4711.aaaaaaaa.tmp"
    somebody_elses.mkdir()
    mirror.publish(1)
    with monkeypatch.context() as patch:
        patch.setattr(lock, "_take", no_locks)
        assert store.update().state is UpdateState.RENEWED
    assert somebody_elses.exists()
    assert store.update().state is UpdateState.UNCHANGED
    assert not somebody_elses.exists()


# ---- Disks ----


def failing(patch: pytest.MonkeyPatch, code: int) -> FailingDisk:
    def fail() -> None:
        raise OSError(code, os.strerror(code))

    return FailingDisk(fail, patch.setattr)


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        (errno.ENOSPC, "no room|No space left"),
        (errno.EROFS, r"Set SOR_ADDRESSING_HOME or pass home=.*update_in_memory|Read-only file system"),
    ],
    ids=["full", "read-only"],
)
def test_a_disk_that_fails_at_any_write_leaves_a_good_register_and_an_error_that_says_what_to_do(
    store: RegisterStore, mirror: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, remedy: str
):
    mirror.publish(1)
    good = {day(number): answers(build(number).build()) for number in (0, 1)}
    disk = failing(monkeypatch, code)
    writes, after = 0, []
    while True:
        disk.repair()
        copy = RegisterStore(tmp_path / f"copy-{writes}", origin=mirror)
        shutil.copytree(store.home, copy.home)
        disk.left, disk.failed = writes, 0
        try:
            result = copy.update()
        except StoreError as error:
            assert disk.failed
            text = str(error)
            assert re.search(remedy, text), text
        else:
            assert not disk.failed, writes
            assert result.state is UpdateState.RENEWED
            break
        disk.repair()
        register = copy.latest(verify=True)
        assert answers(register) == good[register.snapshot_date]
        after.append(register.snapshot_date)
        assert copy.update().snapshot_date == day(1)
        assert answers(copy.latest()) == good[day(1)]
        assert {entry.name for entry in copy.home.iterdir()} <= TIDY
        writes += 1
    assert writes > 15
    assert after == sorted(after)
    assert set(after) == {day(0), day(1)}


def test_a_full_disk_is_no_reason_to_have_no_register(
    store: RegisterStore, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
):
    mirror.publish(1)
    with monkeypatch.context() as patch:
        failing(patch, errno.ENOSPC).left = 0
        with pytest.raises(StoreError, match="no room for the register"):
            store.update()
    assert store.update_in_memory().snapshot_date == day(1)
    assert store.latest().snapshot_date == day(0)


def test_a_disk_that_is_read_only_says_how_to_go_on(tmp_path: Path, mirror: Mirror, monkeypatch: pytest.MonkeyPatch):
    store = RegisterStore(tmp_path / "home", origin=mirror)
    failing(monkeypatch, errno.EROFS).left = 0
    with pytest.raises(StoreError) as caught:
        store.update()
    assert str(caught.value) == (
        f"{store.home}: the store can't be written (Read-only file system). Set SOR_ADDRESSING_HOME or pass home= with a "
        "folder that this user may write to, or use update_in_memory()"
    )


# ---- Time ----


def test_a_clock_that_is_set_back_throws_nothing_away_and_keeps_nothing_out(tmp_path: Path, mirror: Mirror):
    today = [day(0)]
    store = RegisterStore(tmp_path / "home", origin=mirror, keep_days=3, clock=lambda: today[0])
    for number in (0, 1):
        mirror.publish(number)
        today[0] = day(number)
        store.update()
    today[0] = dt.date(1999, 12, 31)
    mirror.publish(2)
    assert store.update().state is UpdateState.RENEWED
    assert store.update().state is UpdateState.UNCHANGED
    assert [stored.snapshot_date for stored in store.days()] == [day(2), day(1), day(0)]
    assert store.latest().snapshot_date == day(2)
    assert store.state().age_days == (dt.date(1999, 12, 31) - day(2)).days
    today[0] = dt.date(2099, 1, 1)
    mirror.publish(3)
    assert store.update().state is UpdateState.RENEWED
    assert [stored.snapshot_date for stored in store.days()] == [day(3), day(2), day(1)]


def test_while_the_origin_is_gone_for_days_the_old_register_answers_and_grows_old(tmp_path: Path, mirror: Mirror):
    today = [day(0)]
    store = RegisterStore(tmp_path / "home", origin=mirror, keep_days=2, clock=lambda: today[0])
    store.update()
    with LiveRegister(store) as live:
        mirror.fault.append(out_of_reach())
        ages = []
        for number in range(1, 21):
            today[0] = day(number)
            result = store.update()
            live.refresh()
            assert (result.state, result.snapshot_date) == (UpdateState.KEPT_OLD, day(0))
            assert [reason.code for reason in store.state().reasons] == ["origin-failed"]
            ages.append((live.age_days, store.state().age_days))
        assert ages == [(number, number) for number in range(1, 21)]
        assert answers(live.current) == answers(build(0).build())
        mirror.fault.clear()
        mirror.publish(20)
        assert store.update().state is UpdateState.RENEWED
        assert live.refresh()
        assert live.age_days == 0


def test_a_folder_that_is_gone_is_an_origin_that_is_gone(store: RegisterStore, mirror: Mirror, tmp_path: Path):
    mirror.path.rename(tmp_path / "unmounted")
    result = store.update()
    assert (result.state, [str(reason.code) for reason in result.reasons]) == (UpdateState.KEPT_OLD, ["origin-failed"])
    (tmp_path / "unmounted").rename(mirror.path)
    assert store.update().state is UpdateState.UNCHANGED


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no such signal")
def test_a_download_that_was_broken_off_by_a_kill_is_not_in_the_way(store: RegisterStore, mirror: Mirror):
    (store.home / "download").mkdir()
    (store.home / "download" / "Sor.xml").write_text("<half")
    mirror.publish(1)
    assert store.update().state is UpdateState.RENEWED
    assert not (store.home / "download").exists()
