"""Which column of a table is which: headers matched with a table of aliases that is data, and with a caller's own map.

A *layout* is what one table holds: its required and optional fields. Nothing is guessed: a required field without a
column, or a field with two, is an error that says how the caller names the column.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import attrs

from sor_addressing.errors import ExtractError, PolicyError
from sor_addressing.hiding import shown
from sor_addressing.shipped import shipped_toml
from sor_addressing.written_data.tables import WrittenTable
from sor_addressing.written_data.toml_files import read_toml

__all__ = [
    "ColumnMap",
    "ColumnMatch",
    "Layout",
    "cell_words",
    "column_table",
    "layout_named",
    "layouts",
    "match_columns",
    "normalise",
]

ColumnMap = Mapping[str, str | Mapping[str, str]] | str | os.PathLike[str]
"""A caller's map from field to header text, maps for one layout under the layout's name; or a TOML file with it."""

_DANISH_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})


@attrs.frozen(slots=True)
class Layout:
    """What one table holds.

    Attributes:
        name: name in ``columns.toml``, as a caller's map uses it.
        required: demands; of each at least one field must have a column.
        fields: all fields that are read.
        known: fields that are recognised and not read.
        never: fields that show that a table is another one.
        foreign: normalised headers that show it too.
        marks: further demands, of a header by which a table is recognised; met only by the aliases that hold in every table.
        files: names that the published file has; they decide nothing alone.
        aliases: normalised header to field.
    """

    name: str
    required: tuple[tuple[str, ...], ...]
    fields: tuple[str, ...]
    known: tuple[str, ...]
    never: tuple[str, ...]
    foreign: tuple[str, ...]
    marks: tuple[tuple[str, ...], ...]
    files: tuple[str, ...]
    aliases: Mapping[str, str] = attrs.field(hash=False)

    def fields_in(self, header: Iterable[str]) -> frozenset[str]:
        """The fields of this layout that ``header`` has a column for, ambiguous or not."""
        return frozenset(filter(None, (self.aliases.get(normalise(cell)) for cell in header)))

    def is_met_by(self, header: Sequence[str]) -> bool:
        """Whether ``header`` has every required field and mark, and none that shows another table."""
        return self.fits(header) and self.is_marked_by(header)

    def fits(self, header: Sequence[str], mapped: Mapping[str, str] | None = None) -> bool:
        """Whether ``header`` has every required field, and none that shows another table.

        Args:
            header: the cells of the header.
            mapped: normalised headers to fields, of this layout or another, as a caller maps them; they go before the aliases.
        """
        own = mapped or {}
        cells = list(map(normalise, header))
        found = {own.get(cell) or self.aliases.get(cell) for cell in cells}
        strangers = {alias for field in self.never for alias in _data()["aliases"][field]}.union(self.foreign)
        return all(found.intersection(demand) for demand in self.required) and not any(
            own[cell] in self.never if cell in own else cell in strangers for cell in cells
        )

    def is_marked_by(self, header: Sequence[str], mapped: Mapping[str, str] | None = None) -> bool:
        """Whether ``header`` has what sets this table apart, in words that are no other's; arguments as in :meth:`fits`."""
        own = mapped or {}
        cells = set(map(normalise, header))
        return all(
            any(not cells.isdisjoint(_data()["aliases"][field]) for field in demand)
            or any(own.get(cell) in demand for cell in cells)
            for demand in self.marks
        )


@attrs.frozen(slots=True)
class ColumnMatch:
    """Where the fields of a layout stand in a table.

    Attributes:
        positions: field to position of its column, from 0.
        unknown: headers of columns that were not recognised.
        missing: fields of the layout without a column.
    """

    positions: Mapping[str, int] = attrs.field(hash=False)
    unknown: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def normalise(header: str) -> str:
    """The header as it is compared: lower case, æ ø å spelt out, nothing but letters and digits.

    >>> normalise("Gældende fra-dato"), normalise("EDI_type (kode)")
    ('gaeldendefradato', 'editypekode')
    """
    text = unicodedata.normalize("NFKC", header).lower().translate(_DANISH_LETTERS)
    return "".join(filter(str.isalnum, text))


def layouts() -> Mapping[str, Layout]:
    """Every layout by its name."""
    return _layouts()


def layout_named(name: str) -> Layout:
    """The layout with this name.

    Raises:
        KeyError: there is none.
    """
    return _layouts()[name]


def cell_words(kind: str) -> frozenset[str]:
    """The normalised words that mean ``kind`` in a cell: ``send``, ``yes``, ``inherited`` and so on, as ``columns.toml`` lists."""
    return frozenset(_data()["cells"][kind])


def match_columns(
    header: Sequence[str],
    layout: str,
    *,
    file: str,
    columns: ColumnMap | WrittenTable | None = None,
    line: int | None = None,
) -> ColumnMatch:
    """Find the column of each field of a layout.

    Args:
        header: the cells of the header.
        layout: name of the layout, such as ``message_types``.
        file: name used in errors.
        columns: the caller's map, which goes before the aliases: field to header text, or the path of a TOML file with
            a table ``[columns]``. A table inside it with a layout's name is for that layout alone; of the other
            entries, fields that this layout does not have are passed over.
        line: line of the header, used in errors.

    Raises:
        ExtractError: a required field has no column, a field has two, or the map names a header that isn't there.
        PolicyError: the map names a field or layout that doesn't exist, or its file can't be read.

    >>> match_columns(["EAN", "EDI-type", "Farve"], "message_types", file="edi.csv").positions
    {'location_number': 0, 'message_type': 1}
    """
    wanted = layout_named(layout)
    positions: dict[str, int] = {}
    for field, text in _chosen(columns, wanted).items():
        positions[field] = _position_of(text, field, header, file, line)
    chosen = frozenset(positions.values())
    fits: dict[str, list[int]] = {}
    unknown = []
    for position, cell in enumerate(header):
        if position in chosen or not cell:
            continue
        field_found = wanted.aliases.get(normalise(cell))
        if field_found is None or field_found in positions:
            unknown.append(shown(cell))
        elif field_found in wanted.fields:
            fits.setdefault(field_found, []).append(position)
    for field, found in fits.items():
        if len(found) > 1:
            raise _two_columns(field, [header[position] for position in found], file, line)
    positions.update((field, found[0]) for field, found in fits.items())
    demands = [demand for demand in wanted.required if not any(field in positions for field in demand)]
    if demands:
        raise _no_column(demands, header, file, line)
    in_order = {field: positions[field] for field in wanted.fields if field in positions}
    missing = tuple(field for field in wanted.fields if field not in positions)
    return ColumnMatch(in_order, tuple(unknown), missing)


def _position_of(text: str, field: str, header: Sequence[str], file: str, line: int | None) -> int:
    exact = [position for position, cell in enumerate(header) if cell == text.strip()]
    found = exact or [position for position, cell in enumerate(header) if cell and normalise(cell) == normalise(text)]
    if len(found) == 1:
        return found[0]
    # A map for any table may well be meant for another one.
    hint = (
        "" if found else f'. For one table alone, name it there: columns={{"<layout>": {{"{field}": "{shown(text)}"}}}}'
    )
    times = "is there more than once" if found else "is not there"
    raise ExtractError(
        f"the column {shown(text)!r}, named for {field} by columns=, {times}; the header reads: {_as_read(header)}{hint}",
        file=file,
        line=line,
    )


def _two_columns(field: str, cells: Sequence[str], file: str, line: int | None) -> ExtractError:
    return ExtractError(
        f"{len(cells)} columns fit {field}: {_as_read(cells)}. "
        f'Say which one it is: columns={{"{field}": "{shown(cells[0])}"}}',
        file=file,
        line=line,
    )


def _no_column(demands: Sequence[tuple[str, ...]], header: Sequence[str], file: str, line: int | None) -> ExtractError:
    fields = ", ".join(" or ".join(demand) for demand in demands)
    example = ", ".join(f'"{demand[0]}": "..."' for demand in demands)
    in_toml = ", ".join(f'{demand[0]} = "..."' for demand in demands)
    return ExtractError(
        f"no column for {fields}. The header reads: {_as_read(header)}. "
        f"If it is the right file, name the columns: columns={{{example}}}, "
        f"or columns= with the path of a TOML file that has {in_toml} under [columns]",
        file=file,
        line=line,
    )


def _as_read(cells: Sequence[str]) -> str:
    first = ", ".join(repr(shown(cell)) for cell in cells[:40])
    return first if len(cells) <= 40 else f"{first} and {len(cells) - 40} more"


def _chosen(columns: ColumnMap | WrittenTable | None, layout: Layout) -> dict[str, str]:
    """The part of the caller's map that is for this layout."""
    if columns is None:
        return {}
    table = column_table(columns)
    everywhere = {field for other in _layouts().values() for field in (*other.fields, *other.known)}
    chosen: dict[str, str] = {}
    for key in table.only(*sorted(everywhere), *_layouts()):
        if key not in _layouts():
            header = table.text(key)
            if key in layout.fields:
                chosen.setdefault(key, header)
        elif key == layout.name:
            own = table.table(key).only(*sorted(layout.fields))
            chosen.update({field: own.text(field) for field in own})
    return chosen


def column_table(columns: ColumnMap | WrittenTable) -> WrittenTable:
    """The caller's map as a table of which every value can be asked for, read from its file where it is one.

    Raises:
        PolicyError: the file can't be read, or it is no map.
    """
    if isinstance(columns, WrittenTable):
        return columns
    if isinstance(columns, Mapping):
        return WrittenTable(columns, "columns=", PolicyError)
    if not isinstance(columns, (str, os.PathLike)):
        raise PolicyError(
            f"columns= is {type(columns).__name__}: give a map from field to header, or the path of one in TOML"
        )
    read = read_toml(columns, PolicyError)
    if set(read) != {"columns"}:
        raise read.fault('a column map has one table, [columns], with lines such as  location_number = "..."')
    return read.table("columns")


@cache
def _layouts() -> dict[str, Layout]:
    data = _data()
    found = {}
    for name, entry in data["layouts"].items():
        required = tuple(tuple(demand) for demand in entry["required"])
        fields = tuple(dict.fromkeys([field for demand in required for field in demand] + entry["optional"]))
        aliases = {alias: field for field in (*fields, *entry["known"]) for alias in data["aliases"][field]}
        for field, more in entry.get("aliases", {}).items():
            aliases.update(dict.fromkeys(more, field))
        known, never, foreign = (tuple(entry.get(key, ())) for key in ("known", "never", "foreign"))
        marks = tuple(tuple(demand) for demand in entry.get("marks", ()))
        found[name] = Layout(name, required, fields, known, never, foreign, marks, tuple(entry["files"]), aliases)
    return found


@cache
def _data() -> dict[str, dict[str, Any]]:
    return shipped_toml("sor_addressing.extracts", "data", "columns.toml")
