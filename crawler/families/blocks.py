"""Which parts of a page are the rows of its list.

Nothing here knows a template. Links that could lead to documents are grouped into blocks of rows that stand side by
side; each block is weighed by what a catalogue's rows have and navigation has not: dates, document-like addresses below
the column's own folder, long titles. The best block wins, with those that are built like it (most.gov.cn shows four
sections of one column).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from urllib.parse import urlsplit

from lxml import html

from archive.reading.page import Page
from archive.urls import identity
from crawler.families.links import base_of, folder, is_file, target, tree_of
from crawler.families.printed import dates, headline, runs, squeeze, whole_text

Element = html.HtmlElement

_STOP = re.compile(
    r"[\W_]*(?:更多|more|首页|尾页|末页|[上下前后]一?[页篇条]|返回.{0,4}|查看(?:详情|全文|更多|原文)?|详情|详细(?:信息)?|"
    r"阅读(?:全文|更多|原文)|点击.{0,4}|打印|关闭|收藏|分享|登录|注册|邮箱|无障碍.{0,4})[\W_]*",
    re.IGNORECASE,
)
_FILING = re.compile(r"ICP备|公网安备|网站标识码")
_DOWNLOAD = re.compile(r"下载|附件|^\W*(?:pdf|word|docx?|wps|ofd)\W*$", re.IGNORECASE)
_WORDS = re.compile(r"[^\W\d_]")
_NAVIGATION = re.compile(r"(?:index|default|main|home|list|more)(?:_\d+)?\.\w+|", re.IGNORECASE)
# t20260409_1404577.html, post_4858875.html, 32 hex digits, /c3217074/content.shtml, /info/1066/98.htm, ?id=310
_DOCUMENT = re.compile(
    r"\d{4}[^/?]*$|[0-9a-f]{32}|/content\.s?html?$|/info/\d+/\d+|\?.*\d{4}|[?&]\w*id=\d+", re.IGNORECASE
)
_CHROME = re.compile(
    r"(?:sub|side)?(?:nav|menu)(?:bar)?|(?:bread)?crumbs?|foot(?:er)?|header|friend(?:links?)?|yqlj|pager|pagination|fenye|"
    r"pop(?:box|up)?|copyright|sitemap"
)
_TOKEN = re.compile(r"[a-z]+|[A-Z][a-z]*")
_COMMON_CLASSES = {"clearfix", "clear", "fl", "fr", "left", "right", "first", "last", "even", "odd", "active"}
_ROW_TEXT = 800  # characters; a larger element is no row
_MANY = 4  # pages linked from one li or td: a list in it, not one row
_LONG_TITLE = 9  # characters; names of columns are shorter, titles of documents are longer


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """A link that could lead to a document."""

    element: Element
    url: str
    text: str  # its title attribute where that is longer
    navigates: bool  # to a folder, to an index page, to where we are


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A row of a list: its element, and the siblings that belong to it where a row is more than one element."""

    element: Element
    parts: tuple[Element, ...]
    link: Link
    between: tuple[str, ...] = ()  # text of the row that stands between its parts


@dataclass(eq=False)
class Block:
    """Rows that stand side by side."""

    parent: Element
    rows: list[Row]
    column: str  # folder of the column, as :func:`folder` gives it

    @cached_property
    def dated(self) -> float:
        return _share(bool(dates(texts(row))) for row in self.rows)

    @cached_property
    def shaped(self) -> float:
        return _share(_DOCUMENT.search(row.link.url) is not None or is_file(row.link.url) for row in self.rows)

    @cached_property
    def below(self) -> float:
        """Share of links below the column's folder; none where the column is the site's root."""
        if self.column.count("/") <= 3:
            return 0.0
        return _share(folder(row.link.url).startswith(self.column) for row in self.rows)

    @cached_property
    def titled(self) -> float:
        return _share(len(row.link.text) >= _LONG_TITLE for row in self.rows)

    @cached_property
    def chrome(self) -> bool:
        """Inside navigation, breadcrumbs, pager, footer; what shows dates is none of these, whatever its class says."""
        return self.dated < 0.5 and any(_is_chrome(node) for node in self.rows[0].link.element.iterancestors())

    @cached_property
    def path(self) -> tuple[str, ...]:
        return tuple(str(node.tag) for node in (self.parent, *self.parent.iterancestors()))

    @cached_property
    def classes(self) -> frozenset[str]:
        """Class names of the block, or of the nearest ancestor that has any."""
        for node in (self.parent, *self.parent.iterancestors()):
            if found := frozenset(node.get("class", "").split()) - _COMMON_CLASSES:
                return found
        return frozenset()

    @cached_property
    def form(self) -> tuple[str, ...]:
        """Class names inside the first row."""
        row = self.rows[0]
        names = {name for part in row.parts for node in part.iter("*") for name in node.get("class", "").split()}
        return tuple(sorted(names - _COMMON_CLASSES))

    @property
    def quality(self) -> float:
        worth = 3 * self.dated + 1.5 * self.shaped + 1.5 * self.below + 2 * self.titled
        return worth * (0.2 if self.chrome else 1.0)

    @property
    def is_list(self) -> bool:
        """Whether these are rows of documents at all."""
        if self.dated >= 0.5:
            return True
        return self.titled >= 0.5 and (self.below >= 0.5 or self.shaped >= 0.5) and not self.chrome

    def alike(self, other: "Block") -> bool:
        """Whether both are parts of one list."""
        if self is other:
            return True
        if self.chrome != other.chrome or (self.dated >= 0.5) != (other.dated >= 0.5):
            return False
        mine, others = self.parent, other.parent
        if mine.getparent() is others.getparent() and (mine.tag, mine.get("class")) == (
            others.tag,
            others.get("class"),
        ):
            return True  # TRS parts its lists into several ul of five rows
        if self.below >= 0.8 and other.below < 0.5:
            return False  # a box of other columns' news beside the list
        same_place = self.path == other.path and (self.classes == other.classes or bool(self.classes & other.classes))
        return same_place or (len(self.form) > 1 and self.form == other.form)


def find(page: Page, column_url: str) -> list[Row]:
    """The rows of a list page, in the order of the page; none if nothing on it is a list of documents.

    Raises ``LayoutError`` if the page is no HTML."""
    tree = tree_of(page)
    links = [*_links(tree, page)]
    blocks = [*_blocks([link for link in links if not link.navigates], folder(column_url))]
    weights = {
        block: block.quality * sqrt(sum(len(other.rows) for other in blocks if block.alike(other)))
        for block in blocks
        if block.is_list
    }
    if not weights:
        return []
    best = max(weights, key=lambda block: weights[block])
    chosen = [block for block in weights if best.alike(block)]
    rows = [row for block in chosen for row in (*block.rows, *_strays(block, links, page.url))]
    elements = {row.element for row in rows}
    place = {element: number for number, element in enumerate(tree.iter())}
    outer = [row for row in rows if elements.isdisjoint(row.element.iterancestors())]
    return sorted(outer, key=lambda row: place[row.element])


def select(page: Page, elements: Sequence[Element]) -> list[Row]:
    """The rows in elements that a portal file names by a selector; elements without a link are left out."""
    links = [*_links(tree_of(page), page)]
    rows = []
    for element in elements:
        inner = {*element.iter()}
        found = [link for link in links if link.element in inner]
        if found:
            rows.append(Row(element, (element,), _main_link(element, found)))
    return rows


def texts(row: Row) -> list[str]:
    """The runs of text in a row, its title left out."""
    head = headline(row.link.element)
    outside = [text for part in row.parts for text in runs(part, (head.box,))]
    inside = [whole_text(stamp) for stamp in head.stamps if head.box in stamp.iterancestors()]
    return [*outside, *inside, *row.between]


def _links(tree: Element, page: Page) -> Iterator[Link]:
    base, here = base_of(page), folder(page.url)
    for element in tree.iter("a"):
        text = headline(element).title
        if len(_WORDS.findall(text)) < 2 or _STOP.fullmatch(text) or "{{" in text or _FILING.search(text):
            continue
        url = target(element, base)
        if url is None or (is_file(url) and _DOWNLOAD.search(text)):
            continue
        parts = urlsplit(url)
        index = not parts.query and _NAVIGATION.fullmatch(parts.path.rpartition("/")[2]) is not None
        yield Link(element, url, text, index or identity(url) == identity(page.url) or here.startswith(url))


def _blocks(links: Sequence[Link], column: str) -> Iterator[Block]:
    parents: dict[Element, list[Row]] = defaultdict(list)
    for element, inner in _row_elements(links).items():
        parent = element.getparent()
        if parent is not None:
            parents[parent].append(Row(element, (element,), _main_link(element, inner)))
    for parent, rows in parents.items():
        block = Block(parent, rows, column)
        if block.dated < 0.5:
            wider = [Block(parent, _widened(block, after=after), column) for after in (True, False)]
            block = max(block, *wider, key=lambda option: option.dated if option.dated >= 0.5 else 0.0)
        yield block


def _row_elements(links: Sequence[Link]) -> dict[Element, list[Link]]:
    """Row elements and the links in them: the innermost ``li`` or ``tr`` around a link, or, where there is none or it
    holds a list itself, the largest element that holds no other link."""
    urls: dict[Element, set[str]] = defaultdict(set)
    owned: dict[Element | None, list[Link]] = defaultdict(list)
    for link in links:
        owned[next(link.element.iterancestors("li", "tr"), None)].append(link)
        for node in link.element.iterancestors():
            urls[node].add(link.url)
    found: dict[Element, list[Link]] = defaultdict(list)
    for owner, inner in owned.items():
        if owner is not None and not _holds_a_list(owner, inner):
            found[owner] += inner
            continue
        for link in inner:
            node = link.element
            for parent in link.element.iterancestors():
                if parent is owner or parent.tag in ("body", "html") or len(urls[parent]) > 1:
                    break
                if len(str(parent.text_content())) > _ROW_TEXT:
                    break
                node = parent
            found[node].append(link)
    return found


def _holds_a_list(owner: Element, links: Sequence[Link]) -> bool:
    """Whether the links in a ``li`` or ``tr`` are rows of their own: many, or few in one cell with a date for each."""
    documents = {link.url for link in links if not _in_chrome(link.element, owner)}
    if len(documents) >= _MANY:
        return True
    cells = {next(link.element.iterancestors("td", "th", "li"), None) for link in links}
    days = dates([*runs(owner, [link.element for link in links])])
    return len(cells) == 1 and 1 < len(documents) <= len(days) and (len(documents) > 2 or len({*days}) > 1)


def _widened(block: Block, *, after: bool) -> list[Row]:
    """The rows with what stands behind (or before) them, up to the next row: ``dt`` and ``dd``, the ``div`` of a title
    and the table of its date (永州), or links and plain text parted by ``br``."""
    elements = {row.element for row in block.rows}
    rows = []
    for row in block.rows:
        parts = [row.element]
        for sibling in row.element.itersiblings(preceding=not after):
            if sibling in elements:
                break
            parts.append(sibling)
        between = [part.tail for part in (parts if after else parts[1:])]
        if not after and parts[-1].getprevious() is None:
            between.append(block.parent.text)
        text = tuple(squeeze(part) for part in between if part and part.strip())
        rows.append(Row(row.element, tuple(part for part in parts if isinstance(part.tag, str)), row.link, text))
    return rows


def _strays(block: Block, links: Sequence[Link], url: str) -> Iterator[Row]:
    """Further rows of a block, whose links go to a folder or another site's front page."""
    elements = {row.element for row in block.rows}
    tags = {element.tag for element in elements}
    inside: dict[Element, list[Link]] = defaultdict(list)
    for link in links:
        if link.navigates:
            for node in link.element.iterancestors():
                if node.getparent() is block.parent and node.tag in tags and node not in elements:
                    inside[node].append(link)
    for element, found in inside.items():
        row = Row(element, (element,), _main_link(element, found))
        elsewhere = urlsplit(row.link.url).hostname != urlsplit(url).hostname
        if dates(texts(row)) if block.dated >= 0.5 else elsewhere:
            yield row


def _main_link(row: Element, links: Sequence[Link]) -> Link:
    """A row's link to its document: not one in a pop-up, not a file beside a page, not ``[公开招标]``."""

    def rank(link: Link) -> tuple[bool, bool, bool, bool]:
        tag = link.text[0] in "[【（(" and len(link.text) < _LONG_TITLE
        return _in_chrome(link.element, row), is_file(link.url), tag, len(link.text) < 4

    return min(links, key=rank)


def _in_chrome(node: Element, top: Element | None) -> bool:
    """Whether something between a link and its row is a pop-up or the like."""
    for parent in node.iterancestors():
        if parent is top:
            return False
        if _is_chrome(parent):
            return top is not None
    return False


def _is_chrome(node: Element) -> bool:
    if node.tag in ("nav", "header", "footer"):
        return True
    words = _TOKEN.findall(f"{node.get('class', '')} {node.get('id', '')}")
    return any(_CHROME.fullmatch(word.lower()) for word in words)


def _share(signs: Iterable[bool]) -> float:
    values = [*signs]
    return sum(values) / len(values) if values else 0.0
