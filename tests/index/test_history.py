"""Several periods of one unit: which is the unit, and what is told of the others."""

from __future__ import annotations

import datetime as dt

import pytest

from sor_addressing import Period, Register, UnitKind
from sor_addressing.index.making.builder import Beside, IndexBuilder
from sor_addressing.loading.from_records import report_of
from sor_addressing.model import LocationRecord, LocationSource, Problem, Speciality, UnitRecord
from sor_addressing.register import UnitVersion
from sor_addressing.testing.numbers import cvr_number, location_number, sor_code

DAY = dt.date(2026, 1, 15)
CODE, OLD_PARENT, PARENT = sor_code(1), sor_code(2), sor_code(3)
OLD_NUMBER, NUMBER = location_number(1), location_number(2)


def in_periods(*records: UnitRecord, day: dt.date = DAY, has_history: bool = True) -> Register:
    problems: list[Problem] = []
    builder = IndexBuilder(file="SOREntity.csv", report=problems.append)
    for record in records:
        builder.add(record)
    index = builder.build(snapshot_date=day, beside=Beside(has_history=has_history))
    return Register(index, report_of(index, None, problems, []), clock=lambda: day)


def version(first: dt.date | None, last: dt.date | None, **fields) -> UnitRecord:
    return UnitRecord(CODE, UnitKind.ORGANISATIONAL_UNIT, from_date=first, to_date=last, **fields)


OWNERS = [UnitRecord(code, UnitKind.INSTITUTION_OWNER, name=f"Ejer {code}") for code in (OLD_PARENT, PARENT)]
LIFE = [
    version(
        dt.date(2020, 1, 1),
        None,
        name="Klinik Ny",
        parent_sor_code=PARENT,
        location_source=LocationSource.OWN,
        location=LocationRecord(NUMBER),
        line=5,
    ),
    version(
        dt.date(2010, 1, 1),
        dt.date(2014, 12, 31),
        name="Klinik Ældst",
        parent_sor_code=OLD_PARENT,
        location_source=LocationSource.OWN,
        location=LocationRecord(OLD_NUMBER),
        types=("1", "2"),
        specialities=(("7", ""),),
        provider_number="990001",
        shak_code="9901",
        cvr_number=cvr_number(1),
        updated_at="2014-12-01",
        line=6,
    ),
    version(
        dt.date(2015, 1, 1),
        dt.date(2019, 12, 31),
        name="Klinik Gammel",
        parent_sor_code=OLD_PARENT,
        location_source=LocationSource.INHERITED,
        inherited_number=OLD_NUMBER,
        line=7,
    ),
]


def test_the_period_of_the_day_is_the_unit_and_the_others_are_its_history():
    register = in_periods(*OWNERS, *LIFE)
    unit = register.by_sor_code[CODE]
    assert (len(register), unit.name, unit.parent.sor_code, unit.location.number) == (3, "Klinik Ny", PARENT, NUMBER)
    assert register.load_report.problems == ()
    oldest, older, now = register.history(CODE)
    assert [one.name for one in (oldest, older, now)] == ["Klinik Ældst", "Klinik Gammel", "Klinik Ny"]
    assert oldest == UnitVersion(
        CODE,
        Period(dt.date(2010, 1, 1), dt.date(2014, 12, 31), None, "2014-12-01"),
        "Klinik Ældst",
        UnitKind.ORGANISATIONAL_UNIT,
        ("1", "2"),
        OLD_PARENT,
        OLD_NUMBER,
        "990001",
        "9901",
        cvr_number(1),
        (Speciality("7"),),
        current=False,
    )
    assert (older.location_number, older.parent_sor_code, older.current) == (OLD_NUMBER, OLD_PARENT, False)
    assert (now.location_number, now.parent_sor_code, now.current) == (NUMBER, PARENT, True)


def test_identifiers_and_numbers_of_earlier_periods_are_nobodys_now():
    register = in_periods(*OWNERS, *LIFE)
    assert "990001" not in register.by_provider_number
    assert OLD_NUMBER not in register.by_location_number
    assert [unit.sor_code for unit in register.by_location_number[NUMBER]] == [CODE]


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (dt.date(2012, 6, 1), "Klinik Ældst"),
        (dt.date(2014, 12, 31), "Klinik Ældst"),
        (dt.date(2015, 1, 1), "Klinik Gammel"),
        (dt.date(2020, 1, 1), "Klinik Ny"),
    ],
)
@pytest.mark.parametrize("reverse", [False, True])
def test_on_another_day_another_period_is_the_unit_whatever_the_order_of_rows(day, name, reverse):
    life = list(reversed(LIFE)) if reverse else LIFE
    register = in_periods(*OWNERS, *life, day=day)
    assert register.by_sor_code[CODE].name == name
    assert [one.current for one in register.history(CODE)] == [one.name == name for one in register.history(CODE)]
    assert len(register.history(CODE)) == 3


def test_a_unit_without_other_periods_has_one_version():
    register = in_periods(*OWNERS, *LIFE)
    assert [(one.name, one.current) for one in register.history(f" {PARENT} ")] == [(f"Ejer {PARENT}", True)]


def test_a_unit_that_is_not_there_has_no_history():
    with pytest.raises(KeyError):
        in_periods(*OWNERS).history(CODE)


def test_a_register_of_records_takes_a_second_row_for_damage():
    register = Register.from_records(LIFE, snapshot_date=DAY)
    assert [problem.code for problem in register.load_report.problems][:2] == ["sor-code-repeated"] * 2
    assert len(register.history(CODE)) == 1


def test_periods_that_overlap_are_reported_though_there_is_history():
    twice = [version(dt.date(2020, 1, 1), None, name="A", line=2), version(dt.date(2021, 1, 1), None, name="B", line=3)]
    register = in_periods(*twice)
    assert register.load_report.problems == (
        Problem("sor-code-repeated", "SOREntity.csv", 3, CODE, {"other_line": 2, "kept_line": 3}),
    )
    assert [one.name for one in register.history(CODE)] == ["A", "B"]


def test_an_unreadable_period_is_told_as_one():
    register = in_periods(LIFE[0], version(None, None, name="?", period_unreadable=True))
    assert [(one.name, one.period.readable) for one in register.history(CODE)] == [("?", False), ("Klinik Ny", True)]


def test_history_is_the_same_from_a_file_and_serialises(tmp_path):
    register = in_periods(*OWNERS, *LIFE)
    register.save(tmp_path / "a.sor")
    opened = Register.open(tmp_path / "a.sor")
    assert opened.history(CODE) == register.history(CODE)
    assert opened.history(CODE)[0].to_dict() == {
        "sor_code": CODE,
        "period": {
            "from_date": "2010-01-01",
            "to_date": "2014-12-31",
            "first_from_date": None,
            "updated_at": "2014-12-01",
            "readable": True,
        },
        "name": "Klinik Ældst",
        "kind": "OE",
        "types": ["1", "2"],
        "parent_sor_code": OLD_PARENT,
        "location_number": OLD_NUMBER,
        "provider_number": "990001",
        "shak_code": "9901",
        "cvr_number": cvr_number(1),
        "specialities": [{"code": "7", "type": None}],
        "current": False,
    }
