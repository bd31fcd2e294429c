"""A comparison as one HTML file: counts, causes, the organisations that are affected as a tree, and how much changed from day to day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

import attrs

from sor_addressing.changes.compare.kinds import IMPORTANCE, ChangeKind
from sor_addressing.changes.compare.summary import cause_line, head, kind_name
from sor_addressing.index.inside import nearest_above
from sor_addressing.pages.charts import Bar, Line, bars, lines
from sor_addressing.pages.document import contents, details, items, page, paragraph, section, table
from sor_addressing.search.rules.explain import unknown_text
from sor_addressing.texts import text_of

if TYPE_CHECKING:
    from sor_addressing.changes.compare.change import Cause, Change
    from sor_addressing.changes.compare.report import Comparison
    from sor_addressing.register.face import Register

MOST_CHANGES = 2_000
"""How many changes of each kind stand in the page; how many there are is always said."""

_MOST_EFFECTS = 200
_GROUPS = ("stops-letters", "addresses", "rest")
_FIRST_OF_ADDRESSES = IMPORTANCE[ChangeKind.MOVED]
_FIRST_OF_REST = IMPORTANCE[ChangeKind.MESSAGE_TYPE_GAINED]


def html_of(
    comparison: Comparison, language: str, *, registers: Iterable[Register] = (), days: Iterable[Comparison] = ()
) -> str:
    """The whole comparison as one page that needs nothing else; see :meth:`Comparison.to_html`."""
    return page(_title(comparison, language), language, _parts(comparison, language, tuple(registers), tuple(days)))


def _title(comparison: Comparison, language: str) -> str:
    return _say(
        "summary.title",
        language,
        old_date=comparison.old_date.isoformat(),
        new_date=comparison.new_date.isoformat(),
    )


def _parts(
    comparison: Comparison, language: str, registers: Sequence[Register], days: Sequence[Comparison]
) -> Iterator[str]:
    yield paragraph(head(comparison, language))
    for value in comparison.unknown:
        yield paragraph(unknown_text(value, language))
    sections = list(_sections(comparison, language, registers, days))
    if sections:
        yield contents((name, heading) for name, heading, _ in sections)
    for name, heading, parts in sections:
        yield section(name, heading, parts)


def _sections(
    comparison: Comparison, language: str, registers: Sequence[Register], days: Sequence[Comparison]
) -> Iterator[tuple[str, str, list[str]]]:
    if comparison.counts:
        found = [Bar(kind_name(kind, language), str(count), (count,)) for kind, count in comparison.counts.items()]
        yield "counts", _say("head.count", language), [bars(found)]
    chart = _over_days(days, language)
    if chart:
        yield "days", _say("html.days", language), [chart]
    if registers and len(comparison):
        tree = _tree(comparison, registers, language)
        yield "organisations", _say("html.organisations", language), [tree]
    causes = comparison.causes
    if causes:
        yield "causes", _say("head.causes", language), [_cause(cause, language) for cause in causes]
    if len(comparison):
        yield "changes", _say("head.changes", language), list(_by_kind(comparison, language))
    if comparison.not_compared:
        told = items(one.text(language) for one in comparison.not_compared)
        yield "not-compared", _say("summary.not-compared", language), [told]


def _cause(cause: Cause, language: str) -> str:
    shown = [effect.sentence(language) for effect in cause.effects[:_MOST_EFFECTS]]
    parts = [items(shown)]
    if len(shown) < len(cause.effects):
        parts.append(paragraph(_say("html.shown", language, shown=len(shown), total=len(cause.effects))))
    return details(cause_line(cause, language), parts)


def _by_kind(comparison: Comparison, language: str) -> Iterator[str]:
    heads = [_say(f"head.{name}", language) for name in ("unit", "sor-code", "old", "new", "when")]
    by_kind: dict[ChangeKind, list[Change]] = {}
    for change in comparison:
        by_kind.setdefault(change.kind, []).append(change)
    for kind, count in comparison.counts.items():
        shown = by_kind[kind][:MOST_CHANGES]
        rows = ((one.name, one.sor_code, one.old or "", one.new or "", one.when(language)) for one in shown)
        parts = [table(heads, rows, label=kind_name(kind, language))]
        if len(shown) < count:
            parts.append(paragraph(_say("html.shown", language, shown=len(shown), total=count)))
        yield details(f"{kind_name(kind, language)} ({count})", parts)


def _over_days(days: Sequence[Comparison], language: str) -> str:
    """How much changed from day to day, in three lines: what stops letters, addresses and organisation, and the rest."""
    counted: dict[str, list[int]] = {name: [] for name in _GROUPS}
    for comparison in days:
        of_day = dict.fromkeys(_GROUPS, 0)
        for kind, count in comparison.counts.items():
            of_day[_group(kind)] += count
        for name, count in of_day.items():
            counted[name].append(count)
    series = [Line(_say(f"html.{name}", language), values) for name, values in counted.items()]
    return lines([one.new_date.isoformat() for one in days], series, _say("html.days", language))


def _group(kind: ChangeKind) -> str:
    if IMPORTANCE[kind] < _FIRST_OF_ADDRESSES:
        return "stops-letters"
    return "addresses" if IMPORTANCE[kind] < _FIRST_OF_REST else "rest"


@attrs.define(slots=True)
class _ChangedBranch:
    """A unit with the changes below it."""

    name: str
    own: int = 0
    all: int = 0
    below: dict[str, _ChangedBranch] = attrs.field(factory=dict)


def _tree(comparison: Comparison, registers: Sequence[Register], language: str) -> str:
    root = _ChangedBranch("")
    for change in comparison:
        branch = root
        branch.all += 1
        for code, name in _way(change, registers):
            branch = branch.below.setdefault(code, _ChangedBranch(name))
            branch.all += 1
        branch.own += 1
    return f'<div class="tree"><ul>{"".join(_branches(root, language))}</ul></div>'


def _way(change: Change, registers: Sequence[Register]) -> Iterator[tuple[str, str]]:
    """The units above a change and its own, from the top; as the later register that has it tells."""
    for register in reversed(registers):
        unit = register.by_sor_code.get(change.sor_code)
        if unit is not None:
            yield from ((above.sor_code, above.name) for above in reversed(nearest_above(unit)))
            break
    yield change.sor_code, change.name


def _branches(branch: _ChangedBranch, language: str) -> Iterator[str]:
    for code, below in sorted(branch.below.items(), key=lambda one: (-one[1].all, one[1].name, one[0])):
        label = _say("html.branch", language, name=below.name or code, sor_code=code, count=below.all)
        if below.below:
            inner = f"<ul>{''.join(_branches(below, language))}</ul>"
            yield f"<li>{details(label, [inner])}</li>"
        else:
            yield f"<li>{escape(label)}</li>"


def _say(code: str, language: str, **values: object) -> str:
    return text_of("changes", code, language, values)
