"""Resolutions and verdicts for people: what was found and how, the candidates, and every reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sor_addressing.addressing.answers import Resolution, Status
from sor_addressing.addressing.findings import Finding
from sor_addressing.addressing.recipients import Recipient
from sor_addressing.addressing.severities import Severity
from sor_addressing.addressing.support import Direction, Outcome
from sor_addressing.addressing.verdicts import Verdict
from sor_addressing.cli.output.rendering import BAD, GOOD, LOUD, Cell, Column, Screen
from sor_addressing.index.unit import Unit
from sor_addressing.texts import text_of


def show_resolution(screen: Screen, resolution: Resolution) -> None:
    """How the answer was found, the candidates where there is a choice, and the reasons."""
    told = _told(resolution.explain(screen.language), resolution, screen.language, len(resolution.findings))
    good = resolution.status is Status.RESOLVED
    for number, line in enumerate(told):
        screen.line(line, (GOOD if good else BAD) if number == 1 else "")
    _candidates_and_reasons(screen, resolution, resolution.findings, outcomes=True)


def show_verdict(screen: Screen, verdict: Verdict) -> None:
    """Whether the type may be sent, to whom and how that was found, the candidates where there is a choice, and the reasons."""
    told = _told(verdict.explain(screen.language), verdict.resolution, screen.language, len(verdict.findings))
    for number, line in enumerate(told):
        screen.line(line, (GOOD if verdict.deliverable else BAD) if number == 0 else "")
    receiving = verdict.direction is Direction.RECEIVE  # a candidate's outcome is about receiving
    _candidates_and_reasons(screen, verdict.resolution, verdict.findings, outcomes=receiving)


def show_choice(screen: Screen, verdicts: Sequence[Verdict], chosen: int, because: str) -> None:
    """What is to be said of each message type, the chosen one marked, why it is that, and the whole verdict on it."""
    say = screen.say
    columns = (
        Column(""),
        *(Column(say(f"head.{name}")) for name in ("message-type", "outcome", "deliverable", "send-as", "arrives-as")),
        Column(say("head.converts"), flows=True),
    )
    rows = []
    for number, verdict in enumerate(verdicts):
        rows.append(
            (
                Cell(say("chosen") if number == chosen else "", LOUD),
                verdict.message_type.text,
                text_of("explain", f"outcome-{verdict.outcome}", screen.language, {}),
                Cell(say("yes") if verdict.deliverable else say("no"), GOOD if verdict.deliverable else BAD),
                verdict.send_as.text if verdict.send_as else "",
                verdict.arrives_as.text if verdict.arrives_as else "",
                say("by", by=verdict.conversion.by) if verdict.conversion else "",
            )
        )
    screen.table(columns, rows)
    screen.line()
    show_verdict(screen, verdicts[chosen])
    format_ = verdicts[chosen].message_type.format
    screen.line(text_of("explain", f"chosen.{because}", screen.language, {"format": format_}))


def chain_above(unit: Unit) -> str:
    """The names above a unit, from the top down."""
    return " › ".join(above.name for above in reversed(unit.ancestors))


def _told(explained: str, resolution: Resolution, language: str, findings: int) -> list[str]:
    """The lines of an explanation that tell the way; candidates and reasons get tables of their own."""
    lines = explained.split("\n")
    head = text_of("explain", "candidates", language, {"count": len(resolution.candidates)})
    return lines[: lines.index(head)] if head in lines else lines[: len(lines) - findings]


def _candidates_and_reasons(
    screen: Screen, resolution: Resolution, findings: tuple[Finding, ...], *, outcomes: bool
) -> None:
    candidates = resolution.candidates
    reasons = list(findings)
    if len(candidates) > 1 or (candidates and resolution.status is not Status.RESOLVED):
        screen.line()
        screen.line(screen.say("candidates", count=len(candidates)), LOUD)
        _candidates_table(screen, candidates, [candidate.outcome if outcomes else None for candidate in candidates])
        known = {(finding.code, finding.text()) for finding in reasons}
        for finding in _weighty(candidates):
            if (finding.code, finding.text()) not in known:
                known.add((finding.code, finding.text()))
                reasons.append(finding)
    if reasons:
        screen.line()
        screen.findings(reasons)


def _weighty(candidates: Sequence[Recipient]) -> Iterator[Finding]:
    for candidate in candidates:
        yield from (finding for finding in candidate.findings if finding.severity is not Severity.INFO)


def _candidates_table(screen: Screen, candidates: Sequence[Recipient], outcomes: Sequence[Outcome | None]) -> None:
    say = screen.say
    columns = [
        Column(say("head.name"), flows=True),
        Column(say("head.sor-code")),
        Column(say("head.above"), flows=True),
        Column(say("head.location-number")),
        Column(say("head.own")),
        Column(say("head.usable")),
    ]
    if any(outcomes):
        columns.append(Column(say("head.outcome")))
    columns.append(Column(say("head.reasons"), flows=True))
    rows = []
    for candidate, outcome in zip(candidates, outcomes, strict=True):
        location = candidate.location
        own = "" if location is None else say("inherited") if location.inherited else say("own")
        row = [
            Cell(candidate.name, LOUD),
            Cell(candidate.sor_code),
            Cell(chain_above(candidate.unit)),
            Cell(candidate.location_number or say("none")),
            Cell(own),
            Cell(say("yes"), GOOD) if candidate.usable else Cell(say("no"), BAD),
        ]
        if any(outcomes):
            row.append(Cell(text_of("explain", f"outcome-{outcome}", screen.language, {}) if outcome else ""))
        row.append(Cell(", ".join(finding.title(screen.language) for finding in _weighty([candidate]))))
        rows.append(row)
    screen.table(columns, rows)
