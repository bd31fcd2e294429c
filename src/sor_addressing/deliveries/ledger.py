"""Deliveries remembered: :class:`DeliveryLedger`, one file that letters and receipts are added to again and again."""

from __future__ import annotations

import datetime as dt
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self

from sor_addressing.addressing.policy import AddressingPolicy, levels_of
from sor_addressing.addressing.severities import RawFinding, raw_finding
from sor_addressing.deliveries.answers import (
    Added,
    DeliveryState,
    Forgotten,
    LetterState,
    OverdueLetter,
)
from sor_addressing.deliveries.ids import Ids, family_of, key_of, reference_of
from sor_addressing.deliveries.moments import day_of, moment_of, span_of, told_moment
from sor_addressing.deliveries.rows import refusal_of, time_of, type_text
from sor_addressing.deliveries.standings import LastLetters, Standings
from sor_addressing.deliveries.waiting import CONVERTED, WaitingTimes
from sor_addressing.errors import DeliveryError, LetterError
from sor_addressing.identifiers import LocationNumber
from sor_addressing.messages.catalogue import MessageType, catalogue
from sor_addressing.messages.refusals import about_of

if TYPE_CHECKING:
    import sqlite3

    from sor_addressing.deliveries.causes import OnDay, RefusalCause
    from sor_addressing.deliveries.report.counting import DeliveryReport
    from sor_addressing.deliveries.sources import Deliverable
    from sor_addressing.register.face import Register

Now = Callable[[], float]
"""Something that tells the time, in seconds since 1970."""


class DeliveryLedger:
    """Letters that left and what came back, kept in one file.

    Kept are parties, types, times and the codes of refusals; ids of letters only as keyed hashes, the key in a file beside it. What is
    added twice counts once, in whatever order files come. Several processes may add at once; one that is killed loses at most its last file.

    Args:
        path: the file; it is made when something is first added.
        waiting: how long a receipt is waited for; as published where None, which says nothing for letters that go by plain VANS.
        now: tells the time; the system's clock by default.
        read_only: never writes, and finds an error where the file is not there.

    >>> from tempfile import TemporaryDirectory
    >>> from sor_addressing.testing import MadeUpLetter, oioxml_of
    >>> with TemporaryDirectory() as folder, DeliveryLedger(f"{folder}/deliveries.sqlite") as ledger:
    ...     added = ledger.add(oioxml_of(MadeUpLetter()))
    ...     added.letters, ledger.state("5790999000024", "XDIS91").sent.isoformat()
    (1, '2026-01-15T09:30:00+01:00')
    """

    _connection: sqlite3.Connection | None = None

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        waiting: WaitingTimes | None = None,
        now: Now | None = None,
        read_only: bool = False,
    ) -> None:
        self.path = Path(path)
        self.waiting = WaitingTimes.shipped() if waiting is None else waiting
        self.read_only = read_only
        self._now = time.time if now is None else now
        self._seconds = self.waiting.seconds
        self._lock = threading.RLock()
        self._opened: tuple[int, int, int] | None = None
        self._ids: Ids | None = None
        self._standings = Standings()

    def __repr__(self) -> str:
        return f"<DeliveryLedger {str(self.path)!r}{' read only' if self.read_only else ''}>"

    def __reduce__(self) -> tuple[Callable[..., DeliveryLedger], tuple[object, ...]]:
        """Goes to another process as its path, and is opened there."""
        if self._now is not time.time:
            raise TypeError("a ledger with a clock of its own does not pickle: send its path, and make it there")
        return _opened_again, (str(self.path), self.waiting, self.read_only)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        self._disconnect()  # Python warns of a connection that nobody closed; this one is let go with its ledger

    def close(self) -> None:
        """Let the file go; it is opened again when it is asked next."""
        with self._lock:
            self._disconnect()
            self._ids = None
            self._standings.let_go()

    def _disconnect(self) -> None:
        """Close the connection, which only the process may do that opened it."""
        connection, self._connection = self._connection, None
        if connection is not None and self._opened is not None and self._opened[2] == os.getpid():
            connection.close()

    def add(
        self,
        source: Deliverable | Iterable[Deliverable],
        *,
        senders: Iterable[str] | None = None,
    ) -> Added:
        """Take in letters that left and receipts that came back; what is known already changes nothing.

        Read are all formats of :func:`read_message_header`, and AuditEvents of EHMI's delivery status as JSON. Files count one by one: what was
        added before a process ends stays.

        Args:
            source: one of those, or several: a path to a message file, a folder, an archive, or a pattern; bytes of a message; a header or report.
            senders: letters of others than these location numbers are passed over; nobody's where None.

        Raises:
            NotWritten: the disk is full, or the file may not be written; what was there stays.
            DeliveryError: the ledger is damaged, of a later version, or without its key.
            TypeError: the source is none of those.
        """
        from sor_addressing.deliveries.schema import sound_rows
        from sor_addressing.deliveries.settling import settle, settle_strays
        from sor_addressing.deliveries.sources import batches
        from sor_addressing.deliveries.taking import Taker

        if self.read_only:
            raise DeliveryError(
                "this ledger is open to read only; open it without read_only to add", file=str(self.path)
            )
        wanted = None if senders is None else frozenset(senders)
        letters = receipts = known = passed_over = 0
        unreadable: list[tuple[str, LetterError]] = []
        with self._lock:
            for batch in batches(source, unreadable):
                with self._writing() as (connection, ids):
                    taker = Taker(connection, ids, wanted)
                    for header, converted in batch:
                        taker.take(header, converted=converted)
                    with sound_rows(self.path):
                        settle(connection, taker.letters)
                letters, receipts = letters + taker.new_letters, receipts + taker.new_receipts
                known, passed_over = known + taker.known, passed_over + taker.passed_over
            with self._writing() as (connection, _), sound_rows(self.path):
                settle_strays(connection)
            self._standings.look_again()
        return Added(letters, receipts, known, passed_over, tuple(unreadable))

    def state(self, number: str, message_type: str | MessageType) -> DeliveryState:
        """How letters of a type to a location number fared: last sent, answered, refused and why, overdue.

        Raises:
            DeliveryError: there is no ledger, or it is damaged.
            MalformedMessageType: the type is blank.
        """
        asked, number = catalogue().parse(message_type), LocationNumber.compact(number)
        found = self._standing(number, family_of(asked))
        if found is None:
            return DeliveryState(number=number, message_type=asked.text)
        waits = self._waits(found)
        return DeliveryState(
            number=number,
            message_type=asked.text,
            sent=moment_of(found.sent),
            answered=moment_of(found.positive),
            refusal=refusal_of(
                found.code, found.version, found.refused, found.came, found.reason, found.layer, found.sure
            ),
            last_refused=bool(found.last_is_refused),
            waiting_since=moment_of(waits[0]) if waits else None,
            due=moment_of(waits[1]) if waits else None,
            overdue=bool(waits and waits[1] is not None and waits[1] < self._now()),
        )

    def said_of(
        self, number: str, message_type: MessageType, policy: AddressingPolicy, *, converted: bool = False
    ) -> tuple[RawFinding, ...]:
        """The findings on the last letters of a type to a location number: ``last-delivery-refused`` and ``receipt-overdue``.

        Args:
            number: the location number.
            message_type: the type; letters of its family count.
            policy: the severity of each finding.
            converted: whether somebody converts on the way, which takes longer.
        """
        found = self._standing(number, message_type.family or family_of(message_type))
        if found is None:
            return ()
        raws: tuple[RawFinding, ...] = ()
        levels = levels_of(policy)
        if found.last_is_refused:
            raws = (
                raw_finding(
                    levels,
                    "last-delivery-refused",
                    number,
                    type_text(found.code, found.version),
                    day_of(found.came) if found.came is not None else None,
                    found.reason or "",
                    about_of(found.reason or ""),
                    bool(found.sure),
                ),
            )
        if found.waiting:
            waits = self._waits(found, converted=converted)
            if waits is not None and waits[1] is not None and waits[1] < self._now():
                raws = (
                    *raws,
                    raw_finding(
                        levels, "receipt-overdue", number, message_type.text, time_of(waits[0]), time_of(waits[1])
                    ),
                )
        return raws

    def overdue(self, among: Deliverable | Iterable[Deliverable] | None = None) -> tuple[OverdueLetter, ...]:
        """The letters that wait for their receipt longer than the rules say, those that wait longest first.

        Args:
            among: message files, to tell which of them hold these letters: the ledger itself keeps no names of files.
        """
        now = self._now()
        files = {one.reference: one.file for one in self.letters(among)} if among is not None else {}
        found = []
        with self._reading() as connection:
            for case, seconds in self._seconds.items():
                if seconds is None:
                    continue
                found += [
                    OverdueLetter(
                        reference=reference_of(name),
                        sender=sender,
                        receiver=receiver,
                        message_type=type_text(code, version),
                        sent=told_moment(sent),
                        due=told_moment(sent + seconds),
                        times=times,
                        waiting=self.waiting.of(case),
                        file=files.get(reference_of(name)),
                    )
                    for name, sender, receiver, code, version, sent, times in connection.execute(
                        "SELECT name, sender, receiver, code, version, sent, sendings FROM letter"
                        " WHERE state = 0 AND wanted = 1 AND waits = ? AND sent < ?",
                        (case, now - seconds),
                    )
                ]
        return tuple(sorted(found, key=lambda one: (one.due, one.reference)))

    def letters(self, source: Deliverable | Iterable[Deliverable]) -> tuple[LetterState, ...]:
        """How the letters in message files fared, in their order; receipts are passed over, and files that can't be read come last.

        Args:
            source: as for :meth:`add`.
        """
        from sor_addressing.deliveries.rows import letter_state
        from sor_addressing.deliveries.sources import batches
        from sor_addressing.deliveries.taking import named_letter

        found = []
        unreadable: list[tuple[str, LetterError]] = []
        headers = [header for batch in batches(source, unreadable) for header, _ in batch]
        with self._reading() as connection:
            ids = self._ids_of(connection)
            for header in headers:
                known = named_letter(ids, header) if header.answered is None else None
                if known is None:
                    continue
                row = connection.execute(
                    "SELECT code, version, sent, sendings, state, answered, reason, layer, sure FROM letter WHERE name = ?",
                    (known.name,),
                ).fetchone()
                found.append(letter_state(header, known.receiver, reference_of(known.name), row))
        for file, error in unreadable:
            found.append(LetterState(reference="", file=file, receiver="", message_type="", error=error))
        return tuple(found)

    def refusals(
        self, by: str | Iterable[str] = ("receiver", "type", "reason"), *, register: Register | None = None
    ) -> DeliveryReport:
        """The refusals, counted: :meth:`report` of what was refused alone, the most frequent first."""
        return self.report(by, register=register).refused()

    def report(
        self,
        by: str | Iterable[str] = ("receiver", "type"),
        *,
        register: Register | None = None,
        since: dt.date | None = None,
        until: dt.date | None = None,
    ) -> DeliveryReport:
        """Rates of refusal and answer, and how long receipts take, by what letters have in common.

        Args:
            by: ``receiver``, ``sender``, ``type``, ``code``, ``week``, ``reason``, ``about``, ``by``; with a register also ``name``, ``system``,
                ``supplier``, ``operator`` and ``region`` of the receiver. One or several.
            register: says what the receivers have.
            since: the first day of letters that count.
            until: the last day.

        Raises:
            ValueError: letters are not counted by that, or it takes a register.
            TypeError: ``since`` or ``until`` is no day.
        """
        from sor_addressing.deliveries.report.counting import check_by, counted

        names = (by,) if isinstance(by, str) else tuple(by)
        check_by(names, register)
        span, now = span_of(since, until), self._now()
        with self._reading() as connection:
            return counted(connection, names, self._seconds, now, register, span)

    def causes(self, register: Register, on_day: OnDay | None = None) -> tuple[RefusalCause, ...]:
        """Refusals that speak of the address, beside what the register says today and said on that day; the last one of each receiver and type.

        Args:
            register: today's.
            on_day: gives the register as it was known on a day, such as ``store.on``; today's alone where None.
        """
        from sor_addressing.deliveries.causes import causes_of, refusals_of_addresses

        with self._reading() as connection:
            refused = refusals_of_addresses(connection)
        return causes_of(refused, register, on_day)

    def forget(self, days: int, *, on: dt.date | None = None) -> Forgotten:
        """Forget all letters and receipts older than so many days, for good: nothing of them is left in the file.

        Args:
            days: how many days are kept.
            on: the day to count from; today by default.

        Raises:
            ValueError: it is no number of days.
            DeliveryError: today is more than a year after all letters: the clock may be wrong, and ``on`` says that it isn't.
            NotWritten: the file can't be written.
        """
        from sor_addressing.deliveries.forgetting import compact, day_before, forget
        from sor_addressing.deliveries.schema import sound_rows, told

        if self.read_only:
            raise DeliveryError(
                "this ledger is open to read only; open it without read_only to forget", file=str(self.path)
            )
        now = self._now()
        before = day_before(days, on, now)
        with self._lock:
            with self._reading():
                pass  # that it is there
            with self._writing() as (connection, _), sound_rows(self.path):
                done = forget(connection, self.path, before, trusted=on is not None, now=now)
            self._standings.let_go()
            with told(self.path):
                compact(self._open(), self.path)
        return done

    @classmethod
    def rebuild(
        cls,
        path: str | os.PathLike[str],
        source: Deliverable | Iterable[Deliverable],
        *,
        senders: Iterable[str] | None = None,
        waiting: WaitingTimes | None = None,
    ) -> Added:
        """Make a ledger anew from message files, in place of one that is damaged; its key is kept where it is still there.

        Raises:
            NotWritten: it can't be written; what was there stays.
        """
        from sor_addressing.deliveries.forgetting import rebuild

        def add(place: Path) -> Added:
            with cls(place, waiting=waiting) as ledger:
                return ledger.add(source, senders=senders)

        return rebuild(Path(path), add)

    def _standing(self, number: str, subject: str) -> LastLetters | None:
        standings = self._standings
        if standings.is_fresh:
            return standings.get(number, subject)
        with self._reading() as connection:
            standings.refresh(connection)
            return standings.get(number, subject)

    def _waits(self, found: LastLetters, *, converted: bool = False) -> tuple[int, int | None] | None:
        """Since when the letter waits that is overdue first, and when its receipt is due."""
        waits: list[tuple[int, int | None]] = []
        for case, since in found.waiting:
            seconds = self._seconds[case]
            if converted and seconds is not None:
                seconds = max(seconds, self._seconds[CONVERTED] or 0)
            waits.append((since, None if seconds is None else since + seconds))
        return min(waits, key=lambda one: (one[1] is None, one[1] or 0, one[0]), default=None)

    def _open(self, *, may_make: bool = False) -> sqlite3.Connection:
        """The database, opened anew where it was replaced, or where this is another process than opened it."""
        from sor_addressing.deliveries.schema import open_database

        try:
            about = os.stat(self.path)  # noqa: PTH116 (each time that the ledger is asked)
            here = (about.st_dev, about.st_ino, os.getpid())
        except (OSError, ValueError):
            here = None
        if self._connection is not None and here != self._opened:
            self.close()
        if self._connection is None:
            self._connection = open_database(self.path, read_only=self.read_only or (here is None and not may_make))
            about = os.stat(self.path)  # noqa: PTH116
            self._opened = (about.st_dev, about.st_ino, os.getpid())
        return self._connection

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        from sor_addressing.deliveries.schema import sound_rows, told

        with self._lock, told(self.path), sound_rows(self.path):
            connection = self._open()
            if connection.in_transaction:
                yield connection
                return
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    @contextmanager
    def _writing(self) -> Iterator[tuple[sqlite3.Connection, Ids]]:
        """A transaction; nothing of it stays where it does not come to its end."""
        from sor_addressing.deliveries.schema import told

        with self._lock, told(self.path):
            connection = self._open(may_make=True)
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection, self._ids_of(connection)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def _ids_of(self, connection: sqlite3.Connection) -> Ids:
        if self._ids is None:
            self._ids = Ids(key_of(connection, self.path))
        return self._ids


def _opened_again(path: str, waiting: WaitingTimes, read_only: bool) -> DeliveryLedger:
    return DeliveryLedger(path, waiting=waiting, read_only=read_only)
