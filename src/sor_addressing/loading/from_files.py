"""From files to an index: each source recognised by its content, read, joined, and its day settled."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import attrs

from sor_addressing.errors import ExtractError
from sor_addressing.extracts import published
from sor_addressing.extracts.facts import not_known
from sor_addressing.extracts.published import Content
from sor_addressing.extracts.sources import SourceFile, type_of_source
from sor_addressing.extracts.tables.headers import ColumnMap
from sor_addressing.field_names import ENVIRONMENTS
from sor_addressing.index.lookup import CLOSED_UNITS, Index
from sor_addressing.index.making.builder import Beside, IndexBuilder
from sor_addressing.index.making.resting import without_garbage_collection
from sor_addressing.index.registrations import Registrations
from sor_addressing.index.report import LoadReport
from sor_addressing.index.told.endpoints import EndpointRegistrations
from sor_addressing.loading.comparing import compare_registrations, compare_units
from sor_addressing.loading.ending_early import ends_early
from sor_addressing.loading.endpoints import EndpointRegister
from sor_addressing.loading.from_records import endpoints_without_unit, numbers_without_unit, report_of
from sor_addressing.loading.joining import BEFORE_UNITS, OF_A_DAY, REGISTRATIONS, UNITS, BesideUnits
from sor_addressing.loading.recognising import Sources, with_registrations, with_units
from sor_addressing.loading.source_days import SourceDays
from sor_addressing.model import Problem, Progress, UnitRecord

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
    environment: str | None = None,
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
    if environment is not None and environment not in ENVIRONMENTS[1:]:
        raise ExtractError(f"environment is {environment!r}: use one of {', '.join(ENVIRONMENTS[1:])}, or leave it out")
    with without_garbage_collection():
        found = Sources(columns)
        found.add(sources)
        if message_types is not None:
            found.add([message_types], expected=published.MESSAGE_TYPES)
        return _Loading(found, snapshot_date, as_of, max_days_apart, progress, environment or "").run()


class _Inside(NamedTuple):
    """What a file that was read says of itself: its day, and the version of its layout."""

    day: dt.date | None = None
    version: str | None = None


@attrs.define(slots=True)
class _Loading:
    found: Sources
    given_day: dt.date | None
    as_of: dt.date | None
    max_days_apart: int
    progress: Progress | None
    environment: str
    problems: list[Problem] = attrs.field(init=False)
    days: SourceDays = attrs.field(init=False)
    beside: BesideUnits = attrs.field(init=False)
    register: EndpointRegister | None = attrs.field(init=False, default=None)
    _inside: dict[SourceFile, _Inside] = attrs.field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        self.problems = self.found.problems
        self.days = SourceDays(self.given_day, self.problems.append)
        self.beside = BesideUnits(self.problems.append)

    def run(self) -> tuple[Index, LoadReport]:
        unit_file, content = self._unit_file()
        registration_file = self.found.first(with_registrations())
        missing = tuple(content.name for content in self.found.missing_members())
        if missing and (table := self.found.one(published.UNITS_TABLE)) is not None:
            self.problems.append(Problem("members-missing", table.name, None, None, {"missing": missing}))
        builder = IndexBuilder(file=unit_file.name, report=self.problems.append)
        self._read_beside(BEFORE_UNITS)
        self._read_endpoints(content)
        # Where the units' file has no day inside, all days can be known before it is read, and with them which rows beside it count.
        newest = None if content.tells_its_day else self._settle_days(unit_file, registration_file)
        if newest is not None:
            self._read_beside(OF_A_DAY, self._day(newest, unit_file))
        add = builder.add
        # What stands behind a number is filled in where the units' file has not all of it.
        numbers = content.knows("periods of location numbers") == "no"
        for record in self._units(content, unit_file, numbers=numbers):
            add(record)
        if not len(builder):
            raise ExtractError("holds no units; fetch it again", file=unit_file.name)
        if newest is None:
            newest = self._settle_days(unit_file, registration_file)
            self._read_beside(OF_A_DAY, newest)
        day = self._day(newest, unit_file)
        if self.as_of is not None and not self.found.has_complete_set and not builder.has_closed_units(newest):
            raise ExtractError(
                "as_of builds an earlier day from history, and this table has neither earlier periods nor closed units, as "
                "SorEntity_daily.csv; give Sor_complete.zip",
                file=unit_file.name,
            )
        endpoints = None if self.register is None else EndpointRegistrations().extend(self.register.registrations())
        registrations = None
        if registration_file is not None:
            registrations = self._registrations(*registration_file, on=newest, endpoints=endpoints)
        elif endpoints is not None:
            registrations = Registrations(endpoints=endpoints, is_loaded=False)
        beside = self._beside_of(content, day, newest, has_closed_units=builder.has_closed_units(day))
        index = builder.build(snapshot_date=day, registrations=registrations, beside=beside)
        if registrations is not None and registration_file is not None:
            if self.as_of is None:  # numbers of today need not be those of another day
                self.problems += numbers_without_unit(index, registrations, registration_file[0].name)
                early = ends_early(index, registrations.numbers(), file=registration_file[0].name)
                self.problems += [early] if early is not None else []
            self.problems += self._compared_registrations(registrations, registration_file[0], newest)
        if self.register is not None and endpoints is not None:
            if content.joined == UNITS and self.as_of is None:
                self.problems += self.register.left_over(index)
            self.problems += endpoints_without_unit(index, endpoints)
        self.problems += self.beside.left_over(index, day, numbers=self.as_of is None)
        for file, other in self.found.others(with_units(), unit_file):
            self.problems += compare_units(index, self._rows(other, file), file=file.name, taken=unit_file.name)
        return index, report_of(index, registrations, self.problems, self.days.sources)

    def _unit_file(self) -> tuple[SourceFile, Content]:
        taken = self.found.first(with_units())
        if taken is None and (files := self.found.files.get(published.ENDPOINT_REGISTER)):
            taken = files[0], published.ENDPOINT_REGISTER
        if taken is None:
            raise ExtractError(
                f"no file with units among the sources ({self.found.seen()}): give a Sor.xml, a sor.csv or the complete set"
            )
        if self.as_of is not None and not _has_history(taken[1]):
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
        # Many files of one content are one source where they lie in one archive or folder; bytes lie nowhere.
        lying = Counter((content, file.surroundings) for file, content in files if content.many_files)
        together: set[tuple[Content, str]] = set()
        for file, content in sorted(files, key=lambda one: first.index(one[0]) if one[0] in first else len(first)):
            name, place = None, (content, file.surroundings)
            if file.surroundings and lying[place] > 1:
                if place in together:
                    continue
                together.add(place)
                name = file.surroundings
            self.days.settle(file, content, *self._inside.get(file, _Inside()), has_units=file is unit_file, name=name)
        return self.days.snapshot_date(self.max_days_apart)

    def _beside_of(self, content: Content, day: dt.date, newest: dt.date, *, has_closed_units: bool) -> Beside:
        beside = self.beside
        return Beside(
            ceased_providers=beside.ceased_providers(),
            retired_shak_codes=beside.retired_shak_codes(day),
            shak_codes=beside.shak_codes(),
            shak_periods=beside.shak,
            code_words=beside.code_words,
            has_history=_has_history(content),
            not_known=facts_not_known(
                content,
                self.found.files,
                found_columns=self.found.found_columns,
                has_closed_units=has_closed_units,
            ),
            registrations_day=newest,
            rows_tell_of_numbers=content.is_table and not beside.tells_of_owners,
            location_of=beside.location_of,
        )

    def _rows(self, content: Content, file: SourceFile, *, on: dt.date | None = None) -> Iterator[Any]:
        """The records of a file, as its reader gives them."""
        given = {"columns": self.found.columns, "on": on, "types": self.beside.message_types}
        needs = (*content.needs, "columns") if content.is_table else content.needs
        with file.open(self._progress_of(file)) as stream:
            rows = content.read(
                stream, file=file.name, report=self.problems.append, **{name: given[name] for name in needs}
            )
            yield from rows
        if content.tells_its_day:
            self._inside[file] = _Inside(getattr(rows, "day", None), getattr(rows, "version", None))

    def _progress_of(self, file: SourceFile) -> Callable[[int], None] | None:
        progress = self.progress
        if progress is None:
            return None
        return lambda done: progress(file.name, done, file.size)

    def _units(self, content: Content, file: SourceFile, *, numbers: bool) -> Iterator[UnitRecord]:
        """The units, each with what the files beside them say of it."""
        register = self.register
        if content.joined != UNITS:
            return iter(()) if register is None else self.beside.join(register.units(), numbers=False)
        records = self.beside.join(self._rows(content, file), numbers=numbers)
        return records if register is None else register.join(records)

    def _read_endpoints(self, units: Content) -> None:
        """What the files of the endpoint register say together, before the units that they are joined to."""
        content = published.ENDPOINT_REGISTER
        files = self.found.files.get(content)
        if not files:
            return
        self.register = self.beside.endpoints
        self.register.report, self.register.environment = self.problems.append, self.environment
        self.register.settle()
        for code, words in self.register.code_words().items():
            self.beside.code_words.setdefault(code, words)
        if units is content and not any(one.is_unit for one in self.register.organizations):
            raise ExtractError(
                "holds no units of the endpoint register: give its Organizations too, or a file of SOR beside it",
                file=files[0].name,
            )

    def _registrations(
        self,
        file: SourceFile,
        content: Content,
        *,
        on: dt.date,
        endpoints: EndpointRegistrations | None = None,
    ) -> Registrations:
        return REGISTRATIONS[content.joined](Registrations(endpoints=endpoints), self._rows(content, file, on=on))

    def _compared_registrations(self, taken: Registrations, taken_file: SourceFile, on: dt.date) -> Iterator[Problem]:
        for file, content in self.found.others(with_registrations(), taken_file):
            yield from compare_registrations(
                taken, self._registrations(file, content, on=on), file=file.name, taken=taken_file.name
            )

    def _read_beside(self, ways: Container[str], day: dt.date | None = None) -> None:
        """The files that are joined to units in one of these ways, while those stream past or after them."""
        for content in published.FILES:
            if content.many_files and content.joined in ways:
                for one in self.found.files.get(content, ()):
                    self.beside.take(content.joined, self._rows(content, one), file=one.name, day=day)
            elif content.joined in ways and (file := self.found.one(content)) is not None:
                self.beside.take(content.joined, self._rows(content, file), file=file.name, day=day)


def _has_history(content: Content) -> bool:
    return content.knows("history of units") != "no"


_TOLD_BESIDE = frozenset(("registrations", "directions of registrations"))
"""What the endpoint register tells where the units are SOR's; what it says of units is then not looked at."""


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
    loaded = tuple(loaded)
    beside = published.ENDPOINT_REGISTER if units is not published.ENDPOINT_REGISTER else None
    told = [units, *(content for content in loaded if content not in with_units() and content is not beside)]
    columns = {content.key: fields for content, fields in found_columns.items()}
    missing = frozenset(not_known((content.key for content in told), columns))
    if beside in loaded:
        missing -= _TOLD_BESIDE
    # A table that has no closed unit may be one that leaves them out, whatever it is called; Sor.xml never does.
    return missing if has_closed_units or not units.is_table else missing | {CLOSED_UNITS}
