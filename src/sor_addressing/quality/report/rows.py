"""Remarks as rows: what every list, in CSV, JSON lines or Excel, says of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TextIO

from sor_addressing.addressing.severities import Severity
from sor_addressing.cells import csv_writer
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.lookup import MOST_NAMED
from sor_addressing.quality.groups import Grouping, GroupKind, Values
from sor_addressing.quality.outcome import AuditOutcome
from sor_addressing.quality.remarks import Remark
from sor_addressing.quality.scope import Seen
from sor_addressing.texts import text_of

SUBJECT = "audit"

COLUMNS = (
    "severity",
    "rule",
    "title",
    "sor_code",
    "name",
    "above",
    "location_number",
    *map(str, GroupKind),
    "also_in",
    "fix",
    "text",
)
"""The columns of a list: identifiers, whom it concerns, what to change, and why."""

Row = tuple[str, ...]


class ReportRows:
    """The remarks of an audit as rows, in one language.

    Args:
        outcome: the audit.
        language: ``da`` or ``en``.

    Attributes:
        language: the same.
        on: the day of the audit.
    """

    def __init__(self, outcome: AuditOutcome, language: str) -> None:
        self._outcome = outcome
        self.language = language
        self.on = outcome.on
        self._index = outcome._scope.index
        self._groupings = [Grouping(self._index, kind) for kind in GroupKind]
        self._institutions = next(one for one in self._groupings if one.kind is GroupKind.INSTITUTION)
        self._names: dict[int, str] = {NOTHING: ""}
        self._words: dict[tuple[GroupKind, Values], str] = {}
        self._titles = {rule.code: rule.title(language) for rule in outcome.rules}

    @property
    def heads(self) -> Row:
        """Heads of the columns."""
        return tuple(text_of(SUBJECT, f"head.{name}", self.language, {}) for name in COLUMNS)

    def all(self) -> Iterator[Row]:
        """A row for each remark, in their order."""
        for remark, (_, seen) in zip(self._outcome.remarks, self._outcome._seen, strict=True):
            yield self.row(remark, seen)

    def row(self, remark: Remark, seen: Seen) -> Row:
        """The cells of a remark, and of what was seen."""
        row, number, _ = seen
        language = self.language
        return (
            text_of(SUBJECT, f"severity.{remark.severity}", language, {}),
            remark.rule,
            self._titles[remark.rule],
            remark.sor_code or "",
            remark.name or "",
            "" if row == NOTHING else self._chain(self._index.columns.unit_parent[row]),
            remark.location_number or "",
            *(self._group(grouping, grouping.of(row)) for grouping in self._groupings),
            self._also_in(row, number),
            remark.fix(language),
            remark.text(language),
        )

    def _chain(self, row: int) -> str:
        """The names of a unit and of those above it; asked for again for every unit below."""
        known = self._names.get(row)
        if known is None:
            index = self._index
            names = [index.name(row), *map(index.name, index.nearest_above(row))]
            known = self._names[row] = " < ".join(filter(None, names))
        return known

    def _also_in(self, row: int, number: int) -> str:
        others = self._institutions.elsewhere(row, number)
        told = self._group(self._institutions, others[:MOST_NAMED])
        return f"{told} +{len(others) - MOST_NAMED}" if len(others) > MOST_NAMED else told

    def _group(self, grouping: Grouping, values: Values) -> str:
        known = self._words.get((grouping.kind, values))
        if known is None:
            known = ", ".join(self._word(grouping, code) for code in values if code)
            self._words[grouping.kind, values] = known
        return known

    def _word(self, grouping: Grouping, code: str) -> str:
        word = grouping.words(code).get(self.language)
        if grouping.kind.place is not None:  # a name that people made up: a cell should not begin with it
            return f"{code} {word}" if word else code
        return f"{word} ({code})" if word and word != code else code


def write_csv(target: TextIO, heads: Row, rows: Iterable[Row], *, delimiter: str = ";") -> tuple[int, int]:
    """Write rows as CSV; how many there are, and how many cells would have been taken for a formula."""
    writer = csv_writer(target, delimiter=delimiter)
    writer.writerow(heads)
    count = 0
    for row in rows:
        writer.writerow(row)
        count += 1
    return count, writer.guarded


def severity_counts(counts: dict[Severity, int]) -> dict[str, object]:
    """Counts by severity as the texts name them."""
    return {
        "errors": counts[Severity.ERROR],
        "warnings": counts[Severity.WARNING],
        "infos": counts[Severity.INFO],
    }
