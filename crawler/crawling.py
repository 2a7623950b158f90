"""Run the spider over portals from a command, one after the other, with a word on how it goes."""

import asyncio
import sys
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings
from scrapy.utils.project import get_project_settings

from archive import garbage
from archive.errors import GongkaiError
from archive.intake.desk import desk_at
from archive.place import Place
from archive.vocabulary import Verdict
from crawler import exits
from crawler.first_contact import FirstContact
from crawler.progress import Progress
from crawler.spiders.catalogue import CatalogueSpider

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one portal."""

    portal: str
    verdict: Verdict | None
    reason: str
    error: GongkaiError | None = None
    first_contact: FirstContact | None = None  # if its file has facts to confirm

    @property
    def status(self) -> int:
        """The exit status that it asks for."""
        if self.error is not None:
            return exits.status_of(self.error)
        return exits.OK if self.verdict is Verdict.OK else exits.NOT_OK

    def line(self) -> str:
        if self.error is not None:
            return "\n".join(f"gongkai: {line}" for line in str(self.error).splitlines())
        told = self.first_contact.lines() if self.first_contact is not None else ()
        return "\n".join((f"{self.portal}: {self.verdict}: {self.reason}", *told))


def crawl(
    place: Place, portals: Path | None, keys: Sequence[str], words: Mapping[str, str], *, verbose: bool = False
) -> list[Outcome]:
    """Crawl the portals named by ``keys``. ``words``: full, column, limit, since, as ``scrapy crawl -a`` takes them.

    Blocks until all are done, or until a signal has ended the one at work; then the rest is not begun."""
    process = scrapy_process(place, portals, verbose=verbose)
    crawlers: list[Crawler] = []

    def begin(_done: object = None) -> None:
        if len(crawlers) == len(keys) or (crawlers and _was_stopped(crawlers[-1])):
            return
        key = keys[len(crawlers)]
        crawlers.append(process.create_crawler(CatalogueSpider))
        Progress.watch(crawlers[-1], stream=None if verbose else sys.stderr)
        task: asyncio.Task[None] = process.crawl(crawlers[-1], portal=key, **words)
        task.add_done_callback(begin)

    begin()
    garbage.settle()
    with desk_at(place):  # kept from one portal to the next
        process.start()
    return [_outcome(key, crawler) for key, crawler in zip(keys, crawlers, strict=False)]


def scrapy_settings(place: Place, portals: Path | None, *, verbose: bool = False, threads: int = 0) -> Settings:
    """Scrapy's settings as this program wants them, wherever it was started. ``threads``: that look up names, at least:
    one that no server answers for holds its thread up."""
    settings = get_project_settings()
    settings.setmodule("crawler.settings")  # also where no scrapy.cfg is in sight
    settings.set("GONGKAI_DATA", str(place.folder), priority="cmdline")
    settings.set("GONGKAI_PORTALS", str(portals) if portals else "", priority="cmdline")
    settings.set("GONGKAI_COMMAND", True, priority="cmdline")
    settings.set("REACTOR_THREADPOOL_MAXSIZE", max(threads, settings.getint("REACTOR_THREADPOOL_MAXSIZE")))
    if not verbose:  # what goes wrong is said by the command, in a line; its traceback lies in the run's folder
        settings.set("LOG_LEVEL", "CRITICAL", priority="cmdline")
    return settings


def scrapy_process(place: Place, portals: Path | None, *, verbose: bool, threads: int = 0) -> AsyncCrawlerProcess:
    """What runs spiders, with the settings of this program; there is one in the life of a process."""
    return AsyncCrawlerProcess(scrapy_settings(place, portals, verbose=verbose, threads=threads))


def live(process: AsyncCrawlerProcess, work: Coroutine[Any, Any, _T]) -> _T:
    """Run a coroutine that runs spiders, to its end. Blocks; to be called once in a process. Raises what it raises.

    No signal handlers are installed: who wants some adds them to the event loop."""
    task = asyncio.get_event_loop().create_task(work)
    task.add_done_callback(_end)
    garbage.settle()
    process.start(stop_after_crawl=False, install_signal_handlers=False)
    return task.result()


def _end(_task: object) -> None:
    from twisted.internet import reactor  # not at import: that would choose a reactor

    with suppress(RuntimeError):  # it is ending already
        reactor.stop()  # type: ignore[misc]


def _was_stopped(crawler: Crawler) -> bool:
    """Whether a signal (or a full disk) ended the run: then no further one is begun."""
    spider = crawler.spider
    return isinstance(spider, CatalogueSpider) and not spider.refused and spider.run.verdict is Verdict.INTERRUPTED


def _outcome(key: str, crawler: Crawler) -> Outcome:
    spider = crawler.spider
    if not isinstance(spider, CatalogueSpider):
        return Outcome(key, Verdict.INTERRUPTED, "the crawl could not be set up; see its log with --verbose")
    if spider.refused is not None:
        return Outcome(key, None, "", spider.refused)
    run = spider.run
    verdict, reason = run.verdict or Verdict.INTERRUPTED, run.reason or "stopped before it began"
    return Outcome(key, verdict, reason, first_contact=run.first_contact)
