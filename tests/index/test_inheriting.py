"""Whose number a unit is reached at where the file shows numbers on every row: compared with a search upwards, unit by unit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sor_addressing import Problem, Register, UnitKind
from sor_addressing.model import LocationRecord, LocationSource, UnitRecord
from sor_addressing.testing.numbers import location_number, sor_code

DAY = dt.date(2026, 1, 15)
NUMBERS = [location_number(n) for n in range(3)]
FIRST, SECOND, THIRD = NUMBERS


def unit(n: int, parent: int | None = None, **fields) -> UnitRecord:
    above = None if parent is None else sor_code(parent)
    return UnitRecord(
        sor_code(n), UnitKind.ORGANISATIONAL_UNIT, name=str(n), parent_sor_code=above, line=n + 2, **fields
    )


def own(n: int, parent: int | None, number: str) -> UnitRecord:
    return unit(n, parent, location=LocationRecord(number), location_source=LocationSource.OWN)


def shown(n: int, parent: int | None, number: str) -> UnitRecord:
    """The file shows a number on the row, and not whose it is."""
    return unit(n, parent, location=LocationRecord(number))


def inherited(n: int, parent: int | None, number: str = "") -> UnitRecord:
    return unit(n, parent, inherited_number=number, location_source=LocationSource.INHERITED)


def reached(register: Register) -> list[tuple[str | None, str | None, bool]]:
    """For each unit the number, whose it is, and whether it is inherited."""
    found = []
    for one in register:
        location = one.location
        found.append((location.number, location.owner.name, location.inherited) if location else (None, None, False))
    return found


def register_of(*records: UnitRecord) -> Register:
    return Register.from_records(records, snapshot_date=DAY)


def problems(register: Register) -> list[tuple[str, str | None, dict[str, object]]]:
    return [(one.code, one.identifier, dict(one.details)) for one in register.load_report.problems]


def test_of_units_that_show_one_number_the_highest_is_the_owner():
    register = register_of(shown(0, None, FIRST), shown(1, 0, FIRST), shown(2, 1, FIRST), shown(3, 0, SECOND))
    assert reached(register) == [(FIRST, "0", False), (FIRST, "0", True), (FIRST, "0", True), (SECOND, "3", False)]
    assert [one.location_source for one in register] == [LocationSource.UNKNOWN] * 4
    assert [one.name for one in register.by_location_number[FIRST]] == ["0", "1", "2"]


def test_the_same_number_below_another_one_has_an_owner_of_its_own():
    register = register_of(shown(0, None, FIRST), shown(1, 0, SECOND), shown(2, 1, FIRST))
    assert reached(register) == [(FIRST, "0", False), (SECOND, "1", False), (FIRST, "2", False)]


def test_who_inherits_from_a_unit_that_only_shows_its_number_has_the_owner_above():
    register = register_of(shown(0, None, FIRST), shown(1, 0, FIRST), inherited(2, 1))
    assert reached(register) == [(FIRST, "0", False), (FIRST, "0", True), (FIRST, "0", True)]


def test_an_own_number_is_its_owners_though_the_unit_above_has_the_same():
    register = register_of(own(0, None, FIRST), own(1, 0, FIRST), shown(2, 1, FIRST))
    assert reached(register) == [(FIRST, "0", False), (FIRST, "1", False), (FIRST, "0", True)]


def test_what_is_shown_only_says_so_in_every_answer():
    register = register_of(shown(0, None, FIRST), own(1, None, SECOND))
    codes = [[finding.code for finding in register.resolve(code).findings] for code in (sor_code(0), sor_code(1))]
    assert codes == [["location-source-not-known"], []]
    assert register.resolve(sor_code(0)).findings[0].text("en") == (
        f"The file shows location number {FIRST} for 0 ({sor_code(0)}), but not whether it is the unit's own or inherited."
    )


def test_a_shown_number_that_the_way_up_tells_too_is_inherited_that_way():
    register = register_of(own(0, None, FIRST), inherited(1, 0, FIRST))
    assert reached(register) == [(FIRST, "0", False), (FIRST, "0", True)]
    assert problems(register) == []


def test_a_shown_number_goes_before_the_way_up_and_is_reported():
    register = register_of(own(0, None, FIRST), own(1, None, SECOND), inherited(2, 0, SECOND))
    assert reached(register)[2] == (SECOND, "1", True)
    assert problems(register) == [("inherited-number-differs", sor_code(2), {"shown": SECOND, "above": FIRST})]
    found = register.resolve(sor_code(2)).findings
    assert [f.code for f in found] == ["location-inherited", "inheritance-differs"]
    assert found[1].details == {
        "sor_code": sor_code(2),
        "name": "2",
        "location_number": SECOND,
        "owner": sor_code(1),
        "owner_name": "1",
        "above": FIRST,
        "above_owner": sor_code(0),
        "above_owner_name": "0",
    }


def test_a_number_whose_owner_is_not_above_is_explained():
    register = register_of(own(0, None, FIRST), own(1, None, SECOND), inherited(2, 0, SECOND))
    resolution = register.resolve(sor_code=sor_code(2))
    assert "inherited from 1 (" in resolution.explain()
    assert "nedarvet fra 1 (" in resolution.explain("da")
    assert sor_code(1) in register.validate(sor_code(2), "XDIS91").explain()


def test_every_unit_of_a_file_with_gaps_can_be_explained():
    register = register_of(
        inherited(2, 1, THIRD), inherited(1, 9, THIRD), inherited(3, None, SECOND), shown(4, 9, SECOND), inherited(5, 4)
    )
    for unit in register:
        for language in ("da", "en"):
            assert register.resolve(sor_code=unit.sor_code).explain(language)
            assert register.resolve(location_number=THIRD).explain(language)


def test_a_shown_number_is_known_through_a_gap():
    missing = unit(9, None)
    register = register_of(own(0, None, FIRST), inherited(1, 9, FIRST), inherited(2, 1, FIRST))
    assert missing.sor_code not in register.by_sor_code
    assert reached(register)[1:] == [(FIRST, "0", True), (FIRST, "0", True)]
    assert [code for code, *_ in problems(register)] == ["parent-missing"]
    chain = register.resolve(sor_code(2)).recipient
    assert chain is not None
    assert chain.location is not None
    assert chain.location.owner.name == "0"


def test_a_number_whose_owner_is_not_in_the_file_is_the_highest_units_that_shows_it():
    register = register_of(inherited(2, 1, THIRD), inherited(1, 9, THIRD), inherited(3, None, SECOND))
    assert reached(register) == [(THIRD, "1", True), (THIRD, "1", False), (SECOND, "3", False)]
    assert problems(register) == [
        ("parent-missing", sor_code(1), {"parent": sor_code(9)}),
        ("location-owner-missing", sor_code(1), {"value": THIRD}),
        ("location-owner-missing", sor_code(3), {"value": SECOND}),
    ]


def test_a_unit_that_shows_no_number_and_inherits_from_nobody_is_broken():
    assert register_of(inherited(0, None)).by_sor_code[sor_code(0)].inheritance_is_broken


def test_a_register_with_shown_numbers_answers_the_same_from_a_file(tmp_path):
    register = register_of(own(0, None, FIRST), own(1, None, SECOND), inherited(2, 0, SECOND), shown(3, 1, SECOND))
    register.save(tmp_path / "a.sor")
    opened = Register.open(tmp_path / "a.sor", clock=lambda: DAY)
    assert reached(opened) == reached(register)
    for code in range(4):
        assert opened.resolve(sor_code(code)).to_dict() == register.resolve(sor_code(code)).to_dict()


@st.composite
def trees(draw) -> list[tuple[int | None, str, str]]:
    """Parent, source and number of each unit; parents come before their children."""
    size = draw(st.integers(1, 12))
    return [
        (
            draw(st.one_of(st.none(), st.integers(0, n - 1))) if n else None,
            draw(st.sampled_from(["own", "shown", "inherited", "inherited and shown", "none"])),
            draw(st.sampled_from(NUMBERS)),
        )
        for n in range(size)
    ]


MAKE = {
    "own": own,
    "shown": shown,
    "inherited": lambda n, parent, _number: inherited(n, parent),
    "inherited and shown": inherited,
    "none": lambda n, parent, _number: unit(n, parent, location_source=LocationSource.NONE),
}


def searched(tree: Sequence[tuple[int | None, str, str]]) -> list[str | None]:
    """The number of each unit, by asking the one above where it says no number itself."""

    def number_of(n: int) -> str | None:
        parent, source, number = tree[n]
        if source == "none":
            return None
        if source == "inherited":
            return None if parent is None else number_of(parent)
        return number

    return [number_of(n) for n in range(len(tree))]


@given(tree=trees())
def test_in_any_tree_every_unit_has_the_number_that_its_row_or_the_one_above_says(tree):
    records = [MAKE[source](n, parent, number) for n, (parent, source, number) in enumerate(tree)]
    register = register_of(*records)
    got = [one.location.number if one.location else None for one in register]
    assert got == searched(tree)
    for n in range(len(tree)):
        location = register.by_sor_code[sor_code(n)].location
        if location is None:
            continue
        owner = location.owner
        assert owner.name in register.resolve(sor_code=sor_code(n)).explain() or not location.inherited
        assert owner.location is not None
        assert not owner.location.inherited
        assert owner.location.number == location.number
        assert (owner.sor_code == sor_code(n)) is not location.inherited


@pytest.mark.parametrize("code", ["inherited-number-differs", "location-owner-missing"])
@pytest.mark.parametrize("language", ["da", "en"])
def test_the_problems_are_worded(code: str, language: str):
    details = {"shown": FIRST, "above": SECOND, "value": THIRD}
    text = Problem(code, "sor.csv", 7, sor_code(1), details).text(language)
    assert "?" not in text
    assert sor_code(1) in text
