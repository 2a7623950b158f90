"""Where a portal ends. Pure: judged by address alone, before anything is asked for."""

import ipaddress
import re
from enum import StrEnum
from functools import lru_cache
from urllib.parse import urlsplit

Origin = tuple[str, str]
"""Scheme and host:port (default port left out), lower case."""

_PLACE = re.compile(r"https?://[A-Za-z0-9.:-]+/")
"""All of a plain address that says where it is."""


class Judgement(StrEnum):
    """What a URL is to a portal. Every value but ``INSIDE`` is also the reason written into the database."""

    INSIDE = "inside"
    EXTERNAL = "external"
    OTHER_SCHEME = "other_scheme"
    PRIVATE_ADDRESS = "private_address"


class Scope:
    """The places where a portal lives: from its home, its columns and ``hosts`` in its file."""

    def __init__(self, origins: frozenset[Origin]) -> None:
        self._origins = origins
        self._hosts = frozenset(host for _, host in origins)
        self._of_place = lru_cache(maxsize=1024)(self._judged)

    def link(self, url: str) -> Judgement:
        """A link that a page of the portal shows. http or https does not matter on a host of the portal."""
        place = _PLACE.match(url)  # asked of every row and every request: places are few
        return self._of_place(place[0]) if place else self._judged(url)

    def _judged(self, url: str) -> Judgement:
        scheme, host = _origin(url)
        if scheme not in ("http", "https"):
            return Judgement.OTHER_SCHEME
        if host in self._hosts:
            return Judgement.INSIDE
        return Judgement.PRIVATE_ADDRESS if _is_private(url) else Judgement.EXTERNAL

    def redirect(self, source: str, target: str) -> Judgement:
        """A redirect. Another scheme is followed only where the portal itself lives there."""
        judged = self.link(target)
        if judged is not Judgement.INSIDE:
            return judged
        same_scheme = urlsplit(source).scheme == urlsplit(target).scheme
        return judged if same_scheme or _origin(target) in self._origins else Judgement.OTHER_SCHEME

    def lives_on_http(self, url: str) -> bool:
        """Whether the portal itself is served over plain http on this URL's host."""
        return ("http", _origin(url)[1]) in self._origins


def _origin(url: str) -> Origin:
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:  # a port that is no number, a broken IPv6 address
        return "", ""
    host = (parts.hostname or "").lower()
    if ":" in host:
        host = f"[{host}]"
    default = {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme.lower(), host if port in (None, default) else f"{host}:{port}"


def _is_private(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False
