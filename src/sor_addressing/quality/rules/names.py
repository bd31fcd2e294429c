"""Rules on what units are called."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from sor_addressing.index.columns import NOTHING
from sor_addressing.quality.defining import rule
from sor_addressing.quality.scope import AuditScope, Seen
from sor_addressing.search.words.folding import words_in

_MOST_NAMED = 5


@rule("same-name-in-municipality", "info", needs=("municipalities", "location numbers"))
def same_name_in_municipality(scope: AuditScope) -> Iterator[Seen]:
    """Several units in force in one municipality have the same everyday name and different location numbers.

    Names are the same where only case, accents, punctuation and the Danish letters' spelling differ. All units of the register are compared,
    those looked at are told.

    Source: municipalities, which ask for names as people say them: people choose recipients by name.
    """
    columns, index = scope.columns, scope.index
    named: dict[tuple[int, str], list[int]] = defaultdict(list)
    for row, location in enumerate(columns.unit_location):
        municipality = columns.unit_municipality[row]
        if location != NOTHING and municipality and scope.unit_is_in_force(row):
            named[municipality, _everyday(index.name(row))].append(row)
    alike: dict[int, list[int]] = {}
    for rows in named.values():
        if len({columns.location_number[columns.unit_location[row]] for row in rows}) > 1:
            alike.update(dict.fromkeys(rows, rows))
    for row in scope.rows:
        rows = alike.get(row, [])
        number = columns.location_number[columns.unit_location[row]] if rows else NOTHING
        others = [other for other in rows if columns.location_number[columns.unit_location[other]] != number]
        if others:
            details = {
                "count": len(others),
                "others": tuple(map(index.sor_code, others[:_MOST_NAMED])),
                "municipality": index.text(columns.unit_municipality[row]),
            }
            yield Seen(row, number, details)


def _everyday(name: str) -> str:
    return " ".join(word.folded for word in words_in(name))


RULES = (same_name_in_municipality,)
