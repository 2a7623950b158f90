"""What earlier walks left of a column, for one that only looks for what is new.

Asked through :mod:`archive.ledger.questions`."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from archive.events import CatalogueRow
from archive.ledger.catalogue import says_new
from archive.urls import identity
from archive.vocabulary import EntryState, WalkEnd


@dataclass(frozen=True, slots=True)
class ColumnMemory:
    """What earlier walks left of a column, for one that only looks for what is new."""

    front: tuple[str, ...]  # addresses of the rows on its first list page, in their order
    declared: int | None
    walked: str  # when it was last read to its end: a UTC time stamp, or "" if it never was
    unbroken: bool  # whether all walks since then have missed nothing
    doubt: str  # when the oldest row was found gone that is not proven to be; "" if there is none


def column_memory(ledger: sqlite3.Connection, portal: str, column: str) -> ColumnMemory:
    """What is known of a column; of one that is not known, nothing."""
    row = ledger.execute(
        "SELECT front, declared_total, last_complete_walk, walk_end, (SELECT min(gone_since) FROM entries "
        "WHERE portal = columns.portal AND column_key = key AND state = 'gone' AND gone_proven IS NULL) "
        "FROM columns WHERE portal = ? AND key = ?",
        (portal, column),
    ).fetchone()
    if row is None:
        return ColumnMemory((), None, "", False, "")
    front, declared, walked, end, doubt = row
    unbroken = end is not None and WalkEnd(end).harmless
    return ColumnMemory(tuple(json.loads(front or "[]")), declared, walked or "", unbroken, doubt or "")


@dataclass(frozen=True, slots=True)
class News:
    """What a list page says that the archive did not know: addresses of rows."""

    new: frozenset[str]  # not known, or gone until now
    altered: frozenset[str]  # known with another title, or another day


def news(ledger: sqlite3.Connection, portal: str, column: str, rows: Iterable[CatalogueRow]) -> News:
    """Compare the rows of a list page with what the catalogue holds of its column."""
    new, altered = set(), set()
    for row in rows:
        address = identity(row.url)
        known = ledger.execute(
            "SELECT state, title, listed_date FROM entries WHERE portal = ? AND column_key = ? AND address = ?",
            (portal, column, address),
        ).fetchone()
        if known is None or known[0] == EntryState.GONE:
            new.add(address)
        elif says_new(row, known[1], known[2]):
            altered.add(address)
    return News(frozenset(new), frozenset(altered))
