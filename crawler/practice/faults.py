"""What can be switched on at a portal. All of it is off by default; the traps of the families are always on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from crawler.practice.barriers import Barrier
from crawler.practice.model import Answer


class Robots(Enum):
    """How ``/robots.txt`` is answered."""

    NONE = auto()  # 404
    ALLOW = auto()  # with a rule for a folder that nobody needs
    DISALLOW = auto()  # the whole site
    FORBIDDEN = auto()  # 403
    HTML = auto()  # a soft 404: an HTML page with status 200
    HOME = auto()  # the home page, with status 200
    ERROR = auto()  # 500
    HANG = auto()  # never


class Trouble(Enum):
    """What becomes of one document."""

    GONE = auto()  # listed, but 404
    HOME = auto()  # listed, but the home page comes
    SOFT_GONE = auto()  # listed, but a page with status 200 says that it was deleted
    HANG = auto()  # no answer as long as the portal runs
    CUT = auto()  # the connection closes after half of the body
    RESET = auto()  # the connection is reset instead of an answer
    HUGE = auto()  # 50 MB of HTML, streamed
    BINARY = auto()  # octets that are no text, declared as HTML
    EMPTY = auto()  # 200 and no body
    WRONG_CHARSET = auto()  # GBK, while the header and the page say UTF-8
    TO_HOME = auto()  # redirected to the home page
    OFF_SITE = auto()  # redirected to a foreign host
    PRIVATE = auto()  # redirected to another address of the loopback network
    SCHEME = auto()  # redirected to a scheme that is not the web's


@dataclass(frozen=True, slots=True)
class Faults:
    """Behaviours of a portal. The wire first, then single documents, then what changes from one night to the next."""

    latency: float = 0.0  # seconds before each answer
    charset_in_header: bool = True
    gbk: bool = False  # pages in GBK, no charset in the header, <meta charset="gb2312">
    gzip: bool = False  # always, whatever the client accepts
    chunked: bool = False  # bodies in chunks, without Content-Length
    robots: Robots = Robots.NONE
    soft_404: bool = False  # an unknown address is answered with 200
    busy_once: bool = False  # 503 with Retry-After: 0 for the first request of each address, robots.txt apart
    reset_once: bool = False  # the connection is reset at the first request of each address, robots.txt apart
    resets_python: bool = False  # for a user agent that a Python library has by default
    cookie_gate: bool = False  # 302 to the same address until the cookie that it sets comes back
    referer_gate: bool = False  # 403 to who does not say which page of the portal led there; entry pages apart
    barrier: Barrier | None = None
    barrier_after: int = 0  # requests served before everything is the barrier
    troubles: Mapping[str, Trouble] = field(default_factory=dict)  # by document key
    withdrawn: frozenset[str] = frozenset()  # document keys: neither listed nor served
    edited: frozenset[str] = frozenset()  # document keys: one paragraph more
    emptied: frozenset[str] = frozenset()  # column names: the lists hold no row


HUGE_BYTES = 50_000_000

NOT_FOUND = Answer("<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1></body></html>", 404)
NOT_ALLOWED = Answer("<html><body><h1>405 Method Not Allowed</h1></body></html>", 405, headers=(("Allow", "GET"),))
SOFT_NOT_FOUND = Answer(
    '<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>页面不存在</title></head>'
    '<body><div class="error"><p>抱歉，您访问的页面不存在或已删除。</p><a href="/">返回首页</a></div></body></html>'
)
BUSY = Answer(
    "<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>", 503, headers=(("Retry-After", "0"),)
)

# What troubles put in the place of a document; those not named here are acted out by the server.
INSTEAD = {
    Trouble.GONE: NOT_FOUND,
    Trouble.SOFT_GONE: SOFT_NOT_FOUND,
    Trouble.BINARY: Answer(bytes(range(256)) * 64),
    Trouble.EMPTY: Answer(b""),
    Trouble.TO_HOME: Answer(b"", 302, headers=(("Location", "/"),)),
    Trouble.OFF_SITE: Answer(b"", 302, headers=(("Location", "http://www.elsewhere.example/moved.html"),)),
    Trouble.PRIVATE: Answer(b"", 302, headers=(("Location", "http://127.0.0.2/private"),)),
    Trouble.SCHEME: Answer(b"", 302, headers=(("Location", "file:///private"),)),
}

ROBOTS = {
    Robots.NONE: NOT_FOUND,
    Robots.ALLOW: Answer("User-agent: *\nDisallow: /admin/\n", mime="text/plain"),
    Robots.DISALLOW: Answer("User-agent: *\nDisallow: /\n", mime="text/plain"),
    Robots.FORBIDDEN: Answer("<html><body><h1>403 Forbidden</h1></body></html>", 403),
    Robots.HTML: SOFT_NOT_FOUND,
    Robots.ERROR: Answer("<html><body><h1>500 Internal Server Error</h1></body></html>", 500),
}
