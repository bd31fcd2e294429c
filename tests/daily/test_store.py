"""The store day by day: what an update comes to, what is served, what is kept, and what is told."""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
from pathlib import Path

import attrs
import pytest
from tests.daily.made_up_days import Mirror, answers, build, day, out_of_reach

from sor_addressing import SnapshotError, StoreError
from sor_addressing.daily.days import REGISTER
from sor_addressing.daily.guard import GuardPolicy
from sor_addressing.daily.live import LiveRegister
from sor_addressing.daily.origin import Fetched, FolderOrigin
from sor_addressing.daily.outcomes import UpdateResult, UpdateState
from sor_addressing.daily.store import RegisterStore
from sor_addressing.index import opening as compiled
from sor_addressing.testing import write_complete, write_sor_entity


@pytest.fixture
def store(tmp_path: Path, mirror: Mirror) -> RegisterStore:
    return RegisterStore(tmp_path / "home", origin=mirror, clock=lambda: day(3))


def codes(result: UpdateResult) -> list[str]:
    return [str(reason.code) for reason in result.reasons]


def damage(store: RegisterStore, number: int, *, at: float | str | None = None) -> None:
    """Flip a byte of the compiled file of the extract with that running number: in its header, so far into it, or in a section."""
    (path,) = (store.home / "days").glob(f"*.{number}/{REGISTER}")
    data = bytearray(path.read_bytes())
    if isinstance(at, str):
        mapped, header = compiled._map(str(path))
        mapped.close()
        place = header.sections[at].offset
    else:
        place = 40 if at is None else int(len(data) * at)
    data[place] ^= 0xFF
    path.unlink()  # compiled files are read-only
    path.write_bytes(data)


# ---- What an update comes to ----


def test_the_first_update_fills_the_store(store: RegisterStore, mirror: Mirror):
    result = store.update()
    assert (result.state, result.snapshot_date, result.reasons, result.held) == (UpdateState.RENEWED, day(0), (), None)
    assert result.report is not None
    assert result.report.counts["units"] == 20
    assert result.origin == str(mirror.path)
    assert answers(store.latest()) == answers(build(0).build())
    assert store.latest().load_report.counts == result.report.counts


def test_nothing_new_is_unchanged(store: RegisterStore):
    store.update()
    result = store.update()
    assert (result.state, result.snapshot_date, result.reasons) == (UpdateState.UNCHANGED, day(0), ())
    assert len(store.days()) == 1


def test_a_new_day_is_served_from_then_on_and_what_was_open_stays_as_it_was(store: RegisterStore, mirror: Mirror):
    store.update()
    yesterday = store.latest()
    mirror.publish(1)
    assert store.update().state is UpdateState.RENEWED
    assert answers(store.latest()) == answers(build(1).build())
    assert answers(yesterday) == answers(build(0).build())


def test_the_origin_is_told_what_the_store_has(store: RegisterStore, mirror: Mirror):
    store.update()
    store.update()
    assert mirror.asked[0] == {}
    assert mirror.asked[1].keys() >= {"Sor.xml.sha256", "Edityper.csv.sha256"}


def test_the_same_files_under_another_etag_are_not_taken_again(tmp_path: Path):
    build(0).write(tmp_path / "files")

    class Forgetful:
        def fetch(self, folder, known, progress=None):
            return Fetched(tuple(sorted((tmp_path / "files").iterdir())), False, {"etag": str(len(known))}, "somewhere")

    store = RegisterStore(tmp_path / "home", origin=Forgetful())
    assert [store.update().state for _ in range(3)] == ["renewed", "unchanged", "unchanged"]
    assert len(store.days()) == 1


def test_two_extracts_of_one_day_are_both_there_and_the_later_one_counts(store: RegisterStore, mirror: Mirror):
    store.update()
    mirror.publish(0, units=21)
    assert store.update().state is UpdateState.RENEWED
    assert [stored.name for stored in store.days()] == ["2026-01-15.2", "2026-01-15.1"]
    assert len(store.latest()) == len(store.on(day(0))) == 21


def test_a_folder_tells_how_its_extract_came_in(store: RegisterStore, mirror: Mirror):
    store.update()
    (stored,) = store.days()
    assert stored.folder == store.home / "days" / "2026-01-15.1"
    assert sorted(file.name for file in stored.folder.iterdir()) == [
        "day.json",
        "load-report.json",
        "register.compiled",
    ]
    facts = json.loads((stored.folder / "day.json").read_bytes())
    assert sorted(facts["digests"]) == ["Edityper.csv", "Sor.xml"]
    assert facts["origin"] == str(mirror.path)
    assert facts["counts"] == json.loads((stored.folder / "load-report.json").read_bytes())["counts"]
    assert abs(dt.datetime.now(dt.UTC) - stored.arrived_at) < dt.timedelta(minutes=5)
    assert {entry.name for entry in store.home.iterdir()} == {
        "current",
        "days",
        "fetch.lock",
        "journal.json",
        "update.lock",
    }


def test_progress_is_told_while_fetching_and_while_reading(store: RegisterStore):
    told = []
    store.update(progress=lambda name, done, _: told.append((Path(name).name, done)))
    assert {name for name, _ in told} == {"Sor.xml", "Edityper.csv"}


# ---- What is not taken ----


def test_an_origin_out_of_reach_leaves_the_old_register_and_says_why(store: RegisterStore, mirror: Mirror):
    store.update()
    mirror.fault.append(out_of_reach())
    result = store.update()
    assert (result.state, result.snapshot_date, codes(result)) == (UpdateState.KEPT_OLD, day(0), ["origin-failed"])
    assert result.text() == (
        "The register is still that of 2026-01-15; nothing newer was taken. "
        "The new extract can't be fetched: https://mirror.example: no answer; try again later."
    )
    assert result.text("da").startswith(
        "Registret er stadig det fra 2026-01-15; noget nyere er ikke taget i brug. Det nye"
    )
    mirror.fault.clear()
    assert store.update().state is UpdateState.UNCHANGED
    assert mirror.asked[-1] != {}


def test_an_extract_that_can_not_be_read_is_refused_and_fetched_anew(tmp_path: Path):
    build(0).write(tmp_path / "files")

    class Origin:
        def fetch(self, folder, known, progress=None):
            asked.append(dict(known))
            for file in (tmp_path / "files").iterdir():
                (folder / file.name).write_bytes(file.read_bytes()[: None if good else 3000])
            return Fetched(tuple(sorted(folder.iterdir())), False, {"etag": str(good)}, "somewhere")

    asked: list[dict[str, str]] = []
    good = True
    store = RegisterStore(tmp_path / "home", origin=Origin())
    store.update()
    good = False
    result = store.update()
    assert (result.state, codes(result)) == (UpdateState.KEPT_OLD, ["extract-refused"])
    assert "Sor.xml" in result.text()
    store.update()
    assert asked == [{}, {"etag": "True"}, {"etag": "True"}]
    assert len(store.latest()) == 20


def test_an_extract_that_lost_too_much_is_held_back_and_the_state_says_so_at_every_update(
    store: RegisterStore, mirror: Mirror
):
    store.update()
    mirror.publish(1, units=18, locations=18, registrations=5)
    first = store.update()
    assert (first.state, first.snapshot_date, first.held) == (UpdateState.KEPT_OLD, day(0), day(1))
    assert codes(first) == ["units-lost", "location-numbers-lost", "registrations-lost"]
    assert first.report is not None
    assert first.report.counts["units"] == 18
    second = store.update()
    assert second == attrs.evolve(first, report=None)
    assert store.state().reasons == first.reasons
    assert first.text().endswith(
        "The extract of 2026-01-16 lies ready: where it is right, take it with update --accept (in Python update(accept=True))."
    )
    assert len(store.latest()) == 20


def test_what_is_held_back_is_taken_when_it_is_accepted_without_being_fetched_again(
    store: RegisterStore, mirror: Mirror
):
    store.update()
    mirror.publish(1, units=10)
    store.update()
    mirror.fault.append(out_of_reach())
    result = store.update(accept=True)
    assert (result.state, result.snapshot_date, result.reasons, result.held) == (UpdateState.RENEWED, day(1), (), None)
    assert len(store.latest()) == 10
    assert [str(reason.code) for reason in store.days()[0].reasons] == ["units-lost", "location-numbers-lost"]
    mirror.fault.clear()
    assert store.update().state is UpdateState.UNCHANGED


def test_accept_takes_what_would_be_held_back_at_once(store: RegisterStore, mirror: Mirror):
    store.update()
    mirror.publish(1, units=10)
    assert store.update(accept=True).state is UpdateState.RENEWED
    assert len(store.latest()) == 10


def test_a_wider_policy_takes_what_a_narrower_one_held_back(store: RegisterStore, mirror: Mirror):
    store.update()
    mirror.publish(1, units=10)
    store.update()
    wide = RegisterStore(store.home, origin=mirror, policy=GuardPolicy(max_unit_loss=0.5, max_location_loss=0.5))
    assert wide.update().state is UpdateState.RENEWED


def test_a_good_extract_after_a_held_one_is_taken_and_the_held_one_is_forgotten(store: RegisterStore, mirror: Mirror):
    store.update()
    mirror.publish(1, units=10)
    store.update()
    mirror.publish(2)
    result = store.update()
    assert (result.state, result.held, result.reasons) == (UpdateState.RENEWED, None, ())
    assert list((store.home / "held").iterdir()) == []


def test_a_publisher_that_takes_its_bad_extract_back_ends_the_holding(store: RegisterStore, mirror: Mirror):
    store.update()
    mirror.publish(1, units=10)
    store.update()
    mirror.publish(0)
    result = store.update()
    assert (result.state, result.held, result.reasons) == (UpdateState.UNCHANGED, None, ())


def test_an_extract_of_an_earlier_day_is_held_back(store: RegisterStore, mirror: Mirror):
    mirror.publish(1)
    store.update()
    mirror.publish(0)
    result = store.update()
    assert (result.state, result.snapshot_date, codes(result)) == (UpdateState.KEPT_OLD, day(1), ["older-snapshot"])
    assert store.update(accept=True).snapshot_date == day(0)
    assert store.latest().snapshot_date == day(0)


def test_an_extract_without_message_types_is_held_back_where_yesterday_had_them(store: RegisterStore, mirror: Mirror):
    store.update()
    mirror.publish(1, message_types=False)
    result = store.update()
    assert (result.state, codes(result)) == (UpdateState.KEPT_OLD, ["message-types-missing"])
    assert store.latest().has_message_types


def test_a_store_without_anything_and_an_origin_out_of_reach_is_empty(store: RegisterStore, mirror: Mirror):
    mirror.fault.append(out_of_reach())
    result = store.update()
    assert (result.state, result.snapshot_date, codes(result)) == (UpdateState.EMPTY, None, ["origin-failed"])
    assert store.state().state is UpdateState.EMPTY
    assert store.state().to_dict()["snapshot_date"] is None
    with pytest.raises(StoreError, match=r"the store has no register yet; fetch one with  sor-addressing update"):
        store.latest()


def test_an_origin_that_has_nothing_new_for_an_empty_store_is_no_success(tmp_path: Path):
    class Origin:
        def fetch(self, folder, known, progress=None):
            return Fetched((), True, {}, "somewhere")

    result = RegisterStore(tmp_path, origin=Origin()).update()
    assert (result.state, codes(result)) == (UpdateState.EMPTY, ["origin-failed"])


# ---- Damage ----


@pytest.mark.parametrize("at", [None, 0.5, 0.999])
def test_a_damaged_newest_register_is_replaced_by_an_older_one_and_then_fetched_again(
    store: RegisterStore, mirror: Mirror, at: float | None
):
    store.update()
    mirror.publish(1)
    store.update()
    damage(store, 2, at=at)
    mirror.fault.append(out_of_reach())
    result = store.update()
    assert (result.state, result.snapshot_date) == (UpdateState.RESTORED, day(0))
    assert codes(result) == ["day-damaged", "origin-failed"]
    assert result.text().startswith("The register of 2026-01-15 was put back. The register of 2026-01-16 is damaged")
    assert answers(store.latest()) == answers(build(0).build())
    assert store.state().state is UpdateState.RESTORED
    mirror.fault.clear()
    result = store.update()
    assert (result.state, result.snapshot_date) == (UpdateState.RENEWED, day(1))
    assert mirror.asked[-1] == {}
    assert [stored.name for stored in store.days()] == ["2026-01-16.3", "2026-01-15.1"]
    assert not (store.home / "days" / "2026-01-16.2").exists()


def test_a_reader_falls_back_by_itself_and_says_so_once(
    store: RegisterStore, mirror: Mirror, caplog: pytest.LogCaptureFixture
):
    store.update()
    mirror.publish(1)
    store.update()
    damage(store, 2)
    with caplog.at_level(logging.WARNING):
        assert [store.latest().snapshot_date for _ in range(3)] == [day(0)] * 3
    assert len(caplog.records) == 1
    assert "an update puts that right" in caplog.text
    state = store.state()
    assert (state.state, state.snapshot_date, state.age_days) == (UpdateState.RESTORED, day(0), 3)


def test_damage_deep_in_the_file_is_found_at_once_where_that_is_asked_for(store: RegisterStore, mirror: Mirror):
    store.update()
    mirror.publish(1)
    store.update()
    damage(store, 2, at="unit_quiet_from")
    assert store.latest(verify=True).snapshot_date == day(0)
    assert store.latest().snapshot_date == day(1)
    with pytest.raises(SnapshotError, match="damaged"):
        answers(store.latest())


def test_a_folder_that_somebody_deleted_is_like_a_damaged_one(store: RegisterStore, mirror: Mirror):
    store.update()
    mirror.publish(1)
    store.update()
    (folder,) = (store.home / "days").glob("*.2")
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    assert store.latest().snapshot_date == day(0)
    mirror.fault.append(out_of_reach())
    result = store.update()
    assert (result.state, codes(result)) == (UpdateState.RESTORED, ["day-damaged", "origin-failed"])


def test_where_every_register_is_damaged_the_update_fetches_again(store: RegisterStore):
    store.update()
    damage(store, 1)
    with pytest.raises(StoreError, match="no register that this version of the library can open; fetch one"):
        store.latest()
    assert store.state().state is UpdateState.EMPTY
    result = store.update()
    assert (result.state, result.snapshot_date, codes(result)) == (UpdateState.RENEWED, day(0), ["day-damaged"])
    assert store.latest().snapshot_date == day(0)


def test_a_damaged_register_still_says_how_much_the_next_one_must_have(store: RegisterStore, mirror: Mirror):
    store.update()
    damage(store, 1)
    mirror.publish(1, units=10)
    result = store.update()
    assert (result.state, result.held) == (UpdateState.EMPTY, day(1))
    assert codes(result) == ["day-damaged", "units-lost", "location-numbers-lost"]


def test_a_held_extract_that_got_damaged_is_fetched_again(store: RegisterStore, mirror: Mirror):
    store.update()
    mirror.publish(1, units=10)
    store.update()
    (path,) = (store.home / "held").glob(f"*/{REGISTER}")
    data = path.read_bytes()[:-8]
    path.unlink()  # compiled files are read-only
    path.write_bytes(data)
    assert store.update(accept=True).state is UpdateState.RENEWED
    assert mirror.asked[-1] == {}
    assert len(store.latest()) == 10


@pytest.mark.parametrize("number", ["999999999", "1e999", "-1", "true", "9" * 5_000, "[" * 100_000])
def test_a_number_that_no_extract_has_is_not_counted_on_from(store: RegisterStore, mirror: Mirror, number: str):
    store.update()
    path = store.home / "journal.json"
    path.write_text(path.read_text().replace('"extracts": 1', f'"extracts": {number}'))
    mirror.publish(1)
    assert store.update().snapshot_date == day(1)
    assert store.pointer() == "2026-01-16.2"
    (folder,) = (store.home / "days").glob("2026-01-15.1")
    facts = (folder / "day.json").read_text()
    (folder / "day.json").write_text(facts.replace('"layout": ', f'"layout": {number} //'))
    assert [stored.name for stored in store.days()] == ["2026-01-16.2"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"updates": "many"}', "null", "\xff"])
def test_a_journal_or_pointer_that_makes_no_sense_costs_nothing_but_a_download(store: RegisterStore, text: str):
    store.update()
    (store.home / "journal.json").write_text(text, "latin-1")
    (store.home / "current").write_text(text, "latin-1")
    assert store.latest().snapshot_date == day(0)
    assert store.state().state is UpdateState.RENEWED
    assert store.update().snapshot_date == day(0)
    assert store.pointer() == "2026-01-15.1"
    assert len(store.days()) == 1


def test_a_compiled_register_of_another_layout_is_left_alone_and_not_used(store: RegisterStore, mirror: Mirror):
    store.update()
    (folder,) = (store.home / "days").iterdir()
    facts = json.loads((folder / "day.json").read_bytes())
    (folder / "day.json").write_text(json.dumps({**facts, "layout": 0}))
    damage(store, 1)
    result = store.update()
    assert (result.state, codes(result)) == (UpdateState.RENEWED, [])
    assert [stored.name for stored in store.days()] == ["2026-01-15.2"]
    assert len(store.latest()) == 20


# ---- Days ----


def days_in(store: RegisterStore) -> list[int]:
    return sorted((stored.snapshot_date - day(0)).days for stored in store.days())


def test_a_day_is_asked_as_it_was_known_then(store: RegisterStore, mirror: Mirror):
    for number in (0, 2):
        mirror.publish(number)
        store.update()
    assert [store.on(day(number)).snapshot_date for number in (0, 1, 2, 9)] == [day(0), day(0), day(2), day(2)]
    with pytest.raises(
        StoreError, match=r"no register of 2026-01-14 or before, the oldest is of 2026-01-15; keep_days="
    ):
        store.on(day(-1))


def test_an_empty_store_has_no_day(store: RegisterStore):
    assert store.days() == ()
    with pytest.raises(StoreError, match="no register of 2026-01-15 or before, it is empty"):
        store.on(day(0))


def test_a_damaged_day_that_is_asked_for_is_not_replaced_by_another(store: RegisterStore, mirror: Mirror):
    for number in (0, 1):
        mirror.publish(number)
        store.update()
    damage(store, 1)
    with pytest.raises(StoreError, match=r"damaged.*; ask for another day"):
        store.on(day(0))


def test_days_are_thrown_away_when_they_are_old(tmp_path: Path, mirror: Mirror):
    store = RegisterStore(tmp_path / "home", origin=mirror, keep_days=3)
    kept = []
    for number in (0, 1, 2, 3, 10, 11):
        mirror.publish(number)
        store.update()
        kept.append(days_in(store))
    # The one before the current stays whatever its age: it is what there is to go back to.
    assert kept == [[0], [0, 1], [0, 1, 2], [1, 2, 3], [3, 10], [10, 11]]


def test_of_one_day_the_last_extract_stays_and_the_one_to_go_back_to(tmp_path: Path, mirror: Mirror):
    store = RegisterStore(tmp_path / "home", origin=mirror)
    for units in (20, 21, 22, 23):
        mirror.publish(0, units=units)
        store.update()
    assert [stored.counts["units"] for stored in store.days()] == [23, 22]


def test_a_pinned_day_is_served_and_stays_until_it_is_unpinned(tmp_path: Path, mirror: Mirror):
    store = RegisterStore(tmp_path / "home", origin=mirror, keep_days=2)
    store.update()
    assert store.pin(day(5)) == day(0)
    for number in (1, 2, 3, 4):
        mirror.publish(number)
        assert store.update().snapshot_date == day(number)
    assert days_in(store) == [0, 3, 4]
    assert store.latest().snapshot_date == store.state().pinned == store.state().snapshot_date == day(0)
    store.unpin()
    assert store.latest().snapshot_date == day(4)
    assert store.state().pinned is None
    mirror.publish(5)
    store.update()
    assert days_in(store) == [4, 5]


@pytest.mark.parametrize(
    "damage", [b"", b"\n", b"2026-01-", b"2026-13-45.1\n", b"2026-02-30.1", b"\xff\xfe\0", b"../../elsewhere\n"]
)
def test_a_pin_that_can_t_be_read_is_no_reason_to_serve_another_day(tmp_path: Path, mirror: Mirror, damage: bytes):
    store = RegisterStore(tmp_path / "home", origin=mirror, keep_days=1)
    store.update()
    store.pin(day(0))
    live = LiveRegister(store)
    (store.home / "pinned").write_bytes(damage)
    mirror.publish(1)
    assert store.update().state is UpdateState.RENEWED  # updates go on, and throw nothing away that may be meant
    with pytest.raises(StoreError, match=r"pinned: the store is pinned, and this file does not say to which day"):
        store.latest()
    state = store.state()
    assert (state.snapshot_date, state.pinned) == (None, None)
    assert [reason.code for reason in state.reasons] == ["pin-unreadable"]
    assert not live.refresh()
    assert live.current.snapshot_date == day(0)
    assert "does not say to which day" in str(live.last_error)
    for number in range(2, 5):
        mirror.publish(number)
        store.update()
    assert day(0) in {one.snapshot_date for one in store.days()}
    assert store.pin(day(0)) == store.latest().snapshot_date == day(0)
    store.unpin()
    assert store.latest().snapshot_date == day(4)


def test_a_pinned_day_that_is_damaged_is_not_replaced_by_another(store: RegisterStore, mirror: Mirror):
    store.update()
    store.pin(day(0))
    mirror.publish(1)
    store.update()
    damage(store, 1)
    with pytest.raises(StoreError, match=r"damaged.*; the store is pinned to it: unpin it, or pin another day"):
        store.latest()
    assert [str(reason.code) for reason in store.state().reasons] == ["day-damaged"]
    store.unpin()
    assert store.latest().snapshot_date == day(1)


def test_a_store_keeps_at_least_the_current_day(tmp_path: Path):
    with pytest.raises(ValueError, match="keep_days is 0"):
        RegisterStore(tmp_path, keep_days=0)


# ---- Where it is, and what it tells ----


def test_the_home_is_the_one_given_else_the_environments_else_the_users(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SOR_ADDRESSING_HOME", str(tmp_path / "environment"))
    assert RegisterStore(tmp_path / "given").home == tmp_path / "given"
    assert RegisterStore().home == tmp_path / "environment"
    monkeypatch.delenv("SOR_ADDRESSING_HOME")
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: tmp_path / "user")
    assert RegisterStore().home == tmp_path / "user"


def test_a_home_does_not_move_with_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    store = RegisterStore("here")
    monkeypatch.chdir(tmp_path.parent)
    assert store.home == tmp_path / "here"


def test_a_user_without_a_home_is_told_what_to_do(mirror: Mirror, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("SOR_ADDRESSING_HOME", raising=False)
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: Path("~") / ".local")
    store = RegisterStore(origin=mirror)
    for ask in (store.update, store.latest, store.state, store.days):
        with pytest.raises(StoreError, match="set SOR_ADDRESSING_HOME or pass home=, or use update_in_memory"):
            ask()
    assert len(store.update_in_memory()) == 20


def test_the_state_tells_where_how_old_how_much_and_how_the_last_update_ended(store: RegisterStore, mirror: Mirror):
    store.update()
    mirror.publish(1)
    store.update()
    state = store.state()
    assert (state.home, state.state, state.snapshot_date, state.age_days) == (store.home, "renewed", day(1), 2)
    assert state.counts == store.latest().load_report.counts
    assert state.days == (day(0), day(1))
    assert (state.pinned, state.held, state.reasons, state.origin) == (None, None, (), str(mirror.path))
    assert state.updated_at is not None
    assert state.arrived_at is not None
    assert state.text() == "The register was renewed and is now that of 2026-01-16."
    assert json.loads(json.dumps(state.to_dict()))["days"] == ["2026-01-15", "2026-01-16"]


def test_the_result_can_be_written_down(store: RegisterStore):
    assert json.loads(json.dumps(store.update().to_dict())) | {"counts": None, "origin": ""} == {
        "state": "renewed",
        "snapshot_date": "2026-01-15",
        "reasons": [],
        "held": None,
        "counts": None,
        "origin": "",
        "text": "The register was renewed and is now that of 2026-01-15.",
    }


def test_what_was_not_taken_is_logged_at_every_update(
    store: RegisterStore, mirror: Mirror, caplog: pytest.LogCaptureFixture
):
    store.update()
    mirror.publish(1, units=10)
    with caplog.at_level(logging.WARNING):
        store.update()
        store.update()
    assert len(caplog.records) == 2
    assert all("update --accept" in record.getMessage() for record in caplog.records)


# ---- In memory ----


def test_a_register_in_memory_leaves_no_trace(store: RegisterStore):
    register = store.update_in_memory()
    assert answers(register) == answers(build(0).build())
    assert register.age_days == 3
    assert not store.home.exists()


def test_a_register_in_memory_falls_back_to_the_store_and_to_the_one_before(store: RegisterStore, mirror: Mirror):
    mirror.fault.append(out_of_reach())
    with pytest.raises(StoreError, match=r"neither in a store nor from its origin: https://mirror\.example: no answer"):
        store.update_in_memory()
    given = build(5).build()
    assert store.update_in_memory(previous=given) is given
    mirror.fault.clear()
    store.update()
    mirror.fault.append(out_of_reach())
    assert store.update_in_memory().snapshot_date == day(0)


def test_a_register_in_memory_is_guarded_too(store: RegisterStore, mirror: Mirror, caplog: pytest.LogCaptureFixture):
    before = store.update_in_memory()
    mirror.publish(1, units=10)
    assert store.update_in_memory(previous=before) is before
    assert "has lost 10 of 20 units" in caplog.text
    assert len(store.update_in_memory(previous=before, accept=True)) == 10


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="nothing is read-only to this user")
def test_a_folder_that_can_not_be_written_is_read_all_the_same(store: RegisterStore):
    store.update()
    for folder in (store.home / "days", store.home):
        folder.chmod(0o555)
    try:
        assert store.latest().snapshot_date == day(0)
        with pytest.raises(
            StoreError, match=r"can't be written \(Permission denied\)\. Set SOR_ADDRESSING_HOME or pass home="
        ):
            store.update()
    finally:
        for folder in (store.home, store.home / "days"):
            folder.chmod(0o755)


def test_a_file_where_the_home_should_be_is_an_error_that_names_it(tmp_path: Path, mirror: Mirror):
    (tmp_path / "file").write_text("in the way")
    store = RegisterStore(tmp_path / "file", origin=mirror)
    for ask in (store.update, store.latest, lambda: RegisterStore(tmp_path / "file" / "below", origin=mirror).update()):
        with pytest.raises(StoreError, match="file"):
            ask()


def test_tables_with_other_headers_are_read_by_the_map_of_the_store(tmp_path: Path):
    build(0).write(tmp_path / "files", header={"location_number": "Nummer", "message_type": "Hvad"})
    columns = {"location_number": "Nummer", "message_type": "Hvad"}
    store = RegisterStore(tmp_path / "home", origin=FolderOrigin(tmp_path / "files", columns=columns), columns=columns)
    assert store.update().state is UpdateState.RENEWED
    assert answers(store.latest()) == answers(build(0).build())
    assert answers(store.update_in_memory()) == answers(build(0).build())


@pytest.mark.parametrize("unpacked", [False, True])
@pytest.mark.parametrize("with_the_daily_file", [False, True])
def test_a_folder_with_the_complete_set_is_an_extract(tmp_path: Path, unpacked: bool, with_the_daily_file: bool):
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    if with_the_daily_file:
        write_sor_entity(build(0).extract(), mirror / "SorEntity_daily.csv")
    write_complete(build(0).extract(), mirror if unpacked else mirror / "Sor_complete.zip")
    store = RegisterStore(tmp_path / "home", origin=FolderOrigin(mirror))
    assert store.update().state is UpdateState.RENEWED
    assert len(store.latest()) == 20
    assert store.latest().has_message_types
    assert store.update().state is UpdateState.UNCHANGED
