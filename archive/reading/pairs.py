"""Label/value pairs of a page, found by label wherever they stand: in tables, lists, lines of text, 【】 blocks.

Never by cell position. Inside the body text only what cannot be prose counts.
"""

from collections.abc import Container
from dataclasses import dataclass
from itertools import zip_longest

from archive.reading.fields import FIELDS
from archive.reading.labels import ATTACHMENTS, GENERIC, LABELS, NOISE, known_label, normalise_label
from archive.reading.layout import Cell, Layout, Row, cell_text, in_chrome
from archive.reading.line import COLONS, SIGNS, banners, labels_apart, marks, meaning, trim
from archive.reading.values import normalise
from archive.vocabulary import Source


@dataclass(slots=True)  # to freeze them takes as long again as to make them
class Pair:
    """A label and its value, both as written, and the canonical field that they stand for (``""``: not known)."""

    field: str
    label: str
    value: str
    source: Source


Span = tuple[int, int]
_Found = tuple[int, str, Pair]  # the block, the normalised label

_MOST = 400  # pairs of one page; the fullest real metadata table holds some 25
_NEEDS_COMPANY = GENERIC - {"来源"}
_NEAR = 8  # blocks
_BODY_HEAD, _BODY_TAIL = 30, 15  # blocks of the body where a statement about the document may stand


def find_pairs(layout: Layout, body: Span | None, outside: Container[int] = ()) -> list[Pair]:
    """Every pair outside navigation, in the order of the page, tables first. ``body`` is the range of the body text;
    ``outside``: blocks in it that speak of another document than the page's.

    At most 400 pairs; 附件, page furniture and personal data (责任编辑 …) are left out. A label that is also an
    everyday word (名称, 分类 …) counts on a line only in the company of another label."""
    found = _Finder(layout, body, outside).all()
    company = {at for at, name, pair in found if pair.field in FIELDS and name not in GENERIC}
    return [
        pair
        for at, name, pair in found
        if pair.field not in (NOISE, ATTACHMENTS)
        and (
            pair.source is not Source.LINE
            or name not in _NEEDS_COMPANY
            or any(near in company for near in range(at - _NEAR, at + _NEAR + 1))
        )
    ]


class _Finder:
    def __init__(self, layout: Layout, body: Span | None, outside: Container[int]) -> None:
        self.layout = layout
        self.texts = layout.texts
        self.body = body or (0, 0)
        self.outside = outside
        self.prose = range(self.body[0] + _BODY_HEAD, self.body[1] - _BODY_TAIL)
        self.chrome = in_chrome(layout)
        self.titles = {region.start for region in layout.headings}
        self.used: set[int] = set()
        self.found: list[_Found] = []

    def all(self) -> list[_Found]:
        self.tables()
        texts, prose, used, pieces = self.texts, self.prose, self.used, self.layout.pieces
        start, end = self.body
        stated = (at for at in prose if "【" in texts[at])
        for at in (*range(prose.start), *stated, *range(prose.stop, len(texts))) if prose else range(len(texts)):
            text = texts[at]
            if not text or at in used:
                continue
            if SIGNS.search(text):
                self.line(at, text)
            elif not start <= at < end and known_label(pieces[at][0].strip()):
                self.bare(at)
            if len(self.found) >= _MOST:
                break
        return self.found[:_MOST]

    def pair(self, label: str, value: str, source: Source, at: int) -> None:
        """Keep the pair with its place, unless it stands where it cannot be believed."""
        name = normalise_label(label)
        field = meaning(name, value, source) if name in LABELS else ""
        value = trim(field, value)
        if at in self.outside:
            return
        if self.chrome[at] and field not in ("site_id_code", "breadcrumb"):
            return
        if source is not Source.BANNER and self.body[0] <= at < self.body[1]:
            if not self.is_statement(field, name, value, at):
                return
            source = Source.BODY
        self.found.append((at, name, Pair(field, label, value, source)))

    def is_statement(self, field: str, name: str, value: str, at: int) -> bool:
        """Whether a pair inside the body is about the document, and not prose with a colon."""
        known = field in FIELDS and name not in GENERIC - {"来源"}
        return (
            known and at not in self.prose and len(value) <= 80 and "。" not in value and bool(normalise(field, value))
        )

    # --- tables

    def tables(self) -> None:
        by_table: dict[int, list[Row]] = {}
        for row in self.layout.rows:
            if row.cells:
                by_table.setdefault(row.table, []).append(row)
        for rows in by_table.values():
            self.table(rows)
            if len(self.found) >= _MOST:
                break

    def table(self, rows: list[Row]) -> None:
        cells = (cell for row in rows for cell in row.cells if cell.end == cell.start + 1)
        names = {id(cell): name for cell in cells if cell.start not in self.prose and (name := self.cell_label(cell))}
        certain = any(name in LABELS and name not in GENERIC for name in names.values())
        names = {key: name for key, name in names.items() if certain or name not in GENERIC}
        if not names:
            return
        grid = _grid(rows)
        coupled: set[tuple[int, int]] = set()  # a cell that spans rows meets its neighbour in each
        for number, line in enumerate(grid):
            below = grid[number + 1] if number + 1 < len(grid) else []
            beyond = grid[number + 2] if number + 2 < len(grid) else []
            if self.is_heading_row(line, below, beyond, names):
                columns = {id(cell): value for cell, value in zip(line, below, strict=False) if cell and value}
                couples = [(cell, columns.get(id(cell))) for cell in _distinct(line)]
            else:
                across = _distinct(line)
                couples = list(zip_longest(across, across[1:]))
            for cell, value in couples:
                if id(cell) in names and not (value and value.nested) and (id(cell), id(value)) not in coupled:
                    coupled.add((id(cell), id(value)))
                    self.couple(cell, None if value and id(value) in names else value, names)

    def couple(self, cell: Cell, value: Cell | None, names: dict[int, str]) -> None:
        text = cell_text(self.texts, value) if value else ""
        if names[id(cell)] in LABELS or text:
            self.used.add(cell.start)
            if value:
                self.used.update(range(value.start, value.end))
            if names[id(cell)] in LABELS or len(text) <= 200:
                label = self.texts[cell.start].rstrip(COLONS + " ")
                self.pair(label, text, Source.TABLE, cell.start)

    def is_heading_row(
        self, line: list[Cell | None], below: list[Cell | None], beyond: list[Cell | None], names: dict[int, str]
    ) -> bool:
        """Labels above their values: a row of labels only, one row of values, then no row or again labels."""

        def labels(cells: list[Cell | None]) -> list[bool]:
            return [id(cell) in names for cell in _distinct(cells)]

        return bool(below) and all(labels(line)) and not any(labels(below)) and (not beyond or all(labels(beyond)))

    def cell_label(self, cell: Cell) -> str:
        """The normalised label that is all of a cell: a known one, or a short text that ends in a colon."""
        text = self.texts[cell.start]
        if known := known_label(text):
            return known
        return normalise_label(text) if 3 <= len(text) <= 13 and text[-1] in COLONS else ""

    # --- everything else

    def line(self, at: int, text: str) -> None:
        stated = list(banners(text)) if "】" in text or "]" in text or "］" in text else []
        if stated:
            for label, value in stated:
                self.pair(label, value, Source.BANNER, at)
            return
        text = labels_apart(text, self.layout.pieces[at])
        found = marks(text)
        source = self.source(at) if found else Source.LINE
        for start, colon, end in found:
            label, value = text[start:colon].strip(), text[colon + 1 : end].strip()
            if not value and len(found) == 1 and start == 0:
                value = self.next_value(at)
                source = Source.LIST if value else source
            self.pair(label, value, source, at)
        if not found and not self.body[0] <= at < self.body[1]:
            self.bare(at)

    def source(self, at: int) -> Source:
        """TABLE for a cell that says both; LIST where label and value are elements of their own; else LINE."""
        tag, row = self.layout.tags[at], self.layout.row_of[at]
        if tag in ("td", "th") and row >= 0 and self.layout.rows[row].is_data:
            return Source.TABLE
        apart = tag in ("li", "dt", "dd") or any(map(known_label, self.layout.pieces[at][:-1]))
        return Source.LIST if apart else Source.LINE

    def bare(self, at: int) -> None:
        """A label without a colon: an inline element of its own before its value, or a dt, div or label before it."""
        pieces, tag = self.layout.pieces[at], self.layout.tags[at]
        label = pieces[0].strip()
        name = known_label(label)
        if not name or (name in GENERIC and tag != "dt") or len(self.texts[at]) > 300:
            return
        value = " ".join(filter(None, map(str.strip, pieces[1:])))
        if not value and tag not in ("h1", "h2", "h3", "h4"):
            value = self.next_value(at)
        if value:
            self.pair(label, value, Source.LIST, at)

    def next_value(self, at: int) -> str:
        """The next line, if it is what a label that stands alone belongs to: its next sibling, and no label itself."""
        if at + 1 == len(self.texts):
            return ""
        parents, tags, following = self.layout.parents, self.layout.tags, self.texts[at + 1]
        if (
            parents[at + 1] != parents[at]
            or tags[at] in ("td", "th")
            or (tags[at] == tags[at + 1] == "li")
            or (tags[at] == tags[at + 1] == "p" and (len(following) > 60 or self.body == (0, 0)))
            or at + 1 in self.titles
            or known_label(following)
            or any(start == 0 for start, _, _ in marks(following[:200]))
        ):
            return ""
        self.used.add(at + 1)
        return following


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
