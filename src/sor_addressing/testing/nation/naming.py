"""Other names for what the nation has: Latin beside Danish, a pattern for each region, what municipalities call what they do.

A pass of its own over the grown nation, with chance of its own, so that nothing but names hangs on it.
"""

from __future__ import annotations

from sor_addressing.testing.nation.chance import Chance
from sor_addressing.testing.nation.ground import Ground
from sor_addressing.testing.nation.words import Town, data

__all__ = ["rename_some"]

_ROMAN = ("I", "II", "III", "IV", "V", "VI")
_DEPARTMENTS, _FUNCTIONS, _PRACTICES = 0.75, 0.5, 0.35
_HOSPITAL_LEVEL = 2


def rename_some(ground: Ground, seed: int) -> None:
    """Give other names to some departments, municipal units and practices, and to the hospitals of a merged region."""
    _Naming(ground, Chance(seed * 1_009 + 17)).all()


class _Naming:
    def __init__(self, ground: Ground, chance: Chance) -> None:
        self._ground = ground
        self._chance = chance
        self._names = data("everyday_names")
        self._town_of = {place.town: place for place in ground.words.places}
        self._region = ""
        self._place = ground.words.places[0]
        self._hospital = ("", "")
        self._practice = ("", "")
        self._functions = frozenset(pattern.split()[0] for pattern in ground.words.data["municipalities"]["units"])

    def all(self) -> None:
        by_sector = {"hospital": self._of_hospital, "municipality": self._of_municipality}
        for position, sector in enumerate(self._ground.sectors):
            by_sector.get(sector, self._of_practice)(position)

    def _of_hospital(self, position: int) -> None:
        unit, level = self._ground.units[position], self._ground.levels[position]
        if level < _HOSPITAL_LEVEL:
            codes = {name: code for code, name in self._ground.words.regions.items()}
            self._region = codes[unit.name]
        elif level == _HOSPITAL_LEVEL:
            self._at_town(unit.name)
            self._hospital = (unit.name, self._merged(unit.name))
            unit.name = self._hospital[1]
        else:
            name, comma, rest = unit.name.partition(f", {self._hospital[0]}")
            unit.name = self._department(name) + (f", {self._hospital[1]}{rest}" if comma else "")

    def _at_town(self, name: str) -> None:
        for word in name.split():
            self._place = self._town_of.get(word, self._place)

    def _merged(self, name: str) -> str:
        hospitals = self._names["hospitals"]
        if self._region != hospitals["merged_in"] or self._chance.hits(0.5):
            return name
        near = [place for place in self._ground.words.places if place.region_code == self._region]
        other = near[(near.index(self._place) + 1) % len(near)] if self._place in near else near[0]
        pattern: str = hospitals["name"]
        return pattern.format(town=self._place.town, other=other.town)

    def _department(self, name: str) -> str:
        names = self._names
        if name in names["numbered"] and self._chance.hits(_DEPARTMENTS):
            return self._filled(names["numbered"][name])
        words = names["departments"].get(name)
        if words is None or not self._chance.hits(_DEPARTMENTS):
            return name
        latin, science, diseases, part = words
        pattern: str = self._chance.one_of(names["patterns"][self._region])
        for placeholder, word in (("latin", latin), ("science", science), ("diseases", diseases), ("part", part)):
            pattern = pattern.replace(f"{{{placeholder}}}", word)
        return self._filled(pattern)

    def _of_municipality(self, position: int) -> None:
        unit, level = self._ground.units[position], self._ground.levels[position]
        if level == 1:
            self._at_town(unit.name)
        elif unit.name.split()[0] in self._functions and self._chance.hits(_FUNCTIONS):
            unit.name = self._filled(self._chance.one_of(self._names["municipalities"]["functions"]))

    def _of_practice(self, position: int) -> None:
        unit, sector = self._ground.units[position], self._ground.sectors[position]
        if self._ground.levels[position] == 1:
            patterns = self._names["practices"].get(sector)
            self._practice = (unit.name, unit.name)
            address = unit.postal_address
            if patterns and address is not None and self._chance.hits(_PRACTICES):
                self._place = self._place_of(address)
                self._practice = (
                    unit.name,
                    self._filled(self._chance.one_of(patterns), street=address[0].capitalize()),
                )
        if unit.name == self._practice[0]:
            unit.name = self._practice[1]

    def _place_of(self, address: tuple[str, ...]) -> Town:
        municipality = address[12]
        return next(place for place in self._ground.words.places if place.municipality_code == municipality)

    def _filled(self, pattern: str, *, street: str = "") -> str:
        words, chance = self._ground.words, self._chance
        return pattern.format(
            town=self._place.town,
            street=street or chance.one_of(words.streets).capitalize(),
            quarter=chance.one_of(words.quarters),
            letter=chance.one_of("ABCDEFGHKLM"),
            roman=chance.one_of(_ROMAN),
            n=chance.between(1, 29),
        )
