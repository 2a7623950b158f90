"""The downloader middleware that has pages rendered: an answer goes in, the page as a browser shows it comes out."""

import asyncio
import gc
import logging
from collections import OrderedDict

from playwright.async_api import Error as PlaywrightError
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

from archive.errors import ReadingError
from archive.events import Captured
from archive.reading.page import Page
from archive.reading.read import read
from archive.reading.rendered import is_for_browser
from archive.vocabulary import Role, TextStatus, Verdict
from crawler.answers import page_of
from crawler.browser.chromium import CLEANED, KEPT, SEATS
from crawler.browser.errands import Errands, Wish, answer_of
from crawler.browser.tab import Tab
from crawler.failures import Reason, RenderingError
from crawler.middlewares.gate import RunStopped
from crawler.run import run_of

RENDERED = "rendered"
"""The flag of a response that is a rendered page."""

logging.getLogger("scrapy-playwright").setLevel(logging.ERROR)  # what fails is said by the run, in one line


class BrowserMiddleware:
    """Renders the answers to requests whose context says so, and presses what turns their pages.

    Stands where an answer has been through retries, redirects and decoding already. Raises ``RenderingError``,
    ``RunStopped``, ``StorageError``."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._driver = ScrapyPlaywrightDownloadHandler(crawler)
        self._errands = Errands(crawler)
        self._seats = asyncio.Semaphore(SEATS)
        self._opened = 0  # pages so far
        self._kept: OrderedDict[str, Tab] = OrderedDict()  # by the address that was asked for
        self._visitor = {  # whom the one context shows to all pages
            "user_agent": crawler.settings["USER_AGENT"],
            "locale": "zh-CN",
            "timezone_id": "Asia/Shanghai",  # scripts print dates in the reader's time
            "viewport": {"width": 1280, "height": 1024},
            "service_workers": "block",  # what they load is not shown to us
            "accept_downloads": False,
        }

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "BrowserMiddleware":
        middleware = cls(crawler)
        crawler.signals.connect(middleware.close, signals.spider_closed)
        return middleware

    async def process_request(self, request: Request) -> Response | None:
        """Turn a page that is still open. One that is not is fetched, and turned from the start."""
        press = request.meta.get("press", ())
        tab = self._kept.get(request.url)
        if not press or tab is None or tab.pressed != press[:-1]:
            return None
        del self._kept[request.url]
        return await self._show(request, tab)

    async def process_response(self, request: Request, response: Response) -> Response:
        context: Captured = request.meta["context"]
        if not context.rendered or RENDERED in response.flags or not is_for_browser(page_of(response)):
            return response
        loads = run_of(self._crawler).context(Role.OTHER, column=context.column, via=response.url)
        response.request = request
        answer = answer_of(Wish(response.url, "document"), response)
        return await self._show(request, Tab(self._errands, answer, loads), response.url)

    async def close(self) -> None:
        """Close the browser, at the end of the crawl."""
        await self._driver.close()

    async def _show(self, request: Request, tab: Tab, url: str = "") -> Response:
        """The page as it stands when all has been pressed. ``url``: to be opened first."""
        run, context = run_of(self._crawler), request.meta["context"]
        async with self._seats:
            try:
                if url:
                    await self._open(tab, url)
                for selector in request.meta.get("press", ())[len(tab.pressed) :]:
                    await tab.press(selector)
                shown = await tab.take_down(context)
                if context.role is not Role.DOCUMENT:
                    await tab.rest()
            except (PlaywrightError, TimeoutError, RenderingError) as error:
                await tab.close()
                raise self._failure(error) from error
            if context.role is Role.DOCUMENT:
                await tab.close()
            else:
                await self._keep(request, tab)
        if run.stop is not None:
            raise RunStopped(run.stop.reason)
        headers = {"Content-Type": "text/html; charset=utf-8"}
        rendered = HtmlResponse(shown.url, headers=headers, body=shown.dom, encoding="utf-8", flags=[RENDERED])
        request.meta["lacking"] = lacking = tab.lacking(run.scope)
        if lacking and context.role is Role.DOCUMENT and _is_empty(page_of(rendered), context):
            raise RenderingError(Reason.INCOMPLETE, lacking)
        request.meta["capture_id"] = run.record_rendering(shown)
        return rendered

    async def _open(self, tab: Tab, url: str) -> None:
        self._opened += 1
        if self._opened % CLEANED == 0:
            gc.collect()
        meta = {
            "playwright": True,
            "playwright_context_kwargs": self._visitor,
            "playwright_include_page": True,
            "playwright_page_init_callback": tab.attend,
            "playwright_page_goto_kwargs": {"wait_until": "commit"},
        }
        async with tab.patience():
            await self._driver.download_request(Request(url, meta=meta))
        await tab.settle()

    async def _keep(self, request: Request, tab: Tab) -> None:
        """Leave a list open for its next page; close the one that was looked at longest ago."""
        asked = str(request.meta.get("redirect_urls", [request.url])[0])
        former = self._kept.pop(asked, None)
        self._kept[asked] = tab
        if former is None and len(self._kept) > KEPT:
            former = self._kept.popitem(last=False)[1]
        if former is not None:
            await former.close()

    def _failure(self, error: Exception) -> RenderingError:
        if isinstance(error, RenderingError):
            return error
        said = (str(error) or "the page kept busy for too long").partition("\n")[0]
        if "BrowserType.launch" in said:
            reason = f"the browser could not be started ({said}); `python -m crawler.browser` tells more"
            run_of(self._crawler).stop_for(Verdict.INTERRUPTED, reason)
        return RenderingError(Reason.BROWSER, said)


def _is_empty(page: Page, context: Captured) -> bool:
    try:
        return read(page, context.row).text_status is TextStatus.EMPTY
    except ReadingError:
        return True
