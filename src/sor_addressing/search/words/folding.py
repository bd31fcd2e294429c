"""Words as people write them to words as they are compared: case, æ/ae, ø/oe/o, å/aa/a, accents, hyphens and genitive s all fall away.

The same folding is done to what the register says and to what somebody types, so that only the differences that matter are left.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

_LETTERS = str.maketrans(
    {"æ": "ae", "ä": "ae", "ø": "o", "ö": "o", "å": "a", "ł": "l", "đ": "d", "ð": "d", "þ": "th"}
    | dict(zip("áéíóúüèêëñç", "aeiouueeenc", strict=True))
)
_DIAERESIS = "\N{COMBINING DIAERESIS}"
_FIRST_MARK = "\N{COMBINING GRAVE ACCENT}"
# The one mark that is a letter to case folding.
_IOTA_BELOW, _IOTA = "\N{COMBINING GREEK YPOGEGRAMMENI}", "\N{GREEK SMALL LETTER IOTA}"
_WORD = re.compile(r"[^\W_]+")
_GENITIVE = re.compile(r"(?<=\w)['’`´]s\b", re.IGNORECASE)
# No å stands before u: AAUH is an acronym, and another than AUH.
_LONG_VOWEL = re.compile(r"a{2,}(?!u)|oe+")
_LONGEST_KEPT_S = 4


class Word(NamedTuple):
    """A word of a text: as it stands there, folded, and folded without genitive s, which is how words are compared."""

    written: str
    folded: str
    key: str


def fold(text: str) -> str:
    """``text`` in the letters that words are compared in.

    >>> fold("Ældresygdomme, Århus"), fold("AARHUS"), fold("Mødrehjælpen"), fold("moedrehjaelpen")
    ('aeldresygdomme, arhus', 'arhus', 'modrehjaelpen', 'modrehjaelpen')
    """
    text = text.casefold()
    if not text.isascii():
        text = text.translate(_LETTERS)
        if not text.isascii():
            text = _without_marks(text).translate(_LETTERS)
    if "aa" in text or "oe" in text:
        text = _LONG_VOWEL.sub(lambda found: found[0][0], text)
    return text


def _without_marks(text: str) -> str:
    """Letters taken apart, in lower case whatever they are made of, and their marks left out; what ä is made of is a letter of its own."""
    for _ in range(2):  # taking apart can bring out capitals, and lower case what can be taken apart
        text = unicodedata.normalize("NFKD", text).casefold()
    text = unicodedata.normalize("NFKD", text).replace(_IOTA_BELOW, _IOTA)
    kept = [char for char in text if char == _DIAERESIS or not unicodedata.combining(char)]
    return "".join(kept).replace(f"a{_DIAERESIS}", "ae").replace(_DIAERESIS, "")


def key_of_word(folded: str) -> str:
    """A folded word without its genitive s; short words keep theirs.

    >>> key_of_word("sygehus"), key_of_word("hals")
    ('sygehu', 'hals')
    """
    if len(folded) > _LONGEST_KEPT_S and folded[-1] == "s" and folded[-2] != "s" and folded.isalpha():
        return folded[:-1]
    return folded


def words_in(text: str) -> list[Word]:
    """The words of ``text`` in their order; what parts words (spaces, dots, hyphens, slashes) is not kept.

    >>> [word.key for word in words_in("Øre-Næse-Hals afd. B12")]
    ['ore', 'naese', 'hals', 'afd', 'b12']
    """
    if "'" in text or not text.isascii():
        text = _GENITIVE.sub("s ", unicodedata.normalize("NFC", text))
        if max(text, default="") >= _FIRST_MARK and any(map(unicodedata.combining, text)):
            text = _without_marks(text)  # a mark that is no part of its letter would part the word
    words = []
    for written in _WORD.findall(text):
        # Folding can bring out what parts words (½ is 1, a stroke and 2).
        for folded in _WORD.findall(fold(written)):
            words.append(Word(written, folded, key_of_word(folded)))
    return words
