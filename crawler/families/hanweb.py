"""Family ``hanweb``: the classic columns of 大汉, ``/col/colN/``, drawn by a script (portal-families.md section 5.2).

The column page carries the first records of its list, ``dataproxy.jsp`` has the others: :mod:`.hanweb_units`. Pages
that show the disclosure module ``xxgk`` are :mod:`.hanweb_catalogue`'s. ``?uid=U`` in an address names one of several
units of a page, ``number=B0303`` a category. Options: ``categories``, a list of category codes of the disclosure
module, or ``["*"]`` for all that its tree has.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import parse_qs, parse_qsl, urldefrag, urlencode, urlsplit, urlunsplit

from archive.errors import LayoutError
from archive.events import CatalogueRow
from archive.reading.page import Page
from archive.urls import identity
from crawler.families import hanweb_catalogue, static
from crawler.families.base import Ask, Column, ColumnSpec, Evidence, ListPage, Opening
from crawler.families.hanweb_units import Unit, ask, asked, records, rows, total, units
from crawler.families.lists.entrance import column_name
from crawler.families.lists.links import tree_of

NAME = "hanweb"

_ARTICLE = re.compile(r"/art/\d{4}/(?:\d+/\d+/)?art_\w[\w-]*\.html")
_CONTAINER = re.compile(r"\b(?:default|lucidity)_pgContainer\b")
_COLUMN = re.compile(r"/col/col(\d+)(?:/|$)")


def detect(page: Page) -> tuple[Evidence, ...]:
    """Signs of a column whose list a script draws, or of the service behind it; none on a page of 大汉's other
    dialects."""
    if page.text.lstrip()[:10].lower() == "<datastore":
        named = (Evidence("dataproxy.jsp in the address", 2),) if "dataproxy.jsp" in page.url else ()
        return (Evidence("an answer of dataproxy.jsp", 3), *named)
    try:
        found = units(page)
    except LayoutError:
        return ()
    signs = [
        (any(unit.records for unit in found), "records in a datastore", 2),
        (any(unit.more for unit in found), "a unit that dataproxy.jsp serves", 2),
        (hanweb_catalogue.is_shown(page), "the disclosure module /module/xxgk/", 2),
    ]
    if any(met for met, _, _ in signs):
        signs += [
            (_COLUMN.search(urlsplit(page.url).path) is not None, "/col/colN/ in the address", 1),
            (_CONTAINER.search(page.text) is not None, "a container of the script jpage", 1),
            (len({*_ARTICLE.findall(page.text)}) >= 3, "addresses as 大汉 makes them", 1),
        ]
    return tuple(Evidence(sign, weight) for met, sign, weight in signs if met)


def entry(spec: ColumnSpec) -> Ask:
    """The column page. It is the same file whatever ``pageNum`` says."""
    return Ask(urldefrag(spec.url).url)


def open(page: Page, spec: ColumnSpec) -> Opening:
    """The column of a page, or those of its disclosure module's tree. Raises ``LayoutError`` if it has no list that a
    script would draw."""
    found, own = units(page), _column_of(spec.url)
    lists_own = any(not unit.column or own in unit.column.split(",") for unit in found)
    if hanweb_catalogue.is_meant(page, spec) or (hanweb_catalogue.is_shown(page) and not lists_own) or not found:
        return hanweb_catalogue.open(page, spec, NAME, key(spec))
    unit = _chosen(found, page, spec.url)
    column = Column(
        key=key(spec),
        name=spec.name or column_name(tree_of(page)) or key(spec),
        url=spec.url,
        family=NAME,
        first=ask(unit.more, 1, 1, spec.url) if unit.more and not unit.records else None,
        declared=unit.total,
        options=spec.options,
    )
    others = (other for other in found if other is not unit)
    return Opening((column,), tuple((f"unit {other.id}", "another list of the page") for other in others))


def read_list(page: Page, column: Column, number: int) -> ListPage:
    """Rows of a column page, an answer of ``dataproxy.jsp`` or one of the disclosure module.

    A batch has as many records as the server likes. Raises ``LayoutError`` if the service has nothing at all to say,
    as with encrypted names; an empty batch further on is for the walk to judge."""
    if column.first is not None and hanweb_catalogue.is_search(column.first):
        return hanweb_catalogue.read_list(page, column, number)
    if column.first is None and number == 1:
        unit = _chosen(units(page), page, column.url)
        held, declared, more = unit.records, unit.total, unit.more
        following = ask(more, 1, 1, column.url) if more and (declared is None or len(held) < declared) else None
        return ListPage(_rows(held, page, column), following, declared)
    batch, start = asked(page.url)
    held, declared = records(page.text), total(page.text)
    known = declared if declared is not None else column.declared
    if not held and start == 1 and known != 0:
        many = "some" if known is None else known
        raise LayoutError(f"{page.url}: {len(page.body)} bytes without a record, where there should be {many}")
    met = start + len(held) - 1
    following = ask(page.url, batch + 1, met + 1, column.url) if known is None or met < known else None
    # the first batch may be the very records that stood in the column page
    again = number == 2 and start == 1
    return ListPage(_rows(held, page, column), following, declared, sparse=again, guess=known is None)


def key(spec: ColumnSpec) -> str:
    """As given, or the column's path: ``col/col26014``. Not the unit's id: a new template brings another."""
    return static.key(replace(spec, url=_without(spec.url, "uid", "pageNum")))


def catalogue(spec: ColumnSpec) -> str:
    """The column, and the unit of it that an address names."""
    return identity(_without(spec.url, "pageNum"))


def _rows(held: tuple[str, ...], page: Page, column: Column) -> tuple[CatalogueRow, ...]:
    found = rows(held, column.url)
    if held and not found:
        raise LayoutError(f"{page.url}: none of its {len(held)} records has a link to a document")
    return found


def _chosen(found: list[Unit], page: Page, url: str) -> Unit:
    """The unit that an address names, or the one of the page's own column, or the largest."""
    uid = parse_qs(urlsplit(url).query).get("uid", [""])[-1]
    own = _column_of(url)
    named = [unit for unit in found if unit.id == uid]
    if uid and not named:
        there = ", ".join(unit.id for unit in found)
        raise LayoutError(f"{page.url}: the page has no unit {uid}, but: {there or 'none'}")
    if not found:
        raise LayoutError(f"{page.url}: no datastore and no call of dataproxy.jsp in its {len(page.body)} bytes")
    return max(named or found, key=lambda unit: (own in unit.column.split(","), _size(unit)))


def _column_of(url: str) -> str:
    found = _COLUMN.search(urlsplit(url).path)
    return found[1] if found else "?"


def _size(unit: Unit) -> int:
    return unit.total if unit.total is not None else len(unit.records)


def _without(url: str, *names: str) -> str:
    """A URL without some of its parameters and without its fragment."""
    parts = urlsplit(url)
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in names]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(kept), ""))


OPTIONS: Mapping[str, Callable[[object], str]] = {"categories": hanweb_catalogue.categories_fault}
"""Keys of ``[column.hanweb]``, each with what says what is wrong with a value."""
