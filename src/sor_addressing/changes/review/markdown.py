"""A review as Markdown, to be read in a minute."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sor_addressing.addressing.findings import Finding
from sor_addressing.addressing.severities import Severity
from sor_addressing.changes.review.entry import ReviewedEntry
from sor_addressing.changes.review.judging import EntryState
from sor_addressing.hiding import shown
from sor_addressing.texts import text_of, title_of

_STEERS = re.compile(r"([\\`*_{}\[\]<>#|~])")


def markdown_of(
    entries: Sequence[ReviewedEntry],
    by_reason: Mapping[str, int],
    findings: Iterable[Finding],
    *,
    on: dt.date,
    previous_date: dt.date | None,
    not_searched: int,
    language: str,
    limit: int,
) -> str:
    """A review in ``language``; of the entries that need something those that weigh most, up to ``limit``."""

    def say(code: str, **values: object) -> str:
        return text_of("review", code, language, values)

    counts = Counter(one.state for one in entries)
    lines = [f"# {say('title')}", ""]
    lines.append(
        say(
            "counts",
            entries=len(entries),
            on=on.isoformat(),
            broken=counts[EntryState.BROKEN],
            warning=counts[EntryState.WARNING],
            ok=counts[EntryState.OK],
        )
    )
    if previous_date is not None:
        lines.append(say("new", count=sum(1 for one in entries if one.new), previous=previous_date.isoformat()))
    replaced = sum(1 for one in entries if one.replacements)
    lines.append(say("replaced", count=replaced, candidates=sum(1 for one in entries if one.candidates)))
    if not_searched:
        lines.append(say("not-searched", count=not_searched))
    lines += (f"\n{finding.text(language)}" for finding in findings)
    if by_reason:
        lines += ("", f"| {say('reason')} | {say('entries')} |", "|---|---:|")
        lines += (
            f"| {title_of('findings', code, language)} (`{code}`) | {count} |" for code, count in by_reason.items()
        )
    listed = [one for state in (EntryState.BROKEN, EntryState.WARNING) for one in entries if one.state is state]
    for one in listed[:limit]:
        lines += ("", *_entry(one, language))
    if len(listed) > limit:
        lines += ("", say("more", count=len(listed) - limit))
    return "\n".join(lines) + "\n"


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
