"""A review of an address book as one HTML file: counts, reasons, the entries to look at, and where their units belong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

import attrs

from sor_addressing.addressing.severities import Severity
from sor_addressing.changes.review.judging import EntryState
from sor_addressing.changes.review.readiness import readiness_sections
from sor_addressing.hiding import shown
from sor_addressing.index.inside import nearest_above
from sor_addressing.pages.charts import Bar, bars
from sor_addressing.pages.document import contents, details, items, page, paragraph, section, table
from sor_addressing.texts import text_of, title_of

if TYPE_CHECKING:
    from sor_addressing.changes.review.entry import ReviewedEntry
    from sor_addressing.changes.review.report import Review
    from sor_addressing.register.face import Register

# Each state in a colour of its own, that of broken entries being that of errors elsewhere.
_COLOURED = (EntryState.BROKEN, EntryState.WARNING, EntryState.OK)

MOST_ENTRIES = 2_000
"""How many entries of each state stand in the page; how many there are is always said."""


def html_of(review: Review, language: str, *, register: Register | None = None) -> str:
    """The review as one page that needs nothing else; see :meth:`Review.to_html`."""
    return page(_say("title", language), language, _parts(review, language, register))


def _parts(review: Review, language: str, register: Register | None) -> Iterator[str]:
    counts = review.counts
    yield paragraph(
        _say(
            "counts",
            language,
            entries=len(review.entries),
            on=review.on.isoformat(),
            broken=counts[EntryState.BROKEN],
            warning=counts[EntryState.WARNING],
            ok=counts[EntryState.OK],
        )
    )
    if review.previous_date is not None:
        yield paragraph(_say("new", language, count=len(review.new), previous=review.previous_date.isoformat()))
    for finding in review.findings:
        yield paragraph(finding.text(language))
    for problem in review.problems:
        yield paragraph(problem.text(language))
    sections = list(_sections(review, language, register))
    yield contents((name, heading) for name, heading, _ in sections)
    for name, heading, parts in sections:
        yield section(name, heading, parts)


def _sections(review: Review, language: str, register: Register | None) -> Iterator[tuple[str, str, Sequence[str]]]:
    states = [
        Bar(_word(state, language), str(count), [count if state is one else 0 for one in _COLOURED])
        for state, count in review.counts.items()
    ]
    yield "states", _say("entries", language), [bars(states)]
    if review.by_reason:
        weights = _weights(review)
        reasons = [
            Bar(title_of("findings", code, language), str(count), _coloured(weights.get(code), count))
            for code, count in review.by_reason.items()
        ]
        yield "reasons", _say("reason", language), [bars(reasons)]
    readiness = review.readiness
    if readiness is not None:
        for one in readiness_sections(readiness, review.entries, language, limit=MOST_ENTRIES):
            parts = [paragraph(line) for line in one.lines]
            yield one.name, one.heading, [*parts, table(one.heads, one.rows, numeric=one.numeric)]
    for state, entries in ((EntryState.BROKEN, review.broken), (EntryState.WARNING, review.warnings)):
        if entries:
            parts = [_entry(one, language) for one in entries[:MOST_ENTRIES]]
            if len(parts) < len(entries):
                parts.append(paragraph(_say("more", language, count=len(entries) - len(parts))))
            yield str(state), f"{_word(state, language)} ({len(entries)})", parts
    if register is not None:
        tree = _tree(review, register, language)
        if tree:
            yield "organisations", _say("html.organisations", language), [tree]


def _weights(review: Review) -> dict[str, Severity]:
    """How much each reason weighs: the most it does on any entry."""
    found = {severity: set[str]() for severity in Severity}
    for one in review.entries:
        for finding in one.findings:
            found[finding.severity].add(finding.code)
    return {code: severity for severity in reversed(Severity) for code in found[severity]}


def _coloured(severity: Severity | None, count: int) -> list[int]:
    return [count if severity is one else 0 for one in Severity]


def _entry(one: ReviewedEntry, language: str) -> str:
    title = " ".join(filter(None, (shown(one.entry.key), shown(one.entry.name)))) or one.recipient or ""
    head = _say("entry", language, line=one.entry.line, title=title, state=one.state)
    since = _say("since", language, date=one.since.isoformat()) if one.since else ""
    told = [finding.text(language) for finding in one.findings if finding.severity is not Severity.INFO]
    for two in one.replacements:
        code = "replacement" if two.suggested else "removal"
        told.append(_say(code, language, field=two.field, seen=two.seen or "–", suggested=two.suggested))
    told += [_say("candidate", language, name=two.name, sor_code=two.sor_code) for two in one.candidates]
    return details(head + since, [items(told)])


@attrs.define(slots=True)
class _BookBranch:
    """An organisation, and the entries of the book that lead to it or below it: those that are broken or to look at, and all."""

    name: str
    wrong: int = 0
    all: int = 0
    below: dict[str, _BookBranch] = attrs.field(factory=dict)


def _tree(review: Review, register: Register, language: str) -> str:
    """Where the units of the book belong; entries that lead nowhere are in none of its branches."""
    root = _BookBranch("")
    for one in review.entries:
        unit = register.by_sor_code.get(one.sor_code) if one.sor_code else None
        if unit is None:
            continue
        branch = root
        for above in (*reversed(nearest_above(unit)), unit):
            branch = branch.below.setdefault(above.sor_code, _BookBranch(above.name))
            branch.all += 1
            branch.wrong += one.state is not EntryState.OK
    drawn = "".join(_branches(root, language))
    return f'<div class="tree"><ul>{drawn}</ul></div>' if drawn else ""


def _branches(branch: _BookBranch, language: str) -> Iterator[str]:
    for code, below in sorted(branch.below.items(), key=lambda one: (-one[1].wrong, -one[1].all, one[1].name, one[0])):
        label = _say("html.branch", language, name=below.name, sor_code=code, wrong=below.wrong, all=below.all)
        if below.below:
            inner = f"<ul>{''.join(_branches(below, language))}</ul>"
            yield f"<li>{details(label, [inner])}</li>"
        else:
            yield f"<li>{escape(label)}</li>"


def _word(state: EntryState, language: str) -> str:
    return text_of("names", str(state), language, {})


def _say(code: str, language: str, **values: object) -> str:
    return text_of("review", code, language, values)
