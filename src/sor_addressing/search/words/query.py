"""What somebody typed, taken apart: words, and the other ways in which each could have been written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from sor_addressing.identifiers import compact, parse
from sor_addressing.search.words.abbreviations import LONGEST, Phrase, abbreviations
from sor_addressing.search.words.folding import Word, key_of_word, words_in
from sor_addressing.search.words.identifiers import SHORTEST

MOST_CHARACTERS = 500
"""Longer texts are refused."""

MOST_WORDS = 16
"""Words that are looked at; people type fewer."""

_SMALL_WORDS = frozenset(
    ["og", "i", "for", "ved", "af", "pa", "til", "den", "det", "de", "en", "et", "med", "the", "of"]
)
_SMALL_WEIGHT = 0.15
_ABBREVIATED = 0.95
_JOINED = 0.99
_LETTERS_AND_DIGITS = re.compile(r"[^\W\d]+|\d+")
_SPACED_NUMBER = re.compile(r"[\d\s.:-]+")


class Reading(NamedTuple):
    """One way to read some of the typed words.

    ``words`` are the positions of the typed words that it stands for, ``phrase`` the keys to look for, all in one text where there are
    several, and ``likeness`` how near it is to what was typed. ``loosely`` tells whether misspellings and compounds count too.
    """

    words: range
    phrase: Phrase
    likeness: float
    loosely: bool


class Query(NamedTuple):
    """The typed words, what each weighs beside the others, the ways to read them, and what could be (part of) an identifier."""

    words: tuple[Word, ...]
    weights: tuple[float, ...]
    readings: tuple[Reading, ...]
    numbers: tuple[tuple[range, str], ...]


def read_query(text: str) -> Query:
    """``text`` taken apart.

    >>> query = read_query("hjerte afd.")
    >>> [word.written for word in query.words], len(query.readings) > 2
    (['hjerte', 'afd'], True)
    """
    words = tuple(_without_repetitions(words_in(text))[:MOST_WORDS])
    weights = tuple([_SMALL_WEIGHT if word.folded in _SMALL_WORDS else 1.0 for word in words])
    return Query(words, weights, tuple(_readings(words)), tuple(_numbers(text, words)))


def _without_repetitions(words: list[Word]) -> list[Word]:
    return list({word.key: word for word in words}.values())


def _readings(words: tuple[Word, ...]) -> Iterator[Reading]:
    keys = [word.key for word in words]
    phrases, endings = abbreviations()
    for position, word in enumerate(words):
        here = range(position, position + 1)
        yield Reading(here, (word.key,), 1.0, word.folded not in _SMALL_WORDS)
        for ending, longer in endings.items():
            if word.folded.endswith(ending) and len(word.folded) > len(ending) + 2:
                stem = word.folded[: -len(ending)]
                yield from (Reading(here, (stem + text,), _ABBREVIATED, True) for text in longer)
                if len(stem) > 3:
                    yield from (Reading(here, (key_of_word(stem), text), _ABBREVIATED, False) for text in longer)
    for first in range(len(words)):
        for last in range(first + 1, min(first + LONGEST, len(words)) + 1):
            span = range(first, last)
            for phrase in phrases.get(tuple(keys[first:last]), ()):
                yield Reading(span, phrase, _ABBREVIATED, len(phrase) == 1 and len(phrase[0]) > 3)
            if 1 < last - first < LONGEST:
                yield from _joined(words, span)


def _joined(words: tuple[Word, ...], span: range) -> Iterator[Reading]:
    parts = [words[position].folded for position in span]
    if parts[0] in _SMALL_WORDS or parts[-1] in _SMALL_WORDS:
        return
    long = all(len(part) > 2 for part in parts)
    joined = "".join(parts)
    yield Reading(span, (key_of_word(joined),), _JOINED, long and len(parts) == 2)
    if long and len(parts) == 2:
        ending = abbreviations().endings.get(words[span[1]].key, ())
        yield from (Reading(span, (parts[0] + text,), _ABBREVIATED, True) for text in ending)


def parts_of(word: Word) -> Phrase | None:
    """``B12`` in two; None for a word of letters or digits alone."""
    parts = tuple(_LETTERS_AND_DIGITS.findall(word.folded))
    return parts if len(parts) > 1 else None


def _numbers(text: str, words: tuple[Word, ...]) -> Iterator[tuple[range, str]]:
    parsed = parse(text.strip())
    if parsed.system is not None or _SPACED_NUMBER.fullmatch(text):
        value = re.sub(r"\W", "", parsed.value)
        if len(value) >= SHORTEST:
            yield range(len(words)), value
            return
    for position, word in enumerate(words):
        if len(word.written) >= SHORTEST and any(map(str.isdigit, word.written)):
            part = compact(word.written)
            if len(part) >= SHORTEST:
                yield range(position, position + 1), part
