"""Municipalities: owners with care, nursing and rehabilitation, and one unit each that takes hospital notifications."""

from __future__ import annotations

from sor_addressing.model import UnitKind
from sor_addressing.testing.nation.ground import Ground, NumberSource, Standing
from sor_addressing.testing.nation.traffic import draw_standing
from sor_addressing.testing.nation.words import Town

__all__ = ["Municipalities"]

_UNITS_AN_INSTITUTION = 45


class Municipalities:
    """Grows the municipalities of a nation."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._words = ground.words.data["municipalities"]
        self._types = ground.words.data["types"]

    def grow(self, budget: int) -> None:
        """Add municipalities with so many units in all: all 98 where there is room for three units each."""
        places = self._ground.words.places
        if budget < 1:
            return
        count = max(1, min(len(places), budget // 3))
        step = len(places) // count
        for number, share in enumerate(self._ground.chance.shares(budget, count, at_least=3)):
            self._municipality(places[number * step], share)

    def _municipality(self, place: Town, budget: int) -> None:
        ground = self._ground
        standing = draw_standing(ground.chance, "municipality")
        cvr_number = ground.new_cvr_number()
        name = f"{place.town} Kommune"
        owner = ground.add(
            UnitKind.INSTITUTION_OWNER,
            name,
            parent=-1,
            sector="municipality",
            place=place,
            types=(self._types["owner_municipality"],),
            number="own" if ground.chance.hits(0.85) else "none",
            standing=standing,
        )
        record = ground.units[owner]
        record.cvr_number = cvr_number
        record.postal_address = ground.address(place)
        record.contact = ground.contact(name)
        rest = budget - 1
        if rest < 1:
            return
        count = min(len(self._words["institutions"]), max(1, rest // _UNITS_AN_INSTITUTION))
        for number, share in enumerate(ground.chance.shares(rest, count, at_least=2)):
            self._institution(owner, place, cvr_number, standing, number, share)

    def _institution(
        self, owner: int, place: Town, cvr_number: str, standing: Standing, number: int, budget: int
    ) -> None:
        ground = self._ground
        institution = ground.add(
            UnitKind.HEALTH_INSTITUTION,
            self._words["institutions"][number],
            parent=owner,
            sector="municipality",
            place=place,
            types=(self._types["institution_municipality"],),
            number=self._number((45, 45, 10)),
            standing=standing,
        )
        record = ground.units[institution]
        record.cvr_number = cvr_number
        if ground.chance.hits(0.8):
            record.postal_address = ground.address(place)
        left = budget - 1
        if number == 0 and left > 0:
            self._notification_unit(institution, place, standing)
            left -= 1
        while left > 0:
            size = min(left, 1 + ground.chance.weighted((50, 20, 15, 10, 5)))
            self._branch(institution, place, cvr_number, standing, size)
            left -= size

    def _notification_unit(self, institution: int, place: Town, standing: Standing) -> None:
        # Its system has to speak FHIR, whatever the municipality's other systems do.
        speaks_fhir = Standing(
            standing.system,
            standing.supplier,
            standing.net_operator,
            standing.administrator,
            tuple(dict.fromkeys(("FHIR", *standing.formats))),
        )
        self._ground.add(
            UnitKind.ORGANISATIONAL_UNIT,
            self._words["notification"].format(town=place.town),
            parent=institution,
            sector="notification",
            place=place,
            types=(self._types["notification_unit"],),
            number="own",
            standing=speaks_fhir,
        )

    def _branch(self, parent: int, place: Town, cvr_number: str, standing: Standing, size: int) -> None:
        """A unit and ``size - 1`` parts of it, some below one another."""
        ground = self._ground
        for order in range(size):
            names = self._words["parts"] if order else self._words["units"]
            position = ground.add(
                UnitKind.ORGANISATIONAL_UNIT,
                ground.words.name(names, place),
                parent=parent,
                sector="municipality",
                place=place,
                types=(ground.chance.one_of(self._types["municipality_units"]),),
                number=self._number((22, 72, 6) if order else (45, 48, 7)),
                standing=standing,
            )
            record = ground.units[position]
            if ground.chance.hits(0.5):
                record.cvr_number = cvr_number
            if ground.chance.hits(0.45):
                record.postal_address = ground.address(place)
            if ground.chance.hits(0.1):
                record.visiting_address = ground.address(place)
            if ground.chance.hits(0.4):
                record.contact = ground.contact(f"{record.name} {place.town}")
            if order == 0 or ground.chance.hits(0.2):
                parent = position

    def _number(self, weights: tuple[int, int, int]) -> NumberSource:
        sources: tuple[NumberSource, ...] = ("own", "inherits", "none")
        return sources[self._ground.chance.weighted(weights)]
