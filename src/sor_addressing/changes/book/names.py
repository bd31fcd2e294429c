"""Whether the name that a book has still fits the unit that its identifiers mean.

People shorten names, add the hospital or a town, and write them as they say them. So words are compared, folded, each with the word of the
unit or of those above it that is most like it, or stands for the same (*hjerteafdelingen* for *kardiologisk*); words that many units have
(*klinik*, *afdeling*) weigh little. The likeness goes from 0 to 100.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from math import log2

from sor_addressing.index.lookup import Index
from sor_addressing.index.unit import Unit
from sor_addressing.search.words.abbreviations import abbreviations
from sor_addressing.search.words.folding import fold, words_in
from sor_addressing.search.words.lexicon import LIKE_A_COMPOUND, shipped_lexicon
from sor_addressing.shipped import shipped_toml

NAME_LIKENESS = 50
"""Below this likeness a name does not fit the unit. At 50 the words that tell units apart are mostly others."""

_LIKE_A_WORD = 0.7
_LIKE_A_BEGINNING = 0.9
_LIKE_AN_EVERYDAY_WORD = 0.9
_SHORTEST_BEGINNING = 3
_AS_MANY = 1_000
"""A general word counts as if so many units more had it."""
_REMEMBERED = 65_536


class Names:
    """The names of one register, and how like a unit's a name of a book is."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._counts: Counter[str] | None = None
        self._names: dict[int, str] = {}
        self._likeness = lru_cache(maxsize=_REMEMBERED)(self._compare)

    def of(self, row: int) -> str:
        """What the unit in ``row`` is called."""
        known = self._names.get(row)
        if known is None:
            known = self._names[row] = self._index.name(row)
        return known

    def likeness(self, name: str, rows: Iterable[int]) -> float:
        """How like ``name`` is to the unit in one of ``rows`` that it fits best, from 0 to 100; 100 where there is nothing to compare."""
        best = None
        for row in rows:
            likeness = 100.0 if self.of(row) == name else self._likeness(name, row)
            if likeness == 100:
                return likeness
            best = likeness if best is None else max(best, likeness)
        return 100.0 if best is None else best

    def _compare(self, name: str, row: int) -> float:
        index = self._index
        own, mine = _words(self.of(row)), _words(name)
        if not own or set(own) <= set(mine) or set(mine) <= set(own):
            return 100.0
        around = [*own, *(word for above in index.nearest_above(row) for word in _words(index.name(above)))]
        unit = Unit(index, row)
        address = unit.visiting_address or unit.postal_address
        if address is not None:
            around += (word for line in address.lines for word in _words(line))
        return 100 * max(self._covered(mine, around), self._covered(own, mine))

    def _covered(self, words: Sequence[str], others: Sequence[str]) -> float:
        """Which share of ``words``, by weight, is found among ``others``."""
        known = set(others)
        total = found = 0.0
        for word in words:
            weight = self._weight(word)
            total += weight
            found += weight * (1.0 if word in known else _best(word, others))
        return found / total if total else 1.0

    def _weight(self, word: str) -> float:
        counts = self._counts
        if counts is None:
            index = self._index
            counts = self._counts = Counter(word for row in range(len(index)) for word in _words(index.name(row)))
        return 1 / (1 + log2(1 + counts[word] + (_AS_MANY if _is_general(word) else 0)))


@cache
def _general() -> tuple[str, ...]:
    return tuple([fold(word) for word in shipped_toml("sor_addressing.changes", "data", "names.toml")["general"]])


@lru_cache(maxsize=_REMEMBERED)
def _is_general(word: str) -> bool:
    return word.startswith(_general()) or f"{word}s" in _general()


@lru_cache(maxsize=_REMEMBERED)
def _words(text: str) -> tuple[str, ...]:
    return tuple([word.key for word in words_in(text)])


@lru_cache(maxsize=_REMEMBERED)
def _stands_for(word: str) -> tuple[str, ...]:
    """What a short form can stand for: the words of phrases, and compounds with their end written out."""
    table = abbreviations()
    found = [part for phrase in table.phrases.get((word,), ()) for part in phrase]
    for short, ends in table.endings.items():
        if word.endswith(short) and word != short:
            found += (word[: -len(short)] + end for end in ends)
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=_REMEMBERED)
def _groups(word: str) -> frozenset[int]:
    """The groups of everyday words that a word surely stands in."""
    meaning = shipped_lexicon().meaning(word)
    return frozenset() if meaning is None or meaning.likeness <= LIKE_A_COMPOUND else frozenset(meaning.groups)


def _is_among(word: str, others: Sequence[str]) -> bool:
    """Whether one of ``others``, or a phrase all of which is among them, is an everyday word for the same."""
    groups = _groups(word)
    if not groups:
        return False
    if any(not groups.isdisjoint(_groups(other)) for other in others):
        return True
    phrases = [phrase for group in groups for phrase in shipped_lexicon().groups[group].phrases]
    return any(all(any(other.startswith(part) for other in others) for part in phrase) for phrase in phrases)


def _best(word: str, others: Sequence[str]) -> float:
    """How like the word is to the most like of ``others``, from 0 to 1; 0 where none is like it."""
    from rapidfuzz.fuzz import ratio

    best = _LIKE_AN_EVERYDAY_WORD if _is_among(word, others) else 0.0
    least = 100 * max(_LIKE_A_WORD, best)
    for mine in (word, *_stands_for(word)):
        for other in others:
            short, long = (mine, other) if len(mine) <= len(other) else (other, mine)
            begins = len(short) >= _SHORTEST_BEGINNING and long.startswith(short)
            # What is less like than that doesn't count, and need not be worked out.
            like = _LIKE_A_BEGINNING if begins else ratio(mine, other, score_cutoff=least) / 100
            if like > best:
                best, least = like, max(least, 100 * like)
    return best if best >= _LIKE_A_WORD else 0.0
