"""Regions: owners with hospitals, and departments, wards and clinics below them, up to eight levels deep."""

from __future__ import annotations

from sor_addressing.model import UnitKind
from sor_addressing.testing import numbers
from sor_addressing.testing.nation.ground import Ground, NumberSource, Standing
from sor_addressing.testing.nation.traffic import draw_standing
from sor_addressing.testing.nation.words import Town

__all__ = ["Hospitals"]

DEEPEST_LEVEL = 8
_REGION_WEIGHTS = {"1081": 9, "1082": 17, "1083": 14, "1084": 50, "1085": 10}
_UNITS_A_HOSPITAL = 900
_FAN_OUT = {3: 0.45, 4: 0.5, 5: 0.55, 6: 0.6, 7: 0.7}


class Hospitals:
    """Grows the regions of a nation."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._words = ground.words.data["hospitals"]
        self._types = ground.words.data["types"]
        self._specialities: list[str] = ground.words.data["specialities"]["hospital"]
        self._speciality_types = (
            ground.words.data["specialities"]["main_type"],
            ground.words.data["specialities"]["other_type"],
        )
        self._hospitals = 0

    def grow(self, budget: int) -> None:
        """Add regions with so many units in all; the larger the nation, the more hospitals, and the deeper."""
        codes = list(_REGION_WEIGHTS)
        count = max(1, min(len(codes), budget // 3))
        # The largest region is kept in a nation too small for all five.
        codes = sorted(codes, key=lambda code: -_REGION_WEIGHTS[code])[:count]
        weights = [_REGION_WEIGHTS[code] for code in codes]
        budgets = [max(1, budget * weight // sum(weights)) for weight in weights]
        budgets[0] += budget - sum(budgets)
        for code, share in sorted(zip(codes, budgets, strict=True)):
            self._region(code, share)

    def _region(self, code: str, budget: int) -> None:
        ground = self._ground
        places = [place for place in ground.words.places if place.region_code == code]
        name = ground.words.regions[code]
        cvr_number = ground.new_cvr_number()
        owner = ground.add(
            UnitKind.INSTITUTION_OWNER,
            name,
            parent=-1,
            sector="hospital",
            place=places[0],
            types=(self._types["owner_region"],),
            number="own",
            standing=draw_standing(ground.chance, "hospital"),
        )
        record = ground.units[owner]
        record.cvr_number = cvr_number
        record.postal_address = ground.address(places[0])
        record.contact = ground.contact(name)
        rest = budget - 1
        if rest < 1:
            return
        count = max(1, min(24, rest // _UNITS_A_HOSPITAL + 1))
        for number, share in enumerate(ground.chance.shares(rest, count)):
            self._hospital(owner, ground.chance.one_of(places), cvr_number, share, spine=number == 0)

    def _hospital(self, owner: int, place: Town, cvr_number: str, budget: int, *, spine: bool) -> None:
        ground = self._ground
        name = ground.words.name(self._words["institutions"], place)
        standing = draw_standing(ground.chance, "hospital")
        hospital = ground.add(
            UnitKind.HEALTH_INSTITUTION,
            name,
            parent=owner,
            sector="hospital",
            place=place,
            types=(self._types["institution_hospital_known"],),
            number="own" if ground.chance.hits(0.92) else "none",
            standing=standing,
        )
        record = ground.units[hospital]
        number = self._hospitals % 100
        self._hospitals += 1
        record.shak_code = numbers.shak_code(number)
        record.cvr_number = cvr_number
        record.postal_address = ground.address(place)
        record.contact = ground.contact(name)
        _Wing(self, name, place, cvr_number, standing, number).grow(hospital, budget - 1, 3, spine=spine)

    def name(self, level: int, hospital: str, place: Town) -> str:
        """A name as units of that level have them."""
        chance, words = self._ground.chance, self._words
        if level == 3:
            kind = chance.weighted((3, 5, 3))
        elif level == 4:
            kind = chance.weighted((0, 3, 2, 4, 2))
        else:
            kind = chance.weighted((0, 0, 0, 4, 5))
        lists = (words["centres"], words["departments"], words["popular"], words["wards"], words["clinics"])
        name = self._ground.words.name(lists[kind], place)
        return f"{name}, {hospital}" if chance.hits(0.3 if level == 3 else 0.08) else name

    def dress(self, position: int, place: Town, cvr_number: str, shak_hospital: int, order: int) -> None:
        """Give a department or ward what some have: SHAK code, specialities, addresses, CVR number, local code."""
        ground = self._ground
        chance = ground.chance
        record = ground.units[position]
        level = ground.levels[position]
        if level == 3 and chance.hits(0.8):
            record.shak_code = numbers.shak_code(100 * shak_hospital + order % 100, "department")
        elif level > 3 and chance.hits(0.45):
            record.shak_code = numbers.shak_code(1_000 * shak_hospital + order % 1_000, "ward")
        if chance.hits(0.3):
            record.cvr_number = cvr_number
        if chance.hits(0.35):
            count = 1 + chance.weighted((60, 20, 8, 5, 3, 2, 1, 1))
            first = chance.below(len(self._specialities))
            main, other = self._speciality_types
            record.specialities = tuple(
                (self._specialities[(first + n) % len(self._specialities)], other if n else main) for n in range(count)
            )
        if chance.hits(0.3):
            record.postal_address = ground.address(place)
        if chance.hits(0.15):
            record.visiting_address = ground.address(place)
        if chance.hits(0.06):
            record.activity_address = ground.address(place)
        if chance.hits(0.25):
            record.contact = ground.contact(record.name)
        if chance.hits(0.1):
            record.local_code = f"{chance.one_of('HKMR')}{chance.between(100, 999)}"
        if chance.hits(0.02):
            record.local_attributes = (f"Omk {chance.between(10, 99)}", "", "", "", "")
        if chance.hits(0.02):
            record.geographical_parent = ("3", ground.units[max(0, position - chance.between(1, 40))].sor_code)

    def types(self) -> tuple[str, ...]:
        """One unit type; a few units have two or three, and a few none."""
        chance = self._ground.chance
        codes: list[str] = self._types["hospital_units"]
        first = chance.below(len(codes))
        count = chance.weighted((4, 90, 5, 1))
        return tuple(codes[(first + n) % len(codes)] for n in range(count))

    @property
    def ground(self) -> Ground:
        """The nation that grows."""
        return self._ground


class _Wing:
    """All below one hospital."""

    def __init__(
        self, hospitals: Hospitals, name: str, place: Town, cvr_number: str, standing: Standing, shak: int
    ) -> None:
        self._hospitals = hospitals
        self._ground = hospitals.ground
        self._name = name
        self._place = place
        self._cvr_number = cvr_number
        self._standing = standing
        self._shak = shak
        self._order = 0

    def grow(self, parent: int, budget: int, level: int, *, spine: bool) -> None:
        """Add ``budget`` units below ``parent``; the spine reaches down to the deepest level."""
        if budget <= 0:
            return
        chance = self._ground.chance
        count = budget
        if level < DEEPEST_LEVEL:
            count = max(1, min(budget, int(budget ** _FAN_OUT[level]) + chance.below(3)))
        shares = chance.shares(budget, count)
        needed = DEEPEST_LEVEL - level + 1
        for other in range(1, count):
            if not spine or shares[0] >= needed:
                break
            moved = min(shares[other] - 1, needed - shares[0])
            shares[0] += moved
            shares[other] -= moved
        if spine and shares[0] < needed <= budget:
            shares = [needed, *[1] * (budget - needed)]
        for order, share in enumerate(shares):
            self._unit(parent, share, level, spine=spine and order == 0)

    def _unit(self, parent: int, budget: int, level: int, *, spine: bool) -> None:
        ground, hospitals = self._ground, self._hospitals
        position = ground.add(
            UnitKind.ORGANISATIONAL_UNIT,
            hospitals.name(level, self._name, self._place),
            parent=parent,
            sector="hospital",
            place=self._place,
            types=hospitals.types(),
            number=self._number(level),
            standing=self._standing,
        )
        hospitals.dress(position, self._place, self._cvr_number, self._shak, self._order)
        self._order += 1
        self.grow(position, budget - 1, level + 1, spine=spine)

    def _number(self, level: int) -> NumberSource:
        sources: tuple[NumberSource, ...] = ("own", "inherits", "none", "unknown")
        weights = (68, 27, 4, 1) if level == 3 else (52, 43, 4, 1)
        return sources[self._ground.chance.weighted(weights)]
