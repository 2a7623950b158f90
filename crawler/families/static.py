"""Family ``static``: every list that the server renders as HTML, whatever its template and its paging.

TRS WCM, UCAP, VSB, the extension-less CMS, Shaanxi's platform, JEECMS and many a house CMS differ in markup and page
files, not in kind (portal-families.md sections 5.4, 5.5, 5.7, 5.10, 5.13, 5.16). Options, all of them seldom needed:
``rows``, a CSS selector of the row elements; ``detail``, a regular expression that the documents' URLs match;
``page``, the address of a further page where none can be found (``index_{n}.html``, ``index_{n-1}.html``);
``sites``, the hosts of other sites of a UCAP platform by their codes: ``{ fcsrmzf = "www.jxfc.gov.cn" }``; ``next``,
a CSS selector of what a browser presses for the next page, where only a script can turn it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from urllib.parse import urldefrag, urljoin, urlsplit, urlunsplit

from lxml import etree
from lxml.cssselect import CSSSelector, SelectorError

from archive.errors import LayoutError
from archive.events import CatalogueRow
from archive.reading.page import Page
from archive.urls import identity
from crawler.families.base import Ask, Column, ColumnSpec, Evidence, ListPage, Opening
from crawler.families.lists import blocks
from crawler.families.lists.drawn import drawn
from crawler.families.lists.entrance import column_name, shell_target
from crawler.families.lists.links import base_of, tree_of
from crawler.families.lists.pressing import by_script
from crawler.families.lists.printed import whole_text
from crawler.families.lists.rows import catalogue_row
from crawler.families.paging import Paging, paging

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
        shaped = sum(address.search(identity(row.link.url)) is not None for row in rows)
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
    (
        "the extension-less CMS",
        re.compile(r"/[a-z]\w*/\d{5,}$"),
        re.compile(r"\b(?:govDetailTable|govIntro|infoList)\b"),
    ),
    ("Shaanxi's platform", re.compile(r"/\d{19}\.html$"), re.compile(r"\bm-2?lst36\b|\btable-p38\b|\bmaxPage\s*=")),
)


def entry(spec: ColumnSpec) -> Ask:
    """The list page itself."""
    return Ask(urldefrag(spec.url).url)


def open(page: Page, spec: ColumnSpec) -> Opening:
    """The one column that a list page is. A shell that only leads to the list is followed."""
    tree = tree_of(page)
    shell = None if _rows(page, spec.url, spec.options) else shell_target(tree, page)
    column = Column(
        key=key(spec),
        name=spec.name or column_name(tree) or key(spec),
        url=spec.url,
        family=NAME,
        first=Ask(shell) if shell else None,
        options=spec.options,
        browser=bool(spec.browser),
    )
    return Opening((column,))


def read_list(page: Page, column: Column, number: int) -> ListPage:
    """Rows, totals and continuation. Raises ``LayoutError`` for a stub page and for a page that is no list.

    Where only a script could ask for the next page, at least that page is declared, so that the walk is not taken for
    a whole one."""
    options = column.options or {}
    tree = tree_of(page)
    found = _rows(page, column.first.url if column.first else column.url, options)
    pager = paging(page) or Paging(None)
    if not found:
        _require_empty_list(page, tree, pager)
    base = base_of(page)
    rows: dict[str, CatalogueRow] = {}
    for row in found:
        rows.setdefault(identity(row.link.url), _at_home(catalogue_row(row, base), page.url, options))
    detail = re.compile(str(options.get("detail", "")))
    wanted = tuple(row for row in rows.values() if detail.search(row.url))
    if rows and not wanted and number == 1:
        raise LayoutError(f"{page.url}: the address of none of {len(rows)} rows matches {detail.pattern!r}")
    listed = ListPage(
        rows=wanted,
        next=Ask(pager.next) if pager.next else None,
        declared_total=pager.total,
        declared_pages=_declared_pages(pager, len(rows), number),
        sparse=bool(rows) and not wanted,
    )
    if pager.next is None and rows and "page" in options:
        listed = _told(listed, pager, str(options["page"]), column, number)
    return by_script(listed, tree, column, number)


def _told(listed: ListPage, pager: Paging, form: str, column: Column, number: int) -> ListPage:
    """A list page with the next one as the portal file says it, unless this is the last by its own word."""
    if pager.pages is not None and number >= pager.pages:
        return listed
    form = form.replace("{n}", str(number + 1)).replace("{n-1}", str(number))
    following = Ask(urljoin(column.first.url if column.first else column.url, form))
    return replace(listed, next=following, declared_pages=pager.pages, guess=pager.pages is None)


def _declared_pages(pager: Paging, rows: int, number: int) -> int | None:
    """Pages that there are by the page's word, this one among them. 山东人社 and 福建 have all rows in one page, and
    only show them in slices; with fewer rows than are declared, a further page must be somewhere."""
    if pager.next is None and number == 1 and pager.total is not None and (pager.pages or 2) > 1:
        return None if rows >= pager.total else max(pager.pages or 0, 2)
    return max(pager.pages or 0, number + 1) if pager.hidden else pager.pages


def _rows(page: Page, url: str, options: Mapping[str, object] | None) -> list[blocks.Row]:
    """The rows in the page itself; where there is none, those that its scripts write into it.

    Raises ``LayoutError`` if the portal file's selector matches nothing where rows are plain to see."""
    selector = str((options or {}).get("rows", ""))
    for shown in _shown(page):
        found = blocks.select(shown, CSSSelector(selector)(tree_of(shown))) if selector else blocks.find(shown, url)
        if found:
            return found
        if selector and (seen := blocks.find(shown, url)):
            raise LayoutError(f"{page.url}: no row matches {selector!r}, though {len(seen)} can be seen")
    return []


def _shown(page: Page) -> Iterator[Page]:
    yield page
    if (later := drawn(page)) is not None:
        yield later


def _at_home(row: CatalogueRow, url: str, options: Mapping[str, object]) -> CatalogueRow:
    """A copy of another site's document keeps that site's path, and exists on its host alone (section 5.5)."""
    sites = options.get("sites")
    if not isinstance(sites, Mapping):
        return row
    parts = urlsplit(row.url)
    owner = sites.get(parts.path.split("/")[1]) if "/" in parts.path else None
    if not owner or parts.hostname != urlsplit(url).hostname:
        return row
    return replace(row, url=urlunsplit(parts._replace(netloc=str(owner))))


def key(spec: ColumnSpec) -> str:
    """The key of a column: given, or its path without the index file: ``xxgk/zcfb/fzggwl``, ``csrc/c106256/fg``."""
    if spec.key:
        return spec.key
    parts = urlsplit(spec.url)
    path = re.sub(r"(?:/(?:index|default|1))?\.\w{3,5}$", "", parts.path).strip("/")  # 延安: /zfxxgk/zfwj/1.html
    return "?".join(part for part in (path or "root", parts.query) if part)


def catalogue(spec: ColumnSpec) -> str:
    """A static column is its own catalogue."""
    return identity(spec.url)


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


def _page_fault(value: object) -> str:
    good = isinstance(value, str) and len(re.findall(r"\{n(?:-1)?\}", value)) == 1
    return "" if good else "must be an address with {n} for the page's number, or {n-1} where the second is number 1"


def _sites_fault(value: object) -> str:
    good = isinstance(value, dict) and value and all(re.fullmatch(r"[\w.-]+(?::\d+)?", str(v)) for v in value.values())
    return "" if good else 'must be a table of site codes and hosts, such as { fcsrmzf = "www.jxfc.gov.cn" }'


OPTIONS: Mapping[str, Callable[[object], str]] = {
    "rows": _selector_fault,
    "detail": _regex_fault,
    "page": _page_fault,
    "sites": _sites_fault,
    "next": _selector_fault,
}
"""Keys of ``[column.static]``, each with what says what is wrong with a value (the empty string if nothing is)."""


def _require_empty_list(page: Page, tree: etree._Element, pager: Paging) -> None:
    """Raises ``LayoutError`` unless a page without rows is a list that holds none."""
    size = len(page.body)
    if size < STUB:
        raise LayoutError(f"{page.url}: stub page of {size} bytes without a list row")
    for family, mark in _FILLED:
        if mark.search(page.text):
            hint = f": family {family}?" if family else ""
            raise LayoutError(f"{page.url}: no row in the page itself, a script fills the list{hint}")
    if pager.next or pager.total or (pager.pages or 0) > 1:
        raise LayoutError(f"{page.url}: {pager.pages or 'several'} pages declared, and no row found on this one")
    named = any(_is_empty_list(node) for node in tree.iter(*_CONTAINERS))
    if pager == Paging(None) and not named and not _NOTHING.search(whole_text(tree)):
        links = sum(1 for _ in tree.iter("a"))
        raise LayoutError(f"{page.url}: no list on this page of {size} bytes: none of its {links} links stands in one")


_FILLED = (
    ("hanweb", re.compile(r"dataproxy\.jsp|<datastore>")),
    ("jpaas", re.compile(r"jpaas-publish-server")),
    ("irs", re.compile(r"/irs/front/list")),
    ("ucap", re.compile(r"/(?:searchList|es-search/search|common/search)/")),
    ("truecms", re.compile(r"messageController/getMessage\.do")),
    ("epoint", re.compile(r"lightfrontaction|webBuilderCommon\.js")),
    ("pclist", re.compile(r"\barticleList\s*[:=]")),
    ("gkmlpt", re.compile(r"\b_CONFIG\s*=\s*\{")),
    ("", re.compile(r"<(?:a|li|tr|dd|td)\b[^<>]*(?:\{\{|\bv-for=|\bng-repeat=|\bms-for=)|<(?:li|a)\b[^<>]*>\s*\{\{")),
)
"""Marks of lists that a script fills, and the families that read them (portal-families.md 4.1)."""

_NOTHING = re.compile(r"(?:暂无|没有)(?:找到)?(?:相关|符合|任何)?(?:信息|数据|内容|记录|文件)")
_CONTAINERS = ("ul", "ol", "dl", "table", "tbody", "div")
_LIST_NAME = re.compile(r"(?:^|[\s_-])\w*list(?:$|[\s_\d-])", re.IGNORECASE)


def _is_empty_list(node: etree._Element) -> bool:
    """An element that is called a list and has nothing in it to lead anywhere."""
    name = f"{node.get('class') or ''} {node.get('id') or ''}"
    return _LIST_NAME.search(name) is not None and next(node.iter("a"), None) is None
