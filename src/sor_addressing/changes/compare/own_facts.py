"""What a unit says of itself: name, parent, types, specialities, provider number, SHAK codes, successors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sor_addressing.changes.compare.change import Change
from sor_addressing.changes.compare.days import Days
from sor_addressing.changes.compare.kinds import ChangeKind
from sor_addressing.changes.compare.side import Side
from sor_addressing.index.columns import NOTHING


def moved(days: Days, code: str) -> Change | None:
    """That a unit has another one above it; None where it has not, or the one above is missing from an extract."""
    old_row, new_row = days.rows(code)
    if "tree" not in days.comparable or NOTHING in (old_row, new_row):
        return None
    if days.old.has_gap_above(old_row) or days.new.has_gap_above(new_row):
        return None
    old, new = _parent(days.old, old_row), _parent(days.new, new_row)
    if old == new:
        return None
    names = {"old_name": days.name(old) if old else None, "new_name": days.name(new) if new else None}
    variant = "to-top" if new is None else "from-top" if old is None else None
    return days.change(ChangeKind.MOVED, code, old, new, variant=variant, more=names)


def own_changes(days: Days, code: str) -> Iterator[Change]:
    """The other changes of a unit that is there on both days."""
    old_row, new_row = days.rows(code)
    before, after = days.old.record(old_row), days.new.record(new_row)
    if before.name != after.name:
        yield days.change(ChangeKind.RENAMED, code, before.name, after.name)
    old, new = before.provider_number, after.provider_number
    if old != new and "provider numbers" in days.comparable:
        yield days.change(ChangeKind.PROVIDER_NUMBER_CHANGED, code, old or None, new or None)
    shak = _shak_change(days, code, old_row, new_row)
    if shak is not None:
        yield shak
    types = before.types, after.types
    changed = days.coded(ChangeKind.TYPE_CHANGED, "unit types", "type", code, *types)
    # A table has the first of a unit's types alone.
    if changed is not None and (days.comparable.same_files or _wholly_different(*map(set, types))):
        yield changed
    specialities = days.old.specialities(old_row), days.new.specialities(new_row)
    changed = days.coded(ChangeKind.SPECIALITY_CHANGED, "specialities", "speciality", code, *specialities)
    if changed is not None:
        yield changed


def successions(days: Days, codes: Iterable[str]) -> dict[str, Change]:
    """Units that got successors they did not have: replaced by one, split into several, or merged with others into one."""
    if "successors" not in days.comparable:
        return {}
    before = {code: _replaced_by(days.old, code) for code in codes}
    after = {code: _replaced_by(days.new, code) for code in before}
    # The heir can name whom it replaces where they do not name it.
    for code in list(before):
        for found, side in ((before, days.old), (after, days.new)):
            for predecessor in _replaces(side, code):
                if days.old.row(predecessor) != NOTHING:
                    before.setdefault(predecessor, _replaced_by(days.old, predecessor))
                    after.setdefault(predecessor, _replaced_by(days.new, predecessor))
                    found[predecessor] = found[predecessor] | {code}
    gained = {code: after[code] for code in before if days.old.row(code) != NOTHING and after[code] - before[code]}
    into: dict[str, set[str]] = {}
    for code, heirs in gained.items():
        for heir in heirs:
            into.setdefault(heir, set(_replaces(days.new, heir))).add(code)
    return {code: _succession(days, code, before[code], heirs, into) for code, heirs in gained.items()}


def _succession(
    days: Days, code: str, before: frozenset[str], heirs: frozenset[str], into: dict[str, set[str]]
) -> Change:
    old, new = ", ".join(sorted(before)) or None, ", ".join(sorted(heirs))
    names = ", ".join(f"{days.name(heir) or '?'} ({heir})" for heir in sorted(heirs))
    if len(heirs) > 1:
        return days.change(ChangeKind.SPLIT, code, old, new, names=names)
    (heir,) = heirs
    others = sorted(into[heir] - {code})
    if others:
        return days.change(
            ChangeKind.MERGED,
            code,
            old,
            new,
            names=names,
            others=tuple(others),
            other_names=", ".join(f"{days.name(other) or '?'} ({other})" for other in others),
        )
    return days.change(ChangeKind.REPLACED, code, old, new, names=names)


def _replaced_by(side: Side, code: str) -> frozenset[str]:
    row = side.row(code)
    return frozenset() if row == NOTHING else frozenset(side.record(row).replaced_by)


def _replaces(side: Side, code: str) -> frozenset[str]:
    row = side.row(code)
    return frozenset() if row == NOTHING else frozenset(side.record(row).replaces)


def _parent(side: Side, row: int) -> str | None:
    parent = side.parent(row)
    return None if parent == NOTHING else side.code(parent)


def _shak_change(days: Days, code: str, old_row: int, new_row: int) -> Change | None:
    if "SHAK codes" not in days.comparable:
        return None
    old, new = days.old.shak_codes(old_row), days.new.shak_codes(new_row)
    if old == new:
        return None
    from_maps = days.comparable.shak_maps
    if from_maps[0] != from_maps[1] and not _wholly_different(old, new):
        return None  # the table beside the units can have more of them, or fewer
    return days.change(
        ChangeKind.SHAK_CODE_CHANGED, code, ", ".join(sorted(old)) or None, ", ".join(sorted(new)) or None
    )


def _wholly_different(old: set[str], new: set[str]) -> bool:
    return bool(old) and bool(new) and not old & new
