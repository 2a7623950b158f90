"""Family ``static``: every list that the server renders as HTML, whatever its template and its paging.

TRS WCM, UCAP, VSB, the extension-less CMS, Shaanxi's platform, NFCMS and many a house CMS differ in markup and page
files, not in kind (portal-families.md sections 5.4, 5.5, 5.7, 5.10, 5.13). Options, all discovered where absent:
``rows``, a CSS selector of the row elements; ``detail``, a regular expression that the documents' URLs match.
"""

import re
from collections.abc import Callable, Mapping
from urllib.parse import urldefrag, urlsplit

from lxml import etree
from lxml.cssselect import CSSSelector, SelectorError

from archive.errors import LayoutError
from archive.events import CatalogueRow
from archive.reading.page import Page
from archive.urls import identity
from crawler.families import blocks
from crawler.families.base import Ask, Column, ColumnSpec, Evidence, ListPage, Opening
from crawler.families.entrance import column_name, shell_target
from crawler.families.links import base_of, tree_of
from crawler.families.paging import Paging, paging
from crawler.families.printed import whole_text
from crawler.families.rows import catalogue_row

NAME = "static"

STUB = 1024
"""Bytes. TRS portals keep pages of 300 to 400 bytes deep in their lists (portal-families.md section 5.4)."""


def detect(page: Page) -> tuple[Evidence, ...]:
    """Signs of a server-rendered list: the rows themselves, a paging call, a product's marks."""
    try:
        rows, pager = blocks.find(page, page.url), paging(page)
    except LayoutError:
        return ()
    found = []
    if len(rows) >= 3:
        found.append(Evidence(f"{len(rows)} rows of documents in the page itself", 2))
    if pager is not None and pager.dialect != "link":
        found.append(Evidence(f"pager {pager.dialect}, {pager.pages} pages", 2))
    elif pager is not None and pager.next is not None:
        found.append(Evidence("a link to the next page", 1))
    for product, address, marks in _PRODUCTS:
        shaped = sum(address.search(urlsplit(row.link.url).path) is not None for row in rows)
        if shaped >= 3:
            found.append(Evidence(f"{shaped} addresses as {product} makes them", 2))
        if marks.search(page.text):
            found.append(Evidence(f"marks of {product}", 1))
    return tuple(found) if rows or pager else ()


_PRODUCTS: tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...] = (
    ("TRS", re.compile(r"/t\d{8}_\d+\.s?html?$|/t\d{5,}\.s?html$"), re.compile(r"TRS_|trs_\w|\bCurrChnlCls\b")),
    (
        "UCAP",
        re.compile(r"/[0-9a-f]{32}\.shtml$|/c\d+/content\.shtml$"),
        re.compile(r"UCAP|<meta name=\"channelid\"", re.IGNORECASE),
    ),
    ("VSB", re.compile(r"/info/\d+/\d+\.htm$"), re.compile(r"/system/resource/|_showDynClickBatch|\bpb_sys_")),
    ("NFCMS", re.compile(r"/post_\d+\.html$"), re.compile(r"\bNFCMS_")),
)


def entry(spec: ColumnSpec) -> Ask:
    """The list page itself."""
    return Ask(urldefrag(spec.url).url)


def open(page: Page, spec: ColumnSpec) -> Opening:
    """The one column that a list page is. A shell that only leads to the list is followed."""
    tree = tree_of(page)
    shell = None if _rows(page, tree, spec.url, spec.options) else shell_target(tree, page)
    column = Column(
        key=key(spec),
        name=spec.name or column_name(tree) or key(spec),
        url=spec.url,
        family=NAME,
        first=Ask(shell) if shell else None,
        options=spec.options,
    )
    return Opening((column,))


def read_list(page: Page, column: Column, number: int) -> ListPage:
    """Rows, totals and continuation. Raises ``LayoutError`` for a stub page and for a page that is no list.

    Where only a script could ask for the next page, at least that page is declared, so that the walk is not taken for
    a whole one."""
    tree = tree_of(page)
    found = _rows(page, tree, column.first.url if column.first else column.url, column.options)
    pager = paging(page)
    if not found:
        _require_empty_list(page, tree, pager)
    base = base_of(page)
    rows: dict[str, CatalogueRow] = {}
    for row in found:
        rows.setdefault(identity(row.link.url), catalogue_row(row, base))
    detail = re.compile(str((column.options or {}).get("detail", "")))
    return ListPage(
        rows=tuple(row for row in rows.values() if detail.search(row.url)),
        next=Ask(pager.next) if pager and pager.next else None,
        declared_total=pager.total if pager else None,
        declared_pages=max(pager.pages or 0, number + 1) if pager and pager.hidden else pager.pages if pager else None,
    )


def _rows(page: Page, tree: etree._Element, url: str, options: Mapping[str, object] | None) -> list[blocks.Row]:
    selector = str((options or {}).get("rows", ""))
    return blocks.select(page, CSSSelector(selector)(tree)) if selector else blocks.find(page, url)


def key(spec: ColumnSpec) -> str:
    """The key of a column: given, or its path without the index file: ``xxgk/zcfb/fzggwl``, ``csrc/c106256/fg``."""
    if spec.key:
        return spec.key
    parts = urlsplit(spec.url)
    path = re.sub(r"(?:/(?:index|default))?\.\w{3,5}$", "", parts.path).strip("/")
    return "?".join(part for part in (path or "root", parts.query) if part)


def _selector_fault(value: object) -> str:
    try:
        CSSSelector(value if isinstance(value, str) else "")
    except (SelectorError, ValueError) as error:
        return f"is no CSS selector: {error}"
    return ""


def _regex_fault(value: object) -> str:
    if not isinstance(value, str):
        return "must be a regular expression in quotes"
    try:
        re.compile(value)
    except re.error as error:
        return f"is no regular expression: {error}"
    return ""


OPTIONS: Mapping[str, Callable[[object], str]] = {"rows": _selector_fault, "detail": _regex_fault}
"""Keys of ``[column.static]``, each with what says what is wrong with a value (the empty string if nothing is)."""


def _require_empty_list(page: Page, tree: etree._Element, pager: Paging | None) -> None:
    """Raises ``LayoutError`` unless a page without rows is a list that holds none."""
    size = len(page.body)
    if size < STUB:
        raise LayoutError(f"{page.url}: stub page of {size} bytes without a list row")
    if pager is not None and (pager.next or pager.total or (pager.pages or 0) > 1):
        raise LayoutError(f"{page.url}: {pager.pages or 'several'} pages declared, and no row found on this one")
    named = any(_is_empty_list(node) for node in tree.iter(*_CONTAINERS))
    if pager is None and not named and not _NOTHING.search(whole_text(tree)):
        links = sum(1 for _ in tree.iter("a"))
        raise LayoutError(f"{page.url}: no list on this page of {size} bytes: none of its {links} links stands in one")


_NOTHING = re.compile(r"(?:暂无|没有)(?:找到)?(?:相关|符合|任何)?(?:信息|数据|内容|记录|文件)")
_CONTAINERS = ("ul", "ol", "dl", "table", "tbody", "div")
_LIST_NAME = re.compile(r"(?:^|[\s_-])\w*list(?:$|[\s_\d-])", re.IGNORECASE)


def _is_empty_list(node: etree._Element) -> bool:
    """An element that is called a list and has nothing in it to lead anywhere."""
    name = f"{node.get('class') or ''} {node.get('id') or ''}"
    return _LIST_NAME.search(name) is not None and next(node.iter("a"), None) is None
