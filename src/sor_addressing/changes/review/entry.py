"""One entry of an address book as it was found: :class:`ReviewedEntry`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import attrs

from sor_addressing.addressing.findings import Finding
from sor_addressing.addressing.severities import Severity
from sor_addressing.changes.book.entries import BookEntry
from sor_addressing.changes.review.choices import Deferred, ReplacementCandidate
from sor_addressing.changes.review.conversion import EntryConversion
from sor_addressing.changes.review.judging import EntryState
from sor_addressing.changes.review.suggesting import Replacement
from sor_addressing.hiding import shown


def reasons_of(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Codes of the errors and warnings among ``findings``, the errors first."""
    weighed = sorted(
        (one for one in findings if one.severity is not Severity.INFO),
        key=lambda one: one.severity is not Severity.ERROR,
    )
    return tuple(dict.fromkeys(one.code for one in weighed))


@attrs.frozen(slots=True, kw_only=True)
class ReviewedEntry:
    """One entry of an address book and how it stands.

    Attributes:
        entry: the entry, as the book has it.
        state: ``ok``, ``warning`` or ``broken``.
        findings: the reasons, those that only inform among them.
        since: the first day on which it was so, as far as the register tells it.
        new: the codes of warnings and errors that it did not have on the previous day; empty where none was given.
        sor_code: SOR code of the unit that a letter to it goes to; None where it goes nowhere.
        location_number: the number that it goes to.
        recipient: name of that unit.
        replacements: what certainly should stand in its cells.
        conversion: what it becomes where the book is on the way to another kind of identifier; None where it isn't.
    """

    entry: BookEntry
    state: EntryState
    findings: tuple[Finding, ...]
    since: dt.date | None = None
    new: tuple[str, ...] = ()
    sor_code: str | None = None
    location_number: str | None = None
    recipient: str | None = None
    replacements: tuple[Replacement, ...] = ()
    _candidates: tuple[ReplacementCandidate, ...] | Deferred = ()
    conversion: EntryConversion | None = None

    @property
    def candidates(self) -> tuple[ReplacementCandidate, ...]:
        """Units that it could mean, where that isn't certain. A name is searched for when they are first looked at."""
        found = self._candidates
        return found.found() if isinstance(found, Deferred) else found

    @property
    def reasons(self) -> tuple[str, ...]:
        """Codes of the errors and warnings, the errors first."""
        return reasons_of(self.findings)

    def to_dict(self) -> dict[str, object]:
        """Plain types, stable keys. Of columns that the review does not use nothing is there."""
        entry = self.entry
        return {
            "line": entry.line,
            "key": shown(entry.key),
            "name": shown(entry.name),
            "identifiers": {
                "sor_code": shown(entry.sor_code),
                "location_number": shown(entry.location_number),
                "provider_number": shown(entry.provider_number),
                "shak_code": shown(entry.shak_code),
            },
            "message_types": [shown(one) for one in entry.message_types],
            "state": str(self.state),
            "reasons": list(self.reasons),
            "since": self.since.isoformat() if self.since else None,
            "new": list(self.new),
            "recipient": {
                "sor_code": self.sor_code,
                "location_number": self.location_number,
                "name": self.recipient,
            }
            if self.sor_code
            else None,
            "replacements": [one.to_dict() for one in self.replacements],
            "candidates": [one.to_dict() for one in self.candidates],
            **({"conversion": self.conversion.to_dict()} if self.conversion else {}),
            "findings": [one.to_dict() for one in self.findings],
        }
