"""How runs and columns stand, for verdicts, progress and health. Asked through :mod:`archive.ledger.questions`."""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from archive.ledger.tables import METADATA
from archive.vocabulary import EntryState, Mode, Verdict

HELD = (EntryState.DONE, EntryState.UNCHANGED)
OPEN = (EntryState.LISTED, EntryState.FAILED)


@dataclass(frozen=True, slots=True)
class ColumnBalance:
    """A column as its walks left it. ``shown`` are the rows that the latest of them met; ``listed`` those that stand in
    the list as far as is known, of which ``listed = held + waiting + external + sum(failed.values())``; ``gone`` those
    that stood there once."""

    key: str
    name: str
    url: str
    declared: int | None
    shown: int
    listed: int
    held: int
    waiting: int
    external: int
    gone: int
    failed: Mapping[str, int]  # reason → rows
    walk_end: str  # a WalkEnd, "" if there was none; of the last whole walk, if the latest stopped at what is known
    walk_detail: str
    last_complete_walk: str


def column_balance(ledger: sqlite3.Connection, portal: str) -> list[ColumnBalance]:
    """Declared against held, for each column that the portal offered when it was last asked, in its order."""
    counts: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for column, state, reason, count in ledger.execute(
        "SELECT column_key, state, coalesce(state_reason, ''), count(*) FROM entries WHERE portal = ? "
        "GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
        (portal,),
    ):
        counts[column][state][reason] = count
    rows = ledger.execute(
        "SELECT key, name, url, declared_total, listed, CASE WHEN walk_end = 'caught_up' THEN coalesce(whole_end, "
        "walk_end) ELSE walk_end END, walk_detail, last_complete_walk FROM columns "
        "WHERE portal = :portal AND coalesce(last_seen, '') >= coalesce((SELECT max(started_at) FROM runs WHERE "
        "portal = :portal AND started_at <= (SELECT max(last_seen) FROM columns WHERE portal = :portal)), '') "
        "ORDER BY rowid",
        {"portal": portal},
    )
    return [_balance(row, counts[row[0]]) for row in rows.fetchall()]


def _balance(
    row: tuple[str, str, str, int | None, int, str, str, str], states: dict[str, dict[str, int]]
) -> ColumnBalance:
    key, name, url, declared, shown, end, detail, complete = row
    count = {state: sum(reasons.values()) for state, reasons in states.items()}
    return ColumnBalance(
        key,
        name,
        url,
        declared,
        shown,
        listed=sum(count.values()) - count.get(EntryState.GONE, 0),
        held=sum(count.get(state, 0) for state in HELD),
        waiting=count.get(EntryState.LISTED, 0),
        external=count.get(EntryState.EXTERNAL, 0),
        gone=count.get(EntryState.GONE, 0),
        failed=states.get(EntryState.FAILED, {}),
        walk_end=end or "",
        walk_detail=detail or "",
        last_complete_walk=complete or "",
    )


def files_failed(ledger: sqlite3.Connection, portal: str) -> int:
    """Attachments that documents link to now and that are not held, for whatever reason but that they lie elsewhere."""
    row = ledger.execute(
        "SELECT count(*) FROM attachments AS a JOIN documents AS d ON d.id = a.document_id AND d.version = a.version "
        "WHERE d.portal = ? AND a.state <> 'done' AND a.state IN (?, ?)",
        (portal, *OPEN),
    ).fetchone()
    return int(row[0])


def fill(ledger: sqlite3.Connection, portal: str) -> dict[str, float]:
    """Share of the portal's documents that state a field, 0 to 1, for each field and for ``text``."""
    names = (*METADATA, "text")
    stated = ", ".join(f"coalesce(avg({name} <> '' AND {name} IS NOT NULL), 0.0)" for name in names)
    row = ledger.execute(f"SELECT {stated} FROM documents WHERE portal = ?", (portal,)).fetchone()
    return dict(zip(names, row, strict=True))


@dataclass(frozen=True, slots=True)
class RunCounts:
    """How a run goes. ``waiting``: rows of the portal that are still to be fetched."""

    listed: int = 0
    fetched: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    failed: int = 0
    waiting: int = 0


def run_counts(ledger: sqlite3.Connection, run: str, portal: str) -> RunCounts:
    """The counts of a run as far as the database has come; zeros if it has not come to it."""
    row = ledger.execute(
        "SELECT listed, fetched, new, changed, unchanged, failed, "
        "(SELECT count(*) FROM entries WHERE portal = ? AND state = ?) FROM runs WHERE id = ?",
        (portal, EntryState.LISTED, run),
    ).fetchone()
    return RunCounts(*row) if row else RunCounts()


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run. Counts as in the data dictionary; what is not known is ``None``."""

    id: str
    portal: str
    mode: str | None
    started_at: str | None
    finished_at: str | None
    verdict: str | None
    reason: str | None
    declared: int | None
    listed: int
    fetched: int
    new: int
    changed: int
    unchanged: int
    withdrawn: int
    failed: int
    requests: int
    bytes: int


def runs(ledger: sqlite3.Connection, limit: int) -> list[RunRow]:
    """The latest runs, newest first."""
    names = ", ".join(RunRow.__slots__)
    rows = ledger.execute(f"SELECT {names} FROM runs ORDER BY started_at DESC, id DESC LIMIT ?", (limit,))
    return [RunRow(*row) for row in rows.fetchall()]


def unfinished_runs(ledger: sqlite3.Connection, portal: str) -> list[str]:
    """Runs of a portal whose end is not in the log, oldest first."""
    rows = ledger.execute(
        "SELECT id FROM runs WHERE portal = ? AND finished_at IS NULL ORDER BY started_at, id", (portal,)
    )
    return [run for (run,) in rows.fetchall()]


@dataclass(frozen=True, slots=True)
class PortalRow:
    """A portal as its last run described it."""

    key: str
    name: str
    family: str
    home: str
    division: str
    site_id_code: str


def portals(ledger: sqlite3.Connection) -> list[PortalRow]:
    """All portals, by key."""
    names = ", ".join(PortalRow.__slots__)
    return [PortalRow(*row) for row in ledger.execute(f"SELECT {names} FROM portals ORDER BY key").fetchall()]


@dataclass(frozen=True, slots=True)
class EndedRun:
    """A run that has its verdict, and the 行政区划代码 of its portal, "" if it has none."""

    portal: str
    division: str
    verdict: Verdict
    finished_at: str
    reason: str


def ended_runs(ledger: sqlite3.Connection) -> list[EndedRun]:
    """All runs that have ended, in the order in which they did."""
    rows = ledger.execute(
        "SELECT portal, division, verdict, finished_at, coalesce(reason, '') FROM runs JOIN portals ON key = portal "
        "WHERE verdict IS NOT NULL AND finished_at IS NOT NULL ORDER BY finished_at, id"
    )
    return [EndedRun(portal, division, Verdict(verdict), at, why) for portal, division, verdict, at, why in rows]


def last_verdicts(ledger: sqlite3.Connection) -> dict[str, Verdict]:
    """Portal → verdict of its latest run that has one. That of a probe says nothing of the catalogue."""
    rows = ledger.execute(
        "SELECT portal, verdict FROM runs WHERE verdict IS NOT NULL AND mode IS NOT ? ORDER BY started_at, id",
        (Mode.PROBE,),
    )
    return {portal: Verdict(verdict) for portal, verdict in rows.fetchall()}
