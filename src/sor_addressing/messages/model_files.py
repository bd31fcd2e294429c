"""Reads the file of a conversion model that a caller wrote, CSV or TOML, as texts; what they mean is checked after."""

from __future__ import annotations

import os
from pathlib import Path

from sor_addressing.errors import PolicyError
from sor_addressing.messages.datafile import caller_rows, caller_text

_REQUIRED = ("family", "from_format", "to_format", "by")
_OPTIONAL = ("scope", "scope_value")

_Entries = list[tuple[str, dict[str, str]]]


def read_model_file(path: str | os.PathLike[str], name: str | None) -> tuple[str, _Entries]:
    """The name of a model, and its rows as texts, each with the place it stands: TOML by the file's ending, else CSV.

    Raises:
        PolicyError: the file can't be read, lacks a column or key or has one too many, or has no model ``name``.
    """
    file = os.fspath(path)
    return _read_toml(file, name) if file.lower().endswith(".toml") else _read_csv(file, name)


def _read_csv(file: str, name: str | None) -> tuple[str, _Entries]:
    table = caller_rows(file, required=_REQUIRED, optional=("model", *_OPTIONAL))
    models = list(dict.fromkeys(cells["model"] for _, cells in table if "model" in cells))
    if len(models) > 1 and name is None:
        raise PolicyError(f"{file}: holds several models: {', '.join(models)}; say which with name=")
    if models and name is not None and name not in models:
        raise PolicyError(f"{file}: holds no model {name!r}: there are {', '.join(models)}")
    chosen = name or (models[0] if models else "")
    entries = [(f"{file}, line {line}", cells) for line, cells in table if cells.get("model", chosen) == chosen]
    return chosen or Path(file).stem, entries


def _read_toml(file: str, name: str | None) -> tuple[str, _Entries]:
    import tomllib

    try:
        content = tomllib.loads(caller_text(file))
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"{file}: can't be read as TOML: {error}") from error
    if unknown := sorted(content.keys() - {"name", "rows"}):
        raise PolicyError(f"{file}: unknown key {', '.join(unknown)}; the keys are name, rows")
    own_name = content.get("name", Path(file).stem)
    if not isinstance(own_name, str) or not own_name:
        raise PolicyError(f"{file}: name is {own_name!r}: expected a text")
    if name is not None and name != own_name:
        raise PolicyError(f"{file}: holds no model {name!r}: there is {own_name}")
    rows = content.get("rows", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise PolicyError(f"{file}: rows are not tables: begin each with [[rows]]")
    places = [f"{file}, row {number}" for number in range(1, len(rows) + 1)]
    return own_name, [(where, _texts(row, where)) for where, row in zip(places, rows, strict=True)]


def _texts(row: dict[str, object], where: str) -> dict[str, str]:
    for key, value in row.items():
        if key not in (*_REQUIRED, *_OPTIONAL):
            raise PolicyError(f"{where}: unknown key {key!r}; the keys are {', '.join((*_REQUIRED, *_OPTIONAL))}")
        if isinstance(value, bool) or not isinstance(value, (str, int)):
            raise PolicyError(f"{where}: {key} is {value!r}: expected a text")
    if missing := [key for key in _REQUIRED if key not in row]:
        raise PolicyError(f"{where}: no {', '.join(missing)}")
    return {key: str(value).strip() for key, value in row.items()}
