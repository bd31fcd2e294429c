"""Whether a message type may be sent to a recipient: :class:`Verdict`."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, Self

from sor_addressing.addressing.answers import Resolution, Status
from sor_addressing.addressing.plan import plan_for
from sor_addressing.addressing.severities import RawFinding, Severity, has_error, reason_in
from sor_addressing.addressing.support import Direction, Outcome, Support, alternatives
from sor_addressing.errors import (
    MalformedMessageType,
    MessageTypeUnsupported,
    RecipientNotAddressable,
    RegisterStale,
    SorAddressingError,
    SupportUnknown,
    told,
)
from sor_addressing.index.columns import NOTHING
from sor_addressing.messages.catalogue import MessageType, catalogue
from sor_addressing.texts import LANGUAGES

if TYPE_CHECKING:
    from sor_addressing.addressing.converting import Conversion
    from sor_addressing.addressing.findings import Finding
    from sor_addressing.addressing.policy import AddressingPolicy


class Choice(StrEnum):
    """Why a message type was chosen among several."""

    NO_CONVERSION = "no-conversion"
    NATIVE_FORMAT = "native-format"
    OTHERS_CONVERT = "others-convert"
    SENDER_CONVERTS = "sender-converts"
    NOTHING_FITS = "nothing-fits"


class Verdict:
    """May this message type be sent to this recipient today, and why or why not."""

    __slots__ = (
        "_chosen",
        "_deliverable",
        "_direction",
        "_message_type",
        "_outcome",
        "_raws",
        "_resolution",
        "_support",
    )

    _chosen: Choice

    def __init__(
        self,
        resolution: Resolution,
        message_type: MessageType,
        direction: Direction,
        outcome: Outcome,
        deliverable: bool,
        support: Support | None,
        raws: tuple[RawFinding, ...],
    ) -> None:
        self._resolution = resolution
        self._message_type = message_type
        self._direction = direction
        self._outcome = outcome
        self._deliverable = deliverable
        self._support = support
        self._raws = raws

    def __eq__(self, other: object) -> bool:
        return self._compared() == other._compared() if isinstance(other, Verdict) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._compared())

    def _compared(self) -> tuple[object, ...]:
        return (
            self._resolution,
            self._message_type,
            self._direction,
            self._outcome,
            self._deliverable,
            self._support,
            self._raws,
        )

    def __repr__(self) -> str:
        may = "deliverable" if self.deliverable else "not deliverable"
        codes = ", ".join(raw[0] for raw in self._raws)
        return f"<Verdict {self.message_type} to {self.resolution.identifier!r}: {self.outcome}, {may}{codes and f' ({codes})'}>"

    @property
    def resolution(self) -> Resolution:
        """Who the recipient is."""
        return self._resolution

    @property
    def message_type(self) -> MessageType:
        """The message type asked for."""
        return self._message_type

    @property
    def direction(self) -> Direction:
        """The recipient's side that was asked about: ``receive`` or ``send``."""
        return self._direction

    @property
    def outcome(self) -> Outcome:
        """What can be said of the type to this recipient."""
        return self._outcome

    @property
    def deliverable(self) -> bool:
        """The short answer: supported or converted (or unknown, where the policy accepts that), and no finding is an error."""
        return self._deliverable

    @property
    def chosen_because(self) -> Choice | None:
        """Why ``Register.choose`` took this type of those it was given; None in a verdict that nobody chose."""
        return getattr(self, "_chosen", None)

    @property
    def send_as(self) -> MessageType | None:
        """The type that leaves the sender; None where none may."""
        return self._support.send_as if self._support else None

    @property
    def arrives_as(self) -> MessageType | None:
        """The type that the receiver gets; None where none does."""
        return self._support.arrives_as if self._support else None

    @property
    def conversion(self) -> Conversion | None:
        """Who converts on the way, and what into what; None where nothing is converted."""
        return self._support.conversion if self._support else None

    @property
    def receipts(self) -> tuple[str, ...]:
        """Codes of the receipts that the receiver sends back, in the format that arrives; none for receipts, or where nothing arrives."""
        arrives = self.arrives_as
        if arrives is None or arrives.format is None or self.direction is Direction.SEND:
            return ()
        return catalogue().receipts(arrives.format, arrives.family)

    @property
    def alternatives(self) -> tuple[MessageType, ...]:
        """Other types that the recipient has registered and that could carry the letter: first those of the family."""
        index, row = self.resolution._index, self.resolution._recipient_row
        if row == NOTHING:
            return ()
        number = index.columns.location_number[index.columns.unit_location[row]]
        return alternatives(index, plan_for(index, self.message_type), number, self.direction, self.arrives_as)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every reason, those of the recipient first."""
        from sor_addressing.addressing.findings import findings_of

        return findings_of(self.resolution._index, self._raws, self.resolution._recipient_row)

    @property
    def reason(self) -> Finding | None:
        """The finding that stops the letter first; None where it may be sent."""
        raw = reason_in(self._raws, stopped=not self.deliverable)
        if raw is None:
            return None
        from sor_addressing.addressing.findings import finding_of

        return finding_of(self.resolution._index, raw, self.resolution._recipient_row)

    def require(self) -> Self:
        """This verdict, where the letter may be sent.

        Raises:
            MalformedMessageType: no message type was given.
            MalformedIdentifier, UnknownRecipient, AmbiguousRecipient, RecipientNotAddressable: there is no recipient.
            MessageTypeUnsupported: the type may not be sent to it, or nobody is known to convert.
            SupportUnknown: nothing is known of what it can receive.
            RegisterStale: the register is too old to be trusted, or of a day that has not come.
        """
        if self.deliverable:
            return self
        raise told(self._error(), {language: self.explain(language) for language in LANGUAGES})

    def _error(self) -> type[SorAddressingError]:
        if self.resolution.status is not Status.RESOLVED:
            self.resolution.unwrap()
        if self.outcome is Outcome.UNSUPPORTED:
            return MessageTypeUnsupported
        if self.outcome is Outcome.SUPPORT_UNKNOWN:
            return SupportUnknown
        errors = {code for code, severity, _ in self._raws if severity is Severity.ERROR}
        if "message-type-missing" in errors:
            return MalformedMessageType
        if errors & {raw[0] for raw in self.resolution._raws}:
            return RecipientNotAddressable
        if errors <= {"register-stale", "register-of-the-future", "registrations-not-historical"}:
            return RegisterStale
        return MessageTypeUnsupported

    def explain(self, language: str = "en") -> str:
        """The answer and the way it was found, for people, in English (``"en"``) or Danish (``"da"``)."""
        from sor_addressing.addressing.explain import explain_verdict

        return explain_verdict(self, language)

    def to_dict(self) -> dict[str, object]:
        """Plain types, stable keys, for logs and JSON."""
        from sor_addressing.addressing.findings import Telling

        resolution, conversion = self.resolution, self.conversion
        telling = Telling(resolution._index)
        return {
            "message_type": self.message_type.to_dict(),
            "direction": str(self.direction),
            "outcome": str(self.outcome),
            "deliverable": self.deliverable,
            "send_as": self.send_as.to_dict() if self.send_as else None,
            "arrives_as": self.arrives_as.to_dict() if self.arrives_as else None,
            "conversion": conversion.to_dict() if conversion else None,
            "receipts": list(self.receipts),
            "alternatives": [message_type.to_dict() for message_type in self.alternatives],
            "findings": telling.of(self._raws, resolution._recipient_row),
            "resolution": resolution._told(telling),
            **({"chosen_because": str(self.chosen_because)} if self.chosen_because else {}),
        }


def chosen(verdict: Verdict, because: Choice) -> Verdict:
    """The verdict as that of the type that was chosen; what else it says, and what it is equal to, stays."""
    found = Verdict(
        verdict._resolution,
        verdict._message_type,
        verdict._direction,
        verdict._outcome,
        verdict._deliverable,
        verdict._support,
        verdict._raws,
    )
    found._chosen = because
    return found


class Deliveries(Protocol):
    """What remembers what came back of earlier letters: a ``DeliveryLedger``, of a floor above."""

    def said_of(
        self, number: str, message_type: MessageType, policy: AddressingPolicy, *, converted: bool = False
    ) -> tuple[RawFinding, ...]:
        """What is to be said of the last letters of a type to a location number."""


def with_deliveries(verdict: Verdict, deliveries: Deliveries, policy: AddressingPolicy) -> Verdict:
    """``verdict`` with what came back of earlier letters among its findings; it stops a letter only where the policy says so."""
    found, resolution = verdict._support, verdict._resolution
    if found is None or verdict._direction is not Direction.RECEIVE:
        return verdict
    number = resolution._index.location_number(resolution._recipient_row) or ""
    raws = deliveries.said_of(number, verdict._message_type, policy, converted=found.conversion is not None)
    if not raws:
        return verdict
    return Verdict(
        resolution,
        verdict._message_type,
        verdict._direction,
        verdict._outcome,
        verdict._deliverable and not has_error(raws),
        found,
        (*verdict._raws, *raws),
    )
