"""What day it is in Denmark, whatever the machine's own zone is. Asked for every letter, so the answer is kept until midnight.

Zone data is used where the system or the ``tzdata`` package has it; else the rule of EU directive 2000/84/EC is computed: summer time from
the last Sunday of March to the last Sunday of October, both at 01:00 UTC.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable

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
    return 7_200 if begins <= utc < ends else 3_600


def _offset_by_zone_data() -> Callable[[float], int] | None:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        zone = ZoneInfo("Europe/Copenhagen")
    except (ZoneInfoNotFoundError, OSError):
        return None

    def offset(moment: float) -> int:
        ahead = dt.datetime.fromtimestamp(moment, zone).utcoffset()
        return int(ahead.total_seconds()) if ahead is not None else offset_by_rule(moment)

    return offset


class DanishDay:
    """Tells today's date in Denmark; call it.

    Args:
        now: seconds since 1970; the system's clock by default.
        offset: seconds that Danish time is ahead of UTC at a moment; zone data or the EU rule by default.
    """

    def __init__(self, now: Callable[[], float] = time.time, offset: Callable[[float], int] | None = None) -> None:
        self._now = now
        self._offset = offset
        self._from = self._until = 0.0
        self._today = dt.date.min

    def __call__(self) -> dt.date:
        moment = self._now()
        if not self._from <= moment < self._until:
            self._turn(moment)
        return self._today

    def _turn(self, moment: float) -> None:
        if self._offset is None:
            self._offset = _offset_by_zone_data() or offset_by_rule
        local = moment + self._offset(moment)
        days = int(local // 86_400)
        # An hour's margin at both ends, in which the day is worked out anew, spares the question of when a change of time falls.
        self._today = dt.date(1970, 1, 1) + dt.timedelta(days=days)
        self._from = moment
        self._until = max(moment, moment + (86_400 - local % 86_400) - 3_600)


danish_today: Clock = DanishDay()
"""Today's date in Denmark by the system's clock."""
