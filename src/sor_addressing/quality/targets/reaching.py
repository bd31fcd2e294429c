"""A target in a trend: by which day how many remarks are left at most, for all of them and for each group; see :func:`target`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Unpack

import attrs

from sor_addressing.clock import day_number
from sor_addressing.errors import PolicyError
from sor_addressing.misspelt import check_names
from sor_addressing.pages.sections import ReportSection
from sor_addressing.quality.audit import AuditOptions, audit, point_of
from sor_addressing.quality.targets.pace import done_on, pace_of
from sor_addressing.quality.trends import Trend
from sor_addressing.register.face import Register
from sor_addressing.register.proposals.planned_rows import ChangePlan, PlanRow
from sor_addressing.whole_file import Target, put_text

MOST_GROUPS = 50


class TargetOutcome(StrEnum):
    """Where somebody stands; the worst first."""

    OVERDUE = "overdue"
    WORSENING = "worsening"
    NEVER = "never"
    LATE = "late"
    NOT_KNOWN = "not-known"
    ON_TIME = "on-time"
    REACHED = "reached"


_ORDER = tuple(TargetOutcome)
_LATE = frozenset(_ORDER[:4])


@attrs.frozen(slots=True, kw_only=True)
class TargetLine:
    """Where all remarks, or those of one group, stand.

    Attributes:
        code: of the group; None for all of them.
        first: how many there were on the first day.
        now: how many there are on the last day.
        goal: how many may be left.
        pace: how many fewer a day, as the median of the rates between every two days; below 0 where there are more. None where there is one day.
        needed: how many fewer a day it takes from the last day on; None where the goal is reached, or the day of the target has come.
        due: when the goal is reached at that pace; None where it never is, or is reached.
        reached: since when the goal is reached; None where it isn't.
        outcome: how that stands to the target.
        name: what the group is called, by language.
    """

    code: str | None
    first: int
    now: int
    goal: int
    pace: float | None
    needed: float | None
    due: dt.date | None
    reached: dt.date | None
    outcome: TargetOutcome
    _words: Mapping[str, str] = attrs.field(factory=dict, repr=False, eq=False)

    @property
    def is_late(self) -> bool:
        """Whether the goal is not reached in time, as it goes."""
        return self.outcome in _LATE

    @property
    def left(self) -> int:
        """How many are too many."""
        return max(0, self.now - self.goal)

    def name(self, language: str = "da") -> str:
        """What the group is called; its code where nothing tells, empty for all of them."""
        return self._words.get(language) or self.code or ""

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {
            "code": self.code,
            "name": self.name(),
            "first": self.first,
            "now": self.now,
            "goal": self.goal,
            "left": self.left,
            "pace": None if self.pace is None else round(self.pace, 6),
            "needed": None if self.needed is None else round(self.needed, 6),
            "due": _iso(self.due),
            "reached": _iso(self.reached),
            "outcome": str(self.outcome),
        }


@attrs.frozen(slots=True, kw_only=True)
class PlannedDay:
    """What is left once the rows of a plan until a day are done; nothing else is taken to change.

    Attributes:
        day: the day; the last day of the trend for rows that count already.
        rows: how many rows count from that day.
        remarks: how many remarks are left then.
        by_group: the same by code of the group.
    """

    day: dt.date
    rows: int
    remarks: int
    by_group: Mapping[str, int] = attrs.field(factory=dict, hash=False)

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {
            "day": self.day.isoformat(),
            "rows": self.rows,
            "remarks": self.remarks,
            "by_group": dict(self.by_group),
        }


@attrs.frozen(slots=True, kw_only=True, eq=False, repr=False)
class TargetReport:
    """By when how many remarks are to be left, and whether they will be; made by :func:`target`.

    Attributes:
        trend: the days.
        until: the day by which.
        total: all remarks together.
        groups: those of the trend, who is late first: the most left first among those that never will, the latest first among the others.
        planned: what is left after each day of a plan.
        not_counted: rules that were not followed alike on all days, whose remarks are left out of all of it.
    """

    trend: Trend
    until: dt.date
    total: TargetLine
    groups: tuple[TargetLine, ...]
    planned: tuple[PlannedDay, ...] = ()
    not_counted: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<TargetReport {self.total.goal} by {self.until}: {self.total.outcome}>"

    @property
    def on(self) -> dt.date:
        """The last day of the trend."""
        return self.trend.points[-1].on

    @property
    def late(self) -> tuple[TargetLine, ...]:
        """The groups that do not reach their goal in time, as it goes."""
        return tuple(line for line in self.groups if line.is_late)

    @property
    def planned_done(self) -> dt.date | None:
        """The day of the plan from which on the goal is reached; None where the plan does not reach it."""
        done = None
        for one in reversed(self.planned):
            if one.remarks > self.total.goal:
                break
            done = one.day
        return done

    def text(self, language: str = "en") -> str:
        """A few sentences: how fast it went, when it is done at that speed, and what a plan does."""
        from sor_addressing.quality.targets.writing import sentences

        return "\n".join(sentences(self, language))

    def sections(self, language: str = "en", *, limit: int = MOST_GROUPS) -> tuple[ReportSection, ...]:
        """The parts of the report, for that of an audit: ``found.to_html(sections=target(…).sections("da"))``."""
        from sor_addressing.quality.targets.writing import sections_of

        return tuple(sections_of(self, language, limit))

    def to_dict(self) -> dict[str, object]:
        """Plain types, stable keys."""
        return {
            "until": self.until.isoformat(),
            "on": self.on.isoformat(),
            "total": self.total.to_dict(),
            "by": None if self.trend.by is None else str(self.trend.by),
            "groups": [line.to_dict() for line in self.groups],
            "planned": [one.to_dict() for one in self.planned],
            "planned_done": _iso(self.planned_done),
            "not_counted": list(self.not_counted),
        }

    def to_csv(self, target: Target, *, language: str = "en", delimiter: str = ";") -> None:
        """Write a row for all remarks, for each group, each day of the trend and each day of the plan.

        Raises:
            NotWritten: it can't be written there.
        """
        from sor_addressing.quality.targets.writing import write_csv_of

        write_csv_of(self, target, language, delimiter)

    def to_markdown(self, target: Target | None = None, *, language: str = "en", limit: int = MOST_GROUPS) -> str:
        """The report as Markdown.

        Args:
            target: a path or an open text file to write it to; it is given back either way.
            language: ``"da"`` or ``"en"``.
            limit: how many groups are shown at most; how many there are is said.

        Raises:
            NotWritten: it can't be written there.
        """
        from sor_addressing.quality.targets.writing import as_markdown

        return put_text(target, as_markdown(self, language, limit))

    def to_html(self, target: Target | None = None, *, language: str = "en", limit: int = MOST_GROUPS) -> str:
        """The report as one page of HTML with a chart, that needs nothing else; arguments as for :meth:`to_markdown`.

        Raises:
            NotWritten: it can't be written there.
        """
        from sor_addressing.quality.targets.writing import as_html

        return put_text(target, as_html(self, language, limit))


def target(
    days: Trend,
    *,
    until: dt.date,
    goal: int = 0,
    plan: ChangePlan | str | Iterable[PlanRow | Mapping[str, object]] | None = None,
    register: Register | None = None,
    **options: Unpack[AuditOptions],
) -> TargetReport:
    """Whether no more than ``goal`` remarks are left by a day, as it goes, and who is late.

    Remarks of rules that were not followed alike on all days, for a file was there on some of them only, are left out (``not_counted``).
    Where the trend counts by groups, each has a goal of its own: its share of ``goal``, as its remarks are of all remarks on the last day.

    Args:
        days: the trend, of :func:`trend`.
        until: the day by which.
        goal: how many remarks may be left.
        plan: a plan of registrations, whose days are drawn in: what is left after each.
        register: the register of the trend's last day, which the plan is laid over.
        options: what the trend's audits were told, for those of the plan.

    Raises:
        PolicyError: the trend has no day, the goal is none, or a plan has no register of the last day.
        PlanError: the plan can't be read, or the register has no message types.

    >>> from sor_addressing.quality import trend
    >>> days = trend([Register.sample()], rules=["receipt-missing"])
    >>> found = target(days, until=dt.date(2026, 3, 1))
    >>> found.total.now, found.total.outcome, round(found.total.needed, 3)
    (2, <TargetOutcome.NOT_KNOWN: 'not-known'>, 0.044)
    """
    check_names("an audit", options, AuditOptions.__annotations__)
    until = dt.date.fromordinal(day_number(until))
    _check_goal(goal)
    if not days.points:
        raise PolicyError("a target needs a trend of one day at least")
    uneven = days.uneven
    days = days.without(uneven)
    planned = () if plan is None else _planned(days, ChangePlan.of(plan), register, uneven, options)
    on = [point.on for point in days.points]
    counts = [point.remarks for point in days.points]
    groups = []
    for code in dict.fromkeys(code for point in days.points for code in point.by_group):
        of_group = days.of_group(code)
        if any(of_group):
            share = goal * of_group[-1] // counts[-1] if counts[-1] else 0
            groups.append(_line(on, of_group, share, until, code, days._words.get(code, {})))
    return TargetReport(
        trend=days,
        until=until,
        total=_line(on, counts, goal, until),
        groups=tuple(sorted(groups, key=_late_first)),
        planned=planned,
        not_counted=uneven,
    )


def _check_goal(goal: object) -> None:
    if isinstance(goal, bool) or not isinstance(goal, int) or goal < 0:
        raise PolicyError(f"goal is {goal!r}: use a whole number of remarks, 0 or more")


def _line(
    days: Sequence[dt.date],
    counts: Sequence[int],
    goal: int,
    until: dt.date,
    code: str | None = None,
    words: Mapping[str, str] | None = None,
) -> TargetLine:
    today, now = days[-1], counts[-1]
    pace = pace_of(days, counts)
    reached: dt.date | None = None
    due: dt.date | None = None
    needed: float | None = None
    if now <= goal:
        reached = today
        for day, count in zip(reversed(days), reversed(counts), strict=True):
            if count > goal:
                break
            reached = day
    else:
        due = None if pace is None else done_on(today, now - goal, pace)
        if until > today:
            needed = (now - goal) / (until - today).days
    return TargetLine(
        code=code,
        first=counts[0],
        now=now,
        goal=goal,
        pace=pace,
        needed=needed,
        due=due,
        reached=reached,
        outcome=_outcome(today, until, pace, due, reached),
        words=words or {},
    )


def _outcome(
    today: dt.date, until: dt.date, pace: float | None, due: dt.date | None, reached: dt.date | None
) -> TargetOutcome:
    if reached is not None:
        return TargetOutcome.REACHED
    if until < today:
        return TargetOutcome.OVERDUE
    if pace is None:
        return TargetOutcome.NOT_KNOWN
    if pace < 0:
        return TargetOutcome.WORSENING
    if due is None:
        return TargetOutcome.NEVER
    return TargetOutcome.ON_TIME if due <= until else TargetOutcome.LATE


def _late_first(line: TargetLine) -> tuple[int, int, int, str]:
    due = 0 if line.due is None else -line.due.toordinal()
    return _ORDER.index(line.outcome), due, -line.left, line.code or ""


def _planned(
    days: Trend, plan: ChangePlan, register: Register | None, uneven: tuple[str, ...], options: AuditOptions
) -> tuple[PlannedDay, ...]:
    """What is left after each day of a plan: each is an audit on the last day of the trend, so that nothing but the plan makes the difference."""
    today = days.points[-1].on
    if register is None:
        raise PolicyError("a plan is laid over a register: give register=, that of the last day of the trend")
    counted = [today if row.from_date is None else max(row.from_date, today) for row in plan]
    found = []
    for day in sorted(set(counted)):
        after = audit(register.with_changes(plan, on=day), on=today, **options)
        point = point_of(after, days.by)[0].without(uneven)
        found.append(PlannedDay(day=day, rows=counted.count(day), remarks=point.remarks, by_group=point.by_group))
    return tuple(found)


def _iso(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()
