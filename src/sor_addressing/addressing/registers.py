"""Two registers, one answer: where SOR-EDI and EER say different things of one family on one location number."""

from __future__ import annotations

from sor_addressing.addressing.plan import Plan
from sor_addressing.addressing.policy import AddressingPolicy, levels_of
from sor_addressing.addressing.severities import RawFinding, raw_finding
from sor_addressing.index.columns import FROM_ENDPOINTS, MAY_RECEIVE, REGISTRATION_SHIFT, UNDIRECTED
from sor_addressing.index.lookup import Index
from sor_addressing.index.told.seen import View, counts, is_of_view
from sor_addressing.messages.catalogue import MessageType


def disagreement(index: Index, plan: Plan, number: int, view: View, policy: AddressingPolicy) -> RawFinding | None:
    """``registers-disagree`` where both registers speak of the family asked for and differ on the day; None where they don't.

    A type without a version is any version of it: SOR-EDI often says none.
    """
    places = index.told(number)
    if not places:
        return None
    columns, types = index.columns, index.registered_types()
    sor_edi: set[MessageType] = set()
    eer: set[MessageType] = set()
    endpoint_speaks = False
    for at in places:
        entry = columns.told_entry[at]
        position = entry >> REGISTRATION_SHIFT
        if not (plan.family | plan.same) >> position & 1 or not is_of_view(columns, at, view):
            continue
        if columns.told_flags[at] & FROM_ENDPOINTS:
            endpoint_speaks = True
            if counts(columns, at, view.day):
                eer.add(types[position])
        elif entry & MAY_RECEIVE or entry & UNDIRECTED == UNDIRECTED:
            sor_edi.add(types[position])
    if not sor_edi or not endpoint_speaks or (_covers(sor_edi, eer) and _covers(eer, sor_edi)):
        return None
    return raw_finding(
        levels_of(policy),
        "registers-disagree",
        plan.asked.family or plan.asked.code,
        tuple(sorted(one.text for one in sor_edi)),
        tuple(sorted(one.text for one in eer)),
    )


def _covers(one: set[MessageType], other: set[MessageType]) -> bool:
    """Whether everything in ``other`` stands in ``one`` too, a type without a version as any version of it."""
    return all(
        any(
            own.code == wanted.code and (own.version == wanted.version or None in (own.version, wanted.version))
            for own in one
        )
        for wanted in other
    )
