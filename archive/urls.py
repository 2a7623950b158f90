"""Which URL is which: the identity of a document's address."""

import hashlib
import re
from functools import lru_cache
from urllib.parse import urlsplit, urlunsplit

from w3lib.url import canonicalize_url

PLAIN = re.compile(r"https?://[a-z0-9.-]+(?::\d+)?(?:/(?!\.)[A-Za-z0-9._~-]*)*")
"""An address in canonical form but for its default port: without query and fragment, nothing to escape or resolve."""

_SESSION = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
_DEFAULT_PORT = {"http": ":80", "https": ":443"}
_INDEX = re.compile(r"(?:(?:index|default)\.(?:s?html?|jhtml|jsp|aspx?|php))?", re.IGNORECASE)
_UUID = r"[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}"

_SAME_PAGE: tuple[tuple[str, re.Pattern[str], str], ...] = (
    # VSB: any template of a site's folder shows a news item by its number, and so does info/<tree>/<news>.htm
    (
        "wbnewsid=",
        re.compile(
            r"^([^?]*)/[^/?]+\.jsp\?(?=.*\burltype=news\.NewsContentUrl\b)"
            r"(?=.*\bwbtreeid=(\d+))(?=.*\bwbnewsid=(\d+)).*$",
            re.IGNORECASE,
        ),
        r"\1/info/\2/\3.htm",
    ),
    # Hanweb: art_<column>_<number>, below whichever column and day; a new style's UUID says it alone
    ("/art_", re.compile(r"(?:/col/col\d+)?/art/[\d/]+/art_(\d+_\d+)\.html$"), r"/art/art_\1.html"),
    ("/art_", re.compile(rf"^([^/]+)/(?:[^?]*/)?art/\d+/art_({_UUID})\.html$", re.IGNORECASE), r"\1/art/art_\2.html"),
    # gkmlpt: the page for telephones
    ("/mpost_", re.compile(r"(/gkmlpt/content/\d+/\d+)/mpost_(\d+\.html)$"), r"\1/post_\2"),
)
"""What is in an address, the addresses that platforms give one page, and what they become (portal-families.md 5.1, 5.2,
5.7 and 9.3). Nothing here joins two hosts: a platform's hosts show one number with different texts."""


@lru_cache(maxsize=8192)  # one address is asked about several times within a moment
def tidy(url: str) -> str:
    """An absolute URL in canonical form: sorted query, no fragment, no default port, no ``;jsessionid=``.

    The scheme is kept: this is still an address one can ask for."""
    url = url.strip()
    parts = urlsplit(url if PLAIN.fullmatch(url) else canonicalize_url(_SESSION.sub("", url)))
    port = _DEFAULT_PORT.get(parts.scheme, "")
    netloc = parts.netloc.removesuffix(port) if port else parts.netloc
    return urlunsplit((parts.scheme, netloc, parts.path or "/", parts.query, ""))


@lru_cache(maxsize=8192)
def identity(url: str) -> str:
    """What the addresses of one page share: :func:`tidy` without its scheme, and one form for those that a platform
    gives the same page.

    http and https of one host show the same page on every portal known to us. No two hosts ever share an identity,
    and it is no address to ask for."""
    path, mark, query = tidy(url).partition("://")[2].partition("?")
    found = _folder(path) + mark + query
    for sign, known, one in _SAME_PAGE:
        if sign in found:
            found = known.sub(one, found)
    return found


def _folder(path: str) -> str:
    """``/zwgk`` for ``/zwgk/`` and ``/zwgk/index.html``."""
    above, slash, name = path.rpartition("/")
    while slash and _INDEX.fullmatch(name):
        path = above
        above, slash, name = path.rpartition("/")
    return path


ID_DIGITS = 12


def document_id(portal: str, url: str) -> str:
    """A document's id: portal key and 12 hex digits of its address. The same in every rebuild, on every machine."""
    return f"{portal}-{hashlib.sha256(identity(url).encode()).hexdigest()[:ID_DIGITS]}"


def host(url: str) -> str:
    """Host and port as they tell sites apart: lower case, default port dropped."""
    return identity(url).partition("/")[0].partition("?")[0]
