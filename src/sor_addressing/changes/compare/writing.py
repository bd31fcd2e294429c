"""Changes as Markdown, CSV and JSON lines; changes can come one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TextIO

from sor_addressing.cells import csv_writer, identifier_cell, json_line_writer
from sor_addressing.changes.compare.summary import cause_line, head, kind_name
from sor_addressing.search.rules.explain import unknown_text
from sor_addressing.texts import text_of

if TYPE_CHECKING:
    from sor_addressing.changes.compare.change import Change
    from sor_addressing.changes.compare.report import Comparison

CSV_COLUMNS = (
    "kind",
    "sor_code",
    "name",
    "old",
    "new",
    "day",
    "after",
    "until",
    "cause_kind",
    "cause_sor_code",
    "cause_name",
    "text",
)
"""The header of :func:`write_csv`; it does not change with the language."""

_SHORTEST_IDENTIFIER = 6


def write_lines(changes: Iterable[Change], stream: TextIO) -> None:
    """One JSON document a line, with the keys of :meth:`Change.to_dict`."""
    write = json_line_writer(stream)
    for change in changes:
        write(change.to_dict())


def write_csv(
    changes: Iterable[Change], stream: TextIO, *, language: str = "en", delimiter: str = ";", for_excel: bool = False
) -> None:
    """One row a change, with a header; see :meth:`Comparison.to_csv`."""
    writer = csv_writer(stream, delimiter=delimiter)
    writer.writerow(CSV_COLUMNS)
    for change in changes:
        cause = change.cause
        cells = [
            str(change.kind),
            change.sor_code,
            change.name,
            change.old or "",
            change.new or "",
            change.day.isoformat() if change.day else "",
            change.after.isoformat(),
            change.until.isoformat(),
            str(cause.kind) if cause else "",
            cause.sor_code if cause else "",
            cause.name if cause else "",
            change.text(language),
        ]
        writer.writerow(map(_for_excel, cells) if for_excel else cells)


def markdown_of(comparison: Comparison, language: str) -> str:
    """The whole comparison: counts, causes with their effects, the other changes by kind, and what was not compared."""
    return "".join(line + "\n" for line in _markdown(comparison, language))


def _markdown(comparison: Comparison, language: str) -> Iterator[str]:
    days = {"old_date": comparison.old_date.isoformat(), "new_date": comparison.new_date.isoformat()}
    yield f"# {text_of('changes', 'summary.title', language, days)}"
    yield ""
    yield head(comparison, language)
    if comparison.counts:
        yield ""
        yield from _table(("what", "count"), language)
        for kind, count in comparison.counts.items():
            yield _row((kind_name(kind, language), str(count)))
    causes = comparison.causes
    named = {cause.change for cause in causes}
    if causes:
        yield ""
        yield f"## {_say('head.causes', language)}"
    for cause in causes:
        yield ""
        yield _escaped(cause_line(cause, language))
        yield ""
        yield from (f"- {_escaped(effect.sentence(language))}" for effect in cause.effects)
    others = [change for change in comparison if change.cause is None and change not in named]
    if others:
        yield ""
        yield f"## {_say('head.changes', language)}"
    for kind in comparison.counts:
        found = [change for change in others if change.kind is kind]
        if found:
            yield ""
            yield f"### {kind_name(kind, language)}"
            yield ""
            yield from _table(("unit", "sor-code", "old", "new", "when"), language)
            for change in found:
                cells = (change.name, change.sor_code, change.old or "", change.new or "", change.when(language))
                yield _row(cells)
    for value in comparison.unknown:
        yield ""
        yield _escaped(unknown_text(value, language))
    if comparison.not_compared:
        yield ""
        yield f"## {_say('summary.not-compared', language)}"
        yield ""
        yield from (f"- {one.text(language)}" for one in comparison.not_compared)


def _table(heads: Iterable[str], language: str) -> Iterator[str]:
    titles = [_say(f"head.{one}", language) for one in heads]
    yield _row(titles)
    yield "|" + "---|" * len(titles)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(map(_escaped, cells))} |"


def _escaped(text: str) -> str:
    """Text that Markdown shows as it stands: names come from a file that others wrote."""
    for sign in ("\\", "|", "<", "*", "_", "[", "`"):
        text = text.replace(sign, "\\" + sign)
    return " ".join(text.split())


def _for_excel(cell: str) -> str:
    return identifier_cell(cell) if cell.isdigit() and len(cell) >= _SHORTEST_IDENTIFIER else cell


def _say(code: str, language: str) -> str:
    return text_of("changes", code, language, {})
