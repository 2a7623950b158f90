"""What is still to be fetched: rows that wait for their document, documents due for another look, files.

Asked through :mod:`archive.ledger.questions`."""

import sqlite3
from collections.abc import Set
from dataclasses import dataclass

from archive.events import CatalogueRow
from archive.ledger.catalogue import row_of
from archive.ledger.standing import OPEN
from archive.urls import identity


@dataclass(slots=True)
class Cursor:
    """How far a series of questions has come: what was handed out once is not handed out again, also if it failed."""

    after: int = 0


@dataclass(frozen=True, slots=True)
class WaitingEntry:
    """A row of the catalogue whose document is wanted."""

    column: str
    url: str
    row: CatalogueRow
    attempts: int


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """An attachment that is wanted. ``document_url``: its document's address in the catalogue."""

    document_url: str
    url: str
    filename: str
    attempts: int


def waiting_entries(
    ledger: sqlite3.Connection,
    portal: str,
    cursor: Cursor,
    limit: int,
    *,
    again: bool = False,
    seen_since: str = "",
    dated_since: str = "",
    due: str = "",
) -> list[WaitingEntry]:
    """The next rows to fetch, at most ``limit``, in the order in which the lists first showed them; moves the cursor.

    Rows listed or failed; with ``again`` also those held. ``seen_since`` (UTC time stamp): only rows that a list has
    shown since then. ``dated_since`` (``YYYY-MM-DD``): only rows of that day or later, and rows without a date. ``due``
    (UTC time stamp): of the rows that failed only those whose pause is over by then. An address that several columns
    show comes once."""
    states = "'listed', 'failed', 'done', 'unchanged'" if again else "'listed', 'failed'"
    way = "NOT INDEXED" if again else ""  # by rowid; else by the index of just these rows, which has the same order

    def wanted(row: str) -> str:
        return (
            f"{row}.portal = :portal AND {row}.last_seen >= :seen "
            f"AND ({row}.listed_date IS NULL OR {row}.listed_date >= :dated) "
            f"AND (:due = '' OR {row}.state <> 'failed' OR {row}.next_try <= :due)"
        )

    rows = ledger.execute(  # the + keeps SQLite from looking a twin up by state instead of by address
        f"SELECT e.rowid, column_key, url, title, listed_as, attempts FROM entries AS e {way} WHERE e.rowid > :after "
        f"AND {wanted('e')} AND e.state IN ({states}) AND NOT EXISTS (SELECT 1 FROM entries AS twin "
        f"WHERE twin.address = e.address AND twin.rowid < e.rowid AND {wanted('twin')} AND +twin.state IN ({states})) "
        "ORDER BY e.rowid LIMIT :limit",
        {"portal": portal, "after": cursor.after, "limit": limit, "seen": seen_since, "dated": dated_since, "due": due},
    ).fetchall()
    if rows:
        cursor.after = rows[-1][0]
    return [
        WaitingEntry(column, url, row_of(url, title, listed_as), attempts)
        for _, column, url, title, listed_as, attempts in rows
    ]


@dataclass(frozen=True, slots=True)
class DueDocument:
    """A document that is to be asked for again. ``etag`` and ``last_modified``: of its latest answer, "" for none."""

    id: str
    url: str
    column: str  # of a row that names it, one that stands in its list if there is one; "" if there is no row
    row: CatalogueRow | None
    etag: str
    last_modified: str


def due_documents(ledger: sqlite3.Connection, portal: str, at: str, handed: Set[str], limit: int) -> list[DueDocument]:
    """The documents whose next check is due ``at`` that time, the most overdue first, at most ``limit``; those in
    ``handed`` are left out, and those that a row waits for anyway."""
    rows = ledger.execute(
        "SELECT d.id, d.url, e.column_key, e.url, e.title, e.listed_as, c.etag, c.last_modified FROM documents AS d "
        "LEFT JOIN entries AS e ON e.rowid = (SELECT rowid FROM entries WHERE document_id = d.id "
        "ORDER BY state = 'gone', rowid LIMIT 1) LEFT JOIN captures AS c ON c.rowid = (SELECT rowid FROM captures "
        "WHERE url = d.url AND portal = d.portal AND status = 200 AND truncated IS NULL AND refusal IS NULL "
        "ORDER BY fetched_at DESC LIMIT 1) WHERE d.portal = ? AND d.next_check <= ? AND NOT EXISTS "
        "(SELECT 1 FROM entries WHERE document_id = d.id AND state IN (?, ?)) ORDER BY d.next_check, d.id LIMIT ?",
        (portal, at, *OPEN, limit + len(handed)),
    ).fetchall()
    return [
        DueDocument(
            document, url, column or "", row_of(link, title, listed_as) if column else None, etag or "", modified or ""
        )
        for document, url, column, link, title, listed_as, etag, modified in rows
        if document not in handed
    ][:limit]


def unconfirmed(ledger: sqlite3.Connection, portal: str, run: str, handed: Set[str], limit: int) -> list[DueDocument]:
    """The documents that a run found changed, and has asked for only once: at most ``limit``, none of ``handed``."""
    rows = ledger.execute(
        "SELECT d.id, d.url, e.column_key, e.url, e.title, e.listed_as FROM captures AS c "
        "JOIN documents AS d ON d.capture_id = c.id LEFT JOIN entries AS e ON e.rowid = (SELECT rowid FROM entries "
        "WHERE document_id = d.id ORDER BY state = 'gone', rowid LIMIT 1) WHERE c.run_id = ? AND d.portal = ? "
        "AND d.version > 1 AND d.last_seen = c.fetched_at ORDER BY c.rowid LIMIT ?",
        (run, portal, limit + len(handed)),
    ).fetchall()
    return [
        DueDocument(document, url, column or "", row_of(link, title, listed_as) if column else None, "", "")
        for document, url, column, link, title, listed_as in rows
        if document not in handed
    ][:limit]


def waiting_files(ledger: sqlite3.Connection, portal: str, cursor: Cursor, limit: int) -> list[WaitingFile]:
    """The next attachments to fetch, at most ``limit``, in the order in which they were met; moves the cursor.

    Only files that the present version of their document links to."""
    rows = ledger.execute(
        "SELECT a.rowid, d.url, a.url, filename, attempts FROM attachments AS a JOIN documents AS d "
        "ON d.id = a.document_id AND d.version = a.version "
        "WHERE d.portal = ? AND a.rowid > ? AND a.state <> 'done' AND a.state IN (?, ?) ORDER BY a.rowid LIMIT ?",
        (portal, cursor.after, *OPEN, limit),
    ).fetchall()
    if rows:
        cursor.after = rows[-1][0]
    return [WaitingFile(*row[1:]) for row in rows]


def needs_fetch(ledger: sqlite3.Connection, portal: str, column: str, url: str) -> bool:
    """Whether a row of a column still waits for its document. A row that is not known does."""
    row = ledger.execute(
        "SELECT state FROM entries WHERE portal = ? AND column_key = ? AND address = ?", (portal, column, identity(url))
    ).fetchone()
    return row is None or row[0] in OPEN
