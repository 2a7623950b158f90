"""A page as a flat list of text blocks; everything else is read from that list.

A block is what a reader sees as one line: the text of a paragraph, a list item, a table cell without further blocks.
Ranges of blocks stand for elements: the body container, the article area, page chrome. :mod:`archive.reading.walk`
makes it from a tree. Blocks and links are kept by column, a list for each of their properties: a page has hundreds, and
making an object of each takes longer than reading its text.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import etree


@dataclass(slots=True)
class Cell:
    start: int  # blocks start to end, end excluded, are its text
    end: int
    colspan: int
    rowspan: int
    nested: bool = False  # holds a table: it is layout, not data


@dataclass(slots=True)
class Row:
    """``is_data``: its cells belong on one line, being two or more and none of them holding a table."""

    table: int
    cells: list[Cell] = field(default_factory=list)
    is_data: bool = False


@dataclass(slots=True)
class Link:
    block: int  # the one that it stands in, or the first behind it
    href: str
    node: etree._Element
    marked: bool  # inside an element whose name says attachment


@dataclass(slots=True)
class Media:
    block: int
    tag: str
    src: str


@dataclass(slots=True)
class Region:
    """An element with a role, as the blocks it holds. ``area`` widens it to its surroundings without page chrome."""

    rank: int
    start: int
    end: int
    area: tuple[int, int]


@dataclass(slots=True)
class Layout:
    # The blocks: the same place in each of these lists.
    texts: list[str] = field(default_factory=list)  # white space collapsed, full-width spaces inside kept
    pieces: list[Sequence[str]] = field(default_factory=list)  # the runs of text between the borders of inline elements
    parents: list[int] = field(default_factory=list)  # number of the element around the largest that is this block only
    tags: list[str] = field(default_factory=list)
    row_of: list[int] = field(default_factory=list)  # number of the innermost table row, -1 outside tables

    # The links, likewise: see Link.
    link_blocks: list[int] = field(default_factory=list)
    link_hrefs: list[str] = field(default_factory=list)
    link_nodes: list[etree._Element] = field(default_factory=list)
    marked_links: set[int] = field(default_factory=set)  # their numbers

    rows: list[Row] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)
    metas: list[tuple[str, str]] = field(default_factory=list)
    bodies: list[Region] = field(default_factory=list)  # candidates for the body container
    headings: list[Region] = field(default_factory=list)
    chrome: list[tuple[int, int]] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)  # those that may hold data of the document
    page_title: str = ""
    base: str = ""
    hidden: bytes = b""  # of a finished layout, once it was asked for: see in_chrome()

    def link(self, number: int) -> Link:
        marked = number in self.marked_links
        return Link(self.link_blocks[number], self.link_hrefs[number], self.link_nodes[number], marked)


def in_chrome(layout: Layout) -> bytes:
    """For each block, and the place behind the last one, 1 if it is navigation, a share bar or the like; else 0.

    Of a layout that is finished: it is worked out once."""
    if not layout.hidden:
        flags = bytearray(len(layout.texts) + 1)
        for start, end in layout.chrome:
            flags[start:end] = b"\1" * (end - start)
        layout.hidden = bytes(flags)
    return layout.hidden


def cell_text(texts: Sequence[str], cell: Cell) -> str:
    """The text of a cell; several lines are joined by a space."""
    if cell.end == cell.start + 1:
        return texts[cell.start]  # most
    return " ".join(filter(None, texts[cell.start : cell.end]))


def link_text(node: etree._Element) -> str:
    """The visible text of a link, white space collapsed; of a picture or a frame none."""
    return " ".join("".join(node.itertext()).split()) if node.tag == "a" else ""
