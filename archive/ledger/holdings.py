"""Captures into rows: documents and their versions, what changed, attachments, and what could not be had."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from archive.events import CatalogueRow, Difference, FetchFailed
from archive.ledger import presence, volatile
from archive.ledger.answers import failure, refusal, stands_alone
from archive.ledger.attachments import list_attachment, settle_attachment, take_attachment
from archive.ledger.batch import Batch, Outcome, plain
from archive.ledger.catalogue import entry_of
from archive.ledger.facts import CaptureFact
from archive.ledger.rechecks import next_check, next_try
from archive.ledger.rereading import as_read_by
from archive.ledger.versions import content, differences, retract, stood, write, write_first
from archive.reading.model import Reading
from archive.reading.refusal import Refusal
from archive.urls import document_id, host, identity
from archive.vocabulary import ChangeKind, EntryState, Role

Rows = Sequence[tuple[str, str | None]]
"""Rows of the catalogue that name one address: the column's key, and since when the row is gone from it."""

_OFF_THE_PORTAL = frozenset({"external", "redirect_external"})  # reasons that crawler.scope gives


def take_capture(batch: Batch, fact: CaptureFact) -> None:
    """Fold one capture in; one that is known already (from a copy of its file) is passed over."""
    if _is_catch_all(batch, fact):
        fact = replace(fact, reading=None, refusal=Refusal.CATCH_ALL)
    context = fact.context
    run = batch.run(context.run, context.portal)
    fresh = batch.ledger.execute(
        "INSERT OR IGNORE INTO captures (id, url, role, fetched_at, status, mime, payload_digest, warc_file, "
        "warc_offset, warc_length, run_id, revisit_of, truncated, portal, payload_bytes, refusal, tls_exceptions, "
        "etag, last_modified) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            fact.id,
            fact.url,
            context.role,
            fact.fetched_at,
            fact.status,
            plain(fact.mime),
            fact.payload_digest,
            fact.location.file,
            fact.location.offset,
            fact.location.length,
            run,
            fact.revisit_of or None,
            fact.truncated,
            batch.portal(context.portal),
            fact.payload_bytes,
            refusal(fact) or None,
            ", ".join(context.tls_exceptions) or None,
            plain(fact.etag) or None,
            plain(fact.last_modified) or None,
        ),
    ).rowcount
    if not fresh:
        return
    if not fact.made:
        batch.tally(run, requests=1, bytes=fact.payload_bytes)
    if 300 <= fact.status < 400 and fact.status != 304:
        return  # where it led is a capture of its own
    if context.role is Role.DOCUMENT:
        _document(batch, fact, run)
    elif context.role is Role.ATTACHMENT:
        take_attachment(batch, fact, run)


def _is_catch_all(batch: Batch, fact: CaptureFact) -> bool:
    """Whether a document's page is the one that its host shows in the place of robots.txt, and so for any path
    (portal-families.md 9.1: 株洲 districts, 韩城)."""
    if fact.context.role is not Role.DOCUMENT or fact.reading is None:
        return False
    shown = batch.ledger.execute(
        "SELECT url FROM captures WHERE portal = ? AND payload_digest = ? AND revisit_of IS NULL AND truncated IS NULL "
        "AND role = ? AND status = 200",
        (fact.context.portal, fact.payload_digest, Role.ROBOTS),
    )
    return any(identity(url) == f"{host(fact.url)}/robots.txt" for (url,) in shown)


def take_failure(batch: Batch, event: FetchFailed) -> None:
    """Fold in that a page was wanted and is not held."""
    batch.run(event.run, event.portal)
    state = EntryState.EXTERNAL if event.reason in _OFF_THE_PORTAL else EntryState.FAILED
    if event.role is Role.DOCUMENT:
        url = event.entry_url or event.url
        if event.column:
            entry_of(batch, event.portal, event.column, CatalogueRow(url), event.at)
        _settle_entries(batch, event.portal, url, event.at, state, event.reason, event.detail)
        _not_served(batch, document_id(event.portal, url), event.reason, event.at, event.run or None)
    elif event.role is Role.ATTACHMENT:
        document = document_id(event.portal, event.document_url)
        link = event.entry_url or event.url
        if list_attachment(batch, document, link, event.filename):
            settle_attachment(batch, document, link, state, event.reason, event.detail)


# --- documents ------------------------------------------------------------------------------------------------------


def _document(batch: Batch, fact: CaptureFact, run: str | None) -> None:
    context = fact.context
    url = context.entry_url or fact.url
    document = document_id(context.portal, url)
    rows = _rows_of(batch, fact, url)
    reading = None if refusal(fact) or fact.status != 200 else fact.reading
    if reading is not None:
        known = batch.ledger.execute(
            "SELECT version, content_digest, last_seen FROM documents WHERE id = ?", (document,)
        ).fetchone()
        if known is None:
            state: EntryState | None = _new(batch, fact, reading, document, url, run)
        else:
            state = _received(batch, fact, reading, document, url, run, known)
        _settle_entries(batch, context.portal, url, fact.fetched_at, state, document=document, rows=rows)
        if known is not None or (rows and all(gone for _, gone in rows)):  # what is new and listed stands as it should
            presence.served(batch, document, fact.fetched_at, run, address=fact.url)
        return
    held = batch.ledger.execute(
        "UPDATE documents SET last_checked = ? WHERE id = ?", (fact.fetched_at, document)
    ).rowcount
    if held and fact.status == 304 and not stands_alone(fact):
        batch.tally(run, unchanged=1)
        _settle_entries(batch, context.portal, url, fact.fetched_at, EntryState.UNCHANGED, document=document, rows=rows)
        presence.served(batch, document, fact.fetched_at, run, address=fact.url)
    else:
        why = failure(fact)
        _settle_entries(batch, context.portal, url, fact.fetched_at, EntryState.FAILED, why, fact.truncated or "")
        _not_served(batch, document, why, fact.fetched_at, run)


def _not_served(batch: Batch, document: str, why: str, at: str, run: str | None) -> None:
    if why in presence.SAYS_GONE:
        presence.missing(batch, document, at, run)
    else:
        presence.failed(batch, document, at)


def _rows_of(batch: Batch, fact: CaptureFact, url: str) -> Rows:
    """The rows of the catalogue that name a document's address; the one that its capture names is among them from now
    on, though no list may have shown it."""
    context, address = fact.context, identity(url)
    rows = _rows_at(batch, context.portal, address)
    if context.column:
        row = context.row or CatalogueRow(url)
        if identity(row.url) != address or all(column != context.column for column, _ in rows):
            entry_of(batch, context.portal, context.column, row, fact.fetched_at)
            rows = _rows_at(batch, context.portal, address)
    return rows


def _rows_at(batch: Batch, portal: str, address: str) -> Rows:
    return batch.ledger.execute(
        "SELECT column_key, gone_since FROM entries WHERE portal = ? AND address = ?", (portal, address)
    ).fetchall()


def _new(batch: Batch, fact: CaptureFact, reading: Reading, document: str, url: str, run: str | None) -> EntryState:
    """The page of a document came that was not held. Gives the state of its entries."""
    at = fact.fetched_at
    write_first(batch, fact, reading, document, url, partial(next_check, document, at))
    batch.note(document, 1, at, run, ChangeKind.NEW)
    batch.documents.append((document, Outcome.NEW))
    batch.tally(run, fetched=1, new=1)
    return EntryState.DONE


def _received(
    batch: Batch,
    fact: CaptureFact,
    reading: Reading,
    document: str,
    url: str,
    run: str | None,
    known: tuple[int, str, str],
) -> EntryState | None:
    """The page of a held document came. ``known``: its version, content digest, and when it last came. Gives the state
    of its entries; ``None`` if this run has received it before."""
    at = fact.fetched_at
    version, digest, last_seen = known
    held, told = None, batch.foretold.get(fact.id)
    if told is None and digest != reading.content_digest:
        held = as_read_by(batch, document, version, reading.reader)  # two readers' difference is no change of the page
        digest = held.content_digest if held is not None else digest
    if told is None and digest != reading.content_digest:
        told = _differences(batch, fact, reading, document, version, held, run)
    if told is not None:
        write(batch, fact, reading, document, url, version + 1, stood(batch, document, version))
        for name, old, new in told:
            batch.note(document, version + 1, at, run, ChangeKind.CHANGED, name, old, new)
        batch.documents.append((document, Outcome.CHANGED))
        batch.tally(run, fetched=1, changed=1)
        return EntryState.DONE
    batch.ledger.execute(
        "UPDATE documents SET url = ?, last_seen = ?, last_checked = ? WHERE id = ?", (url, at, at, document)
    )
    if not batch.earlier(last_seen, run):
        return None
    batch.documents.append((document, Outcome.UNCHANGED))
    batch.tally(run, fetched=1, unchanged=1)
    return EntryState.UNCHANGED


def _differences(
    batch: Batch,
    fact: CaptureFact,
    reading: Reading,
    document: str,
    version: int,
    held: Reading | None,
    run: str | None,
) -> list[Difference] | None:
    """In what the page differs from the present version; ``None`` if that is nothing but its own restlessness.

    ``held``: what this reader makes of the version's page, if another one had read it."""
    portal, now = fact.context.portal, content(reading)
    before = content(held) if held is not None else stood(batch, document, version)
    if volatile.same(before, now, volatile.known(batch, portal)):
        return None  # a counter, a token, a date of generation
    if version == 1 or batch.earlier(_seen_at(batch, document, version), run):
        return differences(before, now, reading.content_digest)
    volatile.learn(batch, portal, before, now, fact.fetched_at, run)  # a second look at what seemed to have changed
    first = as_read_by(batch, document, version - 1, reading.reader)
    if volatile.same(
        content(first) if first is not None else stood(batch, document, version - 1),
        now,
        volatile.known(batch, portal),
    ):
        retract(batch, document)
        batch.tally(run, changed=-1, unchanged=1)
    return None


def _seen_at(batch: Batch, document: str, version: int) -> str:
    (at,) = batch.ledger.execute(
        "SELECT seen_at FROM versions WHERE document_id = ? AND version = ?", (document, version)
    ).fetchone()
    return str(at)


def _settle_entries(
    batch: Batch,
    portal: str,
    url: str,
    at: str,
    state: EntryState | None,
    reason: str = "",
    detail: str = "",
    document: str | None = None,
    rows: Rows = (),
) -> None:
    """What happened to an address happened to every row of the catalogue that names it.

    ``unchanged`` is for rows whose document was held before; to a row that is new to it, it is ``done``. ``None`` for
    the state keeps what this run has settled already. A row that is gone from its list stays so. ``rows``: those that
    hold the ``document`` from now on, if not before."""
    failures, pause = 0, None
    if state is EntryState.FAILED:
        failures, pause = batch.ledger.execute(
            "SELECT coalesce(max(failures), 0), max(next_try) FROM entries WHERE portal = ? AND address = ?",
            (portal, identity(url)),
        ).fetchone()
        if pause is None or pause <= at:  # tries within one run, and before the pause is over, are one
            failures, pause = failures + 1, next_try(at, failures + 1)
    row = {
        "portal": portal,
        "address": identity(url),
        "state": state,
        "reason": reason or None,
        "detail": plain(detail) or None,
        "document": document,
        "failures": failures,
        "next_try": pause,
    }
    batch.ledger.execute(
        "UPDATE entries SET attempts = attempts + 1, state_reason = :reason, state_detail = :detail, "
        "failures = :failures, next_try = :next_try, state = CASE WHEN state = 'gone' THEN state "
        "WHEN :state IS NULL AND state IN ('done', 'unchanged') THEN state "
        "WHEN :state IS NULL OR (:state = 'unchanged' AND document_id IS NULL) THEN 'done' ELSE :state END, "
        "document_id = coalesce(:document, document_id) WHERE portal = :portal AND address = :address",
        row,
    )
    for column, _ in rows:
        batch.column(portal, column)
