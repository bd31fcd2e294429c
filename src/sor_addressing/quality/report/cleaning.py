"""Cleaning lists: for each maintainer one list with identifiers, what to change, and why."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from sor_addressing.errors import PolicyError
from sor_addressing.quality.groups import Grouping, remarks_by_group
from sor_addressing.quality.outcome import AuditOutcome
from sor_addressing.quality.report.rows import ReportRows, Row, write_csv
from sor_addressing.quality.report.tables import ReportWords
from sor_addressing.quality.report.written import Written, path_of
from sor_addressing.search.words.folding import fold
from sor_addressing.whole_file import BinaryTarget, Target, WholeFiles, folder_made
from sor_addressing.workbook import write_workbook

FORMATS = {"csv": ".csv", "excel": ".xlsx"}
"""Formats of a cleaning list, and how their files' names end."""

_NOT_A_NAME = re.compile(r"[^a-z0-9]+")
_LONGEST = 60


def write_cleaning_lists(
    outcome: AuditOutcome,
    folder: str | os.PathLike[str],
    *,
    by: str = "administrator",
    format: str = "csv",  # noqa: A002 (what it is called everywhere)
    language: str = "da",
) -> tuple[Written, ...]:
    """One file for each group that has remarks, in a folder that is made where it does not exist."""
    if format not in FORMATS:
        raise PolicyError(f"a cleaning list can't be written as {format!r}: use {', '.join(FORMATS)}")
    target = Path(folder)
    grouping = Grouping(outcome._scope.index, by)
    rows = ReportRows(outcome, language)
    remarks = outcome.remarks
    places = remarks_by_group(grouping, outcome._seen)
    folder_made(target)

    def of_group(code: str) -> Iterator[Row]:
        for place in places[code]:
            yield rows.row(remarks[place], outcome._seen[place][1])

    write = _book_into if format == "excel" else _table_into
    names = _file_names(grouping, sorted(places))
    with WholeFiles() as files:
        return tuple(
            write(files, target / f"{name}{FORMATS[format]}", rows, of_group(code)) for code, name in names.items()
        )


def write_table(target: Target, rows: ReportRows, delimiter: str) -> Written:
    """All remarks as CSV for spreadsheets; a file that is made here has the mark by which they know UTF-8."""
    with WholeFiles() as files:
        return _table_into(files, target, rows, rows.all(), delimiter)


def write_book(target: BinaryTarget, rows: ReportRows) -> Written:
    """All remarks as a workbook."""
    with WholeFiles() as files:
        return _book_into(files, target, rows, rows.all())


def _table_into(
    files: WholeFiles, target: Target, rows: ReportRows, some: Iterator[Row], delimiter: str = ";"
) -> Written:
    with files.text(target, encoding="utf-8-sig") as text:
        count, neutralised = write_csv(text, rows.heads, some, delimiter=delimiter)
    return Written(path_of(target), count, neutralised)


def _book_into(files: WholeFiles, target: BinaryTarget, rows: ReportRows, some: Iterator[Row]) -> Written:
    title = ReportWords(rows.language)("remarks")
    with files.binary(target) as binary:
        count = write_workbook(binary, title, rows.heads, some, day=rows.on, feature="writing Excel")
    return Written(path_of(target), count)


def _file_names(grouping: Grouping, codes: list[str]) -> dict[str, str]:
    """A name for each code that any system can write, no two alike."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for code in codes:
        words = grouping.words(code).get("da", "")
        parts = (grouping.kind, code if words == code else f"{code} {words}")
        if not code:
            parts = (grouping.kind, "not said" if grouping.kind.place is None else "none")
        name = _NOT_A_NAME.sub("-", fold(" ".join(map(str, parts)))).strip("-")[:_LONGEST].strip("-")
        unique, turn = name, 2
        while unique in taken:
            unique, turn = f"{name}-{turn}", turn + 1
        taken.add(unique)
        names[code] = unique
    return names
