"""An audit as the tree of organisations: owners, institutions and units, with sums that add up."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import overload

import attrs

from sor_addressing.addressing.severities import Severity
from sor_addressing.errors import PolicyError
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.unit import Unit
from sor_addressing.quality.defining import Rule
from sor_addressing.quality.groups import Grouping, GroupKind
from sor_addressing.quality.outcome import AuditOutcome
from sor_addressing.quality.report.rows import write_csv
from sor_addressing.quality.report.tables import ReportTable, ReportWords
from sor_addressing.quality.report.written import Written, path_of
from sor_addressing.quality.scope import AuditScope, Seen
from sor_addressing.search.rules.places import depths_of
from sor_addressing.whole_file import Target, WholeFiles

MOST_SHOWN = 60
_INDENT = "\N{NO-BREAK SPACE}" * 3
SHARED_BY = (GroupKind.OWNER, GroupKind.INSTITUTION)
"""Whose units' numbers are told where they are counted elsewhere."""


@attrs.frozen(slots=True, eq=False)
class TreeNode:
    """A unit of the tree with what is at it and below it: ``remarks`` are its own and those of all its children together.

    Attributes:
        unit: the unit; None for remarks that no unit stands behind, and for everything together.
        depth: how many units lie above it.
        units: how many units were looked at, at it and below it.
        own: remarks on the unit itself, or on the location numbers that count for it.
        remarks: remarks at it and below it.
        by_severity: the same by severity.
        shared: of owners and institutions: remarks on location numbers that their units have too and that another owner or institution counts;
            how many by its SOR code, which is empty where none counts them.
    """

    unit: Unit | None
    depth: int
    units: int
    own: int
    remarks: int
    by_severity: Mapping[Severity, int]
    shared: Mapping[str, int]

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        unit = self.unit
        return {
            "depth": self.depth,
            "sor_code": None if unit is None else unit.sor_code,
            "name": None if unit is None else unit.name,
            "kind": None if unit is None else str(unit.kind),
            "above": None if unit is None or unit.parent is None else unit.parent.sor_code,
            "units": self.units,
            "own": self.own,
            "remarks": self.remarks,
            "by_severity": {str(severity): count for severity, count in self.by_severity.items()},
            "shared": dict(self.shared),
        }


class AuditTree(Sequence[TreeNode]):
    """The units that an audit looked at or remarks on, and those above them: each before those below it, the worst first.

    Attributes:
        total: everything together.
    """

    __slots__ = ("_own", "_rows", "_scope", "_shared", "_sums", "_units", "total")

    def __init__(
        self, scope: AuditScope, rules: Sequence[Rule], seen: Iterable[tuple[int, Seen]], depth: int | None = None
    ) -> None:
        self._scope = scope
        severities = tuple(Severity)
        place_of = [severities.index(rule.severity) for rule in rules]
        size = len(scope.index) + 1  # the last stands for remarks without a unit
        self._own = array("i", bytes(4 * size))
        self._sums = [array("i", bytes(4 * size)) for _ in severities]
        self._units = array("i", bytes(4 * size))
        self._shared: dict[int, Counter[str]] = {}
        groupings = [Grouping(scope.index, kind) for kind in SHARED_BY]
        for row in scope.rows:
            self._units[row] = 1
        for position, (row, number, _) in seen:
            self._own[row] += 1
            self._sums[place_of[position]][row] += 1
            for grouping in groupings:
                for code in filter(None, grouping.elsewhere(row, number)):
                    self._shared.setdefault(scope.index.row_of_sor_code(code), Counter()).update(grouping.of(row))
        self._add_up()
        self.total = self._everything()
        self._rows = array("i", self._in_order(depth))

    def _add_up(self) -> None:
        parents, depths = self._scope.columns.unit_parent, depths_of(self._scope.index)
        sums = (*self._sums, self._units)
        for row in sorted(range(len(depths)), key=depths.__getitem__, reverse=True):
            above = parents[row]
            if above != NOTHING:
                for column in sums:
                    column[above] += column[row]

    def _everything(self) -> TreeNode:
        top = [*self._tops(), NOTHING]
        weights = {
            severity: sum(column[row] for row in top) for severity, column in zip(Severity, self._sums, strict=True)
        }
        return TreeNode(None, 0, sum(self._units[row] for row in top), 0, sum(weights.values()), weights, {})

    def _tops(self) -> list[int]:
        return [row for row, above in enumerate(self._scope.columns.unit_parent) if above == NOTHING]

    def _in_order(self, depth: int | None) -> Iterator[int]:
        index = self._scope.index

        def counts(row: int) -> bool:
            return bool(self._units[row] or any(column[row] for column in self._sums))

        def worst_first(rows: Iterable[int]) -> list[int]:
            return sorted(
                filter(counts, rows),
                key=lambda row: (*(-column[row] for column in self._sums), index.sor_code(row)),
                reverse=True,
            )

        waiting = [(row, 0) for row in worst_first(self._tops())]
        while waiting:
            row, at = waiting.pop()
            yield row
            if depth is None or at + 1 < depth:
                waiting.extend((child, at + 1) for child in worst_first(index.children(row)))
        if counts(NOTHING):
            yield NOTHING

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[TreeNode]:
        return map(self._node, self._rows)

    def __repr__(self) -> str:
        return f"<AuditTree of {len(self)} units: {self.total.remarks} remarks>"

    @overload
    def __getitem__(self, place: int) -> TreeNode: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[TreeNode, ...]: ...
    def __getitem__(self, place: int | slice) -> TreeNode | tuple[TreeNode, ...]:
        if isinstance(place, slice):
            return tuple(map(self._node, self._rows[place]))
        return self._node(self._rows[place])

    def to_dict(self) -> dict[str, object]:
        """Plain types, stable keys; the nodes one after the other, each with its depth."""
        return {"total": self.total.to_dict(), "nodes": [node.to_dict() for node in self]}

    def to_csv(self, target: Target, *, language: str = "en", delimiter: str = ";") -> Written:
        """Write a row a unit, with its depth and its sums; the first row is everything together.

        Raises:
            NotWritten: it can't be written there.
        """
        return _write_tree(target, self, ReportWords(language), delimiter)

    def _node(self, row: int) -> TreeNode:
        weights = {severity: column[row] for severity, column in zip(Severity, self._sums, strict=True)}
        index = self._scope.index
        return TreeNode(
            None if row == NOTHING else Unit(index, row),
            0 if row == NOTHING else depths_of(index)[row],
            self._units[row],
            self._own[row],
            sum(weights.values()),
            weights,
            self._shared.get(row, {}),
        )


def tree_of(outcome: AuditOutcome, depth: int | None) -> AuditTree:
    """The tree of an audit, to a depth.

    Raises:
        ValueError: the depth is below 1.
    """
    if depth is not None and depth < 1:
        raise PolicyError(f"a tree of {depth} levels shows nothing: use 1 for owners, 2 for institutions too")
    return AuditTree(outcome._scope, outcome.rules, outcome._seen, depth)


def tree_table(tree: AuditTree, say: ReportWords, limit: int = MOST_SHOWN) -> ReportTable:
    """Units with remarks, each below the one it lies in, and the sum of all; the note says what is not shown."""
    rows: list[tuple[str, ...]] = []
    weights: list[Mapping[Severity, int]] = []
    told = 0
    for node in tree:
        if not node.remarks:
            continue
        told += 1
        if len(rows) < limit:
            rows.append(
                (
                    _INDENT * node.depth + _name(node, say),
                    "" if node.unit is None else node.unit.sor_code,
                    *_numbers(node, say),
                )
            )
            weights.append(node.by_severity)
    if rows:
        rows.append((say("everything"), "", *_numbers(tree.total, say)))
        weights.append({})
    note = (
        say("shown-of-tree", shown=say.number(len(rows) - 1), count=say.number(told)) if told >= len(rows) > 1 else ""
    )
    heads = say.heads("name", "sor_code", "units", "remarks", "own", "errors", "warnings", "infos", "shared")
    return ReportTable("tree", say("tree"), heads, tuple(rows), frozenset(range(2, len(heads))), tuple(weights), note)


def _write_tree(target: Target, tree: AuditTree, say: ReportWords, delimiter: str) -> Written:
    heads = say.heads(
        *("depth", "name", "sor_code", "kind", "lies-in", "units", "remarks", "own", "errors", "warnings", "infos"),
        *("shared", "counted-by"),
    )
    with WholeFiles() as files, files.text(target, encoding="utf-8-sig") as text:
        count, neutralised = write_csv(text, heads, _rows(tree, say), delimiter=delimiter)
    return Written(path_of(target), count, neutralised)


def _rows(tree: AuditTree, say: ReportWords) -> Iterator[tuple[str, ...]]:
    yield ("", say("everything"), "", "", "", *map(str, _counts(tree.total)), "")
    for node in tree:
        unit = node.unit
        parent = None if unit is None else unit.parent
        yield (
            str(node.depth),
            _name(node, say),
            "" if unit is None else unit.sor_code,
            "" if unit is None else str(unit.kind),
            "" if parent is None else parent.sor_code,
            *map(str, _counts(node)),
            ", ".join(code or say("not-said") for code in node.shared),
        )


def _name(node: TreeNode, say: ReportWords) -> str:
    return say("no-unit") if node.unit is None else node.unit.name or node.unit.sor_code


def _counts(node: TreeNode) -> tuple[int, ...]:
    weights = (node.by_severity[severity] for severity in Severity)
    return (node.units, node.remarks, node.own, *weights, sum(node.shared.values()))


def _numbers(node: TreeNode, say: ReportWords) -> tuple[str, ...]:
    return tuple(map(say.number, _counts(node)))
