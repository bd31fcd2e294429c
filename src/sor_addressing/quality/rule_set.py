"""Which rules an audit follows: those of the package, those of installed packages, and those of the caller."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points

from sor_addressing.errors import PolicyError, RuleError
from sor_addressing.quality.defining import Rule, RuleFunction, rule_of
from sor_addressing.quality.rules import (
    approvals,
    catalogue,
    endpoints,
    identifiers,
    locations,
    names,
    packages,
    receipts,
    refusals,
    registrations,
    unit_types,
    units,
)

ENTRY_POINTS = "sor_addressing.rules"
"""The group of entry points by which an installed package brings rules of its own."""

_MODULES = (
    registrations,
    receipts,
    refusals,
    endpoints,
    catalogue,
    approvals,
    packages,
    locations,
    units,
    names,
    identifiers,
)

RuleGiven = str | Rule | RuleFunction
"""A rule as a caller gives it: the code of one that is there, a :class:`Rule`, or a plain function."""


def shipped_rules() -> tuple[Rule, ...]:
    """The rules of the package, in the order in which they are followed.

    >>> shipped_rules()[0]
    <Rule old-format-kept, warning>
    """
    return tuple(one for module in _MODULES for one in module.RULES)


def rules_on_request() -> tuple[Rule, ...]:
    """The rules of the package that are followed only where their code is given: their remarks are on what is usual, and no faults."""
    return (*registrations.ON_REQUEST, *unit_types.ON_REQUEST, *names.ON_REQUEST)


def installed_rules() -> tuple[Rule, ...]:
    """The rules that installed packages bring, by the entry points ``sor_addressing.rules``, in the order of their names.

    Raises:
        RuleError: one of them can't be loaded; the text names it.
    """
    return tuple(_loaded(point) for point in sorted(entry_points(group=ENTRY_POINTS), key=lambda point: point.name))


def _loaded(point: EntryPoint) -> Rule:
    try:
        return rule_of(point.load())
    except Exception as error:
        text = f"the rule {point.name!r} of an installed package ({point.value}) can't be loaded: {error!r}"
        raise RuleError(text) from error


def all_rules() -> tuple[Rule, ...]:
    """The rules that an audit follows by itself: those of the package, then those of installed packages.

    Raises:
        RuleError: a rule of an installed package can't be loaded, or two have one code.
    """
    return _distinct((*shipped_rules(), *installed_rules()))


def chosen_rules(given: Iterable[RuleGiven] | None) -> tuple[Rule, ...]:
    """The rules to follow: all of them where nothing is given.

    Raises:
        PolicyError: a code is none of any rule, or what is given is no rule.
        RuleError: a rule of an installed package can't be loaded, or two rules have one code.
    """
    if given is None:
        return all_rules()
    if isinstance(given, str) or callable(given) or not isinstance(given, Iterable):
        raise PolicyError("rules are given as a list, also where there is one")
    known: dict[str, Rule] | None = None
    chosen = []
    for one in given:
        if not isinstance(one, str):
            chosen.append(rule_of(one))
            continue
        if known is None:
            known = {rule.code: rule for rule in (*all_rules(), *rules_on_request())}
        if one not in known:
            raise PolicyError(f"there is no rule {one!r}; there are {', '.join(known)}")
        chosen.append(known[one])
    return _distinct(chosen)


def _distinct(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    by_code: dict[str, Rule] = {}
    for one in rules:
        if by_code.setdefault(one.code, one) is not one:
            raise RuleError(f"two rules are called {one.code}: {by_code[one.code].function!r} and {one.function!r}")
    return tuple(by_code.values())
