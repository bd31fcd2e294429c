"""The life of a unit, location number or provider number over several days of the register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, overload

import attrs

from sor_addressing.changes.compare.change import Change
from sor_addressing.changes.compare.kinds import ChangeKind
from sor_addressing.changes.compare.register_pair import compare
from sor_addressing.errors import UnknownRecipient
from sor_addressing.identifiers import (
    IdentifierKind,
    LocationNumber,
    ProviderNumber,
    ShakCode,
    SorCode,
    parse,
)
from sor_addressing.texts import counted, text_of

if TYPE_CHECKING:
    from sor_addressing.index.unit import Unit
    from sor_addressing.register.face import Register

# What is part of a location number's life where it happens to the unit that owns it, though the number is not named.
_OF_ITS_OWNER = frozenset(
    kind
    for kind in ChangeKind
    if kind.startswith(("location-number", "message-type", "format", "version", "system", "supplier", "net-", "admin"))
    or kind
    in (
        ChangeKind.CLOSED,
        ChangeKind.CLOSING,
        ChangeKind.CLOSING_CANCELLED,
        ChangeKind.MERGED,
        ChangeKind.MOVED,
        ChangeKind.OPENED,
        ChangeKind.REMOVED_FROM_EXTRACT,
        ChangeKind.RENAMED,
        ChangeKind.REOPENED,
        ChangeKind.REPLACED,
        ChangeKind.SPLIT,
    )
)


@attrs.frozen(slots=True)
class LifeEvent:
    """Something that happened to what the identifier means.

    ``seen`` is the first of the days looked at that shows it, ``after`` the one before that (None for the first). ``change`` says what
    happened; it is None where a unit is seen for the first time, with the state in ``details``.
    """

    seen: dt.date
    after: dt.date | None
    sor_code: str
    name: str
    change: Change | None
    details: dict[str, object] = attrs.field(factory=dict, hash=False)

    def text(self, language: str = "en") -> str:
        """The event as a sentence, in English (``"en"``) or Danish (``"da"``)."""
        if self.change is not None:
            return self.change.text(language)
        known = {name: value or "–" for name, value in self.details.items()}
        values = {"unit": f"{self.name} ({self.sor_code})", "seen": self.seen.isoformat(), **known}
        return text_of("changes", "life.first-seen", language, values)

    def to_dict(self) -> dict[str, object]:
        """Plain types, with both texts."""
        return {
            "seen": self.seen.isoformat(),
            "after": self.after.isoformat() if self.after else None,
            "sor_code": self.sor_code,
            "name": self.name,
            "change": self.change.to_dict() if self.change else None,
            "details": dict(self.details),
            "text": {"da": self.text("da"), "en": self.text("en")},
        }


@attrs.frozen(slots=True, repr=False)
class Life(Sequence[LifeEvent]):
    """What happened to an identifier, oldest first.

    ``kinds`` are the kinds of identifier that it was held as, ``days`` the days looked at, and ``held`` those on which somebody had it.
    Between two days that lie apart only the outcome is seen.
    """

    identifier: str
    kinds: tuple[IdentifierKind, ...]
    days: tuple[dt.date, ...]
    held: tuple[dt.date, ...]
    events: tuple[LifeEvent, ...]

    def __len__(self) -> int:
        return len(self.events)

    @overload
    def __getitem__(self, place: int) -> LifeEvent: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[LifeEvent, ...]: ...
    def __getitem__(self, place: int | slice) -> LifeEvent | tuple[LifeEvent, ...]:
        return self.events[place]

    def __iter__(self) -> Iterator[LifeEvent]:
        return iter(self.events)

    def __repr__(self) -> str:
        return f"<Life of {self.identifier!r}: {len(self)} events in {len(self.days)} days>"

    def text(self, language: str = "en") -> str:
        """Every event on a line of its own, in English (``"en"``) or Danish (``"da"``)."""
        return "\n".join(event.text(language) for event in self.events)

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {
            "identifier": self.identifier,
            "kinds": [str(kind) for kind in self.kinds],
            "days": [day.isoformat() for day in self.days],
            "held": [day.isoformat() for day in self.held],
            "events": [event.to_dict() for event in self.events],
        }


def life_of(registers: Iterable[Register], identifier: str) -> Life:
    """What happened to a unit, location number, provider number or SHAK code from day to day.

    Args:
        registers: from the oldest day to the newest; taken one by one, so that two are held at a time.
        identifier: in any spelling; its kind is found out. Held as several kinds, the lives of all are told.

    Raises:
        UnknownRecipient: nobody had it on any of the days.
        ValueError: the days are in the wrong order.
    """
    value = parse(identifier).value
    kinds: dict[IdentifierKind, None] = {}
    days: list[dt.date] = []
    held: list[dt.date] = []
    events: list[LifeEvent] = []
    known: set[str] = set()
    before: Register | None = None
    owners_before: set[str] = set()
    for register in registers:
        day = register.snapshot_date
        holders, owners = _holders(register, value, kinds)
        after = before.snapshot_date if before is not None else None
        if before is not None and (known or holders):
            about = known | set(holders)
            of_number = tuple(kinds) == (IdentifierKind.LOCATION_NUMBER,)
            for change in compare(before, register):
                if change.sor_code not in about:
                    continue
                if of_number and not _concerns(change, LocationNumber.compact(value), owners | owners_before):
                    continue
                events.append(LifeEvent(day, after, change.sor_code, change.name, change))
        new = [unit for code, unit in holders.items() if code not in known and (not owners or code in owners)]
        events.extend(_first_seen(unit, day, after) for unit in new if before is None or not _told(events, unit, day))
        known.update(holders)
        days.append(day)
        if holders:
            held.append(day)
        before, owners_before = register, owners
    if not kinds:
        first, last = (days[0], days[-1]) if days else ("?", "?")
        raise UnknownRecipient(
            f"{identifier!r} is held by no unit on any day from {first} to {last} ({counted(len(days), 'day', 'days')} looked at); "
            "check the number, or ask for earlier days"
        )
    return Life(identifier, tuple(kinds), tuple(days), tuple(held), tuple(events))


_LOOK_UPS: tuple[tuple[IdentifierKind, Callable[[str], str], str], ...] = (
    (IdentifierKind.LOCATION_NUMBER, LocationNumber.compact, "by_location_number"),
    (IdentifierKind.PROVIDER_NUMBER, ProviderNumber.compact, "by_provider_number"),
    (IdentifierKind.SHAK_CODE, ShakCode.compact, "by_shak_code"),
)


def _holders(register: Register, value: str, kinds: dict[IdentifierKind, None]) -> tuple[dict[str, Unit], set[str]]:
    """The units that have the identifier on a day, and of those with a location number the SOR codes of its owners."""
    found: dict[str, Unit] = {}
    owners: set[str] = set()
    unit = register.by_sor_code.get(SorCode.compact(value))
    if unit is not None:
        kinds[IdentifierKind.SOR_CODE] = None
        found[unit.sor_code] = unit
    for kind, compact, name in _LOOK_UPS:
        units: tuple[Unit, ...] = getattr(register, name).get(compact(value), ())
        if units:
            kinds[kind] = None
        for one in units:
            found[one.sor_code] = one
            if kind is IdentifierKind.LOCATION_NUMBER and one.location is not None and not one.location.inherited:
                owners.add(one.sor_code)
    return found, owners


def _concerns(change: Change, number: str, owners: set[str]) -> bool:
    """Whether a change of a unit with a location number is one of the number: what its wards do otherwise is not."""
    if change.cause is not None and change.cause.sor_code in owners and change.sor_code not in owners:
        return False  # told once, of the owner
    if number in (change.old, change.new, change.details.get("number")):
        return True
    return change.sor_code in owners and change.kind in _OF_ITS_OWNER


def _told(events: Sequence[LifeEvent], unit: Unit, day: dt.date) -> bool:
    return any(event.sor_code == unit.sor_code and event.seen == day for event in events)


def _first_seen(unit: Unit, day: dt.date, after: dt.date | None) -> LifeEvent:
    location = unit.location
    details: dict[str, object] = {
        "kind": str(unit.kind),
        "above": unit.parent.name if unit.parent else None,
        "location_number": location.number if location else None,
        "provider_number": unit.provider_number,
    }
    return LifeEvent(day, after, unit.sor_code, unit.name, None, details)
