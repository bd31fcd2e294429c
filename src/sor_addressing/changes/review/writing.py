"""A review as CSV and as JSON lines."""

from __future__ import annotations

from collections.abc import Iterable

from sor_addressing.cells import csv_writer, json_line_writer
from sor_addressing.changes.review.entry import ReviewedEntry
from sor_addressing.errors import AddressBookError
from sor_addressing.hiding import shown
from sor_addressing.whole_file import Target, written_text

CSV_COLUMNS = (
    "line",
    "key",
    "name",
    "state",
    "reasons",
    "since",
    "new",
    "sor_code",
    "location_number",
    "recipient",
    "replacements",
    "candidates",
    "text",
)
"""The columns of a review as CSV; several values in a cell are parted by spaces, replacements and candidates by `` | ``."""

CONVERSION_COLUMNS = (
    "conversion_state",
    "conversion_value",
    "conversion_reasons",
    "conversion_candidates",
    "conversion_question",
)
"""What stands behind them where the book is on the way to another kind of identifier."""


def csv_row(one: ReviewedEntry, language: str) -> tuple[object, ...]:
    """An entry as the cells of ``CSV_COLUMNS``, and of ``CONVERSION_COLUMNS`` where it is on the way to another kind of identifier."""
    found = one.conversion
    converted: tuple[str, ...] = ()
    if found is not None:
        candidates = " | ".join(f"{two.sor_code} {two.name}" for two in found.candidates)
        converted = (
            str(found.state),
            found.value or "",
            " ".join(found.reasons),
            candidates,
            found.question(language),
        )
    return (
        one.entry.line,
        shown(one.entry.key),
        shown(one.entry.name),
        str(one.state),
        " ".join(one.reasons),
        one.since.isoformat() if one.since else "",
        " ".join(one.new),
        one.sor_code or "",
        one.location_number or "",
        one.recipient or "",
        " | ".join(f"{two.field}={two.suggested}" for two in one.replacements),
        " | ".join(f"{two.sor_code} {two.name}" for two in one.candidates),
        " ".join(finding.text(language) for finding in one.findings if finding.code in one.reasons),
        *converted,
    )


def write_report(entries: Iterable[ReviewedEntry], target: Target, language: str, *, converted: bool = False) -> None:
    """A row an entry, with a header; with the columns of their conversions where the entries are ``converted``."""
    with written_text(target, error=AddressBookError) as stream:
        writer = csv_writer(stream)
        writer.writerow((*CSV_COLUMNS, *CONVERSION_COLUMNS * converted))
        writer.writerows(csv_row(one, language) for one in entries)


def write_lines(entries: Iterable[ReviewedEntry], target: Target) -> None:
    """An entry a line."""
    with written_text(target, error=AddressBookError) as stream:
        write = json_line_writer(stream)
        for one in entries:
            write(one.to_dict())
