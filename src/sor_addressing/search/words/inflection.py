"""Danish inflection, as folding leaves it: which words are forms of one word."""

from __future__ import annotations

_ENDINGS = [
    "e", "en", "er", "et", "n", "ne", "r", "t", "erne", "ene", "ens", "ers", "ere", "eren", "i", "ien", "k", "ske",
]  # fmt: skip
INFLECTIONS = frozenset([*_ENDINGS, *("s" + ending for ending in _ENDINGS if ending[0] == "e")])
"""Endings of Danish nouns and adjectives, as folding leaves them (it takes the *s* of *sygehus* and not that of *sygehuset*); words
that differ in nothing else are nearly the same.
"""

_CHANGED = INFLECTIONS | {"um", "ummet", "sk", "ret", "re", "rene", "rerne", "eret"}
"""Endings that stand for one another after what two words share: ambulatori-um and ambulatori-et, cent-er and cent-ret, kirurgi and kirurgi-sk."""

_SHORTEST_STEM = 4
_SHORTEST_KEY = 3
_OF_STEMS = ("ummet", "erne", "ene", "ret", "en", "er", "et", "um", "sk", "re", "e")


def is_form(key: str, text: str) -> bool:
    """Whether the two are forms of one word: *klinik* and *klinikken*, *ambulatorium* and *ambulatoriet*, *center* and *centret*."""
    if key == text:
        return True
    if len(text) < len(key):
        key, text = text, key
    length = len(key)
    if text.startswith(key):
        rest = text[length:]
        if length > _SHORTEST_KEY and (rest in INFLECTIONS or rest == "sk"):
            return True
        # The last letter is doubled: klinik, klinik-k-en.
        return length > _SHORTEST_KEY and rest[0] == key[-1] and rest[1:] in INFLECTIONS
    if text[:_SHORTEST_STEM] != key[:_SHORTEST_STEM]:
        return False
    same = _SHORTEST_STEM
    while same < length and text[same] == key[same]:
        same += 1
    return text[same:] in _CHANGED and key[same:] in _CHANGED


def stem(key: str) -> str:
    """What forms of one word mostly share.

    >>> stem("klinikken"), stem("klinik"), stem("ambulatoriet"), stem("ambulatorium")
    ('klinik', 'klinik', 'ambulatori', 'ambulatori')
    """
    for ending in _OF_STEMS:
        if key.endswith(ending) and len(key) - len(ending) >= _SHORTEST_STEM:
            left = key[: -len(ending)]
            return left[:-1] if left[-1] == left[-2] and len(left) > _SHORTEST_STEM else left
    return key
