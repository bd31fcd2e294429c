"""``compare``: two days on the command line."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from sor_addressing import Register
from sor_addressing.testing import RegisterBuilder

DAYS = {"old": dt.date(2026, 1, 15), "new": dt.date(2026, 1, 20)}


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders ``old`` and ``new``: a hospital lost its number, and with it a ward."""
    folder = tmp_path_factory.mktemp("days")
    for name, day in DAYS.items():
        build = RegisterBuilder(day)
        owner = build.owner("Region Prøve")
        hospital = build.institution(owner, "Prøve Sygehus", location_number=name == "old")
        build.unit(hospital, "Afsnit A", inherits=True)
        build.institution(owner, "Prøve Klinik", location_number="5790999000505", to_date=dt.date(2026, 1, 1))
        build.registers("5790999000505", "DIS91 D9134L")
        build.write(folder / name)
    return folder


def test_the_summary_and_the_changes_are_shown(run: Any, days: Path) -> None:
    ran = run("compare", days / "old", days / "new")
    assert (ran.code, ran.err) == (0, "")
    assert ran.lines[:3] == [
        "Changes from 2026-01-15 to 2026-01-20",
        "Changes: 2, for 2 units; 1 of them is an effect of others.",
        "2 location number lost: Prøve Sygehus; Afsnit A",
    ]
    assert sum("has location number 5790999000000 no more" in line for line in ran.lines) == 3


def test_no_change_is_told_and_is_no_failure(run: Any, days: Path) -> None:
    ran = run("compare", days / "old", days / "old", "--fail-on-changes", "--lang", "da")
    assert (ran.code, ran.err) == (0, "")
    assert ran.lines[:2] == ["Ændringer fra 2026-01-15 til 2026-01-15", "Intet er ændret."]


def test_changes_fail_where_that_is_asked_for(run: Any, days: Path) -> None:
    assert run("compare", days / "old", days / "new", "--fail-on-changes").code == 1


def test_json_is_the_comparison(run: Any, days: Path) -> None:
    ran = run("compare", days / "old", days / "new", "--json")
    assert ran.code == 0
    assert ran.json["counts"] == {"location-number-lost": 2}
    assert [one["cause"] is None for one in ran.json["changes"]] == [True, False]


def test_the_formats_have_every_change(run: Any, days: Path) -> None:
    lines = run("compare", days / "old", days / "new", "--format", "jsonl").lines
    assert [json.loads(line)["name"] for line in lines] == ["Prøve Sygehus", "Afsnit A"]
    assert len(run("compare", days / "old", days / "new", "--format", "csv").lines) == 3
    assert run("compare", days / "old", days / "new", "--format", "markdown", "--lang", "da").lines[0] == (
        "# Ændringer fra 2026-01-15 til 2026-01-20"
    )


def test_json_and_a_format_exclude_each_other(run: Any, days: Path) -> None:
    assert run("compare", days / "old", days / "new", "--format", "csv", "--json").code == 2


def test_filters_are_those_of_find(run: Any, days: Path) -> None:
    found = run("compare", days / "old", days / "new", "--kind", "OE", "--json").json
    assert [one["name"] for one in found["changes"]] == ["Afsnit A"]
    assert run("compare", days / "old", days / "new", "--near", "1,1").code == 2


def test_compiled_registers_are_compared(run: Any, days: Path, tmp_path: Path) -> None:
    for name in DAYS:
        Register.load(days / name).save(tmp_path / name)
    shown = run("compare", days / "old", days / "new", "--json").json
    assert run("compare", tmp_path / "old", tmp_path / "new", "--json").json == shown
    assert run("compare", days / "old", tmp_path / "new", "--json").json == shown


def test_message_types_can_lie_elsewhere(run: Any, days: Path) -> None:
    old, new = ((days / name / "Sor.xml", days / name / "Edityper.csv") for name in DAYS)
    ran = run("compare", old[0], new[0], "--old-types", old[1], "--new-types", new[1], "--json")
    assert "registrations" not in {one["fact"] for one in ran.json["not_compared"]}
    ran = run("compare", old[0], new[0], "--old-types", old[1], "--json")
    assert ("registrations", "new-not-known") in {(one["fact"], one["reason"]) for one in ran.json["not_compared"]}


def test_days_in_the_wrong_order_are_a_usage_error(run: Any, days: Path) -> None:
    ran = run("compare", days / "new", days / "old")
    assert (ran.code, ran.out) == (2, "")
    assert "give the earlier day first" in ran.err


def test_a_missing_register_is_told(run: Any, days: Path, tmp_path: Path) -> None:
    assert run("compare", days / "old", tmp_path / "none").code == 3


def test_a_limit_is_told(run: Any, days: Path) -> None:
    ran = run("compare", days / "old", days / "new", "--limit", "1")
    assert ran.lines[-1] == "1 of 2 changes are shown; --limit shows more, --format all of them."


@pytest.fixture
def store(days: Path, empty_store: Path) -> Path:
    """The store of the test, with both days and one between them."""
    from sor_addressing import RegisterStore
    from sor_addressing.daily.origin import FolderOrigin

    for name in DAYS:
        store = RegisterStore(empty_store, origin=FolderOrigin(days / name), keep_days=5)
        assert store.update(accept=True).state in ("renewed", "unchanged")
    return empty_store


def test_days_of_the_store_are_compared_by_their_date(run: Any, store: Path) -> None:
    ran = run("compare", "2026-01-15", "2026-01-20", "--json")
    assert ran.code == 0, ran.err
    assert ran.json["counts"] == {"location-number-lost": 2}


def test_the_page_of_days_in_the_store_has_a_tree_and_is_written_whole(run: Any, store: Path, tmp_path: Path) -> None:
    target = tmp_path / "changes.html"
    ran = run("compare", "2026-01-15", "2026-01-20", "--format", "html", "-o", target, "--lang", "da")
    assert (ran.code, ran.out) == (0, "")
    page = target.read_text("utf-8")
    assert 'id="organisations"' in page
    assert "Prøve Sygehus" in page
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("2026-01-16", "2026-01-20"), 2, "no register of 2026-01-16; it has 2026-01-15, 2026-01-20"),
        (("2026-01-99", "2026-01-20"), 2, "is no day"),
        (("2025-01-01", "2026-01-20"), 3, "no register of 2025-01-01 or before, the oldest is of 2026-01-15"),
        (("2026-01-15", "2026-01-20", "-o", "x"), 2, "--output needs --format"),
    ],
)
def test_a_day_that_the_store_does_not_have_is_said(run: Any, store: Path, arguments, code, said) -> None:
    ran = run("compare", *arguments)
    assert ran.code == code
    assert said in ran.err


def test_the_life_of_an_identifier_is_told_from_the_store(run: Any, store: Path) -> None:
    ran = run("history", "5790999000000", "--lang", "en")
    assert ran.code == 0, ran.err
    assert "5790999000000 over 2 days in the store, from 2026-01-15 to 2026-01-20:" in ran.out
    assert "has location number 5790999000000 no more" in ran.out
    assert run("history", "5790999000000", "--json").json["events"][0]["seen"] == "2026-01-15"
    assert run("history", "5790999000017").code == 1
