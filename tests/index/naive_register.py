"""Any small register, and what is true of it, found out naively with dictionaries and loops: what the index is compared with."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import NamedTuple

import attrs
from hypothesis import strategies as st

from sor_addressing.model import LocationRecord, LocationSource, UnitKind, UnitRecord
from sor_addressing.testing.builder import address, contact
from sor_addressing.testing.numbers import cvr_number, location_number, sor_code

DAY = dt.date(2026, 1, 15)
MISSING_PARENT = sor_code(999)

# The dirt that real files hold lies among the right ones.
SOR_CODES = [*map(sor_code, range(9)), "???", "ÆØÅ", "9" * 19, "A1", "SORKODEÆNDRET", ""]
NUMBERS = [*map(location_number, range(5)), "???", "DKPRØVE", "9" * 20, "DKPROVENET"]
DATES = st.sampled_from([None, DAY - dt.timedelta(800), DAY - dt.timedelta(1), DAY, DAY + dt.timedelta(1)])
TEXTS = st.sampled_from(["", "A", 'Prøve; "1"', "\u2028"])
ADDRESSES = st.sampled_from(
    [
        None,
        None,
        address(),
        address(street="Prøvevej", building="1", municipality_code="0999"),
        address(municipality_code="0998", region_code="1082"),
        address(region_code="1081", easting="1.5", northing="2"),
    ]
)
CONTACTS = st.sampled_from([None, None, contact(), contact(email="a@example.org"), contact(telephone="1", fax="2")])


@st.composite
def locations(draw) -> LocationRecord:
    return LocationRecord(
        draw(st.sampled_from(NUMBERS)),
        internal_only=draw(st.booleans()),
        inactive=draw(st.booleans()),
        system=draw(TEXTS),
        supplier=draw(TEXTS),
        net_operator=draw(TEXTS),
        region_code=draw(st.sampled_from(["", "1083"])),
        administrator=draw(TEXTS),
        note=draw(TEXTS),
        has_status=draw(st.booleans()),
        from_date=draw(DATES),
        to_date=draw(DATES),
        first_from_date=draw(DATES),
        updated_at=draw(TEXTS),
        period_unreadable=draw(st.booleans()),
    )


@st.composite
def forests(draw, *, whole: bool = True) -> list[UnitRecord]:
    """Units in any order, below each other in any way; a SOR code can stand twice, a parent can be missing or come in a circle.

    Args:
        whole: False leaves out what has no part in tree and location: addresses and texts.
    """
    codes = draw(st.lists(st.sampled_from(SOR_CODES), min_size=1, max_size=10, unique=True))
    units = [draw(_units(code, codes[:place], whole=whole)) for place, code in enumerate(codes)]
    repeated = draw(st.lists(st.sampled_from(codes), max_size=2))
    units += [draw(_units(code, codes, whole=whole)) for code in repeated]
    damage = st.tuples(st.sampled_from(units), st.sampled_from([*codes, MISSING_PARENT]))
    for unit, parent in draw(st.lists(damage, max_size=2)):
        unit.parent_sor_code = parent
    for unit in draw(st.lists(st.sampled_from(units), max_size=1)):
        unit.gap_above = True
    units = draw(st.permutations(units))
    for line, unit in enumerate(units, start=2):
        unit.line, unit.name = line, f"Enhed {line}"
    return units


@st.composite
def _units(draw, code: str, above: list[str], *, whole: bool) -> UnitRecord:
    """One unit, most often below the one before it, so that trees are deep; and most often inheriting, so that chains are long."""
    parent = draw(st.sampled_from([*above[-1:] * 4, *above])) if above else None
    source = draw(st.sampled_from([*[LocationSource.INHERITED] * 6, *[LocationSource.OWN] * 2, *LocationSource]))
    unit = UnitRecord(
        code,
        draw(st.sampled_from(UnitKind)),
        parent_sor_code=parent,
        from_date=draw(DATES),
        to_date=draw(DATES),
        period_unreadable=draw(st.sampled_from([False, False, True])),
        location_source=source,
        location=draw(locations()) if source is LocationSource.OWN else None,
        provider_number=draw(st.sampled_from(["", "", "990001", "990002", "009906", "99ÆØ", "???"])),
        shak_code=draw(st.sampled_from(["", "", "9901", "990001", "99Å1"])),
        cvr_number=draw(st.sampled_from(["", "", cvr_number(0), cvr_number(1), "INGEN?"])),
    )
    if whole:
        unit.postal_address = draw(ADDRESSES)
        unit.visiting_address = draw(ADDRESSES)
        unit.activity_address = draw(ADDRESSES)
        unit.contact = draw(CONTACTS)
    return unit


class Above(NamedTuple):
    """What a unit has, and the unit that it has it from."""

    unit: UnitRecord
    value: tuple[str, ...]


class NaiveRegister:
    """What DESIGN.md says of records, with nothing but dictionaries and loops."""

    def __init__(self, records: list[UnitRecord], day: dt.date = DAY) -> None:
        self.problems: Counter[tuple[str, str, int | None]] = Counter()
        kept: dict[str, UnitRecord] = {}
        for record in records:
            other = kept.get(record.sor_code)
            if other is None:
                kept[record.sor_code] = record
            else:
                self.problems["sor-code-repeated", record.sor_code, record.line] += 1
                kept[record.sor_code] = self._kept(other, record, day)
        self.units = [record for record in records if kept[record.sor_code] is record]
        self.by_code = {unit.sor_code: unit for unit in self.units}
        self.gaps = {unit.sor_code for unit in self.units if unit.gap_above}
        self.parents: dict[str, UnitRecord | None] = {}
        for unit in self.units:
            parent = self.by_code.get(unit.parent_sor_code) if unit.parent_sor_code is not None else None
            if parent is None and unit.parent_sor_code is not None:
                self.problems["parent-missing", unit.sor_code, unit.line] += 1
                self.gaps.add(unit.sor_code)
            self.parents[unit.sor_code] = parent
        for unit in [unit for unit in self.units if self._in_circle(unit)]:
            self.problems["parent-in-circle", unit.sor_code, unit.line] += 1
            self.gaps.add(unit.sor_code)
            self.parents[unit.sor_code] = None

    @staticmethod
    def _kept(first: UnitRecord, second: UnitRecord, day: dt.date) -> UnitRecord:
        def in_force(unit: UnitRecord) -> bool:
            begun = unit.from_date is None or unit.from_date <= day
            return begun and (unit.to_date is None or day <= unit.to_date) and not unit.period_unreadable

        if in_force(first) != in_force(second):
            return first if in_force(first) else second
        return second if (second.from_date or dt.date.min) > (first.from_date or dt.date.min) else first

    def _in_circle(self, unit: UnitRecord) -> bool:
        above = self.parents[unit.sor_code]
        for _ in self.units:
            if above is None or above is unit:
                break
            above = self.parents[above.sor_code]
        return above is unit

    def parent(self, unit: UnitRecord) -> UnitRecord | None:
        return self.parents[unit.sor_code]

    def ancestors(self, unit: UnitRecord) -> list[UnitRecord]:
        found = []
        above = self.parent(unit)
        while above is not None:
            found.append(above)
            above = self.parent(above)
        return found

    def children(self, unit: UnitRecord) -> list[UnitRecord]:
        return [other for other in self.units if self.parent(other) is unit]

    def descendants(self, unit: UnitRecord) -> list[UnitRecord]:
        return [found for child in self.children(unit) for found in (child, *self.descendants(child))]

    def owner(self, unit: UnitRecord) -> UnitRecord | None:
        """The unit whose location number this one has; itself where it has its own."""
        if unit.location is not None:
            return unit
        above = self.parent(unit)
        if unit.location_source is not LocationSource.INHERITED or unit.sor_code in self.gaps or above is None:
            return None
        return self.owner(above)

    def is_broken(self, unit: UnitRecord) -> bool:
        return unit.location_source is LocationSource.INHERITED and self.owner(unit) is None

    def units_of_number(self, number: str) -> list[UnitRecord]:
        owners = [unit for unit in self.units if unit.location is not None and unit.location.number == number]
        below = [unit for unit in self.units if unit.location is None and self.owner(unit) in owners]
        return owners + below

    def units_with(self, field: str) -> dict[str, list[UnitRecord]]:
        found: dict[str, list[UnitRecord]] = {}
        for unit in self.units:
            if getattr(unit, field):
                found.setdefault(getattr(unit, field), []).append(unit)
        return found

    def nearest(self, unit: UnitRecord, field: str) -> Above | None:
        for above in (unit, *self.ancestors(unit)):
            value = getattr(above, field)
            if value is not None:
                return Above(above, value)
        return None

    def addresses(self, unit: UnitRecord) -> dict[str, tuple[str, Above] | None]:
        """Kind asked for to the kind that is used, and whose it is."""
        postal = self.nearest(unit, "postal_address")
        found = {"postal": ("postal", postal) if postal else None}
        for kind, instead in (("visiting", "postal"), ("activity", "visiting")):
            own = getattr(unit, f"{kind}_address")
            found[kind] = (kind, Above(unit, own)) if own is not None else found[instead]
        return found


def copies(records: list[UnitRecord]) -> list[UnitRecord]:
    """The records, so that what a register does to them can be seen."""
    return [attrs.evolve(record, location=record.location and attrs.evolve(record.location)) for record in records]
