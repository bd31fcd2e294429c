"""Findings: the reasons in an answer, each with a stable code and a severity, its names and dates looked up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from enum import StrEnum

import attrs

from sor_addressing.addressing.severities import RawFinding, Severity
from sor_addressing.index.columns import (
    LOCATION_PERIOD_UNREADABLE,
    NOTHING,
    PERIOD_UNREADABLE,
)
from sor_addressing.index.lookup import MOST_NAMED, Index
from sor_addressing.index.succession import successors
from sor_addressing.index.upward import upward
from sor_addressing.texts import entries, text_of, title_of


@attrs.frozen(slots=True)
class Finding:
    """One reason in an answer.

    ``code`` is stable and never changes its meaning; ``details`` holds identifiers and dates (as ISO texts) by name.
    """

    code: str
    severity: Severity
    details: Mapping[str, object] = attrs.field(factory=dict, hash=False)

    def title(self, language: str = "en") -> str:
        """What the finding is called in lists, in English (``"en"``) or Danish (``"da"``): a few words, the same for every such finding."""
        return title_of("findings", self.code, language)

    def text(self, language: str = "en") -> str:
        """The finding as a sentence that says what to do, in English (``"en"``) or Danish (``"da"``)."""
        variant = self.details.get("variant")
        code = f"{self.code}.{variant}"
        return text_of(
            "findings",
            self.code if variant is None or code not in entries("findings") else code,
            language,
            self.details,
        )

    def to_dict(self) -> dict[str, object]:
        """Plain types, with the text in both languages."""
        return {
            "code": self.code,
            "severity": str(self.severity),
            "details": {key: value if type(value) is str else _plain(value) for key, value in self.details.items()},
            "text": {"da": self.text("da"), "en": self.text("en")},
        }


def _plain(value: object) -> object:
    if isinstance(value, StrEnum):
        return str(value)
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def finding_of(index: Index, raw: RawFinding, row: int = NOTHING) -> Finding:
    """The finding that ``raw`` stands for, its details worked out.

    ``row`` is that of the recipient, where there is one; its location number is what findings on registrations speak of.
    """
    code, severity, arguments = raw
    details = _DETAILS[code](index, *arguments)
    if row != NOTHING and code in _OF_A_NUMBER:
        details["location_number"] = index.location_number(row)
    return Finding(code, severity, details)


def findings_of(index: Index, raws: tuple[RawFinding, ...], row: int = NOTHING) -> tuple[Finding, ...]:
    """All of ``raws`` as findings; ``row`` as for :func:`finding_of`."""
    return tuple(finding_of(index, raw, row) for raw in raws)


_OF_A_NUMBER = frozenset(
    [
        "message-type-unsupported",
        "conversion-not-agreed",
        "message-types-not-loaded",
        "no-registrations",
        "direction-not-known",
        "native-format-possible",
        "receipt-missing",
        "reply-impossible",
        "registers-disagree",
    ]
)

Details = dict[str, object]


def _iso(day: int) -> str:
    return dt.date.fromordinal(day).isoformat()


def _unit(index: Index, row: int) -> Details:
    return {"sor_code": index.sor_code(row), "name": index.name(row)}


def _unit_closed(index: Index, row: int) -> Details:
    return {**_unit(index, row), "date": _iso(index.columns.unit_to[row])}


def _unit_opens(index: Index, row: int) -> Details:
    return {**_unit(index, row), "date": _iso(index.columns.unit_from[row])}


def _last_delivery_refused(
    _index: Index, number: str, message_type: str, day: str | None, code: str, about: StrEnum, certain: bool
) -> Details:
    details: Details = {
        "location_number": number,
        "message_type": message_type,
        "date": day,
        "refusal": code,
        "about": about,
    }
    return details if certain else {**details, "variant": "guessed"}


def _receipt_overdue(_index: Index, number: str, message_type: str, sent: str, due: str) -> Details:
    return {"location_number": number, "message_type": message_type, "sent": sent, "due": due}


def _location(index: Index, row: int) -> Details:
    location = index.columns.unit_location[row]
    owner = index.columns.location_owner[location]
    return {
        **_unit(index, row),
        "location_number": index.location_number(row),
        "owner": index.sor_code(owner),
        "owner_name": index.name(owner),
    }


def _location_closed(index: Index, row: int) -> Details:
    return {**_location(index, row), "date": _iso(index.columns.location_to[index.columns.unit_location[row]])}


def _location_opens(index: Index, row: int) -> Details:
    return {**_location(index, row), "date": _iso(index.columns.location_from[index.columns.unit_location[row]])}


def _period_unreadable(index: Index, row: int) -> Details:
    location = index.columns.unit_location[row]
    of_unit = bool(index.columns.unit_flags[row] & PERIOD_UNREADABLE)
    of_location = location != NOTHING and bool(index.columns.location_flags[location] & LOCATION_PERIOD_UNREADABLE)
    details = {**_unit(index, row), "of_unit": of_unit, "of_location_number": of_location}
    return details if of_unit else {**details, "variant": "location", "location_number": index.location_number(row)}


def _inheritance_ends(index: Index, row: int) -> Details:
    parents = index.columns.unit_parent
    ends = upward(index, "ends", lambda one: not index.declares_inherited(one) or parents[one] == NOTHING)
    above = ends.first(row)
    above = row if above == NOTHING else above
    return {**_unit(index, row), "ends_at": index.sor_code(above), "ends_at_name": index.name(above)}


def _inheritance_differs(index: Index, row: int) -> Details:
    """The number that the tree tells is that of the nearest unit above that does not say it inherits one."""
    above = upward(index, "own", lambda one: not index.declares_inherited(one)).first(row)
    above = row if above == NOTHING else above
    return {
        **_location(index, row),
        "above": index.location_number(above),
        "above_owner": index.sor_code(above),
        "above_owner_name": index.name(above),
    }


def _ancestors_not_in_force(index: Index, row: int, *above: int) -> Details:
    return {
        **_location(index, row),
        "units": tuple(index.sor_code(ancestor) for ancestor in above),
        "names": tuple(index.name(ancestor) for ancestor in above),
    }


def _owner_shared(index: Index, number: int) -> Details:
    """Of a number with very many owners, each of them a candidate of whom this is said, some are named."""
    owners = index.owners_of_number(number)
    named = owners[:MOST_NAMED]
    details: Details = {
        "location_number": index.number_text(number),
        "owners": tuple(index.sor_code(row) for row in named),
        "names": tuple(index.name(row) for row in named),
    }
    if len(owners) > len(named):
        details |= {"names": (*map(index.name, named), "…"), "count": len(owners)}
    return details


def _location_state(index: Index, row: int) -> Details:
    number = index.location_number(row)
    return {**_unit(index, row), "location_number": number, "facts": index.not_known_of_numbers}


def _unit_shared(index: Index, number: int, rows: tuple[int, ...]) -> Details:
    return {
        "location_number": index.number_text(number),
        "count": len(rows),
        "units": tuple(index.sor_code(row) for row in rows),
    }


def _moved_to_owner(index: Index, row: int, *given: int) -> Details:
    return {
        **_location(index, row),
        "given": tuple(index.sor_code(one) for one in given),
        "given_names": tuple(index.name(one) for one in given),
    }


def _provider_ceased(index: Index, row: int, provider_number: str, last_day: int) -> Details:
    return {**_unit(index, row), "provider_number": provider_number, "date": _iso(last_day)}


def _unit_replaced(index: Index, row: int, day: int) -> Details:
    end, chain, ways, _ = successors(index, row, day)
    return {**_unit(index, row), "variant": end, "chain": chain, "successors": ways}


def _stale(index: Index, age: int, limit: int) -> Details:
    return {"snapshot_date": index.snapshot_date.isoformat(), "age_days": age, "limit_days": limit}


def _of_the_future(index: Index, days: int) -> Details:
    return {"snapshot_date": index.snapshot_date.isoformat(), "days_ahead": days}


def _not_historical(index: Index, day: int) -> Details:
    return {"on": _iso(day), "snapshot_date": _iso(index.registrations_day)}


def _named(*names: str) -> Callable[..., Details]:
    """Details whose values are the arguments themselves."""

    def details(_index: Index, *values: object) -> Details:
        return {name: value for name, value in zip(names, values, strict=True) if value is not None}

    return details


_DETAILS: dict[str, Callable[..., Details]] = {
    "identifier-malformed": _named("identifier", "kind", "expected", "variant"),
    "recipient-missing": _named(),
    "identifier-mangled-by-spreadsheet": _named("identifier"),
    "message-type-missing": _named("variant", "seen"),
    "check-digit-wrong": _named("identifier", "kind", "found", "expected", "suggestion"),
    "recipient-unknown": _named("identifier", "kinds", "variant", "count", "date"),
    "recipient-ambiguous": _named("identifier", "kinds", "count", "location_numbers", "variant"),
    "kind-ambiguous": _named("identifier", "kinds", "count"),
    "unit-closed": _unit_closed,
    "unit-not-yet-open": _unit_opens,
    "period-unreadable": _period_unreadable,
    "location-missing": _unit,
    "location-closed": _location_closed,
    "location-not-yet-open": _location_opens,
    "location-inactive": _location,
    "location-internal-only": _location,
    "location-without-unit": _named("location_number"),
    "location-state-unreadable": _location,
    "inheritance-broken": _inheritance_ends,
    "inheritance-not-known": _inheritance_ends,
    "message-type-unsupported": _named("message_type", "direction", "registered"),
    "conversion-not-agreed": _named("message_type", "registered", "model"),
    "conversion-by-sender": _named("message_type", "by", "target", "model"),
    "message-types-not-loaded": _named(),
    "no-registrations": _named(),
    "direction-not-known": _named("message_type", "variant"),
    "unit-closing": _unit_closed,
    "unit-replaced": _unit_replaced,
    "unit-shared": _unit_shared,
    "ancestor-not-in-force": _ancestors_not_in_force,
    "inheritance-differs": _inheritance_differs,
    "location-number-suspect": _location,
    "owner-shared": _owner_shared,
    "provider-ceased": _provider_ceased,
    "shak-code-retired": _named("shak_code", "date"),
    "narrowed-by-message-type": _named("message_type", "identifier", "left_out"),
    "message-type-unknown": _named("message_type"),
    "conversion-unproven": _named("source", "target"),
    "conversion-loses-content": _named("source", "target", "note"),
    "conversion-ends": _named("date", "by", "source", "target", "then", "variant"),
    "native-format-possible": _named("message_type", "native", "registered"),
    "receipt-missing": _named("receipts"),
    "reply-impossible": _named("family"),
    "last-delivery-refused": _last_delivery_refused,
    "receipt-overdue": _receipt_overdue,
    "version-differs": _named("message_type", "registered"),
    "version-unknown": _named("message_type", "registered"),
    "registers-disagree": _named("family", "sor_edi", "eer"),
    "register-stale": _stale,
    "register-of-the-future": _of_the_future,
    "registrations-not-historical": _not_historical,
    "location-inherited": _location,
    "location-source-not-known": _location,
    "location-state-not-known": _location_state,
    "closures-not-known": _named("identifier"),
    "moved-to-owner": _moved_to_owner,
    "version-not-current": _named("message_type", "current"),
    "conversion-needed": _named("by", "source", "target", "model"),
}
