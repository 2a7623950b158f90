"""What recording costs: ``python -m tests.bench.recording PORT`` prints a ratio, and the seconds behind it, as JSON.

One Scrapy process fetches each document twice, fifty at a time: by Scrapy's own handler and by the one that records, in
turn, the other way round with each fifty. So both meet the same machine: two runs of some seconds, one after the other,
differ by more on a shared processor than recording costs. Processor time of the process; the median of the pairs. What
waits at the end of fifty to be appended with others is appended within the next fifty that are recorded."""

import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.http import Response
from scrapy.settings import Settings
from twisted.python.failure import Failure

from archive import garbage
from archive.events import Captured
from archive.vocabulary import Role
from archive.warc.write import WarcWriter
from crawler.recorder import attach
from crawler.recorder.handler import RecordingHandler
from tests.bench.bare import SETTINGS
from tests.bench.site import pages

BLOCK = 50
WARMING = 3  # pairs that do not count: connections are made, caches filled


class Either(BaseDownloadHandler):
    """A download handler that is two: requests with a context are recorded."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._recording, self._plain = RecordingHandler(crawler), HTTP11DownloadHandler(crawler)

    async def download_request(self, request: Request) -> Response:
        chosen = self._recording if "context" in request.meta else self._plain
        return await chosen.download_request(request)

    async def close(self) -> None:
        await self._recording.close()
        await self._plain.close()


class Both(Spider):
    """Asks for the documents of the site, a block at a time, and measures each."""

    name = "both"
    pairs: list[tuple[float, float]]

    def __init__(self, port: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.urls = [f"http://127.0.0.1:{port}{path}" for path in pages() if "/t20" in path]

    async def start(self) -> AsyncIterator[Request]:
        Both.pairs = []
        garbage.settle()
        for number, at in enumerate(range(0, len(self.urls), BLOCK)):
            spent = {}
            for recorded in (False, True) if number % 2 else (True, False):
                block = self.urls[at : at + BLOCK]
                self.left, self.landed = len(block), asyncio.Event()
                begun = time.process_time()
                for url in block:
                    yield self.asked(url, recorded=recorded)
                await self.landed.wait()
                spent[recorded] = time.process_time() - begun
            if number >= WARMING:
                self.pairs.append((spent[False], spent[True]))

    def asked(self, url: str, *, recorded: bool) -> Request:
        context = Captured(run="bench", portal="bench", role=Role.DOCUMENT)
        meta = {"context": context} if recorded else {}
        return Request(url, self.document, errback=self.failed, meta=meta, dont_filter=True)

    def document(self, _response: Response) -> None:
        self.left -= 1
        if not self.left:
            self.landed.set()

    def failed(self, failure: Failure) -> None:
        failure.printTraceback(file=sys.stderr)
        os._exit(1)  # there is nothing to measure


def main() -> None:
    settings = Settings(SETTINGS | {"DOWNLOAD_HANDLERS": {"http": Either, "https": Either}})
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(Both)
    with (
        tempfile.TemporaryDirectory() as folder,
        WarcWriter(Path(folder), "bench", software="bench", find=lambda _digest, _url: None) as writer,
    ):
        attach(crawler, writer)
        process.crawl(crawler, port=sys.argv[1])
        process.start()
    bare, recording = (sum(pair[at] for pair in Both.pairs) for at in (0, 1))
    ratio = statistics.median(recorded / plain for plain, recorded in Both.pairs)
    print(json.dumps({"ratio": ratio, "pairs": len(Both.pairs), "bare": bare, "recording": recording}))


if __name__ == "__main__":
    main()
