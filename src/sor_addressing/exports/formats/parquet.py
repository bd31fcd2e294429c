"""An extract as Parquet: identifiers as text, lists as lists, dates as dates. Needs the extra ``arrow``."""

from __future__ import annotations

import datetime as dt
from itertools import islice
from typing import IO

from sor_addressing.errors import MissingExtra
from sor_addressing.exports.columns import Dialect, Holds
from sor_addressing.exports.rows import Table

_ROWS_AT_ONCE = 8_192


def write_parquet(file: IO[bytes], table: Table) -> None:
    """Write ``table``, some thousand rows at a time.

    Raises:
        MissingExtra: pyarrow is not installed.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise MissingExtra("export to Parquet", "arrow", "pyarrow") from error
    text = pyarrow.string()
    types = {Holds.LIST: pyarrow.list_(text), Holds.FLAG: pyarrow.bool_(), Holds.DATE: pyarrow.date32()}
    columns = table.columns
    schema = pyarrow.schema([(column.name, types.get(column.holds, text)) for column in columns])
    dates = [position for position, column in enumerate(columns) if column.holds is Holds.DATE]
    rows = table.rows(Dialect())
    with parquet.ParquetWriter(file, schema) as writer:
        while block := list(islice(rows, _ROWS_AT_ONCE)):
            cells = [list(column) for column in zip(*block, strict=True)]
            for position in dates:
                cells[position] = [None if day is None else dt.date.fromisoformat(str(day)) for day in cells[position]]
            arrays = [pyarrow.array(column, type=field.type) for column, field in zip(cells, schema, strict=True)]
            writer.write_batch(pyarrow.RecordBatch.from_arrays(arrays, schema=schema))
