"""Which table a header is of: by its fields, never by the file's name alone, and never by guessing."""

from __future__ import annotations

from pathlib import Path

import pytest

from sor_addressing.errors import ExtractError, PolicyError
from sor_addressing.extracts import published
from sor_addressing.extracts.detect import recognise
from sor_addressing.extracts.published import Content
from sor_addressing.extracts.tables.headers import layouts
from sor_addressing.extracts.tables.layouts import has_name_of, table_content
from sor_addressing.testing import numbers


def content(header: str, file: str = "fil.csv", **options: object) -> str | None:
    return table_content(header.split(";"), file=file, **options)  # type: ignore[arg-type]


def reason(header: str, file: str = "fil.csv", **options: object) -> str:
    with pytest.raises(ExtractError) as caught:
        content(header, file, **options)
    assert caught.value.file == file
    return caught.value.reason


@pytest.mark.parametrize(
    ("header", "layout"),
    [
        ("SorId;SorType;EntityName;HealthInstitutionSorId;PostalAddressStreetName", "units"),
        ("Enhedsnavn;Enhedstype;SOR-kode;Parent-SOR-kode;CVR;P_Region;Postadresse;Lokationsnummer", "sor_csv"),
        ("EAN;SorId;System;Status", "locations"),
        ("Lokationsnummer;Lokationsnummerstatus", "locations"),
        ("EAN;EDITypeId", "location_message_types"),
        ("EAN;EDITypeId;FromDate", "location_message_types"),
        ("EAN;EDIType;FromDate", "message_types"),
        ("EAN;EDITypeId;EDIType", "message_types"),
        ("SOR-kode;Enhedsnavn;Lokationsnummer;EDI-type", "message_types"),
        ("Id;Code;Name;Version", "message_type_list"),
        ("EDITypeId;Code", "message_type_list"),
        ("SctId;Term", "classifications"),
        ("Kode;Tekst;Klassifikation", "classifications"),
        ("SorId;ReplacedBySorId", "replaced_units"),
        ("SHAK;SorId;FromDate;ToDate", "shak_map"),
        ("SorId;X-koordinat;Y-koordinat;EntityName", "geolocations"),
        ("Navn;Farve", None),
        ("", None),
    ],
)
def test_a_header_is_enough(header: str, layout: str | None) -> None:
    assert content(header) == layout


@pytest.mark.parametrize(
    ("header", "names"),
    [
        ("EAN;Status", {"LocationsCode.csv": "locations"}),
        ("Id;Navn", {"EDITypes.csv": "message_type_list", "SORClassification.csv": "classifications"}),
        ("Type;Navn", {"EDITypes.csv": "message_type_list"}),
    ],
)
def test_words_that_any_table_has_need_the_files_name(header: str, names: dict[str, str]) -> None:
    said = reason(header)
    assert said.startswith("not recognised: it might be ")
    assert "has only words that any table may have: " + ", ".join(map(repr, header.split(";"))) in said
    for name, layout in names.items():
        assert f"({layout})" in said
        assert content(header, f"mappe/SOR_complete.zip!{name.upper()}") == layout


def test_a_header_that_fits_two_tables_is_refused_with_what_to_do() -> None:
    header = "SHAK;SOR-kode;Erstattet af"
    assert reason(header) == (
        "not recognised: its header fits SORReplacedEntities.csv (replaced_units) or SHAKSORMap.csv (shak_map) alike: 'SHAK', "
        "'SOR-kode', 'Erstattet af'. Give it the published file's name, or say which it is by its columns, for replaced_units so: "
        'columns={"replaced_units": {"replaced_sor_code": "...", "replacing_sor_code": "..."}}'
    )
    assert content(header, "shaksormap.csv") == "shak_map"
    assert content(header, columns={"shak_map": {"shak_code": "SHAK", "sor_code": "SOR-kode"}}) == "shak_map"


def test_the_name_decides_between_equals() -> None:
    assert content("EAN;EDIType", "LocationsCodeEDITypeMap.csv") == "location_message_types"
    assert content("EAN;EDITypeId", "Edityper.csv") == "message_types"
    assert content("EAN;EDIType", "Edityper.csv") == "message_types"


@pytest.mark.parametrize("name", ["SORClassifications.csv", "EDITypes.csv", "sor.csv", "Geolocations.csv"])
def test_the_name_alone_decides_nothing(name: str) -> None:
    assert content("SHAK;SorId;FromDate", name) == "shak_map"
    assert content("Navn;Farve", name) is None


@pytest.mark.parametrize(
    ("file", "layout"),
    [
        ("LocationsCodes.csv", "locations"),
        ("LocationsCode.csv", "locations"),
        ("locationscodes.CSV", "locations"),
        ("LocationCode.csv", "locations"),
        ("C:\\hent\\LocationsCodes_2026-01-15.csv.gz", "locations"),
        ("SOR_complete.zip!a/SorEntity.csv", "units"),
        ("SOREntities.csv", None),
        ("SorEntity_daily.csv", "units"),
        ("Sor.csv", "sor_csv"),
        ("EDIType.csv", "message_type_list"),
        ("Edityper.csv", "message_types"),
        ("GeoLocation.csv", "geolocations"),
        ("<bytes>", None),
    ],
)
def test_names_are_compared_without_case_plural_or_day(file: str, layout: str | None) -> None:
    assert [name for name, one in layouts().items() if has_name_of(file, one)] == ([layout] if layout else [])


def test_the_caller_says_which_table_it_is(tmp_path: Path) -> None:
    named = {"classifications": {"classification_code": "Kode", "classification_text": "Tekst"}}
    assert content("Kode;Tekst", columns=named) == "classifications"
    assert content("A;B", columns={"shak_map": {"shak_code": "A", "sor_code": "B"}}) == "shak_map"
    assert content("A;B", columns={"shak_code": "A", "sor_code": "B"}) == "shak_map"
    assert content("A;B;SHAK", columns={"location_number": "A", "message_type": "B"}) == "message_types"
    assert content("Farve;Form", columns=named) is None
    path = tmp_path / "kolonner.toml"
    path.write_text('[columns.shak_map]\nshak_code = "A"\nsor_code = "B"\n', "utf-8")
    assert content("A;B", columns=path) == "shak_map"
    for wrong in (
        {"shak_map": {"farve": "A"}},
        {"farve": "A"},
        {"farver": {"shak_code": "A"}},
        tmp_path / "mangler.toml",
    ):
        with pytest.raises(PolicyError):
            content("A;B", columns=wrong)


TABLES = [content for content in published.FILES if content.is_table]


@pytest.mark.parametrize("kind", TABLES, ids=str)
def test_what_the_caller_expects_is_left_to_its_reader(kind: Content) -> None:
    assert recognise(b"Navn;Farve\n", file="fil", expected=kind) is kind


def test_every_layout_is_a_content() -> None:
    assert {content.layout for content in TABLES} == set(layouts())
    assert {content.layout: str(content) for content in TABLES} == {
        name: layout.files[0] for name, layout in layouts().items()
    }


def test_a_table_with_loose_quotes_is_recognised_by_its_header() -> None:
    code = numbers.sor_code(1)
    rows = f'SOR-kode;Enhedsnavn;Enhedstype;Parent-SOR-kode\n{code};Klinik "Ro;x;\n{code};Klinik B;x;\n'
    assert recognise(rows.encode(), file="fil") is published.SOR_CSV


@pytest.mark.parametrize("root", ["etds1040025XML", "Yderregister", "n:Ydere"])
def test_a_provider_register_is_recognised_by_its_root_or_its_providers(root: str) -> None:
    space = ' xmlns:n="urn:n"' if ":" in root else ""
    document = f'<?xml version="1.0"?><{root}{space}><Start/><Yder YdernrYder="990001"/></{root}>'
    assert recognise(document.encode(), file="fil") is published.PROVIDERS
    with pytest.raises(ExtractError, match="DOCTYPE"):
        recognise(document.replace("?>", "?><!DOCTYPE a>").encode(), file="fil")


def test_another_root_without_providers_is_refused() -> None:
    with pytest.raises(ExtractError, match="the root element is Yderregister, expected SorTree"):
        recognise(b"<Yderregister><Yder/></Yderregister>", file="fil")


def test_the_shak_register_is_recognised_by_its_lines() -> None:
    line = f"afd{numbers.shak_code(1, 'ward'):<20}2019041220190412250001010Afsnit"
    for begin in ("", "\ufeff", "\r\n", "ødelagt linje\n"):
        assert recognise((begin + line).encode(), file="fil") is published.SHAK
