"""Days in FHIR messages: ``dateTime`` with a year alone, a month, a day or a moment, and periods of them, as Danish days."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

from sor_addressing.clock import DanishDay, danish_today
from sor_addressing.model import Period

_DATE_TIME = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)?)?)?)?", re.ASCII
)
_UNREADABLE = Period(readable=False)


def danish_day(moment: dt.datetime | None) -> dt.date:
    """The day in Denmark at a moment; today where there is none."""
    if moment is None:
        return danish_today()
    return _danish_day(moment) if moment.tzinfo else moment.date()


@lru_cache(maxsize=256)
def period_of(start: str | None, end: str | None) -> Period:
    """The days from ``Period.start`` to ``Period.end``, both inclusive; not readable where one of them is no ``dateTime``.

    >>> period_of("2020", "2024-02").to_date
    datetime.date(2024, 2, 29)
    """
    try:
        first = None if start is None else _days(start)[0]
        last = None if end is None else _days(end)[1]
    except (ValueError, OverflowError):
        return _UNREADABLE
    return Period(first, last) if first is None or last is None or first <= last else _UNREADABLE


def _days(text: str) -> tuple[dt.date, dt.date]:
    """The first and the last day that a ``dateTime`` means. What ends at midnight ended with the day before."""
    match = _DATE_TIME.fullmatch(text)
    if match is None:
        raise ValueError
    year, month, day, time = match.groups()
    if time:
        moment = dt.datetime.fromisoformat(text)
        first = danish_day(moment)
        last = danish_day(moment - dt.timedelta(microseconds=1))
        return first, last
    first = dt.date(int(year), int(month or 1), int(day or 1))
    if day:
        return first, first
    following = (first.year + first.month // 12, first.month % 12 + 1) if month else (first.year + 1, 1)
    return first, dt.date.max if following[0] > dt.MAXYEAR else dt.date(*following, 1) - dt.timedelta(days=1)


@lru_cache(maxsize=256)
def _danish_day(moment: dt.datetime) -> dt.date:
    try:
        seconds = moment.timestamp()
        return DanishDay(lambda: seconds)()
    except (ValueError, OverflowError, OSError):
        return moment.date()  # at the ends of the calendar, where there is no other zone to go to
