"""Location numbers and registrations that stand in their tables with periods: which row counts on the register's day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from sor_addressing import ExtractError, Outcome, Register, Status
from sor_addressing.testing.numbers import location_number, sor_code

DAY = dt.date(2026, 1, 15)
OWNER, HOUSE, WARD = map(sor_code, (1, 2, 3))
NUMBER, OTHER = map(location_number, (1, 2))
PLAIN = ("SorId;SorType;EntityName;ParentSorId", f"{OWNER};IE;Ejer;", f"{HOUSE};SI;Huset;{OWNER}")


def lines(path: Path, *rows: str) -> Path:
    path.write_text("".join(row + "\r\n" for row in rows), "utf-8", newline="")
    return path


def load(folder: Path, **options: Any) -> Register:
    return Register.load(folder, **{"snapshot_date": DAY, "clock": lambda: DAY, **options})


def codes(register: Register, recipient: str, **options: Any) -> list[str]:
    return [str(finding.code) for finding in register.resolve(recipient, **options).findings]


def texts(register: Register, code: str) -> list[str]:
    return [problem.text("en") for problem in register.load_report.problems if problem.code == code]


def numbers_table(folder: Path, *rows: str) -> Path:
    return lines(folder / "LocationsCodes.csv", "EanLocationCode;SorId;Status;FromDate;ToDate", *rows)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lines(tmp_path / "SOREntity.csv", *PLAIN)
    return tmp_path


@pytest.mark.parametrize("source", ["nedarvet", ""], ids=["inherited", "source-not-said"])
def test_what_is_known_of_a_number_also_counts_where_its_owner_is_in_no_file(tmp_path: Path, source: str) -> None:
    header = "SorId;SorType;EntityName;ParentSorId;EanLocationCode;Nedarvningsstatus"
    rows = (f"{OWNER};IE;Ejer;;;", f"{HOUSE};SI;Huset;{OWNER};{NUMBER};{source}")
    lines(tmp_path / "SorEntity_daily.csv", header, *rows)
    numbers_table(tmp_path, f"{NUMBER};{WARD};Inaktiv;;2020-01-01")
    register = load(tmp_path)
    for recipient in (HOUSE, NUMBER):
        assert register.resolve(recipient).status is Status.NOT_ADDRESSABLE
        assert {"location-closed", "location-inactive"} <= set(codes(register, recipient))


def test_of_several_numbers_of_one_owner_the_one_in_use_is_its_own_in_whatever_order_they_stand(folder: Path) -> None:
    old, new = f"{NUMBER};{HOUSE};Inaktiv;2010-01-01;2019-12-31", f"{OTHER};{HOUSE};Aktiv;2020-01-01;"
    for rows in ((old, new), (new, old)):
        numbers_table(folder, *rows)
        register = load(folder)
        assert register.resolve(HOUSE).unwrap().location_number == OTHER
        assert texts(register, "owner-has-several-numbers") == []


def test_an_owner_with_two_numbers_in_use_is_reported(folder: Path) -> None:
    table = numbers_table(folder, f"{NUMBER};{HOUSE};Aktiv;2010-01-01;", f"{OTHER};{HOUSE};Aktiv;2020-01-01;")
    register = load(folder)
    assert register.resolve(HOUSE).unwrap().location_number == OTHER
    text = f"{table}, line 3: {HOUSE} has location number {OTHER}, and on line 2 {NUMBER}; only one of them is used. "
    expected = [text + "Find out which one holds, and have the other closed in SOR."]
    assert texts(register, "owner-has-several-numbers") == expected


def test_of_several_periods_of_one_number_that_of_the_registers_day_counts(folder: Path) -> None:
    numbers_table(
        folder,
        f"{NUMBER};{HOUSE};Aktiv;2010-01-01;2019-12-31",
        f"{NUMBER};{HOUSE};Inaktiv;2020-01-01;2025-12-31",
        f"{NUMBER};{HOUSE};Aktiv;2026-01-01;2026-06-30",
        f"{NUMBER};{HOUSE};Inaktiv;2026-07-01;",
    )
    assert load(folder).resolve(HOUSE).status is Status.RESOLVED
    days = [dt.date(2009, 12, 31), dt.date(2019, 12, 31), dt.date(2020, 1, 1), dt.date(2025, 12, 31), DAY]
    found = [load(folder, as_of=day).resolve(HOUSE, on=day).status for day in days]
    bad, good = Status.NOT_ADDRESSABLE, Status.RESOLVED
    assert found == [bad, good, bad, bad, good]


def test_two_owners_of_one_number_both_own_it(tmp_path: Path) -> None:
    header = "SorId;SorType;EntityName;ParentSorId;EanLocationCode"
    rows = (f"{OWNER};IE;Ejer;;", f"{HOUSE};SI;Huset;{OWNER};{NUMBER}", f"{WARD};SI;Det andet;{OWNER};{NUMBER}")
    lines(tmp_path / "SOREntity.csv", header, *rows)
    numbers_table(tmp_path, f"{NUMBER};{HOUSE};Aktiv;;", f"{NUMBER};{WARD};Inaktiv;;")
    register = load(tmp_path)
    locations = [unit.location for unit in register.by_location_number[NUMBER]]
    assert [(one.owner.sor_code, one.inherited, one.active) for one in locations if one] == [
        (HOUSE, False, True),
        (WARD, False, False),
    ]


@pytest.mark.parametrize("name", ["Edityper.csv", "LocationsCodeEDITypeMap.csv"])
@pytest.mark.parametrize(
    ("first", "last", "outcome"),
    [
        ("2010-01-01", "2020-01-01", Outcome.UNSUPPORTED),
        ("2026-01-16", "", Outcome.UNSUPPORTED),
        ("2010-01-01", "31-02-2030", Outcome.UNSUPPORTED),
        ("2026-01-15", "2026-01-15", Outcome.SUPPORTED),
        ("", "", Outcome.SUPPORTED),
    ],
)
def test_a_registration_counts_on_the_days_that_its_row_tells(
    folder: Path, name: str, first: str, last: str, outcome: Outcome
) -> None:
    numbers_table(folder, f"{NUMBER};{HOUSE};Aktiv;;")
    column = "EDIType" if name == "Edityper.csv" else "EDITypeId"
    table = lines(
        folder / name,
        f"EanLocationCode;{column};FromDate;ToDate",
        f"{NUMBER};XDIS91;{first};{last}",
        f"{NUMBER};XREF01;;",
    )
    register = load(folder)
    assert register.validate(NUMBER, "XDIS91").outcome is outcome
    assert register.validate(NUMBER, "XREF01").outcome is Outcome.SUPPORTED
    text = f"{table}: registrations left out because they do not hold on 2026-01-15: 1. "
    left_out = [text + "If that is wrong, look up what the columns with days mean."]
    assert texts(register, "registrations-not-in-force") == (left_out if outcome is Outcome.UNSUPPORTED else [])


def test_a_table_of_units_without_a_single_one_is_refused(tmp_path: Path) -> None:
    table = lines(tmp_path / "SOREntity.csv", PLAIN[0])
    with pytest.raises(ExtractError) as caught:
        load(tmp_path)
    assert str(caught.value) == f"{table}: holds no units; fetch it again"


@pytest.mark.parametrize("name", ["snapshot_date", "as_of"])
@pytest.mark.parametrize("given", ["2026-01-15", dt.datetime(2026, 1, 15, tzinfo=dt.UTC)])
def test_a_day_that_is_no_date_is_refused_before_anything_is_read(name: str, given: object, folder: Path) -> None:
    with pytest.raises(TypeError) as caught:
        load(folder, **{name: given})
    assert str(caught.value) == f"{name} is a datetime.date, not {given!r}"


@pytest.mark.parametrize("status", ["Passiv", "Slettet", "Udgået", "Spærret", "Afsluttet", "Invalid"])
def test_every_word_for_out_of_use_makes_a_number_inactive(folder: Path, status: str) -> None:
    numbers_table(folder, f"{NUMBER};{HOUSE};{status};;")
    register = load(folder)
    assert codes(register, HOUSE) == ["location-inactive"]
    assert texts(register, "number-status-unreadable") == []
