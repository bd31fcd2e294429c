"""Units that opened, closed, will close, came back, appeared or disappeared."""

from __future__ import annotations

from sor_addressing.changes.compare.change import Change
from sor_addressing.changes.compare.days import Days, iso
from sor_addressing.changes.compare.kinds import ChangeKind
from sor_addressing.changes.compare.side import DayInPeriod, Side, has_end
from sor_addressing.index.columns import NOTHING


def life_change(days: Days, code: str) -> Change | None:
    """What became of a unit's life between the days; None where nothing did, or one of the registers can't know."""
    old_row, new_row = days.rows(code)
    if new_row == NOTHING:
        return _gone(days, code, old_row)
    if old_row == NOTHING:
        return _appeared(days, code, new_row)
    if "periods of units" not in days.comparable:
        return None
    was, now = days.old.status(old_row), days.new.status(new_row)
    if DayInPeriod.UNREADABLE in (was, now):
        return None
    if was is now:
        return _announced(days, code, old_row, new_row, was)
    first, last = _period(days.new, new_row)
    if now is DayInPeriod.CLOSED:
        return days.change(ChangeKind.CLOSED, code, None, iso(last), day=days.closing_day(last), last_day=iso(last))
    if now is DayInPeriod.FUTURE:
        return days.change(ChangeKind.OPENING, code, None, iso(first), day=first)
    kind = ChangeKind.OPENED if was is DayInPeriod.FUTURE else ChangeKind.REOPENED
    return days.change(kind, code, None, _first_text(first), day=days.opening_day(first))


def _period(side: Side, row: int) -> tuple[int, int]:
    columns = side.index.columns
    return columns.unit_from[row], columns.unit_to[row]


def _announced(days: Days, code: str, old_row: int, new_row: int, status: DayInPeriod) -> Change | None:
    """A day to come that was set, moved or taken back."""
    (old_first, old_last), (new_first, new_last) = _period(days.old, old_row), _period(days.new, new_row)
    if status is DayInPeriod.FUTURE and old_first != new_first:
        return days.change(ChangeKind.OPENING, code, iso(old_first), iso(new_first), day=new_first)
    if status is DayInPeriod.CLOSED or old_last == new_last:
        return None
    before = iso(old_last) if has_end(old_last) else None
    if not has_end(new_last):
        return days.change(ChangeKind.CLOSING_CANCELLED, code, before, None)
    return days.change(ChangeKind.CLOSING, code, before, iso(new_last), day=new_last + 1, last_day=iso(new_last))


def _gone(days: Days, code: str, row: int) -> Change | None:
    status = days.old.status(row)
    first, last = _period(days.old, row)
    left_out = "closed units" in days.new.index.not_known
    if status is DayInPeriod.CLOSED and left_out:
        return None
    if status is DayInPeriod.FUTURE and "future units" in days.new.index.not_known:
        return None
    if left_out and status is DayInPeriod.OPEN and days.closing_day(last) is not None:
        return days.change(ChangeKind.CLOSED, code, None, iso(last), day=last + 1, last_day=iso(last))
    variant = "may-be-closed" if left_out and status is DayInPeriod.OPEN else None
    return days.change(ChangeKind.REMOVED_FROM_EXTRACT, code, _first_text(first), None, variant=variant)


def _appeared(days: Days, code: str, row: int) -> Change | None:
    status = days.new.status(row)
    first, _ = _period(days.new, row)
    missing = days.old.index.not_known
    if status is DayInPeriod.CLOSED and "closed units" in missing:
        return None
    if status is DayInPeriod.FUTURE and "future units" not in missing:
        return days.change(ChangeKind.OPENING, code, None, iso(first), day=first)
    if status is DayInPeriod.FUTURE:
        return None
    if status is DayInPeriod.OPEN and days.opening_day(first) is not None:
        return days.change(ChangeKind.OPENED, code, None, iso(first), day=first)
    return days.change(ChangeKind.NEW_IN_EXTRACT, code, None, _first_text(first))


def _first_text(first: int) -> str | None:
    return iso(first) if first > 0 else None
