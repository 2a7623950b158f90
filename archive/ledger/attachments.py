"""Files that belong to documents: that they are known, whether they are held, what could not be had."""

from archive.ledger.answers import failure, stands_alone
from archive.ledger.batch import Batch, plain
from archive.ledger.facts import CaptureFact
from archive.urls import document_id
from archive.vocabulary import ChangeKind, EntryState, TextStatus


def take_attachment(batch: Batch, fact: CaptureFact, run: str | None) -> None:
    """Fold in an answer for a file. A file that was replaced under its address is a change of its document."""
    context = fact.context
    document = document_id(context.portal, context.document_url)
    link = context.entry_url or fact.url  # after a redirect the capture has another address than the link
    if not list_attachment(batch, document, link, context.filename):
        batch.orphans.append(fact.id)
        return
    (before,) = batch.ledger.execute(
        "SELECT sha256 FROM attachments WHERE document_id = ? AND url = ?", (document, link)
    ).fetchone()
    if before and fact.status == 304 and not stands_alone(fact):
        settle_attachment(batch, document, link, EntryState.DONE)
        return
    if reason := failure(fact):
        settle_attachment(batch, document, link, EntryState.FAILED, reason, fact.truncated or "")
        return
    batch.ledger.execute(
        "UPDATE attachments SET mime = ?, bytes = ?, sha256 = ?, text_status = ?, capture_id = ? "
        "WHERE document_id = ? AND url = ?",
        (plain(fact.mime), fact.decoded_bytes, fact.sha256, TextStatus.NO_CONVERTER, fact.id, document, link),
    )
    settle_attachment(batch, document, link, EntryState.DONE)
    if before not in (None, fact.sha256):
        (version,) = batch.ledger.execute("SELECT version FROM documents WHERE id = ?", (document,)).fetchone()
        old, new = f"{link} sha256:{before}", f"{link} sha256:{fact.sha256}"
        batch.note(document, version, fact.fetched_at, run, ChangeKind.CHANGED, "attachments", old, new)


def list_attachment(batch: Batch, document: str, url: str, filename: str, version: int | None = None) -> bool:
    """Make sure that the file has its row. ``False`` if its document is not held.

    ``version``: the version of the document that links to it; its present one where that is not said."""
    known = batch.ledger.execute("SELECT version FROM documents WHERE id = ?", (document,)).fetchone()
    if known is None:
        return False
    batch.ledger.execute(
        "INSERT INTO attachments (document_id, url, filename, state, version) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (document_id, url) DO UPDATE SET filename = coalesce(nullif(excluded.filename, ''), filename), "
        "version = coalesce(?, version)",
        (document, url, plain(filename), EntryState.LISTED, version or known[0], version),
    )
    return True


def settle_attachment(
    batch: Batch, document: str, url: str, state: EntryState, reason: str = "", detail: str = ""
) -> None:
    """Put down what became of a file."""
    batch.ledger.execute(
        "UPDATE attachments SET state = ?, state_reason = ?, state_detail = ?, attempts = attempts + 1 "
        "WHERE document_id = ? AND url = ?",
        (state, reason or None, plain(detail) or None, document, url),
    )
