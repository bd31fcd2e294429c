"""The register: the face of this library. It loads, and passes each question to the floor that answers it."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, TypeVar, Unpack

from sor_addressing.addressing.policy import DEFAULT_POLICY, AddressingPolicy
from sor_addressing.addressing.question import Question
from sor_addressing.addressing.resolve import resolve
from sor_addressing.addressing.support import Direction, Side
from sor_addressing.addressing.validate import validate
from sor_addressing.clock import Clock, danish_today, day_number
from sor_addressing.identifiers import IdentifierKind, ProviderNumber
from sor_addressing.messages.catalogue import MessageType, catalogue
from sor_addressing.register.letter_questions import LetterQuestions

if TYPE_CHECKING:
    from sor_addressing.addressing.answers import Resolution
    from sor_addressing.addressing.recipients import Recipient
    from sor_addressing.addressing.verdicts import Verdict
    from sor_addressing.extracts.tables.headers import ColumnMap
    from sor_addressing.index.lookup import Index
    from sor_addressing.index.report import LoadReport
    from sor_addressing.index.unit import Unit
    from sor_addressing.model import RegistrationRecord, UnitRecord
    from sor_addressing.search.rules.filters import Filter, FilterFields
    from sor_addressing.search.rules.found import Found
    from sor_addressing.search.words.aliases import Aliases
    from sor_addressing.search.words.matches import Match

Source = str | os.PathLike[str] | bytes | BinaryIO
"""A path to a file, an archive or a folder; the bytes of a file; or a file open for reading bytes."""

Table = TypeVar("Table")
"""A table of pyarrow or polars."""

_SAMPLE_DAY = dt.date(2026, 1, 15)
_DIRECTIONS = {str(direction): direction for direction in Direction}


class Register(LetterQuestions):
    """The national register of health organisations (SOR) as one day's extract has it, in memory, ready to be asked.

    Make one with :meth:`load`, :meth:`from_records` or :meth:`sample`. It never changes and may be shared between threads.

    >>> register = Register.sample()
    >>> register.snapshot_date
    datetime.date(2026, 1, 15)
    """

    __slots__ = ("__weakref__", "_load_report")

    def __init__(
        self, index: Index, load_report: LoadReport | Callable[[], LoadReport], *, clock: Clock | None = None
    ) -> None:
        self._index = index
        self._load_report = load_report
        self._clock = clock or danish_today

    @classmethod
    def load(
        cls,
        *sources: Source,
        message_types: Source | None = None,
        columns: ColumnMap | None = None,
        snapshot_date: dt.date | None = None,
        as_of: dt.date | None = None,
        max_days_apart: int = 14,
        clock: Clock | None = None,
        progress: Callable[[str, int, int | None], None] | None = None,
    ) -> Register:
        """Read published files, each recognised by its content: any of them, several, an archive, or a folder with them.

        Units come from ``Sor.xml``, else from ``SOREntity.csv`` (or ``SorEntity_daily.csv``), else from ``sor.csv``; where several of these
        are there, what the others say differently is in :attr:`load_report`. Message types come from ``Edityper.csv``, else from the
        complete set. The other tables of the complete set, the SHAK register and the provider register are joined to the units.

        Args:
            sources: paths, folders, bytes or open binary files; together they hold at least one file with units.
            message_types: the file that joins location numbers to message types, where it is not among the sources.
            columns: for tables with other headers: field to header, or a TOML file that says so; ``sor-addressing columns FILE`` writes one.
            snapshot_date: the day of sources that don't tell it themselves.
            as_of: an earlier day to build from history: every unit as it was then; only for files that have history. Of location
                numbers the row of that day counts, where their table has days. Message types are those of today, and answers say so. The
                register's age counts from that day, so give a ``clock`` that stands still there.
            max_days_apart: so many days may lie between the files; a register of its own rhythm (SHAK, providers) doesn't count.
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
        from sor_addressing.index.opening import open_compiled

        index, _, report = open_compiled(path)

        def load_report() -> LoadReport:
            from sor_addressing.index.report import LoadReport

            return LoadReport.from_json(report())

        return cls(index, load_report, clock=clock)

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
        kept = make_columns(self._index) | make_digests(self._index)
        write_compiled(self._index, path, facts=facts, report=report.to_json(), kept=kept)

    @classmethod
    def from_records(
        cls,
        units: Iterable[UnitRecord],
        registrations: Iterable[RegistrationRecord] | None = None,
        *,
        snapshot_date: dt.date,
        clock: Clock | None = None,
        ceased_providers: Mapping[str, dt.date] | None = None,
    ) -> Register:
        """A register of records that are at hand, such as those of the test kit. The records themselves stay as they are.

        Args:
            units: in the order that stands for the order of the extract; their identifiers in any spelling.
            registrations: message types on location numbers; None where none are loaded.
            snapshot_date: the register's day.
            clock: as for :meth:`load`; by default it stands still on the snapshot date.
            ceased_providers: provider number to its last day.

        Raises:
            ValueError: an address or a contact does not have the parts that ``model.ADDRESS_FIELDS`` and ``CONTACT_FIELDS`` name.
        """
        from sor_addressing.index.records import with_canonical_identifiers
        from sor_addressing.loading.from_records import build_index

        ceased = {ProviderNumber.compact(number): last_day for number, last_day in (ceased_providers or {}).items()}
        index, report = build_index(
            map(with_canonical_identifiers, units), registrations, snapshot_date=snapshot_date, ceased_providers=ceased
        )
        return cls(index, report, clock=clock or (lambda: snapshot_date))

    @classmethod
    def sample(cls) -> Register:
        """The small made-up register of the package: a recipient of every sort, none of them real. It stands still on its own day."""
        from importlib.resources import as_file, files

        folder = files("sor_addressing") / "sample"
        with as_file(folder / "Sor.xml") as units, as_file(folder / "Edityper.csv") as message_types:
            return cls.load(units, message_types=message_types, snapshot_date=_SAMPLE_DAY, clock=lambda: _SAMPLE_DAY)

    def __repr__(self) -> str:
        return f"<Register of {self.snapshot_date}: {len(self)} units>"

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

    def resolve(
        self,
        identifier: str | None = None,
        *,
        sor_code: str | None = None,
        location_number: str | None = None,
        provider_number: str | None = None,
        shak_code: str | None = None,
        message_type: str | MessageType | None = None,
        on: dt.date | None = None,
        policy: AddressingPolicy | None = None,
    ) -> Resolution:
        """Who an identifier means: one recipient, or the reason why there is none.

        Give one identifier, either as it stands (its kind is found out) or by its kind's name.

        Args:
            identifier: in any spelling, with or without its system in front (``urn:oid:1.2.208.176.1.1|…``).
            sor_code: a SOR code.
            location_number: a location number.
            provider_number: a provider number, with or without leading zeros.
            shak_code: a SHAK code.
            message_type: shows for each candidate whether it can receive the type; never changes who is meant, unless the policy says so.
            on: the day; today by default.
            policy: what is accepted; the default policy where None.

        Raises:
            TypeError: none or several identifiers were given, or one that is not text.

        >>> Register.sample().resolve("no such thing").status
        <Status.MALFORMED: 'malformed'>
        """
        given = [
            (text, kind)
            for text, kind in (
                (identifier, None),
                (sor_code, IdentifierKind.SOR_CODE),
                (location_number, IdentifierKind.LOCATION_NUMBER),
                (provider_number, IdentifierKind.PROVIDER_NUMBER),
                (shak_code, IdentifierKind.SHAK_CODE),
            )
            if text is not None
        ]
        if len(given) != 1:
            raise TypeError(f"give one identifier to resolve, not {len(given)}")
        text, kind = given[0]
        if not isinstance(text, str):
            raise TypeError(f"an identifier is text, for leading zeros count; this is {type(text).__name__}")
        wanted = None if message_type is None else catalogue().parse(message_type)
        question = Question(text, kind, self._day(on), policy or DEFAULT_POLICY, wanted)
        return resolve(self._index, question)

    def validate(
        self,
        recipient: str | Unit | Resolution | Recipient,
        message_type: str | MessageType,
        *,
        direction: Side = "receive",
        on: dt.date | None = None,
        policy: AddressingPolicy | None = None,
    ) -> Verdict:
        """Whether a message type may be sent to a recipient, and why or why not.

        Args:
            recipient: an identifier in any spelling, or a unit, resolution or recipient; one from another register is resolved anew.
            message_type: in any spelling (``XDIS91``, ``DIS91 (D9134L)``, ``D9134L``), or a :class:`MessageType`.
            direction: the recipient's side: may it ``receive`` the type, or ``send`` it.
            on: the day; today by default.
            policy: what is accepted; the default policy where None.

        Raises:
            TypeError: the recipient is none of those.
            ValueError: the message type is blank, or the direction is neither.
        """
        today = self._clock().toordinal()
        return validate(
            self._index,
            recipient,
            message_type,
            direction=_DIRECTIONS.get(direction) or Direction(direction),
            day=today if on is None else day_number(on),
            today=today,
            policy=policy or DEFAULT_POLICY,
        )

    def validate_many(
        self,
        pairs: Iterable[tuple[str | Unit | Resolution | Recipient, str | MessageType]],
        *,
        direction: Side = "receive",
        on: dt.date | None = None,
        policy: AddressingPolicy | None = None,
    ) -> Iterator[Verdict]:
        """The verdicts on pairs of recipient and message type, in their order; a pair that comes again costs next to nothing.

        Streams: a pair is taken when its verdict is asked for. The day is settled when the first one is.
        """
        from sor_addressing.addressing.many import validate_many

        used = policy or DEFAULT_POLICY
        return validate_many(self._index, pairs, direction=direction, on=on, clock=self._clock, policy=used)

    def validate_table(
        self,
        table: Table,
        *,
        recipient: str = "recipient",
        message_type: str = "message_type",
        direction: Side = "receive",
        on: dt.date | None = None,
        policy: AddressingPolicy | None = None,
        prefix: str = "",
    ) -> Table:
        """A table with verdict columns beside each row: a day's traffic checked as a column operation. Needs the extra ``arrow``.

        Added are ``outcome``, ``deliverable``, ``status`` (of the resolution), ``sor_code``, ``location_number``, ``unit_certain``,
        ``send_as``, ``arrives_as``, ``conversion_by``, ``findings`` (the codes of all findings) and ``errors`` (those that stop the letter).
        A row without a recipient or a type is ``not_resolved``, with ``recipient-missing`` or ``message-type-missing`` in ``errors``.

        Args:
            table: a pyarrow ``Table``, ``RecordBatch`` or ``RecordBatchReader`` (streamed), or a polars ``DataFrame``; the same kind goes out.
            recipient: the column with identifiers, as text.
            message_type: the column with message types, as text.
            direction: as for :meth:`validate`.
            on: the day; today by default.
            policy: what is accepted; the default policy where None.
            prefix: goes in front of the names of the new columns.

        Raises:
            MissingExtra: pyarrow is not installed.
            TypeError: the table is of another kind, or one of its two columns holds no text.
            ValueError: the table lacks one of the two columns, or has one of the new ones already; or the direction is neither.
        """
        from sor_addressing.tables.arrow import validate_table

        ask = partial(self.validate_many, direction=Direction(direction), on=on, policy=policy)
        return validate_table(table, ask, recipient=recipient, message_type=message_type, prefix=prefix)

    def choose(
        self,
        recipient: str | Unit | Resolution | Recipient,
        message_types: Iterable[str | MessageType],
        *,
        on: dt.date | None = None,
        policy: AddressingPolicy | None = None,
    ) -> Verdict:
        """For a sender that can write a letter in several formats: which one to send.

        It is the verdict of the first type that is supported, else of the first that is converted, else of the first.

        Raises:
            TypeError: the types are one text.
            ValueError: there are no types to choose from.
        """
        from sor_addressing.addressing.many import choose

        return choose(lambda one: self.validate(recipient, one, on=on, policy=policy), message_types)

    def find(
        self,
        filter: Filter | None = None,  # noqa: A002 (what it is called everywhere)
        *,
        on: dt.date | None = None,
        policy: AddressingPolicy | None = None,
        limit: int | None = None,
        **fields: Unpack[FilterFields],
    ) -> Found:
        """Recipients by rule, for automatic choice: every address that a letter can go to on the day and whose units fit the filter.

        Args:
            filter: what is looked for; everything where None.
            on: the day; today by default.
            policy: what is accepted; the default policy where None.
            limit: how many to give at most; ``total`` of the answer is how many there are.
            fields: the fields of a :class:`Filter`, in place of one or beside it: ``message_type="XREF15"``, ``municipality="0101"`` and so on.

        Raises:
            FilterError: a field is asked for something that it can't mean; TypeError: there is no such field.
            ValueError: the limit is negative.

        >>> found = Register.sample().find(message_type="FDIS20", municipality="0901")
        >>> [recipient.name for recipient in found]
        ['Sygehusadviser, Grævlingelund Kommune']
        """
        from sor_addressing.search.rules.filters import Filter
        from sor_addressing.search.rules.find import find
        from sor_addressing.search.rules.found import Search

        wanted = (filter or Filter()).but(**fields)
        search = Search(self._index, wanted, self._day(on), self._clock().toordinal(), policy or DEFAULT_POLICY)
        return find(search, limit=limit)

    def search(
        self,
        text: str,
        *,
        limit: int = 10,
        filter: Filter | None = None,  # noqa: A002 (what it is called everywhere)
        on: dt.date | None = None,
        policy: AddressingPolicy | None = None,
        aliases: Aliases | Mapping[str, Iterable[str]] | None = None,
        **fields: Unpack[FilterFields],
    ) -> tuple[Match, ...]:
        """Units by what people call them, best match first, for a person to choose from.

        Words are looked for in names, in the names above (hospital and ward), types, specialities, streets, towns, postal codes,
        municipalities and everyday names, and numbers in identifiers, whole or in part. Spelling need not be right. Nothing is hidden:
        what can't be used comes after its equals that can, with the reason among its findings.

        Args:
            text: a few words, in any order; at most 500 characters.
            limit: how many matches to give at most.
            filter: units that don't fit it are left out.
            on: the day; today by default.
            policy: what is accepted; the default policy where None.
            aliases: everyday names by SOR code.
            fields: the fields of a :class:`Filter`, in place of one or beside it. ``message_type`` is another matter here: units that can
                receive it come before their equals that can't, and each match has a verdict on it; to leave the others out, give it
                in ``filter``.

        Raises:
            ValueError: the text is blank and there is no filter, or it is too long; the limit is below 1; or a SOR code of ``aliases`` is none.
            FilterError: a field is asked for something that it can't mean.

        >>> [match.name for match in Register.sample().search("sygehusadviser grævlingelund", limit=1)]
        ['Sygehusadviser, Grævlingelund Kommune']
        """
        from sor_addressing.search.rules.filters import Filter
        from sor_addressing.search.rules.narrowing import rows_matching
        from sor_addressing.search.words.aliases import aliases_of
        from sor_addressing.search.words.search import search

        message_type = fields.pop("message_type", None)
        day, used = self._day(on), policy or DEFAULT_POLICY
        wanted = (filter or Filter()).but(**fields)
        filtered = filter is not None or fields
        return search(
            self._index,
            text,
            limit=limit,
            message_type=message_type or wanted.message_type,
            day=day,
            today=self._clock().toordinal(),
            policy=used,
            allowed=rows_matching(self._index, wanted, day=day, policy=used) if filtered else None,
            aliases=aliases_of(aliases),
        )

    def _day(self, on: dt.date | None) -> int:
        return self._clock().toordinal() if on is None else day_number(on)
