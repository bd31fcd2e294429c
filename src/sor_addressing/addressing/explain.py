"""How an answer was found, told line by line in Danish or English."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sor_addressing.addressing.findings import Finding
from sor_addressing.addressing.severities import Severity
from sor_addressing.addressing.support import Direction, Outcome
from sor_addressing.index.inside import index_of, row_of
from sor_addressing.index.lookup import MOST_NAMED
from sor_addressing.index.unit import Unit
from sor_addressing.index.upward import inheritance_chain
from sor_addressing.messages.catalogue import MessageType
from sor_addressing.texts import in_a_sentence, text_of

if TYPE_CHECKING:
    from sor_addressing.addressing.answers import Resolution
    from sor_addressing.addressing.recipients import Recipient
    from sor_addressing.addressing.verdicts import Verdict

_MOST_CANDIDATES = 100
"""So many are told; all of them are in the answer itself."""

_ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFO)

# Where the outcome itself is what stops the letter.
_SAID_BY_OUTCOME = {
    (Outcome.UNSUPPORTED, "message-type-unsupported"): "outcome-unsupported",
    (Outcome.CONVERTED, "conversion-by-sender"): "outcome-converted-not",
}


def explain_resolution(resolution: Resolution, language: str) -> str:
    """Who the identifier means, the candidates where there are several, and the reasons."""
    return "\n".join((*_who(resolution, language), *_reasons(resolution.findings, language)))


def explain_verdict(verdict: Verdict, language: str) -> str:
    """Who the recipient is, whether the type may be sent, what travels, and the reasons."""
    lines = [*_verdict(verdict, language), *_who(verdict.resolution, language), *_reasons(verdict.findings, language)]
    return "\n".join(lines)


def _say(code: str, language: str, **values: object) -> str:
    return text_of("explain", code, language, values)


def _who(resolution: Resolution, language: str) -> Iterator[str]:
    asked = "asked" if resolution.kinds else "asked-unread"
    yield _say(asked, language, identifier=resolution.identifier, on=resolution.on.isoformat(), kinds=resolution.kinds)
    recipient = resolution.recipient
    if recipient is None:
        yield _say(resolution.status, language)
    else:
        yield _say(
            resolution.status,
            language,
            name=recipient.unit.name,
            sor_code=recipient.unit.sor_code,
            location_number=recipient.unit.location.number if recipient.unit.location else None,
        )
        yield _way(recipient.unit, language)
    candidates = resolution.candidates
    if len(candidates) > 1 or (candidates and recipient is None):
        yield _say("candidates", language, count=len(candidates))
        for candidate in candidates[:_MOST_CANDIDATES]:
            yield _candidate(candidate, resolution.message_type, language)
        if len(candidates) > _MOST_CANDIDATES:
            yield _say("candidates-more", language, count=len(candidates) - _MOST_CANDIDATES)


def _way(unit: Unit, language: str) -> str:
    location = unit.location
    if location is None or not location.inherited:
        return _say("own", language)
    owner, index = location.owner, index_of(unit)
    chain = inheritance_chain(index, row_of(unit), MOST_NAMED)
    names = [unit.name, *map(index.name, chain)]
    if chain[-1] != row_of(owner):
        names += ["…", owner.name]
    elif index.columns.unit_parent[[row_of(unit), *chain][-2]] != chain[-1]:
        return _say("inherited-from-elsewhere", language, name=owner.name, sor_code=owner.sor_code)
    return _say("inherited", language, chain=" ← ".join(names))


def _candidate(candidate: Recipient, message_type: MessageType | None, language: str) -> str:
    unit = candidate.unit
    location = unit.location
    if location is None:
        number, how = _say("no-location", language), ""
    else:
        number, how = location.number, _say("how-inherited" if location.inherited else "how-own", language)
    reasons = [finding.text(language) for finding in candidate.findings if finding.severity is Severity.ERROR]
    if candidate.usable:
        reasons.insert(0, _say("usable", language))
    if message_type is not None and candidate.outcome is not None:
        outcome = _say(f"outcome-{candidate.outcome}", language)
        reasons.append(_say("candidate-outcome", language, message_type=message_type.text, outcome=outcome))
    return _say(
        "candidate",
        language,
        name=unit.name,
        sor_code=unit.sor_code,
        above=unit.parent.name if unit.parent else _say("top", language),
        location_number=number,
        how=how,
        reasons=" ".join(reasons),
    )


def _verdict(verdict: Verdict, language: str) -> Iterator[str]:
    if not verdict.message_type.code:
        yield _say("no-type", language)
        return
    codes = {
        (Direction.RECEIVE, True): "deliverable",
        (Direction.RECEIVE, False): "not-deliverable",
        (Direction.SEND, True): "may-come",
        (Direction.SEND, False): "may-not-come",
    }
    outcome = _outcome(verdict, language)
    yield _say(
        codes[verdict.direction, verdict.deliverable],
        language,
        message_type=verdict.message_type.text,
        outcome=outcome,
    )
    if verdict.chosen_because is not None:
        yield _say(f"chosen.{verdict.chosen_because}", language, format=verdict.message_type.format)
    if verdict.conversion is not None and verdict.send_as and verdict.arrives_as:
        yield _say("travels", language, send_as=verdict.send_as.text, arrives_as=verdict.arrives_as.text)
    if verdict.receipts:
        yield _say("receipts", language, receipts=verdict.receipts)
    if verdict.alternatives:
        yield _say("alternatives", language, alternatives=tuple(other.text for other in verdict.alternatives))


def _outcome(verdict: Verdict, language: str) -> str:
    """What stands in the headline: the outcome, or of a letter that may not go what stops it."""
    reason = verdict.reason
    if verdict.deliverable or reason is None:
        return _say(f"outcome-{verdict.outcome}", language)
    if (verdict.outcome, reason.code) in _SAID_BY_OUTCOME:
        return _say(_SAID_BY_OUTCOME[verdict.outcome, reason.code], language)
    return in_a_sentence(reason.title(language))


def _reasons(findings: tuple[Finding, ...], language: str) -> Iterator[str]:
    for severity in _ORDER:
        for finding in findings:
            if finding.severity is severity:
                text = finding.text(language)
                yield _say("reason", language, severity=severity, text=text)
