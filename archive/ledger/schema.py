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
from time import monotonic, sleep
from typing import Literal

from sqlite_utils import Database, Migrations

from archive.errors import StorageError
from archive.ledger.definition import Column, Table
from archive.ledger.hantext import han
from archive.ledger.tables import (
    CAPTURES,
    COLUMNS,
    DOCUMENTS,
    ENTRIES,
    FORESEEN,
    FULL_TEXT,
    READINGS,
    RUN_COLUMNS,
    RUN_FILL,
    TABLES,
    VERSIONS,
    VIEW,
    VOLATILE,
)

BUSY_SECONDS = 60.0
"""How long one process waits for another's transaction, unless ``GONGKAI_BUSY_SECONDS`` says otherwise. Ours take a
tenth of a second."""

_TOKENS = "tokenize='unicode61 remove_diacritics 0'"

MIGRATIONS = Migrations("gongkai")


@MIGRATIONS(name="0001_first")
def _first(db: Database) -> None:
    for statement in ddl():
        db.execute(statement)


@MIGRATIONS(name="0002_full_text_without_text")
def _full_text_without_text(db: Database) -> None:
    (made,) = db.execute("SELECT sql FROM sqlite_master WHERE name = ?", (FULL_TEXT.name,)).fetchone()
    if "content=''" in made:
        return
    db.execute(f"DROP TABLE {FULL_TEXT.name}")
    db.execute(_full_text())
    for rowid, title, text in db.execute("SELECT rowid, title, text FROM documents").fetchall():
        db.execute(
            f"INSERT INTO {FULL_TEXT.name} (rowid, title, text) VALUES (?, ?, ?)", (rowid, han(title), han(text))
        )


@MIGRATIONS(name="0003_tls_exceptions")
def _tls_exceptions(db: Database) -> None:
    _add(db, CAPTURES, "tls_exceptions")


@MIGRATIONS(name="0004_nights")
def _nights(db: Database) -> None:
    for table, names in (
        (COLUMNS, ("last_whole_walk", "whole_end", "next_page", "front")),
        (ENTRIES, ("failures", "next_try", "gone_since", "gone_run", "gone_proven")),
        (CAPTURES, ("etag", "last_modified")),
        (DOCUMENTS, ("delisted_at", "moved_to", "missing_since", "missing_run", "next_check")),
    ):
        for name in names:
            _add(db, table, name)
    _index(db, DOCUMENTS)
    _make(db, VOLATILE)
    db.execute(f'DROP VIEW "{VIEW}"')
    db.execute(_view())


@MIGRATIONS(name="0005_readings")
def _readings(db: Database) -> None:
    for table in (READINGS, FORESEEN):
        _make(db, table)


@MIGRATIONS(name="0006_history_of_runs")
def _history_of_runs(db: Database) -> None:
    """Empty in an older file: its runs to come fill them; `gongkai rebuild` does for those that were."""
    for table in (RUN_COLUMNS, RUN_FILL):
        _make(db, table)


@MIGRATIONS(name="0007_parts")
def _parts(db: Database) -> None:
    _add(db, VERSIONS, "parts")


class Ledger(sqlite3.Connection):
    """A connection that a ``with`` block closes; what goes wrong with the file in it comes out as ``StorageError``.

    In autocommit: writers use :func:`transaction`. It may be handed to another thread, but only one may use it at a
    time."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> Literal[False]:
        explained = _explain(self, error)
        self.close()
        if explained is not None:
            raise explained from error
        return False


def open_ledger(path: Path | str, *, readonly: bool = False, busy_seconds: float | None = None) -> Ledger:
    """Open the database at ``path``; for writing, make it or bring it up to date first.

    Raises ``StorageError`` if that cannot be done: no such file or folder, no permission, not a database, made by a
    newer version of this program, locked by another process for longer than ``busy_seconds`` (by default
    :func:`patience`)."""
    path = Path(path)
    if readonly and not path.is_file():
        raise StorageError(f"{path}: there is no database here; crawl a portal first, or name the folder with --data")
    ledger: Ledger | None = None
    try:
        busy_seconds = patience() if busy_seconds is None else busy_seconds
        ledger = _connect(path, readonly=readonly, busy_seconds=busy_seconds)
        _settle(ledger, readonly=readonly, busy_seconds=busy_seconds)
    except BaseException as error:
        if ledger is not None:
            ledger.close()
        if (explained := _explain(str(path), error)) is not None:
            raise explained from error
        raise
    return ledger


def patience() -> float:
    """Seconds that one process waits for another's transaction. Raises ``StorageError`` if the environment says
    something else than a number."""
    said = os.environ.get("GONGKAI_BUSY_SECONDS", "")
    try:
        return max(0.0, float(said)) if said else BUSY_SECONDS
    except ValueError as error:
        raise StorageError(f"GONGKAI_BUSY_SECONDS = {said!r}: not a number of seconds; correct or unset it") from error


@contextmanager
def transaction(ledger: sqlite3.Connection) -> Iterator[None]:
    """One writing transaction: all of the block or nothing of it. Raises ``StorageError`` if SQLite cannot write."""
    try:
        ledger.execute("BEGIN IMMEDIATE")
        yield
        ledger.execute("COMMIT")
    except BaseException as error:
        if ledger.in_transaction:  # some errors end it by themselves
            ledger.execute("ROLLBACK")
        if (explained := _explain(ledger, error)) is not None:
            raise explained from error
        raise


def ddl() -> Iterator[str]:
    """The statements that make an empty database, in order."""
    for table in TABLES:
        yield _create(table)
        yield from _indexes(table)
    yield _full_text()
    yield _view()


def _indexes(table: Table) -> Iterator[str]:
    for number, index in enumerate(table.indexes, 1):
        where = f" WHERE {index.where}" if index.where else ""
        yield f"CREATE INDEX {table.name}_{number} ON {table.name} ({index.columns}){where}"


def _view() -> str:
    renamed = ", ".join(f'"{column.name}" AS "{column.zh}"' for column in DOCUMENTS.columns)
    return f'CREATE VIEW "{VIEW}" AS SELECT {renamed} FROM {DOCUMENTS.name}'


def _full_text() -> str:
    """The full-text index. The text itself stands in ``documents``: without a copy the database is a third smaller."""
    columns = ", ".join(column.name for column in FULL_TEXT.columns)
    return f"CREATE VIRTUAL TABLE {FULL_TEXT.name} USING fts5({columns}, {_TOKENS}, content='')"


def _create(table: Table) -> str:
    key = ", ".join(f'"{name}"' for name in table.key)
    parts = [*(_column(column) for column in table.columns), f"PRIMARY KEY ({key})", *table.more]
    return f"CREATE TABLE {table.name} ({', '.join(parts)}) STRICT" + ("" if table.rowid else ", WITHOUT ROWID")


def _make(db: Database, table: Table) -> None:
    """Make a table of the present definition in a database that was made without it."""
    if db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table.name,)).fetchone() is None:
        db.execute(_create(table))
        for statement in _indexes(table):
            db.execute(statement)


def _add(db: Database, table: Table, name: str) -> None:
    """Add a column of the present definition to a table that was made without it."""
    if name not in {row[1] for row in db.execute(f"PRAGMA table_info({table.name})")}:
        (column,) = (column for column in table.columns if column.name == name)
        db.execute(f"ALTER TABLE {table.name} ADD COLUMN {_column(column)}")


def _index(db: Database, table: Table) -> None:
    """Give a table the indexes of its present definition, and no others."""
    old = db.execute(
        "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL", (table.name,)
    )
    for (name,) in old.fetchall():
        db.execute(f"DROP INDEX {name}")
    for statement in _indexes(table):
        db.execute(statement)


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


def _write_ahead(ledger: Ledger, busy_seconds: float) -> None:
    """Turn the write-ahead log on. Of several that open a new database at once SQLite lets one do so, and the others
    not wait: they are told that it is locked, whatever their time-out."""
    last = monotonic() + busy_seconds
    while True:
        try:
            ledger.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() >= last:
                raise
            sleep(0.05)
        else:
            return


def _settle(ledger: Ledger, *, readonly: bool, busy_seconds: float) -> None:
    ledger.execute("PRAGMA foreign_keys = ON")
    if not readonly:
        _write_ahead(ledger, busy_seconds)
        ledger.execute("PRAGMA synchronous = NORMAL")  # after a power cut the last batches are read from the WARC again
        ledger.execute("PRAGMA cache_size = -65536")  # KiB: a batch and the indexes it touches, without spilling
        ledger.execute("PRAGMA wal_autocheckpoint = 4000")  # pages: not after every batch
    found = Database(ledger, execute_plugins=False, recursive_triggers=False)
    if newer := sorted({step.name for step in MIGRATIONS.applied(found)} - _ours()):
        raise StorageError(
            f"{_path(ledger)}: made by a newer version of this program ({', '.join(newer)}); update the program"
        )
    if not MIGRATIONS.pending(found):
        return
    if readonly:
        raise StorageError(
            f"{_path(ledger)}: not an up-to-date Gongkai database; a crawl or `gongkai rebuild` makes it one"
        )
    with transaction(ledger):  # of several processes that start together one migrates, the others wait
        MIGRATIONS.apply(found)


def _ours() -> set[str]:
    """The migrations that this program knows."""
    with Database(memory=True, execute_plugins=False) as empty:
        return {step.name for step in MIGRATIONS.pending(empty)}


def _path(ledger: sqlite3.Connection) -> str:
    return str(ledger.execute("PRAGMA database_list").fetchone()[2])


def _explain(where: sqlite3.Connection | str, error: BaseException | None) -> StorageError | None:
    """What SQLite says of files, locks and space, in one line; ``None`` for another error (a constraint, say)."""
    if not isinstance(error, sqlite3.DatabaseError):
        return None
    remedy = _REMEDIES.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    path = where if isinstance(where, str) else _path(where)
    return StorageError(f"{path}: {error}; {remedy}") if remedy else None


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
