"""Forgetting a portal: what the database knows of it goes, to be read in again from its WARC files.

For when a file is no longer what it was when it was read. Rows hang together in too many ways to take out those of one
file alone: which version a document had depends on all that came before."""

import sqlite3

from archive.ledger.definition import Table
from archive.ledger.hantext import han
from archive.ledger.schema import transaction
from archive.ledger.tables import FULL_TEXT, PORTALS, TABLES

_OWNERS = {
    "portal": "portal = :portal",
    "document_id": "document_id IN (SELECT id FROM documents WHERE portal = :portal)",
    "run_id": "run_id IN (SELECT id FROM runs WHERE portal = :portal)",
}
"""By the column that a table has: which of its rows are a portal's. The first that it has decides."""


def forget(ledger: sqlite3.Connection, portal: str) -> None:
    """Delete all rows of a portal, in one transaction. Raises ``StorageError``; nothing is changed then."""
    # The links between these rows all end with them. To look each up would take an index on every column that refers
    # to something, which nothing else needs; tests prove that no row is left hanging.
    ledger.execute("PRAGMA foreign_keys = OFF")
    try:
        with transaction(ledger):
            _forget_text(ledger, portal)
            for table in reversed(TABLES):
                if where := owned(table):
                    ledger.execute(f"DELETE FROM {table.name} WHERE {where}", {"portal": portal})
    finally:
        ledger.execute("PRAGMA foreign_keys = ON")


def owned(table: Table) -> str:
    """The condition for the rows of a table that are a portal's; "" for a table that belongs to none."""
    if table is PORTALS:
        return "key = :portal"
    names = {column.name for column in table.columns}
    return next((where for name, where in _OWNERS.items() if name in names), "")


def _forget_text(ledger: sqlite3.Connection, portal: str) -> None:
    """The full-text index keeps no text of its own, and has to be told what it forgets."""
    rows = ledger.execute("SELECT rowid, title, text FROM documents WHERE portal = ?", (portal,))
    ledger.executemany(
        f"INSERT INTO {FULL_TEXT.name} ({FULL_TEXT.name}, rowid, title, text) VALUES ('delete', ?, ?, ?)",
        ((rowid, han(title), han(text)) for rowid, title, text in rows),
    )
