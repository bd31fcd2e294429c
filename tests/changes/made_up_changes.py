"""A small made-up register in which one thing is changed, and what a comparison tells of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from sor_addressing import Register, compare
from sor_addressing.changes import Change, Comparison
from sor_addressing.model import UnitRecord
from sor_addressing.testing import MadeUpExtract, RegisterBuilder
from sor_addressing.testing.builder import address, contact
from sor_addressing.testing.numbers import location_number

OLD_DAY, NEW_DAY = dt.date(2026, 1, 15), dt.date(2026, 1, 20)
NUMBERS = [location_number(n) for n in range(40)]
HOSPITAL_NUMBER, CLINIC_NUMBER, SPARE_NUMBER = NUMBERS[0], NUMBERS[1], NUMBERS[30]

Edit = Callable[[MadeUpExtract], object]


def world(day: dt.date) -> RegisterBuilder:
    """Region Prøve with a hospital, whose ward and the room below inherit everything, and a clinic with a number of its own."""
    build = RegisterBuilder(day)
    owner = build.owner("Region Prøve")
    hospital = build.institution(
        owner,
        "Prøve Sygehus",
        location_number=HOSPITAL_NUMBER,
        location={"system": "162", "supplier": "17", "net_operator": "41000035001", "administrator": "639"},
        postal_address={"street": "Prøvevej", "building": "7", "postcode": "9999", "district": "Prøveby"},
        contact={"email": "post@proeve.example"},
        types="22232009",
    )
    ward = build.unit(
        hospital,
        "Afsnit A",
        inherits=True,
        shak_code="9901011",
        provider_number="990001",
        specialities=["394802001"],
    )
    build.unit(ward, "Stue 1", inherits=True)
    clinic = build.institution(owner, "Prøve Klinik", location_number=CLINIC_NUMBER)
    build.unit(hospital, "Afsnit B")
    build.registers(hospital, "DIS91 D9134L", "REF01 D0131R", send=True, receive=True)
    build.registers(clinic, "DIS91 D9134L", send=True, receive=True)
    return build


def registers(
    edit_old: Edit | None = None, edit_new: Edit | None = None, *, new_day: dt.date = NEW_DAY
) -> tuple[Register, Register]:
    """The world on both days, each with its edit."""
    made = []
    for day, edit in ((OLD_DAY, edit_old), (new_day, edit_new)):
        extract = world(day).extract()
        if edit is not None:
            edit(extract)
        made.append(extract.to_register())
    return made[0], made[1]


def changed(edit_new: Edit | None = None, edit_old: Edit | None = None, **fields: Any) -> Comparison:
    """What a comparison tells where ``edit_new`` was made between the days, and ``edit_old`` undone."""
    return compare(*registers(edit_old, edit_new), **fields)


def told(changes: Comparison | tuple[Change, ...]) -> list[tuple[str, str, str | None, str | None, str | None]]:
    """Kind, unit, old and new value, and the unit of the cause."""
    return [(str(one.kind), one.name, one.old, one.new, one.cause.name if one.cause else None) for one in changes]


def unit(extract: MadeUpExtract, name: str) -> UnitRecord:
    """A unit's record, to be changed."""
    return extract.unit(name)


def setting(name: str, /, **facts: Any) -> Edit:
    """An edit that sets facts of one unit."""

    def edit(extract: MadeUpExtract) -> None:
        record = unit(extract, name)
        for field, value in facts.items():
            setattr(record, field, value)

    return edit


def setting_number(name: str, /, **facts: Any) -> Edit:
    """An edit that sets facts of a unit's own location number."""

    def edit(extract: MadeUpExtract) -> None:
        location = unit(extract, name).location
        assert location is not None
        for field, value in facts.items():
            setattr(location, field, value)

    return edit


def without(name: str) -> Edit:
    """An edit that takes a unit away."""

    def edit(extract: MadeUpExtract) -> None:
        extract.units.remove(unit(extract, name))

    return edit


def both(*edits: Edit) -> Edit:
    """Several edits, one after the other."""

    def edit(extract: MadeUpExtract) -> None:
        for one in edits:
            one(extract)

    return edit


__all__ = [
    "CLINIC_NUMBER",
    "HOSPITAL_NUMBER",
    "NEW_DAY",
    "OLD_DAY",
    "SPARE_NUMBER",
    "address",
    "both",
    "changed",
    "contact",
    "registers",
    "setting",
    "setting_number",
    "told",
    "unit",
    "without",
    "world",
]
