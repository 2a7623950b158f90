"""Nights in one process: a living portal turns, the clock with it, a run follows; what each night cost is written down.

``python -m tests.nights.harness FOLDER [NIGHTS [PORT]]`` leaves an archive in FOLDER/data, and FOLDER/journal.json: a
list of :class:`Night`, so many and one more on which nothing happens and every document is asked for (``--full``).
Nothing sleeps: time is injected (:mod:`archive.clock`). It is a process of its own, for a reactor starts only once."""

import asyncio
import json
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from scrapy.crawler import AsyncCrawlerRunner
from scrapy.utils.reactor import install_reactor

from archive import clock
from archive.intake.desk import desk_at
from archive.place import Place
from archive.vocabulary import Role
from archive.warc.read import walk
from crawler import crawling
from crawler.nightly import night
from crawler.practice.living import LivingPortal, living
from crawler.practice.portal import Request
from crawler.spiders.catalogue import CatalogueSpider

JOURNAL = "journal.json"


@dataclass(frozen=True, slots=True)
class Reported:
    """A row of ``changes``."""

    document: str
    kind: str
    field: str
    after: str


@dataclass(frozen=True, slots=True)
class Recheck:
    """A document that was asked for again and found unchanged: what that added to the WARC files, in bytes."""

    url: str
    status: int
    fresh_payload: bool  # whether its bytes were not held yet
    bytes: int


@dataclass(frozen=True, slots=True)
class Night:
    number: int
    origin: str
    verdict: str
    reason: str
    robots: int  # requests, as the portal counted them
    lists: dict[str, int]  # by column
    documents: dict[str, int]  # by path
    files: int
    due: int  # documents whose next_check had passed when the night began
    reported: list[Reported] = field(default_factory=list)
    taken_back: list[Reported] = field(default_factory=list)  # what an earlier night had reported
    rechecks: list[Recheck] = field(default_factory=list)
    warc_bytes: int = 0  # of all files, when it was over
    database_bytes: int = 0
    seconds: float = 0.0

    def line(self) -> str:
        """For whoever lives through them at a terminal."""
        kinds = Counter(row.kind for row in self.reported)
        told = ", ".join(f"{count} {kind}" for kind, count in kinds.items()) or "nothing"
        asked = f"{sum(self.lists.values())} lists, {sum(self.documents.values())} documents, {self.files} files"
        return f"night {self.number}: {self.verdict}; {asked}; {told}; {self.seconds:.2f} s"


class Ticking:
    """A clock that is a millisecond later each time it is looked at."""

    def __init__(self, start: datetime) -> None:
        self._start, self._ticks = start, count()

    def __call__(self) -> datetime:
        return self._start + timedelta(milliseconds=next(self._ticks))


async def live_night(place: Place, portals: Path, keys: Sequence[str], *, full: bool = False) -> list[tuple[str, str]]:
    """One night over the portals named, or a full run of each: verdict and reason. The one place that knows how."""
    settings = crawling.scrapy_settings(place, portals)
    settings.set("LOG_LEVEL", "ERROR", priority="cmdline")
    runner = AsyncCrawlerRunner(settings)
    ended = {}
    if full:
        for key in keys:
            crawler = runner.create_crawler(CatalogueSpider)
            await runner.crawl(crawler, portal=key, full="1")
            assert isinstance(crawler.spider, CatalogueSpider)
            ended[key] = str(crawler.spider.run.verdict), crawler.spider.run.reason
    else:
        over = await night(place, portals, keys, runner=runner)
        ended = {ran.portal: (ran.verdict.value, ran.reason) for ran in over.ran}
        ended |= {left.portal: (left.why.value, left.reason) for left in over.not_run}
    return [ended.get(key, ("not_due", "")) for key in keys]


class Diary:
    """What a night left behind."""

    def __init__(self, place: Place, portal: LivingPortal) -> None:
        self._place, self._portal = place, portal
        self._changes: Counter[tuple[str, ...]] = Counter()
        self._captures = 0

    def due(self, now: datetime) -> int:
        """Documents that are to be looked at again by now."""
        if not self._place.database.exists():
            return 0
        with self._ledger() as ledger:
            query = "SELECT count(*) FROM documents WHERE next_check <= ?"
            return int(ledger.execute(query, (clock.stamp(now),)).fetchone()[0])

    def write(self, number: int, verdict: str, reason: str, due: int, seconds: float) -> Night:
        """Close the night."""
        asked = Counter(self._kind(request) for request in self._portal.requests)
        paths = Counter(request.path for request in self._portal.requests if self._kind(request) == "document")
        del asked["document"]
        changes, before = self._stands(), self._changes
        self._changes = changes
        return Night(
            number,
            self._portal.url.rstrip("/"),
            verdict,
            reason,
            robots=asked.pop("robots", 0),
            documents=dict(paths),
            files=asked.pop("file", 0),
            lists=dict(asked),
            due=due,
            reported=[Reported(*row[1:]) for row in (changes - before).elements()],
            taken_back=[Reported(*row[1:]) for row in (before - changes).elements()],
            rechecks=self._rechecks(),
            warc_bytes=sum(path.stat().st_size for path in self._place.warc.rglob("*.warc.gz*")),
            database_bytes=self._pages(),
            seconds=seconds,
        )

    def _kind(self, request: Request) -> str:
        if request.path == "/robots.txt":
            return "robots"
        return self._portal.column_of(request.path) or ("file" if request.path.startswith("/files/") else "document")

    def _stands(self) -> Counter[tuple[str, ...]]:
        """The rows of ``changes``, whatever their numbers."""
        with self._ledger() as ledger:
            query = "SELECT at, document_id, kind, coalesce(field, ''), coalesce(after, '') FROM changes"
            return Counter(tuple(map(str, row)) for row in ledger.execute(query))

    def _pages(self) -> int:
        with self._ledger() as ledger:
            query = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
            return int(ledger.execute(query).fetchone()[0])

    def _rechecks(self) -> list[Recheck]:
        """Captures of documents held before that made no version."""
        with self._ledger() as ledger:
            rows = ledger.execute(
                "SELECT c.rowid, c.id, c.url, c.status, c.revisit_of IS NULL AND c.status = 200, c.warc_file "
                "FROM captures AS c WHERE c.rowid > ? ORDER BY c.rowid",
                (self._captures,),
            ).fetchall()
            unchanged = {
                id_
                for (id_,) in ledger.execute(
                    "SELECT id FROM captures WHERE rowid > ? AND role = ? AND status IN (200, 304) AND refusal IS NULL "
                    "AND NOT EXISTS (SELECT 1 FROM versions WHERE capture_id = captures.id)",
                    (self._captures, Role.DOCUMENT),
                )
            }
        self._captures = rows[-1][0] if rows else self._captures
        sizes: Counter[str] = Counter()
        for file in {row[5] for row in rows}:
            sizes.update(_sizes(self._place.warc / self._portal.key / file))
        return [
            Recheck(str(url), int(status), bool(fresh), sizes[id_])
            for _, id_, url, status, fresh, _ in rows
            if id_ in unchanged
        ]

    def _ledger(self) -> "closing[sqlite3.Connection]":
        return closing(sqlite3.connect(f"file:{self._place.database}?mode=ro", uri=True))


def _sizes(path: Path) -> Counter[str]:
    """Bytes of each exchange by the id of its response: its records, the request and what says why, together."""
    found: Counter[str] = Counter()
    for record in walk(path):
        found[record.link("WARC-Concurrent-To") or record.id] += record.location.length
    return found


async def live(folder: Path, portal: LivingPortal, nights: int) -> list[Night]:
    """So many nights, one after the other, and a full one."""
    place, files = Place(folder / "data"), folder / "portals"
    files.mkdir(parents=True, exist_ok=True)
    (files / f"{portal.key}.toml").write_text(portal.portal_file(), encoding="utf-8")
    diary, lived = Diary(place, portal), []
    place.prepare()
    with desk_at(place):  # the same readers and the same scribe for all nights: starting them takes longer than most
        for number in range(nights + 1):
            portal.turn(number)
            begun = time.monotonic()
            now = portal.chronicle.calendar.clock(number)
            due = diary.due(now)
            with clock.running(Ticking(now)):
                ((verdict, reason),) = await live_night(place, files, [portal.key], full=number == nights)
            lived.append(diary.write(number, verdict, reason, due, round(time.monotonic() - begun, 3)))
            print(lived[-1].line(), flush=True)
            (folder / JOURNAL).write_text(json.dumps([asdict(n) for n in lived], ensure_ascii=False, indent=1))
    return lived


def read_journal(folder: Path) -> list[Night]:
    """The journal that a process of this module left."""
    found = json.loads((folder / JOURNAL).read_text())
    for item in found:
        item["reported"] = [Reported(**row) for row in item["reported"]]
        item["taken_back"] = [Reported(**row) for row in item["taken_back"]]
        item["rechecks"] = [Recheck(**row) for row in item["rechecks"]]
    return [Night(**item) for item in found]


def main(folder: str, nights: str = "60", port: str = "0") -> None:
    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    from twisted.internet.defer import Deferred
    from twisted.internet.task import react

    with living(port=int(port)) as portal:
        react(lambda _reactor: Deferred.fromFuture(asyncio.ensure_future(live(Path(folder), portal, int(nights)))))


if __name__ == "__main__":
    main(*sys.argv[1:])
