"""Reports of tables, written once and shown as Markdown or as one page of HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import attrs

from sor_addressing.pages.document import contents, page, paragraph, table
from sor_addressing.pages.document import section as html_section


@attrs.frozen(slots=True)
class ReportSection:
    """A part of a report: a heading, sentences, and perhaps a table.

    Attributes:
        name: stable; links lead to it.
        heading: for people.
        lines: sentences above the table.
        heads: of the table; none where there is no table.
        rows: of the table.
        numeric: which columns are numbers.
        chart: SVG above the table, on a page of HTML alone: the table tells the same.
    """

    name: str
    heading: str
    lines: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    rows: Sequence[tuple[str, ...]] = ()
    numeric: tuple[int, ...] = ()
    chart: str = ""


def sections_as_markdown(title: str, sections: Iterable[ReportSection]) -> str:
    """A report as Markdown."""
    return "".join(f"{line}\n" for line in _markdown(title, sections))


def sections_as_html(title: str, language: str, sections: Iterable[ReportSection]) -> str:
    """A report as one page that needs nothing else."""
    told = list(sections)
    parts = [contents((one.name, one.heading) for one in told)] if len(told) > 1 else []
    parts += map(section_as_html, told)
    return page(title, language, parts)


def section_as_html(one: ReportSection) -> str:
    """One part of a page."""
    inside = [paragraph(line) for line in one.lines]
    if one.chart:
        inside.append(one.chart)
    if one.heads:
        inside.append(table(one.heads, one.rows, numeric=one.numeric))
    return html_section(one.name, one.heading, inside)


def section_as_markdown(one: ReportSection) -> Iterator[str]:
    """One part of a report in Markdown, line by line."""
    yield f"## {one.heading}"
    yield ""
    for line in one.lines:
        yield _plain(line)
        yield ""
    if one.heads:
        yield f"| {' | '.join(map(_cell, one.heads))} |"
        yield "|" + "".join("---:|" if at in one.numeric else "---|" for at in range(len(one.heads)))
        for row in one.rows:
            yield f"| {' | '.join(map(_cell, row))} |"


def _markdown(title: str, sections: Iterable[ReportSection]) -> Iterator[str]:
    yield f"# {title}"
    for one in sections:
        yield ""
        yield from section_as_markdown(one)


def _plain(text: str) -> str:
    return " ".join(text.split()).replace("<", "&lt;")


def _cell(text: str) -> str:
    return _plain(text).replace("\\", "\\\\").replace("|", "\\|")
