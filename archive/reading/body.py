"""The body text of a document: where it stands on the page, and its lines.

A known container (:mod:`archive.reading.containers`) is taken as it is, empty or not: an attachment-only page must not
get its navigation for a text. Only where no container is known, trafilatura is asked where the text stands; the text
itself is always read from our own blocks, so that order, blank cells and full-width characters are kept.
"""

import re
from collections.abc import Iterator
from itertools import accumulate

from lxml import html

from archive.reading.layout import Layout, Region

_THIN = 30  # characters: a container with less is a subtitle or a teaser if another one holds ten times as much
_WHITE = re.compile(r"\s+")
_SHORTEST_MATCH = 4
_GAP = 400  # characters that trafilatura left out within one text: headings, labels
_FOOTER = re.compile(r"ICP备|公网安备|网站标识码|版权所有|copyright|技术支持\s*[:：]|主办单位\s*[:：]", re.IGNORECASE)


def find_body(layout: Layout, tree: html.HtmlElement | None) -> Region | None:
    """The range of the body text. ``tree``: what ``layout`` was made of, for a page without a known container."""
    if layout.bodies:
        return _known(layout)
    return _guessed(layout, tree) if tree is not None and len(layout.blocks) > 0 else None


def _known(layout: Layout) -> Region:
    sums = [0, *accumulate(len(block.text) for block in layout.blocks)]
    places = {link.block for link in layout.links} | {media.block for media in layout.media}

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


def _guessed(layout: Layout, tree: html.HtmlElement) -> Region | None:
    wanted = _main_lines(tree)
    blocks = layout.blocks
    found = [at for at, block in enumerate(blocks) if _WHITE.sub("", block.text) in wanted]
    hidden = _hidden(layout)
    shown = [at for at in found if not hidden[at]]
    if 2 * sum(len(blocks[at].text) for at in shown) < sum(len(blocks[at].text) for at in found):
        layout.chrome.clear()  # what is named like navigation holds the text: 肇庆市国土资源局's "nav-list"
        shown = found
    clusters: list[list[int]] = []
    for at in shown:
        between = blocks[clusters[-1][-1] + 1 : at] if clusters else []
        if not clusters or sum(len(b.text) for b in between) > _GAP or _FOOTER.search(blocks[at].text):
            clusters.append([])
        clusters[-1].append(at)
    if not clusters:
        return None
    best = max(clusters, key=lambda cluster: sum(len(blocks[at].text) for at in cluster))
    start, end = best[0], best[-1] + 1
    return Region(rank=1000, start=start, end=end, area=(start, end))


def _main_lines(tree: html.HtmlElement) -> set[str]:
    """The lines that trafilatura takes for the main text, without white space."""
    # Half a second to import, and most pages do not need it.
    from trafilatura import bare_extraction
    from trafilatura.settings import Document, use_config

    config = use_config()
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", "25")  # a notice may be one sentence
    document = bare_extraction(
        tree, fast=True, include_comments=False, include_tables=True, deduplicate=False, config=config
    )
    if not isinstance(document, Document) or document.body is None:
        return set()
    lines = (_WHITE.sub("", text) for text in document.body.itertext())
    whole = (_WHITE.sub("", "".join(node.itertext())) for node in document.body.iter("p", "cell", "item", "head"))
    return {line for line in (*lines, *whole) if len(line) >= _SHORTEST_MATCH}


def _hidden(layout: Layout) -> bytearray:
    flags = bytearray(len(layout.blocks))
    for start, end in layout.chrome:
        flags[start:end] = b"\1" * (end - start)
    return flags


def lines(layout: Layout, start: int, end: int) -> Iterator[str]:
    """The lines of a range: a paragraph each, or a table row with a tab between its cells, blank cells kept.

    Share bars, print buttons and the like are left out. A cell of several paragraphs has them joined by a space."""
    hidden = _hidden(layout)
    at = start
    while at < end:
        block = layout.blocks[at]
        row = layout.rows[block.row] if block.row >= 0 else None
        if row and row.is_data and row.cells[0].start == at and row.cells[-1].end <= end:
            cells = [
                " ".join(layout.blocks[i].text for i in range(cell.start, cell.end) if layout.blocks[i].text)
                for cell in row.cells
            ]
            if any(cells):
                yield "\t".join(cells)
            at = row.cells[-1].end
        else:
            if block.text and not hidden[at]:
                yield block.text
            at += 1
