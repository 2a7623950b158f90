"""Which URL is which: the identity of a document's address."""

import hashlib
import re
from functools import lru_cache
from urllib.parse import urlsplit, urlunsplit

from w3lib.url import canonicalize_url

_SESSION = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
_DEFAULT_PORT = {"http": ":80", "https": ":443"}


@lru_cache(maxsize=8192)  # one address is asked about several times within a moment
def tidy(url: str) -> str:
    """An absolute URL in canonical form: sorted query, no fragment, no default port, no ``;jsessionid=``.

    The scheme is kept: this is still an address one can ask for."""
    parts = urlsplit(canonicalize_url(_SESSION.sub("", url.strip())))
    port = _DEFAULT_PORT.get(parts.scheme, "")
    netloc = parts.netloc.removesuffix(port) if port else parts.netloc
    return urlunsplit((parts.scheme, netloc, parts.path or "/", parts.query, ""))


def identity(url: str) -> str:
    """What two addresses of the same page share: :func:`tidy` without its scheme.

    http and https of one host show the same page on every portal known to us."""
    return tidy(url).partition("://")[2]


def document_id(portal: str, url: str) -> str:
    """A document's id: portal key and 12 hex digits of its address. The same in every rebuild, on every machine."""
    return f"{portal}-{hashlib.sha256(identity(url).encode()).hexdigest()[:12]}"


def host(url: str) -> str:
    """Host and port as they tell sites apart: lower case, default port dropped."""
    return identity(url).partition("/")[0].partition("?")[0]
