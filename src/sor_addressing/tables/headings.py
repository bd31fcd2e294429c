"""What the header of a table of traffic says: which column is which, and which kind of identifier stands in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from sor_addressing.extracts.tables.headers import normalise
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.shipped import shipped_toml

RECIPIENT, MESSAGE_TYPE = "recipient", "message_type"

_LONG = 6
"""So many letters a header has that is known inside of another one too."""


def aliases(field: str) -> Sequence[str]:
    """The usual headers of a field, normalised, the one that decides first."""
    return _data()["headers"][field]


def kind_of_header(header: str) -> IdentifierKind | None:
    """Which kind of identifier a column holds by its header; None where that says none, or several.

    >>> kind_of_header("Modtagers ydernummer")
    <IdentifierKind.PROVIDER_NUMBER: 'provider_number'>
    >>> kind_of_header("recipient") is None
    True
    """
    word = normalise(header)
    kinds = _data()["kinds"]
    exact = [kind for kind, words in kinds.items() if word in words]
    inside = [kind for kind, words in kinds.items() if any(len(one) >= _LONG and one in word for one in words)]
    found = exact or inside
    return IdentifierKind(found[0]) if len(found) == 1 else None


@cache
def _data() -> Mapping[str, Mapping[str, Sequence[str]]]:
    tables = shipped_toml("sor_addressing.tables", "data", "traffic.toml")
    return {
        table: {field: [normalise(word) for word in words] for field, words in fields.items()}
        for table, fields in tables.items()
    }
