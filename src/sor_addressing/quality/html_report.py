"""An audit as one HTML page that needs nothing else: no script, no font, no picture from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from importlib.resources import files

from sor_addressing.addressing.severities import Severity
from sor_addressing.quality.charts import bar, lines
from sor_addressing.quality.outcome import AuditOutcome
from sor_addressing.quality.remarks import Remark
from sor_addressing.quality.report_examples import examples_of
from sor_addressing.quality.report_rows import severity_counts
from sor_addressing.quality.report_tables import MOST_GROUPS, ReportTable, ReportWords, opening, report_tables
from sor_addressing.quality.rule import Rule
from sor_addressing.quality.trend_points import Trend

# The page may load nothing at all, whatever a name in the register would have it do.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def html_report(
    outcome: AuditOutcome,
    language: str = "en",
    *,
    by: Iterable[str] = (),
    trend: Trend | None = None,
    limit: int = MOST_GROUPS,
    examples: int = 20,
) -> str:
    """The report as one page of HTML; everything from the register is escaped."""
    say = ReportWords(language)
    tables = report_tables(outcome, say, by=by, trend=trend, limit=limit)
    told = examples_of(outcome, examples)
    style = (files(__package__) / "data" / "report.css").read_text("utf-8")
    title = escape(say("title"))
    body = [f"<h1>{title}</h1>", *(f"<p>{escape(line)}</p>" for line in opening(outcome, say))]
    body.append(_contents(tables, say, with_remarks=bool(told)))
    body += [_section(table, say, trend) for table in tables]
    if told:
        body.append(f'<section id="remarks"><h2>{escape(say("remarks"))}</h2>')
        body += [_rule(rule, count, remarks, say) for rule, count, remarks in told]
        body.append("</section>")
    else:
        body.append(f"<p>{escape(say('nothing'))}</p>")
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title} {outcome.on.isoformat()}</title>\n<style>{style}</style></head>\n"
        f"<body><main>\n{chr(10).join(body)}\n</main></body></html>\n"
    )


def _contents(tables: Iterable[ReportTable], say: ReportWords, *, with_remarks: bool) -> str:
    links = [(table.name, table.title) for table in tables]
    if with_remarks:
        links.append(("remarks", say("remarks")))
    items = "".join(f'<li><a href="#{escape(name)}">{escape(title)}</a></li>' for name, title in links)
    return f"<nav><ul>{items}</ul></nav>"


def _section(table: ReportTable, say: ReportWords, trend: Trend | None) -> str:
    parts = [f'<section id="{escape(table.name)}"><h2>{escape(table.title)}</h2>']
    if table.name == "trend" and trend is not None:
        parts.append(_trend_chart(trend, table, say))
    if table.weights:
        parts.append(_bars(table, say))
    parts.append(_table(table))
    if table.note:
        parts.append(f"<p>{escape(table.note)}</p>")
    parts.append("</section>")
    return "\n".join(parts)


def _bars(table: ReportTable, say: ReportWords) -> str:
    """A bar for each row that has remarks, with its counts in words beside it."""
    name_at = 1 if table.name == "rules" else 0
    largest = max(sum(weights.values()) for weights in table.weights)
    items = []
    for row, weights in zip(table.rows, table.weights, strict=True):
        if not sum(weights.values()):
            continue
        if table.name == "rules":
            words = f"{row[0]}: {row[3]}"
        else:
            counts = severity_counts({severity: weights[severity] for severity in Severity})
            words = say("counts", **{name: say.number(int(str(count))) for name, count in counts.items()})
        items.append(
            f'<li><span class="who">{escape(row[name_at])}</span> <span class="counts">{escape(words)}</span>'
            f"{bar(weights, largest, f'{row[name_at]}: {words}')}</li>"
        )
    return f'<ul class="bars">{"".join(items)}</ul>' if items else ""


def _trend_chart(trend: Trend, table: ReportTable, say: ReportWords) -> str:
    series = {severity: [point.by_severity[severity] for point in trend.points] for severity in Severity}
    names = {severity: table.heads[2 + place] for place, severity in enumerate(Severity)}
    return lines([point.on.isoformat() for point in trend.points], series, names, say("trend"))


def _table(table: ReportTable) -> str:
    def cell(tag: str, at: int, text: str) -> str:
        kind = ' class="number"' if at in table.numeric else ""
        scope = ' scope="col"' if tag == "th" else ""
        return f"<{tag}{kind}{scope}>{escape(text)}</{tag}>"

    head = "".join(cell("th", at, text) for at, text in enumerate(table.heads))
    rows = ("".join(cell("td", at, text) for at, text in enumerate(row)) for row in table.rows)
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    # What can be scrolled can be reached by the keyboard.
    scrolls = f'<div class="scrolls" role="region" tabindex="0" aria-label="{escape(table.title)}">'
    return f"{scrolls}<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


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
