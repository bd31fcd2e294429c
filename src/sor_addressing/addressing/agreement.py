"""Several identifiers of one recipient beside each other: who is meant, where they contradict each other, and what would be right.

A letter goes to the location number, so that decides, where there is one; a SOR code with the same number says which of the units at that
number is meant. Where the identifiers name different units, nothing is chosen in silence.

Where a SOR code is to stand in place of the others (:func:`units_meant`), a provider number or a SHAK code beside the location number names a
unit more closely: of the units at that number those that have all of them are meant. Where several are left, the rules of resolve for one number
hold: it is the number's owner, if that is among them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import attrs

from sor_addressing.addressing.answers import Resolution, Status
from sor_addressing.addressing.inside import candidate_rows, question_of, raws_of, recipient_row, unit_certain, why_not
from sor_addressing.addressing.severities import RawFinding, Severity
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.index.columns import LOCATION_INHERITED, NOTHING
from sor_addressing.index.lookup import Index
from sor_addressing.index.succession import successors

DECIDING = (
    IdentifierKind.LOCATION_NUMBER,
    IdentifierKind.SOR_CODE,
    IdentifierKind.PROVIDER_NUMBER,
    IdentifierKind.SHAK_CODE,
)
"""The kinds that a recipient can be resolved by, in the order in which one of them decides who is meant."""

_MOST_NAMES = 5
_MOST_ROWS = 1_000
_DISAGREE = "identifiers-disagree"
_LOCATION, _SOR = DECIDING[:2]
_RESOLVED = Status.RESOLVED

Ask = Callable[[IdentifierKind, str], Resolution]
"""Resolves an identifier of a kind, on the day and by the policy that all are asked with."""

CanBeUsed = Callable[[int], bool]
"""Whether a letter can be addressed to the unit in a row, on the day and by the policy that all are asked with."""


@attrs.frozen(slots=True)
class Suggestion:
    """What should stand in place of an identifier: ``seen`` is None where there is none, ``reason`` the code of the finding it follows from."""

    kind: IdentifierKind
    seen: str | None
    suggested: str
    reason: str


@attrs.frozen(slots=True)
class Agreement:
    """Who is meant, and what the identifiers say of each other.

    ``resolutions`` has what each of them resolves to. ``disagreements`` are details of findings ``identifiers-disagree``; ``suggestions``
    may contradict each other, and then none of them is certain (:func:`undisputed`).
    """

    resolution: Resolution
    resolutions: Mapping[IdentifierKind, Resolution]
    disagreements: tuple[Mapping[str, object], ...] = ()
    suggestions: tuple[Suggestion, ...] = ()


def agree(index: Index, given: Mapping[IdentifierKind, str], ask: Ask) -> Agreement | None:
    """What the identifiers in ``given`` come to together; None where there is none of the kinds that can be resolved."""
    resolutions = {kind: ask(kind, given[kind]) for kind in DECIDING if kind in given}
    if not resolutions:
        return None
    if len(resolutions) == 1:
        (only,) = resolutions.values()
        if only.status is Status.RESOLVED and not _raws_of(only, "unit-replaced"):
            return Agreement(only, resolutions)
    elif _is_one_unit(resolutions):
        return Agreement(resolutions.get(_SOR) or next(iter(resolutions.values())), resolutions)
    return _Agreement(index, given, resolutions, ask).found()


def _is_one_unit(resolutions: Mapping[IdentifierKind, Resolution]) -> bool:
    """Whether all of them mean one unit, and nothing is to be said of any: then there is nothing to compare."""
    rows = {
        recipient_row(one) if one.status is _RESOLVED and not raws_of(one) else NOTHING for one in resolutions.values()
    }
    return len(rows) == 1 and NOTHING not in rows


def undisputed(suggestions: Iterable[Suggestion]) -> tuple[Suggestion, ...]:
    """Those that nothing else contradicts: two different suggestions for one kind are none."""
    by_kind: dict[IdentifierKind, dict[str, Suggestion]] = {}
    for suggestion in suggestions:
        by_kind.setdefault(suggestion.kind, {}).setdefault(suggestion.suggested, suggestion)
    return tuple(suggestion for one in by_kind.values() if len(one) == 1 for suggestion in one.values())


class _Agreement:
    """The identifiers beside each other; the first of them decides."""

    def __init__(
        self,
        index: Index,
        given: Mapping[IdentifierKind, str],
        resolutions: Mapping[IdentifierKind, Resolution],
        ask: Ask,
    ) -> None:
        self._index = index
        self._given = given
        self._resolutions = resolutions
        self._ask = ask
        self._kind, self._resolution = next(iter(resolutions.items()))
        self._others = [(kind, one) for kind, one in resolutions.items() if kind is not self._kind]
        self._disagreements: list[Mapping[str, object]] = []
        self._suggestions: list[Suggestion] = []

    def found(self) -> Agreement:
        index = self._index
        chosen = self._resolution
        numbers = numbers_of(index, self._resolution)
        agrees = []
        for kind, resolution in self._others:
            if not len(candidate_rows(resolution)):
                self._not_held(kind, resolution)
            elif not len(candidate_rows(self._resolution)):
                self._disagree("unknown", (self._given[self._kind],), names_of(index, resolution))
            elif numbers.isdisjoint(numbers_of(index, resolution)):
                self._differ(kind, resolution)
            else:
                agrees.append(resolution)
                if kind is _SOR and self._kind is _LOCATION:
                    chosen = self._same_number(kind, resolution)
        self._suggest_for(chosen, agrees)
        return Agreement(chosen, self._resolutions, tuple(self._disagreements), tuple(self._suggestions))

    def _same_number(self, kind: IdentifierKind, resolution: Resolution) -> Resolution:
        """The SOR code names one of the units at the location number: that one is meant, where it can be used."""
        index = self._index
        row = recipient_row(resolution)
        if row == NOTHING:
            if self._resolution.status is not Status.RESOLVED:
                return self._resolution
            reasons = tuple(f.code for f in resolution.findings if f.severity is Severity.ERROR)
            self._disagree("not-addressable", (self._given[kind],), names_of(index, resolution), reasons=reasons)
            return self._resolution
        owner = index.columns.location_owner[index.columns.unit_location[row]]
        if owner != row:
            identifiers = (self._given[self._kind], self._given[kind])
            self._disagree("inherited", identifiers, (index.name(owner), index.name(row)))
        return resolution

    def _differ(self, kind: IdentifierKind, resolution: Resolution) -> None:
        index = self._index
        names = tuple(dict.fromkeys((*names_of(index, self._resolution), *names_of(index, resolution))))
        self._disagree(None, (self._given[self._kind], self._given[kind]), names)

    def _not_held(self, kind: IdentifierKind, resolution: Resolution) -> None:
        if not len(candidate_rows(self._resolution)):
            return
        self._disagree("unknown", (self._given[kind],), names_of(self._index, self._resolution))
        self._suggest_digit(kind, resolution)
        if kind is _SOR:
            row = unit_without_code(self._index, self._resolutions, self._ask)
            if row != NOTHING:
                self._suggest(kind, self._index.sor_code(row), _DISAGREE)

    def _disagree(
        self, variant: str | None, identifiers: tuple[str, ...], names: tuple[str, ...], **more: object
    ) -> None:
        details: dict[str, object] = {"identifiers": identifiers, "names": names, **more}
        if variant:
            details["variant"] = variant
        self._disagreements.append(details)

    def _suggest_for(self, chosen: Resolution, agreeing: Sequence[Resolution]) -> None:
        """What would be right in place of an identifier that can't be used, where one thing would."""
        self._suggest_digit(self._kind, self._resolution)
        for resolution in (chosen, *agreeing):
            for _, _, arguments in _raws_of(resolution, "unit-replaced"):
                self._suggest_successor(successors(self._index, *arguments).row)
        if chosen.status is Status.RESOLVED or self._kind is not _LOCATION:
            return
        for _, other in self._others:
            recipient = other.recipient
            if recipient is not None and recipient.location_number:
                self._suggest(_LOCATION, recipient.location_number, why_not(chosen))

    def _suggest_successor(self, row: int) -> None:
        """The unit that a closed one certainly leads to, where it can be reached."""
        successor = self._ask(_SOR, self._index.sor_code(row)).recipient if row != NOTHING else None
        if successor is None:
            return
        self._suggest(_SOR, successor.sor_code, "unit-replaced")
        number = successor.location_number
        if number and self._given.get(_LOCATION) not in (None, number):
            self._suggest(_LOCATION, number, "unit-replaced")

    def _suggest_digit(self, kind: IdentifierKind, resolution: Resolution) -> None:
        for _, _, arguments in _raws_of(resolution, "check-digit-wrong"):
            suggestion = arguments[-1]
            if self._ask(kind, suggestion).status is Status.RESOLVED:
                self._suggest(kind, suggestion, "check-digit-wrong")

    def _suggest(self, kind: IdentifierKind, suggested: str, reason: str) -> None:
        seen = self._given.get(kind)
        if seen != suggested:
            self._suggestions.append(Suggestion(kind, seen, suggested, reason))


def _raws_of(resolution: Resolution, code: str) -> list[RawFinding]:
    """Findings with this code among the reasons, as they are before anything is looked up for them."""
    return [raw for raw in raws_of(resolution) if raw[0] == code]


def numbers_of(index: Index, resolution: Resolution) -> set[str | None]:
    """The location numbers of all that an identifier could mean; a location number itself, where it was that."""
    if resolution.kinds == (_LOCATION,):
        return {question_of(resolution).identifier}
    return {index.location_number(row) for row in candidate_rows(resolution)}


def names_of(index: Index, resolution: Resolution) -> tuple[str, ...]:
    """What the units are called that a resolution speaks of: the recipient, else the candidates, the first few of many."""
    if recipient_row(resolution) != NOTHING:
        return (index.name(recipient_row(resolution)),)
    names = dict.fromkeys(index.name(row) for row in candidate_rows(resolution))
    shown = tuple(names)[:_MOST_NAMES]
    return (*shown, "…") if len(names) > len(shown) else shown


class UnitsMeant(NamedTuple):
    """The unit that identifiers mean, or those that they could mean.

    Attributes:
        row: the unit, where it is certain; else ``NOTHING``.
        number: row of a unit with the location number that is certain, though the unit may not be; ``NOTHING`` where it isn't.
        rows: the units that it could be.
        reason: code of the finding that tells why it isn't certain.
    """

    row: int = NOTHING
    number: int = NOTHING
    rows: tuple[int, ...] = ()
    reason: str = ""


def units_meant(index: Index, agreement: Agreement, day: int, can_be_used: CanBeUsed) -> UnitsMeant | None:
    """Which unit the identifiers of an agreement mean; None where nobody can be reached by them."""
    chosen, resolutions = agreement.resolution, agreement.resolutions
    if any(one.get("variant") != "inherited" for one in agreement.disagreements):
        rows: dict[int, None] = {}
        for resolution in resolutions.values():
            row = recipient_row(resolution)
            found = (row,) if row != NOTHING else _usable(candidate_rows(resolution), can_be_used)
            rows.update(dict.fromkeys(found))
        return UnitsMeant(rows=tuple(rows), reason=_DISAGREE)
    if len(resolutions) == 1 or recipient_row(resolutions.get(_SOR, chosen)) == NOTHING:
        return _of_one(index, agreement, can_be_used)
    if _SOR in resolutions:
        row = recipient_row(resolutions[_SOR])
        return UnitsMeant(row, row)
    return _of_several(index, agreement, day, can_be_used)


def unit_without_code(index: Index, resolutions: Mapping[IdentifierKind, Resolution], ask: Ask) -> int:
    """Row of the unit that the identifiers mean where the SOR code among them is passed over; ``NOTHING`` where it isn't certain which."""
    others = {kind: one for kind, one in resolutions.items() if kind is not _SOR and len(candidate_rows(one))}

    if not others:
        return NOTHING

    def can_be_used(row: int) -> bool:
        return ask(_SOR, index.sor_code(row)).status is _RESOLVED

    chosen = next(iter(others.values()))
    meant = units_meant(index, Agreement(chosen, others), question_of(chosen).day, can_be_used)
    return NOTHING if meant is None else meant.row


def _of_one(index: Index, agreement: Agreement, can_be_used: CanBeUsed) -> UnitsMeant | None:
    chosen = agreement.resolution
    row = recipient_row(chosen)
    if row != NOTHING:
        if unit_certain(chosen):
            return UnitsMeant(row, row)
        return UnitsMeant(number=row, rows=_sharing(index, chosen, row, can_be_used), reason=_shared(index, row))
    if chosen.status is Status.AMBIGUOUS:
        return UnitsMeant(rows=_usable(candidate_rows(chosen), can_be_used), reason=why_not(chosen))
    others = dict.fromkeys(recipient_row(one) for one in agreement.resolutions.values())
    rows = tuple(one for one in others if one != NOTHING)
    return UnitsMeant(rows=rows, reason=why_not(chosen)) if rows else None


def _of_several(index: Index, agreement: Agreement, day: int, can_be_used: CanBeUsed) -> UnitsMeant:
    """The units that have all the identifiers, of which none is a SOR code and all have a location number in common."""
    number = recipient_row(agreement.resolution)
    wanted = index.location_number(number)
    fitting: list[set[int]] = []
    for kind, resolution in agreement.resolutions.items():
        if kind is not _LOCATION:
            rows = candidate_rows(resolution)  # all of them: of the first ones alone one might seem to be the only one
            fitting.append({row for row in rows if index.location_number(row) == wanted and can_be_used(row)})
    left = set.intersection(*fitting)
    owners = index.owners_of_number(index.columns.location_number[index.columns.unit_location[number]])
    if len(left) == 1:
        return UnitsMeant(left.pop(), number)
    if len(owners) == 1 and owners[0] in left and index.is_in_force(owners[0], day):
        return UnitsMeant(owners[0], number)
    rows = tuple(sorted(left or set.union(*fitting) or {number}))
    return UnitsMeant(number=number, rows=rows, reason=_shared(index, number) if left else _DISAGREE)


def _sharing(index: Index, chosen: Resolution, row: int, can_be_used: CanBeUsed) -> tuple[int, ...]:
    """The units that share the number of ``row``, that one first, if it is among them."""
    rows = _usable(candidate_rows(chosen), can_be_used)
    if chosen.kinds == (_LOCATION,):
        # Those below the owners inherit the number; it stands for its owners.
        states = index.columns.unit_location_state
        rows = tuple(one for one in rows if states[one] != LOCATION_INHERITED) or rows
    return tuple(sorted(rows, key=lambda one: one != row))


def _shared(index: Index, row: int) -> str:
    """Whether it is the owners or the units that share the location number of ``row``, as the code of a finding."""
    columns = index.columns
    owners = columns.number_owners[columns.location_number[columns.unit_location[row]]]
    return "owner-shared" if owners > 1 else "unit-shared"


def _usable(rows: Iterable[int], can_be_used: CanBeUsed) -> tuple[int, ...]:
    """Those of ``rows`` that a letter can be addressed to, the first of very many."""
    kept: list[int] = []
    for row in rows:
        if can_be_used(row):
            kept.append(row)
            if len(kept) == _MOST_ROWS:
                break
    return tuple(kept)
