"""One portal's turn in a night: its run is begun, watched, and ended where it does not end by itself.

Ending goes in steps. The run is told to stop, and closes as any run does, with what is on its way still coming in. If
that takes longer than ``closing`` seconds, because a host holds an answer back, the run is judged and sealed over the
crawler's head, and the crawler is left behind: a portal that hangs keeps neither its slot nor the night.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from math import inf

from scrapy.crawler import AsyncCrawlerRunner, Crawler

from archive.errors import GongkaiError
from archive.vocabulary import Verdict
from crawler.duration import NEVER, spell
from crawler.run import Run, Stop
from crawler.spiders.catalogue import CatalogueSpider


@dataclass(frozen=True, slots=True)
class Patience:
    """In seconds."""

    stall: float = (
        900.0  # without any progress, until a run is ended: five times what a request may take, retries included
    )
    closing: float = 30.0  # from the word to stop until a run is closed over the crawler's head


class Bell:
    """Rung once, it ends every turn."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()
        self.stop: Stop | None = None

    def ring(self, stop: Stop) -> None:
        """The first ring counts."""
        if self.stop is None:
            self.stop = stop
            self._rung.set()

    async def heard(self) -> None:
        await self._rung.wait()


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a turn. Either it has a verdict, or ``refused`` says why there was no run."""

    verdict: Verdict | None
    reason: str
    refused: GongkaiError | None = None
    run: str = ""
    requests: int = 0
    seconds: float = 0.0
    cut: bool = False  # the bell ended it, or the portal's own budget


async def take(
    runner: AsyncCrawlerRunner,
    words: Mapping[str, str],
    bell: Bell,
    patience: Patience = Patience(),
    budget: timedelta | None = None,
) -> Taken:
    """Run the catalogue spider. ``words``: as ``scrapy crawl -a`` takes them; ``budget``: the portal's own, if it has
    one. Raises nothing: what goes wrong with one portal is in its outcome."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    crawler = runner.create_crawler(CatalogueSpider)
    task = runner.crawl(crawler, **words)
    task.add_done_callback(_retrieved)
    await asyncio.sleep(0)  # the spider, and with it its run, is made in the task's first step
    own = None if budget is None or budget == NEVER else budget
    await _watch(crawler, task, bell, patience, own)
    if not task.done():
        await _close(crawler, patience)
        runner.crawlers.discard(crawler)  # whoever waits for the runner shall not wait for it
    error = task.exception() if task.done() and not task.cancelled() else None
    return _taken(crawler, error, loop.time() - begun, (bell.stop, _used_up(own)))


async def _watch(
    crawler: Crawler, task: "asyncio.Task[None]", bell: Bell, patience: Patience, budget: timedelta | None
) -> None:
    """Until the run has ended, or should have: it was stopped, and ``closing`` has passed."""
    loop = asyncio.get_running_loop()
    heard = asyncio.ensure_future(bell.heard())
    pulse, since = _pulse(crawler), loop.time()
    last = since + (inf if budget is None else budget.total_seconds())
    try:
        while not task.done():
            look = min(patience.stall / 10, max(0.0, last - loop.time()))
            await asyncio.wait({task, heard}, timeout=look, return_when=asyncio.FIRST_COMPLETED)
            if _pulse(crawler) != pulse or not _is_open(crawler):  # a crash may have left much to mend and to read in
                pulse, since = _pulse(crawler), loop.time()
            if bell.stop is not None:
                stop = bell.stop
            elif loop.time() >= last and (over := _used_up(budget)) is not None:
                stop = over
            elif loop.time() - since >= patience.stall:
                stop = _stalled(crawler, patience.stall)
            else:
                continue
            if (run := _run(crawler)) is not None:
                run.stop_for(stop.verdict, stop.reason)
            await asyncio.wait({task}, timeout=patience.closing)
            return
    finally:
        heard.cancel()


def _used_up(budget: timedelta | None) -> Stop | None:
    """Why a run ends that has had its time."""
    if budget is None:
        return None
    return Stop(Verdict.INTERRUPTED, f"its budget of {spell(budget)} was used up; the next night carries on here")


def _stalled(crawler: Crawler, seconds: float) -> Stop:
    """Why nothing moves: a host that does not answer, or a fault of ours."""
    told = spell(timedelta(seconds=seconds))
    asked = sorted(request.url for request in crawler.engine.downloader.active) if crawler.crawling else []
    if asked:
        return Stop(Verdict.UNREACHABLE, f"no answer for {told}, {asked[0]} still waited for")
    return Stop(Verdict.INTERRUPTED, f"nothing moved for {told}, though no answer was waited for")


async def _close(crawler: Crawler, patience: Patience) -> None:
    """End a run over its crawler's head."""
    run = _run(crawler)
    if run is not None:
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(run.close(), patience.closing)
    stopping = asyncio.ensure_future(crawler.stop_async())  # it goes when its last request has; nobody waits for that
    stopping.add_done_callback(_retrieved)


def _taken(
    crawler: Crawler, error: BaseException | None, seconds: float, ends: tuple[Stop | None, Stop | None]
) -> Taken:
    """``ends``: what the bell said, and what is said of a budget that was used up."""
    rung, _ = ends
    spider, run = crawler.spider, _run(crawler)
    if isinstance(spider, CatalogueSpider) and spider.refused is not None:
        return Taken(None, "", spider.refused, seconds=seconds)
    if run is None or not run.started_at:
        why = f": {type(error).__name__}: {error}" if error else ""
        reason = rung.reason if rung and not error else f"the crawl could not be set up{why}"
        return Taken(Verdict.INTERRUPTED, reason, seconds=seconds, cut=rung is not None)
    verdict, reason = run.verdict or Verdict.INTERRUPTED, run.reason or "the run did not close; the next one mends it"
    cut = run.stop is not None and run.stop in ends
    return Taken(verdict, reason, None, run.id, run.requests, seconds, cut)


def _run(crawler: Crawler) -> Run | None:
    run = getattr(crawler.spider, "run", None)
    return run if isinstance(run, Run) else None


def _is_open(crawler: Crawler) -> bool:
    run = _run(crawler)
    return run is not None and bool(run.started_at)


def _pulse(crawler: Crawler) -> tuple[object, ...]:
    run = _run(crawler)
    return (run.pulse, run.stop) if run is not None else ()


def _retrieved(task: "asyncio.Future[None]") -> None:
    """Look at how a task ended: what nobody looks at, asyncio complains of."""
    if not task.cancelled():
        task.exception()
