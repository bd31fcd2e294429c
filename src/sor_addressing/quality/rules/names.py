"""Rules on what units are called."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

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
    alike: dict[int, _Alike] = {}
    for (place, _), rows in named.items():
        if len({columns.location_number[columns.unit_location[row]] for row in rows}) > 1:
            alike.update(dict.fromkeys(rows, _Alike(scope, place, rows)))
    for row in scope.rows:
        if row in alike:
            number = columns.location_number[columns.unit_location[row]]
            count, others = alike[row].elsewhere(number)
            yield Seen(row, number, {"count": count, "others": others, str(kind): alike[row].place})


class _Alike:
    """Units of one name in one place; what is elsewhere is told once for each location number, for many units may share one."""

    def __init__(self, scope: AuditScope, place: str, rows: Sequence[int]) -> None:
        self.place = place
        self._index = scope.index
        columns = scope.columns
        self._reached = [(columns.location_number[columns.unit_location[row]], row) for row in rows]
        self._counts = Counter(number for number, _ in self._reached)
        self._known: dict[int, tuple[int, tuple[str, ...]]] = {}

    def elsewhere(self, number: int) -> tuple[int, tuple[str, ...]]:
        """How many are reached at another number, and the first of them."""
        known = self._known.get(number)
        if known is None:
            others = islice((row for other, row in self._reached if other != number), _MOST_NAMED)
            count = len(self._reached) - self._counts[number]
            known = self._known[number] = count, tuple(map(self._index.sor_code, others))
        return known


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
