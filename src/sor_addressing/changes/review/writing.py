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


def csv_row(one: ReviewedEntry, language: str) -> tuple[object, ...]:
    """An entry as the cells of ``CSV_COLUMNS``."""
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
    )


def write_report(entries: Iterable[ReviewedEntry], target: Target, language: str) -> None:
    """A row an entry, with a header."""
    with written_text(target, error=AddressBookError) as stream:
        writer = csv_writer(stream)
        writer.writerow(CSV_COLUMNS)
        writer.writerows(csv_row(one, language) for one in entries)


def write_lines(entries: Iterable[ReviewedEntry], target: Target) -> None:
    """An entry a line."""
    with written_text(target, error=AddressBookError) as stream:
        write = json_line_writer(stream)
        for one in entries:
            write(one.to_dict())
