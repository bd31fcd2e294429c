"""Who a party of a letter is: every identifier that the letter gives it is looked up, and they have to agree.

Where the identifiers name different units, nothing is chosen in silence: it is a finding, for central visitation and copies differ legally.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from sor_addressing.addressing.agreement import Suggestion, agree, units_meant
from sor_addressing.addressing.answers import Resolution, Status
from sor_addressing.addressing.findings import Finding
from sor_addressing.addressing.inside import recipient_row, unit_certain
from sor_addressing.addressing.policy import AddressingPolicy, levels_of
from sor_addressing.addressing.question import Question
from sor_addressing.addressing.resolve import resolve
from sor_addressing.addressing.usable import assess
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.lookup import Index
from sor_addressing.index.packed import texts
from sor_addressing.index.upward import upward
from sor_addressing.letters.corrections import Correction, only_certain
from sor_addressing.letters.header import HIDDEN, LetterIdentifierKind, Party
from sor_addressing.messages.catalogue import MessageType

_KINDS = {
    LetterIdentifierKind.LOCATION_NUMBER: IdentifierKind.LOCATION_NUMBER,
    LetterIdentifierKind.SOR_CODE: IdentifierKind.SOR_CODE,
    LetterIdentifierKind.PROVIDER_NUMBER: IdentifierKind.PROVIDER_NUMBER,
    LetterIdentifierKind.SHAK_CODE: IdentifierKind.SHAK_CODE,
}


@attrs.frozen(slots=True)
class ResolvedParty:
    """A party and who it is.

    ``resolution`` is None where the letter gives no identifier that can be resolved. ``findings`` tell where identifiers disagree,
    ``corrections`` what would be right where that is certain; ``unit`` is the row of the unit that is meant, which can be one that inherits the
    number of the recipient, and ``NOTHING`` where it isn't certain which.
    """

    party: Party
    resolution: Resolution | None
    findings: tuple[Finding, ...] = ()
    corrections: tuple[Correction, ...] = ()
    unit: int = NOTHING


@attrs.frozen(slots=True)
class PartyQuestion:
    """What parties are resolved for: the day, the policy, and the letter's type."""

    day: int
    policy: AddressingPolicy
    message_type: MessageType | None


def resolve_party(index: Index, party: Party, asked: PartyQuestion) -> ResolvedParty:
    """Who ``party`` is."""
    given: dict[IdentifierKind, str] = {}
    for one in party.identifiers:
        if one.kind in _KINDS:
            given.setdefault(_KINDS[one.kind], one.value)

    def ask(kind: IdentifierKind, value: str) -> Resolution:
        return resolve(index, Question(value, kind, asked.day, asked.policy, asked.message_type))

    agreement = agree(index, given, ask)
    if agreement is None:
        return ResolvedParty(party, None)
    chosen = agreement.resolution
    if len(party.identifiers) == 1 and chosen.status is Status.RESOLVED:
        return ResolvedParty(party, chosen, unit=recipient_row(chosen) if unit_certain(chosen) else NOTHING)
    code = "identifiers-disagree"
    findings = [
        Finding(code, levels_of(asked.policy)[code], {"party": party.role, **details})
        for details in agreement.disagreements
    ]
    for kind in (LetterIdentifierKind.CVR_NUMBER, LetterIdentifierKind.MUNICIPALITY_CODE):
        details = _difference_from_unit(index, party, kind, chosen)
        if details is not None:
            findings.append(Finding(code, levels_of(asked.policy)[code], {"party": party.role, **details}))
    corrections = only_certain(_correction(party, suggestion) for suggestion in agreement.suggestions)

    def can_be_used(row: int) -> bool:
        return assess(index, row, asked.day, asked.policy).usable

    meant = units_meant(index, agreement, asked.day, can_be_used)
    return ResolvedParty(party, chosen, tuple(findings), corrections, NOTHING if meant is None else meant.row)


def _correction(party: Party, suggestion: Suggestion) -> Correction:
    return Correction(party.role, str(suggestion.kind), suggestion.seen, suggestion.suggested, suggestion.reason)


def _difference_from_unit(
    index: Index, party: Party, kind: LetterIdentifierKind, chosen: Resolution
) -> dict[str, object] | None:
    """Where the letter gives another legal entity or municipality than the unit has."""
    value = party.first(kind)
    recipient = chosen.recipient if value is not None else None
    if value is None or recipient is None:
        return None
    if kind is LetterIdentifierKind.CVR_NUMBER:
        known = _cvr_numbers(index, recipient_row(chosen)) - {""}
        same = value in known
    else:
        known = {recipient.unit.municipality or ""} - {""}
        same = value.zfill(4) in known
    if not known or same:
        return None
    return {"identifiers": (chosen.identifier, value), "names": (recipient.name,)}


def _cvr_numbers(index: Index, row: int) -> set[str]:
    """Those of a unit and of all above it: looked at is where one ends on the way up, which is not gone up anew for every letter."""
    above = index.columns.unit_parent

    def number_of(row: int) -> str:
        return _cvr_number(index.packed(row))[0]

    def is_end(row: int) -> bool:
        number = number_of(row)
        return bool(number) and (above[row] == NOTHING or number_of(above[row]) != number)

    ends = upward(index, "cvr", is_end)
    found = {number_of(row)}
    while (row := ends.first(row)) != NOTHING:
        found.add(number_of(row))
    return found


_cvr_number = texts("cvr_number")


def unchecked(party: Party) -> Iterator[tuple[LetterIdentifierKind, str]]:
    """The identifiers of a party that none can be resolved by, for saying so."""
    for one in party.identifiers:
        if one.value != HIDDEN:
            yield one.kind, one.value
