"""What the nights ask the database: when each portal had its turn, and what a run brought. Nothing here writes."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from archive.vocabulary import ChangeKind, Mode, Verdict

WHOLE = (Mode.NORMAL, Mode.FULL)
"""Runs that set out for all that was due. Probes and parts of a catalogue say nothing of when a portal is due."""

COMPLETED = (Verdict.OK, Verdict.PARTIAL, Verdict.EMPTY)
"""Verdicts of runs that came to the end of their work, whatever they found."""

TURN = timedelta(minutes=30)
"""A run that was interrupted before it had so much time has not had its turn."""


@dataclass(frozen=True, slots=True)
class History:
    """What is known of a portal's whole runs. Times are UTC time stamps, "" for never."""

    portal: str
    verdict: Verdict | None  # of the latest that was not interrupted
    completed: str  # when the latest that came to the end of its work began
    turn: str  # when the latest that had its turn began
    begun: str  # when the latest began, whatever became of it


def histories(ledger: sqlite3.Connection) -> dict[str, History]:
    """By portal; a portal that no whole run has ended of is not in it."""
    rows = ledger.execute(
        "SELECT portal, verdict, max(started_at) FROM runs "  # of one max() SQLite gives the row that has it
        f"WHERE verdict <> ? AND mode IN ({_marks(WHOLE)}) GROUP BY portal",
        (Verdict.INTERRUPTED, *WHOLE),
    ).fetchall()
    verdicts = {portal: Verdict(verdict) for portal, verdict, _ in rows}
    times = ledger.execute(
        f"SELECT portal, max(CASE WHEN verdict IN ({_marks(COMPLETED)}) THEN started_at END), "
        "max(CASE WHEN verdict <> ? OR julianday(finished_at) - julianday(started_at) >= ? THEN started_at END), "
        f"max(started_at) FROM runs WHERE verdict IS NOT NULL AND mode IN ({_marks(WHOLE)}) GROUP BY portal",
        (*COMPLETED, Verdict.INTERRUPTED, TURN / timedelta(days=1), *WHOLE),
    )
    return {
        portal: History(portal, verdicts.get(portal), completed or "", turn or "", begun or "")
        for portal, completed, turn, begun in times.fetchall()
    }


def last_entered(ledger: sqlite3.Connection, portal: str, url: str) -> str:
    """When the latest whole run that came to the end of its work, and for which an entry page answered, began; "" for
    none. ``url``: as it was asked for."""
    (at,) = ledger.execute(
        "SELECT max(started_at) FROM captures JOIN runs ON runs.id = run_id WHERE captures.url = ? "
        "AND captures.portal = ? AND status BETWEEN 200 AND 399 AND refusal IS NULL "
        f"AND verdict IN ({_marks(COMPLETED)}) AND mode IN ({_marks(WHOLE)})",
        (url, portal, *COMPLETED, *WHOLE),
    ).fetchone()
    return at or ""


@dataclass(frozen=True, slots=True)
class News:
    """What a run brought: documents by what happened to them, and what is still not held."""

    new: int = 0
    changed: int = 0
    withdrawn: int = 0
    delisted: int = 0
    returned: int = 0
    moved: int = 0
    failed: int = 0


def news(ledger: sqlite3.Connection, run: str) -> News:
    """Of one run; zeros if the database does not know it."""
    counts = dict(
        ledger.execute(
            "SELECT kind, count(DISTINCT document_id) FROM changes WHERE run_id = ? GROUP BY kind", (run,)
        ).fetchall()
    )
    (failed,) = ledger.execute("SELECT failed FROM runs WHERE id = ?", (run,)).fetchone() or (0,)
    return News(**{kind.value: counts.get(kind, 0) for kind in ChangeKind}, failed=failed)


def _marks(values: Iterable[object]) -> str:
    return ", ".join("?" for _ in values)
