"""The tables beside the units, the SHAK register and the provider register: what is written is what is read."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterator
from typing import Any

import attrs
import pytest

from sor_addressing.companions import (
    CodeText,
    MessageTypeRow,
    NumberRecord,
    PlaceRecord,
    ProviderRecord,
    ReplacementRecord,
    ShakMapRecord,
    ShakRecord,
)
from sor_addressing.extracts import published
from sor_addressing.extracts.detect import recognise
from sor_addressing.extracts.tables.companions import (
    read_classifications,
    read_geolocations,
    read_location_message_types,
    read_locations,
    read_message_type_list,
    read_replaced_units,
    read_shak_map,
)
from sor_addressing.extracts.tables.shak import read_shak
from sor_addressing.extracts.xml.providers import ProviderReader
from sor_addressing.model import ADDRESS_FIELDS, CONTACT_FIELDS, Problem, RegistrationRecord, UnitRecord
from sor_addressing.testing import (
    MadeUpExtract,
    made_up_nation,
    write_classifications,
    write_geolocations,
    write_location_message_types,
    write_locations,
    write_message_type_list,
    write_providers,
    write_replaced_units,
    write_shak,
    write_shak_map,
)

# Codes of problems in what the nation has on purpose: wrong check digits, impossible dates.
ODDITIES = {
    "location-number-check-digit",
    "location-number-shape",
    "period-reversed",
    "row-period-unreadable",
    "sor-code-check-digit",
    "sor-code-shape",
}
WAYS: list[dict[str, Any]] = [
    {},
    {"language": "da"},
    {"language": "da", "delimiter": ",", "encoding": "utf-8", "dates": "danish", "newline": "\n"},
    {"language": "en", "delimiter": "\t", "encoding": "windows-1252", "dates": "dotted"},
    {"language": "en", "excel": True, "dates": "moment"},
    {"language": "da", "excel": True, "delimiter": "|"},
]


@pytest.fixture(scope="module")
def nation() -> MadeUpExtract:
    return made_up_nation(units=2_000, seed=4)


def written(write: Callable[..., None], extract: MadeUpExtract, **options: Any) -> bytes:
    target = io.BytesIO()
    write(extract, target, **options)
    return target.getvalue()


def read(reader: Callable[..., Iterator[Any]], data: bytes, **options: Any) -> tuple[list[Any], list[Problem]]:
    problems: list[Problem] = []
    records = list(reader(io.BytesIO(data), file="fil.csv", report=problems.append, **options))
    return records, problems


def without_line(records: list[Any]) -> list[Any]:
    lines = [record.line for record in records]
    assert lines == sorted(lines)
    assert all(line > 1 for line in lines)
    return [attrs.evolve(record, line=0) for record in records]


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_location_numbers_come_back(nation: MadeUpExtract, way: dict[str, Any]) -> None:
    data = written(write_locations, nation, **way)
    assert recognise(data[:65_536], file="fil.csv") is published.LOCATIONS
    records, problems = read(read_locations, data)
    assert without_line(records) == [number_record(unit) for unit in nation.units if unit.location]
    assert {problem.code for problem in problems} <= ODDITIES


def number_record(unit: UnitRecord) -> NumberRecord:
    location = unit.location
    assert location is not None
    days = (location.from_date, location.to_date) if location.has_status else (None, None)
    has_status = any(days) or (location.has_status and location.period_unreadable)
    return NumberRecord(
        location.number,
        unit.sor_code,
        inactive=location.inactive,
        internal_only=location.internal_only,
        system=location.system,
        supplier=location.supplier,
        net_operator=location.net_operator,
        region_code=location.region_code,
        administrator=location.administrator,
        note=location.note,
        has_status=has_status,
        from_date=days[0],
        to_date=days[1],
        first_from_date=location.first_from_date if location.has_status else None,
        updated_at=location.updated_at,
        period_unreadable=has_status and location.period_unreadable,
    )


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_message_types_come_back(nation: MadeUpExtract, way: dict[str, Any]) -> None:
    data = written(write_message_type_list, nation, **way)
    assert recognise(data, file="fil.csv") is published.MESSAGE_TYPE_LIST
    records, problems = read(read_message_type_list, data)
    types = dict.fromkeys(record.message_type for record in nation.registrations)
    assert without_line(records) == [
        MessageTypeRow(str(n), *parts(text), f"Opdigtet meddelelse {parts(text)[0]}") for n, text in enumerate(types, 1)
    ]
    assert problems == []


def parts(message_type: str) -> tuple[str, str]:
    code, _, version = message_type.partition(" ")
    return code, version


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize("by", ["id", "code version"])
@pytest.mark.parametrize("directions", ["column", "two-columns"])
def test_registrations_come_back_with_code_and_version(
    nation: MadeUpExtract, way: dict[str, Any], by: str, directions: str
) -> None:
    types, _ = read(read_message_type_list, written(write_message_type_list, nation, **way))
    data = written(write_location_message_types, nation, by=by, directions=directions, **way)
    assert recognise(data[:65_536], file="fil.csv") is published.LOCATION_MESSAGE_TYPES
    records, problems = read(read_location_message_types, data, types=types)
    assert without_line(records) == [
        attrs.evolve(record, line=0)
        for record in nation.registrations
        if directions == "two-columns" or record.may_send or record.may_receive
    ]
    assert {problem.code for problem in problems} <= ODDITIES


def test_two_rows_for_two_directions_and_no_directions_at_all(nation: MadeUpExtract) -> None:
    types, _ = read(read_message_type_list, written(write_message_type_list, nation))
    records, _ = read(
        read_location_message_types, written(write_location_message_types, nation, directions="two-rows"), types=types
    )
    expected = []
    for record in nation.registrations:
        number, message_type = record.location_number, record.message_type
        if record.may_send:
            expected.append(RegistrationRecord(number, message_type, True, False))
        if record.may_receive:
            expected.append(RegistrationRecord(number, message_type, False, True))
    assert without_line(records) == expected
    records, _ = read(
        read_location_message_types, written(write_location_message_types, nation, directions="none"), types=types
    )
    assert without_line(records) == [
        RegistrationRecord(record.location_number, record.message_type) for record in nation.registrations
    ]


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_successors_come_back(nation: MadeUpExtract, way: dict[str, Any]) -> None:
    data = written(write_replaced_units, nation, **way)
    assert recognise(data, file="fil.csv") is published.REPLACED_UNITS
    records, problems = read(read_replaced_units, data)
    begins = {unit.sor_code: unit.from_date for unit in nation.units}
    pairs = {(old, unit.sor_code) for unit in nation.units for old in unit.replaces}
    pairs |= {(unit.sor_code, new) for unit in nation.units for new in unit.replaced_by}
    assert len(pairs) > 3
    pairs = {(old, new) for old, new in pairs if old != new}
    found = without_line(records)
    assert len(found) == len(pairs)
    assert {attrs.astuple(record) for record in found} == {
        attrs.astuple(ReplacementRecord(old, new, begins.get(new))) for old, new in pairs
    }
    assert {problem.code for problem in problems} <= ODDITIES | {"replaces-itself"}


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_shak_codes_of_units_come_back(nation: MadeUpExtract, way: dict[str, Any]) -> None:
    data = written(write_shak_map, nation, **way)
    assert recognise(data[:65_536], file="fil.csv") is published.SHAK_MAP
    records, problems = read(read_shak_map, data)
    expected = [
        ShakMapRecord(
            unit.shak_code,
            unit.sor_code,
            unit.from_date,
            unit.to_date,
            period_unreadable=unit.period_unreadable,
        )
        for unit in nation.units
        if unit.shak_code
    ]
    assert len(expected) > 50
    assert without_line(records) == expected
    assert {problem.code for problem in problems} <= ODDITIES


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_codes_and_their_texts_come_back(nation: MadeUpExtract, way: dict[str, Any]) -> None:
    data = written(write_classifications, nation, **way)
    assert recognise(data, file="fil.csv") is published.CLASSIFICATIONS
    records, problems = read(read_classifications, data)
    types = list(dict.fromkeys(code for unit in nation.units for code in unit.types))
    assert [record.code for record in records if record.group == "type"] == types
    assert CodeText("22232009", "sygehus", "type") in without_line(records)
    assert CodeText("1081", "Region Nordjylland", "region") in without_line(records)
    assert {record.group for record in records} >= {"type", "system", "supplier", "net-operator", "region"}
    assert problems == []


@pytest.mark.parametrize("decimal", [",", "."])
@pytest.mark.parametrize("way", WAYS, ids=str)
def test_coordinates_come_back(nation: MadeUpExtract, way: dict[str, Any], decimal: str) -> None:
    data = written(write_geolocations, nation, decimal=decimal, **way)
    assert recognise(data[:65_536], file="fil.csv") is published.GEOLOCATIONS
    records, problems = read(read_geolocations, data)
    expected = [place for unit in nation.units if (place := place_record(unit)) is not None]
    assert len(expected) > 50
    assert without_line(records) == expected
    assert {problem.code for problem in problems} <= ODDITIES


def place_record(unit: UnitRecord) -> PlaceRecord | None:
    for address in (unit.activity_address, unit.visiting_address, unit.postal_address):
        fields = dict(zip(ADDRESS_FIELDS, address or (), strict=False))
        if fields.get("easting") and fields.get("northing"):
            return PlaceRecord(unit.sor_code, fields["easting"], fields["northing"])
    return None


@pytest.mark.parametrize("encoding", ["iso-8859-1", "utf-8"])
@pytest.mark.parametrize("newline", ["\r\n", "\n"])
def test_the_shak_register_comes_back(nation: MadeUpExtract, encoding: str, newline: str) -> None:
    data = written(write_shak, nation, encoding=encoding, newline=newline)
    assert recognise(data[:65_536], file="fil.txt") is published.SHAK
    records, problems = read(read_shak, data)
    names: dict[str, str] = {}
    expected = []
    for unit in nation.units:
        if unit.shak_code:
            name = names.setdefault(unit.shak_code, unit.name)[:140].strip()
            record = ShakRecord(
                unit.shak_code,
                name if encoding == "utf-8" else name.encode("latin-1", "replace").decode("latin-1"),
                unit.from_date,
                unit.to_date,
                None if unit.period_unreadable else unit.from_date,
                "3" if unit.to_date else "1",
                period_unreadable=unit.period_unreadable,
            )
            if record not in expected:
                expected.append(record)
    assert [attrs.evolve(record, line=0) for record in records] == expected
    assert [record.line for record in records] == list(range(1, len(expected) + 1))
    assert {problem.code for problem in problems} <= ODDITIES


@pytest.mark.parametrize("newer", [False, True])
@pytest.mark.parametrize("persons", [0, 3])
@pytest.mark.parametrize("encoding", ["iso-8859-1", "utf-8"])
def test_the_provider_register_comes_back(nation: MadeUpExtract, newer: bool, persons: int, encoding: str) -> None:
    data = written(write_providers, nation, newer=newer, persons=persons, encoding=encoding)
    assert recognise(data[:65_536], file="fil.xml") is published.PROVIDERS
    problems: list[Problem] = []
    reader = ProviderReader(io.BytesIO(data), file="fil.xml", report=problems.append)
    records = list(reader)
    assert reader.day == nation.snapshot_date
    expected: dict[str, ProviderRecord] = {}
    for unit in nation.units:
        if unit.provider_number and unit.provider_number not in expected:
            expected[unit.provider_number] = provider_record(unit, nation)
    ceased = [record for record in records if record.to_date is not None]
    assert {record.number: record.to_date for record in ceased} == nation.ceased_providers
    assert len(ceased) > 1
    known = [attrs.evolve(record, line=0) for record in records if record.number in expected]
    assert known == list(expected.values())
    assert {record.number for record in records} == expected.keys() | nation.ceased_providers.keys()
    assert {problem.code for problem in problems} <= ODDITIES


def provider_record(unit: UnitRecord, nation: MadeUpExtract) -> ProviderRecord:
    place = dict.fromkeys(ADDRESS_FIELDS, "")
    place |= dict(zip(ADDRESS_FIELDS, unit.visiting_address or unit.postal_address or (), strict=False))
    contact = dict.fromkeys(CONTACT_FIELDS, "") | dict(zip(CONTACT_FIELDS, unit.contact or (), strict=False))
    speciality = unit.specialities[0][0] if unit.specialities else ""
    return ProviderRecord(
        unit.provider_number,
        " ".join(unit.name.split()),
        region_code=place["region_code"] or (unit.location.region_code if unit.location else ""),
        street=f"{place['street']} {place['building']}".strip(),
        postcode=place["postcode"],
        district=place["district"],
        speciality_code=speciality,
        speciality=f"Opdigtet speciale {speciality}" if speciality else "",
        telephone=contact["telephone"],
        email=contact["email"],
        website=contact["website"],
        from_date=unit.from_date,
        to_date=nation.ceased_providers.get(unit.provider_number),
        period_unreadable=unit.period_unreadable and unit.from_date is None,
    )


def test_a_small_extract_gives_the_same_bytes_every_time(nation: MadeUpExtract) -> None:
    for write in (write_locations, write_location_message_types, write_shak, write_providers, write_classifications):
        assert written(write, nation) == written(write, nation)
    assert isinstance(nation.snapshot_date, dt.date)
