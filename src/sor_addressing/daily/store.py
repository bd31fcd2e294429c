"""The store: the registers of the last days in a folder, renewed every day, the newest open in a millisecond."""

from __future__ import annotations

import datetime as dt
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sor_addressing.daily.days import DayFolders, StoredDay, day_in
from sor_addressing.daily.disk import disk_errors, reading_errors
from sor_addressing.daily.home import home_of, no_home
from sor_addressing.errors import SnapshotError, StoreError
from sor_addressing.misspelt import suggests_fields
from sor_addressing.register.face import Register

# Whoever only opens the newest register imports nothing that updating needs.
if TYPE_CHECKING:
    from logging import Logger

    from sor_addressing.changes.life import Life
    from sor_addressing.clock import Clock
    from sor_addressing.daily.guard import GuardPolicy
    from sor_addressing.daily.origin import Origin
    from sor_addressing.daily.outcomes import StoreState, UpdateResult
    from sor_addressing.extracts.tables.headers import ColumnMap
    from sor_addressing.model import Progress

_told: set[str] = set()


@suggests_fields
class RegisterStore:
    """The registers of the last days, in a folder that many processes may share.

    A process that asks opens what is there; one that updates adds a day and points to it, so that nobody ever waits or sees half of one.

    Args:
        home: the folder; else the environment's ``SOR_ADDRESSING_HOME``, else the place that the system has for a user's data.
        origin: where extracts come from; by default the complete set of SOR2 from the publisher's site (needs the extra ``fetch``), or
            from where the file that ``SOR_ADDRESSING_PUBLISHER`` names says (see :meth:`Publisher.load`).
        policy: what a new extract may have lost and is still taken.
        columns: for tables with other headers, as for ``Register.load``; an origin that is a folder needs them too.
        max_days_apart: so many days may lie between the files of an extract, as for ``Register.load``.
        keep_days: the last extract of each of so many days stays; the current, the one before it and the pinned one always do.
        clock: tells today's date, as for ``Register.open``.
        lock_seconds: how long an update waits for another that is under way.

    >>> from tempfile import TemporaryDirectory
    >>> from sor_addressing.daily import FolderOrigin
    >>> from sor_addressing.testing import sample_extract
    >>> with TemporaryDirectory() as mirror, TemporaryDirectory() as home:
    ...     _ = sample_extract().write(mirror)
    ...     store = RegisterStore(home, origin=FolderOrigin(mirror))
    ...     first, second = store.update(), store.update()
    ...     day = store.latest().snapshot_date
    >>> str(first.state), str(second.state), day
    ('renewed', 'unchanged', datetime.date(2026, 1, 15))
    """

    def __init__(
        self,
        home: str | os.PathLike[str] | None = None,
        *,
        origin: Origin | None = None,
        policy: GuardPolicy | None = None,
        columns: ColumnMap | None = None,
        keep_days: int = 14,
        max_days_apart: int = 14,
        clock: Clock | None = None,
        lock_seconds: float = 3600,
    ) -> None:
        if keep_days < 1:
            raise ValueError(f"keep_days is {keep_days}: at least the current day stays, so give 1 or more")
        self._home = home_of(home)
        self._origin = origin
        self._policy = policy
        self._columns = columns
        self._keep_days = keep_days
        self._max_days_apart = max_days_apart
        self._clock = clock
        self._lock_seconds = lock_seconds

    def __repr__(self) -> str:
        return f"<RegisterStore at {self._home or 'no home'}>"

    @property
    def home(self) -> Path:
        """The folder of the store, whether it is there yet or not.

        Raises:
            StoreError: none was given, and the system knows no place for this user's data.
        """
        if self._home is None:
            raise no_home()
        return self._home

    @property
    def has_home(self) -> bool:
        """Whether there is a place for the store: one was given, or the system knows one."""
        return self._home is not None

    @property
    def _folders(self) -> DayFolders:
        return DayFolders(self.home)

    def update(self, *, accept: bool = False, progress: Progress | None = None) -> UpdateResult:
        """Fetch the newest extract, compile it, and make it current; or keep the old one and say why.

        An origin out of reach, an extract that can't be read, and one that lost too much are results, not errors: the old register stays.
        Two updates at once end well: the second waits, and tells what the first came to.

        Args:
            accept: take what the guard holds back: the extract that lies ready since an earlier update, else the newest.
            progress: called with a file's name, its bytes so far, and its size where that is known, while fetching and while reading.

        Raises:
            StoreError: the store can't be written, or another update does not end. What was current stays so.
            MissingExtra: the origin needs a package that is not installed.
        """
        from sor_addressing.daily.guard import latest_day
        from sor_addressing.daily.journal import Journal
        from sor_addressing.daily.lock import exclusive
        from sor_addressing.daily.renewal import Renewal, result_of_another

        folders, origin, policy = self._folders, self._given_origin(), self._given_policy()
        with disk_errors(self.home):
            self.home.mkdir(parents=True, exist_ok=True)
            seen = Journal.read(folders.journal).updates
            lock = partial(exclusive, folders.lock, seconds=self._lock_seconds)
            renewal = Renewal(
                folders,
                origin,
                policy,
                self._keep_days,
                accept,
                progress,
                columns=self._columns,
                max_days_apart=self._max_days_apart,
                today=latest_day(self._clock),
            )
            result = renewal.take_held(lock) if accept and folders.held() else None
            if result is None:
                with exclusive(folders.fetch_lock, seconds=self._lock_seconds):
                    journal = Journal.read(folders.journal)
                    if journal.updates != seen and not (accept and folders.held()):
                        return result_of_another(journal, folders)
                    result = renewal.run(lock)
        tell = _log().warning if result.reasons else _log().info
        tell("%s: %s", self.home, result.text())
        return result

    def update_in_memory(
        self,
        *,
        previous: Register | None = None,
        accept: bool = False,
        progress: Progress | None = None,
    ) -> Register:
        """The newest register without writing to the store: for a disk that is full or can't be written, or where there is no home.

        Where nothing can be fetched, or the guard holds it back, it is ``previous``, else what the store has.

        Args:
            previous: the register that the new one is to follow; what the store has by default.
            accept: take what the guard would hold back.
            progress: as for :meth:`update`.

        Raises:
            StoreError: nothing can be fetched, and there is nothing else.
        """
        from sor_addressing.daily.in_memory import newest_in_memory

        return newest_in_memory(
            self._given_origin(),
            old=self._serving_or_none() if previous is None else previous,
            policy=None if accept else self._given_policy(),
            clock=self._clock,
            progress=progress,
            columns=self._columns,
            max_days_apart=self._max_days_apart,
        )

    def latest(self, *, verify: bool = False) -> Register:
        """The register that is current, or the one that the store is pinned to; mapped into memory, open in a millisecond.

        Where the current one is damaged, it is the last good one; that is logged once. An update puts it right.

        Args:
            verify: check every byte now, for services that will keep it for the day; by default each part is checked when it is first
                touched, and raises then.

        Raises:
            StoreError: there is none that can be opened; the text says what to do.
        """
        return self.serving(verify=verify)[1]

    def serving(self, *, verify: bool = False) -> tuple[str, Register]:
        """What :meth:`latest` gives, and the name under which the store has it."""
        folders = self._folders
        with reading_errors(self.home):
            pinned = folders.pinned()
            if pinned:
                remedy = "the store is pinned to it: unpin it, or pin another day"
                return pinned, self._open_asked(folders.path_of(pinned), remedy, verify=verify)
            pointer = folders.current()
            try:
                if pointer:
                    return pointer, self._open(folders.path_of(pointer), verify=verify)
            except SnapshotError as error:
                found = self._first_that_opens(verify=verify)
                if found is not None and folders.current() == pointer:  # else an update has just thrown that one away
                    _tell_once(error, found[1])
            else:
                found = self._first_that_opens(verify=verify)
            if found is None:
                raise StoreError(f"{self.home}: {_why_none_opens(folders)}")
            return found

    def path_of(self, name: str) -> Path:
        """The compiled register that the store has under ``name``, as :meth:`serving` gives it."""
        return self._folders.path_of(name)

    def pointer(self) -> str:
        """The name of what :meth:`latest` should open: empty where there is nothing, another one when there is another day. Cheap to ask."""
        folders = self._folders
        with reading_errors(self.home):
            return folders.pinned() or folders.current()

    def on(self, date: dt.date) -> Register:
        """The register as it was known on a day: the last one with that snapshot date, or with the nearest before it.

        Raises:
            StoreError: the store doesn't go back that far, or that register is damaged.
        """
        return self._open_asked(self._day_on(date).register, "ask for another day")

    def days(self) -> tuple[StoredDay, ...]:
        """Every extract in the store that can be opened, the last to come first."""
        with reading_errors(self.home):
            return tuple(day for day in self._folders.days() if day.usable)

    def history(self, identifier: str) -> Life:
        """The life of a unit, location number, provider number or SHAK code over the days in the store, oldest first.

        Each day is compared with the one before, so that what lies between two days in the store is told as one change. How many days
        there are is ``keep_days``; the complete set has a history of its own, see :meth:`Register.history`.

        Args:
            identifier: in any spelling; its kind is found out.

        Raises:
            UnknownRecipient: nobody had it on any of the days.
            StoreError: the store has no day, or one of its registers is damaged.
        """
        from sor_addressing.changes.life import life_of

        newest = {day.snapshot_date: day for day in sorted(self.days(), key=lambda day: day.number)}
        if not newest:
            raise StoreError(f"{self.home}: {_why_none_opens(self._folders)}")
        opened = (self._open_asked(newest[date].register, "remove that day") for date in sorted(newest))
        return life_of(opened, identifier)

    def pin(self, date: dt.date) -> dt.date:
        """Have :meth:`latest` give the register of that day, or of the nearest before it, until :meth:`unpin`; updates go on.

        Returns:
            The day of the register that it is pinned to.

        Raises:
            StoreError: as for :meth:`on`, or the store can't be written.
        """
        from sor_addressing.daily.lock import exclusive

        self._day_on(date)
        with disk_errors(self.home), exclusive(self._folders.lock, seconds=self._lock_seconds):
            day = self._day_on(date)
            self._open_asked(day.register, "pin another day")
            self._folders.pin(day.name)
        return day.snapshot_date

    def unpin(self) -> None:
        """Have :meth:`latest` give the newest register again.

        Raises:
            StoreError: the store can't be written.
        """
        with disk_errors(self.home):
            self._folders.unpin()

    def state(self) -> StoreState:
        """How the store stands, for people: what is current and how old, and how the last update ended.

        Raises:
            StoreError: there is no home, or it can't be read.
        """
        from sor_addressing.daily.journal import Journal
        from sor_addressing.daily.outcomes import ReasonCode, StoreState, UpdateReason, UpdateState

        folders = self._folders
        with reading_errors(self.home):
            days = {day.name: day for day in folders.days()}
            journal = Journal.read(folders.journal)
            held, pinned, pointer = folders.held(), "", folders.current()
            reasons = journal.reasons
            try:
                pinned = folders.pinned()
            except StoreError:
                reasons = (*reasons, UpdateReason(ReasonCode.PIN_UNREADABLE))
        try:
            name, register = self.serving()
        except StoreError:
            name, register, state = "", None, UpdateState.EMPTY
            if pinned:
                reasons = (*reasons, UpdateReason(ReasonCode.DAY_DAMAGED, {"day": pinned.partition(".")[0]}))
        else:
            state = journal.state or UpdateState.RENEWED
            if name not in (pinned, pointer) and pointer:
                state = UpdateState.RESTORED
        day = days.get(name)
        return StoreState(
            home=self.home,
            state=state,
            snapshot_date=register.snapshot_date if register is not None else None,
            age_days=register.age_days if register is not None else None,
            counts=day.counts if day else {},
            days=tuple(sorted(day.snapshot_date for day in days.values() if day.usable)),
            pinned=day_in(pinned),
            held=held.snapshot_date if held else None,
            reasons=reasons,
            updated_at=journal.at,
            arrived_at=day.arrived_at if day else None,
            origin=day.origin if day else "",
        )

    def _given_origin(self) -> Origin:
        if self._origin is None:
            from sor_addressing.daily.download import usual_origin

            self._origin = usual_origin()
        return self._origin

    def _given_policy(self) -> GuardPolicy:
        from sor_addressing.daily.guard import GuardPolicy

        return self._policy or GuardPolicy()

    def _open(self, path: Path, *, verify: bool = False) -> Register:
        if verify:
            from sor_addressing.index.opening import verify_compiled

            verify_compiled(path)
        return Register.open(path, clock=self._clock)

    def _open_asked(self, path: Path, remedy: str, *, verify: bool = False) -> Register:
        """Open what was asked for by name: nothing else will do."""
        try:
            return self._open(path, verify=verify)
        except SnapshotError as error:
            raise StoreError(f"{error}; {remedy}") from error

    def _first_that_opens(self, *, verify: bool) -> tuple[str, Register] | None:
        for day in self._folders.days():
            if day.usable:
                try:
                    return day.name, self._open(day.register, verify=verify)
                except SnapshotError as error:
                    _log().debug("passed over: %s", error)
        return None

    def _serving_or_none(self) -> Register | None:
        try:
            return self.latest()
        except StoreError:
            return None

    def _day_on(self, date: dt.date) -> StoredDay:
        days = self.days()
        found = max(
            (day for day in days if day.snapshot_date <= date),
            key=lambda day: (day.snapshot_date, day.number),
            default=None,
        )
        if found is None:
            oldest = min((day.snapshot_date for day in days), default=None)
            there = f"the oldest is of {oldest}" if oldest else "it is empty"
            raise StoreError(
                f"{self.home}: the store has no register of {date} or before, {there}; keep_days= says how many days stay"
            )
        return found


def _log() -> Logger:
    import logging

    return logging.getLogger(__name__)


def _why_none_opens(folders: DayFolders) -> str:
    update = "fetch one with  sor-addressing update  or RegisterStore().update()"
    if folders.days():
        return f"the store has no register that this version of the library can open; {update}"
    return f"the store has no register yet; {update}"


def _tell_once(error: SnapshotError, found: Register) -> None:
    text = str(error)
    if text not in _told:
        _told.add(text)
        _log().warning("%s. The register of %s stands in for it; an update puts that right", text, found.snapshot_date)
