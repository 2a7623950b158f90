"""Pagers made of links: one that says 下一页, or the page's number behind the present one's; and the numbers beside."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, takewhile

from lxml import etree

from archive.reading.page import Page
from archive.urls import identity
from crawler.families.lists.links import base_of, target
from crawler.families.lists.printed import content


@dataclass(frozen=True, slots=True)
class Paging:
    """What a list page says about its further pages."""

    next: str | None  # absolute URL; None: no further page, or none that can be asked for by its address
    pages: int | None = None
    total: int | None = None
    dialect: str = ""
    hidden: bool = False  # there is a further page, but only a script knows how to ask for it


_NEXT = re.compile(r"[\s\[【<]*(?:下一?页|后一?页|[Nn]ext(?: ?[Pp]age)?)[\s\]】>›»＞…]*")
_OTHER = re.compile(r"[\s\[【<«‹]*(?:首页|上一?页|前一?页|尾页|末页|最后一?页)[\s\]】>»]*")
_TOTAL = re.compile(r"共\s*[有计]?\s*([\d,]+)\s*(?:条|篇|项|件|份|个?[记纪]录)|总[记纪]录数?\s*[:：]?\s*([\d,]+)")
_PAGES = re.compile(
    r"共\s*[有计]?\s*([\d,]+)\s*页|总页数\s*[:：]?\s*([\d,]+)|(?<![\d/.-])\d{1,5}\s*/\s*(\d{1,5})(?![\d/.-])"
)
_CURRENT = re.compile(r"第\s*(\d{1,5})\s*(?:页|/)|(?<![\d/.-])(\d{1,5})\s*/\s*\d{1,5}(?![\d/.-])")
_NUMBER = re.compile(r"[\s\[【]*(\d{1,5})[\s\]】]*")
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:page[rs]?|pag(?:inat(?:ion|or)|ing)|page_?(?:list|bar|nav|box)|fenye)(?:$|[\s_\d-])", re.I
)
_PRESENT = re.compile(r"(?:^|[\s_-])(?:cur|current|active|on|now|selected|thisclass)(?:$|[\s_-])", re.IGNORECASE)
_DECLARED = re.compile(r"[?&](?:a(?:infolist)?\d+t|totalpage)=(\d+)", re.IGNORECASE)  # VSB writes it into its addresses
_LEAVES = ("a", "span", "li", "td", "font", "em", "b", "i", "strong", "button", "div")
_PAGER_TEXT = 600  # characters; a larger block is more than the pager
_PAGER_HEIGHT = 5


def linked(tree: etree._Element, page: Page) -> Paging | None:
    """A link that says 下一页, or the one behind the present page's number; and the numbers beside it.

    VSB counts backwards, so its link is the only truth."""
    words = [*_pager_words(tree)]
    nexts = [element for element, is_next in words if is_next]
    others = [element for element, is_next in words if not is_next and _text(element) != "首页"]
    said = bool(nexts or others)  # 首页 alone is navigation
    block = _block([*nexts, *others] or [*_named_pagers(tree)])
    if block is None and not said:
        return None
    base = base_of(page)
    addresses = [url for element in nexts if element.tag == "a" and (url := target(element, base))]
    text = content(block) if block is not None else ""
    total, pages = _group(_TOTAL.search(text)), _group(_PAGES.search(text))
    numbers = _numbered(block, base) if block is not None else {}
    current = _group(_CURRENT.search(text)) or _current(numbers, page.url)
    if current is not None and not nexts and current + 1 in numbers:
        addresses += [url for url in [numbers[current + 1].url] if url]
    following = next((url for url in addresses if identity(url) != identity(page.url)), None)
    if pages is None and (found := _DECLARED.search(following or "")):
        pages = int(found[1])
    if pages is None and following is None and current is not None and max(numbers, default=0) > current:
        pages = max(numbers)  # page numbers that lead nowhere by an address
    hidden = following is None and any(_calls_a_script(element) for element in nexts)
    return Paging(following, pages, total, "link", hidden)


def _pager_words(tree: etree._Element) -> Iterator[tuple[etree._Element, bool]]:
    """Elements (the link itself, where there is one) that read 下一页, 上一页, 尾页 …; whether it is the first."""
    for element in tree.iter(*_LEAVES):
        if len(element) > 2 or not (_NEXT.fullmatch(_text(element)) or _OTHER.fullmatch(_text(element))):
            continue
        if element.tag != "a" and (element.find(".//a") is not None or _inside_link(element)):
            continue
        yield element, _NEXT.fullmatch(_text(element)) is not None


def _named_pagers(tree: etree._Element) -> Iterator[etree._Element]:
    """The page numbers of pagers that have no words, only their name: ``class="pagination"``."""
    for element in tree.iter("div", "ul", "nav", "p", "span", "td"):
        named = _NAMED.search(f"{element.get('class') or ''} {element.get('id') or ''}") is not None
        if named and len(content(element)) <= _PAGER_TEXT:
            numbers = [leaf for leaf in element.iterdescendants(*_LEAVES) if _NUMBER.fullmatch(_text(leaf))]
            if len({_text(leaf) for leaf in numbers}) > 1:
                yield from numbers


def _block(words: list[etree._Element]) -> etree._Element | None:
    """The pager around its words: the smallest block that states how many pages or entries there are, else the largest
    that can be one."""
    largest: list[etree._Element] = []
    for element in words:
        around = islice(element.iterancestors(), _PAGER_HEIGHT)
        blocks = [*takewhile(lambda block: len(content(block)) <= _PAGER_TEXT, around)]
        for block in blocks:
            text = content(block)
            if _TOTAL.search(text) or _PAGES.search(text):
                return block
        largest += blocks[-1:]
    return next(iter(largest), None)


@dataclass(frozen=True, slots=True)
class _Number:
    """A page's number in a pager."""

    url: str | None  # None: the present page, or one that only a script can ask for
    marked: bool  # by its class, as the present page


def _numbered(block: etree._Element, base: str) -> dict[int, _Number]:
    found: dict[int, _Number] = {}
    for element in block.iterdescendants(*_LEAVES):
        number = _NUMBER.fullmatch(_text(element))
        if number and element.find(".//a") is None and not _inside_link(element):
            names = [node.get("class") or "" for node in (element, *islice(element.iterancestors(), 1))]
            marked = _PRESENT.search(" ".join(names))
            url = target(element, base) if element.tag == "a" else None
            found.setdefault(int(number[1]), _Number(url, marked is not None))
    return found


def _current(numbers: Mapping[int, _Number], url: str) -> int | None:
    """The number that is marked, or the only one that leads nowhere or to where we are, or the only one left out."""
    marked = [number for number, to in numbers.items() if to.marked]
    here = [number for number, to in numbers.items() if to.url is None or identity(to.url) == identity(url)]
    missing = [number for number in range(1, min(max(numbers, default=0), 99)) if number not in numbers]
    return next((found[0] for found in (marked, here, missing) if len(found) == 1), None)


def _calls_a_script(element: etree._Element) -> bool:
    """Whether a link works by a script (ASP.NET's ``__doPostBack``), and is not merely switched off."""
    work = f"{element.get('href') or ''} {element.get('onclick') or ''}"
    return element.tag == "a" and re.search(r"\w+\s*\((?!\s*0?\s*\))", work) is not None


def _inside_link(element: etree._Element) -> bool:
    return next(element.iterancestors("a"), None) is not None


def _group(match: re.Match[str] | None) -> int | None:
    found = next((group for group in match.groups() if group), "") if match else ""
    digits = found.replace(",", "")
    return int(digits) if digits else None


def _text(element: etree._Element) -> str:
    return " ".join(content(element).split())
