"""What the recipient browser asks of the register: from the parameters of a page to results, in the order they are shown."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from sor_addressing import Filter, FilterError, Finding, Match, Outcome, Register, Unit, Verdict
from sor_addressing.deliveries import DeliveryLedger
from sor_addressing.quality import Approvals
from sor_addressing.register import AllowedTypes
from sor_addressing.search import MatchedWord

LANGUAGES = ("da", "en")
SHOWN = 20
LOOKED_AT = 60

FILTERS = ("region", "municipality", "unit_type", "speciality", "administrator", "level", "owner", "institution")
"""Fields of the form that are fields of a filter, by its names."""


@attrs.frozen(slots=True, kw_only=True)
class Question:
    """What a page is asked. Every field is a parameter of the form (``text`` is ``q``), blank where it is not asked for."""

    text: str = ""
    message_type: str = ""
    conversion: str = ""
    region: str = ""
    municipality: str = ""
    unit_type: str = ""
    speciality: str = ""
    administrator: str = ""
    level: str = ""
    owner: str = ""
    institution: str = ""
    own: bool = False
    closed: bool = False
    lang: str = "da"

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> Question:
        """Read the parameters.

        Raises:
            FilterError: one of them is none of what it can be.
        """

        def text(name: str) -> str:
            return parameters.get(name, "").strip()

        def switch(name: str) -> bool:
            if text(name) not in ("", "1"):
                raise FilterError(f"{name} is {text(name)!r}: use 1, or leave it out")
            return text(name) == "1"

        if text("lang") not in ("", *LANGUAGES):
            raise FilterError(f"lang is {text('lang')!r}: use {' or '.join(LANGUAGES)}")
        return cls(
            text=text("q"),
            message_type=text("message_type"),
            conversion=text("conversion"),
            **{name: text(name) for name in FILTERS},
            own=switch("own"),
            closed=switch("closed"),
            lang=text("lang") or "da",
        )

    def to_parameters(self) -> dict[str, str]:
        """The parameters that ask this question again, for a link."""
        asked = {field.name: getattr(self, field.name) for field in attrs.fields(Question)}
        asked = {"q": asked.pop("text"), **asked, "lang": "" if self.lang == "da" else self.lang}
        return {name: "1" if value is True else value for name, value in asked.items() if value}

    def filter(self) -> Filter:
        """The filter, without what would hide units from who should see why they can't be used.

        That is the message type, which as a keyword beside the filter decides the order, and whether units are in force.

        Raises:
            FilterError: a field is asked for something that it can't mean.
        """
        return Filter(
            conversion=self.conversion or "allowed",
            **{name: getattr(self, name) or None for name in FILTERS},
            own_location_only=self.own,
        )

    @property
    def narrows(self) -> int:
        """How many filters narrow the answer."""
        return sum(bool(getattr(self, name)) for name in (*FILTERS, "own"))


@attrs.frozen(slots=True)
class Result:
    """A unit on a page: whether it can be chosen, and why.

    ``needs_conversion`` tells that it could be chosen, were conversion not ruled out.
    """

    unit: Unit
    usable: bool
    verdict: Verdict | None
    findings: tuple[Finding, ...]
    needs_conversion: bool = False
    matched: tuple[MatchedWord, ...] = ()
    missed: tuple[str, ...] = ()


@attrs.frozen(slots=True, kw_only=True)
class Results:
    """What a search shows.

    ``more`` tells that there are others, ``closed`` how many (or more, with ``closed_at_least``) were left out for not being in force. Where
    nothing was found, ``others`` tells that something is without the filters, and ``reasons`` what each of them took away, unless it is the
    text that nobody has.
    """

    shown: tuple[Result, ...] = ()
    more: bool = False
    closed: int = 0
    closed_at_least: bool = False
    others: bool = False
    reasons: str = ""


def results_of(register: Register, question: Question, deliveries: DeliveryLedger | None = None) -> Results | None:
    """The units to choose from, those that can't be chosen last; None where nothing was asked.

    Raises:
        ValueError: the text is too long, or a filter is asked for something that it can't mean.
    """
    wanted = question.filter()
    if not (question.text or question.message_type or question.narrows):
        return None
    found = _search(register, question, wanted, limit=LOOKED_AT)
    cut = len(found) == LOOKED_AT
    kept, closed = found, 0
    if not question.closed:
        closed = sum(not match.unit.period.contains(match.resolution.on) for match in found)
        kept = _search(register, question, wanted.but(in_force_only=True), limit=SHOWN + 1)
    results = [result_of_match(register, question, match, deliveries) for match in kept[:SHOWN]]
    results.sort(key=lambda result: not result.usable)  # within each half the order of the search stays
    others, reasons = False, ""
    if not found and question.narrows:
        without_text = register.find(wanted, message_type=question.message_type or None)
        reasons = "" if without_text else without_text.explain(question.lang)
        others = bool(question.text and _search(register, question, Filter(), limit=1))
    return Results(
        shown=tuple(results),
        more=len(kept) > SHOWN,
        closed=closed,
        closed_at_least=cut,
        others=others,
        reasons=reasons,
    )


def result_of_match(
    register: Register, question: Question, match: Match, deliveries: DeliveryLedger | None = None
) -> Result:
    """A match of a search as a page shows it; with a ledger, also what came back of earlier letters."""
    if deliveries is not None and match.verdict is not None:
        return result_of_unit(register, question, match.unit, deliveries, match.matched, match.missed)
    return _judged(question, match.unit, match.verdict, match.findings, match.addressable, match.matched, match.missed)


def result_of_unit(
    register: Register,
    question: Question,
    unit: Unit,
    deliveries: DeliveryLedger | None = None,
    matched: tuple[MatchedWord, ...] = (),
    missed: tuple[str, ...] = (),
) -> Result:
    """A unit by itself, judged as a match is."""
    resolution = register.resolve(sor_code=unit.sor_code)
    if not question.message_type:
        return _judged(question, unit, None, resolution.findings, resolution.recipient is not None)
    verdict = register.validate(resolution, question.message_type, deliveries=deliveries)
    return _judged(question, unit, verdict, verdict.findings, True, matched, missed)


def _judged(
    question: Question,
    unit: Unit,
    verdict: Verdict | None,
    findings: tuple[Finding, ...],
    addressable: bool,
    matched: tuple[MatchedWord, ...] = (),
    missed: tuple[str, ...] = (),
) -> Result:
    usable = addressable if verdict is None else verdict.deliverable
    converted = verdict is not None and verdict.outcome is Outcome.CONVERTED
    refused = usable and converted and question.conversion == "direct"
    return Result(unit, usable and not refused, verdict, findings, refused, matched, missed)


def allowed_of(register: Register, unit: Unit, approvals: Approvals | None) -> AllowedTypes | None:
    """Which types may stand on the unit's number; None without an approval list, and where the unit has no number."""
    if approvals is None or unit.location is None:
        return None
    return register.allowed_types(unit.location.number, kind="location_number", approvals=approvals)


def to_store(register: Register, result: Result) -> dict[str, object]:
    """What a sender keeps of a choice: who was chosen, at which address, for what, and from the register of which day."""
    verdict, location = result.verdict, result.unit.location
    return {
        "sor_code": result.unit.sor_code,
        "location_number": location.number if location else None,
        "name": result.unit.name,
        "message_type": str(verdict.message_type) if verdict else None,
        "send_as": str(verdict.send_as) if verdict and verdict.send_as else None,
        "register_date": register.snapshot_date.isoformat(),
    }


def _search(register: Register, question: Question, wanted: Filter, *, limit: int) -> tuple[Match, ...]:
    return register.search(question.text, filter=wanted, message_type=question.message_type or None, limit=limit)
