"""Siblings: the units of one region and one type, how their names are made, and which pattern is common among them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

import attrs

from sor_addressing.index.columns import NOTHING
from sor_addressing.index.lookup import Index
from sor_addressing.quality.groups import Grouping, GroupKind
from sor_addressing.quality.naming.parts import Contents, NameAbove, NameParts, Pattern, Shape, above, taken_apart
from sor_addressing.quality.naming.words import naming_words

_Kind = tuple[str, Contents]
"""The head of a name and what it holds besides: names of one kind are compared."""

Key = tuple[str, str]
"""Codes of region and type."""


class NamesOf:
    """The names of an index taken apart, each when it is asked for."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._above: dict[int, NameAbove] = {}
        self._chains: dict[int, tuple[NameAbove, ...]] = {NOTHING: ()}
        self._known: dict[int, NameParts] = {}

    def __call__(self, row: int) -> NameParts:
        """The name of the unit in a row."""
        known = self._known.get(row)
        if known is None:
            index = self._index
            known = self._known[row] = taken_apart(index.name(row), self._chain(index.columns.unit_parent[row]))
        return known

    def _chain(self, row: int) -> tuple[NameAbove, ...]:
        """The names of a unit and of the nearest above it, those of most words first; told once for all units below."""
        known = self._chains.get(row)
        if known is None:
            names = dict.fromkeys(map(self._name_above, (row, *self._index.nearest_above(row))))
            known = self._chains[row] = tuple(sorted(names, key=lambda one: -len(one.keys)))
        return known

    def _name_above(self, row: int) -> NameAbove:
        known = self._above.get(row)
        if known is None:
            known = self._above[row] = above(self._index.name(row))
        return known


@attrs.define(slots=True, eq=False)
class Siblings:
    """The units of one region and one type.

    Attributes:
        rows: their rows.
        patterns: how many are named by each pattern.
        common: the common pattern of each kind of name that has one, and how its head is mostly written.
    """

    rows: list[int] = attrs.field(factory=list)
    patterns: Counter[Pattern] = attrs.field(factory=Counter)
    common: dict[_Kind, tuple[Pattern, str]] = attrs.field(factory=dict)

    def pattern_for(self, parts: NameParts) -> tuple[Pattern, str] | None:
        """The common pattern that a name breaks, and its head as written; None where it follows it, or there is none."""
        found = self.common.get(_kind(parts))
        return None if found is None or found[0] == parts.pattern else found


def _kind(parts: NameParts) -> _Kind:
    shape = parts.pattern.shape
    # What no pattern fits is compared with nothing.
    return ("?" if shape is Shape.OTHER else parts.pattern.family), parts.contents


def siblings_of(index: Index, rows: Iterable[int], names: NamesOf, *, least: int) -> dict[Key, Siblings]:
    """The siblings among some rows, by region and type; a unit of several types is among the siblings of each."""
    regions, types = Grouping(index, GroupKind.REGION), Grouping(index, GroupKind.UNIT_TYPE)
    found: defaultdict[Key, Siblings] = defaultdict(Siblings)
    for row in rows:
        for code in types.of(row):
            if code:
                found[regions.of(row)[0], code].rows.append(row)
    for siblings in found.values():
        _count(siblings, names, least)
    return dict(found)


def _count(siblings: Siblings, names: NamesOf, least: int) -> None:
    kinds: defaultdict[_Kind, Counter[Pattern]] = defaultdict(Counter)
    heads: defaultdict[Pattern, Counter[str]] = defaultdict(Counter)
    for row in siblings.rows:
        parts = names(row)
        siblings.patterns[parts.pattern] += 1
        kinds[_kind(parts)][parts.pattern] += 1
        heads[parts.pattern][parts.head] += 1
    share = naming_words().share
    for kind, counts in kinds.items():
        pattern, followers = counts.most_common(1)[0]
        if kind[0] not in ("", "?") and counts.total() >= least and followers > share * counts.total():
            siblings.common[kind] = pattern, heads[pattern].most_common(1)[0][0]
    _count_headless(siblings, kinds, least)


def _count_headless(siblings: Siblings, kinds: Mapping[_Kind, Counter[Pattern]], least: int) -> None:
    """Names without a head break the pattern that most of all their siblings follow."""
    for contents in (Contents.TOPIC, Contents.BOTH):
        all_together = sum(counts.total() for kind, counts in kinds.items() if kind[1] is contents)
        for kind, found in list(siblings.common.items()):
            followers = kinds[kind][found[0]]
            if kind[1] is contents and all_together >= least and followers > naming_words().share * all_together:
                siblings.common["", contents] = found


def proposal_for(parts: NameParts, pattern: Pattern, head: str) -> str | None:
    """The name by a pattern, with what it holds kept; None where its words don't tell how that would be said.

    >>> from sor_addressing.quality.naming.parts import taken_apart
    >>> pattern = taken_apart("Afdeling for Øjensygdomme").pattern
    >>> proposal_for(taken_apart("Kardiologisk Afd."), pattern, "Afdeling")
    'Afdeling for Kardiologi'
    """
    core = _core(parts, pattern, head)
    if core is None:
        return None
    behind = f" {parts.code}" if pattern.coded and pattern.shape is not Shape.CODE_BEFORE else ""
    name = f"{_capital(core)}{behind}"
    return f"{parts.before}{name}{parts.behind}" if taken_apart(name).pattern == pattern else None


def _core(parts: NameParts, pattern: Pattern, head: str) -> str | None:
    shape = pattern.shape
    written = head if pattern.form < 2 or head.endswith(".") else f"{head}."
    if shape is Shape.HEAD:
        return written
    if shape is Shape.CODE_BEFORE:
        return f"{parts.code}. {written}"
    if shape is Shape.BEFORE:
        topic = _ahead(parts, pattern)
        return topic and f"{topic}{pattern.link} {written}"
    if shape in (Shape.COMPOUND, Shape.HYPHENATED):
        topic = _first_part(parts)
        return topic and f"{topic}{'-' if shape is Shape.HYPHENATED else ''}{written.lower()}"
    topic = _named(parts)
    if topic is None or shape not in (Shape.LINKED, Shape.BEHIND):
        return None
    return f"{written} {pattern.link} {topic}" if shape is Shape.LINKED else f"{written} {topic}"


def _named(parts: NameParts) -> str | None:
    """The topic as a noun."""
    words, topic, shape = naming_words(), parts.topic, parts.pattern.shape
    noun = words.noun(topic)
    if noun or shape in (Shape.LINKED, Shape.BEHIND) or parts.pattern.link == ",":
        return noun or topic
    if shape is Shape.TOPIC and words.group_of(topic):
        return topic
    noun = words.noun(words.group_of(topic)) if shape in (Shape.COMPOUND, Shape.HYPHENATED) else ""
    return noun[:1].upper() + noun[1:] or None


def _ahead(parts: NameParts, pattern: Pattern) -> str | None:
    """The topic as it stands in front of the head."""
    if pattern.link == ",":
        return _named(parts)
    if parts.pattern.shape is Shape.BEFORE and parts.pattern.link != ",":
        return parts.topic
    words = naming_words()
    own = words.adjective(parts.topic)
    if own or parts.pattern.shape not in (Shape.COMPOUND, Shape.HYPHENATED):
        return own or None
    return _capital(words.adjective(words.group_of(parts.topic))) or None


def _first_part(parts: NameParts) -> str | None:
    """The topic as the first part of a compound."""
    if parts.pattern.shape in (Shape.COMPOUND, Shape.HYPHENATED):
        return parts.topic
    words = naming_words()
    return words.compound_part(words.group_of(parts.topic)) or None


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def breaks_in(siblings: Siblings, names: NamesOf) -> Iterator[tuple[int, NameParts, Pattern, str | None]]:
    """The rows that break the common pattern of their kind: with their names, the pattern, and the name that is proposed."""
    for row in siblings.rows:
        parts = names(row)
        found = siblings.pattern_for(parts)
        if found is not None:
            yield row, parts, found[0], proposal_for(parts, *found)
