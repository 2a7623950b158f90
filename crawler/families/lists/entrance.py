"""What the entry page of a server-rendered column says beside its list: the column's name, and where the list is."""

import re
from urllib.parse import parse_qsl, urlsplit

from lxml import etree

from archive.reading.page import Page
from archive.urls import identity
from crawler.families.lists.links import base_of, resolve
from crawler.families.lists.printed import squeeze, whole_text

SMALL = 1024
"""Bytes. A page below this size that a script leaves at once is a signpost, not a list."""

_HERE = re.compile(r"(?:当前|所在|的)位置")
_PARTS = re.compile(r"[>»›＞：:]")
_REFRESH = re.compile(r"\d\s*[;,]\s*url\s*=\s*['\"]?([^'\"]+)", re.IGNORECASE)
_MOVED = re.compile(r"location(?:\.href)?\s*=\s*['\"]([^'\"]+)|location\.(?:replace|assign)\(\s*['\"]([^'\"]+)")


def column_name(tree: etree._Element) -> str:
    """The ``ColumnName`` meta tag (国办发〔2017〕47号), the end of the breadcrumb, or the start of the page's title."""
    for meta in tree.iter("meta"):
        if (meta.get("name") or "").lower() == "columnname" and squeeze(meta.get("content") or ""):
            return squeeze(meta.get("content") or "")
    for node in tree.iter("div", "p", "span", "td", "li"):
        trail = whole_text(node)
        if len(trail) < 200 and _HERE.search(trail[:8]):
            return squeeze(_PARTS.split(trail.rstrip(" >»›＞"))[-1])
    title = next((whole_text(node) for node in tree.iter("title")), "")
    return squeeze(re.split(r"[-_|–—]", title)[0])


def shell_target(tree: etree._Element, page: Page) -> str | None:
    """Where a page that is no list sends its reader: a refresh, a script of one line (``redirect_firstChannel.shtml``),
    a single iframe, or the list that its own query names (portal-families.md sections 5.5 and 9.3). Only within its own
    host."""
    targets = [match[1] for meta in tree.iter("meta") if (match := _REFRESH.search(meta.get("content") or ""))]
    if len(page.body) < SMALL:
        targets += [match[1] or match[2] for match in _MOVED.finditer(page.text)]
    frames = [frame.get("src") or "" for frame in tree.iter("iframe", "frame")]
    targets += frames if len(frames) == 1 else []
    parts = urlsplit(page.url)
    query = dict(parse_qsl(parts.query))
    if {"code", "temp"} <= query.keys():  # UCAP, 宜春: a department's list, which a script puts into the frame
        targets.append(f"/{parts.path.split('/')[1]}/{query['code']}/{query['temp']}.shtml")
    base = base_of(page)
    for link in targets:
        url = resolve(base, link)
        if url is not None and urlsplit(url).hostname == parts.hostname and identity(url) != identity(page.url):
            return url
    return None
