"""A row of a list, element by element, as a catalogue row: all that it states, as printed."""

import re
from collections.abc import Iterator

from lxml import etree

from archive.events import CatalogueRow
from archive.reading.labels import LABELS, normalise_label
from crawler.families.lists.blocks import Row
from crawler.families.lists.links import FILE, is_file, target
from crawler.families.lists.printed import dates, labelled, squeeze, whole_text

# 关于……的通知 [2026-04-09], all of it in the link
_STAMP_ENDS = tuple("/.:年月日-])）】")
_STAMPED = re.compile(r"(.*?\S)[\s\[(（【]+([\d/.:年月日 -]{8,})[\])）】]?")


def catalogue_row(row: Row, base: str) -> CatalogueRow:
    """What a row states. ``base`` is what its relative links are relative to."""
    title, day = row.link.text, ""
    may_be = title.endswith(_STAMP_ENDS) or title[-1:].isdecimal()
    stamped = _STAMPED.fullmatch(title) if may_be else None
    if stamped and dates([stamped[2]]):
        title, day = stamped[1], dates([stamped[2]])[0]
    fields = (*_cells(row), *_asides(row), *labelled(row.texts))
    return CatalogueRow(
        url=row.link.url,
        title=title,
        date=_date(row, fields) or day,
        fields=tuple(dict.fromkeys(fields)),
        attachments=tuple(_attachments(row, base)),
    )


def _date(row: Row, fields: tuple[tuple[str, str], ...]) -> str:
    """The date of publication where a label says which it is, else the first that the row shows."""
    for label, value in fields:
        if LABELS.get(normalise_label(label)) == "date_published" and (found := dates([value])):
            return found[0]
    return next(iter(row.dates), "")


def _cells(row: Row) -> Iterator[tuple[str, str]]:
    """Cells of a table row under the names in the table's head, which may be made of ``td`` (肇庆, 韶关)."""
    table = next(row.element.iterancestors("table"), None) if row.element.tag == "tr" else None
    if table is None:
        return
    cells = _expanded(row.element)
    for head in table.iter("tr"):
        if head is row.element or head.find(".//a") is not None:
            return
        names = _expanded(head)
        if len(names) == len(cells) > 1:
            break
    else:
        return
    box = row.link.head.box
    for name, cell in zip(names, cells, strict=True):
        if name is None or cell is None or cell in box.iterancestors():
            continue
        label, value = whole_text(name).rstrip(":： "), whole_text(cell)
        files = squeeze(" ".join(whole_text(link) for link in cell.iter("a")))
        if label and value and value != files:
            yield label, value


def _expanded(row: etree._Element) -> list[etree._Element | None]:
    """The cells of a table row, one place for each column that they span."""
    cells: list[etree._Element | None] = []
    for cell in row.iterchildren("td", "th"):
        span = cell.get("colspan", "1")
        cells += [cell, *[None] * (min(int(span), 50) - 1)] if span.isdecimal() else [cell]
    return cells


def _asides(row: Row) -> Iterator[tuple[str, str]]:
    """What a link says beside its title, under its class name: csrc.gov.cn has the history of a rule in ``sub-til``."""
    box = row.link.head.box
    for node in row.link.element.iterdescendants("span", "p", "div", "em", "i", "li"):
        inner = next((child for child in node if isinstance(child.tag, str)), None)
        text = whole_text(node)
        if inner is None and node is not box and box not in node.iterancestors() and text:
            name = squeeze(node.get("class", ""))
            if name and not dates([text]) and not labelled([text]):
                yield name, text


def _attachments(row: Row, base: str) -> Iterator[tuple[str, str]]:
    """Files that the row offers beside its document. The link's name for it counts where it is one: ``alt`` on gkmlpt's
    links, whose text reads 点击下载; else what the link reads."""
    seen = {row.link.url}
    for part in row.parts:
        for link in part.iter("a"):
            url = target(link, base)
            if url is None or url in seen or not is_file(url):
                continue
            seen.add(url)
            text = whole_text(link)
            names = [squeeze(link.get(name, "")) for name in ("download", "title", "alt")]
            yield url, next((name for name in (*names, text) if FILE.search(name)), text)
