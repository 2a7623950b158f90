"""The archive as the last good run of each portal left it: for whoever hands its rows on.

A run is good if it walked the catalogue and ended ``ok`` or ``partial`` (a partial one names what it lacks); a probe
walks none. What the runs after it brought in (they were blocked, broke off, met a new layout, are still at work) is
held back: documents and rows they found first are not there, a document they changed stands as it stood before, what
they found withdrawn is not. A portal that never had a good run is held back whole.

Nothing is copied: temporary views stand beside the tables, with the same columns, and only what later runs touched is
looked up. What the tables do not remember is NULL in them (when a row was last seen, if a later run saw it) or as
little as can be proven (an attachment that a later run fetched again under a redirect counts as not held).
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from archive.ledger import tables
from archive.ledger.definition import Table
from archive.urls import document_id
from archive.vocabulary import ChangeKind, Mode, Role, Verdict

GOOD = (Verdict.OK, Verdict.PARTIAL)
_ABSENCE = (ChangeKind.WITHDRAWN, ChangeKind.DELISTED, ChangeKind.RETURNED, ChangeKind.MOVED)


@dataclass(frozen=True, slots=True)
class RunEnd:
    """A run, as far as it says whose word a row is. ``began`` is "" where the log does not tell."""

    id: str
    mode: str | None
    began: str
    finished_at: str | None
    verdict: str | None  # None: it is at work, or was killed
    reason: str

    @property
    def good(self) -> bool:
        return self.verdict in GOOD and self.finished_at is not None


@dataclass(frozen=True, slots=True)
class PortalState:
    """Up to which run a portal's rows count. ``good`` is ``None`` if it never had a good run."""

    portal: str
    name: str
    good: RunEnd | None
    later: tuple[RunEnd, ...]  # not good, after the good one; in their order


@dataclass(frozen=True, slots=True)
class Standing:
    """The rows that count. ``portals``: those that have run; empty with ``latest``, which asks nothing of runs."""

    latest: bool
    portals: tuple[PortalState, ...]

    def source(self, table: str) -> str:
        """What to select from in the place of a table; it has the table's columns."""
        return f"main.{table}" if self.latest else f"temp.asof_{table}"


def portal_states(ledger: sqlite3.Connection) -> list[PortalState]:
    """Every portal that has run or holds documents, by key, with its last good run and those behind it."""
    runs: dict[tuple[str, str], list[RunEnd]] = {}
    for portal, name, *run in ledger.execute(
        "SELECT p.key, p.name, r.id, mode, coalesce(started_at, (SELECT min(fetched_at) FROM captures WHERE "
        "run_id = r.id), finished_at, '') AS began, finished_at, verdict, coalesce(reason, '') FROM portals AS p "
        "LEFT JOIN runs AS r ON r.portal = p.key AND mode IS NOT ? WHERE r.id IS NOT NULL OR EXISTS "
        "(SELECT 1 FROM documents AS d WHERE d.portal = p.key) ORDER BY p.key, began, r.id",
        (Mode.PROBE,),
    ):
        row = runs.setdefault((portal, name), [])
        if run[0] is not None:  # documents whose run the log does not tell of have none
            row.append(RunEnd(*run))
    return [_state(portal, name, row) for (portal, name), row in runs.items()]


def _state(portal: str, name: str, runs: list[RunEnd]) -> PortalState:
    last = max((at for at, run in enumerate(runs) if run.good), default=None)
    if last is None:
        return PortalState(portal, name, None, tuple(runs))
    return PortalState(portal, name, runs[last], tuple(runs[last + 1 :]))


@contextmanager
def standing(ledger: sqlite3.Connection, *, latest: bool = False) -> Iterator[Standing]:
    """The rows that count, all of one moment: what is written meanwhile is not seen within the block.

    ``latest``: everything as it is now, whatever runs said of it."""
    ledger.execute("BEGIN")
    try:
        if latest:
            yield Standing(True, ())
            return
        states = tuple(portal_states(ledger))
        _hold_back(ledger, states)
        yield Standing(False, states)
    finally:
        ledger.execute("ROLLBACK")  # nothing was written but temporary tables, and they go with it


# --- the views --------------------------------------------------------------------------------------------------------


def _hold_back(ledger: sqlite3.Connection, states: Iterable[PortalState]) -> None:
    for statement in _TEMPORARY:
        ledger.execute(statement)
    for state in states:
        if state.good is None:
            continue
        since = state.later[0].began if state.later else None
        ledger.execute("INSERT INTO temp.asof_portal VALUES (?, ?)", (state.portal, since))
        ledger.executemany("INSERT INTO temp.asof_later VALUES (?)", ((run.id,) for run in state.later))
    ledger.execute(
        "INSERT INTO temp.asof_version SELECT document_id, min(version) - 1 FROM temp.asof_later AS later CROSS JOIN "
        "captures AS c ON c.run_id = later.run CROSS JOIN versions ON capture_id = c.id GROUP BY document_id"
    )
    touched = ledger.execute(
        "SELECT DISTINCT document_id FROM temp.asof_later AS later CROSS JOIN changes ON run_id = later.run "
        f"WHERE kind IN ({_words(_ABSENCE)})"
    ).fetchall()
    ledger.executemany(
        "INSERT INTO temp.asof_absence VALUES (?, ?, ?, ?)", (_absent(ledger, one) for (one,) in touched)
    )
    for statement in _views():
        ledger.execute(statement)


def _words(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _absent(ledger: sqlite3.Connection, document: str) -> tuple[str, str | None, str | None, str | None]:
    """A document and what was known of its absence before the later runs: withdrawn at, delisted at, moved to."""
    withdrawn = delisted = moved = None
    for at, kind, after in ledger.execute(
        "SELECT at, kind, after FROM changes WHERE document_id = ? AND "
        f"kind IN ({_words(_ABSENCE)}) AND (run_id IS NULL OR run_id NOT IN ({_LATER})) ORDER BY at",
        (document,),
    ):
        if kind == ChangeKind.RETURNED:
            withdrawn = delisted = moved = None
        elif kind == ChangeKind.WITHDRAWN:
            withdrawn, delisted = at, None
        elif kind == ChangeKind.DELISTED:
            delisted = at
        else:
            delisted, moved = None, document_id(document.rpartition("-")[0], after) if after else None
    return document, withdrawn, delisted, moved


_TEMPORARY = (
    "CREATE TEMP TABLE asof_portal (portal TEXT PRIMARY KEY, since TEXT)",  # since: when the first later run began
    "CREATE TEMP TABLE asof_later (run TEXT PRIMARY KEY)",
    "CREATE TEMP TABLE asof_version (document TEXT PRIMARY KEY, version INTEGER)",  # the last that counts; 0: none
    "CREATE TEMP TABLE asof_absence (document TEXT PRIMARY KEY, withdrawn_at TEXT, delisted_at TEXT, moved_to TEXT)",
)

# CROSS JOIN keeps the rows in the order of their table's key: without it SQLite begins with the portals, and sorts.
_OF_PORTAL = "CROSS JOIN temp.asof_portal AS p ON p.portal = t.portal"
_OF_DOCUMENT = (
    "CROSS JOIN main.documents AS d ON d.id = t.document_id CROSS JOIN temp.asof_portal AS p ON p.portal = d.portal"
)
_LATER = "SELECT run FROM temp.asof_later"


def _views() -> Iterator[str]:
    yield _view(
        tables.DOCUMENTS,
        f"{_OF_PORTAL} LEFT JOIN temp.asof_version AS b ON b.document = t.id "
        "LEFT JOIN main.versions AS v ON v.document_id = b.document AND v.version = b.version "
        "LEFT JOIN temp.asof_absence AS a ON a.document = t.id WHERE b.version IS NOT 0",
        {name: _back(name) for name in (*tables.METADATA, *_OF_A_VERSION)}
        | {
            "last_seen": _last("last_seen", _IN_FULL),
            "last_checked": _last("last_checked", _NO_REDIRECT),
        }
        | {
            name: f"CASE WHEN a.document IS NULL THEN t.{name} ELSE a.{name} END"
            for name in ("withdrawn_at", "delisted_at", "moved_to")
        },
    )
    for table in (tables.VERSIONS, tables.OBSERVATIONS):
        yield _view(
            table,
            f"{_OF_DOCUMENT} LEFT JOIN temp.asof_version AS b ON b.document = t.document_id "
            "WHERE b.document IS NULL OR t.version <= b.version",
        )
    for table in (tables.REPORT_CELLS, tables.REPORT_CHECKS):  # they have no versions: those of a changed text are none
        yield _view(
            table,
            f"{_OF_DOCUMENT} LEFT JOIN temp.asof_version AS b ON b.document = t.document_id WHERE b.document IS NULL",
        )
    yield _view(tables.CHANGES, f"{_OF_DOCUMENT} WHERE t.run_id IS NULL OR t.run_id NOT IN ({_LATER})")
    yield _view(tables.RUNS, f"{_OF_PORTAL} WHERE t.id NOT IN ({_LATER})")
    yield _attachments()
    yield _entries()


_IN_FULL = "c.status = 200 AND c.refusal IS NULL AND c.truncated IS NULL"
_NO_REDIRECT = "c.status NOT IN (301, 302, 303, 307, 308)"
_OF_A_VERSION = ("text", "text_status", "version", "capture_id", "content_digest")


def _back(name: str) -> str:
    return f'CASE WHEN b.document IS NULL THEN t."{name}" ELSE v."{name}" END'


def _last(name: str, such: str) -> str:
    """When a document was last met before the later runs; at least, when its version was."""
    version = (
        "SELECT {} FROM main.versions AS s WHERE s.document_id = t.id AND s.version = coalesce(b.version, t.version)"
    )
    return (
        f"CASE WHEN p.since IS NULL OR t.{name} < p.since THEN t.{name} ELSE coalesce((SELECT max(c.fetched_at) FROM "
        "main.captures AS c WHERE c.url IN (t.url, (SELECT own.url FROM main.captures AS own WHERE own.id = "
        f"({version.format('s.capture_id')}))) AND c.fetched_at < p.since AND c.portal = t.portal "
        f"AND c.role = '{Role.DOCUMENT}' AND {such}), "
        f"({version.format('s.seen_at')})) END"
    )


def _attachments() -> str:
    """A file that a later run fetched stands as an earlier one had it; without one it is merely listed."""
    linked = (
        "FROM main.versions AS v, json_each(v.attachments) AS link WHERE v.document_id = t.document_id "
        "AND v.version <= b.version AND json_extract(link.value, '$[0]') = t.url"
    )
    earlier = (
        "SELECT x.{} FROM main.captures AS x WHERE x.url = t.url AND x.portal = d.portal "
        f"AND x.role = '{Role.ATTACHMENT}' AND x.status = 200 AND x.refusal IS NULL AND x.truncated IS NULL "
        f"AND x.run_id NOT IN ({_LATER}) ORDER BY x.fetched_at DESC LIMIT 1"
    )
    replaced = (
        "SELECT substr(g.before, length(t.url) + 9) FROM main.changes AS g WHERE g.document_id = t.document_id "
        f"AND g.run_id IN ({_LATER}) AND g.field = 'attachments' AND substr(g.before, 1, length(t.url) + 8) = "
        "t.url || ' sha256:' ORDER BY g.at LIMIT 1"
    )
    before = f"({earlier.format('id')})"
    same = f"{before} IS NOT NULL AND ({replaced}) IS NULL"
    return _view(
        tables.ATTACHMENTS,
        f"{_OF_DOCUMENT} LEFT JOIN temp.asof_version AS b ON b.document = t.document_id "
        f"LEFT JOIN main.captures AS c ON c.id = t.capture_id AND c.run_id IN ({_LATER}) "
        f"WHERE b.document IS NULL OR EXISTS (SELECT 1 {linked})",
        {
            "version": f"CASE WHEN b.document IS NULL THEN t.version ELSE (SELECT max(v.version) {linked}) END",
            "capture_id": f"CASE WHEN c.id IS NULL THEN t.capture_id ELSE {before} END",
            "mime": f"CASE WHEN c.id IS NULL THEN t.mime ELSE ({earlier.format('mime')}) END",
            "sha256": f"CASE WHEN c.id IS NULL THEN t.sha256 WHEN {same} THEN t.sha256 "
            f"WHEN {before} IS NOT NULL THEN ({replaced}) END",
            "state": f"CASE WHEN c.id IS NULL THEN t.state WHEN {before} IS NULL THEN 'listed' ELSE 'done' END",
        }
        | {name: f"CASE WHEN c.id IS NULL OR ({same}) THEN t.{name} END" for name in ("bytes", "text", "text_status")},
    )


def _entries() -> str:
    """A row whose document came later waits for it; one that was found gone later is not."""
    held = "(t.document_id IS NOT NULL AND b.version IS NOT 0)"
    otherwise = (
        "(p.since IS NOT NULL AND CASE t.state WHEN 'gone' THEN t.gone_since >= p.since "
        f"ELSE {held} <> (t.state IN ('done', 'unchanged')) END)"
    )
    gone_then = "CASE WHEN p.since IS NULL OR t.gone_since < p.since THEN t.{} END"
    return _view(
        tables.ENTRIES,
        f"{_OF_PORTAL} LEFT JOIN temp.asof_version AS b ON b.document = t.document_id "
        "WHERE p.since IS NULL OR t.first_seen < p.since",
        {
            "document_id": f"CASE WHEN {held} THEN t.document_id END",
            "last_seen": "CASE WHEN p.since IS NULL OR t.last_seen < p.since THEN t.last_seen END",
            "run_id": f"CASE WHEN t.run_id NOT IN ({_LATER}) THEN t.run_id END",
            "state": f"CASE WHEN {otherwise} THEN iif({held}, 'done', 'listed') ELSE t.state END",
            "gone_proven": "CASE WHEN p.since IS NULL OR t.gone_proven < p.since THEN t.gone_proven END",
        }
        | {name: gone_then.format(name) for name in ("gone_since", "gone_run")}
        | {name: f"CASE WHEN NOT {otherwise} THEN t.{name} END" for name in ("state_reason", "state_detail")},
    )


def _view(table: Table, joined: str, instead: dict[str, str] | None = None) -> str:
    """A view with the columns of a table, those of ``instead`` computed."""
    columns = (f'{(instead or {}).get(c.name, _quoted(c.name))} AS "{c.name}"' for c in table.columns)
    return f"CREATE TEMP VIEW asof_{table.name} AS SELECT {', '.join(columns)} FROM main.{table.name} AS t {joined}"


def _quoted(name: str) -> str:
    return f't."{name}"'
