"""Retries with growing pauses; ``Retry-After`` is honoured."""

import asyncio
from datetime import datetime
from email.utils import parsedate_to_datetime

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import DownloadConnectionRefusedError, DownloadFailedError, DownloadTimeoutError
from scrapy.exceptions import ResponseDataLossError as DataLossError
from scrapy.http import Response

from archive import clock
from crawler.failures import LASTING, named
from crawler.run import run_of

PASSING = (DownloadTimeoutError, DownloadConnectionRefusedError, DownloadFailedError, DataLossError)
"""Failures that may be gone a moment later. A name that does not resolve is not among them, nor a file too large."""


class PatientRetryMiddleware:
    """Waits before a retry: ``GONGKAI_RETRY_PAUSE`` seconds, doubled each time, or what the host asks for.

    A host that asks for more than ``GONGKAI_RETRY_LONGEST`` is not asked again in this run."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._statuses = frozenset(map(int, settings.getlist("RETRY_HTTP_CODES")))
        self._pause = settings.getfloat("GONGKAI_RETRY_PAUSE")
        self._longest = settings.getfloat("GONGKAI_RETRY_LONGEST")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "PatientRetryMiddleware":
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        if response.status not in self._statuses:
            return response
        asked = retry_after(response.headers.get("Retry-After"), clock.now())
        if asked is not None and asked > self._longest:
            return response
        return await self._again(request, str(response.status), asked) or response

    async def process_exception(self, request: Request, exception: Exception) -> Request | None:
        passing = isinstance(exception, PASSING) and named(exception)[0] not in LASTING
        return await self._again(request, exception) if passing else None

    async def _again(self, request: Request, why: str | Exception, asked: float | None = None) -> Request | None:
        if run_of(self._crawler).stop is not None:
            return None
        assert self._crawler.spider is not None
        again = get_retry_request(request, spider=self._crawler.spider, reason=why, give_up_log_level="DEBUG")
        if again is not None:
            doubled: float = self._pause * 2 ** (again.meta["retry_times"] - 1)
            await asyncio.sleep(min(self._longest, doubled) if asked is None else asked)
        return again


def retry_after(value: bytes | None, now: datetime) -> float | None:
    """Seconds to wait, from a ``Retry-After`` header: a number or a date (RFC 9110, 10.2.3). ``None``: says nothing."""
    text = (value or b"").decode("latin-1").strip()
    if text.isdigit():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - now).total_seconds())
    except (ValueError, TypeError):
        return None
