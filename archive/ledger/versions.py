"""Versions: a document as it stood. Written when its content changes, taken back when a second look shows that the
difference was the page's own restlessness."""

import hashlib
import json
from collections.abc import Callable
from typing import cast

from archive.events import Difference
from archive.ledger.attachments import list_attachment
from archive.ledger.batch import Batch, Text, plain
from archive.ledger.content import CONTENT, READ, content_of, links_of, observation_rows, read_columns
from archive.ledger.facts import CaptureFact
from archive.reading.model import Reading

_KEPT = ("url", "last_seen", "last_checked", "version", "capture_id", "content_digest")
"""The columns of ``documents`` that follow from the capture of its present version."""

_DOCUMENT = ("id", "portal", "first_seen", *_KEPT, *CONTENT)
_VERSION = (*READ, "document_id", "version", "capture_id", "seen_at")


def _insert(table: str, columns: tuple[str, ...]) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


_NEW_DOCUMENT = _insert("documents", (*_DOCUMENT, "next_check"))
_DOCUMENT_AGAIN = (
    f"UPDATE documents SET {', '.join(f'{name} = ?' for name in (*_KEPT, *CONTENT))} WHERE id = ? RETURNING rowid"
)
_NEW_VERSION = _insert("versions", _VERSION)

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
    """A further version, and the document as it stands now. ``before``: what the version that it follows said."""
    said = content_of(reading)
    row = (*_kept(fact, reading, url, version), *said.values(), document)
    (rowid,) = batch.ledger.execute(_DOCUMENT_AGAIN, row).fetchone()
    _version(batch, fact, reading, said, document, version)
    batch.index(rowid, _text(said), _text(before) if before else None)


def write_first(
    batch: Batch, fact: CaptureFact, reading: Reading, document: str, url: str, due: Callable[[str], str | None]
) -> None:
    """A document that is new. ``due``: when it is due again, by since when it has been as it is: a day, perhaps without
    its last parts, or a time stamp. A row of the length of a text is not written twice for that."""
    said, at = content_of(reading), fact.fetched_at
    again = due(said["date_published"] or said["date_made"] or at)
    row = (document, fact.context.portal, at, *_kept(fact, reading, url, 1), *said.values(), again)
    rowid = batch.ledger.execute(_NEW_DOCUMENT, row).lastrowid
    _version(batch, fact, reading, said, document, 1)
    batch.index(cast("int", rowid), _text(said), None)


def _kept(fact: CaptureFact, reading: Reading, url: str, version: int) -> tuple[str | int, ...]:
    """The values of :data:`_KEPT`."""
    return url, fact.fetched_at, fact.fetched_at, version, fact.id, reading.content_digest


def _version(batch: Batch, fact: CaptureFact, reading: Reading, said: Stood, document: str, version: int) -> None:
    """The rows of a version, beside the document's own. ``said``: its content."""
    columns = read_columns(reading, said)
    batch.ledger.execute(_NEW_VERSION, (*columns.values(), document, version, fact.id, fact.fetched_at))
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
