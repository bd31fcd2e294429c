"""A comparison as people and programs get it: summary, Markdown, CSV, JSON lines, and as values."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json

import attrs
import pytest
from tests.changes.made_up_changes import (
    CLINIC_NUMBER,
    HOSPITAL_NUMBER,
    NEW_DAY,
    OLD_DAY,
    both,
    changed,
    setting,
    world,
)

from sor_addressing import compare
from sor_addressing.changes import ChangeKind, Comparison
from sor_addressing.changes.compare.writing import CSV_COLUMNS
from sor_addressing.model import LocationSource
from sor_addressing.texts import entries

CODES = {record.name: record.sor_code for record in world(OLD_DAY).extract()}


@pytest.fixture(scope="module")
def found() -> Comparison:
    """A hospital that lost its number, and a clinic that closed and was renamed."""
    return changed(
        both(
            setting("Prøve Klinik", name="=1+1 | Klinik", to_date=dt.date(2026, 1, 17)),
            setting("Prøve Sygehus", location=None, location_source=LocationSource.NONE),
        )
    )


def test_a_summary_has_counts_causes_and_what_is_not_known(found: Comparison) -> None:
    assert found.summary().split("\n") == [
        "Changes: 5, for 4 units; 2 of them are effects of others.",
        "1 closed: =1+1 | Klinik",
        "3 location number lost: Prøve Sygehus; Afsnit A; Stue 1",
        "1 renamed: =1+1 | Klinik",
        "",
        "Causes, most effects first:",
        f"- {found.causes[0].change.text()} Effects: 2, for 2 other units.",
    ]


def test_a_summary_in_danish(found: Comparison) -> None:
    assert found.summary("da").split("\n")[:3] == [
        "Ændringer: 5, for 4 enheder; 2 af dem er følger af andre.",
        "1 lukket: =1+1 | Klinik",
        "3 mistet lokationsnummer: Prøve Sygehus; Afsnit A; Stue 1",
    ]


def test_a_summary_of_nothing_tells_what_was_not_compared() -> None:
    build = world(OLD_DAY)
    build.without_message_types()
    old = build.build()
    assert compare(old, old).summary().split("\n") == [
        "Nothing changed.",
        "",
        "Not compared:",
        "- registrations: neither register can know it.",
        "- directions of registrations: neither register can know it.",
    ]


def test_markdown_has_causes_with_effects_and_the_rest_by_kind(found: Comparison) -> None:
    stream = io.StringIO()
    found.to_markdown(stream)
    text = stream.getvalue()
    assert text.startswith("# Changes from 2026-01-15 to 2026-01-20\n\nChanges: 5, for 4 units;")
    assert "| closed | 1 |\n" in text
    assert text.count("- Afsnit A") == text.count("- Stue 1") == 1
    clinic = CODES["Prøve Klinik"]
    assert f"| =1+1 \\| Klinik | {clinic} |  | 2026-01-17 | from 2026-01-18 |\n" in text
    assert text.count("location number " + HOSPITAL_NUMBER) == 3


def test_csv_has_a_row_a_change(found: Comparison) -> None:
    stream = io.StringIO()
    found.to_csv(stream, language="da")
    rows = list(csv.DictReader(io.StringIO(stream.getvalue()), delimiter=";"))
    assert tuple(rows[0]) == CSV_COLUMNS
    assert [row["kind"] for row in rows] == [str(one.kind) for one in found]
    assert rows[1] | {"text": ""} == {
        "kind": "location-number-lost",
        "sor_code": CODES["Afsnit A"],
        "name": "Afsnit A",
        "old": HOSPITAL_NUMBER,
        "new": "",
        "day": "",
        "after": "2026-01-15",
        "until": "2026-01-20",
        "cause_kind": "location-number-lost",
        "cause_sor_code": CODES["Prøve Sygehus"],
        "cause_name": "Prøve Sygehus",
        "text": "",
    }
    assert rows[1]["text"] == found[1].text("da")


def test_csv_for_a_spreadsheet_keeps_identifiers_and_runs_no_formula(found: Comparison) -> None:
    stream = io.StringIO()
    found.to_csv(stream, for_excel=True)
    rows = list(csv.DictReader(io.StringIO(stream.getvalue()), delimiter=";"))
    assert rows[0]["old"] == f'="{HOSPITAL_NUMBER}"'
    assert [row["name"] for row in rows][-1] == "'=1+1 | Klinik"


def test_json_lines_are_the_dictionaries_of_the_changes(found: Comparison) -> None:
    stream = io.StringIO()
    found.to_json_lines(stream)
    assert [json.loads(line) for line in stream.getvalue().splitlines()] == [one.to_dict() for one in found]


def test_a_change_as_plain_types(found: Comparison) -> None:
    (closed,) = (one for one in found if one.kind is ChangeKind.CLOSED)
    unit = f"=1+1 | Klinik ({CODES['Prøve Klinik']})"
    assert closed.to_dict() == {
        "kind": "closed",
        "sor_code": CODES["Prøve Klinik"],
        "name": "=1+1 | Klinik",
        "old": None,
        "new": "2026-01-17",
        "day": "2026-01-18",
        "after": "2026-01-15",
        "until": "2026-01-20",
        "details": {"last_day": "2026-01-17"},
        "cause": None,
        "text": {
            "da": f"{unit} er lukket fra 2026-01-18; sidste dag er 2026-01-17.",
            "en": f"{unit} closed from 2026-01-18; its last day is 2026-01-17.",
        },
    }


def test_a_comparison_as_plain_types(found: Comparison) -> None:
    plain = json.loads(json.dumps(found.to_dict()))
    assert plain["counts"] == {"closed": 1, "location-number-lost": 3, "renamed": 1}
    assert [(one["units"], one["effects"]) for one in plain["causes"]] == [(2, 2)]
    assert plain["causes"][0]["change"] == found.causes[0].change.to_dict()
    assert found.causes[0].to_dict()["effects"] == [one.to_dict() for one in found.causes[0].effects]
    assert (plain["old_date"], plain["new_date"], plain["units"]) == ("2026-01-15", "2026-01-20", 4)


def test_a_comparison_is_a_sequence(found: Comparison) -> None:
    assert found[0] in found
    assert found[:2] == found.changes[:2]
    assert found.of_unit(CODES["Stue 1"]) == (found[2],)
    assert repr(found) == f"<Comparison of {OLD_DAY} and {NEW_DAY}: 5 changes>"
    assert repr(found.causes[0]) == (
        f"<Cause location-number-lost {CODES['Prøve Sygehus']} 'Prøve Sygehus': 2 effects>"
    )


def test_a_change_is_a_frozen_value(found: Comparison) -> None:
    assert attrs.evolve(found[0]) == found[0]
    assert len({*found, *found}) == len(found)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        found[0].name = "other"  # type: ignore[misc]


def test_every_kind_has_a_name_and_a_sentence() -> None:
    texts = entries("changes")
    assert [kind for kind in ChangeKind if kind not in texts or f"kind.{kind}" not in texts] == []


def test_many_causes_and_names_are_cut_short() -> None:
    build, later = world(OLD_DAY), world(NEW_DAY)
    for one, number in ((build, True), (later, False)):
        owner = one.owner("Stor Region")
        for n in range(12):
            house = one.institution(owner, f"Hus {n}", location_number=number)
            one.unit(house, f"Stue {n}", inherits=True)
    lines = compare(build.build(), later.build()).summary().split("\n")
    assert lines[1] == "24 location number lost: Hus 0; Hus 1; Hus 2; …"
    assert len([line for line in lines if line.startswith("- Hus")]) == 10
    assert lines[-1] == "- and 2 more"
    assert CLINIC_NUMBER not in "".join(lines)
