"""An index of records that are at hand, and what every loading ends with: the report, and registrations that nobody has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

from sor_addressing.index.lookup import Index
from sor_addressing.index.making.builder import Beside, IndexBuilder
from sor_addressing.index.making.resting import without_garbage_collection
from sor_addressing.index.records import cleaned_record, cleaned_registration
from sor_addressing.index.registrations import Registrations
from sor_addressing.index.report import LoadReport, count
from sor_addressing.model import Problem, RegistrationRecord, SourceDay, UnitRecord

_FILE = "<records>"


def build_index(
    units: Iterable[UnitRecord],
    registrations: Iterable[RegistrationRecord] | None,
    *,
    snapshot_date: dt.date,
    ceased_providers: Mapping[str, dt.date] | None = None,
) -> tuple[Index, LoadReport]:
    """Build the index from records that are at hand; what :meth:`Register.from_records` does."""
    problems: list[Problem] = []
    with without_garbage_collection():
        builder = IndexBuilder(file=_FILE, report=problems.append)
        for record in units:
            builder.add(cleaned_record(record))
        gathered = None if registrations is None else Registrations().extend(map(cleaned_registration, registrations))
        beside = Beside(ceased_providers=ceased_providers or {})
        index = builder.build(snapshot_date=snapshot_date, registrations=gathered, beside=beside)
        if gathered is not None:
            problems += numbers_without_unit(index, gathered, _FILE)
        source = SourceDay(_FILE, "records", snapshot_date, "argument")
        return index, report_of(index, gathered, problems, [source])


def numbers_without_unit(index: Index, registrations: Registrations, file: str) -> Iterator[Problem]:
    """A problem for each location number that has registrations and no unit."""
    for number in registrations.numbers():
        if not index.holds_number(index.number_of(number)):
            yield Problem("registration-without-unit", file, registrations.first_line[number] or None, number)


def report_of(
    index: Index, registrations: Registrations | None, problems: list[Problem], sources: list[SourceDay]
) -> LoadReport:
    """The load report."""
    unknown = {} if registrations is None else registrations.unknown_types
    counts = count(index, unknown_types=len(unknown), problems=len(problems))
    return LoadReport(
        index.snapshot_date, tuple(sources), counts, unknown, tuple(problems), tuple(sorted(index.not_known))
    )
