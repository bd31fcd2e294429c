"""Who an identifier means: :class:`Resolution`.

Answers are frozen. They hold the few numbers that decide them; lists, names and texts are looked up in the index when asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from sor_addressing.addressing.question import Question
from sor_addressing.addressing.severities import RawFinding, reason_in
from sor_addressing.errors import (
    AmbiguousRecipient,
    MalformedIdentifier,
    RecipientNotAddressable,
    SorAddressingError,
    UnknownRecipient,
    told,
)
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.lookup import Index
from sor_addressing.messages.catalogue import MessageType
from sor_addressing.texts import LANGUAGES

if TYPE_CHECKING:
    from sor_addressing.addressing.findings import Finding, Telling
    from sor_addressing.addressing.recipients import Recipient


class Status(StrEnum):
    """How resolving an identifier ended."""

    RESOLVED = "resolved"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"
    NOT_ADDRESSABLE = "not_addressable"
    MALFORMED = "malformed"


_ERRORS: dict[Status, type[SorAddressingError]] = {
    Status.MALFORMED: MalformedIdentifier,
    Status.UNKNOWN: UnknownRecipient,
    Status.AMBIGUOUS: AmbiguousRecipient,
    Status.NOT_ADDRESSABLE: RecipientNotAddressable,
}


class Resolution:
    """Who an identifier means: one recipient, or the reason why there is none."""

    __slots__ = ("_index", "_kinds", "_question", "_raws", "_recipient_row", "_rows", "_status", "_unit_certain")

    def __init__(
        self,
        index: Index,
        question: Question,
        status: Status,
        kinds: tuple[IdentifierKind, ...],
        rows: Sequence[int],
        recipient_row: int,
        unit_certain: bool,
        raws: tuple[RawFinding, ...],
    ) -> None:
        self._index = index
        self._question = question
        self._status = status
        self._kinds = kinds
        self._rows = rows
        self._recipient_row = recipient_row
        self._unit_certain = unit_certain
        self._raws = raws

    def __eq__(self, other: object) -> bool:
        return self._compared() == other._compared() if isinstance(other, Resolution) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._compared())

    def _compared(self) -> tuple[object, ...]:
        return (
            self._question,
            self._status,
            self._kinds,
            self._recipient_row,
            self._unit_certain,
            self._raws,
        )

    def __repr__(self) -> str:
        recipient = self.recipient
        shown = repr(recipient) if recipient else ", ".join(raw[0] for raw in self._raws)
        return f"<Resolution {self.identifier!r}: {self.status} {shown}>"

    @property
    def status(self) -> Status:
        """How it ended."""
        return self._status

    @property
    def kinds(self) -> tuple[IdentifierKind, ...]:
        """The kinds of identifier that the text was found to be, or could have been."""
        return self._kinds

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
        from sor_addressing.addressing.recipients import recipient_of

        self._index.check_standing()
        return recipient_of(
            self._index, self._recipient_row, self._question, self._raws, unit_certain=self._unit_certain
        )

    @property
    def candidates(self) -> tuple[Recipient, ...]:
        """Every unit that carries the identifier, in force or not, each with what is to be said of it."""
        from sor_addressing.addressing.recipients import candidate_of

        self._index.check_standing()
        return tuple(candidate_of(self._index, row, self._question) for row in self._rows)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The reasons for the answer; those of single candidates stand with the candidates."""
        from sor_addressing.addressing.findings import findings_of

        return findings_of(self._index, self._raws)

    @property
    def reason(self) -> Finding | None:
        """The finding that stops a letter first; None where nothing does."""
        raw = reason_in(self._raws, stopped=self.status is not Status.RESOLVED)
        if raw is None:
            return None
        from sor_addressing.addressing.findings import finding_of

        return finding_of(self._index, raw)

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
            raise told(_ERRORS[self.status], {language: self.explain(language) for language in LANGUAGES})
        return recipient

    def explain(self, language: str = "en") -> str:
        """The answer and the way it was found, for people, in English (``"en"``) or Danish (``"da"``)."""
        from sor_addressing.addressing.explain import explain_resolution

        return explain_resolution(self, language)

    def to_dict(self) -> dict[str, object]:
        """Plain types, stable keys, for logs and JSON."""
        from sor_addressing.addressing.findings import Telling

        return self._told(Telling(self._index))

    def _told(self, telling: Telling) -> dict[str, object]:
        recipient = self.recipient
        told = recipient._told(telling) if recipient else None
        return {
            "identifier": self.identifier,
            "kinds": [str(kind) for kind in self.kinds],
            "on": self.on.isoformat(),
            "status": str(self.status),
            "recipient": told,
            "candidates": [
                candidate._told_beside(recipient, told, telling) if recipient and told else candidate._told(telling)
                for candidate in self.candidates
            ],
            "findings": telling.of(self._raws),
        }
