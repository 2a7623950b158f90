"""What a portal was like before a run, for the verdict to compare with. Asked at a run's end; nothing here writes."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from archive.clock import CHINA, parse_stamp, stamp
from archive.ledger.tallies import FIELDS
from archive.vocabulary import ChangeKind, WalkEnd

WEEK = timedelta(days=7)
"""How long what happened to a column is remembered, so that a single morning's report is not the only word of it."""

RECENT = timedelta(days=30)
"""How old news may be that stand beside those of the run, where these are few."""

NEWEST = 8
"""So many of a column's documents are looked at, at least; where a run brought more, all of them."""

SAMPLE = 200
"""So many of a column's documents, the latest by their dates, stand for what came before."""

_MOST = 500
RHYTHM = timedelta(days=730)
"""How far back the days of news are asked for, from the last of them."""


@dataclass(frozen=True, slots=True)
class ColumnThen:
    """A column as earlier runs left it."""

    key: str
    name: str  # as the latest of them found it
    declared: int | None  # the most, of the runs asked about; likewise below
    standing: int
    held: int


@dataclass(frozen=True, slots=True)
class Sample:
    """A document that was news: its row came after its column had been read to the end once."""

    id: str
    own: bool  # new in the run
    first_seen: str
    states: frozenset[str]  # fields


@dataclass(frozen=True, slots=True)
class ColumnNews:
    """The newest documents of a column, the newest first, and how many of a sample of those before state each field."""

    key: str
    name: str
    newest: tuple[Sample, ...]
    earlier: int
    stated: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Loss:
    """Of documents that changed in the run, those that stated a field before, and those that no longer do."""

    field: str
    stated: int
    lost: int


@dataclass(frozen=True, slots=True)
class Past:
    """What a run is compared with."""

    today: date  # in China, when the run began
    known_since: date = date.min  # when the portal was first crawled
    columns: tuple[ColumnThen, ...] = ()  # of the week before, and of the last run before that
    news: tuple[ColumnNews, ...] = ()
    losses: tuple[Loss, ...] = ()
    changed: int = 0  # documents that changed in the run
    news_days: tuple[date, ...] = field(default=())  # on which the portal published, oldest first


def past(ledger: sqlite3.Connection, portal: str, run: str) -> Past:
    """What a run of a portal, which is about to end or has ended, is to be compared with."""
    began = _began(ledger, run)
    today = began.astimezone(CHINA).date()
    return Past(
        today,
        _known_since(ledger, portal, began),
        columns_before(ledger, portal, run),
        _news(ledger, portal, began),
        _losses(ledger, run),
        _changed(ledger, run),
        news_days(ledger, portal, today),
    )


def columns_before(ledger: sqlite3.Connection, portal: str, run: str) -> tuple[ColumnThen, ...]:
    """The columns that the runs of the week before offered, and the latest run before those; by their order."""
    since = stamp(_began(ledger, run) - WEEK)
    earlier = (
        "SELECT r.rowid FROM runs AS r WHERE r.portal = :portal AND r.rowid < (SELECT rowid FROM runs WHERE id = :run)"
    )
    offering = f"{earlier} AND EXISTS (SELECT 1 FROM run_columns WHERE run_id = r.id)"
    rows = ledger.execute(
        # the bare column, name, is of the row that has max(r.rowid)
        "SELECT column_key, name, max(rc.declared), max(standing), max(rc.held), max(r.rowid) FROM run_columns AS rc "
        f"JOIN runs AS r ON r.id = run_id WHERE r.rowid IN ({earlier} AND started_at >= :since) "
        f"OR r.rowid = ({offering} ORDER BY r.rowid DESC LIMIT 1) GROUP BY column_key "
        "ORDER BY min(r.rowid), column_key",
        {"portal": portal, "run": run, "since": since},
    )
    return tuple(ColumnThen(*row[:5]) for row in rows.fetchall())


def news_days(ledger: sqlite3.Connection, portal: str, today: date) -> tuple[date, ...]:
    """The days on which the portal published, by the dates of its lists, and by when rows came up after their column
    had been read to its end: lists may have no dates, or older ones. In the two years before the last, oldest first."""
    found = {
        day
        for (text,) in ledger.execute(
            "SELECT DISTINCT listed_date FROM entries WHERE portal = ? AND listed_date <= ? "
            "UNION SELECT DISTINCT date(e.first_seen, '+8 hours') FROM entries AS e "
            f"JOIN ({_FIRST_WALKS}) AS w ON w.column_key = e.column_key "
            "WHERE portal = ? AND first_seen > w.at",
            (portal, today.isoformat(), portal, portal),
        )
        if (day := _day(text)) is not None
    }
    last = max(found, default=today)
    return tuple(sorted(day for day in found if day > last - RHYTHM))


# --- how it is asked --------------------------------------------------------------------------------------------------

_WHOLE = ", ".join(f"'{end}'" for end in WalkEnd if end.whole)
_FIRST_WALKS = (
    "SELECT column_key, min(finished_at) AS at FROM run_columns JOIN runs ON id = run_id "
    f"WHERE portal = ? AND walk_end IN ({_WHOLE}) GROUP BY column_key"
)
"""When each column had been read as far as it goes for the first time: what came up later is news, the rest
is stock."""


def _began(ledger: sqlite3.Connection, run: str) -> datetime:
    """When a run began; of one whose start is not in the log, when it ended."""
    (at,) = ledger.execute(
        "SELECT coalesce(started_at, finished_at, '1970-01-01') FROM runs WHERE id = ?", (run,)
    ).fetchone()
    return parse_stamp(at)


def _known_since(ledger: sqlite3.Connection, portal: str, began: datetime) -> date:
    (at,) = ledger.execute("SELECT min(started_at) FROM runs WHERE portal = ?", (portal,)).fetchone()
    return (parse_stamp(at) if at else began).astimezone(CHINA).date()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _news(ledger: sqlite3.Connection, portal: str, began: datetime) -> tuple[ColumnNews, ...]:
    walks = ledger.execute(_FIRST_WALKS, (portal,)).fetchall()
    names = dict(ledger.execute("SELECT key, name FROM columns WHERE portal = ?", (portal,)).fetchall())
    found = (_column_news(ledger, portal, column, names.get(column, ""), walked, began) for column, walked in walks)
    return tuple(news for news in found if news is not None)


def _column_news(
    ledger: sqlite3.Connection, portal: str, column: str, name: str, walked: str, began: datetime
) -> ColumnNews | None:
    """The newest documents of one column, and those before them; ``None`` if it had no news lately."""
    start = stamp(began)
    rows = ledger.execute(
        "SELECT d.id, d.first_seen >= :start, d.first_seen FROM (SELECT document_id, first_seen FROM entries "
        "WHERE portal = :portal AND column_key = :column AND document_id IS NOT NULL ORDER BY rowid DESC LIMIT :most) "
        "AS e JOIN documents AS d ON d.id = document_id "
        "WHERE e.first_seen > :walked AND d.first_seen >= :since ORDER BY d.first_seen DESC, d.id",
        {
            "portal": portal,
            "column": column,
            "walked": walked,
            "start": start,
            "since": stamp(began - RECENT),
            "most": _MOST,
        },
    ).fetchall()
    newest = [row for number, row in enumerate(rows) if row[1] or number < NEWEST]
    if not newest:
        return None
    flags = ", ".join(f"coalesce({name} <> '', 0)" for name in FIELDS)
    samples = []
    for id_, own, seen in newest:
        row = ledger.execute(f"SELECT {flags} FROM documents WHERE id = ?", (id_,)).fetchone()
        states = frozenset(name for name, stated in zip(FIELDS, row, strict=True) if stated)
        samples.append(Sample(id_, bool(own), seen, states))
    sums = ", ".join(f"coalesce(sum({name} <> ''), 0)" for name in FIELDS)
    count, *stated = ledger.execute(
        f"SELECT count(*), {sums} FROM documents WHERE id IN (SELECT document_id FROM entries AS e WHERE portal = ? "
        "AND column_key = ? AND document_id IS NOT NULL AND e.first_seen < ? AND document_id NOT IN "
        f"(SELECT value FROM json_each(?)) ORDER BY coalesce(listed_date, substr(e.first_seen, 1, 10)) DESC "
        f"LIMIT {SAMPLE})",
        (portal, column, start, _json([id_ for id_, _, _ in newest])),
    ).fetchone()
    return ColumnNews(column, name, tuple(samples), count, dict(zip(FIELDS, stated, strict=True)))


def _json(ids: list[str]) -> str:
    return "[" + ",".join(f'"{each}"' for each in ids) + "]"  # ids are plain ASCII: see archive.urls.document_id


def _losses(ledger: sqlite3.Connection, run: str) -> tuple[Loss, ...]:
    """Per field: of the run's changed documents, how many stated it by the version before, and no longer do."""
    names = ", ".join(
        f"coalesce(sum(old.{name} <> ''), 0), coalesce(sum(old.{name} <> '' AND coalesce(now.{name}, '') = ''), 0)"
        for name in FIELDS
    )
    row = ledger.execute(
        "WITH own AS (SELECT document_id AS id, min(version) AS first FROM changes WHERE run_id = ? AND kind = ? "
        f"GROUP BY 1) SELECT {names} FROM own JOIN documents AS now ON now.id = own.id "
        "JOIN versions AS old ON old.document_id = own.id AND old.version = first - 1",
        (run, ChangeKind.CHANGED),
    ).fetchone()
    pairs = zip(FIELDS, row[::2], row[1::2], strict=True)
    return tuple(Loss(name, stated, lost) for name, stated, lost in pairs if lost)


def _changed(ledger: sqlite3.Connection, run: str) -> int:
    row = ledger.execute(
        "SELECT count(DISTINCT document_id) FROM changes WHERE run_id = ? AND kind = ?", (run, ChangeKind.CHANGED)
    ).fetchone()
    return int(row[0])
