"""The order of matches: how well the words match comes first, and among near-equals what can be used comes before what can't.

The order is total: the same query on the same register gives the same answer, everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from sor_addressing.addressing.plan import Plan
from sor_addressing.addressing.policy import AddressingPolicy
from sor_addressing.addressing.severities import has_error
from sor_addressing.addressing.support import Direction, Outcome, support
from sor_addressing.addressing.usable import assess
from sor_addressing.index.columns import LOCATION_OWN, NOTHING
from sor_addressing.index.lookup import Index
from sor_addressing.search.words.retrieval import Scored, Units

BAND = 0.02
"""Scores that lie within so much of each other, counted from the best, are near-equal."""

_BEST = (False, False, 0, False)
_RECEIVES = {Outcome.SUPPORTED: 0, Outcome.CONVERTED: 1, Outcome.SUPPORT_UNKNOWN: 3, Outcome.UNSUPPORTED: 4}

Standing = tuple[bool, bool, int, bool]
"""Not addressable, no number of its own, how badly it receives the message type, not in force: less is better."""


def standing(index: Index, row: int, day: int, policy: AddressingPolicy, plan: Plan | None) -> Standing:
    """What decides between units whose names match equally well."""
    columns = index.columns
    location = columns.unit_location[row]
    receives = 0
    if plan is not None:
        receives = 4
        if location != NOTHING:
            found = support(index, plan, columns.location_number[location], location, Direction.RECEIVE, policy, day)
            by_sender = found.outcome is Outcome.CONVERTED and has_error(found.raws)
            receives = 2 if by_sender else _RECEIVES[found.outcome]
    return (
        not assess(index, row, day, policy).usable,
        columns.unit_location_state[row] != LOCATION_OWN,
        receives,
        not index.is_in_force(row, day),
    )


def ranked(
    index: Index,
    units: Units,
    scored: Iterable[Scored],
    *,
    limit: int,
    day: int,
    policy: AddressingPolicy,
    plan: Plan | None,
) -> list[Scored]:
    """The first ``limit`` of ``scored``, in order."""
    order = units.order

    def finely(one: Scored) -> tuple[float, int, int]:
        return (-round(one.score, 3), units.name_length(one.position), order[one.position])

    waiting = sorted(scored, key=finely)
    if not waiting:
        return []
    best = round(waiting[0].score, 3)
    found: list[Scored] = []
    for _, band in groupby(waiting, key=lambda one: int((best - round(one.score, 3)) / BAND)):
        wanted = limit - len(found)
        if wanted <= 0:
            break
        stood: list[tuple[Standing, int, Scored]] = []
        of_the_best = 0
        for place, one in enumerate(band):
            stands = standing(index, order[one.position], day, policy, plan)
            stood.append((stands, place, one))
            of_the_best += stands == _BEST
            if of_the_best == wanted:
                break  # all that follow stand behind these
        stood.sort(key=lambda item: item[:2])
        found.extend(one for _, _, one in stood[:wanted])
    return found
