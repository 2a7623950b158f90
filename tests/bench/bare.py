"""The reference: plain Scrapy over the same pages with the very same settings, and the same with recording only.

``python -m tests.bench.bare PORT [WARC_FOLDER]`` prints pages and CPU seconds as JSON.
"""

import json
import re
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.http import Response
from scrapy.settings import Settings

from archive.events import Captured
from archive.vocabulary import Role
from archive.warc.write import WarcWriter
from crawler.recorder import attach
from tests.bench.site import COLUMN

LINK = re.compile(r'<li><a href="\./([^"]+)" title')
PAGES = re.compile(r"createPageHTML\((\d+), (\d+)")

SETTINGS = {
    "CONCURRENT_REQUESTS": 16,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
    "CONCURRENT_ITEMS": 1,
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
    "ROBOTSTXT_OBEY": False,
    "REMOTE_CONTROL_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "EXTENSIONS_BASE": {},
    "DOWNLOADER_STATS": False,
    "HTTPPROXY_ENABLED": False,
    "LOG_LEVEL": "ERROR",
    "DEFAULT_REQUEST_HEADERS": {"Accept": "*/*", "Accept-Encoding": "gzip"},
}


class Bare(Spider):
    """Follows the list pages, looks at every document, keeps nothing."""

    name = "bare"
    seen = 0

    def __init__(self, port: str, folder: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.base, self.folder = f"http://127.0.0.1:{port}{COLUMN}", folder
        self.writer: WarcWriter | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> "Bare":
        spider = super().from_crawler(crawler, *args, **kwargs)
        if spider.folder:
            spider.writer = WarcWriter(Path(spider.folder), "bench", software="bench", find=lambda _digest, _url: None)
            attach(crawler, spider.writer)
        return spider

    def ask(self, url: str, callback: Any) -> Request:
        meta = {"context": Captured(run="bench", portal="bench", role=Role.DOCUMENT)} if self.writer else {}
        return Request(url, callback, meta=meta, dont_filter=True)

    async def start(self) -> AsyncIterator[Request]:
        yield self.ask(self.base, self.list_page)

    def list_page(self, response: Response) -> Iterator[Request]:
        Bare.seen += 1
        for link in LINK.findall(response.text):
            yield self.ask(self.base + link, self.document)
        if match := PAGES.search(response.text):
            total, current = map(int, match.groups())
            if current + 1 < total:
                yield self.ask(f"{self.base}index_{current + 1}.html", self.list_page)

    def document(self, response: Response) -> None:
        Bare.seen += bool(response.body)

    def closed(self, _reason: str) -> None:
        if self.writer is not None:
            self.writer.close()


def main() -> None:
    port, *folder = sys.argv[1:]
    settings = Settings(SETTINGS)
    if folder:
        handler = "crawler.recorder.handler.RecordingHandler"
        settings.set("DOWNLOAD_HANDLERS", {"http": handler, "https": handler})
    process = AsyncCrawlerProcess(settings)
    process.crawl(Bare, port=port, folder="".join(folder))
    cpu, wall = time.process_time(), time.monotonic()
    process.start()
    print(json.dumps({"pages": Bare.seen, "cpu": time.process_time() - cpu, "wall": time.monotonic() - wall}))


if __name__ == "__main__":
    main()
