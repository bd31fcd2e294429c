"""Who converts what, as tables: a matrix for each model, the models side by side, and the groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from sor_addressing.cells import csv_writer, identifier_cell
from sor_addressing.index.words import words_of
from sor_addressing.messages.catalogue import catalogue
from sor_addressing.messages.conversions import Converter
from sor_addressing.pages.sections import ReportSection
from sor_addressing.register.overview.counting import DIRECT, NOBODY
from sor_addressing.texts import text_of

if TYPE_CHECKING:
    from sor_addressing.index.lookup import Index
    from sor_addressing.register.overview.report import Conversions

_KIND = ("family", "asked", "registered", "arrives", "by")
_WAYS = (DIRECT, *map(str, Converter), NOBODY)


def write_counts(found: Conversions, target: TextIO, delimiter: str) -> None:
    """A row a count; what the first model has, and of the others also the difference to it."""
    writer = csv_writer(target, delimiter=delimiter)
    first, *others = found.models
    writer.writerow([*_KIND, *found.by, first, *(head for one in others for head in (one, f"{one} - {first}"))])
    for count in found.counts:
        kind = [getattr(count, name) for name in _KIND]
        pairs = zip(count.numbers[1:], count.difference[1:], strict=True)
        writer.writerow([*kind, *count.group, count.numbers[0], *(cell for pair in pairs for cell in pair)])


def write_details(found: Conversions, target: TextIO, delimiter: str) -> None:
    """A row a location number and model."""
    writer = csv_writer(target, delimiter=delimiter)
    writer.writerow(["model", *_KIND, *found.by, "location_number"])
    for row in found.details():
        *cells, number = row.values()
        writer.writerow([*cells, identifier_cell(number)])


def title(language: str) -> str:
    """The report's title."""
    return _say("title", language)


def sections_of(found: Conversions, language: str) -> Iterator[ReportSection]:
    """The report, part by part."""
    lines = [
        _say("opening", language, date=found.snapshot_date.isoformat(), on=found.on.isoformat()),
        _say("reading", language),
        _say("left-out", language, not_in_use=found.not_in_use, without=found.without_registrations),
    ]
    if found.sender is not None:
        lines.append(_say("sender", language, sender=", ".join(found.sender.to_dict().values())))
    yield ReportSection("about", _say("heading.about", language), tuple(lines))
    for at, model in enumerate(found.models):
        yield _matrix(found, at, model, language)
    if len(found.models) > 1:
        yield _side_by_side(found, language)
    if found.by:
        for at, model in enumerate(found.models):
            yield _groups(found, at, model, language)


def _say(code: str, language: str, **values: object) -> str:
    return text_of("conversions", code, language, values)


def _ways(found: Conversions) -> list[str]:
    there = {count.by for count in found.counts}
    return [way for way in _WAYS if way in there or way in (DIRECT, NOBODY)]


def _way(way: str, language: str) -> str:
    by = Converter(way) if way in tuple(Converter) else None
    return _say("way.by", language, by=by) if by else _say(f"way.{way}", language)


def _family(family: str, language: str) -> str:
    return _say("family", language, name=catalogue().family_name(family, language), family=family)


def _matrix(found: Conversions, at: int, model: str, language: str) -> ReportSection:
    """Family and format asked for against what becomes of it; the last row and the last column are sums."""
    ways = _ways(found)
    rows = []
    sums: Counter[str] = Counter()
    for (family, asked), cells in found.matrix(model).items():
        sums.update(cells)
        counts = [str(cells.get(way, 0)) for way in ways]
        rows.append((_family(family, language), asked, *counts, str(cells["total"])))
    rows.append((_say("sum", language), "", *(str(sums[way]) for way in ways), str(sums["total"])))
    heads = (
        _say("head.family", language),
        _say("head.asked", language),
        *(_way(way, language) for way in ways),
        _say("sum", language),
    )
    heading = _say("heading.matrix", language, model=model)
    numeric = tuple(range(2, len(heads)))
    return ReportSection(f"model-{at + 1}", heading, (_say("lead.matrix", language),), heads, rows, numeric)


def _side_by_side(found: Conversions, language: str) -> ReportSection:
    """What the models count differently, summed over groups."""
    totals: dict[tuple[str, str, str], list[int]] = {}
    for count in found.counts:
        row = totals.setdefault((count.family, count.asked, count.by), [0] * len(found.models))
        for at, numbers in enumerate(count.numbers):
            row[at] += numbers
    rows = [
        (
            _family(family, language),
            asked,
            _way(by, language),
            str(numbers[0]),
            *(f"{one} ({one - numbers[0]:+d})" for one in numbers[1:]),
        )
        for (family, asked, by), numbers in totals.items()
        if len(set(numbers)) > 1
    ]
    heads = (
        *(_say(f"head.{head}", language) for head in ("family", "asked", "way")),
        *(_say("model-name", language, model=model) for model in found.models),
    )
    lead = _say("lead.difference", language, count=len(rows))
    heading = _say("heading.difference", language)
    return ReportSection("difference", heading, (lead,), heads, rows, tuple(range(3, len(heads))))


def _groups(found: Conversions, at: int, model: str, language: str) -> ReportSection:
    """The groups against what becomes of letters to their numbers, summed over families and formats."""
    ways = _ways(found)
    totals: dict[tuple[str, ...], Counter[str]] = {}
    for count in found.counts:
        row = totals.setdefault(count.group, Counter())
        row[count.by] += count.numbers[at]
        row["total"] += count.numbers[at]
    rows = [
        (
            *found.group_names(group, language),
            *(str(cells[way]) for way in ways),
            str(cells["total"]),
        )
        for group, cells in sorted(totals.items())
    ]
    every = sum(totals.values(), Counter[str]())
    blanks = ("",) * (len(found.by) - 1)
    rows.append((_say("sum", language), *blanks, *(str(every[way]) for way in ways), str(every["total"])))
    heads = (
        *(_say("head.group", language, field=name) for name in found.by),
        *(_way(way, language) for way in ways),
        _say("sum", language),
    )
    heading = _say("heading.groups", language, model=model)
    numeric = tuple(range(len(found.by), len(heads)))
    return ReportSection(f"groups-{at + 1}", heading, (_say("lead.groups", language),), heads, rows, numeric)


def group_name(index: Index, name: str, code: str, language: str) -> str:
    """What a group is called: the word for its code, with the code."""
    if not code:
        return _say("not-said", language)
    word = words_of(index, name.replace("_", "-"), code, language)
    return f"{word} ({code})" if word and word != code else code
