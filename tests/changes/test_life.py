"""The life of a unit, location number or provider number over days of the register."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable

import pytest

from sor_addressing import Register, UnknownRecipient
from sor_addressing.changes import Life, life_of
from sor_addressing.testing import RegisterBuilder
from sor_addressing.testing.numbers import location_number, provider_number, sor_code

FIRST = dt.date(2026, 1, 15)
NUMBER, OTHER, PROVIDER = location_number(1), location_number(2), provider_number(1)
CLINIC, HEIR, WARD = sor_code(11), sor_code(12), sor_code(13)


def day(number: int, make: Callable[[RegisterBuilder], object]) -> Register:
    build = RegisterBuilder(FIRST + dt.timedelta(number))
    make(build)
    return build.build()


def clinic(build: RegisterBuilder, name: str = "Klinikken", **fields: object) -> None:
    region = build.owner("Region Opdigt", sor_code=sor_code(10))
    given: dict[str, object] = {"sor_code": CLINIC, "location_number": NUMBER, "provider_number": PROVIDER}
    house = build.institution(region, name, **{**given, **fields})  # type: ignore[arg-type]
    build.unit(house, "Afsnittet", sor_code=WARD, inherits=True)


def kinds(found: Life) -> list[str | None]:
    return [str(event.change.kind) if event.change else None for event in found]


def test_a_unit_is_first_seen_then_changes_and_closes():
    days = [
        day(0, clinic),
        day(1, lambda build: clinic(build, "Klinikken ved Åen")),
        day(3, lambda build: clinic(build, "Klinikken ved Åen", to_date=FIRST + dt.timedelta(2))),
    ]
    found = life_of(days, CLINIC)
    assert kinds(found) == [None, "renamed", "closed"]
    assert [(event.after, event.seen) for event in found] == [
        (None, FIRST),
        (FIRST, FIRST + dt.timedelta(1)),
        (FIRST + dt.timedelta(1), FIRST + dt.timedelta(3)),
    ]
    assert found.held == found.days == tuple(one.snapshot_date for one in days)
    assert "Klinikken (" in found[0].text("da")
    assert "Above it: Region Opdigt; location number: 5790999000017; provider number: 990001." in found[0].text("en")
    assert "Above it: –; location number: –" in life_of(days, sor_code(10))[0].text("en")
    assert json.loads(json.dumps(found.to_dict())) == found.to_dict()
    assert found.text("da").count("\n") == 2


def test_a_location_number_that_passes_to_another_unit_is_told_once_and_its_wards_are_not():
    def passed(build: RegisterBuilder) -> None:
        region = build.owner("Region Opdigt", sor_code=sor_code(10))
        house = build.institution(region, "Klinikken", sor_code=CLINIC, location_number=OTHER)
        build.unit(house, "Afsnittet med nyt navn", sor_code=WARD, inherits=True)
        build.institution(region, "Arvingen", sor_code=HEIR, location_number=NUMBER)

    found = life_of([day(0, clinic), day(1, passed)], NUMBER)
    assert found.kinds == ("location_number",)
    told = {(event.sor_code, str(event.change.kind) if event.change else None) for event in found}
    assert (CLINIC, None) in told
    assert (CLINIC, "location-number-changed") in told
    assert any(code == HEIR for code, _ in told)
    assert all(code != WARD for code, _ in told)


def test_a_provider_number_has_the_lives_of_its_units():
    def moved(build: RegisterBuilder) -> None:
        region = build.owner("Region Opdigt", sor_code=sor_code(10))
        build.institution(region, "Klinikken", sor_code=CLINIC, location_number=NUMBER)
        build.institution(region, "Arvingen", sor_code=HEIR, location_number=OTHER, provider_number=PROVIDER)

    found = life_of([day(0, clinic), day(2, moved)], PROVIDER.lstrip("0"))
    told = [(event.sor_code, str(event.change.kind) if event.change else None) for event in found]
    assert (CLINIC, "provider-number-changed") in told
    assert any(code == HEIR for code, _ in told)


def test_a_unit_that_comes_later_has_no_life_before(tmp_path):
    found = life_of([day(0, lambda build: build.owner("Region Opdigt", sor_code=sor_code(10))), day(1, clinic)], CLINIC)
    assert found.days == (FIRST, FIRST + dt.timedelta(1))
    assert found.held == (FIRST + dt.timedelta(1),)
    assert len(found) >= 1
    assert all(event.sor_code == CLINIC for event in found)


def test_an_identifier_that_nobody_ever_had_is_unknown():
    with pytest.raises(UnknownRecipient, match="held by no unit on any day from 2026-01-15"):
        life_of([day(0, clinic)], sor_code(99))
    with pytest.raises(UnknownRecipient, match="0 days"):
        life_of([], NUMBER)


def test_days_in_the_wrong_order_are_refused():
    with pytest.raises(ValueError, match="wrong order"):
        life_of([day(1, clinic), day(0, clinic)], CLINIC)


def test_the_life_of_all_kinds_that_an_identifier_is_held_as_is_told():
    found = life_of([day(0, clinic)], NUMBER)
    assert [event.sor_code for event in found] == [CLINIC]
    assert repr(found) == f"<Life of {NUMBER!r}: 1 events in 1 days>"
    assert found[0:1] == (found[0],)
