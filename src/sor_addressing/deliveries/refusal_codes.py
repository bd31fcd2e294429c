"""The codes of refusals: what each is about, and which the ledger keeps."""

from __future__ import annotations

from functools import cache

from sor_addressing.addressing.delivered import RefusalAbout
from sor_addressing.deliveries.ids import OTHER
from sor_addressing.shipped import shipped_rows

_LONGEST_NUMBER = 4


@cache
def _abouts() -> dict[str, RefusalAbout]:
    return {
        code: RefusalAbout(about) for code, about in shipped_rows("sor_addressing.deliveries", "data", "refusals.csv")
    }


def about_of(reason: str) -> RefusalAbout:
    """What the code of a refusal is about."""
    found = _abouts().get(reason.lower())
    if found is None:
        found = RefusalAbout.CONTENT if reason.startswith("MSG_") else RefusalAbout.UNSAID
    return found


def kept_reason(reason: str | None) -> str:
    """A code as the ledger keeps it: those of the formats' lists; whatever else stands there could be text that somebody wrote."""
    if not reason:
        return ""
    code = reason.strip()
    if code.lower() in _abouts() or (code.isascii() and code.isdigit() and len(code) <= _LONGEST_NUMBER):
        return code
    return OTHER
