"""A portal being served: its state, and what a request meets there. The wire itself is ``server``'s."""

import gzip
import json
import threading
from dataclasses import dataclass, replace
from types import ModuleType
from urllib.parse import parse_qsl, urlsplit

from crawler.practice import gkmlpt, trs, ucap
from crawler.practice.faults import (
    BUSY,
    CHALLENGES,
    INSTEAD,
    NOT_FOUND,
    ROBOTS,
    SOFT_NOT_FOUND,
    Faults,
    Robots,
    Trouble,
)
from crawler.practice.markup import CHARSET
from crawler.practice.model import Answer, Plan, PracticePortal, Site, Truth

_FAMILIES: tuple[ModuleType, ...] = (gkmlpt, trs, ucap)
PORTALS: dict[str, PracticePortal] = {module.PORTAL.key: module.PORTAL for module in _FAMILIES}
PORTAL_FILE_PATH = "/practice/portal.toml"


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it arrived: header names in their own case and order."""

    method: str
    target: str  # path and query, as sent
    headers: tuple[tuple[str, str], ...]

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    def header(self, name: str) -> str:
        """The first value of a header, whatever its case; the empty string if there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


class RunningPortal:
    """A portal being served. ``faults`` may be set while it runs: the next request meets the new ones."""

    def __init__(self, portal: PracticePortal, origin: str, scale: int, faults: Faults) -> None:
        self.key = portal.key
        self.url = origin + "/"
        self.requests: list[Request] = []
        self._portal = portal
        self._plan = Plan(origin, scale)
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
        tables = "\n".join(f"[[column]]\nfamily = {_toml(family)}\nurl = {_toml(url)}\n" for family, url in entries)
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

    def reply(self, target: str) -> tuple[Answer, Trouble | None]:
        """What a GET of the target meets: an answer, and the trouble that the wire has to act out with it."""
        parts = urlsplit(target)
        with self._lock:
            faults, site = self._faults, self._site
            self._served += 1
            served, again = self._served, target in self._met
            self._met.add(target)
        if faults.challenge_after is not None and served > faults.challenge_after:
            return CHALLENGES[faults.challenge_status], None
        if parts.path == "/robots.txt":
            hangs = faults.robots is Robots.HANG
            return ROBOTS.get(faults.robots, NOT_FOUND), Trouble.HANG if hangs else None
        if parts.path == PORTAL_FILE_PATH:
            return Answer(self.portal_file(), mime="application/toml"), None
        if faults.busy_once and not again:
            return BUSY, None
        if parts.path not in site.pages:
            return SOFT_NOT_FOUND if faults.soft_404 else NOT_FOUND, None
        trouble = faults.troubles.get(site.keys.get(parts.path, ""))
        if trouble in INSTEAD:
            return INSTEAD[trouble], None
        return site.pages[parts.path](dict(parse_qsl(parts.query))), trouble


def _toml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a JSON string is a TOML basic string


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
