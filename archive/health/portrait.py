"""How a portal is doing, put together from what the ledger tells: in short for a table of all, in full for one."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import IntEnum

from archive.clock import CHINA, stamp
from archive.health.history import SEVERITY, FieldFill, by_day, fills
from archive.health.rhythm import Rhythm, rhythm
from archive.health.shifts import Shift, shifts
from archive.ledger import portraits, questions
from archive.ledger.past import past
from archive.ledger.portraits import Streak, Totals
from archive.ledger.questions import ColumnBalance, EndedRun, PortalRow
from archive.rest import Rest, resting
from archive.vocabulary import Verdict

MONTH = timedelta(days=30)
YEAR = timedelta(days=365)

STUBBORN = 3
"""Runs in a row after which what a later run might have mended is for a person."""


class Attention(IntEnum):
    """Who has to do something, the most pressing first."""

    PERSON = 0  # it will not mend by itself
    NEXT_RUN = 1  # the next run may mend it
    KNOWN = 2  # something is missing, and named
    NEVER = 3  # no whole run yet
    PAUSED = 4  # its file says that it is known to be down
    FINE = 5


@dataclass(frozen=True, slots=True)
class Expected:
    """What a portal's file expects, as far as health is concerned."""

    entries_min: int | None = None
    fill_min: Mapping[str, float] = field(default_factory=dict)  # field → share, 0 to 1
    pause_until: date | None = None  # until then nobody is called for it
    pause_reason: str = ""


@dataclass(frozen=True, slots=True)
class Portrait:
    """A portal in short."""

    portal: PortalRow
    attention: Attention
    streak: Streak | None
    totals: Totals | None
    new_7: int  # documents new to the archive in the last 7 days
    new_30: int
    last_new: str  # UTC time stamp of the run that last brought any, ""
    failing: Mapping[str, int]  # reason → entries
    rest: Rest | None
    expected: Expected

    @property
    def verdict(self) -> str:
        return self.streak.verdict.value if self.streak else "no whole run"


@dataclass(frozen=True, slots=True)
class Detail:
    """A portal in full."""

    portrait: Portrait
    columns: Sequence[ColumnBalance]
    files_failed: int
    documents: int
    fill: Sequence[FieldFill]
    rhythm: Rhythm | None
    shifts: Sequence[Shift]
    codes: Mapping[str, int]  # 网站标识码 on the newest pages → pages, of twenty
    verdicts: Mapping[date, Verdict | None]  # of the last 30 days, where there was a run: see history.by_day


def portrait(
    ledger: sqlite3.Connection, portal: PortalRow, expected: Expected, ended: Iterable[EndedRun], now: datetime
) -> Portrait:
    """A portal in short. ``ended``: at least the runs of its prefecture, for who rests."""
    streak = portraits.streak(ledger, portal.key)
    return Portrait(
        portal,
        attention(streak, expected, now),
        streak,
        portraits.totals(ledger, portal.key),
        portraits.new_since(ledger, portal.key, stamp(now - timedelta(days=7))),
        portraits.new_since(ledger, portal.key, stamp(now - MONTH)),
        portraits.last_new(ledger, portal.key),
        portraits.failing(ledger, portal.key),
        resting(portal.key, portal.division, ended, now),
        expected,
    )


def attention(streak: Streak | None, expected: Expected, now: datetime) -> Attention:
    """Who has to do something about a portal. Pure."""
    if streak is None:
        return Attention.NEVER
    if streak.verdict is Verdict.OK:
        return Attention.FINE
    if expected.pause_until is not None and now.astimezone(CHINA).date() < expected.pause_until:
        return Attention.PAUSED
    if streak.verdict is Verdict.PARTIAL:
        return Attention.KNOWN
    if streak.verdict in _MAY_PASS and streak.times < STUBBORN:
        return Attention.NEXT_RUN
    return Attention.PERSON


_MAY_PASS = frozenset({Verdict.BLOCKED, Verdict.UNREACHABLE, Verdict.INTERRUPTED})


def pressing(one: Portrait) -> tuple[int, int, str]:
    """A sort key: what needs a person first."""
    severity = SEVERITY.index(one.streak.verdict) if one.streak else len(SEVERITY)
    return one.attention, severity, one.portal.key


def detail(ledger: sqlite3.Connection, short: Portrait, now: datetime) -> Detail:
    """A portal in full. Looks at all its entries."""
    key, run = short.portal.key, short.streak.run if short.streak else ""
    before = past(ledger, key, run) if run else None
    points = portraits.field_points(ledger, key, stamp(now - YEAR - MONTH))
    share = questions.fill(ledger, key)
    return Detail(
        short,
        questions.column_balance(ledger, key),
        questions.files_failed(ledger, key),
        portraits.documents(ledger, key),
        fills(share, points, short.expected.fill_min, stamp(now - MONTH)),
        rhythm(before.news_days, now.astimezone(CHINA).date(), before.known_since) if before else None,
        shifts(before.news) if before else (),
        portraits.site_codes(ledger, key),
        by_day(portraits.runs_since(ledger, key, stamp(now - MONTH))),
    )
