"""A book on the way to another kind of identifier, for people: how ready it is, and what has to be asked."""

from __future__ import annotations

from collections.abc import Iterable

from sor_addressing.changes.review.conversion import READY
from sor_addressing.changes.review.entry import ReviewedEntry
from sor_addressing.changes.review.readiness import Readiness, kind_in_words, summary_of
from sor_addressing.cli.output.rendering import BAD, GOOD, LOUD, WARNING, Cell, Column, Row, Screen
from sor_addressing.hiding import shown
from sor_addressing.texts import text_of, title_of


def show_questions(screen: Screen, entries: Iterable[ReviewedEntry]) -> None:
    """The entries that are not ready, each with the reason and the question."""
    language = screen.language
    columns = (
        Column(_say(screen, "head.line")),
        Column(_say(screen, "head.entry"), flows=True),
        Column(_say(screen, "head.why"), flows=True),
        Column(_say(screen, "head.question"), flows=True),
    )
    rows: list[Row] = [
        (
            str(one.entry.line),
            " ".join(filter(None, (shown(one.entry.key), shown(one.entry.name)))),
            Cell(found.text(language), WARNING if found.candidates else BAD),
            found.question(language),
        )
        for one in entries
        if (found := one.conversion) is not None and not found.is_ready
    ]
    if rows:
        screen.table(columns, rows)
        screen.line()


def show_readiness(screen: Screen, readiness: Readiness) -> None:
    """How ready the book is, by state and by what its entries have."""
    language = screen.language
    screen.line()
    screen.line(f"{_say(screen, 'heading', kind=readiness.to)}: {summary_of(readiness, language)}", LOUD)
    states = list(readiness.by_state)
    columns = [Column(_say(screen, "head.kind"), flows=True)]
    columns += [Column(title_of("leaving", f"state.{state}", language)) for state in states]
    rows: list[Row] = []
    for kind, counts in readiness.by_kind.items():
        cells = [Cell(str(counts.get(state, 0)), GOOD if state in READY else WARNING) for state in states]
        rows.append((kind_in_words(kind, language), *cells))
    screen.table(columns, rows)


def _say(screen: Screen, code: str, **values: object) -> str:
    return text_of("leaving", code, screen.language, values)
