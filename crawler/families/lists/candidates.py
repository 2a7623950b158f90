"""Links that could lead to documents, and the elements that could be their rows."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from archive.reading.page import Page
from archive.urls import identity
from crawler.families.lists.links import base_of, is_file, leads_to_a_list, target
from crawler.families.lists.printed import Headline, content, dates, headline, runs

Element = etree._Element

LONG_TITLE = 9
"""Characters. Names of columns are shorter, titles of documents are longer."""

_STOP = re.compile(
    r"[\W_]*(?:更多|more|首页|尾页|末页|[上下前后]一?[页篇条]|返回.{0,4}|查看(?:详情|全文|更多|原文)?|详情|详细(?:信息)?|"
    r"阅读(?:全文|更多|原文)|点击.{0,4}|打印|关闭|收藏|分享|登录|注册|邮箱|无障碍.{0,4})[\W_]*",
    re.IGNORECASE,
)
_FILING = re.compile(r"ICP备|公网安备|网站标识码")
_DOWNLOAD = re.compile(r"下载|附件|^\W*(?:pdf|word|docx?|wps|ofd)\W*$", re.IGNORECASE)
_WORDS = re.compile(r"[^\W\d_].*?[^\W\d_]", re.DOTALL)
_CHROME = re.compile(
    r"(?:sub|side)?(?:nav|menu)(?:bar)?|(?:bread)?crumbs?|foot(?:er)?|header|friend(?:links?)?|yqlj|pager|pagination|fenye|"
    r"pop(?:box|up)?|copyright|sitemap"
)
_TOKEN = re.compile(r"[a-z]+|[A-Z][a-z]*")
_ROW_TEXT = 800  # characters; a larger element is no row
_MANY = 4  # pages linked from one li or td: a list in it, not one row


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """A link that could lead to a document."""

    element: Element
    url: str
    head: Headline
    navigates: bool  # to a folder, to an index page, to where we are

    @property
    def text(self) -> str:
        """Its title attribute where that is longer."""
        return self.head.title


def candidates(tree: Element, page: Page) -> Iterator[Link]:
    """The links of a page that have a name and an address, in its order. What is named 下一页 or 更多, a site's filing
    number and a file that is only 附件下载 are none."""
    base, here = base_of(page), identity(page.url)
    for element in tree.iter("a"):
        head = headline(element)
        if not _is_name(head.title):
            continue
        url = target(element, base)
        if url is None or (is_file(url) and _DOWNLOAD.search(head.title)):
            continue
        yield Link(element, url, head, leads_to_a_list(url) or identity(url) == here)


@lru_cache(maxsize=2048)  # a menu has the same names on all pages of a list
def _is_name(text: str) -> bool:
    """Whether a link's text may be a name: not 下一页 or 更多, not a filing number."""
    if _WORDS.search(text) is None or "{{" in text:
        return False
    return _STOP.fullmatch(text) is None and _FILING.search(text) is None


def row_elements(links: Sequence[Link]) -> dict[Element, list[Link]]:
    """Row elements and the links in them: the innermost ``li`` or ``tr`` around a link, or, where there is none or it
    holds a list itself, the largest element that holds no other link."""
    owned: dict[Element | None, list[Link]] = defaultdict(list)
    for link in links:
        owned[next(link.element.iterancestors("li", "tr"), None)].append(link)
    urls: dict[Element, set[str]] = {}
    found: dict[Element, list[Link]] = defaultdict(list)
    for owner, inner in owned.items():
        if owner is not None and not _holds_a_list(owner, inner):
            found[owner] += inner
            continue
        urls = urls or _urls_within(links)
        for link in inner:
            node = link.element
            for parent in link.element.iterancestors():
                if parent is owner or parent.tag in ("body", "html") or len(urls[parent]) > 1:
                    break
                if len(content(parent)) > _ROW_TEXT:
                    break
                node = parent
            found[node].append(link)
    return found


def _urls_within(links: Sequence[Link]) -> dict[Element, set[str]]:
    """Elements, and where the links in each of them lead."""
    urls: dict[Element, set[str]] = defaultdict(set)
    for link in links:
        for node in link.element.iterancestors():
            urls[node].add(link.url)
    return urls


def _holds_a_list(owner: Element, links: Sequence[Link]) -> bool:
    """Whether the links in a ``li`` or ``tr`` are rows of their own: many, or few in one cell with a date for each."""
    if len(links) < 2:
        return False
    documents = {link.url for link in links if not _in_chrome(link.element, owner)}
    if len(documents) < 2 or len(documents) >= _MANY:
        return len(documents) >= _MANY
    cells = {next(link.element.iterancestors("td", "th", "li"), None) for link in links}
    days = dates([*runs(owner, [link.element for link in links])])
    return len(cells) == 1 and 1 < len(documents) <= len(days) and (len(documents) > 2 or len({*days}) > 1)


def main_link(row: Element, links: Sequence[Link]) -> Link:
    """A row's link to its document: not one in a pop-up, not a file beside a page, not ``[公开招标]``."""

    def rank(link: Link) -> tuple[bool, bool, bool, bool]:
        tag = link.text[0] in "[【（(" and len(link.text) < LONG_TITLE
        return _in_chrome(link.element, row), is_file(link.url), tag, len(link.text) < 4

    return min(links, key=rank) if len(links) > 1 else links[0]


def _in_chrome(node: Element, top: Element | None) -> bool:
    """Whether something between a link and its row is a pop-up or the like."""
    for parent in node.iterancestors():
        if parent is top:
            return False
        if is_chrome(parent):
            return top is not None
    return False


def is_chrome(node: Element) -> bool:
    """Whether an element is navigation, breadcrumb, pager, footer or pop-up, by its name or its class."""
    if node.tag in ("nav", "header", "footer"):
        return True
    words = _TOKEN.findall(f"{node.get('class', '')} {node.get('id', '')}")
    return any(_CHROME.fullmatch(word.lower()) for word in words)
