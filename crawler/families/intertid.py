"""Family ``intertid``: the CMS of 无锡 and its districts (section 5.11).

A list is ``…/index.shtml``. Its rows are in the page, as in family ``static``, and page 2 is ``index_2.shtml``
(``index_1.shtml`` answers 404); or its script fetches them: ``getSearchList(…)`` calls ``POST /info_open/search``.
Options: those of ``static``; ``site_id`` and ``channel_ids``, where no script says them (if they are given, the service
is asked though the page has rows); ``kind``, which the service of 宜兴 and 江阴 wants as well (5).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from lxml import etree

from archive.errors import LayoutError
from archive.events import CatalogueRow
from archive.reading.page import Page
from crawler.families import static
from crawler.families.base import Ask, Column, ColumnSpec, Evidence, ListPage, Opening
from crawler.families.lists import blocks
from crawler.families.lists.entrance import column_name
from crawler.families.lists.links import base_of, resolve, target, tree_of
from crawler.families.lists.printed import content
from crawler.families.lists.records import Record, answer_of, count, day, holder, mappings, pick, stated
from crawler.families.lists.script import Token, tokens
from crawler.families.paging import paging

NAME = "intertid"
SIZE = "20"
"""Rows of a page where no script says how many."""

entry, key, catalogue = static.entry, static.key, static.catalogue

_SERVICE = "/info_open/search"
_CALL = re.compile(r"\b\w*getSearchList\b")  # qx_wbj_getSearchList, qx_parent_wbj_getSearchList …
_ISSUED = re.compile(r"/doc/(\d{4})/(\d\d)/(\d\d)/\d+\.s?html")
_MARKER = re.compile(r"<!--<\$\[\w+\]>")
_FILE = re.compile(r"(?:^|/)index_(\d+)\.(s?html?)$")


def detect(page: Page) -> tuple[Evidence, ...]:
    """Signs of the CMS: comments around its fields, the addresses of its documents, its search service."""
    documents = {*_ISSUED.findall(f"{page.url} {page.text}")}
    signs = (
        (_MARKER.search(page.text), Evidence("comment markers <!--<$[…]>-->", 3)),
        (documents, Evidence("/doc/YYYY/MM/DD/ in addresses", 3 if len(documents) > 2 else 1)),
        (_CALL.search(page.text), Evidence("a call of getSearchList", 2)),
        (_SERVICE in page.text, Evidence(f"{_SERVICE} in the page", 2)),
    )
    found = tuple(sign for met, sign in signs if met)
    own = re.search(r"/index(?:_\d+)?\.shtml$", urlsplit(page.url).path)
    return (*found, Evidence("index.shtml in the address", 1)) if found and own else found


def open(page: Page, spec: ColumnSpec) -> Opening:
    """The one column that a list page is."""
    tree = tree_of(page)
    query = _given(spec.options or {}) or ({} if blocks.find(page, spec.url) else _called(tree))
    if not query:
        [column] = static.open(page, spec).columns
        return Opening((replace(column, family=NAME),))
    if kind := (spec.options or {}).get("kind"):
        query["kind"] = str(kind)
    name = spec.name or column_name(tree) or key(spec)
    return Opening((Column(key(spec), name, spec.url, NAME, _ask(page.url, query, 1), options=spec.options),))


def read_list(page: Page, column: Column, number: int) -> ListPage:
    """Rows of a page, or of the service's answer. Where a script draws the pager, the next number is tried.

    Raises ``LayoutError`` for what is neither."""
    if column.first is not None and column.first.method == "POST":
        return _of_service(page, column, number)
    tree = tree_of(page)
    urls = (target(link, base_of(page)) for link in tree.iter("a"))
    linked = {int(match[1]) for url in urls if url and (match := _FILE.search(urlsplit(url).path))}
    pager, found = paging(page), static.read_list(page, column, number)
    pages = pager.pages if pager is not None else None
    told = bool(linked) or pages is not None
    more = number < max(linked | {pages or 1}) if told else bool(found.rows)
    following = found.next or (Ask(_file(page.url, number + 1)) if more else None)
    return replace(found, next=following, declared_pages=pages, guess=not told)


def _file(url: str, number: int) -> str:
    """The address of a further page of a list."""
    own = re.search(r"\.(s?html?)$", urlsplit(url).path)
    return urljoin(url, f"index_{number}.{own[1] if own else 'shtml'}")


# --- the service ----------------------------------------------------------------------------------------------------


def _given(options: Mapping[str, object]) -> dict[str, str]:
    """The query as the portal file has it."""
    site, channels = options.get("site_id"), options.get("channel_ids")
    return _query(str(site), ",".join(map(str, channels))) if site and isinstance(channels, list) else {}


def _called(tree: etree._Element) -> dict[str, str]:
    """The query as the page's script has it: ``getSearchList(page, size, site, channels, type, order)``."""
    for script in tree.iter("script"):
        stream = [*tokens(content(script))]
        for at, token in enumerate(stream):
            if token.kind == "name" and _CALL.fullmatch(token.text) and stream[at - 1].text != "function":
                arguments = [inner for inner in stream[at + 2 : at + 13] if inner.text != ","][:6]
                size, site, channels, kind, order = (
                    _literal(argument, stream) for argument in [*arguments, *[Token("mark", "")] * 6][1:6]
                )
                if site.isdecimal() and re.fullmatch(r"\d+(?:,\d+)*", channels):
                    return _query(site, channels, size, kind, order)
    return {}


def _literal(argument: Token, stream: Sequence[Token]) -> str:
    """A literal; for a variable, all literals that it is put together from: ``ids = "1"; ids = ids + "," + 2``."""
    if argument.kind != "name":
        return str(argument.value or "")
    parts: list[Token] = []
    for at, token in enumerate(stream[:-2]):
        sign = stream[at + 1].text + stream[at + 2].text
        if token.text == argument.text and (sign == "+=" or (sign[0] == "=" and sign != "==")):
            parts += takewhile(lambda part: part.text != ";", stream[at + 2 :])
    return "".join(str(part.value) for part in parts if part.value is not None)


def _query(site: str, channels: str, size: str = "", kind: str = "", order: str = "") -> dict[str, str]:
    return {
        "siteId": site,
        "channelIds": channels,
        "pageSize": size if size.isdecimal() else SIZE,
        "searchType": kind or "2",
        "order": order or "writeTime",
    }


def _ask(page_url: str, query: Mapping[str, str], number: int) -> Ask:
    headers = (
        ("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"),
        ("Referer", page_url),
        ("X-Requested-With", "XMLHttpRequest"),
    )
    body = urlencode({**query, "pageIndex": str(number)}).encode()
    return Ask(urljoin(page_url, _SERVICE), "POST", headers, body)


def _of_service(page: Page, column: Column, number: int) -> ListPage:
    answer = answer_of(page, "info_open/search")
    batch = holder(answer, ("data",))
    if batch is None or count(answer.get("status")) not in (0, None):
        raise LayoutError(f"{page.url}: not an answer of info_open/search: {page.text[:80]!r}")
    total, pages, records = count(batch.get("totalElements")), count(batch.get("totalPages")), mappings(batch["data"])
    rows = tuple(row for record in records if (row := _row(record, column.url)))
    if (records and not rows) or (number == 1 and total and not records):
        raise LayoutError(f"{page.url}: {total} rows declared, and none with an address among {len(records)}")
    more = number < pages if pages is not None else bool(rows)
    following = None
    if more and rows and column.first is not None:
        query = dict(parse_qsl(column.first.body.decode(), keep_blank_values=True))
        following = _ask(column.url, query, number + 1)
    return ListPage(rows, following, total, pages)


def _row(record: Record, base: str) -> CatalogueRow | None:
    """A row may lack its title or its date; of the date, the address says as much."""
    url = resolve(base, pick(record, "url"))
    if url is None:
        return None
    dates = [pick(record, name) for name in ("writeTimeString", "writeTime", "openTime")]
    issued = _ISSUED.search(url)
    return CatalogueRow(
        url,
        pick(record, "title"),
        day(*dates) or ("-".join(issued.groups()) if issued else ""),
        tuple(stated(record, "title", "url")),
    )


def _site_fault(value: object) -> str:
    return "" if str(value).isdecimal() else "must be the site's number, such as 181"


def _channels_fault(value: object) -> str:
    good = isinstance(value, list) and value and all(str(item).isdecimal() for item in value)
    return "" if good else "must be a list of the numbers of channels, such as [38939, 38940]"


def _kind_fault(value: object) -> str:
    return "" if str(value).isdecimal() else "must be a number; 宜兴 and 江阴 have 5"


OPTIONS: Mapping[str, Callable[[object], str]] = {
    **static.OPTIONS,
    "site_id": _site_fault,
    "channel_ids": _channels_fault,
    "kind": _kind_fault,
}
"""Keys of ``[column.intertid]``, each with what says what is wrong with a value."""
