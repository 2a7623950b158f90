"""What happened to documents, as the table ``changes`` tells it: one row of it a field, one happening a moment."""

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass

from archive.urls import ID_DIGITS
from archive.vocabulary import ChangeKind


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field before and after, as ``changes`` has it: of a text its digest, of attachments their list as JSON."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Happening:
    """What happened to a document at one moment. Title and 文号 are those of the version that it led to."""

    at: str  # UTC
    portal: str
    portal_name: str
    document: str
    kind: ChangeKind
    version: int
    title: str
    doc_number: str | None
    url: str
    fields: tuple[FieldChange, ...]  # of ``changed``; of ``moved`` the URL


@dataclass(frozen=True, slots=True)
class History:
    """Happenings, newest first; those of one moment by document. ``more``: there are older ones."""

    happenings: tuple[Happening, ...]
    more: bool


def happenings(
    ledger: sqlite3.Connection,
    *,
    portals: Collection[str] = (),
    since: str = "",
    kinds: Collection[ChangeKind] = (),
    limit: int,
) -> History:
    """The latest happenings, at most ``limit``.

    ``portals``, ``kinds``: only these, all if empty; ``since``: UTC time stamp, the first that counts."""
    heads: list[_Head] = []
    for portal in sorted(set(portals)) or [""]:
        heads += _heads(ledger, portal, since, kinds, limit + 1)
    heads.sort(key=lambda head: head[1:])
    heads.sort(key=lambda head: head[0], reverse=True)
    return History(tuple(_happening(ledger, *head) for head in heads[:limit]), len(heads) > limit)


def last_change(ledger: sqlite3.Connection, document: str) -> Happening | None:
    """What the present version of a document changed; ``None`` if it is its first."""
    version, at = ledger.execute(
        "SELECT version, seen_at FROM versions WHERE document_id = ? ORDER BY version DESC LIMIT 1", (document,)
    ).fetchone()
    return _happening(ledger, at, document, ChangeKind.CHANGED) if version > 1 else None


def texts(ledger: sqlite3.Connection, document: str, version: int) -> tuple[str, str]:
    """The text of the version before, and of this one; "" for one that there is not."""
    found = dict(
        ledger.execute(
            "SELECT version, text FROM versions WHERE document_id = ? AND version IN (?, ?)",
            (document, version - 1, version),
        ).fetchall()
    )
    return found.get(version - 1, ""), found.get(version, "")


_Head = tuple[str, str, str]  # at, document, kind


def _heads(
    ledger: sqlite3.Connection, portal: str, since: str, kinds: Collection[ChangeKind], limit: int
) -> list[_Head]:
    """The documents of a portal stand together in the key of ``changes``, as their ids begin with its name."""
    where: list[str] = ["at >= ?"]
    values: list[str | int] = [since]
    if portal:
        where.append("document_id >= ? AND document_id < ? AND length(document_id) = ?")
        values += [f"{portal}-", f"{portal}.", len(portal) + 1 + ID_DIGITS]  # "." is the sign behind "-"
    if kinds:
        where.append(f"kind IN ({', '.join('?' * len(kinds))})")
        values += kinds
    return ledger.execute(
        f"SELECT DISTINCT at, document_id, kind FROM changes WHERE {' AND '.join(where)} "
        f"ORDER BY at DESC, document_id, kind LIMIT {limit:d}",
        values,
    ).fetchall()


def _happening(ledger: sqlite3.Connection, at: str, document: str, kind: str) -> Happening:
    fields = ledger.execute(
        "SELECT version, field, before, after FROM changes WHERE document_id = ? AND at = ? AND kind = ? "
        "ORDER BY field",
        (document, at, kind),
    ).fetchall()
    version = max((row[0] for row in fields), default=1)
    portal, name, title, number, url = ledger.execute(
        "SELECT portal, name, coalesce(v.title, d.title), CASE WHEN v.version IS NULL THEN d.doc_number ELSE "
        "v.doc_number END, d.url FROM documents AS d JOIN portals ON key = portal LEFT JOIN versions AS v "
        "ON v.document_id = d.id AND v.version = ? WHERE d.id = ?",
        (version, document),
    ).fetchone()
    changed = tuple(FieldChange(*row[1:]) for row in fields if row[1] or row[2] or row[3])
    return Happening(at, portal, name, document, ChangeKind(kind), version, title, number, url, changed)
