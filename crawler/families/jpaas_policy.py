"""Policy libraries of jpaas (jpolicy): their lists are JSON, their documents ``front/info/detail?iid=`` (section 5.3).

山东 answers ``data.list`` with ``title, iid, publishDate``; 济南 ``data.bean.results`` with ``infoid, title, issue``,
which is the 文号, ``publishunit, publishdate, validity``. Which service a library asks only its script knows, so the
portal file names it.
"""

import re
from urllib.parse import urlencode, urljoin

from archive.errors import LayoutError
from archive.events import CatalogueRow
from archive.reading.page import Page
from crawler.families.base import Ask, Column, ListPage
from crawler.families.lists.records import Record, answer_of, count, day, holder, mappings, pick, stated

SIZE = 15
"""Rows of a page: what 山东's own page asks for."""

_LIBRARY = re.compile(r"^.*?/jpaas-jpolicy-web-server/")
_LISTS = ("list", "results", "rows", "records")
_TOTALS = ("total", "totalCount", "totalRecord", "totalNum", "count")


def is_library(url: str) -> bool:
    """Whether an address is of a policy library."""
    return _LIBRARY.match(url) is not None


def ask(service: str, number: int, referer: str) -> Ask:
    """Page ``number`` of a library's list."""
    form = urlencode({"pageNo": number, "pageSize": SIZE}).encode()
    headers = (("Referer", referer), ("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"))
    return Ask(service, "POST", headers, form)


def read_list(page: Page, column: Column, number: int) -> ListPage:
    """Rows of an answer. Raises ``LayoutError`` if it is none."""
    assert column.first is not None
    around = holder(answer_of(page, "a policy library"), _LISTS)
    if around is None:
        raise LayoutError(f"{page.url}: a policy library's answer without a list")
    rows = tuple(_row(item, column.url) for name in _LISTS for item in mappings(around.get(name)))
    total = next((found for name in _TOTALS if (found := count(around.get(name))) is not None), None)
    following = ask(column.first.url, number + 1, column.url)
    more = total is None or number * SIZE < total
    return ListPage(rows, following if more else None, total, guess=total is None)


def _row(item: Record, page: str) -> CatalogueRow:
    library = _LIBRARY.match(page)
    number = pick(item, "iid", "infoid")
    detail = f"{library[0] if library else '/jpaas-jpolicy-web-server/'}front/info/detail?iid={number}"
    return CatalogueRow(
        url=urljoin(page, pick(item, "url") or detail),
        title=pick(item, "title", "titles"),
        date=day(pick(item, "publishDate"), pick(item, "publish_date")),
        fields=tuple(stated(item, "title", "url")),
    )
