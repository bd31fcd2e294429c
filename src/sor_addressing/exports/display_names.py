"""Names that tell recipients apart: the hospital in front, no word twice, and each unique within its extract.

A name that others have too is made longer, step by step and only where the step sets it apart: its own name in full, the next name above and
the one above that, the town, and the running part of the SOR code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

from sor_addressing.exports.above import Above, names_of
from sor_addressing.exports.uses import Front
from sor_addressing.index.columns import NOTHING

_RUNNING_PART = re.compile(r"(\d+?)100001600\d")
_SHORTEST = 3
"""Words shorter than this may come twice: they carry no meaning of their own."""

_CONNECTING = frozenset(["på", "i", "ved", "for", "til", "af", "under", "og", "-", "–", "/"])
"""Words that make no sense at the end of a name from which the last word was taken."""

_PUNCTUATION = ".,;:()[]\"'«»/-–"
_EDGES = " ,;:-–/"


def display_names(above: Above, rows: Sequence[int], front: Front, keys: Sequence[str] | None = None) -> list[str]:
    """A name for each of ``rows``, which are sorted: no two alike, whatever their case.

    Args:
        above: what units have from above.
        rows: the units, each once, or several times where each needs a name of its own.
        front: what stands in front.
        keys: what tells rows of one unit apart, where a unit can stand there several times.
    """
    names = names_of(above.index, rows)
    parents = above.index.columns.unit_parent
    if front is Front.NONE:
        fronts = [NOTHING] * len(rows)
    elif front is Front.OWNER:
        fronts = [above.of(parents[row]).owner for row in rows]
    else:
        fronts = [above.of(parents[row]).institution for row in rows]
    shown = list(names)
    shortened = set()
    for at, first in enumerate(fronts):
        if first != NOTHING:
            beginning, name = _beginning((above.name(first),)), names[at]
            if beginning.words.isdisjoint(words_in(name)):
                shown[at] = f"{beginning.text}, {name}"
            else:
                shown[at] = _added(beginning, name, whole=False)
                shortened.add(at)
    _Unique(above, rows, names, fronts, keys, shortened).make_unique(shown)
    return shown


class Beginning(NamedTuple):
    """What names above come to in front of another one: their text, its parts as they are compared, and its words."""

    text: str = ""
    parts: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()


def joined(names: Sequence[str], *, whole: bool = False) -> str:
    """Names as one, from the top downwards: parts that were there already, and words at the edge of a part, are left out.

    With ``whole`` the last name keeps its words, and only what stands above it is left out as a part.

    >>> joined(["Grævlingelund Sygehus", "Hjerteafdelingen, Grævlingelund Sygehus"])
    'Grævlingelund Sygehus, Hjerteafdelingen'
    >>> joined(["Grævlingelund Sygehus", "Klinikken på Grævlingelund Sygehus"])
    'Grævlingelund Sygehus, Klinikken'
    """
    return _added(_beginning(tuple(names[:-1])), names[-1], whole=whole)


@lru_cache(maxsize=4_096)
def _beginning(names: tuple[str, ...]) -> Beginning:
    if not names:
        return Beginning()
    higher = _beginning(names[:-1])
    text = _added(higher, names[-1], whole=False)
    parts = {part.strip().casefold() for part in (*names[-1].split(","), *text.split(","))}
    return Beginning(text, higher.parts | parts, higher.words | words_in(names[-1]))


def _added(beginning: Beginning, name: str, *, whole: bool) -> str:
    """``name`` after what stands in front of it."""
    text, seen, used = beginning
    kept = [text] if text else []
    own: set[str] = set()
    for given in name.split(","):
        part = given.strip()
        if not whole and not used.isdisjoint(words_in(part)):
            part = _without(part, used)
        folded = part.casefold()
        if part and folded not in seen and folded not in own:
            own.add(folded)
            kept.append(part)
    return ", ".join(kept)


def _without(part: str, used: Collection[str]) -> str:
    """``part`` without the words at its ends that were used already; empty where nothing that says something is left."""
    words = part.split()
    begin, end = 0, len(words)
    while end > begin and _bare(words[end - 1]) in used:
        end -= 1
        while end > begin and words[end - 1].casefold() in _CONNECTING:
            end -= 1
    while begin < end and _bare(words[begin]) in used:
        begin += 1
        while begin < end and words[begin].casefold() in _CONNECTING:
            begin += 1
    return " ".join(words[begin:end]).strip(_EDGES)


def _bare(word: str) -> str:
    return word.strip(_PUNCTUATION).casefold()


@lru_cache(maxsize=65_536)
def words_in(name: str) -> frozenset[str]:
    """The words of a name that are not to come twice, as they are compared."""
    return frozenset([word for word in map(_bare, name.split()) if len(word) >= _SHORTEST])


class _Unique:
    """Names made longer until no two are alike."""

    def __init__(
        self,
        above: Above,
        rows: Sequence[int],
        names: Sequence[str],
        fronts: Sequence[int],
        keys: Sequence[str] | None,
        shortened: Collection[int],
    ) -> None:
        self._above = above
        self._rows = rows
        self._names = names
        self._fronts = fronts
        self._keys = keys
        self._shortened = shortened
        self._beginnings: dict[tuple[int, int, int], Beginning] = {}
        self._first: dict[str, int] = {}
        self._alike: dict[str, list[int]] = {}

    def make_unique(self, shown: list[str]) -> None:
        """Make every name of ``shown`` that comes twice longer."""
        for place, key in enumerate(map(str.casefold, shown)):
            self._enter(key, place)
        for step in (self._in_full, self._with_one_above, self._with_two_above, self._with_town):
            self._take(step, shown, always=False)
        for step in (self._with_running_part, self._with_sor_code, self._with_key):
            self._take(step, shown, always=True)

    def _enter(self, key: str, place: int) -> None:
        """Remember that ``key`` is shown at ``place``, and who is alike."""
        first = self._first.setdefault(key, place)
        if first != place:
            alike = self._alike.get(key)
            if alike is None:
                self._alike[key] = [first, place]
            else:
                alike.append(place)

    def _take(self, step: Callable[[int, str], str], shown: list[str], *, always: bool) -> None:
        """Take a step with every group of names that are alike, where it sets them apart."""
        for key, group in list(self._alike.items()):
            longer = [step(place, shown[place]) for place in group]
            folded = [name.casefold() for name in longer]
            if not always and len(set(folded)) == 1:
                continue
            del self._alike[key], self._first[key]
            for place, name, new in zip(group, longer, folded, strict=True):
                shown[place] = name
                self._enter(new, place)

    def _in_full(self, place: int, shown: str) -> str:
        return self._with_above(place, 0) if place in self._shortened else shown

    def _with_one_above(self, place: int, _shown: str) -> str:
        return self._with_above(place, 1)

    def _with_two_above(self, place: int, _shown: str) -> str:
        return self._with_above(place, 2)

    def _with_above(self, place: int, count: int) -> str:
        """The name in full, with what stands in front and the names of the ``count`` next units above, from the top downwards."""
        key = (self._above.index.columns.unit_parent[self._rows[place]], self._fronts[place], count)
        beginning = self._beginnings.get(key)
        if beginning is None:
            beginning = self._beginnings[key] = self._higher(*key)
        name = self._names[place]
        if not beginning.text:
            return name
        if beginning.words.isdisjoint(words_in(name)):
            return f"{beginning.text}, {name}"
        return _added(beginning, name, whole=True)

    def _higher(self, row: int, front: int, count: int) -> Beginning:
        """What stands before the names of all units directly below ``row``."""
        parents, name_of = self._above.index.columns.unit_parent, self._above.name
        names: list[str] = []
        while row != NOTHING and (count or front != NOTHING):
            if row == front:
                front = NOTHING
                names.append(name_of(row))
            elif count:
                count -= 1
                names.append(name_of(row))
            row = parents[row]
        return _beginning(tuple(reversed(names)))

    def _with_town(self, place: int, shown: str) -> str:
        town = " ".join(self._above.town(self._rows[place]).split())
        return f"{shown}, {town}" if town and words_in(town).isdisjoint(words_in(shown)) else shown

    def _with_running_part(self, place: int, shown: str) -> str:
        code = self._above.index.sor_code(self._rows[place])
        found = _RUNNING_PART.fullmatch(code)
        return f"{shown} ({found[1] if found else code})"

    def _with_sor_code(self, place: int, shown: str) -> str:
        return f"{shown} ({self._above.index.sor_code(self._rows[place])})"

    def _with_key(self, place: int, shown: str) -> str:
        return shown if self._keys is None else f"{shown} ({self._keys[place]})"
