"""An extract as JSON lines: one object a row, every column in it, lists as lists."""

from __future__ import annotations

import json
from pathlib import Path

from sor_addressing.exports.columns import Dialect
from sor_addressing.exports.rows import Table


def write_json_lines(path: Path, table: Table) -> None:
    """Write ``table``: UTF-8, one object a line, null where nothing is said."""
    names = [column.name for column in table.columns]
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(encode(dict(zip(names, row, strict=True))) + "\n" for row in table.rows(Dialect()))
