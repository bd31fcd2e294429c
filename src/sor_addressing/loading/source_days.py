"""The day of each source, where it is from, and the day of the register that follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import attrs

from sor_addressing.errors import ExtractError
from sor_addressing.extracts.published import Content
from sor_addressing.extracts.sources import SourceFile, is_possible
from sor_addressing.model import Problem, SourceDay
from sor_addressing.texts import counted

_CERTAIN = ("file", "argument")


@attrs.define(slots=True)
class SourceDays:
    """Takes the sources one by one, the one with the units first.

    A day of a file or zip member that no extract can be of, for it has not come or lies before there were any, is none; what a
    file says inside stands, unless the caller says better: nobody can tell how old such a register is, and its answers say so.

    Registers of their own are published on other days than SOR: what they say is as old as they are, and SOR is not.
    """

    given: dt.date | None
    report: Callable[[Problem], None]
    sources: list[SourceDay] = attrs.field(factory=list)
    impossible: dt.date | None = attrs.field(init=False, default=None)
    _of_sor: list[SourceDay] = attrs.field(init=False, factory=list)

    def settle(
        self,
        file: SourceFile,
        content: Content,
        inside: dt.date | None = None,
        layout: str | None = None,
        *,
        has_units: bool = False,
        name: str | None = None,
    ) -> None:
        """The day of a source: inside the file, as given, of the zip member, of the file; the last two are only assumed.

        The file that ``has_units`` is of the register's rhythm, whatever else it may be beside. ``name`` is that of many files together, which
        have a digest where they are an archive.
        """
        own_rhythm = content.own_rhythm and not has_units
        day, origin = self._day_of(file, own_rhythm, inside)
        is_whole = name is None or file.name.startswith(f"{name}!")
        digest = file.digest() if is_whole else None
        source = SourceDay(name or file.name, content.name, day, origin, layout, digest)
        self.sources.append(source)
        if not own_rhythm:
            self._of_sor.append(source)

    def _day_of(self, file: SourceFile, own_rhythm: bool, inside: dt.date | None) -> tuple[dt.date | None, str]:
        given = None if own_rhythm else self.given
        if inside is not None:
            is_a_day = is_possible(inside)
            if not is_a_day:
                self._report_impossible(file, inside)
            if is_a_day or given is None:
                if given is not None and given != inside:
                    details = {"given": given.isoformat(), "inside": inside.isoformat()}
                    self.report(Problem("snapshot-date-differs", file.name, None, None, details))
                return inside, "file"
        if given is not None:
            return given, "argument"
        if file.impossible is not None:
            self._report_impossible(file, file.impossible)
        if file.day is not None:
            details = {"day": file.day.isoformat(), "origin": file.origin}
            self.report(Problem("snapshot-date-assumed", file.name, None, None, details))
            return file.day, file.origin
        self.report(Problem("snapshot-date-unknown", file.name))
        return None, "unknown"

    def snapshot_date(self, max_days_apart: int) -> dt.date:
        """The oldest day of the sources; the units' own day has to be known.

        Registers that are published on days of their own (SHAK, providers) don't count.

        Raises:
            ExtractError: nothing tells the units' day, or the sources are further apart than they may be.
        """
        units = self.sources[0]
        if units.day is None:
            if self.impossible is None:
                raise ExtractError("nothing tells the day of the extract: give snapshot_date=", file=units.file)
            raise ExtractError(
                f"nothing tells the day of the extract, for its own time says {self.impossible}, which no extract is of; set that "
                "right (update --ignore-times), or give snapshot_date=",
                file=units.file,
            )
        if units.origin == "file" and not is_possible(units.day):
            return units.day
        dated = [(source.day, source.file, source.origin) for source in self._of_sor if source.day is not None]
        oldest, oldest_file, _ = min(dated)
        # A file's own time can be that of a copy: it may well be younger than what is in it, and never older.
        newest, newest_file, _ = max((one for one in dated if one[2] in _CERTAIN), default=min(dated))
        apart = (newest - oldest).days
        if apart > max_days_apart:
            raise ExtractError(
                f"is of {oldest}, {counted(apart, 'day', 'days')} before {newest_file} of {newest}: files of one day belong together. "
                "Fetch both anew; "
                "or, where the days told are wrong, give snapshot_date= (a store: an origin with trust_times=False, or "
                "update --ignore-times), and where it is meant, max_days_apart= (update --max-days-apart)",
                file=oldest_file,
            )
        if apart > 0:
            details = {"day": oldest.isoformat(), "newest": newest.isoformat(), "newest_file": newest_file}
            self.report(Problem("days-differ", oldest_file, None, None, details))
        return oldest

    def _report_impossible(self, file: SourceFile, day: dt.date) -> None:
        if not self.sources:
            self.impossible = day
        self.report(Problem("snapshot-date-impossible", file.name, None, None, {"day": day.isoformat()}))
