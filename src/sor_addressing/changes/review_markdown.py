"""A review as Markdown, to be read in a minute."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sor_addressing.addressing.severities import Severity
from sor_addressing.changes.review_judging import EntryState
from sor_addressing.extracts.tabular import shown
from sor_addressing.texts import text_of

if TYPE_CHECKING:
    from sor_addressing.changes.review import Review, ReviewedEntry

_STEERS = re.compile(r"([\\`*_{}\[\]<>#|~])")


def markdown_of(review: Review, language: str, limit: int) -> str:
    """The review in ``language``; of the entries that need something those that weigh most, up to ``limit``."""
    return "\n".join(_lines(review, language, limit)) + "\n"


def _lines(review: Review, language: str, limit: int) -> Iterator[str]:
    def say(code: str, **values: object) -> str:
        return text_of("review", code, language, values)

    yield f"# {say('title')}"
    yield ""
    counts = review.counts
    yield say(
        "counts",
        entries=len(review.entries),
        on=review.on.isoformat(),
        broken=counts[EntryState.BROKEN],
        warning=counts[EntryState.WARNING],
        ok=counts[EntryState.OK],
    )
    if review.previous_date is not None:
        yield say("new", count=len(review.new), previous=review.previous_date.isoformat())
    replaced = sum(1 for one in review.entries if one.replacements)
    yield say("replaced", count=replaced, candidates=sum(1 for one in review.entries if one.candidates))
    if review.not_searched:
        yield say("not-searched", count=review.not_searched)
    for finding in review.findings:
        yield f"\n{finding.text(language)}"
    if review.by_reason:
        yield ""
        yield f"| {say('reason')} | {say('entries')} |"
        yield "|---|---:|"
        for code, count in review.by_reason.items():
            yield f"| `{code}` | {count} |"
    listed = [*review.broken, *review.warnings]
    for one in listed[:limit]:
        yield ""
        yield from _entry(one, language)
    if len(listed) > limit:
        yield ""
        yield say("more", count=len(listed) - limit)


def _entry(one: ReviewedEntry, language: str) -> Iterator[str]:
    title = " ".join(filter(None, (shown(one.entry.key), shown(one.entry.name)))) or one.recipient or ""
    since = text_of("review", "since", language, {"date": one.since.isoformat()}) if one.since else ""
    head = text_of("review", "entry", language, {"line": one.entry.line, "title": _plain(title), "state": one.state})
    yield f"## {head}{since}"
    yield ""
    for finding in one.findings:
        if finding.severity is not Severity.INFO:
            yield f"- {_plain(finding.text(language))}"
    for replacement in one.replacements:
        code = "replacement" if replacement.suggested else "removal"
        values = {"field": replacement.field, "seen": replacement.seen or "–", "suggested": replacement.suggested}
        yield f"- {_plain(text_of('review', code, language, values))}"
    for candidate in one.candidates:
        above = f", {candidate.above[0]}" if candidate.above else ""
        values = {"name": candidate.name + above, "sor_code": candidate.sor_code}
        yield f"- {_plain(text_of('review', 'candidate', language, values))}"


def _plain(text: str) -> str:
    """Text that Markdown takes for text."""
    return _STEERS.sub(r"\\\1", " ".join(text.split()))
