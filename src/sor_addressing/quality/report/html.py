"""An audit as one HTML page that needs nothing else: no script, no font, no picture from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from sor_addressing.addressing.severities import Severity
from sor_addressing.pages.charts import Bar, Line, bars, lines
from sor_addressing.pages.document import contents, page, paragraph, section, table
from sor_addressing.pages.sections import ReportSection, section_as_html
from sor_addressing.quality.defining import Rule
from sor_addressing.quality.outcome import AuditOutcome
from sor_addressing.quality.remarks import Remark
from sor_addressing.quality.report.examples import examples_of
from sor_addressing.quality.report.rows import severity_counts
from sor_addressing.quality.report.tables import MOST_GROUPS, ReportTable, ReportWords, opening, report_tables
from sor_addressing.quality.report.trees import tree_of, tree_table
from sor_addressing.quality.trends import Trend


def html_report(
    outcome: AuditOutcome,
    language: str = "en",
    *,
    by: Iterable[str] = (),
    trend: Trend | None = None,
    limit: int = MOST_GROUPS,
    examples: int = 20,
    tree: int | None = None,
    sections: Iterable[ReportSection] = (),
) -> str:
    """The report as one page of HTML; everything from the register is escaped."""
    say = ReportWords(language)
    shown = None if tree is None else tree_table(tree_of(outcome, tree), say)
    tables = report_tables(outcome, say, by=by, trend=trend, limit=limit, tree=shown)
    more = list(sections)
    told = examples_of(outcome, examples)
    links = [(one.name, one.heading) for one in more] + [(one.name, one.title) for one in tables]
    if told:
        links.append(("remarks", say("remarks")))
    parts = [*map(paragraph, opening(outcome, say)), contents(links)]
    parts += map(section_as_html, more)
    parts += [section(one.name, one.title, _parts(one, say, trend)) for one in tables]
    if told:
        rules = [_rule(rule, count, remarks, say) for rule, count, remarks in told]
        parts.append(section("remarks", say("remarks"), rules))
    else:
        parts.append(paragraph(say("nothing")))
    return page(say("title"), language, parts, subtitle=outcome.on.isoformat())


def _parts(one: ReportTable, say: ReportWords, trend: Trend | None) -> Iterable[str]:
    if one.name == "trend" and trend is not None:
        yield _trend_chart(trend, one, say)
    if one.weights:
        yield _bars(one, say)
    yield table(one.heads, one.rows, numeric=one.numeric, label=one.title)
    if one.note:
        yield paragraph(one.note)


def _bars(one: ReportTable, say: ReportWords) -> str:
    """A bar for each row that has remarks, with its counts in words beside it."""
    name_at = 1 if one.name == "rules" else 0
    drawn = []
    for row, weights in zip(one.rows, one.weights, strict=True):
        if not sum(weights.values()):
            continue
        if one.name == "rules":
            words = f"{row[0]}: {row[3]}"
        else:
            counts = severity_counts({severity: weights[severity] for severity in Severity})
            words = say("counts", **{name: say.number(int(str(count))) for name, count in counts.items()})
        drawn.append(Bar(row[name_at], words, [weights.get(severity, 0) for severity in Severity]))
    return bars(drawn)


def _trend_chart(trend: Trend, one: ReportTable, say: ReportWords) -> str:
    series = [
        Line(one.heads[2 + place], [point.by_severity[severity] for point in trend.points])
        for place, severity in enumerate(Severity)
    ]
    return lines([point.on.isoformat() for point in trend.points], series, say("trend"))


def _rule(rule: Rule, count: int, remarks: Iterable[Remark], say: ReportWords) -> str:
    language = say.language
    items = []
    for remark in remarks:
        fix = remark.fix(language)
        told = f"<br><em>{escape(say('fix', fix=fix))}</em>" if fix else ""
        items.append(f"<li>{escape(remark.text(language))}{told}</li>")
    shown = say("shown", shown=say.number(len(items)), count=say.number(count))
    heading = f"{say(f'severity.{rule.severity}')}: {rule.title(language)} ({say.number(count)})"
    return (
        f"<details><summary>{escape(heading)} <code>{escape(rule.code)}</code></summary>"
        f"<ul>{''.join(items)}</ul><p>{escape(shown)}</p></details>"
    )
