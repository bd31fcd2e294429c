"""The ledger's database: its tables, how an older one is brought up to date, and how it is opened."""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sor_addressing.errors import DeliveryError, NotWritten, SorAddressingError
from sor_addressing.whole_file import folder_made, not_written

APPLICATION = 0x534F5244
"""What tells a ledger from other databases."""

MIGRATIONS = (
    """
    CREATE TABLE fact (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
    CREATE TABLE letter (
        id INTEGER PRIMARY KEY, name BLOB NOT NULL UNIQUE, sender TEXT NOT NULL, receiver TEXT NOT NULL, subject TEXT NOT NULL,
        code TEXT NOT NULL DEFAULT '', version TEXT NOT NULL DEFAULT '', first_sent INTEGER, sent INTEGER, sendings INTEGER NOT NULL DEFAULT 0,
        waits TEXT NOT NULL DEFAULT 'vans', wanted INTEGER NOT NULL DEFAULT 0, moment INTEGER NOT NULL DEFAULT 0,
        state INTEGER NOT NULL DEFAULT 0, answered INTEGER, reason TEXT NOT NULL DEFAULT '', layer TEXT NOT NULL DEFAULT '',
        sure INTEGER NOT NULL DEFAULT 1, certain INTEGER NOT NULL DEFAULT 0, formats TEXT NOT NULL DEFAULT ''
    );
    CREATE INDEX letter_pair ON letter (receiver, subject, state, moment, name);
    CREATE INDEX letter_open ON letter (receiver, subject, waits, sent) WHERE state = 0 AND wanted = 1;
    CREATE INDEX letter_parties ON letter (sender, receiver, certain, formats, moment);
    CREATE INDEX letter_waiting ON letter (waits, sent) WHERE state = 0 AND wanted = 1;
    CREATE TABLE sending (
        name BLOB PRIMARY KEY, letter INTEGER NOT NULL REFERENCES letter ON DELETE CASCADE, code TEXT NOT NULL, version TEXT NOT NULL,
        format TEXT NOT NULL, sent INTEGER, wanted INTEGER NOT NULL, ehmi INTEGER NOT NULL, converts INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX sending_letter ON sending (letter);
    CREATE TABLE alias (
        name BLOB NOT NULL, letter INTEGER NOT NULL REFERENCES letter ON DELETE CASCADE, PRIMARY KEY (name, letter)
    ) WITHOUT ROWID;
    CREATE INDEX alias_letter ON alias (letter);
    CREATE TABLE receipt (
        id INTEGER PRIMARY KEY, name BLOB NOT NULL UNIQUE, sender TEXT NOT NULL, receiver TEXT NOT NULL, subject TEXT NOT NULL,
        layer TEXT NOT NULL, answer TEXT NOT NULL, reason TEXT NOT NULL, came INTEGER, format TEXT NOT NULL, stray INTEGER NOT NULL DEFAULT 0,
        unsettled INTEGER NOT NULL DEFAULT 0
    );
    CREATE INDEX receipt_stray ON receipt (sender, receiver, came) WHERE stray;
    CREATE INDEX receipt_unsettled ON receipt (id) WHERE unsettled;
    CREATE TABLE call (
        name BLOB NOT NULL, receipt INTEGER NOT NULL REFERENCES receipt ON DELETE CASCADE, PRIMARY KEY (name, receipt)
    ) WITHOUT ROWID;
    CREATE INDEX call_receipt ON call (receipt);
    CREATE TABLE guess (
        receipt INTEGER PRIMARY KEY REFERENCES receipt ON DELETE CASCADE, letter INTEGER NOT NULL REFERENCES letter ON DELETE CASCADE
    );
    CREATE INDEX guess_letter ON guess (letter);
    CREATE TABLE standing (
        receiver TEXT NOT NULL, subject TEXT NOT NULL, changed INTEGER NOT NULL,
        sent INTEGER, positive INTEGER, refused INTEGER, came INTEGER, code TEXT, version TEXT, reason TEXT, layer TEXT, sure INTEGER,
        last_is_refused INTEGER NOT NULL, waiting TEXT NOT NULL, PRIMARY KEY (receiver, subject)
    ) WITHOUT ROWID;
    CREATE INDEX standing_changed ON standing (changed);
    INSERT INTO fact VALUES ('changed', 0), ('epoch', 0);
    """,
)
"""What makes the layout of each version out of the one before; a layout is never changed otherwise."""

_CACHE_KILOBYTES = 32_768
_NO_VALUES = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What a row that holds what no ledger writes becomes, where it is read."""

WRITING_SECONDS = 30.0
"""How long a process waits for another that is writing."""


@contextmanager
def told(path: Path) -> Iterator[None]:
    """What the database says becomes an error of ours.

    Raises:
        NotWritten: the disk is full, it may not be written, or another process writes all the time; what was there stays.
        DeliveryError: it is damaged, or no ledger.
    """
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if isinstance(error, sqlite3.ProgrammingError):
            raise
        if code == sqlite3.SQLITE_FULL:
            raise not_written(path, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), NotWritten) from error
        if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
            raise not_written(path, OSError(errno.EACCES, os.strerror(errno.EACCES)), NotWritten) from error
        if code == sqlite3.SQLITE_IOERR:
            raise not_written(path, OSError(errno.EIO, os.strerror(errno.EIO)), NotWritten) from error
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise NotWritten("another process is writing all the time; try again later", file=str(path)) from error
        if code == sqlite3.SQLITE_CANTOPEN:
            raise DeliveryError(
                "the ledger can't be opened; look at the rights of the file and its folder", file=str(path)
            ) from error
        if code == sqlite3.SQLITE_NOTADB:
            raise DeliveryError("this is no ledger of deliveries; give the path of one", file=str(path)) from error
        raise _damaged(path) from error


@contextmanager
def sound_rows(path: Path) -> Iterator[None]:
    """What goes wrong where rows are read becomes an error of ours: they hold what no ledger writes.

    Nothing of a caller's may run in it, whose faults would be told as damage.

    Raises:
        DeliveryError: it is damaged.
    """
    try:
        yield
    except SorAddressingError:
        raise
    except _NO_VALUES as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> DeliveryError:
    text = "the ledger is damaged; make it anew from the message files with DeliveryLedger.rebuild"
    return DeliveryError(text, file=str(path))


def open_database(path: Path, *, read_only: bool) -> sqlite3.Connection:
    """The database at ``path``, at the layout of today; one that is only read is neither made nor brought up to date.

    Raises:
        DeliveryError: there is none to read, it is no ledger, damaged, or of a later version.
        NotWritten: it can't be made or written.
    """
    try:
        found = stat.S_ISREG(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        found = None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise DeliveryError(f"the ledger can't be read ({reason}); give the path of one", file=str(path)) from error
    if found is False:
        raise DeliveryError("this is no ledger of deliveries; give the path of one", file=str(path))
    if found is None:
        if read_only:
            raise DeliveryError("there is no ledger here yet; add letters and receipts to it first", file=str(path))
        folder_made(path.parent)
    with told(path), sound_rows(path):
        connection = _connected(path, read_only=read_only)
        try:
            _check(connection, path, read_only=read_only)
        except BaseException:
            connection.close()
            raise
    return connection


def _connected(path: Path, *, read_only: bool) -> sqlite3.Connection:
    name = path.absolute().as_uri()
    if not read_only:
        return _tried(_connect(f"{name}?mode=rwc"), "PRAGMA secure_delete = ON")
    try:
        connection = _tried(_connect(f"{name}?mode=ro"), "SELECT count(*) FROM sqlite_master")
    except sqlite3.OperationalError:
        # In a folder that may not be written there is no place for what readers share; nobody writes there either.
        if os.access(path.parent, os.W_OK) or path.with_name(path.name + "-wal").exists():
            raise
        connection = _connect(f"{name}?mode=ro&immutable=1")
    return connection


def _tried(connection: sqlite3.Connection, statement: str) -> sqlite3.Connection:
    """The connection, once it has done something; closed where it can't."""
    try:
        connection.execute(statement).fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _connect(name: str) -> sqlite3.Connection:
    return sqlite3.connect(
        name, uri=True, isolation_level=None, timeout=WRITING_SECONDS, check_same_thread=False, cached_statements=256
    )


def _check(connection: sqlite3.Connection, path: Path, *, read_only: bool) -> None:
    connection.execute("BEGIN")  # so that all three are of one moment: another process may be making it
    try:
        application, version = _marks(connection)
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    if application != APPLICATION:
        if application or version or tables:
            raise DeliveryError("this is no ledger of deliveries; give the path of one", file=str(path))
        if read_only:
            raise DeliveryError("there is no ledger here yet; add letters and receipts to it first", file=str(path))
    if version > len(MIGRATIONS):
        raise DeliveryError(
            "the ledger was written by a later version of this library; read it with that one", file=str(path)
        )
    if read_only:
        if version < len(MIGRATIONS):
            raise DeliveryError(
                "the ledger was written by an earlier version of this library; open it once to write, and it is brought up to date",
                file=str(path),
            )
        return
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KILOBYTES}")
    if version < len(MIGRATIONS):
        connection.execute("PRAGMA journal_mode = WAL")
        _migrate(connection)


def _marks(connection: sqlite3.Connection) -> tuple[int, int]:
    return (
        connection.execute("PRAGMA application_id").fetchone()[0],
        connection.execute("PRAGMA user_version").fetchone()[0],
    )


def _migrate(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have done it meanwhile.
        for number in range(_marks(connection)[1], len(MIGRATIONS)):
            for statement in MIGRATIONS[number].split(";"):
                if statement.strip():
                    connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number + 1}")
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
