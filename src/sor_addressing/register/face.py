"""The register: the face of this library. How it is made and saved stands here, what it tells in the modules beside this one."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, BinaryIO, Literal, Self

from sor_addressing.clock import Clock, danish_today, day_number
from sor_addressing.errors import SnapshotError
from sor_addressing.identifiers import ProviderNumber
from sor_addressing.misspelt import suggests_arguments
from sor_addressing.register.allowances import AllowanceQuestions
from sor_addressing.register.letters import LetterQuestions
from sor_addressing.register.look_ups import LookUps
from sor_addressing.register.questions import Questions

if TYPE_CHECKING:
    from sor_addressing.extracts.tables.headers import ColumnMap
    from sor_addressing.index.lookup import Index
    from sor_addressing.index.report import LoadReport
    from sor_addressing.model import EndpointRegistration, Progress, RegistrationRecord, UnitRecord
    from sor_addressing.register.proposals.planned_rows import ChangePlan, PlanRow

Source = str | os.PathLike[str] | bytes | BinaryIO
"""A path to a file, an archive or a folder; the bytes of a file; or a file open for reading bytes."""

_SAMPLE_DAY = dt.date(2026, 1, 15)
_PLAN_ROWS = "plan_rows"
_SAMPLE = ""
"""The path of the sample, which every process has."""


class Register(LookUps, Questions, LetterQuestions, AllowanceQuestions):
    """The national register of health organisations (SOR) as one day's extract has it, in memory, ready to be asked.

    Make one with :meth:`load`, :meth:`open`, :meth:`from_records` or :meth:`sample`. It never changes and may be shared between threads.
    An opened one can be sent to another process, which opens the same file.
    What is looked up without a question stands in :class:`LookUps`, what is asked of recipients in :class:`Questions`, and of message files in
    :class:`LetterQuestions`, and what is asked beside an approval list in :class:`AllowanceQuestions`.

    >>> register = Register.sample()
    >>> register.snapshot_date
    datetime.date(2026, 1, 15)
    """

    __slots__ = ("__weakref__", "_clock", "_index", "_load_report", "_path", "_plan_rows")

    def __init__(
        self, index: Index, load_report: LoadReport | Callable[[], LoadReport], *, clock: Clock | None = None
    ) -> None:
        self._index = index
        self._load_report = load_report
        self._clock = clock or danish_today
        self._path: str | None = None
        self._plan_rows = 0

    @classmethod
    def load(
        cls,
        *sources: Source,
        message_types: Source | None = None,
        columns: ColumnMap | None = None,
        snapshot_date: dt.date | None = None,
        as_of: dt.date | None = None,
        max_days_apart: int = 14,
        environment: Literal["production", "pilot", "test"] | None = None,
        clock: Clock | None = None,
        progress: Progress | None = None,
    ) -> Register:
        """Read published files, each recognised by its content: any of them, several, an archive, or a folder with them.

        Units come from ``Sor.xml``, else from ``SOREntity.csv`` (or ``SorEntity_daily.csv``), else from ``sor.csv``; where several of these
        are there, what the others say differently is in :attr:`load_report`. Message types come from ``Edityper.csv``, else from the
        complete set. The other tables of the complete set, the SHAK register and the provider register are joined to the units. The endpoint
        register (EER) adds its registrations to those of SOR-EDI; alone it makes a small register of its own units.

        Args:
            sources: paths, folders, bytes or open binary files; together they hold at least one file with units.
            message_types: the file that joins location numbers to message types, where it is not among the sources.
            columns: for tables with other headers: field to header, or a TOML file that says so; ``sor-addressing columns FILE`` writes one.
            snapshot_date: the day of sources that don't tell it themselves.
            as_of: an earlier day to build from history: every unit as it was then; only for files that have history. Of location
                numbers the row of that day counts, where their table has days. Message types are those of today, and answers say so. The
                register's age counts from that day, so give a ``clock`` that stands still there.
            max_days_apart: so many days may lie between the files; a register of its own rhythm (SHAK, providers, EER) doesn't count.
            environment: which environment the files of the endpoint register (EER) are of, for they seldom say it: ``production``, ``pilot``
                or ``test``. What is of none counts as production; the policy's ``environment`` says which count.
            clock: tells today's date, by which the age of the register is measured; Danish time by default.
            progress: called while reading with file name, bytes read and bytes in all (None where not known).

        Raises:
            ExtractError: a file is missing, damaged, cut off, too large, or not what it should be; the text names file and line. Damage to
                single units refuses nothing: it is in :attr:`load_report`.
            PolicyError: ``columns`` names what doesn't exist.
        """
        from sor_addressing.loading.from_files import load_index

        if not sources:
            raise TypeError("give at least one source: a path to Sor.xml, a folder, bytes or an open file")
        index, report = load_index(
            sources,
            message_types=message_types,
            columns=columns,
            snapshot_date=snapshot_date,
            as_of=as_of,
            max_days_apart=max_days_apart,
            environment=environment,
            progress=progress,
        )
        return cls(index, report, clock=clock)

    @classmethod
    def open(cls, path: str | os.PathLike[str], *, clock: Clock | None = None) -> Register:
        """A compiled register, mapped into memory: open in a millisecond, shared by all processes that open it.

        Every answer is the one that the extract gives. Only the header is read and checked now; each part is checked
        when it is first touched.

        Args:
            path: a file that :meth:`save` wrote.
            clock: as for :meth:`load`.

        Raises:
            SnapshotError: there is no such file, it is no compiled register, it is damaged, or it has another layout. A
                damaged part raises the same when it is touched.
        """
        from sor_addressing.index.opening import count_among, open_compiled

        index, facts, report = open_compiled(path)

        def load_report() -> LoadReport:
            from sor_addressing.index.report import LoadReport

            return LoadReport.from_json(report())

        register = cls(index, load_report, clock=clock)
        register._plan_rows = count_among(facts, _PLAN_ROWS, path)
        register._path = os.path.abspath(path)  # noqa: PTH100 (importing pathlib costs a new process more than all else here)
        return register

    def __reduce__(self) -> tuple[Callable[..., Register], tuple[object, ...]]:
        """An opened register goes to another process as its path, and is opened there; the sample is made there."""
        if self._path == _SAMPLE:
            return Register.sample, ()
        if self._path is None:
            raise TypeError(
                "a register that was read from files does not pickle: save it, and send the one that Register.open gives"
            )
        clock = None if self._clock is danish_today else self._clock
        return _opened_again, (self._path, self.snapshot_date, clock)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def save(self, path: str | os.PathLike[str]) -> None:
        """Compile: write this register to a file that :meth:`open` maps into memory. The extract isn't needed any more.

        The file is written beside its place, verified and renamed, so that a reader sees the old one or the new one whole.

        Raises:
            SnapshotError: the file can't be written, or can't replace one that is open.
        """
        from sor_addressing.index.digests import make_digests
        from sor_addressing.index.saving import write_compiled
        from sor_addressing.search.columns import make_columns

        report = self.load_report
        facts = {f"source_{n}": source.to_line() for n, source in enumerate(report.sources, start=1)}
        if self._plan_rows:
            facts[_PLAN_ROWS] = str(self._plan_rows)
        kept = make_columns(self._index) | make_digests(self._index)
        write_compiled(self._index, path, facts=facts, report=report.to_json(), kept=kept)

    @classmethod
    @suggests_arguments
    def from_records(
        cls,
        units: Iterable[UnitRecord],
        registrations: Iterable[RegistrationRecord] | None = None,
        *,
        snapshot_date: dt.date,
        clock: Clock | None = None,
        ceased_providers: Mapping[str, dt.date] | None = None,
        endpoints: Iterable[EndpointRegistration] | None = None,
    ) -> Register:
        """A register of records that are at hand, such as those of the test kit. The records themselves stay as they are.

        Args:
            units: in the order that stands for the order of the extract; their identifiers in any spelling.
            registrations: message types on location numbers; None where none are loaded.
            snapshot_date: the register's day.
            clock: as for :meth:`load`; by default it stands still on the snapshot date.
            ceased_providers: provider number to its last day.
            endpoints: what the endpoint register (EER) says of location numbers; None where it isn't loaded.

        Raises:
            ValueError: an address or a contact does not have the parts that ``model.ADDRESS_FIELDS`` and ``CONTACT_FIELDS`` name.
        """
        from sor_addressing.index.records import with_canonical_identifiers
        from sor_addressing.loading.from_records import build_index

        ceased = {ProviderNumber.compact(number): last_day for number, last_day in (ceased_providers or {}).items()}
        index, report = build_index(
            map(with_canonical_identifiers, units),
            registrations,
            snapshot_date=snapshot_date,
            ceased_providers=ceased,
            endpoints=endpoints,
        )
        return cls(index, report, clock=clock or (lambda: snapshot_date))

    @classmethod
    def sample(cls) -> Register:
        """The small made-up register of the package: a recipient of every sort, none of them real. It stands still on its own day."""
        from importlib.resources import as_file, files

        folder = files("sor_addressing") / "sample"
        with as_file(folder / "Sor.xml") as units, as_file(folder / "Edityper.csv") as message_types:
            sample = cls.load(units, message_types=message_types, snapshot_date=_SAMPLE_DAY, clock=lambda: _SAMPLE_DAY)
        sample._path = _SAMPLE
        return sample

    def __repr__(self) -> str:
        try:
            size = f"{len(self)} units"
        except SnapshotError:  # a compiled file that is damaged, or was overwritten: whoever asks a question is told
            size = "damaged"
        planned = f", with a plan of {self._plan_rows} rows done" if self._plan_rows else ""
        return f"<Register of {self.snapshot_date}: {size}{planned}>"

    def with_changes(
        self,
        plan: ChangePlan | str | os.PathLike[str] | Iterable[PlanRow | Mapping[str, object]],
        *,
        on: dt.date | None = None,
    ) -> Register:
        """What if: another register, as this one would be with a plan done. Nothing is loaded again, and this one stays as it is.

        Everything but the registrations is shared. The rows are done in their order, so that two plans one after the other are the same as
        their rows together.

        Args:
            plan: a :class:`ChangePlan`, the path of one (CSV or TOML), or rows: :class:`PlanRow`, or mappings of its fields.
            on: rows that count from a later day are left out; every row is done where None.

        Raises:
            PlanError: the plan can't be read, a row can't mean anything, or this register has no message types.

        >>> from sor_addressing import Register
        >>> register = Register.sample()
        >>> later = register.with_changes([{"change": "remove", "format": "EDI", "location_number": "5790999000314"}])
        >>> str(register.validate("990001", "DIS91").outcome), str(later.validate("990001", "DIS91").outcome)
        ('supported', 'support_unknown')
        """
        from sor_addressing.register.proposals.overlay import lay_over
        from sor_addressing.register.proposals.planned_rows import ChangePlan

        self._index.check_standing()
        if on is not None:
            day_number(on)
        rows = [row for row in ChangePlan.of(plan) if row.holds_on(on)]
        changed = type(self)(lay_over(self._index, rows)[0], self._load_report, clock=self._clock)
        changed._plan_rows = self._plan_rows + len(rows)
        return changed

    @property
    def plan_rows(self) -> int:
        """How many rows of plans are done in this register; 0 where it is as it was published."""
        return self._plan_rows

    @property
    def snapshot_date(self) -> dt.date:
        """The day of the register: the oldest day of the files it was read from."""
        return self._index.snapshot_date

    @property
    def age_days(self) -> int:
        """Days from the snapshot date to today."""
        return self._clock().toordinal() - self._index.snapshot_day

    @property
    def has_message_types(self) -> bool:
        """Whether a file of message types was loaded; without one nothing is known of what anybody can receive."""
        return self._index.has_message_types

    @property
    def load_report(self) -> LoadReport:
        """Counts, sources, and every problem with its file, line and identifier."""
        report = self._load_report
        if callable(report):
            report = self._load_report = report()
        return report


def _opened_again(path: str, snapshot_date: dt.date, clock: Clock | None) -> Register:
    register = Register.open(path, clock=clock)
    if register.snapshot_date != snapshot_date:
        raise SnapshotError(
            f"{path}: is the register of {register.snapshot_date} by now; the one that was sent is of {snapshot_date}"
        )
    return register
