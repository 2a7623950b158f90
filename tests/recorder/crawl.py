"""A real Scrapy run with the recording handler, in a process of its own.

Usage: ``python crawl.py PLAN RESULT [SETTINGS]``. PLAN is JSON: a list of objects with name, url, method, body,
headers, meta; SETTINGS is JSON, what differs from the settings here.
RESULT is a pickle: the exchanges in the order of recording, and for each name what its callback or errback saw:
``(status or name of the exception, meta["capture_id"] or None)``."""

import json
import pickle
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Request, Response

from archive.errors import StorageError
from archive.events import Captured
from archive.vocabulary import Role
from archive.warc.exchange import Exchange
from crawler.recorder import attach

SETTINGS = {
    "DOWNLOAD_HANDLERS": dict.fromkeys(("http", "https"), "crawler.recorder.handler.RecordingHandler"),
    "DOWNLOAD_VERIFY_CERTIFICATES": True,  # the test's authority comes by SSL_CERT_FILE
    "ROBOTSTXT_OBEY": True,
    "CONCURRENT_REQUESTS": 100,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,  # in turn, except those with a download_slot of their own
    "DOWNLOAD_DELAY": 0.001,  # at 0, Scrapy 2.19 starts several waiting requests at once, against the line above
    "HTTPERROR_ALLOW_ALL": True,
    "TELNETCONSOLE_ENABLED": False,
    "LOG_LEVEL": "WARNING",
}

Outcomes = dict[str, tuple[int | str, str | None]]


class Listing:
    """A recorder that keeps exchanges in memory, and whose disk is full for one URL."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []

    def record(self, exchange: Exchange) -> str:
        if exchange.url.endswith("/unwritable"):
            raise StorageError("no space left on device")
        self.exchanges.append(exchange)
        return f"urn:test:{len(self.exchanges) - 1}"


class PlanSpider(scrapy.Spider):
    name = "plan"

    def __init__(self, plan: list[dict[str, Any]], outcomes: Outcomes, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.plan = plan
        self.outcomes = outcomes

    async def start(self) -> AsyncIterator[Request]:
        for number, item in enumerate(self.plan):
            context = Captured(run="run-1", portal="nasty", role=Role.DOCUMENT, entry_url=item["url"])
            yield Request(
                item["url"],
                self.parse,
                method=item.get("method", "GET"),
                body=item.get("body", "").encode("latin-1"),
                headers=item.get("headers"),
                meta={"context": context, **item.get("meta", {})},
                cb_kwargs={"name": item["name"]},
                errback=self.failed,
                priority=-number,
                dont_filter=True,
            )

    def parse(self, response: Response, name: str) -> None:
        self.outcomes[name] = (response.status, response.meta.get("capture_id"))

    def failed(self, failure: Any) -> None:
        request = failure.request
        self.outcomes[request.cb_kwargs["name"]] = (type(failure.value).__name__, request.meta.get("capture_id"))


def main(plan_file: str, result_file: str, settings: str = "{}") -> None:
    plan = json.loads(Path(plan_file).read_text())
    recorder, outcomes = Listing(), Outcomes()
    process = AsyncCrawlerProcess(SETTINGS | json.loads(settings))
    recorded, unrecorded = process.create_crawler(PlanSpider), process.create_crawler(PlanSpider)
    attach(recorded, recorder)
    process.crawl(recorded, plan=[item for item in plan if item["name"] != "unrecorded"], outcomes=outcomes)
    process.crawl(unrecorded, plan=[item for item in plan if item["name"] == "unrecorded"], outcomes=outcomes)
    process.start()
    Path(result_file).write_bytes(pickle.dumps((recorder.exchanges, outcomes)))


if __name__ == "__main__":
    main(*sys.argv[1:])
