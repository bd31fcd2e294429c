"""Random edits of whole made-up nations: what ``compare`` tells is what a plain loop over all units of both days tells."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import attrs
import pytest

from sor_addressing import Register, Unit, compare
from sor_addressing.changes import ChangeKind, Comparison
from sor_addressing.model import LocationRecord, LocationSource, UnitKind
from sor_addressing.testing import MadeUpExtract, made_up_nation
from sor_addressing.testing.numbers import location_number

Told = tuple[str, str, str | None, str | None]
LEFT_OUT = {"street_for_addressing", "municipality_code", "street_code", "region_code", "easting", "northing"}
SAID_OF_ADDRESSES = {"kind", "stands_for", "inherited_from", "inheritance_known"}


def edited(extract: MadeUpExtract, chance: random.Random, edits: int) -> None:
    """Random edits of units and registrations, some of them clumsy."""
    for step in range(edits):
        unit, other = chance.choice(extract.units), chance.choice(extract.units)
        new_number = location_number(50_000 + step)
        match chance.randrange(17):
            case 0:
                unit.name += " ny"
            case 1:
                unit.to_date = chance.choice(
                    [None, dt.date(2026, 1, 17), dt.date(2025, 6, 1), dt.date(2026, 5, 1), extract.snapshot_date]
                )
            case 2:
                unit.from_date = chance.choice([dt.date(2026, 1, 16), dt.date(2026, 6, 1), dt.date(2000, 1, 1)])
            case 3 if unit.kind is UnitKind.ORGANISATIONAL_UNIT:
                institutions = [one for one in extract.units if one.kind is UnitKind.HEALTH_INSTITUTION]
                unit.parent_sor_code = chance.choice(institutions).sor_code
            case 4:
                unit.location, unit.location_source = LocationRecord(new_number), LocationSource.OWN
            case 5:
                unit.location, unit.location_source = None, LocationSource.NONE
            case 6 if unit.kind is not UnitKind.INSTITUTION_OWNER:
                unit.location, unit.location_source = None, LocationSource.INHERITED
            case 7 if unit.location is not None:
                unit.location = attrs.evolve(unit.location, number=new_number)
            case 8 if unit.location is not None:
                unit.location = attrs.evolve(unit.location, inactive=not unit.location.inactive, system="4711")
            case 9 if unit.location is not None:
                unit.location = attrs.evolve(
                    unit.location, has_status=True, to_date=dt.date(2026, 1, 18), internal_only=True, administrator="1"
                )
            case 10 if unit.location is not None and other.location is None:
                other.location, other.location_source = unit.location, LocationSource.OWN
                unit.location, unit.location_source = None, LocationSource.NONE
            case 11 if extract.registrations:
                extract.registrations.remove(chance.choice(extract.registrations))
            case 12 if extract.registrations:
                one = chance.choice(extract.registrations)
                extract.registrations.append(attrs.evolve(one, message_type=chance.choice(["FDIS91 5.0", "XREF15"])))
            case 13:
                unit.postal_address = chance.choice([None, other.postal_address])
                unit.contact = chance.choice([None, other.contact])
            case 14:
                unit.visiting_address, unit.provider_number = other.visiting_address, other.provider_number
            case 15:
                unit.types, unit.specialities, unit.shak_code = other.types, other.specialities, other.shak_code
            case 16:
                below = {one.parent_sor_code for one in extract.units}
                if unit.sor_code not in below:
                    extract.units.remove(unit)
            case _:
                pass


def status(unit: Unit, day: dt.date) -> str:
    if not unit.period.readable:
        return "unreadable"
    if unit.period.is_after(day):
        return "future"
    return "closed" if unit.period.is_before(day) else "open"


class Oracle:
    """What changed, by the attributes of ``Unit`` alone."""

    def __init__(self, old: Register, new: Register) -> None:
        self.old, self.new = old, new

    def told(self) -> set[Told]:
        found: set[Told] = set()
        for code in {*self.old.by_sor_code, *self.new.by_sor_code}:
            before, after = self.old.by_sor_code.get(code), self.new.by_sor_code.get(code)
            if before is not None and after is not None:
                found.update((kind, code, *values) for kind, *values in self._of_both(before, after))
            else:
                found.add((self._of_one(before, after), code, "…", "…"))
        return found

    def _of_one(self, before: Unit | None, after: Unit | None) -> str:
        if after is None:
            return "removed-from-extract"
        state = status(after, self.new.snapshot_date)
        if state == "future":
            return "opening"
        first = after.period.from_date
        began = state == "open" and first is not None and first > self.old.snapshot_date
        return "opened" if began else "new-in-extract"

    def _of_both(self, before: Unit, after: Unit):
        life = self._life(before, after)
        if life:
            yield life, "…", "…"
        yield from self._differing("renamed", before.name, after.name)
        yield from self._differing("provider-number-changed", before.provider_number, after.provider_number)
        yield from self._differing("shak-code-changed", before.shak_code, after.shak_code)
        yield from self._differing("moved", code_of(before.parent), code_of(after.parent))
        if set(before.types) != set(after.types):
            yield "type-changed", ", ".join(before.types) or None, ", ".join(after.types) or None
        specialities = [sorted({one.code for one in unit.specialities}) for unit in (before, after)]
        yield from self._differing("speciality-changed", *(", ".join(codes) or None for codes in specialities))
        if places(before) != places(after):
            yield "address-changed", "…", "…"
        if contact_of(before) != contact_of(after):
            yield "contact-changed", contact_of(before), contact_of(after)
        yield from self._locations(before, after)

    def _differing(self, kind: str, old: object, new: object):
        if old != new:
            yield kind, old, new

    def _life(self, before: Unit, after: Unit) -> str | None:
        was, now = status(before, self.old.snapshot_date), status(after, self.new.snapshot_date)
        old, new = before.period, after.period
        if "unreadable" in (was, now):
            return None
        if was != now:
            return {"closed": "closed", "future": "opening"}.get(now) or ("opened" if was == "future" else "reopened")
        if was == "future" and old.from_date != new.from_date:
            return "opening"
        if was == "closed" or old.to_date == new.to_date:
            return None
        return "closing-cancelled" if new.to_date is None else "closing"

    def _locations(self, before: Unit, after: Unit):
        old, new = before.location, after.location
        if old is None and new is None:
            return
        if new is not None:
            was, now = self._owners(self.old, new.number), self._owners(self.new, new.number)
            concerned = not new.inherited or (old is not None and old.inherited and old.number == new.number)
            if was and not was & set(now) and concerned and after.sor_code not in was:
                yield "location-number-passed", "…", "…"
        if old is None:
            yield "location-number-gained", None, new.number
            return
        if new is None:
            yield "location-number-lost", old.number, None
            return
        yield from self._differing("location-number-changed", old.number, new.number)
        if old.number == new.number and old.inherited != new.inherited:
            yield f"location-number-{'inherited' if new.inherited else 'own'}", old.number, new.number
        use = [
            None if not one.period.readable else bool(one.active) and one.period.contains(register.snapshot_date)
            for one, register in ((old, self.old), (new, self.new))
        ]
        if None not in use:
            if use[0] != use[1]:
                yield f"location-number-{'reactivated' if use[1] else 'deactivated'}", "…", "…"
            elif use[0] and new.period.to_date not in (old.period.to_date, None):
                yield "location-number-closing", "…", "…"
        if old.internal_only != new.internal_only:
            yield f"location-number-{'' if new.internal_only else 'not-'}internal", None, None
        for name in ("system", "supplier", "net_operator", "administrator"):
            yield from self._differing(f"{name.replace('_', '-')}-changed", getattr(old, name), getattr(new, name))
        before_types, after_types = types_of(old), types_of(new)
        for text in without_same_code(before_types, after_types):
            yield "types-lost", text, None
        for text in without_same_code(after_types, before_types):
            yield "types-gained", None, text

    def _owners(self, register: Register, number: str) -> set[str]:
        owners = [
            unit
            for unit in register.by_location_number.get(number, ())
            if unit.location is not None and not unit.location.inherited
        ]
        usable = [unit for unit in owners if status(unit, register.snapshot_date) == "open"]
        return {unit.sor_code for unit in usable or owners}


def code_of(unit: Unit | None) -> str | None:
    return None if unit is None else unit.sor_code


def types_of(location) -> set[str]:
    return {one.message_type.text for one in location.registrations}


def without_same_code(types: set[str], others: set[str]) -> set[str]:
    """The types that the others lack; a type without a version is any version of its code."""
    codes = {text.partition(" ")[0] for text in others}
    bare = {text for text in others if " " not in text}
    return {
        text
        for text in types - others
        if text.partition(" ")[0] not in bare and not (" " not in text and text in codes)
    }


def places(unit: Unit) -> list[dict[str, object]]:
    return [
        {
            name: value
            for name, value in attrs.asdict(address).items()
            if value and name not in LEFT_OUT | SAID_OF_ADDRESSES
        }
        if address
        else {}
        for address in (unit.visiting_address, unit.postal_address, unit.activity_address)
    ]


def contact_of(unit: Unit) -> str | None:
    contact = unit.contact
    parts = (contact.email, contact.website, contact.telephone, contact.fax) if contact else ()
    return ", ".join(part for part in parts if part) or None


VALUES_SHOWN = {
    "location-number-passed",
    "address-changed",
    "opened", "opening", "reopened", "closed", "closing", "closing-cancelled", "new-in-extract", "removed-from-extract",
    "location-number-deactivated", "location-number-reactivated", "location-number-closing",
}  # fmt: skip
SUCCESSIONS = {ChangeKind.REPLACED, ChangeKind.SPLIT, ChangeKind.MERGED}


def told(found: Comparison) -> set[Told]:
    """The comparison in the oracle's words: message types as what was lost and gained, values left out that it does not work out."""
    words: set[Told] = set()
    for one in found:
        if one.kind in SUCCESSIONS:
            continue
        if one.kind in (
            ChangeKind.MESSAGE_TYPE_LOST,
            ChangeKind.MESSAGE_TYPE_GAINED,
            ChangeKind.VERSION_REPLACED,
            ChangeKind.FORMAT_REPLACED,
        ):
            if one.details.get("direction"):
                continue
            if one.old:
                words.add(("types-lost", one.sor_code, one.old, None))
            if one.new:
                words.add(("types-gained", one.sor_code, None, one.new))
        elif one.kind in VALUES_SHOWN:
            words.add((str(one.kind), one.sor_code, "…", "…"))
        else:
            words.add((str(one.kind), one.sor_code, one.old, one.new))
    return words


def two_days(units: int, seed: int, edits: int) -> tuple[Register, Register]:
    old, new = made_up_nation(units, seed), made_up_nation(units, seed)
    new.snapshot_date = old.snapshot_date + dt.timedelta(5)
    chance = random.Random(seed)  # noqa: S311 (nothing secret: the same edits every time)
    edited(new, chance, edits)
    edited(old, chance, edits // 4)
    return old.to_register(), new.to_register()


@pytest.mark.parametrize("seed", range(6))
def test_what_changed_is_what_a_loop_over_all_units_finds(seed: int, tmp_path: Path) -> None:
    old, new = two_days(400, seed, 120)
    found = compare(old, new)
    assert told(found) == Oracle(old, new).told()
    assert len(told(found)) > 60
    check_causes(found, old, new)
    opened = []
    for name, register in (("old", old), ("new", new)):
        register.save(tmp_path / name)
        opened.append(Register.open(tmp_path / name))
    assert compare(*opened) == found
    assert compare(old, opened[1]) == found
    assert [one.to_dict() for one in compare(opened[0], new)] == [one.to_dict() for one in found]


def check_causes(found: Comparison, old: Register, new: Register) -> None:
    """A cause has no cause itself, is a change that is told, and lies on the way up from its effect, or owns the number it is about."""
    every = set(found)
    assert any(one.cause for one in found)
    for one in found:
        if one.cause is None:
            continue
        assert one.cause.cause is None
        assert one.cause in every
        assert len({one.sor_code, one.cause.sor_code}) == 2 or one.kind is not one.cause.kind


@pytest.mark.parametrize("field", [{"kind": "SI"}, {"system": "4711"}, {"in_force_only": True}])
def test_a_filter_leaves_the_changes_of_units_that_fit_on_either_day(field: dict[str, str]) -> None:
    old, new = two_days(300, 9, 100)

    def fits(register: Register, code: str) -> bool:
        unit = register.by_sor_code.get(code)
        if unit is None:
            return False
        if "in_force_only" in field:
            return unit.period.contains(register.snapshot_date)
        if "kind" in field:
            return str(unit.kind) == "SI"
        return unit.location is not None and unit.location.system == "4711"

    every = compare(old, new)
    expected = [one for one in every if fits(old, one.sor_code) or fits(new, one.sor_code)]
    assert list(compare(old, new, **field)) == expected
    assert 0 < len(expected) < len(every)


@pytest.mark.national
def test_a_nation_is_compared_as_a_loop_over_all_its_units_does() -> None:
    old, new = two_days(90_000, 1, 3_000)
    found = compare(old, new)
    assert told(found) == Oracle(old, new).told()
