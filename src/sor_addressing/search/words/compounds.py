"""Typed words taken apart: a compound is head and tail, and words that were run together are those of the register."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from sor_addressing.search.words.folding import Word, key_of_word
from sor_addressing.search.words.lexicon import Lexicon, Meaning
from sor_addressing.search.words.vocabulary import Vocabulary

_MOST_PARTS = 4
_SHORTEST_PART = 3
_SHORTEST_HEAD = 4
_LONGEST_SPLIT = 40
_LONGEST_ENDING = 7
_WELL_KNOWN = 0.86
"""A word that comes so near to one of the register is that one, misspelt."""


class Slot(NamedTuple):
    """A typed word, or a part of it: as it was written, folded, its key, which word it is of, its weight, and what is known of it."""

    written: str
    folded: str
    key: str
    typed: int
    weight: float = 1.0
    tail: str = ""
    meaning: Meaning | None = None


Taker = Callable[[Word, int], list[Slot]]
"""From a word and its place among those typed to its slots."""


def take_apart(vocabulary: Vocabulary, lexicon: Lexicon) -> Taker:
    """How words are taken apart by what a register has and what everyday words there are."""

    def take(word: Word, typed: int) -> list[Slot]:
        alone = [Slot(*word, typed)]
        if len(word.folded) <= _SHORTEST_PART or not word.folded.isalpha():
            return alone
        return _by_tail(word, typed, vocabulary, lexicon) or _by_words(word, typed, vocabulary, lexicon) or alone

    return take


def _by_tail(word: Word, typed: int, vocabulary: Vocabulary, lexicon: Lexicon) -> list[Slot] | None:
    found = lexicon.split(word)
    if found is None:
        return None
    before, ending, tail = found
    whole = lexicon.meaning(word.folded)
    if whole is not None and whole.likeness > _WELL_KNOWN and whole.letters > len(before) + 1:
        return None
    meaning = lexicon.meaning(before)
    if meaning is not None and meaning.likeness < _WELL_KNOWN:
        meaning = None
    if meaning is None:
        if vocabulary.forms(word.key):
            return None
        known = len(before) >= _SHORTEST_HEAD and (_form(before, vocabulary) or _is_begun(before, vocabulary))
        if not known:
            meaning = lexicon.misspelt(before)
            if meaning is None or meaning.letters < len(before) - 1:
                return None
    cut = len(word.written) - len(ending) if len(word.written) == len(word.folded) else None
    written = (word.written[:cut], word.written[cut:]) if cut else (before, ending)
    return [
        Slot(written[0], before, key_of_word(before), typed, 1.0, "", meaning),
        Slot(written[1], ending, key_of_word(ending), typed, tail.weight, tail.family),
    ]


def _is_begun(before: str, vocabulary: Vocabulary) -> bool:
    """Whether the register has compounds that begin so."""
    return next(vocabulary.beginning_with(before), None) is not None


def _by_words(word: Word, typed: int, vocabulary: Vocabulary, lexicon: Lexicon) -> list[Slot] | None:
    folded = word.folded
    if not 2 * _SHORTEST_PART <= len(folded) <= _LONGEST_SPLIT:
        return None
    if vocabulary.forms(word.key):
        return None
    meaning = lexicon.meaning(folded)
    if meaning is not None and meaning.letters >= len(folded) - _LONGEST_ENDING:
        return None
    alike = vocabulary.alike(word.key)
    if alike and alike[0].likeness > _WELL_KNOWN:
        return None
    parts = _split(folded, _MOST_PARTS, vocabulary, lexicon)
    if parts is None:
        return None
    slots: list[Slot] = []
    for part in parts:
        tail = lexicon.tails.get(part)
        weight, family = (tail.weight, tail.family) if tail and slots else (1.0, "")
        slots.append(
            Slot(part, part, key_of_word(part), typed, weight, family, None if family else lexicon.meaning(part))
        )
    return slots


def _split(folded: str, most: int, vocabulary: Vocabulary, lexicon: Lexicon) -> list[str] | None:
    if most < _MOST_PARTS and (
        _is_known(folded, vocabulary, lexicon) or (len(folded) >= _SHORTEST_HEAD and _is_begun(folded, vocabulary))
    ):
        return [folded]
    if most == 1:
        return None
    for length in range(len(folded) - _SHORTEST_PART, _SHORTEST_PART - 1, -1):
        if _is_known(folded[:length], vocabulary, lexicon):
            rest = _split(folded[length:], most - 1, vocabulary, lexicon)
            if rest is not None:
                return [folded[:length], *rest]
    return None


def _is_known(part: str, vocabulary: Vocabulary, lexicon: Lexicon) -> bool:
    if len(part) <= _SHORTEST_PART:
        return vocabulary.number(part) is not None or part in lexicon.tails
    if _form(part, vocabulary):
        return True
    meaning = lexicon.meaning(part)
    return meaning is not None and meaning.likeness == 1.0 and meaning.letters >= len(part) - 3


def _form(folded: str, vocabulary: Vocabulary) -> bool:
    """Whether the register has the word or a form of it."""
    return bool(vocabulary.forms(key_of_word(folded)))
