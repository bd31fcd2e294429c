"""A report of deliveries as one page of HTML: what it comes to, week by week, most refusals, slowest, and every row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sor_addressing.pages.charts import Bar, Line, bars, lines
from sor_addressing.pages.document import contents, page, paragraph, section, table
from sor_addressing.texts import in_a_sentence, text_of

if TYPE_CHECKING:
    from sor_addressing.deliveries.report.counting import DeliveryReport, DeliveryRow

_SUBJECT = "deliveries"
_MOST_BARS = 12
MOST_ROWS = 2_000
"""How many rows stand in a page; CSV has them all."""


def page_of(report: DeliveryReport, language: str) -> str:
    """The page; see :meth:`DeliveryReport.to_html`."""
    return page(_say("title", language), language, _parts(report, language))


def _parts(report: DeliveryReport, language: str) -> Iterator[str]:
    yield paragraph(_summary(report.total, language))
    if report.since is not None:
        yield paragraph(_say("period", language, since=report.since, until=report.until))
    if report.total.guessed:
        yield paragraph(_say("guessed", language, count=report.total.guessed))
    sections = list(_sections(report, language))
    yield contents((name, heading) for name, heading, _ in sections)
    for name, heading, parts in sections:
        yield section(name, heading, parts)


def _sections(report: DeliveryReport, language: str) -> Iterator[tuple[str, str, list[str]]]:
    if len(report.weeks) > 1:
        days = [row.values[0] for row in report.weeks]
        series = [
            Line(_say(f"head.{name}", language), [getattr(row, name) for row in report.weeks])
            for name in ("refused", "answered", "open")
        ]
        heading = _say("section.weeks", language)
        yield "weeks", heading, [lines(days, series, heading)]
    refused = report.refused().rows[:_MOST_BARS]
    if refused:
        drawn = [Bar(_name(report, row, language), f"{row.refused} / {row.letters}", [row.refused]) for row in refused]
        yield "refused", _say("section.most-refused", language), [bars(drawn)]
    slowest = [row for row in report.slowest(_MOST_BARS) if row.median_minutes]
    if slowest:
        drawn = [
            Bar(_name(report, row, language), f"{row.median_minutes} min", [row.median_minutes or 0]) for row in slowest
        ]
        yield "slowest", _say("section.slowest", language), [bars(drawn)]
    by = ", ".join(in_a_sentence(_say(f"head.{name}", language)) for name in report.by)
    heads = report.heads(language)
    rows = [report.cells(row, language) for row in report.rows[:MOST_ROWS]]
    yield "rows", _say("section.rows", language, by=by), [table(heads, rows, numeric=range(len(report.by), len(heads)))]


def _name(report: DeliveryReport, row: DeliveryRow, language: str) -> str:
    return " · ".join(filter(None, report.words(row, language))) or "–"


def _summary(total: DeliveryRow, language: str) -> str:
    return _say(
        "summary",
        language,
        **{name: getattr(total, name) for name in ("letters", "answered", "refused", "open", "overdue")},
    )


def _say(code: str, language: str, **values: object) -> str:
    return text_of(_SUBJECT, code, language, values)
