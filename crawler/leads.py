"""Where on a site its catalogues may be: the links of a page that look like disclosure columns. Pure."""

import ipaddress
import re
from urllib.parse import urlsplit

from archive.errors import LayoutError
from archive.reading.page import Page
from archive.urls import identity
from crawler.families.lists.links import base_of, resolve, tree_of
from crawler.families.lists.printed import whole_text

MOST = 12
"""Leads that are told."""

# Parts of addresses by which 31 provinces name their columns (portal-families.md section 2.2), the narrower first, and
# the words of their links.
_PATHS = tuple(
    re.compile(rf"(?:^|[/_?=&.-])(?:{names})", re.IGNORECASE)
    for names in (
        r"gkmlpt|\w*gfxwj|zcwj|\w*zfwj|zcwjk|wjk|gzk",
        r"fdzdgknr|zfxxgkml|\w*gkml|zfgb|zcfg",
        r"zfxxgk|xxgk",
        r"zwgk",
    )
)
_WORDS = (
    re.compile(r"规范性文件|政策文件|政府文件|文件库|政策库|规章库"),
    re.compile(r"法定主动公开|信息公开目录|政府公报"),
    re.compile(r"信息公开"),
    re.compile(r"政务公开"),
)
_NO_LISTS = re.compile(r"gkzn|gkzd|ysq|gknb|指南|制度|依申请|年报|登录|login", re.IGNORECASE)


def leads(page: Page) -> tuple[tuple[str, str], ...]:
    """Text and address of the links of a page that may lead to a catalogue, the likeliest first; those of its own site
    alone, each address once."""
    try:
        links, base = [*tree_of(page).iter("a")], base_of(page)
    except LayoutError:
        return ()
    found: dict[str, tuple[int, str, str]] = {}
    for link in links:
        url, text = resolve(base, link.get("href")), whole_text(link) or (link.get("title") or "").strip()
        if url is None or site_of(url) != site_of(page.url) or _NO_LISTS.search(f"{url} {text}"):
            continue
        parts = urlsplit(url)
        place = f"{parts.path}?{parts.query}#{parts.fragment}"
        rank = next((n for n, kind in enumerate(_PATHS) if kind.search(place)), len(_PATHS))
        rank = min(rank, next((n for n, words in enumerate(_WORDS) if words.search(text)), len(_WORDS)))
        if rank < len(_PATHS) and len(text) <= 20 and identity(url) != identity(page.url):
            found.setdefault(identity(url), (rank, text, url))
    ordered = sorted(found.values(), key=lambda lead: lead[0])
    return tuple((text, url) for _, text, url in ordered[:MOST])


def site_of(url: str) -> str:
    """What the hosts of one site share: ``zhuhai.gov.cn`` of ``http://zjj.zhuhai.gov.cn/``; an IP address is itself."""
    name = (urlsplit(url).hostname or "").lower()
    try:
        return str(ipaddress.ip_address(name))
    except ValueError:
        labels = name.split(".")
    public = 2 if len(labels) > 2 and labels[-1] == "cn" and labels[-2] in _SECOND else 1
    return ".".join(labels[-public - 1 :])


_SECOND = frozenset({"gov", "com", "org", "net", "edu", "ac"})
"""Second-level domains below ``cn`` that are nobody's own."""
