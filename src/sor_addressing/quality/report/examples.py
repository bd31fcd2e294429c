"""Some remarks of each rule, for a report that can't show them all."""

from __future__ import annotations

from collections import Counter

from sor_addressing.quality.defining import Rule
from sor_addressing.quality.outcome import AuditOutcome
from sor_addressing.quality.remarks import Remark


def examples_of(outcome: AuditOutcome, limit: int) -> list[tuple[Rule, int, tuple[Remark, ...]]]:
    """Each rule that made remarks, how many, and the first of them."""
    counts: Counter[int] = Counter()
    first: dict[int, list[int]] = {}
    for place, (position, _) in enumerate(outcome._seen):
        counts[position] += 1
        if counts[position] <= limit:
            first.setdefault(position, []).append(place)
    remarks = outcome.remarks
    return [
        (outcome.rules[position], counts[position], tuple(remarks[place] for place in places))
        for position, places in first.items()
    ]
