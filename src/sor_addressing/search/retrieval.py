"""From the texts that words stand in to the units that match best, by their own texts and those of the units above them."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import NamedTuple

from sor_addressing.index.columns import NOTHING
from sor_addressing.search.kept import KeptColumns
from sor_addressing.search.readings import Hits, TextHit
from sor_addressing.search.vocabulary import whole

_MOST_UNITS_A_WORD = 6_000
_MOST_SCORED = 250
_ABOVE = 0.93
_OF_THE_NAME = 0.12
"""Share of the score that hangs on how much of the unit's name was typed."""

IDENTIFIER = -1
"""Where a typed identifier matches: in no text."""


class Place(NamedTuple):
    """Where a typed word matches best for a unit: how well, the text and the word in it, and the unit that has the text, by position."""

    value: float
    text: int
    word: int
    position: int


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
            max(weight, 2.0) if extra.identifiers[position] else weight for position, weight in enumerate(hits.weights)
        ]
        self._total = sum(self._weights)
        self._nowhere: tuple[Place | None, ...] = (None,) * len(self._hits)
        self._from_above: dict[int, tuple[Place | None, ...]] = {NOTHING: self._nowhere}
        self._by_text: dict[int, list[tuple[int, TextHit]]] = {}
        for position, found in enumerate(self._hits):
            for text, hit in found.items():
                self._by_text.setdefault(text, []).append((position, hit))

    def best(self, allowed: Container[int] | None, *, ties: int) -> list[Scored]:
        """The units that match best, in no order; of many that match equally not more than ``ties``.

        ``allowed`` holds the rows that may be found; None where all may.
        """
        return [self._score(position) for position in self._candidates(allowed, ties)]

    def _carriers(self, text: int) -> Sequence[int]:
        extra = self._extra.units_of.get(text)
        if extra is not None:
            return extra
        start = self._units.carriers_start
        return self._units.carriers[start[text] : start[text + 1]]

    def _carried(self, found: Mapping[int, TextHit]) -> int:
        start, extra = self._units.carriers_start, self._extra.units_of
        return sum([1 if text in extra else start[text + 1] - start[text] for text in found])

    def _candidates(self, allowed: Container[int] | None, ties: int) -> list[int]:
        """Units with a text of their own, or an identifier, that a word matches; the best by a rough count of all words."""
        carried = [self._carried(found) for found in self._hits]
        identified = self._extra.identifiers
        used = [
            position
            for position, units in enumerate(carried)
            if 0 < units <= _MOST_UNITS_A_WORD or (identified[position] and not units)
        ]
        if not used:
            # Nothing but words that are everywhere: the rarest of them has to do.
            used = sorted([position for position, units in enumerate(carried) if units], key=carried.__getitem__)[:1]
        pool: dict[int, None] = {}
        marks: list[tuple[bytearray, float]] = []
        for position in used:
            mark = self._mark(position, pool, below=len(self._hits) > 1)
            marks.append((mark, self._weights[position]))
        for of_word in identified:
            pool.update(dict.fromkeys(of_word))
        order = self._units.order
        units = [unit for unit in pool if allowed is None or order[unit] in allowed]
        if len(units) <= _MOST_SCORED:
            return units
        units.sort()
        rough = [0.0] * len(units)
        for mark, weight in marks:
            rough = [known + weight * mark[unit] for known, unit in zip(rough, units, strict=True)]
        least = sorted(rough, reverse=True)[_MOST_SCORED - 1]
        better = [unit for unit, score in zip(units, rough, strict=True) if score > least]
        equal = [unit for unit, score in zip(units, rough, strict=True) if score == least]
        return better + equal[: max(ties, _MOST_SCORED - len(better))]

    def _mark(self, position: int, pool: dict[int, None], *, below: bool) -> bytearray:
        """How well a word matches each unit, its own texts or those above, from 0 to 255; adds those with texts of their own to ``pool``."""
        units, end = self._units, self._units.end
        found = sorted(self._hits[position].items(), key=lambda item: (-item[1].value, item[0]))
        rows: list[tuple[int, Sequence[int]]] = []
        left = _MOST_UNITS_A_WORD
        for text, hit in found:
            carriers = self._carriers(text)
            rows.append((1 + int(250 * hit.value), carriers[:left]))
            left -= len(carriers)
            if left <= 0:
                break
        mark = bytearray(len(units))
        # The best come last, so that they stand.
        for value, carriers in reversed(rows):
            pool.update(dict.fromkeys(carriers))
            if not below:
                for unit in carriers:
                    mark[unit] = value
                continue
            for unit in carriers:
                last = end[unit]
                if last == unit + 1:
                    mark[unit] = value
                else:
                    mark[unit:last] = bytes((value,)) * (last - unit)
        for unit, likeness in self._extra.identifiers[position].items():
            mark[unit] = 1 + int(250 * likeness)
        return mark

    def _own(self, position: int) -> list[Place | None]:
        """Where the words match in the unit's own texts."""
        units, by_text = self._units, self._by_text
        places: list[Place | None] = list(self._nowhere)
        start = units.texts_start
        texts = units.texts[start[position] : start[position + 1]]
        for text in (*texts, *self._extra.texts_of.get(position, ())):
            for word, (value, number) in by_text.get(text, ()):
                known = places[word]
                if known is None or value > known.value:
                    places[word] = Place(value, text, number, position)
        for word, identified in enumerate(self._extra.identifiers):
            likeness = identified.get(position)
            if likeness is not None:
                place = places[word]
                if place is None or likeness >= place.value:
                    places[word] = Place(likeness, IDENTIFIER, IDENTIFIER, position)
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
            own = [None if place is None else place._replace(value=place.value * _ABOVE) for place in self._own(unit)]
            places = known[unit] = tuple(map(_better, own, places))
        return places

    def _score(self, position: int) -> Scored:
        units = self._units
        above = self._chain(units.above[position])
        places = tuple(map(_better, self._own(position), above))
        matched = sum(
            [weight * place.value for weight, place in zip(self._weights, places, strict=True) if place is not None]
        )
        name = units.texts[units.texts_start[position]]
        covered = self._covered(name, units.words_start[name + 1] - units.words_start[name])
        for text in self._extra.texts_of.get(position, ()):
            covered = max(covered, self._covered(text, self._extra.lengths[text]))
        if any(place is not None and place.text == IDENTIFIER for place in places):
            covered = 1.0
        score = matched / self._total * (1 - _OF_THE_NAME + _OF_THE_NAME * covered) if self._total else 0.0
        return Scored(score, position, places)

    def _covered(self, text: int, words: int) -> float:
        """Share of the words of a name that were typed."""
        hits = self._by_text.get(text)
        return min(1.0, len({hit.word for _, hit in hits}) / words) if hits and words else 0.0


def _better(one: Place | None, other: Place | None) -> Place | None:
    if one is None or (other is not None and other.value > one.value):
        return other
    return one
