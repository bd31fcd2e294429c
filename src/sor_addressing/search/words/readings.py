"""From a query to the texts of a register that its words stand in, or could stand in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from itertools import pairwise
from math import log
from typing import NamedTuple

from sor_addressing.search.kept import KeptColumns
from sor_addressing.search.words.columns import LONGEST_NAME, NAME, PLACE, SPECIALITY, STREET, TYPE
from sor_addressing.search.words.lexicon import Lexicon
from sor_addressing.search.words.query import (
    COMPOUNDS,
    EXACTLY,
    FORMS,
    LOOSELY,
    SMALL_WORDS,
    Everyday,
    Query,
    Reading,
    parts_of,
)
from sor_addressing.search.words.vocabulary import INFLECTED, Alike, Vocabulary, whole

WORTH = {NAME: 1.0, STREET: 0.9, PLACE: 0.88, TYPE: 0.85, SPECIALITY: 0.87}
"""What a word in each kind of text is worth beside one in a name."""

TextHit = tuple[float, int]
"""How well a typed word matches in a text, and the word of the register that it matches there."""

_LEAST_JOINED = 0.75
_POSTAL_CODE = 4
_PARTED = 0.95
_UNKNOWN = 0.9
_LEAST_OF_A_MEMBER = 0.78
_WHOLE_WORD = 0.94
_SHORTEST_LOOSE_MEMBER = 7
_IN_A_COMPOUND = 0.85
_BEGUN = 0.92
_SHORTEST_BEGUN = 3
_MOST_OF_A_MEMBER = 400


class MatchedHow(StrEnum):
    """How a typed word stands where it was found."""

    AS_WRITTEN = "as_written"
    INFLECTION = "inflection"
    PART_OF_COMPOUND = "part_of_compound"
    ABBREVIATION = "abbreviation"
    EVERYDAY_WORD = "everyday_word"
    MISSPELLING = "misspelling"
    IDENTIFIER = "identifier"


class Hits(NamedTuple):
    """For every slot what it could be, and what it weighs beside the others.

    ``words`` are words of the register with their likeness; ``texts`` those in which it matches as part of a phrase. ``word_how`` and
    ``text_how`` tell of those that were not found by their letters how they were.
    """

    words: list[dict[int, float]]
    texts: list[dict[int, TextHit]]
    weights: list[float]
    word_how: list[dict[int, MatchedHow]]
    text_how: list[dict[int, MatchedHow]]
    places: list[bool]
    """Whether it is a place: a town, a postal code."""


class Expansion(NamedTuple):
    """A group in the words of one register: words with how well they stand for it and the tail that they end in, and texts with a phrase of it."""

    words: list[tuple[int, float, str]]
    texts: dict[int, TextHit]


class Reader:
    """Finds the texts of one register; shared by all threads."""

    def __init__(self, columns: KeptColumns) -> None:
        self.vocabulary = Vocabulary(columns)
        small = map(self.vocabulary.number, SMALL_WORDS)
        self.small = frozenset(number for number in small if number is not None)
        self._texts = whole(columns, "words_word_text")
        self._texts_start = whole(columns, "words_word_text_start")
        self._kinds = whole(columns, "words_text_kind")
        groups, starts = whole(columns, "words_word_group"), whole(columns, "words_group_start")
        self._groups = groups
        self._group = whole(columns, "words_group")
        self._carried = [starts[last] - starts[first] for first, last in pairwise(groups)]
        self._units = len(whole(columns, "words_order"))

    def read(self, query: Query, expansions: Expansions) -> Hits:
        """The texts that the words of ``query`` match in."""
        words: list[dict[int, float]] = [{} for _ in query.words]
        texts: list[dict[int, TextHit]] = [{} for _ in words]
        word_how: list[dict[int, MatchedHow]] = [{} for _ in words]
        text_how: list[dict[int, MatchedHow]] = [{} for _ in words]
        hits = Hits(words, texts, [], word_how, text_how, [])
        for reading in self._all_readings(query):
            how = MatchedHow.ABBREVIATION if reading.short else None
            if len(reading.phrase) > 1:
                found = self.texts_with_all(reading.phrase, reading.likeness)
                _keep_texts(hits, reading.words, found, how or MatchedHow.PART_OF_COMPOUND)
                continue
            for word, alike in self._alike(reading):
                _keep_word(hits, reading.words, word, alike * reading.likeness, how)
        for everyday in query.everyday:
            self._read_everyday(everyday, query, expansions, hits)
        self._read_unknown(query, expansions, hits)
        hits.weights.extend(map(self._weight, query.weights, words, texts))
        hits.places.extend(map(self._is_place, words))
        return hits

    def _read_everyday(self, everyday: Everyday, query: Query, expansions: Expansions, hits: Hits) -> None:
        family = "" if everyday.tail is None else query.words[everyday.tail].tail
        head = query.words[everyday.words[0]].folded
        register_words = self.vocabulary.words
        for group in everyday.meaning.groups:
            expansion = expansions.of(group)
            for word, factor, tail in expansion.words:
                likeness, how = everyday.likeness * factor, MatchedHow.EVERYDAY_WORD
                slots = everyday.words
                if everyday.tail is not None and tail == family:
                    slots = range(slots[0], everyday.tail + 1)
                    if register_words[word].startswith(
                        head
                    ):  # the same compound, of which the end is written otherwise
                        likeness, how = INFLECTED, MatchedHow.ABBREVIATION
                _keep_word(hits, slots, word, likeness, how)
            found = {text: (value * everyday.likeness, word) for text, (value, word) in expansion.texts.items()}
            _keep_texts(hits, everyday.words, found, MatchedHow.EVERYDAY_WORD)

    def _read_unknown(self, query: Query, expansions: Expansions, hits: Hits) -> None:
        """Words that nothing is found for but misspellings: a member of a group, begun or misspelt."""
        lexicon = expansions.lexicon
        for position, slot in enumerate(query.words):
            if slot.tail or slot.meaning is not None or max(hits.words[position].values(), default=0.0) >= INFLECTED:
                continue
            if lexicon.meaning(slot.folded) is not None:
                continue
            meaning = lexicon.unfinished(slot.folded) or lexicon.misspelt(slot.folded)
            if meaning is not None:
                here = range(position, position + 1)
                self._read_everyday(Everyday(here, meaning, meaning.likeness * _UNKNOWN), query, expansions, hits)

    def _is_place(self, words: Mapping[int, float]) -> bool:
        return any(likeness >= INFLECTED and self.stands_in(word, PLACE) for word, likeness in words.items())

    def is_postal_code(self, digits: str) -> bool:
        """Whether the register has places with that postal code."""
        if len(digits) != _POSTAL_CODE or not digits.isdigit():
            return False
        word = self.vocabulary.number(digits)
        return word is not None and self.stands_in(word, PLACE)

    def stands_in(self, word: int, kind: int) -> bool:
        """Whether a word stands in texts of that kind."""
        return LONGEST_NAME + kind in self._group[self._groups[word] : self._groups[word + 1]]

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
        for position, slot in enumerate(query.words):
            parts = parts_of(slot.folded)
            if parts is not None:
                yield Reading(range(position, position + 1), parts, _PARTED, FORMS)

    def _alike(self, reading: Reading) -> Iterable[Alike]:
        key, vocabulary, far = reading.phrase[0], self.vocabulary, reading.far
        if far == EXACTLY:
            word = vocabulary.number(key)
            return [] if word is None else [Alike(word, 1.0)]
        if len(reading.words) == 1 or reading.whole:
            return vocabulary.forms(key) if far == FORMS else vocabulary.alike(key, misspelt=far == LOOSELY)
        found = vocabulary.forms(key)
        if not found and far >= COMPOUNDS:
            found = vocabulary.alike(key, misspelt=far == LOOSELY)
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

    def texts_with_all(self, phrase: Iterable[str], likeness: float, *, begun: bool = False) -> dict[int, TextHit]:
        """Texts with all words of a phrase, or with forms of them; the last may be ``begun`` only."""
        together: dict[int, TextHit] | None = None
        keys = list(phrase)
        for place, key in enumerate(keys, start=1):
            words = list(self.vocabulary.forms(key))
            if begun and place == len(keys) and len(key) >= _SHORTEST_BEGUN:
                words += [Alike(word, _BEGUN) for word, text in self.vocabulary.beginning_with(key) if text != key]
            elif not words:
                words = [alike for alike in self.vocabulary.alike(key) if alike.likeness >= INFLECTED - 0.05]
            found = self._texts_with_any({one.word: one.likeness * likeness for one in reversed(words)})
            if together is not None:
                found = {text: min(hit, together[text]) for text, hit in found.items() if text in together}
            together = found
            if not found:
                break
        return together or {}


class Expansions:
    """The groups of one lexicon in the words of one register, each made when it is first asked for; shared by all threads."""

    def __init__(self, reader: Reader, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._reader = reader
        self._known: dict[int, Expansion] = {}

    def of(self, group: int) -> Expansion:
        """One group."""
        known = self._known.get(group)
        if known is None:
            known = self._known[group] = self._expand(group)
        return known

    def _expand(self, number: int) -> Expansion:
        vocabulary, lexicon = self._reader.vocabulary, self.lexicon
        group = lexicon.groups[number]
        words: dict[int, tuple[float, str]] = {}
        for letters in (*group.beginnings, *group.heads):
            for word, text in vocabulary.beginning_with(letters, _MOST_OF_A_MEMBER):
                meaning = lexicon.meaning(text)
                if meaning is not None and number in meaning.groups:
                    _better(words, word, meaning.likeness, meaning.tail)
        for key in group.words:
            loose = len(key) >= _SHORTEST_LOOSE_MEMBER
            for word, likeness in vocabulary.alike(key, misspelt=False) if loose else vocabulary.forms(key):
                if likeness >= _LEAST_OF_A_MEMBER:
                    _better(words, word, likeness if likeness > _WHOLE_WORD else likeness * _IN_A_COMPOUND, "")
        texts: dict[int, TextHit] = {}
        for phrase in group.phrases:
            for place, hit in self._reader.texts_with_all(phrase, 1.0, begun=True).items():
                if place not in texts or hit > texts[place]:
                    texts[place] = hit
        return Expansion([(word, likeness, tail) for word, (likeness, tail) in words.items()], texts)


def _better(words: dict[int, tuple[float, str]], word: int, likeness: float, tail: str) -> None:
    known = words.get(word)
    if known is None or (likeness, tail) > known:
        words[word] = (likeness, tail)


def _keep_word(hits: Hits, slots: range, word: int, likeness: float, how: MatchedHow | None) -> None:
    for position in slots:
        words = hits.words[position]
        if likeness > words.get(word, 0.0):
            words[word] = likeness
            if how is not None:
                hits.word_how[position][word] = how
            elif word in hits.word_how[position]:
                del hits.word_how[position][word]


def _keep_texts(hits: Hits, slots: range, found: Mapping[int, TextHit], how: MatchedHow) -> None:
    for position in slots:
        texts = hits.texts[position]
        for text, hit in found.items():
            if text not in texts or hit > texts[text]:
                texts[text] = hit
                hits.text_how[position][text] = how
