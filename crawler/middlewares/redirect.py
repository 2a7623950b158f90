"""Redirects, followed only inside the portal."""

from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.http import Response

from archive.reading.refusal import Refusal
from archive.vocabulary import Role
from crawler.failures import Reason
from crawler.run import run_of
from crawler.scope import Judgement

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HOME = ("", "/")


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
        judged = run_of(self._crawler).bounds(request.meta["context"].role).redirect(request.url, target)
        refused = _refused(request, target) if judged is Judgement.INSIDE else f"redirect_{judged.value}"
        if not refused:
            return self._redirects.process_response(request, response)
        request.meta["redirect_refused"] = refused
        request.meta["redirect_target"] = target
        return response


def _refused(request: Request, target: str) -> str:
    """Why a redirect inside the portal is not followed, or "".

    A page that redirects to itself sets a cookie and wants it back (portal-families.md 9.1): once. What leads from a
    document to the home page says that the document is no more."""
    if target == request.url and request.url in request.meta.get("redirect_urls", ()):
        return Refusal.COOKIE_GATE
    wanted = request.meta["context"].role in (Role.DOCUMENT, Role.ATTACHMENT)
    leads_home = urlsplit(target).path in _HOME and urlsplit(request.url).path not in _HOME
    return Reason.REDIRECT_HOME if wanted and leads_home else ""
