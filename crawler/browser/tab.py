"""One page that the browser has open: hands it what it asks for, waits until it is quiet, takes down what it shows."""

import asyncio
import json
import re
from collections import Counter
from contextlib import suppress
from urllib.parse import urldefrag
from uuid import uuid4

from playwright.async_api import CDPSession, Page, Request, Route
from playwright.async_api import Error as PlaywrightError

from archive import clock
from archive.events import Captured
from archive.warc.exchange import Rendering
from crawler.browser.errands import NEEDED, NOT_LOADED, Answer, Errands, Wish
from crawler.failures import Reason, RenderingError
from crawler.scope import Judgement, Scope

QUIET = 0.5
"""Seconds without a request after which a page is taken to be finished: what browsers' drivers call network idle. By
the page's own clock: on a busy machine its timers may be late, and its requests with them."""

PATIENCE = 30.0
"""Seconds that a page may keep busy without asking for anything."""

MOST = 300
"""Requests of one page; what it asks for beyond is not fetched."""

AGAIN = 2
"""How often a page is given the same thing: a counter that asks for ever would keep it from ever being finished."""

NO_WINDOWS = "window.open = () => null"
"""What a blocker of further windows does. Where one is opened and shut again, Chromium 150 may never finish loading the
frames of the page that opened it."""

_A_WHILE = "milliseconds => new Promise(done => setTimeout(() => done(document.readyState), milliseconds))"
_A_MOMENT = re.compile(r"\d{10,}")  # a time in milliseconds, which makes each request of such a counter look new


class Tab:
    """A page opened with an answer in hand: the browser asks for the page too, and is given that answer."""

    def __init__(self, errands: Errands, answer: Answer, context: Captured) -> None:
        """``context``: why the page loads what it loads."""
        self.pressed: tuple[str, ...] = ()
        self._errands, self._answer, self._why = errands, answer, context
        self._begin()

    def _begin(self) -> None:
        self._page: Page | None = None
        self._answers: list[Answer] = []
        self._errors = 0  # of the page's scripts
        self._served = False  # whether the browser has been given the answer
        self._watched = True  # between two looks nothing is fetched
        self._sleep: CDPSession | None = None
        self._under_way = 0
        self._asked: Counter[tuple[str, str, bytes]] = Counter()
        self._stirred = asyncio.Event()

    async def attend(self, page: Page, _request: object) -> None:
        """scrapy-playwright's call before it opens the page; once more if the browser crashed before it could."""
        self._begin()
        self._page = page
        page.on("load", lambda _: self._stirred.set())
        page.on("pageerror", self._count_error)
        page.on("popup", self._refuse_window)
        await page.add_init_script(NO_WINDOWS)
        await page.route("**", self._hand_over)

    # --- what the page asks for ---------------------------------------------------------------------------------

    async def _hand_over(self, route: Route) -> None:
        asked = route.request
        with suppress(PlaywrightError):  # the page has been left or closed meanwhile
            if not asked.url.startswith(("http:", "https:")):
                await route.continue_()  # data: and blob: are not of the network
            elif asked.is_navigation_request() and not self._served:
                self._served = True
                self._answers.append(self._answer)
                await self._hand(route, self._answer)
            elif self._is_too_much(asked):
                await self._refuse(route)
            else:
                headers, body = await asked.all_headers(), asked.post_data_buffer or b""
                got = await self._get(Wish(asked.url, asked.resource_type, asked.method, headers, body))
                await self._hand(route, got)

    async def _hand(self, route: Route, answer: Answer) -> None:
        if answer.why_not:
            await self._refuse(route)
        else:
            await route.fulfill(status=answer.status, headers=dict(answer.headers), body=answer.body)

    async def _refuse(self, route: Route) -> None:
        asked = route.request
        if asked.is_navigation_request() and asked.frame.parent_frame is None:
            await route.fulfill(status=204)  # it wants to leave for somewhere else, and stays where it is
        else:
            await route.abort("blockedbyclient")

    def _is_too_much(self, asked: Request) -> bool:
        key = (asked.method, _A_MOMENT.sub("", asked.url), asked.post_data_buffer or b"")
        self._asked[key] += 1
        return not self._watched or self._asked[key] > AGAIN or self._asked.total() > MOST

    async def _get(self, wish: Wish) -> Answer:
        self._under_way += 1
        self._stirred.set()
        try:
            got = await self._errands.run(wish, self._why)
        finally:
            self._under_way -= 1
            self._stirred.set()
        self._answers.append(got)
        return got

    def _count_error(self, _error: object) -> None:
        self._errors += 1

    async def _refuse_window(self, window: Page) -> None:
        with suppress(PlaywrightError):
            await window.close()

    # --- what is done with it -----------------------------------------------------------------------------------

    @property
    def _open(self) -> Page:
        if self._page is None or self._page.is_closed():
            raise RenderingError(Reason.BROWSER, "the page was closed")
        return self._page

    def patience(self) -> asyncio.Timeout:
        """For what a page does at once unless its scripts run for ever."""
        return asyncio.timeout(PATIENCE)

    async def settle(self) -> None:
        """Until the page is loaded and has asked for nothing for a while. One that has all it asked for, and still does
        not say that it is loaded, is taken as it stands.

        Raises ``TimeoutError`` if its scripts do not come to an end, Playwright's ``Error``."""
        page = self._open
        while True:
            if self._under_way:
                await self._stirred.wait()
            self._stirred.clear()
            try:
                async with self.patience():
                    state = await page.evaluate(_A_WHILE, QUIET * 1000)
            except PlaywrightError:
                if not self._stirred.is_set():  # else the page has gone on to another
                    raise
            if self._under_way or self._stirred.is_set():
                continue
            if state == "complete" or not await self._stirs(PATIENCE):
                return

    async def _stirs(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._stirred.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def press(self, selector: str) -> None:
        """Press what a selector finds first among what can be seen; where there is nothing, the page stays as it is.

        Raises ``RenderingError`` if the first press changes nothing: a page whose pager does not work is not read to
        its end. Raises Playwright's ``Error``."""
        page = self._open
        await self._wake()
        button = page.locator(selector).locator("visible=true").first
        if await button.count():
            before = await page.content()
            self._asked.clear()
            self._answers.clear()
            await button.evaluate("element => element.click()")  # not with the mouse: what floats above would catch it
            await self.settle()
            if not self.pressed and await page.content() == before:
                raise RenderingError(Reason.INCOMPLETE, f"{selector} was pressed, and nothing happened")
        self.pressed += (selector,)

    async def take_down(self, context: Captured) -> Rendering:
        """The page as it now stands. Raises ``TimeoutError`` if its thread does not let go of it, Playwright's
        ``Error``."""
        page = self._open
        async with self.patience():
            dom = await page.content()
            view = await page.screenshot(type="webp")  # without loss; a PNG has twice the bytes
        at = clock.now()
        url = urldefrag(page.url).url
        browser = page.context.browser
        info = {
            "pageid": str(uuid4()),
            "url": url,
            "ts": clock.stamp(at),
            "urls": {answer.wish.url: _seen(answer) for answer in self._answers},
            "counts": {"jsErrors": self._errors},
            "browser": f"{browser.browser_type.name} {browser.version}" if browser else "",
            "pressed": self.pressed,  # then ``urls`` are those since the last time
        }
        return Rendering(
            url=url,
            dom=dom.encode("utf-8", "replace"),
            screenshot=view,
            info=json.dumps(info, ensure_ascii=False).encode("utf-8", "replace"),
            at=at,
            context=context,
        )

    def lacking(self, scope: Scope) -> str:
        """What of the portal's own the page's scripts need and did not get, a word on each; "" if nothing."""
        missing = (
            f"{answer.wish.url}: {answer.why_not or answer.status}"
            for answer in self._answers
            if answer.wish.kind in NEEDED
            and (answer.why_not or answer.status >= 400)
            and answer.why_not != NOT_LOADED
            and scope.link(answer.wish.url) is Judgement.INSIDE
        )
        return "; ".join(dict.fromkeys(missing))

    async def rest(self) -> None:
        """Until something is pressed: its scripts stand still, and nothing is fetched for it."""
        self._watched = False
        self._sleep = await self._open.context.new_cdp_session(self._open)
        await self._sleep.send("Emulation.setScriptExecutionDisabled", {"value": True})

    async def _wake(self) -> None:
        self._watched = True
        if self._sleep is not None:
            await self._sleep.send("Emulation.setScriptExecutionDisabled", {"value": False})
            await self._sleep.detach()
            self._sleep = None

    async def close(self) -> None:
        """Also where the browser is gone already."""
        self._watched = False
        if self._page is not None:
            with suppress(PlaywrightError):
                await self._page.close()


def _seen(answer: Answer) -> dict[str, object]:
    """A line of Browsertrix's page information; ``record`` and ``error`` are ours."""
    about = {"status": answer.status, "mime": answer.mime, "type": answer.wish.kind.capitalize()}
    more = {"record": answer.record, "error": answer.why_not}
    return about | {name: value for name, value in more.items() if value}
