"""The short ways of our middlewares: where they give something, it is what Scrapy gives."""

import gzip
import subprocess
import sys
import zlib

import pytest
from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import Headers, Response
from scrapy.utils.test import get_crawler

from crawler.middlewares.compression import CompressionMiddleware, unpacked
from crawler.middlewares.cookies import SeldomCookiesMiddleware

TEXT = "政府信息公开".encode() * 1000
PACKED = gzip.compress(TEXT)
BODIES = {
    "whole": PACKED,
    "of nothing": gzip.compress(b""),
    "two members": PACKED + gzip.compress(b"more"),
    "padded": PACKED + b"\0\0\0\0",
    "with a tail": PACKED + b"<!-- a tail -->",
    "cut short": PACKED[:-20],
    "without its end": PACKED[:-8],
    "with a wrong sum": PACKED[:-8] + b"\1\2\3\4" + PACKED[-4:],
    "broken": PACKED[:40] + b"\xff\xff" + PACKED[42:],
    "not gzip": TEXT,
    "a bare stream": zlib.compress(TEXT),
    "nothing": b"",
}


@pytest.mark.parametrize("most", [0, 10, len(TEXT) - 1, len(TEXT), len(TEXT) + 1])
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_body_is_unpacked_as_scrapy_does_it(body: bytes, most: int) -> None:
    def outcome(middleware: type[HttpCompressionMiddleware]) -> object:
        try:
            return middleware._decode(body, b"gzip", most)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is to be the same
            return type(error), str(error)

    assert outcome(CompressionMiddleware) == outcome(HttpCompressionMiddleware)


def test_only_what_is_plain_goes_the_short_way() -> None:
    assert unpacked(PACKED, 0) == unpacked(PACKED, len(TEXT)) == TEXT
    assert unpacked(gzip.compress(b""), 5) == b""
    assert unpacked(PACKED, len(TEXT) - 1) is None
    assert {name for name, body in BODIES.items() if unpacked(body, 0) is not None} == {"whole", "of nothing"}


def test_the_short_way_is_the_one_that_is_taken() -> None:
    middleware = CompressionMiddleware.from_crawler(get_crawler())
    response = Response("http://www.p.example/", headers={"Content-Encoding": "gzip", "Content-Type": "text/html"})
    found = middleware.process_response(Request(response.url), response.replace(body=PACKED))
    assert isinstance(found, Response)
    assert found.body == TEXT
    assert "Content-Encoding" not in found.headers


def test_cookies_are_kept_and_sent_back_to_who_set_them() -> None:
    middleware = SeldomCookiesMiddleware.from_crawler(get_crawler())
    first = Request("http://www.p.example/a", headers={"Cookie": "left=over"})
    middleware.process_request(first)
    assert "Cookie" not in first.headers
    answer = Response(first.url, headers=Headers({"Set-Cookie": "session=1; Path=/"}))
    assert middleware.process_response(first, answer) is answer
    for url, sent in (("http://www.p.example/b", b"session=1"), ("http://www.q.example/", None)):
        request = Request(url)
        middleware.process_request(request)
        assert request.headers.get("Cookie") == sent
    plain = Response("http://www.p.example/b")
    assert middleware.process_response(Request(plain.url), plain) is plain


def test_a_request_may_bring_its_own_cookies_or_none_at_all() -> None:
    middleware = SeldomCookiesMiddleware.from_crawler(get_crawler())
    given = Request("http://www.p.example/", cookies={"mine": "1"})
    middleware.process_request(given)
    assert given.headers.get("Cookie") == b"mine=1"
    alone = Request("http://www.q.example/", headers={"Cookie": "as=is"}, meta={"dont_merge_cookies": True})
    SeldomCookiesMiddleware.from_crawler(get_crawler()).process_request(alone)
    assert alone.headers.get("Cookie") == b"as=is"


def test_no_web_server_is_imported_for_a_crawl() -> None:
    """Scrapy imports the extensions in its own list whether or not they are on."""
    script = (
        "import sys; from pathlib import Path; from scrapy.extension import ExtensionManager;"
        "from archive.place import Place; from crawler.crawling import scrapy_settings;"
        "found = ExtensionManager._get_mwlist_from_settings(scrapy_settings(Place(Path('data')), None));"
        "print(*(one if isinstance(one, str) else f'{one.__module__}.{one.__name__}' for one in found));"
        "print('aiohttp' in sys.modules)"
    )
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert sorted(shown) == ["False", "crawler.mishaps.Mishaps", "scrapy.extensions.throttle.AutoThrottle"]
