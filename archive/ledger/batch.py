"""What one transaction gathers: the rows that others lean on, and what is counted or written once, at its end."""

import re
import sqlite3
from collections import Counter
from collections.abc import Callable
from enum import StrEnum

from archive.events import Difference, Location
from archive.ledger.hantext import han
from archive.reading.model import Reading
from archive.vocabulary import ChangeKind, EntryState

Text = tuple[str, str]
"""Title and text of a document, as the database holds them."""

Again = Callable[[Location, str], Reading | None]
"""Reads a capture again with the present reader: where it and what explains it lies, its id. ``None``: it cannot."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Outcome(StrEnum):
    """What a capture did to its document."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


def plain(text: str) -> str:
    """The text as SQLite can hold it: NUL and lone surrogates, which a portal's JSON may spell, become U+FFFD."""
    return text if text.isprintable() else _UNSTORABLE.sub("\ufffd", text)  # what can be printed can be stored


class Batch:
    """One transaction's worth of facts. Portals, runs and columns that no event has named yet are put down by their key
    alone: a part of the log may be missing, what is left of it still counts."""

    def __init__(self, ledger: sqlite3.Connection, again: Again | None = None) -> None:
        self.ledger = ledger
        self.again = again
        self.documents: list[tuple[str, Outcome]] = []
        self.orphans: list[str] = []
        self.observations: list[tuple[object, ...]] = []
        self._portals: set[str] = set()
        self.foretold: dict[str, list[Difference]] = {}  # captures that are versions by what a later reread says
        self._foreseeing: dict[str, bool] = {}
        self._began: dict[str, str | None] = {}
        self._tallies: dict[str, Counter[str]] = {}
        self._columns: set[tuple[str, str]] = set()
        self._indexed: dict[int, Text] = {}
        self._replaced: dict[int, Text] = {}

    def portal(self, key: str) -> str:
        if key not in self._portals:
            self._portals.add(key)
            self.ledger.execute(
                "INSERT OR IGNORE INTO portals (key, name, family, home, division, site_id_code) "
                "VALUES (?, '', '', '', '', '')",
                (key,),
            )
        return key

    def run(self, run: str, portal: str) -> str | None:
        """The run's id, known to the database from now on; ``None`` for a capture that no run explains."""
        if not run:
            return None
        if run not in self._began:
            self.portal(portal)
            self.ledger.execute("INSERT OR IGNORE INTO runs (id, portal) VALUES (?, ?)", (run, portal))
            (began,) = self.ledger.execute("SELECT started_at FROM runs WHERE id = ?", (run,)).fetchone()
            self.begun(run, began)
        return run

    def begun(self, run: str, at: str | None) -> None:
        """When a run began, as far as the log tells."""
        self._began[run] = at
        self._tallies.setdefault(run, Counter())

    def earlier(self, instant: str, run: str | None) -> bool:
        """Whether an instant lies before the run."""
        began = self._began.get(run or "")
        return began is None or instant < began

    def began(self, run: str | None) -> str | None:
        """When a run began, as far as the log tells."""
        if run is not None and run not in self._began:
            row = self.ledger.execute("SELECT started_at FROM runs WHERE id = ?", (run,)).fetchone()
            return row[0] if row else None
        return self._began[run] if run is not None else None

    def foresees(self, portal: str) -> bool:
        """Whether a reread further on in the log tells how a portal's captures were read at their time."""
        if portal not in self._foreseeing:
            found = self.ledger.execute("SELECT 1 FROM foreseen WHERE portal = ? LIMIT 1", (portal,)).fetchone()
            self._foreseeing[portal] = found is not None
        return self._foreseeing[portal]

    def column(self, portal: str, key: str) -> None:
        """A column that is touched: its count of held entries is made again at the end."""
        if (portal, key) not in self._columns:
            self._columns.add((self.portal(portal), key))
            self.ledger.execute(
                "INSERT OR IGNORE INTO columns (portal, key, name, url, family) VALUES (?, ?, '', '', '')",
                (portal, key),
            )

    def tally(self, run: str | None, **counts: int) -> None:
        """Add to the counts of a run."""
        if run is not None:
            self._tallies[run].update(counts)

    def note(
        self,
        document: str,
        version: int,
        at: str,
        run: str | None,
        kind: ChangeKind,
        field: str = "",
        before: str | int | None = None,
        after: str | int | None = None,
    ) -> None:
        """Put down that something happened to a document."""
        self.ledger.execute(
            "INSERT INTO changes (at, run_id, document_id, kind, field, before, after, version) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (at, run, document, kind, field, before, after, version),
        )

    def index(self, rowid: int, text: Text, before: Text | None) -> None:
        """Put a document into the full-text index, in place of what stands there of it: the index keeps no text of its
        own, and has to be told what it forgets."""
        if before is not None and rowid not in self._indexed:
            self._replaced[rowid] = before
        self._indexed[rowid] = text

    def put_observations(self) -> None:
        """Write the observations that have gathered."""
        self.ledger.executemany(
            "INSERT INTO observations (document_id, version, number, field, label, value, normalised, source, chosen) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            self.observations,
        )
        self.observations.clear()

    def close(self) -> None:
        """Write what was kept for the end."""
        self.put_observations()
        self.ledger.executemany(
            "INSERT INTO documents_fts (documents_fts, rowid, title, text) VALUES ('delete', ?, ?, ?)",
            ((rowid, han(title), han(text)) for rowid, (title, text) in sorted(self._replaced.items())),
        )
        self.ledger.executemany(
            "INSERT INTO documents_fts (rowid, title, text) VALUES (?, ?, ?)",
            ((rowid, han(title), han(text)) for rowid, (title, text) in sorted(self._indexed.items())),
        )
        self.ledger.executemany(
            "UPDATE columns SET held = (SELECT count(*) FROM entries WHERE portal = columns.portal "
            "AND column_key = columns.key AND document_id IS NOT NULL) WHERE portal = ? AND key = ?",
            sorted(self._columns),
        )
        for run in sorted(self._tallies):
            self.settle(run)

    def settle(self, run: str | None) -> None:
        """Bring the row of a run level with what has been counted so far. What is counted over the portal stays as it
        was when the run ended, wherever in the log a batch ends."""
        if run is None:
            return
        counts = self._tallies[run]
        sums = "".join(f"{name} = {name} + {count}, " for name, count in sorted(counts.items()))
        self.ledger.execute(
            f"UPDATE runs SET {sums} declared = CASE WHEN finished_at IS NULL THEN "
            "(SELECT sum(declared_total) FROM columns WHERE portal = runs.portal AND run_id = runs.id) "
            "ELSE declared END, failed = CASE WHEN finished_at IS NULL THEN "
            "(SELECT count(*) FROM entries WHERE portal = runs.portal AND state = ?) ELSE failed END WHERE id = ?",
            (EntryState.FAILED, run),
        )
        counts.clear()
