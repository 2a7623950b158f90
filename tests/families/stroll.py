"""A walk through a practice portal without a network: its pages are called, its family is asked, rows are counted."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from archive.errors import LayoutError
from archive.events import CatalogueRow
from archive.reading.page import Page
from archive.urls import identity
from archive.vocabulary import WalkEnd
from crawler.families import FAMILIES
from crawler.families.base import Ask, Column, ColumnSpec
from crawler.practice import PORTALS
from crawler.practice.model import Answer, Plan, Site, Visit
from crawler.spiders.walk import Walk, is_stub

ORIGIN = "http://127.0.0.1:8801"


@dataclass(slots=True)
class Stroll:
    """What was met. ``rows`` by the column's URL; ``requests`` counts entry and list pages."""

    site: Site
    columns: list[Column] = field(default_factory=list)
    walks: list[Walk] = field(default_factory=list)
    rows: dict[str, list[CatalogueRow]] = field(default_factory=dict)
    requests: int = 0

    def met(self) -> Counter[str]:
        """How often each address was listed, over all columns."""
        return Counter(identity(row.url) for rows in self.rows.values() for row in rows)


def stroll(key: str, variation: int = 0, scale: int = 1) -> Stroll:
    """Walk all columns of a practice portal to their ends, as the spider would."""
    site = PORTALS[key].build(Plan(ORIGIN, scale, variation))
    found = Stroll(site)
    for family, url in site.entries:
        spec = ColumnSpec(family, url)
        asks = [FAMILIES[family].entry(spec)]
        for ask in asks:
            page = _get(found, ask)
            assert page.status == 200, f"{ask.url}: {page.status}"
            opening = FAMILIES[family].open(page, spec)
            for column in opening.columns:
                if column.key not in {other.key for other in found.columns}:
                    found.columns.append(column)
                    _walk(found, column, page)
            more = (opening.further, *opening.branches)
            asks += [ask for ask in more if ask is not None and ask.url not in {done.url for done in asks}]
    return found


def _walk(found: Stroll, column: Column, entry: Page) -> None:
    walk = Walk(column)
    found.walks.append(walk)
    rows = found.rows.setdefault(column.url, [])
    page = entry if column.first is None else _get(found, column.first)
    while page.status == 200:
        try:
            listed = FAMILIES[column.family].read_list(page, column, walk.number)
        except LayoutError as error:
            if not is_stub(page, walk.number):
                raise
            walk.stop(WalkEnd.STUB_PAGE, str(error))
            return
        rows += [row for row in listed.rows if identity(row.url) not in {identity(other.url) for other in rows}]
        ask = walk.feed(listed)
        if ask is None:
            return
        page = _get(found, ask)
    walk.missing(f"page {walk.number} answered {page.status}")


def _get(found: Stroll, ask: Ask) -> Page:
    found.requests += 1
    parts = urlsplit(ask.url)
    assert f"{parts.scheme}://{parts.netloc}" == ORIGIN, ask.url
    answer = found.site.pages.get(parts.path, lambda _: Answer("", 404))(
        Visit(
            ask.method,
            parts.path,
            dict(parse_qsl(parts.query, keep_blank_values=True)),
            {name.lower(): value for name, value in ask.headers},
            ask.body,
        )
    )
    body = answer.body if isinstance(answer.body, bytes) else answer.body.encode()
    return Page(ask.url, answer.status, (("Content-Type", f"{answer.mime}; charset=utf-8"),), body)


def addresses(site: Site) -> Iterator[str]:
    """What a perfect walk lists: documents and rows that lead away."""
    yield from (document.url for document in site.truth.documents)
    yield from (row.url for row in site.truth.external)
