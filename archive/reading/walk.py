"""From a tree to its layout, in one pass and linear time.

Scripts, styles and comments are not text; commented-out markup is not data. Deep nesting costs nothing, since the walk
does not recurse.
"""

import re
from dataclasses import dataclass

from lxml import etree

from archive.reading import containers
from archive.reading.layout import Block, Cell, Layout, Link, Media, Region, Row

MAX_TAGS = 500_000
"""Opening and closing tags in a page that are still read; the largest real page known to us has some 40,000."""

_BLOCKS = (
    "address article aside blockquote body caption center dd details dir div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header legend li main menu nav ol p pre section table tbody tfoot thead tr td th ul "
    "ucapcontent ucaptitle"
)
_BLOCK_TAGS = frozenset(_BLOCKS.split())
_ROLE_TAGS = _BLOCK_TAGS | {"span", "a"}  # what may carry an id or class that tells its role
_PLAIN = frozenset(("li", "ul", "tr", "td", "p", "div", "span", "a", "tbody", "table"))  # no role without a name
_SKIPPED = frozenset(("script", "style", "noscript", "template", "select", "button", "svg", "textarea"))
_SPLIT = ("br", "hr")
_CELLS = ("td", "th")
_ITEMS = (*_CELLS, "li", "dt", "dd")
_MEDIA = frozenset(("img", "video", "iframe", "embed", "object", "audio", "canvas"))
_FALLBACKS = ("iframe", "video", "audio", "canvas")  # their text is for browsers that cannot show them
_LEAVES = frozenset((*_CELLS, "dd", "div", "li", "p"))  # empty, they still are an (empty) value
_MAX_CANDIDATES = 64

_SPACES = re.compile(r"[^\S\u3000]+")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")


@dataclass(slots=True)
class _Frame:
    node: etree._Element
    number: int
    parent: int
    tag: str
    start: int
    bodies: int  # how many body candidates were known when it began
    role: containers.Role
    is_block: bool
    has_chrome: bool = False
    cell: Cell | None = None
    outer_row: int = -1
    outer_table: int = -1


def lay_out(root: etree._Element) -> Layout:
    """The layout of a tree from :attr:`archive.reading.page.Page.tree`, or of a fragment. Never raises."""
    return _Walk().over(root)


class _Walk:
    def __init__(self) -> None:
        self.out = Layout()
        self.stack: list[_Frame] = []
        self.pieces: list[str] = []
        self.number = 0
        self.row = -1
        self.table = -1
        self.tables = 0
        self.marked = 0
        self.preformatted = 0
        self.fence = -1  # first block behind <meta name="ContentStart">

    def over(self, root: etree._Element) -> Layout:
        walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
        stack = self.stack
        pieces = self.pieces
        for event, node in walk:
            if event == "start":
                tag = node.tag
                if tag in _SKIPPED:
                    self.skip(node, tag)
                    walk.skip_subtree()
                    continue
                if tag in _ROLE_TAGS:
                    self.open(node, tag)
                elif tag == "meta":
                    self.meta(node)
                elif tag == "title":
                    self.out.page_title = self.out.page_title or _squeeze("".join(node.itertext()))
                    walk.skip_subtree()
                    continue
                if tag == "a" or tag in _MEDIA:
                    self.reference(node, tag)
                    if tag in _FALLBACKS:
                        walk.skip_subtree()
                        continue
                text = node.text
                if text and (pieces or not text.isspace()):
                    pieces.append(text)
            else:
                if event == "end":
                    tag = node.tag
                    if stack and stack[-1].node is node:
                        self.close()
                    elif tag in _SPLIT:
                        self.flush()
                    elif tag == "base":
                        self.out.base = self.out.base or node.get("href", "").strip()
                text = node.tail
                if text and (pieces or not text.isspace()) and node is not root:
                    pieces.append(text)
        self.flush()
        return self.out

    def open(self, node: etree._Element, tag: str) -> None:
        identifier, classes = node.get("id"), node.get("class")
        plain = identifier is classes is None and tag in _PLAIN
        role = containers.NO_ROLE if plain else containers.role(tag, identifier, classes)
        is_block = tag in _BLOCK_TAGS
        if is_block or role.body:
            if self.pieces:
                self.flush()
        elif role is containers.NO_ROLE:
            return
        self.number += 1
        blocks = self.out.blocks
        parent = self.stack[-1].number if self.stack else 0
        frame = _Frame(
            node, self.number, parent, tag, len(blocks), len(self.out.bodies),
            role, is_block,
        )  # fmt: skip
        self.stack.append(frame)
        self.marked += role.attachment
        if tag == "table":
            frame.outer_row, frame.outer_table = self.row, self.table
            self.tables += 1
            self.row, self.table = -1, self.tables
        elif tag == "tr":
            frame.outer_row = self.row
            self.row = len(self.out.rows)
            self.out.rows.append(Row(self.table))
        elif tag in _CELLS and self.row >= 0:
            frame.cell = Cell(len(blocks), 0, _span(node, "colspan"), _span(node, "rowspan"))
            self.out.rows[self.row].cells.append(frame.cell)
        elif tag == "pre":
            self.preformatted += 1

    def close(self) -> None:
        frame = self.stack[-1]
        tag, blocks = frame.tag, self.out.blocks
        if frame.is_block or frame.role.body:
            if self.pieces:
                self.flush()
            if len(blocks) == frame.start and tag in _LEAVES:
                blocks.append(Block("", [], frame.number, frame.parent, tag, self.row))
        self.stack.pop()
        if len(blocks) == frame.start + 1 and frame.is_block:
            only = blocks[-1]
            only.element, only.parent = frame.number, frame.parent
            only.tag = only.tag if only.tag in _ITEMS else tag
        self.marked -= frame.role.attachment
        if frame.cell:
            frame.cell.end = len(blocks)
        elif tag == "table":
            self.row, self.table = frame.outer_row, frame.outer_table
            if self.row >= 0 and self.out.rows[self.row].cells:
                self.out.rows[self.row].cells[-1].nested = True
        elif tag == "tr":
            cells = self.out.rows[self.row].cells
            self.out.rows[self.row].is_data = len(cells) > 1 and not any(cell.nested for cell in cells)
            self.row = frame.outer_row
        elif tag == "pre":
            self.preformatted -= 1
        if frame.role is not containers.NO_ROLE or frame.has_chrome or len(self.out.bodies) > frame.bodies:
            self.roles(frame, len(blocks))

    def roles(self, frame: _Frame, end: int) -> None:
        """What the element turns out to be, now that all of it is known."""
        out, role, span = self.out, frame.role, (frame.start, end)
        if role.body and len(out.bodies) == _MAX_CANDIDATES and role.body < out.bodies[-1].rank:
            out.bodies.pop()  # a page of teasers: the better name must still find room
        if role.body and len(out.bodies) < _MAX_CANDIDATES:
            out.bodies.append(Region(role.body, *span, area=span))
        inside = out.bodies[frame.bodies :]
        if role.heading and frame.is_block and not inside and 0 < end - frame.start <= 4:
            out.headings.append(Region(role.heading, *span, area=span))
        if (role.chrome or role.clutter) and not inside:
            out.chrome.append(span)
            frame.has_chrome |= role.chrome
        if not frame.has_chrome:
            for region in inside:
                region.area = span
        elif self.stack:
            self.stack[-1].has_chrome = True

    def flush(self) -> None:
        """End the line that is being gathered."""
        if not self.pieces:
            return
        pieces = self.pieces.copy()
        self.pieces.clear()
        whole = "".join(pieces)
        number, tag = (self.stack[-1].number, self.stack[-1].tag) if self.stack else (0, "")
        for line in whole.split("\n") if self.preformatted else (whole,):
            if text := _squeeze(line):
                gathered = pieces if line is whole else [line]
                self.out.blocks.append(Block(text, gathered, number, number, tag, self.row))

    def reference(self, node: etree._Element, tag: str) -> None:
        if tag == "a":
            if href := node.get("href"):
                self.out.links.append(Link(len(self.out.blocks), href, node, self.marked > 0))
        else:
            src = node.get("src") or node.get("data") or ""
            self.out.media.append(Media(len(self.out.blocks), tag, src))
            if tag != "img" and src:
                self.out.links.append(Link(len(self.out.blocks), src, node, self.marked > 0))

    def meta(self, node: etree._Element) -> None:
        name = (node.get("name") or "").strip()
        if not name:
            return
        if name.lower() == "contentstart":
            self.flush()
            self.fence = len(self.out.blocks)
        elif name.lower() == "contentend" and self.fence >= 0:
            self.flush()
            end = len(self.out.blocks)
            self.out.bodies.append(Region(containers.FENCED, self.fence, end, (self.fence, end)))
            self.fence = -1
        else:
            self.out.metas.append((name, (node.get("content") or "").strip()))

    def skip(self, node: etree._Element, tag: str) -> None:
        if tag == "script":
            text = node.text
            if text and "DETAIL" in text:
                self.out.scripts.append(text)


def _squeeze(text: str) -> str:
    """White space collapsed, invisible characters dropped; a full-width space inside stays."""
    squeezed = _SPACES.sub(" ", text).strip() if "\u3000" in text else " ".join(text.split())
    return squeezed if squeezed.isprintable() else _INVISIBLE.sub("", squeezed).strip()


def _span(node: etree._Element, name: str) -> int:
    value = node.get(name)
    if value is None:
        return 1
    value = value.strip()
    return min(max(int(value), 1), 1000) if value.isdecimal() and len(value) < 8 else 1
