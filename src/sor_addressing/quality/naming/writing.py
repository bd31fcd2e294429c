"""The report on names as texts: patterns by region and type, names that break them, everyday names; and the file of everyday names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from sor_addressing.cells import csv_writer, identifier_cell, json_encoder, writable
from sor_addressing.pages.sections import ReportSection
from sor_addressing.search.rules.explain import unknown_text
from sor_addressing.texts import fact_in_words, text_of

if TYPE_CHECKING:
    from sor_addressing.quality.naming.report import NameGroup, NameReport

_MOST_GROUPS = 60
_MOST_PATTERNS = 8
_MOST_NAMES = 200


def _say(code: str, language: str, **values: object) -> str:
    return text_of("naming", code, language, values)


def title(language: str) -> str:
    """The report's title."""
    return _say("title", language)


def sections_of(found: NameReport, language: str) -> Iterator[ReportSection]:
    """The report, part by part."""
    about = [
        _say("opening", language, date=found.snapshot_date.isoformat(), on=found.on.isoformat(), units=found.units),
        _say("reading", language, least=found.least),
        _say(
            "summary",
            language,
            breaks=len(found.breaks),
            proposed=sum(one.proposal is not None for one in found.breaks),
        ),
        _say(
            "names",
            language,
            proposed=len(found.aliases),
            missing=sum(not one.everyday_name for one in found.everyday_names),
        ),
    ]
    if found.not_known:
        unknown = [fact_in_words(name, language) for name in found.not_known]
        about.append(_say("not-known", language, facts=unknown))
    about += (unknown_text(one, language) for one in found.unknown)
    yield ReportSection("about", _say("heading.about", language), tuple(about))
    yield _patterns(found, language)
    yield _breaks(found, language)
    yield _everyday(found, language)


def _patterns(found: NameReport, language: str) -> ReportSection:
    groups = sorted((one for one in found.groups if one.units >= found.least), key=lambda one: -one.units)
    shown = sorted(groups[:_MOST_GROUPS], key=lambda one: (one.region, -one.units))
    rows = [row for group in shown for row in _rows_of(group, language)]
    lines = [_say("lead.patterns", language)]
    if len(groups) > len(shown):
        lines.append(_say("cut.groups", language, shown=len(shown), all=len(groups)))
    heads = _heads(language, "region", "unit-type", "pattern", "units", "common", "example")
    return ReportSection("patterns", _say("heading.patterns", language), tuple(lines), heads, rows, (3,))


def _rows_of(group: NameGroup, language: str) -> Iterator[tuple[str, ...]]:
    region = group.region_name(language) or _say("not-said", language)
    for pattern in group.patterns[:_MOST_PATTERNS]:
        common = _say("yes", language) if pattern.is_common else ""
        yield region, group.name(language), pattern.pattern, str(pattern.units), common, pattern.example
    rest = sum(pattern.units for pattern in group.patterns[_MOST_PATTERNS:])
    if rest:
        yield region, group.name(language), _say("others", language), str(rest), "", ""


def _breaks(found: NameReport, language: str) -> ReportSection:
    rows = [
        (one.sor_code, one.name, one.pattern, one.common, one.proposal or _say("none", language))
        for one in found.breaks[:_MOST_NAMES]
    ]
    lines = [_say("lead.breaks", language)]
    if len(found.breaks) > len(rows):
        lines.append(_say("cut.names", language, shown=len(rows), all=len(found.breaks)))
    heads = _heads(language, "sor-code", "name", "pattern", "siblings", "proposal") if rows else ()
    return ReportSection("breaks", _say("heading.breaks", language), tuple(lines), heads, rows)


def _everyday(found: NameReport, language: str) -> ReportSection:
    # Names that nobody would search come first: there it matters most.
    order = sorted(found.everyday_names, key=lambda one: (one.searchable, one.everyday_name is None))
    rows = [(one.sor_code, one.name, one.everyday_name or _say("none", language)) for one in order[:_MOST_NAMES]]
    lines = [_say("lead.everyday", language)]
    if len(order) > len(rows):
        lines.append(_say("cut.names", language, shown=len(rows), all=len(order)))
    heads = _heads(language, "sor-code", "name", "everyday-name") if rows else ()
    return ReportSection("everyday-names", _say("heading.everyday", language), tuple(lines), heads, rows)


def _heads(language: str, *names: str) -> tuple[str, ...]:
    return tuple(_say(f"head.{name}", language) for name in names)


def write_breaks(found: NameReport, target: TextIO, language: str, delimiter: str) -> int:
    """A row a name that breaks its pattern; how many cells would have been taken for a formula."""
    writer = csv_writer(target, delimiter=delimiter)
    writer.writerow(_heads(language, "sor-code", "name", "proposal", "pattern", "siblings", "region", "unit-type"))
    where = {(one.region, one.unit_type): (one.region_name(language), one.name(language)) for one in found.groups}
    for one in found.breaks:
        place, code = where[one.region, one.unit_type], identifier_cell(one.sor_code)
        writer.writerow([code, one.name, one.proposal or "", one.pattern, one.common, *place])
    return writer.guarded


def write_alias_csv(found: NameReport, target: TextIO) -> None:
    """SOR code and everyday name, one a row, with a comment for each unit that lacks one."""
    writer = csv_writer(target, delimiter=";")
    writer.writerow(("SOR-kode", "navn"))
    for one in found.everyday_names:
        code = identifier_cell(one.sor_code) if one.everyday_name else f"# {one.sor_code}"
        writer.writerow((code, one.everyday_name or one.name))


def write_alias_toml(found: NameReport, target: TextIO) -> None:
    """The same as TOML."""
    encode = json_encoder()
    target.write("[aliases]\n")
    for one in found.everyday_names:
        name = encode(writable(one.everyday_name or one.name)).replace("\x7f", "\\u007f")
        target.write(f'{"" if one.everyday_name else "# "}"{one.sor_code}" = {name}\n')
