"""The data files are what the cheap reader assumes, and hold what is published."""

from __future__ import annotations

import csv
from collections import Counter
from importlib.resources import files

import pytest

from sor_addressing.messages.catalogue import MessageFormat, catalogue
from sor_addressing.messages.conversions import Converter
from sor_addressing.shipped import shipped_rows

DATA = files("sor_addressing.messages") / "data"
NAMES = [
    "conversion_models.csv",
    "conversions.csv",
    "message_types.csv",
    "refusals.csv",
    "type_names.csv",
    "type_spellings.csv",
]


def table(name: str) -> list[dict[str, str]]:
    lines = (line for line in (DATA / name).read_text("utf-8").splitlines() if not line.startswith("#"))
    return list(csv.DictReader(lines))


def test_the_tables_are_these():
    assert sorted(path.name for path in DATA.iterdir() if path.name.endswith(".csv")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_splitting_at_commas_reads_the_same_as_a_csv_reader(name):
    assert shipped_rows("sor_addressing.messages", "data", name) == [list(row.values()) for row in table(name)]
    assert not any('"' in cell for row in shipped_rows("sor_addressing.messages", "data", name) for cell in row)
    assert b"\r" not in (DATA / name).read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_every_table_begins_with_its_source(name):
    head = (DATA / name).read_text("utf-8").partition("\n" + ",".join(table(name)[0]))[0]
    assert all(line.startswith("# ") for line in head.splitlines())
    assert "# Source: " in head


@pytest.mark.parametrize("name", NAMES)
def test_no_cell_has_blanks_around_it_and_no_line_is_there_twice(name):
    rows = shipped_rows("sor_addressing.messages", "data", name)
    assert all(cell == cell.strip() for row in rows for cell in row)
    assert len({tuple(row) for row in rows}) == len(rows)


def test_the_catalogues_columns_are_those_the_reader_counts_on():
    assert list(table("message_types.csv")[0]) == [
        "family",
        "code",
        "format",
        "version",
        "current",
        "name_da",
        "name_en",
        "approved_to_send",
        "approved_to_receive",
        "urn",
        "expects_reply",
        "receipts",
    ]


def test_the_catalogue_has_213_lines_in_three_formats():
    assert Counter(row["format"] for row in table("message_types.csv")) == {"EDI": 104, "XML": 103, "FHIR": 6}
    assert len(catalogue().types) == 213
    assert len(catalogue().families) == 77


def test_code_and_version_are_a_key_and_no_version_is_also_a_code():
    rows = table("message_types.csv")
    assert len({(row["code"], row["version"]) for row in rows}) == len(rows)
    assert not {row["code"] for row in rows} & {row["version"] for row in rows}


def test_every_code_has_one_format_and_only_two_codes_stand_for_two_families():
    formats, families = {}, {}
    for row in table("message_types.csv"):
        formats.setdefault(row["code"], set()).add(row["format"])
        families.setdefault(row["code"], set()).add(row["family"])
    assert {len(found) for found in formats.values()} == {1}
    assert {code: found for code, found in families.items() if len(found) > 1} == {
        "RPT01": {"RPT01", "RPT01F"},
        "XRPT01": {"RPT01", "RPT01F"},
    }


def test_a_version_that_two_codes_bear_belongs_to_the_shorter_code():
    codes = {}
    for row in table("message_types.csv"):
        codes.setdefault(row["version"], []).append(row["code"])
    shared = {version: found for version, found in codes.items() if len(found) > 1}
    assert shared == {"R0130K": ["RPT01", "RPT01P"], "R0130F": ["RPT01", "RPT01F"]}
    assert [catalogue().parse(version).code for version in shared] == ["RPT01", "RPT01"]


def test_cells_are_of_their_kind():
    for row in table("message_types.csv"):
        assert row["current"] in ("yes", "no")
        assert row["expects_reply"] in ("yes", "no")
        assert row["name_da"]
        assert row["name_en"]
        assert all(not row[column] or row[column].isdigit() for column in ("approved_to_send", "approved_to_receive"))
        assert row["code"] == row["code"].upper()
        assert row["version"] == row["version"].upper()


def test_a_code_has_one_name_in_each_family():
    names = {}
    for row in table("message_types.csv"):
        names.setdefault((row["code"], row["family"]), set()).add((row["name_da"], row["name_en"]))
    assert {len(found) for found in names.values()} == {1}


def test_no_code_has_two_current_versions():
    current = Counter(row["code"] for row in table("message_types.csv") if row["current"] == "yes")
    assert {code: count for code, count in current.items() if count > 1} == {"HCO": 2}  # a pilot has both


def test_urns_end_in_code_and_version_or_in_a_name_and_two_numbers():
    for row in table("message_types.csv"):
        numbers = row["version"].removesuffix(".0") if row["version"].count(".") > 1 else row["version"]
        if row["urn"]:
            assert row["urn"].endswith((f":{row['code']}:{row['version']}".lower(), f"::{numbers}"))
            assert catalogue().parse(row["urn"]).text == f"{row['code']} {row['version']}"


def test_every_name_leads_to_a_type_of_the_catalogue():
    for row in table("type_names.csv"):
        found = catalogue().parse(row["name"])
        assert (found.code, found.version or "") == (row["code"], row["version"])
        assert found.known


def test_receipts_are_codes_of_the_same_format_one_set_a_format():
    formats = {row["code"]: row["format"] for row in table("message_types.csv")}
    found = {(row["format"], row["receipts"]) for row in table("message_types.csv") if row["receipts"]}
    assert found == {("EDI", "CTL02 CTL03"), ("XML", "XCTL02 XCTL03"), ("FHIR", "FCTL")}
    for format_, receipts in found:
        assert {formats[code] for code in receipts.split()} == {format_}
    without = {row["family"] for row in table("message_types.csv") if not row["receipts"]}
    assert without == {"CTL01", "CTL02", "CTL03", "FCTL", "SBDHACK"}


def test_replies_are_a_matter_of_the_family():
    replying = {(row["family"], row["expects_reply"]) for row in table("message_types.csv")}
    assert len(replying) == len(catalogue().families)
    assert {family for family, reply in replying if reply == "yes"} == {"DIS90", "DIS91"}


def test_the_conversions_are_109_of_which_four_lose_content():
    rows = table("conversions.csv")
    assert len(rows) == 109
    assert [(row["family"], row["from_format"], row["to_format"]) for row in rows if row["loses_content"] == "yes"] == [
        ("DIS91", "EDI", "FHIR"),
        ("DIS91", "FHIR", "EDI"),
        ("DIS91", "FHIR", "XML"),
        ("GGOP", "XML", "XML"),
    ]
    assert {row["note"] for row in rows if row["loses_content"] == "no"} == {"", "temporary"}
    assert {row["loses_content"] for row in rows} == {"yes", "no"}


def test_conversions_are_of_versions_in_the_catalogue_but_for_two():
    known = {(row["family"], row["format"], row["version"]) for row in table("message_types.csv")}
    ends = [
        (row["family"], row[f"{end}_format"], row[f"{end}_version"])
        for row in table("conversions.csv")
        for end in ("from", "to")
    ]
    assert [end for end in ends if end not in known] == [
        ("GGOP", "XML", "XD9134L"),  # crosses to the family DIS91
        ("PRE01", "EDI", "LMS015"),  # older than the catalogue
    ]


def test_models_are_rows_of_known_families_formats_and_converters():
    for row in table("conversion_models.csv"):
        assert row["family"] in ("*", *catalogue().families)
        assert row["from_format"] in list(MessageFormat)
        assert row["to_format"] in list(MessageFormat)
        assert row["by"] in list(Converter)
        assert (row["scope"], row["scope_value"]) == ("all", "")
    assert Counter(row["model"] for row in table("conversion_models.csv")) == {
        "current-practice": 6,
        "receiver-converts": 6,
        "sender-converts": 6,
    }
