"""One update of a store, from what lies there to what it came to. It holds the store's lock but for while it fetches.

Everything is written beside and renamed, and in an order in which the work may stop anywhere: the folder of the new day, the pointer to
it, what is thrown away, the journal. The next update finds a folder without its pointer, or a pointer without its journal, and goes on.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from sor_addressing.daily.days import DayFolders, StoredDay, day_in
from sor_addressing.daily.disk import is_disk_trouble, is_of_origin
from sor_addressing.daily.guard import Extent, GuardPolicy, reason_to_refuse, reasons_to_hold_back
from sor_addressing.daily.journal import Journal
from sor_addressing.daily.origin import Fetched, Origin
from sor_addressing.daily.outcomes import ReasonCode, UpdateReason, UpdateResult, UpdateState
from sor_addressing.daily.reach import reach_of
from sor_addressing.errors import ExtractError, SnapshotError
from sor_addressing.model import Progress

if TYPE_CHECKING:
    from sor_addressing.extracts.tables.headers import ColumnMap
    from sor_addressing.index.report import LoadReport
    from sor_addressing.register.face import Register


def extent_of(register: Register) -> Extent:
    """What the guard looks at, of a register at hand."""
    return Extent(register.snapshot_date, register.load_report.counts, register.has_message_types, reach_of(register))


def digests_of(files: tuple[Path, ...]) -> dict[str, str]:
    """File name to SHA-256, in hexadecimal."""
    digests = {}
    for path in files:
        with path.open("rb") as file:
            digests[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
    return digests


@attrs.define(slots=True)
class Renewal:
    """One update; call :meth:`run` once.

    Attributes:
        folders: the store's.
        origin: where extracts come from.
        policy: what the guard lets through.
        keep_days: how many days stay.
        accept: take what the guard would hold back.
        progress: as for ``Register.load``.
        columns: as for ``Register.load``.
        max_days_apart: as for ``Register.load``.
        today: later than tomorrow no extract can be.
    """

    folders: DayFolders
    origin: Origin
    policy: GuardPolicy
    keep_days: int
    accept: bool
    progress: Progress | None
    columns: ColumnMap | None
    max_days_apart: int
    today: dt.date
    _journal: Journal = attrs.field(init=False, factory=Journal)
    _days: list[StoredDay] = attrs.field(init=False, factory=list)
    _current: StoredDay | None = attrs.field(init=False, default=None)
    _damaged: list[UpdateReason] = attrs.field(init=False, factory=list)
    _good: set[str] = attrs.field(init=False, factory=set)
    _pointer_state: UpdateState = attrs.field(init=False, default=UpdateState.UNCHANGED)

    def run(self, lock: Callable[[], AbstractContextManager[bool]]) -> UpdateResult:
        """Bring the store up to date.

        Args:
            lock: makes one alone in the store, or says that nobody can be. It is not held while the extract is fetched, which may
                take as long as it takes; that only one fetches is for the caller to see to.

        Raises:
            OSError: the disk refuses; what was current stays so.
            StoreError: likewise, while fetching.
        """
        with lock() as alone:
            if alone:
                self.folders.clean()
            held = self._look()
            sources = (self._current, held)
            known = self._journal.known if self._journal.known_of in {one.name for one in sources if one} else {}
            self.folders.download.mkdir(exist_ok=True)
        try:
            fetched = self.origin.fetch(self.folders.download, known, self.progress)
        except (ExtractError, OSError) as error:
            if is_disk_trouble(error) or not is_of_origin(error):
                raise
            with lock():
                self._look()
                return self._kept(UpdateReason(ReasonCode.ORIGIN_FAILED, {"why": _sentence(error)}))
        with lock():
            return self._came(fetched, self._look())

    def take_held(self, lock: Callable[[], AbstractContextManager[bool]]) -> UpdateResult | None:
        """Take the extract that is held back, whoever may be fetching another; None where there is none that can be used."""
        with lock():
            held = self._look()
            return None if held is None else self._take(held, self._journal.known)

    def _look(self) -> StoredDay | None:
        """See how the store stands: others may have been in it. Gives the extract that is held back."""
        self._journal = Journal.read(self.folders.journal)
        self._current = None
        self._settle_current()
        return self._usable_held()

    def _came(self, fetched: Fetched, held: StoredDay | None) -> UpdateResult:
        if fetched.unchanged:
            self.folders.drop_download()
            if held is not None and held.name == self._journal.known_of:
                return self._judge_held(held, fetched.known)
            return self._unchanged(fetched.known)
        digests = digests_of(fetched.files)
        if self._current is not None and self._current.digests == digests:
            self.folders.drop_held()
            return self._unchanged(fetched.known)
        if held is not None and held.digests == digests:
            self.folders.drop_download()
            return self._judge_held(held, fetched.known)
        return self._load(fetched.files, digests, fetched.known, fetched.origin)

    def _settle_current(self) -> None:
        """The last extract that is whole is the current one, whatever the pointer says: it may be damaged, or not written any more."""
        self._days = self.folders.days()
        pointer = self.folders.current()
        for day in self._days:
            if not day.usable:
                continue
            try:
                if day.name not in self._good:
                    day.check()
            except SnapshotError:
                self._say_damaged(day.snapshot_date)
            else:
                self._good.add(day.name)
                self._current = day
                break
        current = self._current
        if current is None or current.name == pointer:
            return
        went_back = bool(pointer) and int(pointer.rpartition(".")[2]) > current.number
        if went_back and not self._damaged:
            self._say_damaged(day_in(pointer))
        self._pointer_state = UpdateState.RESTORED if went_back else UpdateState.RENEWED
        self.folders.make_current(current.name)

    def _say_damaged(self, day: dt.date | None) -> None:
        reason = UpdateReason(ReasonCode.DAY_DAMAGED, {"day": str(day)})
        if reason not in self._damaged:
            self._damaged.append(reason)

    def _usable_held(self) -> StoredDay | None:
        held = self.folders.held()
        if held is None or not held.usable:
            return None
        try:
            if held.name not in self._good:
                held.check()
        except SnapshotError:
            return None
        self._good.add(held.name)
        return held

    def _hold_back(self, new: Extent) -> tuple[UpdateReason, ...]:
        """Compared with the last extract that was taken, even where its file is damaged by now."""
        return reasons_to_hold_back(new, self._days[0].extent, self.policy, self.today) if self._days else ()

    def _load(
        self, files: tuple[Path, ...], digests: dict[str, str], known: Mapping[str, str], origin: str
    ) -> UpdateResult:
        from sor_addressing.register.face import Register

        try:
            register = Register.load(
                *files, columns=self.columns, max_days_apart=self.max_days_apart, progress=self.progress
            )
        except ExtractError as error:
            # What was fetched is worth nothing, and neither is what the origin said of it: it is fetched anew.
            self.folders.drop_download()
            return self._kept(UpdateReason(ReasonCode.EXTRACT_REFUSED, {"why": _sentence(error)}))
        extent = extent_of(register)
        refusal = reason_to_refuse(extent, self.today)
        if refusal is not None:
            self.folders.drop_download()
            return self._kept(refusal, report=register.load_report)
        reasons = self._hold_back(extent)
        hold = bool(reasons) and not self.accept
        held = self.folders.held()
        numbers = [self._journal.extracts, *(day.number for day in (*self._days[:1], held) if day)]
        day = StoredDay(
            snapshot_date=extent.snapshot_date,
            number=max(numbers) + 1,
            folder=self.folders.folder_of(f"{extent.snapshot_date}.{max(numbers) + 1}", held=hold),
            origin=origin,
            arrived_at=dt.datetime.now(dt.UTC).replace(microsecond=0),
            digests=digests,
            counts=extent.counts,
            reach=extent.reach,
            has_message_types=extent.has_message_types,
            reasons=reasons,
        )
        self.folders.add(register, day)
        if hold:
            self.folders.drop_held(but=day.name)
            return self._kept(*reasons, known=known, held=day, report=register.load_report)
        self.folders.drop_download()
        return self._renewed(day, known, register.load_report)

    def _judge_held(self, held: StoredDay, known: Mapping[str, str]) -> UpdateResult:
        """The origin still has what is held back: perhaps the policy is another by now."""
        reasons = self._hold_back(held.extent)
        return self._kept(*reasons, known=known, held=held) if reasons else self._take(held, known)

    def _take(self, held: StoredDay, known: Mapping[str, str]) -> UpdateResult:
        return self._renewed(self.folders.take(held), known, None)

    def _renewed(self, day: StoredDay, known: Mapping[str, str], report: LoadReport | None) -> UpdateResult:
        self.folders.make_current(day.name)
        self._current = day
        self.folders.drop_held()
        self.folders.retain(self.keep_days)
        return self._end(UpdateState.RENEWED, tuple(self._damaged), known=known, known_of=day, report=report)

    def _unchanged(self, known: Mapping[str, str]) -> UpdateResult:
        self.folders.drop_download()
        if self._current is None:
            why = "it says that there is nothing new, to a store that has nothing"
            return self._kept(UpdateReason(ReasonCode.ORIGIN_FAILED, {"why": why}))
        return self._end(self._pointer_state, tuple(self._damaged), known=known, known_of=self._current)

    def _kept(
        self,
        *reasons: UpdateReason,
        known: Mapping[str, str] | None = None,
        held: StoredDay | None = None,
        report: LoadReport | None = None,
    ) -> UpdateResult:
        if known is not None:
            self.folders.drop_download()
        state = UpdateState.KEPT_OLD
        if self._current is None:
            state = UpdateState.EMPTY
        elif self._pointer_state is UpdateState.RESTORED:
            state = UpdateState.RESTORED
        return self._end(state, (*self._damaged, *reasons), known=known, known_of=held, report=report)

    def _end(
        self,
        state: UpdateState,
        reasons: tuple[UpdateReason, ...],
        *,
        known: Mapping[str, str] | None = None,
        known_of: StoredDay | None = None,
        report: LoadReport | None = None,
    ) -> UpdateResult:
        """Write the journal, last of all."""
        before = self._journal
        held = self.folders.held()
        Journal(
            updates=before.updates + 1,
            state=state,
            at=dt.datetime.now(dt.UTC).replace(microsecond=0),
            reasons=reasons,
            known=before.known if known is None else known,
            known_of=before.known_of if known_of is None else known_of.name,
            extracts=max(before.extracts, known_of.number if known_of else 0),
        ).write(self.folders.journal)
        current = self._current
        return UpdateResult(
            state,
            current.snapshot_date if current else None,
            reasons,
            held.snapshot_date if held else None,
            report,
            (known_of or current).origin if known_of or current else "",  # type: ignore[union-attr]  # one of them is there
        )


def result_of_another(journal: Journal, folders: DayFolders) -> UpdateResult:
    """What the update came to that was waited for."""
    state = UpdateState.UNCHANGED if journal.state in (None, UpdateState.RENEWED) else journal.state
    held = folders.held()
    return UpdateResult(state, day_in(folders.current()), journal.reasons, held.snapshot_date if held else None)


def _sentence(error: Exception) -> str:
    return str(error).rstrip(". ") or type(error).__name__
