"""Names that tell recipients apart: the hospital in front, no word twice, and each unique within its extract.

A name that others have too is made longer, step by step and only where the step sets it apart: its own name in full, the next name above and
the one above that, the town, and the running part of the SOR code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from sor_addressing.exports.uses import Front
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.lookup import Index

_RUNNING_PART = re.compile(r"(\d+?)100001600\d")
_SHORTEST = 3
"""Words shorter than this may come twice: they carry no meaning of their own."""

_CONNECTING = frozenset("på i ved for til af under og - – /".split())
"""Words that make no sense at the end of a name from which the last word was taken."""

_INSTITUTION, _OWNER = 1, 0
_PUNCTUATION = ".,;:()[]\"'«»/-–"


def display_names(
    index: Index,
    rows: Sequence[int],
    front: Front,
    *,
    names: Sequence[str],
    town: Callable[[int], str],
    keys: Sequence[str] | None = None,
) -> list[str]:
    """A name for each of ``rows``, no two alike, whatever their case.

    Args:
        index: the index.
        rows: the units, each once, or several times where each needs a name of its own.
        front: what stands in front.
        names: the names of ``rows``.
        town: tells the town of a row.
        keys: what tells rows of one unit apart, where a unit can stand there several times.
    """
    fronts = Fronts(index, front)
    shown = [fronts.name(row, name) for row, name in zip(rows, names, strict=True)]
    return _Unique(index, fronts, rows, names, town, keys).made_unique(shown)


class Fronts:
    """What stands in front of the names of an extract; each unit above is looked at once."""

    __slots__ = ("_known", "_names", "_index", "_kind", "_words")

    def __init__(self, index: Index, front: Front) -> None:
        self._index = index
        self._kind = {Front.INSTITUTION: _INSTITUTION, Front.OWNER: _OWNER, Front.NONE: -1}[front]
        self._known: dict[int, int] = {}
        self._names: dict[int, str] = {}
        self._words: dict[int, frozenset[str]] = {}

    def above(self, row: int) -> int:
        """The row whose name stands in front of that of the unit in ``row``; ``NOTHING`` where none does."""
        if self._kind < 0:
            return NOTHING
        parent = self._index.columns.unit_parent[row]
        if parent == NOTHING:
            return NOTHING
        known = self._known.get(parent)
        if known is None:
            known = self._known[parent] = self._find(parent)
        return known

    def _find(self, row: int) -> int:
        kinds = self._index.columns.unit_kind
        if kinds[row] == self._kind:
            return row
        return next((above for above in self._index.ancestors(row) if kinds[above] == self._kind), NOTHING)

    def text(self, row: int) -> str:
        """The name of a unit above."""
        name = self._names.get(row)
        if name is None:
            name = self._names[row] = " ".join(self._index.name(row).split())
        return name

    def words(self, row: int) -> frozenset[str]:
        """The words of a name in front that are not to come again."""
        words = self._words.get(row)
        if words is None:
            words = self._words[row] = _words(self.text(row))
        return words

    def name(self, row: int, name: str) -> str:
        """The name of the unit in ``row``, with what stands in front."""
        above = self.above(row)
        if above == NOTHING:
            return name
        if self.words(above).isdisjoint(map(_bare, name.split())):
            return f"{self.text(above)}, {name}"
        return joined((self.text(above), name))


def joined(names: Sequence[str], *, whole: bool = False) -> str:
    """Names as one, from the top downwards: parts that were there already, and words at the edge of a part, are left out.

    With ``whole`` the last name keeps its words, and only what stands above it is left out as a part.

    >>> joined(["Grævlingelund Sygehus", "Hjerteafdelingen, Grævlingelund Sygehus"])
    'Grævlingelund Sygehus, Hjerteafdelingen'
    >>> joined(["Grævlingelund Sygehus", "Klinikken på Grævlingelund Sygehus"])
    'Grævlingelund Sygehus, Klinikken'
    """
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
                used |= _words(part)
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


def _words(name: str) -> frozenset[str]:
    return frozenset(word for word in map(_bare, name.split()) if len(word) >= _SHORTEST)


class _Unique:
    """Names made longer until no two are alike."""

    def __init__(
        self,
        index: Index,
        fronts: Fronts,
        rows: Sequence[int],
        names: Sequence[str],
        town: Callable[[int], str],
        keys: Sequence[str] | None,
    ) -> None:
        self._index = index
        self._fronts = fronts
        self._rows = rows
        self._names = names
        self._town = town
        self._keys = keys
        self._steps = (self._in_full, self._with_one_above, self._with_two_above, self._with_town)

    def made_unique(self, shown: list[str]) -> list[str]:
        """``shown`` with every name that comes twice made longer."""
        for step in self._steps:
            alike = _alike(shown)
            if not alike:
                return shown
            for places in alike:
                longer = [step(place, shown[place]) for place in places]
                if len({name.casefold() for name in longer}) > 1:
                    for place, name in zip(places, longer, strict=True):
                        shown[place] = name
        for suffix in (self._running_part, self._sor_code, self._key):
            for places in _alike(shown):
                for place in places:
                    shown[place] = f"{shown[place]} ({suffix(place)})"
        return shown

    def _in_full(self, place: int, _shown: str) -> str:
        return self._with_above(place, 0)

    def _with_one_above(self, place: int, _shown: str) -> str:
        return self._with_above(place, 1)

    def _with_two_above(self, place: int, _shown: str) -> str:
        return self._with_above(place, 2)

    def _with_above(self, place: int, count: int) -> str:
        """The name in full, with what stands in front and the names of the ``count`` next units above, from the top downwards."""
        row = self._rows[place]
        front = self._fronts.above(row)
        above = [one for one in self._index.ancestors(row) if one != front][:count]
        between = [one for one in self._index.ancestors(row) if one == front or one in above]
        return joined([*map(self._fronts.text, reversed(between)), self._names[place]], whole=True)

    def _with_town(self, place: int, shown: str) -> str:
        town = self._town(self._rows[place])
        return f"{shown}, {town}" if town and _bare(town) not in map(_bare, shown.split()) else shown

    def _running_part(self, place: int) -> str:
        code = self._sor_code(place)
        found = _RUNNING_PART.fullmatch(code)
        return found[1] if found else code

    def _sor_code(self, place: int) -> str:
        return self._index.sor_code(self._rows[place])

    def _key(self, place: int) -> str:
        return self._keys[place] if self._keys is not None else self._sor_code(place)


def _alike(shown: Sequence[str]) -> list[list[int]]:
    """The places of names that are alike, together."""
    places: dict[str, list[int]] = {}
    for place, name in enumerate(shown):
        places.setdefault(name.casefold(), []).append(place)
    return [alike for alike in places.values() if len(alike) > 1]
