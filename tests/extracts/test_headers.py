"""Columns are found by their headers, by a caller's map, or not at all: then the error says how to name them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sor_addressing
from sor_addressing.errors import ExtractError, PolicyError
from sor_addressing.extracts.tables.headers import (
    ColumnMap,
    ColumnMatch,
    cell_words,
    layout_named,
    layouts,
    match_columns,
    normalise,
)

LAYOUTS = sorted(layouts())


def match(header: list[str], columns: ColumnMap | None = None, layout: str = "message_types") -> ColumnMatch:
    return match_columns(header, layout, file="edi.csv", columns=columns, line=1)


def refusal(header: list[str], columns: ColumnMap | None = None, layout: str = "message_types") -> str:
    with pytest.raises(ExtractError) as caught:
        match(header, columns, layout)
    return str(caught.value)


def policy_fault(columns: ColumnMap) -> str:
    with pytest.raises(PolicyError) as caught:
        match(["EAN", "EDI-type"], columns)
    return str(caught.value)


@pytest.mark.parametrize(
    ("header", "normalised"),
    [
        ("Lokationsnummer", "lokationsnummer"),
        ("EAN-lokationsnummer ", "eanlokationsnummer"),
        ("Gældende_fra_dato", "gaeldendefradato"),
        ("OPHØRT (dato)", "ophoertdato"),
        ("På", "paa"),
        ("Pa\N{COMBINING RING ABOVE}", "paa"),
        ("\ufeffEAN", "ean"),
        ("Adresse 2", "adresse2"),
        ("--", ""),
    ],
)
def test_headers_are_compared_by_letters_and_digits_alone(header: str, normalised: str) -> None:
    assert normalise(header) == normalised


@pytest.mark.parametrize("name", LAYOUTS)
def test_no_alias_means_two_fields_of_one_layout_and_every_alias_is_normalised(name: str) -> None:
    path = Path(sor_addressing.__file__).parent / "extracts" / "data" / "columns.toml"
    data = tomllib.loads(path.read_text("utf-8"))
    entry = data["layouts"][name]
    fields = {field for demand in entry["required"] for field in demand} | {*entry["optional"], *entry["known"]}
    own = entry.get("aliases", {})
    owners: dict[str, set[str]] = {}
    for field in fields:
        for alias in [*data["aliases"][field], *own.get(field, [])]:
            owners.setdefault(alias, set()).add(field)
    assert {alias: found for alias, found in owners.items() if len(found) > 1} == {}
    assert [alias for alias in owners if normalise(alias) != alias or not alias] == []
    assert set(own) <= fields
    assert set(entry["never"]).isdisjoint(fields)
    assert set(entry["never"]) <= set(data["aliases"])
    assert {field for demand in entry.get("marks", []) for field in demand} <= fields
    assert all(normalise(header) == header for header in entry.get("foreign", []))
    assert entry["files"]
    assert set(entry) <= {"required", "optional", "known", "never", "foreign", "marks", "files", "aliases"}


def test_no_word_in_a_cell_means_two_things() -> None:
    for kinds in (("send", "receive", "both"), ("yes", "no")):
        words = [word for kind in kinds for word in cell_words(kind)]
        assert len(words) == len(set(words))
        assert all(normalise(word) == word for word in words)


ALIASES = [(name, alias, field) for name in LAYOUTS for alias, field in layouts()[name].aliases.items()]


@given(st.sampled_from(ALIASES), st.data())
def test_an_alias_is_found_in_any_case_and_punctuation(entry: tuple[str, str, str], data: st.DataObject) -> None:
    name, alias, field = entry
    letters = [letter.upper() if data.draw(st.booleans()) else letter for letter in alias]
    gaps = data.draw(st.lists(st.sampled_from(["", "", "_", "-", " ", ". ", "/"]), min_size=len(letters) + 1))
    written = "".join(gap + letter for gap, letter in zip(gaps, letters, strict=False)) + gaps[-1]
    layout = layout_named(name)
    others = {demand[0]: f"own {n}" for n, demand in enumerate(layout.required) if field not in demand}
    found = match([*others.values(), written], others, name)
    assert found.unknown == ()
    if field in layout.fields:
        assert found.positions == {**{other: n for n, other in enumerate(others)}, field: len(others)}
    else:
        assert found.positions == {other: n for n, other in enumerate(others)}


def test_positions_unknown_and_missing_columns_are_told() -> None:
    found = match(["Farve", "GLN", "", "Meddelelsestype", "Version", "Enhedsnavn", "SOR-kode"])
    assert found == ColumnMatch(
        positions={"location_number": 1, "message_type": 3, "message_version": 4},
        unknown=("Farve",),
        missing=("message_type_id", "direction", "may_send", "may_receive", "from_date", "to_date"),
    )


@pytest.mark.parametrize("type_header", ["EDI-type", "Version", "EDITypeId", "Kode", "Type"])
def test_a_code_a_version_or_an_identifier_of_the_type_will_do(type_header: str) -> None:
    assert set(match(["EAN", type_header]).positions.values()) == {0, 1}


def test_a_required_field_without_a_column_is_an_error_that_says_how_to_map_it() -> None:
    assert refusal(["Nummer", "EDI-type"]) == (
        "edi.csv, line 1: no column for location_number. The header reads: 'Nummer', 'EDI-type'. "
        'If it is the right file, name the columns: columns={"location_number": "..."}, '
        'or columns= with the path of a TOML file that has location_number = "..." under [columns]'
    )


def test_all_missing_fields_are_named_at_once() -> None:
    assert refusal(["Nummer", "Art"]) == (
        "edi.csv, line 1: no column for location_number, message_type or message_version or message_type_id. "
        "The header reads: 'Nummer', 'Art'. "
        'If it is the right file, name the columns: columns={"location_number": "...", "message_type": "..."}, '
        'or columns= with the path of a TOML file that has location_number = "...", message_type = "..." '
        "under [columns]"
    )


def test_the_wrong_file_is_shown_in_part_and_without_what_looks_like_cpr_numbers() -> None:
    text = refusal(["310299-9999", "x" * 300, *(str(n) for n in range(100))])
    assert f"The header reads: '(hidden)', '{'x' * 59}…', '0', " in text
    assert "'37' and 62 more. If" in text


def test_two_columns_for_a_field_are_an_error_unless_the_caller_chooses() -> None:
    header = ["EAN", "Lokationsnummer", "EDI-type"]
    assert refusal(header) == (
        "edi.csv, line 1: 2 columns fit location_number: 'EAN', 'Lokationsnummer'. "
        'Say which one it is: columns={"location_number": "EAN"}'
    )
    assert match(header, {"location_number": "Lokationsnummer"}) == ColumnMatch(
        positions={"location_number": 1, "message_type": 2},
        unknown=("EAN",),
        missing=("message_version", "message_type_id", "direction", "may_send", "may_receive", "from_date", "to_date"),
    )


def test_two_columns_for_a_field_that_is_not_read_are_no_fault() -> None:
    assert match(["EAN", "EDI-type", "System", "Systemtype"]).positions == {"location_number": 0, "message_type": 1}


def test_a_callers_map_goes_before_the_aliases_and_is_found_as_written_first() -> None:
    found = match(["type", "TYPE", "nr.", "EAN"], {"message_type": "TYPE", "location_number": "Nr"})
    assert (found.positions, found.unknown) == ({"location_number": 2, "message_type": 1}, ("type", "EAN"))


def test_a_map_that_names_a_header_that_is_not_there_is_refused() -> None:
    assert refusal(["EAN", "EDI-type"], {"location_number": "Nummer"}) == (
        "edi.csv, line 1: the column 'Nummer', named for location_number by columns=, is not there; "
        "the header reads: 'EAN', 'EDI-type'. "
        'For one table alone, name it there: columns={"<layout>": {"location_number": "Nummer"}}'
    )


def test_a_map_that_names_a_header_that_is_there_twice_is_refused() -> None:
    assert refusal(["Nr", "Nr", "EDI-type"], {"location_number": "Nr"}) == (
        "edi.csv, line 1: the column 'Nr', named for location_number by columns=, is there more than once; "
        "the header reads: 'Nr', 'Nr', 'EDI-type'"
    )


def test_a_map_for_all_layouts_passes_over_the_fields_of_others() -> None:
    columns = {"shak_code": "Afdeling", "location_number": "Nr"}
    assert match(["Nr", "EDI-type"], columns).positions == {"location_number": 0, "message_type": 1}


def test_a_map_for_one_layout_goes_before_the_map_for_all() -> None:
    columns: Mapping[str, str | Mapping[str, str]] = {
        "message_types": {"location_number": "Nr"},
        "location_number": "Lok",
        "shak_map": {"sor_code": "Kode her"},
    }
    assert match(["Lok", "Nr", "EDI-type"], columns).positions == {"location_number": 1, "message_type": 2}
    assert match(["Lok", "Nr"], columns, "locations").positions == {"location_number": 0}


def test_a_map_may_be_a_toml_file(tmp_path: Path) -> None:
    path = tmp_path / "columns.toml"
    path.write_text('[columns]\nlocation_number = "Nr"\n[columns.message_types]\nmessage_type = "Ærinde"\n', "utf-8")
    expected = {"location_number": 1, "message_type": 0}
    assert match(["Ærinde", "Nr"], path).positions == expected
    assert match(["Ærinde", "Nr"], str(path)).positions == expected


def test_a_map_that_names_what_does_not_exist_is_refused() -> None:
    assert policy_fault({"locatoin_number": "EAN"}) == (
        "columns=: there is no key 'locatoin_number' (did you mean location_number?)"
    )
    assert policy_fault({"message_types": {"sor_code": "SOR"}}) == (
        "columns=: message_types: there is no key 'sor_code'; the keys are direction, from_date, location_number, "
        "may_receive, may_send, message_type, message_type_id, message_version, to_date"
    )
    assert policy_fault({"location": {"location_number": "EAN"}}) == (
        "columns=: there is no key 'location' (did you mean locations?)"
    )


def test_a_map_whose_headers_are_not_texts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "columns.toml"
    path.write_text("[columns]\nlocation_number = 1\n", "utf-8")
    assert policy_fault(path) == f"{path}, line 2: columns: location_number is 1: write a text"
    path.write_text("[columns.message_types]\nlocation_number = 1\n", "utf-8")
    assert policy_fault(path) == f"{path}, line 2: columns.message_types: location_number is 1: write a text"


@pytest.mark.parametrize("content", ['location_number = "Nr"', '[columns]\n[others]\nx = "y"'])
def test_a_map_in_a_file_without_its_one_table_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "columns.toml"
    path.write_text(content, "utf-8")
    assert policy_fault(path) == (
        f'{path}: a column map has one table, [columns], with lines such as  location_number = "..."'
    )


def test_a_map_in_a_file_that_can_not_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "columns.toml"
    assert policy_fault(path) == f"{path}: can't be read: No such file or directory; check the path and who may read it"
    path.write_bytes(b"[columns]\nlocation_number = \xf8\n")
    assert policy_fault(path) == f"{path}, line 2: not UTF-8 (byte 29); save it as UTF-8"
    path.write_text("[columns", "utf-8")
    assert policy_fault(path).startswith(f"{path}, line 1: not TOML: ")
    path.write_text("columns = 1", "utf-8")
    assert policy_fault(path) == f"{path}, line 1: columns is 1: write a table, [columns] and its keys below"
