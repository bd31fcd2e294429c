"""What the store tells of an update and of itself: states by name, reasons with texts, all of it plain to write down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from sor_addressing.index.report import LoadReport
    from sor_addressing.written_data.tables import WrittenTable


class UpdateState(StrEnum):
    """How the store stands after an update."""

    RENEWED = "renewed"
    """A new extract was taken."""
    UNCHANGED = "unchanged"
    """There is nothing newer than what the store has."""
    KEPT_OLD = "kept-old"
    """There could be something newer, and it was not taken; the reasons say why."""
    RESTORED = "restored"
    """The newest register was damaged; an older good one is current again."""
    EMPTY = "empty"
    """The store has no register."""


class ReasonCode(StrEnum):
    """Why the store did not take an extract, or went back to an older one."""

    UNITS_LOST = "units-lost"
    LOCATION_NUMBERS_LOST = "location-numbers-lost"
    REGISTERED_NUMBERS_LOST = "registered-numbers-lost"
    REGISTRATIONS_LOST = "registrations-lost"
    USABLE_UNITS_LOST = "usable-units-lost"
    NAMES_LOST = "names-lost"
    PROVIDER_NUMBERS_LOST = "provider-numbers-lost"
    SHAK_CODES_LOST = "shak-codes-lost"
    MUNICIPALITIES_LOST = "municipalities-lost"
    TYPES_LOST = "types-lost"
    DELIVERABLE_LOST = "deliverable-lost"
    MESSAGE_TYPES_MISSING = "message-types-missing"
    OLDER_SNAPSHOT = "older-snapshot"
    SNAPSHOT_IMPOSSIBLE = "snapshot-impossible"
    EXTRACT_REFUSED = "extract-refused"
    ORIGIN_FAILED = "origin-failed"
    DAY_DAMAGED = "day-damaged"
    PIN_UNREADABLE = "pin-unreadable"


@attrs.frozen(slots=True)
class UpdateReason:
    """One reason: a stable code, and what it speaks of.

    >>> print(UpdateReason(ReasonCode.OLDER_SNAPSHOT, {"day": "2026-01-14", "current": "2026-01-15"}).text())
    the new extract is of 2026-01-14, and the store already has 2026-01-15
    """

    code: ReasonCode = attrs.field(converter=ReasonCode)
    details: Mapping[str, object] = attrs.field(factory=dict, hash=False)

    def text(self, language: str = "en") -> str:
        """The reason as a sentence, in English (``"en"``) or Danish (``"da"``)."""
        from sor_addressing.texts import text_of

        return text_of("store", self.code, language, self.details)

    def to_dict(self) -> dict[str, object]:
        """Plain types, with the English text; :meth:`from_dict` reads it back."""
        return {"code": str(self.code), "details": dict(self.details), "text": self.text()}

    @classmethod
    def from_dict(cls, values: Mapping[str, object]) -> UpdateReason:
        """The reason that :meth:`to_dict` wrote.

        Raises:
            ValueError: it is none, or one of a later version of this library.
        """
        details = values.get("details")
        if not isinstance(details, dict):
            raise ValueError("a reason without details")
        return cls(ReasonCode(str(values.get("code"))), details)


def reasons_of(written: WrittenTable) -> tuple[UpdateReason, ...]:
    """The reasons in what the store wrote down, under ``reasons``.

    Raises:
        SorAddressingError: one is none, or one of a later version of this library.
    """
    return tuple(
        UpdateReason(one.one_of("code", ReasonCode), one.table("details").values) for one in written.tables("reasons")
    )


@attrs.frozen(slots=True)
class UpdateResult:
    """What an update came to.

    Attributes:
        state: how the store stands now.
        snapshot_date: the day of the register that is current now; None where there is none.
        reasons: why the new extract was not taken, or why the store went back; empty where all is as it should be.
        held: the day of an extract that lies ready and is held back until it is accepted.
        report: what loading the new extract found, where one was loaded by this update.
        origin: where it came from.
    """

    state: UpdateState
    snapshot_date: dt.date | None
    reasons: tuple[UpdateReason, ...] = ()
    held: dt.date | None = None
    report: LoadReport | None = attrs.field(default=None, repr=False)
    origin: str = ""

    @property
    def reason(self) -> UpdateReason | None:
        """The first of the reasons."""
        return self.reasons[0] if self.reasons else None

    def text(self, language: str = "en") -> str:
        """A sentence or two for people: the state, every reason, and what to do."""
        return _text(self.state, self.snapshot_date, self.reasons, self.held, language)

    def to_dict(self) -> dict[str, object]:
        """Plain types, stable keys; of the report its counts."""
        return {
            "state": str(self.state),
            "snapshot_date": _iso(self.snapshot_date),
            "reasons": [reason.to_dict() for reason in self.reasons],
            "held": _iso(self.held),
            "counts": dict(self.report.counts) if self.report else None,
            "origin": self.origin,
            "text": self.text(),
        }


@attrs.frozen(slots=True)
class StoreState:
    """How a store stands, for people and for monitoring.

    Attributes:
        home: where it is.
        state: of the last update, or what is found now: a damaged register that an older one stands in for is ``restored``.
        snapshot_date: the day of the register that :meth:`RegisterStore.latest` gives.
        age_days: days from that day to today.
        counts: of that register, as in its load report.
        days: the day of every register in the store, oldest first.
        pinned: the day that the store is pinned to.
        held: the day of an extract that is held back until it is accepted.
        reasons: as the last update gave them.
        updated_at: when the last update ended.
        arrived_at: when that register came in.
        origin: where it came from.
    """

    home: Path
    state: UpdateState
    snapshot_date: dt.date | None = None
    age_days: int | None = None
    counts: Mapping[str, int] = attrs.field(factory=dict, hash=False)
    days: tuple[dt.date, ...] = ()
    pinned: dt.date | None = None
    held: dt.date | None = None
    reasons: tuple[UpdateReason, ...] = ()
    updated_at: dt.datetime | None = None
    arrived_at: dt.datetime | None = None
    origin: str = ""

    def text(self, language: str = "en") -> str:
        """A sentence or two for people: the state, every reason, and what to do."""
        return _text(self.state, self.snapshot_date, self.reasons, self.held, language)

    def to_dict(self) -> dict[str, object]:
        """Plain types, stable keys."""
        return {
            "home": str(self.home),
            "state": str(self.state),
            "snapshot_date": _iso(self.snapshot_date),
            "age_days": self.age_days,
            "counts": dict(self.counts),
            "days": [day.isoformat() for day in self.days],
            "pinned": _iso(self.pinned),
            "held": _iso(self.held),
            "reasons": [reason.to_dict() for reason in self.reasons],
            "updated_at": _iso(self.updated_at),
            "arrived_at": _iso(self.arrived_at),
            "origin": self.origin,
            "text": self.text(),
        }


def _iso(moment: dt.date | None) -> str | None:
    return moment.isoformat() if moment else None


def _text(
    state: UpdateState, day: dt.date | None, reasons: tuple[UpdateReason, ...], held: dt.date | None, language: str
) -> str:
    from sor_addressing.texts import text_of

    why = "; ".join(reason.text(language).rstrip(".") for reason in reasons)
    sentences = [text_of("store", f"state.{state}", language, {"day": day})]
    if why:
        sentences.append(f"{why[0].upper()}{why[1:]}.")
    if held:
        sentences.append(text_of("store", "accept", language, {"held": held}))
    return " ".join(sentences)
