"""What an audit comes to: remarks, counts, groups, and what could not be checked."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping

import attrs

from sor_addressing.addressing.severities import Severity
from sor_addressing.index.unit import Unit
from sor_addressing.quality.defining import NotChecked, Rule
from sor_addressing.quality.groups import AuditGroup, groups
from sor_addressing.quality.remarks import Remarks
from sor_addressing.quality.scope import AuditScope, Seen
from sor_addressing.register.allowing.system_names import SystemMatch
from sor_addressing.search.rules.facets import UnknownValue
from sor_addressing.search.rules.filters import Filter


@attrs.frozen(slots=True)
class UnmatchedSystem:
    """A registered system that could not be told on the approval list, and how many location numbers it stands behind."""

    match: SystemMatch
    supplier: str
    numbers: int

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {**self.match.to_dict(), "supplier": self.supplier, "numbers": self.numbers}


@attrs.frozen(slots=True, repr=False, eq=False)
class AuditOutcome:
    """Everything an audit saw.

    Attributes:
        rules: the rules that were followed, or could not be.
        filter: what was looked at; every unit where it asks for nothing.
        not_checked: rules that could not be followed, or only in part, each with the reason.
        unmatched_systems: systems that could not be told on the approval list, those behind most numbers first.
        unknown: values of the filter that no unit of the register has.
    """

    rules: tuple[Rule, ...]
    filter: Filter
    not_checked: tuple[NotChecked, ...]
    unmatched_systems: tuple[UnmatchedSystem, ...]
    unknown: tuple[UnknownValue, ...]
    _scope: AuditScope
    _seen: tuple[tuple[int, Seen], ...]

    def __repr__(self) -> str:
        return f"<Audit of {self.units} units on {self.on}: {len(self._seen)} remarks>"

    @property
    def on(self) -> dt.date:
        """The day looked at."""
        return self._scope.on

    @property
    def snapshot_date(self) -> dt.date:
        """The day of the register."""
        return self._scope.index.snapshot_date

    @property
    def units(self) -> int:
        """How many units were looked at, closed ones among them."""
        return len(self._scope.rows)

    @property
    def numbers(self) -> int:
        """How many location numbers were looked at: those that the units are reached at, and without filters those that no unit has."""
        return len(self._scope.numbers)

    @property
    def remarks(self) -> Remarks:
        """All remarks, in the order of the rules."""
        return Remarks(self._scope.index, self.rules, self._seen)

    @property
    def counts(self) -> dict[str, int]:
        """How many remarks there are of each rule that was followed, none among them, in the order of the rules."""
        unfollowed = {one.rule for one in self.not_checked if not one.partly}
        found = Counter(position for position, _ in self._seen)
        return {rule.code: found[position] for position, rule in enumerate(self.rules) if rule.code not in unfollowed}

    @property
    def by_severity(self) -> dict[Severity, int]:
        """How many remarks there are of each severity."""
        found = Counter(self.rules[position].severity for position, _ in self._seen)
        return {severity: found[severity] for severity in Severity}

    def by(self, kind: str) -> tuple[AuditGroup, ...]:
        """Counts and shares by a :class:`GroupKind`, such as ``administrator``, ``hospital`` or ``owner``, the worst first.

        Raises:
            ValueError: the kind is none of those.
        """
        return groups(self._scope, self.rules, self._seen, kind)

    def worst_units(self, limit: int = 10) -> tuple[tuple[Unit, Mapping[Severity, int]], ...]:
        """The units with most remarks, by errors, then warnings, then all; each with how many of each severity."""
        found: dict[int, Counter[Severity]] = {}
        for position, (row, _, _) in self._seen:
            if row >= 0:
                found.setdefault(row, Counter())[self.rules[position].severity] += 1
        order = sorted(found, key=lambda row: (*(-found[row][severity] for severity in Severity), row))
        index = self._scope.index
        return tuple(
            (Unit(index, row), {severity: found[row][severity] for severity in Severity}) for row in order[:limit]
        )

    def summary(self) -> dict[str, object]:
        """Plain types, stable keys, without the remarks themselves."""
        return {
            "snapshot_date": self.snapshot_date.isoformat(),
            "on": self.on.isoformat(),
            "filter": self.filter.to_dict(),
            "unknown": [one.to_dict() for one in self.unknown],
            "units": self.units,
            "location_numbers": self.numbers,
            "remarks_count": len(self._seen),
            "by_severity": {str(severity): count for severity, count in self.by_severity.items()},
            "by_rule": self.counts,
            "not_checked": [one.to_dict() for one in self.not_checked],
            "unmatched_systems": [one.to_dict() for one in self.unmatched_systems],
        }

    def to_dict(self) -> dict[str, object]:
        """Plain types, stable keys, with every remark."""
        return {**self.summary(), "remarks": [remark.to_dict() for remark in self.remarks]}
