"""A message type asked for, against the types that an index has registered: which of them count, as bits.

Worked out once for each message type and index; the answer for a location number is then a few comparisons of bits.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from sor_addressing.addressing.policy import AddressingPolicy
from sor_addressing.addressing.severities import RawFinding
from sor_addressing.index.lookup import Index
from sor_addressing.messages.catalogue import MessageFormat, MessageType, catalogue

_PLAN_LIMIT = 4_096


@attrs.define(slots=True, eq=False, repr=False)
class Plan:
    """A message type asked for, against the types that an index has registered; all sets of types are bits."""

    asked: MessageType
    types: tuple[MessageType, ...]
    same: int
    exact: int
    without_version: int
    uncertain_family: int
    family: int
    other_formats: tuple[tuple[MessageFormat, int], ...]
    receipts: dict[MessageFormat | None, tuple[tuple[str, int], ...]]
    expects_reply: bool
    relevant: int
    known: dict[Any, Any] = attrs.field(factory=dict)
    """What was worked out for registrations that are alike in all that is relevant here; never a verdict."""

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
    """The plan for ``message_type`` in any spelling, worked out once for each.

    Raises:
        ValueError: the message type is blank.
    """
    plans = index.plans
    plan: Plan | None = plans.get(message_type)
    if plan is None:
        asked = catalogue().parse(message_type)
        plan = plans.get(asked) or _make_plan(index, asked)
        if len(plans) >= _PLAN_LIMIT:
            plans.clear()
        plans[asked] = plans[message_type] = plan
    return plan


def _make_plan(index: Index, asked: MessageType) -> Plan:
    types = index.registered_types()
    same = exact = without_version = uncertain = family = 0
    formats: dict[MessageFormat, int] = {}
    by_code: dict[str, int] = {}
    for position, registered in enumerate(types):
        bit = 1 << position
        by_code[registered.code] = by_code.get(registered.code, 0) | bit
        if registered.code == asked.code and registered.family == asked.family:
            same |= bit
            if registered.version == asked.version:
                exact |= bit
            if registered.version is None:
                without_version |= bit
        if not registered.family_certain and registered.code == asked.code:
            uncertain |= bit
        if asked.family is not None and registered.family == asked.family and registered.format is not None:
            family |= bit
            if registered.format is not asked.format:
                formats[registered.format] = formats.get(registered.format, 0) | bit
    known = catalogue()
    relevant = same | uncertain | family
    receipts: dict[MessageFormat | None, tuple[tuple[str, int], ...]] = {
        format_: tuple((code, by_code.get(code, 0)) for code in known.receipts(format_, asked.family))
        for format_ in MessageFormat
    }
    if asked.family is None:
        receipts = {}
    for expected in receipts.values():
        for _, bits in expected:
            relevant |= bits
    return Plan(
        asked,
        types,
        same,
        exact,
        without_version,
        uncertain,
        family,
        tuple((format_, formats[format_]) for format_ in MessageFormat if format_ in formats),
        receipts,
        known.expects_reply(asked.family),
        relevant,
    )


def not_current(message_type: MessageType, policy: AddressingPolicy) -> RawFinding:
    """That a version is not on the national list, and which is."""
    current = catalogue().current_versions(message_type.code, message_type.family or "")
    return ("version-not-current", policy.levels["version-not-current"], (message_type.text, current))
