"""The reference: plain Scrapy over the same pages with the very same settings.

``python -m tests.bench.bare PORT`` prints pages and seconds as JSON, without the time that Python takes to import.
"""

import json
import re
import sys
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from scrapy.settings import Settings
from scrapy.utils.misc import load_object

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

    def __init__(self, port: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.base = f"http://127.0.0.1:{port}{COLUMN}"

    async def start(self) -> AsyncIterator[Request]:
        yield Request(self.base, self.list_page, dont_filter=True)

    def list_page(self, response: Response) -> Iterator[Request]:
        Bare.seen += 1
        for link in LINK.findall(response.text):
            yield Request(self.base + link, self.document, dont_filter=True)
        if match := PAGES.search(response.text):
            total, current = map(int, match.groups())
            if current + 1 < total:
                yield Request(f"{self.base}index_{current + 1}.html", self.list_page, dont_filter=True)

    def document(self, response: Response) -> None:
        Bare.seen += bool(response.body)


def main() -> None:
    settings = Settings(SETTINGS)
    process = AsyncCrawlerProcess(settings)
    process.crawl(Bare, port=sys.argv[1])
    load_object(settings.getwithbase("DOWNLOAD_HANDLERS")["http"])  # would be imported by the first request
    cpu, wall = time.process_time(), time.monotonic()
    process.start()
    print(json.dumps({"pages": Bare.seen, "cpu": time.process_time() - cpu, "wall": time.monotonic() - wall}))


if __name__ == "__main__":
    main()
