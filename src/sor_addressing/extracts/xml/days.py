"""Days and yes/no as the XML files write them: ISO dates with or without time and zone, ``true``/``false``/``1``/``0``."""

from __future__ import annotations

import datetime as dt
import re

# Weeks and days of the year are ISO too, but not the dates of XML.
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?(?:Z|[+-]\d{2}:\d{2})?", re.ASCII)


class IsoDays(dict[str, dt.date | None]):
    """Text to day, each text read once. The day is taken as written, whatever zone follows it; None where there is no such day.

    >>> days = IsoDays()
    >>> days["2026-01-15"], days["2026-01-15+01:00"], days["2026-02-31"]
    (datetime.date(2026, 1, 15), datetime.date(2026, 1, 15), None)
    """

    def __missing__(self, text: str) -> dt.date | None:
        day: dt.date | None = None
        if _DATE.fullmatch(text):
            try:
                day = dt.date.fromisoformat(text[:10])
            except ValueError:
                day = None
        if len(self) < 200_000:
            self[text] = day
        return day


YES_NO = {"true": True, "1": True, "false": False, "0": False}
"""The four spellings of ``xs:boolean``."""
