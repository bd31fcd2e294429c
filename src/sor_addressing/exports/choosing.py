"""From the units of a use to its rows: one a key, each with the unit that stands for it, or the reason why no letter can go there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

import attrs

from sor_addressing.addressing.inside import recipient_row, unit_certain, why_not
from sor_addressing.addressing.policy import AddressingPolicy
from sor_addressing.addressing.question import Question
from sor_addressing.addressing.resolve import resolve
from sor_addressing.addressing.usable import Usable, without_location
from sor_addressing.exports.selecting import Selected
from sor_addressing.exports.uses import Key
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.lookup import Index
from sor_addressing.search.rules.filters import Filter
from sor_addressing.search.rules.found import Search

NO_PROVIDER_NUMBER = "provider-number-missing"
"""Why a unit has no row in an extract by provider number: it has none."""


@attrs.define(slots=True)
class Chosen:
    """The rows of an extract, sorted as the register sorts units.

    ``keys`` has the provider numbers of the rows where they are the key; else the key is that of the row. ``reasons``, ``uncertain`` and
    ``beside`` are by place in ``rows``: why no letter can go there, whether the unit is not certain, and the other units at the address.
    ``not_addressable`` counts keys by the reason why no letter can go there, ``without_key`` units that have no key.
    """

    rows: list[int] = attrs.field(factory=list)
    keys: list[str] | None = None
    reasons: dict[int, str] = attrs.field(factory=dict)
    uncertain: set[int] = attrs.field(factory=set)
    beside: dict[int, Sequence[int]] = attrs.field(factory=dict)
    not_addressable: dict[str, int] = attrs.field(factory=dict)
    without_key: dict[str, int] = attrs.field(factory=dict)


class _Choice(NamedTuple):
    """One key on its way to a row."""

    row: int
    number: str = ""
    reason: str | None = None
    certain: bool = True
    beside: Sequence[int] = ()


@attrs.frozen(slots=True)
class ExportQuestion:
    """What decides who stands for a key: register, day and policy."""

    index: Index
    day: int
    policy: AddressingPolicy
    usable: Usable = attrs.field(init=False, eq=False, repr=False)

    @usable.default
    def _usable(self) -> Usable:
        return Usable(self.index, self.day, self.policy)


def choose(asked: ExportQuestion, selected: Selected, key: Key, *, only_addressable: bool) -> Chosen:
    """One row a key, of the units selected."""
    reached, _ = asked.usable.divide(selected.rows)
    if key is Key.SOR_CODE:
        return _by_unit(asked, selected.rows, reached, only_addressable=only_addressable)
    make = _by_address if key is Key.LOCATION_NUMBER else _by_provider
    choices, without_key = make(asked, selected.rows, reached)
    chosen = Chosen(keys=[] if key is Key.PROVIDER_NUMBER else None, without_key=without_key)
    refused = Counter(choice.reason for choice in choices if choice.reason is not None)
    chosen.not_addressable = dict(sorted(refused.items()))
    for row, number, reason, certain, beside in sorted(choices, key=itemgetter(0, 1)):
        if reason is not None:
            if only_addressable:
                continue
            chosen.reasons[len(chosen.rows)] = reason
        if not certain:
            chosen.uncertain.add(len(chosen.rows))
        if beside:
            chosen.beside[len(chosen.rows)] = beside
        if chosen.keys is not None:
            chosen.keys.append(number)
        chosen.rows.append(row)
    return chosen


def _by_unit(asked: ExportQuestion, rows: Sequence[int], reached: Sequence[int], *, only_addressable: bool) -> Chosen:
    _, refused = asked.usable.divide(rows)
    chosen = Chosen(list(reached), not_addressable=dict(sorted(refused.items())))
    if not only_addressable:
        chosen.rows = list(rows)
        usable = set(reached)
        for place, row in enumerate(chosen.rows):
            reason = None if row in usable else asked.usable.against(row)
            if reason is not None:
                chosen.reasons[place] = reason
    return chosen


def _by_address(
    asked: ExportQuestion, rows: Sequence[int], reached: Sequence[int]
) -> tuple[list[_Choice], dict[str, int]]:
    """One choice a location number: the unit it stands for, by the rules of resolving."""
    index, columns = asked.index, asked.index.columns
    locations, numbers = columns.unit_location, columns.location_number
    usable: dict[int, list[int]] = {}
    for row in reached:
        usable.setdefault(numbers[locations[row]], []).append(row)
    others: dict[int, list[int]] = {}
    without: dict[str, int] = {}
    if len(reached) < len(rows):
        reached_rows = set(reached)
        for row in rows:
            if row in reached_rows:
                continue
            if locations[row] == NOTHING:
                code = without_location(index, row)
                without[code] = without.get(code, 0) + 1
            elif (number := numbers[locations[row]]) not in usable:
                others.setdefault(number, []).append(row)
    stands_for = _Standing(asked)
    choices = [stands_for.choice(number, having) for number, having in usable.items()]
    for number, having in others.items():
        owners = index.owners_of_number(number)
        row = next((owner for owner in owners if owner in having), having[0])
        choices.append(_Choice(row, reason=asked.usable.against(row), beside=[one for one in having if one != row]))
    return choices, dict(sorted(without.items()))


class _Standing:
    """Who stands for a location number that a letter can go to."""

    def __init__(self, asked: ExportQuestion) -> None:
        self._asked = asked
        columns = asked.index.columns
        self._starts, self._units, self._owners = columns.number_start, columns.number_unit, columns.number_owners
        self._search = Search(asked.index, Filter(), asked.day, asked.day, asked.policy)

    def choice(self, number: int, having: Sequence[int]) -> _Choice:
        """The unit that the number stands for, with the others of ``having`` beside it."""
        first = having[0]
        row, certain = self._units[self._starts[number]], True
        if self._owners[number] != 1 or (row != first and self._asked.usable.against(row) is not None):
            resolution = self._search.resolution(number)
            row, certain = recipient_row(resolution), unit_certain(resolution)
        beside = having[1:] if row == first else [one for one in having if one != row]
        return _Choice(row, "", None, certain, beside)


def _by_provider(
    asked: ExportQuestion, rows: Sequence[int], reached: Sequence[int]
) -> tuple[list[_Choice], dict[str, int]]:
    """One choice a provider number: the recipient that it resolves to."""
    index, columns = asked.index, asked.index.columns
    members = set(rows)
    usable = set(reached)
    choices = []
    with_key: set[int] = set()
    as_given = asked.policy.addressed_unit == "as-given"
    for key, (start, end) in zip(columns.provider_key, pairwise(columns.provider_start), strict=True):
        having = [row for row in columns.provider_unit[start:end] if row in members]
        if not having:
            continue
        with_key.update(having)
        number = index.text_of_key(key)
        if (
            as_given and end - start == 1 and having[0] in usable
        ):  # most numbers: they resolve to the one unit that has them
            choices.append(_Choice(having[0], number))
            continue
        resolution = resolve(index, Question(number, IdentifierKind.PROVIDER_NUMBER, asked.day, asked.policy))
        row = recipient_row(resolution)
        beside = [one for one in having if one in usable and one != row]
        if row == NOTHING:
            row = min(having)
            beside = [one for one in having if one != row]
            choices.append(_Choice(row, number, why_not(resolution), certain=False, beside=beside))
        else:
            choices.append(_Choice(row, number, certain=unit_certain(resolution), beside=beside))
    missing = len(members - with_key)
    return choices, {NO_PROVIDER_NUMBER: missing} if missing else {}
