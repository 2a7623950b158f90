"""What earlier walks left of a column, for one that only looks for what is new.

Asked through :mod:`archive.ledger.questions`."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from archive.events import CatalogueRow, NextPage
from archive.ledger.catalogue import says_new
from archive.urls import identity
from archive.vocabulary import EntryState, WalkEnd


@dataclass(frozen=True, slots=True)
class ColumnMemory:
    """What earlier walks left of a column, for one that only looks for what is new."""

    front: tuple[str, ...]  # addresses of the rows on its first list page, in their order
    declared: int | None
    walked: str  # when it was last read as far as it goes: a UTC time stamp, or "" if it never was
    unbroken: bool  # whether its latest walk came to an end by itself
    standing: int  # rows that stand in its list as far as is known
    next: NextPage | None  # where a walk that was stopped goes on
    doubt: str  # when the oldest row was found gone that is not proven to be; "" if there is none


def column_memory(ledger: sqlite3.Connection, portal: str, column: str) -> ColumnMemory:
    """What is known of a column; of one that is not known, nothing."""
    row = ledger.execute(
        "SELECT front, declared_total, last_whole_walk, walk_end, next_page, (SELECT count(*) FROM entries "
        "WHERE portal = columns.portal AND column_key = key AND state <> 'gone'), (SELECT min(gone_since) FROM entries "
        "WHERE portal = columns.portal AND column_key = key AND state = 'gone' AND gone_proven IS NULL) "
        "FROM columns WHERE portal = ? AND key = ?",
        (portal, column),
    ).fetchone()
    if row is None:
        return ColumnMemory((), None, "", False, 0, None, "")
    front, declared, walked, end, following, standing, doubt = row
    unbroken = end is not None and (WalkEnd(end).whole or end == WalkEnd.CAUGHT_UP)
    page = json.loads(following) if following and end == WalkEnd.STOPPED else None  # not after a run that was killed
    if page is not None:
        page = NextPage(**{**page, "headers": tuple((name, value) for name, value in page["headers"])})
    shown = tuple(json.loads(front or "[]"))
    return ColumnMemory(shown, declared, walked or "", unbroken, standing, page, doubt or "")


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
