"""The paging dialects of static lists, as one table (portal-families.md section 6).

The trap that the table exists for: ``createPageHTML`` has two meanings. With a number first, pages count from 0 and the
second is ``index_1.html``; with a container's id first, they count from 1 and the second is ``index_2.html``.

What no script draws is read from links: VSB (backwards in files, forward in queries), JEECMS, the extension-less CMS
and all that has no name say 下一页, or number their pages.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import ceil
from urllib.parse import urljoin, urlsplit

from lxml import etree

from archive.reading.page import Page
from crawler.families.lists.linked import Paging, linked
from crawler.families.lists.links import tree_of
from crawler.families.lists.script import Call, Script, Value

__all__ = ["DIALECTS", "Pager", "Paging", "paging"]


@dataclass(frozen=True, slots=True)
class Pager:
    """A pager as a script states it. Further pages are ``<stem>_<number>.<suffix>``."""

    pages: int
    current: int
    base: int  # the first page's number
    stem: str = ""  # empty: as the page's own file is called
    suffix: str = ""  # empty: as the page's own file, or its own links, have it
    total: int | None = None
    bare: bool = False  # further pages are <number>.<suffix>


def paging(page: Page) -> Paging | None:
    """The paging of a list page; ``None`` if it shows no sign of any. Raises ``LayoutError`` if it is no HTML."""
    tree = tree_of(page)
    script = Script.of(tree)
    for dialect, read in DIALECTS:
        for pager in read(script, page.url):
            return Paging(_next_file(pager, page), pager.pages, pager.total, dialect)
    found, (total, pages) = linked(tree, page), _count(tree, script)
    if total is None and pages is None:
        return found
    return replace(found or Paging(None), total=total, pages=pages, dialect="count")


# --- pagers that a script draws -------------------------------------------------------------------------------------


def _call(name: str, read: Callable[[Call], Pager | None]) -> Callable[[Script, str], Iterator[Pager]]:
    return lambda script, _url: (pager for call in script.calls(name) if (pager := read(call)) is not None)


def _counted_from_0(call: Call) -> Pager | None:
    """``(N, cur, "index", "html")``, as NDRC has it; 湖北 and 景德镇 add ``"black2", items``."""
    pages, current = _number(call, 0), _number(call, 1)
    if pages is None or current is None:
        return None
    return Pager(pages, current, 0, _word(call, 2), _word(call, 3), _number(call, 5))


def _counted_from_1(call: Call) -> Pager | None:
    """``('page_div', N, cur, 'list', 'shtml', items)``: csrc, 新疆, 镇江, 昆山, 邵阳; ``'paging'``: 湖南人社."""
    pages, current = _number(call, 1), _number(call, 2)
    if not _word(call, 0) or pages is None or current is None:
        return None
    return Pager(pages, current, 1, _word(call, 3), _word(call, 4), _number(call, 5))


def _object(call: Call) -> Pager | None:
    """``Pager({size:25, current:0, prefix:'index', suffix:'htm'})``: ccgp; counted from 0, ``size`` means pages."""
    pages, current = call.named.get("size"), call.named.get("current")
    if not isinstance(pages, int) or not isinstance(current, int):
        return None
    return Pager(pages, current, 0, str(call.named.get("prefix") or ""), str(call.named.get("suffix") or ""))


def _set_page(call: Call) -> Pager | None:
    """``.pagination("setPage", cur, N)``: 上海人社, which declares more pages than it has."""
    current, pages = _number(call, 1), _number(call, 2)
    if _word(call, 0) != "setPage" or pages is None or current is None:
        return None
    return Pager(pages, current, 1)


def _items(call: Call) -> Pager | None:
    """``nsetpage(cur, items, size, …)``: 淮安."""
    current, items, size = _number(call, 0), _number(call, 1), _number(call, 2)
    if current is None or items is None or not size:
        return None
    return Pager(ceil(items / size), current, 1, total=items)


def _max_page(script: Script, url: str) -> Iterator[Pager]:
    """``maxPage = parseInt('12')``: 延安, 渭南; the pages are ``1.html``, ``2.html``, …"""
    pages = script.variables.get("maxPage") if script.says("maxPage") else None
    own = re.fullmatch(r"(?:(\d+)\.\w+)?", urlsplit(url).path.rpartition("/")[2])
    if isinstance(pages, int) and own:
        yield Pager(pages, int(own.group(1) or 1), 1, bare=True)


def _count_page(script: Script, _url: str) -> Iterator[Pager]:
    """``var countPage = 9; var currentPage = 0``: the older TRS template, which writes its links itself."""
    if not script.says("countPage"):
        return
    pages, current = script.variables.get("countPage"), script.variables.get("currentPage")
    if isinstance(pages, int) and isinstance(current, int):
        yield Pager(pages, current, 0, "index")


DIALECTS: tuple[tuple[str, Callable[[Script, str], Iterator[Pager]]], ...] = (
    ("createPageHTML(number)", _call("createPageHTML", _counted_from_0)),
    ("createPageHTML(id)", _call("createPageHTML", _counted_from_1)),
    ("createPage", _call("createPage", _counted_from_0)),
    ("Pager", _call("Pager", _object)),
    ("setPage", _call("pagination", _set_page)),
    ("nsetpage", _call("nsetpage", _items)),
    ("maxPage", _max_page),
    ("countPage", _count_page),
)
"""Name and reader of each dialect, the surest first. ``paging`` falls back on :mod:`crawler.families.lists.linked`."""


def _count(tree: etree._Element, script: Script) -> tuple[int | None, int | None]:
    """Entries and pages by a script's word, where it tells nobody how to ask for a further page."""
    if script.says("logicTotalPage", "recordCount", "pageTotal"):
        for total in (
            script.variables.get("totalCount") if "logicTotalPage" in script.variables else None,  # 山东人社
            script.properties.get("recordCount"),  # 福建
        ):
            if _whole(total):
                return _whole(total), None
        held, pages = script.names("infolist"), _whole(script.properties.get("pageTotal"))  # 湖州: ten pages in one
        if pages is not None and 0 < held < pages:
            return None, pages
    for pager in tree.iter("div"):  # 河南
        if pager.get("id") == "pageDec" and _whole(pager.get("pagecount")):
            return None, _whole(pager.get("pagecount"))
    return None, None


def _whole(value: str | int | None) -> int | None:
    """A whole number, given as one or as text."""
    if isinstance(value, str):
        return int(value) if value.strip().isdecimal() else None
    return value


def _number(call: Call, place: int) -> int | None:
    value: Value = call.args[place] if place < len(call.args) else None
    return _whole(value)


def _word(call: Call, place: int) -> str:
    value = call.args[place] if place < len(call.args) else None
    return value.strip() if isinstance(value, str) and not value.strip().isdecimal() else ""


def _next_file(pager: Pager, page: Page) -> str | None:
    number = pager.current + 1
    if number >= pager.pages + pager.base:
        return None
    own = re.fullmatch(r"(.+?)(?:_\d+)?\.(\w+)", urlsplit(page.url).path.rpartition("/")[2])
    stem = pager.stem or (own.group(1) if own else "index")
    suffix = pager.suffix.lstrip(".") or (own.group(2) if own else _common_suffix(page.tree))
    return urljoin(page.url, f"{number}.{suffix}" if pager.bare else f"{stem}_{number}.{suffix}")


def _common_suffix(tree: etree._Element) -> str:
    """The suffix of most links: a site that was guessed to be ``.html`` and was ``.shtml`` lost all pages but one."""
    found = (re.search(r"\.(s?html?|jhtml)$", urlsplit(link.get("href", "")).path) for link in tree.iter("a"))
    common = Counter(match.group(1) for match in found if match).most_common(1)
    return common[0][0] if common else "html"
