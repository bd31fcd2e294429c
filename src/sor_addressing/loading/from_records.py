"""An index of records that are at hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from sor_addressing.index.build import Beside, IndexBuilder
from sor_addressing.index.lookup import Index
from sor_addressing.index.records import without_control_characters
from sor_addressing.index.registrations import Registrations
from sor_addressing.index.report import LoadReport
from sor_addressing.index.resting import without_garbage_collection
from sor_addressing.loading.finish import numbers_without_unit, report_of
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
            builder.add(without_control_characters(record))
        gathered = None if registrations is None else Registrations().extend(registrations)
        beside = Beside(ceased_providers=ceased_providers or {})
        index = builder.build(snapshot_date=snapshot_date, registrations=gathered, beside=beside)
        if gathered is not None:
            problems += numbers_without_unit(index, gathered, _FILE)
        source = SourceDay(_FILE, "records", snapshot_date, "argument")
        return index, report_of(index, gathered, problems, [source])
