"""An extract as an SQLite database: recipients with indexes, message types, answers, and full-text search where SQLite has it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing

from sor_addressing.cells import json_text, writable
from sor_addressing.errors import ExportError
from sor_addressing.exports.columns import Dialect, ExportColumn, Holds
from sor_addressing.exports.formats.sqlite_answers import write_answers
from sor_addressing.exports.registered import directions
from sor_addressing.exports.rows import Table
from sor_addressing.index.columns import NOTHING, REGISTRATION_SHIFT
from sor_addressing.messages.catalogue import MessageType

INDEXED = ("sor_code", "location_number", "provider_number", "shak_code", "municipality_code", "postcode")
SEARCHED = (
    "display_name",
    "name",
    "institution_name",
    "owner_name",
    "type_names",
    "speciality_names",
    "street",
    "town",
)
_TYPES = {Holds.FLAG: "INTEGER"}
_PAGE = 4096


def _several(texts: Iterable[str]) -> str:
    return json_text(list(texts))


DIALECT = Dialect(None, (0, 1), _several)


def has_full_text_search() -> bool:
    """Whether the SQLite of this Python has FTS5."""
    with closing(sqlite3.connect(":memory:")) as database:
        try:
            database.execute("CREATE VIRTUAL TABLE probe USING fts5(words)")
        except sqlite3.OperationalError:
            return False
    return True


def write_sqlite(
    database: sqlite3.Connection,
    table: Table,
    *,
    key: str,
    about: Mapping[str, object],
    types: tuple[MessageType, ...],
) -> dict[str, object]:
    """Write ``table``; what is to be said of the file.

    Args:
        database: empty, and nobody else's until it is whole.
        table: the extract.
        key: the column that is unique.
        about: what the table ``about`` says, by name.
        types: the message types that are answered.
    """
    searchable = has_full_text_search()
    # Nobody else sees this file until it is renamed: a journal and waiting for the disk would protect nothing.
    database.execute(f"PRAGMA page_size = {_PAGE}")
    database.execute("PRAGMA journal_mode = OFF")
    database.execute("PRAGMA synchronous = OFF")
    database.execute("BEGIN")
    _recipients(database, table, key)
    _message_types(database, table)
    _about(database, about)
    write_answers(database, table.asked, types)
    for name in INDEXED:
        if name != key:
            database.execute(f"CREATE INDEX recipients_by_{name} ON recipients ({name})")
    database.execute("CREATE INDEX recipients_by_display_name ON recipients (display_name COLLATE NOCASE)")
    database.execute("CREATE INDEX message_types_by_type ON message_types (message_type, location_number)")
    if searchable:
        _full_text(database)
    database.execute("COMMIT")
    return {"full_text_search": searchable}


def _recipients(database: sqlite3.Connection, table: Table, key: str) -> None:
    columns = table.columns
    most = database.getlimit(sqlite3.SQLITE_LIMIT_COLUMN)
    if len(columns) > most:
        raise ExportError(
            f"{len(columns):,} columns are more than a table of SQLite holds ({most:,}); write message types as a list, or csv"
        )
    definitions = ", ".join(_definition(column, key) for column in columns)
    database.execute(f"CREATE TABLE recipients ({definitions})")
    places = ", ".join("?" * len(columns))
    database.executemany(f"INSERT INTO recipients VALUES ({places})", table.rows(DIALECT))  # noqa: S608 (question marks)


def _definition(column: ExportColumn, key: str) -> str:
    unique = " NOT NULL UNIQUE" if column.name == key else ""
    return f'"{column.name.replace(chr(34), chr(34) * 2)}" {_TYPES.get(column.holds, "TEXT")}{unique}'


def _message_types(database: sqlite3.Connection, table: Table) -> None:
    """One row a location number and type, for questions such as who receives it."""
    index = table.index
    columns = index.columns
    database.execute(
        "CREATE TABLE message_types (location_number TEXT, message_type TEXT, sends INTEGER, receives INTEGER)"
    )
    locations = (columns.unit_location[row] for row in table.chosen.rows)
    numbers = dict.fromkeys(columns.location_number[location] for location in locations if location != NOTHING)
    types = index.registered_types() if index.has_message_types else ()
    database.executemany(
        "INSERT INTO message_types VALUES (?, ?, ?, ?)",
        (
            (index.number_text(number), types[entry >> REGISTRATION_SHIFT].text, *map(int, directions(entry)))
            for number in numbers
            if columns.number_set[number] != NOTHING
            for entry in index.entries(columns.number_set[number])
        ),
    )


def _about(database: sqlite3.Connection, about: Mapping[str, object]) -> None:
    database.execute("CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT)")
    rows = [(name, writable(value) if isinstance(value, str) else json_text(value)) for name, value in about.items()]
    database.executemany("INSERT INTO about VALUES (?, ?)", rows)


def _full_text(database: sqlite3.Connection) -> None:
    names = ", ".join(SEARCHED)
    database.execute(
        f"CREATE VIRTUAL TABLE recipients_search USING fts5({names}, content='recipients', "
        "content_rowid='rowid', tokenize='unicode61 remove_diacritics 2')"
    )
    database.execute("INSERT INTO recipients_search (recipients_search) VALUES ('rebuild')")
