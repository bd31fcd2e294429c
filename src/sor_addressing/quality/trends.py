"""What audits of several days come to: counts, the registers themselves are not held."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

import attrs

from sor_addressing.addressing.severities import Severity
from sor_addressing.quality.groups import GroupKind


@attrs.frozen(slots=True)
class TrendPoint:
    """What an audit came to on one day: counts alone, the register itself is not held.

    Attributes:
        on: the day looked at.
        units: how many units were looked at.
        numbers: how many location numbers.
        by_severity: remarks of each severity.
        by_rule: remarks of each rule that was followed.
        by_group: remarks by code of the group that was asked for; empty where none was.
    """

    on: dt.date
    units: int
    numbers: int
    by_severity: Mapping[Severity, int] = attrs.field(hash=False)
    by_rule: Mapping[str, int] = attrs.field(hash=False)
    by_group: Mapping[str, int] = attrs.field(factory=dict, hash=False)
    _severities: Mapping[str, Severity] = attrs.field(factory=dict, repr=False, eq=False)
    _partly: frozenset[str] = attrs.field(default=frozenset(), repr=False, eq=False)
    _of_groups: Mapping[str, Mapping[str, int]] = attrs.field(factory=dict, repr=False, eq=False)

    def followed(self, rule: str) -> str:
        """Whether a rule was followed in ``whole`` or in ``part``; empty where it was not."""
        return "" if rule not in self.by_rule else "part" if rule in self._partly else "whole"

    def without(self, rules: Collection[str]) -> TrendPoint:
        """The same without the remarks of some rules."""
        gone = {rule: count for rule, count in self.by_rule.items() if rule in rules}
        severities = dict(self.by_severity)
        for rule, count in gone.items():
            if rule in self._severities:
                severities[self._severities[rule]] -= count
        return attrs.evolve(
            self,
            by_severity=severities,
            by_rule={rule: count for rule, count in self.by_rule.items() if rule not in gone},
            by_group={
                code: count - sum(self._of_groups.get(code, {}).get(rule, 0) for rule in gone)
                for code, count in self.by_group.items()
            },
        )

    @property
    def remarks(self) -> int:
        """How many remarks there are."""
        return sum(self.by_severity.values())

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {
            "on": self.on.isoformat(),
            "units": self.units,
            "location_numbers": self.numbers,
            "remarks": self.remarks,
            "by_severity": {str(severity): count for severity, count in self.by_severity.items()},
            "by_rule": dict(self.by_rule),
            "by_group": dict(self.by_group),
        }


@attrs.frozen(slots=True)
class Trend:
    """The audits of several days, in the order of the days."""

    points: tuple[TrendPoint, ...]
    by: GroupKind | None = None
    _words: Mapping[str, Mapping[str, str]] = attrs.field(factory=dict, repr=False, eq=False)

    def group_name(self, code: str, language: str = "da") -> str:
        """What the code of a group stands for; the code itself where nothing tells."""
        return self._words.get(code, {}).get(language) or code

    def with_point(self, point: TrendPoint, words: Mapping[str, Mapping[str, str]]) -> Trend:
        """These days and one more, in place of another one of that day."""
        points = {one.on: one for one in (*self.points, point)}
        return Trend(tuple(points[day] for day in sorted(points)), self.by, {**self._words, **words})

    @property
    def uneven(self) -> tuple[str, ...]:
        """Rules with remarks that were followed on some of the days only, or in part on some: a file was there on one day and not on another."""
        rules = dict.fromkeys(rule for point in self.points for rule, count in point.by_rule.items() if count)
        return tuple(rule for rule in rules if len({point.followed(rule) for point in self.points}) > 1)

    def without(self, rules: Collection[str]) -> Trend:
        """The same days without the remarks of some rules."""
        return attrs.evolve(self, points=tuple(point.without(rules) for point in self.points)) if rules else self

    def of_rule(self, code: str) -> tuple[int | None, ...]:
        """Remarks of a rule day by day; None on days on which it was not followed."""
        return tuple(point.by_rule.get(code) for point in self.points)

    def of_group(self, code: str) -> tuple[int, ...]:
        """Remarks of a group day by day."""
        return tuple(point.by_group.get(code, 0) for point in self.points)

    def to_dict(self) -> dict[str, object]:
        """Plain types, stable keys."""
        return {"by": None if self.by is None else str(self.by), "points": [one.to_dict() for one in self.points]}
