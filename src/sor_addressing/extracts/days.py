"""Days as the files write them: ISO in XML; in tables ISO or Danish order, or digits alone, with or without a time.

Source: the spellings seen in public readers of the published tables. The order follows from the form: where the year comes
last the day comes first, as everywhere in Denmark; ``04/12/2019``, which others read the other way round, is no form of them.
"""

from __future__ import annotations

import datetime as dt
import re

__all__ = ["YES_NO", "IsoDays", "TableDays"]

# Weeks and days of the year are ISO too, but not the dates of XML.
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?(?:Z|[+-]\d{2}:\d{2})?", re.ASCII)
# 2019-04-12, 12-04-2019, 12.04.2019 or 20190412, and a time and a zone that don't matter.
_DAY = re.compile(
    r"(?:(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"|(?P<day_first>\d{1,2})(?P<mark>[-.])(?P<month_second>\d{1,2})(?P=mark)(?P<year_last>\d{4})"
    r"|(?P<digits>\d{8}))"
    r"(?:[T ]\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?)?(?: ?(?:Z|[+-]\d{2}:?\d{2}))?",
    re.ASCII,
)

YES_NO = {
    "true": True,
    "1": True,
    "yes": True,
    "ja": True,
    "false": False,
    "0": False,
    "no": False,
    "nej": False,
}
"""Yes and no in XML files: the four spellings of ``xs:boolean``, and words for them; in small letters, to be looked up without case."""


class IsoDays(dict[str, dt.date | None]):
    """Text to day, each text read once. The day is taken as written, whatever zone follows it; None where there is no such day.

    >>> days = IsoDays()
    >>> days["2026-01-15"], days["2026-01-15+01:00"], days["2026-02-31"]
    (datetime.date(2026, 1, 15), datetime.date(2026, 1, 15), None)
    """

    def __missing__(self, text: str) -> dt.date | None:
        day: dt.date | None = None
        if _ISO_DAY.fullmatch(text):
            try:
                day = dt.date.fromisoformat(text[:10])
            except ValueError:
                day = None
        if len(self) < 200_000:
            self[text] = day
        return day


class TableDays(dict[str, dt.date | None]):
    """Text to day, each text read once. The day is taken as written, whatever time or zone follows it.

    None where there is no such day; also for an empty text, so ask first whether the cell says anything.

    >>> days = TableDays()
    >>> days["12-04-2019"] == days["12.04.2019"] == days["2019-04-12 00:00:00"] == days["20190412"]
    True
    >>> days["2019-04-12T00:00:00+02:00"], days["31-02-2019"], days["04/12/2019"]
    (datetime.date(2019, 4, 12), None, None)
    """

    def __missing__(self, text: str) -> dt.date | None:
        day = _read(text)
        if len(self) < 200_000:
            self[text] = day
        return day


def _read(text: str) -> dt.date | None:
    if len(text) == 10 and text[4] == "-" == text[7]:  # no other form that Python reads, such as weeks, looks like this
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            return None
    match = _DAY.fullmatch(text)
    if match is None:
        return None
    if digits := match["digits"]:
        year, month, day = digits[:4], digits[4:6], digits[6:]
    elif match["year"]:
        year, month, day = match["year"], match["month"], match["day"]
    else:
        year, month, day = match["year_last"], match["month_second"], match["day_first"]
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None
