"""Trigrams of words: three letters that follow one another, the edges of the word counted as letters."""

from __future__ import annotations

_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
_SIZE = len(_ALPHABET) + 1
_LETTERS = {letter: number for number, letter in enumerate(_ALPHABET, start=1)}

GRAMS = _SIZE**3
"""How many different trigrams there are; letters beyond a to z and digits count as one."""


def grams_of(word: str) -> set[int]:
    """The trigrams of a folded word, as numbers below :data:`GRAMS`.

    >>> len(grams_of("hjerte")), len(grams_of("b"))
    (6, 1)
    """
    get = _LETTERS.get
    letters = [0, *[get(letter, 0) for letter in word], 0]
    return {
        (first * _SIZE + second) * _SIZE + third
        for first, second, third in zip(letters, letters[1:], letters[2:], strict=False)
    }
