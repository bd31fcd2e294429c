"""Days that no extract can be of, in files, archives, servers and clocks: never taken for the day of a register, and never in the way."""

from __future__ import annotations

import datetime as dt
import io
import os
import zipfile
from pathlib import Path

import pytest
from tests.daily.made_up_days import Mirror, build, day

from sor_addressing import GuardPolicy, Register
from sor_addressing.clock import danish_today
from sor_addressing.daily.origin import Fetched, FolderOrigin
from sor_addressing.daily.outcomes import UpdateState
from sor_addressing.daily.store import RegisterStore
from sor_addressing.errors import StoreError
from sor_addressing.testing import write_complete, write_sor_entity

IMPOSSIBLE = [dt.date(2062, 1, 15), dt.date(1970, 1, 1), dt.date.max, dt.date.min]
TOMORROW = danish_today() + dt.timedelta(days=1)


def publish(mirror: Path, inside: dt.date, number: int = 0) -> None:
    written = build(number).write(mirror)
    text = written.units.read_bytes()
    written.units.write_bytes(text.replace(f"SnapshotDate>{day(number)}<".encode(), f"SnapshotDate>{inside}<".encode()))


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    folder = tmp_path / "mirror"
    folder.mkdir()
    return folder


@pytest.fixture
def store(tmp_path: Path, mirror: Path) -> RegisterStore:
    return RegisterStore(tmp_path / "home", origin=FolderOrigin(mirror), clock=lambda: day(3))


@pytest.mark.parametrize("inside", IMPOSSIBLE)
@pytest.mark.parametrize("policy", [None, GuardPolicy.accept_all()])
@pytest.mark.parametrize("accept", [False, True])
def test_an_extract_of_such_a_day_is_never_taken_and_the_next_true_one_is(
    inside: dt.date, policy: GuardPolicy | None, accept: bool, mirror: Path, tmp_path: Path
) -> None:
    store = RegisterStore(tmp_path / "home", origin=FolderOrigin(mirror), policy=policy, clock=lambda: day(3))
    publish(mirror, inside)
    first = store.update(accept=accept)
    assert (first.state, first.snapshot_date, first.held) == (UpdateState.EMPTY, None, None)
    assert [str(reason.code) for reason in first.reasons] == ["snapshot-impossible"]
    assert f"says that it is of {inside}" in first.text("en")
    assert f"siger, at det er fra {inside}" in first.text("da")
    assert store.days() == ()
    publish(mirror, day(0))
    assert store.update().state is UpdateState.RENEWED
    publish(mirror, inside, 1)
    again = store.update(accept=accept)
    assert (again.state, again.snapshot_date, again.held) == (UpdateState.KEPT_OLD, day(0), None)
    publish(mirror, day(1), 1)
    assert (store.update().state, store.latest().snapshot_date) == (UpdateState.RENEWED, day(1))


@pytest.mark.parametrize("inside", IMPOSSIBLE)
def test_without_a_store_it_is_not_taken_either(inside: dt.date, mirror: Path, store: RegisterStore) -> None:
    publish(mirror, inside)
    with pytest.raises(StoreError, match=f"the new extract says that it is of {inside}"):
        store.update_in_memory()
    old = build(0).build()
    assert store.update_in_memory(previous=old) is old
    assert store.update_in_memory(previous=old, accept=True) is old


def test_an_extract_of_tomorrow_is_taken(mirror: Path, store: RegisterStore) -> None:
    publish(mirror, TOMORROW)
    (mirror / "Edityper.csv").unlink()
    assert (store.update().state, store.latest().snapshot_date) == (UpdateState.RENEWED, TOMORROW)


def test_a_store_that_has_such_a_day_from_before_takes_the_next_true_extract(
    mirror: Path, store: RegisterStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(mirror, dt.date(2062, 1, 15))
    with monkeypatch.context() as before:
        before.setattr("sor_addressing.daily.renewal.reason_to_refuse", lambda *_: None)
        assert store.update().snapshot_date == dt.date(2062, 1, 15)
    assert not store.latest().validate(build(0).extract().units[0].sor_code, "XDIS91").deliverable
    publish(mirror, day(1), 1)
    result = store.update()
    assert (result.state, result.snapshot_date, result.reasons) == (UpdateState.RENEWED, day(1), ())


@pytest.mark.parametrize("clock", [dt.date(2090, 1, 1), dt.date(1999, 12, 31)])
def test_a_clock_that_was_given_counts_where_it_is_ahead(clock: dt.date, mirror: Path, tmp_path: Path) -> None:
    store = RegisterStore(tmp_path / "home", origin=FolderOrigin(mirror), clock=lambda: clock)
    publish(mirror, dt.date(2089, 12, 31))
    assert (store.update().state is UpdateState.RENEWED) is (clock.year == 2090)


@pytest.mark.parametrize("moment", [0, 2_900_000_000])
@pytest.mark.parametrize("units", ["Sor.xml", "SorEntity_daily.csv"])
def test_the_time_of_a_file_that_cannot_be_refuses_nothing(
    moment: int, units: str, mirror: Path, store: RegisterStore
) -> None:
    publish(mirror, day(0))
    if units != "Sor.xml":
        (mirror / "Sor.xml").unlink()
        write_sor_entity(build(0).extract(), mirror / units)
    for file in mirror.iterdir():
        os.utime(file, (moment, moment))
    result = store.update()
    told = day(0) if units == "Sor.xml" else danish_today()
    # The copy has the time at which it was made, and may be a day old by the time that this is looked at.
    assert (result.state, result.reasons) == (UpdateState.RENEWED, ())
    assert result.snapshot_date in (told, told - dt.timedelta(days=1))
    assert store.update().state is UpdateState.UNCHANGED


def test_members_of_an_archive_from_the_future_have_the_day_of_the_archive(mirror: Path, store: RegisterStore) -> None:
    target = io.BytesIO()
    write_complete(build(0).extract(), target)
    with zipfile.ZipFile(target) as told, zipfile.ZipFile(mirror / "Sor_complete.zip", "w") as written:
        for name in told.namelist():
            written.writestr(zipfile.ZipInfo(name, date_time=(2036, 2, 7, 6, 28, 16)), told.read(name))
    moment = dt.datetime(2026, 1, 16, 4, tzinfo=dt.UTC).timestamp()
    os.utime(mirror / "Sor_complete.zip", (moment, moment))
    assert store.update().snapshot_date == dt.date(2026, 1, 16)
    assert {source.origin for source in store.latest().load_report.sources} == {"file-time"}


def test_a_wrong_time_that_could_be_is_told_with_what_the_store_can_do(
    mirror: Path, store: RegisterStore, tmp_path: Path
) -> None:
    publish(mirror, day(0))
    moment = dt.datetime(2001, 1, 1, tzinfo=dt.UTC).timestamp()
    os.utime(mirror / "Edityper.csv", (moment, moment))
    refused = store.update()
    assert [str(reason.code) for reason in refused.reasons] == ["extract-refused"]
    assert "trust_times=False, or update --ignore-times" in refused.text()
    assert "max_days_apart= (update --max-days-apart)" in refused.text()
    trusting_nothing = FolderOrigin(mirror, trust_times=False)
    assert RegisterStore(tmp_path / "a", origin=trusting_nothing).update().snapshot_date == day(0)
    wide = RegisterStore(tmp_path / "b", origin=FolderOrigin(mirror), max_days_apart=20_000).update()
    assert (wide.state, wide.snapshot_date) == (UpdateState.RENEWED, dt.date(2001, 1, 1))
    assert store.update_in_memory(previous=build(0).build()).snapshot_date == day(0)


class Broken:
    """An origin with a fault that is nobody's but its programmer's."""

    def __init__(self, fault: Exception) -> None:
        self.fault = fault

    def fetch(self, folder: Path, known: object, progress: object = None) -> Fetched:
        raise self.fault


@pytest.mark.parametrize("fault", [TypeError("x"), KeyError("x"), RuntimeError("x"), AssertionError("x")])
def test_a_fault_in_the_program_is_no_reason_but_raised(fault: Exception, tmp_path: Path) -> None:
    store = RegisterStore(tmp_path / "home", origin=Broken(fault))
    for update in (store.update, store.update_in_memory):
        with pytest.raises(type(fault)):
            update()
    assert store.state().updated_at is None


def test_an_error_of_the_system_that_is_not_ours_is_no_reason_either(tmp_path: Path) -> None:
    store = RegisterStore(tmp_path / "home", origin=Broken(FileNotFoundError(2, "No such file", "x")))
    with pytest.raises(StoreError, match="No such file"):
        store.update()
    with pytest.raises(FileNotFoundError):
        store.update_in_memory()


def test_the_lock_of_the_store_is_free_while_an_extract_is_fetched(tmp_path: Path, mirror: Path) -> None:
    seen = []

    class Slow(Mirror):
        def fetch(self, folder, known, progress=None):
            other = RegisterStore(tmp_path / "home", origin=self, lock_seconds=0.05)
            if other.days():
                seen.append(other.pin(day(0)))
                other.unpin()
                if other.state().held:
                    seen.append(other.update(accept=True).snapshot_date)
            return super().fetch(folder, known, progress)

    origin = Slow(mirror)
    store = RegisterStore(tmp_path / "home", origin=origin)
    origin.publish(0)
    assert store.update().state is UpdateState.RENEWED
    origin.publish(1, units=10, locations=10)
    assert store.update().held == day(1)
    origin.publish(2)
    assert (store.update().state, store.latest().snapshot_date) == (UpdateState.RENEWED, day(2))
    assert seen == [day(0), day(0), day(1)]
    assert isinstance(store.latest(), Register)
