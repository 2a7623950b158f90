"""Cookies, where a portal sets some."""

from functools import cached_property
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

if TYPE_CHECKING:
    from scrapy.downloadermiddlewares.cookies import CookiesMiddleware


class SeldomCookiesMiddleware:
    """Scrapy's own middleware, from the first cookie on. Most portals set none, and to find that out in a cookie jar
    takes longer than all else that is looked at in a request."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._met = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "SeldomCookiesMiddleware":
        if not crawler.settings.getbool("COOKIES_ENABLED"):
            raise NotConfigured
        return cls(crawler)

    def process_request(self, request: Request) -> Request | Response | None:
        self._met = self._met or bool(request.cookies)
        if self._met:
            return self._cookies.process_request(request)
        if not request.meta.get("dont_merge_cookies"):
            request.headers.pop("Cookie", None)  # only the jar says what is sent
        return None

    def process_response(self, request: Request, response: Response) -> Request | Response:
        if b"Set-Cookie" not in response.headers and b"Set-Cookie2" not in response.headers:
            return response
        self._met = True
        return self._cookies.process_response(request, response)

    @cached_property
    def _cookies(self) -> "CookiesMiddleware":
        # Not at import: it brings the list of all public suffixes, a fifth of a second.
        from scrapy.downloadermiddlewares.cookies import CookiesMiddleware

        return CookiesMiddleware.from_crawler(self._crawler)
