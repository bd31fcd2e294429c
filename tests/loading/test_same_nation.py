"""One nation, written to each published set, answers the same wherever the set holds the fact.

What a set can't say is taken away from the records before they are compared, fact by fact, as the table in ``docs/files.md`` has it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import attrs
import pytest

from sor_addressing import IdentifierKind, Register
from sor_addressing.model import LocationSource, UnitRecord
from sor_addressing.testing import (
    MadeUpExtract,
    made_up_nation,
    write_complete,
    write_providers,
    write_sor_csv,
    write_sor_entity,
)

TYPES = ("XDIS91", "DIS91 D9134L", "REF01", "FDIS91 5.0", "XRPT01 XR0130K", "CTL03")
# What answers say because a set can't say something: never what they say of units.
OF_FILES = {"location-state-not-known", "closures-not-known", "shak-code-retired"}


def closed(record: UnitRecord, day: dt.date) -> bool:
    return record.to_date is not None and record.to_date < day


def as_in_sor_csv(extract: MadeUpExtract) -> list[UnitRecord]:
    """Without periods and internal use of numbers, without successors."""
    return [without_number_facts(attrs.evolve(record, replaced_by=(), replaces=())) for record in extract.units]


def without_number_facts(record: UnitRecord) -> UnitRecord:
    if record.location is None:
        return record
    location = attrs.evolve(record.location, has_status=False, internal_only=False, period_unreadable=False)
    return attrs.evolve(record, location=location)


def as_in_the_daily_file(extract: MadeUpExtract) -> list[UnitRecord]:
    """Without units that are closed, without periods of numbers and successors."""
    kept = [record for record in extract.units if not closed(record, extract.snapshot_date)]
    return [
        attrs.evolve(
            record,
            replaced_by=(),
            replaces=(),
            location=record.location and attrs.evolve(record.location, has_status=False, period_unreadable=False),
        )
        for record in kept
    ]


def written_as_sor_csv(extract: MadeUpExtract, folder: Path) -> None:
    write_sor_csv(extract, folder / "sor.csv")


def written_as_the_daily_file(extract: MadeUpExtract, folder: Path) -> None:
    write_sor_entity(extract, folder / "SorEntity_daily.csv")


def written_as_sor_xml(extract: MadeUpExtract, folder: Path) -> None:
    extract.write(folder)


def written_as_the_complete_set(extract: MadeUpExtract, folder: Path) -> None:
    (folder / "Edityper.csv").unlink()  # it has registrations of its own
    write_complete(extract, folder / "Sor_complete.zip", write_units=partial(write_sor_entity, daily=False))


def written_as_the_complete_set_unpacked(extract: MadeUpExtract, folder: Path) -> None:
    (folder / "Edityper.csv").unlink()
    write_complete(extract, folder, write_units=partial(write_sor_entity, daily=False), language="da", dates="danish")


def whole(extract: MadeUpExtract) -> list[UnitRecord]:
    return extract.units


SETS: dict[str, tuple[Callable[[MadeUpExtract, Path], None], Callable[[MadeUpExtract], list[UnitRecord]]]] = {
    "Sor.xml": (written_as_sor_xml, whole),
    "sor.csv": (written_as_sor_csv, as_in_sor_csv),
    "SorEntity_daily.csv": (written_as_the_daily_file, as_in_the_daily_file),
    "Sor_complete.zip": (written_as_the_complete_set, whole),
    "the complete set unpacked": (written_as_the_complete_set_unpacked, whole),
}


def said(register: Register, identifier: str) -> Iterator[object]:
    resolution = register.resolve(identifier)
    recipient = resolution.recipient
    yield (
        resolution.status,
        recipient and (recipient.sor_code, recipient.location_number, recipient.unit_certain),
        sorted(candidate.sor_code for candidate in resolution.candidates),
        sorted({finding.code for finding in resolution.findings} - OF_FILES),
    )
    for message_type in TYPES:
        verdict = register.validate(identifier, message_type)
        yield verdict.outcome, sorted({finding.code for finding in verdict.findings} - OF_FILES)


def identifiers(register: Register) -> list[str]:
    return [key for kind in IdentifierKind for key in register._index.keys(kind)]


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize(("units", "seed"), [(400, 1), (700, 2)])
def test_every_identifier_of_a_nation_is_answered_the_same(name: str, units: int, seed: int, tmp_path: Path) -> None:
    same(made_up_nation(units, seed), name, tmp_path)


@pytest.mark.national
@pytest.mark.parametrize("name", SETS)
def test_every_identifier_of_the_whole_nation_is_answered_the_same(name: str, tmp_path: Path) -> None:
    same(made_up_nation(90_000, 3), name, tmp_path, every=7)


def same(nation: MadeUpExtract, name: str, folder: Path, *, every: int = 1) -> None:
    write, reduced = SETS[name]
    (folder / "types").mkdir()
    message_types = nation.write(folder / "types").message_types
    assert message_types is not None
    message_types.rename(folder / "Edityper.csv")
    write_providers(nation, folder / "yder.xml", persons=1)
    write(nation, folder)
    day = nation.snapshot_date
    loaded = Register.load(*(path for path in folder.iterdir() if path.is_file()), snapshot_date=day, clock=lambda: day)
    records = attrs.evolve(nation, units=reduced(nation)).to_register()
    assert len(loaded) == len(records)
    # A number that a file shows as inherited is known there, although what lies above is left out.
    known_better = {
        unit.sor_code
        for unit in loaded
        if unit.location_source is LocationSource.INHERITED
        and unit.location is not None
        and records.by_sor_code[unit.sor_code].inheritance_is_broken
    }
    assert not known_better or name in ("sor.csv", "SorEntity_daily.csv")
    # What the daily file left out may be what lies above a unit: then nobody knows its number, and that is said.
    not_known = {
        unit.sor_code
        for unit in loaded
        if any(finding.code == "inheritance-not-known" for finding in loaded.resolve(sor_code=unit.sor_code).findings)
    }
    assert all(records.by_sor_code[code].inheritance_is_broken for code in not_known)
    assert bool(not_known) is (name == "SorEntity_daily.csv")
    differences = {
        identifier: (list(said(loaded, identifier)), list(said(records, identifier)))
        for identifier in identifiers(records)[::every]
        if list(said(loaded, identifier)) != list(said(records, identifier))
    }
    touched = {
        identifier
        for identifier in differences
        if any(
            candidate.sor_code in known_better | not_known
            for candidate in (*loaded.resolve(identifier).candidates, *records.resolve(identifier).candidates)
        )
    }
    assert {identifier: answers for identifier, answers in differences.items() if identifier not in touched} == {}
