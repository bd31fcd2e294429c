"""An extract as JSON lines: one object a row, every column in it, lists as lists."""

from __future__ import annotations

from typing import TextIO

from sor_addressing.cells import json_encoder
from sor_addressing.exports.columns import Dialect
from sor_addressing.exports.rows import Table


def write_json_lines(file: TextIO, table: Table) -> None:
    """Write ``table``: one object a line, null where nothing is said."""
    names = [column.name for column in table.columns]
    encode = json_encoder(compact=True)
    file.writelines(encode(dict(zip(names, row, strict=True))) + "\n" for row in table.rows(Dialect()))
