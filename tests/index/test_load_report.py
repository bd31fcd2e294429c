"""The load report: its counts add up, its problems are counted, and it is written with stable keys."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from sor_addressing import LoadReport, Register, SnapshotError, UnitKind
from sor_addressing.model import SourceDay
from sor_addressing.testing import RegisterBuilder, made_up_nation
from sor_addressing.testing.numbers import location_number, sor_code

COUNTS = [
    "units", "institution_owners", "health_institutions", "organisational_units", "open", "closed", "future",
    "period_unreadable", "own_locations", "inherited_locations", "broken_inheritance", "inheritance_not_known",
    "without_location", "location_numbers", "registrations", "location_numbers_without_unit", "location_numbers_without_registrations",
    "registered_types", "unknown_types", "problems",
]  # fmt: skip


@pytest.mark.parametrize(("units", "seed"), [(40, 1), (2_000, 2), (2_500, 3)])
def test_the_counts_of_a_nation_add_up(units, seed):
    nation = made_up_nation(units, seed)
    register = nation.to_register()
    counts = register.load_report.counts
    assert list(counts) == COUNTS
    assert counts["units"] == len(register) == units
    kinds = ("institution_owners", "health_institutions", "organisational_units")
    assert [counts[name] for name in kinds] == [sum(unit.kind is kind for unit in register) for kind in UnitKind]
    day = register.snapshot_date
    periods = [unit.period for unit in register]
    assert counts["open"] == sum(period.contains(day) for period in periods)
    assert counts["period_unreadable"] == sum(not period.readable for period in periods)
    assert counts["open"] + counts["closed"] + counts["future"] + counts["period_unreadable"] == units
    locations = [unit.location for unit in register]
    assert counts["own_locations"] == sum(one is not None and not one.inherited for one in locations)
    assert counts["inherited_locations"] == sum(one is not None and one.inherited for one in locations)
    assert counts["broken_inheritance"] == sum(unit.inheritance_is_broken for unit in register)
    states = (
        "own_locations",
        "inherited_locations",
        "broken_inheritance",
        "inheritance_not_known",
        "without_location",
    )
    assert sum(counts[name] for name in states) == units
    registrations = {one.number: one.registrations for one in locations if one is not None}
    assert counts["location_numbers"] == len(registrations) == len(register.by_location_number)
    assert counts["location_numbers_without_registrations"] == sum(not found for found in registrations.values())
    of_no_unit = {one.location_number for one in nation.registrations} - set(registrations)
    assert counts["location_numbers_without_unit"] == len(of_no_unit)
    assert counts["registrations"] >= sum(map(len, registrations.values())) > 0
    assert counts["unknown_types"] == len(register.load_report.unknown_types)
    assert counts["problems"] == len(register.load_report.problems)


@pytest.fixture
def register() -> Register:
    build = RegisterBuilder()
    owner = build.owner("Ejer")
    build.institution(owner, "Lukket", to_date=dt.date(2026, 1, 14), location_number=True)
    build.institution(owner, "Lukker i dag", to_date=dt.date(2026, 1, 15))
    build.institution(owner, "Åbner i morgen", from_date=dt.date(2026, 1, 16))
    build.institution(owner, "Ulæselig", period_unreadable=True)
    build.registers(location_number(0), "XDIS91", "PRØVE")
    build.registers(location_number(7), "XDIS91")
    build.registers(location_number(8), "XDIS91")
    extract = build.extract()
    extract.units[-1].parent_sor_code = sor_code(99)
    return extract.to_register()


def test_a_report_in_plain_types(register):
    report = register.load_report
    assert repr(report) == "<LoadReport 2026-01-15: 5 units, 4 registrations, 3 problems>"
    assert report.problem_counts == {"registration-without-unit": 2, "parent-missing": 1}
    assert report.sources == (SourceDay("<records>", "records", dt.date(2026, 1, 15), "argument"),)
    counts = [5, 1, 4, 0, 2, 1, 1, 1, 1, 0, 0, 0, 4, 1, 4, 2, 0, 2, 1, 3]
    assert report.to_dict() == {
        "snapshot_date": "2026-01-15",
        "sources": [
            {
                "file": "<records>",
                "content": "records",
                "day": "2026-01-15",
                "origin": "argument",
                "layout": None,
                "digest": None,
            }
        ],
        "counts": dict(zip(COUNTS, counts, strict=True)),
        "unknown_types": {"PRØVE": 1},
        "not_known": [],
        "problem_counts": report.problem_counts,
        "problems": [problem.to_dict() for problem in report.problems],
    }
    assert json.loads(json.dumps(report.to_dict())) == report.to_dict()


def test_a_report_can_be_hashed_and_compared(register):
    assert register.load_report == register.load_report
    assert isinstance(hash(register.load_report), int)
    assert register.load_report != Register.sample().load_report


def test_a_report_is_read_back_from_json_with_every_problem(register):
    for report in (
        register.load_report,
        made_up_nation(2_000, 1).to_register().load_report,
        Register.sample().load_report,
    ):
        again = LoadReport.from_json(report.to_json())
        assert again == report
        assert again.to_dict() == report.to_dict()


@pytest.mark.parametrize(
    "damaged",
    [
        lambda _: b"",
        lambda _: b"[]",
        lambda _: b"\xff",
        lambda data: data[:-1],
        lambda data: data.replace(b'"snapshot_date":"2026', b'"snapshot_date":"no'),
        lambda data: data.replace(b'"origin"', b'"orgin"'),
        lambda data: data.replace(b'"unknown_types"', b'"types"'),
        lambda data: data.replace(b"{}]", b"0]"),
    ],
)
def test_a_damaged_report_is_an_error_that_says_so(register, damaged):
    data = damaged(register.load_report.to_json())
    assert data != register.load_report.to_json()
    with pytest.raises(SnapshotError, match=r"^the load report in the compiled register can't be read: "):
        LoadReport.from_json(data)
