"""Practices: general practitioners, specialists, dentists and all other small owners, in the thousands."""

from __future__ import annotations

from typing import Any

from sor_addressing.model import UnitKind
from sor_addressing.testing.nation.ground import Ground, NumberSource
from sor_addressing.testing.nation.traffic import draw_standing
from sor_addressing.testing.nation.words import Town

__all__ = ["Practices"]

_PATTERNS: tuple[tuple[NumberSource, NumberSource, NumberSource], ...] = (
    ("none", "none", "own"),
    ("none", "own", "inherits"),
    ("own", "inherits", "inherits"),
    ("none", "inherits", "own"),
)
"""Where the location number stands: at the owner, the institution or the units below."""

_PATTERN_WEIGHTS = (50, 32, 10, 8)
_WITHOUT_PROVIDER_NUMBER = frozenset({"pharmacy", "laboratory"})


class Practices:
    """Grows the small owners of a nation."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._kinds: dict[str, dict[str, Any]] = ground.words.data["practices"]
        self._types = ground.words.data["types"]
        self._specialities = ground.words.data["specialities"]
        self._pharmacies = 0

    def grow(self, budget: int) -> None:
        """Add practices with so many units in all."""
        chance = self._ground.chance
        sectors = list(self._kinds)
        weights = [kind["share"] for kind in self._kinds.values()]
        left = budget
        while left > 0:
            sector = sectors[chance.weighted(weights)]
            size = min(left, 3 + chance.weighted((62, 26, 9, 3)))
            self._practice(sector, chance.one_of(self._ground.words.places), size)
            left -= size

    def _practice(self, sector: str, place: Town, size: int) -> None:
        ground = self._ground
        chance = ground.chance
        kind = self._kinds[sector]
        street = chance.one_of(ground.words.streets)
        name = ground.words.name(kind["owners"], place, street=street.capitalize())
        pattern = _PATTERNS[chance.weighted(_PATTERN_WEIGHTS)]
        standing = draw_standing(chance, sector)
        address = ground.address(place, street=street)
        cvr_number = ground.new_cvr_number()
        everywhere = chance.hits(0.6)
        owner = ground.add(
            UnitKind.INSTITUTION_OWNER,
            name,
            parent=-1,
            sector=sector,
            place=place,
            types=(self._types["owner_private_known"],),
            number=pattern[0],
            standing=standing,
        )
        record = ground.units[owner]
        record.cvr_number = cvr_number
        record.postal_address = address
        record.contact = ground.contact(name)
        if size < 2:
            return
        institution = ground.add(
            UnitKind.HEALTH_INSTITUTION,
            name,
            parent=owner,
            sector=sector,
            place=place,
            types=(self._institution_type(sector),),
            number=pattern[1],
            standing=standing,
        )
        record = ground.units[institution]
        if everywhere:
            record.cvr_number = cvr_number
        if chance.hits(0.5):
            record.postal_address = address
        if sector == "pharmacy":
            self._pharmacies += 1
            record.pharmacy_number = f"{99_000 + self._pharmacies % 1_000},1"
        provider_number = "" if sector in _WITHOUT_PROVIDER_NUMBER else ground.new_provider_number()
        for order in range(size - 2):
            unit = ground.add(
                UnitKind.ORGANISATIONAL_UNIT,
                name if order == 0 and chance.hits(0.5) else ground.words.name(kind["units"], place, street=street),
                parent=institution,
                sector=sector,
                place=place,
                types=(chance.one_of(self._types["practice_units"]),),
                number=pattern[2] if order == 0 else chance.one_of(("own", "inherits", "inherits")),
                standing=standing,
            )
            # Some practices have a number for every doctor; most share one.
            if order and provider_number and chance.hits(0.3):
                provider_number = ground.new_provider_number()
            record = ground.units[unit]
            record.provider_number = provider_number
            if everywhere:
                record.cvr_number = cvr_number
            if sector == "pharmacy":
                record.pharmacy_number = f"{99_000 + self._pharmacies % 1_000},{order + 2}"
            if chance.hits(0.25):
                record.visiting_address = ground.address(place)
            if chance.hits(0.5):
                record.contact = ground.contact(name)
            self._speciality(unit, kind.get("speciality"))

    def _speciality(self, unit: int, name: str | None) -> None:
        if name is not None:
            code = self._ground.chance.one_of(self._specialities[name])
            self._ground.units[unit].specialities = ((code, self._specialities["main_type"]),)

    def _institution_type(self, sector: str) -> str:
        code: str = self._types.get(f"institution_{sector}_known") or self._types[f"institution_{sector}"]
        return code
