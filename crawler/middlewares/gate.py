"""The last word before a request leaves: inside the portal, and the run has not been stopped."""

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from crawler.run import run_of
from crawler.scope import Judgement


class OutOfScope(IgnoreRequest):
    """Raised from :class:`GateMiddleware` for a URL that is not the portal's."""

    def __init__(self, judgement: Judgement) -> None:
        super().__init__(judgement.value)
        self.judgement = judgement


class RunStopped(IgnoreRequest):
    """Raised from :class:`GateMiddleware` for what was still queued when the run was stopped."""


class GateMiddleware:
    """Lets a request through if its URL is the portal's and the run goes on."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "GateMiddleware":
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        run = run_of(self._crawler)
        if run.stop is not None:
            raise RunStopped(run.stop.reason)
        judged = run.bounds(request.meta["context"].role).link(request.url)
        if judged is not Judgement.INSIDE:
            raise OutOfScope(judged)
