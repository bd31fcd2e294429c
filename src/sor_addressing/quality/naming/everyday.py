"""Everyday names to begin from: what people would call a unit, by the groups of everyday words that its name or place speaks of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import attrs

from sor_addressing.index.columns import NOTHING
from sor_addressing.index.lookup import Index
from sor_addressing.index.words import words_of
from sor_addressing.quality.naming.parts import NameParts
from sor_addressing.quality.naming.siblings import NamesOf
from sor_addressing.quality.naming.words import DEFINITE, is_searchable, naming_words
from sor_addressing.search.rules.places import PlaceKind, place_rows
from sor_addressing.search.words.aliases import LONGEST_NAME
from sor_addressing.search.words.folding import words_in

_MOST_ABOVE = 4


@attrs.frozen(slots=True)
class EverydayName:
    """What people could call a unit.

    Attributes:
        sor_code: of the unit.
        name: its name in the register.
        everyday_name: the proposal; None where the register tells too little, and somebody who knows the unit has to write one.
        searchable: whether the name itself has a word that people would search by.
    """

    sor_code: str
    name: str
    everyday_name: str | None
    searchable: bool

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return attrs.asdict(self)


def everyday_names(index: Index, rows: Iterable[int], names: NamesOf) -> tuple[EverydayName, ...]:
    """The units that people would call something else than the register does, and those whose name nobody would search.

    A name that two units would have is proposed for neither: it would tell them apart no better.
    """
    found = [(row, names(row), _proposed(index, row, names)) for row in rows]
    taken = Counter(_key(proposed) for _, _, proposed in found if proposed)
    return tuple(_chosen(index, found, taken))


def _chosen(index: Index, found: Iterable[tuple[int, NameParts, str]], taken: Counter[str]) -> Iterator[EverydayName]:
    for row, parts, proposed in found:
        searchable = is_searchable(parts.words)
        alone = proposed if proposed and taken[_key(proposed)] == 1 else None
        if alone is not None or not searchable:
            yield EverydayName(index.sor_code(row), index.name(row), alone, searchable)


def _proposed(index: Index, row: int, names: NamesOf) -> str:
    """*Hjerteafdelingen, Prøve Hospital*; empty where nothing tells, or the name has it already."""
    parts, words = names(row), naming_words()
    family = parts.pattern.family
    if not family:
        return ""
    part = words.compound_part(_group(index, row, names))
    if not part or part in parts.core.casefold():
        return ""
    said = f"{part}{words.forms[family][DEFINITE].lower()}"
    told = f"{said[:1].upper()}{said[1:]}{f' {parts.code}' if parts.code else ''}"
    whole = ", ".join(filter(None, (told, _institution(index, row))))
    return whole if len(whole) <= LONGEST_NAME else told


def _group(index: Index, row: int, names: NamesOf) -> str:
    """The group of everyday words that a unit is of: by its name, its specialities, or the names above it."""
    words = naming_words()
    topic = names(row).topic
    own = words.group_of(topic)
    if own or topic:
        return own
    groups = {words.group_of(words_of(index, "speciality", code) or "") for code, _ in index.record(row).specialities}
    if len(groups - {""}) == 1:
        return next(iter(groups - {""}))
    for _, each in zip(range(_MOST_ABOVE), index.ancestors(row), strict=False):
        above = names(each)
        if above.topic and above.pattern.family:
            return words.group_of(above.topic)
    return ""


def _institution(index: Index, row: int) -> str:
    """The name of the institution above a unit; of the owner where there is none."""
    parent = index.columns.unit_parent[row]
    for kind in (PlaceKind.INSTITUTION, PlaceKind.OWNER):
        above = NOTHING if parent == NOTHING else place_rows(index, kind)[parent]
        if above != NOTHING:
            return " ".join(index.name(above).split())
    return ""


def _key(name: str) -> str:
    return " ".join(word.key for word in words_in(name))
