"""Versions: a document as it stood. Written when its content changes, taken back when a second look shows that the
difference was the page's own restlessness."""

import hashlib
import json

from archive.events import Difference
from archive.ledger.attachments import list_attachment
from archive.ledger.batch import Batch, Text, plain
from archive.ledger.content import CONTENT, content_of, links_of, observation_rows, read_columns
from archive.ledger.facts import CaptureFact
from archive.reading.model import Reading

COMPARED = (*CONTENT, "attachments")
"""The columns of ``versions`` in which a document can change."""

Stood = dict[str, str | None]
"""A version's content: column of :data:`COMPARED` → value."""


def stood(batch: Batch, document: str, version: int) -> Stood:
    """What a version says."""
    row = batch.ledger.execute(
        f"SELECT {', '.join(COMPARED)} FROM versions WHERE document_id = ? AND version = ?", (document, version)
    ).fetchone()
    return dict(zip(COMPARED, row, strict=True))


def content(reading: Reading) -> Stood:
    """What a version of this reading would say."""
    return content_of(reading) | {"attachments": links_of(reading)}


def write(
    batch: Batch,
    fact: CaptureFact,
    reading: Reading,
    document: str,
    url: str,
    version: int,
    before: Stood | None = None,
) -> None:
    """A new version, and the document as it stands now. ``before``: what the version that it follows said."""
    at, said = fact.fetched_at, content_of(reading)
    kept: dict[str, str | int | None] = {
        "url": url,
        "last_seen": at,
        "last_checked": at,
        "version": version,
        "capture_id": fact.id,
        "content_digest": reading.content_digest,
    }
    values = {"id": document, "portal": fact.context.portal, "first_seen": at, **kept, **said}
    updates = ", ".join(f"{name} = excluded.{name}" for name in (*kept, *said))
    (rowid,) = batch.ledger.execute(
        f"INSERT INTO documents ({', '.join(values)}) VALUES ({', '.join('?' * len(values))}) "
        f"ON CONFLICT (id) DO UPDATE SET {updates} RETURNING rowid",
        tuple(values.values()),
    ).fetchone()
    values = {
        **read_columns(reading),
        "document_id": document,
        "version": version,
        "capture_id": fact.id,
        "seen_at": at,
    }
    batch.ledger.execute(
        f"INSERT INTO versions ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})", tuple(values.values())
    )
    batch.index(rowid, (plain(reading.title), plain(reading.text)), _text(before) if before else None)
    batch.observations += observation_rows(document, version, reading)
    for link in reading.attachments:
        list_attachment(batch, document, plain(link.url), link.filename, version)


def differences(before: Stood, now: Stood, digest: str) -> list[Difference]:
    """What differs, column by column; where only the digest does, that. Of a text its sha256."""
    differing = [(name, old, now[name]) for name, old in before.items() if old != now[name]]
    return [
        (name, _digest(str(old)), _digest(str(new))) if name == "text" else (name, old, new)
        for name, old, new in differing
    ] or [("content_digest", None, digest)]


def _digest(text: str) -> str:
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def retract(batch: Batch, document: str) -> None:
    """Take the present version back: it never was. The document stands as the version before it says."""
    (version,) = batch.ledger.execute("SELECT version FROM documents WHERE id = ?", (document,)).fetchone()
    false, true = stood(batch, document, version), stood(batch, document, version - 1)
    key = (document, version)
    batch.observations = [seen for seen in batch.observations if seen[:2] != key]
    batch.ledger.execute("DELETE FROM observations WHERE document_id = ? AND version = ?", key)
    batch.ledger.execute("DELETE FROM changes WHERE document_id = ? AND version = ? AND kind = 'changed'", key)
    names = ", ".join(("version", "capture_id", "content_digest", *CONTENT))
    batch.ledger.execute(
        f"UPDATE documents SET ({names}) = (SELECT {names} FROM versions WHERE document_id = id AND version = ?) "
        "WHERE id = ?",
        (version - 1, document),
    )
    batch.ledger.execute("DELETE FROM versions WHERE document_id = ? AND version = ?", key)
    linked = [url for url, _ in json.loads(true["attachments"] or "[]")]
    marks = ", ".join("?" * len(linked))
    batch.ledger.execute(
        f"UPDATE attachments SET version = ? WHERE document_id = ? AND version = ? AND url IN ({marks})",
        (version - 1, *key, *linked),
    )
    batch.ledger.execute("DELETE FROM attachments WHERE document_id = ? AND version = ?", key)
    (rowid,) = batch.ledger.execute("SELECT rowid FROM documents WHERE id = ?", (document,)).fetchone()
    batch.index(rowid, _text(true), _text(false))


def _text(version: Stood) -> Text:
    return version["title"] or "", version["text"] or ""
