"""What a plan would do, in words and tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TextIO

from sor_addressing.cells import csv_writer, identifier_cell
from sor_addressing.changes.planning.effects import PairChange, PairOutcome, PlanEffect
from sor_addressing.pages.sections import ReportSection
from sor_addressing.quality.remarks import Remark
from sor_addressing.texts import text_of
from sor_addressing.texts import title_of as title_of_code

if TYPE_CHECKING:
    from sor_addressing.changes.planning.report import WhatIf

_COLUMNS = (
    "recipient",
    "message_type",
    "name",
    "location_number",
    "before",
    "after",
    "by",
    "reason",
    "lacks",
    "regains",
)


def write_pairs(pairs: Iterable[PairChange], target: TextIO, delimiter: str) -> None:
    """One row a pair, with a header; it does not change with the language."""
    writer = csv_writer(target, delimiter=delimiter)
    writer.writerow(_COLUMNS)
    for pair in pairs:
        cells = pair.to_dict()
        writer.writerow(
            [
                identifier_cell(pair.recipient),
                pair.message_type,
                pair.name or "",
                identifier_cell(pair.location_number or ""),
                *(str(cells[name] or "") for name in _COLUMNS[4:8]),
                " ".join(pair.lacks),
                " ".join(pair.regains),
            ]
        )


def title_of(found: WhatIf, language: str) -> str:
    """The report's title."""
    return _say("title", language, name=found.plan.name or "–")


def sections_of(found: WhatIf, language: str, limit: int) -> Iterator[ReportSection]:
    """The report, part by part: the short answer, letters, what lacks, numbers, remarks, rows, days."""
    yield _summary(found, language)
    if len(found.steps) > 1:
        yield _steps(found, language)
    total = found.total
    for outcome in PairOutcome:
        pairs = total.becoming(outcome)
        if pairs:
            yield _pairs(f"becoming-{outcome}", pairs, language, limit)
    if total.lacking:
        yield _pairs("lacking", total.lacking, language, limit)
    if total.emptied:
        rows = [(number,) for number in total.emptied]
        yield _section("emptied", language, (_say("head.location-number", language),), rows, limit)
    if total.by_rule:
        yield _rules(total, language, limit)
    if found.idle_rows:
        yield _rows(found, language, limit)


def _say(code: str, language: str, **values: object) -> str:
    return text_of("plans", code, language, values)


def _section(
    name: str,
    language: str,
    heads: tuple[str, ...],
    rows: Sequence[tuple[str, ...]],
    limit: int,
    numeric: tuple[int, ...] = (),
) -> ReportSection:
    lines = [_say(f"lead.{name}", language, count=len(rows))]
    if len(rows) > limit:
        lines.append(_say("more", language, shown=limit, count=len(rows)))
    return ReportSection(name, _say(f"heading.{name}", language), tuple(lines), heads, rows[:limit], numeric)


def _summary(found: WhatIf, language: str) -> ReportSection:
    total = found.total
    lines = [
        _say("what-if", language, date=found.snapshot_date.isoformat(), on=found.on.isoformat(), model=found.model),
        _say("numbers", language, rows=len(found.rows), count=total.numbers),
    ]
    if found.later:
        lines.append(_say("later", language, count=found.later))
    if total.pairs:
        counts = {str(outcome): len(total.becoming(outcome)) for outcome in PairOutcome}
        lines.append(_say("pairs", language, count=total.pairs, lacking=len(total.lacking), **counts))
    lines.append(_say("remarks", language, begun=len(total.remarks_begun), ceased=len(total.remarks_ceased)))
    return ReportSection("summary", _say("heading.summary", language), tuple(lines))


def _steps(found: WhatIf, language: str) -> ReportSection:
    heads = ("day", "numbers", *(f"becoming-{outcome}" for outcome in PairOutcome), "lacks", "begun", "ceased")
    rows = [
        (
            step.day.isoformat() if step.day else _say("always", language),
            str(step.effect.numbers),
            *(str(len(step.effect.becoming(outcome))) for outcome in PairOutcome),
            str(len(step.effect.lacking)),
            str(len(step.effect.remarks_begun)),
            str(len(step.effect.remarks_ceased)),
        )
        for step in found.steps
    ]
    told = tuple(_say(f"head.{head}", language) for head in heads)
    return _section("steps", language, told, rows, len(rows), tuple(range(1, len(heads))))


def _pairs(name: str, pairs: Sequence[PairChange], language: str, limit: int) -> ReportSection:
    heads = ("recipient", "name", "message-type", "before", "after", "by", "why")
    rows = [
        (
            pair.recipient,
            pair.name or "",
            pair.message_type,
            _say(f"outcome.{pair.before}", language),
            _say(f"outcome.{pair.after}", language),
            _say("by", language, by=pair.by) if pair.by else "",
            _why(pair, language),
        )
        for pair in pairs
    ]
    return _section(name, language, tuple(_say(f"head.{head}", language) for head in heads), rows, limit)


def _why(pair: PairChange, language: str) -> str:
    codes = (*([pair.reason] if pair.reason else []), *pair.lacks)
    return ", ".join(title_of_code("findings", code, language) for code in dict.fromkeys(codes))


def _rules(total: PlanEffect, language: str, limit: int) -> ReportSection:
    titles: dict[str, Remark] = {one.rule: one for one in (*total.remarks_begun, *total.remarks_ceased)}
    rows = [(titles[rule].title(language), str(begun), str(ceased)) for rule, (begun, ceased) in total.by_rule.items()]
    heads = tuple(_say(f"head.{head}", language) for head in ("rule", "begun", "ceased"))
    return _section("rules", language, heads, rows, limit, (1, 2))


def _rows(found: WhatIf, language: str, limit: int) -> ReportSection:
    rows = []
    for one in found.idle_rows:
        reasons = []
        if one.not_there:
            reasons.append(_say("not-there", language, names=one.not_there))
        if one.does_nothing:
            reasons.append(_say("does-nothing", language, count=one.numbers))
        if one.out_of_order:
            reasons.append(_say("out-of-order", language, count=one.out_of_order))
        rows.append((one.row.text(language), " ".join(reasons)))
    return _section("rows", language, (_say("head.row", language), _say("head.remark", language)), rows, limit)
