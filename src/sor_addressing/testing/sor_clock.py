"""A clock for tests: it tells the day that it was set to, and moves when it is told to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from sor_addressing.clock import moved_day
from sor_addressing.misspelt import suggests_arguments, suggests_fields
from sor_addressing.register.face import Register
from sor_addressing.register.inside import index_of

__all__ = ["SorClock"]

_SAMPLE_DAY = dt.date(2026, 1, 15)


@suggests_fields
class SorClock:
    """Tells a day, as ``Register.open(clock=…)`` and ``RegisterStore(clock=…)`` ask for it; call it.

    Args:
        today: the day it begins with, as a date or as ISO text; the day of the sample by default.

    >>> clock = SorClock("2026-01-15")
    >>> register = clock.given_to(Register.sample())
    >>> clock.advance(20)
    datetime.date(2026, 2, 4)
    >>> register.age_days, [finding.code for finding in register.validate("990001", "DIS91").findings]
    (20, ['register-stale'])
    """

    def __init__(self, today: dt.date | str = _SAMPLE_DAY) -> None:
        self._today = _day(today)

    def __call__(self) -> dt.date:
        """The day it tells."""
        return self._today

    def __repr__(self) -> str:
        return f"SorClock({self._today.isoformat()!r})"

    def set(self, today: dt.date | str) -> dt.date:
        """Tell another day from now on, an earlier one too; it is given back."""
        self._today = _day(today)
        return self._today

    @suggests_arguments
    def advance(self, days: int = 1) -> dt.date:
        """Go on by so many days, or back by a negative number; the new day is given back.

        Raises:
            ValueError: there is no such day; the clock stays where it is.
        """
        self._today = moved_day(self._today, days)
        return self._today

    @contextmanager
    def at(self, today: dt.date | str) -> Iterator[dt.date]:
        """Tell another day inside a ``with``, and then the one from before again."""
        before = self._today
        try:
            yield self.set(today)
        finally:
            self._today = before

    def given_to(self, register: Register) -> Register:
        """The same register, whose today is told by this clock. It shares everything with the one that is given, which keeps its own clock."""
        return Register(index_of(register), lambda: register.load_report, clock=self)


def _day(given: dt.date | str) -> dt.date:
    return dt.date.fromisoformat(given) if isinstance(given, str) else given
