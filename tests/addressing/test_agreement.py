"""Several identifiers of one recipient: what is suggested, and that nothing is that stands there already."""

from __future__ import annotations

import datetime as dt

from sor_addressing.addressing.agreement import Suggestion, agree
from sor_addressing.addressing.policy import DEFAULT_POLICY
from sor_addressing.addressing.question import Question
from sor_addressing.addressing.resolve import resolve
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.index.lookup import Index
from sor_addressing.register.inside import index_of
from sor_addressing.testing import RegisterBuilder

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
