"""An audit as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sor_addressing.pages.sections import ReportSection, section_as_markdown
from sor_addressing.quality.outcome import AuditOutcome
from sor_addressing.quality.report.examples import examples_of
from sor_addressing.quality.report.tables import MOST_GROUPS, ReportTable, ReportWords, opening, report_tables
from sor_addressing.quality.report.trees import tree_of, tree_table
from sor_addressing.quality.trends import Trend

_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>|#~"} | {"\n": " ", "\r": " "})


def markdown_report(
    outcome: AuditOutcome,
    language: str = "en",
    *,
    by: Iterable[str] = (),
    trend: Trend | None = None,
    limit: int = MOST_GROUPS,
    examples: int = 10,
    tree: int | None = None,
    sections: Iterable[ReportSection] = (),
) -> str:
    """The report as Markdown: the same tables as in HTML, and some remarks of each rule."""
    say = ReportWords(language)
    shown = None if tree is None else tree_table(tree_of(outcome, tree), say)
    lines = [f"# {_plain(say('title'))}", ""]
    lines += [line for sentence in opening(outcome, say) for line in (_plain(sentence), "")]
    for table in report_tables(outcome, say, by=by, trend=trend, limit=limit, tree=shown):
        lines += [f"## {_plain(table.title)}", "", *_table(table), ""]
    for section in sections:
        lines += [*section_as_markdown(section), ""]
    told = examples_of(outcome, examples)
    if told:
        lines += [f"## {_plain(say('remarks'))}", ""]
    for rule, count, remarks in told:
        lines += [f"### {_plain(rule.title(language))} ({rule.code})", ""]
        lines += [f"- {_plain(remark.text(language))} {_plain(remark.fix(language))}".rstrip() for remark in remarks]
        lines += ["", say("shown", shown=say.number(len(remarks)), count=say.number(count)), ""]
    return "\n".join(lines)


def _table(table: ReportTable) -> Iterator[str]:
    yield "| " + " | ".join(map(_plain, table.heads)) + " |"
    yield "|" + "|".join("---:" if at in table.numeric else "---" for at in range(len(table.heads))) + "|"
    for row in table.rows:
        yield "| " + " | ".join(map(_plain, row)) + " |"
    if table.note:
        yield from ("", _plain(table.note))


def _plain(text: str) -> str:
    """Text that Markdown takes as it stands, on one line."""
    return text.translate(_MARKS)
