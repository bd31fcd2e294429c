"""Moments as whole seconds since 1970, whatever zone a letter writes them in; a time without a zone is Danish."""

from __future__ import annotations

import datetime as dt

from sor_addressing.clock import offset_by_rule

MINUTE, HOUR, DAY = 60, 3_600, 86_400
_FIRST, _LAST = 1990, 2200
_EPOCH, _EARLIEST, _LATEST = (dt.date(year, 1, 1).toordinal() for year in (1970, _FIRST, _LAST + 1))


def seconds_of(moment: dt.datetime | None) -> int | None:
    """A moment as seconds; None where there is none, or one of a year that no letter is of.

    >>> seconds_of(dt.datetime(2026, 1, 15, 9, 30)) == seconds_of(dt.datetime(2026, 1, 15, 8, 30, tzinfo=dt.UTC))
    True
    """
    if moment is None or not _FIRST <= moment.year <= _LAST:
        return None
    if moment.tzinfo is not None and moment.utcoffset() is not None:
        return int(moment.timestamp())
    shown = int(moment.replace(tzinfo=dt.UTC).timestamp())
    return shown - offset_by_rule(shown - HOUR)


def span_of(since: dt.date | None, until: dt.date | None) -> tuple[int | None, int | None]:
    """When the first of these Danish days begins and when the last one is over, in seconds; None for one that is not given.

    Raises:
        TypeError: one is no day.
    """
    given: dict[str, object] = {"since": since, "until": until}
    for name, day in given.items():
        if day is not None and (not isinstance(day, dt.date) or isinstance(day, dt.datetime)):
            raise TypeError(f"{name} is a datetime.date, not {day!r}")
    return (
        None if since is None else _begin_of(since.toordinal()),
        None if until is None else _begin_of(until.toordinal() + 1),
    )


def _begin_of(day: int) -> int:
    """When a day begins; of years that no letter is of, the begin or the end of those that letters are of."""
    shown = (min(max(day, _EARLIEST), _LATEST) - _EPOCH) * DAY
    return shown - offset_by_rule(shown - HOUR)


def moment_of(seconds: int | None) -> dt.datetime | None:
    """Seconds as a moment in Danish time; None where there are none."""
    return None if seconds is None else told_moment(seconds)


def told_moment(seconds: int) -> dt.datetime:
    """Seconds as a moment in Danish time."""
    zone = dt.timezone(dt.timedelta(seconds=offset_by_rule(seconds)))
    return dt.datetime.fromtimestamp(seconds, zone)


def day_of(seconds: int) -> str:
    """The Danish day of a moment, as ISO writes it."""
    return dt.datetime.fromtimestamp(seconds + offset_by_rule(seconds), dt.UTC).date().isoformat()


def week_of(seconds: int) -> str:
    """The Danish week of a moment, as ISO writes it.

    >>> week_of(1768465800)
    '2026-W03'
    """
    year, week, _ = dt.datetime.fromtimestamp(seconds + offset_by_rule(seconds), dt.UTC).isocalendar()
    return f"{year}-W{week:02}"
