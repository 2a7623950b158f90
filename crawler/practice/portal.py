"""A portal being served: its state, and what a request meets there. The wire itself is ``server``'s."""

import gzip
import json
import re
import threading
from dataclasses import dataclass, replace
from types import ModuleType
from urllib.parse import parse_qsl, urlsplit

from crawler.practice import (
    epoint,
    extensionless,
    gkmlpt,
    hanweb,
    ilist,
    intertid,
    irs,
    javascript,
    jpaas,
    lonsun,
    nfcms,
    pclist,
    shaanxi,
    sousuo,
    trs,
    truecms,
    ucap,
    ucap_json,
    vsb,
)
from crawler.practice.barriers import ANSWERS, Barrier
from crawler.practice.faults import (
    BUSY,
    INSTEAD,
    NOT_ALLOWED,
    NOT_FOUND,
    ROBOTS,
    SOFT_NOT_FOUND,
    Faults,
    Robots,
    Trouble,
)
from crawler.practice.markup import CHARSET
from crawler.practice.model import Answer, Plan, PracticePortal, Site, Truth, Visit

_FAMILIES: tuple[ModuleType, ...] = (
    *(gkmlpt, trs, ucap, ucap_json, irs, sousuo, hanweb, nfcms, pclist),
    *(lonsun, jpaas, epoint, intertid, ilist, truecms, vsb, extensionless, shaanxi),
)
PORTALS: dict[str, PracticePortal] = {module.PORTAL.key: module.PORTAL for module in _FAMILIES}
WITH_BROWSER: dict[str, PracticePortal] = {javascript.PORTAL.key: javascript.PORTAL}
"""Portals that it takes a browser to crawl. They are served where they are asked for by name."""

PORTAL_FILE_PATH = "/practice/portal.toml"
_GATE_COOKIE = "CT6T=practice"


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it arrived: header names in their own case and order."""

    method: str
    target: str  # path and query, as sent
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    def header(self, name: str) -> str:
        """The first value of a header, whatever its case; the empty string if there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


class RunningPortal:
    """A portal being served. ``faults`` may be set while it runs: the next request meets the new ones."""

    def __init__(self, portal: PracticePortal, origin: str, scale: int, faults: Faults, variation: int = 0) -> None:
        self.key = portal.key
        self.url = origin + "/"
        self.requests: list[Request] = []
        self._portal = portal
        self._plan = Plan(origin, scale, variation)
        self._lock = threading.Lock()
        self.faults = faults

    @property
    def faults(self) -> Faults:
        return self._faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        plan = replace(self._plan, withdrawn=faults.withdrawn, edited=faults.edited, emptied=faults.emptied)
        site = self._portal.build(plan)
        with self._lock:
            self._faults, self._site = faults, site
            self._served, self._met = 0, set[str]()

    @property
    def site(self) -> Site:
        return self._site

    @property
    def truth(self) -> Truth:
        """What a perfect crawl of the portal as it now stands would hold, were it not for faults of the wire."""
        return self._site.truth

    def portal_file(self, *columns: str) -> str:
        """The TOML of a portal file; with names of columns, only the entries that lead to them."""
        chosen = [c for c in self.truth.columns if not columns or c.name in columns]
        entries = [e for e in self._site.entries if any(column.url.startswith(e[1]) for column in chosen)]
        names = {column.name for column in self.truth.columns if any(column.url.startswith(url) for _, url in entries)}
        held = sum(1 for document in self.truth.documents if names & set(document.columns))
        tables = "\n".join(self._column(family, url) for family, url in entries)
        return f"""[portal]
name = {_toml(self._portal.name)}
home = {_toml(self.url)}
division = {_toml(self._portal.division)}
site_id_code = {_toml(self._portal.site_id_code)}

{tables}
[fetch]
delay = 0                          # on loopback there is nobody to be polite to

[expect]
entries_min = {held}
"""

    def _column(self, family: str, url: str) -> str:
        wanted = self._site.browser.get(url)
        browser = f"browser = {_toml(wanted)}\n" if wanted else ""
        return f"[[column]]\nfamily = {_toml(family)}\nurl = {_toml(url)}\n{browser}"

    def reply(self, request: Request) -> tuple[Answer, Trouble | None]:
        """What a request meets: an answer, and the trouble that the wire has to act out with it."""
        target = request.target
        parts = urlsplit(target)
        with self._lock:
            faults, site = self._faults, self._site
            self._served += 1
            served, again = self._served, target in self._met
            self._met.add(target)
        if turned_away := _gate(request, faults, site):
            return turned_away
        if faults.barrier is not None and served > faults.barrier_after:
            return _barrier(request, faults.barrier, site)
        if parts.path == "/robots.txt":
            if faults.robots is Robots.HOME:
                return _home(site), None
            hangs = faults.robots is Robots.HANG
            return ROBOTS.get(faults.robots, NOT_FOUND), Trouble.HANG if hangs else None
        if parts.path == PORTAL_FILE_PATH:
            return Answer(self.portal_file(), mime="application/toml"), None
        if faults.busy_once and not again:
            return BUSY, None
        if faults.reset_once and not again:
            return NOT_FOUND, Trouble.RESET
        if request.method != "GET" and parts.path not in site.posts:
            return NOT_ALLOWED, None
        if parts.path not in site.pages:
            return SOFT_NOT_FOUND if faults.soft_404 else NOT_FOUND, None
        trouble = faults.troubles.get(site.keys.get(parts.path, ""))
        if trouble is Trouble.HOME:
            return _home(site), None
        if trouble in INSTEAD:
            return INSTEAD[trouble], None
        visit = Visit(
            request.method,
            parts.path,
            dict(parse_qsl(parts.query, keep_blank_values=True)),
            {name.lower(): value for name, value in request.headers},
            request.body,
        )
        return site.pages[parts.path](visit), trouble


def _gate(request: Request, faults: Faults, site: Site) -> tuple[Answer, Trouble | None] | None:
    """What becomes of a request that lacks what a gate asks for; a person with a browser would not notice."""
    if faults.resets_python and re.match(r"python|scrapy|aiohttp|httpx", request.header("User-Agent"), re.IGNORECASE):
        return NOT_FOUND, Trouble.RESET
    if faults.cookie_gate and _GATE_COOKIE not in request.header("Cookie"):
        return _to_itself(request), None
    typed = {"/", "/robots.txt", PORTAL_FILE_PATH, *(urlsplit(url).path for _, url in site.entries)}
    if faults.referer_gate and request.path not in typed and not request.header("Referer"):
        return ANSWERS[Barrier.REFERER_403], None
    return None


def _barrier(request: Request, barrier: Barrier, site: Site) -> tuple[Answer, Trouble | None]:
    if barrier is Barrier.RESET:
        return NOT_FOUND, Trouble.RESET
    if barrier is Barrier.COOKIE_GATE:
        return _to_itself(request), None
    if barrier is Barrier.HOME:
        return _home(site), None
    return ANSWERS[barrier], None


def _home(site: Site) -> Answer:
    return site.pages["/"](Visit())


def _to_itself(request: Request) -> Answer:
    return Answer(b"", 302, headers=(("Location", request.target), ("Set-Cookie", f"{_GATE_COOKIE}; path=/")))


def _toml(value: str | bool) -> str:
    return json.dumps(value, ensure_ascii=False)  # a JSON string is a TOML basic string


def encode(answer: Answer, faults: Faults, *, wrong_charset: bool = False) -> tuple[bytes, list[tuple[str, str]]]:
    """The entity and the headers that describe it, under the faults of the wire. Pure."""
    kind = answer.mime
    if isinstance(answer.body, bytes):
        body = answer.body
    elif faults.gbk and answer.mime == "text/html":
        body = answer.body.replace(CHARSET, '<meta charset="gb2312">').encode("gb18030")
    else:
        body = answer.body.encode("gb18030" if wrong_charset else "utf-8")
        kind += "; charset=utf-8" if faults.charset_in_header else ""
    headers = [("Content-Type", kind), *answer.headers]
    if faults.gzip:
        body = gzip.compress(body, mtime=0)
        headers.append(("Content-Encoding", "gzip"))
    return body, headers
