"""The day of each source, where it is from, and the day of the register that follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import attrs

from sor_addressing.errors import ExtractError
from sor_addressing.extracts.published import Content
from sor_addressing.extracts.sources import SourceFile
from sor_addressing.model import Problem, SourceDay

_CERTAIN = ("file", "argument")


@attrs.define(slots=True)
class SourceDays:
    """Takes the sources one by one, the one with the units first.

    Registers of their own are published on other days than SOR: what they say is as old as they are, and SOR is not.
    """

    given: dt.date | None
    report: Callable[[Problem], None]
    sources: list[SourceDay] = attrs.field(factory=list)
    _of_sor: list[SourceDay] = attrs.field(init=False, factory=list)

    def settle(
        self, file: SourceFile, content: Content, inside: dt.date | None = None, layout: str | None = None
    ) -> None:
        """The day of a source: inside the file, as given, of the zip member, of the file; the last two are only assumed."""
        day, origin = self._day_of(file, content, inside)
        source = SourceDay(file.name, content.name, day, origin, layout, file.digest())
        self.sources.append(source)
        if not content.own_rhythm:
            self._of_sor.append(source)

    def _day_of(self, file: SourceFile, content: Content, inside: dt.date | None) -> tuple[dt.date | None, str]:
        given = self.given
        if inside is not None:
            if given is not None and given != inside and not content.own_rhythm:
                details = {"given": given.isoformat(), "inside": inside.isoformat()}
                self.report(Problem("snapshot-date-differs", file.name, None, None, details))
            return inside, "file"
        if given is not None and not content.own_rhythm:
            return given, "argument"
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
        if self.sources[0].day is None:
            raise ExtractError("nothing tells the day of the extract: give snapshot_date=", file=self.sources[0].file)
        dated = [(source.day, source.file, source.origin) for source in self._of_sor if source.day is not None]
        oldest, oldest_file, _ = min(dated)
        # A file's own time can be that of a copy: it may well be younger than what is in it, and never older.
        newest, newest_file, _ = max((one for one in dated if one[2] in _CERTAIN), default=min(dated))
        apart = (newest - oldest).days
        if apart > max_days_apart:
            raise ExtractError(
                f"is of {oldest}, {apart} days before {newest_file} of {newest}: files of one day belong together. Fetch both anew; "
                "or, where the days told are wrong, give snapshot_date=, and where it is meant, max_days_apart=",
                file=oldest_file,
            )
        if apart > 0:
            details = {"day": oldest.isoformat(), "newest": newest.isoformat(), "newest_file": newest_file}
            self.report(Problem("days-differ", oldest_file, None, None, details))
        return oldest
