"""The tables of an audit's report, the same for people who read it as Markdown, as HTML or on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs

from sor_addressing.addressing.severities import Severity
from sor_addressing.quality.groups import AuditGroup, GroupKind
from sor_addressing.quality.outcome import AuditOutcome
from sor_addressing.quality.report.rows import SUBJECT, severity_counts
from sor_addressing.quality.trends import Trend
from sor_addressing.search.rules.explain import unknown_text
from sor_addressing.texts import field_in_words, text_of

MOST_GROUPS = 15


@attrs.frozen(slots=True)
class ReportTable:
    """A table of a report.

    Attributes:
        name: stable, for the anchors of a page.
        title: what stands above it.
        heads: heads of its columns.
        rows: cells as text.
        numeric: which columns are numbers.
        weights: counts by severity of each row, where a bar can be drawn of them.
        note: what stands below it.
    """

    name: str
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()
    weights: tuple[Mapping[Severity, int], ...] = ()
    note: str = ""


class ReportWords:
    """The words of a report in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, code: str, **values: object) -> str:
        return text_of(SUBJECT, code, self.language, values)

    def heads(self, *names: str) -> tuple[str, ...]:
        """Heads of columns."""
        return tuple(self(f"head.{name}") for name in names)

    def number(self, value: int) -> str:
        """A number with its thousands apart, as the language writes it."""
        return f"{value:,}".replace(",", "." if self.language == "da" else ",")

    def share(self, value: float) -> str:
        """A share in per cent."""
        text = f"{value * 100:.1f} %"
        return text.replace(".", ",") if self.language == "da" else text


def opening(outcome: AuditOutcome, say: ReportWords) -> list[str]:
    """The sentences at the top: which day, how much was looked at, and what it comes to."""
    lines = [say("day", snapshot=outcome.snapshot_date.isoformat(), on=outcome.on.isoformat())]
    if outcome.filter.fields:
        asked = outcome.filter.to_dict()
        shown = (f"{field_in_words(name, say.language)} {_shown(asked[name])}" for name in outcome.filter.fields)
        lines.append(say("filtered", filter="; ".join(shown)))
        lines += (unknown_text(one, say.language) for one in outcome.unknown)
    counts = {name: say.number(int(str(count))) for name, count in severity_counts(outcome.by_severity).items()}
    lines.append(
        say(
            "summary",
            remarks=say.number(len(outcome.remarks)),
            units=say.number(outcome.units),
            numbers=say.number(outcome.numbers),
            **counts,
        )
    )
    return lines


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def rule_table(outcome: AuditOutcome, say: ReportWords) -> ReportTable:
    """How many remarks each rule made, the weightiest first; rules without any among them."""
    counts = outcome.counts
    order = tuple(Severity)
    rules = sorted(
        (rule for rule in outcome.rules if rule.code in counts),
        key=lambda rule: (counts[rule.code] == 0, order.index(rule.severity), -counts[rule.code]),
    )
    return ReportTable(
        "rules",
        say("rules"),
        say.heads("severity", "title", "code", "remarks"),
        tuple(
            (
                say(f"severity.{rule.severity}"),
                rule.title(say.language),
                rule.code,
                say.number(counts[rule.code]),
            )
            for rule in rules
        ),
        frozenset({3}),
        tuple({rule.severity: counts[rule.code]} for rule in rules),
    )


def group_table(
    groups: Iterable[AuditGroup], kind: GroupKind, say: ReportWords, limit: int = MOST_GROUPS
) -> ReportTable:
    """Counts and shares of the groups of one kind, the worst first."""
    all_groups = tuple(groups)
    shown = all_groups[:limit]
    shares = any(group.shared for group in shown)
    rows = []
    for group in shown:
        counts = group.by_severity
        rows.append(
            (
                group.name(say.language) or say("not-said"),
                group.code,
                *(say.number(counts[severity]) for severity in Severity),
                say.number(group.units),
                say.number(group.units_with_remarks),
                say.share(group.share),
                say.number(group.numbers),
                say.number(group.numbers_with_remarks),
                say.share(group.share_of_numbers),
                *([say.number(sum(group.shared.values()))] if shares else ()),
            )
        )
    note = say("shown-groups", shown=len(shown), count=len(all_groups)) if len(shown) < len(all_groups) else ""
    heads = say.heads(
        *("group", "code", "errors", "warnings", "infos"),
        *("units", "with-remarks", "share", "numbers", "numbers-with-remarks", "share-of-numbers"),
        *(["shared"] if shares else ()),
    )
    weights = tuple(group.by_severity for group in shown)
    return ReportTable(
        f"by-{kind}", say(f"by.{kind}"), heads, tuple(rows), frozenset(range(2, len(heads))), weights, note
    )


def worst_table(outcome: AuditOutcome, say: ReportWords, limit: int = 10) -> ReportTable:
    """The units with most remarks."""
    worst = outcome.worst_units(limit)
    return ReportTable(
        "worst",
        say("worst"),
        say.heads("name", "sor_code", "errors", "warnings", "infos"),
        tuple(
            (unit.name, unit.sor_code, *(say.number(counts[severity]) for severity in Severity))
            for unit, counts in worst
        ),
        frozenset({2, 3, 4}),
        tuple(counts for _, counts in worst),
    )


def unmatched_table(outcome: AuditOutcome, say: ReportWords) -> ReportTable:
    """The systems that could not be told on the approval list."""
    return ReportTable(
        "unmatched",
        say("unmatched"),
        say.heads("system", "code", "numbers", "reason", "alike"),
        tuple(
            (
                one.match.name or say("not-said"),
                one.match.code,
                say.number(one.numbers),
                say(f"match.{one.match.kind}"),
                ", ".join(one.match.alike),
            )
            for one in outcome.unmatched_systems
        ),
        frozenset({2}),
    )


def not_checked_table(outcome: AuditOutcome, say: ReportWords) -> ReportTable:
    """The rules that could not be followed, or only in part."""
    return ReportTable(
        "not-checked",
        say("not-checked"),
        say.heads("title", "code", "reason"),
        tuple((one.title(say.language), one.rule, one.text(say.language)) for one in outcome.not_checked),
    )


def trend_table(trend: Trend, say: ReportWords) -> ReportTable:
    """Remarks day by day."""
    return ReportTable(
        "trend",
        say("trend"),
        say.heads("day", "units", "errors", "warnings", "infos"),
        tuple(
            (
                point.on.isoformat(),
                say.number(point.units),
                *(say.number(point.by_severity[severity]) for severity in Severity),
            )
            for point in trend.points
        ),
        frozenset({1, 2, 3, 4}),
    )


def trend_groups_table(trend: Trend, say: ReportWords, limit: int = MOST_GROUPS) -> ReportTable:
    """Remarks of each group on the first and the last day, the most on the last day first; empty where the trend has no groups."""
    days = trend.points
    codes = dict.fromkeys(code for point in days for code in point.by_group) if len(days) > 1 else {}
    counts = {code: trend.of_group(code) for code in codes}
    order = sorted(codes, key=lambda code: (-counts[code][-1], -counts[code][0], code))
    rows = [
        (
            trend.group_name(code, say.language) or say("not-said"),
            code,
            say.number(counts[code][0]),
            say.number(counts[code][-1]),
            f"{counts[code][-1] - counts[code][0]:+d}",
        )
        for code in order[:limit]
        if any(counts[code])
    ]
    told = sum(any(count) for count in counts.values())
    return ReportTable(
        "trend-groups",
        say("trend-groups", by=say(f"head.{trend.by}")) if trend.by else "",
        (
            *say.heads("group", "code"),
            *((days[0].on.isoformat(), days[-1].on.isoformat()) if days else ()),
            say("head.change"),
        ),
        tuple(rows),
        frozenset({2, 3, 4}),
        note=say("shown-groups", shown=len(rows), count=told) if len(rows) < told else "",
    )


def report_tables(
    outcome: AuditOutcome,
    say: ReportWords,
    *,
    by: Iterable[str],
    trend: Trend | None,
    limit: int,
    tree: ReportTable | None = None,
) -> list[ReportTable]:
    """Every table of a report that has something to say, in order."""
    tables = [rule_table(outcome, say)]
    if trend is not None:
        tables += [trend_table(trend, say), trend_groups_table(trend, say, limit)]
    for kind in by:
        tables.append(group_table(outcome.by(kind), GroupKind(kind), say, limit))
    if tree is not None:
        tables.append(tree)
    tables += [worst_table(outcome, say), unmatched_table(outcome, say), not_checked_table(outcome, say)]
    return [table for table in tables if table.rows]
