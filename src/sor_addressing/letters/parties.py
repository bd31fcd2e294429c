"""Who a party of a letter is: every identifier that the letter gives it is looked up, and they have to agree.

A letter goes to the location number, so that decides, where there is one; a SOR code with the same number says which of the units at that
number is meant. Where the identifiers name different units, nothing is chosen in silence: it is a finding, for central visitation and
copies differ legally.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs

from sor_addressing.addressing.answers import Resolution, Status
from sor_addressing.addressing.findings import Finding
from sor_addressing.addressing.policy import AddressingPolicy
from sor_addressing.addressing.question import Question
from sor_addressing.addressing.resolve import resolve
from sor_addressing.addressing.severities import Severity
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.lookup import Index
from sor_addressing.letters.corrections import Correction, only_certain
from sor_addressing.letters.header import HIDDEN, LetterIdentifier, LetterIdentifierKind, Party
from sor_addressing.messages.catalogue import MessageType

_MOST_NAMES = 5
# In the order in which one of them decides who is meant.
_DECIDING = {
    LetterIdentifierKind.LOCATION_NUMBER: IdentifierKind.LOCATION_NUMBER,
    LetterIdentifierKind.SOR_CODE: IdentifierKind.SOR_CODE,
    LetterIdentifierKind.PROVIDER_NUMBER: IdentifierKind.PROVIDER_NUMBER,
    LetterIdentifierKind.SHAK_CODE: IdentifierKind.SHAK_CODE,
}
_LOCATION = LetterIdentifierKind.LOCATION_NUMBER
_SOR = LetterIdentifierKind.SOR_CODE


@attrs.frozen(slots=True)
class ResolvedParty:
    """A party and who it is.

    ``resolution`` is None where the letter gives no identifier that can be resolved. ``findings`` tell where identifiers disagree,
    ``corrections`` what would be right where that is certain.
    """

    party: Party
    resolution: Resolution | None
    findings: tuple[Finding, ...] = ()
    corrections: tuple[Correction, ...] = ()


@attrs.frozen(slots=True)
class Asked:
    """What parties are resolved for: the day, the policy, and the letter's type."""

    day: int
    policy: AddressingPolicy
    message_type: MessageType | None


def resolve_party(index: Index, party: Party, asked: Asked) -> ResolvedParty:
    """Who ``party`` is."""
    found: dict[LetterIdentifierKind, tuple[LetterIdentifier, Resolution]] = {}
    for one in party.identifiers:
        kind = _DECIDING.get(one.kind)
        if kind is not None and one.kind not in found:
            question = Question(one.value, kind, asked.day, asked.policy, asked.message_type)
            found[one.kind] = one, resolve(index, question)
    if not found:
        return ResolvedParty(party, None)
    main = next(found[kind] for kind in _DECIDING if kind in found)
    others = [pair for pair in found.values() if pair is not main]
    if not others and len(party.identifiers) == 1 and main[1].status is Status.RESOLVED:
        return ResolvedParty(party, main[1])
    return _Agreement(index, party, main, others, asked).resolved()


class _Agreement:
    """The identifiers of one party beside each other."""

    def __init__(
        self,
        index: Index,
        party: Party,
        main: tuple[LetterIdentifier, Resolution],
        others: Sequence[tuple[LetterIdentifier, Resolution]],
        asked: Asked,
    ) -> None:
        self._index = index
        self._party = party
        self._identifier, self._resolution = main
        self._others = others
        self._asked = asked
        self._findings: list[Finding] = []
        self._corrections: list[Correction] = []

    def resolved(self) -> ResolvedParty:
        index = self._index
        chosen = self._resolution
        numbers = _numbers(index, self._resolution)
        agrees = []
        for one, resolution in self._others:
            if not len(resolution._rows):
                self._not_held(one, resolution)
            elif not len(self._resolution._rows):
                self._main_not_held(resolution)
            elif numbers.isdisjoint(_numbers(index, resolution)):
                self._differ(one, resolution)
            else:
                agrees.append(resolution)
                if one.kind is _SOR and self._identifier.kind is _LOCATION:
                    chosen = self._same_number(one, resolution)
        self._corrections_of(chosen, agrees)
        if len(self._party.identifiers) > len(self._others) + 1:
            for kind in (LetterIdentifierKind.CVR_NUMBER, LetterIdentifierKind.MUNICIPALITY_CODE):
                self._compare_with_unit(kind, chosen)
        return ResolvedParty(self._party, chosen, tuple(self._findings), only_certain(self._corrections))

    def _same_number(self, one: LetterIdentifier, resolution: Resolution) -> Resolution:
        """The SOR code names one of the units at the location number: that one is meant, where it can be used."""
        index = self._index
        row = resolution._recipient_row
        if row == NOTHING:
            if self._resolution.status is not Status.RESOLVED:
                return self._resolution  # which says the same of the number
            reasons = tuple(f.code for f in resolution.findings if f.severity is Severity.ERROR)
            self._disagree("not-addressable", (one.value,), _names(index, resolution), reasons=reasons)
            return self._resolution
        location = index.columns.unit_location[row]
        owner = index.columns.location_owner[location]
        if owner != row:
            self._disagree("inherited", (self._identifier.value, one.value), (index.name(owner), index.name(row)))
        return resolution

    def _differ(self, one: LetterIdentifier, resolution: Resolution) -> None:
        names = tuple(dict.fromkeys((*_names(self._index, self._resolution), *_names(self._index, resolution))))
        self._disagree(None, (self._identifier.value, one.value), names)

    def _not_held(self, one: LetterIdentifier, resolution: Resolution) -> None:
        if len(self._resolution._rows):
            self._disagree("unknown", (one.value,), _names(self._index, self._resolution))
            self._suggest_digit(one, resolution)
            recipient = self._resolution.recipient
            if one.kind is _SOR and recipient is not None and recipient.unit_certain:
                self._suggest(one.kind, one.value, recipient.sor_code, "identifiers-disagree")

    def _main_not_held(self, resolution: Resolution) -> None:
        self._disagree("unknown", (self._identifier.value,), _names(self._index, resolution))

    def _compare_with_unit(self, kind: LetterIdentifierKind, chosen: Resolution) -> None:
        value = self._party.first(kind)
        recipient = chosen.recipient if value is not None else None
        if value is None or recipient is None:
            return
        unit = recipient.unit
        if kind is LetterIdentifierKind.CVR_NUMBER:
            known = {one.cvr_number for one in (unit, *unit.ancestors)} - {None}
            same = value in known
        else:
            known = {unit.municipality} - {None}
            same = value.zfill(4) in known
        if known and not same:
            self._disagree(None, (chosen.identifier, value), (recipient.name,))

    def _disagree(
        self, variant: str | None, identifiers: tuple[str, ...], names: tuple[str, ...], **more: object
    ) -> None:
        code = "identifiers-disagree"
        details: dict[str, object] = {"party": self._party.role, "identifiers": identifiers, "names": names, **more}
        if variant:
            details["variant"] = variant
        self._findings.append(Finding(code, self._asked.policy.levels[code], details))

    def _corrections_of(self, chosen: Resolution, agreeing: Sequence[Resolution]) -> None:
        """What would be right in place of an identifier that can't be used, where one thing would."""
        self._suggest_digit(self._identifier, self._resolution)
        for resolution in (chosen, *agreeing):
            for finding in resolution.findings if _says(resolution, "unit-replaced") else ():
                if finding.code == "unit-replaced" and finding.details.get("variant") == "certain":
                    self._suggest_successor(finding)
        if chosen.status is Status.RESOLVED:
            return
        for _, one in self._others:
            recipient = one.recipient
            if recipient is not None and self._identifier.kind is _LOCATION and recipient.location_number:
                reason = chosen._raws[0][0]
                self._suggest(_LOCATION, self._identifier.value, recipient.location_number, reason)

    def _suggest_successor(self, finding: Finding) -> None:
        chain = finding.details.get("chain")
        if not isinstance(chain, tuple) or not chain:
            return
        question = Question(chain[-1], IdentifierKind.SOR_CODE, self._asked.day, self._asked.policy)
        successor = resolve(self._index, question).recipient
        if successor is None:
            return
        self._suggest(_SOR, self._party.sor_code, successor.sor_code, "unit-replaced")
        number = successor.location_number
        if number and self._party.location_number not in (None, number):
            self._suggest(_LOCATION, self._party.location_number, number, "unit-replaced")

    def _suggest_digit(self, one: LetterIdentifier, resolution: Resolution) -> None:
        for finding in resolution.findings if _says(resolution, "check-digit-wrong") else ():
            suggestion = finding.details.get("suggestion")
            if finding.code == "check-digit-wrong" and isinstance(suggestion, str):
                question = Question(suggestion, _DECIDING[one.kind], self._asked.day, self._asked.policy)
                if resolve(self._index, question).status is Status.RESOLVED:
                    self._suggest(one.kind, one.value, suggestion, "check-digit-wrong")

    def _suggest(self, kind: LetterIdentifierKind, seen: str | None, suggested: str, reason: str) -> None:
        if seen != suggested:
            self._corrections.append(Correction(self._party.role, str(kind), seen, suggested, reason))


def unchecked(party: Party) -> Iterator[tuple[LetterIdentifierKind, str]]:
    """The identifiers of a party that none can be resolved by, for saying so."""
    for one in party.identifiers:
        if one.value != HIDDEN:
            yield one.kind, one.value


def _says(resolution: Resolution, code: str) -> bool:
    """Whether a finding is there, without looking up what it says."""
    raws = resolution._raws
    return bool(raws) and any(raw[0] == code for raw in raws)


def _numbers(index: Index, resolution: Resolution) -> set[str | None]:
    if resolution.kinds == (IdentifierKind.LOCATION_NUMBER,):
        return {resolution._question.identifier}
    return {index.location_number(row) for row in resolution._rows}


def _names(index: Index, resolution: Resolution) -> tuple[str, ...]:
    """What the units are called that a resolution speaks of: the recipient, else the candidates, the first few of many."""
    if resolution._recipient_row != NOTHING:
        return (index.name(resolution._recipient_row),)
    names = dict.fromkeys(index.name(row) for row in resolution._rows)
    shown = tuple(names)[:_MOST_NAMES]
    return (*shown, "…") if len(names) > len(shown) else shown
