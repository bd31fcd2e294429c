"""A message type asked for, against the types that an index has registered: which of them count, as bits.

Worked out once for each message type and index; the answer for a location number is then a few comparisons of bits.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sor_addressing.addressing.policy import AddressingPolicy, levels_of
from sor_addressing.addressing.severities import RawFinding, raw_finding
from sor_addressing.index.lookup import Index
from sor_addressing.messages.catalogue import LONGEST_REMEMBERED, MessageFormat, MessageType, catalogue

_PLAN_LIMIT = 4_096


class Plan:
    """A message type asked for, against the types that an index has registered; all sets of types are bits.

    Attributes:
        asked: the message type.
        same: registered types with its code and family; ``exact`` its version too, ``without_version`` none.
        uncertain_family: those with its code that could be of another family.
        family: those of its family, in any format; ``other_formats`` by format, its own left out.
        receipts: by the format that arrives, the codes of the receipts expected and the types that are registered of each.
        expects_reply: whether a reply comes back in the family.
        relevant: every type that matters to an answer.
        known: what was worked out for registrations that are alike in all that is relevant here; never a verdict.
    """

    __slots__ = (
        "asked",
        "exact",
        "expects_reply",
        "family",
        "known",
        "other_formats",
        "receipts",
        "relevant",
        "same",
        "types",
        "uncertain_family",
        "without_version",
    )

    def __init__(self, index: Index, asked: MessageType) -> None:
        self.asked = asked
        self.types = index.registered_types()
        self.known: dict[Any, Any] = {}
        self.same = self.exact = self.without_version = self.uncertain_family = self.family = 0
        formats: dict[MessageFormat, int] = {}
        by_code: dict[str, int] = {}
        for position, registered in enumerate(self.types):
            bit = 1 << position
            by_code[registered.code] = by_code.get(registered.code, 0) | bit
            if registered.code == asked.code and registered.family == asked.family:
                self.same |= bit
                if registered.version == asked.version:
                    self.exact |= bit
                if registered.version is None:
                    self.without_version |= bit
            if not registered.family_certain and registered.code == asked.code:
                self.uncertain_family |= bit
            if asked.family is not None and registered.family == asked.family and registered.format is not None:
                self.family |= bit
                if registered.format is not asked.format:
                    formats[registered.format] = formats.get(registered.format, 0) | bit
        self.other_formats = tuple((format_, formats[format_]) for format_ in MessageFormat if format_ in formats)
        self.expects_reply = catalogue().expects_reply(asked.family)
        self.receipts = _receipts(asked.family, by_code)
        self.relevant = self.same | self.uncertain_family | self.family
        for expected in self.receipts.values():
            for _, bits in expected:
                self.relevant |= bits

    def of(self, bits: int) -> Iterator[MessageType]:
        """The registered types in ``bits``."""
        while bits:
            low = bits & -bits
            yield self.types[low.bit_length() - 1]
            bits ^= low

    def texts(self, bits: int) -> tuple[str, ...]:
        """The texts of the registered types in ``bits``."""
        return tuple(message_type.text for message_type in self.of(bits))

    def best(self, bits: int) -> MessageType:
        """Of several versions: one that is current, else the highest; one with a version before one without."""
        if not bits & (bits - 1):
            return self.types[bits.bit_length() - 1]
        return max(self.of(bits), key=lambda t: (bool(t.current), t.version is not None, t.version or ""))

    @property
    def other(self) -> int:
        """Types of the family in other formats."""
        union = 0
        for _, bits in self.other_formats:
            union |= bits
        return union


def plan_for(index: Index, message_type: str | MessageType) -> Plan:
    """The plan for ``message_type`` in any spelling, worked out once for each; of a text longer than any spelling nothing is kept.

    Raises:
        ValueError: the message type is blank.
    """
    plans = index.plans
    plan: Plan | None = plans.get(message_type)
    if plan is None:
        asked = catalogue().parse(message_type)
        plan = plans.get(asked) or Plan(index, asked)
        if len(asked.text if isinstance(message_type, MessageType) else message_type) > LONGEST_REMEMBERED:
            return plan
        if len(plans) >= _PLAN_LIMIT:
            plans.clear()
        plans[asked] = plans[message_type] = plan
    return plan


def _receipts(family: str | None, by_code: dict[str, int]) -> dict[MessageFormat | None, tuple[tuple[str, int], ...]]:
    if family is None:
        return {}
    expected = catalogue().receipts
    return {
        format_: tuple((code, by_code.get(code, 0)) for code in expected(format_, family)) for format_ in MessageFormat
    }


def not_current(message_type: MessageType, policy: AddressingPolicy) -> RawFinding:
    """That a version is not on the national list, and which is."""
    current = catalogue().current_versions(message_type.code, message_type.family or "")
    return raw_finding(levels_of(policy), "version-not-current", message_type.text, current)
