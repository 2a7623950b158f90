"""The paging dialects of static lists, as one table (portal-families.md section 6).

The trap that the table exists for: ``createPageHTML`` has two meanings. With a number first, pages count from 0 and the
second is ``index_1.html``; with a container's id first, they count from 1 and the second is ``index_2.html``.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import ceil
from urllib.parse import urljoin, urlsplit

from lxml import etree

from archive.reading.page import Page
from archive.urls import identity
from crawler.families.links import base_of, target, tree_of
from crawler.families.printed import content
from crawler.families.script import Call, Script, Value


@dataclass(frozen=True, slots=True)
class Paging:
    """What a list page says about its further pages."""

    next: str | None  # absolute URL; None: no further page, or none that can be asked for by its address
    pages: int | None = None
    total: int | None = None
    dialect: str = ""
    hidden: bool = False  # there is a further page, but only a script knows how to ask for it


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
    return _linked(tree, page)


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
    pages = script.variables.get("maxPage")
    own = re.fullmatch(r"(?:(\d+)\.\w+)?", urlsplit(url).path.rpartition("/")[2])
    if isinstance(pages, int) and own:
        yield Pager(pages, int(own.group(1) or 1), 1, bare=True)


def _count_page(script: Script, _url: str) -> Iterator[Pager]:
    """``var countPage = 9; var currentPage = 0``: the older TRS template, which writes its links itself."""
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
"""Name and reader of each dialect, the surest first. ``paging`` falls back on links that say 下一页."""


def _number(call: Call, place: int) -> int | None:
    value: Value = call.args[place] if place < len(call.args) else None
    if isinstance(value, str):
        return int(value) if value.strip().isdecimal() else None
    return value


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


# --- pagers made of links -------------------------------------------------------------------------------------------

_NEXT = re.compile(r"[\s\[【<]*(?:下一?页|后一?页|[Nn]ext(?: ?[Pp]age)?)[\s\]】>›»＞…]*")
_OTHER = re.compile(r"[\s\[【<«‹]*(?:首页|上一?页|前一?页|尾页|末页|最后一?页)[\s\]】>»]*")
_TOTAL = re.compile(r"共\s*[有计]?\s*([\d,]+)\s*(?:条|篇|项|件|份|个?[记纪]录)|总[记纪]录数?\s*[:：]?\s*([\d,]+)")
_PAGES = re.compile(
    r"共\s*[有计]?\s*([\d,]+)\s*页|总页数\s*[:：]?\s*([\d,]+)|(?<![\d/.-])\d{1,5}\s*/\s*(\d{1,5})(?![\d/.-])"
)
_PAGER_TEXT = 600  # characters; a larger block is more than the pager
_PAGER_HEIGHT = 5


def _linked(tree: etree._Element, page: Page) -> Paging | None:
    """A link that says 下一页, and the numbers beside it. VSB counts backwards, so its link is the only truth."""
    words = [*_pager_words(tree)]
    nexts = [element for element, is_next in words if is_next]
    if not nexts and not any(_OTHER.fullmatch(_text(element)) and _text(element) != "首页" for element, _ in words):
        return None  # 首页 alone is navigation
    base = base_of(page)
    following = None
    for element in nexts:
        url = target(element, base) if element.tag == "a" else None
        if url is not None and identity(url) != identity(page.url):
            following = url
            break
    total = pages = None
    for element, _ in words:
        total, pages = _numbers(element)
        if total is not None or pages is not None:
            break
    hidden = following is None and any(_calls_a_script(element) for element in nexts)
    return Paging(following, pages, total, "link", hidden)


def _pager_words(tree: etree._Element) -> Iterator[tuple[etree._Element, bool]]:
    """Elements (the link itself, where there is one) that read 下一页, 上一页, 尾页 …; whether it is the first."""
    for element in tree.iter("a", "span", "li", "td", "font", "em", "b", "i", "button", "div"):
        if len(element) > 2 or not (_NEXT.fullmatch(_text(element)) or _OTHER.fullmatch(_text(element))):
            continue
        if element.tag != "a" and (element.find(".//a") is not None or _inside_link(element)):
            continue
        yield element, _NEXT.fullmatch(_text(element)) is not None


def _calls_a_script(element: etree._Element) -> bool:
    """Whether a link works by a script (ASP.NET's ``__doPostBack``), and is not merely switched off."""
    work = f"{element.get('href') or ''} {element.get('onclick') or ''}"
    return element.tag == "a" and re.search(r"\w+\s*\((?!\s*0?\s*\))", work) is not None


def _inside_link(element: etree._Element) -> bool:
    return next(element.iterancestors("a"), None) is not None


def _numbers(element: etree._Element) -> tuple[int | None, int | None]:
    for height, block in enumerate(element.iterancestors()):
        text = content(block)
        if height >= _PAGER_HEIGHT or len(text) > _PAGER_TEXT:
            break
        total, pages = _TOTAL.search(text), _PAGES.search(text)
        if total or pages:
            return _group(total), _group(pages)
    return None, None


def _group(match: re.Match[str] | None) -> int | None:
    found = next((group for group in match.groups() if group), "") if match else ""
    digits = found.replace(",", "")
    return int(digits) if digits else None


def _text(element: etree._Element) -> str:
    return " ".join(content(element).split())
