"""Cleaning lists: for each maintainer one list with identifiers, what to change, and why."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from sor_addressing.errors import PolicyError
from sor_addressing.quality.groups import Grouping
from sor_addressing.quality.outcome import AuditOutcome
from sor_addressing.quality.report.rows import ReportRows, Row, write_csv
from sor_addressing.quality.report.tables import ReportWords
from sor_addressing.quality.report.written import Written, path_of
from sor_addressing.search.words.folding import fold
from sor_addressing.whole_file import BinaryTarget, Target, binary_target, text_target

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
    places: dict[str, list[int]] = {}
    for place, (_, (row, _, _)) in enumerate(outcome._seen):
        for code in grouping.of(row):
            places.setdefault(code, []).append(place)
    target.mkdir(parents=True, exist_ok=True)

    def of_group(code: str) -> Iterator[Row]:
        for place in places[code]:
            yield rows.row(remarks[place], outcome._seen[place][1].row)

    names = _file_names(grouping, sorted(places))
    paths = {code: target / f"{name}{FORMATS[format]}" for code, name in names.items()}
    if format == "excel":
        return tuple(write_book(path, rows.heads, of_group(code), language) for code, path in paths.items())
    return tuple(write_table(path, rows.heads, of_group(code)) for code, path in paths.items())


def write_table(target: Target, heads: Row, rows: Iterator[Row], delimiter: str = ";") -> Written:
    """Rows as CSV for spreadsheets; a file that is made here has the mark by which they know UTF-8."""
    with text_target(target, encoding="utf-8-sig") as text:
        count, neutralised = write_csv(text, heads, rows, delimiter=delimiter)
    return Written(path_of(target), count, neutralised)


def write_book(target: BinaryTarget, heads: Row, rows: Iterator[Row], language: str) -> Written:
    """Rows as a workbook."""
    from sor_addressing.quality.report.workbook import write_excel

    with binary_target(target) as binary:
        return Written(path_of(target), write_excel(binary, ReportWords(language)("remarks"), heads, rows))


def _file_names(grouping: Grouping, codes: list[str]) -> dict[str, str]:
    """A name for each code that any system can write, no two alike."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for code in codes:
        words = grouping.words(code).get("da", "")
        parts = (grouping.kind, code if words == code else f"{code} {words}") if code else (grouping.kind, "not said")
        name = _NOT_A_NAME.sub("-", fold(" ".join(map(str, parts)))).strip("-")[:_LONGEST].strip("-")
        unique, turn = name, 2
        while unique in taken:
            unique, turn = f"{name}-{turn}", turn + 1
        taken.add(unique)
        names[code] = unique
    return names
