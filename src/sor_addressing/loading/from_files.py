"""From files to an index: each source recognised by its content, read, joined, and its day settled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import attrs

from sor_addressing.companions import ShakMapRecord
from sor_addressing.errors import ExtractError
from sor_addressing.extracts.companion_tables import (
    read_classifications,
    read_geolocations,
    read_location_message_types,
    read_locations,
    read_message_type_list,
    read_replaced_units,
    read_shak_map,
)
from sor_addressing.extracts.detect import Content
from sor_addressing.extracts.headers import ColumnMap
from sor_addressing.extracts.message_types import read_message_types
from sor_addressing.extracts.providers import ProviderReader
from sor_addressing.extracts.shak import read_shak
from sor_addressing.extracts.sor_csv import read_sor_csv
from sor_addressing.extracts.sor_entity import read_units_table
from sor_addressing.extracts.sor_xml import SorXmlReader
from sor_addressing.extracts.sources import SourceFile, type_of_source
from sor_addressing.index.build import Beside, IndexBuilder
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.lookup import Index
from sor_addressing.index.registrations import Registrations
from sor_addressing.index.report import LoadReport
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.loading.comparing import compare_registrations, compare_units
from sor_addressing.loading.finish import numbers_without_unit, report_of, without_garbage_collection
from sor_addressing.loading.joining import BesideUnits
from sor_addressing.loading.knowledge import not_known
from sor_addressing.loading.recognising import REGISTRATIONS, UNITS, Sources
from sor_addressing.loading.source_days import SourceDays
from sor_addressing.model import Problem, RegistrationRecord, UnitRecord

Progress = Callable[[str, int, int | None], None]
"""Called while reading with the file's name, bytes read so far, and bytes in all where that is known."""

MAX_DAYS_APART = 14
"""So many days may lie between the files of one register, unless the caller says otherwise."""


def load_index(
    sources: Iterable[type_of_source],
    *,
    message_types: type_of_source | None = None,
    columns: ColumnMap | None = None,
    snapshot_date: dt.date | None = None,
    as_of: dt.date | None = None,
    max_days_apart: int = MAX_DAYS_APART,
    progress: Progress | None = None,
) -> tuple[Index, LoadReport]:
    """Read ``sources`` and build the index; what :meth:`Register.load` does.

    Raises:
        ExtractError: a file can't be read as what it should be, or the files together don't make a register.
    """
    with without_garbage_collection():
        found = Sources(columns)
        found.add(sources)
        if message_types is not None:
            found.add([message_types], expected=Content.MESSAGE_TYPES)
        return _Loading(found, snapshot_date, as_of, max_days_apart, progress).run()


@attrs.define(slots=True)
class _Loading:
    found: Sources
    given_day: dt.date | None
    as_of: dt.date | None
    max_days_apart: int
    progress: Progress | None
    problems: list[Problem] = attrs.field(init=False)
    days: SourceDays = attrs.field(init=False)
    beside: BesideUnits = attrs.field(init=False)
    has_closed_units: bool = False

    def __attrs_post_init__(self) -> None:
        self.problems = self.found.problems
        self.days = SourceDays(self.given_day, self.problems.append)
        self.beside = BesideUnits(self.problems.append)

    def run(self) -> tuple[Index, LoadReport]:
        taken = self.found.first(UNITS)
        if taken is None:
            raise ExtractError(
                f"no file with units among the sources ({self.found.seen()}): give a Sor.xml, a sor.csv or the complete set"
            )
        unit_file, content = taken
        if self.as_of is not None and content is not Content.UNITS_TABLE:
            raise ExtractError(
                f"as_of builds an earlier day from history, and a {content} has none; "
                "ask with on= for what can be said of another day",
                file=unit_file.name,
            )
        registration_file = self.found.first(REGISTRATIONS)
        missing = self.found.missing_members()
        if missing:
            self._tell("members-missing", unit_file, {"missing": tuple(map(str, missing))})
        builder = IndexBuilder(file=unit_file.name, report=self.problems.append)
        self._read_beside()
        self._read_units(unit_file, content, builder)
        registrations = None if registration_file is None else self._registrations(*registration_file)
        self._settle_beside()
        newest = self.days.snapshot_date(self.max_days_apart)
        day = self._day(newest, unit_file)
        index = builder.build(
            snapshot_date=day, registrations=registrations, beside=self._beside_of(content, day, newest)
        )
        if registrations is not None and registration_file is not None:
            self.problems += numbers_without_unit(index, registrations, registration_file[0].name)
            for file, other in self.found.others(REGISTRATIONS, registration_file[0]):
                compared = self._registrations(file, other)
                self.problems += compare_registrations(
                    registrations, compared, file=file.name, taken=registration_file[0].name
                )
        self.problems += self.beside.left_over(index, day)
        self.problems += self._providers_without_unit(index, day)
        for file, other in self.found.others(UNITS, unit_file):
            self.problems += compare_units(
                index, self._units(file, other), file=file.name, taken=unit_file.name
            )
            self.days.settle(file, other)
        return index, report_of(index, registrations, self.problems, self.days.sources)

    def _tell(self, code: str, file: SourceFile, details: dict[str, object]) -> None:
        self.problems.append(Problem(code, file.name, None, None, details))

    def _day(self, newest: dt.date, unit_file: SourceFile) -> dt.date:
        if self.as_of is None:
            return newest
        if self.as_of > newest:
            raise ExtractError(
                f"as_of is {self.as_of}, and the file is of {newest}: history tells of earlier days only", file=unit_file.name
            )
        return self.as_of

    def _beside_of(self, content: Content, day: dt.date, newest: dt.date) -> Beside:
        beside = self.beside
        loaded = frozenset(self.found.files)
        return Beside(
            ceased_providers=beside.ceased_providers(),
            retired_shak_codes=beside.retired_shak_codes(day),
            shak_codes=beside.shak_codes(day),
            shak_periods=beside.shak,
            code_words=beside.code_words,
            has_history=content is Content.UNITS_TABLE,
            not_known=not_known(content, loaded, has_closed_units=self.has_closed_units),
            registrations_day=newest,
        )

    def _read_beside(self) -> None:
        """The tables that are joined to units while those stream past."""
        beside = self.beside
        for content, take in (
            (Content.CLASSIFICATIONS, lambda file: beside.take_words(self._rows(read_classifications, file), file.name)),
            (Content.MESSAGE_TYPE_LIST, lambda file: beside.message_types.extend(self._rows(read_message_type_list, file))),
            (Content.REPLACED_UNITS, lambda file: beside.take_replacements(self._rows(read_replaced_units, file))),
            (Content.GEOLOCATIONS, lambda file: beside.take_places(self._rows(read_geolocations, file), file.name)),
            (Content.SHAK_MAP, self._take_shak_map),
            (Content.LOCATIONS, lambda file: beside.take_numbers(self._rows(read_locations, file), file.name)),
            (Content.SHAK, self._take_shak),
            (Content.PROVIDERS, self._take_providers),
        ):
            file = self.found.one(content)
            if file is not None:
                take(file)

    def _settle_beside(self) -> None:
        """Their days come after those of units and registrations, which the register is made of."""
        for content in self.found.files:
            file = self.found.one(content) if content not in (*UNITS, *REGISTRATIONS) else None
            if file is not None:
                self.days.settle(file, content, self._inside.get(content))
