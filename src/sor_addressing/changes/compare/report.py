"""What :func:`compare` answers: :class:`Comparison`, a sequence of changes with their causes, counts and a summary."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, overload

import attrs

from sor_addressing.changes.compare.change import Cause, Change
from sor_addressing.changes.compare.kinds import IMPORTANCE, ChangeKind
from sor_addressing.changes.compare.known_to_both import NotCompared
from sor_addressing.whole_file import Target, put_text, written_text

if TYPE_CHECKING:
    from sor_addressing.register.face import Register
    from sor_addressing.search.rules.facets import UnknownValue
    from sor_addressing.search.rules.filters import Filter


@attrs.frozen(slots=True, repr=False)
class Comparison(Sequence[Change]):
    """Every change between two days, in the order of the new extract; units that it lacks come last. False where nothing changed.

    ``not_compared`` are the facts that one of the two registers can't know, and ``unknown`` the values of the filter that no unit had on either day.
    """

    old_date: dt.date
    new_date: dt.date
    filter: Filter
    changes: tuple[Change, ...]
    not_compared: tuple[NotCompared, ...]
    unknown: tuple[UnknownValue, ...] = ()

    def __len__(self) -> int:
        return len(self.changes)

    @overload
    def __getitem__(self, place: int) -> Change: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Change, ...]: ...
    def __getitem__(self, place: int | slice) -> Change | tuple[Change, ...]:
        return self.changes[place]

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes)

    def __repr__(self) -> str:
        return f"<Comparison of {self.old_date} and {self.new_date}: {len(self)} changes>"

    @property
    def units(self) -> int:
        """How many units anything changed for."""
        return len({change.sor_code for change in self.changes})

    @property
    def direct(self) -> tuple[Change, ...]:
        """The changes that are no effects of others."""
        return tuple(change for change in self.changes if change.cause is None)

    @property
    def counts(self) -> dict[ChangeKind, int]:
        """How many changes there are of each kind, the most important kind first."""
        found = Counter(change.kind for change in self.changes)
        return {kind: found[kind] for kind in ChangeKind if kind in found}

    @property
    def causes(self) -> tuple[Cause, ...]:
        """Each change that has effects, named once, with all of them; most effects first.

        A cause can be a change of a unit that does not fit the filter, where its effects do.
        """
        effects: dict[Change, list[Change]] = {}
        for change in self.changes:
            if change.cause is not None:
                effects.setdefault(change.cause, []).append(change)
        found = [Cause(change, tuple(following)) for change, following in effects.items()]
        return tuple(sorted(found, key=lambda cause: (-len(cause.effects), IMPORTANCE[cause.change.kind])))

    def of_unit(self, sor_code: str) -> tuple[Change, ...]:
        """The changes of one unit."""
        return tuple(change for change in self.changes if change.sor_code == sor_code)

    def summary(self, language: str = "en") -> str:
        """What a person reads in a minute, in English (``"en"``) or Danish (``"da"``): counts, the most important first, and causes."""
        from sor_addressing.changes.compare.summary import summary

        return summary(self, language)

    def to_csv(self, target: Target, *, language: str = "en", delimiter: str = ";", for_excel: bool = False) -> None:
        """Write a row a change, with a header, to a path or an open text file.

        Args:
            target: where to write. A file that is made has the mark by which spreadsheets know UTF-8; open one of yours with ``newline=""``.
            language: of the column ``text``, ``"da"`` or ``"en"``.
            delimiter: between cells; a semicolon is what Danish spreadsheets expect.
            for_excel: write identifiers as ``="…"``, so that a spreadsheet zeroes no digit of them.
        """
        from sor_addressing.changes.compare.writing import write_csv

        with written_text(target, encoding="utf-8-sig") as stream:
            write_csv(self, stream, language=language, delimiter=delimiter, for_excel=for_excel)

    def to_json_lines(self, target: Target) -> None:
        """Write a change a line, as :meth:`Change.to_dict` has it, to a path or an open text file."""
        from sor_addressing.changes.compare.writing import write_lines

        with written_text(target) as stream:
            write_lines(self, stream)

    def to_markdown(self, target: Target | None = None, *, language: str = "en") -> str:
        """The comparison as Markdown: counts, causes with their effects, the other changes by kind, and what was not compared.

        Args:
            target: a path or an open text file to write it to; it is given back either way.
            language: ``"da"`` or ``"en"``.

        >>> from sor_addressing import Register, compare
        >>> register = Register.sample()
        >>> print(compare(register, register).to_markdown())
        # Changes from 2026-01-15 to 2026-01-15
        <BLANKLINE>
        Nothing changed.
        <BLANKLINE>
        """
        from sor_addressing.changes.compare.writing import markdown_of

        return put_text(target, markdown_of(self, language))

    def to_html(
        self,
        target: Target | None = None,
        *,
        language: str = "en",
        registers: Iterable[Register] = (),
        days: Iterable[Comparison] = (),
    ) -> str:
        """The comparison as one page of HTML that needs nothing else.

        Args:
            target: a path or an open text file to write it to; it is given back either way.
            language: ``"da"`` or ``"en"``.
            registers: the registers that were compared, for the tree of organisations; without them there is none.
            days: comparisons from day to day, oldest first, for the chart of how much changed.
        """
        from sor_addressing.changes.compare.html import html_of

        return put_text(target, html_of(self, language, registers=registers, days=days))

    def to_dict(self) -> dict[str, object]:
        """Plain types: counts, every change, causes by their place, and what was not compared."""
        return {
            "old_date": self.old_date.isoformat(),
            "new_date": self.new_date.isoformat(),
            "filter": self.filter.to_dict(),
            "units": self.units,
            "counts": {str(kind): count for kind, count in self.counts.items()},
            "causes": [
                {"change": cause.change.to_dict(), "units": cause.units, "effects": len(cause.effects)}
                for cause in self.causes
            ],
            "changes": [change.to_dict() for change in self.changes],
            "not_compared": [one.to_dict() for one in self.not_compared],
            "unknown": [one.to_dict() for one in self.unknown],
        }
