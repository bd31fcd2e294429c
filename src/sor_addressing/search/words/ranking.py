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

_OUT_OF_REACH = 0.96
"""What a match with a unit that is not in force, or has no number and nothing below it, is worth beside one that can be used."""

_BEST = (False, False, 0, False)
_RECEIVES = {Outcome.SUPPORTED: 0, Outcome.CONVERTED: 1, Outcome.SUPPORT_UNKNOWN: 3, Outcome.UNSUPPORTED: 4}

Standing = tuple[bool, bool, int, bool]
"""Not addressable, no number of its own, how badly it receives the message type, not in force: less is better."""

_Weighed = tuple[float, int, bool, int, Scored]
"""A match with its score below zero, characters of the name, whether it inherits its number, and its row."""


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
) -> list[tuple[Scored, tuple[int, ...]]]:
    """The first ``limit`` of ``scored``, in order; each with the positions of the others at its address that no typed word tells from it."""
    order, columns = units.order, index.columns
    weighed: list[_Weighed] = []
    for one in scored:
        row = order[one.position]
        out_of_reach = not index.is_in_force(row, day) or (
            columns.unit_location[row] == NOTHING and units.end[one.position] == one.position + 1
        )
        score = one.score * _OUT_OF_REACH if out_of_reach else one.score
        inherits = columns.unit_location_state[row] != LOCATION_OWN
        weighed.append((-round(score, 3), units.name_length(one.position), inherits, row, one))
    weighed.sort(key=lambda item: (item[0], item[2], item[1], item[3]))
    waiting, others = _by_address(index, weighed)
    if not waiting:
        return []
    waiting.sort(key=lambda item: (item[0], item[1], item[3]))
    best = -waiting[0][0]
    found: list[Scored] = []
    for _, band in groupby(waiting, key=lambda item: int((best + item[0]) / BAND)):
        wanted = limit - len(found)
        if wanted <= 0:
            break
        stood: list[tuple[Standing, int, Scored]] = []
        of_the_best = 0
        for place, (_, _, _, row, one) in enumerate(band):
            stands = standing(index, row, day, policy, plan)
            stood.append((stands, place, one))
            of_the_best += stands == _BEST
            if of_the_best == wanted:
                break  # all that follow stand behind these
        stood.sort(key=lambda item: item[:2])
        found.extend(one for _, _, one in stood[:wanted])
    return [(one, tuple(others.get(one.position, ()))) for one in found]


def _by_address(index: Index, weighed: list[_Weighed]) -> tuple[list[_Weighed], dict[int, list[int]]]:
    """The best of each location number, and the positions of the others that have the same, by that of the best.

    A unit of which a typed word tells what the best has not in its own texts stands for itself.
    """
    location_of, number_of = index.columns.unit_location, index.columns.location_number
    shown: dict[int, list[_Weighed]] = {}
    others: dict[int, list[int]] = {}
    kept: list[_Weighed] = []
    for item in weighed:
        location = location_of[item[3]]
        if location == NOTHING:
            kept.append(item)
            continue
        rows = shown.get(number_of[location])
        if rows is None:
            shown[number_of[location]] = [item]
            kept.append(item)
            continue
        own = item[4].own_words()
        row = next((first[4].position for first in rows if own <= first[4].own_words()), None)
        if row is None:
            rows.append(item)
            kept.append(item)
        else:
            others.setdefault(row, []).append(item[4].position)
    return kept, others
