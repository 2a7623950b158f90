"""What a page in the browser asks for, fetched by the crawl: gate and robots.txt, delays, retries and recorder."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from archive.events import Captured
from archive.reading.refusal import is_barrier, refusal
from archive.vocabulary import Verdict
from crawler import failures
from crawler.answers import ONE_MAY_BE, page_of
from crawler.run import run_of
from crawler.scope import Judgement

LOADED = frozenset({"document", "stylesheet", "script", "image", "font", "xhr", "fetch"})
"""Playwright's kinds of what is fetched. Others (media, beacons, event streams, prefetching) add nothing to a text."""

SHARED = frozenset({"stylesheet", "script", "image", "font"})
"""Kinds that are asked for once a run: the pages of a portal share them, and have them from memory afterwards."""

NEEDED = frozenset({"document", "script", "xhr", "fetch"})
"""Kinds without which a page may show less than it has."""

NOT_LOADED = "not_loaded"

LARGEST = 20_000_000
"""Bytes of one thing that a page loads."""

REMEMBERED = 64_000_000
"""Bytes of shared answers that are kept in memory."""

_OURS = frozenset(
    ("user-agent", "accept-encoding", "cookie", "host", "connection", "content-length", "cache-control", "pragma")
)
_CODING = frozenset(("content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive"))


@dataclass(frozen=True, slots=True)
class Wish:
    """A request as the browser would make it."""

    url: str
    kind: str  # Playwright's resource type
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a wish: an answer, its entity decoded, or why there is none."""

    wish: Wish
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)  # as Playwright's ``fulfill`` takes them
    body: bytes = b""
    mime: str = ""
    record: str = ""  # id of its record in the log
    why_not: str = ""


class Errands:
    """Runs the errands of all pages of one crawl."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._shared: dict[str, asyncio.Task[Answer]] = {}
        self._bytes = 0

    async def run(self, wish: Wish, context: Captured) -> Answer:
        """Never raises: what went wrong is ``why_not``."""
        if wish.kind not in LOADED or wish.method not in ("GET", "POST"):
            return Answer(wish, why_not=NOT_LOADED)
        if wish.kind not in SHARED or wish.method != "GET":
            return await self._fetch(wish, context)
        if wish.url not in self._shared:
            self._shared[wish.url] = asyncio.ensure_future(self._fetch(wish, context))
            self._shared[wish.url].add_done_callback(self._remember)
        return await asyncio.shield(self._shared[wish.url])  # another page may be waiting for it too

    def _remember(self, done: asyncio.Task[Answer]) -> None:
        self._bytes += len(done.result().body)
        while self._bytes > REMEMBERED:
            oldest = next(url for url, task in self._shared.items() if task.done())
            self._bytes -= len(self._shared.pop(oldest).result().body)

    async def _fetch(self, wish: Wish, context: Captured) -> Answer:
        try:
            request = Request(
                wish.url,
                method=wish.method,
                headers=request_headers(wish.headers),
                cookies=cookies(wish.headers.get("cookie", "")),
                body=wish.body,
                meta={"context": context, "download_maxsize": LARGEST},
            )
            response = await self._crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001 - named; whether the page can do without, is judged when it stands
            return Answer(wish, why_not=failures.named(error)[0])
        self._look_for_barrier(response)
        return answer_of(wish, response)

    def _look_for_barrier(self, response: Response) -> None:
        """A portal that turns a page's scripts away turns us away. One thing that is forbidden is no barrier yet."""
        run, page = run_of(self._crawler), page_of(response)
        suspect = page.status != 200 or b"$_ts" in page.body
        if not suspect or run.scope.link(page.url) is not Judgement.INSIDE:
            return
        named = refusal(page.status, page.headers, page.body)
        if is_barrier(named) and named not in ONE_MAY_BE:
            run.stop_for(Verdict.BLOCKED, f"{page.url} answered {page.status} ({named}); left alone")


def answer_of(wish: Wish, response: Response) -> Answer:
    """A response as the browser is given it. A redirect that the crawl does not follow is not handed over: Playwright
    would let the browser follow it by itself."""
    record = response.meta.get("capture_id", "")
    if 300 <= response.status < 400:
        return Answer(wish, record=record, why_not=response.meta.get("redirect_refused", str(response.status)))
    mime = page_of(response).mime
    return Answer(wish, response.status, response_headers(response), response.body, mime, record)


def request_headers(browser: Mapping[str, str]) -> dict[str, str]:
    """What of the browser's headers is sent: what its page says. Who we are, how we are connected and what we can
    decode is for the crawl to say; that a browser were asking (``Sec-…``) would not be true."""
    return {
        name: value
        for name, value in browser.items()
        if name not in _OURS and not name.startswith(("sec-", ":")) and name != "upgrade-insecure-requests"
    }


def cookies(header: str) -> dict[str | bytes, str | bytes | bool | float | int]:
    """The browser's ``Cookie`` header, taken apart: scripts set cookies too, and the crawl's jar learns of them."""
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return {name: value for name, equals, value in pairs if name and equals}


def response_headers(response: Response) -> dict[str, str]:
    """The headers of an answer whose body has been decoded, several of a name joined as Playwright wants them."""
    found: dict[str, str] = {}
    for name, values in response.headers.items():
        key = name.decode("latin-1").lower()
        if key not in _CODING:
            joint = "\n" if key == "set-cookie" else ", "
            found[key] = joint.join(value.decode("latin-1") for value in values)
    return found
