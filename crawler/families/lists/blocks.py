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

from lxml import etree

from archive.reading.page import Page
from crawler.families.lists.candidates import LONG_TITLE, Link, candidates, is_chrome, main_link, row_elements
from crawler.families.lists.links import folder, is_file, tree_of
from crawler.families.lists.printed import dates, runs, squeeze, whole_text

Element = etree._Element

# t20260409_1404577.html, post_4858875.html, 24 hex digits (山东) or 32, a UUID (河北), /c3217074/content.shtml,
# /info/1066/98.htm, ?id=310
_DOCUMENT = re.compile(
    r"\d{4}[^/?]*$|[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{4}|/content\.s?html?$|/info/\d+/\d+|\?.*\d{4}|[?&]\w*id=\d+",
    re.IGNORECASE,
)
_COMMON_CLASSES = {"clearfix", "clear", "fl", "fr", "left", "right", "first", "last", "even", "odd", "active"}


@dataclass(frozen=True, eq=False)
class Row:
    """A row of a list: its element, and the siblings that belong to it where a row is more than one element."""

    element: Element
    parts: tuple[Element, ...]
    link: Link
    between: tuple[str, ...] = ()  # text of the row that stands between its parts

    @cached_property
    def texts(self) -> Sequence[str]:
        """The runs of text in it, its title left out."""
        head = self.link.head
        outside = [text for part in self.parts for text in runs(part, (head.box,))]
        inside = [whole_text(stamp) for stamp in head.stamps if head.box in stamp.iterancestors()]
        return (*outside, *inside, *self.between)

    @cached_property
    def dates(self) -> Sequence[str]:
        """The dates that it shows, as printed."""
        return dates(self.texts)


@dataclass(eq=False)
class Block:
    """Rows that stand side by side."""

    parent: Element
    rows: list[Row]
    column: str  # folder of the column, as :func:`folder` gives it

    @cached_property
    def dated(self) -> float:
        return _share(bool(row.dates) for row in self.rows)

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
        return _share(len(row.link.text) >= LONG_TITLE for row in self.rows)

    @cached_property
    def chrome(self) -> bool:
        """Inside navigation, breadcrumbs, pager, footer; what shows dates is none of these, whatever its class says."""
        return self.dated < 0.5 and any(is_chrome(node) for node in self.rows[0].link.element.iterancestors())

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
    links = [*candidates(tree, page)]
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
    place = {element: number for number, element in enumerate(tree.iter(*{str(element.tag) for element in elements}))}
    outer = [row for row in rows if elements.isdisjoint(row.element.iterancestors())]
    return sorted(outer, key=lambda row: place[row.element])


def select(page: Page, elements: Sequence[Element]) -> list[Row]:
    """The rows in elements that a portal file names by a selector; elements without a link are left out."""
    links = [*candidates(tree_of(page), page)]
    rows = []
    for element in elements:
        inner = {*element.iter()}
        found = [link for link in links if link.element in inner]
        if found:
            rows.append(Row(element, (element,), main_link(element, found)))
    return rows


def _blocks(links: Sequence[Link], column: str) -> Iterator[Block]:
    parents: dict[Element, list[Row]] = defaultdict(list)
    for element, inner in row_elements(links).items():
        parent = element.getparent()
        if parent is not None:
            parents[parent].append(Row(element, (element,), main_link(element, inner)))
    for parent, rows in parents.items():
        block = Block(parent, rows, column)
        if block.dated < 0.5:
            wider = [Block(parent, _widened(block, after=after), column) for after in (True, False)]
            block = max(block, *wider, key=lambda option: option.dated if option.dated >= 0.5 else 0.0)
        yield block


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
    tags = {str(element.tag) for element in elements}
    beside = {node for node in block.parent.iterchildren(*tags) if node not in elements}
    inside: dict[Element, list[Link]] = defaultdict(list)
    for link in links if beside else ():
        if link.navigates:
            for node in link.element.iterancestors(*tags):
                if node in beside:
                    inside[node].append(link)
    for element, found in inside.items():
        row = Row(element, (element,), main_link(element, found))
        elsewhere = urlsplit(row.link.url).hostname != urlsplit(url).hostname
        if row.dates if block.dated >= 0.5 else elsewhere:
            yield row


def _share(signs: Iterable[bool]) -> float:
    values = [*signs]
    return sum(values) / len(values) if values else 0.0
