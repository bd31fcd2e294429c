"""What none of the loaded files can say: it is neither so nor not so, and answers say that it is not known."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sor_addressing.addressing.kinds import CLOSED_UNITS
from sor_addressing.extracts.detect import Content
from sor_addressing.extracts.facts import not_known
from sor_addressing.loading.recognising import UNITS


def facts_not_known(
    units: Content,
    loaded: Iterable[Content],
    *,
    found_columns: Mapping[Content, Collection[str]],
    has_closed_units: bool,
) -> frozenset[str]:
    """The facts, by their names in ``facts.csv``, that none of the files tells.

    Args:
        units: the file that the units are from; other files with units are compared only.
        loaded: every file.
        found_columns: of each table the fields that have a column: what a table lacks it does not tell.
        has_closed_units: whether the file with the units has any that is closed.
    """
    told = [units, *(content for content in loaded if content not in UNITS)]
    columns = {content.name.lower(): fields for content, fields in found_columns.items()}
    missing = frozenset(not_known((content.name.lower() for content in told), columns))
    return missing if has_closed_units else missing | {CLOSED_UNITS}
