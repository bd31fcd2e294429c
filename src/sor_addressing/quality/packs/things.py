"""What there is to do in each pack: remarks in the order of the units they are on, and since when each is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

import attrs

from sor_addressing.addressing.severities import Severity
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.lookup import Index
from sor_addressing.quality.groups import Grouping, remarks_by_group
from sor_addressing.quality.outcome import AuditOutcome
from sor_addressing.quality.scope import Seen
from sor_addressing.search.words.folding import fold
from sor_addressing.texts import text_of

SUBJECT = "packs"

_Key = tuple[str, str, str]  # rule, SOR code, location number
_TYPES = ("message_types", "message_type", "old", "send", "receive")
"""The details that say which message types a remark is about: one number can have several by one rule."""


@attrs.frozen(slots=True)
class Thing:
    """One thing to do.

    Attributes:
        rule: the code of the rule that saw it.
        severity: how much it weighs.
        name: of the unit; empty where there is none.
        above: names of what it lies in, the nearest first.
        sor_code: of the unit.
        location_number: where it is about one.
        wrong: what is wrong, as a sentence.
        fix: what to do.
        since: since when, in words; empty where that is not known.
    """

    rule: str
    severity: Severity
    name: str
    above: str
    sor_code: str
    location_number: str
    wrong: str
    fix: str
    since: str


class Former:
    """An audit of a former day, to compare with.

    Args:
        outcome: the audit.
        followed: the rules that are followed now.
    """

    def __init__(self, outcome: AuditOutcome, followed: Iterable[str]) -> None:
        self.on = outcome.on
        self.rules = frozenset(outcome.counts) & frozenset(followed)
        index = outcome._scope.index
        self._seen: dict[_Key, list[frozenset[str]]] = {}
        for position, seen in outcome._seen:
            self._seen.setdefault(_key(index, outcome.rules[position].code, seen), []).append(_types_of(seen.details))

    def has(self, key: _Key, types: frozenset[str]) -> bool:
        """Whether there was a remark of that rule on that unit and number, and on any of those message types, where it is about some."""
        return any(not types or not one or types & one for one in self._seen.get(key, ()))


class Things:
    """The things to do that an audit found, in one language, by group.

    Args:
        outcome: the audit.
        grouping: whose they are.
        language: ``da`` or ``en``.
        former: what to compare with.
    """

    def __init__(self, outcome: AuditOutcome, grouping: Grouping, language: str, former: Former | None) -> None:
        self._outcome = outcome
        self._language = language
        self._former = former
        self._index = outcome._scope.index
        self._ways: dict[int, tuple[str, ...]] = {}
        self._aboves: dict[int, str] = {}
        self._folded: dict[int, tuple[str, ...]] = {}
        self._places = remarks_by_group(grouping, outcome._seen)

    def of(self, code: str) -> Iterator[Thing]:
        """The things of a group, unit by unit as they lie in one another, the weightiest of a unit first."""
        remarks = self._outcome.remarks
        for place in sorted(self._places.get(code, ()), key=self._order):
            remark, seen = remarks[place], self._outcome._seen[place][1]
            way = self._way(seen.row)
            yield Thing(
                remark.rule,
                remark.severity,
                way[-1] if way else "",
                self._above(seen.row),
                remark.sor_code or "",
                remark.location_number or "",
                remark.text(self._language),
                remark.fix(self._language),
                self._since(remark.rule, seen),
            )

    def _above(self, row: int) -> str:
        parent = NOTHING if row == NOTHING else self._index.columns.unit_parent[row]
        known = self._aboves.get(parent)
        if known is None:
            known = self._aboves[parent] = " < ".join(filter(None, reversed(self._way(parent))))
        return known

    def _order(self, place: int) -> tuple[bool, tuple[str, ...], int, int, int]:
        position, seen = self._outcome._seen[place]
        weight = tuple(Severity).index(self._outcome.rules[position].severity)
        folded = self._folded.get(seen.row)
        if folded is None:
            folded = self._folded[seen.row] = tuple(map(fold, self._way(seen.row)))
        return seen.row == NOTHING, folded, seen.row, weight, place

    def _way(self, row: int) -> tuple[str, ...]:
        """The names from the top of the tree down to a unit."""
        known = self._ways.get(row)
        if known is None:
            index = self._index
            names = [] if row == NOTHING else [index.name(row), *map(index.name, index.nearest_above(row))]
            known = self._ways[row] = tuple(reversed(names))
        return known

    def _since(self, rule: str, seen: Seen) -> str:
        day = _first_day(seen.details)
        if day:
            return day
        former = self._former
        if former is None or rule not in former.rules:
            return ""
        code = "since-before" if former.has(_key(self._index, rule, seen), _types_of(seen.details)) else "since-then"
        return text_of(SUBJECT, code, self._language, {"day": former.on.isoformat()})


def _key(index: Index, rule: str, seen: Seen) -> _Key:
    row, number, details = seen
    return (
        rule,
        str(details.get("shak_code", "")) if row == NOTHING else index.sor_code(row),
        "" if number == NOTHING else index.number_text(number),
    )


def _types_of(details: Mapping[str, object]) -> frozenset[str]:
    """The codes of the message types that a remark is about, whatever their version, with the direction where it has one."""
    direction = details.get("direction", "")
    given = [details.get(name, ()) for name in _TYPES]
    types = [
        one
        for value in given
        for one in ([value] if isinstance(value, str) else value if isinstance(value, tuple) else ())
    ]
    return frozenset(f"{direction} {str(one).partition(' ')[0]}" for one in types)


def _first_day(details: Mapping[str, object]) -> str:
    """The first day on which it was so, where what was seen tells it."""
    last = details.get("last_day", details.get("by"))
    if isinstance(last, dt.date):
        return (last + dt.timedelta(1)).isoformat() if last < dt.date.max else ""
    day = details.get("since", details.get("day"))
    return "" if day is None else str(day)
