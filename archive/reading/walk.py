"""From a tree to its layout, in one pass and linear time.

Scripts, styles and comments are not text; commented-out markup is not data. Deep nesting costs nothing, since the walk
does not recurse. Almost half of the time that a page takes is spent here: so what most elements are comes first, text
in a line, or a block that is a line.
"""

import re
from collections.abc import Sequence
from typing import Any

from lxml import etree

from archive.reading.containers import FENCED, NO_ROLE
from archive.reading.layout import Cell, Layout, Media, Region, Row
from archive.reading.tags import BARE, BLOCKS, CELLS, FALLBACKS, INLINE, LINK, MEDIA, OTHERS, Kind, kind_of

MAX_TAGS = 500_000
"""Opening and closing tags in a page that are still read; the largest real page known to us has some 40,000."""

_ITEMS = CELLS | {"li", "dt", "dd"}
_MAX_CANDIDATES = 64
_MAX_METAS = 400

_KEPT = "\0"  # stands for a full-width space while white space is collapsed; pages have none
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")

# A block, or an element with a role, that is open: its number and kind; and how many blocks, body candidates and pieces
# of page chrome there were when it began.
_Frame = tuple[int, Kind, int, int, int]


def lay_out(root: etree._Element) -> Layout:
    """The layout of a tree from :attr:`archive.reading.page.Page.tree`, or of a fragment. Never raises."""
    return _Walk().over(root)


class _Walk:
    def __init__(self) -> None:
        self.out = Layout()
        self.frames: list[_Frame] = [(0, INLINE, 0, 0, 0)]  # the innermost last; the first is around all of them
        self.pieces: list[str] = []
        self.number = 0
        self.row = -1
        self.table = -1
        self.tables = 0
        self.around: list[tuple[int, int]] = []  # row and table outside those that are open
        self.cells: list[Cell | None] = []
        self.arranged: set[int] = set()  # rows with a table in a cell
        self.marked = 0
        self.chrome = 0
        self.preformatted = 0
        self.fence = -1  # first block behind <meta name="ContentStart">

    def over(self, root: etree._Element) -> Layout:
        above: list[tuple[etree._Element, bool]] = []  # elements around this one, and whether they have a frame
        pieces = self.pieces
        node = root
        while True:
            tag: Any = node.tag
            kind = BARE.get(tag)
            if kind is None:
                kind = OTHERS.get(tag, INLINE)
            elif "class" in (names := node.keys()) or "id" in names:  # to ask lxml for a value takes twice as long
                kind = kind_of(tag, node.get("id"), node.get("class"))
            children = len(node)
            if kind.is_plain and children < 2 and not self.preformatted and self.line(node, kind, children):
                pass  # most of a page
            elif kind is INLINE or kind is LINK or self.begins(node, kind):
                if kind is LINK:
                    self.link(node)
                text = node.text
                if text and (pieces or not text.isspace()):
                    pieces.append(text)
                if children:
                    above.append((node, kind.is_framed))
                    node = node[0]
                    continue
                if kind.is_framed:
                    self.close()
            while above:
                text = node.tail
                if text and (pieces or not text.isspace()):
                    pieces.append(text)
                sibling = node.getnext()
                if sibling is not None:
                    node = sibling
                    break
                node, framed = above.pop()
                if framed:
                    self.close()
            else:
                break
        self.flush()
        return self.out

    def line(self, node: etree._Element, kind: Kind, children: int) -> bool:
        """Read a block that holds text and at most one inline element. False: it holds more, and is yet to be read."""
        if self.pieces:
            self.flush()
        text = node.text
        pieces = [text] if text and not text.isspace() else []
        if children:
            child = node[0]
            tag: Any = child.tag
            if tag in BLOCKS or len(child):
                return False
            within = BARE.get(tag)  # as above, written out for the same reason as below
            if within is None:
                within = OTHERS.get(tag, INLINE)
            elif "class" in (names := child.keys()) or "id" in names:
                within = kind_of(tag, child.get("id"), child.get("class"))
            if within is LINK:
                self.link(child)
            elif within is not INLINE:
                return False
            for text in (child.text, child.tail):
                if text and (pieces or not text.isspace()):
                    pieces.append(text)
        if kind.is_cell and self.row >= 0:
            self.cell(node).end += 1
        line = _squeeze("".join(pieces)) if pieces else ""
        if line or kind.is_leaf:
            out = self.out  # as add() does: to call it for each line takes as long again
            out.texts.append(line)
            out.pieces.append(pieces if line else ())
            out.parents.append(self.frames[-1][0])
            out.tags.append(kind.tag)
            out.row_of.append(self.row)
        return True

    def begins(self, node: etree._Element, kind: Kind) -> bool:
        """Take note of an element that is more than text in a line. False: what stands in it is not to be read."""
        if kind.ends_line and self.pieces:
            self.flush()
        if not kind.is_framed:
            return self.special(node, kind.tag)
        self.number += 1
        out = self.out
        self.frames.append((self.number, kind, len(out.texts), len(out.bodies), self.chrome))
        if kind.is_part:
            self.open_part(node, kind)
        if kind.tag == "a":
            self.link(node)
        return True

    def add(self, text: str, pieces: Sequence[str], parent: int, tag: str) -> None:
        out = self.out
        out.texts.append(text)
        out.pieces.append(pieces)
        out.parents.append(parent)
        out.tags.append(tag)
        out.row_of.append(self.row)

    def flush(self) -> None:
        """End the line that is being gathered."""
        if not self.pieces:
            return
        pieces = self.pieces.copy()
        self.pieces.clear()
        whole = "".join(pieces)
        frame = self.frames[-1]
        for line in whole.split("\n") if self.preformatted else (whole,):
            if text := _squeeze(line):
                self.add(text, pieces if line is whole else (line,), frame[0], frame[1].tag)

    # --- elements with something in them

    def open_part(self, node: etree._Element, kind: Kind) -> None:
        self.marked += kind.role.attachment
        if kind.is_cell:
            self.cells.append(self.cell(node) if self.row >= 0 else None)
        elif kind.tag == "tr":
            self.around.append((self.row, self.table))
            self.row = len(self.out.rows)
            self.out.rows.append(Row(self.table))
        elif kind.tag == "table":
            self.around.append((self.row, self.table))
            self.tables += 1
            self.row, self.table = -1, self.tables
        elif kind.tag == "pre":
            self.preformatted += 1

    def cell(self, node: etree._Element) -> Cell:
        at = len(self.out.texts)
        cell = Cell(at, at, 1, 1)
        if "colspan" in (names := node.keys()) or "rowspan" in names:
            cell.colspan, cell.rowspan = _span(node.get("colspan")), _span(node.get("rowspan"))
        self.out.rows[self.row].cells.append(cell)
        return cell

    def close(self) -> None:
        number, kind, start, bodies, chrome = self.frames[-1]
        out = self.out
        if kind.ends_line:
            if self.pieces:
                self.flush()
            if kind.is_leaf and len(out.texts) == start:
                self.add("", (), number, kind.tag)
        self.frames.pop()
        end = len(out.texts)
        if end == start + 1 and kind.is_block:
            out.parents[-1] = self.frames[-1][0]
            if out.tags[-1] not in _ITEMS:
                out.tags[-1] = kind.tag
        if kind.is_part:
            self.close_part(kind, end)
        if kind.role is not NO_ROLE or len(out.bodies) > bodies:
            self.roles(kind, (start, end), bodies, self.chrome > chrome)

    def close_part(self, kind: Kind, end: int) -> None:
        rows = self.out.rows
        self.marked -= kind.role.attachment
        if kind.is_cell:
            if cell := self.cells.pop():
                cell.end = end
        elif kind.tag == "tr":
            cells = rows[self.row].cells
            rows[self.row].is_data = len(cells) > 1 and self.row not in self.arranged
            self.row, self.table = self.around.pop()
        elif kind.tag == "table":
            self.row, self.table = self.around.pop()
            if self.row >= 0 and rows[self.row].cells:
                rows[self.row].cells[-1].nested = True
                self.arranged.add(self.row)
        elif kind.tag == "pre":
            self.preformatted -= 1

    def roles(self, kind: Kind, span: tuple[int, int], bodies: int, has_chrome: bool) -> None:
        """What the element turns out to be, now that all of it is known."""
        out, role = self.out, kind.role
        if role.body:
            self.candidate(role.body, span)
        inside = out.bodies[bodies:]
        if role.heading and kind.is_block and not inside and 0 < span[1] - span[0] <= 4:
            out.headings.append(Region(role.heading, *span, area=span))
        if (role.chrome or role.clutter) and not inside:
            out.chrome.append(span)
            self.chrome += role.chrome
            has_chrome |= role.chrome
        if not has_chrome:
            for region in inside:
                region.area = span

    def candidate(self, rank: int, span: tuple[int, int]) -> None:
        bodies = self.out.bodies
        if len(bodies) == _MAX_CANDIDATES and rank < bodies[-1].rank:
            bodies.pop()  # a page of teasers: the better name must still find room
        if len(bodies) < _MAX_CANDIDATES:
            bodies.append(Region(rank, *span, area=span))

    # --- elements that are something else than text

    def link(self, node: etree._Element) -> None:
        if href := node.get("href"):
            self.add_link(node, href)

    def add_link(self, node: etree._Element, href: str) -> None:
        out = self.out
        if self.marked:
            out.marked_links.add(len(out.link_blocks))
        out.link_blocks.append(len(out.texts))
        out.link_hrefs.append(href)
        out.link_nodes.append(node)

    def special(self, node: etree._Element, tag: str) -> bool:
        """Take note of it; whether it is read on."""
        out = self.out
        if tag in MEDIA:
            src = node.get("src") or node.get("data") or ""
            out.media.append(Media(len(out.texts), tag, src))
            if tag != "img" and src:
                self.add_link(node, src)
            return tag not in FALLBACKS
        if tag == "script":
            text = node.text
            if text and "DETAIL" in text:
                out.scripts.append(text)
        elif tag == "meta":
            self.meta(node)
        elif tag == "title":
            out.page_title = out.page_title or _squeeze("".join(node.itertext()))
        elif tag == "base":
            out.base = out.base or node.get("href", "").strip()
        return False

    def meta(self, node: etree._Element) -> None:
        name = (node.get("name") or "").strip()
        if not name:
            return
        if name.lower() == "contentstart":
            self.flush()
            self.fence = len(self.out.texts)
        elif name.lower() == "contentend" and self.fence >= 0:
            self.flush()
            end = len(self.out.texts)
            self.candidate(FENCED, (self.fence, end))
            self.fence = -1
        elif len(self.out.metas) < _MAX_METAS:
            self.out.metas.append((name, (node.get("content") or "").strip()))


def _squeeze(text: str) -> str:
    """White space collapsed, invisible characters dropped; a full-width space inside stays."""
    if text.isprintable() and "  " not in text:  # so it has no other white space than a space here and there
        return text.strip()
    if "\u3000" in text:
        squeezed = " ".join(text.replace("\u3000", _KEPT).split()).replace(_KEPT, "\u3000").strip()
    else:
        squeezed = " ".join(text.split())
    return squeezed if squeezed.isprintable() else _INVISIBLE.sub("", squeezed).strip()


def _span(value: str | None) -> int:
    if value is None:
        return 1
    value = value.strip()
    return min(max(int(value), 1), 1000) if value.isdecimal() and len(value) < 8 else 1
