"""The tables of units are written as told, the same every time."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import attrs
import pytest

from sor_addressing.model import LocationSource
from sor_addressing.testing import MadeUpExtract, RegisterBuilder, numbers, write_sor_csv, write_sor_entity
from sor_addressing.testing.published.unit_tables import SOR_CSV_HEADER, SOR_ENTITY_HEADER

DAY = dt.date(2026, 1, 15)


def small() -> MadeUpExtract:
    build = RegisterBuilder()
    owner = build.owner("Ejer", location_number=True)
    house = build.institution(
        owner, "Hus", inherits=True, postal_address={"street": "Prøvevej", "building": "7", "easting": "1.5"}
    )
    build.unit(house, "Afsnit", inherits=True, to_date=dt.date(2019, 4, 12))
    return build.extract()


def lines(write: Any, extract: MadeUpExtract, **options: Any) -> list[list[str]]:
    target = io.BytesIO()
    write(extract, target, **options)
    text = target.getvalue().decode(options.get("encoding", "utf-8" if write is write_sor_entity else "windows-1252"))
    rows = text.removeprefix("\ufeff").split(options.get("newline", "\r\n"))
    assert rows.pop() == ""
    return [row.split(options.get("delimiter", ";")) for row in rows]


def column(rows: list[list[str]], header: str) -> list[str]:
    at = rows[0].index(header)
    return [row[at] for row in rows[1:]]


def test_sor_csv_shows_the_number_that_is_inherited() -> None:
    rows = lines(write_sor_csv, small())
    number = numbers.location_number(0)
    assert column(rows, "Lokationsnummer") == [number, number, number]
    assert column(rows, "Nedarvningsstatus") == ["egen", "nedarvet", "nedarvet"]
    assert column(rows, "Postadresse") == ["", "Prøvevej 7", ""]
    assert column(rows, "Institutionsejer") == ["Ejer", "Ejer", "Ejer"]
    assert column(rows, "Sundhedsinstitution") == ["", "Hus", "Hus"]


def test_a_chain_that_bites_its_tail_has_no_number() -> None:
    extract = small()
    first, second = extract.units[1:]
    first.parent_sor_code = second.sor_code
    assert column(lines(write_sor_csv, extract), "Lokationsnummer")[1:] == ["", ""]


def test_sor_entity_shows_own_numbers_alone_and_has_a_decimal_comma() -> None:
    rows = lines(write_sor_entity, small(), daily=False)
    assert column(rows, "EanLocationCode") == [numbers.location_number(0), "", ""]
    assert column(rows, "EanLocationCodeInheritance") == ["own", "inherited", "inherited"]
    assert column(rows, "PostalAddressCoordETRS89z32EMeasure") == ["", "1,5", ""]
    assert column(rows, "SorId")[0] == f'"=""{small().units[0].sor_code}"""'
    assert column(rows, "HealthInstitutionEntityName") == ["", "Hus", "Hus"]


def test_closures_in_effect_are_left_out_of_the_daily_file() -> None:
    assert column(lines(write_sor_entity, small()), "EntityName") == ["Ejer", "Hus"]


@pytest.mark.parametrize(("write", "header"), [(write_sor_csv, SOR_CSV_HEADER), (write_sor_entity, SOR_ENTITY_HEADER)])
def test_headers_delimiter_line_ends_and_days_are_as_told(write: Any, header: dict[str, str]) -> None:
    told = {"sor_code": "Nøgle", "unit_type": None}
    rows = lines(write, small(), header=told, delimiter="|", newline="\n", encoding="utf-8", date_format="%d.%m.%Y")
    expected = [told.get(field, name) for field, name in header.items()]
    assert rows[0] == [name for name in expected if name is not None]
    assert all(len(row) == len(rows[0]) for row in rows)
    with pytest.raises(ValueError, match="no columns farve; there are sor_code"):
        write(small(), io.BytesIO(), header={"farve": "Farve"})


def test_words_stand_for_codes_where_they_are_given() -> None:
    extract = small()
    extract.units[0].types = ("22232009",)
    assert column(lines(write_sor_csv, extract), "Enhedstype")[0] == "22232009"
    assert column(lines(write_sor_csv, extract, words={"22232009": "hospital"}), "Enhedstype")[0] == "hospital"


def test_an_unreadable_period_is_an_impossible_day() -> None:
    extract = small()
    extract.units[0].period_unreadable = True
    extract.units[0].from_date = None
    assert column(lines(write_sor_csv, extract), "Gaeldende_fra_dato")[0] == "2020-02-31"


def test_what_sor_csv_can_not_hold_is_refused() -> None:
    extract = small()
    extract.units[0].name = "Ejer; og Søn"
    with pytest.raises(ValueError, match="no way to write 'Ejer; og Søn'"):
        write_sor_csv(extract, io.BytesIO())


@pytest.mark.parametrize("write", [write_sor_csv, write_sor_entity])
def test_a_path_and_a_file_get_the_same_bytes_every_time(write: Any, tmp_path: Path) -> None:
    path, file = tmp_path / "x.csv", io.BytesIO()
    write(small(), path)
    write(small(), file)
    assert path.read_bytes() == file.getvalue()


def test_history_stands_above_the_unit_that_it_is_of() -> None:
    extract = small()
    before = attrs.evolve(extract.units[1], name="Før", location_source=LocationSource.NONE)
    assert column(lines(write_sor_entity, extract, history=[before]), "EntityName") == ["Ejer", "Før", "Hus"]
