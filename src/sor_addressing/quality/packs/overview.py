"""What stands above all packs: a page with links to them, and a table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import attrs

from sor_addressing.addressing.severities import Severity
from sor_addressing.pages.charts import Bar, bars
from sor_addressing.pages.document import Link, details, items, page, paragraph, section, table
from sor_addressing.quality.groups import AuditGroup
from sor_addressing.quality.outcome import AuditOutcome
from sor_addressing.quality.packs.content import PAGE, PackWords
from sor_addressing.quality.report.rows import severity_counts
from sor_addressing.quality.report.tables import MOST_GROUPS, opening

INDEX_PAGE, INDEX_TABLE = "index.html", "index.csv"
_MOST_NAMED = 500

COLUMNS = ("group", "code", "count", "errors", "warnings", "infos", "units", "with", "share", "before", "folder")
TABLE_COLUMNS = tuple(name for name in COLUMNS if name != "share")


@attrs.frozen(slots=True)
class OverviewRow:
    """A group as the overview has it: its counts, how many there were on the former day, and its folder; empty without a pack."""

    group: AuditGroup
    name: str
    before: int | None
    folder: str

    def cells(self, say: PackWords) -> tuple[str, ...]:
        """For a page, with numbers as people write them."""
        counts = severity_counts(dict(self.group.by_severity)).values()
        return (
            self.name,
            self.group.code,
            *(say.number(int(str(count))) for count in (self.group.remarks, *counts)),
            say.number(self.group.units),
            say.number(self.group.units_with_remarks),
            say.share(self.group.share),
            "" if self.before is None else say.number(self.before),
            self.folder,
        )

    def row(self) -> tuple[str, ...]:
        """For programs, without the share."""
        group = self.group
        counts = severity_counts(dict(group.by_severity)).values()
        numbers = map(str, (group.remarks, *counts, group.units, group.units_with_remarks))
        return (self.name, group.code, *numbers, "" if self.before is None else str(self.before), self.folder)


def overview_page(
    outcome: AuditOutcome, kind: str, rows: Sequence[OverviewRow], left_over: Sequence[Path], say: PackWords
) -> str:
    """The page: every pack with its counts, and who has none."""
    packs = [row for row in rows if row.folder]
    without = [row for row in rows if not row.group.remarks and row.group.code]
    nobodys = [row for row in rows if row.group.remarks and not row.group.code]
    parts = [paragraph(line) for line in opening(outcome, say.of_reports)]
    if packs:
        count = say.number(sum(row.group.remarks for row in packs))
        lines = [say("overview-text", day=outcome.on.isoformat(), count=count, packs=say.number(len(packs)))]
        compared = any(row.before is not None for row in packs)
        kept = [at for at, name in enumerate(COLUMNS[:-1]) if compared or name != "before"]
        cells = [_linked(row, kept, say) for row in packs]
        heads = say.heads(*(COLUMNS[at] for at in kept))
        numeric = range(2, len(kept))
        inside = [
            *map(paragraph, lines),
            bars([_bar(row, say) for row in packs[:MOST_GROUPS]]),
            table(heads, cells, numeric=numeric, label=say("overview-packs")),
        ]
        parts.append(section("packs", say("overview-packs"), inside))
    else:
        parts.append(paragraph(say("overview-nothing")))
    for row in nobodys:
        parts.append(paragraph(say("overview-nobody", who=row.name, count=say.number(row.group.remarks))))
    if without:
        told = paragraph(say("without-text", count=say.number(len(without))))
        names = items(row.name for row in without[:_MOST_NAMED])
        parts.append(section("without", say("without"), [told, details(say("without"), [names])]))
    if left_over:
        inside = [paragraph(say("left-over-text")), items(path.name for path in left_over)]
        parts.append(section("left-over", say("left-over"), inside))
    return page(say(f"overview.{kind}"), say.language, parts, subtitle=outcome.on.isoformat())


def _bar(row: OverviewRow, say: PackWords) -> Bar:
    """How much one has, a part for each severity, in words too."""
    weights = row.group.by_severity
    counts = {name: say.number(int(str(count))) for name, count in severity_counts(dict(weights)).items()}
    return Bar(row.name, say.of_reports("counts", **counts), [weights[severity] for severity in Severity])


def _linked(row: OverviewRow, kept: Sequence[int], say: PackWords) -> list[str | Link]:
    cells = row.cells(say)
    return [Link(row.name, f"{row.folder}/{PAGE}"), *(cells[at] for at in kept[1:])]
