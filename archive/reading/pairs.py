"""Label/value pairs of a page, found by label wherever they stand: in tables, lists, lines of text, 【】 blocks.

Rules for label/value text, from real pages: an empty value is common and the next label follows at once; several pairs
share a line; a label may be spaced out (索 引 号) or traditional; a value never begins with another known label. Inside
the body text only what cannot be prose counts.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from archive.reading.doc_number import parse_doc_numbers
from archive.reading.fields import FIELDS, Kind
from archive.reading.labels import ATTACHMENTS, GENERIC, LABELS, NOISE, known_label, normalise_label, simplified
from archive.reading.layout import Block, Cell, Layout, Row
from archive.reading.values import LONGEST, WORDS, normalise
from archive.vocabulary import Source


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and its value, both as written, and the canonical field that they stand for (``""``: not known)."""

    field: str
    label: str
    value: str
    source: Source


Span = tuple[int, int]

_MOST = 400  # pairs of one page; the fullest real metadata table holds some 25
_MOST_COLONS = 1000  # looked at in one line
_COLONS = "：:﹕"
_COLON = re.compile(f"[{_COLONS}]")
_LONGEST_LABEL = max(map(len, LABELS))
_LABEL_ENDS = frozenset(label[-1] for label in LABELS)
_WORD = re.compile(r"[\w\u3007\u3400-\u9fff]")
_NEXT_UNKNOWN = re.compile(rf"[\s|｜；;,，]+[\u4e00-\u9fff]{{2,8}}\s?[{_COLONS}].*$", re.DOTALL)
_FURNITURE = re.compile(
    r"[\s\[【(（|｜]*(?:字体|字号|打印|我要打印|分享|收藏|关闭|点击数|点击量|浏览|阅读|访问量|扫一扫|责任编辑|大\s*中\s*小)[^。]{0,60}$"
)
_DATE_BEHIND = re.compile(r"\s+(?:19|20)\d\d[-年/.]\d{1,2}[-月/.]\d{1,2}.{0,20}$")  # 来源：市政府办  2020-01-02 10:11
_BANNER = re.compile(r"[【\[［]([^】\]］【\[［]{2,24})[】\]］]")
_BANNER_END = re.compile(r"[•·●]|正文")
_NEEDS_COMPANY = GENERIC - {"来源"}
_NEAR = 8  # blocks
_BODY_HEAD, _BODY_TAIL = 30, 15  # blocks of the body where a statement about the document may stand


def find_pairs(layout: Layout, body: Span | None) -> list[Pair]:
    """Every pair outside navigation, in the order of the page, tables first. ``body`` is the range of the body text.

    At most 400 pairs; 附件, page furniture and personal data (责任编辑 …) are left out. A label that is also an
    everyday word (名称, 分类 …) counts on a line only in the company of another label."""
    found = list(islice(_Finder(layout, body).all(), _MOST))
    company = {at for at, pair in found if pair.field in FIELDS and normalise_label(pair.label) not in GENERIC}
    return [
        pair
        for at, pair in found
        if pair.field not in (NOISE, ATTACHMENTS)
        and (
            pair.source is not Source.LINE
            or normalise_label(pair.label) not in _NEEDS_COMPANY
            or any(near in company for near in range(at - _NEAR, at + _NEAR + 1))
        )
    ]


def split_line(text: str) -> list[tuple[str, str]]:
    """The pairs of one line: split at every known label that a colon follows, not at spaces."""
    return [(text[start:colon].strip(), text[colon + 1 : end].strip()) for start, colon, end in _marks(text)]


def _marks(text: str) -> list[tuple[int, int, int]]:
    """(start of label, its colon, end of value) of every known label with a colon."""
    found: list[tuple[int, int]] = []
    for match in islice(_COLON.finditer(text), _MOST_COLONS):
        start = _label_before(text, match.start(), found[-1][1] + 1 if found else 0)
        if start is not None:
            found.append((start, match.start()))
    ends = [start for start, _ in found] + [len(text)]
    return [(start, colon, end) for (start, colon), end in zip(found, ends[1:], strict=True)]


def _label_before(text: str, colon: int, floor: int) -> int | None:
    """Where the longest known label that ends at ``colon`` begins; it must not continue a word."""
    label, start = "", None
    for at in range(colon - 1, max(floor, colon - 3 * _LONGEST_LABEL) - 1, -1):
        sign = simplified(unicodedata.normalize("NFKC", text[at]))
        if sign.isspace():
            continue
        if not label and sign not in _LABEL_ENDS:
            return None
        label = sign + label
        if len(label) > _LONGEST_LABEL:
            break
        if label in LABELS and (at == floor or not _WORD.match(text[at - 1])):
            start = at
    return start


def _meaning(label: str, value: str, source: Source) -> str:
    """The field that a known label stands for, where that depends on its value or on where it stands.

    字号 is also the font-size widget. 公开形式 is a method (主动公开) or a channel (政府网站). The 【】 blocks of law
    databases call the promulgation 发布日期 and the issuer 发布部门; portals use both for the publication."""
    if label == "字号":
        return "doc_number" if parse_doc_numbers(value).numbers else NOISE
    if label == "公开形式" and not normalise("disclosure_method", value):
        return "disclosure_channel"
    if source is Source.BANNER and label in ("发布日期", "发布部门"):
        return {"发布日期": "date_promulgated", "发布部门": "issuer"}[label]
    return LABELS[label]


def _trim(field: str, value: str) -> str:
    """``value`` without what follows it on the line: buttons, and pairs whose label is not known."""
    if field in FIELDS and FIELDS[field].kind is not Kind.TITLE and field not in ("abstract", "breadcrumb"):
        value = _FURNITURE.sub("", _NEXT_UNKNOWN.sub("", value))
    if field in ("source", "publisher"):
        value = _DATE_BEHIND.sub("", value)
    value = value.strip(" \u3000|｜;；")
    for opening, closing in ("（）", "()", "[]", "【】"):
        if value.endswith(closing) and value.count(opening) < value.count(closing):
            value = value[:-1].rstrip()
    return value


class _Finder:
    def __init__(self, layout: Layout, body: Span | None) -> None:
        self.layout = layout
        self.blocks = layout.blocks
        self.body = body or (0, 0)
        self.chrome = bytearray(len(self.blocks))
        for start, end in layout.chrome:
            self.chrome[start:end] = b"\1" * (end - start)
        self.titles = {region.start for region in layout.headings}
        self.used: set[int] = set()

    def all(self) -> Iterator[tuple[int, Pair]]:
        yield from self.tables()
        for at, block in enumerate(self.blocks):
            if block.text and at not in self.used and (self.believable(at) or "【" in block.text):
                yield from self.line(at, block)

    def believable(self, at: int) -> bool:
        """Whether a block may state something of the document: outside the body, or near its ends."""
        start, end = self.body
        return not start + _BODY_HEAD <= at < end - _BODY_TAIL

    def pair(self, label: str, value: str, source: Source, at: int) -> Iterator[tuple[int, Pair]]:
        """The pair with its place, unless it stands where it cannot be believed."""
        name = normalise_label(label)
        field = _meaning(name, value, source) if name in LABELS else ""
        value = _trim(field, value)[:LONGEST]
        if self.chrome[at] and field not in ("site_id_code", "breadcrumb"):
            return
        if source is not Source.BANNER and self.body[0] <= at < self.body[1]:
            if not self.is_statement(field, name, value, at):
                return
            source = Source.BODY
        yield at, Pair(field, label, value, source)

    def is_statement(self, field: str, name: str, value: str, at: int) -> bool:
        """Whether a pair inside the body is about the document, and not prose with a colon."""
        known = field in FIELDS and name not in GENERIC - {"来源"}
        return (
            known and self.believable(at) and len(value) <= 80 and "。" not in value and bool(normalise(field, value))
        )

    # --- tables

    def tables(self) -> Iterator[tuple[int, Pair]]:
        by_table: dict[int, list[Row]] = {}
        for row in self.layout.rows:
            if row.cells:
                by_table.setdefault(row.table, []).append(row)
        for rows in by_table.values():
            yield from self.table(rows)

    def table(self, rows: list[Row]) -> Iterator[tuple[int, Pair]]:
        names = {id(cell): name for row in rows for cell in row.cells if (name := self.cell_label(cell))}
        certain = any(name in LABELS and name not in GENERIC for name in names.values())
        names = {key: name for key, name in names.items() if certain or name not in GENERIC}
        if not names:
            return
        grid = _grid(rows)
        for number, line in enumerate(grid):
            below = grid[number + 1] if number + 1 < len(grid) else []
            beyond = grid[number + 2] if number + 2 < len(grid) else []
            if self.is_heading_row(line, below, beyond, names):
                columns = {id(cell): value for cell, value in zip(line, below, strict=False) if cell and value}
                couples = [(cell, columns.get(id(cell))) for cell in _distinct(line)]
            else:
                cells = _distinct(line)
                couples = [(cell, cells[i + 1] if i + 1 < len(cells) else None) for i, cell in enumerate(cells)]
            for cell, value in couples:
                if id(cell) in names and not (value and value.nested):
                    yield from self.couple(cell, None if value and id(value) in names else value, names)

    def couple(self, cell: Cell, value: Cell | None, names: dict[int, str]) -> Iterator[tuple[int, Pair]]:
        text = self.cell_text(value) if value else ""
        if names[id(cell)] in LABELS or text:
            self.used.add(cell.start)
            if value:
                self.used.update(range(value.start, value.end))
            if names[id(cell)] in LABELS or len(text) <= 200:
                label = self.blocks[cell.start].text.rstrip(_COLONS + " ")
                yield from self.pair(label, text, Source.TABLE, cell.start)

    def is_heading_row(
        self, line: list[Cell | None], below: list[Cell | None], beyond: list[Cell | None], names: dict[int, str]
    ) -> bool:
        """Labels above their values: a row of labels only, one row of values, then no row or again labels."""

        def labels(cells: list[Cell | None]) -> list[bool]:
            return [id(cell) in names for cell in _distinct(cells)]

        return bool(below) and all(labels(line)) and not any(labels(below)) and (not beyond or all(labels(beyond)))

    def cell_label(self, cell: Cell) -> str:
        """The normalised label that is all of a cell: a known one, or a short text that ends in a colon."""
        if cell.end != cell.start + 1:
            return ""
        text = self.blocks[cell.start].text
        if known := known_label(text):
            return known
        return normalise_label(text) if text.endswith(tuple(_COLONS)) and 2 <= len(text) - 1 <= 12 else ""

    def cell_text(self, cell: Cell) -> str:
        return " ".join(block.text for block in self.blocks[cell.start : cell.end] if block.text)

    # --- everything else

    def line(self, at: int, block: Block) -> Iterator[tuple[int, Pair]]:
        text = block.text
        banners = list(self.banners(text)) if "】" in text or "]" in text or "］" in text else []
        if banners:
            for label, value in banners:
                yield from self.pair(label, value, Source.BANNER, at)
            return
        marks = _marks(text)
        source = self.source(block) if marks else Source.LINE
        for start, colon, end in marks:
            label, value = text[start:colon].strip(), text[colon + 1 : end].strip()
            if not value and len(marks) == 1 and start == 0:
                value = self.next_value(at, block)
                source = Source.LIST if value else source
            yield from self.pair(label, value, source, at)
        if not marks and not self.body[0] <= at < self.body[1]:
            yield from self.bare(at, block)

    def source(self, block: Block) -> Source:
        """TABLE for a cell that says both; LIST where label and value are elements of their own; else LINE."""
        if block.tag in ("td", "th") and block.row >= 0 and self.layout.rows[block.row].is_data:
            return Source.TABLE
        apart = block.tag in ("li", "dt", "dd") or any(known_label(piece) for piece in block.pieces[:-1])
        return Source.LIST if apart else Source.LINE

    def bare(self, at: int, block: Block) -> Iterator[tuple[int, Pair]]:
        """A label without a colon: an inline element of its own before its value, or a dt, div or label before it."""
        if len(block.text) > 300:
            return
        pieces = [piece.strip() for piece in block.pieces if piece.strip()]
        name = known_label(pieces[0]) if pieces else ""
        if not name or (name in GENERIC and block.tag != "dt"):
            return
        value = " ".join(pieces[1:]) or ("" if block.tag in ("h1", "h2", "h3", "h4") else self.next_value(at, block))
        if value:
            yield from self.pair(pieces[0], value, Source.LIST, at)

    def next_value(self, at: int, block: Block) -> str:
        """The next line, if it is what a label that stands alone belongs to: its next sibling, and no label itself."""
        following = self.blocks[at + 1] if at + 1 < len(self.blocks) else None
        if (
            following is None
            or following.parent != block.parent
            or block.tag in ("td", "th")
            or (block.tag == following.tag == "li")
            or (block.tag == following.tag == "p" and (len(following.text) > 60 or self.body == (0, 0)))
            or at + 1 in self.titles
            or known_label(following.text)
            or any(start == 0 for start, _, _ in _marks(following.text[:200]))
        ):
            return ""
        self.used.add(at + 1)
        return following.text

    def banners(self, text: str) -> Iterator[tuple[str, str]]:
        """【label】value …: a value ends at the next 【, at • or at 正文; 效力级别 at the end of a known word."""
        brackets = [match for match in islice(_BANNER.finditer(text), _MOST) if not match[1].isdecimal()]
        for number, match in enumerate(brackets):
            name = known_label(match[1])
            if not name or (name in GENERIC and len(brackets) == 1):
                continue
            end = brackets[number + 1].start() if number + 1 < len(brackets) else len(text)
            value = text[match.end() : end].lstrip(_COLONS + " ")
            if stop := _BANNER_END.search(value):
                value = value[: stop.start()]
            if LABELS[name] == "legal_level":
                value = next((word for word in _LEVELS if simplified(value).startswith(word)), value)
            yield match[1].strip(), value.strip()


_LEVELS = sorted(WORDS["legal_level"], key=len, reverse=True)


def _distinct(cells: list[Cell | None]) -> list[Cell]:
    return list({id(cell): cell for cell in cells if cell}.values())


def _grid(rows: list[Row]) -> list[list[Cell | None]]:
    """The cells by row and column, spans filled in. Bounded: 200 rows of 40 columns, more is no metadata."""
    grid: list[list[Cell | None]] = []
    hanging: dict[int, tuple[Cell, int]] = {}
    for row in rows[:200]:
        line: list[Cell | None] = []
        cells = iter(row.cells)
        cell = next(cells, None)
        while len(line) < 40 and (cell or len(line) in hanging):
            column = len(line)
            if column in hanging:
                above, left = hanging.pop(column)
                if left > 1:
                    hanging[column] = (above, left - 1)
                line.append(above)
            elif cell:
                for _ in range(min(cell.colspan, 40 - column)):
                    if cell.rowspan > 1:
                        hanging[len(line)] = (cell, cell.rowspan - 1)
                    line.append(cell)
                cell = next(cells, None)
        grid.append(line)
    return grid
