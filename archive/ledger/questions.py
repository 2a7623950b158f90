"""What others ask the database: typed answers, no SQL outside. Nothing here writes."""

import sqlite3
from dataclasses import dataclass

from archive.events import CatalogueRow, Location
from archive.ledger.catalogue import row_of
from archive.ledger.standing import (
    OPEN,
    ColumnBalance,
    EndedRun,
    PortalRow,
    RunCounts,
    RunRow,
    column_balance,
    ended_runs,
    files_failed,
    fill,
    last_verdicts,
    portals,
    run_counts,
    runs,
    unfinished_runs,
)
from archive.reading.doc_number import parse_doc_numbers
from archive.urls import document_id, identity
from archive.warc.records import Original

__all__ = [
    "ColumnBalance",
    "Cursor",
    "EndedRun",
    "Found",
    "PortalRow",
    "RunCounts",
    "RunRow",
    "WaitingEntry",
    "WaitingFile",
    "column_balance",
    "ended_runs",
    "files_failed",
    "files_of_run",
    "fill",
    "find_documents",
    "find_payload",
    "ingested_to",
    "last_verdicts",
    "latest_capture",
    "needs_fetch",
    "portals",
    "run_counts",
    "runs",
    "unfinished_runs",
    "waiting_entries",
    "waiting_files",
]


# --- what is still to be fetched --------------------------------------------------------------------------------------


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
) -> list[WaitingEntry]:
    """The next rows to fetch, at most ``limit``, in the order in which the lists first showed them; moves the cursor.

    Rows listed or failed; with ``again`` also those held. ``seen_since`` (UTC time stamp): only rows that a list has
    shown since then. ``dated_since`` (``YYYY-MM-DD``): only rows of that day or later, and rows without a date. An
    address that several columns show comes once."""
    states = "'listed', 'failed', 'done', 'unchanged'" if again else "'listed', 'failed'"
    way = "NOT INDEXED" if again else ""  # by rowid; else by the index of just these rows, which has the same order

    def wanted(row: str) -> str:
        return (
            f"{row}.portal = :portal AND {row}.last_seen >= :seen "
            f"AND ({row}.listed_date IS NULL OR {row}.listed_date >= :dated)"
        )

    rows = ledger.execute(  # the + keeps SQLite from looking a twin up by state instead of by address
        f"SELECT e.rowid, column_key, url, title, listed_as, attempts FROM entries AS e {way} WHERE e.rowid > :after "
        f"AND {wanted('e')} AND e.state IN ({states}) AND NOT EXISTS (SELECT 1 FROM entries AS twin "
        f"WHERE twin.address = e.address AND twin.rowid < e.rowid AND {wanted('twin')} AND +twin.state IN ({states})) "
        "ORDER BY e.rowid LIMIT :limit",
        {"portal": portal, "after": cursor.after, "limit": limit, "seen": seen_since, "dated": dated_since},
    ).fetchall()
    if rows:
        cursor.after = rows[-1][0]
    return [
        WaitingEntry(column, url, row_of(url, title, listed_as), attempts)
        for _, column, url, title, listed_as, attempts in rows
    ]


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


# --- what is held -----------------------------------------------------------------------------------------------------


def ingested_to(ledger: sqlite3.Connection, file: str) -> int:
    """Up to which byte a WARC file has been read into the database; 0 for one it does not know."""
    row = ledger.execute("SELECT ingested_to FROM warc_files WHERE name = ?", (file,)).fetchone()
    return int(row[0]) if row else 0


def files_of_run(ledger: sqlite3.Connection, run: str) -> list[tuple[str, int]]:
    """The WARC files that hold a run's captures, and how many each holds, in their order."""
    return ledger.execute(
        "SELECT warc_file, count(*) FROM captures WHERE run_id = ? GROUP BY warc_file ORDER BY warc_file", (run,)
    ).fetchall()


def find_payload(ledger: sqlite3.Connection, portal: str, digest: str) -> Original | None:
    """A whole ``response`` record of this portal, status 200, that holds a payload; the earliest."""
    return _original(
        ledger,
        "portal = ? AND payload_digest = ? AND revisit_of IS NULL AND truncated IS NULL AND status = 200 "
        "ORDER BY fetched_at LIMIT 1",
        (portal, digest),
    )


def latest_capture(ledger: sqlite3.Connection, portal: str, url: str) -> Original | None:
    """The record with the payload that was last received in full for a URL: what an answer 304 is about."""
    row = ledger.execute(
        "SELECT coalesce(revisit_of, id) FROM captures WHERE url = ? AND portal = ? AND status = 200 "
        "AND truncated IS NULL ORDER BY fetched_at DESC LIMIT 1",
        (url, portal),
    ).fetchone()
    return _original(ledger, "id = ?", row) if row else None


def _original(ledger: sqlite3.Connection, where: str, values: tuple[str, ...]) -> Original | None:
    row = ledger.execute(
        f"SELECT id, url, fetched_at, warc_file, warc_offset, warc_length, payload_digest FROM captures WHERE {where}",
        values,
    ).fetchone()
    return Original(row[0], row[1], row[2], Location(*row[3:6]), row[6]) if row else None


@dataclass(frozen=True, slots=True)
class Found:
    """A document that answers to a name."""

    id: str
    portal: str
    title: str
    url: str
    doc_number: str | None


def find_documents(ledger: sqlite3.Connection, name: str) -> list[Found]:
    """The documents that answer to an id, a URL, a 文号 in whatever brackets, or an 索引号; ordered by id.

    A URL may be the catalogue's, or one that a redirect led to. The first of these that finds anything decides."""
    name = name.strip()
    for where, values in _ways(ledger, name):
        rows = ledger.execute(
            f"SELECT id, portal, title, url, doc_number FROM documents WHERE {where} ORDER BY id", values
        ).fetchall()
        if rows:
            return [Found(*row) for row in rows]
    return []


def _ways(ledger: sqlite3.Connection, name: str) -> list[tuple[str, tuple[str, ...]]]:
    ways: list[tuple[str, tuple[str, ...]]] = [("id = ?", (name,))]
    if "://" in name:
        ids = tuple(document_id(key, name) for (key,) in ledger.execute("SELECT key FROM portals ORDER BY key"))
        ways.append((f"id IN ({', '.join('?' * len(ids))})", ids))
        ways.append(
            (
                "id IN (SELECT document_id FROM versions JOIN captures ON id = capture_id WHERE captures.url = ?)",
                (name,),
            )
        )
    for number in parse_doc_numbers(name).numbers:
        ways.append(("doc_number_key = ?", (number.key,)))
        ways.append(
            ("instr('、' || doc_number || '、', '、' || ? || '、')", (str(number),))
        )  # not the first of several
    return [*ways, ("index_number = ?", (name,))]
