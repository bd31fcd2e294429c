"""A target in words, tables and a chart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sor_addressing.cells import csv_writer
from sor_addressing.pages.dated_chart import DatedLine, DayMark, Level, dated_chart
from sor_addressing.pages.sections import ReportSection, sections_as_html, sections_as_markdown
from sor_addressing.texts import text_of
from sor_addressing.whole_file import Target, WholeFiles

if TYPE_CHECKING:
    from sor_addressing.quality.targets.reaching import TargetLine, TargetReport

_WEEK = 7
_TENTH = 0.05
_ABOVE = 1.5
"""So many times the most that there were, a line is followed upwards."""

_COLUMNS = (
    *(
        "row",
        "code",
        "name",
        "day",
        "remarks",
        "goal",
        "fewer_a_week",
        "more_a_week",
        "needed_a_week",
        "due",
        "reached",
        "outcome",
    ),
    "after_the_plan",
)


class TargetWords:
    """The words of a target in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, code: str, **values: object) -> str:
        return text_of("targets", code, self.language, values)

    def number(self, value: int) -> str:
        """A number with its thousands apart, as the language writes it."""
        return f"{value:,}".replace(",", "." if self.language == "da" else ",")

    def a_week(self, pace: float | None) -> str:
        """How many fewer a week: one decimal below ten and two below a tenth, empty where it is not known."""
        if pace is None:
            return ""
        value = pace * _WEEK
        if abs(value) >= 9.95:
            return self.number(round(value))
        text = f"{value:.1f}" if abs(value) >= _TENTH or not value else f"{value:.2f}"
        if value and not text.strip("-0."):
            text = "<0.01" if value > 0 else "<0"
        return text.replace(".", ",") if self.language == "da" else text


def sentences(found: TargetReport, language: str) -> Iterator[str]:
    """How fast it went, when it is done at that speed, and what a plan does."""
    say, total = TargetWords(language), found.total
    until = found.until.isoformat()
    yield say("now", now=say.number(total.now), on=found.on.isoformat(), goal=say.number(total.goal), until=until)
    yield _went(found, say)
    yield _outcome(total, found.until, say)
    if total.needed is not None:
        yield say("needed", needed=say.a_week(total.needed))
    if found.planned:
        yield _by_the_plan(found, say)
    if found.groups:
        yield say("late-groups", late=say.number(len(found.late)), count=say.number(len(found.groups)))


def _went(found: TargetReport, say: TargetWords) -> str:
    pace, days = found.total.pace, say.number(len(found.trend.points))
    if pace is None:
        return say("pace.one")
    if not pace:
        return say("pace.none", days=days)
    return say("pace.fewer" if pace > 0 else "pace.more", pace=say.a_week(abs(pace)), days=days)


def _outcome(line: TargetLine, until: dt.date, say: TargetWords) -> str:
    due = "" if line.due is None else line.due.isoformat()
    reached = "" if line.reached is None else line.reached.isoformat()
    late = 0 if line.due is None else (line.due - until).days
    code = f"outcome.{line.outcome}"
    if line.outcome == "overdue":
        code += ".not-known" if line.pace is None else ".never" if line.due is None else ".done"
    return say(
        code, due=due, reached=reached, until=until.isoformat(), days=say.number(late), left=say.number(line.left)
    )


def _by_the_plan(found: TargetReport, say: TargetWords) -> str:
    done, last = found.planned_done, found.planned[-1]
    if done is None:
        return say("plan.short", left=say.number(last.remarks), day=last.day.isoformat())
    return say(
        "plan.on-time" if done <= found.until else "plan.late", day=done.isoformat(), until=found.until.isoformat()
    )


def sections_of(found: TargetReport, language: str, limit: int) -> Iterator[ReportSection]:
    """The report: the short answer with the days, the plan, and the groups."""
    say = TargetWords(language)
    days = [(point.on.isoformat(), say.number(point.remarks)) for point in found.trend.points]
    yield ReportSection(
        "target",
        say("title"),
        tuple(sentences(found, language)),
        (say("head.day"), say("head.remarks")),
        days,
        (1,),
        chart=_chart(found, say),
    )
    if found.planned:
        yield ReportSection(
            "plan",
            say("plan"),
            (say("plan.how", on=found.on.isoformat()),),
            (say("head.sign"), say("head.day"), say("head.rows"), say("head.left")),
            [
                (str(at), one.day.isoformat(), say.number(one.rows), say.number(one.remarks))
                for at, one in enumerate(found.planned, start=1)
            ],
            (2, 3),
        )
    if found.groups:
        yield _groups(found, say, limit)


def _groups(found: TargetReport, say: TargetWords, limit: int) -> ReportSection:
    shown = found.groups[:limit]
    last = found.planned[-1].by_group if found.planned else None
    lines = [say("goal-of-groups")] if found.total.goal else []
    if len(shown) < len(found.groups):
        lines.append(say("shown", shown=say.number(len(shown)), count=say.number(len(found.groups))))
    heads = ("group", "code", "remarks", "goal", "pace", "needed", "due", "outcome")
    return ReportSection(
        "groups",
        say("groups"),
        tuple(lines),
        (*(say(f"head.{name}") for name in heads), *(() if last is None else (say("head.left"),))),
        [
            (
                line.name(say.language) or say("not-said"),
                line.code or "",
                say.number(line.now),
                say.number(line.goal),
                say.a_week(line.pace),
                say.a_week(line.needed),
                "" if line.due is None else line.due.isoformat(),
                say(f"outcome-word.{line.outcome}"),
                *(() if last is None else (say.number(last.get(line.code or "", 0)),)),
            )
            for line in shown
        ],
        (2, 3, 4, 5, *(() if last is None else (8,))),
    )


def _chart(found: TargetReport, say: TargetWords) -> str:
    total, points = found.total, found.trend.points
    measured = [(point.on, float(point.remarks)) for point in points]
    lines = [DatedLine(say("chart.measured"), measured, "none", dots=True)]
    end = max(found.on, found.until, *(one.day for one in found.planned))
    if total.pace is not None and total.left:
        lines.append(DatedLine(say("chart.speed"), _followed(found, total.pace, end), "6 3"))
    if found.planned:
        steps = [(found.on, float(total.now))]
        for one in found.planned:
            steps += [(one.day, steps[-1][1]), (one.day, float(one.remarks))]
        lines.append(DatedLine(say("chart.plan"), [*steps, (end, steps[-1][1])], "2 3"))
    days = [DayMark("◆", found.until, say("chart.until", until=found.until.isoformat()))]
    days += [
        DayMark(str(at), one.day, say("chart.step", day=one.day.isoformat(), left=say.number(one.remarks)))
        for at, one in enumerate(found.planned, start=1)
    ]
    level = Level(total.goal, say("chart.goal", goal=say.number(total.goal)))
    return dated_chart(lines, days=days, level=level, label=" ".join(sentences(found, say.language)))


def _followed(found: TargetReport, pace: float, end: dt.date) -> list[tuple[dt.date, float]]:
    """The line from the last day on: to the day on which it is done, as far as the chart may become twice as long, or as high as it may."""
    total, start = found.total, found.on
    first = found.trend.points[0].on
    longest = (end - first).days * 2 or 1
    room = min(longest - (start - first).days, (dt.date.max - start).days)
    if total.due is not None and (total.due - start).days <= room:
        return [(start, total.now), (total.due, total.goal)]
    length = room if pace > 0 else min(room, (end - start).days)
    if pace < 0:
        most = max(point.remarks for point in found.trend.points)
        length = min(length, int((most * _ABOVE - total.now) / -pace))
    return [(start, total.now), (start + dt.timedelta(days=length), total.now - pace * length)]


def as_markdown(found: TargetReport, language: str, limit: int) -> str:
    """The report as Markdown."""
    return sections_as_markdown(TargetWords(language)("title"), sections_of(found, language, limit))


def as_html(found: TargetReport, language: str, limit: int) -> str:
    """The report as one page of HTML."""
    return sections_as_html(TargetWords(language)("title"), language, sections_of(found, language, limit))


def write_csv_of(found: TargetReport, target: Target, language: str, delimiter: str) -> None:
    """A row for all remarks (``all``), each ``group``, each ``day`` of the trend and of the ``plan``; heads are the same in every language."""
    with WholeFiles() as files, files.text(target, encoding="utf-8-sig") as text:
        writer = csv_writer(text, delimiter=delimiter)
        writer.writerow(_COLUMNS)
        writer.writerows(_csv_rows(found, TargetWords(language)))


def _csv_rows(found: TargetReport, say: TargetWords) -> Iterator[tuple[object, ...]]:
    last = found.planned[-1] if found.planned else None
    yield ("all", "", "", *_csv_line(found.total, found, say), "" if last is None else last.remarks)
    for line in found.groups:
        after = "" if last is None else last.by_group.get(line.code or "", 0)
        yield ("group", line.code, line.name(say.language), *_csv_line(line, found, say), after)
    empty = ("",) * (len(_COLUMNS) - 5)
    for point in found.trend.points:
        yield ("day", "", "", point.on.isoformat(), point.remarks, *empty)
    for one in found.planned:
        yield ("plan", "", "", one.day.isoformat(), one.remarks, *empty)


def _csv_line(line: TargetLine, found: TargetReport, say: TargetWords) -> tuple[object, ...]:
    return (
        found.on.isoformat(),
        line.now,
        line.goal,
        say.a_week(line.pace) if line.pace is not None and line.pace >= 0 else "",
        say.a_week(-line.pace) if line.pace is not None and line.pace < 0 else "",
        say.a_week(line.needed),
        "" if line.due is None else line.due.isoformat(),
        "" if line.reached is None else line.reached.isoformat(),
        str(line.outcome),
    )
