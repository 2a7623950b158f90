"""Family ``jpaas``: Hanweb's newer platform, whose lists are built by ``jpaas-publish-server`` (section 5.3).

A column page declares build units: a script element with the service's address and ``queryData``, single-quoted
pseudo-JSON. The service answers with HTML in JSON. Pages are asked for inside ``paramJson``; beside it a page number is
ignored. Options, all discovered where absent: ``tag``, the ``tagId`` of the unit that is the list; ``page_size``, rows
to ask for at once (50 works on some); ``rows``, a CSS selector of the row elements; ``policy``, the address of a policy
library's list service, for columns of :mod:`.jpaas_policy`.
"""

from collections.abc import Callable, Mapping
from math import ceil
from urllib.parse import urldefrag, urljoin

from lxml.cssselect import CSSSelector

from archive.errors import LayoutError, ReadingError
from archive.reading.page import Page
from crawler.families import jpaas_policy, static
from crawler.families.base import Ask, Column, ColumnSpec, Evidence, ListPage, Opening
from crawler.families.jpaas_units import ask, chosen, counts, numbered, size_asked, units
from crawler.families.lists import blocks
from crawler.families.lists.candidates import candidates
from crawler.families.lists.entrance import column_name
from crawler.families.lists.links import tree_of
from crawler.families.lists.rows import catalogue_row

NAME = "jpaas"

USUAL = 15
"""Rows of a page, as the platform's own pager asks for them."""


def detect(page: Page) -> tuple[Evidence, ...]:
    """Signs of the platform: a build unit decides."""
    try:
        found = [*units(page)]
    except LayoutError:
        return ()
    signs = (
        (bool(found), "a build unit of jpaas-publish-server with queryData", 3),
        (jpaas_policy.is_library(page.url), "the address of a policy library, jpaas-jpolicy-web-server", 2),
        (bool(found) and "/AuthorizedRead/" in page.text, "the script unitbuild.js", 1),
    )
    return tuple(Evidence(sign, weight) for met, sign, weight in signs if met)


def entry(spec: ColumnSpec) -> Ask:
    """The column page."""
    return Ask(urldefrag(spec.url).url)


def open(page: Page, spec: ColumnSpec) -> Opening:
    """The column that a page's list unit is. Raises ``LayoutError`` if it has none, or not the one that is wanted."""
    options = spec.options or {}
    if service := options.get("policy"):
        return Opening((_column(page, spec, jpaas_policy.ask(urljoin(page.url, str(service)), 1, spec.url)),))
    if jpaas_policy.is_library(page.url):
        raise LayoutError(f"{page.url}: a policy library; say policy = its list service in [column.jpaas]")
    unit, others = chosen(page, options.get("tag"))
    first, size = ask(unit, page.url, spec.url), options.get("page_size")
    column = _column(page, spec, numbered(first, 1, size) if isinstance(size, int) else first)
    return Opening((column,), tuple((f"unit {other.tag}", "not the list of the page") for other in others))


def read_list(page: Page, column: Column, number: int) -> ListPage:
    """Rows of an answer. Raises ``LayoutError`` if it is none, or its first page is blank.

    Where no answer counts the rows of the list, pages are asked for until one brings nothing; whether that is the end,
    the walk knows."""
    assert column.first is not None
    options = column.options or {}
    if options.get("policy"):
        return jpaas_policy.read_list(page, column, number)
    markup = _markup(page)
    if not markup.strip():
        if number == 1:
            raise LayoutError(f"{page.url}: an answer without any HTML")
        return ListPage((), numbered(column.first, number + 1, USUAL), guess=True)
    fragment = Page(column.url, 200, (("Content-Type", "text/html; charset=utf-8"),), markup.encode())
    tree, named = tree_of(fragment), str(options.get("rows", ""))
    found = blocks.select(fragment, CSSSelector(named)(tree)) if named else blocks.find(fragment, column.url)
    if not found and not all(link.navigates for link in candidates(tree, fragment)):
        raise LayoutError(f"{page.url}: no list in an answer of {len(markup)} characters, which has links")
    rows = tuple(catalogue_row(row, column.url) for row in found)
    if (counted := counts(tree)) is not None:
        size, total = counted
        pages = ceil(total / size)
        return ListPage(rows, numbered(column.first, number + 1, size) if number < pages else None, total, pages)
    # pages smaller than the portal's own repeat rows, larger ones would leave some out
    same = size_asked(page.url) or min(len(rows), USUAL) or USUAL
    return ListPage(rows, numbered(column.first, number + 1, same), guess=True)


def key(spec: ColumnSpec) -> str:
    """As given, or the column's path."""
    return static.key(spec)


def catalogue(spec: ColumnSpec) -> str:
    """A column is its own catalogue."""
    return static.catalogue(spec)


def _column(page: Page, spec: ColumnSpec, first: Ask) -> Column:
    name = spec.name or column_name(tree_of(page)) or key(spec)
    return Column(key(spec), name, spec.url, NAME, first, options=spec.options)


def _markup(page: Page) -> str:
    """``data.html``; in some answers ``data`` is the HTML itself."""
    try:
        answer = page.json
    except ReadingError as error:
        raise LayoutError(f"{page.url}: not an answer of jpaas-publish-server: {error}") from error
    data = answer.get("data") if isinstance(answer, dict) else None
    markup = data.get("html") if isinstance(data, dict) else data
    if not isinstance(markup, str) or answer.get("success") is False:
        said = answer.get("message") or answer.get("msg") if isinstance(answer, dict) else ""
        raise LayoutError(f"{page.url}: jpaas-publish-server gave no HTML{f', but says: {said}' if said else ''}")
    return markup


def _text_fault(value: object) -> str:
    return "" if isinstance(value, str) and value else "must be a text in quotes"


def _size_fault(value: object) -> str:
    good = isinstance(value, int) and not isinstance(value, bool) and 0 < value <= 100
    return "" if good else "must be a number of rows, 1 to 100"


OPTIONS: Mapping[str, Callable[[object], str]] = {
    "tag": _text_fault,
    "page_size": _size_fault,
    "rows": static.OPTIONS["rows"],
    "policy": _text_fault,
}
"""Keys of ``[column.jpaas]``, each with what says what is wrong with a value."""
