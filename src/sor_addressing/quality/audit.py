"""Auditing a register: :func:`audit`, and the :class:`Audit` it gives."""

from __future__ import annotations

import datetime as dt
import gc
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Unpack

from sor_addressing.addressing.policy import DEFAULT_POLICY
from sor_addressing.errors import PolicyError, RuleError
from sor_addressing.quality.approvals import Approvals
from sor_addressing.quality.outcome import AuditOutcome, UnmatchedSystem
from sor_addressing.quality.packages import Package
from sor_addressing.quality.rule import GIVEN, NotChecked, Rule
from sor_addressing.quality.rule_set import RuleGiven, chosen_rules
from sor_addressing.quality.scope import AuditScope, Seen
from sor_addressing.register import Register
from sor_addressing.search.filters import Filter, FilterFields
from sor_addressing.search.narrowing import rows_matching

PathLike = str | os.PathLike[str]


class Audit(AuditOutcome):
    """What is wrong in a register's registrations, for those who maintain them: made by :func:`audit`."""

    __slots__ = ()


def audit(
    register: Register,
    rules: Iterable[RuleGiven] | None = None,
    approvals: Approvals | PathLike | None = None,
    packages: Iterable[Package] | PathLike | None = None,
    on: dt.date | None = None,
    *,
    aliases: Mapping[str, str | Iterable[str]] | PathLike | None = None,
    filter: Filter | None = None,  # noqa: A002 (what it is called everywhere)
    **fields: Unpack[FilterFields],
) -> Audit:
    """What is wrong in the registrations of a register, by rules, for those who maintain them.

    What the loaded files can't tell gives no remarks; the rules that would need it are in ``not_checked`` with the reason.

    Args:
        register: the register; it is only read.
        rules: codes of rules, rules, or plain functions; all of the package and of installed packages where None.
        approvals: an approval list, or the path of its CSV; without one, rules that need it are not followed.
        packages: packages of message types, or the path of a TOML file with them; likewise.
        on: the day; the register's own day by default. Registrations have no history: those of the register count whatever the day.
        aliases: what systems of the approval list are called in the register, where ``approvals`` is a path; see :class:`Approvals`.
        filter: which units are looked at, and with them the location numbers that they are reached at; all of them where None.
        fields: the fields of a :class:`Filter`, in place of one or beside it: ``region="1081"``, ``supplier="9221"`` and so on.

    Raises:
        PolicyError: a rule, approval list or package is not what it should be.
        RuleError: a rule failed, or one of an installed package can't be loaded; the text names it.
        FilterError: a field is asked for something that it can't mean; TypeError: there is no such field.

    >>> found = audit(Register.sample(), rules=["receipt-missing"])
    >>> found
    <Audit of 63 units on 2026-01-15: 1 remarks>
    >>> found.remarks[0].location_number
    '5790999000123'
    """
    chosen = chosen_rules(rules)
    wanted = (filter or Filter()).but(**fields)
    day = register.snapshot_date if on is None else on
    rows = None
    if wanted.fields:
        rows = sorted(rows_matching(register._index, wanted, day=day.toordinal(), policy=DEFAULT_POLICY))
    scope = AuditScope(
        register,
        day,
        rows=rows,
        approvals=_approvals(approvals, aliases),
        packages=_packages(packages),
    )
    seen, not_checked = _followed(chosen, scope)
    return Audit(chosen, wanted, not_checked, _unmatched(scope), scope, seen)


def _approvals(
    given: Approvals | PathLike | None, aliases: Mapping[str, str | Iterable[str]] | PathLike | None
) -> Approvals | None:
    if isinstance(given, (str, os.PathLike)):
        return Approvals.load(given, aliases=aliases)
    if aliases is not None:
        raise PolicyError(
            "aliases go with the path of an approval list; give them to Approvals(…) where you make it yourself"
        )
    return given


def _packages(given: Iterable[Package] | PathLike | None) -> tuple[Package, ...] | None:
    if given is None:
        return None
    return Package.load(given) if isinstance(given, (str, os.PathLike)) else tuple(given)


def _followed(
    rules: tuple[Rule, ...], scope: AuditScope
) -> tuple[tuple[tuple[int, Seen], ...], tuple[NotChecked, ...]]:
    """What every rule saw, and the rules that could not be followed."""
    seen: list[tuple[int, Seen]] = []
    not_checked = []
    # What is made here is kept until the end: the collector would look through all of it in vain, again and again.
    was_on = gc.isenabled()
    gc.disable()
    try:
        for position, rule in enumerate(rules):
            missing = _missing(rule.needs, scope)
            if missing:
                not_checked.append(NotChecked(rule.code, missing))
                continue
            lacking = _missing(rule.helped_by, scope)
            if lacking:
                not_checked.append(NotChecked(rule.code, lacking, partly=True))
            seen.extend((position, one) for one in _checked(rule, scope))
    finally:
        if was_on:
            gc.enable()
    return tuple(seen), tuple(not_checked)


def _checked(rule: Rule, scope: AuditScope) -> list[Seen]:
    try:
        found: list[object] = list(rule(scope))
    except Exception as error:
        raise RuleError(f"the rule {rule.code} failed: {error!r}") from error
    seen = [one for one in found if isinstance(one, Seen)]
    if len(seen) < len(found):
        strange = next(one for one in found if not isinstance(one, Seen))
        raise RuleError(f"the rule {rule.code} gave {strange!r}: give what scope.seen(…) makes")
    return seen


def _missing(names: tuple[str, ...], scope: AuditScope) -> tuple[str, ...]:
    """Those of a rule's needs that nothing tells."""
    index = scope.index
    lacking = set(index.not_known)
    if not index.has_message_types:
        lacking.add("registrations")
    if not index.has_directions:
        lacking.add("directions of registrations")
    lacking.update(name for name in GIVEN if getattr(scope, name) is None)
    return tuple(name for name in names if name in lacking)


def _unmatched(scope: AuditScope) -> tuple[UnmatchedSystem, ...]:
    if scope.approvals is None:
        return ()
    counted = Counter(scope.system_of(place.location) for place in scope.open_places)
    found = [
        UnmatchedSystem(match, supplier, counted[system, supplier])
        for (system, supplier), match in scope.systems.items()
        if not match.approved
    ]
    return tuple(sorted(found, key=lambda one: (-one.numbers, one.match.code, one.supplier)))
