"""Counts who converts what, from columns: equal registrations are judged once, however many location numbers have them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import NamedTuple

from sor_addressing.addressing.converting import Scope, best_conversion, scope_of
from sor_addressing.addressing.inside import recipient_row
from sor_addressing.addressing.plan import Plan, plan_for
from sor_addressing.addressing.policy import AddressingPolicy
from sor_addressing.addressing.question import Question
from sor_addressing.addressing.resolve import resolve
from sor_addressing.addressing.usable import Usable
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.lookup import Index
from sor_addressing.index.told.seen import View
from sor_addressing.messages.catalogue import MessageFormat, MessageType, catalogue
from sor_addressing.messages.conversion_rows import ConversionScope
from sor_addressing.search.rules.behind import values_of_locations

_NARROW = tuple(ConversionScope)[1:]
"""What each fact of a party is bound by, in the order of the facts."""

DIRECT, NOBODY = "direct", "nobody"
"""In the place of who converts: the format is taken as it is, or nobody converts to one that is taken."""


class ConversionKind(NamedTuple):
    """What is counted: a family in the format asked for, the formats registered, what arrives, who converts, and the group of the number."""

    family: str
    asked: str
    registered: str
    arrives: str
    by: str
    group: tuple[str, ...]


class CountedConversions(NamedTuple):
    """Everything that was counted: for each kind and each model the cells of numbers; the numbers of each cell; and how many were left out."""

    kinds: Mapping[ConversionKind, Sequence[list[int]]]
    cells: Sequence[list[int]]
    not_in_use: int
    without_registrations: int


class _Cell(NamedTuple):
    registration_set: int
    scopes: tuple[Scope | None, ...]
    group: tuple[int, ...]


def count_conversions(
    index: Index, policies: Sequence[AddressingPolicy], by: Sequence[str], day: int, families: Iterable[str] | None
) -> CountedConversions:
    """The location numbers that letters can go to on ``day``, by what becomes of each family in each format under each policy."""
    cells, numbers, not_in_use, without = _cells(index, policies, by, day)
    kinds: dict[ConversionKind, tuple[list[int], ...]] = {}
    for (asked, hit, scopes, positions), having in _alike(index, cells, _asked(index, families)).items():
        group = tuple(map(index.text, positions))
        for plan in asked.plans:
            registered = _formats(plan, hit)
            for at, (policy, scope) in enumerate(zip(policies, scopes, strict=True)):
                told = asked.known.get((plan.asked.format, hit, at, scope))
                if told is None:
                    told = asked.known[plan.asked.format, hit, at, scope] = _outcome(plan, hit, scope, policy)
                kind = ConversionKind(asked.family, str(plan.asked.format), registered, *told, group)
                counted = kinds.get(kind)
                if counted is None:
                    counted = kinds[kind] = tuple([] for _ in policies)
                counted[at].extend(having)
    return CountedConversions(kinds, numbers, not_in_use, without)


class _FamilyAsked:
    """A family: the plans of its formats, the bits of its registered types, and what was worked out of it."""

    def __init__(self, family: str, plans: Sequence[Plan]) -> None:
        self.family = family
        self.plans = plans
        self.bits = reduce(or_, (plan.family for plan in plans), 0)
        self.known: dict[object, tuple[str, str]] = {}


_Likeness = tuple[_FamilyAsked, int, tuple[Scope | None, ...], tuple[int, ...]]
"""A family, what is registered of it, the scopes and the group: with these every count is the same."""


def _alike(index: Index, cells: Sequence[_Cell], families: Sequence[_FamilyAsked]) -> dict[_Likeness, list[int]]:
    """The cells that are alike in each family."""
    found: dict[_Likeness, list[int]] = {}
    hits: dict[int, list[tuple[_FamilyAsked, int]]] = {}
    for place, (registration_set, scopes, group) in enumerate(cells):
        there = hits.get(registration_set)
        if there is None:
            receives = index.masks(registration_set).receives
            there = hits[registration_set] = [(asked, hit) for asked in families if (hit := receives & asked.bits)]
        for asked, hit in there:
            key = asked, hit, scopes, group
            having = found.get(key)
            if having is None:
                found[key] = [place]
            else:
                having.append(place)
    return found


def _cells(
    index: Index, policies: Sequence[AddressingPolicy], by: Sequence[str], day: int
) -> tuple[list[_Cell], list[list[int]], int, int]:
    """The numbers in use, those together that have the same registrations, group and scopes."""
    columns = index.columns
    places = _locations_in_use(index, day, policies[0])
    values = [values_of_locations(index, name) for name in by]
    asked = [{row.scope for row in policy.conversion_model.rows} for policy in policies]
    found: dict[_Cell, list[int]] = {}
    view = View(policies[0].registers, policies[0].environment, day)
    without = 0
    for number, location in places.items():
        registration_set = index.registration_set(number, view)
        if registration_set == NOTHING:
            without += 1
            continue
        scopes = tuple(
            None
            if policy.conversion_model.only_wide
            else _only_what_is_asked(scope_of(index, number, location, day, policy), scopes_asked)
            for policy, scopes_asked in zip(policies, asked, strict=True)
        )
        cell = _Cell(registration_set, scopes, tuple([column[location] for column in values]))
        found.setdefault(cell, []).append(number)
    held = sum(1 for number in range(len(columns.number_key)) if index.holds_number(number))
    return list(found), list(found.values()), held - len(places), without


def _only_what_is_asked(scope: Scope, asked: Collection[ConversionScope]) -> Scope:
    """Without what no row of the model is bound to, so that numbers that differ in nothing else are one cell."""
    known = zip(_NARROW, scope.receiver, strict=True)
    receiver = tuple([value if bound in asked else None for bound, value in known])
    return scope._replace(receiver=receiver)  # type: ignore[arg-type]  # of the same length


def _locations_in_use(index: Index, day: int, policy: AddressingPolicy) -> dict[int, int]:
    """The location numbers that a letter can go to on the day, each with the location whose facts hold."""
    columns = index.columns
    rows, _ = Usable(index, day, policy).divide(range(len(index)))
    locations, numbers = columns.unit_location, columns.location_number
    found: dict[int, int] = {}
    for row in rows:
        found.setdefault(numbers[locations[row]], locations[row])
    for number in found:
        if columns.number_owners[number] > 1:
            question = Question(index.number_text(number), IdentifierKind.LOCATION_NUMBER, day, policy, None)
            owner = recipient_row(resolve(index, question))
            if owner != NOTHING:
                found[number] = locations[owner]
    return found


def _asked(index: Index, families: Iterable[str] | None) -> list[_FamilyAsked]:
    """The families, each with a plan for each of its formats."""
    wanted = None if families is None else {one.upper() for one in families}
    found = []
    for family in catalogue().families:
        if wanted is not None and family not in wanted:
            continue
        types: dict[MessageFormat, MessageType] = {}
        for one in catalogue().types_of_family(family):
            if one.format is not None and (one.format not in types or (one.current and not types[one.format].current)):
                types[one.format] = one
        plans = [plan_for(index, _as_asked(types[format_])) for format_ in MessageFormat if format_ in types]
        found.append(_FamilyAsked(family, plans))
    return found


def _as_asked(message_type: MessageType) -> MessageType:
    """The code alone where that means this family, for so it is mostly asked; else with the version."""
    alone = catalogue().parse(message_type.code)
    return alone if alone.family == message_type.family else message_type


def _formats(plan: Plan, hit: int) -> str:
    """The formats of the family that are registered, such as ``EDI+XML``."""
    there = {one.format for one in plan.of(hit)}
    return "+".join(format_ for format_ in MessageFormat if format_ in there)


def _outcome(plan: Plan, hit: int, scope: Scope | None, policy: AddressingPolicy) -> tuple[str, str]:
    """The format that arrives, and who converts to it."""
    if hit & plan.same:
        return str(plan.asked.format), DIRECT
    conversion = best_conversion(plan, hit, scope or Scope(), policy)
    if conversion is None or conversion.target.format is None:
        return "", NOBODY
    return str(conversion.target.format), str(conversion.by)
