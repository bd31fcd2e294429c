"""How ready a book is for another kind of identifier, in numbers: :class:`Readiness`; and what reports tell of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import attrs

from sor_addressing.changes.review.conversion import READY, ConversionState, EntryConversion
from sor_addressing.hiding import shown
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.pages.sections import ReportSection
from sor_addressing.texts import text_of, title_of

if TYPE_CHECKING:
    from sor_addressing.changes.review.entry import ReviewedEntry


@attrs.frozen(slots=True)
class Readiness:
    """The entries of a book on the way to another kind of identifier, counted.

    Attributes:
        to: the kind.
        by_kind: for each kind of entry, such as ``provider_number``, how many are in each state.
        by_reason: how many have each reason.
    """

    to: IdentifierKind
    by_kind: Mapping[str, Mapping[ConversionState, int]]
    by_reason: Mapping[str, int]

    @property
    def entries(self) -> int:
        """How many entries there are."""
        return sum(sum(counts.values()) for counts in self.by_kind.values())

    @property
    def ready(self) -> int:
        """How many of them nobody has to be asked about."""
        return sum(count for state, count in self.by_state.items() if state in READY)

    @property
    def share(self) -> float:
        """Which share of them that is, from 0 to 1."""
        return self.ready / self.entries if self.entries else 0.0

    @property
    def by_state(self) -> dict[ConversionState, int]:
        """How many entries are in each state that there is."""
        counted: Counter[ConversionState] = Counter()
        for counts in self.by_kind.values():
            counted.update(counts)
        return {state: counted[state] for state in ConversionState if counted[state]}

    def to_dict(self) -> dict[str, object]:
        """Plain types, stable keys."""
        return {
            "to": str(self.to),
            "entries": self.entries,
            "ready": self.ready,
            "share": round(self.share, 4),
            "by_state": {str(state): count for state, count in self.by_state.items()},
            "by_kind": {
                kind: {str(state): count for state, count in counts.items()} for kind, counts in self.by_kind.items()
            },
            "by_reason": dict(self.by_reason),
        }


def readiness_of(to: IdentifierKind, conversions: Iterable[EntryConversion]) -> Readiness:
    """The conversions counted."""
    kinds: dict[str, Counter[ConversionState]] = {}
    reasons: Counter[str] = Counter()
    for one in conversions:
        kinds.setdefault(one.kind, Counter())[one.state] += 1
        reasons.update(one.reasons)
    in_order = sorted(kinds.items(), key=lambda pair: (-sum(pair[1].values()), pair[0]))
    return Readiness(
        to,
        {kind: {state: counts[state] for state in ConversionState if counts[state]} for kind, counts in in_order},
        dict(sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))),
    )


def readiness_sections(
    readiness: Readiness, entries: Sequence[ReviewedEntry], language: str, *, limit: int
) -> Iterator[ReportSection]:
    """What a report tells of it: the states, the kinds of entries, and the first ``limit`` that somebody has to be asked about."""

    def say(code: str, **values: object) -> str:
        return text_of("leaving", code, language, values)

    states = [*readiness.by_state]
    heading = say("heading", kind=readiness.to)
    lines = (summary_of(readiness, language),)
    rows = [
        (title_of("leaving", f"state.{state}", language), str(count)) for state, count in readiness.by_state.items()
    ]
    yield ReportSection("readiness", heading, lines, (say("head.state"), say("head.entries")), rows, (1,))
    heads = (say("head.kind"), *(title_of("leaving", f"state.{state}", language) for state in states))
    by_kind = [
        (kind_in_words(kind, language), *(str(counts.get(state, 0)) for state in states))
        for kind, counts in readiness.by_kind.items()
    ]
    yield ReportSection("readiness-by-kind", say("heading.kinds"), (), heads, by_kind, tuple(range(1, len(states) + 1)))
    asked = [(one, one.conversion) for one in entries if one.conversion is not None and not one.conversion.is_ready]
    if asked:
        told = [
            (
                str(one.entry.line),
                " ".join(filter(None, (shown(one.entry.key), shown(one.entry.name)))),
                found.text(language),
                found.question(language),
            )
            for one, found in asked[:limit]
        ]
        more = (say("more", count=len(asked) - limit),) if len(asked) > limit else ()
        heads = tuple(say(f"head.{name}") for name in ("line", "entry", "why", "question"))
        yield ReportSection("questions", say("heading.questions"), more, heads, told)


def summary_of(readiness: Readiness, language: str) -> str:
    """How ready the book is, in a sentence."""
    percent = int(100 * readiness.share)
    return text_of(
        "leaving",
        "summary",
        language,
        {"entries": readiness.entries, "ready": readiness.ready, "percent": percent, "kind": readiness.to},
    )


def kind_in_words(kind: str, language: str) -> str:
    """A kind of entry, for people."""
    if kind == "none":
        return text_of("leaving", "kind.none", language, {})
    return " + ".join(text_of("names", part, language, {}) for part in kind.split("+"))
