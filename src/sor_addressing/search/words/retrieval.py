"""From the texts that words stand in to the units that match best, by their own texts and those of the units above them."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from math import log2
from typing import NamedTuple

from sor_addressing.index.columns import NOTHING
from sor_addressing.search.kept import KeptColumns
from sor_addressing.search.words.columns import LONGEST_NAME, PLACE, SPECIALITY, STREET, TYPE
from sor_addressing.search.words.query import Bound
from sor_addressing.search.words.readings import WORTH, Hits
from sor_addressing.search.words.unit_sets import MANY, MOST_COUNT, Counts, UnitSet, UnitSets, members
from sor_addressing.search.words.vocabulary import whole

_MOST_UNITS_A_WORD = 2_000
_SMALL_FILTER = 8_000
MOST_COUNTED = 6
"""Words of a query that are counted roughly; all of them are when the units that come out best are scored."""

_ABOVE = 0.91
_OF_AN_IDENTIFIER = 2.0
_OF_THE_NAME = 0.12
"""Share of the score that hangs on how much of the unit's name was typed."""

_COVERED = [1.0] + [1 - _OF_THE_NAME + _OF_THE_NAME / words for words in range(1, LONGEST_NAME + 1)]
"""What is left of the score where one word of so many was typed."""

_OF_A_GROUP = [*_COVERED, *(WORTH[kind] * _COVERED[2] for kind in (STREET, PLACE, TYPE, SPECIALITY))]
"""What a word in each group of texts is worth, roughly."""

_FAR = 0.85
_SHARE_OF_FAR = 0.35
_TELLING = 0.5
_OF_A_PLACE = 1.5
_LARGEST = 8.0
"""Units below one that is as large as can be, as a power of two."""

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

    def own_words(self) -> frozenset[int]:
        """The words that match in its own texts."""
        position = self.position
        return frozenset([word for word, place in enumerate(self.places) if place is not None and place[3] == position])


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
        self.sets = UnitSets(len(self.order), self.end)

    def __len__(self) -> int:
        return len(self.order)

    def name_length(self, position: int) -> int:
        """Characters in the name of the unit at ``position``."""
        return self.lengths[self.texts[self.texts_start[position]]]


class Retrieval:
    """One query on its way to the units that match it."""

    def __init__(
        self, units: Units, hits: Hits, extra: Extra, bound: Sequence[Bound | None], small: frozenset[int]
    ) -> None:
        self._units = units
        self._small = small
        self._bound = [(word, *to) for word, to in enumerate(bound) if to is not None]
        self._hits = hits
        self._extra = extra
        self._weights = [
            max(weight, _OF_AN_IDENTIFIER) if identified else weight
            for weight, identified in zip(hits.weights, extra.identifiers, strict=True)
        ]
        self._total = sum(self._weights)
        self._identified = any(extra.identifiers)
        self._is_one_word = sum(weight >= _TELLING for weight in hits.weights) == 1
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
        found = [(position, self._places_of(position)) for position in self._candidates(allowed, most)]
        if not any(self._is_complete(places) for _, places in found):
            # Where nobody has every word, what is left of them had better be in the right place.
            self._weights = [
                weight * _OF_A_PLACE if is_place else weight
                for weight, is_place in zip(self._weights, self._hits.places, strict=True)
            ]
            self._total = sum(self._weights)
        return [Scored(self._score(position, places), position, tuple(places)) for position, places in found]

    def _is_complete(self, places: Sequence[Place | None]) -> bool:
        """Whether a unit has every word that somebody has, and that tells anything."""
        return all(
            place is not None or self._hits.weights[word] < _TELLING or not self._is_anywhere(word)
            for word, place in enumerate(places)
        )

    def _is_anywhere(self, word: int) -> bool:
        return bool(self._hits.words[word] or self._hits.texts[word] or self._extra.identifiers[word])

    def _candidates(self, allowed: Container[int] | None, most: int) -> list[int]:
        """Units that a word matches; the best by a rough count of all words.

        A unit without a text of its own that matches comes after the one above it that has it, so it counts only where a filter may have
        taken that one away.
        """
        counts, direct = Counts(), 0
        used = self._telling()
        total = sum([self._weights[word] for word in used])
        below = len(used) > 1 or allowed is not None
        for word in used:
            shares, own = self._shares(word, MOST_COUNT * self._weights[word] / total, below=below)
            counts.add(shares)
            direct |= own
        if allowed is not None:
            direct = self._allowed(allowed)
        return self._of_the_most(counts, direct, allowed, most)

    def _telling(self) -> list[int]:
        """The words that tell units from one another best, and are on some: a word on few weighs more."""
        identified = self._extra.identifiers
        found = zip(self._hits.words, self._hits.texts, identified, strict=True)
        used = [typed for typed, any_of in enumerate(found) if any(any_of)]
        if len(used) <= MOST_COUNTED:
            return used
        return sorted(sorted(used, key=lambda word: -self._weights[word])[:MOST_COUNTED])

    def _allowed(self, allowed: Container[int]) -> int:
        """The units that a filter leaves: all of them, where asking about the best is quicker than going through it."""
        units = self._units
        if isinstance(allowed, Mapping) and len(allowed) <= _SMALL_FILTER:
            return units.sets.bits([units.place[row] for row in allowed])
        return (1 << len(units)) - 1

    def _of_the_most(self, counts: Counts, direct: int, allowed: Container[int] | None, most: int) -> list[int]:
        """Positions with the highest counts, of units that have texts of their own; of equals the first, and no more than ``most``."""
        found: list[int] = []
        order = self._units.order
        top = 0
        for count, units in counts.best_first(direct):
            top = top or count
            if len(found) >= most * _SHARE_OF_FAR and count < top * _FAR:
                break
            for position in members(units):
                if allowed is None or order[position] in allowed:
                    found.append(position)
                    if len(found) >= most:
                        return found
        return found

    def _shares(self, word: int, share: float, *, below: bool) -> tuple[dict[int, int], int]:
        """The units that a word matches, by their own texts or those above, by how well it does, up to ``share``; and who has texts of its own."""
        shares: dict[int, int] = {}
        seen = direct = 0
        for value, units in self._carriers(word, share):
            direct |= units.own
            fresh = (units.below if below else units.own) & ~seen
            if fresh:
                seen |= fresh
                shares[value] = shares.get(value, 0) | fresh
        return shares, direct

    def _carriers(self, typed: int, share: float) -> list[tuple[int, UnitSet]]:
        """The units that carry a typed word, and how well it matches; the best first."""
        units, extra = self._units, self._extra.units_of
        sets = units.sets
        first, start, parted, group = units.word_group, units.group_start, units.group_parted, units.group
        column = units.group_units
        found = [
            (share * likeness * _OF_A_GROUP[group[number]], number)
            for word, likeness in self._hits.words[typed].items()
            for number in range(first[word], first[word + 1])
        ]
        found.sort(reverse=True)
        carriers = []
        # Sets of many units are remembered, each by itself; those of few are put together, by what they are worth.
        few: dict[int, tuple[list[int], list[int]]] = {}
        left = _MOST_UNITS_A_WORD
        for value, number in found:
            begins, parts, ends = start[number], parted[number], start[number + 1]
            worth = max(1, int(value))
            if ends - begins >= MANY:
                carriers.append((worth, sets.remembered(number, column, begins, parts, ends)))
            elif left > 0:
                inner, leaves = few.setdefault(worth, ([], []))
                inner.extend(column[begins:parts])
                leaves.extend(column[parts:ends])
                left -= ends - begins
        for text, (worth_there, _) in self._hits.texts[typed].items():
            inner, leaves = few.setdefault(max(1, int(share * worth_there)), ([], []))
            if text in extra:
                inner.extend(extra[text])
                continue
            begins = units.carriers_start[text]
            parts = begins + units.inner[text]
            inner.extend(units.carriers[begins:parts])
            leaves.extend(units.carriers[parts : units.carriers_start[text + 1]])
        carriers += [(value, sets.of(inner, leaves)) for value, (inner, leaves) in few.items()]
        for unit, likeness in self._extra.identifiers[typed].items():
            carriers.append((max(1, int(share * likeness)), UnitSet(1 << unit, 1 << unit)))
        carriers.sort(key=lambda item: -item[0])
        return carriers

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
            below, position = position, above[position]
            if position >= below:  # who stands above stands before; else the file was forged, and the way may never end
                raise IndexError(position)
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

    def _places_of(self, position: int) -> list[Place | None]:
        """Where each word matches best for a unit: in its own texts, or in those above it."""
        parent = self._units.above[position]
        above = self._from_above.get(parent) or self._chain(parent)
        places = self._own(position) or self._nowhere.copy()
        for word, mine in enumerate(places):
            theirs = above[word]
            if theirs is not None and (mine is None or theirs[0] > mine[0]):
                places[word] = theirs
        return places

    def _score(self, position: int, places: Sequence[Place | None]) -> float:
        if not self._total:
            return 0.0
        units, weights = self._units, self._weights
        matched = 0.0
        for word, place in enumerate(places):
            if place is not None:
                matched += weights[word] * place[0]
        own = sum(place is not None and place[3] == position for place in places)
        for word, head, apart in self._bound:
            tail, of = places[word], places[head]
            if tail is not None and (of is None or of[3] != tail[3]):
                matched -= weights[word] * tail[0] * (1 - apart)
                own -= tail[3] == position
        name = units.texts[units.texts_start[position]]
        covered = self._covered(name, self._telling_words(name)) if own else 0.0
        for text in self._extra.texts_of.get(position, ()):
            covered = max(covered, self._covered(text, self._extra.lengths[text]))
        if self._identified and any(place is not None and place[1] == IDENTIFIER for place in places):
            covered = 1.0
        if covered and self._is_one_word:
            # One word alone means the largest that has it: the hospital rather than the practices of its town.
            covered = max(covered, min(1.0, log2(units.end[position] - position) / _LARGEST))
        return matched / self._total * (1 - _OF_THE_NAME + _OF_THE_NAME * covered)

    def _telling_words(self, name: int) -> int:
        """How many words a name has, small ones aside; where it has no others, these tell it."""
        units = self._units
        words = units.text_words[units.words_start[name] : units.words_start[name + 1]]
        return len(words) - len(self._small.intersection(words)) or len(words)

    def _covered(self, text: int, words: int) -> float:
        """Share of the words of a name that were typed."""
        hits = self._by_text[text] if text in self._by_text else self._text_hits(text)
        return min(1.0, len({number for _, _, number in hits}) / words) if hits and words else 0.0
