"""What is wrong with single units is mended and reported; damage to the tree never reaches a location number."""

from __future__ import annotations

import datetime as dt

import attrs
import pytest

from sor_addressing import Period, Problem, Register, UnitKind
from sor_addressing.index.making.builder import IndexBuilder
from sor_addressing.model import LocationRecord, LocationSource, UnitRecord
from sor_addressing.testing.builder import address
from sor_addressing.testing.numbers import cvr_number, location_number, sor_code

DAY = dt.date(2026, 1, 15)
CODE, PARENT, OTHER = sor_code(1), sor_code(2), sor_code(3)


def unit(code: str = CODE, parent: str | None = None, **fields) -> UnitRecord:
    return UnitRecord(code, UnitKind.ORGANISATIONAL_UNIT, parent_sor_code=parent, **fields)


def own(code: str, number: str, **fields) -> UnitRecord:
    return unit(code, location_source=LocationSource.OWN, location=LocationRecord(number), **fields)


def inheriting(code: str, parent: str | None, **fields) -> UnitRecord:
    return unit(code, parent, location_source=LocationSource.INHERITED, **fields)


def register_of(*records: UnitRecord) -> Register:
    return Register.from_records(records, snapshot_date=DAY)


PAST = {"to_date": DAY - dt.timedelta(1)}
FUTURE = {"from_date": DAY + dt.timedelta(1)}


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        ({}, {}, 0),
        ({"from_date": dt.date(2010, 1, 1)}, {"from_date": dt.date(2020, 1, 1)}, 1),
        ({"from_date": dt.date(2020, 1, 1)}, {"from_date": dt.date(2010, 1, 1)}, 0),
        ({"from_date": dt.date(2020, 1, 1)}, {}, 0),
        ({"from_date": dt.date(2020, 1, 1)}, {"from_date": dt.date(2020, 1, 1)}, 0),
        (PAST, {}, 1),
        ({}, PAST, 0),
        ({}, {**PAST, "from_date": dt.date(2025, 1, 1)}, 0),
        ({}, FUTURE, 0),
        (FUTURE, {}, 1),
        ({"from_date": dt.date(2010, 1, 1), "to_date": DAY}, FUTURE, 0),
        ({"period_unreadable": True, "from_date": dt.date(2025, 1, 1)}, {}, 1),
        ({**PAST, "from_date": dt.date(2000, 1, 1)}, {**PAST, "from_date": dt.date(2001, 1, 1)}, 1),
        (PAST, FUTURE, 1),
        (FUTURE, PAST, 0),
    ],
)
def test_of_two_rows_the_one_in_force_is_kept_else_the_latest_begun_else_the_first(first, second, kept):
    register = register_of(unit(name="0", line=10, **first), unit(name="1", line=20, **second))
    assert [one.name for one in register] == [str(kept)]
    assert register.load_report.problems == (
        Problem("sor-code-repeated", "<records>", 20, CODE, {"other_line": 10, "kept_line": (10, 20)[kept]}),
    )


def test_everything_of_the_row_that_loses_goes_with_it_and_the_children_of_both_stay():
    register = register_of(
        own(OTHER, location_number(3), name="Før", cvr_number=cvr_number(0)),
        unit(
            name="Taber",
            location=LocationRecord(location_number(1)),
            provider_number="990001",
            shak_code="9901",
            cvr_number=cvr_number(0),
            postal_address=address(municipality_code="0991"),
            **PAST,
        ),
        inheriting(sor_code(11), CODE, name="Barn af den første"),
        unit(
            name="Vinder",
            parent=OTHER,
            location=LocationRecord(location_number(2)),
            provider_number="990002",
            shak_code="9902",
            visiting_address=address(municipality_code="0992"),
        ),
        inheriting(sor_code(12), CODE, name="Barn af den anden"),
        own(sor_code(13), location_number(4), name="Efter", provider_number="990004"),
    )
    winner = register.by_sor_code[CODE]
    assert [one.name for one in register] == ["Før", "Barn af den første", "Vinder", "Barn af den anden", "Efter"]
    assert [one.name for one in winner.children] == ["Barn af den første", "Barn af den anden"]
    assert (winner.parent, winner.municipality) == (register.by_sor_code[OTHER], "0992")
    assert list(register.by_location_number) == [location_number(n) for n in (2, 3, 4)]
    assert register.by_location_number[location_number(2)] == (winner, *winner.children)
    assert list(register.by_provider_number) == ["990002", "990004"]
    assert register.by_provider_number["990004"][0].name == "Efter"
    assert list(register.by_shak_code) == ["9902"]
    assert [one.name for one in register.by_cvr_number[cvr_number(0)]] == ["Før"]
    assert register.by_sor_code[sor_code(13)].location.number == location_number(4)


def test_a_code_that_stands_three_times_is_reported_twice():
    register = register_of(*(unit(name=str(n), line=n, from_date=dt.date(2000 + n, 1, 1)) for n in (1, 3, 2)))
    assert [one.name for one in register] == ["3"]
    assert [(one.line, one.details) for one in register.load_report.problems] == [
        (3, {"other_line": 1, "kept_line": 3}),
        (2, {"other_line": 3, "kept_line": 3}),
    ]


def test_a_line_that_is_not_known_is_not_made_up():
    problems = register_of(unit(name="a"), unit(name="b"), unit(OTHER, PARENT)).load_report.problems
    assert problems == (
        Problem("sor-code-repeated", "<records>", None, CODE, {"other_line": None, "kept_line": None}),
        Problem("parent-missing", "<records>", None, OTHER, {"parent": PARENT}),
    )
    assert problems[1].text("en").startswith(f"<records>, line ?: {OTHER} lies below {PARENT}, which the file")


def test_a_missing_parent_makes_a_root_through_which_nothing_is_inherited():
    register = register_of(
        inheriting(CODE, PARENT, line=5), inheriting(OTHER, CODE), own(sor_code(4), location_number(1))
    )
    root, child, _ = register
    assert (root.parent, root.inheritance_is_broken, child.parent) == (None, True, root)
    assert (child.location, child.inheritance_is_broken) == (None, True)
    assert register.load_report.problems == (Problem("parent-missing", "<records>", 5, CODE, {"parent": PARENT}),)


def test_units_in_a_circle_become_roots():
    one, two, three, below, own_parent = map(sor_code, range(5))
    register = register_of(
        inheriting(one, three, line=1),
        inheriting(two, one, line=2),
        inheriting(three, two, line=3),
        inheriting(below, two, line=4),
        inheriting(own_parent, own_parent, line=5),
    )
    assert [(unit.parent and unit.parent.sor_code) for unit in register] == [None, None, None, two, None]
    assert all(unit.inheritance_is_broken for unit in register)
    circle = (one, three, two)
    assert register.load_report.problems == (
        Problem("parent-in-circle", "<records>", 1, one, {"circle": circle}),
        Problem("parent-in-circle", "<records>", 3, three, {"circle": circle}),
        Problem("parent-in-circle", "<records>", 2, two, {"circle": circle}),
        Problem("parent-in-circle", "<records>", 5, own_parent, {"circle": (own_parent,)}),
    )


def test_nothing_is_inherited_through_a_gap_but_the_tree_holds():
    register = register_of(
        own(PARENT, location_number(1)),
        inheriting(CODE, PARENT, gap_above=True),
        inheriting(OTHER, CODE),
        inheriting(sor_code(4), PARENT),
    )
    owner, gap, below, beside = register
    assert gap.parent == owner
    assert [unit.inheritance_is_broken for unit in register] == [False, True, True, False]
    assert register.by_location_number[location_number(1)] == (owner, beside)
    assert below.location is None


def test_a_number_of_ones_own_counts_also_below_a_gap_and_whatever_is_said_of_its_source():
    location = LocationRecord(location_number(1))
    register = register_of(unit(CODE, PARENT, gap_above=True, location=location, location_source=LocationSource.NONE))
    (found,) = register
    assert (found.location.owner, found.location.inherited) == (found, False)
    assert found.location_source is LocationSource.OWN
    assert not found.inherits_location


def test_a_source_without_a_number_has_none():
    (found,) = register_of(unit(location_source=LocationSource.OWN))
    assert (found.location, found.inheritance_is_broken) == (None, False)
    assert found.location_source is LocationSource.UNKNOWN


def test_a_number_without_a_status_is_always_in_force_whatever_dates_its_record_has():
    day = dt.date(2025, 1, 1)
    location = LocationRecord(
        location_number(1), from_date=day, to_date=day, first_from_date=day, updated_at="2025", period_unreadable=True
    )
    without, with_status = register_of(
        unit(CODE, location=location), unit(OTHER, location=attrs.evolve(location, has_status=True))
    )
    assert without.location.period == Period()
    assert with_status.location.period == Period(day, day, day, "2025", readable=False)


def test_a_builder_works_without_anyone_to_report_to():
    builder = IndexBuilder()
    assert len(builder) == 0
    builder.add(unit(CODE, PARENT))
    assert len(builder) == 1
    index = builder.build(snapshot_date=DAY)
    assert [index.sor_code(row) for row in range(len(index))] == [CODE]
    assert (index.has_message_types, index.has_directions, index.snapshot_date) == (False, False, DAY)


def test_a_ceased_provider_number_is_marked_on_its_units():
    register = Register.from_records(
        [unit(provider_number="990001"), unit(OTHER, provider_number="990002"), unit(PARENT)],
        snapshot_date=DAY,
        ceased_providers={"990002": DAY, "990003": dt.date(2020, 2, 29), "99Æ": DAY},
    )
    index = register._index
    days = [index.provider_ceased(number) for number in ("990001", "990002", "990003", "99Æ", "???")]
    assert days == [None, DAY, dt.date(2020, 2, 29), DAY, None]
    assert list(register.by_provider_number) == ["990001", "990002"]
    assert register_of(unit())._index.provider_ceased("990002") is None
