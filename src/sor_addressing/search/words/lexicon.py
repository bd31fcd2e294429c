"""Everyday words as search looks them up: from a word to the groups that it stands in, and how compounds come apart."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple, TypeVar

from sor_addressing.search.words.abbreviations import Phrase
from sor_addressing.search.words.everyday import BEGINNING, HEAD, EverydayWords
from sor_addressing.search.words.folding import Word, fold, key_of_word, words_in
from sor_addressing.search.words.inflection import INFLECTIONS, stem
from sor_addressing.shipped import shipped_toml

LIKE_A_COMPOUND = 0.64
"""Likeness of a compound whose first part is of a group, and the second is nothing known (*hjertesvigt* to *kardiologi*)."""

_UNFINISHED = 0.85
_SHORTEST_UNFINISHED = 4
_SHORTEST_MISSPELT = 5
_LONGEST_KNOWN = 24
_Member = TypeVar("_Member")
_ENDINGS = INFLECTIONS | {
    "isk",
    "iske",
    "isks",
    "is",
    "ik",
    "ikken",
    "sk",
    "s",
    "kirurgi",
    "kirurgisk",
    "ikere",
    "ologi",
    "ologisk",
}


class Meaning(NamedTuple):
    """Groups that a word stands in, how well it does, what the compound ends in, and how many of its letters tell the group."""

    groups: tuple[int, ...]
    likeness: float
    tail: str = ""
    letters: int = 0


class Tail(NamedTuple):
    """An end of compounds: what it is called in full, and what it weighs."""

    family: str
    weight: float


class Group(NamedTuple):
    """The members of one group, folded: whole words, beginnings, first parts of compounds, and phrases (the last word of which may go on)."""

    words: tuple[str, ...]
    beginnings: tuple[str, ...]
    heads: tuple[str, ...]
    phrases: tuple[Phrase, ...]


class Lexicon:
    """The groups of the package, and those given; the same for all threads and registers."""

    def __init__(self, words: EverydayWords | None) -> None:
        self.groups: list[Group] = []
        self._plain: dict[str, tuple[int, ...]] = {}
        self._stems: dict[str, tuple[int, ...]] = {}
        self._beginnings: dict[str, tuple[int, ...]] = {}
        self._heads: dict[str, tuple[int, ...]] = {}
        self.phrases: dict[Phrase, tuple[int, ...]] = {}
        self.tails, self.families, self.noise = _tails()
        groups = EverydayWords.shipped().groups if words is None else words.with_shipped()
        for number, members in enumerate(groups.values()):
            self.groups.append(self._group(number, members))
        self._sorted = sorted(
            (member, groups)
            for known in (self._plain, self._beginnings, self._heads)
            for member, groups in known.items()
        )

    def _group(self, number: int, members: Iterable[str]) -> Group:
        found: tuple[dict[str, None], dict[str, None], dict[str, None], dict[Phrase, None]] = ({}, {}, {}, {})
        plain, beginnings, heads, phrases = found
        for member in members:
            words = words_in(member)
            keys = tuple([word.key for word in words])
            if len(words) > 1:
                phrases[keys] = None
                _add(self.phrases, keys, number)
            elif member.endswith(BEGINNING):
                beginnings[words[0].folded] = None
                _add(self._beginnings, words[0].folded, number)
            elif member.endswith(HEAD):
                heads[words[0].folded] = None
                _add(self._heads, words[0].folded, number)
            else:
                plain[keys[0]] = None
                _add(self._plain, keys[0], number)
                _add(self._stems, stem(keys[0]), number)
        return Group(tuple(plain), tuple(beginnings), tuple(heads), tuple(phrases))

    def meaning(self, folded: str) -> Meaning | None:
        """The groups that a word stands in, by the longest member that it is, or begins with."""
        key = key_of_word(folded)
        groups = self._plain.get(key)
        if groups is not None:
            return Meaning(groups, 1.0, "", len(folded))
        for length in range(min(len(folded), _LONGEST_KNOWN), 1, -1):
            start = folded[:length]
            groups = self._beginnings.get(start)
            if groups is not None:
                return Meaning(groups, 1.0, "", length)
            groups = self._heads.get(start)
            if groups is not None:
                rest = folded[length:]
                if len(rest) < 2 or stem(key) == start:
                    return Meaning(groups, 1.0, "", length)
                tail = self.tails.get(rest) or self.tails.get(rest[1:] if rest[0] in "se" else "")
                if tail is not None:
                    return Meaning(groups, 1.0, tail.family, length)
                return self._by_stem(key) or Meaning(groups, LIKE_A_COMPOUND, "", length)
        return self._by_stem(key)

    def is_word(self, folded: str) -> bool:
        """Whether it is a member of a group with nothing but an ending or a known tail behind it: no misspelling."""
        meaning = self.meaning(folded)
        if meaning is None or meaning.likeness <= LIKE_A_COMPOUND:
            return False
        rest = folded[meaning.letters :]
        return not rest or bool(meaning.tail) or rest in _ENDINGS or rest in self.tails

    def _by_stem(self, key: str) -> Meaning | None:
        groups = self._stems.get(stem(key))
        return None if groups is None else Meaning(groups, 0.97, "", len(key))

    def unfinished(self, folded: str) -> Meaning | None:
        """The groups of which a member begins with ``folded``, where all that do share one."""
        if len(folded) < _SHORTEST_UNFINISHED:
            return None
        place = bisect_left(self._sorted, (folded, ()))
        common: set[int] | None = None
        while place < len(self._sorted) and self._sorted[place][0].startswith(folded):
            common = set(self._sorted[place][1]) if common is None else common & set(self._sorted[place][1])
            place += 1
        return Meaning(tuple(sorted(common)), _UNFINISHED, "", len(folded)) if common else None

    def misspelt(self, folded: str) -> Meaning | None:
        """The groups of the member that ``folded``, or its beginning, is a misspelling of."""
        from rapidfuzz.distance import OSA

        length = len(folded)
        if length < _SHORTEST_MISSPELT or not folded.isalpha():
            return None
        best: tuple[float, tuple[int, ...], int] | None = None
        for member, groups in self._members_like(folded[0]):
            size = len(member)
            if size > length + 2:
                continue
            most = 1 if size < 8 else 2
            for end in {min(length, size + shift) for shift in (-1, 0, 1)}:
                distance = OSA.distance(member, folded[:end], score_cutoff=most)
                if distance <= most:
                    likeness = 1 - (0.35 + distance) / (size + 1)
                    if best is None or likeness > best[0]:
                        best = (likeness, groups, size)
        return None if best is None else Meaning(best[1], best[0], "", best[2])

    def _members_like(self, letter: str) -> Iterable[tuple[str, tuple[int, ...]]]:
        first = bisect_left(self._sorted, (letter, ()))
        for place in range(first, len(self._sorted)):
            member, groups = self._sorted[place]
            if member[0] != letter:
                return
            if len(member) >= _SHORTEST_MISSPELT:
                yield member, groups

    def split(self, word: Word) -> tuple[str, str, Tail] | None:
        """A compound into what stands before a known tail, and the tail; the longest tail that something stands before.

        Behind the first part of compounds a tail may be begun only: *hjerteambul*.
        """
        folded = word.folded
        for length in range(len(folded) - 2, 1, -1):
            tail = self.tails.get(folded[-length:])
            if tail is not None and len(folded) - length > 2:
                return folded[:-length], folded[-length:], tail
        whole = self.meaning(folded)
        if whole is not None and whole.likeness == LIKE_A_COMPOUND:
            begun = folded[whole.letters :]
            for ending, tail in self.tails.items():
                if ending.startswith(begun):
                    return folded[: whole.letters], begun, tail
        return None


def _add(known: dict[_Member, tuple[int, ...]], member: _Member, number: int) -> None:
    groups = known.get(member, ())
    if number not in groups:
        known[member] = (*groups, number)


@cache
def _tails() -> tuple[dict[str, Tail], dict[str, tuple[str, ...]], frozenset[str]]:
    data = shipped_toml("sor_addressing.search", "data", "everyday_words.toml")
    tails, families = {}, {}
    for family, about in data["tails"].items():
        words = [fold(word) for word in about["words"]]
        families[family] = tuple(dict.fromkeys(map(key_of_word, words)))
        tails.update(dict.fromkeys(words, Tail(family, about["weight"])))
    return tails, families, frozenset(map(fold, data["noise"]["words"]))


@cache
def shipped_lexicon() -> Lexicon:
    """The groups of the package alone."""
    return Lexicon(None)
