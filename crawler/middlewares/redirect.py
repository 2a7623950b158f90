"""Redirects, followed only inside the portal."""

from urllib.parse import urljoin

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.http import Response

from crawler.run import run_of
from crawler.scope import Judgement

REDIRECTS = frozenset({301, 302, 303, 307, 308})


class ScopedRedirectMiddleware:
    """Follows a redirect within the portal. Another one comes back as it is, with the reason in
    ``request.meta["redirect_refused"]``: the answer is recorded, the spider says what became of the entry."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._redirects = RedirectMiddleware.from_crawler(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ScopedRedirectMiddleware":
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        location = response.headers.get("Location")
        if response.status not in REDIRECTS or location is None:
            return response
        target = urljoin(request.url, location.decode("latin-1").strip())
        judged = run_of(self._crawler).scope.redirect(request.url, target)
        if judged is Judgement.INSIDE:
            return self._redirects.process_response(request, response)
        request.meta["redirect_refused"] = f"redirect_{judged.value}"
        request.meta["redirect_target"] = target
        return response
