"""From files to an index: each source recognised by its content, read, joined, and its day settled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, TypeVar

import attrs

from sor_addressing.addressing.kinds import CLOSED_UNITS
from sor_addressing.companions import ProviderRecord
from sor_addressing.errors import ExtractError
from sor_addressing.extracts.detect import Content
from sor_addressing.extracts.facts import not_known
from sor_addressing.extracts.sources import SourceFile, type_of_source
from sor_addressing.extracts.tables.companions import (
    read_classifications,
    read_geolocations,
    read_location_message_types,
    read_locations,
    read_message_type_list,
    read_replaced_units,
    read_shak_map,
)
from sor_addressing.extracts.tables.headers import ColumnMap
from sor_addressing.extracts.tables.message_types import read_rows_of_numbers
from sor_addressing.extracts.tables.shak import read_shak
from sor_addressing.extracts.tables.units import read_sor_csv, read_units_table
from sor_addressing.extracts.xml.providers import ProviderReader
from sor_addressing.extracts.xml.sor_tree import SorXmlReader
from sor_addressing.index.build import Beside, IndexBuilder
from sor_addressing.index.lookup import Index
from sor_addressing.index.registrations import Registrations
from sor_addressing.index.report import LoadReport
from sor_addressing.index.resting import without_garbage_collection
from sor_addressing.loading.comparing import compare_registrations, compare_units
from sor_addressing.loading.from_records import numbers_without_unit, report_of
from sor_addressing.loading.joining import BesideUnits
from sor_addressing.loading.recognising import REGISTRATIONS, UNITS, Sources
from sor_addressing.loading.source_days import SourceDays
from sor_addressing.model import Problem, Progress, UnitRecord

Row = TypeVar("Row")

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
        TypeError: a day is no ``datetime.date``.
    """
    days: dict[str, object] = {"snapshot_date": snapshot_date, "as_of": as_of}
    for name, given in days.items():
        # A datetime is a date to Python, and can't be compared with one.
        if given is not None and (not isinstance(given, dt.date) or isinstance(given, dt.datetime)):
            raise TypeError(f"{name} is a datetime.date, not {given!r}")
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
    _inside: dict[Content, tuple[dt.date | None, str | None]] = attrs.field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        self.problems = self.found.problems
        self.days = SourceDays(self.given_day, self.problems.append)
        self.beside = BesideUnits(self.problems.append)

    def run(self) -> tuple[Index, LoadReport]:
        unit_file, content = self._unit_file()
        registration_file = self.found.first(REGISTRATIONS)
        table, missing = self.found.one(Content.UNITS_TABLE), self.found.missing_members()
        if table is not None and missing:
            self.problems.append(Problem("members-missing", table.name, None, None, {"missing": missing}))
        builder = IndexBuilder(file=unit_file.name, report=self.problems.append)
        self._read_beside()
        # A table has no day inside: all days can be known before it is read, and with them which rows beside it count.
        newest = None if content is Content.SOR_XML else self._settle_days(unit_file, registration_file)
        if newest is not None:
            self._read_dated(self._day(newest, unit_file))
        add = builder.add
        for record in self.beside.join(self._units(unit_file, content), numbers=content is not Content.SOR_XML):
            add(record)
        if not len(builder):
            raise ExtractError("holds no units; fetch it again", file=unit_file.name)
        if newest is None:
            newest = self._settle_days(unit_file, registration_file)
            self._read_dated(newest)
        day = self._day(newest, unit_file)
        if self.as_of is not None and not self.found.has_complete_set and not builder.has_closed_units(newest):
            raise ExtractError(
                "as_of builds an earlier day from history, and this table has neither earlier periods nor closed units, as "
                "SorEntity_daily.csv; give Sor_complete.zip",
                file=unit_file.name,
            )
        registrations = None if registration_file is None else self._registrations(*registration_file, on=newest)
        beside = self._beside_of(content, day, newest, has_closed_units=builder.has_closed_units(day))
        index = builder.build(snapshot_date=day, registrations=registrations, beside=beside)
        if registrations is not None and registration_file is not None:
            if self.as_of is None:  # numbers of today need not be those of another day
                self.problems += numbers_without_unit(index, registrations, registration_file[0].name)
            self.problems += self._compared_registrations(registrations, registration_file[0], newest)
        self.problems += self.beside.left_over(index, day, numbers=self.as_of is None)
        for file, other in self.found.others(UNITS, unit_file):
            self.problems += compare_units(index, self._units(file, other), file=file.name, taken=unit_file.name)
        return index, report_of(index, registrations, self.problems, self.days.sources)

    def _unit_file(self) -> tuple[SourceFile, Content]:
        taken = self.found.first(UNITS)
        if taken is None:
            raise ExtractError(
                f"no file with units among the sources ({self.found.seen()}): give a Sor.xml, a sor.csv or the complete set"
            )
        if self.as_of is not None and taken[1] is not Content.UNITS_TABLE:
            raise ExtractError(
                f"as_of builds an earlier day from history, and a {taken[1]} has none; "
                "ask with on= for what can be said of another day",
                file=taken[0].name,
            )
        return taken

    def _day(self, newest: dt.date, unit_file: SourceFile) -> dt.date:
        if self.as_of is None:
            return newest
        if self.as_of > newest:
            raise ExtractError(
                f"as_of is {self.as_of}, and the file is of {newest}: history tells of earlier days only",
                file=unit_file.name,
            )
        return self.as_of

    def _settle_days(self, unit_file: SourceFile, registration_file: tuple[SourceFile, Content] | None) -> dt.date:
        """The day of every source, the units' first and the registrations' second, and the newest day that they all know of."""
        first = [unit_file, *(registration_file or ())[:1]]
        files = [(file, content) for content, found in self.found.files.items() for file in found]
        for file, content in sorted(files, key=lambda one: first.index(one[0]) if one[0] in first else len(first)):
            inside, layout = self._inside.get(content, (None, None))
            self.days.settle(file, content, inside, layout)
        return self.days.snapshot_date(self.max_days_apart)

    def _beside_of(self, content: Content, day: dt.date, newest: dt.date, *, has_closed_units: bool) -> Beside:
        beside = self.beside
        return Beside(
            ceased_providers=beside.ceased_providers(),
            retired_shak_codes=beside.retired_shak_codes(day),
            shak_codes=beside.shak_codes(),
            shak_periods=beside.shak,
            code_words=beside.code_words,
            has_history=content is Content.UNITS_TABLE,
            not_known=facts_not_known(
                content,
                self.found.files,
                found_columns=self.found.found_columns,
                has_closed_units=has_closed_units,
            ),
            registrations_day=newest,
            location_of=beside.location_of,
        )

    def _rows(self, read: Callable[..., Iterator[Row]], file: SourceFile, **more: Any) -> Iterator[Row]:
        """The rows of a file as ``read`` reads it."""
        with file.open(self._progress_of(file)) as stream:
            yield from read(stream, file=file.name, report=self.problems.append, **more)

    def _progress_of(self, file: SourceFile) -> Callable[[int], None] | None:
        progress = self.progress
        if progress is None:
            return None
        return lambda done: progress(file.name, done, file.size)

    def _units(self, file: SourceFile, content: Content) -> Iterator[UnitRecord]:
        if content is Content.SOR_CSV:
            return self._rows(read_sor_csv, file, columns=self.found.columns)
        if content is Content.UNITS_TABLE:
            return self._rows(read_units_table, file, columns=self.found.columns)
        return self._units_of_xml(file)

    def _units_of_xml(self, file: SourceFile) -> Iterator[UnitRecord]:
        with file.open(self._progress_of(file)) as stream:
            reader = SorXmlReader(stream, file=file.name, report=self.problems.append)
            yield from reader
        self._inside[Content.SOR_XML] = (reader.snapshot_date, reader.version)

    def _registrations(self, file: SourceFile, content: Content, *, on: dt.date) -> Registrations:
        columns = self.found.columns
        if content is Content.LOCATION_MESSAGE_TYPES:
            types = self.beside.message_types
            return Registrations().extend(
                self._rows(read_location_message_types, file, columns=columns, types=types, on=on)
            )
        return Registrations().extend_by_number(self._rows(read_rows_of_numbers, file, columns=columns, on=on))

    def _compared_registrations(self, taken: Registrations, taken_file: SourceFile, on: dt.date) -> Iterator[Problem]:
        for file, content in self.found.others(REGISTRATIONS, taken_file):
            yield from compare_registrations(
                taken, self._registrations(file, content, on=on), file=file.name, taken=taken_file.name
            )

    def _read_beside(self) -> None:
        """The tables that are joined to units while those stream past, or needed after them, and don't depend on the day."""
        beside, columns, one = self.beside, self.found.columns, self.found.one
        if (file := one(Content.CLASSIFICATIONS)) is not None:
            beside.take_words(self._rows(read_classifications, file, columns=columns), file.name)
        if (file := one(Content.MESSAGE_TYPE_LIST)) is not None:
            beside.take_message_types(self._rows(read_message_type_list, file, columns=columns))
        if (file := one(Content.REPLACED_UNITS)) is not None:
            beside.take_replacements(self._rows(read_replaced_units, file, columns=columns))
        if (file := one(Content.GEOLOCATIONS)) is not None:
            beside.take_places(self._rows(read_geolocations, file, columns=columns), file.name)
        if (file := one(Content.SHAK)) is not None:
            beside.take_shak(self._rows(read_shak, file))
        if (file := one(Content.PROVIDERS)) is not None:
            beside.take_providers(self._providers(file), file.name)

    def _read_dated(self, day: dt.date) -> None:
        """The tables of location numbers and SHAK codes, of which the rows count that hold on ``day``."""
        columns = self.found.columns
        numbers, codes = self.found.one(Content.LOCATIONS), self.found.one(Content.SHAK_MAP)
        if numbers is not None:
            self.beside.take_numbers(self._rows(read_locations, numbers, columns=columns), numbers.name, day)
        if codes is not None:
            self.beside.take_shak_map(self._rows(read_shak_map, codes, columns=columns), codes.name, day)

    def _providers(self, file: SourceFile) -> Iterator[ProviderRecord]:
        with file.open(self._progress_of(file)) as stream:
            reader = ProviderReader(stream, file=file.name, report=self.problems.append)
            yield from reader
        self._inside[Content.PROVIDERS] = (reader.day, None)


def facts_not_known(
    units: Content,
    loaded: Iterable[Content],
    *,
    found_columns: Mapping[Content, Collection[str]],
    has_closed_units: bool,
) -> frozenset[str]:
    """The facts, by their names in ``facts.csv``, that none of the files tells.

    Args:
        units: the file that the units are from; other files with units are compared only.
        loaded: every file.
        found_columns: of each table the fields that have a column: what a table lacks it does not tell.
        has_closed_units: whether the file with the units has any that is closed.
    """
    told = [units, *(content for content in loaded if content not in UNITS)]
    columns = {content.name.lower(): fields for content, fields in found_columns.items()}
    missing = frozenset(not_known((content.name.lower() for content in told), columns))
    return missing if has_closed_units else missing | {CLOSED_UNITS}
