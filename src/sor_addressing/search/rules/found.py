"""What ``find`` answers: :class:`Found`, recipients one an address, and how every filter came to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, overload

import attrs

from sor_addressing.addressing.policy import AddressingPolicy
from sor_addressing.addressing.question import Question
from sor_addressing.addressing.resolve import resolve
from sor_addressing.addressing.validate import validate
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.index.lookup import Index
from sor_addressing.index.unit import Unit
from sor_addressing.search.rules.facets import UnknownValue
from sor_addressing.search.rules.filters import Filter
from sor_addressing.search.rules.narrowing import Step

if TYPE_CHECKING:
    from sor_addressing.addressing.answers import Resolution
    from sor_addressing.addressing.recipients import Recipient
    from sor_addressing.addressing.verdicts import Deliveries, Verdict
    from sor_addressing.messages.catalogue import MessageType


class FoundAddress(NamedTuple):
    """A location number by its position, the rows of its units that fit, and how far the nearest of them lies."""

    number: int
    rows: tuple[int, ...]
    distance: float | None = None


@attrs.frozen(slots=True)
class Search:
    """What was asked, and of whom."""

    index: Index = attrs.field(eq=False, repr=False)
    filter: Filter
    day: int
    today: int
    policy: AddressingPolicy
    deliveries: Deliveries | None = attrs.field(default=None, eq=False, repr=False)

    def resolution(self, number: int) -> Resolution:
        """Who the location number at ``number`` stands for."""
        text = self.index.number_text(number)
        # A kind that is named is checked at length, which is spared where the text is held as one kind only.
        kind = None if len(self.index.held_as(text)) == 1 else IdentifierKind.LOCATION_NUMBER
        return resolve(self.index, Question(text, kind, self.day, self.policy, self.filter.message_type))

    def verdict(self, resolution: Resolution, message_type: MessageType) -> Verdict:
        """Whether the message type may go there."""
        verdict = validate(
            self.index,
            resolution,
            message_type,
            direction=self.filter.direction,
            day=self.day,
            today=self.today,
            policy=self.policy,
        )
        if self.deliveries is None:
            return verdict
        from sor_addressing.addressing.verdicts import with_deliveries

        return with_deliveries(verdict, self.deliveries, self.policy)


@attrs.frozen(slots=True, repr=False)
class FoundRecipient:
    """One address that fits: its recipient, and the units there that the filter found.

    ``recipient`` is who the location number stands for by the rules of resolving, most often its owner; that need not be one of ``units``,
    which are in the order of the extract. ``verdict`` is there where a message type was asked for, ``distance_m`` (whole metres, to the
    nearest of the units) where a point was.
    """

    recipient: Recipient
    units: tuple[Unit, ...]
    verdict: Verdict | None = None
    distance_m: int | None = None

    def __repr__(self) -> str:
        away = "" if self.distance_m is None else f", {self.distance_m} m away"
        return f"<FoundRecipient {self.name!r} at {self.location_number}, {len(self.units)} units{away}>"

    @property
    def location_number(self) -> str:
        """The address: the location number of all its units."""
        return self.recipient.location_number or ""

    @property
    def sor_code(self) -> str:
        """SOR code of the recipient."""
        return self.recipient.sor_code

    @property
    def name(self) -> str:
        """Name of the recipient."""
        return self.recipient.name

    def to_dict(self) -> dict[str, object]:
        """Plain types, stable keys; the units by SOR code and name, the verdict in short."""
        verdict = self.verdict
        return {
            "location_number": self.location_number,
            "recipient": self.recipient.to_dict(),
            "units": [{"sor_code": unit.sor_code, "name": unit.name} for unit in self.units],
            "verdict": None
            if verdict is None
            else {
                "message_type": verdict.message_type.to_dict(),
                "direction": str(verdict.direction),
                "outcome": str(verdict.outcome),
                "deliverable": verdict.deliverable,
                "send_as": verdict.send_as.to_dict() if verdict.send_as else None,
                "arrives_as": verdict.arrives_as.to_dict() if verdict.arrives_as else None,
                "findings": [finding.to_dict() for finding in verdict.findings],
            },
            "distance_m": self.distance_m,
        }


@attrs.frozen(slots=True, repr=False)
class Found(Sequence[FoundRecipient]):
    """The recipients that fit a filter, one an address, in a stable order; an empty one is false, and says why it is empty.

    They come in the order of the extract, by the first unit that fits; with ``near`` the nearest first. ``total`` is how many there are, also
    where a limit cut the list. ``counts`` are the steps, in the order they were gone through, each beginning with what the one before left.
    ``unknown`` are the filter's values that no unit of the register has.
    """

    _search: Search
    _addresses: tuple[FoundAddress, ...]
    total: int
    counts: tuple[Step, ...]
    unknown: tuple[UnknownValue, ...]

    def __repr__(self) -> str:
        shown = f"{len(self)} of {self.total}" if len(self) < self.total else str(self.total)
        return f"<Found {shown} recipients on {self.on}>"

    @property
    def filter(self) -> Filter:
        """What was asked."""
        return self._search.filter

    @property
    def on(self) -> dt.date:
        """The day asked for."""
        return dt.date.fromordinal(self._search.day)

    def __len__(self) -> int:
        return len(self._addresses)

    def __iter__(self) -> Iterator[FoundRecipient]:
        return map(self._recipient, self._addresses)

    @overload
    def __getitem__(self, place: int) -> FoundRecipient: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[FoundRecipient, ...]: ...
    def __getitem__(self, place: int | slice) -> FoundRecipient | tuple[FoundRecipient, ...]:
        if isinstance(place, slice):
            return tuple(map(self._recipient, self._addresses[place]))
        return self._recipient(self._addresses[place])

    def _recipient(self, address: FoundAddress) -> FoundRecipient:
        search, asked = self._search, self._search.filter.message_type
        resolution = search.resolution(address.number)
        return FoundRecipient(
            resolution.unwrap(),
            tuple(Unit(search.index, row) for row in address.rows),
            None if asked is None else search.verdict(resolution, asked),
            None if address.distance is None else round(address.distance),
        )

    def explain(self, language: str = "en") -> str:
        """What each filter left and took away, for people, in English (``"en"``) or Danish (``"da"``)."""
        from sor_addressing.search.rules.explain import explain_found

        return explain_found(self, language)

    def to_dict(self) -> dict[str, object]:
        """Plain types, stable keys, for logs and JSON."""
        return {
            "filter": self.filter.to_dict(),
            "on": self.on.isoformat(),
            "total": self.total,
            "results": [one.to_dict() for one in self],
            "counts": [step.to_dict() for step in self.counts],
            "unknown": [value.to_dict() for value in self.unknown],
        }
