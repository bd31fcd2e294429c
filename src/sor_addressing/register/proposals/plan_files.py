"""Reads the file of a plan, CSV or TOML, as fields; what they mean is checked by :mod:`sor_addressing.register.proposals.planned_rows`."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path

from sor_addressing.errors import PlanError, SorAddressingError
from sor_addressing.written_data.rows import read_rows
from sor_addressing.written_data.toml_files import read_toml

_VALUES_PARTED = "|"

Entries = list[tuple[dict[str, object], Callable[[str], SorAddressingError]]]


def read_plan_file(
    path: str | os.PathLike[str], fields: Collection[str], single: Collection[str]
) -> tuple[str, Entries]:
    """The name of a plan, and its rows as fields, each with what makes an error about it: TOML by the file's ending, else CSV.

    Args:
        path: the file.
        fields: what may stand in it.
        single: the fields of one value; of others, a cell of a CSV can have several.

    Raises:
        PlanError: the file can't be read, or has something else.
    """
    file = os.fspath(path)
    if file.lower().endswith(".toml"):
        return _read_toml(file, fields)
    entries: Entries = []
    for line, cells in read_rows(file, PlanError, required=(), optional=tuple(fields)):
        row: dict[str, object] = {
            name: cell if name in single else cell.split(_VALUES_PARTED) for name, cell in cells.items() if cell
        }
        entries.append((row, partial(PlanError, file=file, line=line)))
    return Path(file).stem, entries


def _read_toml(file: str, fields: Collection[str]) -> tuple[str, Entries]:
    plan = read_toml(file, PlanError).only("name", "rows")
    entries: Entries = []
    for table in plan.tables("rows"):
        table.only(*fields)
        # A number may stand without quotes.
        row = {name: str(value) if type(value) is int else value for name, value in table.values.items()}
        entries.append((row, table.fault))
    return plan.text("name", Path(file).stem), entries
