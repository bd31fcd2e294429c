"""Moments as whole seconds since 1970, whatever zone a letter writes them in; a time without a zone is Danish."""

from __future__ import annotations

import datetime as dt

from sor_addressing.clock import offset_by_rule

MINUTE, HOUR, DAY = 60, 3_600, 86_400
_FIRST, _LAST = 1990, 2200


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
