"""Exchanges to write, a writer with a clock that stands still, and responses of the nasty kind."""

import gzip
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archive.events import Captured
from archive.vocabulary import Role
from archive.warc.check import Checker, Problem
from archive.warc.exchange import Exchange
from archive.warc.records import Original
from archive.warc.write import WarcWriter

PORTAL = "zhuhai"
AT = datetime(2026, 11, 22, 6, 4, 23, 1, tzinfo=UTC)
URL = "http://www.zhuhai.gov.cn/zwgk/content/post_1.html"
REQUEST = b"GET /zwgk/content/post_1.html HTTP/1.1\r\nHost: www.zhuhai.gov.cn\r\nAccept-Encoding: gzip\r\n\r\n"
BODY = "<p>关于印发《珠海市某某办法》的通知</p>".encode() * 10
GZIPPED = gzip.compress(BODY, mtime=0)

NASTY = {
    "plain": b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
    "gbk header": "HTTP/1.1 200 OK\r\nContent-Disposition: attachment; filename=办法.doc\r\n\r\n".encode("gbk")
    + b"x" * 9,
    "latin-1 header": b"HTTP/1.1 200 D\xe9j\xe0 vu\r\nX-\xe9: \xa0\x85\r\n\r\nbody",
    "folded": b"HTTP/1.1 200 OK\r\nX-Fold: one\r\n\ttwo\r\n   three\r\nServer : IIS\r\n\r\nbody",
    "LF only": b"HTTP/1.0 200 OK\nServer: old\nContent-Type: text/html\n\nbody\r\n\r\n",
    "mixed ends": b"HTTP/1.1 200 OK\r\nServer: x\n\r\nbody",
    "no colon": b"HTTP/1.1 200 OK\r\nthis is no header\r\n: no name\r\nServer: x\r\n\r\nbody",
    "no reason": b"HTTP/1.1 200\r\nServer: x\r\n\r\nbody",
    "cookies": b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nSET-COOKIE: c=3\r\n\r\nbody",
    "empty body": b"HTTP/1.1 204 No Content\r\n\r\n",
    "no head end": b"HTTP/1.1 200 OK\r\nServer: x\r\nContent-Le",
    "nothing": b"",
    "not http": b"\x00\x01 SSH-2.0-OpenSSH\r\n\r\nhello\r\n",
    "warc inside": b"HTTP/1.1 200 OK\r\n\r\nWARC/1.1\r\nWARC-Type: response\r\nContent-Length: 0\r\n\r\n\r\n\r\n",
    "gzip inside": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + GZIPPED,
    "blank lines in front of the body": b"HTTP/1.1 200 OK\r\n\r\n\r\n\r\n\r\n",
}
CHUNKED = {
    "chunked": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;ext=1\r\nabc\r\n0\r\nX-Trailer: 1\r\n\r\n",
    "cut in a chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nff\r\nde",
}


def exchange(response: bytes | None = None, url: str = URL, **more: Any) -> Exchange:
    """An exchange of a document page; its body is new for each URL."""
    if response is None:
        body = BODY + url.encode()
        response = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    known: dict[str, Any] = {
        "request": REQUEST,
        "started_at": AT,
        "elapsed_ms": 120,
        "ip": "192.0.2.7",
        "context": Captured("run-1", PORTAL, Role.DOCUMENT, "zcwj", entry_url=url),
    }
    return Exchange(url, response=response, **(known | more))


def nothing_known(_digest: str, _url: str) -> Original | None:
    return None


OpenWriter = Callable[..., WarcWriter]


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[OpenWriter]:
    """Opens writers in ``tmp_path``; what a test leaves open is closed."""
    with ExitStack() as held:

        def make(**more: Any) -> WarcWriter:
            settings: dict[str, Any] = {"software": "gongkai/0.1", "find": nothing_known, "clock": lambda: AT}
            return held.enter_context(WarcWriter(tmp_path, PORTAL, **(settings | more)))

        yield make


FIRST = "zhuhai-20261122T060423Z-00000.warc.gz"
"""The first file that a writer of :data:`PORTAL` makes."""


def only_file(tmp_path: Path) -> Path:
    (path,) = (tmp_path / PORTAL).glob("*.warc.gz*")
    return path


def problems(*paths: Path) -> list[Problem]:
    checker = Checker()
    found = [item for path in paths for item in checker.check(path) if isinstance(item, Problem)]
    return [*found, *checker.links()]
