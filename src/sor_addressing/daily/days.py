"""The folders of a store, one an extract: written once and renamed into place, listed, opened, and thrown away when they are old.

::

    update.lock              held by who writes here, and by nobody while an extract is fetched
    fetch.lock               held by who fetches one
    current                  the name of the folder that is current, one line
    pinned                   the same, where the store is pinned
    journal.json             how the last update ended
    days/2026-01-15.7/       the extract of that day, the seventh that this store took
        register.compiled    never written again, for processes have it mapped
        load-report.json     what loading found
        day.json             sources with digests, counts, when and from where it came in
    held/2026-01-16.8/       the same, for an extract that is held back
    download/                what is being fetched, or was when it was broken off
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from sor_addressing.cells import json_text
from sor_addressing.daily.disk import delete_folder
from sor_addressing.errors import NotWritten, SnapshotError, StoreError
from sor_addressing.index.opening import LAYOUT, verify_compiled
from sor_addressing.whole_file import TEMPORARY, sync_folder, unused_name, written_binary

if TYPE_CHECKING:
    from sor_addressing.daily.guard import Extent
    from sor_addressing.daily.outcomes import UpdateReason
    from sor_addressing.register.face import Register
    from sor_addressing.written_data.tables import WrittenTable

REGISTER = "register.compiled"
_REPORT = "load-report.json"
_FACTS = "day.json"
_DAMAGED = "damaged"
_PINNED = "pinned"
_MOST = 10**15
_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})\.(\d{1,9})", re.ASCII)
LARGEST_NUMBER = 10**8
"""The highest number that is believed of an extract: there is room for many more in the name of a folder."""


@attrs.frozen(slots=True, kw_only=True)
class StoredDay:
    """One extract in a store, and how it came in.

    Attributes:
        snapshot_date: its day.
        number: the store's running number, in the order in which the extracts came.
        folder: where it lies.
        origin: where it came from.
        arrived_at: when.
        digests: file name to the SHA-256 of the file that was loaded, in hexadecimal.
        counts: as in its load report.
        reach: how many of its units can be used, named and found; empty where an older version of the library took it in.
        has_message_types: whether message types were loaded.
        reasons: why the guard held it back; among the days of a store, such a one was accepted.
        layout: of the compiled file; only the library's own layout can be opened.
        damaged: a check found its compiled file damaged; it is never used again.
    """

    snapshot_date: dt.date
    number: int
    folder: Path
    origin: str
    arrived_at: dt.datetime
    digests: Mapping[str, str] = attrs.field(hash=False)
    counts: Mapping[str, int] = attrs.field(hash=False, repr=False)
    has_message_types: bool
    reach: Mapping[str, int] = attrs.field(factory=dict, hash=False, repr=False)
    reasons: tuple[UpdateReason, ...] = ()
    layout: int = LAYOUT
    damaged: bool = False

    @property
    def name(self) -> str:
        """The name of its folder."""
        return f"{self.snapshot_date.isoformat()}.{self.number}"

    @property
    def register(self) -> Path:
        """Its compiled register."""
        return self.folder / REGISTER

    @property
    def usable(self) -> bool:
        """Whether there is a chance that it can be opened."""
        return not self.damaged and self.layout == LAYOUT

    @property
    def extent(self) -> Extent:
        """What the guard looks at."""
        from sor_addressing.daily.guard import Extent

        return Extent(self.snapshot_date, self.counts, self.has_message_types, self.reach)

    def check(self) -> None:
        """Verify every byte of its register; one that is damaged is marked and not used again.

        Raises:
            SnapshotError: it is damaged, or can't be read.
        """
        try:
            verify_compiled(self.register)
        except SnapshotError as error:
            if not isinstance(error.__cause__, OSError):  # a disk that can't be read now may be read tomorrow
                self._mark(error)
            raise

    def _mark(self, error: SnapshotError) -> None:
        try:
            _write(self.folder / _DAMAGED, str(error))
        except NotWritten:
            pass  # the mark only spares the next process the check

    def write_facts(self, folder: Path) -> None:
        """Write what is known of it into its folder-to-be."""
        values = {
            "snapshot_date": self.snapshot_date.isoformat(),
            "origin": self.origin,
            "arrived_at": self.arrived_at.isoformat(),
            "digests": dict(self.digests),
            "counts": dict(self.counts),
            "reach": dict(self.reach),
            "has_message_types": self.has_message_types,
            "reasons": [reason.to_dict() for reason in self.reasons],
            "layout": self.layout,
        }
        _write(folder / _FACTS, json_text(values, indent=1))


def _write(path: Path, text: str) -> None:
    with written_binary(path) as file:
        file.write(text.encode("utf-8", "backslashreplace"))


def _is_name(text: str) -> bool:
    match = _NAME.fullmatch(text)
    try:
        return match is not None and bool(dt.date.fromisoformat(match[1]))
    except ValueError:
        return False


def _count(counts: WrittenTable, name: str) -> int:
    return counts.whole(name, 0, _MOST)


def day_in(name: str) -> dt.date | None:
    """The day that the name of a folder begins with; None where there is no name."""
    return dt.date.fromisoformat(name.partition(".")[0]) if name else None


def read_day(folder: Path) -> StoredDay | None:
    """The extract in ``folder``; None where there is none, or nothing that makes sense."""
    # Who opens the current register reads none of this.
    from sor_addressing.daily.outcomes import reasons_of
    from sor_addressing.written_data.json_texts import read_json
    from sor_addressing.written_data.tables import WrittenTable

    match = _NAME.fullmatch(folder.name)
    if match is None:
        return None
    try:
        values = read_json(folder / _FACTS, StoreError)
        return StoredDay(
            snapshot_date=dt.date.fromisoformat(match[1]),
            number=int(match[2]),
            folder=folder,
            origin=values.text("origin", ""),
            arrived_at=values.moment("arrived_at"),
            digests=values.mapped("digests", WrittenTable.text),
            counts=values.mapped("counts", _count),
            reach=values.mapped("reach", _count) if "reach" in values.values else {},
            has_message_types=values.switch("has_message_types"),
            reasons=reasons_of(values),
            layout=values.whole("layout", 0, _MOST),
            damaged=(folder / _DAMAGED).exists(),
        )
    except (StoreError, ValueError):  # a folder can be named after a day that there isn't
        return None


@attrs.frozen(slots=True)
class DayFolders:
    """The folders of the store at ``home``. Reading changes nothing; writing is for one update at a time."""

    home: Path

    @property
    def lock(self) -> Path:
        """The file that one process at a time locks while it writes here."""
        return self.home / "update.lock"

    @property
    def fetch_lock(self) -> Path:
        """The file that one update at a time locks, from before it fetches until it ends."""
        return self.home / "fetch.lock"

    @property
    def journal(self) -> Path:
        """How the last update ended."""
        return self.home / "journal.json"

    @property
    def download(self) -> Path:
        """Where an origin puts its files."""
        return self.home / "download"

    def days(self) -> list[StoredDay]:
        """Every extract that was taken, the last one first."""
        return self._in(self.home / "days")

    def held(self) -> StoredDay | None:
        """The extract that is held back."""
        return next(iter(self._in(self.home / "held")), None)

    def _in(self, folder: Path) -> list[StoredDay]:
        try:
            found = [read_day(entry) for entry in folder.iterdir()]
        except (FileNotFoundError, NotADirectoryError):
            return []
        return sorted((day for day in found if day is not None), key=lambda day: day.number, reverse=True)

    def current(self) -> str:
        """The name of the current folder, as the pointer has it; empty where there is no pointer."""
        return self._pointer("current")

    def pinned(self) -> str:
        """The name of the folder that the store is pinned to; empty where it is not.

        Raises:
            StoreError: there is a pin, and it can't be told to which day.
        """
        text = self._text_of(_PINNED)
        if text is None or _is_name(text):
            return text or ""
        raise StoreError(
            "the store is pinned, and this file does not say to which day; pin it again, or unpin it",
            file=str(self.home / _PINNED),
        )

    def _pointer(self, name: str) -> str:
        text = self._text_of(name)
        return text if text is not None and _is_name(text) else ""

    def _text_of(self, name: str) -> str | None:
        """What stands in a file of the store's; None where there is none."""
        try:
            return (self.home / name).read_bytes().decode("ascii", "replace").strip()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def path_of(self, name: str) -> Path:
        """The compiled register in the folder of that name."""
        return self.home / "days" / name / REGISTER

    def make_current(self, name: str) -> None:
        """Point to another folder: readers see the old one or the new one."""
        _write(self.home / "current", f"{name}\n")

    def pin(self, name: str) -> None:
        """Pin to a folder."""
        _write(self.home / _PINNED, f"{name}\n")

    def unpin(self) -> None:
        """Point to the newest again."""
        (self.home / _PINNED).unlink(missing_ok=True)

    def add(self, register: Register, day: StoredDay) -> None:
        """Compile ``register`` into the folder of ``day``: beside it first, then renamed as a whole.

        Raises:
            OSError: the disk refuses. SnapshotError: likewise, or what was written doesn't read back.
        """
        folder = day.folder
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = self.home / unused_name(folder.name)
        beside.mkdir()
        try:
            register.save(beside / REGISTER)
            with written_binary(beside / _REPORT) as report:
                report.write(register.load_report.to_json())
            day.write_facts(beside)
            sync_folder(beside)
            beside.rename(folder)
        except (OSError, SnapshotError):
            delete_folder(beside)
            raise
        sync_folder(folder.parent)

    def take(self, held: StoredDay) -> StoredDay:
        """Move an extract that was held back among the days."""
        folder = self.folder_of(held.name)
        folder.parent.mkdir(parents=True, exist_ok=True)
        held.folder.rename(folder)
        sync_folder(folder.parent)
        return attrs.evolve(held, folder=folder)

    def folder_of(self, name: str, *, held: bool = False) -> Path:
        """Where the extract of that name lies, or is to lie."""
        return self.home / ("held" if held else "days") / name

    def drop_held(self, *, but: str = "") -> None:
        """Throw away what is held back."""
        for day in self._in(self.home / "held"):
            if day.name != but:
                delete_folder(day.folder)

    def drop_download(self) -> None:
        """Throw away what was fetched."""
        delete_folder(self.download)

    def clean(self) -> None:
        """Throw away what processes left that were killed; only for who is alone in here."""
        for place in (self.home, self.home / "days", self.home / "held"):
            if place.is_dir():
                for entry in list(place.iterdir()):
                    if entry.name.startswith(".") and entry.name.endswith(TEMPORARY):
                        if entry.is_dir():
                            delete_folder(entry)
                        else:
                            entry.unlink(missing_ok=True)

    def retain(self, keep_days: int) -> None:
        """Throw away the days that nobody needs.

        Kept are the current one, the one it followed, the pinned one, and of each of the last ``keep_days`` days the last extract;
        the days are counted back from the current register's, so that a clock that is wrong throws nothing away.
        """
        days = self.days()
        usable = [day for day in days if day.usable]
        current = next((day for day in usable if day.name == self.current()), None)
        if current is None:
            return
        before = next((day for day in usable if day.number < current.number), current)
        try:
            kept = {current.name, before.name, self.pinned()}
        except StoreError:
            return  # any of them may be the pinned one
        first = current.snapshot_date.toordinal() - (max(keep_days, 1) - 1)
        seen: set[dt.date] = set()
        for day in days:
            if day.damaged and day.name not in kept:
                delete_folder(day.folder)
            elif day.snapshot_date.toordinal() < first or day.snapshot_date in seen:
                if day.name not in kept:
                    delete_folder(day.folder)
            else:
                seen.add(day.snapshot_date)
