"""Family ``truecms``: lists of TrueCMS, drawn by the script ``jpage`` (section 5.14).

南通 with its districts, 连云港, 上海人大. The page holds its first records in the hidden ``#initData``; the others come
from ``getMessage.do`` as JSONP around a datastore. How many may be asked for at once differs from site to site: what is
too many brings nothing, or 404. So they are asked for in the windows of the site's own script, and with ``Referer``.
Where the service is switched off (连云港), the records of the page are all there is.
"""

import json
import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from urllib.parse import urlencode, urljoin, urlsplit

from lxml import etree

from archive.errors import LayoutError
from archive.events import CatalogueRow
from archive.reading.page import Page
from crawler.families import hanweb_units, static
from crawler.families.base import Ask, Column, ColumnSpec, Evidence, ListPage, Opening
from crawler.families.lists.entrance import column_name
from crawler.families.lists.links import tree_of
from crawler.families.lists.literal import objects
from crawler.families.lists.printed import content
from crawler.families.lists.records import Record, count
from crawler.families.lists.script import tokens

NAME = "truecms"
OPTIONS: Mapping[str, Callable[[object], str]] = {}
"""``[column.truecms]`` has no keys: all is discovered."""

entry, key, catalogue = static.entry, static.key, static.catalogue

_SERVICE = re.compile(r"/truecms/messageController/getMessage\.do", re.IGNORECASE)
_JSONP = re.compile(r"\s*[\w.$]+\s*\((.*)\)\s*;?\s*", re.DOTALL)
_TOTAL = re.compile(r"<totalrecord>\s*(?:<!\[CDATA\[)?\s*(\d+)", re.IGNORECASE)
_BOUND = re.compile(r"\b((?:start|end)record=)(\d+)")
_PER_PAGE, _GROUP = 10, 3  # as 南通 has them


def detect(page: Page) -> tuple[Evidence, ...]:
    """Signs of the CMS: its list service, its hidden list."""
    signs = (
        (_SERVICE.search(page.text), Evidence("messageController/getMessage.do", 3)),
        (re.search(r"id=[\"']initData[\"']", page.text), Evidence("a hidden list #initData", 2)),
        ("name2('" in page.text, Evidence("addresses in name2('…')", 1)),
    )
    return tuple(sign for met, sign in signs if met)


def open(page: Page, spec: ColumnSpec) -> Opening:
    """The one column that a list page is. Raises ``LayoutError`` if it has neither records nor a service."""
    tree, told = tree_of(page), _told(page)
    if not told and not tree.xpath("//*[@id='initData']"):
        raise LayoutError(f"{page.url}: no #initData and no call of getMessage.do in its {len(page.body)} bytes")
    name = spec.name or column_name(tree) or key(spec)
    return Opening((Column(key(spec), name, spec.url, NAME, None, count(told.get("totalRecord")), spec.options),))


def read_list(page: Page, column: Column, number: int) -> ListPage:
    """Rows of the page's own records, or of an answer of the service. Raises ``LayoutError`` for an answer that is
    neither, and for one without records where there must be some."""
    if _SERVICE.search(urlsplit(page.url).path):
        return _answered(page, column)
    told = _told(page)
    box = next(iter(tree_of(page).xpath("//*[@id='initData']")), None)
    rows = _rows(box, page.url) if box is not None else ()
    total = count(told.get("totalRecord"))
    if (total is None or len(rows) < total) and (rows or total):
        first = _ask(page.url, told, len(rows) + 1)
        return ListPage(rows, first, total, number + 1 if first is None and total is not None else None)
    return ListPage(rows, None, total)


def _told(page: Page) -> Record:
    """What the page's script tells ``jpage`` of the list that the service has."""
    for script in tree_of(page).iter("script"):
        source = content(script)
        if _SERVICE.search(source):
            for told in objects([*tokens(source)], "proxyUrl", {}):
                if _SERVICE.search(str(told["proxyUrl"])):
                    return told
    return {}


def _ask(page_url: str, told: Record, start: int) -> Ask | None:
    """The request for the window from record ``start`` (1-based) on. The service is asked at the page's own host:
    scripts were seen that name one by its number."""
    parameters = told.get("ajaxParam")
    column = parameters.get("columnId") if isinstance(parameters, dict) else None
    if not isinstance(column, str):
        return None
    size = count(told.get("perPage")) or _PER_PAGE
    window = size * (count(told.get("groupSize")) or _GROUP)
    service = urljoin(page_url, urlsplit(str(told["proxyUrl"])).path)
    query = {"startrecord": start, "endrecord": start + window - 1, "perpage": size, "contentTemplate": ""}
    asked = urlencode({**query, "columnId": column, "callback": "cb"})
    return Ask(f"{service}?{asked}", headers=_headers(page_url))


def _headers(page_url: str) -> tuple[tuple[str, str], ...]:
    return ("Referer", page_url), ("X-Requested-With", "XMLHttpRequest")


def _answered(page: Page, column: Column) -> ListPage:
    text = _JSONP.fullmatch(page.text)
    try:
        answer = json.loads(text[1] if text else page.text)
    except ValueError as error:
        raise LayoutError(f"{page.url}: not an answer of getMessage.do: {error}") from error
    result = answer.get("result") if isinstance(answer, dict) else None
    if not isinstance(result, str):
        raise LayoutError(f"{page.url}: not an answer of getMessage.do: no result in it")
    said = _TOTAL.search(result)
    total = int(said[1]) if said else column.declared
    start, end = (int(bound[2]) for bound in _BOUND.finditer(page.url))
    records = "".join(hanweb_units.records(result))
    rows: tuple[CatalogueRow, ...] = ()
    if records:
        shape = "table" if records.lstrip()[:3].lower() == "<tr" else "ul"
        body = f"<html><body><{shape}>{records}</{shape}></body></html>".encode()
        rows = _rows(Page(page.url, 200, (("Content-Type", "text/html; charset=utf-8"),), body).tree, column.url)
    elif total is not None and start <= total:
        raise LayoutError(
            f"{page.url}: no record, though {total} are declared; the window may be too wide for the site"
        )
    more = end < total if total is not None else bool(rows)
    window = end - start + 1
    further = _BOUND.sub(lambda bound: f"{bound[1]}{int(bound[2]) + window}", page.url)
    return ListPage(rows, Ask(further, headers=_headers(column.url)) if more else None, total)


def _rows(box: etree._Element, base: str) -> tuple[CatalogueRow, ...]:
    items = [*box.iter("li")] or [*box.iter("tr")]
    rows = hanweb_units.rows([_markup(item) for item in items], base)
    if items and not rows:
        raise LayoutError(f"{base}: none of its {len(items)} records has a link to a document")
    return rows


def _markup(item: etree._Element) -> str:
    """A record by itself. Where no link is in it, the element with a click handler is made one (连云港)."""
    alone = deepcopy(item)
    alone.tail = None
    if next(alone.iter("a"), None) is None:
        for node in alone.iter():
            if node.get("onclick"):
                node.tag = "a"
                break
    return etree.tostring(alone, encoding="unicode", method="html")
