"""Names that tell recipients apart: the hospital in front, no word twice, and each unique within its extract.

A name that others have too is made longer, step by step and only where the step sets it apart: its own name in full, the next name above and
the one above that, the town, and the running part of the SOR code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations

from sor_addressing.exports.above import Above, names_of
from sor_addressing.exports.uses import Front
from sor_addressing.index.columns import NOTHING

_RUNNING_PART = re.compile(r"(\d+?)100001600\d")
_SHORTEST = 3
"""Words shorter than this may come twice: they carry no meaning of their own."""

_CONNECTING = frozenset(["på", "i", "ved", "for", "til", "af", "under", "og", "-", "–", "/"])
"""Words that make no sense at the end of a name from which the last word was taken."""

_FRONTS = {Front.INSTITUTION: 0, Front.OWNER: 1, Front.NONE: None}
"""Where a :class:`Higher` has the row of what stands in front."""

_PUNCTUATION = ".,;:()[]\"'«»/-–"


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
    place = _FRONTS[front]
    fronts = [NOTHING] * len(rows) if place is None else [above.of(parents[row])[place] for row in rows]
    shown = [
        name if first == NOTHING else _name(above.name(first), name) for first, name in zip(fronts, names, strict=True)
    ]
    _Unique(above, rows, names, fronts, keys).make_unique(shown)
    return shown


def _name(front: str, name: str) -> str:
    if words_in(front).isdisjoint(words_in(name)):
        return f"{front}, {name}"
    return joined((front, name))


def joined(names: Sequence[str], *, whole: bool = False) -> str:
    """Names as one, from the top downwards: parts that were there already, and words at the edge of a part, are left out.

    With ``whole`` the last name keeps its words, and only what stands above it is left out as a part.

    >>> joined(["Grævlingelund Sygehus", "Hjerteafdelingen, Grævlingelund Sygehus"])
    'Grævlingelund Sygehus, Hjerteafdelingen'
    >>> joined(["Grævlingelund Sygehus", "Klinikken på Grævlingelund Sygehus"])
    'Grævlingelund Sygehus, Klinikken'
    """
    if all(words_in(name).isdisjoint(words_in(other)) for name, other in combinations(names, 2)):
        return ", ".join(names)
    kept: list[str] = []
    seen: set[str] = set()
    used: set[str] = set()
    for position, name in enumerate(names):
        last = position == len(names) - 1
        for part in _parts(name):
            shown = part if whole and last else _without(part, used)
            if shown and shown.casefold() not in seen:
                seen.add(shown.casefold())
                seen.add(part.casefold())
                kept.append(shown)
                used |= words_in(part)
    return ", ".join(kept)


def _parts(name: str) -> Iterator[str]:
    for part in name.split(","):
        words = part.split()
        if words:
            yield " ".join(words)


def _without(part: str, used: set[str]) -> str:
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


_EDGES = " ,;:-–/"


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
    ) -> None:
        self._above = above
        self._rows = rows
        self._names = names
        self._fronts = fronts
        self._keys = keys

    def make_unique(self, shown: list[str]) -> None:
        """Make every name of ``shown`` that comes twice longer."""
        places: dict[str, list[int]] = {}
        for place, name in enumerate(shown):
            places.setdefault(name.casefold(), []).append(place)
        alike = [group for group in places.values() if len(group) > 1]
        for step in (self._in_full, self._with_one_above, self._with_two_above, self._with_town):
            alike = self._taken(step, alike, shown, places, whole_group=False)
        for step in (self._with_running_part, self._with_sor_code, self._with_key):
            alike = self._taken(step, alike, shown, places, whole_group=True)

    def _taken(
        self,
        step: Callable[[int, str], str],
        alike: Sequence[list[int]],
        shown: list[str],
        places: dict[str, list[int]],
        *,
        whole_group: bool,
    ) -> list[list[int]]:
        """Take a step with every group of names that are alike, where it sets them apart; the groups that there are then."""
        touched: dict[str, None] = {}
        for group in alike:
            longer = [step(place, shown[place]) for place in group]
            folded = [name.casefold() for name in longer]
            old = shown[group[0]].casefold()
            touched[old] = None
            if not whole_group and len(set(folded)) == 1:
                continue
            places[old] = []
            for place, name, key in zip(group, longer, folded, strict=True):
                shown[place] = name
                places.setdefault(key, []).append(place)
                touched[key] = None
        return [places[key] for key in touched if len(places[key]) > 1]

    def _in_full(self, place: int, _shown: str) -> str:
        return self._with_above(place, 0)

    def _with_one_above(self, place: int, _shown: str) -> str:
        return self._with_above(place, 1)

    def _with_two_above(self, place: int, _shown: str) -> str:
        return self._with_above(place, 2)

    def _with_above(self, place: int, count: int) -> str:
        """The name in full, with what stands in front and the names of the ``count`` next units above, from the top downwards."""
        parents, front = self._above.index.columns.unit_parent, self._fronts[place]
        name_of = self._above.name
        names: list[str] = [self._names[place]]
        row, wanted = parents[self._rows[place]], count + (front != NOTHING)
        while row != NOTHING and wanted:
            if row == front or count:
                names.append(name_of(row))
                wanted -= 1
                count -= row != front
            row = parents[row]
        names.reverse()
        return joined(names, whole=True)

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
