"""A name taken apart: the organisation in front or behind, the head (*Afdeling*), what it is for, and what tells it apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from sor_addressing.quality.naming.words import Head, naming_words
from sor_addressing.search.words.folding import fold, key_of_word

_WORD = re.compile(r"[^\W_]+")
_PARTING = re.compile(r"\s*[,;:]\s*|\s+[-–—]\s+")
_REMEMBERED = 1 << 16
_BESIDE = " .,;:-–—"
_X, _N = "X", "N"


class Shape(StrEnum):
    """How head and topic stand to one another."""

    LINKED = "linked"  # Afdeling for X
    BEHIND = "behind"  # Afdeling X
    BEFORE = "before"  # X Afdeling
    COMPOUND = "compound"  # Xafdelingen
    HYPHENATED = "hyphenated"  # X-afdelingen
    CODE_BEFORE = "code-before"  # 3. afdeling
    HEAD = "head"  # Afdelingen, Afdeling 3
    TOPIC = "topic"  # X
    OTHER = "other"  # X Afdeling for Y


class Contents(StrEnum):
    """What a name holds besides its head; names that hold different things are no siblings."""

    TOPIC = "topic"
    CODE = "code"
    BOTH = "both"
    NEITHER = "neither"


class Pattern(NamedTuple):
    """How a name is made: shape, head and form of the head, the word between head and topic, and whether a code tells units apart."""

    shape: Shape
    family: str
    form: int
    link: str
    coded: bool

    def __str__(self) -> str:
        head = naming_words().written(self.family, self.form) if self.family else ""
        texts = {
            Shape.LINKED: f"{head} {self.link} {_X}",
            Shape.BEHIND: f"{head} {_X}",
            Shape.BEFORE: f"{_X}{self.link} {head}",
            Shape.COMPOUND: f"{_X}{head.lower()}",
            Shape.HYPHENATED: f"{_X}-{head.lower()}",
            Shape.CODE_BEFORE: f"{_N}. {head}",
            Shape.HEAD: head,
            Shape.TOPIC: _X,
            Shape.OTHER: f"{_X} {head} Y",
        }
        behind = f" {_N}" if self.coded and self.shape is not Shape.CODE_BEFORE else ""
        return f"{texts[self.shape]}{behind}".strip()


class NameParts(NamedTuple):
    """A name taken apart.

    ``before`` and ``behind`` are the organisation with what parts it from the name, ``core`` is what stands between, ``head`` the head as
    written, ``topic`` what the unit is for as written, and ``code`` what tells it apart.
    """

    before: str
    core: str
    behind: str
    pattern: Pattern
    head: str
    topic: str
    code: str

    @property
    def contents(self) -> Contents:
        """What the name holds besides its head."""
        if self.pattern.shape is Shape.OTHER or self.topic:
            return Contents.BOTH if self.code else Contents.TOPIC
        return Contents.CODE if self.code else Contents.NEITHER

    @property
    def words(self) -> list[str]:
        """The words of the name itself."""
        return _WORD.findall(self.core)


class NameAbove(NamedTuple):
    """The name of a unit above, as it is looked for in names below: the keys of its words, and whether it is an organisation by them."""

    keys: tuple[str, ...]
    is_organisation: bool


def above(name: str) -> NameAbove:
    """The name of a unit above."""
    words = _WORD.findall(unicodedata.normalize("NFC", name))
    known = naming_words()
    is_head = len(words) == 1 and known.head(words[0]) is not None
    keys = () if is_head else tuple(map(_key, words))
    return NameAbove(keys, not known.organisations.isdisjoint(map(str.casefold, words)))


def taken_apart(name: str, chain: Sequence[NameAbove] = ()) -> NameParts:
    """A name taken apart; ``chain`` are the names of the units above it, in any order.

    >>> parts = taken_apart("Prøve Hospital, Afd. for Hjertesygdomme", [above("Prøve Hospital")])
    >>> parts.before, str(parts.pattern), parts.topic
    ('Prøve Hospital, ', 'Afd. for X', 'Hjertesygdomme')
    """
    name = unicodedata.normalize("NFC", " ".join(name.split()))
    begin, end = _without_organisation(name, chain)
    parts = _parts(name[begin:end])
    return parts if end - begin == len(name) else parts._replace(before=name[:begin], behind=name[end:])


def _without_organisation(name: str, chain: Sequence[NameAbove]) -> tuple[int, int]:
    """Where the name itself begins and ends."""
    words = list(_WORD.finditer(name))
    if len(words) < 2:
        return 0, len(name)
    keys = [_key(word[0]) for word in words]
    first, last = 0, len(words)
    for one in chain:
        size = len(one.keys)
        if not size or size >= last - first:
            continue
        if not first and tuple(keys[:size]) == one.keys and _parted(name, words, size, one):
            first = size
        elif last == len(words) and tuple(keys[-size:]) == one.keys and _parted(name, words, last - size, one):
            last -= size
    begin = words[first].start() if first else 0
    end = words[last - 1].end() if last < len(words) else len(name)
    return _without_places(name, begin, end)


def _parted(name: str, words: list[re.Match[str]], at: int, one: NameAbove) -> bool:
    """Whether a comma or dash stands before a word, or the name above is an organisation: *Kardiologisk Afdeling V* is one name."""
    return one.is_organisation or _PARTING.fullmatch(name, words[at - 1].end(), words[at].start()) is not None


def _without_places(name: str, begin: int, end: int) -> tuple[int, int]:
    """The same without a part beside a comma or dash that is an organisation by its words, though none above is called so."""
    known = naming_words().organisations
    marks = list(_PARTING.finditer(name, begin, end))
    starts = [begin, *(mark.end() for mark in marks)]
    ends = [*(mark.start() for mark in marks), end]

    def is_place(part: int) -> bool:
        return not known.isdisjoint(map(str.casefold, _WORD.findall(name[starts[part] : ends[part]])))

    first, last = 0, len(marks)
    while last > first and is_place(last):
        last -= 1
    while first < last and is_place(first):
        first += 1
    return starts[first], ends[last]


@lru_cache(maxsize=_REMEMBERED)
def _key(word: str) -> str:
    return key_of_word(fold(word))


@lru_cache(maxsize=_REMEMBERED)
def _parts(core: str) -> NameParts:
    known = naming_words()
    words = list(_WORD.finditer(core))
    for at, word in enumerate(words):
        head = known.head(word[0])
        if head is not None:
            return _with_head(core, words, at, head)
    for at, word in enumerate(words):
        found = known.compound(word[0], dotted=core.startswith(".", word.end()))
        if found is not None:
            return _with_compound(core, words, at, found)
    code = words[-1][0] if words and known.is_code(words[-1][0]) else ""
    topic = core[: words[-1].start()].strip(_BESIDE) if code else core
    return NameParts("", core, "", Pattern(Shape.TOPIC, "", 0, "", bool(code)), "", topic, code)


def _with_head(core: str, words: list[re.Match[str]], at: int, head: Head) -> NameParts:
    known = naming_words()
    word = words[at]
    rest, code, end = words[at + 1 :], "", len(core)
    if rest and known.is_code(rest[-1][0]):
        code, end = rest[-1][0], rest.pop().start()
    ahead, hyphen = core[: word.start()].strip(_BESIDE), core[: word.start()].endswith("-")
    link = rest[0][0].casefold() if len(rest) > 1 and rest[0][0].casefold() in known.links else ""
    topic = core[rest[0].end() if link else word.end() : end].strip(_BESIDE) if rest else ""
    shape = Shape.LINKED if link else Shape.BEHIND if topic else Shape.HEAD
    if ahead and topic:
        shape, topic, link = Shape.OTHER, core, ""
    elif ahead and not code and all(known.is_code(one[0]) for one in words[:at]):
        shape, code = Shape.CODE_BEFORE, " ".join(one[0] for one in words[:at])
    elif ahead:
        shape, topic = Shape.HYPHENATED if hyphen else Shape.BEFORE, ahead
        link = "," if shape is Shape.BEFORE and _PARTING.fullmatch(core, words[at - 1].end(), word.start()) else ""
    pattern = Pattern(shape, head.family, head.form, link, bool(code))
    return NameParts("", core, "", pattern, word[0], topic, code)


def _with_compound(core: str, words: list[re.Match[str]], at: int, found: tuple[str, str, Head]) -> NameParts:
    topic, ending, head = found
    code = words[-1][0] if at < len(words) - 1 and naming_words().is_code(words[-1][0]) else ""
    alone = len(words) == 1 + bool(code)
    pattern = Pattern(Shape.COMPOUND if alone else Shape.OTHER, head.family, head.form, "", bool(code))
    return NameParts("", core, "", pattern, ending, topic if alone else core, code)
