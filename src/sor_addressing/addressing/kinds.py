"""Which kind of identifier was asked for, and which units carry it: the first two steps of resolving.

The register decides: an identifier that it holds is never refused, whatever its shape or check digit. Only where it holds none are shape
and check digit looked at, to tell a mistyped identifier from an unknown one.
"""

from __future__ import annotations

from typing import NamedTuple

from sor_addressing.addressing.policy import AddressingPolicy, levels_of
from sor_addressing.addressing.severities import RawFinding, raw_finding
from sor_addressing.cells.reading import LOST, is_mangled
from sor_addressing.identifiers import IdentifierKind, ProviderNumber, ShakCode, identifier_class, parse
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.lookup import CLOSED_UNITS, Index

RESOLVABLE = (
    IdentifierKind.SOR_CODE,
    IdentifierKind.LOCATION_NUMBER,
    IdentifierKind.PROVIDER_NUMBER,
    IdentifierKind.SHAK_CODE,
)
"""The kinds that can be resolved to a recipient; CVR numbers are looked up only."""


def kind_named(kind: str) -> IdentifierKind:
    """The kind that a caller names.

    Raises:
        ValueError: it is none that can be resolved.

    >>> kind_named("provider_number")
    <IdentifierKind.PROVIDER_NUMBER: 'provider_number'>
    """
    for one in RESOLVABLE:
        if kind == one:
            return one
    raise ValueError(
        f"kind={kind!r}: use {', '.join(RESOLVABLE[:-1])} or {RESOLVABLE[-1]}, or leave it out to have it found"
    )


Held = tuple[IdentifierKind, int]
"""A kind as which the register holds the identifier, and its position among the identifiers of that kind."""


class Identified(NamedTuple):
    """What an identifier was found to be: the kinds held, or else a reason why there is none."""

    held: list[Held]
    malformed: bool = False
    raws: tuple[RawFinding, ...] = ()


def identify(index: Index, text: str, named: IdentifierKind | None, policy: AddressingPolicy) -> Identified:
    """What ``text`` is in this register; ``named`` is the kind that the caller gave it, if any."""
    parsed = parse(text)
    value = parsed.value
    if parsed.system is not None and (parsed.kind is None or (named is not None and named is not parsed.kind)):
        variant = "system" if parsed.kind is None else "kinds"
        raw = _malformed(policy, text, named or parsed.kind, None, variant)
        return Identified([], True, (raw,))
    kind = named or parsed.kind
    if kind is None:
        held = index.held_as(value)
        if not held:
            padded = identifier_class(IdentifierKind.PROVIDER_NUMBER).compact(value)
            if padded != value:
                held = _held(index, IdentifierKind.PROVIDER_NUMBER, padded)
        if held:
            return Identified(held)
        fitting = tuple([kind for kind in RESOLVABLE if identifier_class(kind).fits(value)])
        return _not_held(index, text, value, fitting, policy, named=False)
    held = _held(index, kind, identifier_class(kind).compact(value))
    if held and kind not in RESOLVABLE:
        return Identified([], False, (_unknown(index, text, value, (kind,), policy, named=True),))
    if held:
        return Identified(held)
    return _not_held(index, text, value, (kind,), policy, named=True)


def _held(index: Index, kind: IdentifierKind, value: str) -> list[Held]:
    position = index.position(kind, value)
    return [] if position == NOTHING else [(kind, position)]


def _not_held(
    index: Index,
    text: str,
    value: str,
    fitting: tuple[IdentifierKind, ...],
    policy: AddressingPolicy,
    *,
    named: bool,
) -> Identified:
    """Unknown where a fitting kind has a good check digit or none; else malformed, and why."""
    if fitting and not any(identifier_class(kind).fits(identifier_class(kind).compact(value)) for kind in fitting):
        kind = fitting[0]
        return Identified([], True, (_malformed(policy, text, kind, identifier_class(kind).shape_text, str(kind)),))
    if not fitting:
        return Identified([], True, (_malformed(policy, text, None, None, "empty" if not value else "shape"),))
    wrong = []
    for kind in fitting:
        expected = identifier_class(kind).expected_check_digit(identifier_class(kind).compact(value))
        if expected is None or expected == value[-1]:
            raws: tuple[RawFinding, ...] = (_unknown(index, text, value, fitting, policy, named=named),)
            if CLOSED_UNITS in index.not_known:
                raws = (*raws, raw_finding(levels_of(policy), "closures-not-known", text))
            return Identified([], False, raws)
        details = (text, kind, value[-1], expected, value[:-1] + expected)
        wrong.append(raw_finding(levels_of(policy), "check-digit-wrong", *details))
    return Identified([], True, tuple(wrong))


def _malformed(
    policy: AddressingPolicy, text: str, kind: IdentifierKind | None, expected: str | None, variant: str | None
) -> RawFinding:
    """``identifier-malformed``, or that a spreadsheet has left of it only its first digits."""
    if is_mangled(text.strip()):
        return raw_finding(levels_of(policy), LOST, text)
    return raw_finding(levels_of(policy), "identifier-malformed", text, kind, expected, variant)


def _unknown(
    index: Index,
    text: str,
    value: str,
    fitting: tuple[IdentifierKind, ...],
    policy: AddressingPolicy,
    *,
    named: bool,
) -> RawFinding:
    """``recipient-unknown``, with what else the register knows of the identifier."""
    variant = count = date = None
    others = [kind for kind in IdentifierKind if kind not in fitting]
    for kind in others:
        rows = index.rows(kind, identifier_class(kind).compact(value))
        if len(rows):
            variant, count = str(kind), len(rows)
            break
    else:
        if not named and value in index.municipalities():
            variant = "municipality"
    if variant is None and IdentifierKind.CVR_NUMBER in fitting:
        variant, count = str(IdentifierKind.CVR_NUMBER), len(index.rows(IdentifierKind.CVR_NUMBER, value))
    if variant is None and IdentifierKind.SHAK_CODE in fitting:
        retired = index.shak_retired(ShakCode.compact(value))
        if retired is not None:
            variant, date = "retired", retired.isoformat()
        elif index.shak_periods(ShakCode.compact(value)):
            variant = "shak-register"
    if variant is None and IdentifierKind.PROVIDER_NUMBER in fitting:
        ceased = index.provider_ceased(ProviderNumber.compact(value))
        if ceased is not None and ceased < index.snapshot_date:
            variant, date = "ceased", ceased.isoformat()
    return raw_finding(levels_of(policy), "recipient-unknown", text, fitting, variant, count, date)
