"""The codes of findings and how much each weighs: what working out an answer needs of them.

While an answer is worked out a finding is a plain tuple (:data:`RawFinding`). It becomes a
:class:`~sor_addressing.addressing.findings.Finding`, with names and dates looked up, when someone asks for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How much a finding weighs: an error stops a letter, a warning should be looked at, an info is worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


_ERROR = Severity.ERROR  # a member of an enum costs several look-ups each time that it is named

_ERRORS = """
    identifier-malformed check-digit-wrong recipient-unknown recipient-ambiguous kind-ambiguous unit-closed unit-not-yet-open
    period-unreadable location-missing location-closed location-not-yet-open location-inactive location-internal-only
    location-without-unit inheritance-broken message-type-unsupported conversion-not-agreed conversion-by-sender
    message-types-not-loaded no-registrations direction-not-known inheritance-not-known location-state-unreadable
    register-of-the-future identifier-mangled-by-spreadsheet recipient-missing message-type-missing
"""
_WARNINGS = """
    unit-closing unit-replaced unit-shared ancestor-not-in-force owner-shared provider-ceased shak-code-retired location-state-not-known
    inheritance-differs location-number-suspect
    narrowed-by-message-type
    message-type-unknown conversion-unproven conversion-loses-content receipt-missing reply-impossible version-differs
    version-unknown register-stale registrations-not-historical registers-disagree conversion-ends native-format-possible
    last-delivery-refused receipt-overdue
"""
_INFOS = "location-inherited location-source-not-known closures-not-known moved-to-owner version-not-current conversion-needed"

_LETTER_ERRORS = """
    receiver-missing sender-missing letter-identifier-missing envelope-not-deliverable segment-count-wrong
    reference-differs
"""
_LETTER_WARNINGS = """
    identifiers-disagree envelope-differs letter-count-wrong type-contradicts-version encoding-differs time-unreadable payload-not-read
    letter-identifier-outdated shak-in-letter letter-too-large attachments-not-agreed
    receiver-not-checked sender-not-resolved sender-type-not-registered sender-receipt-impossible sender-reply-impossible
"""

_LETTER_INFOS = "provider-number-in-letter"

LETTER_CODES = frozenset(f"{_LETTER_ERRORS} {_LETTER_WARNINGS} {_LETTER_INFOS}".split())
"""The codes that only a letter can have: what its file says, and not the register."""

_BOOK_ERRORS = "entry-without-identifier entry-misshapen identifier-mangled identifier-in-wrong-column"
_BOOK_WARNINGS = "identifier-zeros-lost name-differs entry-duplicate recipient-changed"

BOOK_CODES = frozenset(f"{_BOOK_ERRORS} {_BOOK_WARNINGS}".split())
"""The codes that only an entry of an address book can have."""

DEFAULT_SEVERITIES: dict[str, Severity] = {
    **dict.fromkeys(f"{_ERRORS} {_LETTER_ERRORS} {_BOOK_ERRORS}".split(), Severity.ERROR),
    **dict.fromkeys(f"{_WARNINGS} {_LETTER_WARNINGS} {_BOOK_WARNINGS}".split(), Severity.WARNING),
    **dict.fromkeys(f"{_INFOS} {_LETTER_INFOS}".split(), Severity.INFO),
}
"""Every finding code and the severity it has where no policy says otherwise."""

OF_DELIVERIES = frozenset(["last-delivery-refused", "receipt-overdue"])
"""The codes that only a ledger of deliveries gives."""

RawFinding = tuple[str, Severity, tuple[Any, ...]]
"""Code, severity, and the few numbers that the details of the finding follow from."""


def raw_finding(levels: Mapping[str, Severity], code: str, *arguments: Any) -> RawFinding:
    """The finding called ``code`` as it is worked out, at its level under a policy: the only way in which one is made."""
    return code, levels[code], arguments


def first_error(raws: tuple[RawFinding, ...]) -> RawFinding | None:
    """The first of ``raws`` that is an error; None where none is."""
    for raw in raws:
        if raw[1] is _ERROR:
            return raw
    return None


def reason_in(raws: tuple[RawFinding, ...], *, stopped: bool) -> RawFinding | None:
    """The finding that stops a letter first, None where the letter isn't stopped: the first error.

    A policy can have relabelled what stops it; then it is the first that is an error by default, else the first.
    """
    found = first_error(raws)
    if found is None and stopped:
        found = next((raw for raw in raws if DEFAULT_SEVERITIES[raw[0]] is _ERROR), raws[0])
    return found


def has_error(raws: tuple[RawFinding, ...]) -> bool:
    """Whether any of ``raws`` is an error."""
    for raw in raws:  # noqa: SIM110 (a loop costs half of any() with a generator, and this runs for every letter)
        if raw[1] is _ERROR:
            return True
    return False
