"""A handover held against the register of after: was anything lost. :func:`check_handover`, and the :class:`HandoverCheck` it gives."""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Set
from enum import StrEnum

import attrs

from sor_addressing.changes.handing.gathering import audited, codes_of, gathered, rules_checked
from sor_addressing.changes.handing.record import SIDES, HandoverNumber, HandoverState, HandoverType, HandoverUnit
from sor_addressing.changes.handing.report import Handover
from sor_addressing.changes.handing.writing import Rows, checked_rows, checked_sections, checked_title
from sor_addressing.changes.handing.written import HandoverReport
from sor_addressing.clock import day_number
from sor_addressing.errors import HandoverError
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.lookup import Index
from sor_addressing.pages.sections import ReportSection
from sor_addressing.quality.rule_set import RuleGiven
from sor_addressing.register.face import Register
from sor_addressing.register.inside import index_of
from sor_addressing.search.rules.behind import numbers_with
from sor_addressing.texts import text_of, title_of


class HandoverOutcome(StrEnum):
    """What became of a number."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    LOST = "lost"
    NEW = "new"


class DifferenceKind(StrEnum):
    """What is otherwise than before; the first of them are losses."""

    NUMBER_LOST = "number-lost"
    OUT_OF_USE = "out-of-use"
    UNIT_LOST = "unit-lost"
    UNIT_CLOSED = "unit-closed"
    TYPE_LOST = "type-lost"
    RECEIPT_LOST = "receipt-lost"
    CONTACT_LOST = "contact-lost"
    STATE_CHANGED = "state-changed"
    OWNER_CHANGED = "owner-changed"
    UNIT_ADDED = "unit-added"
    UNIT_RENAMED = "unit-renamed"
    TYPE_ADDED = "type-added"
    RECEIPT_ADDED = "receipt-added"
    DIRECTION_NOT_KNOWN = "direction-not-known"
    CONTACT_CHANGED = "contact-changed"
    PARTY_CHANGED = "party-changed"
    REMARK_BEGUN = "remark-begun"
    REMARK_ENDED = "remark-ended"


_LOSSES = frozenset(list(DifferenceKind)[:7])


@attrs.frozen(slots=True)
class HandoverDifference:
    """One thing that is otherwise than before.

    Attributes:
        kind: what sort of thing.
        what: which: a type with its direction, a unit, a state, a rule.
        old: the value before; None where there was none.
        new: the value after.
    """

    kind: DifferenceKind
    what: str
    old: str | None = None
    new: str | None = None

    @property
    def is_loss(self) -> bool:
        """Whether something that was there is not any more."""
        return self.kind in _LOSSES

    def text(self, language: str = "en") -> str:
        """The difference in words, in English (``"en"``) or Danish (``"da"``)."""
        what = self.what
        if self.kind in (DifferenceKind.TYPE_LOST, DifferenceKind.TYPE_ADDED, *_RECEIPTS):
            name, _, direction = what.rpartition(" ")
            what = f"{name} ({text_of('handover', f'direction.{direction}', language, {})})"
        elif self.kind is DifferenceKind.PARTY_CHANGED:
            what = text_of("handover", f"side.{what}", language, {})
        elif self.kind in _REMARKS:
            title, unit = title_of("rules", what, language), self.old or self.new
            what = f"{title} ({unit})" if unit else title
        values: dict[str, object] = {"what": what, "old": self.old or "–", "new": self.new or "–"}
        if self.kind in (DifferenceKind.OUT_OF_USE, DifferenceKind.STATE_CHANGED):
            values |= {name: text_of("handover", f"state.{values[name]}", language, {}) for name in ("old", "new")}
        return text_of("handover", f"difference.{self.kind}", language, values)

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {"kind": str(self.kind), "what": self.what, "old": self.old, "new": self.new, "is_loss": self.is_loss}


_REMARKS = (DifferenceKind.REMARK_BEGUN, DifferenceKind.REMARK_ENDED)
_RECEIPTS = (DifferenceKind.RECEIPT_LOST, DifferenceKind.RECEIPT_ADDED)


@attrs.frozen(slots=True)
class CheckedNumber:
    """What became of a number: before, after (None where there is none), and what is otherwise.

    ``handed_over`` tells whether who takes over stands there now; None where nobody was named, or the number is gone.
    """

    location_number: str
    outcome: HandoverOutcome
    before: HandoverNumber | None
    after: HandoverNumber | None
    differences: tuple[HandoverDifference, ...] = ()
    handed_over: bool | None = None

    @property
    def losses(self) -> tuple[HandoverDifference, ...]:
        """What was there before and is not any more."""
        return tuple(one for one in self.differences if one.is_loss)

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {
            "location_number": self.location_number,
            "outcome": str(self.outcome),
            "handed_over": self.handed_over,
            "differences": [one.to_dict() for one in self.differences],
            "before": None if self.before is None else self.before.to_dict(),
            "after": None if self.after is None else self.after.to_dict(),
        }


@attrs.frozen(slots=True, kw_only=True, repr=False)
class HandoverCheck(HandoverReport):
    """Before and after held against each other, so that both sides can sign; made by :func:`check_handover`.

    Attributes:
        handover: what was to be handed over.
        snapshot_date: the day of the register of after.
        numbers: every number of before, then those that are new.
        not_compared: rules with remarks that were not followed in both registers, or not as far in one as in the other.
    """

    handover: Handover
    snapshot_date: dt.date
    numbers: tuple[CheckedNumber, ...]
    not_compared: tuple[str, ...] = ()

    def __repr__(self) -> str:
        counts = ", ".join(f"{count} {outcome}" for outcome, count in self.counts.items())
        return f"<HandoverCheck of {self.handover.snapshot_date} and {self.snapshot_date}: {counts}>"

    @property
    def counts(self) -> dict[str, int]:
        """How many numbers are unchanged, changed, lost and new; the first three add up to those of before."""
        found = Counter(one.outcome for one in self.numbers)
        return {str(outcome): found[outcome] for outcome in HandoverOutcome}

    @property
    def differences(self) -> dict[str, int]:
        """How many differences there are of each kind."""
        found = Counter(one.kind for number in self.numbers for one in number.differences)
        return {str(kind): found[kind] for kind in DifferenceKind if found[kind]}

    @property
    def is_complete(self) -> bool:
        """Whether nothing was lost: no number, and nothing on one."""
        return not any(one.losses for one in self.numbers)

    @property
    def handed_over(self) -> int:
        """How many numbers of before who takes over has now."""
        return sum(one.handed_over is True for one in self.numbers if one.before is not None)

    def of(self, outcome: HandoverOutcome | str) -> tuple[CheckedNumber, ...]:
        """The numbers that came to that.

        Raises:
            ValueError: there is no such outcome.
        """
        wanted = HandoverOutcome(outcome)
        return tuple(one for one in self.numbers if one.outcome is wanted)

    def to_dict(self) -> dict[str, object]:
        """Plain types, stable keys."""
        return {
            "whose": dict(self.handover.whose),
            "to": self.handover.to,
            "before": self.handover.snapshot_date.isoformat(),
            "after": self.snapshot_date.isoformat(),
            "is_complete": self.is_complete,
            "counts": self.counts,
            "handed_over": self.handed_over,
            "differences": self.differences,
            "not_compared": list(self.not_compared),
            "numbers": [one.to_dict() for one in self.numbers],
        }

    def title(self, language: str = "en") -> str:
        """What the report is called."""
        return checked_title(self, language)

    def rows(self, language: str = "en") -> Rows:
        """The heads of a table, and a row a number."""
        return checked_rows(self, language)

    def sections(self, language: str = "en") -> tuple[ReportSection, ...]:
        """The report, part by part; lines for two signatures come last."""
        return tuple(checked_sections(self, language))


def check_handover(
    before: Handover | str | os.PathLike[str],
    after: Register,
    *,
    on: dt.date | None = None,
    rules: Iterable[RuleGiven] | None = None,
) -> HandoverCheck:
    """What became of each number of a handover: unchanged, changed (and what), lost, or new.

    Who takes over standing on a number in place of who had it is no change: that is what was to happen. What both registers know is
    compared, whichever register of message types says it; a direction that is not said any more is no loss.

    Args:
        before: the handover, or the file that it was written to.
        after: the register of after.
        on: the day; that of the register by default.
        rules: of the audit; all where None, and no audit where empty. Where before had none, there is none.

    Raises:
        HandoverError: the file is none, or the register is of an earlier day than the handover, or knows no message types where
            it did.
    """
    told = before if isinstance(before, Handover) else Handover.load(before)
    if after.snapshot_date < told.snapshot_date:
        raise HandoverError(
            f"the register of after is of {after.snapshot_date}, before the handover of {told.snapshot_date}: give a later one"
        )
    index = index_of(after)
    if told.types_known and not index.has_message_types:
        raise HandoverError(
            "the register of after knows no message types, so that none can be told to be there: give the file of them too"
        )
    day = after.snapshot_date if on is None else dt.date.fromordinal(day_number(on))
    known = {one.location_number: index.number_of(one.location_number) for one in told.numbers}
    added = _added(index, told)
    found = audited(after, day, rules if told.audited else ())
    followed = rules_checked(found)
    both = {rule for rule in told.rules if followed.get(rule) == told.rules[rule]}
    positions = [number for number in (*known.values(), *added) if number != NOTHING]
    now = {one.location_number: one for one in gathered(after, positions, day, found)}
    receiver = frozenset(told.receiver) | set(codes_of(index, "administrator", told.to) if told.to else ())
    checked = [
        _checked(one, now.get(one.location_number), receiver, both, types=told.types_known) for one in told.numbers
    ]
    checked += [
        CheckedNumber(text, HandoverOutcome.NEW, None, now[text])
        for text in sorted(index.number_text(number) for number in added)
    ]
    remarked = {remark.rule for one in (*told.numbers, *now.values()) for remark in one.remarks}
    return HandoverCheck(
        handover=told,
        snapshot_date=after.snapshot_date,
        numbers=tuple(checked),
        not_compared=tuple(sorted(remarked - both)) if found is not None else (),
    )


def _added(index: Index, told: Handover) -> set[int]:
    """Numbers that who had them, or who takes over, has now, and neither had before."""
    found: set[int] | None = None
    for side, name in told.whose.items():
        having = numbers_with(index, side, (name.strip(),))
        found = having if found is None else found & having
    if told.to:
        found = (found or set()) | numbers_with(index, "administrator", {told.to.strip(), *told.receiver})
    before = {*(one.location_number for one in told.numbers), *told.held_before}
    return {number for number in found or () if index.number_text(number) not in before}


def _checked(
    before: HandoverNumber,
    after: HandoverNumber | None,
    receiver: frozenset[str] | set[str],
    rules: Set[str],
    *,
    types: bool,
) -> CheckedNumber:
    number = before.location_number
    gone = after is None or (after.state is HandoverState.WITHOUT_UNIT and before.state is not after.state)
    if after is None or gone:
        lost = HandoverDifference(DifferenceKind.NUMBER_LOST, number, str(before.state))
        return CheckedNumber(number, HandoverOutcome.LOST, before, after, (lost,))
    administrators = {one.code for one in after.of("administrator")}
    handed_over = bool(administrators) and administrators <= receiver if receiver else None
    differences = tuple(_differences(before, after, rules, types=types, handed_over=bool(handed_over)))
    outcome = HandoverOutcome.CHANGED if differences else HandoverOutcome.UNCHANGED
    return CheckedNumber(number, outcome, before, after, differences, handed_over)


def _differences(
    before: HandoverNumber, after: HandoverNumber, rules: Set[str], *, types: bool, handed_over: bool
) -> Iterator[HandoverDifference]:
    if before.state is not after.state:
        lost = before.state is HandoverState.OPEN
        kind = DifferenceKind.OUT_OF_USE if lost else DifferenceKind.STATE_CHANGED
        yield HandoverDifference(kind, before.location_number, str(before.state), str(after.state))
    yield from _units(before, after)
    if types:
        yield from _types(before.types, after.types)
    for side in SIDES:
        old, new = before.of(side), after.of(side)
        if {one.code for one in old} != {one.code for one in new} and not (side == "administrator" and handed_over):
            labels = [", ".join(one.label for one in parties) or None for parties in (old, new)]
            yield HandoverDifference(DifferenceKind.PARTY_CHANGED, side, *labels)
    remarks = [
        Counter((one.rule, one.sor_code) for one in number.remarks if one.rule in rules) for number in (before, after)
    ]
    for (rule, sor_code), _ in sorted((remarks[1] - remarks[0]).items(), key=str):
        yield HandoverDifference(DifferenceKind.REMARK_BEGUN, rule, None, sor_code)
    for (rule, sor_code), _ in sorted((remarks[0] - remarks[1]).items(), key=str):
        yield HandoverDifference(DifferenceKind.REMARK_ENDED, rule, sor_code, None)


def _units(before: HandoverNumber, after: HandoverNumber) -> Iterator[HandoverDifference]:
    was, now = _by_code(before), _by_code(after)
    for code, (old, owned) in was.items():
        if code not in now:
            yield HandoverDifference(DifferenceKind.UNIT_LOST, _label(old), old.name, None)
            continue
        new, owns = now[code]
        if new.is_closed and not old.is_closed:
            yield HandoverDifference(DifferenceKind.UNIT_CLOSED, _label(new))
        if old.name != new.name:
            yield HandoverDifference(DifferenceKind.UNIT_RENAMED, code, old.name, new.name)
        if owned != owns:
            yield HandoverDifference(DifferenceKind.OWNER_CHANGED, _label(new))
        if owned and owns:
            yield from _contact(old, new)
    for code, (new, _) in now.items():
        if code not in was:
            yield HandoverDifference(DifferenceKind.UNIT_ADDED, _label(new), None, new.name)


def _by_code(number: HandoverNumber) -> dict[str, tuple[HandoverUnit, bool]]:
    """The units by their SOR codes, and whether they own the number."""
    return {
        **{unit.sor_code: (unit, False) for unit in number.inheriting},
        **{unit.sor_code: (unit, True) for unit in number.owners},
    }


def _contact(old: HandoverUnit, new: HandoverUnit) -> Iterator[HandoverDifference]:
    for name in dict.fromkeys((*old.contact, *new.contact)):
        was, now = old.contact.get(name), new.contact.get(name)
        if was != now:
            kind = DifferenceKind.CONTACT_CHANGED if now else DifferenceKind.CONTACT_LOST
            yield HandoverDifference(kind, _label(new), was, now)


def _types(before: tuple[HandoverType, ...], after: tuple[HandoverType, ...]) -> Iterator[HandoverDifference]:
    """Types in use by direction, whichever register says it; of one that a side says no direction of, only whether it is there."""
    was, now = _directions(before), _directions(after)
    receipts = {one.message_type for one in (*before, *after) if one.is_receipt}
    for name in dict.fromkeys((*was, *now)):
        old, new = was.get(name), now.get(name)
        gone, come = (
            (DifferenceKind.RECEIPT_LOST, DifferenceKind.RECEIPT_ADDED)
            if name in receipts
            else (DifferenceKind.TYPE_LOST, DifferenceKind.TYPE_ADDED)
        )
        if old and new and ("not-known" in old) != ("not-known" in new):
            if "not-known" in new:
                yield HandoverDifference(DifferenceKind.DIRECTION_NOT_KNOWN, name)
            continue
        for direction in sorted((old or set()) - (new or set())):
            yield HandoverDifference(gone, f"{name} {direction}", direction, None)
        for direction in sorted((new or set()) - (old or set())):
            yield HandoverDifference(come, f"{name} {direction}", None, direction)


def _directions(types: Iterable[HandoverType]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in types:
        if not one.in_use:
            continue
        sides = found.setdefault(one.message_type, set())
        if one.may_send:
            sides.add("send")
        if one.may_receive:
            sides.add("receive")
        if not one.may_send and not one.may_receive and None in (one.may_send, one.may_receive):
            sides.add("not-known")
    return {name: sides - {"not-known"} or sides for name, sides in found.items() if sides}


def _label(unit: HandoverUnit) -> str:
    return f"{unit.name} ({unit.sor_code})"
