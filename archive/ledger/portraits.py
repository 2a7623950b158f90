"""How portals have fared, for ``gongkai health`` and its report. Typed answers, no SQL outside; nothing here writes.

What is asked of every portal at once costs a few look-ups each, however many runs and documents there are; what looks
at all entries of a portal stands in :mod:`archive.ledger.past` and is asked of one at a time."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from archive.ledger.standing import RunRow
from archive.vocabulary import EntryState, Mode, Verdict

_WHOLE = f"verdict IS NOT NULL AND (mode IS NULL OR mode IN ('{Mode.NORMAL}', '{Mode.FULL}'))"
"""Runs whose verdict is the portal's: neither a probe's nor that of a narrowed run."""


@dataclass(frozen=True, slots=True)
class Streak:
    """The verdict of a portal's latest whole run, and since when it has been that."""

    run: str
    verdict: Verdict
    reason: str
    finished_at: str
    since: str  # end of the first run in a row that had it
    times: int  # runs in a row
    last_ok: str  # end of the last run that was ok, "" if there was none


@dataclass(frozen=True, slots=True)
class Totals:
    """A portal's columns together, as the latest run that met them left them."""

    of: int  # entries that there are: as declared, of a column that declares none those that stand in its lists
    declares: bool  # whether any column declares a total
    held: int


@dataclass(frozen=True, slots=True)
class Day:
    """The columns of a portal together at the end of a run: as :class:`Totals`."""

    at: str
    of: int
    held: int


@dataclass(frozen=True, slots=True)
class FieldPoint:
    """The fill of a field when a run ended: of all documents, and of those new or changed in the run."""

    at: str
    field: str
    documents: int
    stated: int
    fresh: int
    fresh_stated: int


def crawled(ledger: sqlite3.Connection) -> frozenset[str]:
    """The portals of which there is a run that was no probe."""
    rows = ledger.execute("SELECT DISTINCT portal FROM runs WHERE mode IS NOT ?", (Mode.PROBE,))
    return frozenset(key for (key,) in rows.fetchall())


def streak(ledger: sqlite3.Connection, portal: str) -> Streak | None:
    """``None`` for a portal of which no whole run has ended."""
    last = ledger.execute(
        "SELECT id, verdict, coalesce(reason, ''), coalesce(finished_at, ''), rowid FROM runs "
        f"WHERE portal = ? AND {_WHOLE} ORDER BY rowid DESC LIMIT 1",
        (portal,),
    ).fetchone()
    if last is None:
        return None
    run, verdict, reason, finished, row = last
    since, times = ledger.execute(
        f"SELECT min(finished_at), count(*) FROM runs WHERE portal = :portal AND {_WHOLE} AND rowid > coalesce((SELECT "
        f"max(rowid) FROM runs WHERE portal = :portal AND {_WHOLE} AND verdict <> :verdict), 0) AND rowid <= :row",
        {"portal": portal, "verdict": verdict, "row": row},
    ).fetchone()
    (ok,) = ledger.execute(
        f"SELECT max(finished_at) FROM runs WHERE portal = ? AND {_WHOLE} AND verdict = ?", (portal, Verdict.OK)
    ).fetchone()
    return Streak(run, Verdict(verdict), reason, finished, since or "", times, ok or "")


def totals(ledger: sqlite3.Connection, portal: str) -> Totals | None:
    """``None`` for a portal whose columns no run has met yet, or none since the history of columns is kept."""
    row = ledger.execute(
        "SELECT sum(coalesce(declared, standing)), count(declared), sum(rc.held) FROM run_columns AS rc WHERE run_id = "
        "(SELECT id FROM runs WHERE portal = ? AND EXISTS (SELECT 1 FROM run_columns WHERE run_id = id) "
        "ORDER BY rowid DESC LIMIT 1) HAVING count(*)",
        (portal,),
    ).fetchone()
    return Totals(row[0], row[1] > 0, row[2]) if row else None


def new_since(ledger: sqlite3.Connection, portal: str, since: str) -> int:
    """Documents that were new to the archive in the runs begun since a time stamp."""
    row = ledger.execute(
        "SELECT coalesce(sum(new), 0) FROM runs WHERE portal = ? AND started_at >= ?", (portal, since)
    ).fetchone()
    return int(row[0])


def documents(ledger: sqlite3.Connection, portal: str) -> int:
    """Documents held, whatever became of them."""
    return int(ledger.execute("SELECT count(*) FROM documents WHERE portal = ?", (portal,)).fetchone()[0])


def last_new(ledger: sqlite3.Connection, portal: str) -> str:
    """When the latest run began that brought a new document; "" if none did."""
    row = ledger.execute(
        "SELECT coalesce(max(started_at), '') FROM runs WHERE portal = ? AND new > 0", (portal,)
    ).fetchone()
    return str(row[0])


def failing(ledger: sqlite3.Connection, portal: str) -> dict[str, int]:
    """Reason → entries that failed for it, the most frequent first."""
    rows = ledger.execute(
        "SELECT coalesce(state_reason, 'unknown'), count(*) FROM entries WHERE portal = ? AND state = ? GROUP BY 1 "
        "ORDER BY 2 DESC, 1",
        (portal, EntryState.FAILED),
    )
    return dict(rows.fetchall())


def runs_since(ledger: sqlite3.Connection, portal: str, since: str) -> list[RunRow]:
    """The runs of a portal begun since a time stamp, in the order of the log; probes left out."""
    names = ", ".join(RunRow.__slots__)
    rows = ledger.execute(
        f"SELECT {names} FROM runs WHERE portal = ? AND started_at >= ? AND mode IS NOT ? ORDER BY rowid",
        (portal, since, Mode.PROBE),
    )
    return [RunRow(*row) for row in rows.fetchall()]


def days(ledger: sqlite3.Connection, portal: str, since: str) -> list[Day]:
    """Held against declared at the end of each run since a time stamp that met the portal's columns."""
    rows = ledger.execute(
        "SELECT started_at, sum(coalesce(rc.declared, standing)), sum(rc.held) FROM runs JOIN run_columns AS rc ON "
        "run_id = id WHERE portal = ? AND started_at >= ? GROUP BY id ORDER BY runs.rowid",
        (portal, since),
    )
    return [Day(*row) for row in rows.fetchall()]


def field_points(ledger: sqlite3.Connection, portal: str, since: str) -> list[FieldPoint]:
    """The history of a portal's fields since a time stamp, oldest first."""
    rows = ledger.execute(
        "SELECT started_at, field, documents, stated, fresh, fresh_stated FROM runs JOIN run_fill ON run_id = id "
        "WHERE portal = ? AND started_at >= ? ORDER BY runs.rowid, field",
        (portal, since),
    )
    return [FieldPoint(*row) for row in rows.fetchall()]


def site_codes(ledger: sqlite3.Connection, portal: str) -> Mapping[str, int]:
    """The 网站标识码 that the newest documents' pages state, and of how many of twenty; the most frequent first."""
    rows = ledger.execute(
        "SELECT lower(coalesce(normalised, value)), count(DISTINCT document_id) FROM observations WHERE (document_id, "
        "version) IN (SELECT id, version FROM documents WHERE rowid IN (SELECT rowid FROM documents WHERE portal = ? "
        "ORDER BY rowid DESC LIMIT 20)) AND field = 'site_id_code' GROUP BY 1 ORDER BY 2 DESC, 1",
        (portal,),
    )
    return dict(rows.fetchall())
