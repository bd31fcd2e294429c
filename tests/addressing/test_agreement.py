"""Several identifiers of one recipient: what is suggested, and that nothing is that stands there already."""

from __future__ import annotations

import datetime as dt

import pytest

from sor_addressing.addressing import agreement
from sor_addressing.addressing.agreement import Suggestion, agree, unit_without_code, units_meant
from sor_addressing.addressing.policy import DEFAULT_POLICY
from sor_addressing.addressing.question import Question
from sor_addressing.addressing.resolve import resolve
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.index.lookup import Index
from sor_addressing.register.inside import index_of
from sor_addressing.testing import RegisterBuilder
from sor_addressing.testing.numbers import provider_number

DAY = dt.date(2026, 1, 15)


def suggested(index: Index, given: dict[IdentifierKind, str]) -> tuple[Suggestion, ...]:
    found = agree(
        index, given, lambda kind, value: resolve(index, Question(value, kind, DAY.toordinal(), DEFAULT_POLICY))
    )
    assert found is not None
    return found.suggestions


def test_a_successor_is_suggested_only_where_it_does_not_stand_already() -> None:
    build = RegisterBuilder(DAY)
    new = build.owner("Ny", location_number=True)
    old = build.owner("Gammel", location_number=True, to_date=DAY - dt.timedelta(1), replaced_by=(new,))
    register = build.build()
    index = index_of(register)
    number = register.by_sor_code[old].location.number
    replaced = Suggestion(
        IdentifierKind.LOCATION_NUMBER, number, register.by_sor_code[new].location.number, "unit-replaced"
    )
    of_number = {IdentifierKind.LOCATION_NUMBER: number}
    told = suggested(index, of_number)
    assert replaced in told
    assert Suggestion(IdentifierKind.SOR_CODE, None, new, "unit-replaced") in told
    told = suggested(index, {**of_number, IdentifierKind.SOR_CODE: new})
    assert {one.kind for one in told} == {IdentifierKind.LOCATION_NUMBER}


@pytest.mark.parametrize("most", [1, 10])
def test_who_is_meant_hangs_on_all_that_have_the_identifiers(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    build = RegisterBuilder(DAY)
    number, provider, other, theirs = (
        build.location_number(),
        provider_number(1),
        build.location_number(),
        provider_number(2),
    )
    owner = build.owner("Ejer")
    house = build.institution(owner, "Huset", location_number=number, provider_number=provider)
    for name in ("Stuen", "Første sal"):
        build.unit(house, name, inherits=True, provider_number=provider)
    without = build.institution(owner, "Et hus uden ydernummer", location_number=other)
    rooms = [build.unit(without, name, inherits=True, provider_number=theirs) for name in ("Nord", "Syd")]
    index = index_of(build.build())
    ask = lambda kind, value: resolve(index, Question(value, kind, DAY.toordinal(), DEFAULT_POLICY))  # noqa: E731
    monkeypatch.setattr(agreement, "_MOST_ROWS", most)

    def meant(number: str, provider: str) -> list[str]:
        given = {IdentifierKind.LOCATION_NUMBER: number, IdentifierKind.PROVIDER_NUMBER: provider}
        found = agree(index, given, ask)
        assert found is not None
        units = units_meant(index, found, DAY.toordinal(), lambda _row: True)
        assert units is not None
        return [index.sor_code(row) for row in (units.rows if units.row < 0 else (units.row,))]

    assert meant(number, provider) == [house]  # the owner is among them
    assert meant(other, theirs) == rooms  # neither is certain, however few are looked at elsewhere


def test_the_first_of_very_many_are_looked_at_where_nothing_is_certain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement, "_MOST_ROWS", 2)
    asked: list[int] = []
    assert agreement._usable(range(5), lambda row: asked.append(row) or row != 1) == (0, 2)
    assert asked == [0, 1, 2]


def test_nobody_is_meant_by_nothing_but_a_code_that_is_gone() -> None:
    index = index_of(RegisterBuilder(DAY).build())
    ask = lambda kind, value: resolve(index, Question(value, kind, DAY.toordinal(), DEFAULT_POLICY))  # noqa: E731
    gone = {IdentifierKind.SOR_CODE: ask(IdentifierKind.SOR_CODE, "9999991000016009")}
    assert unit_without_code(index, gone, ask) == -1
