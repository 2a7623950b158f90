"""Absence, and its proof: rows that a catalogue no longer shows, documents that a portal no longer serves.

Nothing is gone because something failed. A row is gone when a walk that reached the column's end did not show it, and
proven gone when another such walk, a day later or more, did not show it either. A document is withdrawn when all its
rows are proven gone and its page has said itself, in two runs a day apart or more, that it is no more; delisted when
its rows are proven gone and its page is still served; moved when its rows are gone, its page no longer serves it, and
the catalogue shows the same document at an address that is newer. All that was held of it stays.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum

from archive.clock import parse_stamp, stamp
from archive.events import WalkEnded
from archive.ledger.batch import Batch
from archive.ledger.rechecks import LATEST, next_check, soon
from archive.reading.refusal import Refusal
from archive.urls import document_id, identity
from archive.vocabulary import ChangeKind, EntryState

A_DAY = timedelta(hours=23, minutes=30)
"""What counts as a day between two runs: a nightly run begins some minutes earlier or later than the one before."""

SAYS_GONE = frozenset({"404", "410", Refusal.SOFT_404, "redirect_home"})
"""Answers by which a page says that it is no more. A host that shows one page for any path says nothing."""


class Rows(IntEnum):
    """How the rows stand that name a document, in all columns together."""

    LISTED = 0  # at least one stands in its list, or none was ever listed
    GONE = 1  # none does
    PROVEN = 2  # and none did a day ago


@dataclass(slots=True)
class _Held:
    """A held document, as far as presence is concerned. What is changed in it is written by :func:`_keep`."""

    id: str
    portal: str
    url: str
    version: int
    withdrawn_at: str | None
    delisted_at: str | None
    moved_to: str | None
    missing_since: str | None
    missing_run: str | None
    origin: str  # since when it has been as it is: a day, perhaps without its last parts, or a time stamp
    rows: Rows = Rows.LISTED


def rows_gone(batch: Batch, event: WalkEnded, run: str | None) -> bool:
    """A column was walked to its end: what it did not show is gone, or proven to be. Whether the walk is believed: one
    that shows nothing where something stood is not, whatever it says (codebases.md section 3, item 1)."""
    column = {"portal": event.portal, "column": event.column, "run": run, "at": event.at}
    where = "portal = :portal AND column_key = :column AND run_id IS NOT :run"
    ledger = batch.ledger
    if (
        event.listed == 0
        and ledger.execute(f"SELECT 1 FROM entries WHERE {where} AND state <> 'gone'", column).fetchone()
    ):
        return False
    missed = ledger.execute(
        f"UPDATE entries SET state = 'gone', gone_since = :at, gone_run = :run WHERE {where} AND state <> 'gone' "
        "RETURNING document_id",
        column,
    ).fetchall()
    waiting = ledger.execute(
        f"SELECT rowid, document_id, gone_since, gone_run FROM entries WHERE {where} AND state = 'gone' "
        "AND gone_proven IS NULL AND gone_run IS NOT :run",
        column,
    ).fetchall()
    for row, document, _, before in waiting:
        if _a_day_apart(batch, before, run):
            ledger.execute("UPDATE entries SET gone_proven = ? WHERE rowid = ?", (event.at, row))
            missed.append((document,))
    ledger.executemany(
        "UPDATE documents SET next_check = ? WHERE id = ?", [(event.at, row[0]) for row in missed if row[0]]
    )
    return True


def row_back(batch: Batch, document: str | None, at: str) -> EntryState:
    """A row that was gone is listed again. Gives its state; its document is looked at in this run."""
    if document is None:
        return EntryState.LISTED
    ask_soon(batch, document, at)
    return EntryState.DONE


def ask_soon(batch: Batch, document: str, at: str) -> None:
    """The catalogue says something new of a document: it is due."""
    batch.ledger.execute("UPDATE documents SET next_check = ? WHERE id = ?", (at, document))


def served(batch: Batch, document: str, at: str, run: str | None, *, address: str = "") -> None:
    """The document's page was served, with its content or with an answer 304. ``address``: where a redirect led."""
    held = _held(batch, document)
    held.missing_since = held.missing_run = None
    if held.rows and held.moved_to is None and address and (other := _redirected_to(batch, held, address)):
        _move(batch, held, other, at, run)
    elif held.withdrawn_at or (held.rows is Rows.LISTED and (held.delisted_at or held.moved_to)):
        batch.note(document, held.version, at, run, ChangeKind.RETURNED)
        held.withdrawn_at = held.moved_to = None
        held.delisted_at = at if held.rows else None
    elif held.rows is Rows.PROVEN and not held.delisted_at and not held.moved_to:
        batch.note(document, held.version, at, run, ChangeKind.DELISTED)
        held.delisted_at = at
    _keep(batch, held, at)


def missing(batch: Batch, document: str, at: str, run: str | None) -> None:
    """The document's page says that it is no more. Does nothing for a document that is not held."""
    if batch.ledger.execute("SELECT 1 FROM documents WHERE id = ?", (document,)).fetchone() is None:
        return
    held = _held(batch, document)
    if held.withdrawn_at is None and held.moved_to is None:
        if held.rows and (other := _lives_on(batch, held)):
            _move(batch, held, other, at, run)
        elif held.missing_since is None:
            held.missing_since, held.missing_run = at, run
        elif held.rows is Rows.PROVEN and _a_day_apart(batch, held.missing_run, run):
            batch.note(document, held.version, at, run, ChangeKind.WITHDRAWN)
            batch.tally(run, withdrawn=1)
            held.withdrawn_at, held.delisted_at = at, None
    _keep(batch, held, at)


def failed(batch: Batch, document: str, at: str) -> None:
    """The document's page brought no answer that says anything of it: it is asked for again, ever more seldom."""
    (due,) = batch.ledger.execute("SELECT max(next_try) FROM entries WHERE document_id = ?", (document,)).fetchone()
    due = due or stamp(parse_stamp(at) + LATEST)
    batch.ledger.execute("UPDATE documents SET next_check = ? WHERE id = ? AND moved_to IS NULL", (due, document))


def _held(batch: Batch, document: str) -> _Held:
    row = batch.ledger.execute(
        "SELECT id, portal, url, version, withdrawn_at, delisted_at, moved_to, missing_since, missing_run, max("
        "coalesce(date_published, date_made, first_seen), CASE WHEN version > 1 THEN (SELECT seen_at FROM versions "
        "WHERE document_id = id AND versions.version = documents.version) ELSE '' END) FROM documents WHERE id = ?",
        (document,),
    ).fetchone()
    held = _Held(*row)
    held.rows = _rows(batch, held.portal, held.url)
    return held


def _keep(batch: Batch, held: _Held, at: str) -> None:
    """Write down how a document stands that was asked for at ``at``, and when it is due again."""
    due: str | None
    if held.moved_to is not None:
        due = None
    elif held.withdrawn_at is None and (held.missing_since is not None or held.rows is Rows.GONE):
        due = soon(at)
    else:
        due = next_check(held.id, at, held.withdrawn_at or held.origin)
    state = (held.withdrawn_at, held.delisted_at, held.moved_to, held.missing_since, held.missing_run)
    batch.ledger.execute(
        "UPDATE documents SET withdrawn_at = ?, delisted_at = ?, moved_to = ?, missing_since = ?, missing_run = ?, "
        "next_check = ? WHERE id = ?",
        (*state, due, held.id),
    )


def _rows(batch: Batch, portal: str, url: str) -> Rows:
    every, gone, proven = batch.ledger.execute(
        "SELECT count(*), count(gone_since), count(gone_proven) FROM entries WHERE portal = ? AND address = ?",
        (portal, identity(url)),
    ).fetchone()
    if not every or gone < every:
        return Rows.LISTED
    return Rows.PROVEN if proven == every else Rows.GONE


def _lives_on(batch: Batch, held: _Held) -> tuple[str, str] | None:
    """The same document at an address that the catalogue shows since this one was last served: title and text are the
    same, or title and 文号."""
    found = batch.ledger.execute(
        "SELECT new.id, new.url FROM documents AS old JOIN documents AS new ON new.portal = old.portal "
        "AND new.title = old.title AND new.id <> old.id WHERE old.id = ? AND new.first_seen >= old.last_seen "
        "AND new.withdrawn_at IS NULL AND new.moved_to IS NULL AND ((new.text = old.text AND old.text <> '') "
        "OR new.doc_number_key = old.doc_number_key) AND EXISTS (SELECT 1 FROM entries WHERE document_id = new.id "
        "AND state <> 'gone') ORDER BY new.first_seen, new.id LIMIT 1",
        (held.id,),
    ).fetchone()
    return (found[0], found[1]) if found else None


def _redirected_to(batch: Batch, held: _Held, address: str) -> tuple[str, str] | None:
    """The document that a redirect from an old address led to."""
    if identity(address) == identity(held.url):
        return None
    found = batch.ledger.execute(
        "SELECT new.id, new.url FROM documents AS old JOIN documents AS new ON new.id = ? WHERE old.id = ? "
        "AND new.first_seen > old.first_seen AND new.title = old.title AND new.moved_to IS NULL",
        (document_id(held.portal, address), held.id),
    ).fetchone()
    return (found[0], found[1]) if found else None


def _move(batch: Batch, held: _Held, other: tuple[str, str], at: str, run: str | None) -> None:
    """One change, told once: what was taken for a new document is the old one at its new address."""
    new, url = other
    batch.ledger.execute(
        "UPDATE runs SET new = new - 1 WHERE id = (SELECT run_id FROM changes WHERE document_id = ? AND kind = 'new')",
        (new,),
    )
    batch.ledger.execute("DELETE FROM changes WHERE document_id = ? AND kind = 'new'", (new,))
    batch.note(held.id, held.version, at, run, ChangeKind.MOVED, "url", held.url, url)
    held.moved_to, held.delisted_at, held.missing_since, held.missing_run = new, None, None, None


def _a_day_apart(batch: Batch, earlier: str | None, run: str | None) -> bool:
    """Whether a run began a day or more after another."""
    began, before = batch.began(run), batch.began(earlier)
    return began is not None and before is not None and parse_stamp(began) - parse_stamp(before) >= A_DAY
