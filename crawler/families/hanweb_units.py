"""List units of Hanweb's column pages: what stands in the page, and how its script would ask for more (section 5.2).

A unit is a box of rows with pages, drawn by the script ``jpage``. The page carries its first records, often those of
three pages, as ``<datastore>`` in a ``<script type="text/xml">``; the others come from ``dataproxy.jsp``. The unit's id
differs from column to column within one site (荆门), so it is always read from the page.
"""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from archive.events import CatalogueRow
from archive.reading.page import Page
from crawler.families.base import Ask
from crawler.families.lists import blocks
from crawler.families.lists.links import tree_of
from crawler.families.lists.literal import objects
from crawler.families.lists.rows import catalogue_row
from crawler.families.lists.script import tokens

BATCH = 100
"""Records to ask for at once. Servers cut off somewhere above 300, and some do not listen at all."""

_RECORD = re.compile(r"<record\b[^>]*>\s*(?:<!\[CDATA\[(.*?)\]\]>|(.*?))\s*</record>", re.IGNORECASE | re.DOTALL)
_TOTAL = re.compile(r"<totalrecord>\D*(\d+)", re.IGNORECASE)
_LINK = re.compile(r"""["']([^"'<>]*dataproxy\.jsp\?[^"'<>]+)["']""", re.IGNORECASE)
_DRAWN = re.compile(r"""['"]#(\d+)['"]""")
_PLAIN = re.compile(r"[\d,]+")

_OF_HTML = re.compile(r"(?:to-)?href|title|class|style|id|target|rel|alt|name|on\w+|data-.*")


@dataclass(frozen=True, slots=True)
class Unit:
    """A list unit of a column page."""

    id: str  # ``unitid``; where that is encrypted, the id of the element around it
    column: str  # ``columnid``: one, or several with commas between
    records: tuple[str, ...]  # HTML, one row each
    total: int | None
    more: str  # absolute URL of the service with all that the unit has to be named by; empty if the page names none


def units(page: Page) -> list[Unit]:
    """The units of a page, in its order. Raises ``LayoutError`` if it is no HTML."""
    found: list[Unit] = []
    for script in tree_of(page).iter("script"):
        text = script.text or ""
        box = next((name for node in script.iterancestors() if (name := node.get("id") or "").isdecimal()), "")
        read = _of_datastore if text.lstrip()[:10].lower() == "<datastore" else _of_script
        for unit in read(text, box, page.url):
            place = next((n for n, known in enumerate(found) if _is_one(known, unit)), len(found))
            found[place:] = [_joined(found[place], unit), *found[place + 1 :]] if place < len(found) else [unit]
    return found


def records(text: str) -> tuple[str, ...]:
    """The records of a datastore: markup in CDATA, or with its brackets escaped."""
    return tuple(found[1] if found[1] is not None else html.unescape(found[2]) for found in _RECORD.finditer(text))


def total(text: str) -> int | None:
    """How many records a datastore says there are; some do not say (定西)."""
    found = _TOTAL.search(text)
    return int(found[1]) if found else None


def rows(markup: Sequence[str], base: str) -> tuple[CatalogueRow, ...]:
    """The rows in records, each read by itself, since many are torn. ``base``: the page that shows them."""
    found = []
    for record in markup:
        body = f"<html><body>{record}</body></html>".encode()
        fragment = Page(base, 200, (("Content-Type", "text/html; charset=utf-8"),), body)
        found += [row_of(row, base) for row in blocks.select(fragment, [fragment.tree])]
    return tuple(found)


def row_of(row: blocks.Row, base: str) -> CatalogueRow:
    """A row with what its link says in attributes of its own: ``gkfs="主动公开"``, ``syh`` (索引号) …"""
    said = tuple(
        (str(name), value.strip())
        for name, value in row.link.element.attrib.items()
        if not _OF_HTML.fullmatch(str(name)) and value.strip()
    )
    plain = catalogue_row(row, base)
    return replace(plain, fields=(*plain.fields, *said))


def ask(more: str, page: int, start: int, referer: str) -> Ask:
    """A request for records from ``start`` (1-based) on.

    Some servers go by ``startrecord``, others by ``page`` alone, so both are told, in agreement."""
    for name, value in (("page", page), ("startrecord", start), ("endrecord", start + BATCH - 1), ("perpage", BATCH)):
        pattern, pair = re.compile(rf"(?<=[?&]){name}=[^&]*"), f"{name}={value}"
        more = pattern.sub(pair, more) if pattern.search(more) else f"{more}&{pair}"
    return Ask(more, headers=(("Referer", referer),))


def asked(url: str) -> tuple[int, int]:
    """Page and first record that a request asked for."""
    said = parse_qs(urlsplit(url).query)
    page, start = (said.get(name, ["1"])[-1] for name in ("page", "startrecord"))
    return (int(page) if page.isdecimal() else 1), (int(start) if start.isdecimal() else 1)


def _of_datastore(text: str, box: str, base: str) -> Iterator[Unit]:
    link = _LINK.search(text)
    more = urljoin(base, link[1].replace("&amp;", "&")) if link else ""
    unit, column = _names(more) or (box, "")
    yield Unit(unit, column, records(text), total(text), more)


def _of_script(text: str, box: str, base: str) -> Iterator[Unit]:
    """Units as the script is told of them: ``$('#18498').jpage({totalRecord: 2742, ajaxParam: {columnid: …}})``."""
    if "columnid" not in text or "dataproxy.jsp" not in text:
        return
    stream = [*tokens(text)]
    calls: list[Mapping[str, object]] = [*objects(stream, "totalRecord", {}), *objects(stream, "proxyUrl", {})]
    for said in objects(stream, "columnid", {}):
        words = {name: str(value) for name, value in said.items() if isinstance(value, (str, int))}
        own = [call for call in calls if call.get("ajaxParam") == said] or calls
        count = next((number for call in own if (number := _number(call.get("totalRecord"))) is not None), None)
        proxy = next((str(call["proxyUrl"]) for call in own if "dataproxy" in str(call.get("proxyUrl"))), "")
        if proxy and "unitid" in words:
            more = f"{urljoin(base, proxy)}?{urlencode({'page': '1', **words})}"
            drawn = _DRAWN.search(text)
            unit, column = _names(more) or (drawn[1] if drawn else box, "")
            yield Unit(unit, column, (), count, more)


def _is_one(one: Unit, other: Unit) -> bool:
    """Whether two parts of a page speak of one unit; one id may serve several columns."""
    return one.id == other.id and (one.column == other.column or not one.column or not other.column)


def _joined(one: Unit, other: Unit) -> Unit:
    """What two parts of a page say of one unit. A name in plain digits wins over an encrypted one."""
    plain = [unit.more for unit in (one, other) if _names(unit.more)]
    return Unit(
        one.id,
        one.column or other.column,
        one.records or other.records,
        one.total if one.total is not None else other.total,
        next(iter(plain), one.more or other.more),
    )


def _names(url: str) -> tuple[str, str] | None:
    """``unitid`` and ``columnid`` of a request; none where they are encrypted (国家医保局, 广电总局)."""
    said = parse_qs(urlsplit(url).query)
    unit, column = (said.get(name, [""])[-1] for name in ("unitid", "columnid"))
    return (unit, column) if _PLAIN.fullmatch(unit) and _PLAIN.fullmatch(column) else None


def _number(value: object) -> int | None:
    return int(str(value)) if str(value).isdecimal() else None
