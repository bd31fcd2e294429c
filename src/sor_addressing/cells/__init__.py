"""What a cell is: how one is read, and how one is written, in every table, sheet and line of JSON of this library.

No cell that this library makes can run as a formula; what comes in as ``="0042"`` is the digits; what can't be written is shown as an escape.
"""

from __future__ import annotations

from sor_addressing.cells.csv_text import LINE_END, CsvWriter, csv_text, csv_writer, packing, raw_csv_writer
from sor_addressing.cells.guard import (
    LONGEST_IN_SHEET,
    harmless,
    identifier_cell,
    is_risky,
    is_typed,
    sheet_text,
    writable,
)
from sor_addressing.cells.json_text import json_encoder, json_line_writer, json_text
from sor_addressing.cells.reading import (
    DELIMITERS,
    decimal_point,
    is_blank,
    is_missing,
    is_unseen,
    plain_cell,
    without_control_characters,
)

__all__ = [
    "DELIMITERS",
    "LINE_END",
    "LONGEST_IN_SHEET",
    "CsvWriter",
    "csv_text",
    "csv_writer",
    "decimal_point",
    "harmless",
    "identifier_cell",
    "is_blank",
    "is_missing",
    "is_risky",
    "is_typed",
    "is_unseen",
    "json_encoder",
    "json_line_writer",
    "json_text",
    "packing",
    "plain_cell",
    "raw_csv_writer",
    "sheet_text",
    "without_control_characters",
    "writable",
]
