"""Reads the file of a conversion model that a caller wrote, CSV or TOML, as texts; what they mean is checked after."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sor_addressing.errors import PolicyError, SorAddressingError
from sor_addressing.written_data.rows import read_rows
from sor_addressing.written_data.tables import WrittenTable
from sor_addressing.written_data.toml_files import read_toml

_REQUIRED = ("family", "from_format", "to_format", "by")
_OPTIONAL = ("scope", "scope_value")

_Entries = list[tuple[Callable[[str], SorAddressingError], dict[str, str]]]


def read_model_file(path: str | os.PathLike[str], name: str | None) -> tuple[str, _Entries]:
    """The name of a model, and its rows as texts, each with what makes an error about it: TOML by the file's ending, else CSV.

    Raises:
        PolicyError: the file can't be read, lacks a column or key or has one too many, or has no model ``name``.
    """
    file = os.fspath(path)
    return _read_toml(file, name) if file.lower().endswith(".toml") else _read_csv(file, name)


def _read_csv(file: str, name: str | None) -> tuple[str, _Entries]:
    table = read_rows(file, PolicyError, required=_REQUIRED, optional=("model", *_OPTIONAL))
    models = list(dict.fromkeys(cells["model"] for _, cells in table if "model" in cells))
    if len(models) > 1 and name is None:
        raise PolicyError(f"holds several models: {', '.join(models)}; say which with name=", file=file)
    if models and name is not None and name not in models:
        raise PolicyError(f"holds no model {name!r}: there are {', '.join(models)}", file=file)
    chosen = name or (models[0] if models else "")
    rows = [(line, cells) for line, cells in table if cells.get("model", chosen) == chosen]
    return chosen or Path(file).stem, [(partial(PolicyError, file=file, line=line), cells) for line, cells in rows]


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
    # A code in digits may stand without quotes.
    return {key: str(value) if type(value) is int else row.text(key).strip() for key, value in row.values.items()}
