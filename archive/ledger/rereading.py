"""Rows of a reread: which versions there are to read again, and what becomes of them when a newer reader has."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from archive.events import Difference, Location, Replaced, Reread
from archive.ledger.batch import Batch, plain
from archive.ledger.content import READ, Values, content_of, links_of, observation_rows, read_columns
from archive.ledger.facts import RereadFact
from archive.ledger.foresight import as_it_became
from archive.reading.model import Reading
from archive.vocabulary import ChangeKind, EntryState

_LIES = (  # a capture, and the records between it and the capture before it: among them what explains it
    "coalesce((SELECT p.warc_offset + p.warc_length FROM captures AS p WHERE p.rowid < c.rowid "
    "AND p.warc_file = c.warc_file ORDER BY p.rowid DESC LIMIT 1), 0)"
)


@dataclass(frozen=True, slots=True)
class HeldVersion:
    """A version as it stands."""

    document: str
    version: int
    capture: str
    lies: Location
    columns: Values  # those of ``content.READ``

    @property
    def reader(self) -> str:
        return self.columns["reader"] or ""


# --- what there is to read again --------------------------------------------------------------------------------------


def portals_held(ledger: sqlite3.Connection) -> list[str]:
    """The portals of which documents are held, by key."""
    return [key for (key,) in ledger.execute("SELECT DISTINCT portal FROM documents ORDER BY portal")]


def count_versions(ledger: sqlite3.Connection, portal: str, reader: str, *, every: bool) -> int:
    """How many versions of a portal another reader read; with ``every``, how many there are."""
    row = ledger.execute(
        "SELECT count(*) FROM documents AS d JOIN versions AS v ON v.document_id = d.id WHERE d.portal = ? "
        "AND (? OR v.reader <> ?)",
        (portal, every, reader),
    ).fetchone()
    return int(row[0])


def documents_to_read(
    ledger: sqlite3.Connection, portal: str, reader: str, *, every: bool, limit: int = 64
) -> Iterator[list[HeldVersion]]:
    """The documents of which any version was read by another reader, or ``every`` document, each with all its versions,
    in the order in which the archive came to hold them. The database may change meanwhile."""
    after = 0
    while True:
        rows = ledger.execute(
            f"SELECT d.rowid, d.id, v.version, c.id, c.warc_file, c.warc_offset + c.warc_length, {_LIES}, "
            f"{', '.join(f'v.{name}' for name in READ)} FROM (SELECT rowid, id FROM documents AS o WHERE portal = ? "
            "AND rowid > ? AND (? OR EXISTS (SELECT 1 FROM versions WHERE document_id = o.id AND reader <> ?)) "
            "ORDER BY rowid LIMIT ?) AS d JOIN versions AS v ON v.document_id = d.id "
            "JOIN captures AS c ON c.id = v.capture_id ORDER BY d.rowid, v.version",
            (portal, after, every, reader, limit),
        ).fetchall()
        if not rows:
            return
        after = rows[-1][0]
        for _, group in groupby(rows, key=lambda row: row[0]):
            yield [
                HeldVersion(
                    *(document, version, capture, Location(file, start, end - start)),
                    dict(zip(READ, columns, strict=True)),
                )
                for _, document, version, capture, file, end, start, *columns in group
            ]


def observations_of(ledger: sqlite3.Connection, document: str, version: int) -> str:
    """The observations of a version as JSON, as ``Replaced`` keeps them."""
    rows = ledger.execute(
        "SELECT field, label, value, normalised, source, chosen FROM observations WHERE document_id = ? "
        "AND version = ? ORDER BY number",
        (document, version),
    ).fetchall()
    return json.dumps(rows, ensure_ascii=False)


def differences_of(ledger: sqlite3.Connection, document: str, version: int) -> tuple[Difference, ...]:
    """Field, before and after of each row of ``changes`` that led to a version."""
    rows = ledger.execute(
        "SELECT field, before, after FROM changes AS c JOIN versions AS v ON v.document_id = c.document_id "
        "AND v.version = c.version AND v.seen_at = c.at WHERE c.document_id = ? AND c.version = ? AND kind = ? "
        "ORDER BY field",
        (document, version, ChangeKind.CHANGED),
    )
    return tuple((field, before, after) for field, before, after in rows.fetchall())


def refusals_of(ledger: sqlite3.Connection, portal: str) -> tuple[tuple[str, str], ...]:
    """The captures of a portal that count as refused, with what by."""
    return tuple(
        ledger.execute(
            "SELECT id, refusal FROM captures WHERE portal = ? AND refusal IS NOT NULL ORDER BY rowid", (portal,)
        ).fetchall()
    )


def columns_at(ledger: sqlite3.Connection, document: str, version: int, at: str) -> Values:
    """The columns of a version (``content.READ``) as they stood at an instant (UTC time stamp, from ``seen_at`` on).
    Raises ``KeyError`` for a version that is not held."""
    row = ledger.execute(
        f"SELECT {', '.join(READ)} FROM versions WHERE document_id = ? AND version = ?", (document, version)
    ).fetchone()
    if row is None:
        raise KeyError((document, version))
    stood = dict(zip(READ, row, strict=True))
    later = ledger.execute(
        "SELECT was FROM readings WHERE document_id = ? AND version = ? AND replaced_at > ? ORDER BY replaced_at DESC",
        (document, version, at),
    )
    for (was,) in later.fetchall():
        stood |= json.loads(was)
    return stood


def as_read_by(batch: Batch, document: str, version: int, reader: str) -> Reading | None:
    """What ``reader`` makes of the page of a version that another reader read; ``None`` if the same reader did, or if
    the page cannot be read again."""
    found = batch.ledger.execute(
        f"SELECT v.reader, c.id, c.warc_file, {_LIES}, c.warc_offset + c.warc_length FROM versions AS v "
        "JOIN captures AS c ON c.id = v.capture_id WHERE v.document_id = ? AND v.version = ?",
        (document, version),
    ).fetchone()
    if batch.again is None or found is None or found[0] == reader:
        return None
    _, capture, file, start, end = found
    reading = batch.again(Location(file, start, end - start), capture)
    return reading if reading is not None and reading.reader == reader else None


# --- what becomes of it -----------------------------------------------------------------------------------------------


def take_reread(batch: Batch, fact: RereadFact) -> None:
    """Put new readings in the place of old ones. Versions keep their numbers, and ``changes`` gets no row: the portal
    changed nothing."""
    batch.put_observations()
    for item, reading in zip(fact.event.readings, fact.readings, strict=True):
        if item.is_read and (new := as_it_became(batch, fact.location, item.capture, reading)) is not None:
            _replace(batch, fact.event, fact.location, item, new)


def _replace(batch: Batch, event: Reread, lies: Location, item: Replaced, reading: Reading) -> None:
    document, version = key = item.document, item.version
    held = batch.ledger.execute(
        "SELECT v.attachments, d.version, d.rowid, d.title, d.text FROM versions AS v JOIN documents AS d "
        "ON d.id = v.document_id WHERE v.document_id = ? AND v.version = ? AND v.capture_id = ?",
        (*key, item.capture),
    ).fetchone()
    if held is None:
        return  # a part of the log is missing
    links, latest, rowid, title, text = held
    batch.ledger.execute(
        "INSERT OR IGNORE INTO readings (document_id, version, replaced_at, reader, replaced_by, was, warc_file, "
        "warc_offset) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(document, version, event.at, item.reader, event.reader),
            json.dumps(dict(item.was), ensure_ascii=False, separators=(",", ":")),
            *(lies.file, lies.offset),
        ),
    )
    _update(batch, "versions", read_columns(reading), "document_id = ? AND version = ?", key)
    batch.ledger.execute("DELETE FROM observations WHERE document_id = ? AND version = ?", key)
    batch.observations += observation_rows(document, version, reading)
    batch.put_observations()
    if version == latest:
        now = content_of(reading) | {"content_digest": reading.content_digest}
        _update(batch, "documents", now, "id = ?", (document,))
        batch.index(rowid, (plain(reading.title), plain(reading.text)), (title, text))
    _link(batch, document, version, {url for url, _ in json.loads(links)}, reading)


def _update(
    batch: Batch, table: str, values: Mapping[str, str | int | None], where: str, key: tuple[str | int, ...]
) -> None:
    changes = ", ".join(f"{name} = ?" for name in values)
    batch.ledger.execute(f"UPDATE {table} SET {changes} WHERE {where}", (*values.values(), *key))


def _link(batch: Batch, document: str, version: int, before: set[str], reading: Reading) -> None:
    """Files that the new reading links to are known from now on, those of the present version wanted. A file that no
    reading links to any more is no longer wanted; if it was never asked for, it is forgotten."""
    batch.ledger.executemany(
        "INSERT INTO attachments (document_id, url, filename, state, version) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (document_id, url) DO UPDATE SET filename = CASE WHEN excluded.version >= version AND "
        "excluded.filename <> '' THEN excluded.filename ELSE filename END, version = max(version, excluded.version)",
        ((document, plain(link.url), plain(link.filename), EntryState.LISTED, version) for link in reading.attachments),
    )
    for url in sorted(before - {url for url, _ in json.loads(links_of(reading))}):
        batch.ledger.execute(
            "UPDATE attachments SET version = coalesce((SELECT max(v.version) FROM versions AS v, "
            "json_each(v.attachments) AS link WHERE v.document_id = :document "
            "AND json_extract(link.value, '$[0]') = :url), 0) "
            "WHERE document_id = :document AND url = :url AND version = :version",
            {"document": document, "url": url, "version": version},
        )
        batch.ledger.execute(
            "DELETE FROM attachments WHERE document_id = ? AND url = ? AND version = 0 AND attempts = 0 "
            "AND capture_id IS NULL",
            (document, url),
        )
