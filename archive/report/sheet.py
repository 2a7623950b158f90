"""What the report shows of one portal."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from archive.clock import CHINA, stamp
from archive.health.history import FieldFill, by_day, by_week, china_day, fills
from archive.health.portrait import MONTH, YEAR, Portrait
from archive.ledger import portraits
from archive.vocabulary import Verdict

WEEKS = 53
"""A year of weeks, the present one too."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Held against declared at the end of a day in China on which a run met the portal's columns."""

    day: date
    of: int  # as declared; of columns that declare nothing, the rows that stand in their lists
    held: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A portal over the last year."""

    portrait: Portrait
    days: Mapping[date, Verdict | None]
    coverage: Sequence[Coverage]
    weeks: Sequence[int]  # new documents, the present week last
    fill: Sequence[FieldFill]


def sheet(ledger: sqlite3.Connection, portrait: Portrait, now: datetime) -> Sheet:
    """Ask the ledger for what the report shows of a portal; looks at its runs, not at its documents."""
    key, today = portrait.portal.key, now.astimezone(CHINA).date()
    since = stamp(now - timedelta(weeks=WEEKS))
    runs = portraits.runs_since(ledger, key, since)
    points = portraits.field_points(ledger, key, stamp(now - YEAR - MONTH))
    latest = {point.field: point.stated / max(point.documents, 1) for point in points if point.at == points[-1].at}
    coverage = {
        (day := china_day(each.at)): Coverage(day, each.of, each.held) for each in portraits.days(ledger, key, since)
    }
    return Sheet(
        portrait,
        by_day(runs),
        list(coverage.values()),
        by_week(runs, today, WEEKS),
        fills(latest, points, portrait.expected.fill_min, stamp(now - MONTH)),
    )
