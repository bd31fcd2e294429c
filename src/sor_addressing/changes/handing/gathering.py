"""What is handed over: the numbers of a supplier, system or administrator, each with all that goes with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import pairwise

from sor_addressing.addressing.policy import DEFAULT_POLICY
from sor_addressing.addressing.usable import assess
from sor_addressing.cells import is_blank
from sor_addressing.changes.compare.register_pair import compare
from sor_addressing.changes.handing.record import (
    SIDES,
    HandoverChange,
    HandoverNumber,
    HandoverParty,
    HandoverRemark,
    HandoverState,
    HandoverType,
    HandoverUnit,
)
from sor_addressing.changes.handing.report import Handover
from sor_addressing.clock import day_number
from sor_addressing.errors import FilterError, HandoverError
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.inside import row_of
from sor_addressing.index.lookup import Index
from sor_addressing.index.unit import Unit, registrations_of_number
from sor_addressing.index.words import words_of
from sor_addressing.messages.catalogue import catalogue
from sor_addressing.misspelt import nearest
from sor_addressing.quality.audit import Audit, audit
from sor_addressing.quality.rule_set import RuleGiven, chosen_rules
from sor_addressing.register.face import Register
from sor_addressing.register.inside import index_of
from sor_addressing.search.rules.behind import numbers_with
from sor_addressing.texts import LANGUAGES

MOST_CHANGES = 5
"""So many changes of a number are kept, the newest."""

_STATES = {
    HandoverState.CLOSED: ("unit-closed", "location-closed"),
    HandoverState.NOT_YET_OPEN: ("unit-not-yet-open", "location-not-yet-open"),
    HandoverState.UNREADABLE: ("period-unreadable", "location-state-unreadable"),
    HandoverState.INACTIVE: ("location-inactive",),
    HandoverState.INTERNAL: ("location-internal-only",),
}
"""What is said of a number that can't be used, and in which order where several things are."""

_CONTACT = ("email", "website", "telephone", "fax")


def handover(
    register: Register,
    *,
    supplier: str | None = None,
    system: str | None = None,
    administrator: str | None = None,
    to: str | None = None,
    before: Register | Iterable[Register] = (),
    on: dt.date | None = None,
    rules: Iterable[RuleGiven] | None = None,
) -> Handover:
    """The numbers of a supplier, system or administrator with all that goes with them, to be handed over.

    Write it as JSON (``to_json``), and hold that against the register of after with :func:`check_handover`.

    Args:
        register: the register of before.
        supplier: code or name; where several are given, all have to fit.
        system: likewise.
        administrator: likewise.
        to: the administrator who takes over, by code or name; one that the register does not have yet is taken as it is.
        before: registers of earlier days, for the last changes; opened one after another.
        on: the day; the register's own by default.
        rules: of the audit; all where None, and no audit where empty.

    Raises:
        FilterError: nobody is named, a name is no text or blank, or no number has such a supplier, system or administrator.
        HandoverError: a register of before is of a later day.
    """
    index = index_of(register)
    given = {"supplier": supplier, "system": system, "administrator": administrator}
    whose = {side: _said(side, name) for side, name in given.items() if name is not None}
    if not whose:
        raise FilterError("say whose numbers are handed over: a supplier, a system or an administrator")
    numbers: set[int] | None = None
    for side, name in whose.items():
        found = _numbers_of(index, side, name)
        numbers = found if numbers is None else numbers & found
    day = register.snapshot_date if on is None else dt.date.fromordinal(day_number(on))
    earlier = (before,) if isinstance(before, Register) else before
    receiver = () if to is None else codes_of(index, "administrator", _said("to", to)) or (to,)
    held = _numbers_with_codes(index, "administrator", receiver) - (numbers or set())
    idle = [index.number_text(one) for one in range(len(index.columns.number_key)) if not index.holds_number(one)]
    chosen_numbers = sorted(numbers or (), key=index.number_text)
    changes = _changes(earlier, register, chosen_numbers)
    remarked = audited(register, day, rules)
    return Handover(
        whose=whose,
        to=to,
        receiver=receiver,
        snapshot_date=register.snapshot_date,
        on=day,
        types_known=index.has_message_types,
        audited=remarked is not None,
        rules=rules_checked(remarked),
        numbers=tuple(gathered(register, chosen_numbers, day, remarked, changes)),
        held_before=tuple(sorted(map(index.number_text, held))),
        without_unit=tuple(sorted(idle)),
    )


def gathered(
    register: Register,
    numbers: Collection[int],
    day: dt.date,
    found: Audit | None,
    changes: Mapping[int, list[HandoverChange]] | None = None,
) -> Iterator[HandoverNumber]:
    """Each number with all that goes with it, what an audit found among it."""
    index = index_of(register)
    remarks = {} if found is None else _remarks(index, numbers, found)
    for number in numbers:
        rows = list(index.rows_of_number(number))
        owners = list(index.owners_of_number(number))
        units = [Unit(index, row) for row in rows]
        own = sorted((changes or {}).get(number, ()), key=lambda change: change.day, reverse=True)
        yield HandoverNumber(
            location_number=index.number_text(number),
            state=_state(index, owners, day),
            owners=tuple(_unit(unit, day, is_owner=True) for unit in units[: len(owners)]),
            inheriting=tuple(_unit(unit, day) for unit in units[len(owners) :]),
            parties=_parties(index, owners),
            types=tuple(_types(index, number)),
            remarks=tuple(remarks.get(number, ())),
            changes=tuple(own[:MOST_CHANGES]),
        )


def audited(register: Register, day: dt.date, rules: Iterable[RuleGiven] | None) -> Audit | None:
    """What is remarked on a register; nothing is looked for where ``rules`` is empty."""
    chosen = chosen_rules(rules)
    return audit(register, rules=chosen, on=day) if chosen else None


def rules_checked(found: Audit | None) -> dict[str, str]:
    """The rules that were followed, each with whether in ``whole`` or in ``part``: a register can lack what a rule needs."""
    if found is None:
        return {}
    lacking = {one.rule: one.partly for one in found.not_checked}
    return {one.code: "part" if one.code in lacking else "whole" for one in found.rules if lacking.get(one.code, True)}


def _said(field: str, name: object) -> str:
    if not isinstance(name, str):
        raise FilterError(f"{field} is {name!r}: write it as text, for leading zeros count")
    if is_blank(name):
        raise FilterError(f"{field} is empty: leave it out, or give at least one value")
    return name


def codes_of(index: Index, side: str, name: str) -> tuple[str, ...]:
    """The register's codes that a name, or a code, means."""
    wanted = name.casefold().strip()
    found = []
    for code in _codes(index, side):
        words = (words_of(index, side.replace("_", "-"), code, language) for language in LANGUAGES)
        if wanted in (code.casefold(), *(word.casefold() for word in words if word)):
            found.append(code)
    return tuple(found)


def _codes(index: Index, side: str) -> list[str]:
    return sorted(filter(None, map(index.text, set(getattr(index.columns, f"location_{side}")))))


def _numbers_of(index: Index, side: str, name: str) -> set[int]:
    """The positions of the numbers that ``name`` has.

    Raises:
        FilterError: there are none.
    """
    found = numbers_with(index, side, (name.strip(),))
    if found:
        return found
    known = {code.casefold(): code for code in _codes(index, side)}
    for code in list(known.values()):
        word = words_of(index, side.replace("_", "-"), code)
        if word:
            known[word.casefold()] = word
    near = nearest(name.casefold(), known)
    if near is None:
        raise FilterError(f"no location number is one of {name!r}")
    raise FilterError(f"no location number is one of {name!r}; the nearest name is {known[near]}")


def _numbers_with_codes(index: Index, side: str, codes: Iterable[str]) -> set[int]:
    return numbers_with(index, side, tuple(codes)) if codes else set()


def _state(index: Index, owners: Iterable[int], day: dt.date) -> HandoverState:
    """That of the owner that is best off: two owners of one number need not agree."""
    states = [_state_of(index, row, day.toordinal()) for row in owners]
    order = list(HandoverState)
    return min(states, key=order.index, default=HandoverState.WITHOUT_UNIT)


def _state_of(index: Index, row: int, day: int) -> HandoverState:
    said = {raw[0] for raw in assess(index, row, day, DEFAULT_POLICY).raws}
    return next((state for state, codes in _STATES.items() if not said.isdisjoint(codes)), HandoverState.OPEN)


def _unit(unit: Unit, day: dt.date, *, is_owner: bool = False) -> HandoverUnit:
    contact = unit.contact if is_owner else None
    told = {} if contact is None else {name: getattr(contact, name) for name in _CONTACT if getattr(contact, name)}
    return HandoverUnit(unit.sor_code, unit.name, unit.period.is_before(day), told)


def _parties(index: Index, owners: Iterable[int]) -> dict[str, tuple[HandoverParty, ...]]:
    columns = index.columns
    locations = [columns.unit_location[row] for row in owners]
    found = {}
    for side in SIDES:
        column = getattr(columns, f"location_{side}")
        codes = dict.fromkeys(filter(None, (index.text(column[location]) for location in locations)))
        if codes:
            found[side] = tuple(HandoverParty(code, words_of(index, side.replace("_", "-"), code)) for code in codes)
    return found


def _types(index: Index, number: int) -> Iterator[HandoverType]:
    known = catalogue()
    for one in registrations_of_number(index, number):
        is_receipt = known.is_receipt(one.message_type.family)
        yield HandoverType(one.message_type.text, one.may_send, one.may_receive, one.source, one.in_use, is_receipt)


def _remarks(index: Index, numbers: Collection[int], audited: Audit) -> dict[int, list[HandoverRemark]]:
    wanted = set(numbers)
    columns = index.columns
    found: dict[int, list[HandoverRemark]] = {}
    for remark in audited.remarks:
        if remark.location_number is not None:
            number = index.number_of(remark.location_number)
        elif remark.unit is not None:
            location = columns.unit_location[row_of(remark.unit)]
            number = NOTHING if location == NOTHING else columns.location_number[location]
        else:
            continue
        if number in wanted:
            texts = {language: remark.text(language) for language in LANGUAGES}
            told = HandoverRemark(remark.rule, str(remark.severity), remark.sor_code, texts)
            found.setdefault(number, []).append(told)
    return found


def _changes(
    before: Iterable[Register], register: Register, numbers: Collection[int]
) -> dict[int, list[HandoverChange]]:
    """What changed for the units at each number, those that came or went among them, from each register of before to the next."""
    index = index_of(register)
    days = sorted(before, key=lambda one: one.snapshot_date)
    if days and days[-1].snapshot_date > register.snapshot_date:
        raise HandoverError(
            f"a register of before is of {days[-1].snapshot_date}, and the handover of {register.snapshot_date}: leave it out"
        )
    at = {index.sor_code(row): number for number in numbers for row in index.rows_of_number(number)}
    texts = {index.number_text(number): number for number in numbers}
    found: dict[int, list[HandoverChange]] = {}
    for old, new in pairwise([*days, register] if days else []):
        for change in compare(old, new):
            concerned = {at.get(change.sor_code), texts.get(change.old or ""), texts.get(change.new or "")} - {None}
            if not concerned:
                continue
            words = {language: change.text(language) for language in LANGUAGES}
            told = HandoverChange((change.day or change.until).isoformat(), str(change.kind), change.sor_code, words)
            for number in concerned:
                if number is not None:
                    found.setdefault(number, []).append(told)
    return found
