"""How a typed word stands where it was found, and how like it is to what stands there, whatever a match there is worth."""

from __future__ import annotations

from collections.abc import Sequence

from sor_addressing.search.words.folding import key_of_word, words_in
from sor_addressing.search.words.inflection import is_form
from sor_addressing.search.words.readings import WORTH, Hits, MatchedHow, Reader
from sor_addressing.search.words.retrieval import IDENTIFIER, Place

_SURELY = 0.999
_A_FORM = 0.945


def explained(
    reader: Reader, hits: Hits, kinds: Sequence[int], typed: str, slot: int, place: Place
) -> tuple[float, MatchedHow]:
    """Likeness from 0 to 1, and how."""
    value, text, word, _ = place
    if text == IDENTIFIER:
        return value, MatchedHow.IDENTIFIER
    in_phrase = hits.texts[slot].get(text)
    alone = hits.words[slot].get(word, 0.0)
    if text >= len(kinds):  # an alias
        likeness = in_phrase[0] if in_phrase else value
        return likeness, _by_likeness(likeness)
    worth = WORTH[kinds[text]]
    if in_phrase is not None and in_phrase[1] == word and in_phrase[0] >= alone * worth:
        return in_phrase[0] / worth, hits.text_how[slot][text]
    stands = reader.vocabulary.words[word]
    if stands in {written.key for written in words_in(typed)}:
        return 1.0, MatchedHow.AS_WRITTEN
    return alone, hits.word_how[slot].get(word) or _by_letters(typed, stands)


def _by_likeness(likeness: float) -> MatchedHow:
    if likeness > _SURELY:
        return MatchedHow.AS_WRITTEN
    return MatchedHow.INFLECTION if likeness > _A_FORM else MatchedHow.MISSPELLING


def _by_letters(typed: str, stands: str) -> MatchedHow:
    folded = [word.folded for word in words_in(typed)]
    if len(folded) != 1:
        return MatchedHow.MISSPELLING
    key = key_of_word(folded[0])
    if is_form(key, stands):
        return MatchedHow.INFLECTION
    return MatchedHow.PART_OF_COMPOUND if key in stands or stands in key else MatchedHow.MISSPELLING
