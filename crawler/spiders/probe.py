"""The spider of ``gongkai probe``: asks what an inquiry wants to see, and records it as any run does.

A probe changes nothing that the ledger says of a portal's catalogue: it writes no event of columns, rows or failures,
and the one document that it looks at is asked for in the role ``other``.
"""

from collections.abc import AsyncIterator, Generator
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urljoin

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from archive.errors import GongkaiError, StorageError, UsageError
from archive.place import Place
from archive.reading.page import Page
from archive.reading.refusal import Refusal, is_barrier, refusal
from archive.urls import host
from archive.vocabulary import Role, Verdict
from crawler import failures
from crawler.answers import ROBOTS_MAY_BE, Judge, page_of
from crawler.fetching import fetch_settings
from crawler.inquiry import Finding, inquire
from crawler.middlewares.gate import RunStopped
from crawler.middlewares.robots import RobotsReason
from crawler.order import Order
from crawler.portal import Expect, Fetch, Portal
from crawler.portal_rules import faults, is_loopback, key_fault
from crawler.recorder import attach
from crawler.run import Run
from crawler.settings import DOWNLOADER_MIDDLEWARES
from crawler.spiders.catalogue import KEPT_SETTINGS
from crawler.trial import Refused, Reply, Want

BUDGET = 12
"""Requests for one address, robots.txt, redirects and retries included."""

STOPPED, SPENT = "stopped", "budget"
"""The reasons of what was not asked for: a barrier had been met; there had been requests enough."""

_T = TypeVar("_T")


class OutOfBudget(IgnoreRequest):
    """Raised from :class:`BudgetMiddleware` for what would be one request too many."""


class BudgetMiddleware:
    """Stands next to the downloader, where every request passes, whoever makes it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "BudgetMiddleware":
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        spider = self._crawler.spider
        assert isinstance(spider, ProbeSpider)
        spider.spend(request)


class _Judge(Judge):
    """A judge that remembers what robots.txt answered, by origin."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self.answered: dict[str, Page] = {}

    def robots(self, response: Response) -> None:
        assert response.request is not None
        self.answered[urljoin(response.request.url, "/")] = page_of(response)
        super().robots(response)


class ProbeSpider(Spider):
    """``scrapy crawl probe -a url="URL [URL…]" -a key=KEY [-a anyway=1]``"""

    name = "probe"
    run: Run
    judge: _Judge

    def __init__(self, urls: tuple[str, ...] = (), refused: GongkaiError | None = None) -> None:
        super().__init__()
        self.refused = refused  # why there is no run; said in one line
        self.urls = urls
        self.findings: list[Finding] = []
        self.sent: list[str] = []  # what was asked for, in order
        self._left = 0
        self._seen: dict[tuple[str, str, bytes], Page] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, *_args: Any, **words: str) -> "ProbeSpider":
        settings = crawler.settings
        urls = tuple(words.get("url", "").split())
        try:
            portal = provisional(words.get("key", ""), urls)
        except UsageError as error:
            spider = cls(refused=error)
            spider._set_crawler(crawler)
            return spider
        budget = f"{BudgetMiddleware.__module__}.{BudgetMiddleware.__qualname__}"
        changed = fetch_settings(portal) | {"DOWNLOADER_MIDDLEWARES": {**DOWNLOADER_MIDDLEWARES, budget: 990}}
        for name, value in changed.items():
            settings.set(name, value, priority="spider")
        spider = cls(urls)
        spider._set_crawler(crawler)
        spider.run = Run(
            portal,
            Order(portal.key, anyway=bool(words.get("anyway")), probe=True),
            Place(settings["GONGKAI_DATA"]),
            software=settings["SOFTWARE"],
            contact=settings["GONGKAI_CONTACT"],
            settings={name: settings.get(name) for name in KEPT_SETTINGS},
        )
        spider.judge = _Judge(spider.run)
        attach(crawler, spider.run)
        crawler.signals.connect(spider.end, signals.spider_closed)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        if self.refused is None:
            try:
                await self.run.open()
            except GongkaiError as error:
                self.refused = error
        if self.refused is not None:
            self.logger.info("%s", self.refused)  # the command says it
            return
        try:
            for url in self.urls:
                self._left = BUDGET
                self.findings.append(await self._drive(inquire(url)))
            self.run.stop_for(*conclusion(self.findings))
        except StorageError as error:  # the run has been told, and has stopped
            self.logger.info("%s", error)
        none: tuple[Request, ...] = ()
        for request in none:  # an async generator, as Scrapy wants it, but all was asked for already
            yield request

    async def end(self, reason: str) -> None:
        """The run's end, when Scrapy closes the spider."""
        if self.refused is not None:
            return
        if reason != "finished":
            self.run.stop_for(Verdict.INTERRUPTED, f"the probe was stopped ({reason})")
        await self.run.close()
        self.logger.info("%s: %s: %s", self.run.portal.key, self.run.verdict, self.run.reason)

    def spend(self, request: Request) -> None:
        """One request more. Raises ``OutOfBudget``."""
        if self._left < 1:
            raise OutOfBudget(f"{BUDGET} requests are enough for one address")
        self._left -= 1
        self.sent.append(request.url)

    async def _drive(self, inquiry: Generator[Want, Reply, _T]) -> _T:
        want = next(inquiry)
        while True:
            key = want.ask.method, want.ask.url, want.ask.body
            reply = self._seen.get(key) or await self._ask(want, want.ask.url)
            if isinstance(reply, Page):  # several addresses share a home page
                self._seen[key] = reply
            try:
                want = inquiry.send(reply)
            except StopIteration as end:
                found: _T = end.value
                return found

    async def _ask(self, want: Want, url: str) -> Reply:
        request = Request(
            url,
            method=want.ask.method,
            headers=dict(want.ask.headers),
            body=want.ask.body,
            meta={"context": self.run.context(want.role)},
        )
        try:
            response: Response = await self.crawler.engine.download_async(request)
        except StorageError:
            raise
        except OutOfBudget as error:
            return Refused(SPENT, str(error))
        except RunStopped as error:
            return Refused(STOPPED, str(error))
        except Exception as error:  # noqa: BLE001 - each kind has a name, and stands in the run's issues
            reason, detail = failures.named(error)
            if url.startswith("https:") and (reason in failures.UNREACHABLE or reason == RobotsReason.UNREACHABLE):
                self.run.issue("warning", f"{detail or reason}; http is tried", url=url, reason=reason)
                return await self._ask(want, "http" + url.removeprefix("https"))
            return self._refused(url, reason, detail)
        page = page_of(response)
        named = refusal(page.status, page.headers, page.body)
        if want.role is Role.OTHER and named in ROBOTS_MAY_BE:  # a page that was only looked at
            return self._refused(url, named, "", page, singly=True)
        if why := self.judge.wrong(response, page):
            target = response.meta.get("redirect_target")
            return self._refused(url, why, f"to {target}" if target else "", page)
        return page

    def _refused(
        self, url: str, reason: str, detail: str, page: Page | None = None, *, singly: bool = False
    ) -> Refused:
        self.run.issue("error", detail or failures.REMEDIES.get(reason, ""), url=url, reason=reason)
        return Refused(reason, detail, page, singly)


def conclusion(findings: list[Finding]) -> tuple[Verdict, str]:
    """The verdict of a probe and its reason: it is ok if a family is named for every address."""
    for found in findings:
        if found.can_be_read:
            continue
        if (blocked := found.blocked) is not None:
            verdict = Verdict.LAYOUT_CHANGED if blocked.reason == SPENT else failures.verdict_of(blocked.reason)
            return verdict, f"probe: {found.url}: {told(blocked)}"
        why = found.tried.fault if found.family and found.tried else "no family is named; probe a list of documents"
        return Verdict.LAYOUT_CHANGED, f"probe: {found.url}: {why}"
    return Verdict.OK, f"probe: {', '.join(dict.fromkeys(found.family for found in findings))}"


def told(refused: Refused) -> str:
    """Why there is no page, and what to do, in a line."""
    if refused.reason == STOPPED:
        return refused.detail
    otherwise = (
        "a barrier is left alone; try after some hours" if is_barrier(refused.reason) else "look at it in a browser"
    )
    remedy = failures.REMEDIES.get(refused.reason) or _REMEDIES.get(refused.reason, otherwise)
    return f"{refused.reason}{f' ({refused.detail})' if refused.detail else ''}; {remedy}"


_REMEDIES = {
    "404": "there is no such page; find the column's present address from the home page",
    "redirect_external": "it is another host's; probe that address, if it is the portal's",
    SPENT: "give the address of one column, not of what leads there",
    RobotsReason.FORBIDDEN: "left alone",
    RobotsReason.REFUSED: "no permission is established; left alone",
    RobotsReason.UNREACHABLE: "it is not known what it allows; try later",
    Refusal.CATCH_ALL: "this page is no column's; look at it in a browser, and at what its scripts ask for",
    Refusal.SHELL: "scripts fill it; look at what they ask for",
}


def provisional(key: str, urls: tuple[str, ...]) -> Portal:
    """A portal of which nothing is known yet but where it lives. Raises ``UsageError``."""
    for url in urls:
        for fault in faults({"portal": {"home": url}}):
            if fault.place == "portal.home":
                raise UsageError(fault.what)
    if not urls:
        raise UsageError("no address given; say which page to probe")
    if what := key_fault(key):
        raise UsageError(what)
    places = tuple(dict.fromkeys(host(url) for url in urls))
    return Portal(
        key=key,
        name=places[0],
        home=urljoin(urls[0], "/"),
        division="",
        site_id_code="",
        hosts=places,  # by http and https
        columns=(),
        fetch=Fetch(delay=0 if all(map(is_loopback, places)) else None),
        expect=Expect(),
        text=f"# No portal file yet: a probe of {' '.join(urls)}\n",
        path=Path(f"{key}.toml"),
    )
