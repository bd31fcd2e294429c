"""The rows of a conversion model, and the two parties that a row can be bound to: who converts for whom, from when to when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from functools import cache

from sor_addressing.clock import day_given
from sor_addressing.errors import PolicyError
from sor_addressing.frozen import Frozen, fill
from sor_addressing.hiding import shown
from sor_addressing.identifiers import LocationNumber
from sor_addressing.messages.catalogue import MessageFormat

ANY_FAMILY = "*"
"""The family of a row that holds for all families."""

NOBODY = "nobody"
"""How a table writes that nobody converts: a row that switches a wider one off."""


class Converter(StrEnum):
    """Who converts a letter on its way."""

    SENDER = "sender"
    SENDER_OPERATOR = "sender-operator"
    RECEIVER = "receiver"
    RECEIVER_OPERATOR = "receiver-operator"
    NATIONAL_SERVICE = "national-service"

    @property
    def on_senders_side(self) -> bool:
        """Whether the sender, or the net operator that works for it, has to convert."""
        return self in (Converter.SENDER, Converter.SENDER_OPERATOR)


class ConversionScope(StrEnum):
    """For which receivers, or senders, a row holds, from the widest to the narrowest."""

    ALL = "all"
    REGION = "region"
    NET_OPERATOR = "net_operator"
    SUPPLIER = "supplier"
    SYSTEM = "system"
    LOCATION_NUMBER = "location_number"


PartyFacts = tuple[str | None, str | None, str | None, str | None, str | None]
"""What a row can be bound to, of one party: region, net operator, supplier, system, location number; None where not known."""

NOT_KNOWN: PartyFacts = (None, None, None, None, None)


@cache
def region_coded(name: str) -> str:
    """The code of a region that is given by code or name; imported late, for most models are bound to none."""
    from sor_addressing.authorities import region_code

    return region_code(name)


class ConversionParty(Frozen):
    """A sender (or receiver) as a conversion model sees it: what is known of it, each part None where it isn't.

    Where there is a location number, a register fills in what it knows and isn't given.

    >>> ConversionParty.of("579 0999 0000 17").location_number
    '5790999000017'

    Raises:
        PolicyError: a part is no text, the location number is none, or nothing is given.
    """

    _names = __slots__ = __match_args__ = ("region", "net_operator", "supplier", "system", "location_number")
    region: str | None
    net_operator: str | None
    supplier: str | None
    system: str | None
    location_number: str | None

    def __init__(
        self,
        *,
        region: str | None = None,
        net_operator: str | None = None,
        supplier: str | None = None,
        system: str | None = None,
        location_number: str | None = None,
    ) -> None:
        given: dict[str, object] = dict(
            zip(self._names, (region, net_operator, supplier, system, location_number), strict=True)
        )
        for name, value in given.items():
            if value is not None and not (isinstance(value, str) and value.strip()):
                raise PolicyError(f"sender gives {name} the value {shown(repr(value))}: write a text")
        if not any(given.values()):
            raise PolicyError(f"sender is empty: give a location number, or one of {', '.join(self._names)}")
        if location_number is not None:
            number = LocationNumber.compact(location_number)
            if not LocationNumber.fits(number):
                raise PolicyError(f"sender is {shown(repr(location_number))}: expected a location number of 13 digits")
            given["location_number"] = number
        fill(self, **{name: value.strip() if isinstance(value, str) else None for name, value in given.items()})

    def __reduce__(self) -> tuple[object, ...]:
        return _party_of, (self.to_dict(),)

    @classmethod
    def of(cls, given: str | Mapping[str, str] | ConversionParty) -> ConversionParty:
        """A party as callers give it: a location number, or region, net operator, supplier, system and location number by name.

        Raises:
            PolicyError: it is something else.
        """
        if isinstance(given, ConversionParty):
            return given
        if isinstance(given, str):
            return cls(location_number=given)
        if not isinstance(given, Mapping):
            raise PolicyError(f"sender is {shown(repr(given))}: give a location number, or a mapping of what is known")
        unknown = [str(name) for name in given if name not in cls._names]
        if unknown:
            raise PolicyError(f"sender names {shown(', '.join(unknown))}: use {', '.join(cls._names)}")
        return cls(**given)

    @property
    def facts(self) -> PartyFacts:
        """The parts in their order."""
        return self.region, self.net_operator, self.supplier, self.system, self.location_number

    def to_dict(self) -> dict[str, str]:
        """Plain types: the parts that are known."""
        return {name: value for name, value in zip(self._names, self.facts, strict=True) if value is not None}


def _party_of(given: dict[str, str]) -> ConversionParty:
    return ConversionParty(**given)


class ConversionRow(Frozen):
    """One statement of a model: who converts letters of a family from one format to another.

    Attributes:
        family: such as ``DIS91``; ``*`` holds for all.
        by: who converts; None where nobody does, which switches a wider row off.
        scope: for which receivers the row holds.
        scope_value: the code or name of the region, the code of the net operator, supplier or system, or the location number; empty for
            ``all``.
        sender_scope: for which senders the row holds; one that is bound to a sender holds only where the sender is known.
        sender_scope_value: as ``scope_value``.
        from_date: the first day the row holds; None for always.
        to_date: the last day the row holds; None for no end.
    """

    _names = __slots__ = __match_args__ = (
        "family",
        "from_format",
        "to_format",
        "by",
        "scope",
        "scope_value",
        "sender_scope",
        "sender_scope_value",
        "from_date",
        "to_date",
    )
    family: str
    from_format: MessageFormat
    to_format: MessageFormat
    by: Converter | None
    scope: ConversionScope
    scope_value: str
    sender_scope: ConversionScope
    sender_scope_value: str
    from_date: dt.date | None
    to_date: dt.date | None

    def __init__(
        self,
        family: str,
        from_format: MessageFormat | str,
        to_format: MessageFormat | str,
        by: Converter | str | None,
        scope: ConversionScope | str = ConversionScope.ALL,
        scope_value: str = "",
        sender_scope: ConversionScope | str = ConversionScope.ALL,
        sender_scope_value: str = "",
        from_date: dt.date | str | None = None,
        to_date: dt.date | str | None = None,
    ) -> None:
        fill(
            self,
            family=family,
            from_format=MessageFormat(from_format),
            to_format=MessageFormat(to_format),
            by=None if by is None or by == NOBODY else Converter(by),
            scope=ConversionScope(scope),
            scope_value=region_coded(scope_value) if scope == ConversionScope.REGION else scope_value,
            sender_scope=ConversionScope(sender_scope),
            sender_scope_value=region_coded(sender_scope_value)
            if sender_scope == ConversionScope.REGION
            else sender_scope_value,
            from_date=_day("from_date", from_date),
            to_date=_day("to_date", to_date),
        )
        if self.from_format is self.to_format:
            raise PolicyError(f"from_format and to_format are both {self.to_format}: there is nothing to convert")
        if self.scope is ConversionScope.ALL and self.scope_value:
            raise PolicyError(f"scope_value is {self.scope_value!r} and the scope is all: name a scope")
        if self.scope is not ConversionScope.ALL and not self.scope_value:
            raise PolicyError(f"the scope is {self.scope}, and scope_value is missing: say which {self.scope}")
        if self.sender_scope is ConversionScope.ALL and self.sender_scope_value:
            raise PolicyError(
                f"sender_scope_value is {self.sender_scope_value!r} and the sender_scope is all: name a sender_scope"
            )
        if self.sender_scope is not ConversionScope.ALL and not self.sender_scope_value:
            raise PolicyError(
                f"the sender_scope is {self.sender_scope}, and sender_scope_value is missing: say which {self.sender_scope}"
            )
        if self.from_date and self.to_date and self.to_date < self.from_date:
            raise PolicyError(f"to_date {self.to_date} is before from_date {self.from_date}: the row never holds")

    def __str__(self) -> str:
        bound = [f"{self.scope} {self.scope_value}"] if self.scope_value else []
        if self.sender_scope_value:
            bound.append(f"sender {self.sender_scope} {self.sender_scope_value}")
        if self.from_date:
            bound.append(f"from {self.from_date}")
        if self.to_date:
            bound.append(f"to {self.to_date}")
        scope = f" ({', '.join(bound)})" if bound else ""
        return f"{self.family} {self.from_format} to {self.to_format} by {self.by or NOBODY}{scope}"

    @property
    def is_wide(self) -> bool:
        """Whether the row holds for everybody, always."""
        return (
            self.scope is ConversionScope.ALL
            and self.sender_scope is ConversionScope.ALL
            and self.from_date is None
            and self.to_date is None
        )

    def holds_on(self, day: int) -> bool:
        """Whether the row holds on ``day`` (a day number)."""
        return (self.from_date is None or self.from_date.toordinal() <= day) and (
            self.to_date is None or day <= self.to_date.toordinal()
        )

    def meets(self, other: ConversionRow) -> bool:
        """Whether there is a day on which both rows hold."""
        return (self.from_date or dt.date.min) <= (other.to_date or dt.date.max) and (
            other.from_date or dt.date.min
        ) <= (self.to_date or dt.date.max)

    def to_dict(self) -> dict[str, object]:
        """Plain types; ``by`` is ``nobody`` where nobody converts. What binds the row to senders or days is left out where nothing does."""
        shown_fields = {name: str(getattr(self, name)) for name in self._names[:6]}
        bound = {
            "sender_scope": str(self.sender_scope) if self.sender_scope_value else "",
            "sender_scope_value": self.sender_scope_value,
            "from_date": self.from_date.isoformat() if self.from_date else "",
            "to_date": self.to_date.isoformat() if self.to_date else "",
        }
        return {
            **shown_fields,
            "by": str(self.by or NOBODY),
            **{name: value for name, value in bound.items() if value},
        }


def _day(name: str, given: dt.date | str | None) -> dt.date | None:
    try:
        return day_given(given)
    except ValueError:
        raise PolicyError(f"{name} is {shown(repr(given))}: write a day such as 2026-01-15") from None
