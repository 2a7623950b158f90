"""A page as a flat list of text blocks; everything else is read from that list.

A block is what a reader sees as one line: the text of a paragraph, a list item, a table cell without further blocks.
Ranges of blocks stand for elements: the body container, the article area, page chrome. :mod:`archive.reading.walk`
makes it from a tree.
"""

from dataclasses import dataclass, field

from lxml import etree


@dataclass(slots=True)
class Block:
    """One line of text. ``element`` numbers the largest element that holds nothing but this block."""

    text: str  # white space collapsed, full-width spaces inside kept
    pieces: list[str]  # the runs of text between the borders of inline elements
    element: int
    parent: int
    tag: str
    row: int  # number of the innermost table row, -1 outside tables


@dataclass(slots=True)
class Cell:
    start: int  # blocks[start:end] are its text
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
    block: int
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
    blocks: list[Block] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)
    metas: list[tuple[str, str]] = field(default_factory=list)
    bodies: list[Region] = field(default_factory=list)  # candidates for the body container
    headings: list[Region] = field(default_factory=list)
    chrome: list[tuple[int, int]] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)  # those that may hold data of the document
    page_title: str = ""
    base: str = ""


def link_text(link: Link) -> str:
    """The visible text of a link, white space collapsed."""
    return " ".join("".join(link.node.itertext()).split()) if link.node.tag == "a" else ""
