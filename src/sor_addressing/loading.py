"""From files to an index: each source recognised by its content, read, joined, and its day settled."""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

import attrs

from sor_addressing.errors import ExtractError
from sor_addressing.extracts.detect import Content, recognise
from sor_addressing.extracts.headers import ColumnMap
from sor_addressing.extracts.message_types import read_message_types
from sor_addressing.extracts.sor_xml import SorXmlReader
from sor_addressing.extracts.sources import SourceFile, name_of, source_files, type_of_source
from sor_addressing.index.build import Beside, IndexBuilder
from sor_addressing.index.lookup import Index
from sor_addressing.index.records import without_control_characters
from sor_addressing.index.registrations import Registrations
from sor_addressing.index.report import LoadReport, count
from sor_addressing.model import Problem, RegistrationRecord, SourceDay, UnitRecord

Progress = Callable[[str, int, int | None], None]
"""Called while reading with the file's name, bytes read so far, and bytes in all where that is known."""


_PASSED_OVER = "file-not-recognised"


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Nothing made while building is part of a cycle, so looking for cycles only costs."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@attrs.define(slots=True)
class _Loading:
    columns: ColumnMap | None
    given_day: dt.date | None
    progress: Progress | None
    problems: list[Problem] = attrs.field(factory=list)
    sources: list[SourceDay] = attrs.field(factory=list)

    def recognised(
        self, sources: Iterable[type_of_source], *, expected: Content | None = None
    ) -> list[tuple[SourceFile, Content]]:
        """The files in ``sources`` and what each is; others of a folder or archive are passed over and reported.

        Where message types are ``expected``, a table is read as such whatever its header, so that an error can name the columns.
        """
        found: list[tuple[SourceFile, Content]] = []
        for source in sources:
            before = len(found)
            passed_over = []
            for file in source_files(source):
                try:
                    found.append((file, self._content(file, expected)))
                except ExtractError as error:
                    if file.explicit:
                        raise
                    passed_over.append(error)
            if len(found) == before:
                reasons = "; ".join(str(error) for error in passed_over[:3])
                raise ExtractError(
                    f"holds no extract; what it holds is none of the published files: {reasons}", file=name_of(source)
                )
            self.problems += [
                Problem(_PASSED_OVER, error.file or "", None, None, {"reason": error.reason}) for error in passed_over
            ]
        return found

    def _content(self, file: SourceFile, expected: Content | None) -> Content:
        with file.open() as stream:
            return recognise(
                stream.head(), file=file.name, columns=self.columns, expected=expected if file.explicit else None
            )

    def seen(self, found: Iterable[tuple[SourceFile, Content]]) -> str:
        """What there was, for an error: files and what they are, and those that were passed over and why."""
        files = [f"{file.name} is a {content}" for file, content in found]
        passed_over = [f"{one.file}: {one.details['reason']}" for one in self.problems if one.code == _PASSED_OVER]
        return "; ".join(files + passed_over[:3])

    def units(self, file: SourceFile, builder: IndexBuilder) -> None:
        with file.open(self._progress_of(file)) as stream:
            reader = SorXmlReader(stream, file=file.name, report=self.problems.append)
            add = builder.add
            for record in reader:
                add(record)
        self._settle_day(file, Content.SOR_XML, reader.snapshot_date, layout=reader.version)

    def registrations(self, file: SourceFile) -> Registrations:
        registrations = Registrations()
        with file.open(self._progress_of(file)) as stream:
            for record in read_message_types(stream, file=file.name, columns=self.columns, report=self.problems.append):
                registrations.add(record)
        self._settle_day(file, Content.MESSAGE_TYPES, None)
        return registrations

    def _progress_of(self, file: SourceFile) -> Callable[[int], None] | None:
        progress = self.progress
        if progress is None:
            return None
        return lambda done: progress(file.name, done, file.size)

    def _settle_day(
        self, file: SourceFile, content: Content, inside: dt.date | None, layout: str | None = None
    ) -> None:
        """The day of a source: inside the file, as given, of the zip member, of the file; the last two are only assumed."""
        given = self.given_day
        if inside is not None:
            day, origin = inside, "file"
            if given is not None and given != inside:
                details = {"given": given.isoformat(), "inside": inside.isoformat()}
                self.problems.append(Problem("snapshot-date-differs", file.name, None, None, details))
        elif given is not None:
            day, origin = given, "argument"
        elif file.day is not None:
            day, origin = file.day, file.origin
            details = {"day": day.isoformat(), "origin": origin}
            self.problems.append(Problem("snapshot-date-assumed", file.name, None, None, details))
        else:
            self.problems.append(Problem("snapshot-date-unknown", file.name))
            self.sources.append(SourceDay(file.name, content, None, "unknown", layout, file.digest()))
            return
        self.sources.append(SourceDay(file.name, content, day, origin, layout, file.digest()))

    def snapshot_date(self) -> dt.date:
        """The oldest day of the sources; the units' own day has to be known."""
        if self.sources[0].day is None:
            raise ExtractError("nothing tells the day of the extract: give snapshot_date=", file=self.sources[0].file)
        return min(source.day for source in self.sources if source.day is not None)


def load_index(
    sources: Iterable[type_of_source],
    *,
    message_types: type_of_source | None = None,
    columns: ColumnMap | None = None,
    snapshot_date: dt.date | None = None,
    as_of: dt.date | None = None,
    progress: Progress | None = None,
) -> tuple[Index, LoadReport]:
    """Read ``sources`` and build the index; what :meth:`Register.load` does.

    Raises:
        ExtractError: a file can't be read as what it should be, or the files together don't make a register.
    """
    if as_of is not None:
        raise ExtractError(
            "as_of builds an earlier day from history, and none of these files has history; "
            "ask with on= for what can be said of another day"
        )
    loading = _Loading(columns, snapshot_date, progress)
    with _without_garbage_collection():
        found = loading.recognised(sources)
        if message_types is not None:
            given = loading.recognised([message_types], expected=Content.MESSAGE_TYPES)
            found += [_must_be_message_types(one) for one in given]
        unit_file = _only([file for file, content in found if content is Content.SOR_XML], "units")
        type_file = _only([file for file, content in found if content is Content.MESSAGE_TYPES], "message types")
        if unit_file is None:
            raise ExtractError(f"no file with units among the sources ({loading.seen(found)}): give a Sor.xml")
        builder = IndexBuilder(file=unit_file.name, report=loading.problems.append)
        loading.units(unit_file, builder)
        registrations = None if type_file is None else loading.registrations(type_file)
        index = builder.build(snapshot_date=loading.snapshot_date(), registrations=registrations)
        if registrations is not None and type_file is not None:
            loading.problems += _numbers_without_unit(index, registrations, type_file.name)
        return index, _report(index, registrations, loading.problems, loading.sources)


def build_index(
    units: Iterable[UnitRecord],
    registrations: Iterable[RegistrationRecord] | None,
    *,
    snapshot_date: dt.date,
    ceased_providers: Mapping[str, dt.date] | None = None,
) -> tuple[Index, LoadReport]:
    """Build the index from records that are at hand; what :meth:`Register.from_records` does."""
    problems: list[Problem] = []
    with _without_garbage_collection():
        builder = IndexBuilder(file="<records>", report=problems.append)
        for record in units:
            builder.add(without_control_characters(record))
        gathered = None if registrations is None else Registrations().extend(registrations)
        beside = Beside(ceased_providers=ceased_providers or {})
        index = builder.build(snapshot_date=snapshot_date, registrations=gathered, beside=beside)
        if gathered is not None:
            problems += _numbers_without_unit(index, gathered, "<records>")
        source = SourceDay("<records>", "records", snapshot_date, "argument")
        return index, _report(index, gathered, problems, [source])


def _must_be_message_types(found: tuple[SourceFile, Content]) -> tuple[SourceFile, Content]:
    file, content = found
    if content is not Content.MESSAGE_TYPES:
        raise ExtractError(
            f"given as message_types, but it is a {content}; give the file that joins location numbers to message types",
            file=file.name,
        )
    return found


def _only(files: list[SourceFile], what: str) -> SourceFile | None:
    if len(files) > 1:
        names = ", ".join(file.name for file in files)
        raise ExtractError(
            f"{len(files)} files hold {what}: {names}; give one of them, for which is meant can't be guessed"
        )
    return files[0] if files else None


def _numbers_without_unit(index: Index, registrations: Registrations, file: str) -> Iterator[Problem]:
    for number in registrations.numbers():
        if not index.holds_number(index.number_of(number)):
            yield Problem("registration-without-unit", file, registrations.first_line[number] or None, number)


def _report(
    index: Index, registrations: Registrations | None, problems: list[Problem], sources: list[SourceDay]
) -> LoadReport:
    unknown = {} if registrations is None else registrations.unknown_types
    counts = count(index, unknown_types=len(unknown), problems=len(problems))
    return LoadReport(index.snapshot_date, tuple(sources), counts, unknown, tuple(problems))
