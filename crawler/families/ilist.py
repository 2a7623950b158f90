"""Family ``ilist``: ``/info/iList.jsp?cat_id=…&cur_page=…`` (section 5.12).

德阳绵竹, 旬邑, 水磨沟区, and the older portals of 乌鲁木齐, 陕西, 洪江. Rows are in the page, as in family ``static``
(``to-href`` wins over ``href`` there); ``cur_page`` in the query counts from 1. Options: those of ``static``.
"""

import re
from dataclasses import replace
from html import unescape
from urllib.parse import parse_qsl, urlsplit

from w3lib.url import add_or_replace_parameter

from archive.reading.page import Page
from crawler.families import static
from crawler.families.base import Ask, Column, ColumnSpec, Evidence, ListPage, Opening
from crawler.families.lists import blocks
from crawler.families.paging import paging

NAME = "ilist"
OPTIONS = static.OPTIONS
entry, catalogue = static.entry, static.catalogue

_PATH = re.compile(r"/info/[in](?:List|Index)\.jsp$")
_LINK = re.compile(r"/info/[in](?:List|Index)\.jsp\?[^\"'\s<>]*(?:cat|node)_id=")
_SITE = re.compile(r"\b(?:node_id=GK|site_id=CMS)\w+")
_CURRENT = re.compile(r"\bcur_page=(\d+)")


def detect(page: Page) -> tuple[Evidence, ...]:
    """Signs of the CMS: its addresses, the form of its ids, its paging parameter."""
    found = []
    if _PATH.search(urlsplit(page.url).path) or _LINK.search(page.text):
        found.append(Evidence("/info/iList.jsp in addresses", 2))
    if _SITE.search(page.url) or _SITE.search(page.text):
        found.append(Evidence("node_id=GK… or site_id=CMS…", 2))
    if _CURRENT.search(page.text):
        found.append(Evidence("cur_page= in the page", 1))
    return tuple(found)


def open(page: Page, spec: ColumnSpec) -> Opening:
    """The one column that a list page is. A shell that only leads to the list is followed."""
    [column] = static.open(page, spec).columns
    return Opening((replace(column, key=key(spec), family=NAME),))


def read_list(page: Page, column: Column, number: int) -> ListPage:
    """Rows, and the next page while a link or a number says that there is one. Where the page shows no pager at all,
    the next number is tried: behind the last page the portal shows it again, or a list without rows.

    Raises ``LayoutError`` for what is no list."""
    linked = {int(found) for found in _CURRENT.findall(unescape(page.text))}
    pager = paging(page)
    if number > 1 and not linked and pager is None and not blocks.find(page, column.url) and detect(page):
        return ListPage((), None)
    found = static.read_list(page, column, number)
    pages = pager.pages if pager is not None else None
    paged = bool(linked) or pages is not None
    more = number < max(linked | {pages or 1}) if paged else bool(found.rows)
    following = Ask(add_or_replace_parameter(page.url, "cur_page", str(number + 1))) if more else None
    return replace(found, next=found.next or following, declared_pages=pages, guess=not paged)


def key(spec: ColumnSpec) -> str:
    """The key of a column: given, or what names it: ``GKmzs/15971``, ``10111``; else as in family ``static``."""
    query = dict(parse_qsl(urlsplit(spec.url).query))
    place = "/".join(query[name] for name in ("site_id", "node_id", "cat_id", "catalog_id") if query.get(name))
    return spec.key or place or static.key(spec)
