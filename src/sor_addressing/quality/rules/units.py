"""Rules on units: how they inherit, and what other registers say of them."""

from __future__ import annotations

from collections.abc import Iterator

from sor_addressing.identifiers import PROVIDER_DIGITS, IdentifierKind, ProviderNumber
from sor_addressing.index.columns import LOCATION_BROKEN, LOCATION_INHERITED, NOTHING, PROVIDER_CEASED
from sor_addressing.index.succession import successors
from sor_addressing.index.unit import day_of
from sor_addressing.quality.defining import rule
from sor_addressing.quality.scope import AuditScope, Seen

_DUPLICATE = "99"
_MOST_NAMED = 5
_INHERITANCE = "inheritance of location numbers"


@rule("inheritance-broken", "error", needs=(_INHERITANCE, "tree"))
def inheritance_broken(scope: AuditScope) -> Iterator[Seen]:
    """A unit that has not closed says that it inherits its location number, and there is none above to inherit.

    Source: the shape of SOR (*EntityInheritedIndicator*): the number comes from the unit above.
    """
    states = scope.columns.unit_location_state
    for row in scope.rows:
        if states[row] == LOCATION_BROKEN and not scope.unit_is_closed(row):
            yield Seen(row, NOTHING, {})


@rule("inherits-despite-own-provider-number", "warning", needs=(_INHERITANCE, "provider numbers"))
def inherits_despite_own_provider_number(scope: AuditScope) -> Iterator[Seen]:
    """A unit in force has a provider number that the owner of its location number has not, and inherits the number all the same.

    Source: a supplier's check, which found the unit with the inherited number when the provider number was the identifier.
    """
    columns, index = scope.columns, scope.index
    looked_at = _Members(scope)
    for position in range(len(columns.provider_key)):
        rows = index.rows_at(IdentifierKind.PROVIDER_NUMBER, position)
        having = set(rows)
        for row in rows:
            if (
                columns.unit_location_state[row] == LOCATION_INHERITED
                and row in looked_at
                and scope.unit_is_in_force(row)
            ):
                location = columns.unit_location[row]
                owner = columns.location_owner[location]
                if owner not in having:
                    number = columns.location_number[location]
                    details = {"provider_number": index.record(row).provider_number, "owner": index.sor_code(owner)}
                    yield Seen(row, number, details)


@rule("provider-number-marked-duplicate", "warning", needs=("provider numbers",))
def provider_number_marked_duplicate(scope: AuditScope) -> Iterator[Seen]:
    """A unit that has not closed has a provider number with 99 in front of another one: the register's own mark of a duplicate.

    Eight digits that begin with 99 are always such a mark, for a provider number has six. A shorter one is, where the register has a unit with
    what stands behind the 99, zeros in front of it or not; a number of six digits that merely begins with 99 is none.

    Source: the publisher's note of December 2018: duplicates of provider numbers got 99 in front, so that searches for the number pass them by.
    """
    index = scope.index
    looked_at = _Members(scope)
    for position, number in enumerate(index.keys(IdentifierKind.PROVIDER_NUMBER)):
        original = _marked_duplicate_of(number)
        having = index.rows(IdentifierKind.PROVIDER_NUMBER, original) if original else ()
        if not original or not (len(having) or len(number) == len(_DUPLICATE) + PROVIDER_DIGITS):
            continue
        details = {
            "provider_number": number,
            "original": original,
            "count": len(having),
            "others": tuple(map(index.sor_code, having[:_MOST_NAMED])),
        }
        for row in index.rows_at(IdentifierKind.PROVIDER_NUMBER, position):
            if row in looked_at and not scope.unit_is_closed(row):
                yield Seen(row, NOTHING, details)


def _marked_duplicate_of(number: str) -> str:
    """The provider number that 99 was put in front of; empty where it can't be."""
    rest = number.removeprefix(_DUPLICATE)
    original = ProviderNumber.compact(rest) if rest != number and rest.isdigit() else ""
    return original if len(original) == PROVIDER_DIGITS else ""


@rule("provider-ceased-unit-open", "warning", needs=("ceased provider numbers", "provider numbers"))
def provider_ceased_unit_open(scope: AuditScope) -> Iterator[Seen]:
    """The provider register has ceased the unit's provider number, and the unit has not closed.

    Source: the eastern regions: practices that are closed but not closed in SOR; the provider register knows.
    """
    columns, index = scope.columns, scope.index
    for row in scope.rows:
        if not columns.unit_flags[row] & PROVIDER_CEASED or scope.unit_is_closed(row):
            continue
        number = index.record(row).provider_number
        last_day = index.provider_ceased(number)
        if last_day is not None and last_day < scope.on:
            yield Seen(row, NOTHING, {"provider_number": number, "last_day": last_day})


@rule(
    "shak-code-without-successor",
    "warning",
    needs=("SHAK codes", "closed units", "periods of units", "successors"),
)
def shak_code_without_successor(scope: AuditScope) -> Iterator[Seen]:
    """Every unit with a SHAK code has closed, and none of them leads to a successor in force. Told of the one that closed last.

    Source: SHAK is being phased out; old identifiers in patient records lead on by SOR's successors alone.
    """
    columns, index = scope.columns, scope.index
    looked_at = _Members(scope)
    for position in range(len(columns.shak_key)):
        rows = index.rows_at(IdentifierKind.SHAK_CODE, position)
        if not all(map(scope.unit_is_closed, rows)):
            continue
        if any(successors(index, row, scope.day).end in ("certain", "several") for row in rows):
            continue
        last = max(rows, key=lambda row: (columns.unit_to[row], -row))
        if last in looked_at:
            code = index.text_of_key(columns.shak_key[position])
            yield Seen(last, NOTHING, {"shak_code": code, "last_day": day_of(columns.unit_to[last])})


@rule("shak-code-without-unit", "info", needs=("names of SHAK codes", "SHAK codes"))
def shak_code_without_unit(scope: AuditScope) -> Iterator[Seen]:
    """The SHAK register has a code in use that no unit of SOR has. Looked at where no filter is given.

    Source: SHAK is being phased out: each of its codes should have a unit in SOR.
    """
    columns, index = scope.columns, scope.index
    if not scope.everything:
        return
    told: set[int] = set()
    for at, key in enumerate(columns.shak_period_key):
        in_use = columns.shak_period_from[at] <= scope.day <= columns.shak_period_to[at]
        if not in_use or key in told:
            continue
        code = index.text_of_key(key)
        if not len(index.rows(IdentifierKind.SHAK_CODE, code)):
            told.add(key)
            name = index.text(columns.shak_period_name[at])
            yield Seen(NOTHING, NOTHING, {"shak_code": code, "name": name})


class _Members:
    """Which rows are looked at, quick to look one up in."""

    def __init__(self, scope: AuditScope) -> None:
        self._rows = None if scope.everything else frozenset(scope.rows)

    def __contains__(self, row: int) -> bool:
        return self._rows is None or row in self._rows


RULES = (
    inheritance_broken,
    inherits_despite_own_provider_number,
    provider_number_marked_duplicate,
    provider_ceased_unit_open,
    shak_code_without_successor,
    shak_code_without_unit,
)
