"""The numbers that are handed over, as one report: :class:`Handover`; it is also the file that is held against the register of after."""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Mapping
from functools import partial

import attrs

from sor_addressing.changes.handing.record import WHOSE, HandoverNumber, HandoverState, number_of
from sor_addressing.changes.handing.writing import Rows, rows_of, sections_of, title_of
from sor_addressing.changes.handing.written import HandoverReport
from sor_addressing.errors import HandoverError
from sor_addressing.pages.sections import ReportSection
from sor_addressing.written_data.json_texts import read_json
from sor_addressing.written_data.tables import WrittenTable

_FORMAT, _VERSION = "sor-addressing handover", 1
_MOST_BYTES = 1 << 28


@attrs.frozen(slots=True)
class HandoverCounts:
    """What is handed over, counted: every number is in one state, and each other count is a sum over the numbers.

    Attributes:
        numbers: location numbers.
        by_state: those of each state.
        owners: units that own one of them; a unit owns one number.
        inheriting: units that inherit one.
        types: registrations of letters.
        receipts: registrations of receipts.
        remarks: open remarks.
        several_suppliers: numbers whose owners name several suppliers.
    """

    numbers: int
    by_state: Mapping[str, int] = attrs.field(hash=False)
    owners: int
    inheriting: int
    types: int
    receipts: int
    remarks: int
    several_suppliers: int

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {**attrs.asdict(self, recurse=False), "by_state": dict(self.by_state)}


@attrs.frozen(slots=True, kw_only=True, repr=False)
class Handover(HandoverReport):
    """Numbers that are handed over, with units, types, receipts, contacts, open remarks and last changes; made by :func:`handover`.

    Attributes:
        whose: by what they were chosen: ``supplier``, ``system`` or ``administrator`` to the name that was given.
        to: who takes over, as it was given; None where nobody was named.
        receiver: the codes of who takes over.
        snapshot_date: the day of the register.
        on: the day looked at.
        types_known: whether the register knew of message types; without a file of them there are none, and nothing is said by that.
        audited: whether remarks of the audit were looked for.
        rules: the rules that were followed, each in ``whole`` or in ``part``.
        numbers: the numbers, in order.
        held_before: the numbers that who takes over had already.
        without_unit: every number of the register that has registrations and no unit: whose they are, it can't say.
    """

    whose: Mapping[str, str] = attrs.field(hash=False)
    to: str | None
    receiver: tuple[str, ...]
    snapshot_date: dt.date
    on: dt.date
    types_known: bool
    audited: bool
    rules: Mapping[str, str] = attrs.field(hash=False)
    numbers: tuple[HandoverNumber, ...]
    held_before: tuple[str, ...]
    without_unit: tuple[str, ...]

    def __repr__(self) -> str:
        whose = ", ".join(f"{side} {name}" for side, name in self.whose.items())
        return f"<Handover of {len(self.numbers)} numbers of {whose} on {self.on}>"

    @property
    def counts(self) -> HandoverCounts:
        """What is handed over, counted."""
        states = Counter(str(one.state) for one in self.numbers)
        receipts = sum(len(one.receipts) for one in self.numbers)
        return HandoverCounts(
            numbers=len(self.numbers),
            by_state={str(state): states[str(state)] for state in HandoverState if states[str(state)]},
            owners=sum(len(one.owners) for one in self.numbers),
            inheriting=sum(len(one.inheriting) for one in self.numbers),
            types=sum(len(one.types) for one in self.numbers) - receipts,
            receipts=receipts,
            remarks=sum(len(one.remarks) for one in self.numbers),
            several_suppliers=sum("supplier" in one.several for one in self.numbers),
        )

    def to_dict(self) -> dict[str, object]:
        """Plain types, stable keys: what :meth:`load` reads again."""
        return {
            "format": _FORMAT,
            "version": _VERSION,
            "whose": dict(self.whose),
            "to": self.to,
            "receiver": list(self.receiver),
            "snapshot_date": self.snapshot_date.isoformat(),
            "on": self.on.isoformat(),
            "types_known": self.types_known,
            "audited": self.audited,
            "rules": dict(self.rules),
            "counts": self.counts.to_dict(),
            "held_before": list(self.held_before),
            "without_unit": list(self.without_unit),
            "numbers": [one.to_dict() for one in self.numbers],
        }

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Handover:
        """A handover from the file that :meth:`to_json` wrote.

        Raises:
            HandoverError: it can't be read, is none, is of a later version, or its counts do not add up.
        """
        table = read_json(path, HandoverError, most_bytes=_MOST_BYTES)
        fault = partial(HandoverError, file=os.fspath(path))
        if table.text("format", "") != _FORMAT:
            raise fault("this is no handover: write one with handover --format json")
        if table.whole("version", 0, 1 << 30) > _VERSION:
            raise fault("this handover was written by a later version of this library; read it with that one")
        table.table("whose").only(*WHOSE)
        whose = table.mapped("whose", WrittenTable.text)
        found = cls(
            whose=whose,
            to=table.text("to", None),
            receiver=table.texts("receiver", ()),
            snapshot_date=table.day("snapshot_date"),
            on=table.day("on"),
            types_known=table.switch("types_known"),
            audited=table.switch("audited"),
            rules=table.mapped("rules", WrittenTable.text),
            numbers=tuple(map(number_of, table.tables("numbers"))),
            held_before=table.texts("held_before", ()),
            without_unit=table.texts("without_unit", ()),
        )
        told = table.table("counts")
        for name, count in found.counts.to_dict().items():
            if isinstance(count, int) and told.whole(name, 0, 1 << 40) != count:
                raise fault(f"the counts do not add up: {name} is {told.values[name]}, and there are {count}")
        if len({one.location_number for one in found.numbers}) < len(found.numbers):
            raise fault("a location number stands there twice")
        return found

    def title(self, language: str = "en") -> str:
        """What the report is called."""
        return title_of(self, language)

    def rows(self, language: str = "en") -> Rows:
        """The heads of a table, and a row a number."""
        return rows_of(self, language)

    def sections(self, language: str = "en") -> tuple[ReportSection, ...]:
        """The report, part by part."""
        return tuple(sections_of(self, language))
