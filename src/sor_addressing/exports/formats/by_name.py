"""The formats of extracts: which one a name means, and which module writes it."""

from __future__ import annotations

from pathlib import Path

from sor_addressing.errors import ExportError
from sor_addressing.exports.manifest import Manifest
from sor_addressing.exports.rows import Table
from sor_addressing.index.making.resting import without_garbage_collection
from sor_addressing.messages.catalogue import MessageType
from sor_addressing.whole_file import WholeFiles

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


def write_as(
    files: WholeFiles,
    table: Table,
    about: Manifest,
    *,
    spreadsheet: bool,
    profile: str | None = None,
    types: tuple[MessageType, ...] = (),
) -> dict[str, object]:
    """Write the file in the format of its manifest; what is to be said of it. A format is imported when it is written.

    ``types`` are those that a database answers for.
    """
    form, target = about.format, about.path
    if form == "csv":
        from sor_addressing.exports.formats.csv_file import encoding_of, write_csv

        encoding = encoding_of(spreadsheet=spreadsheet)
        with without_garbage_collection(), files.text(target, encoding=encoding, spooled=True) as text:
            write_csv(text, table, spreadsheet=spreadsheet)
        return {"spreadsheet": spreadsheet}
    if form == "jsonl":
        from sor_addressing.exports.formats.json_lines import write_json_lines

        with without_garbage_collection(), files.text(target, spooled=True) as text:
            write_json_lines(text, table)
        return {}
    if form == "sqlite":
        from sor_addressing.exports.formats.sqlite import write_sqlite

        said = {name: value for name, value in about.to_dict().items() if name not in ("bytes", "sha256")}
        with files.database(target) as database:
            return write_sqlite(database, table, key=about.key, about=said, types=types)
    if form == "parquet":
        from sor_addressing.exports.formats.parquet import write_parquet

        with files.binary(target, spooled=True) as binary:
            write_parquet(binary, table)
        return {}
    if form == "xlsx":
        from sor_addressing.exports.formats.workbook import write_excel

        with files.binary(target, spooled=True) as binary:
            write_excel(binary, table, day=about.snapshot_date)
        return {}
    if profile is not None:
        from sor_addressing.exports.formats.eer_bundle import write_eer

        with files.text(target, spooled=True) as text:
            return write_eer(text, table, pilot=profile == "eer-pilot")
    from sor_addressing.exports.formats.fhir_bundle import write_fhir

    with files.text(target, spooled=True) as text:
        return write_fhir(text, table)
