"""Why letters were refused: each refusal that speaks of the address, beside what the register says of it today and said on that day."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum

import attrs

from sor_addressing.addressing.policy import AddressingPolicy
from sor_addressing.addressing.support import Outcome
from sor_addressing.deliveries.answers import SUBJECT, Refusal
from sor_addressing.deliveries.rows import refusal_of
from sor_addressing.errors import SorAddressingError
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.messages.refusals import RefusalAbout
from sor_addressing.register.face import Register
from sor_addressing.texts import text_of

OnDay = Callable[[dt.date], Register]
"""Gives the register as it was known on a day; an error of ours where it is not known."""

_OF_ADDRESS = (RefusalAbout.RECEIVER, RefusalAbout.TYPE, RefusalAbout.VERSION, RefusalAbout.UNSAID)
_EXACT = AddressingPolicy(version="exact")
_FOLLOWING = AddressingPolicy(follow_successors=True)


class RefusalCauseKind(StrEnum):
    """Why a letter was refused, as far as the register tells."""

    RECEIVER_MOVED = "receiver-moved"
    RECEIVER_GONE = "receiver-gone"
    TYPE_NOT_REGISTERED = "type-not-registered"
    VERSION_NOT_REGISTERED = "version-not-registered"
    WAS_NOT_REGISTERED = "was-not-registered"
    REGISTERED_YET_REFUSED = "registered-yet-refused"


@attrs.frozen(slots=True, kw_only=True)
class RefusalCause:
    """A refusal and why it came.

    Attributes:
        number: the receiver's location number.
        kind: why, by the register.
        refusal: the refusal.
        outcome: what the register says of the type to that number today.
        outcome_then: what it said on the day of the letter; None where that is not known.
        successor: SOR code of the unit that took over, where that is why.
    """

    number: str
    kind: RefusalCauseKind
    refusal: Refusal
    outcome: Outcome
    outcome_then: Outcome | None = None
    successor: str | None = None

    def text(self, language: str = "en") -> str:
        """As a sentence that says what to do, in English (``"en"``) or Danish (``"da"``)."""
        values = {"number": self.number, "message_type": self.refusal.message_type, "successor": self.successor}
        return text_of(SUBJECT, f"cause.{self.kind}", language, values)

    def to_dict(self) -> dict[str, object]:
        """Plain types, with the text in both languages."""
        return {
            "number": self.number,
            "kind": str(self.kind),
            "refusal": self.refusal.to_dict(),
            "outcome": str(self.outcome),
            "outcome_then": str(self.outcome_then) if self.outcome_then else None,
            "successor": self.successor,
            "text": {"da": self.text("da"), "en": self.text("en")},
        }


def refusals_of_addresses(connection: sqlite3.Connection) -> list[tuple[str, Refusal]]:
    """The location numbers whose last letter of a type was refused for what can be the address, each with the refusal."""
    rows = connection.execute(
        "SELECT receiver, code, version, refused, came, reason, layer, sure FROM standing WHERE last_is_refused ORDER BY receiver, subject"
    )
    return [
        (number, refusal)
        for number, *row in rows
        if number.isdigit() and (refusal := refusal_of(*row)) is not None and refusal.about in _OF_ADDRESS
    ]


def causes_of(
    refused: Iterable[tuple[str, Refusal]], register: Register, on_day: OnDay | None
) -> tuple[RefusalCause, ...]:
    """See :meth:`DeliveryLedger.causes`."""
    days: dict[dt.date, Register | None] = {}

    def then(day: dt.date) -> Register | None:
        if on_day is None:
            return None
        if day not in days:
            try:
                days[day] = on_day(day)
            except SorAddressingError:
                days[day] = None  # the store does not go back that far
        return days[day]

    return tuple(_causes(refused, register, then))


def _causes(
    refused: Iterable[tuple[str, Refusal]], register: Register, then: Callable[[dt.date], Register | None]
) -> Iterator[RefusalCause]:
    for number, refusal in refused:
        before = then(refusal.sent.date()) if refusal.sent else None
        outcome_then = None if before is None else _outcome(before, number, refusal.message_type)
        kind, successor, outcome = _kind(register, number, refusal, outcome_then)
        if kind is not None:
            yield RefusalCause(
                number=number,
                kind=kind,
                refusal=refusal,
                outcome=outcome,
                outcome_then=outcome_then,
                successor=successor,
            )


_GOES = (Outcome.SUPPORTED, Outcome.CONVERTED)


def _outcome(register: Register, number: str, message_type: str) -> Outcome:
    return register.validate(number, message_type, kind=IdentifierKind.LOCATION_NUMBER).outcome


def _kind(
    register: Register, number: str, refusal: Refusal, outcome_then: Outcome | None
) -> tuple[RefusalCauseKind | None, str | None, Outcome]:
    """Why, who took over, and what the register says today; no reason where the refusal gives none and the register allows the type."""
    message_type, about = refusal.message_type, refusal.about
    outcome = _outcome(register, number, message_type)
    if outcome is Outcome.NOT_RESOLVED:
        followed = register.resolve(number, kind=IdentifierKind.LOCATION_NUMBER, policy=_FOLLOWING).recipient
        if followed is not None:
            return RefusalCauseKind.RECEIVER_MOVED, followed.sor_code, outcome
        return RefusalCauseKind.RECEIVER_GONE, None, outcome
    if outcome not in _GOES:
        known = outcome is Outcome.UNSUPPORTED
        return (RefusalCauseKind.TYPE_NOT_REGISTERED if known else None), None, outcome
    if outcome_then is not None and outcome_then not in _GOES:
        return RefusalCauseKind.WAS_NOT_REGISTERED, None, outcome
    if about is RefusalAbout.UNSAID:
        return None, None, outcome
    exact = register.validate(number, message_type, kind=IdentifierKind.LOCATION_NUMBER, policy=_EXACT).outcome
    if about is RefusalAbout.VERSION and exact not in _GOES:
        return RefusalCauseKind.VERSION_NOT_REGISTERED, None, outcome
    return RefusalCauseKind.REGISTERED_YET_REFUSED, None, outcome
