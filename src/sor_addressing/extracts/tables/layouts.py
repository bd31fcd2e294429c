"""Which of the published tables a header belongs to.

The header decides: a table fits a layout where it has the required fields and none that shows another table, and of two
layouts that fit, the one that understands every column the other does and more, or demands more of them. Words that any table
may have (*kode*, *navn*) are not enough; there the file's name may confirm what the header allows. It decides between equals
too, and never alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from sor_addressing.errors import ExtractError
from sor_addressing.extracts.tables.headers import ColumnMap, Layout, column_table, layouts, match_columns, normalise
from sor_addressing.hiding import shown
from sor_addressing.written_data.tables import WrittenTable

__all__ = ["has_name_of", "table_content"]

_CODES = ("message_type", "message_version")
# With codes the table says all by itself; with identifiers alone it needs the list of message types.
_WITH_CODES, _WITH_IDENTIFIERS = "message_types", "location_message_types"


@attrs.frozen(slots=True)
class _Candidate:
    layout: Layout
    understood: frozenset[int]
    has_codes: bool
    has_name: bool
    is_called: bool


def table_content(header: Sequence[str], *, file: str, columns: ColumnMap | None = None) -> str | None:
    """Name of the layout that a table with this header has; None where it fits none.

    Args:
        header: the cells of the header.
        file: the file's name, also one inside an archive (``a.zip!b.csv``); used in errors, and to decide between equals.
        columns: the caller's map of columns. A table in it under a layout's name, whose headers are all there, says which
            layout the file has.

    Raises:
        ExtractError: the header fits several layouts, or fits by words alone that any table may have.
        PolicyError: ``columns`` names what doesn't exist.

    >>> table_content(["SHAK", "SOR-kode", "Fra dato"], file="a.csv")
    'shak_map'
    >>> table_content(["Navn", "Farve"], file="a.csv") is None
    True
    """
    given = None if columns is None else column_table(columns)
    if given is not None:
        # Says whether the map itself is in order, whichever layout the table turns out to have.
        _check_map(header, given, file)
    fitting = [found for layout in layouts().values() if (found := _candidate(header, layout, file, given))]
    if not fitting:
        return None
    called = [found for found in fitting if found.is_called]
    candidates = called or [
        found for found in fitting if found.has_name or found.layout.is_marked_by(header, _mapped(given, found.layout))
    ]
    if not candidates:
        raise _too_plain(header, fitting, file)
    best = [found for found in candidates if not any(_is_outdone(found, other) for other in candidates)]
    if len(best) > 1 and (named := [found for found in best if found.has_name]):
        best = named
    names = [found.layout.name for found in best]
    if names == [_WITH_CODES, _WITH_IDENTIFIERS]:
        return _WITH_CODES if best[0].has_codes else _WITH_IDENTIFIERS
    if len(best) > 1:
        raise _ambiguous(header, best, file)
    return names[0]


def has_name_of(file: str, layout: Layout) -> bool:
    """Whether ``file`` is called as the published file is: in any case, with or without its plurals and a day.

    >>> has_name_of("SOR_complete.zip!LocationCode_20260115.CSV", layouts()["locations"])
    True
    """
    return _plain_name(file) in map(_plain_name, layout.files)


def _plain_name(file: str) -> str:
    name = file.replace("\\", "/").rpartition("/")[2].rpartition("!")[2].partition(".")[0]
    return "".join(char for char in name.casefold() if char.isalpha() and char != "s")


def _candidate(header: Sequence[str], layout: Layout, file: str, columns: WrittenTable | None) -> _Candidate | None:
    mapped = _mapped(columns, layout)
    if not layout.fits(header, mapped):
        return None
    cells = [normalise(cell) for cell in header]
    fields = {n: field for n, cell in enumerate(cells) if (field := mapped.get(cell) or layout.aliases.get(cell))}
    own = columns.values.get(layout.name) if columns is not None else None
    return _Candidate(
        layout,
        frozenset(fields),
        not set(_CODES).isdisjoint(fields.values()),
        has_name_of(file, layout),
        isinstance(own, Mapping) and bool(own) and {normalise(text) for text in own.values()} <= set(cells),
    )


def _mapped(columns: WrittenTable | None, layout: Layout) -> dict[str, str]:
    """Normalised header to field, as the caller maps them for any table and for this one."""
    if columns is None:
        return {}
    given = columns.values
    own = given.get(layout.name)
    everywhere = {normalise(text): field for field, text in given.items() if isinstance(text, str)}
    return everywhere | ({normalise(text): field for field, text in own.items()} if isinstance(own, Mapping) else {})


def _check_map(header: Sequence[str], columns: WrittenTable, file: str) -> None:
    for name in layouts():
        try:
            match_columns(header, name, file=file, columns=columns)
        except ExtractError:
            continue


def _is_outdone(found: _Candidate, other: _Candidate) -> bool:
    """Whether another layout understands every column that this one does, and more; or just those, and demands more of them."""
    if {found.layout.name, other.layout.name} == {_WITH_CODES, _WITH_IDENTIFIERS}:
        return False
    if found.understood == other.understood:
        return len(found.layout.required) < len(other.layout.required)
    return found.understood < other.understood


def _too_plain(header: Sequence[str], fitting: Sequence[_Candidate], file: str) -> ExtractError:
    return ExtractError(
        f"not recognised: it might be {_listed(fitting)}, but its header has only words that any table may have: "
        f"{_as_read(header)}. {_how_to_say(fitting)}",
        file=file,
    )


def _ambiguous(header: Sequence[str], best: Sequence[_Candidate], file: str) -> ExtractError:
    return ExtractError(
        f"not recognised: its header fits {_listed(best)} alike: {_as_read(header)}. {_how_to_say(best)}", file=file
    )


def _listed(candidates: Sequence[_Candidate]) -> str:
    names = [f"{found.layout.files[0]} ({found.layout.name})" for found in candidates]
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _how_to_say(candidates: Sequence[_Candidate]) -> str:
    layout = candidates[0].layout
    example = ", ".join(f'"{demand[0]}": "..."' for demand in layout.required)
    return (
        f"Give it the published file's name, or say which it is by its columns, for {layout.name} so: "
        f'columns={{"{layout.name}": {{{example}}}}}'
    )


def _as_read(header: Sequence[str]) -> str:
    return ", ".join(repr(shown(cell)) for cell in header[:20])
