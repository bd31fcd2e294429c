"""What somebody typed, taken apart: slots (words, and the parts of compounds), and the other ways in which each could have been written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from sor_addressing.identifiers import compact, parse
from sor_addressing.search.words.abbreviations import LONGEST, Phrase, abbreviations
from sor_addressing.search.words.compounds import Slot, Taker
from sor_addressing.search.words.everyday import LONGEST_PHRASE
from sor_addressing.search.words.folding import Word, key_of_word, words_in
from sor_addressing.search.words.identifiers import SHORTEST
from sor_addressing.search.words.lexicon import Lexicon, Meaning

MOST_CHARACTERS = 500
"""Longer texts are refused."""

MOST_WORDS = 16
"""Words that are looked at; people type fewer."""

SMALL_WORDS = frozenset(
    ["og", "i", "for", "ved", "af", "pa", "til", "den", "det", "de", "en", "et", "med", "the", "of"]
)
_SMALL_WEIGHT = 0.15
_UNFINISHED_WEIGHT = 0.06
"""Weight of a single letter that ends the text: a word that was only begun."""

_GENERAL = 0.45
"""Ends of compounds that weigh no more than this tell little alone."""

_APART, _GENERAL_APART = 0.6, 0.2
_ABBREVIATED = 0.95
_EVERYDAY = 0.9
_PERHAPS_EVERYDAY = 0.84
"""The beginning of a word stands in a group; what follows could be a slip, and then a word nearer to it is meant."""

_JOINED = 0.99
_NUMERAL = 0.98
_LETTERS_AND_DIGITS = re.compile(r"[^\W\d]+|\d+")
_SPACED_NUMBER = re.compile(r"[\d\s.:-]+")

EXACTLY, FORMS, COMPOUNDS, LOOSELY = range(4)
"""How far a word of the register may be from the one looked for: not at all, inflected, in a compound, misspelt."""

_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_NUMERALS = {str(number): roman for number, roman in enumerate(_ROMAN, start=1)}
_NUMERALS.update({roman: number for number, roman in list(_NUMERALS.items())})
_ALSO_A_WORD = frozenset(["1", "5", "10", "i", "v", "x"])
_NUMBERED = frozenset(
    ["afdeling", "afdelingen", "afd", "afsnit", "afsnittet", "afs", "klinik", "center", "sengeafsnit"]
)


class Reading(NamedTuple):
    """One way to read some of the slots.

    ``words`` are the positions of the slots that it stands for, ``phrase`` the keys to look for, all in one text where there are
    several, ``likeness`` how near it is to what was typed, and ``far`` how far a word may be from its key. ``whole`` tells of a typed
    word that was taken apart that it is meant as it stands.
    """

    words: range
    phrase: Phrase
    likeness: float
    far: int
    whole: bool = False
    short: bool = False


class Everyday(NamedTuple):
    """Some slots read as one of the members of ``meaning.groups``; a compound ends in what the slot ``tail`` stands for."""

    words: range
    meaning: Meaning
    likeness: float
    tail: int | None = None


class Bound(NamedTuple):
    """The slot that another belongs to (*afdeling* to what it is a ward of), and what that one is worth where they are not in one unit."""

    head: int
    apart: float


class Query(NamedTuple):
    """The slots, what each weighs beside the others, the ways to read them, and what could be (part of) an identifier."""

    typed: tuple[str, ...]
    words: tuple[Slot, ...]
    weights: tuple[float, ...]
    bound: tuple[Bound | None, ...]
    readings: tuple[Reading, ...]
    everyday: tuple[Everyday, ...]
    numbers: tuple[tuple[range, str], ...]


def read_query(text: str, take_apart: Taker, lexicon: Lexicon) -> Query:
    """``text`` taken apart, as a register knows the words and ``lexicon`` the groups."""
    words = list({word.key: word for word in words_in(text)}.values())[:MOST_WORDS]
    slots: list[Slot] = []
    spans: list[range] = []
    for typed, word in enumerate(words):
        parts = take_apart(word, typed)
        spans.append(range(len(slots), len(slots) + len(parts)))
        slots += parts
    unfinished = len(words) > 1 and len(words[-1].folded) == 1 and words[-1].folded.isalpha() and not text[-1].isspace()
    weights = [_weight(slot, lexicon, alone=len(slots) == 1) for slot in slots]
    if unfinished:
        weights[-1] = min(weights[-1], _UNFINISHED_WEIGHT)
    return Query(
        tuple([word.written for word in words]),
        tuple(slots),
        tuple(weights),
        _bound(slots, lexicon),
        tuple(_readings(words, slots, spans, lexicon)),
        tuple(_everyday(words, slots, spans, lexicon)),
        tuple(_numbers(text, words, spans)),
    )


def _weight(slot: Slot, lexicon: Lexicon, *, alone: bool) -> float:
    if slot.folded in SMALL_WORDS or slot.folded in lexicon.noise:
        return _SMALL_WEIGHT
    tail = None if alone else lexicon.tails.get(slot.folded)
    return tail.weight if tail is not None and tail.weight <= _GENERAL else slot.weight


def _bound(slots: list[Slot], lexicon: Lexicon) -> tuple[Bound | None, ...]:
    """Ends of compounds to what stands before them, and general words (*afdeling*, *klinik*) to the word before them, or else after."""
    bound: list[Bound | None] = []
    for position, slot in enumerate(slots):
        tail = lexicon.tails.get(slot.folded)
        weight = slot.weight if slot.tail else tail.weight if tail is not None else 1.0
        head = position - 1
        if not slot.tail:
            if weight > _GENERAL:
                bound.append(None)
                continue
            telling = [at for at, other in enumerate(slots) if other.folded not in SMALL_WORDS and other is not slot]
            head = max((at for at in telling if at < position), default=min(telling, default=-1))
        bound.append(Bound(head, _APART if weight > _GENERAL else _GENERAL_APART) if head >= 0 else None)
    return tuple(bound)


def _readings(words: list[Word], slots: list[Slot], spans: list[range], lexicon: Lexicon) -> Iterator[Reading]:
    phrases, endings = abbreviations()
    for position, slot in enumerate(slots):
        here = range(position, position + 1)
        if slot.tail:
            family = lexicon.families[slot.tail]
            yield Reading(here, (slot.key,), 1.0, FORMS)
            yield from (Reading(here, (key,), _ABBREVIATED, EXACTLY, short=True) for key in family if key != slot.key)
            continue
        taken_apart = len(spans[slot.typed]) > 1
        known = taken_apart or lexicon.is_word(slot.folded)
        is_plain = slot.folded in SMALL_WORDS or slot.meaning is not None
        far = FORMS if is_plain else COMPOUNDS if known else LOOSELY
        yield Reading(here, (slot.key,), 1.0, far)
    for word, span in zip(words, spans, strict=True):
        if len(span) > 1:
            yield Reading(span, (word.key,), 1.0, LOOSELY, whole=True)
        yield from _written_out(word, span, endings)
        number = _NUMERALS.get(word.folded)
        if number is not None:
            position = span[0]
            before = slots[position - 1].folded if position else ""
            if word.folded not in _ALSO_A_WORD or before in _NUMBERED:
                yield Reading(span, (number,), _NUMERAL, EXACTLY)
    keys = [word.key for word in words]
    for first in range(len(words)):
        for last in range(first + 1, min(first + LONGEST, len(words)) + 1):
            span = range(spans[first][0], spans[last - 1][-1] + 1)
            for phrase, far in phrases.get(tuple(keys[first:last]), {}).items():
                yield Reading(span, phrase, _ABBREVIATED, far, short=True)
            if 1 < last - first < LONGEST:
                yield from _joined(words[first:last], span, endings)


def _written_out(word: Word, span: range, endings: dict[str, tuple[str, ...]]) -> Iterator[Reading]:
    """The end of a compound that was shortened, in full: *hjerteafd*."""
    for ending, longer in endings.items():
        if word.folded.endswith(ending) and len(word.folded) > len(ending) + 2:
            before = word.folded[: -len(ending)]
            yield from (
                Reading(span, (before + text,), _ABBREVIATED, LOOSELY, whole=True, short=True) for text in longer
            )
            if len(before) > 3:
                yield from (
                    Reading(span, (key_of_word(before), text), _ABBREVIATED, FORMS, short=True) for text in longer
                )


def _joined(words: list[Word], span: range, endings: dict[str, tuple[str, ...]]) -> Iterator[Reading]:
    parts = [word.folded for word in words]
    if parts[0] in SMALL_WORDS or parts[-1] in SMALL_WORDS:
        return
    long = all(len(part) > 2 for part in parts) and len(parts) == 2
    yield Reading(span, (key_of_word("".join(parts)),), _JOINED, LOOSELY if long else FORMS)
    if long:
        ending = endings.get(words[1].key, ())
        yield from (Reading(span, (parts[0] + text,), _ABBREVIATED, LOOSELY, short=True) for text in ending)


def _everyday(words: list[Word], slots: list[Slot], spans: list[range], lexicon: Lexicon) -> Iterator[Everyday]:
    keys = [word.key for word in words]
    for position, slot in enumerate(slots):
        here = range(position, position + 1)
        meaning = slot.meaning or (None if slot.tail or slot.folded in SMALL_WORDS else lexicon.meaning(slot.folded))
        if meaning is None:
            continue
        after = position + 1
        tail = (
            after
            if slot.meaning and after < len(slots) and slots[after].typed == slot.typed and slots[after].tail
            else None
        )
        likeness = meaning.likeness * (_EVERYDAY if tail or lexicon.is_word(slot.folded) else _PERHAPS_EVERYDAY)
        yield Everyday(here, meaning, likeness, tail)
    for first, (one, other) in enumerate(pairwise(words)):
        joined = lexicon.meaning(one.folded + other.folded) if len(other.folded) > 2 else None
        if joined is not None and joined.likeness == 1.0 and joined.letters > len(one.folded) + 1:
            yield Everyday(range(spans[first][0], spans[first + 1][-1] + 1), joined, _EVERYDAY)
    for first in range(len(words)):
        for last in range(first + 2, min(first + LONGEST_PHRASE, len(words)) + 1):
            groups = lexicon.phrases.get(tuple(keys[first:last]))
            if groups is not None:
                span = range(spans[first][0], spans[last - 1][-1] + 1)
                yield Everyday(span, Meaning(groups, 1.0), _EVERYDAY)


def parts_of(folded: str) -> Phrase | None:
    """``b12`` in two; None for a word of letters or digits alone."""
    parts = tuple(_LETTERS_AND_DIGITS.findall(folded))
    return parts if len(parts) > 1 else None


def _numbers(text: str, words: list[Word], spans: list[range]) -> Iterator[tuple[range, str]]:
    parsed = parse(text.strip())
    if parsed.system is not None or _SPACED_NUMBER.fullmatch(text):
        value = re.sub(r"\W", "", parsed.value)
        if len(value) >= SHORTEST:
            yield range(spans[-1][-1] + 1 if spans else 0), value
            return
    for word, span in zip(words, spans, strict=True):
        if len(word.written) >= SHORTEST and any(map(str.isdigit, word.written)):
            part = compact(word.written)
            if len(part) >= SHORTEST:
                yield span, part
