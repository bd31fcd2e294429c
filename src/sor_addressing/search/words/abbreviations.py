"""Short forms and everyday words to what they stand for, and back: data in ``data/abbreviations.toml``."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from sor_addressing.search.words.folding import words_in
from sor_addressing.shipped import shipped_toml

Phrase = tuple[str, ...]
"""Keys of words that follow one another."""

LONGEST = 4
"""Words in the longest phrase."""


class Abbreviations(NamedTuple):
    """``phrases``: a phrase to those that it can stand for. ``endings``: the end of a compound to the ends that it is short for."""

    phrases: dict[Phrase, tuple[Phrase, ...]]
    endings: dict[str, tuple[str, ...]]


def phrase(text: str) -> Phrase:
    """The keys of the words of ``text``."""
    return tuple([word.key for word in words_in(text)])


@cache
def abbreviations() -> Abbreviations:
    """The table, read once."""
    data = shipped_toml("sor_addressing.search", "data", "abbreviations.toml")
    phrases: dict[Phrase, dict[Phrase, None]] = {}
    for group in (data["parts"], data["whole"]):
        for short, meanings in group.items():
            first = phrase(short)
            for meaning in meanings:
                other = phrase(meaning)
                phrases.setdefault(first, {})[other] = None
                phrases.setdefault(other, {})[first] = None
    endings = {phrase(short)[0]: tuple([phrase(text)[0] for text in texts]) for short, texts in data["parts"].items()}
    return Abbreviations({first: tuple(others) for first, others in phrases.items()}, endings)
