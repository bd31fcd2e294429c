"""Facets as they are asked: which of a facet's values a filter means, and the rows of the units that have them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

import attrs

from sor_addressing.authorities import municipality_name, municipality_named, region_code
from sor_addressing.index.lookup import Index
from sor_addressing.index.words import words_of
from sor_addressing.search.kept import kept_columns
from sor_addressing.search.rules.facet_columns import VALUE_END, make_facet_columns
from sor_addressing.search.rules.filters import postal_range
from sor_addressing.texts import LANGUAGES

_WORDS = {
    "region": "region",
    "municipality": "municipality",
    "unit_type": "type",
    "speciality": "speciality",
    "system": "system",
    "supplier": "supplier",
    "net_operator": "net-operator",
    "administrator": "administrator",
}
"""Facets whose values are codes that words stand for, and what :func:`words_of` calls them."""

_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
_LEFT_OUT = {"region": "region", "municipality": "kommune"}
"""What people leave out of the names of regions and municipalities."""

_MOST_ALIKE = 3
_LIKE_ENOUGH = 0.6


@attrs.frozen(slots=True)
class UnknownValue:
    """A value of a filter that no unit of the register has: which field, what was given, and what comes close to it."""

    field: str
    value: str
    alike: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {"field": self.field, "value": self.value, "alike": list(self.alike)}


class Values:
    """Values of one field, sorted: which of them somebody means, by code or by word."""

    __slots__ = ("_index", "_name", "values")

    def __init__(self, index: Index, name: str, values: Sequence[str]) -> None:
        self._index = index
        self._name = name
        self.values = values

    def positions(self, wanted: str) -> list[int]:
        """Positions of the values that ``wanted`` means: the code as it stands, a range of postal codes, or the word for codes."""
        ends = postal_range(wanted) if self._name == "postal_code" else None
        if ends is not None:
            return [
                position
                for position in range(bisect_left(self.values, ends[0]), bisect_right(self.values, ends[1]))
                if len(self.values[position]) == len(ends[0]) and self.values[position].isdigit()
            ]
        if self._name == "municipality" and wanted.isdigit():
            return [at for at, value in enumerate(self.values) if value.zfill(4) == wanted]
        # A word can stand in the file itself, and be what codes of it stand for: both are meant.
        position = bisect_left(self.values, wanted)
        found = [position] if position < len(self.values) and self.values[position] == wanted else []
        if found and wanted.isdigit():
            return found
        if self._name == "region":
            code = region_code(wanted)
            found += [at for at, value in enumerate(self.values) if region_code(value) == code]
        folded = self._folded(wanted)
        found += [at for at, word in self._words() if self._folded(word) == folded]
        return list(dict.fromkeys(found))

    def alike(self, wanted: str) -> tuple[str, ...]:
        """Words, or else values, of this facet that come close to ``wanted``."""
        from difflib import SequenceMatcher

        folded = self._folded(wanted)
        if self._name == "municipality":
            followed = [
                municipality_name(former.followed_by) for former in municipality_named(wanted) if former.followed_by
            ]
            if any(followed):
                return tuple(name for name in followed if name)
        words = dict.fromkeys(word for _, word in self._words(LANGUAGES[:1])) or dict.fromkeys(self.values)
        weighed = []
        for word in words:
            other = self._folded(word)
            likeness = SequenceMatcher(None, folded, other).ratio()
            if folded in other.split():
                likeness += 1
            if likeness >= _LIKE_ENOUGH:
                weighed.append((-likeness, word))
        return tuple(word for _, word in sorted(weighed)[:_MOST_ALIKE])

    def _words(self, languages: Iterable[str] = LANGUAGES) -> Iterator[tuple[int, str]]:
        if self._name == "organisational_level":  # whose values are codes and names alike
            yield from enumerate(self.values)
        kind = _WORDS.get(self._name)
        if kind is None:
            return
        for position, value in enumerate(self.values):
            for language in languages:
                word = words_of(self._index, kind, value, language)
                if word:
                    yield position, word

    def _folded(self, word: str) -> str:
        words = "".join(letter if letter.isalnum() else " " for letter in word.casefold().translate(_LETTERS)).split()
        left_out = _LEFT_OUT.get(self._name)
        folded = " ".join(one for one in words if one != left_out) or " ".join(words)
        return folded.removesuffix("s") if self._name == "municipality" else folded


class Facet(Values):
    """One facet of an index: sorted values, each with the rows of its units."""

    __slots__ = ("_columns",)

    def __init__(self, index: Index, name: str) -> None:
        self._columns = kept_columns(index, make_facet_columns)
        column = self._columns[f"facet_{name}_values"]
        text = bytes(column[0 : len(column)]).decode()
        super().__init__(index, name, text.split(VALUE_END) if text else [])

    def rows(self, position: int) -> Sequence[int]:
        """The rows that have the value at ``position``, in order."""
        start, end = self._columns[f"facet_{self._name}_start"][position : position + 2]
        return self._columns[f"facet_{self._name}_rows"][start:end]
