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
def test_the_owner_is_meant_where_units_below_it_have_the_same_identifiers(
    monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    build = RegisterBuilder(DAY)
    number, provider = build.location_number(), provider_number(1)
    house = build.institution(build.owner("Ejer"), "Huset", location_number=number, provider_number=provider)
    for name in ("Stuen", "Første sal"):
        build.unit(house, name, inherits=True, provider_number=provider)
    index = index_of(build.build())
    ask = lambda kind, value: resolve(index, Question(value, kind, DAY.toordinal(), DEFAULT_POLICY))  # noqa: E731
    given = {IdentifierKind.LOCATION_NUMBER: number, IdentifierKind.PROVIDER_NUMBER: provider}
    monkeypatch.setattr(agreement, "_MOST_ROWS", most)
    asked: list[int] = []
    found = agree(index, given, ask)
    assert found is not None
    meant = units_meant(index, found, DAY.toordinal(), lambda row: not asked.append(row))
    assert meant is not None
    assert index.sor_code(meant.row) == house
    assert len(asked) == min(most, 3)


def test_nobody_is_meant_by_nothing_but_a_code_that_is_gone() -> None:
    index = index_of(RegisterBuilder(DAY).build())
    ask = lambda kind, value: resolve(index, Question(value, kind, DAY.toordinal(), DEFAULT_POLICY))  # noqa: E731
    gone = {IdentifierKind.SOR_CODE: ask(IdentifierKind.SOR_CODE, "9999991000016009")}
    assert unit_without_code(index, gone, ask) == -1
