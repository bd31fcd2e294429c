"""Which message types may stand on a location number by the approvals, and which do: :class:`AllowedTypes`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import attrs

from sor_addressing.addressing.support import Direction
from sor_addressing.messages.catalogue import MessageType
from sor_addressing.pages.sections import ReportSection
from sor_addressing.register.allowing.approvals import Approval, ApprovalRow, ApprovalStatus
from sor_addressing.register.allowing.standing import TypeStanding
from sor_addressing.register.allowing.system_names import SystemMatch
from sor_addressing.register.sectioned import SectionedReport
from sor_addressing.texts import text_of
from sor_addressing.whole_file import Target, written_text


@attrs.frozen(slots=True)
class AllowedNote:
    """Something that keeps the answer from being certain, or that is to be known beside it: a code and its details."""

    code: str
    details: Mapping[str, object] = attrs.field(factory=dict, hash=False)

    def text(self, language: str = "en") -> str:
        """The note as a sentence, in English (``"en"``) or Danish (``"da"``)."""
        return text_of("allowed", f"note.{self.code}", language, self.details)

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        plain = {name: list(value) if isinstance(value, tuple) else value for name, value in self.details.items()}
        return {"code": self.code, "details": plain}


@attrs.frozen(slots=True)
class AllowedSystem:
    """A system in question: the one registered on the number, or the one that was named.

    Attributes:
        match: which system of the approval list it is, or why that can't be told.
        supplier: its supplier as the register has it, in words where there are any; None where not said.
        approvals: what the list has of it: several where the name stands there several times, or fits several.
    """

    match: SystemMatch
    supplier: str | None
    approvals: tuple[Approval, ...]

    @property
    def name(self) -> str:
        """Its name, else its code."""
        return self.match.name or self.match.code

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {
            **self.match.to_dict(),
            "supplier": self.supplier,
            "approvals": [one.to_dict() for one in self.approvals],
        }


@attrs.frozen(slots=True)
class AllowedReceipt:
    """A receipt that goes with a letter.

    Attributes:
        code: such as ``XCTL03``.
        direction: which way it goes, seen from the number: who receives a letter sends its receipts. None where the letter's is not known.
        registered: whether it stands on the number in that direction; None where that is not known.
        approved: whether every approval in question has it in that direction; None where there is no approval.
    """

    code: str
    direction: Direction | None
    registered: bool | None
    approved: bool | None

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {
            "code": self.code,
            "direction": None if self.direction is None else str(self.direction),
            "registered": self.registered,
            "approved": self.approved,
        }


@attrs.frozen(slots=True)
class ApprovalReason:
    """What one approval says of a type: its best row, or that it has none."""

    approval: Approval
    row: ApprovalRow | None

    @property
    def is_approved(self) -> bool:
        """Whether it is approved, not only on its way."""
        return self.row is not None and self.row.status is ApprovalStatus.APPROVED

    def text(self, language: str = "en") -> str:
        """The reason as a sentence: status, row and day."""
        row = self.row
        if row is None:
            return text_of("allowed", "reason.none", language, {"approval": self.approval.label})
        values = {
            "approval": self.approval.label,
            "status": text_of("allowed", f"status.{row.status}", language, {}),
            "file": row.file,
            "line": row.line,
            "date": row.date,
        }
        return text_of("allowed", "reason.row" if row.date is None else "reason.row-of-day", language, values)

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {"approval": self.approval.to_dict(), "row": None if self.row is None else self.row.to_dict()}


@attrs.frozen(slots=True)
class AllowedType:
    """A message type in a direction.

    Attributes:
        message_type: as it is registered, else as the list has it.
        direction: seen from the number; None where the register does not say it.
        standing: whether it stands there and is approved, stands there without approval, or is approved and missing.
        only_some: only some of the approvals in question have it: whether it may stand there depends on which of them it is.
        reasons: what each approval says.
        receipts: what goes with it, by its format.
    """

    message_type: MessageType
    direction: Direction | None
    standing: TypeStanding
    only_some: bool
    reasons: tuple[ApprovalReason, ...]
    receipts: tuple[AllowedReceipt, ...]

    @property
    def approved_by(self) -> tuple[Approval, ...]:
        """The approvals that have it."""
        return tuple(one.approval for one in self.reasons if one.is_approved)

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {
            "message_type": self.message_type.to_dict(),
            "direction": None if self.direction is None else str(self.direction),
            "standing": str(self.standing),
            "only_some": self.only_some,
            "reasons": [one.to_dict() for one in self.reasons],
            "receipts": [one.to_dict() for one in self.receipts],
        }


@attrs.frozen(slots=True, kw_only=True, repr=False)
class AllowedTypes(SectionedReport):
    """Which message types may stand on a location number by the approvals; made by ``Register.allowed_types``.

    Attributes:
        asked: what was asked about.
        location_number: the number; None where a system alone was named.
        on: the day.
        snapshot_date: of the register.
        approval_list: the file of the list.
        systems: the systems in question; none where the register names none.
        types: each type and direction that stands there or is approved.
        others: what is approved and in no catalogue of message types, such as documents and services.
        notes: what keeps the answer from being certain, and what is to be known beside it.
    """

    asked: str
    location_number: str | None
    on: dt.date
    snapshot_date: dt.date
    approval_list: str
    systems: tuple[AllowedSystem, ...]
    types: tuple[AllowedType, ...]
    others: tuple[str, ...]
    notes: tuple[AllowedNote, ...]

    def __repr__(self) -> str:
        counts = ", ".join(f"{len(self.standing(one))} {one}" for one in TypeStanding if self.standing(one))
        return f"<AllowedTypes of {self.location_number or self.asked}: {counts or 'nothing'}>"

    @property
    def approvals(self) -> tuple[Approval, ...]:
        """Every approval in question, each once."""
        return tuple(dict.fromkeys(one for system in self.systems for one in system.approvals))

    @property
    def is_certain(self) -> bool:
        """Whether one system is in question and one approval of it; where not, the notes say why."""
        return len(self.systems) == 1 and len(self.systems[0].approvals) == 1

    def standing(self, standing: TypeStanding | str) -> tuple[AllowedType, ...]:
        """The types that stand so.

        Raises:
            ValueError: there is no such standing.
        """
        wanted = TypeStanding(standing)
        return tuple(one for one in self.types if one.standing is wanted)

    @property
    def allowed(self) -> tuple[AllowedType, ...]:
        """What may stand there: whatever an approval has."""
        return tuple(one for one in self.types if one.approved_by)

    @property
    def not_approved(self) -> tuple[AllowedType, ...]:
        """What stands there without approval."""
        return self.standing(TypeStanding.NOT_APPROVED)

    @property
    def missing(self) -> tuple[AllowedType, ...]:
        """What is approved and does not stand there."""
        return self.standing(TypeStanding.MISSING)

    def explain(self, language: str = "en") -> str:
        """The answer in sentences, in English (``"en"``) or Danish (``"da"``)."""
        from sor_addressing.register.allowing.writing import explained

        return explained(self, language)

    def title(self, language: str = "en") -> str:
        """What the report is called."""
        from sor_addressing.register.allowing.writing import title_of

        return title_of(self, language)

    def sections(self, language: str = "en") -> tuple[ReportSection, ...]:
        """The answer as a report, part by part."""
        from sor_addressing.register.allowing.writing import sections_of

        return tuple(sections_of(self, language))

    def to_dict(self) -> dict[str, object]:
        """Plain types, stable keys."""
        return {
            "asked": self.asked,
            "location_number": self.location_number,
            "on": self.on.isoformat(),
            "snapshot_date": self.snapshot_date.isoformat(),
            "approval_list": self.approval_list,
            "certain": self.is_certain,
            "systems": [one.to_dict() for one in self.systems],
            "types": [one.to_dict() for one in self.types],
            "others": list(self.others),
            "notes": [one.to_dict() for one in self.notes],
        }

    def to_csv(self, target: Target, *, delimiter: str = ";") -> None:
        """Write a row a type and direction, to a path or an open text file.

        Raises:
            NotWritten: it can't be written there.
        """
        from sor_addressing.register.allowing.writing import write_types

        with written_text(target, encoding="utf-8-sig") as file:
            write_types(self, file, delimiter)
