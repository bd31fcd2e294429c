"""A unit as the answer to an identifier: :class:`Recipient`. Apart from the resolution it stands in, for it is made only when asked for."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from sor_addressing.addressing.findings import Finding, findings_of
from sor_addressing.addressing.plan import plan_for
from sor_addressing.addressing.question import Question
from sor_addressing.addressing.severities import RawFinding
from sor_addressing.addressing.support import Direction, Outcome, support
from sor_addressing.addressing.usable import assess
from sor_addressing.index.columns import LOCATION_INHERITED, NOTHING
from sor_addressing.index.inside import address_lines_of
from sor_addressing.index.lookup import Index
from sor_addressing.index.told.registration import type_texts_of_number
from sor_addressing.index.unit import Location, Unit
from sor_addressing.model import KINDS


@attrs.frozen(slots=True, repr=False)
class Recipient:
    """A unit as the answer to an identifier: who it is, at which location number, and what is to be said of it.

    ``unit_certain`` is False where the location number is certain but several units share it: a letter that carries a SOR code
    should then not name this one as if it were known. ``usable`` tells whether a letter can be addressed to it at all.
    """

    _index: Index = attrs.field(eq=False)
    _row: int
    _question: Question = attrs.field(eq=False)
    _raws: tuple[RawFinding, ...]
    unit: Unit
    unit_certain: bool = True
    usable: bool = True

    def __repr__(self) -> str:
        certain = "" if self.unit_certain else ", unit not certain"
        return f"<Recipient {self.sor_code} {self.name!r} at {self.location_number}{certain}>"

    @property
    def sor_code(self) -> str:
        """SOR code of the unit."""
        return self.unit.sor_code

    @property
    def name(self) -> str:
        """Name of the unit."""
        return self.unit.name

    @property
    def location(self) -> Location | None:
        """The location the unit is reached at; None where there is none."""
        return self.unit.location

    @property
    def location_number(self) -> str | None:
        """The location number the unit is reached at; None where there is none."""
        return self._index.location_number(self._row)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is to be said of this unit as a recipient."""
        return findings_of(self._index, self._raws)

    @property
    def outcome(self) -> Outcome | None:
        """What the registrations say of the message type asked for, to receive; None where none was asked for, or there is no location."""
        question = self._question
        location = self._index.columns.unit_location[self._row]
        if question.message_type is None or location == NOTHING:
            return None
        plan = plan_for(self._index, question.message_type)
        number = self._index.columns.location_number[location]
        return support(self._index, plan, number, location, Direction.RECEIVE, question.policy, question.day).outcome

    def to_dict(self) -> dict[str, object]:
        """Plain types: the unit in short with what sets it apart from others, its location, and the findings."""
        index, row = self._index, self._row
        index.check_standing()
        columns = index.columns
        record, location, outcome = index.record(row), columns.unit_location[row], self.outcome
        has_location = location != NOTHING
        number = columns.location_number[location] if has_location else NOTHING
        return {
            "sor_code": index.sor_code(row),
            "name": record.name,
            "kind": str(KINDS[columns.unit_kind[row]]),
            "types": list(record.types),
            "specialities": [{"code": code, "type": kind or None} for code, kind in record.specialities],
            "above": [{"sor_code": sor_code, "name": name} for sor_code, name in index.called_above(row)],
            "address": address_lines_of(index, row, record),
            "provider_number": record.provider_number or None,
            "shak_code": record.shak_code or None,
            "location_number": index.number_text(number) if has_location else None,
            "location_inherited": columns.unit_location_state[row] == LOCATION_INHERITED if has_location else None,
            "location_owner": index.sor_code(columns.location_owner[location]) if has_location else None,
            "message_types": type_texts_of_number(index, number) if has_location else [],
            "unit_certain": self.unit_certain,
            "usable": self.usable,
            "outcome": str(outcome) if outcome else None,
            "findings": [finding.to_dict() for finding in self.findings],
        }

    def _told_beside(self, other: Recipient, told: Mapping[str, object]) -> dict[str, object]:
        """As :meth:`to_dict`, where ``told`` is that of the same unit as another answer: what is of the unit is not worked out again."""
        if self._row != other._row:
            return self.to_dict()
        return {
            **{key: _copied(value) for key, value in told.items()},
            "unit_certain": self.unit_certain,
            "usable": self.usable,
            "findings": [finding.to_dict() for finding in self.findings],
        }


def _copied(value: object) -> object:
    """A value of its own: whoever changes one dictionary does not change another."""
    if not isinstance(value, list):
        return value
    return [dict(one) if isinstance(one, dict) else one for one in value]


def recipient_of(
    index: Index, row: int, question: Question, raws: tuple[RawFinding, ...], *, unit_certain: bool
) -> Recipient:
    """The unit in ``row`` as the one that ``question`` means."""
    return Recipient(index, row, question, raws, Unit(index, row), unit_certain)


def candidate_of(index: Index, row: int, question: Question) -> Recipient:
    """The unit in ``row`` as one of those that ``question`` could mean."""
    usable, raws = assess(index, row, question.day, question.policy)
    return Recipient(index, row, question, raws, Unit(index, row), True, usable)
