"""What every loading ends with: the report, and registrations that nobody has."""

from __future__ import annotations

from collections.abc import Iterator

from sor_addressing.index.lookup import Index
from sor_addressing.index.registrations import Registrations
from sor_addressing.index.report import LoadReport, count
from sor_addressing.model import Problem, SourceDay


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
