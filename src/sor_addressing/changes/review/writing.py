"""A review as CSV and as JSON lines."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from sor_addressing.changes.review.entry import ReviewedEntry
from sor_addressing.errors import AddressBookError
from sor_addressing.hiding import shown
from sor_addressing.whole_file import Target, text_target

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
    with _opened(target) as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow(CSV_COLUMNS)
        writer.writerows(csv_row(one, language) for one in entries)


def write_lines(entries: Iterable[ReviewedEntry], target: Target) -> None:
    """An entry a line."""
    with _opened(target) as stream:
        for one in entries:
            stream.write(json.dumps(one.to_dict(), ensure_ascii=False) + "\n")


def put_report(target: Target | None, text: str) -> str:
    """``text``, which is written to ``target`` too where there is one."""
    if target is not None:
        with _opened(target) as stream:
            stream.write(text)
    return text


@contextmanager
def _opened(target: Target) -> Iterator[TextIO]:
    """What is written to: a file that stands there whole or not at all, or one that is open."""
    try:
        with text_target(target) as stream:
            yield stream
    except OSError as error:
        if not isinstance(target, (str, os.PathLike)):
            raise
        reason = error.strerror or type(error).__name__
    else:
        return
    raise AddressBookError(f"the report can't be written ({reason})", file=str(Path(target)))
