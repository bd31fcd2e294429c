"""What is handed over with a location number: :class:`HandoverNumber` and what it consists of, to plain types and back."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import attrs

from sor_addressing.addressing.severities import Severity
from sor_addressing.texts import LANGUAGES
from sor_addressing.written_data.tables import WrittenTable

SIDES = ("system", "supplier", "net_operator", "administrator")
"""Who stands behind a number."""

WHOSE = ("supplier", "system", "administrator")
"""By what the numbers can be chosen."""

Texts = Mapping[str, str]


class HandoverState(StrEnum):
    """Whether letters can be sent to a number, by its own marks and its owners' periods."""

    OPEN = "open"
    NOT_YET_OPEN = "not-yet-open"
    CLOSED = "closed"
    INACTIVE = "inactive"
    INTERNAL = "internal"
    UNREADABLE = "unreadable"
    WITHOUT_UNIT = "without-unit"


@attrs.frozen(slots=True)
class HandoverParty:
    """A system, supplier, net operator or administrator: its code, and what that stands for."""

    code: str
    name: str | None = None

    @property
    def label(self) -> str:
        """The name with its code."""
        return self.code if self.name in (None, self.code) else f"{self.name} ({self.code})"

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {"code": self.code, "name": self.name}


@attrs.frozen(slots=True)
class HandoverUnit:
    """A unit that is reached at a number.

    Attributes:
        sor_code: of the unit.
        name: of the unit.
        is_closed: its last day has gone.
        contact: e-mail, website, telephone and fax of an owner, where the register has them.
    """

    sor_code: str
    name: str
    is_closed: bool = False
    contact: Mapping[str, str] = attrs.field(factory=dict, hash=False)

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {
            "sor_code": self.sor_code,
            "name": self.name,
            "is_closed": self.is_closed,
            "contact": dict(self.contact),
        }


@attrs.frozen(slots=True)
class HandoverType:
    """A registration: type, directions (None where the register does not say), register, and whether it is in use.

    ``is_receipt`` tells that it answers letters.
    """

    message_type: str
    may_send: bool | None
    may_receive: bool | None
    source: str
    in_use: bool = True
    is_receipt: bool = False

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return attrs.asdict(self)


@attrs.frozen(slots=True)
class HandoverRemark:
    """An open remark of the audit on the number or a unit of it."""

    rule: str
    severity: str
    sor_code: str | None
    texts: Texts = attrs.field(hash=False)

    def to_dict(self) -> dict[str, object]:
        """Plain types, with the text in both languages."""
        return {"rule": self.rule, "severity": self.severity, "sor_code": self.sor_code, "texts": dict(self.texts)}


@attrs.frozen(slots=True)
class HandoverChange:
    """A change of a unit at the number, in a time before: ``day`` is the first day of it, or the last on which it can have come."""

    day: str
    kind: str
    sor_code: str
    texts: Texts = attrs.field(hash=False)

    def to_dict(self) -> dict[str, object]:
        """Plain types, with the text in both languages."""
        return {"day": self.day, "kind": self.kind, "sor_code": self.sor_code, "texts": dict(self.texts)}


@attrs.frozen(slots=True, kw_only=True, repr=False)
class HandoverNumber:
    """A location number with all that goes with it.

    Attributes:
        location_number: the number.
        state: whether letters can be sent there.
        owners: the units that own it.
        inheriting: the units that inherit it.
        parties: who stands behind it, by ``system``, ``supplier``, ``net_operator`` and ``administrator``; several where its owners differ.
        types: what is registered, receipts among it.
        remarks: open remarks of the audit.
        changes: the last changes, newest first.
    """

    location_number: str
    state: HandoverState
    owners: tuple[HandoverUnit, ...] = ()
    inheriting: tuple[HandoverUnit, ...] = ()
    parties: Mapping[str, tuple[HandoverParty, ...]] = attrs.field(factory=dict, hash=False)
    types: tuple[HandoverType, ...] = ()
    remarks: tuple[HandoverRemark, ...] = ()
    changes: tuple[HandoverChange, ...] = ()

    def __repr__(self) -> str:
        return (
            f"<HandoverNumber {self.location_number}: {self.state}, {len(self.units)} units, {len(self.types)} types>"
        )

    @property
    def units(self) -> tuple[HandoverUnit, ...]:
        """Owners, and then those that inherit."""
        return (*self.owners, *self.inheriting)

    @property
    def receipts(self) -> tuple[HandoverType, ...]:
        """The registrations that are receipts."""
        return tuple(one for one in self.types if one.is_receipt)

    @property
    def several(self) -> tuple[str, ...]:
        """Of what it has several: ``supplier`` where its owners name different ones."""
        return tuple(side for side in SIDES if len(self.of(side)) > 1)

    def of(self, side: str) -> tuple[HandoverParty, ...]:
        """Who is its ``system``, ``supplier``, ``net_operator`` or ``administrator``."""
        return self.parties.get(side, ())

    def to_dict(self) -> dict[str, object]:
        """Plain types, stable keys."""
        return {
            "location_number": self.location_number,
            "state": str(self.state),
            "owners": [one.to_dict() for one in self.owners],
            "inheriting": [one.to_dict() for one in self.inheriting],
            **{side: [one.to_dict() for one in self.of(side)] for side in SIDES},
            "types": [one.to_dict() for one in self.types],
            "remarks": [one.to_dict() for one in self.remarks],
            "changes": [one.to_dict() for one in self.changes],
        }


def number_of(table: WrittenTable) -> HandoverNumber:
    """A number as :meth:`HandoverNumber.to_dict` wrote it; an error of the table's where something is none."""
    return HandoverNumber(
        location_number=table.text("location_number"),
        state=table.one_of("state", HandoverState),
        owners=tuple(map(_unit, table.tables("owners"))),
        inheriting=tuple(map(_unit, table.tables("inheriting"))),
        parties={side: tuple(map(_party, table.tables(side))) for side in SIDES if table.tables(side)},
        types=tuple(map(_type, table.tables("types"))),
        remarks=tuple(
            HandoverRemark(one.text("rule"), one.one_of("severity", Severity), one.text("sor_code", None), _texts(one))
            for one in table.tables("remarks")
        ),
        changes=tuple(
            HandoverChange(one.day("day").isoformat(), one.text("kind"), one.text("sor_code"), _texts(one))
            for one in table.tables("changes")
        ),
    )


def _unit(table: WrittenTable) -> HandoverUnit:
    contact = table.mapped("contact", WrittenTable.text)
    return HandoverUnit(table.text("sor_code"), table.text("name", ""), table.switch("is_closed", False), contact)


def _party(table: WrittenTable) -> HandoverParty:
    return HandoverParty(table.text("code"), table.text("name", None))


def _type(table: WrittenTable) -> HandoverType:
    return HandoverType(
        table.text("message_type"),
        table.switch("may_send", None),
        table.switch("may_receive", None),
        table.text("source"),
        table.switch("in_use", True),
        table.switch("is_receipt", False),
    )


def _texts(table: WrittenTable) -> dict[str, str]:
    inner = table.table("texts")
    return {language: inner.text(language, "") for language in LANGUAGES}
