"""Units that an entry could mean, for a person to choose from, where none is certain."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from functools import partial

import attrs

from sor_addressing.addressing.answers import Status
from sor_addressing.addressing.inside import candidate_rows
from sor_addressing.addressing.policy import AddressingPolicy
from sor_addressing.changes.book.entries import BookEntry
from sor_addressing.changes.review.judging import Judge, Judged
from sor_addressing.changes.review.suggesting import rows_named
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.inside import row_of
from sor_addressing.index.lookup import Index
from sor_addressing.index.unit import Unit
from sor_addressing.model import UnitKind
from sor_addressing.register.face import Register
from sor_addressing.register.inside import index_of
from sor_addressing.search.rules.filters import Filter
from sor_addressing.search.words.query import MOST_CHARACTERS

MOST_SEARCHES = 1_000
"""So many different names are searched for in one review; each takes some milliseconds."""

_Key = tuple[str, str, tuple[str, ...]]

_LEAST_SCORE = 40
_MOST_ROWS = 50
_MOST_LOOKED_AT = 100


@attrs.frozen(slots=True)
class ReplacementCandidate:
    """A unit that an entry could mean, and which a letter can be addressed to.

    Attributes:
        sor_code: SOR code of the unit.
        name: its name.
        location_number: the number it is reached at.
        above: names of the units above it, the nearest first.
        reason: why it could be meant: ``name`` where a search found it, else the code of a finding.
        score: how well the name matched, from 0 to 100; None where it was not searched for.
    """

    sor_code: str
    name: str
    location_number: str | None
    above: tuple[str, ...]
    reason: str
    score: float | None = None

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {
            "sor_code": self.sor_code,
            "name": self.name,
            "location_number": self.location_number,
            "above": list(self.above),
            "reason": self.reason,
            "score": self.score,
        }


class Deferred:
    """Candidates that a search for a name gives, searched for when they are first looked at."""

    __slots__ = ("_found", "_search")

    def __init__(self, search: Callable[[], tuple[ReplacementCandidate, ...]]) -> None:
        self._search: Callable[[], tuple[ReplacementCandidate, ...]] | None = search
        self._found: tuple[ReplacementCandidate, ...] = ()

    def found(self) -> tuple[ReplacementCandidate, ...]:
        """What is found."""
        if self._search is not None:
            self._found, self._search = self._search(), None
        return self._found

    def __repr__(self) -> str:
        return repr(self.found())

    def __eq__(self, other: object) -> bool:
        return self.found() == (other.found() if isinstance(other, Deferred) else other)

    def __hash__(self) -> int:
        return hash(self.found())

    def __reduce__(self) -> tuple[object, ...]:
        return tuple, (self.found(),)


class CandidateSearch:
    """Finds candidates for the entries of one book.

    Args:
        register: where they are searched for.
        judge: of the register.
        previous: of an earlier day, where there is one.
        on: the day.
        most: how many an entry is given at most.
    """

    def __init__(self, register: Register, judge: Judge, previous: Judge | None, on: dt.date, most: int) -> None:
        self._judge = judge
        self._previous = previous
        self._search = _NameSearch(register, on, judge.policy, most)
        self._most = most
        self._searched: dict[_Key, Deferred] = {}
        self.not_searched = 0
        """Entries that were not searched for, since there were too many others."""

    def of(
        self, entry: BookEntry, judged: Judged, before: Judged | None, doubtful: Iterable[tuple[int, str]]
    ) -> tuple[ReplacementCandidate, ...] | Deferred:
        """Candidates for an entry that is broken and has no certain replacement, the likeliest first."""
        if not self._most:
            return ()
        found: dict[int, tuple[str, float | None]] = {}
        for row, reason in self._known(judged, before, doubtful):
            if row not in found and self._addressable(row):
                found[row] = (reason, None)
        if entry.name and len(found) > 1:
            order = sorted(found, key=lambda row: -self._judge.names.likeness(entry.name, (row,)))
            found = {row: found[row] for row in order}
        if not found:
            return self._by_name(entry, judged, before)
        return tuple(_candidate(self._judge.index, row, *found[row]) for row in list(found)[: self._most])

    def _known(
        self, judged: Judged, before: Judged | None, doubtful: Iterable[tuple[int, str]]
    ) -> Iterator[tuple[int, str]]:
        """Units that the register itself names: successors, several with the identifier, the one that was meant before."""
        yield from doubtful
        yield from rows_named(self._judge.index, judged.findings)
        if judged.agreement is not None and judged.agreement.resolution.status is Status.AMBIGUOUS:
            rows = candidate_rows(judged.agreement.resolution)
            yield from ((row, "recipient-ambiguous") for row in rows[:_MOST_ROWS])
        if before is not None and self._previous is not None and before.row != NOTHING:
            row = self._judge.index.row_of_sor_code(self._previous.index.sor_code(before.row))
            if row != NOTHING:
                yield row, "recipient-changed"

    def _by_name(
        self, entry: BookEntry, judged: Judged, before: Judged | None
    ) -> tuple[ReplacementCandidate, ...] | Deferred:
        """What a search for the name finds in the same hospital, else in the same municipality; in the nation where neither is known."""
        index, row = self._judge.index, NOTHING
        if judged.agreement is not None:
            rows = next(
                (candidate_rows(one) for one in judged.agreement.resolutions.values() if len(candidate_rows(one))), ()
            )
            row = rows[0] if len(rows) else NOTHING
        old = index
        if row == NOTHING and before is not None and before.row != NOTHING and self._previous is not None:
            old, row = self._previous.index, before.row
        text = entry.name or (old.name(row) if row != NOTHING else "")
        if not text.strip():
            return ()
        within, municipality = _places(old, index, row, self._judge.day) if row != NOTHING else ("", ())
        key = (text[:MOST_CHARACTERS], within, municipality)
        found = self._searched.get(key)
        if found is None:
            if len(self._searched) >= MOST_SEARCHES:
                self.not_searched += 1
                return ()
            search = partial(self._search.candidates, *key, but=row if old is index else NOTHING)
            found = self._searched[key] = Deferred(search)
        return found

    def _addressable(self, row: int) -> bool:
        return self._judge.ask(IdentifierKind.SOR_CODE, self._judge.index.sor_code(row)).status is Status.RESOLVED


class _NameSearch:
    """A search for the name of an entry; it holds nothing of the review, for it may be made long after that."""

    def __init__(self, register: Register, on: dt.date, policy: AddressingPolicy, most: int) -> None:
        self._register = register
        self._on = on
        self._policy = policy
        self._most = most

    def candidates(
        self, text: str, within: str, municipality: tuple[str, ...], *, but: int
    ) -> tuple[ReplacementCandidate, ...]:
        """What is found in the same hospital, else in the same municipality; in the nation where neither is known."""
        scopes: list[Filter] = []
        if within:
            scopes.append(Filter(in_force_only=True, within=within))
        if municipality:
            scopes.append(Filter(in_force_only=True, municipality=municipality))
        index = index_of(self._register)
        for scope in scopes or [Filter(in_force_only=True)]:
            matches = self._register.search(text, limit=self._most + 1, filter=scope, on=self._on, policy=self._policy)
            found = [
                _candidate(index, row_of(one.unit), "name", one.score)
                for one in matches
                if one.score >= _LEAST_SCORE and row_of(one.unit) != but and one.addressable
            ]
            if found:
                return tuple(found[: self._most])
        return ()


def _candidate(index: Index, row: int, reason: str, score: float | None) -> ReplacementCandidate:
    above = tuple(index.name(one) for one in index.nearest_above(row))
    return ReplacementCandidate(index.sor_code(row), index.name(row), index.location_number(row), above, reason, score)


def _places(old: Index, index: Index, row: int, day: int) -> tuple[str, tuple[str, ...]]:
    """The hospital and the municipality of a unit in ``old``, as far as they are in ``index``."""
    unit = Unit(old, row)
    municipality = (unit.municipality,) if unit.municipality else ()
    for above in old.nearest_above(row, _MOST_LOOKED_AT):
        kind = Unit(old, above).kind
        if kind is UnitKind.INSTITUTION_OWNER:
            break
        if kind is UnitKind.HEALTH_INSTITUTION:
            now = index.row_of_sor_code(old.sor_code(above))
            if now != NOTHING and index.is_in_force(now, day):
                return index.sor_code(now), municipality
    return "", municipality
