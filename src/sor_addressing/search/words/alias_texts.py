"""Everyday names as texts of a register, beside its own: numbered after them, and matched by the same likeness."""

from __future__ import annotations

from sor_addressing.index.columns import NOTHING
from sor_addressing.index.lookup import Index
from sor_addressing.search.words.aliases import Aliases
from sor_addressing.search.words.folding import words_in
from sor_addressing.search.words.query import LOOSELY, Query
from sor_addressing.search.words.readings import TextHit
from sor_addressing.search.words.retrieval import Units
from sor_addressing.search.words.vocabulary import likenesses


class AliasTexts:
    """The aliases of the units that a register holds; those of others are left out."""

    def __init__(self, index: Index, units: Units, aliases: Aliases) -> None:
        self.texts_of: dict[int, list[int]] = {}
        self.units_of: dict[int, tuple[int]] = {}
        self.lengths: dict[int, int] = {}
        self.written: dict[int, str] = {}
        self._words: dict[str, int] = {}
        self._in_texts: dict[int, list[int]] = {}
        text = len(units.lengths)
        for code, names in aliases.names.items():
            row = index.row_of_sor_code(code)
            if row == NOTHING:
                continue
            position = units.place[row]
            for name in names:
                keys = dict.fromkeys(word.key for word in words_in(name))
                for key in keys:
                    # Below zero, so that no number is also that of a word of the register.
                    word = self._words.setdefault(key, -2 - len(self._words))
                    self._in_texts.setdefault(word, []).append(text)
                self.texts_of.setdefault(position, []).append(text)
                self.units_of[text] = (position,)
                self.lengths[text] = len(keys)
                self.written[text] = name
                text += 1
        self._texts_of_words = {word: key for key, word in self._words.items()}

    def add_hits(self, query: Query, by_word: list[dict[int, TextHit]]) -> None:
        """Put the aliases that the words of ``query`` match in beside the texts of the register."""
        for reading in query.readings:
            found: dict[int, TextHit] | None = None
            for key in reading.phrase:
                hits = self._hits(key, reading.likeness, loosely=reading.far == LOOSELY)
                if len(reading.words) > 1 and len(reading.phrase) == 1:
                    hits = {text: hit for text, hit in hits.items() if hit[0] >= reading.likeness * 0.9}
                found = hits if found is None else {text: hit for text, hit in found.items() if text in hits}
            for position in reading.words:
                for text, hit in (found or {}).items():
                    known = by_word[position].get(text)
                    if known is None or hit > known:
                        by_word[position][text] = hit

    def _hits(self, key: str, likeness: float, *, loosely: bool) -> dict[int, TextHit]:
        if loosely:
            alike = sorted(likenesses(key, self._texts_of_words), key=lambda one: one.likeness)
            words = [(one.word, one.likeness) for one in alike]
        else:
            words = [(self._words[key], 1.0)] if key in self._words else []
        return {text: (value * likeness, word) for word, value in words for text in self._in_texts[word]}
