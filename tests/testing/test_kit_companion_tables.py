"""Writers of the complete set, SHAK and the provider register: what they write, and that it is the same every time."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import IO

import pytest

from sor_addressing import testing
from sor_addressing.extracts.detect import recognise
from sor_addressing.extracts.tables.headers import layouts
from sor_addressing.testing import (
    MadeUpExtract,
    RegisterBuilder,
    numbers,
    write_complete,
    write_location_message_types,
    write_locations,
    write_providers,
    write_shak,
)
from sor_addressing.testing.published.companion_tables import HEADERS
from sor_addressing.testing.published.complete_set import MEMBERS, CompleteSet

A = numbers.location_number(1)


@pytest.fixture
def extract() -> MadeUpExtract:
    build = RegisterBuilder()
    owner = build.owner("Region Prøve")
    hospital = build.institution(
        owner, "Prøve & Sygehus", location_number=A, shak_code=numbers.shak_code(1), provider_number="990001"
    )
    build.unit(hospital, "Afsnit", inherits=True, shak_code=numbers.shak_code(1, "ward"), replaces=numbers.sor_code(50))
    build.registers(hospital, "XDIS91 XD9134L", send=True, receive=True)
    return build.extract()


def as_text(data: bytes, encoding: str = "utf-8-sig") -> list[str]:
    return data.decode(encoding).split("\r\n")


def test_the_rows_of_a_table(extract: MadeUpExtract) -> None:
    target = io.BytesIO()
    write_locations(extract, target)
    code = extract.unit("Prøve & Sygehus").sor_code
    header = (
        "EanLocationCode;SorId;Status;OnlyInternalIndicator;SystemTypeIdentifier;SystemSupplierIdentifier;"
        "CommunicationSupplierIdentifier;EdiAdministratorIdentifier;RegionCode;SorNote;FromDate;ToDate;FirstFromDate;UpdatedAt"
    )
    assert as_text(target.getvalue()) == [
        header,
        f"{A};{code};Aktiv;0;;;;;;;;;;",
        "",
    ]


def test_headers_delimiters_and_the_spreadsheet_form_are_the_callers(extract: MadeUpExtract, tmp_path: Path) -> None:
    path = tmp_path / "map.csv"
    write_location_message_types(
        extract, path, language="da", by="code", directions="column", header={"direction": "Vej"},
        delimiter=",", encoding="windows-1252", newline="\n", excel=True,
    )  # fmt: skip
    assert path.read_text("windows-1252").split("\n") == [
        "Lokationsnummer,Meddelelsestype-id,Vej",
        f'"=""{A}""","=""XDIS91""","=""Send/Modtag"""',
        "",
    ]


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"language": "de"}, "language is one of en, da, not 'de'"),
        ({"header": {"farve": "x"}}, "no columns farve; there are location_number,"),
        ({"dates": "amerikansk"}, "dates is one of iso, danish, dotted, moment, not 'amerikansk'"),
    ],
)
def test_what_cannot_be_written_is_an_error(extract: MadeUpExtract, options: dict[str, object], text: str) -> None:
    build = RegisterBuilder()
    build.owner("Ejer", location={"from_date": extract.snapshot_date})
    with pytest.raises(ValueError, match=text):
        write_locations(build.extract(), io.BytesIO(), **options)  # type: ignore[arg-type]


def test_every_header_of_every_language_is_one_that_the_readers_know() -> None:
    for name, languages in HEADERS.items():
        for header in languages.values():
            assert {layouts()[name].fields_in([text]) for text in header.values()} == {
                frozenset({field}) for field in header
            }


def test_a_line_of_the_shak_register(extract: MadeUpExtract) -> None:
    target = io.BytesIO()
    write_shak(extract, target)
    lines = as_text(target.getvalue(), "iso-8859-1")
    assert [len(line) for line in lines] == [214, 214, 0]
    assert lines[0].startswith("sgh9901                201001012010010125000101Prøve & Sygehus  ")
    assert lines[0][187] == "1"
    assert [line[:3] for line in lines[:2]] == ["sgh", "afd"]


def test_a_provider_and_its_persons(extract: MadeUpExtract) -> None:
    target = io.BytesIO()
    write_providers(extract, target, persons=1)
    lines = as_text(target.getvalue(), "iso-8859-1")
    assert lines[:3] == [
        '<?xml version="1.0" encoding="ISO-8859-1"?>',
        "<etds1040025XML>",
        '<Start OpgDato="20260115" Timestamp="2026-01-15T21:30:00" SnitfladeId="ETDS1040025"/>',
    ]
    assert lines[3].startswith('<Yder YdernrYder="990001   " PrakBetegn="Prøve &amp; Sygehus ')
    assert lines[4].startswith('<Person CprNr="3102')
    assert lines[5:] == ["</Yder>", '<Slut AntPost="2"/>', "</etds1040025XML>", ""]


@pytest.mark.parametrize("language", ["en", "da"])
def test_every_file_of_the_complete_set_is_recognised(extract: MadeUpExtract, language: str, tmp_path: Path) -> None:
    write_complete(extract, tmp_path, language=language)  # type: ignore[arg-type]
    found = {path.name: recognise(path.read_bytes(), file=path.name).layout for path in tmp_path.iterdir()}
    assert found == {name: layout for layout, name in MEMBERS.items()}


def test_the_same_extract_gives_the_same_archive_in_a_fixed_order(extract: MadeUpExtract, tmp_path: Path) -> None:
    first, second = io.BytesIO(), tmp_path / "SOR_complete.ZIP"
    write_complete(extract, first)
    write_complete(extract, second)
    assert first.getvalue() == second.read_bytes()
    with zipfile.ZipFile(second) as archive:
        assert archive.namelist() == list(MEMBERS.values())
        assert {info.date_time for info in archive.infolist()} == {(2026, 1, 15, 21, 30, 0)}


def test_files_are_renamed_or_left_out_and_the_units_are_the_callers(extract: MadeUpExtract, tmp_path: Path) -> None:
    def units(given: CompleteSet, target: IO[bytes]) -> None:
        assert given is extract
        target.write(b"SorId\r\n")

    names = {"locations": "LocationsCode.csv", "geolocations": None, "units": "SorEntity.csv"}
    headers = {"shak_map": {"shak_code": "SHAK"}}
    write_complete(extract, tmp_path / "ny", write_units=units, member_names=names, headers=headers, delimiter=",")
    written = sorted(path.name for path in (tmp_path / "ny").iterdir())
    expected = {*MEMBERS.values(), "LocationsCode.csv", "SorEntity.csv"}
    assert written == sorted(expected - {"LocationsCodes.csv", "Geolocations.csv", "SOREntity.csv"})
    assert (tmp_path / "ny" / "SorEntity.csv").read_bytes() == b"SorId\r\n"
    assert as_text((tmp_path / "ny" / "SHAKSORMap.csv").read_bytes())[0] == "SHAK,SorId,ValidFrom,ValidTo"
    with pytest.raises(ValueError, match="no files farver; there are units, locations"):
        write_complete(extract, tmp_path, member_names={"farver": "x.csv"})
    with pytest.raises(ValueError, match="give headers= with a map for each layout"):
        write_complete(extract, tmp_path, header={})


def test_all_writers_are_found_in_the_kit() -> None:
    assert [name for name in testing.__all__ if not hasattr(testing, name)] == []
