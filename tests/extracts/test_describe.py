"""How a header is understood is shown column by column, and as a map that can be given back."""

from __future__ import annotations

import io
import tomllib
from pathlib import Path

import pytest

from sor_addressing.errors import ExtractError
from sor_addressing.extracts.describe import ColumnUse, DescribedColumn, TableDescription, describe_columns
from sor_addressing.extracts.tables.headers import ColumnMap, match_columns
from sor_addressing.extracts.tables.layouts import table_content
from sor_addressing.testing import RegisterBuilder, sample_extract, write_message_types, write_sor_csv, write_sor_entity

READ, LEFT_ALONE, AMBIGUOUS, UNKNOWN = ColumnUse.READ, ColumnUse.LEFT_ALONE, ColumnUse.AMBIGUOUS, ColumnUse.UNKNOWN


def test_each_column_is_read_left_alone_or_unknown() -> None:
    assert describe_columns(b"Lokationsnummer;EDI-type;Enhedsnavn;Farve\n") == TableDescription(
        "<bytes>",
        "message_types",
        ";",
        (
            DescribedColumn("Lokationsnummer", "location_number", READ),
            DescribedColumn("EDI-type", "message_type", READ),
            DescribedColumn("Enhedsnavn", "unit_name", LEFT_ALONE),
            DescribedColumn("Farve", None, UNKNOWN),
        ),
        (),
        ("direction", "may_send", "may_receive", "from_date", "to_date"),
    )


def test_what_is_required_and_missing_is_named() -> None:
    described = describe_columns(b"SorId|EntityName|ParentSorId|Niveau\n")
    assert (described.layout, described.delimiter, described.is_understood) == ("units", "|", False)
    assert described.required == (("unit_kind",),)
    assert '# unit_kind = "..."' in described.to_toml()


@pytest.mark.parametrize(
    ("header", "columns", "layout"),
    [
        ("meddelelsestypeid;retning;glncode", None, "location_message_types"),
        ("SORniveau;SORnavn;SOREntityId;UnitType;A KK;A;B;C;D;E;F;G;H", None, "units"),
        ("SHAK;SOR-kode;Fra dato", None, "shak_map"),
        ("Nøgle;EDI-type;Retning", {"location_message_types": {"location_number": "Nøgle"}}, "location_message_types"),
    ],
)
def test_a_table_is_described_as_what_it_is_loaded_as(header: str, columns: ColumnMap | None, layout: str) -> None:
    cells = header.split(";")
    assert table_content(cells, file="<bytes>", columns=columns) == layout
    described = describe_columns(f"{header}\n".encode(), columns=columns)
    assert (described.layout, described.is_understood) == (layout, True)


def test_a_quote_that_is_a_character_like_any_other_is_no_fault() -> None:
    rows = 'Enhedsnavn;SOR-kode;Enhedstype;Parent-SOR-kode\n"Huset;1;SI;2\n"Afsnit;2;OE;1\n'
    assert describe_columns(rows.encode()).layout == "sor_csv"


def test_two_columns_for_one_field_are_ambiguous() -> None:
    described = describe_columns(b"SOR-kode;Enhedsnavn;Enhedstype;Telefon;Tlf.\n")
    assert [column.use for column in described.columns] == [READ, READ, READ, AMBIGUOUS, AMBIGUOUS]
    assert not described.is_understood
    assert '# telephone = "Tlf."' in described.to_toml()


def test_a_table_of_nothing_known_is_none() -> None:
    described = describe_columns(b"Farve;Vaegt\n")
    assert (described.layout, described.is_understood) == (None, False)
    assert tomllib.loads(described.to_toml()) == {"columns": {}}


def test_a_layout_can_be_named() -> None:
    assert describe_columns(b"Farve;Vaegt\n", layout="units").required == (
        ("sor_code",),
        ("unit_kind",),
        ("unit_name",),
    )
    with pytest.raises(KeyError):
        describe_columns(b"Farve;Vaegt\n", layout="farver")


def test_a_callers_own_map_is_part_of_the_description() -> None:
    header = b"Farve;EDI-type;EAN\n"
    described = describe_columns(header, columns={"message_types": {"location_number": "Farve"}})
    assert described.columns == (
        DescribedColumn("Farve", "location_number", READ),
        DescribedColumn("EDI-type", "message_type", READ),
        DescribedColumn("EAN", None, UNKNOWN),
    )


def test_a_map_that_can_not_be_followed_is_passed_over() -> None:
    described = describe_columns(b"Farve;EDI-type;EAN\n", columns={"location_number": "Vaegt"})
    assert [column.field for column in described.columns] == [None, "message_type", "location_number"]


@pytest.mark.parametrize(
    ("write", "layout"),
    [(write_sor_csv, "sor_csv"), (write_sor_entity, "units"), (write_message_types, "message_types")],
    ids=["sor_csv", "units", "message_types"],
)
def test_the_files_of_the_test_kit_are_understood_and_their_maps_say_the_same(
    write, layout: str, tmp_path: Path
) -> None:
    target = io.BytesIO()
    write(sample_extract(), target)
    described = describe_columns(target.getvalue())
    assert (described.layout, described.is_understood) == (layout, True)
    assert UNKNOWN not in [column.use for column in described.columns]
    path = tmp_path / "columns.toml"
    path.write_text(described.to_toml(), "utf-8")
    header = [column.header for column in described.columns]
    by_map = match_columns(header, layout, file="x", columns=path)
    assert by_map == match_columns(header, layout, file="x")


def test_headers_of_any_letters_stand_in_the_map(tmp_path: Path) -> None:
    described = describe_columns('SOR "kode";Enhedsnavn;Gældende\\fra\n'.encode(), layout="sor_csv")
    fields = tomllib.loads(described.to_toml())["columns"]["sor_csv"]
    assert fields == {"sor_code": 'SOR "kode"', "unit_name": "Enhedsnavn", "from_date": "Gældende\\fra"}


def test_a_folder_of_several_files_is_refused(tmp_path: Path) -> None:
    build = RegisterBuilder()
    build.owner("Ejer")
    build.extract().write(tmp_path)
    with pytest.raises(ExtractError, match="holds 2 files; give the one table to look at"):
        describe_columns(tmp_path)


def test_a_description_is_plain_types_too() -> None:
    assert describe_columns(b"Farve;EAN\n", layout="locations").to_dict() == {
        "file": "<bytes>",
        "layout": "locations",
        "delimiter": ";",
        "understood": True,
        "columns": [
            {"header": "Farve", "field": None, "use": "unknown"},
            {"header": "EAN", "field": "location_number", "use": "read"},
        ],
        "required": [],
        "missing": list(describe_columns(b"EAN;Farve\n", layout="locations").missing),
    }


def test_where_no_layout_is_met_the_files_name_says_which_it_is_taken_for(tmp_path: Path) -> None:
    file = tmp_path / "LocationsCodeEDITypeMap.csv"
    file.write_text("Nummeret;Hvad;Direction\n", "utf-8")
    described = describe_columns(file)
    assert (described.layout, described.required) == (
        "location_message_types",
        (("location_number",), ("message_type_id", "message_type")),
    )
