"""The words of a register, and which of them are like a word that somebody typed."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sor_addressing.search.kept import KeptColumns
from sor_addressing.search.words.inflection import INFLECTIONS, is_form

_MOST_POSTINGS = 1_500
_MOST_COMPARED = 60
_MOST_ALIKE = 40
_MOST_OF_A_PREFIX = 300
_LONGEST_COMPARED = 60
_LONGEST_CHANGE = 3
_SHORTEST_CHANGED = 7
_LEAST = 0.5
_FARTHEST = 0.32
_FARTHEST_MISSPELT = 0.15
_REMEMBERED = 8_192

INFLECTED = 0.97
"""Likeness of two forms of one word."""

_FORM = 0.95
"""Likeness of forms of which neither begins with the other."""


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
        self._alike: dict[tuple[str, bool], list[Alike]] = {}
        self._forms: dict[str, list[Alike]] = {}

    def number(self, key: str) -> int | None:
        """The number of exactly that word; None where the register has it nowhere."""
        words = self.words
        position = bisect_left(words, key)
        return position if position < len(words) and words[position] == key else None

    def forms(self, key: str) -> list[Alike]:
        """The word itself and its inflected forms."""
        known = self._forms.get(key)
        if known is None:
            if len(self._forms) >= _REMEMBERED:
                self._forms.clear()
            shared = key[:-_LONGEST_CHANGE] if len(key) >= _SHORTEST_CHANGED else key
            found = [
                Alike(word, 1.0 if text == key else INFLECTED)
                for word, text in self.beginning_with(shared)
                if is_form(key, text)
            ]
            exactly = self.number(key)
            if exactly is not None and all(one.word != exactly for one in found):
                found.append(Alike(exactly, 1.0))
            known = self._forms[key] = found
        return known

    def beginning_with(self, letters: str, most: int = _MOST_OF_A_PREFIX) -> Iterator[tuple[int, str]]:
        """The words that begin with ``letters``; the first of too many."""
        first = bisect_left(self.words, letters)
        for word, text in enumerate(self.words[first : first + most], start=first):
            if not text.startswith(letters):
                return
            yield word, text

    def alike(self, key: str, *, misspelt: bool = True) -> list[Alike]:
        """Words that could be meant by ``key``, the likest first: the word, its forms, compounds with it, and misspellings of it."""
        known = self._alike.get((key, misspelt))
        if known is None:
            if len(self._alike) >= _REMEMBERED:
                self._alike.clear()
            known = self._alike[key, misspelt] = self._compare(key[:_LONGEST_COMPARED], misspelt=misspelt)
        return known

    def _compare(self, key: str, *, misspelt: bool) -> list[Alike]:
        words = {word: self.words[word] for word in self._with_shared_grams(key)}
        words.update(self.beginning_with(key))
        words.update((alike.word, self.words[alike.word]) for alike in self.forms(key))
        found = likenesses(key, words, misspelt=misspelt)
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


def likenesses(key: str, words: dict[int, str], *, misspelt: bool = True) -> list[Alike]:
    """Those of ``words`` that ``key`` could mean."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    length = len(key)
    edits = _edits_allowed(key) if misspelt else 0
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
        if length > 3 and is_form(key, text):
            return INFLECTED
        if length < 2 or (key.isdigit() and length < 3):
            return 0.0
        return 0.80 + 0.14 * length / len(text)
    if length > 3 and is_form(key, text):
        return _FORM
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
