"""The columns that words are searched in, made once when a register is compiled.

Every text is kept once (a name that a thousand wards have, a street, a place), with its words and the units that carry it; every word is
kept once, with the texts it stands in; and trigrams lead to words, not to units. What stands above a unit is not repeated with it: units
are numbered in the order of the tree, so that all below a unit are a range. Of the units that carry a text those with others below them
come first.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import accumulate, chain
from typing import Generic, TypeVar

from sor_addressing.identifiers import IdentifierKind
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.lookup import Index
from sor_addressing.index.packed import codes, fields, parts
from sor_addressing.index.words import words_of
from sor_addressing.search.words.folding import words_in
from sor_addressing.search.words.vocabulary import GRAMS, grams_of

NAME, STREET, PLACE, TYPE, SPECIALITY = range(5)
"""Kinds of texts."""

LONGEST_NAME = 6
"""Words in the longest names that are told apart by how many words they have."""

_wanted = fields("name", "types", "specialities", "postal_address", "visiting_address", "activity_address")
_of_address = parts(
    "postal_address",
    "street", "street_for_addressing", "postcode", "district", "district_subdivision", "municipality_code", "region_code",
)  # fmt: skip

Field = TypeVar("Field")


def make_word_columns(index: Index) -> dict[str, array[int]]:
    """The columns that searching for words needs; equal indexes give equal columns."""
    order, place, above, end = _tree(index)
    texts = _Texts(index)
    unit_texts = texts.of_units(order)
    carriers: list[list[int]] = [[] for _ in texts.kinds]
    inner = array("i", bytes(4 * len(texts.kinds)))
    for leaves in (False, True):
        for position, of_unit in enumerate(unit_texts):
            if (end[position] == position + 1) is leaves:
                for text in of_unit:
                    carriers[text].append(position)
        if not leaves:
            inner = array("i", map(len, carriers))
    written = [[word.key for word in words_in(text)] for text in texts.written]
    words = sorted(set(chain.from_iterable(written)))
    number = {word: position for position, word in enumerate(words)}
    text_words = [[number[key] for key in keys] for keys in written]
    in_texts: list[list[int]] = [[] for _ in words]
    for text, of_text in enumerate(text_words):
        for word in dict.fromkeys(of_text):
            in_texts[word].append(text)
    grams: list[list[int]] = [[] for _ in range(GRAMS)]
    for word, text_of_word in enumerate(words):
        for gram in grams_of(text_of_word):
            grams[gram].append(word)
    return {
        "words_order": order,
        "words_place": place,
        "words_above": above,
        "words_end": end,
        "words_text_kind": array("B", texts.kinds),
        "words_text_length": array("i", map(len, texts.written)),
        "words_text_inner": inner,
        **_lists("words_unit_text", unit_texts),
        **_lists("words_text_unit", carriers),
        **_lists("words_text_word", text_words),
        **_lists("words_word_text", in_texts),
        **_groups(
            in_texts,
            [_group_of(kind, len(of_text)) for kind, of_text in zip(texts.kinds, text_words, strict=True)],
            carriers,
            inner,
        ),
        **_lists("words_gram_word", grams),
        "words_letters": array("B", "\n".join(words).encode()),
        "words_identifiers": array("B", _identifiers(index)),
    }


def _lists(name: str, lists: list[list[int]]) -> dict[str, array[int]]:
    """Lists one after the other, and where each begins."""
    return {
        name: array("i", chain.from_iterable(lists)),
        f"{name}_start": array("i", accumulate(map(len, lists), initial=0)),
    }


def _group_of(kind: int, words: int) -> int:
    """Texts in which a word is worth the same: names by how many words they have, other texts by their kind."""
    return min(words, LONGEST_NAME) if kind == NAME else LONGEST_NAME + kind


def _groups(
    in_texts: list[list[int]], groups: list[int], carriers: list[list[int]], inner: Sequence[int]
) -> dict[str, array[int]]:
    """For each word the units that carry it, by group of texts, those with others below them first."""
    of_word = array("i", [0])
    group, start, parted = array("B"), array("i", [0]), array("i")
    units = array("i")
    for texts in in_texts:
        by_group: dict[int, list[int]] = {}
        for text in texts:
            by_group.setdefault(groups[text], []).append(text)
        for number, of_group in sorted(by_group.items()):
            for text in of_group:
                units.extend(carriers[text][: inner[text]])
            parted.append(len(units))
            for text in of_group:
                units.extend(carriers[text][inner[text] :])
            group.append(number)
            start.append(len(units))
        of_word.append(len(group))
    return {
        "words_word_group": of_word,
        "words_group": group,
        "words_group_start": start,
        "words_group_parted": parted,
        "words_group_unit": units,
    }


def _tree(index: Index) -> tuple[array[int], array[int], array[int], array[int]]:
    """Rows in the order of the tree, where each row stands in it, who is above each, and where all below each end."""
    columns = index.columns
    parents = columns.unit_parent
    child_start, child = columns.child_start, columns.child
    order = array("i")
    waiting = [row for row in range(len(parents) - 1, -1, -1) if parents[row] == NOTHING]
    while waiting:
        row = waiting.pop()
        order.append(row)
        first, last = child_start[row], child_start[row + 1]
        if first != last:
            waiting.extend(reversed(child[first:last]))
    place = array("i", bytes(4 * len(order)))
    for position, row in enumerate(order):
        place[row] = position
    above = array("i", [NOTHING if parents[row] == NOTHING else place[parents[row]] for row in order])
    end = array("i", range(1, len(order) + 1))
    for position in range(len(order) - 1, -1, -1):
        parent = above[position]
        if parent != NOTHING and end[parent] < end[position]:
            end[parent] = end[position]
    return order, place, above, end


class _Known(dict[Field, tuple[int, ...]], Generic[Field]):
    """The texts that fields of packed records are made into: each field once, for many units have the same."""

    def __init__(self, make: Callable[[Field], tuple[int, ...]]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, field: Field) -> tuple[int, ...]:
        made = self[field] = self._make(field)
        return made


class _Texts:
    """Texts of all kinds, each once, and known by number."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._numbers: dict[tuple[int, bytes], int] = {}
        self._places = _Known(self._of_place)
        self.kinds: list[int] = []
        self.written: list[str] = []

    def of_units(self, order: Iterable[int]) -> list[list[int]]:
        """The texts of each unit, its name first."""
        columns = self._index.columns
        start, records = columns.unit_record, columns.records
        names: _Known[bytes] = _Known(lambda name: (self._number(NAME, name),))
        types = _Known(partial(self._of_codes, "type", TYPE))
        specialities = _Known(partial(self._of_codes, "speciality", SPECIALITY))
        addresses = _Known(self._of_address)
        found = []
        for row in order:
            name, of_type, of_speciality, postal, visiting, activity = _wanted(
                bytes(records[start[row] : start[row + 1]])
            )
            texts = names[name] + types[of_type] + specialities[of_speciality]
            if postal or visiting or activity:
                texts += addresses[postal] + addresses[visiting] + addresses[activity]
            found.append(list(dict.fromkeys(texts)))
        return found

    def _number(self, kind: int, text: bytes) -> int:
        number = self._numbers.setdefault((kind, text), len(self.kinds))
        if number == len(self.kinds):
            self.kinds.append(kind)
            self.written.append(text.decode())
        return number

    def _of_codes(self, name: str, kind: int, field: bytes) -> tuple[int, ...]:
        texts = [words_of(self._index, name, code.decode()) for code in codes(field)]
        return tuple([self._number(kind, text.encode()) for text in texts if text])

    def _of_address(self, field: bytes) -> tuple[int, ...]:
        if not field:
            return ()
        street, for_addressing, *place = _of_address(field)
        streets = [self._number(STREET, text) for text in (street, for_addressing) if text]
        return (*streets, *self._places[tuple(place)])

    def _of_place(self, place: tuple[bytes, ...]) -> tuple[int, ...]:
        """The text of a place, which many addresses have; none where nothing is said of it."""
        *texts, municipality, code = place
        if municipality:
            name = words_of(self._index, "municipality", municipality.decode())
            texts += [municipality, name.encode()] if name else [municipality]
        if code:
            texts.append((words_of(self._index, "region", code.decode()) or code.decode()).encode())
        texts = list(filter(None, texts))
        return (self._number(PLACE, b", ".join(texts)),) if texts else ()


def _identifiers(index: Index) -> bytes:
    """Every identifier once, each between two line feeds, so that parts of them can be looked for."""
    values: Iterator[str] = chain.from_iterable(map(index.keys, IdentifierKind))
    lines = "\n".join(dict.fromkeys(values))
    return f"\n{lines}\n".encode()
