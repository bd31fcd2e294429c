"""From a register and what it would be, to what that does: to letters, their receipts and replies, to numbers and to remarks."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum

import attrs

from sor_addressing.addressing.policy import AddressingPolicy
from sor_addressing.addressing.support import Outcome
from sor_addressing.addressing.verdicts import Verdict
from sor_addressing.index.columns import NOTHING
from sor_addressing.messages.conversions import Converter
from sor_addressing.quality.remarks import Remark
from sor_addressing.register.face import Register
from sor_addressing.register.inside import index_of

Pair = tuple[str, str]
"""A recipient and a message type, as they are sent to."""

LACKING = ("receipt-missing", "reply-impossible")
"""The findings that say what doesn't come back."""


class PairOutcome(StrEnum):
    """What becomes of letters."""

    UNDELIVERABLE = "undeliverable"
    CONVERTED = "converted"
    SUPPORTED = "supported"
    UNKNOWN = "unknown"


@attrs.frozen(slots=True)
class PairChange:
    """A pair of a recipient and a message type for which something changes.

    Attributes:
        recipient: as it was given.
        message_type: likewise.
        name: the recipient's name; None where the register has none.
        location_number: the recipient's.
        before: what became of letters before.
        after: what becomes of them.
        by: who converts, after; None where nobody does.
        reason: the code of the finding that stops the letter, after.
        lacks: the codes of findings on receipts and replies that begin.
        regains: those that cease.
    """

    recipient: str
    message_type: str
    name: str | None
    location_number: str | None
    before: PairOutcome
    after: PairOutcome
    by: Converter | None
    reason: str | None
    lacks: tuple[str, ...]
    regains: tuple[str, ...]

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {
            "recipient": self.recipient,
            "message_type": self.message_type,
            "name": self.name,
            "location_number": self.location_number,
            "before": str(self.before),
            "after": str(self.after),
            "by": str(self.by) if self.by else None,
            "reason": self.reason,
            "lacks": list(self.lacks),
            "regains": list(self.regains),
        }


@attrs.frozen(slots=True)
class PlanEffect:
    """What changes from one register to another, by a plan.

    Attributes:
        numbers: how many location numbers have other registrations.
        emptied: the location numbers that end with nothing registered.
        pairs: how many pairs were looked at, each once.
        changed: those for which something changes.
        remarks_begun: remarks of the audit that begin.
        remarks_ceased: those that cease.
    """

    numbers: int
    emptied: tuple[str, ...]
    pairs: int
    changed: tuple[PairChange, ...]
    remarks_begun: tuple[Remark, ...]
    remarks_ceased: tuple[Remark, ...]

    def becoming(self, outcome: PairOutcome | str) -> tuple[PairChange, ...]:
        """The pairs that become undeliverable, converted (or converted by somebody else), or supported."""
        return tuple(one for one in self.changed if one.after == outcome and _is_other(one))

    @property
    def lacking(self) -> tuple[PairChange, ...]:
        """The pairs for which receipts or replies lack that came before."""
        return tuple(one for one in self.changed if one.lacks)

    @property
    def by_rule(self) -> dict[str, tuple[int, int]]:
        """How many remarks of each rule begin and cease."""
        begun = Counter(one.rule for one in self.remarks_begun)
        ceased = Counter(one.rule for one in self.remarks_ceased)
        return {rule: (begun[rule], ceased[rule]) for rule in sorted(begun.keys() | ceased.keys())}

    def to_dict(self) -> dict[str, object]:
        """Plain types, stable keys."""
        return {
            "numbers": self.numbers,
            "emptied": list(self.emptied),
            "pairs": self.pairs,
            **{f"becoming_{outcome}": len(self.becoming(outcome)) for outcome in PairOutcome},
            "lacking": len(self.lacking),
            "changed": [one.to_dict() for one in self.changed],
            "by_rule": {rule: {"begun": begun, "ceased": ceased} for rule, (begun, ceased) in self.by_rule.items()},
            "remarks_begun": [one.to_dict() for one in self.remarks_begun],
            "remarks_ceased": [one.to_dict() for one in self.remarks_ceased],
        }


def _is_other(one: PairChange) -> bool:
    return one.before != one.after or one.after is PairOutcome.CONVERTED


def effect_of(
    before: Register,
    after: Register,
    pairs: Sequence[Pair],
    *,
    on: dt.date,
    policy: AddressingPolicy,
    remarks: Callable[[Register], dict[object, Remark]],
) -> PlanEffect:
    """What changes from ``before`` to ``after``, two registers of the same units, for letters sent on a day."""
    numbers, emptied = _numbers(before, after)
    old, new = remarks(before), remarks(after)
    asked = list(dict.fromkeys(pairs))
    verdicts = zip(
        asked,
        before.validate_many(asked, on=on, policy=policy),
        after.validate_many(asked, on=on, policy=policy),
        strict=True,
    )
    changes = (_change(pair, one, other) for pair, one, other in verdicts)
    return PlanEffect(
        numbers,
        emptied,
        len(asked),
        tuple(one for one in changes if one is not None),
        tuple(remark for key, remark in new.items() if key not in old),
        tuple(remark for key, remark in old.items() if key not in new),
    )


def _numbers(before: Register, after: Register) -> tuple[int, tuple[str, ...]]:
    """How many numbers have other registrations, and those that have none any more."""
    index, other = index_of(before), index_of(after)
    changed, emptied = 0, []
    for number, (old, new) in enumerate(zip(index.columns.number_set, other.columns.number_set, strict=True)):
        if old != new and list(_registered(before, old)) != list(_registered(after, new)):
            changed += 1
            if new == NOTHING:
                emptied.append(index.number_text(number))
    return changed, tuple(sorted(emptied))


def _registered(register: Register, registration_set: int) -> Iterator[int]:
    return iter(() if registration_set == NOTHING else index_of(register).entries(registration_set))


def _change(pair: Pair, before: Verdict, after: Verdict) -> PairChange | None:
    was, becomes = _outcome(before), _outcome(after)
    by = after.conversion.by if after.conversion else None
    old_by = before.conversion.by if before.conversion else None
    lacked, lacks = _lacking(before), _lacking(after)
    begun = tuple(code for code in lacks if lacks[code] - lacked.get(code, set())) if after.deliverable else ()
    ceased = tuple(code for code in lacked if lacked[code] - lacks.get(code, set())) if after.deliverable else ()
    same = was is becomes and (by is old_by or becomes is not PairOutcome.CONVERTED)
    if same and not begun and not ceased:
        return None
    recipient, reason = after.resolution.recipient, after.reason
    return PairChange(
        pair[0],
        pair[1],
        recipient.name if recipient else None,
        recipient.location_number if recipient else None,
        was,
        becomes,
        by,
        reason.code if reason else None,
        begun,
        ceased,
    )


def _outcome(verdict: Verdict) -> PairOutcome:
    if not verdict.deliverable:
        return PairOutcome.UNDELIVERABLE
    if verdict.outcome is Outcome.SUPPORTED:
        return PairOutcome.SUPPORTED
    return PairOutcome.CONVERTED if verdict.outcome is Outcome.CONVERTED else PairOutcome.UNKNOWN


def _lacking(verdict: Verdict) -> dict[str, set[object]]:
    """What doesn't come back, by code: which receipts, or the reply."""
    found: dict[str, set[object]] = {}
    for finding in verdict.findings:
        if finding.code in LACKING:
            receipts = finding.details.get("receipts")
            found[finding.code] = set(receipts) if isinstance(receipts, (tuple, list)) else {finding.code}
    return found
