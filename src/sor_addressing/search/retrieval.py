"""From the texts that words stand in to the units that match best, by their own texts and those of the units above them."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import NamedTuple

from sor_addressing.index.columns import NOTHING
from sor_addressing.search.kept import KeptColumns
from sor_addressing.search.readings import Hits, TextHit
from sor_addressing.search.vocabulary import whole
from sor_addressing.search.word_columns import NAME

_MOST_UNITS_A_WORD = 4_000
_ABOVE = 0.93
_OF_AN_IDENTIFIER = 2.0
_OF_THE_NAME = 0.12
"""Share of the score that hangs on how much of the unit's name was typed."""

_MOST_COVERED = 6
_COVERED = [1.0] + [1 - _OF_THE_NAME + _OF_THE_NAME / words for words in range(1, _MOST_COVERED + 1)]
"""What is left of the score where one word of so many was typed."""

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

    def __len__(self) -> int:
        return len(self.order)

    def name_length(self, position: int) -> int:
        """Characters in the name of the unit at ``position``."""
        return self.lengths[self.texts[self.texts_start[position]]]


class Retrieval:
    """One query on its way to the units that match it."""

    def __init__(self, units: Units, hits: Hits, extra: Extra) -> None:
        self._units = units
        self._hits = hits.by_word
        self._extra = extra
        self._weights = [
            max(weight, _OF_AN_IDENTIFIER) if identified else weight
            for weight, identified in zip(hits.weights, extra.identifiers, strict=True)
        ]
        self._total = sum(self._weights)
        self._identified = any(extra.identifiers)
        self._nowhere: tuple[Place | None, ...] = (None,) * len(self._hits)
        self._from_above: dict[int, tuple[Place | None, ...]] = {NOTHING: self._nowhere}

    def best(self, allowed: Container[int] | None, *, most: int) -> list[Scored]:
        """The units that match best, in no order: about ``most`` of them.

        ``allowed`` holds the rows that may be found; None where all may.
        """
        return list(map(self._score, self._candidates(allowed, most)))

    def _candidates(self, allowed: Container[int] | None, most: int) -> list[int]:
        """Units with a text of their own, or an identifier, that a word matches; the best by a rough count of all words."""
        carried = [self._carried(found) for found in self._hits]
        identified = self._extra.identifiers
        used = [word for word, units in enumerate(carried) if 0 < units <= _MOST_UNITS_A_WORD or identified[word]]
        if not used:
            # Nothing but words that are everywhere: the rarest of them has to do.
            used = sorted([word for word, units in enumerate(carried) if units], key=carried.__getitem__)[:1]
        total = sum([self._weights[word] for word in used])
        direct = bytearray(len(self._units))
        marks = [
            self._mark(word, direct, 250 * self._weights[word] / total, below=len(used) > 1) for word in used
        ]
        if len(marks) > 1:
            # As numbers of 90,000 bytes they are added all at once; no sum of shares is over 255.
            rough = sum([int.from_bytes(mark, "little") for mark in marks])
            counted = (rough & int.from_bytes(direct, "little")).to_bytes(len(direct), "little")
        else:
            counted = bytes(marks[0]) if marks else b""
        return self._of_the_most(counted, allowed, most)

    def _of_the_most(self, counted: bytes, allowed: Container[int] | None, most: int) -> list[int]:
        found: list[int] = []
        order, find = self._units.order, counted.find
        for value in range(255, 0, -1):
            position = find(value)
            if position >= 0 and len(found) >= most:
                break
            equal = 0
            while position >= 0 and equal < most:
                if allowed is None or order[position] in allowed:
                    found.append(position)
                    equal += 1
                position = find(value, position + 1)
        return found

    def _carried(self, found: Mapping[int, TextHit]) -> int:
        start, extra = self._units.carriers_start, self._extra.units_of
        carried = 0
        for text in found:
            carried += 1 if text in extra else start[text + 1] - start[text]
            if carried > _MOST_UNITS_A_WORD:
                break
        return carried

    def _mark(self, word: int, direct: bytearray, share: float, *, below: bool) -> bytearray:
        """How well a word matches each unit, by its own texts or those above, up to ``share``; notes in ``direct`` who has texts of its own."""
        units, extra = self._units, self._extra.units_of
        start, end, inner, kinds, sizes = units.carriers_start, units.end, units.inner, units.kinds, units.words_start
        worth = [
            (value * (_COVERED[min(sizes[text + 1] - sizes[text], _MOST_COVERED)] if kinds[text] == NAME else _COVERED[2]), text)
            if text not in extra
            else (value, text)
            for text, (value, _) in self._hits[word].items()
        ]
        worth.sort(key=lambda item: (-item[0], item[1]))
        chosen: list[tuple[int, Sequence[int], Sequence[int]]] = []
        left = _MOST_UNITS_A_WORD
        for value, text in worth:
            byte = max(1, int(share * value))
            if text in extra:
                chosen.append((byte, extra[text], ()))
                left -= 1
            else:
                first, last = start[text], start[text + 1]
                parted = first + inner[text]
                chosen.append((byte, units.carriers[first:parted], units.carriers[parted:last]))
                left -= last - first
            if left <= 0:
                break
        mark = bytearray(len(units))
        # The best come last, so that they stand.
        for byte, with_units_below, leaves in reversed(chosen):
            for unit in leaves:
                mark[unit] = byte
                direct[unit] = 255
            if below:
                one = bytes((byte,))
                for unit in with_units_below:
                    mark[unit : end[unit]] = one * (end[unit] - unit)
                    direct[unit] = 255
            else:
                for unit in with_units_below:
                    mark[unit] = byte
        for unit, likeness in self._extra.identifiers[word].items():
            mark[unit] = max(mark[unit], 1, int(share * likeness))
            direct[unit] = 255
        return mark

    def _own(self, position: int) -> list[Place | None]:
        """Where the words match in the unit's own texts."""
        units = self._units
        places: list[Place | None] = list(self._nowhere)
        start = units.texts_start
        texts = units.texts[start[position] : start[position + 1]]
        more = self._extra.texts_of.get(position)
        for word, hits in enumerate(self._hits):
            best = 0.0
            for text in texts if more is None else (*texts, *more):
                hit = hits.get(text)
                if hit is not None and hit[0] > best:
                    best = hit[0]
                    places[word] = (best, text, hit[1], position)
        if self._identified:
            for word, identified in enumerate(self._extra.identifiers):
                likeness = identified.get(position, 0.0)
                place = places[word]
                if likeness and (place is None or likeness >= place[0]):
                    places[word] = (likeness, IDENTIFIER, IDENTIFIER, position)
        return places

    def _chain(self, position: int) -> tuple[Place | None, ...]:
        """Where the words match in the unit at ``position`` and those above it, as those below see it."""
        known, above = self._from_above, self._units.above
        way = []
        while position not in known:
            way.append(position)
            position = above[position]
        places = known[position]
        for unit in reversed(way):
            own = [None if place is None else (place[0] * _ABOVE, *place[1:]) for place in self._own(unit)]
            places = known[unit] = tuple(
                [
                    mine if theirs is None or (mine is not None and mine[0] >= theirs[0]) else theirs
                    for mine, theirs in zip(own, places, strict=True)
                ]
            )
        return places

    def _score(self, position: int) -> Scored:
        units = self._units
        parent = units.above[position]
        above = self._from_above.get(parent) or self._chain(parent)
        places = self._own(position)
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
        found = {hits[text][1] for hits in self._hits if text in hits}
        return min(1.0, len(found) / words) if words else 0.0
