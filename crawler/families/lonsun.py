"""Family ``lonsun``: lists of Lonsun (龙讯), ``/public/column/<organ>`` and ``/content/column/<id>`` (section 5.8).

安徽, 黄冈, 陇南, 海北, 巴中, 庐山 … Rows are in the page, as in family ``static``, or come as a piece of HTML from
``/site/label/<n>``, which its script asks for (庐山, 安徽). ``Ls.pagination`` says how many pages there are;
``pageIndex`` in the query counts from 1. Options: those of ``static``.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from lxml import etree
from w3lib.url import add_or_replace_parameter

from archive.errors import LayoutError
from archive.events import CatalogueRow
from archive.reading.page import Page
from archive.urls import identity
from crawler.families import static
from crawler.families.base import Ask, Column, ColumnSpec, Evidence, ListPage, Opening
from crawler.families.lists import blocks
from crawler.families.lists.entrance import column_name
from crawler.families.lists.links import base_of, target, tree_of
from crawler.families.lists.literal import COMPUTED, objects
from crawler.families.lists.printed import content, is_date, whole_text
from crawler.families.lists.records import Record, count
from crawler.families.lists.script import Token, tokens

NAME = "lonsun"
OPTIONS = static.OPTIONS
entry, catalogue = static.entry, static.catalogue

_COLUMN = re.compile(r"/(public|content)/column/(\d+)")
_LABEL = re.compile(r"/site/label/\d+")
_MARKS = re.compile(r"xxgk_navli|j-fontContent|table_suoyin|page_public_info|wzy_position|/site/tpl/")
_NOTHING = re.compile(r"(?:暂无|没有)(?:相关)?(?:信息|数据|内容|记录)")  # what the portal puts in place of rows
_INDEX_NUMBER = re.compile(r"[0-9A-Za-z-]{3,}[/-][0-9A-Za-z/-]*\d")

_ROW = "xxgk_navli"  # a row that is a list of its own: serial, 索引号, link, date


def detect(page: Page) -> tuple[Evidence, ...]:
    """Signs of the platform: its script library, its addresses, its class names."""
    found = []
    if re.search(r"\bLs\.(?:pagination|ajax)\b", page.text):
        found.append(Evidence("Ls.pagination or Ls.ajax in a script", 2))
    if _COLUMN.search(urlsplit(page.url).path) or len({*_COLUMN.findall(page.text)}) > 2:
        found.append(Evidence("/public/column/ or /content/column/ in addresses", 2))
    if _MARKS.search(page.text):
        found.append(Evidence("class names of Lonsun", 1))
    return tuple(found)


def open(page: Page, spec: ColumnSpec) -> Opening:
    """The one column that a list page is. Where its script asks for the rows, they are asked for at that address."""
    tree = tree_of(page)
    name = spec.name or column_name(tree) or key(spec)
    label = None if blocks.find(page, spec.url) else _label(page, tree)
    return Opening((Column(key(spec), name, spec.url, NAME, label, options=spec.options),))


def read_list(page: Page, column: Column, number: int) -> ListPage:
    """Rows, and the next page while ``pageCount`` says that there is one. Where nothing is said of pages, the next
    number is tried.

    Raises ``LayoutError`` for what is no list, and for another page or column than was asked for: portals answer a
    number that they do not understand with the first page."""
    tree = tree_of(page)
    told, further = _pager(tree), _further(page, tree)
    current, pages, total = (count(told.get(name)) for name in ("currPage", "pageCount", "total"))
    if current is not None and current != number:
        raise LayoutError(f"{page.url}: asked for page {number}, answered with page {current}")
    tried = number > 1 and pages is None
    if (tried or _NOTHING.search(whole_text(tree))) and not blocks.find(page, page.url):
        return ListPage((), None)
    rows = {"rows": f".{_ROW}"} if _ROW in page.text else {}
    found = static.read_list(page, replace(column, options={**rows, **(column.options or {})}), number)
    found = replace(found, rows=tuple(_indexed(found.rows, tree, base_of(page))))
    if pages is None and (found.next is not None or not _takes_numbers(further)):
        return found
    more = number < pages if pages is not None else bool(found.rows)
    return replace(
        found,
        next=Ask(add_or_replace_parameter(further, "pageIndex", str(number + 1))) if more else None,
        declared_total=total if total is not None else found.declared_total,
        declared_pages=pages,
        guess=pages is None,
    )


def key(spec: ColumnSpec) -> str:
    """The key of a column: given, or what names it: ``public/1681/6708461``, ``content/6791573``, else its path."""
    place = "/".join(filter(None, _place(spec.url)))
    return spec.key or place or static.key(spec)


def _place(url: str) -> tuple[str, ...]:
    """What names a column in an address: kind, number, and category of a disclosure catalogue."""
    parts = urlsplit(url)
    found = _COLUMN.search(parts.path)
    return (*found.groups(), dict(parse_qsl(parts.query)).get("catId", "")) if found else ()


def _streams(tree: etree._Element, method: str) -> Iterator[list[Token]]:
    """The tokens of each inline script that calls a method of ``Ls``."""
    sources = (content(script) for script in tree.iter("script"))
    yield from ([*tokens(source)] for source in sources if f"Ls.{method}" in source)


def _pager(tree: etree._Element) -> Record:
    """What the pager's script is told; where there is none, what the links of the disclosure skin say."""
    for stream in _streams(tree, "pagination"):
        for told in objects(stream, "pageCount", {}):
            return told
    pages = [str(link.get("paged")) for link in tree.iter("a") if (link.get("paged") or "").isdecimal()]
    return {"pageCount": max(pages, key=int)} if pages else {}


def _label(page: Page, tree: etree._Element) -> Ask | None:
    """The request for rows that the page's script would make, if it makes one."""
    for stream in _streams(tree, "ajax"):
        for told in objects(stream, "url", {}):
            address, data = str(told["url"]), told.get("data")
            if _LABEL.search(address) and isinstance(data, dict) and "pageIndex" in data:
                given = {name: _written(value) for name, value in data.items() if value is not COMPUTED}
                asked = {"IsAjax": "1", "dataType": "html", **given, "pageIndex": "1"}
                return Ask(f"{urljoin(page.url, address)}?{urlencode(asked)}")
    return None


def _written(value: object) -> str:
    """A value as jQuery puts it into a query."""
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _further(page: Page, tree: etree._Element) -> str:
    """Where further pages live: here, or, where the column was entered by an alias (``/zxzx/ztzl/…/index.html``), at
    the address that the pager's script names. Raises ``LayoutError`` if that is another column's."""
    strings = (str(t.value) for stream in _streams(tree, "pagination") for t in stream if t.kind == "string")
    addresses = sorted(filter(_COLUMN.search, strings), key=lambda address: "pageIndex" not in address)
    named = urljoin(page.url, next(iter(addresses), ""))
    mine, its = _place(page.url), _place(named)
    if any(a != b for a, b in zip(mine, its, strict=False) if a and b):
        raise LayoutError(f"{page.url}: asked for column {'/'.join(mine)}, its pager is of {'/'.join(its)}")
    return page.url if _takes_numbers(page.url) else named


def _takes_numbers(url: str) -> bool:
    """Whether ``pageIndex`` means something at an address."""
    return (_COLUMN.search(url) or _LABEL.search(url)) is not None


def _indexed(rows: tuple[CatalogueRow, ...], tree: etree._Element, base: str) -> Iterator[CatalogueRow]:
    """Rows with the 索引号 that stands beside the link, under no label, in ``xxgk_navli``."""
    numbers: dict[str, str] = {}
    for box in tree.xpath(f"//*[contains(@class, '{_ROW}')]"):
        url = next((url for link in box.iter("a") if (url := target(link, base))), None)
        text = (whole_text(node) for node in box.iter("li", "span"))
        number = next((found for found in text if _INDEX_NUMBER.fullmatch(found) and not is_date(found)), None)
        if url and number:
            numbers[identity(url)] = number
    for row in rows:
        number = numbers.get(identity(row.url))
        yield replace(row, fields=(("索引号", number), *row.fields)) if number else row
