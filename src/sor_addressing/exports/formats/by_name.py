"""The formats of extracts: which one a name means, and which module writes it."""

from __future__ import annotations

from pathlib import Path

from sor_addressing.errors import ExportError
from sor_addressing.exports.manifest import Manifest
from sor_addressing.exports.rows import Table
from sor_addressing.index.making.resting import without_garbage_collection

SUFFIXES = {
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".sqlite": "sqlite",
    ".sqlite3": "sqlite",
    ".db": "sqlite",
    ".parquet": "parquet",
    ".xlsx": "xlsx",
    ".fhir.json": "fhir",
    ".json": "fhir",
}
"""How names of files end, and the format that it means."""

FORMATS = tuple(dict.fromkeys(SUFFIXES.values()))
"""The formats of extracts."""


def format_of(path: Path, given: str | None) -> str:
    """The format asked for, else the one that the name of the file means.

    Raises:
        ExportError: there is no such format, or the name means none.
    """
    if given is not None:
        if given not in FORMATS:
            raise ExportError(f"there is no format {given!r}: use {', '.join(FORMATS)}")
        return given
    name = path.name.lower()
    for suffix, form in SUFFIXES.items():
        if name.endswith(suffix):
            return form
    raise ExportError(f"{path.name}: the name tells no format; end it in {', '.join(SUFFIXES)}, or name the format")


def write_as(path: Path, table: Table, about: Manifest, *, spreadsheet: bool) -> dict[str, object]:
    """Write the file in the format of its manifest; what is to be said of it. A format is imported when it is written."""
    form = about.format
    if form == "csv":
        from sor_addressing.exports.formats.csv_file import write_csv

        with without_garbage_collection():
            write_csv(path, table, spreadsheet=spreadsheet)
        return {"spreadsheet": spreadsheet}
    if form == "jsonl":
        from sor_addressing.exports.formats.json_lines import write_json_lines

        with without_garbage_collection():
            write_json_lines(path, table)
        return {}
    if form == "sqlite":
        from sor_addressing.exports.formats.sqlite import write_sqlite

        said = {name: value for name, value in about.to_dict().items() if name not in ("bytes", "sha256")}
        return write_sqlite(path, table, key=about.key, about=said)
    if form == "parquet":
        from sor_addressing.exports.formats.parquet import write_parquet

        write_parquet(path, table)
        return {}
    if form == "xlsx":
        from sor_addressing.exports.formats.workbook import write_excel

        return write_excel(path, table, day=about.snapshot_date)
    from sor_addressing.exports.formats.fhir_bundle import write_fhir

    return write_fhir(path, table)
