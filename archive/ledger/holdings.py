"""Captures into rows: documents and their versions, what changed, attachments, and what could not be had."""

import hashlib
import json
from dataclasses import asdict, replace

from archive.events import CatalogueRow, FetchFailed
from archive.ledger.answers import failure, refusal
from archive.ledger.attachments import list_attachment, settle_attachment, take_attachment
from archive.ledger.batch import Batch, Outcome, plain
from archive.ledger.catalogue import entry_of
from archive.ledger.facts import CaptureFact
from archive.ledger.tables import METADATA
from archive.reading.model import Reading
from archive.reading.refusal import Refusal
from archive.urls import document_id, host, identity
from archive.vocabulary import ChangeKind, EntryState, Role

_CONTENT = (*METADATA, "text", "text_status")
_COMPARED = (*_CONTENT, "attachments")
_TITLE, _TEXT = _COMPARED.index("title"), _COMPARED.index("text")
_OFF_THE_PORTAL = frozenset({"external", "redirect_external"})  # reasons that crawler.scope gives


def take_capture(batch: Batch, fact: CaptureFact) -> None:
    """Fold one capture in; one that is known already (from a copy of its file) is passed over."""
    if _is_catch_all(batch, fact):
        fact = replace(fact, reading=None, refusal=Refusal.CATCH_ALL)
    context = fact.context
    run = batch.run(context.run, context.portal)
    fresh = batch.ledger.execute(
        "INSERT OR IGNORE INTO captures (id, url, role, fetched_at, status, mime, payload_digest, warc_file, "
        "warc_offset, warc_length, run_id, revisit_of, truncated, portal, payload_bytes, refusal, tls_exceptions) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
        _settle_entries(batch, event.portal, url, state, event.reason, event.detail)
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
    if context.column:
        entry_of(batch, context.portal, context.column, context.row or CatalogueRow(url), fact.fetched_at)
    reading = None if refusal(fact) or fact.status != 200 else fact.reading
    if reading is not None:
        state = _received(batch, fact, reading, document, url, run)
        _settle_entries(batch, context.portal, url, state, document=document)
        return
    held = batch.ledger.execute(
        "UPDATE documents SET last_checked = ? WHERE id = ?", (fact.fetched_at, document)
    ).rowcount
    if held and fact.status == 304:
        batch.tally(run, unchanged=1)
        _settle_entries(batch, context.portal, url, EntryState.UNCHANGED, document=document)
    else:
        _settle_entries(batch, context.portal, url, EntryState.FAILED, failure(fact), fact.truncated or "")


def _received(
    batch: Batch, fact: CaptureFact, reading: Reading, document: str, url: str, run: str | None
) -> EntryState | None:
    """The document's page came. Gives the state of its entries; ``None`` if this run has received it before."""
    at = fact.fetched_at
    known = batch.ledger.execute(
        "SELECT version, content_digest, last_seen FROM documents WHERE id = ?", (document,)
    ).fetchone()
    if known is None:
        _write(batch, fact, reading, document, url, 1)
        batch.note(document, 1, at, run, ChangeKind.NEW)
        batch.documents.append((document, Outcome.NEW))
        batch.tally(run, fetched=1, new=1)
        return EntryState.DONE
    version, digest, last_seen = known
    if digest != reading.content_digest:
        before = batch.ledger.execute(
            f"SELECT {', '.join(_COMPARED)} FROM versions WHERE document_id = ? AND version = ?", (document, version)
        ).fetchone()
        _write(batch, fact, reading, document, url, version + 1, (before[_TITLE], before[_TEXT]))
        _note_differences(batch, fact, reading, document, version + 1, run, before)
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


def _write(
    batch: Batch,
    fact: CaptureFact,
    reading: Reading,
    document: str,
    url: str,
    version: int,
    before: tuple[str, str] | None = None,
) -> None:
    """A new version, and the document as it stands now. ``before``: title and text of the version that it follows."""
    at, content = fact.fetched_at, _content(reading)
    kept: dict[str, str | int | None] = {
        "url": url,
        "last_seen": at,
        "last_checked": at,
        "version": version,
        "capture_id": fact.id,
        "content_digest": reading.content_digest,
    }
    values: dict[str, str | int | None] = {"id": document, "portal": fact.context.portal, "first_seen": at}
    values |= kept | content
    updates = ", ".join(f"{name} = excluded.{name}" for name in (*kept, *content))
    (rowid,) = batch.ledger.execute(
        f"INSERT INTO documents ({', '.join(values)}) VALUES ({', '.join('?' * len(values))}) "
        f"ON CONFLICT (id) DO UPDATE SET {updates} RETURNING rowid",
        tuple(values.values()),
    ).fetchone()
    values = content | {
        "attachments": _links(reading),
        "document_id": document,
        "version": version,
        "capture_id": fact.id,
        "seen_at": at,
        "content_digest": reading.content_digest,
        "reader": reading.reader,
        "charset": reading.charset,
        "flags": plain(", ".join(reading.flags)),
        "parts": _parts(reading),
    }
    batch.ledger.execute(
        f"INSERT INTO versions ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})", tuple(values.values())
    )
    batch.index(rowid, (plain(reading.title), plain(reading.text)), before)
    batch.observations += (
        (
            document,
            version,
            number,
            seen.field or None,
            plain(seen.label),
            plain(seen.value),
            plain(seen.normalised) or None,
            seen.source,
            int(seen.chosen),
        )
        for number, seen in enumerate(reading.observations, 1)
    )
    for link in reading.attachments:
        list_attachment(batch, document, plain(link.url), link.filename, version)


def _content(reading: Reading) -> dict[str, str | int | None]:
    """The columns that ``documents`` and ``versions`` share."""
    fields = dict(reading.fields)
    content: dict[str, str | int | None] = {name: plain(fields.get(name, "")) or None for name in METADATA}
    return content | {
        "title": plain(reading.title),
        "text": plain(reading.text),
        "text_status": reading.text_status,
    }


def _links(reading: Reading) -> str:
    return plain(json.dumps([(link.url, link.filename) for link in reading.attachments], ensure_ascii=False))


def _parts(reading: Reading) -> str | None:
    parts = [asdict(part) | {"fields": dict(part.fields)} for part in reading.parts]
    return plain(json.dumps(parts, ensure_ascii=False)) if parts else None


def _note_differences(
    batch: Batch,
    fact: CaptureFact,
    reading: Reading,
    document: str,
    version: int,
    run: str | None,
    before: tuple[str | None, ...],
) -> None:
    """A row of ``changes`` for each column that differs; where only the digest does, one that says so."""
    now = _content(reading) | {"attachments": _links(reading)}
    differing = [(name, old, now[name]) for name, old in zip(_COMPARED, before, strict=True) if old != now[name]]
    for name, old, new in differing or [("content_digest", None, reading.content_digest)]:
        if name == "text":
            old, new = _digest(str(old)), _digest(str(new))
        batch.note(document, version, fact.fetched_at, run, ChangeKind.CHANGED, name, old, new)


def _digest(text: str) -> str:
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _settle_entries(
    batch: Batch,
    portal: str,
    url: str,
    state: EntryState | None,
    reason: str = "",
    detail: str = "",
    document: str | None = None,
) -> None:
    """What happened to an address happened to every row of the catalogue that names it.

    ``unchanged`` is for rows whose document was held before; to a row that is new to it, it is ``done``. ``None`` for
    the state keeps what this run has settled already."""
    row = {
        "portal": portal,
        "address": identity(url),
        "state": state,
        "reason": reason or None,
        "detail": plain(detail) or None,
        "document": document,
    }
    batch.ledger.execute(
        "UPDATE entries SET attempts = attempts + 1, state_reason = :reason, state_detail = :detail, state = CASE "
        "WHEN :state IS NULL AND state IN ('done', 'unchanged') THEN state "
        "WHEN :state IS NULL OR (:state = 'unchanged' AND document_id IS NULL) THEN 'done' ELSE :state END, "
        "document_id = coalesce(:document, document_id) WHERE portal = :portal AND address = :address",
        row,
    )
    if document is not None:
        columns = batch.ledger.execute(
            "SELECT column_key FROM entries WHERE portal = :portal AND address = :address", row
        ).fetchall()
        for (column,) in columns:
            batch.column(portal, column)
