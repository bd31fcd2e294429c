"""From a query to the texts of a register that its words stand in, or could stand in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from math import log
from typing import NamedTuple

from sor_addressing.search.kept import KeptColumns
from sor_addressing.search.words.columns import NAME, PLACE, SPECIALITY, STREET, TYPE
from sor_addressing.search.words.folding import key_of_word
from sor_addressing.search.words.query import Query, Reading, parts_of
from sor_addressing.search.words.vocabulary import INFLECTED, INFLECTIONS, Alike, Vocabulary, whole

WORTH = {NAME: 1.0, STREET: 0.9, PLACE: 0.88, TYPE: 0.85, SPECIALITY: 0.87}
"""What a word in each kind of text is worth beside one in a name."""

TextHit = tuple[float, int]
"""How well a typed word matches in a text, and the word of the register that it matches there."""

_LEAST_JOINED = 0.75
_SPLIT = 0.95
_MOST_PARTS = 4
_SHORTEST_PART = 3
_LONGEST_SPLIT = 40


class Hits(NamedTuple):
    """For every typed word what it could be, and what it weighs beside the others.

    ``words`` are words of the register with their likeness; ``texts`` those in which it matches as part of a phrase.
    """

    words: list[dict[int, float]]
    texts: list[dict[int, TextHit]]
    weights: list[float]


class Reader:
    """Finds the texts of one register; shared by all threads."""

    def __init__(self, columns: KeptColumns) -> None:
        self.vocabulary = Vocabulary(columns)
        self._texts = whole(columns, "words_word_text")
        self._texts_start = whole(columns, "words_word_text_start")
        self._kinds = whole(columns, "words_text_kind")
        groups, starts = whole(columns, "words_word_group"), whole(columns, "words_group_start")
        self._carried = [starts[last] - starts[first] for first, last in pairwise(groups)]
        self._units = len(whole(columns, "words_order"))

    def read(self, query: Query) -> Hits:
        """The texts that the words of ``query`` match in."""
        words: list[dict[int, float]] = [{} for _ in query.words]
        together: list[tuple[range, dict[int, TextHit]]] = []
        for reading in self._all_readings(query):
            if len(reading.phrase) > 1:
                together.append((reading.words, self._texts_with_all(reading)))
                continue
            for word, alike in self._alike(reading):
                likeness = alike * reading.likeness
                for position in reading.words:
                    if likeness > words[position].get(word, 0.0):
                        words[position][word] = likeness
        texts: list[dict[int, TextHit]] = [{} for _ in words]
        for span, found in together:
            for position in span:
                hits = texts[position]
                for text, hit in found.items():
                    if text not in hits or hit > hits[text]:
                        hits[text] = hit
        return Hits(words, texts, list(map(self._weight, query.weights, words, texts)))

    def _weight(self, weight: float, words: Mapping[int, float], texts: Mapping[int, TextHit]) -> float:
        """Rare words, and those that stand for several, weigh up to twice as much as those that are everywhere or nowhere."""
        best = max(words.values(), default=0.0)
        carried = sum([self._carried[word] for word, value in words.items() if value > best - 0.1])
        if not carried and texts:
            return 2 * weight
        if not carried or self._units < 2:
            return weight
        return weight * (1 + max(0.0, log(self._units / carried) / log(self._units)))

    def _all_readings(self, query: Query) -> Iterator[Reading]:
        yield from query.readings
        for position, word in enumerate(query.words):
            parts = parts_of(word)
            here = range(position, position + 1)
            if parts is not None:
                yield Reading(here, parts, _SPLIT, False)
            elif not self.vocabulary.forms(word.key):
                split = self._split(word.folded)
                if split is not None:
                    yield Reading(here, split, _SPLIT, False)

    def _split(self, folded: str) -> tuple[str, ...] | None:
        """A compound into words that the register has apart; None where there are no such words."""
        if not 2 * _SHORTEST_PART <= len(folded) <= _LONGEST_SPLIT:
            return None
        return self._split_from(folded, _MOST_PARTS)

    def _split_from(self, folded: str, most: int) -> tuple[str, ...] | None:
        known = self._known(folded) if most < _MOST_PARTS else None
        if known is not None:
            return (known,)
        if most == 1:
            return None
        for length in range(len(folded) - _SHORTEST_PART, _SHORTEST_PART - 1, -1):
            first = self.vocabulary.number(key_of_word(folded[:length]))
            if first is not None:
                rest = self._split_from(folded[length:], most - 1)
                if rest is not None:
                    return (self.vocabulary.words[first], *rest)
        return None

    def _known(self, folded: str) -> str | None:
        """A form of the word that the register has."""
        key = key_of_word(folded)
        if self.vocabulary.number(key) is not None:
            return key
        if len(key) <= _SHORTEST_PART:
            return None
        if self.vocabulary.forms(key):
            return key
        for ending in INFLECTIONS:
            stem = key.removesuffix(ending)
            if stem != key and len(stem) > _SHORTEST_PART and self.vocabulary.number(stem) is not None:
                return stem
        return None

    def _alike(self, reading: Reading) -> Iterable[Alike]:
        key, vocabulary = reading.phrase[0], self.vocabulary
        if len(reading.words) == 1:
            return vocabulary.alike(key) if reading.loosely else vocabulary.forms(key)
        found = vocabulary.forms(key)
        if not found and reading.loosely:
            found = vocabulary.alike(key)
        # Of several typed words read as one, none may be lost in a misspelling of another.
        words, shortest = vocabulary.words, len(key) - 1
        return [alike for alike in found if alike.likeness >= _LEAST_JOINED and len(words[alike.word]) >= shortest]

    def _texts_with_any(self, words: Mapping[int, float]) -> dict[int, TextHit]:
        """Texts with one of ``words``; of several in one text the likest counts."""
        found: dict[int, TextHit] = {}
        start, kinds = self._texts_start, self._kinds
        for likeness, word in sorted([(likeness, word) for word, likeness in words.items()]):
            for text in self._texts[start[word] : start[word + 1]]:
                found[text] = (likeness * WORTH[kinds[text]], word)
        return found

    def _texts_with_all(self, reading: Reading) -> dict[int, TextHit]:
        """Texts with all words of a phrase, or with forms of them."""
        together: dict[int, TextHit] | None = None
        for key in reading.phrase:
            words = self.vocabulary.forms(key) or self._beginnings(key)
            found = self._texts_with_any({word: likeness * reading.likeness for word, likeness in words})
            if together is not None:
                found = {text: min(hit, together[text]) for text, hit in found.items() if text in together}
            together = found
            if not found:
                break
        return together or {}

    def _beginnings(self, key: str) -> list[Alike]:
        return [alike for alike in self.vocabulary.alike(key) if alike.likeness >= INFLECTED - 0.05]
