"""Events into rows: runs, columns, what the lists said, and what became of each row of a catalogue."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace

from archive.events import CatalogueRow, ColumnsFound, Event, ListRead, RunEnded, RunStarted, WalkEnded
from archive.ledger.batch import Batch, plain
from archive.ledger.presence import ask_soon, row_back, rows_gone
from archive.ledger.tallies import tally_run
from archive.reading.dates import DateStatus, parse_date
from archive.urls import document_id, identity
from archive.vocabulary import EntryState, Mode, WalkEnd

_CLEAR = frozenset({DateStatus.OK, DateStatus.COMPACT, DateStatus.EPOCH})


def take_event(batch: Batch, event: Event) -> None:
    """Fold one event in. ``Captured`` belongs to a capture, ``FetchFailed`` to :mod:`archive.ledger.holdings`."""
    match event:
        case RunStarted():
            _run_started(batch, event)
        case RunEnded():
            _run_ended(batch, event)
        case ColumnsFound():
            _columns_found(batch, event)
        case ListRead():
            _list_read(batch, event)
        case WalkEnded():
            _walk_ended(batch, event)


def row_of(url: str, title: str, listed_as: str | None) -> CatalogueRow:
    """A catalogue row as its list gave it, from what ``entries`` keeps of it."""
    more = json.loads(listed_as) if listed_as else {}
    return CatalogueRow(
        url,
        title,
        more.get("date", ""),
        tuple((label, value) for label, value in more.get("fields", ())),
        tuple((link, name) for link, name in more.get("attachments", ())),
    )


def entry_of(batch: Batch, portal: str, column: str, row: CatalogueRow, at: str) -> None:
    """Make sure that the row a capture names is there, though no list may have shown it."""
    key = (portal, column, identity(row.url))
    if batch.ledger.execute(f"SELECT 1 FROM entries WHERE {_KEY}", key).fetchone() is None:
        batch.column(portal, column)
        _insert(batch, key, row, at, None)


def _run_started(batch: Batch, event: RunStarted) -> None:
    """A probe knows nothing of a portal that an earlier run has not said better."""
    known = "WHERE portals.name = ''" if event.mode is Mode.PROBE else ""
    batch.ledger.execute(
        "INSERT INTO portals (key, name, family, home, division, site_id_code) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (key) DO UPDATE SET name = excluded.name, family = excluded.family, home = excluded.home, "
        f"division = excluded.division, site_id_code = excluded.site_id_code {known}",
        (event.portal, event.name, ", ".join(event.families), event.home, event.division, event.site_id_code),
    )
    batch.ledger.execute(
        "INSERT INTO runs (id, portal, mode, started_at, software) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET mode = excluded.mode, started_at = excluded.started_at, "
        "software = excluded.software",
        (event.run, event.portal, event.mode, event.at, event.software),
    )
    batch.begun(event.run, event.at)


def _run_ended(batch: Batch, event: RunEnded) -> None:
    """``requests`` and ``bytes`` of the event are the run's own count; 0 is said for a run that was killed."""
    run = batch.run(event.run, event.portal)
    batch.settle(run)
    batch.ledger.execute(
        "UPDATE runs SET finished_at = ?, verdict = ?, reason = ?, requests = coalesce(nullif(?, 0), requests), "
        "bytes = coalesce(nullif(?, 0), bytes) WHERE id = ?",
        (event.at, event.verdict, plain(event.reason), event.requests, event.bytes, run),
    )
    if run is not None:
        tally_run(batch.ledger, event.portal, run)


def _columns_found(batch: Batch, event: ColumnsFound) -> None:
    batch.run(event.run, event.portal)
    for found in event.columns:
        batch.column(event.portal, found.key)
        batch.ledger.execute(
            "UPDATE columns SET name = ?, url = ?, family = ?, declared_total = coalesce(?, declared_total), "
            "last_seen = ? WHERE portal = ? AND key = ?",
            (plain(found.name), found.url, found.family, found.declared, event.at, event.portal, found.key),
        )


def _list_read(batch: Batch, event: ListRead) -> None:
    run = batch.run(event.run, event.portal)
    batch.column(event.portal, event.column)
    _walked(batch, event, run)
    if event.number == 1:
        front = json.dumps([identity(row.url) for row in event.rows], separators=(",", ":"))
        key = (event.portal, event.column)
        batch.ledger.execute("UPDATE columns SET front = ? WHERE portal = ? AND key = ?", (front, *key))
    listed = sum(_listed(batch, event, row, run) for row in event.rows)
    batch.tally(run, listed=listed)
    batch.ledger.execute(
        "UPDATE columns SET listed = listed + ? WHERE portal = ? AND key = ?", (listed, event.portal, event.column)
    )


def _listed(batch: Batch, event: ListRead, row: CatalogueRow, run: str | None) -> bool:
    """One row of a list page. Whether it is the first time that this run meets it."""
    key = (event.portal, event.column, identity(row.url))
    known = batch.ledger.execute(
        f"SELECT state, state_reason, run_id, document_id, title, listed_date FROM entries WHERE {_KEY}", key
    ).fetchone()
    if known is None:
        _insert(batch, key, row, event.at, run)
        return True
    state, reason, lister, document, title, day = known
    if state == EntryState.GONE:
        state, reason = row_back(batch, document, event.at), None
    elif document is not None and lister != run and says_new(row, title, day):
        ask_soon(batch, document, event.at)
    batch.ledger.execute(
        "UPDATE entries SET url = ?, title = coalesce(nullif(?, ''), title), listed_date = coalesce(?, listed_date), "
        "listed_as = ?, last_seen = ?, run_id = ?, state = ?, gone_since = NULL, gone_run = NULL, gone_proven = NULL "
        f"WHERE {_KEY}",
        (
            row.url,
            plain(row.title),
            _day(row.date),
            _listed_as(row),
            event.at,
            run,
            _state(state, reason, external=row.external),
            *key,
        ),
    )
    return bool(lister != run)


def says_new(row: CatalogueRow, title: str, day: str | None) -> bool:
    """Whether a list says something else of a row than before: another title, or another day."""
    now = _day(row.date)
    return (row.title.strip() not in ("", title.strip())) or (now is not None and day is not None and now != day)


def _state(state: str, reason: str | None, *, external: bool) -> str:
    """A known row keeps its state, but for the list's own word on whether it leads off the portal."""
    if external and state in (EntryState.LISTED, EntryState.FAILED):
        return EntryState.EXTERNAL
    if not external and state == EntryState.EXTERNAL and reason is None:  # with a reason: a redirect showed it
        return EntryState.LISTED
    return state


def _insert(batch: Batch, key: tuple[str, str, str], row: CatalogueRow, at: str, run: str | None) -> None:
    """A row not known yet. If its page is held already, by way of another column, it is done."""
    document = document_id(key[0], row.url)
    absent = batch.ledger.execute(
        "SELECT coalesce(withdrawn_at, delisted_at, moved_to, missing_since) FROM documents WHERE id = ?", (document,)
    ).fetchone()
    held = absent is not None
    if absent and absent[0]:
        ask_soon(batch, document, at)
    state = EntryState.EXTERNAL if row.external else EntryState.DONE if held else EntryState.LISTED
    batch.ledger.execute(
        "INSERT INTO entries (portal, column_key, address, url, title, listed_date, document_id, first_seen, "
        "last_seen, state, listed_as, run_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *key,
            row.url,
            plain(row.title),
            _day(row.date),
            document if state is EntryState.DONE else None,
            at,
            at,
            state,
            _listed_as(row),
            run,
        ),
    )


def _walk_ended(batch: Batch, event: WalkEnded) -> None:
    run = batch.run(event.run, event.portal)
    batch.column(event.portal, event.column)
    _walked(batch, event, run)
    key = (event.portal, event.column)
    (read,) = batch.ledger.execute("SELECT listed FROM columns WHERE portal = ? AND key = ?", key).fetchone()
    if read < event.listed and (event.end.whole or event.end is WalkEnd.CAUGHT_UP):  # lost to damage
        why = f"{event.listed - read} of {event.listed} rows that were read are lost in a damaged stretch of the log"
        event = replace(event, end=WalkEnd.PAGE_FAILED, detail=why)
    believed = rows_gone(batch, event, run) if event.end.complete else event.end.whole
    to_the_end = believed and (event.end.complete or event.end is WalkEnd.RESUMED)
    following = json.dumps(asdict(event.next), ensure_ascii=False) if event.next else None
    batch.ledger.execute(
        "UPDATE columns SET walk_end = ?, walk_detail = ?, next_page = ?, last_complete_walk = coalesce(?, "
        "last_complete_walk), last_whole_walk = coalesce(?, last_whole_walk), whole_end = coalesce(?, whole_end) "
        "WHERE portal = ? AND key = ?",
        (
            *(event.end, plain(event.detail), following),
            *(event.at if to_the_end else None, event.at if believed else None, event.end if believed else None),
            *(event.portal, event.column),
        ),
    )


def _walked(batch: Batch, event: ListRead | WalkEnded, run: str | None) -> None:
    """The run walks the column; with its first word a new walk begins."""
    batch.ledger.execute(
        "UPDATE columns SET declared_total = coalesce(?, declared_total), "
        "listed = CASE WHEN run_id IS ? THEN listed ELSE 0 END, "
        "walk_end = CASE WHEN run_id IS ? THEN walk_end END, run_id = ? WHERE portal = ? AND key = ?",
        (event.declared_total, run, run, run, event.portal, event.column),
    )


_KEY = "portal = ? AND column_key = ? AND address = ?"


def _day(text: str) -> str | None:
    """The day in a list's date, where it is clear."""
    parsed = parse_date(text)
    return parsed.day if parsed.status in _CLEAR else None


def _listed_as(row: CatalogueRow) -> str | None:
    parts: dict[str, str | Sequence[tuple[str, str]]] = {
        "date": row.date,
        "fields": row.fields,
        "attachments": row.attachments,
    }
    said = {name: part for name, part in parts.items() if part}
    return plain(json.dumps(said, ensure_ascii=False, separators=(",", ":"))) if said else None
