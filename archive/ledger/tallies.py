"""What is counted of a portal whenever a run ends: its columns and the fill of its fields, for a history of both.

The counts stand at the place in the log where the run's end stands, so a rebuild makes the same. The fill of 100,000
documents is not counted anew each night: it is what it was, plus what the run's own documents changed in it.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from archive.ledger.tables import METADATA
from archive.vocabulary import EntryState, Mode, WalkEnd

FIELDS = (*METADATA, "text")
"""What the fill is counted of."""

_COMPLETE = ", ".join(f"'{end}'" for end in WalkEnd if end.complete)
_HELD = f"('{EntryState.DONE}', '{EntryState.UNCHANGED}')"


@dataclass(frozen=True, slots=True)
class Fill:
    """How many documents of a portal state each field; fields that none states may be missing. ``fresh``: documents
    that were new or changed in the run at whose end this was counted."""

    documents: int
    stated: Mapping[str, int]
    fresh: int
    fresh_stated: Mapping[str, int]

    def share(self, field: str) -> float:
        """0 to 1; 0 without documents."""
        return self.stated.get(field, 0) / self.documents if self.documents else 0.0

    @property
    def shares(self) -> dict[str, float]:
        """:meth:`share` of every field there is."""
        return {field: self.share(field) for field in FIELDS}


def tally_run(ledger: sqlite3.Connection, portal: str, run: str) -> None:
    """Put down how the portal's columns and fields stand now that a run of it ends. A probe tells nothing of them."""
    mode, began = ledger.execute("SELECT mode, started_at FROM runs WHERE id = ?", (run,)).fetchone()
    if mode == Mode.PROBE:
        return
    ledger.execute(
        "INSERT OR REPLACE INTO run_columns (run_id, column_key, name, declared, listed, standing, held, failed, gone, "
        "walk_end) SELECT :run, key, name, declared_total, iif(run_id = :run, listed, 0), coalesce(standing, 0), "
        "coalesce(rows.held, 0), coalesce(failed, 0), coalesce(gone, 0), "
        # of a run that was killed on its way the column still bears the end of the walk before
        f"iif(run_id = :run AND (walk_end NOT IN ({_COMPLETE}) OR last_complete_walk >= :began), walk_end, NULL) "
        "FROM columns LEFT JOIN (SELECT column_key, sum(state <> 'gone') AS standing, "
        f"sum(state IN {_HELD}) AS held, sum(state = 'failed') AS failed, sum(state = 'gone') AS gone "
        "FROM entries WHERE portal = :portal GROUP BY column_key) AS rows ON column_key = key "
        "WHERE portal = :portal AND (run_id = :run OR last_seen >= :began)",
        {"run": run, "portal": portal, "began": began or ""},
    )
    fill = fill_at(ledger, portal, run)
    if fill.fresh:
        _write(ledger, run, fill)


def fill_at(ledger: sqlite3.Connection, portal: str, run: str) -> Fill:
    """The fill of a portal's fields now, at the end of a run of it, or shortly before."""
    own = _of_run(ledger, run)
    earlier = _before(ledger, portal, run)
    (documents,) = ledger.execute("SELECT count(*) FROM documents WHERE portal = ?", (portal,)).fetchone()
    if own.new == documents:
        stated = {field: count for field, count in own.stated.items() if count}
    elif earlier is None or earlier.documents + own.new != documents or _reread_since(ledger, portal, run):
        # what came without a run is in no tally, nor what a newer reader has read again
        stated = _count_all(ledger, portal)
    else:
        stated = {
            field: count
            for field in FIELDS
            if (count := earlier.stated.get(field, 0) + own.stated[field] - own.stated_before[field])
        }
    return Fill(documents, stated, own.fresh, own.stated)


def fill_of(ledger: sqlite3.Connection, run: str) -> Fill | None:
    """The fill as it was put down when a run ended; ``None`` if it was not."""
    rows = ledger.execute(
        "SELECT field, documents, stated, fresh, fresh_stated FROM run_fill WHERE run_id = ?", (run,)
    ).fetchall()
    if not rows:
        return None
    return Fill(
        rows[0][1],
        {field: stated for field, _, stated, _, _ in rows if stated},
        rows[0][3],
        {field: stated for field, _, _, _, stated in rows if stated},
    )


# --- how it is counted ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _OfRun:
    """The documents that are new or changed in a run."""

    fresh: int
    new: int
    stated: Mapping[str, int]
    stated_before: Mapping[str, int]  # by the version that each had before the run


def _of_run(ledger: sqlite3.Connection, run: str) -> _OfRun:
    row = ledger.execute(
        "WITH own AS (SELECT v.document_id AS id, min(v.version) AS first FROM captures AS c JOIN versions AS v "
        "ON v.capture_id = c.id WHERE c.run_id = ? GROUP BY 1) "
        f"SELECT count(*), coalesce(sum(first = 1), 0), {_sums('now', FIELDS)}, {_sums('old', FIELDS)} FROM own "
        "JOIN documents AS d ON d.id = own.id "
        "JOIN versions AS now ON now.document_id = d.id AND now.version = d.version "
        "LEFT JOIN versions AS old ON old.document_id = d.id AND old.version = first - 1",
        (run,),
    ).fetchone()
    return _OfRun(
        row[0],
        row[1],
        dict(zip(FIELDS, row[2 : 2 + len(FIELDS)], strict=True)),
        dict(zip(FIELDS, row[2 + len(FIELDS) :], strict=True)),
    )


def _count_all(ledger: sqlite3.Connection, portal: str) -> dict[str, int]:
    row = ledger.execute(f"SELECT {_sums('documents', FIELDS)} FROM documents WHERE portal = ?", (portal,)).fetchone()
    return {field: count for field, count in zip(FIELDS, row, strict=True) if count}


def _sums(table: str, fields: Sequence[str]) -> str:
    return ", ".join(f"coalesce(sum({table}.{field} <> ''), 0)" for field in fields)


def _before(ledger: sqlite3.Connection, portal: str, run: str) -> Fill | None:
    latest = _latest(ledger, portal, run)
    return fill_of(ledger, latest) if latest is not None else None


def _reread_since(ledger: sqlite3.Connection, portal: str, run: str) -> bool:
    """Whether versions of the portal were read again since the run whose fill was put down last."""
    row = ledger.execute(
        "SELECT 1 FROM readings JOIN documents ON id = document_id WHERE portal = ? AND replaced_at > "
        "(SELECT finished_at FROM runs WHERE id = ?) LIMIT 1",
        (portal, _latest(ledger, portal, run)),
    ).fetchone()
    return row is not None


def _latest(ledger: sqlite3.Connection, portal: str, but: str) -> str | None:
    """The portal's run whose fill was put down last, in the order of the log."""
    row = ledger.execute(
        "SELECT id FROM runs WHERE portal = ? AND id <> ? AND EXISTS (SELECT 1 FROM run_fill WHERE run_id = id) "
        "ORDER BY rowid DESC LIMIT 1",
        (portal, but),
    ).fetchone()
    return row[0] if row else None


def _write(ledger: sqlite3.Connection, run: str, fill: Fill) -> None:
    """The title is always written: its row tells the number of documents."""
    ledger.executemany(
        "INSERT OR REPLACE INTO run_fill (run_id, field, documents, stated, fresh, fresh_stated) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        [
            (run, field, fill.documents, stated, fill.fresh, fresh)
            for field in FIELDS
            if (stated := fill.stated.get(field, 0)) + (fresh := fill.fresh_stated.get(field, 0)) or field == "title"
        ],
    )
