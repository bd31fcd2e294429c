"""What can be done with the units of a register: how many are usable, named and found, and what can be delivered to them.

Counts of units say nothing of that: a file that reads well can leave nobody reachable, because a column has another name or a date another form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sor_addressing.addressing.policy import DEFAULT_POLICY
from sor_addressing.addressing.usable import Usable
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.index.columns import NOTHING
from sor_addressing.register.inside import index_of

if TYPE_CHECKING:
    from sor_addressing.register.face import Register

USABLE, NAMED, DELIVERABLE = "usable_units", "named_units", "deliverable_types"
PROVIDERS, SHAK_CODES, PLACED, TYPED = "provider_numbers", "shak_codes", "units_with_municipality", "units_with_type"


def reach_of(register: Register) -> dict[str, int]:
    """How many units can be used on the register's own day, are named, and can be found by what.

    ``deliverable_types`` are the message types that can be delivered to the numbers of usable units, all counts added up.
    """
    from sor_addressing.index.packed import texts

    index = index_of(register)
    columns = index.columns
    rows = range(len(index))
    usable, _ = Usable(index, index.snapshot_day, DEFAULT_POLICY).divide(rows)
    take = texts("name", "types")
    named = typed = 0
    for row in rows:
        name, types = take(index.packed(row))
        named += bool(name.strip())
        typed += bool(types)
    numbers = {columns.location_number[columns.unit_location[row]] for row in usable}
    sets = [columns.number_set[number] for number in numbers]
    return {
        USABLE: len(usable),
        NAMED: named,
        PROVIDERS: index.count(IdentifierKind.PROVIDER_NUMBER),
        SHAK_CODES: index.count(IdentifierKind.SHAK_CODE),
        PLACED: sum(text > 0 for text in columns.unit_municipality),
        TYPED: typed,
        DELIVERABLE: sum(index.masks(one).receives.bit_count() for one in sets if one != NOTHING),
    }
