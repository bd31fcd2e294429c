"""Who a recipient is: :class:`Resolution`, and the :class:`Recipient` in it.

Answers are frozen. They hold the few numbers that decide them; lists, names and texts are looked up in the index when asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum

import attrs

from sor_addressing.addressing.candidates import assess
from sor_addressing.addressing.explain import explain_resolution
from sor_addressing.addressing.findings import Finding, RawFinding, findings_of
from sor_addressing.addressing.plan import plan_for
from sor_addressing.addressing.policy import AddressingPolicy
from sor_addressing.addressing.support import Direction, Outcome, support
from sor_addressing.errors import (
    AmbiguousRecipient,
    MalformedIdentifier,
    RecipientNotAddressable,
    SorAddressingError,
    UnknownRecipient,
)
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.lookup import Index
from sor_addressing.index.unit import Location, Unit
from sor_addressing.messages.catalogue import MessageType


class Status(StrEnum):
    """How resolving an identifier ended."""

    RESOLVED = "resolved"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"
    NOT_ADDRESSABLE = "not_addressable"
    MALFORMED = "malformed"


@attrs.frozen(slots=True)
class Question:
    """What was asked: the identifier as given, the kind that the caller named, the day, the policy, and perhaps a message type."""

    identifier: str
    kind: IdentifierKind | None
    day: int
    policy: AddressingPolicy
    message_type: MessageType | None = None

    @property
    def on(self) -> dt.date:
        """The day asked for."""
        return dt.date.fromordinal(self.day)


@attrs.frozen(slots=True, repr=False)
class Recipient:
    """A unit as the answer to an identifier: who it is, at which location number, and what is to be said of it.

    ``unit_certain`` is False where the location number is certain but several units share it: a letter that carries a SOR code
    should then not name this one as if it were known. ``usable`` tells whether a letter can be addressed to it at all.
    """

    _index: Index = attrs.field(eq=False)
    _row: int
    _question: Question = attrs.field(eq=False)
    _raws: tuple[RawFinding, ...]
    unit: Unit
    unit_certain: bool = True
    usable: bool = True

    def __repr__(self) -> str:
        certain = "" if self.unit_certain else ", unit not certain"
        return f"<Recipient {self.sor_code} {self.name!r} at {self.location_number}{certain}>"

    @property
    def sor_code(self) -> str:
        """SOR code of the unit."""
        return self.unit.sor_code

    @property
    def name(self) -> str:
        """Name of the unit."""
        return self.unit.name

    @property
    def location(self) -> Location | None:
        """The location the unit is reached at; None where there is none."""
        return self.unit.location

    @property
    def location_number(self) -> str | None:
        """The location number the unit is reached at; None where there is none."""
        return self._index.location_number(self._row)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is to be said of this unit as a recipient."""
        return findings_of(self._index, self._raws)

    @property
    def outcome(self) -> Outcome | None:
        """What the registrations say of the message type asked for, to receive; None where none was asked for, or there is no location."""
        question = self._question
        location = self._index.columns.unit_location[self._row]
        if question.message_type is None or location == NOTHING:
            return None
        plan = plan_for(self._index, question.message_type)
        number = self._index.columns.location_number[location]
        return support(self._index, plan, number, location, Direction.RECEIVE, question.policy).outcome

    def to_dict(self) -> dict[str, object]:
        """Plain types: the unit in short with what sets it apart from others, its location, and the findings."""
        unit = self.unit
        location = unit.location
        address = unit.visiting_address
        return {
            "sor_code": unit.sor_code,
            "name": unit.name,
            "kind": str(unit.kind),
            "types": list(unit.types),
            "specialities": [speciality.to_dict() for speciality in unit.specialities],
            "above": [{"sor_code": above.sor_code, "name": above.name} for above in unit.ancestors],
            "address": list(address.lines) if address else [],
            "provider_number": unit.provider_number,
            "shak_code": unit.shak_code,
            "location_number": self.location_number,
            "location_inherited": location.inherited if location else None,
            "location_owner": location.owner.sor_code if location else None,
            "message_types": [registration.message_type.text for registration in location.registrations]
            if location
            else [],
            "unit_certain": self.unit_certain,
            "usable": self.usable,
            "outcome": str(self.outcome) if self.outcome else None,
            "findings": [finding.to_dict() for finding in self.findings],
        }


_ERRORS: dict[Status, type[SorAddressingError]] = {
    Status.MALFORMED: MalformedIdentifier,
    Status.UNKNOWN: UnknownRecipient,
    Status.AMBIGUOUS: AmbiguousRecipient,
    Status.NOT_ADDRESSABLE: RecipientNotAddressable,
}


@attrs.frozen(slots=True, repr=False)
class Resolution:
    """Who an identifier means: one recipient, or the reason why there is none.

    ``kinds`` are the kinds of identifier that the text was found to be, or could have been.
    """

    _index: Index = attrs.field(eq=False)
    _question: Question
    status: Status
    kinds: tuple[IdentifierKind, ...]
    _rows: tuple[int, ...] | Sequence[int] = attrs.field(eq=False)
    _recipient_row: int
    _unit_certain: bool
    _raws: tuple[RawFinding, ...]

    def __repr__(self) -> str:
        recipient = self.recipient
        shown = repr(recipient) if recipient else ", ".join(raw[0] for raw in self._raws)
        return f"<Resolution {self.identifier!r}: {self.status} {shown}>"

    @property
    def identifier(self) -> str:
        """The identifier as it was given."""
        return self._question.identifier

    @property
    def on(self) -> dt.date:
        """The day asked for."""
        return self._question.on

    @property
    def message_type(self) -> MessageType | None:
        """The message type whose outcome the candidates show; None where none was asked for."""
        return self._question.message_type

    @property
    def recipient(self) -> Recipient | None:
        """The one recipient; None unless the status is ``resolved``."""
        if self._recipient_row == NOTHING:
            return None
        unit = Unit(self._index, self._recipient_row)
        return Recipient(self._index, self._recipient_row, self._question, self._raws, unit, self._unit_certain)

    @property
    def candidates(self) -> tuple[Recipient, ...]:
        """Every unit that carries the identifier, in force or not, each with what is to be said of it."""
        question = self._question
        found = []
        for row in self._rows:
            usable, raws = assess(self._index, row, question.day, question.policy)
            found.append(Recipient(self._index, row, question, raws, Unit(self._index, row), True, usable))
        return tuple(found)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The reasons for the answer; those of single candidates stand with the candidates."""
        return findings_of(self._index, self._raws)

    def unwrap(self) -> Recipient:
        """The recipient.

        Raises:
            MalformedIdentifier: the status is ``malformed``.
            UnknownRecipient: the status is ``unknown``.
            AmbiguousRecipient: the status is ``ambiguous``.
            RecipientNotAddressable: the status is ``not_addressable``.
        """
        recipient = self.recipient
        if recipient is None:
            raise _ERRORS[self.status](self.explain())
        return recipient

    def explain(self, language: str = "en") -> str:
        """The answer and the way it was found, for people, in English (``"en"``) or Danish (``"da"``)."""
        return explain_resolution(self, language)

    def to_dict(self) -> dict[str, object]:
        """Plain types, stable keys, for logs and JSON."""
        recipient = self.recipient
        return {
            "identifier": self.identifier,
            "kinds": [str(kind) for kind in self.kinds],
            "on": self.on.isoformat(),
            "status": str(self.status),
            "recipient": recipient.to_dict() if recipient else None,
            "candidates": [candidate.to_dict() for candidate in self.candidates],
            "findings": [finding.to_dict() for finding in self.findings],
        }
