from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from sor_addressing import LiveRegister, Register, compare
from sor_addressing.errors import SnapshotError, StoreError
from sor_addressing.testing import (
    MadeUpDays,
    RegisterBuilder,
    SorClock,
    assert_deliverable,
    assert_not_deliverable,
    cached_nation,
    made_up_nation,
    numbers,
    register_from_files,
    sample_extract,
    write_message_types,
    write_sor_entity,
    write_sor_xml,
)

FIRST = dt.date(2026, 1, 15)


class TestClock:
    def test_it_tells_the_day_that_it_is_set_to(self) -> None:
        clock = SorClock()
        assert (clock(), clock.set("2026-02-01"), clock.advance(), clock.advance(-2)) == (
            FIRST, dt.date(2026, 2, 1), dt.date(2026, 2, 2), dt.date(2026, 1, 31),
        )  # fmt: skip
        assert repr(clock) == "SorClock('2026-01-31')"

    def test_another_day_inside_a_with_and_then_the_one_from_before(self) -> None:
        clock = SorClock(FIRST)
        with clock.at("2030-01-01") as day:
            assert clock() == day == dt.date(2030, 1, 1)
        assert clock() == FIRST
        with pytest.raises(LookupError), clock.at("2030-01-01"):
            {}["a test that fails inside"]
        assert clock() == FIRST

    def test_a_register_goes_by_the_clock_that_it_is_given_and_the_other_by_its_own(self) -> None:
        sample, clock = Register.sample(), SorClock()
        register = clock.given_to(sample)
        clock.advance(20)
        assert (sample.age_days, register.age_days) == (0, 20)
        assert register.load_report is sample.load_report
        assert_not_deliverable(register, "990001", "DIS91", reason="register-stale")


class TestDays:
    def test_each_day_is_the_one_before_with_its_edits_and_the_first_stays(self) -> None:
        sample = sample_extract()
        days = MadeUpDays(sample)
        days.next_day().close("Klinikken Kun XML", replaced_by="Klinikken Kun FHIR")
        days.next_day(3).rename("Aftenvagt", "Aftenvagten").withdraws("Klinikken Kun FHIR", "FDIS91 5.0")
        assert [register.snapshot_date.isoformat() for register in days] == ["2026-01-15", "2026-01-16", "2026-01-19"]
        assert sample.unit("Klinikken Kun XML").to_date is None
        first, second, third = days
        assert_deliverable(first, "990005", "XDIS91")
        assert_not_deliverable(second, "990005", "XDIS91", reason="unit-closed")
        assert {str(change.kind) for change in compare(first, second)} == {"closed", "replaced"}
        assert_deliverable(second, "990006", "FDIS91")
        assert_not_deliverable(third, "990006", "FDIS91", reason="unsupported")
        assert [unit.name for unit in third if unit.name.startswith("Aftenvagt")] == ["Aftenvagten"]
        assert [len(one) for one in days[1:]] == [len(sample)] * 2

    def test_a_unit_moves_with_all_below_it_and_the_files_of_the_day_still_nest(self) -> None:
        days = MadeUpDays()
        tomorrow = days.next_day().move("Hjerteafdelingen", "Røntgenafdelingen")
        register = register_from_files(tomorrow, write_sor_xml, write_message_types)
        ward = next(unit for unit in register if unit.name == "Ambulatoriet Nedarvet")
        assert [unit.name for unit in ward.ancestors][:3] == [
            "Hjertemedicinsk Sengeafsnit", "Hjerteafdelingen", "Røntgenafdelingen",
        ]  # fmt: skip
        with pytest.raises(ValueError, match="in a circle"):
            days.next_day().move("Hjerteafdelingen", "Ambulatoriet Nedarvet")

    def test_numbers_units_and_registrations_come_and_go(self) -> None:
        builder = RegisterBuilder(first_number=50)
        owner = builder.owner("Huset", location_number=True)
        builder.registers(owner, "DIS91", receive=True)
        days = MadeUpDays(builder)
        other = RegisterBuilder(first_number=70)
        other.owner("Nabohuset", location_number=True)
        number = numbers.location_number(90)
        days.next_day().give_number("Huset", number).add(*other.extract().units).registers(
            "Nabohuset", "REF01", send=True
        )
        days.next_day().withdraws("Nabohuset").remove("Nabohuset")
        first, second, third = days.extracts
        assert [one.unit(owner).location.number == number for one in days.extracts] == [False, True, True]
        assert [[unit.name for unit in one] for one in (first, second, third)] == [
            ["Huset"],
            ["Huset", "Nabohuset"],
            ["Huset"],
        ]
        assert [[one.message_type for one in day.registrations] for day in days.extracts] == [
            ["DIS91"],
            ["DIS91", "REF01"],
            ["DIS91"],
        ]
        with pytest.raises(LookupError, match="'XDIS91' is not registered on"):
            days.next_day().withdraws(first.unit("Huset").location.number, "XDIS91")

    def test_the_next_day_comes_after_the_last(self) -> None:
        with pytest.raises(ValueError, match="1 or more after the last"):
            MadeUpDays().next_day(0)


class TestStoreOfDays:
    def test_the_store_takes_the_day_that_the_clock_tells(self, tmp_path: Path) -> None:
        days = MadeUpDays()
        days.next_day().close("Klinikken Kun XML")
        store = days.store(tmp_path)
        assert [str(store.update().state) for _ in days.travel()] == ["renewed", "renewed"]
        assert str(store.update().state) == "unchanged"
        assert [store.on(day).snapshot_date for day in (FIRST, FIRST + dt.timedelta(1))] == [
            FIRST,
            FIRST + dt.timedelta(1),
        ]
        days.clock.advance(20)
        assert store.latest().age_days == 20

    def test_a_live_register_follows_the_days(self, tmp_path: Path) -> None:
        days = MadeUpDays()
        days.next_day().close("Klinikken Kun XML")
        store = days.store(tmp_path)
        store.update()
        with LiveRegister(store) as live:
            assert_deliverable(live.current, "990005", "XDIS91")
            days.clock.advance()
            store.update()
            assert live.refresh()
            assert_not_deliverable(live.current, "990005", "XDIS91", reason="unit-closed")

    def test_an_origin_out_of_reach_keeps_the_old_day(self, tmp_path: Path) -> None:
        days = MadeUpDays()
        days.next_day()
        store = days.store(tmp_path)
        store.update()
        days.clock.advance()
        for fault in ("made-up days: no answer", OSError("the network is gone")):
            days.origin.fault = fault
            assert (str(store.update().state), store.latest().snapshot_date) == ("kept-old", FIRST)
        days.origin.fault = None
        assert str(store.update().state) == "renewed"

    def test_progress_is_told(self, tmp_path: Path) -> None:
        told: list[tuple[str, int, int | None]] = []
        fetched = MadeUpDays().origin.fetch(tmp_path, {}, lambda *facts: told.append(facts))
        assert told == [(path.name, path.stat().st_size, path.stat().st_size) for path in fetched.files]

    def test_before_the_first_day_nothing_is_published(self, tmp_path: Path) -> None:
        days = MadeUpDays()
        days.clock.set("2026-01-01")
        with pytest.raises(StoreError, match="none is published on 2026-01-01"):
            days.origin.fetch(tmp_path, {})


class TestCachedNation:
    def test_it_is_the_nation_and_is_compiled_once(self, tmp_path: Path) -> None:
        first = cached_nation(tmp_path / "kept", 200, seed=3)
        (path,) = (tmp_path / "kept").iterdir()
        written = path.stat().st_mtime_ns
        second = cached_nation(tmp_path / "kept", 200, seed=3, clock=lambda: dt.date(2026, 1, 20))
        assert path.stat().st_mtime_ns == written
        assert (first.age_days, second.age_days) == (0, 5)
        made = made_up_nation(200, 3).to_register()
        assert [unit.sor_code for unit in first] == [unit.sor_code for unit in made]

    def test_a_damaged_file_is_made_anew(self, tmp_path: Path) -> None:
        cached_nation(tmp_path, 200)
        (path,) = tmp_path.iterdir()
        path.write_bytes(b"not a register")
        assert len(cached_nation(tmp_path, 200)) == 200

    def test_what_another_process_wrote_meanwhile_and_has_open_is_taken(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole = Register.save

        def written_by_another(register: Register, path: Path) -> None:
            whole(register, path)
            raise SnapshotError("it is open")

        monkeypatch.setattr(Register, "save", written_by_another)
        assert len(cached_nation(tmp_path, 200)) == 200

    def test_where_none_can_be_kept_it_is_made_anew(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: object) -> None:
            raise SnapshotError("no room")

        monkeypatch.setattr(Register, "save", refuse)
        assert len(cached_nation(tmp_path, 200)) == 200
        assert list(tmp_path.iterdir()) == []


def test_a_register_from_files_knows_what_they_say_and_no_more() -> None:
    builder = RegisterBuilder(first_number=10)
    builder.owner("Huset", location_number=True)
    register = register_from_files(builder, write_sor_entity, clock=lambda: dt.date(2026, 1, 18))
    assert (register.snapshot_date, register.age_days, register.has_message_types) == (FIRST, 3, False)
