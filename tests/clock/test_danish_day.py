"""What day it is in Denmark: by zone data, by the rule where there is none, and kept until midnight."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sor_addressing import clock
from sor_addressing.clock import DanishDay, danish_today, last_sunday, offset_by_rule

HOUR = 3_600
YEARS = [1999, 2000, 2024, 2026]


@pytest.fixture(scope="module")
def zone():
    try:
        return zoneinfo.ZoneInfo("Europe/Copenhagen")
    except zoneinfo.ZoneInfoNotFoundError:
        pytest.skip("this system has no zone data to compare with")


def seconds(*when: int) -> int:
    return int(dt.datetime(*when, tzinfo=dt.UTC).timestamp())


class Hand:
    """A clock whose hand is set, and that counts how often an offset is asked for."""

    def __init__(self, moment: float, *, offset=offset_by_rule) -> None:
        self.moment = moment
        self.offset = offset
        self.asked = 0
        self.day = DanishDay(lambda: self.moment, self._offset)

    def _offset(self, moment: float) -> int:
        self.asked += 1
        return self.offset(moment)

    def at(self, moment: float) -> dt.date:
        self.moment = moment
        return self.day()


@pytest.mark.parametrize("year", YEARS)
def test_the_rule_is_what_the_zone_data_say_in_every_hour(year, zone):
    from_data = clock._offset_by_zone_data()
    different = []
    for moment in range(seconds(year, 1, 1), seconds(year + 1, 1, 2), HOUR):
        for second in (moment, moment - 1):
            offset = offset_by_rule(second)
            local = dt.datetime.fromtimestamp(second, zone)
            if local.utcoffset() != dt.timedelta(seconds=offset) or from_data(second) != offset:
                different.append(local)
    assert different == []


@pytest.mark.parametrize("year", YEARS)
def test_the_day_is_the_danish_one_in_every_half_hour_of_a_year(year, zone):
    hand = Hand(0)
    wrong = []
    for moment in range(seconds(year - 1, 12, 31), seconds(year + 1, 1, 2), HOUR // 2):
        for second in (moment, moment + HOUR // 2 - 1):
            if hand.at(second) != dt.datetime.fromtimestamp(second, zone).date():
                wrong.append(dt.datetime.fromtimestamp(second, zone))
    assert wrong == []


@given(st.floats(0, 4e9), st.floats(0, 4e9))
def test_the_day_is_right_whichever_way_the_clock_is_moved(first, second):
    hand = Hand(0)
    for moment in (first, second, first):
        local = dt.datetime(1970, 1, 1) + dt.timedelta(seconds=moment + offset_by_rule(moment))  # noqa: DTZ001 (local time is what it is)
        assert hand.at(moment) == local.date()


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [(2024, 3, 31), (2024, 10, 27), (2025, 3, 30), (2026, 3, 29), (2026, 10, 25), (2026, 5, 31)],
)
def test_the_last_sunday_of_a_month(year, month, day):
    assert last_sunday(year, month) == dt.date(year, month, day)


@given(st.integers(1, 9998), st.sampled_from([3, 10]))
def test_the_last_sunday_is_a_sunday_and_no_other_follows_in_the_month(year, month):
    found = last_sunday(year, month)
    assert (found.isoweekday(), found.year, found.month) == (7, year, month)
    assert (found + dt.timedelta(days=7)).month != month


@pytest.mark.parametrize(
    ("moment", "offset"),
    [
        (seconds(2026, 3, 29, 0, 59, 59), 1),
        (seconds(2026, 3, 29, 1), 2),
        (seconds(2026, 10, 25, 0, 59, 59), 2),
        (seconds(2026, 10, 25, 1), 1),
        (seconds(2026, 1, 1), 1),
        (seconds(2026, 7, 1), 2),
    ],
)
def test_summer_time_begins_and_ends_at_one_in_universal_time(moment, offset):
    assert offset_by_rule(moment) == offset * HOUR


@pytest.mark.parametrize(
    ("last_second", "before", "after"),
    [
        (seconds(2026, 1, 15, 22, 59, 59), dt.date(2026, 1, 15), dt.date(2026, 1, 16)),
        (seconds(2026, 7, 15, 21, 59, 59), dt.date(2026, 7, 15), dt.date(2026, 7, 16)),
        (seconds(2026, 12, 31, 22, 59, 59), dt.date(2026, 12, 31), dt.date(2027, 1, 1)),
        (seconds(2026, 3, 29, 21, 59, 59), dt.date(2026, 3, 29), dt.date(2026, 3, 30)),
        (seconds(2026, 10, 25, 22, 59, 59), dt.date(2026, 10, 25), dt.date(2026, 10, 26)),
    ],
    ids=["winter", "summer", "year's end", "summer time began", "summer time ended"],
)
@pytest.mark.parametrize("asked_before", [0.5, HOUR, 20 * HOUR, 22.9 * HOUR])
def test_the_day_turns_at_midnight_in_denmark(last_second, before, after, asked_before):
    hand = Hand(0)
    assert hand.at(last_second - asked_before) in (before, before - dt.timedelta(days=1))
    assert hand.at(last_second) == before
    assert hand.at(last_second + 0.999) == before
    assert hand.at(last_second + 1) == after


def test_the_day_is_worked_out_once_until_the_hour_before_midnight():
    morning = seconds(2026, 1, 15, 5)
    hand = Hand(morning)
    days = {hand.at(morning + minute * 60) for minute in range(17 * 60)}
    assert (days, hand.asked) == ({dt.date(2026, 1, 15)}, 1)
    assert (hand.at(seconds(2026, 1, 15, 22)), hand.asked) == (dt.date(2026, 1, 15), 2)
    assert (hand.at(seconds(2026, 1, 15, 22, 30)), hand.asked) == (dt.date(2026, 1, 15), 3)
    assert (hand.at(seconds(2026, 1, 15, 23)), hand.asked) == (dt.date(2026, 1, 16), 4)
    assert (hand.at(seconds(2026, 1, 16, 21)), hand.asked) == (dt.date(2026, 1, 16), 4)


def test_a_clock_that_is_set_back_is_believed():
    hand = Hand(0)
    assert hand.at(seconds(2026, 1, 15, 12)) == dt.date(2026, 1, 15)
    assert hand.at(seconds(2026, 1, 14, 12)) == dt.date(2026, 1, 14)
    assert hand.at(seconds(2020, 2, 29, 12)) == dt.date(2020, 2, 29)
    assert hand.at(seconds(2026, 1, 15, 12)) == dt.date(2026, 1, 15)


@pytest.mark.parametrize("error", [zoneinfo.ZoneInfoNotFoundError("no such zone"), PermissionError("not yours")])
def test_without_zone_data_the_rule_is_used(monkeypatch, error):
    def no_data(name):
        assert name == "Europe/Copenhagen"
        raise error

    monkeypatch.setattr(zoneinfo, "ZoneInfo", no_data)
    assert clock._offset_by_zone_data() is None
    day = DanishDay(lambda: seconds(2026, 7, 15, 22))
    assert day() == dt.date(2026, 7, 16)
    assert day._offset is offset_by_rule


def test_the_zone_data_are_looked_for_once(monkeypatch, zone):
    looked = []

    def look(name):
        looked.append(name)
        return zone

    monkeypatch.setattr(zoneinfo, "ZoneInfo", look)
    moments = iter([seconds(2026, 7, 15, 22), seconds(2026, 12, 31, 22), seconds(2026, 12, 31, 23)])
    day = DanishDay(lambda: next(moments))
    assert [day(), day(), day()] == [dt.date(2026, 7, 16), dt.date(2026, 12, 31), dt.date(2027, 1, 1)]
    assert looked == ["Europe/Copenhagen"]


def test_today_is_the_systems_day_give_or_take_a_midnight():
    before = dt.datetime.now(dt.UTC)
    today = danish_today()
    assert before.date() <= today <= (dt.datetime.now(dt.UTC) + dt.timedelta(hours=2)).date()
