"""``what_if``: what a plan would do to the letters that are sent, and to what is registered."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from sor_addressing.addressing.policy import DEFAULT_POLICY, AddressingPolicy
from sor_addressing.changes.book.entries import BookEntry
from sor_addressing.changes.book.reading import read_book
from sor_addressing.changes.planning.effects import Pair, effect_of
from sor_addressing.changes.planning.report import WhatIf, WhatIfStep
from sor_addressing.clock import day_number
from sor_addressing.errors import PlanError
from sor_addressing.hiding import shown
from sor_addressing.quality.audit import audit
from sor_addressing.quality.remarks import Remark
from sor_addressing.quality.rule_set import RuleGiven
from sor_addressing.register.face import Register
from sor_addressing.register.inside import clock_of, index_of
from sor_addressing.register.proposals.overlay import lay_over
from sor_addressing.register.proposals.planned_rows import ChangePlan, PlanRow

Traffic: TypeAlias = str | os.PathLike[str] | Iterable["BookEntry | Mapping[str, object] | tuple[str, str]"]
"""Pairs of recipient and message type, or an address book: its path, entries or mappings."""


def what_if(
    register: Register,
    plan: ChangePlan | str | os.PathLike[str] | Iterable[PlanRow | Mapping[str, object]],
    *,
    traffic: Traffic | None = None,
    on: dt.date | None = None,
    policy: AddressingPolicy | None = None,
    rules: Iterable[RuleGiven] | None = None,
) -> WhatIf:
    """What a plan would do: which letters become undeliverable, converted or supported, what lacks, and what the audit then says.

    A plan with days is told day by day too. Letters are judged on the day of each step, or today where that is later: with and without the
    plan, so that nothing but the plan makes the difference.

    Args:
        register: as it is.
        plan: a :class:`ChangePlan`, the path of one, or rows.
        traffic: what is sent: pairs of recipient and message type, or an address book with message types.
        on: rows that count from a later day are left out; every row is done where None.
        policy: what is accepted, and by which conversion model; the default policy where None.
        rules: rules of the audit to follow; all of the package where None, none where empty.

    Raises:
        PlanError: the plan can't be read, a row can't mean anything, or the register has no message types.
        AddressBookError: the address book can't be read.
    """
    given = ChangePlan.of(plan)
    used = policy or DEFAULT_POLICY
    pairs = tuple(_pairs(traffic)) if traffic is not None else ()
    if on is not None:
        day_number(on)
    today = clock_of(register)()
    rows = [row for row in given if row.holds_on(on)]
    _, effects = lay_over(index_of(register), rows)
    chosen = None if rules is None else list(rules)
    audited: dict[int, dict[object, Remark]] = {}

    def remarks(one: Register) -> dict[object, Remark]:
        if id(one) not in audited:
            audited[id(one)] = {} if chosen == [] else _remarks(one, chosen)
        return audited[id(one)]

    days = sorted({row.from_date or dt.date.min for row in rows})
    states = [register, *(register.with_changes(given, on=day) for day in days)]
    steps = tuple(
        WhatIfStep(
            None if day == dt.date.min else day,
            effect_of(before, after, pairs, on=max(day, today), policy=used, remarks=remarks),
        )
        for day, before, after in zip(days, states, states[1:], strict=False)
    )
    last = max((on or dt.date.min, today, *days))
    if len(steps) == 1 and last == max(days[0], today):
        total = steps[0].effect
    else:
        total = effect_of(register, states[-1], pairs, on=last, policy=used, remarks=remarks)
    return WhatIf(
        plan=given,
        snapshot_date=register.snapshot_date,
        on=last,
        model=used.conversion_model.name,
        rows=effects,
        later=len(given) - len(rows),
        total=total,
        steps=steps,
    )


def _remarks(register: Register, rules: list[RuleGiven] | None) -> dict[object, Remark]:
    """The remarks of an audit, each by what tells it from others."""
    return {
        (one.rule, one.sor_code, one.location_number, repr(sorted(one.details.items(), key=str))): one
        for one in audit(register, rules=rules).remarks
    }


def _pairs(traffic: Traffic) -> Iterator[Pair]:
    """The pairs of a traffic or an address book."""
    if isinstance(traffic, (str, os.PathLike)):
        book: Any = traffic
    else:
        book = list(traffic)
        if any(isinstance(one, (tuple, list)) for one in book):
            for place, pair in enumerate(book, start=1):
                if not _is_pair(pair):
                    raise PlanError(
                        f"pair {place} of the traffic is no recipient and message type: {shown(repr(pair))}"
                    )
                yield pair[0], pair[1]
            return
    for entry in read_book(book).entries:
        recipient = entry.location_number or entry.sor_code or entry.provider_number or entry.shak_code
        for message_type in entry.message_types if recipient else ():
            yield recipient, message_type


def _is_pair(pair: object) -> bool:
    return isinstance(pair, (tuple, list)) and len(pair) == 2 and all(isinstance(one, str) for one in pair)
