"""What others ask the database: typed answers, no SQL outside. Nothing here writes."""

import sqlite3
from dataclasses import dataclass

from archive.events import Location
from archive.ledger.backlog import (
    Cursor,
    DueDocument,
    WaitingEntry,
    WaitingFile,
    due_documents,
    needs_fetch,
    unconfirmed,
    waiting_entries,
    waiting_files,
)
from archive.ledger.memory import ColumnMemory, News, column_memory, news
from archive.ledger.standing import (
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
from archive.urls import document_id
from archive.warc.records import Original

__all__ = [
    "ColumnBalance",
    "ColumnMemory",
    "Cursor",
    "DueDocument",
    "EndedRun",
    "Found",
    "News",
    "PortalRow",
    "RunCounts",
    "RunRow",
    "WaitingEntry",
    "WaitingFile",
    "column_balance",
    "column_memory",
    "due_documents",
    "ended_runs",
    "files_failed",
    "files_of_run",
    "fill",
    "find_documents",
    "find_payload",
    "holds_payloads",
    "ingested_to",
    "last_verdicts",
    "latest_capture",
    "needs_fetch",
    "news",
    "portals",
    "run_counts",
    "runs",
    "unconfirmed",
    "unfinished_runs",
    "waiting_entries",
    "waiting_files",
]


def ingested_to(ledger: sqlite3.Connection, file: str) -> int:
    """Up to which byte a WARC file has been read into the database; 0 for one it does not know."""
    row = ledger.execute("SELECT ingested_to FROM warc_files WHERE name = ?", (file,)).fetchone()
    return int(row[0]) if row else 0


def files_of_run(ledger: sqlite3.Connection, run: str) -> list[tuple[str, int]]:
    """The WARC files that hold a run's captures, and how many each holds, in their order."""
    return ledger.execute(
        "SELECT warc_file, count(*) FROM captures WHERE run_id = ? GROUP BY warc_file ORDER BY warc_file", (run,)
    ).fetchall()


def holds_payloads(ledger: sqlite3.Connection, portal: str) -> bool:
    """Whether :func:`find_payload` could find anything for this portal."""
    row = ledger.execute(
        "SELECT 1 FROM captures WHERE portal = ? AND revisit_of IS NULL AND truncated IS NULL LIMIT 1", (portal,)
    ).fetchone()
    return row is not None


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
        "AND truncated IS NULL AND refusal IS NULL ORDER BY fetched_at DESC LIMIT 1",
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
