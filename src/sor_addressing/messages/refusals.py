"""The codes that receipts refuse a letter with, in every format, and what each is about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import cache

from sor_addressing.shipped import shipped_rows


class RefusalAbout(StrEnum):
    """What a refusal is about, as far as its code says: only the first three speak of the address."""

    RECEIVER = "receiver-not-known"
    TYPE = "type-not-received"
    VERSION = "version-not-received"
    CONTENT = "content-not-read"
    MAILBOX = "mailbox-closed"
    ENVELOPE = "envelope-refused"
    STATION = "station-failed"
    UNSAID = "reason-not-said"


@cache
def _abouts() -> dict[str, RefusalAbout]:
    return {
        code: RefusalAbout(about) for code, about in shipped_rows("sor_addressing.messages", "data", "refusals.csv")
    }


# HL7's own codes of issues, beside MedCom's in one list of FHIR's: there are many, and none speaks of the address.
_HL7_CODE = re.compile(r"MSG_[A-Z_]{2,40}", re.ASCII)


def about_of(reason: str) -> RefusalAbout:
    """What the code of a refusal is about."""
    found = _abouts().get(reason.lower())
    if found is None:
        found = RefusalAbout.CONTENT if _HL7_CODE.fullmatch(reason) else RefusalAbout.UNSAID
    return found


def is_listed(code: str) -> bool:
    """Whether a code is on a format's list; whatever else stands in its place could be text that somebody wrote."""
    return code.lower() in _abouts() or _HL7_CODE.fullmatch(code) is not None


def nearest_to_address(codes: Iterable[str]) -> str | None:
    """Of the codes of one refusal the first that speaks of the address, else the first that is on a list; None where none is."""
    order = list(RefusalAbout)
    return min(filter(is_listed, codes), key=lambda code: order.index(about_of(code)), default=None)
