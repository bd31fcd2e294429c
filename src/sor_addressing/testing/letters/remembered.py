"""What came back, made up: for tests of a program that shows what a ledger says, without a file."""

from __future__ import annotations

import attrs

from sor_addressing.addressing.policy import AddressingPolicy, levels_of
from sor_addressing.addressing.severities import RawFinding, raw_finding
from sor_addressing.messages.catalogue import MessageType
from sor_addressing.messages.refusals import about_of

__all__ = ["MadeUpDeliveries"]


@attrs.frozen(slots=True)
class MadeUpDeliveries:
    """Stands in for a ``DeliveryLedger``: the last letter to every number fared alike.

    Attributes:
        refused: the code that it was refused with; not refused where None.
        overdue: whether its receipt is overdue.
        day: the day on which it was.

    >>> from sor_addressing import Register
    >>> verdict = Register.sample().validate("990001", "DIS91", deliveries=MadeUpDeliveries(refused="LOK"))
    >>> verdict.findings[-1].title()
    'The last letter there was refused'
    """

    refused: str | None = None
    overdue: bool = False
    day: str = "2026-01-14"

    def said_of(
        self,
        number: str,
        message_type: MessageType,
        policy: AddressingPolicy,
        *,
        converted: bool = False,  # noqa: ARG002 (as a ledger is asked)
    ) -> tuple[RawFinding, ...]:
        """The findings on every letter."""
        raws: tuple[RawFinding, ...] = ()
        levels = levels_of(policy)
        if self.refused is not None:
            about = about_of(self.refused)
            raws = (
                raw_finding(
                    levels, "last-delivery-refused", number, message_type.text, self.day, self.refused, about, True
                ),
            )
        if self.overdue:
            times = (f"{self.day} 09:00", f"{self.day} 09:30")
            raws = (*raws, raw_finding(levels, "receipt-overdue", number, message_type.text, *times))
        return raws
