"""What a run did, in figures: for ``stats.json`` in its folder."""

import sqlite3
from dataclasses import dataclass

from archive.clock import parse_stamp

_COUNTS = ("declared", "listed", "fetched", "new", "changed", "unchanged", "withdrawn", "failed", "requests", "bytes")


@dataclass(frozen=True, slots=True)
class RunStats:
    """``counts``: the columns of that name of ``runs``. The tables behind it are of this run's captures: how many there
    were of each. ``bytes`` are those of payloads; a 304 counts for those of the page that it is about. ``seconds``:
    from its start to its verdict."""

    run: str
    portal: str
    mode: str
    verdict: str
    started_at: str
    finished_at: str
    seconds: float
    counts: dict[str, int | None]
    answers: dict[str, dict[str, int]]  # role → HTTP status, "0" where the answer broke off before it
    bytes: dict[str, int]  # role → bytes
    refusals: dict[str, int]  # named refusal
    truncated: dict[str, int]  # why an answer was cut
    revisits: int  # answers whose payload was held already


def run_stats(ledger: sqlite3.Connection, run: str) -> RunStats:
    """The figures of a run that has ended."""
    portal, mode, verdict, started, finished, *counts = ledger.execute(
        f"SELECT portal, mode, verdict, started_at, finished_at, {', '.join(_COUNTS)} FROM runs WHERE id = ?", (run,)
    ).fetchone()
    answers: dict[str, dict[str, int]] = {}
    sent: dict[str, int] = {}
    revisits = 0
    for role, status, number, size, again in ledger.execute(
        "SELECT role, status, count(*), sum(payload_bytes), count(revisit_of) FROM captures WHERE run_id = ? "
        "GROUP BY role, status ORDER BY role, status",
        (run,),
    ):
        answers.setdefault(role, {})[str(status)] = number
        sent[role] = sent.get(role, 0) + size
        revisits += again
    return RunStats(
        run,
        portal,
        mode,
        verdict,
        started,
        finished,
        round((parse_stamp(finished) - parse_stamp(started)).total_seconds(), 3),
        dict(zip(_COUNTS, counts, strict=True)),
        answers,
        sent,
        _tally(ledger, "refusal", run),
        _tally(ledger, "truncated", run),
        revisits,
    )


def _tally(ledger: sqlite3.Connection, column: str, run: str) -> dict[str, int]:
    return dict(
        ledger.execute(
            f"SELECT {column}, count(*) FROM captures WHERE run_id = ? AND {column} IS NOT NULL GROUP BY 1 ORDER BY 1",
            (run,),
        ).fetchall()
    )
