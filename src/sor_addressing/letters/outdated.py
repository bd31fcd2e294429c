"""Identifiers that a letter itself says do not count: marked old, with a period that is over, or of an Organization that is not active.

They are told, and nobody is looked up by them. Only FHIR messages can say so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import attrs

from sor_addressing.addressing.findings import Finding
from sor_addressing.letters.header import LetterHeader, LetterIdentifierKind, Outdated, Party, letter_finding

CODE = "letter-identifier-outdated"


def outdated_findings(party: Party, day: dt.date) -> Iterator[Finding]:
    """What is to be said of the identifiers of ``party`` that do not count on ``day``."""
    for one in party.outdated:
        reason = one.outdated(day)
        if reason is None:
            continue
        details: dict[str, object] = {
            "variant": str(reason),
            "party": party.role,
            "kind": one.kind,
            "identifier": one.value,
        }
        if one.period is not None and reason is Outdated.ENDED:
            details["to_date"] = one.period.to_date
        elif one.period is not None and reason is Outdated.NOT_YET:
            details["from_date"] = one.period.from_date
        yield letter_finding(CODE, **details)


def missing_findings(party: Party) -> Iterator[Finding]:
    """What a party of a FHIR message lacks: MedComMessagingOrganization demands SOR code and location number."""
    for kind in _NEEDED:
        if all(one.kind is not kind for one in party.identifiers):
            yield letter_finding("letter-identifier-missing", party=party.role, kind=kind)


_NEEDED = (LetterIdentifierKind.SOR_CODE, LetterIdentifierKind.LOCATION_NUMBER)


def header_on(header: LetterHeader, day: dt.date) -> LetterHeader:
    """The header as it is to be judged on a day: the reader judged it on the day of the letter."""
    sender, receiver = header.sender.on(day), header.receiver.on(day)
    copies = tuple([copy.on(day) for copy in header.copy_receivers])
    parties = (sender, receiver, *copies)
    if all(new is old for new, old in zip(parties, (header.sender, *header.receivers), strict=True)):
        return header
    findings = [finding for finding in header.findings if finding.code not in (CODE, "letter-identifier-missing")]
    for party in parties:
        findings += outdated_findings(party, day)
        findings += missing_findings(party)
    return attrs.evolve(header, sender=sender, receiver=receiver, copy_receivers=copies, findings=tuple(findings))
