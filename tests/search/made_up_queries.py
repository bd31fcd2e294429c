"""Queries that people could type, made by seed from the names of a made-up nation, each with the units that it means.

A query means every unit whose name (and, where the query names it, hospital, town or identifier) is the one that the query was made of:
names repeat, and none of those that share one is more right than another.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from sor_addressing import Match, Register, Unit
from sor_addressing.testing.nation.chance import Chance

SEED = 20_260_115
A_CATEGORY = 40
_MOST_MEANT = 12
_LETTERS = "abcdefghijklmnoprstuvyæøå"
_TAILS = (
    "afdelingen", "afsnit", "klinikken", "kirurgi", "medicin", "sygdomme", "sygehus", "hospital", "centret", "center",
    "gade", "vej", "allé", "stræde", "torv", "bakke", "lægerne", "huset", "terapien", "plejen", "terapi",
)  # fmt: skip
_SHORT = {
    "afdeling": "afd.", "afdelingen": "afd", "afsnit": "afs.", "ambulatorium": "amb.", "klinik": "klin.",
    "klinikken": "klin", "sygehus": "sgh.", "hospital": "hosp.", "kommune": "komm.", "laboratorium": "lab.",
    "universitetshospital": "uh", "center": "ctr.", "sekretariat": "sekr.", "lægehuset": "lægerne", "gruppe": "gr.",
    "lægepraksis": "lægehus", "psykiatrisk": "psyk.", "medicinsk": "med.", "kirurgisk": "kir.", "regionshospitalet": "reg.hosp.",
}  # fmt: skip
_SPELLINGS = ({"æ": "ae", "ø": "oe", "å": "aa"}, {"ø": "o", "å": "a", "æ": "ae"}, {"å": "aa", "ø": "ö", "æ": "ä"})


class MadeUpQuery(NamedTuple):
    """What is typed, the SOR codes of the units that it means, and the difficulty that it was made for."""

    text: str
    meant: frozenset[str]
    category: str


def made_up_queries(register: Register, *, a_category: int = A_CATEGORY, seed: int = SEED) -> list[MadeUpQuery]:
    """So many queries of each category, the same for the same register and seed."""
    names = _Names(register)
    return [
        query
        for number, category in enumerate(_CATEGORIES)
        for query in _of_category(names, category, a_category, Chance(seed + number))
    ]


class _Names:
    """The units by name."""

    def __init__(self, register: Register) -> None:
        self.units = list(register)
        self.by_name: dict[str, list[Unit]] = defaultdict(list)
        for unit in self.units:
            self.by_name[unit.name].append(unit)
        self.identifiers = "\n".join(f"{unit.sor_code}:{'|'.join(_identifiers(unit))}" for unit in self.units)
        self.telling = sorted(
            name for name, units in self.by_name.items() if len(units) <= _MOST_MEANT and len(words(name)) > 1
        )


def words(name: str) -> list[str]:
    return re.findall(r"[^\W_]+", name)


def _of_category(names: _Names, category: str, count: int, chance: Chance) -> Iterator[MadeUpQuery]:
    made: set[str] = set()
    while len(made) < count:
        found = _CATEGORIES[category](names, chance)
        if found is None or not found[1] or len(found[1]) > _MOST_MEANT or found[0] in made:
            continue
        made.add(found[0])
        yield MadeUpQuery(found[0], frozenset(found[1]), category)


Made = tuple[str, list[str]] | None


def _of_name(change: Callable[[str, Chance], str | None]) -> Callable[[_Names, Chance], Made]:
    def make(names: _Names, chance: Chance) -> Made:
        name = chance.one_of(names.telling)
        changed = change(name, chance)
        return None if changed is None else (changed, [unit.sor_code for unit in names.by_name[name]])

    return make


def misspelt(word: str, chance: Chance) -> str:
    """One letter left out, doubled, put in, another, or changed places with the next; never the first."""
    place = chance.between(1, len(word) - 2)
    before, letter, after = word[:place], word[place], word[place + 1 :]
    kind = chance.below(5)
    if kind == 0:
        return before + after
    if kind == 1:
        return before + letter + letter + after
    if kind == 2:
        return before + chance.one_of(_LETTERS) + letter + after
    if kind == 3:
        return before + chance.one_of(_LETTERS) + after
    return before + after[0] + letter + after[1:]


def _typo(name: str, chance: Chance, typos: int = 1) -> str | None:
    typed = words(name.lower())
    for _ in range(typos):
        long = [place for place, word in enumerate(typed) if len(word) > 4 and word.isalpha()]
        if not long:
            return None
        place = chance.one_of(long)
        typed[place] = misspelt(typed[place], chance)
    return None if typed == words(name.lower()) else " ".join(typed)


def _dropped(name: str, chance: Chance) -> str | None:
    typed = words(name.lower())
    if len(typed) < 3:
        return None
    # What is left must still tell the unit from others: digits and names of places stay.
    del typed[chance.below(len(typed) - 1)]
    return " ".join(typed)


def _order(name: str, chance: Chance) -> str | None:
    typed = words(name.lower())
    turn = 1 + chance.below(len(typed) - 1)
    return " ".join(reversed(typed)) if chance.hits(0.5) else " ".join(typed[turn:] + typed[:turn])


def _compound(name: str, chance: Chance) -> str | None:
    typed = words(name.lower())
    splits = [
        (place, tail)
        for place, word in enumerate(typed)
        for tail in _TAILS
        if word.endswith(tail) and len(word) > len(tail) + 2
    ]
    if splits and chance.hits(0.6):
        place, tail = chance.one_of(splits)
        typed[place] = f"{typed[place][: -len(tail)]} {tail}"
        return " ".join(typed)
    joins = [place for place in range(len(typed) - 1) if typed[place].isalpha() and typed[place + 1].isalpha()]
    if not joins:
        return None
    place = chance.one_of(joins)
    return " ".join([*typed[:place], typed[place] + typed[place + 1], *typed[place + 2 :]])


def _abbreviated(name: str, chance: Chance) -> str | None:
    typed = words(name.lower())
    short = [_SHORT.get(word, word) for word in typed]
    return None if short == typed else " ".join(short)


def _spelt(name: str, chance: Chance) -> str | None:
    typed = name.lower()
    for letter, other in chance.one_of(_SPELLINGS).items():
        typed = typed.replace(letter, other)
    if typed == name.lower():
        return None
    return typed.upper() if chance.hits(0.3) else typed.replace("-", " ")


def _identifier(names: _Names, chance: Chance) -> Made:
    unit = chance.one_of(names.units)
    kind = chance.below(5)
    location = unit.location
    if kind == 0:
        typed = unit.sor_code[: -chance.between(1, 9)]
    elif kind == 1 and location:
        typed = f"{location.number[:4]} {location.number[4:8]} {location.number[8:]}"
    elif kind == 2 and location:
        typed = location.number[-chance.between(6, 8) :]
    elif kind == 3 and unit.provider_number:
        typed = unit.provider_number
    elif unit.shak_code and len(unit.shak_code) > 5:
        typed = unit.shak_code[: chance.between(6, 7)]
    else:
        return None
    part = typed.replace(" ", "")
    return typed, [line.partition(":")[0] for line in re.findall(f".*:.*{part}.*", names.identifiers)]


def _identifiers(unit: Unit) -> Iterator[str]:
    yield unit.sor_code
    yield unit.provider_number or ""
    yield unit.shak_code or ""
    yield unit.cvr_number or ""
    yield unit.location.number if unit.location else ""


def _ward(names: _Names, chance: Chance) -> Made:
    ward = chance.one_of(names.units)
    above = ward.ancestors
    if len(above) < 2 or above[-1].kind != "IE" or not above[-1].name.startswith("Region"):
        return None
    hospital = above[-2].name
    town = words(hospital)[-1 if hospital.startswith(("Regions", "Psykiatrisk")) else 0]
    if town.lower() in ward.name.lower():
        return None
    meant = [
        unit.sor_code for unit in names.by_name[ward.name] if any(town in words(other.name) for other in unit.ancestors)
    ]
    typed = [*words(ward.name.lower()), town.lower()]
    return " ".join(reversed(typed) if chance.hits(0.3) else typed), meant


def _place(names: _Names, chance: Chance) -> Made:
    unit = chance.one_of(names.units)
    address = unit.visiting_address
    if address is None or not address.district or unit.name not in names.by_name or not unit.ancestors:
        return None
    if unit.ancestors[-1].name.startswith(("Region", "Sygehus")) or len(words(unit.name)) > 3:
        return None
    which = (address.postcode, address.district) if chance.hits(0.5) else (address.street, address.postcode)
    meant = []
    for other in names.by_name[unit.name]:
        theirs = other.visiting_address
        if theirs is not None and (theirs.postcode, theirs.district, theirs.street) == (
            address.postcode,
            address.district,
            address.street,
        ):
            meant.append(other.sor_code)
    return f"{unit.name} {address.street} {which[1]}".lower(), meant


_CATEGORIES: dict[str, Callable[[_Names, Chance], Made]] = {
    "one typo": _of_name(_typo),
    "two typos": _of_name(lambda name, chance: _typo(name, chance, 2)),
    "words left out": _of_name(_dropped),
    "order": _of_name(_order),
    "compounds": _of_name(_compound),
    "abbreviations": _of_name(_abbreviated),
    "spelling of æøå": _of_name(_spelt),
    "identifiers": _identifier,
    "hospital and ward": _ward,
    "place": _place,
}


class Quality(NamedTuple):
    """How often the first, or one of the first ten, is meant, and the mean of one over the place of the first that is."""

    queries: int
    first: int
    first_ten: int
    reciprocal: float

    def __str__(self) -> str:
        return f"recall@1 {self.first / self.queries:.3f}  recall@10 {self.first_ten / self.queries:.3f}  MRR {self.reciprocal:.3f}"


def shown(matches: Iterable[Match], meant: frozenset[str]) -> list[str]:
    """The SOR code of each row; a row stands for every unit at its address, so it is that of the one that is meant where one is."""
    return [
        next((unit.sor_code for unit in (match.unit, *match.others) if unit.sor_code in meant), match.sor_code)
        for match in matches
    ]


def quality(queries: list[MadeUpQuery], answers: list[list[str]]) -> dict[str, Quality]:
    """The quality of the first ten answers to each query, by category and for all."""
    places: dict[str, list[int]] = defaultdict(list)
    for query, codes in zip(queries, answers, strict=True):
        place = next((place for place, code in enumerate(codes[:10], start=1) if code in query.meant), 0)
        places[query.category].append(place)
        places["all"].append(place)
    return {
        category: Quality(
            len(found),
            found.count(1),
            sum(place > 0 for place in found),
            sum(1 / place for place in found if place) / len(found),
        )
        for category, found in places.items()
    }
