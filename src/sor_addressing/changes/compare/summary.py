"""A comparison in words: what a person reads in a minute."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sor_addressing.changes.compare.change import Cause, Change
from sor_addressing.changes.compare.kinds import ChangeKind
from sor_addressing.search.rules.explain import unknown_text
from sor_addressing.texts import text_of

if TYPE_CHECKING:
    from sor_addressing.changes.compare.report import Comparison

_MOST_NAMES = 3
_MOST_CAUSES = 10


def summary(comparison: Comparison, language: str) -> str:
    """Counts by kind with the first names, causes with the number of their effects, and what was not compared."""
    return "\n".join(_lines(comparison, language))


def head(comparison: Comparison, language: str) -> str:
    """How much changed, in one sentence."""
    changes = comparison.changes
    if not changes:
        return _say("summary.nothing", language)
    effects = sum(change.cause is not None for change in changes)
    return _say("summary.head", language, changes=len(changes), units=comparison.units, effects=effects)


def kind_name(kind: ChangeKind, language: str) -> str:
    """A kind of change in a few words."""
    return _say(f"kind.{kind}", language)


def cause_line(cause: Cause, language: str) -> str:
    """A cause with the number of its effects."""
    said = cause.change.sentence(language)
    return _say("summary.cause", language, cause=said, effects=len(cause.effects), units=cause.units)


def _lines(comparison: Comparison, language: str) -> Iterator[str]:
    yield head(comparison, language)
    for kind, count in comparison.counts.items():
        names = list(dict.fromkeys(one.name or one.sor_code for one in _of_kind(comparison, kind)))
        shown = "; ".join(names[:_MOST_NAMES]) + ("; …" if len(names) > _MOST_NAMES else "")
        yield _say("summary.kind", language, count=count, kind=kind_name(kind, language), names=shown)
    causes = comparison.causes
    if causes:
        yield ""
        yield _say("summary.causes", language)
        for cause in causes[:_MOST_CAUSES]:
            yield "- " + cause_line(cause, language)
        if len(causes) > _MOST_CAUSES:
            yield "- " + _say("summary.more-causes", language, more=len(causes) - _MOST_CAUSES)
    if comparison.unknown:
        yield ""
        for value in comparison.unknown:
            yield unknown_text(value, language)
    if comparison.not_compared:
        yield ""
        yield _say("summary.not-compared", language)
        for one in comparison.not_compared:
            yield "- " + one.text(language)


def _of_kind(comparison: Comparison, kind: ChangeKind) -> Iterator[Change]:
    """Those that are no effects first: the names that say most."""
    found = [change for change in comparison.changes if change.kind is kind]
    yield from sorted(found, key=lambda change: change.cause is not None)


def _say(code: str, language: str, **values: object) -> str:
    return text_of("changes", code, language, values)
