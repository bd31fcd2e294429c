"""The growing nation: units put in document order, each with its numbers, addresses and first period."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import attrs

from sor_addressing.model import LocationRecord, LocationSource, UnitKind, UnitRecord
from sor_addressing.testing import numbers
from sor_addressing.testing.nation.chance import Chance
from sor_addressing.testing.nation.words import Town, Words, slug

__all__ = ["Ground", "NumberSource", "Standing"]

NumberSource = Literal["own", "inherits", "none", "unknown"]

_KEPT_FOR_NUMBERS_WITHOUT_UNIT = 500
_DAYS_BACK = 8_000


@attrs.frozen(slots=True)
class Standing:
    """What stands behind the location numbers of one institution, and the formats its system speaks."""

    system: str
    supplier: str
    net_operator: str
    administrator: str
    formats: tuple[str, ...]


class Ground:
    """Units while they are made; position in ``units`` is what everything here speaks of."""

    def __init__(self, chance: Chance, snapshot_date: dt.date) -> None:
        self.chance = chance
        self.words = Words(chance)
        self.snapshot_date = snapshot_date
        self.today = snapshot_date.toordinal()
        self.units: list[UnitRecord] = []
        self.parents: list[int] = []
        self.levels: list[int] = []
        self.sectors: list[str] = []
        self.standings: dict[str, tuple[str, Standing]] = {}
        self._next_location = 0
        self._next_provider = 0
        self._next_cvr = 0

    def add(
        self,
        kind: UnitKind,
        name: str,
        *,
        parent: int,
        sector: str,
        place: Town,
        types: tuple[str, ...],
        number: NumberSource,
        standing: Standing,
    ) -> int:
        """Put a unit after all so far, below ``parent`` (-1 for an owner); its position."""
        chance = self.chance
        position = len(self.units)
        from_day = self.today - chance.between(40, _DAYS_BACK)
        first_day = from_day if chance.hits(0.7) else from_day - chance.between(1, 900)
        record = UnitRecord(
            sor_code=numbers.sor_code(position),
            kind=kind,
            name=name,
            parent_sor_code=self.units[parent].sor_code if parent >= 0 else None,
            types=types,
            from_date=dt.date.fromordinal(from_day),
            first_from_date=dt.date.fromordinal(first_day),
            updated_at=self._moment(from_day),
        )
        if kind is UnitKind.ORGANISATIONAL_UNIT:
            record.geographical_parent = ("2", "")
            if chance.hits(0.25):
                yes_no = ("true", "false")
                record.information = (chance.one_of(yes_no), chance.one_of(yes_no), "false")
        self.units.append(record)
        self.parents.append(parent)
        self.levels.append(self.levels[parent] + 1 if parent >= 0 else 1)
        self.sectors.append(sector)
        self._give_number(record, number, place, sector, standing)
        return position

    def _give_number(
        self, record: UnitRecord, number: NumberSource, place: Town, sector: str, standing: Standing
    ) -> None:
        left = numbers.HOW_MANY_LOCATION_NUMBERS - self._next_location
        if number == "own" and left > _KEPT_FOR_NUMBERS_WITHOUT_UNIT:
            record.location = self._location(record, place, standing)
            record.location_source = LocationSource.OWN
            self.standings[record.location.number] = (sector, standing)
        elif record.kind is UnitKind.INSTITUTION_OWNER or number == "none":
            record.location_source = LocationSource.NONE
        elif number == "unknown":
            record.location_source = LocationSource.UNKNOWN
        else:
            record.location_source = LocationSource.INHERITED

    def _location(self, record: UnitRecord, place: Town, standing: Standing) -> LocationRecord:
        chance = self.chance
        location = LocationRecord(
            number=self.new_location_number(),
            system=standing.system,
            supplier=standing.supplier,
            net_operator=standing.net_operator,
            region_code=place.region_code,
            administrator=standing.administrator,
        )
        if chance.hits(0.9):
            location.has_status = True
            location.from_date = record.from_date
            location.first_from_date = record.from_date
            if chance.hits(0.5):
                location.updated_at = record.updated_at
        return location

    def new_location_number(self) -> str:
        """The next made-up location number."""
        self._next_location += 1
        return numbers.location_number(self._next_location - 1)

    def new_provider_number(self) -> str:
        """The next made-up provider number; begins anew when all are taken, for the real ones are shared too."""
        self._next_provider += 1
        return numbers.provider_number((self._next_provider - 1) % numbers.HOW_MANY_PROVIDER_NUMBERS)

    def new_cvr_number(self) -> str:
        """The next made-up CVR number."""
        self._next_cvr += 1
        return numbers.cvr_number(self._next_cvr - 1)

    def address(self, place: Town, *, street: str = "") -> tuple[str, ...]:
        """An address in a town or one of its villages; most with coordinates."""
        chance, words = self.chance, self.words
        which = chance.weighted((6, 2, 1))
        postcode, district = place.district(words, which)
        street = street or chance.one_of(words.streets)
        precise = chance.hits(0.85)
        floor = chance.one_of(("st", "1", "2", "3")) if chance.hits(0.2) else ""
        return (
            street,
            f"{chance.between(1, 199)}{chance.one_of('ABC') if chance.hits(0.15) else ''}",
            floor,
            chance.one_of(("tv", "th", "mf")) if floor and chance.hits(0.5) else "",
            f"Bygning {chance.between(1, 40)}" if chance.hits(0.08) else "",
            "",
            f"{place.town} Mark" if chance.hits(0.03) else "",
            str(chance.between(11, 99)) if chance.hits(0.03) else "",
            postcode,
            district,
            "DK",
            f"Opgang {chance.one_of('ABCDEF')}" if chance.hits(0.06) else "",
            place.municipality_code,
            f"{chance.between(1, 9_899):04d}" if precise else "",
            place.region_code,
            f"{place.easting + chance.below(9_000)}.{chance.below(100):02d}" if precise else "",
            f"{place.northing + chance.below(9_000)}.{chance.below(100):02d}" if precise else "",
        )

    def contact(self, name: str) -> tuple[str, ...]:
        """An e-mail address, web site, telephone and fax that reach nobody."""
        chance = self.chance
        host = f"{slug(name)}.example"
        telephone = f"00 {chance.below(100):02d} {chance.below(100):02d} {chance.below(100):02d}"
        return (
            f"kontakt@{host}" if chance.hits(0.8) else "",
            f"https://{host}" if chance.hits(0.6) else "",
            telephone,
            f"00 {chance.below(100):02d} {chance.below(100):02d} 00" if chance.hits(0.15) else "",
        )

    def _moment(self, earliest: int) -> str:
        chance = self.chance
        day = dt.date.fromordinal(chance.between(min(earliest, self.today), self.today))
        return f"{day.isoformat()}T{chance.between(7, 17):02d}:{chance.below(60):02d}:{chance.below(60):02d}"
