"""The words that names of units are made of: heads, links, organisations, nouns and adjectives of specialities, codes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from sor_addressing.search.words.everyday import HEAD, EverydayWords
from sor_addressing.search.words.folding import fold
from sor_addressing.search.words.lexicon import Lexicon, shipped_lexicon
from sor_addressing.shipped import shipped_toml

FULL, DEFINITE, SHORT = range(3)
"""The forms of a head: *Afdeling*, *Afdelingen*, *Afd*."""

_ONE_SPECIALITY = re.compile(r"(?:klinisk )?[^\W_]+", re.IGNORECASE)
_ROMAN = re.compile(r"[IVX]+")
_VOWEL = re.compile(r"[aeiouyæøåäöé]", re.IGNORECASE)
_LONGEST_ABBREVIATION = 5
_REMEMBERED = 1 << 16
_SHORTEST_PART = 2


class Head(NamedTuple):
    """A word for what a unit is: which, and in what form."""

    family: str
    form: int


class NamingWords:
    """The words of ``data/naming.toml``, and what search knows of everyday words; the same for all registers."""

    def __init__(self) -> None:
        data = shipped_toml("sor_addressing.quality", "data", "naming.toml")
        self.least: int = data["least"]
        self.share: float = data["share"]
        self.links = frozenset(data["links"])
        self.organisations = frozenset(data["organisations"])
        self.forms: dict[str, list[str]] = data["heads"]
        self._heads = {
            word.casefold(): Head(family, min(form, SHORT))
            for family, words in self.forms.items()
            for form, word in enumerate(words)
        }
        longest_first = sorted(self._heads, key=len, reverse=True)
        self._ending = re.compile(rf".{{{_SHORTEST_PART},}}?({'|'.join(map(re.escape, longest_first))})", re.DOTALL)
        self._abbreviations = frozenset(data["abbreviations"])
        self._adjectives: dict[str, str] = data["topics"]
        self._lexicon: Lexicon = shipped_lexicon()
        self._groups = EverydayWords.shipped().groups
        self._titles = list(self._groups)
        self._compounds: dict[str, str] = data["compounds"]
        self._known_groups: dict[str, str] = {}

    def head(self, word: str) -> Head | None:
        """What a whole word is a head of."""
        return self._heads.get(word.casefold())

    def compound(self, word: str, *, dotted: bool) -> tuple[str, str, Head] | None:
        """A word that ends in a head, in a short one where a dot follows: what stands before it, the end as written, and the head."""
        found = self._ending.fullmatch(word.casefold())
        if found is None or found.end() != len(word):
            return None
        head, begin = self._heads[found[1]], found.start(1)
        return (word[:begin], word[begin:], head) if dotted or head.form != SHORT else None

    def written(self, family: str, form: int) -> str:
        """A form of a head as it is written; a short one with its dot."""
        forms = self.forms[family]
        return f"{forms[form]}." if form == SHORT else forms[form]

    def noun(self, topic: str) -> str:
        """The noun of a speciality that is written as its adjective or noun; empty where it isn't known."""
        if not _ONE_SPECIALITY.fullmatch(topic):
            return ""
        for noun, adjective in self._adjectives.items():
            if topic.casefold().endswith(noun):
                return topic
            if topic.casefold().endswith(adjective):
                return _with_ending(topic, adjective, noun)
        return ""

    def adjective(self, topic: str) -> str:
        """The adjective likewise."""
        noun = self.noun(topic)
        for ending, adjective in self._adjectives.items():
            if noun.casefold().endswith(ending):
                return _with_ending(noun, ending, adjective)
        return ""

    def group_of(self, text: str) -> str:
        """The title of the group of everyday words that a text speaks of, where it is of one alone; empty elsewhere."""
        known = self._known_groups.get(text)
        if known is None:
            if len(self._known_groups) >= _REMEMBERED:
                self._known_groups.clear()
            known = self._known_groups[text] = self._group(text)
        return known

    def _group(self, text: str) -> str:
        found: dict[int, None] = {}
        for word in _WORDS.findall(text):
            if word.casefold() in self.links or self.head(word) is not None:
                continue
            meaning = self._lexicon.meaning(fold(word))
            if meaning is not None and meaning.likeness == 1.0:
                found.update((group, None) for group in meaning.groups if self.compound_part(self._titles[group]))
        return self._titles[next(iter(found))] if len(found) == 1 else ""

    def compound_part(self, group: str) -> str:
        """What compounds of a group begin with: *hjerte*; empty where there is nothing."""
        own = self._compounds.get(group)
        if own is not None:
            return own
        return next(
            (member[:-1] for member in self._groups.get(group, ()) if member.endswith(HEAD) and _VOWEL.search(member)),
            "",
        )

    def is_code(self, word: str) -> bool:
        """Whether a word tells units apart and says nothing: a number, one letter, a Roman numeral, letters with digits."""
        return len(word) == 1 or any(map(str.isdigit, word)) or _ROMAN.fullmatch(word) is not None

    def says_nothing(self, word: str, *, among_capitals: bool) -> bool:
        """Whether nobody would search by a word: a head, a link, a code, or an abbreviation that the everyday words don't know."""
        if self.head(word) is not None or word.casefold() in self.links or self.is_code(word):
            return True
        if word.casefold() in self._abbreviations:
            return False
        is_short = word.isupper() and len(word) <= _LONGEST_ABBREVIATION and not among_capitals
        return (is_short or _VOWEL.search(word) is None) and self._lexicon.meaning(fold(word)) is None


_WORDS = re.compile(r"[^\W_]+")


def _with_ending(text: str, ending: str, other: str) -> str:
    """A word with another ending; the letters that both have stay as they are written."""
    same = next(
        (at for at, (one, two) in enumerate(zip(ending, other, strict=False)) if one != two),
        min(len(ending), len(other)),
    )
    return text[: len(text) - len(ending) + same] + other[same:]


@cache
def naming_words() -> NamingWords:
    """The words, read once."""
    return NamingWords()


def is_searchable(words: Iterable[str]) -> bool:
    """Whether one of the words of a name is one that people would search by."""
    known, given = naming_words(), list(words)
    among_capitals = all(word == word.upper() for word in given)
    return any(not known.says_nothing(word, among_capitals=among_capitals) for word in given)
