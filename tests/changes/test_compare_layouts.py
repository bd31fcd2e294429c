"""One set of files on one day and another on the next: what one of them can't know is no change, and what both know still is."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from tests.changes.test_compare_against_oracle import edited

from sor_addressing import Register, compare
from sor_addressing.changes import ChangeKind, Comparison
from sor_addressing.model import UnitRecord
from sor_addressing.testing import MadeUpExtract, made_up_nation, write_complete, write_sor_csv, write_sor_entity

Load = Callable[[MadeUpExtract, Path], Register]


def from_records(extract: MadeUpExtract, _folder: Path) -> Register:
    return extract.to_register()


def from_sor_xml(extract: MadeUpExtract, folder: Path) -> Register:
    extract.write(folder)
    return Register.load(folder)


def from_sor_xml_of_version_1(extract: MadeUpExtract, folder: Path) -> Register:
    extract.write(folder, version=1)
    return Register.load(folder)


def from_sor_csv(extract: MadeUpExtract, folder: Path) -> Register:
    extract.write(folder / "types")
    write_sor_csv(extract, folder / "sor.csv")
    types = folder / "types" / "Edityper.csv"
    return Register.load(folder / "sor.csv", message_types=types, snapshot_date=extract.snapshot_date)


def from_the_daily_file(extract: MadeUpExtract, folder: Path) -> Register:
    write_sor_entity(extract, folder / "SorEntity_daily.csv")
    return Register.load(folder, snapshot_date=extract.snapshot_date)


def from_the_complete_set(extract: MadeUpExtract, folder: Path) -> Register:
    path = folder / "Sor_complete.zip"
    write_complete(extract, path, write_units=partial(write_sor_entity, daily=False))
    return Register.load(path, snapshot_date=extract.snapshot_date)


SETS: dict[str, Load] = {
    "records": from_records,
    "Sor.xml": from_sor_xml,
    "Sor.xml, version 1": from_sor_xml_of_version_1,
    "sor.csv": from_sor_csv,
    "SorEntity_daily.csv": from_the_daily_file,
    "Sor_complete.zip": from_the_complete_set,
}


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Register]:
    """The same nation from every set."""
    extract = made_up_nation(500, 3)
    return {name: load(extract, tmp_path_factory.mktemp("set")) for name, load in SETS.items()}


@pytest.mark.parametrize("old", SETS)
@pytest.mark.parametrize("new", SETS)
def test_the_same_nation_from_two_sets_has_not_changed(old: str, new: str, nation: dict[str, Register]) -> None:
    found = compare(nation[old], nation[new])
    assert list(found) == []
    assert all(one.text("da") and one.text("en") for one in found.not_compared)


def put_in_document_order(extract: MadeUpExtract) -> None:
    below: dict[str | None, list[UnitRecord]] = {}
    for record in extract.units:
        below.setdefault(record.parent_sor_code, []).append(record)
    ordered: list[UnitRecord] = []
    waiting = below[None][::-1]
    while waiting:
        ordered.append(waiting.pop())
        waiting += below.get(ordered[-1].sor_code, [])[::-1]
    extract.units = ordered


@pytest.fixture(scope="module")
def next_day() -> tuple[MadeUpExtract, Comparison]:
    """The nation five days later, and what changed as both days' records have it."""
    extract = made_up_nation(500, 3)
    old = extract.to_register()
    extract.snapshot_date += dt.timedelta(5)
    edited(extract, random.Random(11), 150)  # noqa: S311 (nothing secret)
    put_in_document_order(extract)
    return extract, compare(old, extract.to_register())


# What a set that leaves closed units out calls otherwise: it can't tell whether a unit closed or is gone.
OF_CLOSING = {ChangeKind.CLOSED, ChangeKind.REMOVED_FROM_EXTRACT, ChangeKind.NEW_IN_EXTRACT, ChangeKind.REOPENED}
# What every set tells in the same words.
IN_EVERY_SET = {ChangeKind.RENAMED, ChangeKind.CLOSING, ChangeKind.CLOSING_CANCELLED}


@pytest.mark.parametrize("old", SETS)
@pytest.mark.parametrize("new", [name for name in SETS if name != "records"])
def test_what_changed_from_one_set_to_another_is_what_changed(
    old: str,
    new: str,
    nation: dict[str, Register],
    next_day: tuple[MadeUpExtract, Comparison],
    tmp_path: Path,
) -> None:
    extract, really = next_day
    later = SETS[new](extract, tmp_path)
    found = compare(nation[old], later)

    def told(comparison: Comparison) -> set[tuple[ChangeKind, str]]:
        return {(one.kind, one.sor_code) for one in comparison if one.kind not in OF_CLOSING}

    assert told(found) - told(really) == set()
    known = {one for one in told(really) if one[0] in IN_EVERY_SET}
    in_both = {one for one in known if one[1] in nation[old].by_sor_code and one[1] in later.by_sor_code}
    assert {one for one in told(found) if one[0] in IN_EVERY_SET} == in_both
    assert len(in_both) > 5
