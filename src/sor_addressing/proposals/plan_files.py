"""Reads the file of a plan, CSV or TOML; what its rows mean is checked by :mod:`sor_addressing.proposals.planned_rows`."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import attrs

from sor_addressing.errors import PlanError
from sor_addressing.proposals.planned_rows import OTHER_NAMES, ChangePlan, PlanRow, row_of
from sor_addressing.written_data.rows import read_rows
from sor_addressing.written_data.toml_files import read_toml

_FIELDS = tuple(field.name for field in attrs.fields(PlanRow))
_KNOWN = (*_FIELDS, *OTHER_NAMES)
_VALUES_PARTED = "|"
_ONE_VALUE = frozenset({"change", "format", "direction", "from_date"})


def read_plan(path: str | os.PathLike[str]) -> ChangePlan:
    """The plan in a file: TOML by the file's ending, else CSV.

    Raises:
        PlanError: it can't be read, or a row can't mean anything.
    """
    file = os.fspath(path)
    return _read_toml(file) if file.lower().endswith(".toml") else _read_csv(file)


def _read_csv(file: str) -> ChangePlan:
    rows = []
    for line, cells in read_rows(file, PlanError, required=(), optional=_KNOWN):
        fields: dict[str, object] = {}
        for name, cell in cells.items():
            field = OTHER_NAMES.get(name, name)
            if cell:
                fields[field] = cell if field in _ONE_VALUE else cell.split(_VALUES_PARTED)
        rows.append(row_of(fields, partial(PlanError, file=file, line=line)))
    return ChangePlan(tuple(rows), Path(file).stem)


def _read_toml(file: str) -> ChangePlan:
    plan = read_toml(file, PlanError).only("name", "rows")
    rows = []
    for table in plan.tables("rows"):
        table.only(*_KNOWN)
        # A number may stand without quotes.
        fields = {name: str(value) if type(value) is int else value for name, value in table.values.items()}
        rows.append(row_of(fields, table.fault))
    return ChangePlan(tuple(rows), plan.text("name", Path(file).stem))
