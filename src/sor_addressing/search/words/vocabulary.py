"""The words of a register, and which of them are like a word that somebody typed."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from sor_addressing.search.kept import KeptColumns

_ENDINGS = [
    "e",
    "en",
    "er",
    "et",
    "n",
    "ne",
    "r",
    "t",
    "erne",
    "ene",
    "ens",
    "ers",
    "ere",
    "eren",
    "i",
    "ien",
    "k",
    "ske",
]
INFLECTIONS = frozenset([*_ENDINGS, *("s" + ending for ending in _ENDINGS if ending[0] == "e")])
"""Endings of Danish nouns and adjectives, as folding leaves them (it takes the *s* of *sygehus* and not that of *sygehuset*); words
that differ in nothing else are nearly the same.
"""

_MOST_POSTINGS = 6_000
_MOST_COMPARED = 160
_MOST_ALIKE = 40
_MOST_OF_A_PREFIX = 300
_LONGEST_COMPARED = 60
_LEAST = 0.5
_FARTHEST = 0.32
_FARTHEST_MISSPELT = 0.15
_REMEMBERED = 8_192

INFLECTED = 0.97
"""Likeness of two forms of one word."""


class Alike(NamedTuple):
    """A word of the register and how like it is to the one looked for, from 0 to 1."""

    word: int
    likeness: float


def whole(columns: KeptColumns, name: str) -> Sequence[int]:
    """A column as one, verified at once where it is mapped and never copied: searching goes all over it."""
    column = columns[name]
    return column if isinstance(column, array) else column[0 : len(column)]


class Vocabulary:
    """The words of a register by number, in order; shared by all threads."""

    def __init__(self, columns: KeptColumns) -> None:
        letters = bytes(whole(columns, "words_letters")).decode()
        self.words = letters.split("\n") if letters else []
        self._gram_words = whole(columns, "words_gram_word")
        self._gram_start = whole(columns, "words_gram_word_start")
        self._alike: dict[str, list[Alike]] = {}

    def number(self, key: str) -> int | None:
        """The number of exactly that word; None where the register has it nowhere."""
        words = self.words
        position = bisect_left(words, key)
        return position if position < len(words) and words[position] == key else None

    def forms(self, key: str) -> list[Alike]:
        """The word itself and its inflected forms."""
        position = bisect_left(self.words, key)
        found = []
        for word, text in enumerate(self.words[position : position + _MOST_OF_A_PREFIX], start=position):
            if not text.startswith(key):
                break
            if text == key:
                found.append(Alike(word, 1.0))
            elif len(key) > 3 and text[len(key) :] in INFLECTIONS:
                found.append(Alike(word, INFLECTED))
        return found

    def alike(self, key: str) -> list[Alike]:
        """Words that could be meant by ``key``, the likest first: the word, its forms, compounds with it, and misspellings of it."""
        known = self._alike.get(key)
        if known is None:
            if len(self._alike) >= _REMEMBERED:
                self._alike.clear()
            known = self._alike[key] = self._compare(key[:_LONGEST_COMPARED])
        return known

    def _compare(self, key: str) -> list[Alike]:
        words = {word: self.words[word] for word in self._with_shared_grams(key)}
        first = bisect_left(self.words, key)
        for word, text in enumerate(self.words[first : first + _MOST_OF_A_PREFIX], start=first):
            if not text.startswith(key):
                break
            words[word] = text
        found = likenesses(key, words)
        found.sort(key=lambda alike: (-alike.likeness, alike.word))
        farthest = _FARTHEST if found and found[0].likeness >= INFLECTED else _FARTHEST_MISSPELT
        return [alike for alike in found[:_MOST_ALIKE] if alike.likeness >= found[0].likeness - farthest]

    def _with_shared_grams(self, key: str) -> list[int]:
        """Words that share most trigrams with ``key``; the rarest trigrams first, and no more than can be counted quickly."""
        start = self._gram_start
        lists = sorted((start[gram + 1] - start[gram], start[gram]) for gram in grams_of(key))
        shared: Counter[int] = Counter()
        left = _MOST_POSTINGS
        for size, first in lists:
            left -= size
            if left < 0:
                break
            shared.update(self._gram_words[first : first + size])
        if len(shared) <= _MOST_COMPARED:
            return list(shared)
        # Ties by number, so that the answer does not hang on the order of counting.
        return [word for word, _ in sorted(shared.items(), key=lambda item: (-item[1], item[0]))[:_MOST_COMPARED]]


def likenesses(key: str, words: dict[int, str]) -> list[Alike]:
    """Those of ``words`` that ``key`` could mean."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    length = len(key)
    edits = _edits_allowed(key)
    found: dict[int, float] = {}
    for word, text in words.items():
        likeness = _form_likeness(key, text, length)
        if likeness:
            found[word] = likeness
    others = {word: text for word, text in words.items() if word not in found}
    # A word that the register has as it was typed is no misspelling of another.
    if edits and others and max(found.values(), default=0.0) < INFLECTED:
        for text, distance, word in extract(key, others, scorer=OSA.distance, score_cutoff=edits, limit=None):
            found[word] = 1 - (0.35 + distance) / (max(length, len(text)) + 1)
        beginnings = {
            word: text[:length] for word, text in others.items() if word not in found and len(text) > length + 1
        }
        if beginnings and length > 4:
            for _, distance, word in extract(key, beginnings, scorer=OSA.distance, score_cutoff=edits, limit=None):
                ratio = length / len(others[word])
                found[word] = (0.80 + 0.14 * ratio) * (1 - (0.35 + distance) / (length + 1))
    return [Alike(word, likeness) for word, likeness in found.items() if likeness >= _LEAST]


def _edits_allowed(key: str) -> int:
    length = len(key)
    if length < 4 or not key.isalpha():
        return 0
    return 1 if length < 6 else 2 if length < 11 else 3


def _form_likeness(key: str, text: str, length: int) -> float:
    """Likeness of words that have the same letters: the same, forms of one word, or a compound and a part of it; else 0."""
    if text == key:
        return 1.0
    if text.startswith(key):
        rest = text[length:]
        if length > 3 and rest in INFLECTIONS:
            return INFLECTED
        if length < 2 or (key.isdigit() and length < 3):
            return 0.0
        return 0.80 + 0.14 * length / len(text)
    if length > 4 and text[:4] == key[:4]:
        same = 4
        for one, other in zip(key[4:], text[4:], strict=False):
            if one != other:
                break
            same += 1
        if (same == len(text) or text[same:] in INFLECTIONS) and key[same:] in INFLECTIONS:
            return 0.95
    if length > 3 and length < len(text):
        place = text.find(key)
        if place >= 0:
            rest = text[place + length :]
            share = 0.1 * length / len(text)
            return (0.80 if not rest or rest in INFLECTIONS else 0.68) + share
    return 0.0


_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
_SIZE = len(_ALPHABET) + 1
_LETTERS = {letter: number for number, letter in enumerate(_ALPHABET, start=1)}

GRAMS = _SIZE**3
"""How many different trigrams there are; letters beyond a to z and digits count as one."""


def grams_of(word: str) -> set[int]:
    """The trigrams of a folded word, as numbers below :data:`GRAMS`.

    >>> len(grams_of("hjerte")), len(grams_of("b"))
    (6, 1)
    """
    get = _LETTERS.get
    letters = [0, *[get(letter, 0) for letter in word], 0]
    return {
        (first * _SIZE + second) * _SIZE + third
        for first, second, third in zip(letters, letters[1:], letters[2:], strict=False)
    }
