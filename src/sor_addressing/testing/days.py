"""Time travel: the made-up extracts of days that follow one another, each the day before with a few edits."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

import attrs

from sor_addressing.clock import moved_day
from sor_addressing.daily.origin import Fetched
from sor_addressing.errors import StoreError
from sor_addressing.misspelt import suggests_arguments, suggests_fields
from sor_addressing.register.face import Register
from sor_addressing.testing.builder import RegisterBuilder
from sor_addressing.testing.day_edits import DayEdits
from sor_addressing.testing.extract import MadeUpExtract
from sor_addressing.testing.sor_clock import SorClock

if TYPE_CHECKING:
    from sor_addressing.daily.store import RegisterStore
    from sor_addressing.model import Progress

__all__ = ["MadeUpDays", "MadeUpOrigin"]


@suggests_fields
class MadeUpDays(Sequence[Register]):
    """Made-up days that follow one another: each a register, the day before with a few edits. A register is made each time that it is asked for.

    Args:
        first: the first day: a builder, an extract, or the sample where None. It stays as it is.

    Attributes:
        clock: a clock that begins on the first day; the store of these days goes by it.
        origin: where a store fetches these days from: on each day, by the clock, the newest that is published.

    >>> from sor_addressing import compare
    >>> days = MadeUpDays()
    >>> _ = days.next_day().close("Klinikken Kun XML").rename("Aftenvagt", "Aftenvagten")
    >>> [register.snapshot_date.isoformat() for register in days]
    ['2026-01-15', '2026-01-16']
    >>> sorted(str(change.kind) for change in compare(days[0], days[1]))
    ['closed', 'renamed']
    """

    def __init__(self, first: RegisterBuilder | MadeUpExtract | None = None) -> None:
        if first is None:
            from sor_addressing.testing.sample import sample_extract

            first = sample_extract()
        extract = first.extract() if isinstance(first, RegisterBuilder) else first
        self._days = [DayEdits(_copy_of(extract, extract.snapshot_date))]
        self.clock = SorClock(extract.snapshot_date)
        self.origin = MadeUpOrigin(self)

    @overload
    def __getitem__(self, index: int) -> Register: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Register]: ...
    def __getitem__(self, index: int | slice) -> Register | Sequence[Register]:
        if isinstance(index, slice):
            return [one.extract.to_register() for one in self._days[index]]
        return self._days[index].extract.to_register()

    def __len__(self) -> int:
        return len(self._days)

    def __repr__(self) -> str:
        return f"<MadeUpDays: {len(self)} from {self._days[0].date} to {self._days[-1].date}>"

    @property
    def extracts(self) -> tuple[MadeUpExtract, ...]:
        """The records of each day."""
        return tuple(one.extract for one in self._days)

    @suggests_arguments
    def next_day(self, days: int = 1) -> DayEdits:
        """A further day, so many days after the last: as that one, until it is edited.

        Raises:
            ValueError: the day is not after the last.
        """
        if days < 1:
            raise ValueError(f"days is {days}: the next day comes 1 or more after the last")
        last = self._days[-1].extract
        self._days.append(DayEdits(_copy_of(last, moved_day(last.snapshot_date, days))))
        return self._days[-1]

    def travel(self) -> Iterator[dt.date]:
        """Go through the days: the clock is set to each of them, in their order."""
        for one in tuple(self._days):
            yield self.clock.set(one.date)

    @suggests_arguments
    def on(self, day: dt.date) -> MadeUpExtract | None:
        """The newest extract that is published on a day; None before the first."""
        there = [one.extract for one in self._days if one.date <= day]
        return there[-1] if there else None

    def store(self, home: str | os.PathLike[str], **options: Any) -> RegisterStore:
        """A store in the folder ``home`` that is fed with these days, by their clock. ``store.update()`` takes the day that the clock tells.

        Args:
            home: the folder of the store.
            options: passed on to ``RegisterStore``; what is given here wins.

        >>> from tempfile import TemporaryDirectory
        >>> days = MadeUpDays()
        >>> _ = days.next_day().rename("Aftenvagt", "Aftenvagten")
        >>> with TemporaryDirectory() as home:
        ...     store = days.store(home)
        ...     [str(store.update().state) for _ in days.travel()]
        ['renewed', 'renewed']
        """
        from sor_addressing.daily.store import RegisterStore

        settings: dict[str, Any] = {"origin": self.origin, "clock": self.clock, **options}
        return RegisterStore(home, **settings)


class MadeUpOrigin:
    """An origin for a ``RegisterStore`` that publishes made-up days; out of reach for as long as ``fault`` is set.

    Attributes:
        fault: raised instead of an answer where there is one; a text becomes a ``StoreError``.
    """

    def __init__(self, days: MadeUpDays) -> None:
        self._days = days
        self.fault: str | OSError | None = None

    def fetch(self, folder: Path, known: Mapping[str, str], progress: Progress | None = None) -> Fetched:
        """The newest extract of the day that the clock tells; see :meth:`sor_addressing.daily.origin.Origin.fetch`."""
        if self.fault is not None:
            raise StoreError(self.fault) if isinstance(self.fault, str) else self.fault
        extract = self._days.on(self._days.clock())
        if extract is None:
            raise StoreError(
                f"made-up days: none is published on {self._days.clock()}; set the clock to the first day or later"
            )
        now = {"day": extract.snapshot_date.isoformat()}
        if known == now:
            return Fetched((), True, now, "made-up days")
        written = extract.write(folder)
        files = tuple(path for path in written if path is not None)
        if progress is not None:
            for path in files:
                size = path.stat().st_size
                progress(path.name, size, size)
        return Fetched(files, False, now, "made-up days")


def _copy_of(extract: MadeUpExtract, day: dt.date) -> MadeUpExtract:
    moved = day - extract.snapshot_date
    return attrs.evolve(
        extract,
        snapshot_date=day,
        created_at=extract.created_at + moved,
        units=[attrs.evolve(one, location=copy(one.location)) for one in extract.units],
        registrations=list(extract.registrations),
        ceased_providers=dict(extract.ceased_providers),
    )
