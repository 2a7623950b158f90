"""Redirects, followed only inside the portal."""

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.http import Response

from crawler.run import run_of
from crawler.scope import Judgement


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
        answer = self._redirects.process_response(request, response)
        if isinstance(answer, Response):
            return answer
        judged = run_of(self._crawler).scope.redirect(request.url, answer.url)
        if judged is Judgement.INSIDE:
            return answer
        request.meta["redirect_refused"] = f"redirect_{judged.value}"
        request.meta["redirect_target"] = answer.url
        return response
