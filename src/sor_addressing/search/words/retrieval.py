"""From the texts that words stand in to the units that match best, by their own texts and those of the units above them."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import NamedTuple

from sor_addressing.index.columns import NOTHING
from sor_addressing.search.kept import KeptColumns
from sor_addressing.search.words.columns import LONGEST_NAME, PLACE, SPECIALITY, STREET, TYPE
from sor_addressing.search.words.readings import WORTH, Hits
from sor_addressing.search.words.vocabulary import whole

_MOST_UNITS_A_WORD = 4_000
MOST_COUNTED = 4
"""Words of a query that are counted roughly; all of them are when the units that come out best are scored."""

_ABOVE = 0.93
_OF_AN_IDENTIFIER = 2.0
_OF_THE_NAME = 0.12
"""Share of the score that hangs on how much of the unit's name was typed."""

_COVERED = [1.0] + [1 - _OF_THE_NAME + _OF_THE_NAME / words for words in range(1, LONGEST_NAME + 1)]
"""What is left of the score where one word of so many was typed."""

_OF_A_GROUP = [*_COVERED, *(WORTH[kind] * _COVERED[2] for kind in (STREET, PLACE, TYPE, SPECIALITY))]
"""What a word in each group of texts is worth, roughly."""

_FEW = 12
_FAR = 0.85
_SHARE_OF_FAR = 0.35
_NO_HITS: list[tuple[int, float, int]] = []

IDENTIFIER = -1
"""Where a typed identifier matches: in no text."""


Place = tuple[float, int, int, int]
"""Where a typed word matches best for a unit: how well, the text and the word in it, and the unit that has the text, by position."""


class Scored(NamedTuple):
    """A unit, by its position in the tree, with its score from 0 to 1 and, for every typed word, where it matches."""

    score: float
    position: int
    places: tuple[Place | None, ...]


class Extra(NamedTuple):
    """What single units have beside the texts of the register: texts of aliases, and identifiers that were typed, by word of the query."""

    texts_of: Mapping[int, Sequence[int]]
    units_of: Mapping[int, Sequence[int]]
    lengths: Mapping[int, int]
    identifiers: Sequence[Mapping[int, float]]


class Units:
    """The units of one register as searching goes through them; shared by all threads."""

    def __init__(self, columns: KeptColumns) -> None:
        self.order = whole(columns, "words_order")
        self.place = whole(columns, "words_place")
        self.above = whole(columns, "words_above")
        self.end = whole(columns, "words_end")
        self.texts = whole(columns, "words_unit_text")
        self.texts_start = whole(columns, "words_unit_text_start")
        self.carriers = whole(columns, "words_text_unit")
        self.carriers_start = whole(columns, "words_text_unit_start")
        self.inner = whole(columns, "words_text_inner")
        self.words_start = whole(columns, "words_text_word_start")
        self.lengths = whole(columns, "words_text_length")
        self.kinds = whole(columns, "words_text_kind")
        self.text_words = whole(columns, "words_text_word")
        self.word_group = whole(columns, "words_word_group")
        self.group = whole(columns, "words_group")
        self.group_start = whole(columns, "words_group_start")
        self.group_parted = whole(columns, "words_group_parted")
        self.group_units = whole(columns, "words_group_unit")

    def __len__(self) -> int:
        return len(self.order)

    def name_length(self, position: int) -> int:
        """Characters in the name of the unit at ``position``."""
        return self.lengths[self.texts[self.texts_start[position]]]


class Retrieval:
    """One query on its way to the units that match it."""

    def __init__(self, units: Units, hits: Hits, extra: Extra) -> None:
        self._units = units
        self._hits = hits
        self._extra = extra
        self._weights = [
            max(weight, _OF_AN_IDENTIFIER) if identified else weight
            for weight, identified in zip(hits.weights, extra.identifiers, strict=True)
        ]
        self._total = sum(self._weights)
        self._identified = any(extra.identifiers)
        self._nowhere: list[Place | None] = [None] * len(hits.words)
        self._from_above: dict[int, list[Place | None]] = {NOTHING: self._nowhere}
        self._by_text: dict[int, list[tuple[int, float, int]]] = {}
        self._by_word: dict[int, list[tuple[int, float]]] = {}
        for typed, words in enumerate(hits.words):
            for word, likeness in words.items():
                self._by_word.setdefault(word, []).append((typed, likeness))
        self._register_words = self._by_word.keys()
        self._phrase_texts = set[int]().union(*hits.texts)

    def best(self, allowed: Container[int] | None, *, most: int) -> list[Scored]:
        """The units that match best, in no order: about ``most`` of them.

        ``allowed`` holds the rows that may be found; None where all may.
        """
        return list(map(self._score, self._candidates(allowed, most)))

    def _candidates(self, allowed: Container[int] | None, most: int) -> list[int]:
        """Units that a word matches; the best by a rough count of all words.

        A unit without a text of its own that matches comes after the one above it that has it, so it counts only where a filter may have
        taken that one away. A filter also wants all units of a word looked at, for it could leave any of them.
        """
        size = len(self._units)
        direct = bytearray(size)
        used = self._telling()
        total = sum([self._weights[word] for word in used])
        below = len(used) > 1 or allowed is not None
        limit = _MOST_UNITS_A_WORD if allowed is None else size
        marks = [self._mark(word, direct, 250 * self._weights[word] / total, limit, below=below) for word in used]
        # As numbers of so many bytes they are added all at once; no sum of shares is over 255.
        rough = sum([int.from_bytes(mark, "little") for mark in marks])
        counted = rough.to_bytes(size, "little") if len(marks) > 1 else bytes(marks[0]) if marks else b""
        if allowed is not None:
            direct = bytearray(b"\xff") * size
        return self._of_the_most(counted, direct, allowed, most)

    def _telling(self) -> list[int]:
        """The words that tell units from one another best, and are on some: a word on few weighs more."""
        identified = self._extra.identifiers
        found = zip(self._hits.words, self._hits.texts, identified, strict=True)
        used = [typed for typed, any_of in enumerate(found) if any(any_of)]
        if len(used) <= MOST_COUNTED:
            return used
        return sorted(sorted(used, key=lambda word: -self._weights[word])[:MOST_COUNTED])

    def _of_the_most(self, counted: bytes, direct: bytearray, allowed: Container[int] | None, most: int) -> list[int]:
        """Positions with the highest counts, of units that have texts of their own; of equals the first, and no more than ``most``."""
        found: list[int] = []
        order, find, next_direct = self._units.order, counted.find, direct.find
        top = 0
        for value in range(255, 0, -1):
            if len(found) >= most or (len(found) >= most * _SHARE_OF_FAR and value < top * _FAR):
                break
            position = find(value)
            if position >= 0 and not top:
                top = value
            while position >= 0 and len(found) < most:
                if not direct[position]:
                    position = next_direct(255, position + 1)
                    if position >= 0 and counted[position] != value:
                        position = find(value, position + 1)
                    continue
                if allowed is None or order[position] in allowed:
                    found.append(position)
                position = find(value, position + 1)
        return found

    def _mark(self, word: int, direct: bytearray, share: float, limit: int, *, below: bool) -> bytearray:
        """How well a word matches each unit, by its own texts or those above, up to ``share``; notes in ``direct`` who has texts of its own."""
        units = self._units
        end = units.end
        mark = bytearray(len(units))
        # The best come last, so that they stand.
        for byte, with_units_below, leaves in reversed(self._carriers(word, share, limit)):
            for unit in leaves:
                mark[unit] = byte
                direct[unit] = 255
            if below:
                one = bytes((byte,))
                few = [one * size for size in range(_FEW)]
                for unit in with_units_below:
                    last = end[unit]
                    size = last - unit
                    mark[unit:last] = few[size] if size < _FEW else one * size
                    direct[unit] = 255
            else:
                for unit in with_units_below:
                    mark[unit] = byte
                    direct[unit] = 255
        for unit, likeness in self._extra.identifiers[word].items():
            mark[unit] = max(mark[unit], 1, int(share * likeness))
            direct[unit] = 255
        return mark

    def _carriers(self, typed: int, share: float, limit: int) -> list[tuple[int, Sequence[int], Sequence[int]]]:
        """The units that carry a typed word: how well it matches, those with others below them, and those without; the best first."""
        units, extra = self._units, self._extra.units_of
        first, start, parted, group = units.word_group, units.group_start, units.group_parted, units.group
        found = [
            (
                max(1, int(share * likeness * _OF_A_GROUP[group[number]])),
                units.group_units,
                start[number],
                parted[number],
                start[number + 1],
            )
            for word, likeness in self._hits.words[typed].items()
            for number in range(first[word], first[word + 1])
        ]
        for text, (value, _) in self._hits.texts[typed].items():
            byte = max(1, int(share * value))
            if text in extra:
                found.append((byte, extra[text], 0, 1, 1))
            else:
                begins = units.carriers_start[text]
                found.append((byte, units.carriers, begins, begins + units.inner[text], units.carriers_start[text + 1]))
        found.sort(key=lambda item: -item[0])
        chosen = []
        left = limit
        for byte, column, begins, parts, ends in found:
            chosen.append((byte, column[begins:parts], column[parts:ends]))
            left -= ends - begins
            if left <= 0:
                break
        return chosen

    def _text_hits(self, text: int) -> list[tuple[int, float, int]]:
        """The typed words that match in a text: which, how well, and the word of the register that they match."""
        units, by_word = self._units, self._by_word
        best: dict[int, tuple[float, int]] = {}
        if text < len(units.kinds):
            words = units.text_words[units.words_start[text] : units.words_start[text + 1]]
            if not self._register_words.isdisjoint(words):
                worth = WORTH[units.kinds[text]]
                for word in words:
                    for typed, likeness in by_word.get(word, ()):
                        value = likeness * worth
                        if typed not in best or value > best[typed][0]:
                            best[typed] = (value, word)
        if text in self._phrase_texts:
            for typed, texts in enumerate(self._hits.texts):
                if text in texts and (typed not in best or texts[text] > best[typed]):
                    best[typed] = texts[text]
        found = self._by_text[text] = (
            [(typed, value, word) for typed, (value, word) in best.items()] if best else _NO_HITS
        )
        return found

    def _own(self, position: int) -> list[Place | None] | None:
        """Where the words match in the unit's own texts; None where none does."""
        units, by_text = self._units, self._by_text
        start = units.texts_start
        texts: Sequence[int] = units.texts[start[position] : start[position + 1]]
        if position in self._extra.texts_of:
            texts = (*texts, *self._extra.texts_of[position])
        places: list[Place | None] | None = None
        for text in texts:
            hits = by_text[text] if text in by_text else self._text_hits(text)
            if hits:
                if places is None:
                    places = self._nowhere.copy()
                for word, value, number in hits:
                    known = places[word]
                    if known is None or value > known[0]:
                        places[word] = (value, text, number, position)
        if self._identified:
            for word, identified in enumerate(self._extra.identifiers):
                likeness = identified.get(position, 0.0)
                if likeness:
                    if places is None:
                        places = self._nowhere.copy()
                    place = places[word]
                    if place is None or likeness >= place[0]:
                        places[word] = (likeness, IDENTIFIER, IDENTIFIER, position)
        return places

    def _chain(self, position: int) -> list[Place | None]:
        """Where the words match in the unit at ``position`` and those above it, as those below see it."""
        known, above = self._from_above, self._units.above
        way = []
        while position not in known:
            way.append(position)
            position = above[position]
        places = known[position]
        for unit in reversed(way):
            own = self._own(unit)
            if own is not None:
                places = places.copy()
                for word, mine in enumerate(own):
                    theirs = places[word]
                    if mine is not None and (theirs is None or mine[0] * _ABOVE >= theirs[0]):
                        places[word] = (mine[0] * _ABOVE, mine[1], mine[2], mine[3])
            known[unit] = places
        return places

    def _score(self, position: int) -> Scored:
        units = self._units
        parent = units.above[position]
        above = self._from_above.get(parent) or self._chain(parent)
        places = self._own(position) or self._nowhere.copy()
        matched = 0.0
        for word, mine in enumerate(places):
            theirs = above[word]
            if mine is None or (theirs is not None and theirs[0] > mine[0]):
                mine = places[word] = theirs
            if mine is not None:
                matched += self._weights[word] * mine[0]
        name = units.texts[units.texts_start[position]]
        covered = self._covered(name, units.words_start[name + 1] - units.words_start[name])
        for text in self._extra.texts_of.get(position, ()):
            covered = max(covered, self._covered(text, self._extra.lengths[text]))
        if self._identified and any(place is not None and place[1] == IDENTIFIER for place in places):
            covered = 1.0
        score = matched / self._total * (1 - _OF_THE_NAME + _OF_THE_NAME * covered) if self._total else 0.0
        return Scored(score, position, tuple(places))

    def _covered(self, text: int, words: int) -> float:
        """Share of the words of a name that were typed."""
        hits = self._text_hits(text)
        return min(1.0, len({number for _, _, number in hits}) / words) if hits and words else 0.0
