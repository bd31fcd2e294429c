"""Tables of units: ``sor.csv``, ``SorEntity_daily.csv``, ``SOREntity.csv`` and ``organisations.csv``, one record a row in the file's order.

Source: the headers and cells seen in public readers of the published files. What these tables don't say (whether an address is
inherited, what a unit replaces, where in the tree it lies geographically) is left unsaid in the records. Several rows of
one SOR code are all handed on: which of them counts is for those who join the files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import BinaryIO

from sor_addressing.errors import ExtractError
from sor_addressing.extracts.checks import Report
from sor_addressing.extracts.tables.headers import ColumnMap, match_columns
from sor_addressing.extracts.tables.text import TextTable, open_table
from sor_addressing.extracts.tables.unit_blocks import UnitBlocks
from sor_addressing.model import Problem, UnitKind, UnitRecord

__all__ = ["read_organisations", "read_sor_csv", "read_units_table"]


def read_sor_csv(
    stream: BinaryIO, *, file: str, columns: ColumnMap | None = None, report: Report
) -> Iterator[UnitRecord]:
    """The units in a ``sor.csv``, in the file's order.

    The number of a unit that inherits it (*nedarvet*) is its ``inherited_number``; where the file has no column for that, every
    number's source is unknown. ``Postadresse``, ``Besoegsadresse`` and ``Aktivitetsadresse`` are street and building in one, which
    stands whole in the address's street. Quotes are characters like any other, unless they enclose the header's cells. Where no
    column says of which level a unit is, that is told by its place in the tree, and reported.

    Args:
        stream: the bytes; need not be seekable.
        file: name used in errors and problems.
        columns: the caller's map of columns, as in :func:`~sor_addressing.extracts.tables.headers.match_columns`.
        report: called with each problem. A row whose SOR code can't be told is left out; everything else is kept.

    Raises:
        ExtractError: the file can't be read as such a table.
        PolicyError: ``columns`` names what doesn't exist.
    """
    table = open_table(stream, file=file, quoting=None, report=report)
    blocks = _unit_blocks(table, "sor_csv", columns, report)
    units = chain.from_iterable(map(blocks.records, table.blocks()))
    if "unit_kind" in blocks.positions:
        if "parent_sor_code" not in blocks.positions:
            report(Problem("parents-not-known", file, table.header_line))
        return units
    if "parent_sor_code" not in blocks.positions:
        raise ExtractError(
            "no column for unit_kind, and none for parent_sor_code to tell it by. If it is the right file, name one of them: "
            'columns={"unit_kind": "..."} or columns={"parent_sor_code": "..."}',
            file=file,
            line=table.header_line,
        )
    report(Problem("unit-kind-derived", file, table.header_line))
    return _with_kinds(units)


def read_organisations(
    stream: BinaryIO, *, file: str, columns: ColumnMap | None = None, report: Report
) -> Iterator[UnitRecord]:
    """The units in an ``organisations.csv`` of MedCom's statistics, in the file's order; arguments and errors as in :func:`read_sor_csv`.

    It has neither the tree nor the levels of units: all are read as organisational units without one above them, and that is reported.
    Its region is the unit's, wherever its location number is from: the unit's addresses get it.
    """
    table = open_table(stream, file=file, quoting=None, report=report)
    blocks = _unit_blocks(table, "organisations", columns, report)
    report(Problem("unit-kinds-not-known", file, table.header_line))
    report(Problem("parents-not-known", file, table.header_line))
    return chain.from_iterable(map(blocks.records, table.blocks()))


def read_units_table(
    stream: BinaryIO, *, file: str, columns: ColumnMap | None = None, report: Report
) -> Iterator[UnitRecord]:
    """The units in a ``SorEntity_daily.csv`` or ``SOREntity.csv``, in the file's order.

    Where no column names the unit above, it is the institution that the row names, and for an institution its owner; then
    nothing may be inherited from there, for there may be units in between.

    Args:
        stream: the bytes; need not be seekable.
        file: name used in errors and problems.
        columns: the caller's map of columns, as in :func:`~sor_addressing.extracts.tables.headers.match_columns`.
        report: called with each problem. A row whose SOR code can't be told is left out; everything else is kept.

    Raises:
        ExtractError: the file can't be read as such a table.
        PolicyError: ``columns`` names what doesn't exist.
    """
    table = open_table(stream, file=file, report=report)
    blocks = _unit_blocks(table, "units", columns, report)
    if "parent_sor_code" not in blocks.positions:
        report(Problem("parents-not-known", file, table.header_line))
    return chain.from_iterable(map(blocks.records, table.blocks()))


def _unit_blocks(table: TextTable, layout: str, columns: ColumnMap | None, report: Report) -> UnitBlocks:
    match = match_columns(table.header, layout, file=table.file, columns=columns, line=table.header_line)
    if match.unknown:
        report(Problem("unknown-columns", table.file, table.header_line, None, {"columns": match.unknown}))
    return UnitBlocks(
        match.positions,
        file=table.file,
        report=report,
        header=table.header,
        has_regions_of_units=layout == "organisations",
    )


def _with_kinds(units: Iterable[UnitRecord]) -> Iterator[UnitRecord]:
    """The units with the level that their place in the tree gives; a child may stand before its parent, so all are waited for."""
    waiting = list(units)
    parents = {unit.sor_code: unit.parent_sor_code for unit in waiting}
    for unit in waiting:
        if unit.parent_sor_code is None:
            unit.kind = UnitKind.INSTITUTION_OWNER
        elif unit.parent_sor_code in parents and parents[unit.parent_sor_code] is None:
            unit.kind = UnitKind.HEALTH_INSTITUTION
    yield from waiting
