"""How fast a count goes down: a rate that one odd day does not change."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from statistics import median

MOST_DAYS = 60
"""So many days are looked at; of more, so many that lie evenly among them, the first and the last always."""

_ROUNDING = 1e-9
_LAST_DAY = dt.date.max.toordinal()


def pace_of(days: Sequence[dt.date], counts: Sequence[int]) -> float | None:
    """How many fewer a day: the median of the rates between every two days (Theil and Sen); below 0 where there are more.

    Days may lie any time apart. None where there is one day only.

    >>> week = [dt.date(2026, 1, day) for day in (1, 2, 3, 4, 8)]
    >>> pace_of(week, [50, 48, 46, 900, 36]), pace_of(week[:1], [50])
    (2.0, None)
    """
    places = _evenly(len(days))
    chosen = [(days[place].toordinal(), counts[place]) for place in places]
    rates = [
        (count - later_count) / (later - day)
        for at, (day, count) in enumerate(chosen)
        for later, later_count in chosen[at + 1 :]
        if later > day
    ]
    return median(rates) if rates else None


def done_on(day: dt.date, left: int, pace: float) -> dt.date | None:
    """The day on which ``left`` are gone at a pace; None where that is never, or not before the calendar ends."""
    if pace <= 0:
        return None
    needed = day.toordinal() + math.ceil(left / pace - _ROUNDING)
    return dt.date.fromordinal(needed) if needed <= _LAST_DAY else None


def _evenly(count: int) -> Sequence[int]:
    if count <= MOST_DAYS:
        return range(count)
    return sorted({round(place * (count - 1) / (MOST_DAYS - 1)) for place in range(MOST_DAYS)})
