"""What is written as ``Sor.xml`` is what is read, line for line."""

from __future__ import annotations

import datetime as dt
import string
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.extracts.by_hand import (
    DAY,
    IE,
    OE,
    SI,
    read,
    read_all,
    written,
)

from sor_addressing.model import (
    ADDRESS_FIELDS,
    LocationRecord,
    LocationSource,
    UnitKind,
    UnitRecord,
)
from sor_addressing.testing import MadeUpExtract, made_up_nation
from sor_addressing.testing.published.sor_xml import NOT_IN_VERSION_1


def as_in_version_1(unit: UnitRecord) -> UnitRecord:
    lost = [ADDRESS_FIELDS.index(field) for field in NOT_IN_VERSION_1 if field in ADDRESS_FIELDS]

    def without(parts: tuple[str, ...] | None) -> tuple[str, ...] | None:
        left = tuple("" if place in lost else part for place, part in enumerate(parts or ()))
        return left if any(left) else None

    return attrs.evolve(
        unit,
        cvr_number="",
        postal_address=without(unit.postal_address),
        visiting_address=without(unit.visiting_address),
        activity_address=without(unit.activity_address),
    )


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize(("size", "seed"), [(5, 1), (60, 2), (400, 3), (2_300, 4), (2_300, 5)])
def test_a_nation_is_read_as_it_was_written_and_every_line_is_right(version: int, size: int, seed: int) -> None:
    extract = made_up_nation(size, seed=seed)
    data = written(extract, version=version)
    units, problems, reader = read_all(data)
    expected = extract.units if version == 2 else [as_in_version_1(unit) for unit in extract.units]
    assert [attrs.evolve(unit, line=0) for unit in units] == expected
    assert {one.code for one in problems} <= {"date-unreadable"}
    assert (reader.version, reader.day) == (str(version), extract.snapshot_date)
    assert reader.created_at == extract.created_at.isoformat()
    assert_every_line_is_right(data, units)


def assert_every_line_is_right(data: bytes, units: list[UnitRecord]) -> None:
    lines = data.split(b"\n")
    wrong = [unit for unit in units if f"SorIdentifier>{unit.sor_code}<".encode() not in lines[unit.line - 1]]
    assert wrong == []
    assert len({unit.line for unit in units}) == len(units)


@pytest.mark.parametrize("version", [1, 2])
def test_lines_are_right_beyond_the_65535th(version: int) -> None:
    data = written(made_up_nation(2_200, seed=6), version=version)
    units, problems, _ = read_all(data)
    assert data.count(b"\n") > 70_000
    assert_every_line_is_right(data, units)
    for one in problems:
        assert str(one.details["value"]).encode() in data.split(b"\n")[(one.line or 0) - 1]


@pytest.mark.national
def test_lines_are_right_in_the_whole_nation() -> None:
    data = written(made_up_nation(90_000, seed=1))
    units, _ = read(data)
    assert_every_line_is_right(data, units)


texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), max_size=12
).map(str.strip)
some_text = texts.filter(bool)
days = st.none() | st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31))
digits = st.text(string.digits, min_size=1, max_size=9)
codes = digits.map(lambda text: "9" + text)
addresses = st.none() | st.tuples(*[texts] * len(ADDRESS_FIELDS)).filter(any)


def lists_of(strategy: st.SearchStrategy[Any], size: int) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=size, unique=True).map(tuple)


@st.composite
def locations(draw: st.DrawFn) -> LocationRecord:
    has_status = draw(st.booleans())
    location = LocationRecord(
        number=draw(codes),
        internal_only=draw(st.booleans()),
        inactive=draw(st.booleans()),
        has_status=has_status,
        **{
            name: draw(texts) for name in ("system", "supplier", "net_operator", "region_code", "administrator", "note")
        },
    )
    if has_status:
        draw_period(draw, location)
    return location


def draw_period(draw: st.DrawFn, record: LocationRecord | UnitRecord) -> None:
    record.from_date, record.to_date, record.first_from_date = draw(days), draw(days), draw(days)
    record.updated_at = draw(texts)
    record.period_unreadable = draw(st.booleans())
    if record.period_unreadable and record.from_date is not None:
        record.to_date = None


@st.composite
def extracts(draw: st.DrawFn) -> MadeUpExtract:
    units: list[UnitRecord] = []
    open_units: list[UnitRecord] = []
    for number in range(draw(st.integers(1, 6))):
        deepest = len(open_units) if number else 0
        del open_units[draw(st.integers(0, deepest)) :]
        kind = (IE, SI, OE)[min(len(open_units), 2)]
        unit = draw(unit_of(kind, f"{number}{draw(codes)}", open_units[-1].sor_code if open_units else None))
        units.append(unit)
        open_units.append(unit)
    return MadeUpExtract(snapshot_date=DAY, created_at=dt.datetime(2026, 1, 15, 21, 30), units=units)  # noqa: DTZ001


@st.composite
def unit_of(draw: st.DrawFn, kind: UnitKind, sor_code: str, parent: str | None) -> UnitRecord:
    location = draw(st.none() | locations())
    source = LocationSource.OWN if location else LocationSource.NONE
    if kind is not IE and location is None:
        source = draw(st.sampled_from([LocationSource.INHERITED, LocationSource.NONE, LocationSource.UNKNOWN]))
    unit = UnitRecord(
        sor_code=sor_code,
        kind=kind,
        name=draw(texts),
        parent_sor_code=parent,
        types=draw(lists_of(some_text, 3)),
        location_source=source,
        location=location,
        provider_number=draw(st.just("") | digits.map(lambda text: text.zfill(6))),
        shak_code=draw(st.just("") | digits),
        cvr_number=draw(st.just("") | digits),
        pharmacy_number=draw(texts),
        local_code=draw(texts),
        specialities=draw(lists_of(st.tuples(some_text, texts), 8)),
        postal_address=draw(addresses),
        visiting_address=draw(addresses),
        activity_address=draw(addresses),
        contact=draw(st.none() | st.tuples(*[texts] * 4).filter(any)),
        geographical_parent=draw(st.none() | st.tuples(some_text, st.just("") | codes)),
        replaces=draw(lists_of(codes, 3)),
        replaced_by=draw(lists_of(codes, 3)),
        information=draw(st.none() | st.tuples(*[texts] * 3).filter(any)),
        local_attributes=draw(st.just(()) | st.tuples(*[texts] * 5).filter(any)),
    )
    draw_period(draw, unit)
    return unit


@settings(max_examples=60, deadline=None)
@given(extracts(), st.sampled_from([1, 2]), st.booleans(), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_any_record_is_read_as_it_was_written(
    extract: MadeUpExtract, version: int, bom: bool, newline: str, indent: bool
) -> None:
    data = written(extract, version=version, bom=bom, newline=newline, indent=indent)
    units, problems = read(data)
    expected = extract.units if version == 2 else [as_in_version_1(unit) for unit in extract.units]
    assert [attrs.evolve(unit, line=0) for unit in units] == expected
    assert not {one.code for one in problems} & {"unknown-element", "unknown-namespace", "unit-outside-parent"}
    if indent:
        assert_every_line_is_right(data, units)
