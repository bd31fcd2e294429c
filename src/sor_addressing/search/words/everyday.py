"""Everyday words: groups of words that stand for one another. The package has its own; a region adds more with :class:`EverydayWords`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial

import attrs

from sor_addressing.errors import PolicyError, SorAddressingError
from sor_addressing.hiding import shown
from sor_addressing.search.words.folding import words_in
from sor_addressing.shipped import shipped_toml
from sor_addressing.written_data.toml_files import read_toml

BEGINNING, HEAD = "-", "+"
"""What a member ends in that is the beginning of a word, or the first part of a compound."""

LONGEST_PHRASE = 6
"""Words in the longest member."""

_LONGEST = 100
_SHORTEST_BEGINNING = 2
_MOST_BYTES = 16 * 1024 * 1024

_Fault = Callable[[str], SorAddressingError]


def _frozen(groups: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    if not isinstance(groups, Mapping):
        raise PolicyError(f"words is {type(groups).__name__}: give a map from title to a list of words")
    return {
        title: _members(members, partial(PolicyError, file=f"words[{title!r}]")) for title, members in groups.items()
    }


@attrs.frozen(slots=True)
class EverydayWords:
    """Groups of words by title, every member of which stands for every other, in search.

    A member that ends in ``-`` is the beginning of a word (``kardiolog-``), one that ends in ``+`` the first part of compounds
    (``hjerte+``), and several words stand together in one text. A group under the title of one of the package's adds to that one.

    >>> words = EverydayWords({"skovhospitalet": ["Hermelinlund Sygehus", "skovhospitalet"], "hospital": ["klinikum"]})
    >>> words.groups["hospital"], len(words)
    (('klinikum',), 2)
    """

    groups: Mapping[str, tuple[str, ...]] = attrs.field(converter=_frozen, hash=False)

    def __len__(self) -> int:
        return len(self.groups)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> EverydayWords:
        """Read groups of words from a TOML file: a table ``[words]`` from title to a list of words.

        Raises:
            PolicyError: the file can't be read, or a member can't be one; the text names file, line and title.
        """
        read = read_toml(path, PolicyError, most_bytes=_MOST_BYTES).only("words")
        if "words" not in read:
            raise read.fault("has no table [words] from title to a list of words")
        table = read.table("words")
        return cls({title: _members(table.texts(title), partial(table.fault, key=title)) for title in table})

    @classmethod
    def shipped(cls) -> EverydayWords:
        """The groups that the package has."""
        return _shipped()

    def with_shipped(self) -> dict[str, tuple[str, ...]]:
        """These groups and those of the package."""
        groups = dict(_shipped().groups)
        for title, members in self.groups.items():
            groups[title] = (*groups.get(title, ()), *members)
        return groups


def words_given(given: EverydayWords | Mapping[str, Iterable[str]] | None) -> EverydayWords | None:
    """``given`` as groups; a mapping from title to words will do."""
    return given if given is None or isinstance(given, EverydayWords) else EverydayWords(given)


@cache
def _shipped() -> EverydayWords:
    return EverydayWords(shipped_toml("sor_addressing.search", "data", "everyday_words.toml")["words"])


def _members(members: Iterable[str], fault: _Fault) -> tuple[str, ...]:
    if isinstance(members, str) or not isinstance(members, Iterable):
        raise fault(f"is {shown(str(members))!r}: give a list of words")
    found = tuple(members)
    if not found:
        raise fault("is empty: write the words of the group")
    for member in found:
        _check(member, fault)
    return tuple(dict.fromkeys(member.strip() for member in found))


def _check(member: object, fault: _Fault) -> None:
    if not isinstance(member, str):
        raise fault(f"{shown(str(member))!r} is no text: write words in quotes")
    if len(member) > _LONGEST:
        raise fault(f"a member of {len(member)} characters; {_LONGEST} are the most")
    words = words_in(member)
    if not words:
        raise fault(f"{shown(member)!r} is no word: it has neither letters nor digits")
    if len(words) > LONGEST_PHRASE:
        raise fault(f"{shown(member)!r} has {len(words)} words; {LONGEST_PHRASE} are the most")
    stripped = member.strip()
    if stripped[-1] in (BEGINNING, HEAD) and len(words[-1].folded) < _SHORTEST_BEGINNING:
        raise fault(f"{shown(member)!r}: a beginning has {_SHORTEST_BEGINNING} letters or more")
    if stripped[-1] == HEAD and len(words) > 1:
        raise fault(f"{shown(member)!r}: the first part of a compound is one word")
