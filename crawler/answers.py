"""What an answer is to a run: the page that was asked for, something else, or a portal that turns us away."""

from collections import Counter
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.http import Response

from archive.events import Captured
from archive.reading.page import Page
from archive.reading.refusal import Refusal, is_barrier, refusal
from archive.urls import host
from archive.vocabulary import Role, Verdict
from crawler.run import Run

SURELY_A_PAGE = 8_000
"""Bytes above which an answer with status 200 is a page, or a challenge that one of these gives away."""
_SIGNS = (
    *((b"$", b"$_ts"), (b"", b"captcha"), (b"", b"nwaf"), (b"", b"waf-cgi")),
    *((b"", "滑块".encode(charset)) for charset in ("utf-8", "gb18030")),
    *((b"", "验证".encode()), (b"\xd1", "验证".encode("gb18030"))),
)
"""What gives a challenge away, each with a byte of it that most pages lack: a single one is found ten times as fast."""
_LOOKED_AT = 1 << 18  # bytes; what is larger is no challenge, and nobody's home page

_DEEP = frozenset((Role.DOCUMENT, Role.ATTACHMENT))
ONE_MAY_BE = {
    Refusal.FORBIDDEN_403: _DEEP,
    Refusal.WANGSU_403: _DEEP,
    Refusal.WZWS_403: _DEEP,
    Refusal.REFERER_403: _DEEP,
    Refusal.WAF_405: _DEEP,
    Refusal.STUB: _DEEP | {Role.LIST},  # they stand deep in TRS lists (portal-families.md 5.4)
    Refusal.BAD_REQUEST_400: frozenset(Role),  # or the address is wrong
}
"""Where an open portal may show a barrier singly: :data:`TURNED_AWAY` in a row are one. Elsewhere, and any other, is
one at once."""
TURNED_AWAY = 3

ROBOTS_MAY_BE = frozenset({Refusal.FORBIDDEN_403, Refusal.WAF_405, Refusal.BAD_REQUEST_400, Refusal.STUB})
"""What robots.txt may answer where the portal turns nobody away."""

SILENT = 5
"""So many requests in a row that a host of the portal gave no answer to, each after its retries: it is gone for now, or
drops what comes from us (portal-families.md 9.1: 惠州, 阳江)."""

ALIKE = 3
"""So many documents in a row that are the same page, byte for byte, and not one that says that it is gone: the host
shows it for any path."""


class Judge:
    """Looks at the answers of one run, and stops it before a barrier."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._needed = {host(url) for url in (run.portal.home, *(column.url for column in run.portal.columns))}
        self._turned_away = 0  # answers in a row that were barriers
        self._silences: Counter[str] = Counter()  # by host: requests in a row without an answer
        self._catch_all: dict[str, bytes] = {}  # by origin: the page that it shows in the place of robots.txt
        self._alike: tuple[str, bytes, int] = "", b"", 0  # the last document: URL, page, how many in a row were so

    def wrong(self, response: Response, page: Page) -> str:
        """Why an answer is not the page that was asked for, or ""; a barrier also ends the run."""
        if refused := response.meta.get("redirect_refused"):
            if is_barrier(refused):
                self._turn_away(response, refused)
            return str(refused)
        named = refusal(page.status, page.headers, page.body)
        if not is_barrier(named):
            self._welcome(response)
            if named == Refusal.SHELL and response.meta["context"].role in (Role.ENTRY, Role.LIST):
                return ""  # some families open from just that; another will say that it cannot
            if not named and self._is_catch_all(response):
                return Refusal.CATCH_ALL
            return named if response.status in (200, 304) else str(response.status)
        self._silences.pop(host(response.url), None)
        self._turned_away += 1
        singly = response.meta["context"].role in ONE_MAY_BE.get(Refusal(named), ())
        if not singly or self._turned_away >= TURNED_AWAY:
            self._turn_away(response, named)
        return named

    def glance(self, response: Response) -> str:
        """:meth:`wrong` for a document or a file, whose meaning is read elsewhere: only what may be a barrier is
        looked at here."""
        size, body = len(response.body), response.body
        if response.status != 200 or size < SURELY_A_PAGE or (size < _LOOKED_AT and _is_suspect(body)):
            why = self.wrong(response, page_of(response))
        else:
            self._welcome(response)
            why = Refusal.CATCH_ALL if self._is_catch_all(response) else ""
        context: Captured = response.meta["context"]
        if context.role is Role.DOCUMENT and not context.rendered:  # what a browser finishes begins as the same shell
            self._compare(response)
        return why

    def silent(self, url: str, reason: str) -> None:
        """A request brought no answer. Where that goes on, on a host that the portal needs, the run ends."""
        name = host(url)
        self._silences[name] += 1
        if self._silences[name] >= SILENT and name in self._needed:
            self._run.stop_for(
                Verdict.UNREACHABLE, f"{name} gave no answer to {SILENT} requests in a row ({reason}), {url} the last"
            )

    def robots(self, response: Response) -> None:
        """An answer to robots.txt: perhaps a challenge; perhaps the page that the host shows for any path, asked for
        already, so that no further path need be tried (portal-families.md 9.1: 株洲 districts, 韩城)."""
        named = response.meta.get("redirect_refused") or refusal(
            response.status, page_of(response).headers, response.body
        )
        if is_barrier(named) and named not in ROBOTS_MAY_BE:
            self._turn_away(response, named)
        if response.status == 200 and response.url.endswith("/robots.txt") and response.body.lstrip()[:1] == b"<":
            self._catch_all[_origin(response.url)] = response.body

    def _welcome(self, response: Response) -> None:
        if self._silences:
            self._silences.pop(host(response.url), None)
        self._turned_away = 0

    def _turn_away(self, response: Response, named: str) -> None:
        self._run.stop_for(Verdict.BLOCKED, f"{response.url} answered {response.status} ({named}); left alone")

    def _is_catch_all(self, response: Response) -> bool:
        """Whether it is the page that stands in the place of robots.txt. The home page may be that by right."""
        if not self._catch_all:
            return False
        path = urlsplit(response.url).path
        return path not in ("", "/") and self._catch_all.get(_origin(response.url)) == response.body

    def _compare(self, response: Response) -> None:
        url, page, times = self._alike
        if response.status != 200 or page != response.body:
            self._alike = response.url, response.body[:_LOOKED_AT], 1
        elif url != response.url and refusal(200, page_of(response).headers, page) in ("", Refusal.SHELL):
            self._alike = response.url, page, times + 1
            if times + 1 >= ALIKE:
                self._run.stop_for(
                    Verdict.LAYOUT_CHANGED,
                    f"{response.url} and {times} documents before it are the same page ({Refusal.CATCH_ALL}): "
                    "this host shows it for any path",
                )


def _is_suspect(body: bytes) -> bool:
    return any(rare in body and sign in body for rare, sign in _SIGNS)


def shell(page: Page) -> str:
    """What more there is to say of a page that its family does not know: that it is an empty application, or ""."""
    named = refusal(page.status, page.headers, page.body)
    return named if named == Refusal.SHELL else ""


def judge_of(crawler: Crawler) -> Judge:
    """The judge that a crawler's spider carries."""
    judge = getattr(crawler.spider, "judge", None)
    assert isinstance(judge, Judge)
    return judge


def page_of(response: Response) -> Page:
    """A Scrapy response as the pure functions of families and readers take it."""
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
    return Page(response.url, response.status, headers, response.body)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
