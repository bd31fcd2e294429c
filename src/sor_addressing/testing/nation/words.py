"""Made-up places and names, put together from ``data/vocabulary.toml``."""

from __future__ import annotations

from functools import cache
from typing import Any

import attrs

from sor_addressing.shipped import shipped_toml
from sor_addressing.testing.nation.chance import Chance

__all__ = ["Town", "Words", "data"]

_LETTERS = "ABCDEFGHKLMNPRSTVY"
_WITHOUT_DANISH = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "é": "e"})


@cache
def data(name: str) -> dict[str, Any]:
    """A TOML file of the test kit's data, read once."""
    return shipped_toml("sor_addressing.testing", "data", f"{name}.toml")


@attrs.frozen(slots=True)
class Town:
    """A made-up municipality and its town."""

    number: int
    town: str
    region_code: str
    municipality_code: str
    postcode: str
    easting: int
    northing: int

    def district(self, words: Words, which: int) -> tuple[str, str]:
        """Postcode and district name of the town itself (0) or of a village in it (1, 2)."""
        if which == 0:
            return self.postcode, self.town
        village = words.villages[(self.number + which) % len(words.villages)]
        return f"{int(self.postcode) + which:04d}", village.format(town=self.town)


class Words:
    """Names of all kinds, drawn by chance."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self.data = data("vocabulary")
        self.regions: dict[str, str] = self.data["places"]["regions"]
        self.villages: list[str] = self.data["places"]["villages"]
        self.quarters: list[str] = self.data["places"]["quarters"]
        streets = self.data["streets"]
        self.streets = [root + ending for root in streets["roots"] for ending in streets["endings"]]
        self.places = self._places()

    def _places(self) -> list[Town]:
        words = self.data["places"]
        towns = [root + ending for ending in words["endings"] for root in words["roots"]]
        codes = list(self.regions)
        return [
            Town(
                number=number,
                town=town,
                region_code=codes[number * len(codes) // len(towns)],
                # Real municipality codes end at 0860, and no real postcode lies between 0100 and 0499.
                municipality_code=f"{901 + number:04d}",
                postcode=f"{100 + 3 * number:04d}",
                easting=450_000 + 41_000 * (number % 10) + 1_700 * (number // 10),
                northing=6_060_000 + 34_000 * (number // 10) + 2_300 * (number % 10),
            )
            for number, town in enumerate(towns)
        ]

    def fill(self, pattern: str, place: Town, *, street: str = "") -> str:
        """A name from its pattern: ``{town}``, ``{street}``, ``{quarter}``, ``{topic}``, ``{letter}`` and ``{n}``."""
        if "{" not in pattern:
            return pattern
        chance = self._chance
        return pattern.format(
            town=place.town,
            street=street or chance.one_of(self.streets).capitalize(),
            quarter=chance.one_of(self.quarters),
            topic=chance.one_of(self.data["hospitals"]["topics"]),
            letter=chance.one_of(_LETTERS),
            n=chance.between(1, 29),
        )

    def name(self, patterns: list[str], place: Town, *, street: str = "") -> str:
        """A name from one of several patterns."""
        return self.fill(self._chance.one_of(patterns), place, street=street)


def slug(name: str) -> str:
    """A name as it stands in a made-up web address."""
    letters = "".join(
        char if char.isascii() and char.isalnum() else " " for char in name.lower().translate(_WITHOUT_DANISH)
    )
    return "-".join(letters.split())
