"""How the header of one table is understood: which table it is taken for, which column is which, and what is missing.

From that a caller makes the map that ``columns=`` takes, for a file whose headers are not known yet.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import StrEnum

import attrs

from sor_addressing.errors import ExtractError
from sor_addressing.extracts.detect import open_head
from sor_addressing.extracts.sources import name_of, source_files, type_of_source
from sor_addressing.extracts.tables.headers import ColumnMap, Layout, layout_named, layouts, match_columns, normalise
from sor_addressing.extracts.tables.layouts import has_name_of, table_content
from sor_addressing.hiding import shown

__all__ = ["ColumnUse", "DescribedColumn", "TableDescription", "describe_columns"]


class ColumnUse(StrEnum):
    """What becomes of a column."""

    READ = "read"
    LEFT_ALONE = "left-alone"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"


@attrs.frozen(slots=True)
class DescribedColumn:
    """One column: its header as read, the field that it is taken for, and what becomes of it.

    ``left-alone`` is recognised and not needed; of ``ambiguous`` ones several fit one field, and the caller must say which it is.
    """

    header: str
    field: str | None
    use: ColumnUse

    def to_dict(self) -> dict[str, object]:
        """Plain types, every field."""
        return {"header": self.header, "field": self.field, "use": self.use.value}


@attrs.frozen(slots=True)
class TableDescription:
    """How one table is understood.

    Attributes:
        file: name of the file.
        layout: the layout it is taken for, as ``columns.toml`` names it; None where no column is like those of any.
        delimiter: the delimiter found.
        columns: its columns, in the file's order.
        required: demands that no column meets; of each one field is needed.
        missing: other fields of the layout without a column, which are then not known.
    """

    file: str
    layout: str | None
    delimiter: str
    columns: tuple[DescribedColumn, ...]
    required: tuple[tuple[str, ...], ...]
    missing: tuple[str, ...]

    @property
    def is_understood(self) -> bool:
        """Whether the table can be read as it is."""
        ambiguous = any(column.use is ColumnUse.AMBIGUOUS for column in self.columns)
        return self.layout is not None and not self.required and not ambiguous

    def to_toml(self) -> str:
        """A file for ``columns=`` that says the same; what is open stands there as comments to be filled in."""
        lines = ["# Which column is which. Correct it, and give this file as columns= or --columns.", "[columns]"]
        if self.layout is not None:
            lines += ["", f"[columns.{self.layout}]"]
        used = [column for column in self.columns if column.use is ColumnUse.READ]
        lines += [f"{column.field} = {_quoted(column.header)}" for column in used]
        ambiguous = [column for column in self.columns if column.use is ColumnUse.AMBIGUOUS]
        if ambiguous:
            lines += ["", "# Several columns fit one field: keep the right one."]
            lines += [f"# {column.field} = {_quoted(column.header)}" for column in ambiguous]
        if self.required:
            lines += ["", "# Required, and without a column: name it."]
            lines += [f'# {field} = "..."' for demand in self.required for field in demand]
        if self.missing:
            lines += ["", "# Not found, and not known to readers of the file, then."]
            lines += [f'# {field} = "..."' for field in self.missing]
        unknown = [column for column in self.columns if column.use is ColumnUse.UNKNOWN]
        if unknown:
            lines += ["", "# Headers that are not recognised."]
            lines += [f"# {_quoted(column.header)}" for column in unknown]
        return "\n".join(lines) + "\n"

    def to_dict(self) -> dict[str, object]:
        """Plain types, every field."""
        return {
            "file": self.file,
            "layout": self.layout,
            "delimiter": self.delimiter,
            "understood": self.is_understood,
            "columns": [column.to_dict() for column in self.columns],
            "required": [list(demand) for demand in self.required],
            "missing": list(self.missing),
        }


def describe_columns(
    source: type_of_source, *, layout: str | None = None, columns: ColumnMap | None = None
) -> TableDescription:
    """How the header of the table in ``source`` is understood. Nothing but its first rows is read.

    Args:
        source: a path, bytes or an open binary file; an archive with one file in it.
        layout: the layout to take it for, as ``columns.toml`` names it; by default that of loading, else the one it is most like.
        columns: the caller's own map, as in ``Register.load(columns=…)``.

    Raises:
        ExtractError: there is no table in it, or several files.
        KeyError: no layout is called that.
        PolicyError: ``columns`` names what doesn't exist.

    >>> described = describe_columns(b"EAN;EDI-type;Farve\\n5790999000017;XDIS91;red\\n")
    >>> described.layout, [column.field for column in described.columns], described.is_understood
    ('message_types', ['location_number', 'message_type', None], True)
    """
    files = list(source_files(source))
    if len(files) != 1:
        raise ExtractError(f"holds {len(files)} files; give the one table to look at", file=name_of(source))
    with files[0].open() as stream:
        table = open_head(stream.head(), file=files[0].name)
    header = table.header
    chosen = layouts()[layout] if layout is not None else _taken_for(header, table.file, columns)
    if chosen is None:
        unknown = tuple(DescribedColumn(shown(cell, longest=200), None, ColumnUse.UNKNOWN) for cell in header)
        return TableDescription(table.file, None, table.delimiter, unknown, (), ())
    mapped = _mapped(header, chosen, table.file, columns)
    described = _described(header, chosen, mapped)
    found = {column.field for column in described if column.use in (ColumnUse.READ, ColumnUse.AMBIGUOUS)}
    required = tuple(demand for demand in chosen.required if not found.intersection(demand))
    demanded = {field for demand in chosen.required for field in demand}
    missing = tuple(field for field in chosen.fields if field not in found and field not in demanded)
    return TableDescription(table.file, chosen.name, table.delimiter, described, required, missing)


def _taken_for(header: Sequence[str], file: str, columns: ColumnMap | None) -> Layout | None:
    """The layout that loading takes the table for; where that takes it for none or can't tell, the one that it is most like."""
    try:
        name = table_content(header, file=file, columns=columns)
    except ExtractError:
        name = None
    return _most_like(header, file) if name is None else layout_named(name)


def _most_like(header: Sequence[str], file: str) -> Layout | None:
    """Of the layouts that the header meets the one with most fields there, else the one that the file is named for.

    Where the name says nothing either, it is the one with most fields there.
    """

    def fit(layout: Layout) -> tuple[bool, int]:
        return layout.is_met_by(header), len(layout.fields_in(header))

    best = max(layouts().values(), key=fit)
    if not fit(best)[0]:
        best = next((layout for layout in layouts().values() if has_name_of(file, layout)), best)
    return best if best.fields_in(header) else None


def _mapped(header: Sequence[str], layout: Layout, file: str, columns: ColumnMap | None) -> dict[int, str]:
    """Position of a column to the field that the caller has mapped it to."""
    if columns is None:
        return {}
    try:
        match = match_columns(header, layout.name, file=file, columns=columns)
    except ExtractError:
        # Something is missing or ambiguous, which is what the description is for.
        return {}
    return {position: field for field, position in match.positions.items()}


def _described(header: Sequence[str], layout: Layout, mapped: dict[int, str]) -> tuple[DescribedColumn, ...]:
    fields = [mapped.get(at) or layout.aliases.get(normalise(cell)) for at, cell in enumerate(header)]
    described = []
    for at, (cell, field) in enumerate(zip(header, fields, strict=True)):
        if field is None or (mapped and at not in mapped and field in mapped.values()):
            use, field = ColumnUse.UNKNOWN, None
        elif field not in layout.fields:
            use = ColumnUse.LEFT_ALONE
        elif at not in mapped and fields.count(field) > 1:
            use = ColumnUse.AMBIGUOUS
        else:
            use = ColumnUse.READ
        described.append(DescribedColumn(shown(cell, longest=200), field, use))
    return tuple(described)


def _quoted(text: str) -> str:
    # TOML's basic strings are written as JSON's are.
    return json.dumps(text, ensure_ascii=False)
