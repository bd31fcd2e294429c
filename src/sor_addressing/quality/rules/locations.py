"""Rules on location numbers: their periods, what stands behind them, and who inherits them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sor_addressing.index.columns import (
    INACTIVE,
    INTERNAL_ONLY,
    LOCATION_STATE_UNREADABLE,
    NOTHING,
)
from sor_addressing.index.unit import day_of
from sor_addressing.index.words import words_of
from sor_addressing.quality.defining import rule
from sor_addressing.quality.scope import AuditScope, Place, Seen

_PERIODS = "periods of location numbers"
_STANDING = "systems and suppliers"
_UNKNOWN_WORDS = frozenset({"ukendt", "unknown"})
"""What the register's own classification calls a net operator or system that nobody has named."""


@rule("registrations-on-closed-number", "warning", needs=("registrations", _PERIODS))
def registrations_on_closed_number(scope: AuditScope) -> Iterable[Seen]:
    """Message types are registered on a location number that has ended with every unit that owns it.

    Source: the stated rules for registrations: register only what is really supported.
    """
    sets, open_numbers = scope.columns.number_set, {place.number for place in scope.open_places}
    seen: set[int] = set()
    for place in scope.places:
        if place.number in open_numbers or place.number in seen or sets[place.number] == NOTHING:
            continue
        seen.add(place.number)
        last_day = day_of(scope.columns.location_to[place.location])
        types = scope.names(scope.said(sets[place.number]).all)
        yield Seen(place.row, place.number, {"last_day": last_day, "message_types": types})


@rule("open-number-on-closed-unit", "warning", needs=("closed units", "periods of units", _PERIODS))
def open_number_on_closed_unit(scope: AuditScope) -> Iterable[Seen]:
    """The unit has closed, and the location number that it owns has not. A number without a period of its own never ends.

    Source: the shape of SOR: the location number has a period of its own, apart from the unit's, and has to be closed by itself.
    """
    for place in scope.open_places:
        if scope.unit_is_closed(place.row):
            last_day = day_of(scope.columns.unit_to[place.row])
            yield Seen(place.row, place.number, {"last_day": last_day, "inheriting": _inheriting(scope, place)})


@rule(
    "number-without-registrations",
    "warning",
    needs=("registrations",),
    helped_by=(_PERIODS, "inactive location numbers", "internal location numbers"),
)
def number_without_registrations(scope: AuditScope) -> Iterable[Seen]:
    """A location number in use, neither inactive nor internal, has no message types registered.

    Source: the rules of validating here: nothing is known of what can be received there (``no-registrations``).
    """
    columns = scope.columns
    idle = INACTIVE | INTERNAL_ONLY | LOCATION_STATE_UNREADABLE
    for place in scope.in_use:
        registration_set = columns.number_set[place.number]
        if (
            (registration_set == NOTHING or not scope.said(registration_set).all)
            and not columns.location_flags[place.location] & idle
            and scope.location_is_in_force(place.location)
            and scope.unit_is_in_force(place.row)
        ):
            yield Seen(place.row, place.number, {})


@rule("inactive-number-inherited", "error", needs=("inactive location numbers", "inheritance of location numbers"))
def inactive_number_inherited(scope: AuditScope) -> Iterator[Seen]:
    """A location number is marked inactive, and units in force inherit it.

    Source: the shape of SOR (*NonActiveIndicator*): the units below can't be reached, and their own rows don't show why.
    """
    return _inherited_although(scope, INACTIVE)


@rule("internal-number-inherited", "error", needs=("internal location numbers", "inheritance of location numbers"))
def internal_number_inherited(scope: AuditScope) -> Iterator[Seen]:
    """A location number is for its owner's own organisation only, and units in force inherit it.

    Source: the shape of SOR (*OnlyInternalIndicator*): nobody outside can reach the units below.
    """
    return _inherited_although(scope, INTERNAL_ONLY)


def _inherited_although(scope: AuditScope, flag: int) -> Iterator[Seen]:
    for place in scope.open_places:
        if scope.columns.location_flags[place.location] & flag:
            count = _inheriting(scope, place)
            if count:
                yield Seen(place.row, place.number, {"inheriting": count})


def _inheriting(scope: AuditScope, place: Place) -> int:
    """How many units in force inherit the number from this owner."""
    located = scope.columns.unit_location
    return sum(
        located[row] == place.location and row != place.row and scope.unit_is_in_force(row)
        for row in scope.index.rows_of_number(place.number)
    )


@rule("system-unknown", "warning", needs=(_STANDING,), helped_by=("texts of codes",))
def system_unknown(scope: AuditScope) -> Iterator[Seen]:
    """No system is registered behind a location number in use, or one that is called unknown.

    Source: the stated rules for registrations: the registered system is the one that speaks MedCom.
    """
    return _not_told(scope, "system", "system")


@rule("net-operator-unknown", "warning", needs=(_STANDING,), helped_by=("texts of codes",))
def net_operator_unknown(scope: AuditScope) -> Iterator[Seen]:
    """No net operator is registered behind a location number in use, or one that is called unknown.

    Source: the published codes of net operators, one of which stands for unknown.
    """
    return _not_told(scope, "net_operator", "net-operator")


def _not_told(scope: AuditScope, column: str, kind: str) -> Iterator[Seen]:
    told: dict[str, bool] = {}
    for place in scope.open_places:
        if scope.unit_is_closed(place.row):
            continue
        code = scope.code_of(column, place.location)
        if code not in told:
            told[code] = bool(code) and (words_of(scope.index, kind, code) or "").casefold() not in _UNKNOWN_WORDS
        if not told[code]:
            yield Seen(place.row, place.number, {"value": code or None})


RULES = (
    registrations_on_closed_number,
    open_number_on_closed_unit,
    number_without_registrations,
    inactive_number_inherited,
    internal_number_inherited,
    system_unknown,
    net_operator_unknown,
)
