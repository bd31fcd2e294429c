"""Reads the file of a conversion model that a caller wrote, CSV or TOML, as texts; what they mean is checked after."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sor_addressing.errors import PolicyError, SorAddressingError
from sor_addressing.written_data.rows import read_rows
from sor_addressing.written_data.tables import WrittenTable
from sor_addressing.written_data.toml_files import read_toml

_REQUIRED = ("family", "from_format", "to_format", "by")
_OPTIONAL = ("scope", "scope_value", "sender_scope", "sender_scope_value", "from_date", "to_date")

_Entries = list[tuple[Callable[[str], SorAddressingError], dict[str, str]]]


def read_model_file(path: str | os.PathLike[str], name: str | None) -> tuple[str, _Entries]:
    """The name of a model, and its rows as texts, each with what makes an error about it: TOML by the file's ending, else CSV.

    Raises:
        PolicyError: the file can't be read, lacks a column or key or has one too many, or has no model ``name``.
    """
    file = os.fspath(path)
    return _read_toml(file, name) if file.lower().endswith(".toml") else _one_of(file, _read_csv(file), name)


def read_model_files(path: str | os.PathLike[str]) -> list[tuple[str, _Entries]]:
    """Every model of a file, as :func:`read_model_file` gives one.

    Raises:
        PolicyError: as there.
    """
    file = os.fspath(path)
    if file.lower().endswith(".toml"):
        return [_read_toml(file, None)]
    return [(name or Path(file).stem, entries) for name, entries in _read_csv(file)]


def _read_csv(file: str) -> list[tuple[str, _Entries]]:
    table = read_rows(file, PolicyError, required=_REQUIRED, optional=("model", *_OPTIONAL))
    models: dict[str, _Entries] = {}
    for line, cells in table:
        models.setdefault(cells.get("model", ""), []).append((partial(PolicyError, file=file, line=line), cells))
    if len(models) > 1 and "" in models:
        fault, _ = models[""][0]
        raise fault("model is blank: name one in every row, or in none")
    return list(models.items()) or [("", [])]


def _one_of(file: str, models: list[tuple[str, _Entries]], name: str | None) -> tuple[str, _Entries]:
    names = [one for one, _ in models if one]
    if len(models) > 1 and name is None:
        raise PolicyError(f"holds several models: {', '.join(names)}; say which with name=", file=file)
    if names and name is not None and name not in names:
        raise PolicyError(f"holds no model {name!r}: there are {', '.join(names)}", file=file)
    found, entries = next(one for one in models if one[0] == name or len(models) == 1)
    return name or found or Path(file).stem, entries


def _read_toml(file: str, name: str | None) -> tuple[str, _Entries]:
    model = read_toml(file, PolicyError).only("name", "rows")
    own_name = model.text("name", Path(file).stem)
    if name is not None and name != own_name:
        raise PolicyError(f"holds no model {name!r}: there is {own_name}", file=file)
    return own_name, [(row.fault, _texts(row)) for row in model.tables("rows")]


def _texts(row: WrittenTable) -> dict[str, str]:
    row.only(*_REQUIRED, *_OPTIONAL)
    missing = [key for key in _REQUIRED if key not in row]
    if missing:
        raise row.fault(f"there is no {', '.join(missing)}")
    # A code in digits may stand without quotes, and so may a day.
    return {
        key: str(value) if type(value) in (int, dt.date) else row.text(key).strip() for key, value in row.values.items()
    }
