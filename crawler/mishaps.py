"""What nobody foresaw, told to the run: an exception in the spider must not look like a portal without news."""

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.run import Run


class Mishaps:
    """A Scrapy extension. Scrapy logs an exception of a callback or of ``start``, and goes on; here it ends the run."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        crawler.signals.connect(self._note, signals.spider_error)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Mishaps":
        return cls(crawler)

    def _note(self, failure: Failure, response: Response | None) -> None:
        run = getattr(self._crawler.spider, "run", None)
        if isinstance(run, Run) and failure.value is not None:
            run.crashed(failure.value, getattr(response, "url", ""))
