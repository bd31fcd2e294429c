"""What the headers of an answer say, as far as they can be understood."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

_CONTENT_RANGE = re.compile(r"\s*bytes\s+(?:(\d+)-(\d+)|\*)/(\d+|\*)\s*", re.IGNORECASE)
_LONGEST_NUMBER = 18


def can_be_sent(value: str) -> bool:
    """Whether something can stand in a header of ours: there is something, of ASCII alone.

    >>> can_be_sent('"1"'), can_be_sent('"ø"'), can_be_sent("")
    (True, False, False)
    """
    return bool(value) and value.isascii() and value.isprintable()


def validator(headers: Mapping[str, str], name: str) -> str:
    """What a server calls this version of a file; empty where it says nothing, or nothing that can be asked with."""
    value = headers.get(name, "")
    return value if can_be_sent(value) else ""


def content_length(headers: Mapping[str, str]) -> int | None:
    """Bytes that the body is said to have."""
    return _number(headers.get("content-length"))


def content_range(headers: Mapping[str, str]) -> tuple[int | None, int | None]:
    """First byte that an answer gives, and size of the whole file.

    >>> content_range({"content-range": "bytes 500-999/1000"}), content_range({"content-range": "bytes */1000"})
    ((500, 1000), (None, 1000))
    """
    match = _CONTENT_RANGE.fullmatch(headers.get("content-range", ""))
    if match is None:
        return None, None
    return _number(match[1]), _number(match[3])


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that the server asks to wait, which it may also give as a time of its own clock.

    >>> retry_after({"retry-after": "90"})
    90.0
    >>> retry_after({"retry-after": "Mon, 02 Mar 2026 03:01:00 GMT", "date": "Mon, 02 Mar 2026 03:00:00 GMT"})
    60.0
    """
    text = headers.get("retry-after", "").strip()
    seconds = _number(text)
    if seconds is not None:
        return float(seconds)
    then = moment(text)
    if then is None:
        return None
    now = moment(headers.get("date", "")) or dt.datetime.now(dt.UTC)
    return max(0.0, (then - now).total_seconds())


def moment(text: str) -> dt.datetime | None:
    """A time as headers write it."""
    try:
        read = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return read if read.tzinfo is not None else read.replace(tzinfo=dt.UTC)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else None
