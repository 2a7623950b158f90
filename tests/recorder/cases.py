"""What the nasty server says, and how it is asked: one case a trap."""

import gzip
from dataclasses import dataclass, field
from typing import Any

from archive.vocabulary import Truncation

from .nasty import Answer, End

OK = b"HTTP/1.1 200 OK\r\n"
HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
GZIPPED = gzip.compress("政府信息公开".encode() * 200, mtime=0)


def plain(body: bytes, *headers: bytes, status: bytes = b"200 OK") -> bytes:
    """An everyday response."""
    lines = (b"HTTP/1.1 " + status, b"Content-Type: text/html; charset=GB2312", *headers)
    return b"\r\n".join((*lines, b"Content-Length: %d" % len(body), b"", body))


@dataclass(frozen=True)
class Case:
    """A request, the answers to it, and what Scrapy should make of them: a status, or the name of an exception.

    Cases that hang get a download slot of their own, so that they hang side by side."""

    name: str
    answers: tuple[Answer, ...]
    outcome: int | str = 200
    request: dict[str, Any] = field(default_factory=dict)
    meta: dict[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"/{self.name}"


def case(name: str, *answers: Answer | bytes, outcome: int | str = 200, **meta: Any) -> Case:
    request: dict[str, Any] = {key: meta.pop(key) for key in ("method", "body", "headers") if key in meta}
    whole = tuple(answer if isinstance(answer, Answer) else Answer(answer) for answer in answers)
    return Case(name, whole, outcome, request, {"max_retry_times": 0, **meta})


def hanging(name: str, response: bytes) -> Case:
    truncated = Truncation.TIME if response else None
    answer = Answer(response, end=End.HANG, truncated=truncated)
    return case(name, answer, outcome="DownloadTimeoutError", download_timeout=1.5, download_slot=name)


def cut(name: str, response: bytes, outcome: int | str = "ResponseDataLossError", **meta: Any) -> Case:
    return case(name, Answer(response, end=End.CLOSE, truncated=Truncation.DISCONNECT), outcome=outcome, **meta)


HANGING = (
    hanging("silent", b""),
    hanging("hang-in-header", OK + b"Content-Le"),
    hanging("hang-in-body", OK + b"Content-Length: 100\r\n\r\nhalf"),
    hanging("hang-in-chunk", OK + b"Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n40\r\n<p"),
    hanging("hang-unframed", OK + b"\r\n<p>this never ends"),
    hanging("hang-after-hints", HINTS),
)

# The first of them find the connection kept alive that `stale` needs.
IN_TURN = (
    case("keep-1", plain(b"one")),
    case("keep-2", plain(b"two")),
    case("keep-3", plain(b"three")),
    case("stale", Answer(b"", end=End.CLOSE), plain(b"asked twice")),
    case(
        "gzip-chunked",
        OK
        + b"content-encoding: gzip\r\nTRANSFER-ENCODING: chunked\r\nTrailer: X-Sum\r\n\r\n"
        + b'0010;name="a;b";flag\r\n%b\r\n%X;x=1\r\n%b\r\n000\r\nX-Sum: 1\r\nx-more:2\r\n\r\n'
        % (GZIPPED[:16], len(GZIPPED) - 16, GZIPPED[16:]),
    ),
    case("cookies", plain(b"c", b"Set-Cookie: a=1", b"set-cookie: b=2; Path=/", b"SET-COOKIE:c=3")),
    case("folded", plain(b"f", b"X-Folded: one\r\n   two\r\n\tthree", b"X-Spaces:    wide   ")),
    case("gbk-header", plain(b"g", "X-Title: 珠海市人民政府".encode("gbk"), "X-Name: café".encode("latin-1"))),
    case("lf-only", b"HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: 5\n\nhello"),
    case("no-colon", plain(b"n", b"this line has none", b"Server: nasty")),
    case("no-reason", b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok"),
    case("hints", Answer(plain(b"after hints"), interim=HINTS + HINTS.replace(b"\r\n", b"\n"))),
    case("continue", Answer(plain(b"posted"), interim=CONTINUE), method="POST", body=b"a=1&b=\xd6\xd0"),
    case("post-empty", plain(b"posted nothing"), method="POST"),
    case("no-content", b"HTTP/1.1 204 No Content\r\nX-Left: nothing\r\n\r\n", outcome=204),
    case("empty", plain(b"")),
    case(
        "not-modified",
        b'HTTP/1.1 304 Not Modified\r\nETag: "e"\r\nContent-Length: 1234\r\n\r\n',
        outcome=304,
        headers={"If-None-Match": '"e"'},
    ),
    case("head", OK + b"Content-Length: 1234\r\n\r\n", method="HEAD"),
    case("missing", plain("页面不存在".encode("gbk"), status=b"404 Not Found"), outcome=404),
    case("flaky", plain(b"busy", status=b"503 Service Unavailable"), plain(b"at last"), max_retry_times=2),
    case("stray", Answer(plain(b"mine"), stray=plain(b"not mine"), end=End.CLOSE)),
    case("unframed", Answer(OK + b"Connection: close\r\n\r\nuntil I close", end=End.CLOSE)),
    case("unframed-ragged", Answer(OK + b"\r\nuntil I drop", end=End.RAGGED)),
    case("http-1.0", Answer(b"HTTP/1.0 200 OK\r\nServer: old\r\n\r\nold", end=End.CLOSE)),
    cut("cut-length", OK + b"Content-Length: 100\r\n\r\nhalf"),
    cut("cut-chunked", OK + b"Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n40\r\n<p"),
    cut("cut-header", OK + b"Content-", outcome="DownloadFailedError"),
    cut("cut-but-welcome", OK + b"Content-Length: 100\r\n\r\nhalf", outcome=200, download_fail_on_dataloss=False),
    case(
        "cut-then-whole",
        Answer(OK + b"Content-Length: 9\r\n\r\nhalf", end=End.CLOSE, truncated=Truncation.DISCONNECT),
        plain(b"whole now"),
        max_retry_times=2,
    ),
    case(
        "not-http",
        Answer(b"<html>a bare page</html>\r\n\r\n", truncated=Truncation.UNSPECIFIED),
        outcome="DownloadFailedError",
    ),
    case("large", plain(b"0123456789abcdef" * 100_000)),
    case(
        "declares-too-much",
        Answer(plain(b"x" * 3_000_000), end=End.CLOSE, truncated=Truncation.LENGTH, partial=True),
        outcome="DownloadCancelledError",
        download_maxsize=100_000,
    ),
    case(
        "sends-too-much",
        Answer(
            OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"400\r\n%b\r\n" % (b"x" * 1024) * 3000 + b"0\r\n\r\n",
            end=End.CLOSE,
            truncated=Truncation.LENGTH,
            partial=True,
        ),
        outcome="DownloadCancelledError",
        download_maxsize=100_000,
    ),
    case(
        "unframed-too-much",
        Answer(OK + b"\r\n" + b"x" * 3_000_000, end=End.CLOSE, truncated=Truncation.LENGTH, partial=True),
        outcome="DownloadCancelledError",
        download_maxsize=100_000,
    ),
)

CASES = HANGING + IN_TURN

# Asked for by the crawl in other ways than as a case of its own.
ANSWERS = {
    "/robots.txt": (Answer(plain(b"User-agent: *\nAllow: /\n")),),
    "/redirect": (Answer(plain(b"moved", b"Location: /redirect-2", status=b"301 Moved Permanently")),),
    "/redirect-2": (Answer(b"HTTP/1.1 302 Found\r\nLocation: /redirect-3\r\nContent-Length: 0\r\n\r\n"),),
    "/redirect-3": (Answer(plain(b"arrived")),),
    "/redirect-to-silence": (Answer(plain(b"", b"Location: /mute", status=b"302 Found")),),
    "/mute": (Answer(b"", end=End.HANG),),
    "/proxied": (Answer(plain(b"through a proxy")),),
    "/tunnelled": (Answer(plain(b"through a tunnel")),),
    "/unwritable": (Answer(plain(b"no space left")),),
} | {case.path: case.answers for case in CASES}
