"""What came back of earlier letters, beside a verdict: the floor above gives it, a verdict only takes it in."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from sor_addressing.addressing.policy import AddressingPolicy, levels_of
from sor_addressing.addressing.severities import RawFinding, Severity, has_error
from sor_addressing.addressing.support import Direction
from sor_addressing.addressing.verdicts import Verdict

if TYPE_CHECKING:
    from sor_addressing.messages.catalogue import MessageType


OF_DELIVERIES = frozenset(["last-delivery-refused", "receipt-overdue"])
"""The findings that only a ledger gives."""


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


class Deliveries(Protocol):
    """What remembers what came back: a ``DeliveryLedger``."""

    def said_of(
        self, number: str, message_type: MessageType, levels: Mapping[str, Severity], *, converted: bool = False
    ) -> tuple[RawFinding, ...]:
        """What is to be said of the last letters of a type to a location number."""


def with_deliveries(verdict: Verdict, deliveries: Deliveries, policy: AddressingPolicy) -> Verdict:
    """``verdict`` with what came back of earlier letters among its findings; it stops a letter only where the policy says so."""
    found = verdict._support
    resolution = verdict._resolution
    row = resolution._recipient_row
    if found is None or verdict._direction is not Direction.RECEIVE:
        return verdict
    index = resolution._index
    number = index.location_number(row)
    if number is None:
        return verdict
    converted = found.conversion is not None
    raws = deliveries.said_of(number, verdict._message_type, levels_of(policy), converted=converted)
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
