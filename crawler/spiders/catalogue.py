"""The one spider: walks a portal's catalogue, then asks for the documents and files that the ledger still waits for.

Two phases. First every column is walked, page by page, to its end or to where nothing is new; the rows go into the log
and so into the ledger. Then the ledger is asked what is wanted (:mod:`crawler.spiders.backlog`).
"""

import logging
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.errors import GongkaiError, LayoutError, ReadingError, StorageError
from archive.events import Captured, ColumnFound, ColumnsFound, FetchFailed, ListRead, WalkEnded
from archive.ledger import questions
from archive.ledger.questions import ColumnMemory
from archive.place import Place
from archive.reading.page import Page
from archive.reading.site import site_id_code
from archive.vocabulary import Mode, Role, Verdict, WalkEnd
from crawler import failures
from crawler.answers import Judge, page_of, shell
from crawler.browser import is_rendered
from crawler.failures import Reason
from crawler.families import FAMILIES
from crawler.families.base import Ask, Column, ColumnSpec
from crawler.fetching import fetch_settings
from crawler.fingerprint import looks_like
from crawler.middlewares.gate import RunStopped
from crawler.middlewares.robots import RobotsReason
from crawler.order import Order
from crawler.portal import Portal, load
from crawler.recorder import attach
from crawler.run import Run
from crawler.spiders.backlog import BATCH, Backlog, Wanted
from crawler.spiders.pending import Pending
from crawler.spiders.walk import Walk, is_stub, may_stop_early

NOT_THERE = frozenset({"404", "410", "soft_404", "catch_all"})


class CatalogueSpider(Spider):
    """``scrapy crawl catalogue -a portal=KEY [-a full=1] [-a column=C] [-a limit=N] [-a since=DATE]``"""

    name = "catalogue"
    portal: Portal
    order: Order
    run: Run
    judge: Judge

    def __init__(self, refused: GongkaiError | None = None) -> None:
        super().__init__()
        self.refused = refused  # why there is no run; said in one line
        self._pending = Pending(self._unanswered)
        self._walks: dict[str, Walk] = {}
        self._closed_doors: list[tuple[str, str]] = []  # (entry URL, why it did not open)
        self._opened: set[tuple[str, str]] = set()  # further pages of an entry: one that leads to itself is asked once
        self._documents = 0
        self._strange = 0  # first list pages that their family does not know
        self._likeness: dict[str, str] = {}  # entry URL or column → what it looks like now

    @classmethod
    def from_crawler(cls, crawler: Crawler, *_args: Any, **words: str) -> "CatalogueSpider":
        settings = crawler.settings
        try:
            order = Order.parse(**words)
            folder = settings.get("GONGKAI_PORTALS")
            portal = load(Path(folder) if folder else None, only=order.portal)[order.portal]
            changed = fetch_settings(portal)
        except GongkaiError as error:
            spider = cls(refused=error)
            spider._set_crawler(crawler)
            return spider
        for name, value in changed.items():
            settings.set(name, value, priority="spider")
        spider = cls()
        spider._set_crawler(crawler)
        spider.portal, spider.order = portal, order
        spider.run = Run(
            portal,
            order,
            Place(settings["GONGKAI_DATA"]),
            software=settings["SOFTWARE"],
            contact=settings["GONGKAI_CONTACT"],
            settings={name: settings.get(name) for name in KEPT_SETTINGS},
        )
        spider.judge = Judge(spider.run)
        attach(crawler, spider.run)
        crawler.signals.connect(spider.end, signals.spider_closed)
        return spider

    # --- the two phases -----------------------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Request]:
        if self.refused is None:
            try:
                await self.run.open()
            except GongkaiError as error:
                self.refused = error
        if self.refused is not None:
            told = self.settings.getbool("GONGKAI_COMMAND")  # the command says it, in its own words
            self.logger.log(logging.INFO if told else logging.ERROR, "%s", self.refused)
            return
        try:
            async for request in self._crawl():
                yield request
        except StorageError as error:  # a full disk: the run has been told, and stops
            self.logger.debug("%s", error)

    async def _crawl(self) -> AsyncIterator[Request]:
        """The lists, then what the ledger wants. Raises ``StorageError``."""
        for spec in (spec for number, spec in enumerate(self.portal.columns, 1) if self.order.is_due(number)):
            yield self._ask(FAMILIES[spec.family].entry(spec), Role.ENTRY, self._entry, spec=spec)
        await self._pending.fewer(1)
        self._end_walks()
        await self.run.level()
        backlog = Backlog(self.run, self._list_of)
        async for request in self._ask_for(backlog.documents, backlog.files):
            yield request
        async for request in self._ask_for(backlog.rechecks, backlog.files):  # what moved is held at its new address
            yield request
        async for request in self._ask_for(backlog.confirmations, backlog.files):
            yield request

    async def _ask_for(self, *sources: Callable[[], Iterator[Wanted]]) -> AsyncIterator[Request]:
        """All that the sources hand out, until they have no more when everything in flight has landed."""
        settled = False
        while self.run.stop is None:
            batch = [self._request(wanted) for source in sources for wanted in source()]
            for request in batch:
                yield request
            if batch:
                settled = False
                await self._pending.fewer(BATCH)
            elif settled:
                return
            else:  # documents in flight may yet turn out to have files
                await self._pending.fewer(1)
                await self.run.level()
                settled = True

    def _request(self, wanted: Wanted) -> Request:
        return self._pending.request(wanted.url, wanted.context, self._answered, headers=wanted.headers)

    def _list_of(self, column: str) -> str:
        walk = self._walks.get(column)
        return walk.column.url if walk else ""

    async def end(self, reason: str) -> None:
        """The run's end, when Scrapy closes the spider."""
        if self.refused is not None:
            return
        if reason != "finished":
            self.run.stop_for(Verdict.INTERRUPTED, f"the run was stopped ({reason})")
        await self.run.close(
            [": ".join(filter(None, (*door, self._likeness.get(door[0])))) for door in self._closed_doors]
        )
        self.logger.info("%s: %s: %s", self.portal.key, self.run.verdict, self.run.reason)
        for line in self.run.first_contact.lines() if self.run.first_contact else ():
            self.logger.info("%s", line)

    # --- what comes back ----------------------------------------------------------------------------------------

    def _entry(self, response: Response, spec: ColumnSpec) -> Iterator[Request]:
        page = page_of(response)
        if why := self.judge.wrong(response, page):
            target = response.meta.get("redirect_target", "")
            self._failed(response, why, f"to {target}" if target else "")
            return
        self.run.met.arrived(spec, page)
        code, expected = site_id_code(page), self.portal.site_id_code
        if code and expected and code != expected:
            self.run.stop_for(
                Verdict.WRONG_SITE, f"{response.url} says it is site {code}, its portal file says {expected}"
            )
            return
        try:
            opening = FAMILIES[spec.family].open(page, spec)
        except (LayoutError, ReadingError) as error:
            self._likeness[response.url] = likeness = looks_like(page, spec.url, spec.family)
            self._failed(response, shell(page) or Reason.LAYOUT, "; ".join(filter(None, (str(error), likeness))))
            return
        self.run.met.opened(spec, opening.columns)
        for ask in (opening.further, *opening.branches):
            if ask is not None and (spec.url, ask.url) not in self._opened:
                self._opened.add((spec.url, ask.url))
                yield self._ask(ask, Role.ENTRY, self._entry, spec=spec)
        walks: list[Walk] = []
        for column in opening.columns:
            if _is_wanted(column, self.order) and column.key not in self._walks:  # two entries may show the same tree
                self._walks[column.key] = walk = Walk(column, memory=self._memory(column))
                walks.append(walk)
        self.run.note(
            ColumnsFound,
            refers_to=response.meta["capture_id"],
            url=response.url,
            columns=tuple(ColumnFound(c.key, c.name, c.url, c.family, c.declared) for c in opening.columns),
            skipped=opening.skipped,
        )
        for walk in walks:
            if walk.column.first is None:
                yield from self._take(response, page, walk)
            else:
                yield self._ask(walk.column.first, Role.LIST, self._list, walk=walk)

    def _memory(self, column: Column) -> ColumnMemory | None:
        """What the archive knows of a column, if the walk through it may stop where it meets that."""
        if self.order.mode is not Mode.NORMAL:
            return None
        memory = questions.column_memory(self.run.ledger, self.portal.key, column.key)
        return memory if may_stop_early(memory, self.run.began, self.portal.schedule.audit) else None

    def _list(self, response: Response, walk: Walk) -> Iterator[Request]:
        page = page_of(response)
        if why := self.judge.wrong(response, page):
            end = walk.missing if why in NOT_THERE else walk.failed
            end(f"page {walk.number} answered {why}")
            self._failed(response, why)
        else:
            yield from self._take(response, page, walk)

    def _take(self, response: Response, page: Page, walk: Walk) -> Iterator[Request]:
        """Read a list page, write its rows down, ask for the next."""
        try:
            found = FAMILIES[walk.column.family].read_list(page, walk.column, walk.number)
        except (LayoutError, ReadingError) as error:
            if is_stub(page, walk.number):
                walk.stop(WalkEnd.STUB_PAGE, f"page {walk.number} has {len(page.body)} bytes")
                self._failed(response, Reason.STUB_PAGE)
                return
            self._strange += walk.number == 1
            reason = shell(page) or Reason.LAYOUT
            if walk.number == 1:
                self._likeness[walk.column.key] = looks_like(page, response.url, walk.column.family)
            walk.failed(f"page {walk.number}: {reason}: {error}")
            self._failed(response, reason, str(error))
            return
        if not found.rows and (lacking := response.meta.get("lacking")):
            walk.failed(f"page {walk.number}: {Reason.INCOMPLETE}")
            self._failed(response, Reason.INCOMPLETE, lacking)
            return
        news = None
        if walk.memory is not None:
            news = questions.news(self.run.ledger, self.portal.key, walk.column.key, found.rows)
        self.run.note(
            ListRead,
            refers_to=response.meta["capture_id"],
            column=walk.column.key,
            number=walk.number,
            url=response.url,
            rows=tuple(self.run.judged(row) for row in found.rows),
            declared_total=found.declared_total,
            declared_pages=found.declared_pages,
        )
        following = walk.feed(found, news)
        if following is not None:
            yield self._ask(following, Role.LIST, self._list, walk=walk)

    def _answered(self, response: Response) -> None:
        """A document or a file. Its bytes are in the log, what they mean is read from there; here remains to look
        whether the portal is still willing, and whether the answer is from the portal."""
        why = self.judge.glance(response)
        if response.meta.get("redirect_refused"):
            self._failed(response, why, f"to {response.meta['redirect_target']}")
        elif why:
            self.run.issue("error", failures.REMEDIES.get(why, ""), url=response.url, reason=why)

    def _unanswered(self, failure: Failure) -> Iterator[Request]:
        """A request that brought no answer."""
        request: Request = failure.request  # type: ignore[attr-defined]
        error = failure.value
        assert error is not None
        if isinstance(error, (RunStopped, StorageError)):
            return
        reason, detail = failures.named(error)
        if self._may_try_http(request, reason):
            yield self._pending.again(request, "http" + request.url.removeprefix("https"))
            return
        if (walk := request.cb_kwargs.get("walk")) is not None:
            walk.failed(f"page {walk.number}: {reason}")
        self._failed(failure, reason, detail)
        if reason in failures.UNREACHABLE:
            self.judge.silent(request.url, reason)

    def _may_try_http(self, request: Request, reason: str) -> bool:
        """Many portals live on http while their pages link to an https that does not work (portal-families.md 5.1)."""
        gone = reason in failures.UNREACHABLE or reason == RobotsReason.UNREACHABLE
        return gone and request.url.startswith("https:") and self.run.scope.lives_on_http(request.url)

    def _failed(self, answer: Response | Failure, reason: str, detail: str = "") -> None:
        """Write down that a wanted page is not held, and why."""
        request: Request = answer.request  # type: ignore[assignment, union-attr]
        context: Captured = request.meta["context"]
        if context.role is Role.ENTRY:
            self._closed_doors.append((request.url, reason))
            self.run.met.closed(request.cb_kwargs["spec"], reason, detail or failures.REMEDIES.get(reason, ""))
        self.run.issue("error", detail or failures.REMEDIES.get(reason, ""), url=request.url, reason=reason)
        self.run.note(
            FetchFailed,
            role=context.role,
            url=request.url,
            reason=reason,
            detail=detail,
            column=context.column,
            entry_url=context.entry_url,
            document_url=context.document_url,
            filename=context.filename,
            attempt=request.meta.get("retry_times", 0) + 1,
        )

    def _end_walks(self) -> None:
        """Every walk has an end; where no column opened at all, or none can be read, the run has one too."""
        for walk in self._walks.values():
            walk.stop(WalkEnd.STOPPED, self.run.stop.reason if self.run.stop else "")
            self.run.met.walked(walk)
            self.run.note(
                WalkEnded,
                column=walk.column.key,
                end=walk.end,
                detail=walk.detail,
                pages=walk.pages,
                listed=walk.listed,
                declared_total=walk.declared_total,
                next=walk.stopped_at,
            )
        if self._walks and self._strange == len(self._walks):
            column, walk = next(iter(self._walks.items()))
            remedy = self._likeness.get(column) or failures.REMEDIES[Reason.LAYOUT]
            self.run.stop_for(Verdict.LAYOUT_CHANGED, f"{column}, {walk.detail}: {remedy}")
        elif self._closed_doors and not self._walks:
            url, why = self._closed_doors[0]
            remedy = self._likeness.get(url) or failures.REMEDIES.get(why, "no column opened")
            self.run.stop_for(failures.verdict_of(why), f"{url}: {why}: {remedy}")

    # --- requests -----------------------------------------------------------------------------------------------

    def _ask(self, ask: Ask, role: Role, callback: Callable[..., Any], **kwargs: Any) -> Request:
        walk: Walk | None = kwargs.get("walk")
        spec: ColumnSpec | None = kwargs.get("spec")
        rendered = is_rendered(self.portal, walk.column.key, role) if walk else bool(spec and role in spec.browser)
        context = self.run.context(role, column=walk.column.key if walk else "", rendered=rendered)
        request = self._pending.request(
            ask.url,
            context,
            callback,
            cb_kwargs=kwargs,
            method=ask.method,
            headers=dict(ask.headers),
            body=ask.body,
        )
        request.meta["press"] = ask.press
        return request


KEPT_SETTINGS = (
    "USER_AGENT",
    "DOWNLOAD_DELAY",
    "DOWNLOAD_DELAY_JITTER",
    "DOWNLOAD_TIMEOUT",
    "DOWNLOAD_MAXSIZE",
    "DOWNLOAD_VERIFY_CERTIFICATES",
    "GONGKAI_TLS_LEGACY",
    "AUTOTHROTTLE_ENABLED",
    "CONCURRENT_REQUESTS",
    "RETRY_TIMES",
    "GONGKAI_RETRY_PAUSE",
)
"""Settings that stand in the log: what an archivist will ask about a run years later."""


def _is_wanted(column: Column, order: Order) -> bool:
    names = (column.key, column.name, column.name.rpartition(" / ")[2])  # a node of a tree also by its own name
    return not order.columns or any(name in order.columns for name in names)
