"""What an error says in Danish: found by its English text, which is how errors are made.

The texts stand in ``errors.toml``, in ``files.toml`` where a file can't be written, and in ``usage.toml`` of the command line.
An entry fits where all that it has besides names in
braces stands in the text, in its order. What is filled in has entries of its own, for one text often stands in another; of several ways to take
a text apart the one counts that leaves least of it untold.
"""

from __future__ import annotations

import string
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from sor_addressing.texts import counted, entries

SUBJECTS = ("errors", "files", "usage")
_JOINING = ("placed", "with-remedy")
"""Entries that put one text beside another, wherever their few characters stand."""

_DEEPEST = 6
_MOST_SPLITS = 3


class _Entry(NamedTuple):
    """An entry: its English literals and the names between them, its Danish text, and whether it only joins two texts."""

    literals: tuple[str, ...]
    names: tuple[str, ...]
    danish: str
    joins: bool


class _Told(NamedTuple):
    """A text in Danish, and how many of its English characters an entry accounts for."""

    danish: str
    known: int


def danish_of(text: str) -> str:
    """``text``, the English of an error or of a part of one, in Danish; as it is where no entry fits.

    >>> danish_of("the file is empty"), danish_of("no column 'GLN' anywhere")
    ('filen er tom', "no column 'GLN' anywhere")
    """
    return _told(text, 0, {}).danish


def _told(text: str, depth: int, seen: dict[str, _Told]) -> _Told:
    word = _words().get(text)
    if word is not None:
        return _Told(word["da"], len(text))
    best = seen.get(text)
    if best is None:
        best = seen[text] = _Told(text, 0)
        if depth < _DEEPEST:
            best = seen[text] = max((best, *_ways(text, depth, seen)), key=lambda way: way.known)
    return best


def _ways(text: str, depth: int, seen: dict[str, _Told]) -> Iterator[_Told]:
    """The ways to tell a text by an entry."""
    for entry in _entries():
        for values in _filled(entry, text):
            parts = {name: _Part(value, _told(value, depth + 1, seen)) for name, value in values.items()}
            known = sum(map(len, entry.literals)) + sum(part.told.known for part in parts.values())
            yield _Told(entry.danish.format_map(parts), known)


class _Part(NamedTuple):
    """What is filled in.

    ``{kind:a}`` is the word for it with its article, ``{values:or}`` a list whose last two are parted by "or", ``{count:fil|filer}`` the
    number and the word that fits it.
    """

    english: str
    told: _Told

    def __format__(self, spec: str) -> str:
        danish = self.told.danish
        if "|" in spec:
            return counted(danish, *spec.split("|"))
        if spec == "or":
            return danish.replace(" or ", " eller ")
        word = _words().get(self.english, {}) if spec == "a" else {}
        return f"{word['article']} {danish}" if "article" in word else danish


def _filled(entry: _Entry, text: str) -> Iterator[dict[str, str]]:
    """What of ``text`` stands for each name of an entry, where the entry fits."""
    first, *others = entry.literals
    if not others:
        if text == first:
            yield {}
    elif entry.joins:
        mark, _ = others
        places = [at for at in range(len(text)) if text.startswith(mark, at)]
        for at in dict.fromkeys(places[:_MOST_SPLITS] + places[-_MOST_SPLITS:]):
            yield dict(zip(entry.names, (text[:at], text[at + len(mark) :]), strict=True))
    elif text.startswith(first) and text.endswith(others[-1]):
        position = len(first)
        values: dict[str, str] = {}
        for at, (name, literal) in enumerate(zip(entry.names, others, strict=True), start=1):
            found = len(text) - len(literal) if at == len(others) else text.find(literal, position)
            if found < position:
                return
            values[name] = text[position:found]
            position = found + len(literal)
        yield values


def parted(template: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The literals of a text with names in braces, and the names between them.

    >>> parted("{file}: is empty")
    (('', ': is empty'), ('file',))
    """
    literals, names = [""], []
    for literal, name, _, _ in string.Formatter().parse(template):
        literals[-1] += literal
        if name is not None:
            names.append(name)
            literals.append("")
    return tuple(literals), tuple(names)


@cache
def _entries() -> tuple[_Entry, ...]:
    return tuple(
        _Entry(*parted(texts["en"]), texts["da"], code in _JOINING)
        for subject in SUBJECTS
        for code, texts in entries(subject).items()
        if any(parted(texts["en"])[0])
    )


@cache
def _words() -> dict[str, dict[str, str]]:
    """The words for values of enums, by their English."""
    return {texts["en"]: texts for texts in reversed(list(entries("names").values()))}
