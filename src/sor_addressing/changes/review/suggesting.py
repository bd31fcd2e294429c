"""What should stand in an entry instead: a replacement where exactly one thing would be right, candidates to choose from where not.

A replacement is certain where the register says so: a closed unit's one successor in force, the owner of the location number beside a SOR code
that is gone, the number that the unit has now, digits that a spreadsheet has changed. Each is tried before it is given: with it the entry must
not have errors or contradictions that it did not have.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from sor_addressing.addressing.agreement import Agreement, Suggestion, undisputed, unit_without_code
from sor_addressing.addressing.answers import Resolution, Status
from sor_addressing.addressing.findings import Finding
from sor_addressing.addressing.inside import candidate_rows, recipient_row, unit_certain, why_not
from sor_addressing.addressing.severities import Severity
from sor_addressing.changes.book.entries import IDENTIFIERS, NAME, BookEntry
from sor_addressing.changes.book.identifiers import IN_WRONG_COLUMN, MANGLED, could_have_been
from sor_addressing.changes.review.judging import EntryCells, Judge, Judged
from sor_addressing.changes.review.typing_errors import weighed
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.lookup import Index
from sor_addressing.index.succession import successors
from sor_addressing.index.unit import Unit

_LOCATION, _SOR = IdentifierKind.LOCATION_NUMBER, IdentifierKind.SOR_CODE
_DISAGREE, _CHANGED = "identifiers-disagree", "recipient-changed"


@attrs.frozen(slots=True)
class Replacement:
    """One cell of an entry that would be right otherwise, and certainly so.

    Attributes:
        field: which: the kind of the identifier, or ``name``.
        seen: what stands there; None where nothing does.
        suggested: what should stand there; an empty text where nothing should.
        reason: code of the finding that it follows from.
    """

    field: str
    seen: str | None
    suggested: str
    reason: str

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {"field": self.field, "seen": self.seen, "suggested": self.suggested, "reason": self.reason}


class Suggester:
    """Works out the replacements of entries of one book.

    Args:
        judge: of the register.
        previous: of an earlier day, where there is one.
    """

    def __init__(self, judge: Judge, previous: Judge | None) -> None:
        self._judge = judge
        self._previous = previous
        self._index = judge.index

    def replacements(
        self, entry: BookEntry, judged: Judged, before: Judged | None
    ) -> tuple[tuple[Replacement, ...], tuple[tuple[int, str], ...]]:
        """What certainly should stand in the entry; and rows of units that may be meant, each with the reason, where that isn't certain."""
        if before is None and _nothing_to_suggest(judged):
            return (), ()
        found: list[Suggestion] = []
        if judged.agreement is not None:
            found += judged.agreement.suggestions
            found += self._by_target(judged, judged.agreement)
        if before is not None:
            found += self._by_previous(judged, before)
        # What a cell should have been is what the others go by: where that is out of date too, theirs stands.
        of_cells = [one for one in judged.identifiers.suggestions if all(other.kind is not one.kind for other in found)]
        moved = {one.kind for one in judged.identifiers.suggestions}
        found = [*of_cells, *found]
        found += self._emptied(judged, found)
        if not found:
            return (), ()
        seen = judged.identifiers.seen
        # A field that the book has nothing in is not put right, unless something moves there.
        found = [one for one in found if one.kind in seen or one.kind in moved]
        found = [one for one in found if seen.get(one.kind) != one.suggested]
        found, mistyped = weighed(self._judge, judged.identifiers, entry.name, self._judge.name_likeness, found)
        certain = undisputed(found)
        if certain and not self._holds(entry, judged, certain):
            certain = ()
        doubtful = [one for one in (*found, *mistyped) if not any(one.kind is sure.kind for sure in certain)]
        replacements = [Replacement(str(one.kind), seen.get(one.kind), one.suggested, one.reason) for one in certain]
        return tuple(replacements), tuple(self._rows_of(doubtful))

    def _holds(self, entry: BookEntry, judged: Judged, certain: Iterable[Suggestion]) -> bool:
        """Whether the entry is no worse with the replacements: no other error, and no contradiction more."""
        values = {one.kind: one.suggested for one in certain}
        cells = tuple(values.get(kind, cell) for kind, cell in zip(IDENTIFIERS, entry.cells, strict=True))
        after = self._judge.answer(EntryCells((cells[0], cells[1], cells[2], cells[3]), (), ""))
        errors = {finding.code for finding in judged.findings if finding.severity is Severity.ERROR}
        new = {finding.code for finding in after.findings if finding.severity is Severity.ERROR} - errors
        return not new and _contradictions(after) <= _contradictions(judged)

    def _by_target(self, judged: Judged, agreement: Agreement) -> Iterator[Suggestion]:
        """The identifiers of the unit that is meant, in place of those that are gone."""
        index = self._index
        successor = self._successor(agreement.resolution)
        if successor is not None:
            for kind in agreement.resolutions:
                right = self._own(successor, kind)
                if right and kind not in (_LOCATION, _SOR):
                    yield from self._suggest(judged, kind, right, "unit-replaced")
            return
        target = self._target(agreement)
        if target is None:
            return
        row, certain = target
        numbers = {index.location_number(row)}
        for kind, resolution in agreement.resolutions.items():
            if recipient_row(resolution) == row or (kind is not _LOCATION and not certain):
                continue
            right = self._of_others(agreement) if kind is _SOR else self._own(row, kind)
            if right is None:
                continue
            if not len(candidate_rows(resolution)):
                yield from self._suggest(judged, kind, right, why_not(resolution))
            elif kind is _SOR and resolution.status is Status.NOT_ADDRESSABLE:
                # The unit is gone, and its number has an owner still.
                there = {index.location_number(one) for one in candidate_rows(resolution)}
                if not numbers.isdisjoint(there) and self._successor(resolution) is None:
                    yield from self._suggest(judged, kind, right, why_not(resolution))
        for kind, cell in judged.identifiers.lost.items():
            if kind is _SOR:
                right = self._of_others(agreement)
            else:
                right = self._own(row, kind) if certain or kind is _LOCATION else None
            if right and could_have_been(cell, right):
                yield from self._suggest(judged, kind, right, MANGLED)

    def _of_others(self, agreement: Agreement) -> str | None:
        """The SOR code of the unit that the other identifiers mean together."""
        row = unit_without_code(self._index, agreement.resolutions, self._judge.ask)
        return None if row == NOTHING else self._index.sor_code(row)

    def _target(self, agreement: Agreement) -> tuple[int, bool] | None:
        """The unit that the entry certainly means, and whether it is the unit or only its number; None where that isn't clear."""
        chosen = agreement.resolution
        if recipient_row(chosen) != NOTHING:
            return recipient_row(chosen), unit_certain(chosen)
        if len(candidate_rows(chosen)):
            return None
        others = {recipient_row(one) for one in agreement.resolutions.values()} - {NOTHING}
        if len(others) != 1:
            return None
        (row,) = others
        return row, any(recipient_row(one) == row and unit_certain(one) for one in agreement.resolutions.values())

    def _by_previous(self, judged: Judged, before: Judged) -> Iterator[Suggestion]:
        """What the unit has now that the entry meant on the previous day."""
        if before.agreement is None or before.row == NOTHING or not before.unit_certain or self._previous is None:
            return
        old = self._previous.index
        row = self._index.row_of_sor_code(old.sor_code(before.row))
        if row == NOTHING or row == judged.row:
            return
        if judged.row != NOTHING:
            # Another unit has the number now. Only where a SOR code says so the old one is meant certainly.
            agreement = judged.agreement
            if agreement is None or _SOR not in agreement.resolutions:
                return
            if recipient_row(agreement.resolutions[_SOR]) != row:
                return
        now = self._judge.ask(_SOR, self._index.sor_code(row))
        if now.status is not Status.RESOLVED:
            end = successors(self._index, row, self._judge.day)
            if end.row == NOTHING:
                return
            now = self._judge.ask(_SOR, self._index.sor_code(end.row))
        if recipient_row(now) == NOTHING:
            return
        for kind in before.agreement.resolutions:
            known = judged.agreement.resolutions.get(kind) if judged.agreement else None
            if known is not None and recipient_row(known) == recipient_row(now):
                continue
            right = self._own(recipient_row(now), kind)
            if right:
                yield from self._suggest(judged, kind, right, _first_error(judged.findings) or _CHANGED)

    def _emptied(self, judged: Judged, found: Iterable[Suggestion]) -> list[Suggestion]:
        """What should stand where an identifier of another kind stood: that of the unit, or nothing."""
        filled = {one.kind for one in found}
        row, certain = judged.row, judged.unit_certain
        if row == NOTHING and judged.agreement is not None:
            successor = self._successor(judged.agreement.resolution)
            row, certain = (NOTHING, False) if successor is None else (successor, True)
        emptied = []
        for kind in judged.identifiers.emptied:
            if kind not in filled:
                known = row != NOTHING and (certain or kind is _LOCATION)
                right = self._own(row, kind) if known else None
                if right and kind is _SOR and judged.agreement is not None and row == judged.row:
                    right = self._of_others(judged.agreement)
                emptied.append(Suggestion(kind, judged.identifiers.seen[kind], right or "", IN_WRONG_COLUMN))
        return emptied

    def _suggest(self, judged: Judged, kind: IdentifierKind, right: str, reason: str) -> Iterator[Suggestion]:
        if judged.identifiers.given.get(kind) != right and self._judge.ask(kind, right).status is Status.RESOLVED:
            yield Suggestion(kind, judged.identifiers.seen.get(kind), right, reason)

    def _successor(self, resolution: Resolution) -> int | None:
        """Row of the one unit that replaces those that an identifier meant, where that is certain."""
        if resolution.status is not Status.NOT_ADDRESSABLE:
            return None
        ends = {
            successors(self._index, row, self._judge.day).row
            for row in candidate_rows(resolution)
            if not self._index.is_in_force(row, self._judge.day)
        }
        return ends.pop() if len(ends) == 1 and NOTHING not in ends else None

    def _own(self, row: int, kind: IdentifierKind) -> str | None:
        """The identifier of a kind that the unit in ``row`` has."""
        index = self._index
        if kind is _SOR:
            return index.sor_code(row)
        if kind is _LOCATION:
            return index.location_number(row)
        unit = Unit(index, row)
        return unit.provider_number if kind is IdentifierKind.PROVIDER_NUMBER else unit.shak_code

    def _rows_of(self, suggestions: Iterable[Suggestion]) -> Iterator[tuple[int, str]]:
        """The units that suggestions name which are not certain."""
        for one in suggestions:
            if one.suggested:
                row = recipient_row(self._judge.ask(one.kind, one.suggested))
                if row != NOTHING:
                    yield row, one.reason


def renamed(judge: Judge, previous: Judge, judged: Judged, before: Judged, limit: float) -> Finding | None:
    """The finding on a name that fitted on the previous day and doesn't now, because the unit was renamed."""
    index, old = judge.index, previous.index
    if judged.row == NOTHING or before.row == NOTHING or judged.likeness is None or judged.likeness >= limit:
        return None
    name, old_name = index.name(judged.row), old.name(before.row)
    same = index.sor_code(judged.row) == old.sor_code(before.row)
    if not same or name == old_name or before.likeness is None or before.likeness < limit:
        return None
    known = next(one for one in judged.findings if one.code == "name-differs")
    return attrs.evolve(
        known,
        details={
            **known.details,
            "variant": "renamed",
            "old_name": old_name,
            "previous": old.snapshot_date.isoformat(),
        },
    )


def changed(judge: Judge, previous: Judge, judged: Judged, before: Judged) -> Finding | None:
    """The finding on an entry that means another unit than on the previous day."""
    if judged.row == NOTHING or before.row == NOTHING or not (judged.unit_certain and before.unit_certain):
        return None
    index, old = judge.index, previous.index
    if index.sor_code(judged.row) == old.sor_code(before.row):
        return None
    return judge.finding(
        _CHANGED,
        name=index.name(judged.row),
        sor_code=index.sor_code(judged.row),
        old_name=old.name(before.row),
        old_sor_code=old.sor_code(before.row),
        previous=old.snapshot_date.isoformat(),
    )


def name_replacement(entry: BookEntry, finding: Finding) -> Replacement:
    """The name that a renamed unit has now."""
    return Replacement(NAME, entry.name, str(finding.details["name"]), finding.code)


def _nothing_to_suggest(judged: Judged) -> bool:
    """Whether every identifier stands in its cell as it should, and means the unit that is meant: what is wrong is something else."""
    identifiers, agreement, row = judged.identifiers, judged.agreement, judged.row
    if agreement is None or row == NOTHING or agreement.suggestions or identifiers.suggestions:
        return False
    if identifiers.lost or identifiers.emptied:
        return False
    return all(recipient_row(one) == row for one in agreement.resolutions.values())


def _contradictions(judged: Judged) -> int:
    disagreements = judged.agreement.disagreements if judged.agreement else ()
    return sum(1 for one in disagreements if one.get("variant") != "inherited")


def _first_error(findings: Iterable[Finding]) -> str:
    return next((one.code for one in findings if one.severity is Severity.ERROR), "")


def rows_named(index: Index, findings: Iterable[Finding]) -> Iterator[tuple[int, str]]:
    """The units that findings name as successors, one or several, each with the code of the finding."""
    for finding in findings:
        codes = finding.details.get("successors") if finding.code == "unit-replaced" else None
        for code in codes if isinstance(codes, tuple) else ():
            row = index.row_of_sor_code(code)
            if row != NOTHING:
                yield row, finding.code
