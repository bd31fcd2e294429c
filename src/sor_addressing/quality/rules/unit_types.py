"""Rules on unit types."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from sor_addressing.index.columns import NOTHING
from sor_addressing.index.words import words_of
from sor_addressing.quality.defining import rule
from sor_addressing.quality.groups import Grouping, GroupKind
from sor_addressing.quality.scope import AuditScope, Details, Seen
from sor_addressing.search.words.folding import fold
from sor_addressing.shipped import shipped_toml

_WORD = re.compile(r"[^\W_]+")
_SIGNS = frozenset("/&,")
_CONNECTIVES = frozenset({"og", "eller"})


@rule("unit-type-combined", "info", needs=("unit types",))
def unit_type_combined(scope: AuditScope) -> Iterator[Seen]:
    """A unit in force has a type whose name joins two things by *og*, &, / or a comma. Specialities that are one thing with such a name are none.

    Source: MedCom's meeting on SOR: unit types are to be several, *handicap og psykiatri* is to become two.
    """
    grouping = Grouping(scope.index, GroupKind.UNIT_TYPE)
    combined: dict[str, Details | None] = {}
    for row in scope.rows:
        for code in grouping.of(row):
            if code not in combined:
                name = words_of(scope.index, "type", code) or ""
                parts = things_in(name)
                combined[code] = {"unit_type": code, "name": name, "parts": parts} if len(parts) > 1 else None
            details = combined[code]
            if details is not None and scope.unit_is_in_force(row):
                yield Seen(row, NOTHING, details)


class _Names(NamedTuple):
    """What is one thing, as folded words, by their first; the most words of any; and what stands behind a join and says nothing."""

    one: dict[str, list[tuple[str, ...]]]
    qualifiers: frozenset[str]


@cache
def _names() -> _Names:
    data = shipped_toml("sor_addressing.quality", "data", "joined_types.toml")
    one: dict[str, list[tuple[str, ...]]] = {}
    for text in data["one"]:
        words = tuple(_WORD.findall(fold(text)))
        one.setdefault(words[0], []).append(words)
    return _Names(one, frozenset(map(fold, data["qualifiers"])))


def things_in(name: str) -> tuple[str, ...]:
    """The things that a name joins, as it writes them; the name alone where it is of one thing.

    >>> things_in("Handicap og psykiatri"), things_in("Øre-, næse- og halssygdomme")
    (('Handicap', 'psykiatri'), ('Øre-, næse- og halssygdomme',))
    """
    name = unicodedata.normalize("NFC", name)  # a letter taken apart would part its word
    words = list(_WORD.finditer(name))
    folded = [fold(word[0]) for word in words]
    held = _held_together(folded)
    cuts = []
    for one, other in pairwise(at for at, word in enumerate(folded) if word not in _CONNECTIVES):
        between = name[words[one].end() : words[other].start()]
        alone = len(folded[one]) == 1 or ("/" in between and len(folded[other]) == 1)  # v/læge, R&D
        if other not in held and (other > one + 1 or (not alone and _SIGNS & set(between))):
            cuts.append((words[one].end(), words[other].start()))
    return _parts(name, cuts)


def _held_together(folded: list[str]) -> frozenset[int]:
    """The places of words that no join can stand before, for they are inside of what is one thing."""
    held: set[int] = set()
    known = _names().one
    for at, word in enumerate(folded):
        for phrase in known.get(word, ()):
            if tuple(folded[at : at + len(phrase)]) == phrase:
                held.update(range(at + 1, at + len(phrase)))
    return frozenset(held)


def _parts(name: str, cuts: list[tuple[int, int]]) -> tuple[str, ...]:
    qualifiers = _names().qualifiers
    found = []
    begin = 0
    for end, after in [*cuts, (len(name), len(name))]:
        hyphen = name[end : end + 1] == "-"  # fysio- og ergoterapi
        part = name[begin : end + hyphen].strip(" .;:()")
        if not qualifiers.issuperset(_WORD.findall(fold(part))):
            found.append(part)
        begin = after
    return tuple(found) if len(found) > 1 else (name,)


RULES = ()

ON_REQUEST = (unit_type_combined,)
"""Followed only where it is asked for by code: such types are usual today, and no fault of the unit."""
