"""What was asked, as the answer keeps it: :class:`Question`."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from sor_addressing.addressing.policy import AddressingPolicy
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.messages.catalogue import MessageType


class Question(NamedTuple):
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
