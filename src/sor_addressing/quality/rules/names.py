"""Rules on what units are called."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from sor_addressing.index.columns import NOTHING
from sor_addressing.quality.defining import rule
from sor_addressing.quality.groups import Grouping, GroupKind
from sor_addressing.quality.naming.siblings import NamesOf, breaks_in, siblings_of
from sor_addressing.quality.naming.words import is_searchable, naming_words
from sor_addressing.quality.scope import AuditScope, Details, Seen
from sor_addressing.search.words.folding import words_in

_MOST_NAMED = 5


@rule("same-name-in-municipality", "info", needs=("municipalities", "location numbers"))
def same_name_in_municipality(scope: AuditScope) -> Iterator[Seen]:
    """Several units in force in one municipality have the same everyday name and different location numbers.

    Names are the same where only case, accents, punctuation and the Danish letters' spelling differ. All units of the register are compared,
    those looked at are told.

    Source: municipalities, which ask for names as people say them: people choose recipients by name.
    """
    return _same_name(scope, GroupKind.MUNICIPALITY)


@rule("same-name-in-region", "info", needs=("regions", "location numbers"))
def same_name_in_region(scope: AuditScope) -> Iterator[Seen]:
    """Several units in force in one region have the same everyday name and different location numbers; otherwise as in a municipality.

    Source: those who choose recipients by name: a name that two hospitals of a region use says too little alone.
    """
    return _same_name(scope, GroupKind.REGION)


def _same_name(scope: AuditScope, kind: GroupKind) -> Iterator[Seen]:
    columns, index = scope.columns, scope.index
    grouping = Grouping(index, kind)
    everyday: dict[str, str] = {}
    named: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row, location in enumerate(columns.unit_location):
        (place,) = grouping.of(row)
        if location != NOTHING and place and scope.unit_is_in_force(row):
            name = index.name(row)
            if name not in everyday:
                everyday[name] = _everyday(name)
            named[place, everyday[name]].append(row)
    alike: dict[int, tuple[str, Sequence[int], Mapping[int, int]]] = {}
    for (place, _), rows in named.items():
        numbers: dict[int, int] = defaultdict(int)
        for row in rows:
            numbers[columns.location_number[columns.unit_location[row]]] += 1
        if len(numbers) > 1:
            alike.update(dict.fromkeys(rows, (place, rows, numbers)))
    for row in scope.rows:
        if row in alike:
            place, others, counts = alike[row]
            number = columns.location_number[columns.unit_location[row]]
            details = {
                "count": len(others) - counts[number],
                "others": tuple(map(index.sor_code, _first_elsewhere(scope, others, number))),
                str(kind): place,
            }
            yield Seen(row, number, details)


def _first_elsewhere(scope: AuditScope, rows: Sequence[int], number: int) -> Iterator[int]:
    """The first of the rows that are reached at another number."""
    columns = scope.columns
    left = _MOST_NAMED
    for row in rows:
        if left and columns.location_number[columns.unit_location[row]] != number:
            left -= 1
            yield row
        if not left:
            return


def _everyday(name: str) -> str:
    return " ".join(word.folded for word in words_in(name))


@rule("name-breaks-pattern", "info", needs=("regions", "unit types"))
def name_breaks_pattern(scope: AuditScope) -> Iterator[Seen]:
    """A unit in force is named in another way than most of its siblings: those of its region and type with the same head (*Afdeling*, *Klinik*).

    A pattern counts from five names on, and where more than half of them follow it. All units of the register are compared, those looked at
    are told.

    Source: the regions' wish for names that are alike; the words are data, the pattern is that of the siblings.
    """
    index = scope.index
    names = NamesOf(index)
    in_force = [row for row in range(len(index)) if scope.unit_is_in_force(row)]
    found: dict[int, Details] = {}
    for (region, unit_type), siblings in siblings_of(index, in_force, names, least=naming_words().least).items():
        for row, parts, pattern, proposal in breaks_in(siblings, names):
            if row not in found:
                found[row] = {
                    "pattern": str(parts.pattern),
                    "siblings": str(pattern),
                    "proposal": proposal,
                    "region": region,
                    "unit_type": unit_type,
                }
    for row in scope.rows:
        if row in found:
            yield Seen(row, NOTHING, found[row])


@rule("name-nobody-searches", "info", needs=("location numbers",))
def name_nobody_searches(scope: AuditScope) -> Iterator[Seen]:
    """A unit in force with a location number has no everyday name, and no word in its own name that people would search by.

    Words for any unit (*afdeling*, *klinik*), numbers, letters, and abbreviations that the everyday words of search don't know are none, and the
    name of the organisation above is not the unit's own.

    Source: municipalities, which ask for names as people say them: people choose recipients by name.
    """
    index = scope.index
    names = NamesOf(index)
    called = frozenset() if scope.everyday_names is None else frozenset(scope.everyday_names.names)
    for row in scope.rows:
        location = scope.columns.unit_location[row]
        if location == NOTHING or not scope.unit_is_in_force(row) or index.sor_code(row) in called:
            continue
        if not is_searchable(names(row).words):
            yield Seen(row, scope.columns.location_number[location], {})


RULES = (same_name_in_municipality,)

ON_REQUEST = (same_name_in_region, name_breaks_pattern, name_nobody_searches)
"""Followed only where they are asked for by code: wishes for names, of which there are thousands today."""
