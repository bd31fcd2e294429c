"""What a plan would do, as it was found: :class:`WhatIf`."""

from __future__ import annotations

import datetime as dt

import attrs

from sor_addressing.changes.planning.effects import PairOutcome, PlanEffect
from sor_addressing.register.proposals.overlay import RowEffect
from sor_addressing.register.proposals.planned_rows import ChangePlan
from sor_addressing.whole_file import Target, put_text, written_text


@attrs.frozen(slots=True)
class WhatIfStep:
    """What happens on one day of a plan: ``day`` is None for the rows that count always."""

    day: dt.date | None
    effect: PlanEffect

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {"day": self.day.isoformat() if self.day else None, **self.effect.to_dict()}


@attrs.frozen(slots=True, kw_only=True, repr=False)
class WhatIf:
    """What a plan would do; made by :func:`what_if`.

    Attributes:
        plan: the plan.
        snapshot_date: the day of the register.
        on: the day on which the letters are judged.
        model: the conversion model they are judged by.
        rows: what each row did, of those that count.
        later: how many rows count from a later day, and were left out.
        total: what the whole plan does.
        steps: the same day by day.
    """

    plan: ChangePlan
    snapshot_date: dt.date
    on: dt.date
    model: str
    rows: tuple[RowEffect, ...]
    later: int
    total: PlanEffect
    steps: tuple[WhatIfStep, ...]

    def __repr__(self) -> str:
        told = ", ".join(f"{len(self.total.becoming(one))} {one}" for one in PairOutcome if self.total.becoming(one))
        return f"<WhatIf {len(self.rows)} rows on {self.on}: {self.total.numbers} numbers{told and f'; {told}'}>"

    @property
    def idle_rows(self) -> tuple[RowEffect, ...]:
        """Rows that change nothing, name what isn't there, or undo a row of a later day."""
        return tuple(one for one in self.rows if one.does_nothing or one.not_there or one.out_of_order)

    def to_dict(self) -> dict[str, object]:
        """Plain types, stable keys."""
        return {
            "plan": self.plan.to_dict(),
            "snapshot_date": self.snapshot_date.isoformat(),
            "on": self.on.isoformat(),
            "model": self.model,
            "later": self.later,
            "rows": [one.to_dict() for one in self.rows],
            "total": self.total.to_dict(),
            "steps": [one.to_dict() for one in self.steps],
        }

    def to_csv(self, target: Target, *, delimiter: str = ";") -> None:
        """Write a row for each pair for which something changes, to a path or an open text file.

        Raises:
            NotWritten: it can't be written there.
        """
        from sor_addressing.changes.planning.writing import write_pairs

        with written_text(target) as file:
            write_pairs(self.total.changed, file, delimiter)

    def to_markdown(self, target: Target | None = None, *, language: str = "en", limit: int = 200) -> str:
        """The report as Markdown, to be sent round.

        Args:
            target: a path or an open text file to write it to; it is given back either way.
            language: ``"da"`` or ``"en"``.
            limit: how many rows each table has at most; how many there are is said.

        Raises:
            NotWritten: it can't be written there.
        """
        from sor_addressing.changes.planning.writing import sections_of, title_of
        from sor_addressing.pages.sections import sections_as_markdown

        return put_text(target, sections_as_markdown(title_of(self, language), sections_of(self, language, limit)))

    def to_html(self, target: Target | None = None, *, language: str = "en", limit: int = 200) -> str:
        """The report as one page of HTML that needs nothing else; arguments as for :meth:`to_markdown`.

        Raises:
            NotWritten: it can't be written there.
        """
        from sor_addressing.changes.planning.writing import sections_of, title_of
        from sor_addressing.pages.sections import sections_as_html

        return put_text(
            target, sections_as_html(title_of(self, language), language, sections_of(self, language, limit))
        )
