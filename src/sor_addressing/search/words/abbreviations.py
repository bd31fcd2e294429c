"""Short forms and what they stand for, and back: data in ``data/abbreviations.toml``."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from sor_addressing.search.words.folding import words_in
from sor_addressing.shipped import shipped_toml

Phrase = tuple[str, ...]
"""Keys of words that follow one another."""

LONGEST = 4
"""Words in the longest phrase."""

_EXACTLY, _FORMS, _LOOSELY = 0, 1, 3
_SHORTEST_LOOSE = 4


class Abbreviations(NamedTuple):
    """``phrases``: a phrase to those that it can stand for, and how far those may be from what the register has.

    ``endings``: the end of a compound to the ends that it is short for.
    """

    phrases: dict[Phrase, dict[Phrase, int]]
    endings: dict[str, tuple[str, ...]]


def phrase(text: str) -> Phrase:
    """The keys of the words of ``text``."""
    return tuple([word.key for word in words_in(text)])


@cache
def abbreviations() -> Abbreviations:
    """The table, read once."""
    data = shipped_toml("sor_addressing.search", "data", "abbreviations.toml")
    phrases: dict[Phrase, dict[Phrase, int]] = {}
    for group in (data["parts"], data["whole"]):
        for short, meanings in group.items():
            first = phrase(short)
            for meaning in meanings:
                other = phrase(meaning)
                loosely = len(other) == 1 and len(other[0]) >= _SHORTEST_LOOSE
                phrases.setdefault(first, {})[other] = _LOOSELY if loosely else _FORMS
                # Back again only as it stands, or what begins like the short form would be found too.
                phrases.setdefault(other, {}).setdefault(first, _EXACTLY)
    endings = {phrase(short)[0]: tuple([phrase(text)[0] for text in texts]) for short, texts in data["parts"].items()}
    return Abbreviations(phrases, endings)
