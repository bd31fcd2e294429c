"""The change guard: a new extract that lost too much is held back until somebody says that it is right.

It goes by counts, never by the size of files: a file that was cut off between two units, published half-way or for one region only can
be well-formed, and all of it correct.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import attrs

from sor_addressing.clock import Clock, danish_today
from sor_addressing.daily.outcomes import ReasonCode, UpdateReason
from sor_addressing.daily.reach import DELIVERABLE, NAMED, PLACED, PROVIDERS, SHAK_CODES, TYPED, USABLE
from sor_addressing.errors import PolicyError
from sor_addressing.extracts.sources import is_possible

_NUMBERS = "registered_numbers"


class _Measure(NamedTuple):
    """Something that is counted in a register, the limit of what may be lost of it, and what is said where more is.

    Attributes:
        among: what :mod:`sor_addressing.daily.reach` counts it among: of fewer units fewer can be used, and only what is missing beyond that
            counts. Empty for what the load itself counts.
        of_types: whether it is of message types, and says nothing where there are none at all.
        spared: so many may always be lost.
        said_by: what says it already.
    """

    name: str
    limit: str
    code: ReasonCode
    among: str = ""
    of_types: bool = False
    spared: int = 0
    said_by: ReasonCode | None = None


_MEASURES = (
    _Measure("units", "max_unit_loss", ReasonCode.UNITS_LOST),
    _Measure("location_numbers", "max_location_loss", ReasonCode.LOCATION_NUMBERS_LOST),
    _Measure("registrations", "max_registration_loss", ReasonCode.REGISTRATIONS_LOST, of_types=True),
    _Measure(
        _NUMBERS,
        "max_registered_number_loss",
        ReasonCode.REGISTERED_NUMBERS_LOST,
        of_types=True,
        spared=1,  # one is no cut
        said_by=ReasonCode.REGISTRATIONS_LOST,
    ),
    _Measure(USABLE, "max_usable_loss", ReasonCode.USABLE_UNITS_LOST, "units"),
    _Measure(NAMED, "max_usable_loss", ReasonCode.NAMES_LOST, "units"),
    _Measure(PROVIDERS, "max_found_loss", ReasonCode.PROVIDER_NUMBERS_LOST, "units"),
    _Measure(SHAK_CODES, "max_found_loss", ReasonCode.SHAK_CODES_LOST, "units"),
    _Measure(PLACED, "max_found_loss", ReasonCode.MUNICIPALITIES_LOST, "units"),
    _Measure(TYPED, "max_found_loss", ReasonCode.TYPES_LOST, "units"),
    _Measure(DELIVERABLE, "max_registration_loss", ReasonCode.DELIVERABLE_LOST, "registrations", of_types=True),
)


def _check_share(_instance: object, attribute: attrs.Attribute[Any], value: object) -> None:
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value <= 1:
        raise PolicyError(f"{attribute.name} is {value!r}: use a share from 0 to 1, such as 0.05 for 5 %")


def _check_switch(_instance: object, attribute: attrs.Attribute[Any], value: object) -> None:
    if not isinstance(value, bool):
        raise PolicyError(f"{attribute.name} is {value!r}: use True or False")


@attrs.frozen(slots=True, kw_only=True)
class GuardPolicy:
    """What a new extract may have lost since the one before. Nothing is held back where there is none before.

    Args:
        max_unit_loss: share of the units, closed ones included, since they stay in the extract.
        max_location_loss: share of the location numbers that a unit has.
        max_registered_number_loss: share of the location numbers that have any message type; few, since a clean-up takes types from
            numbers, and a table that was cut off between two lines takes numbers.
        max_registration_loss: share of the registrations, and of those that can be delivered to a unit that can be used; more, since
            announced clean-ups of message types are large.
        max_usable_loss: share of the units that can be used on the register's day, and of those with a name.
        max_found_loss: share of what units are found by: provider numbers, SHAK codes, municipalities and types.
        accept_older: take an extract of an earlier day than the present one.
        accept_missing_message_types: take an extract without message types where the present one has them.

    Raises:
        PolicyError: a value is none of those.

    >>> GuardPolicy(max_unit_loss=0.1).max_registration_loss
    0.25
    """

    max_unit_loss: float = attrs.field(default=0.05, validator=_check_share)
    max_location_loss: float = attrs.field(default=0.05, validator=_check_share)
    max_registered_number_loss: float = attrs.field(default=0.05, validator=_check_share)
    max_registration_loss: float = attrs.field(default=0.25, validator=_check_share)
    max_usable_loss: float = attrs.field(default=0.1, validator=_check_share)
    max_found_loss: float = attrs.field(default=0.25, validator=_check_share)
    accept_older: bool = attrs.field(default=False, validator=_check_switch)
    accept_missing_message_types: bool = attrs.field(default=False, validator=_check_switch)

    @classmethod
    def accept_all(cls) -> GuardPolicy:
        """Holds nothing back, for those who check by other means."""
        return cls(
            max_unit_loss=1,
            max_location_loss=1,
            max_registered_number_loss=1,
            max_registration_loss=1,
            max_usable_loss=1,
            max_found_loss=1,
            accept_older=True,
            accept_missing_message_types=True,
        )


@attrs.frozen(slots=True)
class Extent:
    """How much there is in a register, and what can be done with it: all that the guard looks at.

    ``reach`` is what :func:`sor_addressing.daily.reach.reach_of` counts; empty where an older version of the library has not.
    """

    snapshot_date: dt.date
    counts: Mapping[str, int] = attrs.field(hash=False)
    has_message_types: bool
    reach: Mapping[str, int] = attrs.field(factory=dict, hash=False)


def latest_day(clock: Clock | None) -> dt.date:
    """Today, by the clock given or the machine's, whichever is later: one of them may be behind, or stand still in a test."""
    return max(danish_today(), clock() if clock is not None else dt.date.min)


def reason_to_refuse(new: Extent, today: dt.date) -> UpdateReason | None:
    """Why ``new`` is never taken, whatever the policy: it is of a day that no extract can be of."""
    if is_possible(new.snapshot_date, today):
        return None
    days = {"day": new.snapshot_date.isoformat(), "today": today.isoformat()}
    return UpdateReason(ReasonCode.SNAPSHOT_IMPOSSIBLE, days)


def reasons_to_hold_back(new: Extent, old: Extent, policy: GuardPolicy, today: dt.date) -> tuple[UpdateReason, ...]:
    """Why ``new`` should not follow ``old``; nothing where it may. An old one of a day that has not come keeps nothing out by its day."""
    reasons = []
    if new.snapshot_date < old.snapshot_date and is_possible(old.snapshot_date, today) and not policy.accept_older:
        days = {"day": new.snapshot_date.isoformat(), "current": old.snapshot_date.isoformat()}
        reasons.append(UpdateReason(ReasonCode.OLDER_SNAPSHOT, days))
    without_types = old.has_message_types and not new.has_message_types
    if without_types and not policy.accept_missing_message_types:
        reasons.append(UpdateReason(ReasonCode.MESSAGE_TYPES_MISSING, {"before": old.counts.get("registrations", 0)}))
    for one in _MEASURES:
        if (one.of_types and without_types) or any(said.code == one.said_by for said in reasons):
            continue
        before, after = _count(old, one), _count(new, one)
        if before is None or after is None:
            continue
        if one.among:
            all_before, all_after = old.counts.get(one.among, 0), new.counts[one.among]
            if all_after < all_before:
                before = before * all_after // all_before
        if before - after > one.spared:
            reasons += _lost(one.code, before, after, getattr(policy, one.limit))
    return tuple(reasons)


def _lost(code: ReasonCode, before: int, after: int, limit: float) -> list[UpdateReason]:
    """The reason, where there are fewer than the limit allows."""
    if before - after <= round(limit * before, 6):  # so that 29 of 100 is no more than 0.29
        return []
    details = {
        "lost": before - after,
        "before": before,
        "after": after,
        "share": _percent(1 - after / before, up=True),
        "limit": _percent(limit),
    }
    return [UpdateReason(code, details)]


def _count(extent: Extent, one: _Measure) -> int | None:
    """How much there is of it; None where an older version of the library has not counted it."""
    if one.among:
        return extent.reach.get(one.name)
    counts = extent.counts
    if one.name == _NUMBERS:
        # Known from what every day in the store has counted.
        without = counts.get("location_numbers_without_registrations", counts.get("location_numbers", 0))
        return counts.get("location_numbers", 0) - without
    return counts.get(one.name, 0)


def _percent(share: float, *, up: bool = False) -> str:
    """In percent; rounded up to a tenth, so that what is just over a limit doesn't read as the limit."""
    value = math.ceil(share * 1000 - 1e-9) / 10 if up else round(share * 100, 3)
    return f"{value:g}"
