"""Tables of published names whose headers are other words: not passed over where answers hang on them, and mapped by ``columns.toml``."""

from __future__ import annotations

import datetime as dt
import gzip
import zipfile
from pathlib import Path
from typing import Any

import pytest

from sor_addressing import ExtractError, Outcome, Register
from sor_addressing.extracts.describe import describe_columns
from sor_addressing.testing import RegisterBuilder, write_complete, write_message_types, write_sor_csv

DAY = dt.date(2026, 1, 15)
FOREIGN = {
    "locations": {"location_number": "Nøgle", "location_status": "Tilstand"},
    "location_message_types": {"location_number": "Nummeret", "message_type_id": "Hvad"},
}


def small() -> RegisterBuilder:
    build = RegisterBuilder(DAY)
    house = build.institution(build.owner("Ejer"), "Huset", location={"inactive": True})
    ward = build.unit(house, "Afdelingen", location_number=True)
    build.registers(ward, "XDIS91 XD9134L", receive=True)
    return build


def load(*sources: Any, **options: Any) -> Register:
    return Register.load(*sources, **{"snapshot_date": DAY, "clock": lambda: DAY, **options})


def outcomes(register: Register) -> list[tuple[Outcome, list[str]]]:
    verdicts = [register.validate(unit, "XDIS91") for unit in register]
    return [(verdict.outcome, [str(finding.code) for finding in verdict.findings]) for verdict in verdicts]


@pytest.mark.parametrize("target", ["complete.zip", "complete"])
@pytest.mark.parametrize(
    ("layout", "name", "missing"),
    [
        ("locations", "LocationsCodes.csv", "no column for location_number"),
        (
            "location_message_types",
            "LocationsCodeEDITypeMap.csv",
            "no column for location_number, message_type_id or message_type",
        ),
    ],
)
def test_a_table_that_answers_hang_on_is_not_passed_over_for_its_header(
    tmp_path: Path, target: str, layout: str, name: str, missing: str
) -> None:
    write_complete(small().extract(), tmp_path / target, headers={layout: FOREIGN[layout]})
    with pytest.raises(ExtractError) as caught:
        load(tmp_path / target)
    where = f"{tmp_path / target}!{name}" if target.endswith(".zip") else str(tmp_path / target / name)
    assert str(caught.value).startswith(
        f"{where}, line 1: {missing}. The header reads: '{FOREIGN[layout]['location_number']}'"
    )


def packed(table: Path, form: str) -> Path:
    """The table in an archive, which takes its place."""
    archive = table.with_suffix(form)
    if form == ".zip":
        with zipfile.ZipFile(archive, "w") as file:
            file.write(table, table.name)
    else:
        archive.write_bytes(gzip.compress(table.read_bytes()))
    table.unlink()
    return archive


@pytest.mark.parametrize("form", [".zip", ".csv.gz", ".gz"])
def test_packed_it_is_not_passed_over_either(tmp_path: Path, form: str) -> None:
    write_complete(small().extract(), tmp_path, headers={"locations": FOREIGN["locations"]})
    archive = packed(tmp_path / "LocationsCodes.csv", form)
    with pytest.raises(ExtractError, match=r"LocationsCodes\..*, line 1: no column for location_number"):
        load(tmp_path)
    archive.write_bytes(archive.read_bytes()[:40])
    with pytest.raises(ExtractError, match=r"LocationsCodes\..*: the (zip|archive) .*; fetch the file again"):
        load(tmp_path)


def test_a_table_that_only_adds_words_or_places_is_passed_over_and_reported(tmp_path: Path) -> None:
    headers = {"geolocations": {"easting": "A", "northing": "B"}}
    write_complete(small().extract(), tmp_path / "complete.zip", headers=headers)
    register = load(tmp_path / "complete.zip")
    assert register.load_report.problem_counts["file-not-recognised"] == 1


def test_columns_toml_written_of_each_foreign_table_and_corrected_makes_the_set_read_as_ever(tmp_path: Path) -> None:
    extract = small().extract()
    write_complete(extract, tmp_path / "plain")
    write_complete(extract, tmp_path / "foreign", headers=FOREIGN)
    maps = []
    for name, layout in (
        ("LocationsCodes.csv", "locations"),
        ("LocationsCodeEDITypeMap.csv", "location_message_types"),
    ):
        described = describe_columns(tmp_path / "foreign" / name)
        assert (described.layout, described.is_understood) == (layout, False)
        text = described.to_toml()
        for field, header in FOREIGN[layout].items():
            assert f'# {field} = "..."' in text
            text = text.replace(f'# {field} = "..."', f'{field} = "{header}"')
        maps.append(text.split("[columns]", 1)[1])
    written = tmp_path / "columns.toml"
    written.write_text("[columns]\n" + "".join(maps), "utf-8")
    mapped, plain = load(tmp_path / "foreign", columns=written), load(tmp_path / "plain")
    assert mapped.load_report.problem_counts == plain.load_report.problem_counts
    assert outcomes(mapped) == outcomes(plain)
    assert [outcome for outcome, _ in outcomes(mapped)].count(Outcome.SUPPORTED) == 1


def test_a_map_for_any_table_says_how_to_name_one_where_its_header_is_in_another(tmp_path: Path) -> None:
    extract = small().extract()
    write_sor_csv(extract, tmp_path / "sor.csv", header={"location_number": "Nøgle"})
    write_message_types(extract, tmp_path / "Edityper.csv")
    with pytest.raises(ExtractError) as caught:
        load(tmp_path, columns={"location_number": "Nøgle"})
    assert str(caught.value).startswith(
        f"{tmp_path / 'Edityper.csv'}, line 1: the column 'Nøgle', named for location_number"
    )
    assert str(caught.value).endswith(
        'For one table alone, name it there: columns={"<layout>": {"location_number": "Nøgle"}}'
    )
    register = load(tmp_path, columns={"sor_csv": {"location_number": "Nøgle"}})
    assert len(register.load_report.sources) == 2
