"""The database: made from its definition, brought up to date by migrations, opened with the right settings.

Migrations stand beside the definition of :mod:`archive.ledger.tables`, which is always the present one: the first
migration makes every table as it is defined *now*; each later one brings an older file to the same shape and does
nothing where that is already so. What no migration can do, ``gongkai rebuild`` does from the WARC files.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from sqlite_utils import Database, Migrations

from archive.errors import StorageError
from archive.ledger.definition import Column, Table
from archive.ledger.tables import DOCUMENTS, FULL_TEXT, TABLES, VIEW

BUSY_SECONDS = 60.0
"""How long one process waits for another's transaction. Ours take a tenth of a second."""

MIGRATIONS = Migrations("gongkai")


@MIGRATIONS(name="0001_first")
def _first(db: Database) -> None:
    for statement in ddl():
        db.execute(statement)


class Ledger(sqlite3.Connection):
    """A connection that a ``with`` block closes. In autocommit: writers use :func:`transaction`.

    It may be handed to another thread, but only one may use it at a time."""

    path: str = ""

    def __exit__(self, *_: object) -> Literal[False]:
        self.close()
        return False


def open_ledger(path: Path | str, *, readonly: bool = False, busy_seconds: float = BUSY_SECONDS) -> Ledger:
    """Open the database at ``path``; for writing, make it or bring it up to date first.

    Raises ``StorageError`` if that cannot be done: no such file or folder, no permission, not a database, made by a
    newer version of this program, locked by another process for longer than ``busy_seconds``."""
    path = Path(path)
    if readonly and not path.is_file():
        raise StorageError(f"{path}: there is no database here; crawl a portal first, or name the folder with --data")
    with _explained(str(path)):
        ledger = _connect(path, readonly=readonly, busy_seconds=busy_seconds)
        try:
            _settle(ledger, readonly=readonly)
        except BaseException:
            ledger.close()
            raise
    return ledger


@contextmanager
def transaction(ledger: Ledger) -> Iterator[None]:
    """One writing transaction: all of the block or nothing of it. Raises ``StorageError`` if SQLite cannot write."""
    with _explained(ledger.path):
        ledger.execute("BEGIN IMMEDIATE")
        try:
            yield
            ledger.execute("COMMIT")
        except BaseException:
            if ledger.in_transaction:  # some errors end it by themselves
                ledger.execute("ROLLBACK")
            raise


def ddl() -> Iterator[str]:
    """The statements that make an empty database, in order."""
    for table in TABLES:
        yield _create(table)
        for number, index in enumerate(table.indexes, 1):
            where = f" WHERE {index.where}" if index.where else ""
            yield f"CREATE INDEX {table.name}_{number} ON {table.name} ({index.columns}){where}"
    columns = ", ".join(column.name for column in FULL_TEXT.columns)
    yield f"CREATE VIRTUAL TABLE {FULL_TEXT.name} USING fts5({columns}, tokenize='unicode61 remove_diacritics 0')"
    renamed = ", ".join(f'"{column.name}" AS "{column.zh}"' for column in DOCUMENTS.columns)
    yield f'CREATE VIEW "{VIEW}" AS SELECT {renamed} FROM {DOCUMENTS.name}'


def _create(table: Table) -> str:
    key = ", ".join(f'"{name}"' for name in table.key)
    parts = [*(_column(column) for column in table.columns), f"PRIMARY KEY ({key})", *table.more]
    return f"CREATE TABLE {table.name} ({', '.join(parts)}) STRICT" + ("" if table.rowid else ", WITHOUT ROWID")


def _column(column: Column) -> str:
    null = "" if column.null else " NOT NULL"
    default = f" DEFAULT {column.default}" if column.default else ""
    refers = f" REFERENCES {column.refers}" if column.refers else ""
    return f'"{column.name}" {column.kind}{null}{default}{refers}'


def _connect(path: Path, *, readonly: bool, busy_seconds: float) -> Ledger:
    mode = "ro" if readonly else "rwc"
    if readonly and not os.access(path.parent, os.W_OK) and not path.with_name(path.name + "-wal").exists():
        mode = "ro&immutable=1"  # in a folder where it may not make its -shm file SQLite reads a WAL database only so
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=busy_seconds,
        isolation_level=None,
        check_same_thread=False,
        factory=Ledger,
    )


def _settle(ledger: Ledger, *, readonly: bool) -> None:
    ledger.path = ledger.execute("PRAGMA database_list").fetchone()[2]
    ledger.execute("PRAGMA foreign_keys = ON")
    if not readonly:
        ledger.execute("PRAGMA journal_mode = WAL")
        ledger.execute("PRAGMA cache_size = -65536")  # KiB: a batch and the indexes it touches, without spilling
        ledger.execute("PRAGMA wal_autocheckpoint = 4000")  # pages: not after every batch
        ledger.execute("PRAGMA synchronous = NORMAL")  # after a power cut the last batches are read from the WARC again
    known = Database(ledger, execute_plugins=False, recursive_triggers=False)
    ours = {step.name for step in MIGRATIONS.pending(Database(memory=True, execute_plugins=False))}
    if newer := sorted({step.name for step in MIGRATIONS.applied(known)} - ours):
        raise StorageError(
            f"{ledger.path}: made by a newer version of this program ({', '.join(newer)}); update the program"
        )
    if not MIGRATIONS.pending(known):
        return
    if readonly:
        raise StorageError(
            f"{ledger.path}: not an up-to-date Gongkai database; a crawl or `gongkai rebuild` makes it one"
        )
    with transaction(ledger):  # of several processes that start together one migrates, the others wait
        MIGRATIONS.apply(known)


@contextmanager
def _explained(path: str) -> Iterator[None]:
    """Turn what SQLite says of files, locks and space into one line. Errors of ours (a constraint) pass unchanged."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code not in _REMEDIES:
            raise
        raise StorageError(f"{path}: {error}; {_REMEDIES[code]}") from error


_REMEDIES = {
    sqlite3.SQLITE_BUSY: "another process holds the database; wait for its end, or stop it",
    sqlite3.SQLITE_LOCKED: "another process holds the database; wait for its end, or stop it",
    sqlite3.SQLITE_READONLY: "give this user the right to write there, or choose another --data",
    sqlite3.SQLITE_PERM: "give this user the right to use it, or choose another --data",
    sqlite3.SQLITE_CANTOPEN: "check that the folder exists and that this user may use it",
    sqlite3.SQLITE_FULL: "no space left; make room and run again",
    sqlite3.SQLITE_IOERR: "check the disk, and its free space",
    sqlite3.SQLITE_NOTADB: "move the file away; `gongkai rebuild` makes the database again",
    sqlite3.SQLITE_CORRUPT: "the file is damaged; `gongkai rebuild` makes the database again",
}
