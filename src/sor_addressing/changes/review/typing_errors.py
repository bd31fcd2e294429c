"""Mistyped identifiers: which digit is wrong can't be seen from a check digit, so what else could have been meant is looked at."""

from __future__ import annotations

from collections.abc import Iterable

from sor_addressing.addressing.agreement import Suggestion
from sor_addressing.addressing.inside import candidate_rows, recipient_row
from sor_addressing.changes.book.identifiers import EntryIdentifiers
from sor_addressing.changes.review.judging import Judge
from sor_addressing.identifiers import IdentifierKind, identifier_class
from sor_addressing.index.columns import NOTHING

WRONG_DIGIT = "check-digit-wrong"
_DIGITS = "0123456789"


def neighbours(judge: Judge, kind: IdentifierKind, value: str) -> tuple[str, ...]:
    """What the register holds and ``value`` becomes by one digit that is mistyped, or two that are exchanged."""
    if not (value.isascii() and value.isdigit()):
        return ()
    found: dict[str, None] = {}
    for at, digit in enumerate(value):
        for other in _DIGITS:
            if other != digit:
                found[value[:at] + other + value[at + 1 :]] = None
        if value[at + 1 : at + 2] not in ("", digit):
            found[value[:at] + value[at + 1] + digit + value[at + 2 :]] = None
    cls = identifier_class(kind)
    return tuple(one for one in found if cls.is_canonical(one) and judge.index.position(kind, one) != NOTHING)


def weighed(
    judge: Judge, identifiers: EntryIdentifiers, name: str, limit: float, found: Iterable[Suggestion]
) -> tuple[list[Suggestion], list[Suggestion]]:
    """The suggestions that can be relied on, and those of a check digit that can't.

    Another check digit is right where nothing else is one slip away, or the other identifiers or the name of the entry say so too.
    """
    suggestions = list(found)
    sure: list[Suggestion] = []
    doubtful: list[Suggestion] = []
    for one in suggestions:
        seen = identifiers.given.get(one.kind, "")
        if not _is_of_digit(identifiers, one):
            sure.append(one)
            continue
        agreeing = sum(other.kind is one.kind and other.suggested == one.suggested for other in suggestions)
        if agreeing > 1 or _same_number(judge, identifiers, one):
            sure.append(one)
            continue
        others = [other for other in neighbours(judge, one.kind, seen) if other != one.suggested]
        if not others or (
            name
            and _fits(judge, name, one.kind, one.suggested, limit)
            and not any(_fits(judge, name, one.kind, other, limit) for other in others)
        ):
            sure.append(one)
        else:
            doubtful += (Suggestion(one.kind, one.seen, value, WRONG_DIGIT) for value in (one.suggested, *others))
    for one in [one for one in sure if _is_of_digit(identifiers, one) and _same_number(judge, identifiers, one)]:
        # The ward that was mistyped has the number beside it: then it is meant, and not the owner of the number.
        sure = [other for other in sure if other.kind is not one.kind or other.suggested == one.suggested]
    return sure, doubtful


def _is_of_digit(identifiers: EntryIdentifiers, one: Suggestion) -> bool:
    """Whether only the check digit is another one."""
    return one.reason == WRONG_DIGIT and one.suggested[:-1] == identifiers.given.get(one.kind, "")[:-1]


def _same_number(judge: Judge, identifiers: EntryIdentifiers, one: Suggestion) -> bool:
    """Whether a SOR code is that of a unit with the location number that stands beside it."""
    number = identifiers.given.get(IdentifierKind.LOCATION_NUMBER)
    row = recipient_row(judge.ask(one.kind, one.suggested))
    is_code = one.kind is IdentifierKind.SOR_CODE
    return is_code and number is not None and row != NOTHING and judge.index.location_number(row) == number


def _fits(judge: Judge, name: str, kind: IdentifierKind, value: str, limit: float) -> bool:
    return judge.names.likeness(name, candidate_rows(judge.ask(kind, value))[:1]) >= limit
