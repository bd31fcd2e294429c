"""The first and the last day that there is are days like others; the day after the last one is never."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import attrs
import pytest

from sor_addressing import Register, RegisterStore, compare, review
from sor_addressing.changes import life_of
from sor_addressing.daily.origin import FolderOrigin
from sor_addressing.testing import RegisterBuilder

FIRST, LAST = dt.date.min, dt.date.max
DAY = dt.date(2026, 1, 15)
NEXT = DAY + dt.timedelta(1)
PERIODS = [
    (None, None),
    (FIRST, None),
    (None, LAST),
    (FIRST, LAST),
    (FIRST, FIRST),
    (LAST, LAST),
    (DAY, LAST),
    (None, DAY),
]


def register_of(day: dt.date, first: dt.date | None, last: dt.date | None) -> Register:
    build = RegisterBuilder(day)
    owner = build.owner("Ejer")
    period = {"from_date": first, "to_date": last}
    ward = build.institution(owner, "Afsnit", location_number=True, provider_number="990001", **period)
    build.registers(ward, "DIS91")
    extract = build.extract()
    # The number has the period of the unit, too.
    units = [
        attrs.evolve(unit, location=attrs.evolve(unit.location, **period)) if unit.location else unit
        for unit in extract.units
    ]
    return Register.from_records(units, extract.registrations, snapshot_date=day, clock=lambda: day)


@pytest.mark.parametrize("new", PERIODS)
@pytest.mark.parametrize("old", PERIODS)
def test_days_can_be_compared_and_told(
    old: tuple[dt.date | None, dt.date | None], new: tuple[dt.date | None, dt.date | None]
) -> None:
    registers = [register_of(DAY, *old), register_of(NEXT, *new)]
    found = compare(*registers)
    for change in found:
        assert all(change.text(language) for language in ("da", "en"))
        assert change.to_dict()
    assert found.to_html()
    assert found.to_markdown()
    life = life_of(registers, "990001")
    assert all(event.text("da") for event in life)


def test_a_unit_that_closes_on_the_last_day_closes_and_is_never_closed() -> None:
    found = compare(register_of(DAY, None, None), register_of(NEXT, None, LAST))
    closing = next(change for change in found if change.kind == "closing")
    assert (closing.new, closing.day) == ("9999-12-31", None)
    assert "9999-12-31" in closing.text("da")


@pytest.mark.parametrize(("first", "last"), PERIODS)
def test_a_book_is_reviewed(first: dt.date | None, last: dt.date | None) -> None:
    for on in (FIRST, DAY, LAST):
        found = review([{"ydernummer": "990001", "type": "DIS91"}], register_of(DAY, first, last), on=on)
        assert found.to_dict()


@pytest.mark.parametrize("on", [FIRST, DAY, LAST])
@pytest.mark.parametrize(("first", "last"), PERIODS)
def test_it_is_resolved_and_validated(first: dt.date | None, last: dt.date | None, on: dt.date) -> None:
    verdict = register_of(DAY, first, last).validate("990001", "DIS91", on=on)
    assert verdict.explain("da")
    assert verdict.to_dict()


@pytest.mark.parametrize("day", [FIRST, LAST])
def test_a_register_may_be_of_the_first_or_the_last_day(day: dt.date, tmp_path: Path) -> None:
    register = register_of(day, None, None)
    register.save(tmp_path / "a.sor")
    opened = Register.open(tmp_path / "a.sor", clock=lambda: day)
    assert opened.snapshot_date == day
    assert opened.validate("990001", "DIS91").explain("en")
    assert not compare(register, opened)


@pytest.mark.parametrize("keep_days", [1, 10**6, 10**12, 10**30])
def test_more_days_may_be_kept_than_there_are(keep_days: int, tmp_path: Path) -> None:
    RegisterBuilder(DAY).owner("Ejer")
    build = RegisterBuilder(DAY)
    build.owner("Ejer")
    build.write(tmp_path / "mirror")
    store = RegisterStore(tmp_path / "home", origin=FolderOrigin(tmp_path / "mirror"), keep_days=keep_days)
    assert store.update().snapshot_date == DAY
