"""The practice portals, started once for the tests that only read."""

import http.client
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from crawler.practice import RunningPortal, start


@dataclass(frozen=True)
class Got:
    """An answer, as a client that follows nothing and decodes nothing sees it."""

    status: int
    headers: dict[str, str]  # names in lower case
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


Get = Callable[[str], Got]


@pytest.fixture(scope="session")
def portals() -> Iterator[dict[str, RunningPortal]]:
    with start() as running:
        yield running


@pytest.fixture
def get() -> Get:
    def ask(url: str) -> Got:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.netloc, timeout=10)
        try:
            connection.request("GET", parts.path + (f"?{parts.query}" if parts.query else ""))
            answer = connection.getresponse()
            return Got(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    return ask
