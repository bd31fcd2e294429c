"""What a converted book remembers of each entry, in a column of its own: what it was converted to, and what stood in the cells that changed.

``sor_code+ 9000311000016009: provider_number=990001`` is an entry that got that SOR code, ``+`` says that the column of SOR codes was added. As
long as the code stands there and the cells that were emptied are empty, nobody has changed the entry since, and it can be put back.
What stood in a cell is kept as the file wrote it, quotes included, so that going back gives the old file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import quote, unquote

from sor_addressing.cells import plain_cell
from sor_addressing.changes.book.entries import IDENTIFIERS
from sor_addressing.changes.review.conversion import CONVERTED_KINDS
from sor_addressing.identifiers import IdentifierKind

_PLAIN = ' "-+|:{}[]'
_BY_NAME = {str(kind): kind for kind in IDENTIFIERS}


class Trace(NamedTuple):
    """What an entry was before it was converted.

    Attributes:
        to: what it was converted to.
        is_new: whether the column of that was added to the book.
        value: the identifier that it has since then.
        cells: the cells that changed, as the file had them.
    """

    to: IdentifierKind
    is_new: bool
    value: str
    cells: Mapping[IdentifierKind, str]


def written(trace: Trace) -> str:
    """A trace as the text of a cell.

    >>> written(Trace(IdentifierKind.LOCATION_NUMBER, True, "5790999000314", {IdentifierKind.PROVIDER_NUMBER: '="990001"'}))
    'location_number+ 5790999000314: provider_number=%3D"990001"'
    """
    # Whoever reads the cell takes blanks at its ends away.
    told = "; ".join(
        f"{kind}={quote(text, safe=_PLAIN if text == text.strip() else _PLAIN.lstrip())}"
        for kind, text in trace.cells.items()
    )
    return f"{trace.to}{'+' * trace.is_new} {trace.value}: {told}".rstrip()


def read(text: str) -> Trace | None:
    """The trace in a cell; None where it is none, or somebody has changed it beyond reading."""
    head, colon, told = text.partition(":")
    name, _, value = head.strip().partition(" ")
    kind = _BY_NAME.get(name.rstrip("+"))
    if not colon or kind not in CONVERTED_KINDS:
        return None
    cells: dict[IdentifierKind, str] = {}
    for part in filter(None, told.strip().split("; ")):
        of, equals, seen = part.partition("=")
        field = _BY_NAME.get(of)
        if field is None or not equals:
            return None
        cells[field] = unquote(seen)
    return Trace(kind, name.endswith("+"), value.strip(), cells)


def text_of_cell(written_cell: str) -> str:
    """What stands in a cell that is kept as the file wrote it.

    >>> text_of_cell('"990001"'), text_of_cell('="0099"'), text_of_cell("990001")
    ('990001', '0099', '990001')
    """
    text = written_cell.strip()
    if len(text) > 1 and text.startswith('"') and text.endswith('"'):
        text = text[1:-1].replace('""', '"')
    return plain_cell(text.strip())
