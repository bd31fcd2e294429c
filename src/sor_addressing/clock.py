"""What day it is in Denmark, whatever the machine's own zone is. Asked for every letter, so the answer is kept until midnight.

Zone data is used where the system or the ``tzdata`` package has it; else the rule of EU directive 2000/84/EC is computed: summer time from
the last Sunday of March to the last Sunday of October, both at 01:00 UTC.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable

_FIRST_DAY = dt.date(1970, 1, 1)
_LAST_DAY = dt.date.max.toordinal()
_DAY = 86_400
_HOUR = 3_600
_HOUR_OF_MIDNIGHT = 22

Clock = Callable[[], dt.date]
"""Something that tells today's date."""


def last_sunday(year: int, month: int) -> dt.date:
    """The last Sunday of a month with 31 days."""
    last = dt.date(year, month, 31)
    return last - dt.timedelta(days=last.isoweekday() % 7)


def offset_by_rule(moment: float) -> int:
    """Seconds that Danish time is ahead of UTC at ``moment`` (seconds since 1970), by the EU rule."""
    utc = dt.datetime.fromtimestamp(moment, dt.UTC)
    one = dt.time(1, tzinfo=dt.UTC)
    begins = dt.datetime.combine(last_sunday(utc.year, 3), one)
    ends = dt.datetime.combine(last_sunday(utc.year, 10), one)
    return 2 * _HOUR if begins <= utc < ends else _HOUR


def _offset_by_zone_data() -> Callable[[float], int] | None:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        zone = ZoneInfo("Europe/Copenhagen")
    except (ZoneInfoNotFoundError, OSError):
        return None

    def offset(moment: float) -> int:
        second = int(moment // 1)
        shown = dt.datetime.fromtimestamp(second, zone).replace(tzinfo=dt.UTC)
        return int(shown.timestamp()) - second

    return offset


class DanishDay:
    """Tells today's date in Denmark; call it.

    Args:
        now: seconds since 1970; the system's clock by default.
        offset: seconds that Danish time is ahead of UTC at a moment; by default zone data or the EU rule, where they decide the day.
    """

    def __init__(self, now: Callable[[], float] = time.time, offset: Callable[[float], int] | None = None) -> None:
        self._now = now
        self._offset = offset
        # One tuple, replaced as a whole: threads that ask while the day turns see the old one or the new one.
        self._known = (0.0, 0.0, dt.date.min)

    def __call__(self) -> dt.date:
        moment = self._now()
        begins, ends, today = self._known
        return today if begins <= moment < ends else self._turn(moment)

    def _turn(self, moment: float) -> dt.date:
        if self._offset is None and moment % _DAY // _HOUR == _HOUR_OF_MIDNIGHT:
            self._offset = _offset_by_zone_data() or offset_by_rule
        # Denmark is an hour ahead or two. Which, matters only in the hour above, and reading zone data takes a new process long.
        local = moment + (self._offset(moment) if self._offset else _HOUR)
        days, since_midnight = divmod(local, _DAY)
        today = _FIRST_DAY + dt.timedelta(days=days)
        # In the hour before midnight the day is worked out anew each time: that spares the question of when a change of time falls.
        self._known = (moment, moment + _DAY - since_midnight - _HOUR, today)
        return today


danish_today: Clock = DanishDay()
"""Today's date in Denmark by the system's clock."""


def date_of(day: int) -> dt.date | None:
    """The date of a day number; None for the day after the last one that there is, which is never.

    >>> date_of(2), date_of(dt.date.max.toordinal() + 1)
    (datetime.date(1, 1, 2), None)
    """
    return dt.date.fromordinal(day) if day <= _LAST_DAY else None


def moved_day(day: dt.date, days: int) -> dt.date:
    """So many days after ``day``, or before it.

    Raises:
        ValueError: there is no such day.

    >>> moved_day(dt.date(2026, 1, 15), 1)
    datetime.date(2026, 1, 16)
    """
    try:
        return day + dt.timedelta(days)
    except OverflowError:
        raise ValueError(
            f"{days} days from {day} there is no day: they go from {dt.date.min} to {dt.date.max}"
        ) from None


def day_given(given: object) -> dt.date | None:
    """A day as callers and files give it: a date, its text, or nothing at all.

    Raises:
        ValueError: it is none of these.

    >>> day_given(" 2026-01-15 "), day_given("")
    (datetime.date(2026, 1, 15), None)
    """
    if given is None or given == "":
        return None
    if isinstance(given, str):
        return dt.date.fromisoformat(given.strip())
    if isinstance(given, dt.date) and not isinstance(given, dt.datetime):
        return given
    raise ValueError(f"{type(given).__name__} is no day")


def day_number(on: dt.date) -> int:
    """The day asked about, as answers count days.

    Raises:
        TypeError: it is no date.

    >>> day_number(dt.date(1, 1, 2))
    2
    """
    try:
        return on.toordinal()
    except AttributeError:
        raise TypeError(f"on= is a date such as datetime.date(2026, 1, 15), not {on!r}") from None
