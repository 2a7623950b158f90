"""The body text of a document: where it stands on the page, and its lines.

A known container (:mod:`archive.reading.containers`) is taken as it is, empty or not: an attachment-only page must not
get its navigation for a text. Only where no container is known, the stretch of the page that is densest in text is
taken. Measured by ``make eval`` with the known container hidden: mean F1 over characters 0.99 on 129 pages; trafilatura
2.3 has 0.91, and takes fifty times as long.
"""

import re
from collections import Counter
from collections.abc import Container, Iterator
from itertools import accumulate

from archive.reading.doc_number import parse_doc_numbers
from archive.reading.labels import ATTACHMENTS, GENERIC, LABELS, NOISE, known_label, normalise_label
from archive.reading.layout import Layout, Region, cell_text, in_chrome, link_text
from archive.reading.line import marks

_THIN = 30  # characters: a container with less is a subtitle or a teaser if another one holds ten times as much
GUESSED = 1000  # rank of a body that no name tells

# Weights of a block, in characters of text.
_LINE = 4  # what every line costs
_LINK = 20  # what a line of links costs, besides its length
_BUTTONS = 40
_FOOTER_WEIGHT = 300
_LEAST = 25  # a notice may be one sentence; less is a remnant of navigation, where there is any
_LONGEST_STATEMENT = 200  # of a label and its value
_FEW_LINKS = 5
_LIST_OF_FILES = 25  # blocks behind the text in which its attachments are looked for
_ABOVE = 6  # blocks before it: title, date and buttons
_FOOTER = re.compile(r"ICP备|公网安备|网站标识码|版权所有|copyright", re.IGNORECASE)
_FURNITURE = re.compile("发布|时间|日期|来源|字体|浏览|打印|关闭|扫一扫|分享|放大|缩小|技术支持|主办单位")


def find_body(layout: Layout) -> Region | None:
    """The range of the body text; ``None`` if the page has nothing like one."""
    return _known(layout) if layout.bodies else _guessed(layout)


def _known(layout: Layout) -> Region:
    if len(layout.bodies) == 1:
        return layout.bodies[0]
    sums = [0, *accumulate(map(len, layout.texts))]
    places = {*layout.link_blocks, *(media.block for media in layout.media)}

    def size(region: Region) -> int:
        return sums[region.end] - sums[region.start]

    def holds(outer: Region, inner: Region) -> bool:
        return outer.start <= inner.start and inner.end <= outer.end

    filled = [r for r in layout.bodies if size(r) or any(r.start <= place <= r.end for place in places)]
    regions = sorted(filled or layout.bodies, key=lambda r: (r.rank, size(r) == 0, r.start - r.end))
    best = regions[0]
    peers = [r for r in regions if r.rank == best.rank and not holds(best, r)]
    if peers:  # several editors on one page: the container around all of them, or else the fullest
        around = [r for r in regions if all(holds(r, peer) for peer in (best, *peers))]
        best = min(around, key=size) if around else max((best, *peers), key=size)
    fuller = [r for r in regions if size(best) < _THIN and size(r) > 10 * size(best) and size(r) > 200]
    return fuller[0] if fuller else best


def _guessed(layout: Layout) -> Region | None:
    """The stretch of blocks with the greatest sum of weights: text counts for, links and furniture count against."""
    linked: Counter[int] = Counter()
    for block, node in zip(layout.link_blocks, layout.link_nodes, strict=True):
        linked[block] += len(link_text(node))
    weights = [_weight(text, linked[at]) for at, text in enumerate(layout.texts)]
    for row in layout.rows:
        for cell in row.cells[1:] if row.is_data else ():
            if cell.start < cell.end and layout.texts[cell.start] and weights[cell.start] >= -_LINE:
                weights[cell.start] += _LINE  # a row is one line
    for heading in layout.headings:
        if layout.texts[heading.start] in layout.page_title:
            weights[heading.start] = -_BUTTONS  # the title stands above the text
    for start, end in layout.chrome:
        weights[start:end] = [-_BUTTONS] * (end - start)
    best, start, end = _LEAST if len(layout.link_blocks) > _FEW_LINKS else 0, 0, 0
    total, begun = 0, 0
    for at, weight in enumerate(weights):
        if total <= 0:
            total, begun = 0, at
        total += weight
        if total > best:
            best, start, end = total, begun, at + 1
    if not end:
        return None
    start, end = _whole_rows(layout, weights, start, end)
    beyond = (at for at in range(end, len(weights)) if weights[at] <= -_FOOTER_WEIGHT or at == end + _LIST_OF_FILES)
    return Region(GUESSED, start, end, area=(max(0, start - _ABOVE), next(beyond, len(weights)) - 1))


def _whole_rows(layout: Layout, weights: list[int], start: int, end: int) -> tuple[int, int]:
    """The range without part of a row of a data table at its ends: the weightier part takes the other with it.

    A cell alone would be a line of its own to whoever reads the text."""

    def weight(begin: int, behind: int) -> int:
        return sum(map(abs, weights[begin:behind]))

    begun, ended = start, end
    if row := _data_row(layout, start):
        begun = row[0] if weight(row[0], start) <= weight(start, row[1]) else row[1]
    if row := _data_row(layout, end - 1):
        ended = row[1] if weight(end, row[1]) <= weight(row[0], end) else row[0]
    return (begun, ended) if begun < ended else (start, end)


def _data_row(layout: Layout, at: int) -> tuple[int, int] | None:
    number = layout.row_of[at]
    row = layout.rows[number] if number >= 0 else None
    return (row.cells[0].start, row.cells[-1].end) if row and row.is_data else None


def _weight(text: str, linked: int) -> int:
    if not text:
        return 0
    if _FOOTER.search(text):
        return -_FOOTER_WEIGHT
    if 2 * linked > len(text):
        return -linked - _LINK
    if len(text) < _LONGEST_STATEMENT and _states(text):
        return -_BUTTONS
    if len(text) < 80 and _FURNITURE.search(text) and not _is_of_the_text(text):
        return -_BUTTONS
    return len(text) - 2 * linked - _LINE + 2 * sum(text.count(sign) for sign in "，。；：")


def _is_of_the_text(text: str) -> bool:
    """Whether a line is none of the page's furniture, though it has its words: a sentence, a number, （来源：…）."""
    return "。" in text or text.startswith(("（", "(")) or bool(parse_doc_numbers(text).numbers)


def _states(text: str) -> bool:
    """Whether a block is or begins with a label: a cell of the metadata, a breadcrumb.

    附件：… and 作者：… belong to the text, and so does the head of a column in a table of its own (名称)."""
    name = known_label(text)
    if name in GENERIC:
        return False
    if not name:
        name = next((normalise_label(text[:colon]) for start, colon, _ in marks(text) if start == 0), "")
    return bool(name) and LABELS[name] not in (ATTACHMENTS, NOISE)


def lines(layout: Layout, start: int, end: int) -> Iterator[str]:
    """The lines of a range: a paragraph each, or a table row with a tab between its cells, blank cells kept.

    Share bars, print buttons and the like are left out. A cell of several paragraphs has them joined by a space."""
    return (line for _, _, line in _placed_lines(layout, start, end))


def blocks_of(layout: Layout, region: Region, numbers: Container[int]) -> frozenset[int]:
    """The blocks that the lines of these numbers, counted from 0, are made of."""
    placed = enumerate(_placed_lines(layout, region.start, region.end))
    return frozenset(
        block for number, (begun, ended, _) in placed if number in numbers for block in range(begun, ended)
    )


def _placed_lines(layout: Layout, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """The lines, each with its first block and the first behind it."""
    texts = layout.texts
    hidden = in_chrome(layout)
    at = start
    while at < end:
        number = layout.row_of[at]
        row = layout.rows[number] if number >= 0 else None
        if row and row.is_data and row.cells[0].start == at and row.cells[-1].end <= end:
            cells = [cell_text(texts, cell) for cell in row.cells]
            if any(cells):
                yield at, row.cells[-1].end, "\t".join(cells)
            at = row.cells[-1].end
        else:
            if texts[at] and not hidden[at]:
                yield at, at + 1, texts[at]
            at += 1
