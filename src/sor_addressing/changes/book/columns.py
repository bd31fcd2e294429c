"""Which column of an address book is which: by its header, in Danish or English, or named by the caller."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from sor_addressing.changes.book.entries import FIELDS, IDENTIFIERS, KEY, NAME
from sor_addressing.errors import AddressBookError, PolicyError
from sor_addressing.extracts.tables.headers import normalise
from sor_addressing.hiding import shown
from sor_addressing.shipped import shipped_toml

_FIRST_DECIDES = (KEY, NAME)
_MOST_SHOWN = 30
_DIGITS_OF_AN_ENTRY = 4


def check_named(columns: Mapping[str, str] | None) -> dict[str, str]:
    """The columns that the caller names, field to header.

    Raises:
        PolicyError: a field is none, or a header is named for two of them.
    """
    named = dict(columns or {})
    for field, header in named.items():
        if field not in FIELDS:
            raise PolicyError(f"columns names {field!r}, which is no field of an address book: use {', '.join(FIELDS)}")
        if not header.strip():
            raise PolicyError(f"columns names no header for {field}: give the text that stands above the column")
        named[field] = header.strip()
    if len(set(named.values())) < len(named):
        raise PolicyError("columns names one header for two fields: a column can be only one of them")
    return named


def columns_of(
    header: Sequence[str], named: Mapping[str, str], *, file: str | None, line: int | None, by_name: bool = False
) -> dict[str, int]:
    """Field to position in ``header``; with ``by_name`` a book of names alone will do.

    Raises:
        AddressBookError: a column that is named is missing, one stands there twice, or there is none to resolve or search by.
    """
    found: dict[str, int] = {}
    for field, wanted in named.items():
        positions = [at for at, head in enumerate(header) if head == wanted]
        if len(positions) != 1:
            seen = "no column" if not positions else f"{len(positions)} columns"
            raise AddressBookError(
                f"there is {seen} {wanted!r}, which is named as {field}; {_there_are(header)}", file=file, line=line
            )
        found[field] = positions[0]
    words = [normalise(head) for head in header]
    for field, aliases in _aliases().items():
        if field in found:
            continue
        positions = [at for at, word in enumerate(words) if word in aliases and at not in found.values()]
        if field in _FIRST_DECIDES and positions:
            first = min((words[at] for at in positions), key=aliases.index)
            positions = [at for at in positions if words[at] == first]
        if len(positions) > 1:
            heads = ", ".join(shown(header[at]) for at in positions)
            raise AddressBookError(
                f"{len(positions)} columns could be {field} ({heads}): name the right one, columns={{{field!r}: …}}",
                file=file,
                line=line,
            )
        if positions:
            found[field] = positions[0]
    if not any(kind in found for kind in IDENTIFIERS) and not (by_name and NAME in found):
        raise AddressBookError(
            f"no column has identifiers: name one as {', '.join(IDENTIFIERS)}; {_there_are(header)}",
            file=file,
            line=line,
        )
    return found


def _there_are(header: Sequence[str]) -> str:
    if any(sum(map(str.isdigit, head)) >= _DIGITS_OF_AN_ENTRY for head in header):
        # What stands there may be anybody's name.
        return "the first line looks like an entry; put the names of the columns above it"
    heads = [shown(head) for head in header[:_MOST_SHOWN]]
    more = ", …" if len(header) > len(heads) else ""
    return f"the columns are: {', '.join(heads)}{more}"


@cache
def _aliases() -> dict[str, list[str]]:
    table = shipped_toml("sor_addressing.changes", "data", "book.toml")
    return {field: [normalise(alias) for alias in aliases] for field, aliases in table.items()}
