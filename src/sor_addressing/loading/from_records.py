"""An index of records that are at hand, and what every loading ends with: the report, and registrations that nobody has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

from sor_addressing.hiding import hide
from sor_addressing.index.lookup import Index
from sor_addressing.index.making.builder import Beside, IndexBuilder
from sor_addressing.index.making.resting import without_garbage_collection
from sor_addressing.index.records import cleaned_record
from sor_addressing.index.registrations import Registrations
from sor_addressing.index.report import LoadReport, count
from sor_addressing.index.told.endpoints import EndpointRegistrations
from sor_addressing.model import EndpointRegistration, Problem, RegistrationRecord, SourceDay, UnitRecord

_FILE = "<records>"


def build_index(
    units: Iterable[UnitRecord],
    registrations: Iterable[RegistrationRecord] | None,
    *,
    endpoints: Iterable[EndpointRegistration] | None = None,
    snapshot_date: dt.date,
    ceased_providers: Mapping[str, dt.date] | None = None,
) -> tuple[Index, LoadReport]:
    """Build the index from records that are at hand; what :meth:`Register.from_records` does."""
    problems: list[Problem] = []
    with without_garbage_collection():
        builder = IndexBuilder(file=_FILE, report=problems.append)
        for record in units:
            builder.add(cleaned_record(record))
        of_endpoints = None if endpoints is None else EndpointRegistrations().extend(map(cleaned_record, endpoints))
        gathered = None
        if registrations is not None or of_endpoints is not None:
            gathered = Registrations(endpoints=of_endpoints, is_loaded=registrations is not None)
            gathered.extend(map(cleaned_record, registrations or ()))
        beside = Beside(ceased_providers=ceased_providers or {})
        index = builder.build(snapshot_date=snapshot_date, registrations=gathered, beside=beside)
        if gathered is not None:
            problems += numbers_without_unit(index, gathered, _FILE)
        if of_endpoints is not None:
            problems += endpoints_without_unit(index, of_endpoints)
        source = SourceDay(_FILE, "records", snapshot_date, "argument")
        return index, report_of(index, gathered, problems, [source])


def numbers_without_unit(index: Index, registrations: Registrations, file: str) -> Iterator[Problem]:
    """A problem for each location number that has registrations and no unit."""
    for number in registrations.numbers():
        if not index.holds_number(index.number_of(number)):
            yield Problem("registration-without-unit", file, registrations.first_line[number] or None, number)


def endpoints_without_unit(index: Index, endpoints: EndpointRegistrations) -> Iterator[Problem]:
    """The same for those of the endpoint register."""
    for number, (file, line) in endpoints.first_place.items():
        if not index.holds_number(index.number_of(number)):
            yield Problem("registration-without-unit", file, line or None, number)


def report_of(
    index: Index, registrations: Registrations | None, problems: list[Problem], sources: list[SourceDay]
) -> LoadReport:
    """The load report."""
    unknown = {} if registrations is None else dict(registrations.unknown_types)
    if registrations is not None and registrations.endpoints is not None:
        for text, rows in registrations.endpoints.unknown_types.items():
            unknown[text] = unknown.get(text, 0) + rows
    unknown = {hide(text): rows for text, rows in unknown.items()}
    counts = count(index, unknown_types=len(unknown), problems=len(problems))
    return LoadReport(
        index.snapshot_date, tuple(sources), counts, unknown, tuple(problems), tuple(sorted(index.not_known))
    )
