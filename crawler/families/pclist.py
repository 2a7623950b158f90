"""Family ``pclist``: lists whose rows stand as JSON in the page, ``/<site>/<channel>/pc/list.html`` (section 5.6).

江西, 自贡, 资阳, 广安, 开封, 大理, 文山, 铜陵. The page embeds every row it knows, files included, so a column is one
request. How rows beyond those are fetched nobody has seen yet: a page that says it has more is not taken for a whole
column. The portals answer 405 to the user agents of Python's libraries.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import quote, urldefrag, urljoin, urlsplit

from archive.errors import LayoutError
from archive.events import CatalogueRow
from archive.reading.page import Page
from archive.urls import identity
from crawler.families.base import Ask, Column, ColumnSpec, Evidence, ListPage, Opening
from crawler.families.lists.entrance import column_name
from crawler.families.lists.links import resolve, tree_of
from crawler.families.lists.records import Record, mappings, pick, stated

NAME = "pclist"
OPTIONS: Mapping[str, Callable[[object], str]] = {}
"""``[column.pclist]`` has no keys: all is discovered."""

_LIST = re.compile(r"\barticleList[\"']?\s*[:=]\s*(?=\[)")
_PLACE = re.compile(r"/pc/(?:list|content/content_\w+)\.html$")
# Not seen on a portal: what such an object would most likely be called, looked for beside the list alone.
_TOTAL = re.compile(
    r"\b(?:total|total_?(?:count|num|size|records?|elements)|record_?count)[\"']?\s*[:=]\s*[\"']?(\d+)", re.I
)
_PAGES = re.compile(r"\b(?:page_?count|total_?pages?)[\"']?\s*[:=]\s*[\"']?(\d+)", re.I)
_OWN = ("title", "urls", "pubDate")
_DECODER = json.JSONDecoder(strict=False)


def detect(page: Page) -> tuple[Evidence, ...]:
    """Signs of the platform: an ``articleList`` whose rows have ``urls`` decides, its addresses support."""
    found = []
    if any("urls" in row for rows, _ in _lists(page) for row in rows):
        found.append(Evidence("articleList with urls in the page", 3))
    if _PLACE.search(urlsplit(page.url).path):
        found.append(Evidence("/pc/list.html or /pc/content/ in the address", 2))
    return tuple(found)


def entry(spec: ColumnSpec) -> Ask:
    """The list page itself."""
    return Ask(urldefrag(spec.url).url)


def open(page: Page, spec: ColumnSpec) -> Opening:
    """The one column that a list page is. Raises ``LayoutError`` if it has no ``articleList``."""
    _largest(page)
    name = spec.name or column_name(tree_of(page)) or key(spec)
    return Opening((Column(key(spec), name, spec.url, NAME, first=None, options=spec.options),))


def read_list(page: Page, column: Column, number: int) -> ListPage:  # noqa: ARG001 - one page, one column
    """All rows of the page. A row that leads nowhere is counted as declared. Where the page has more than it shows, a
    further page is declared: only the portal's own script could ask for it.

    Raises ``LayoutError`` if there is no ``articleList``, or none of its rows has an address."""
    found, beside = _largest(page)
    rows = tuple(row for item in found if (row := _row(item, page.url)) is not None)
    if found and not rows:
        raise LayoutError(f"{page.url}: none of the {len(found)} rows of articleList has an address")
    total, pages = _number(_TOTAL, beside), _number(_PAGES, beside)
    if total is None and len(rows) < len(found):
        total = len(found)
    more = (total or 0) > len(found) or (pages or 0) > number
    return ListPage(rows, None, total, max(pages or 0, number + 1) if more else None)


def key(spec: ColumnSpec) -> str:
    """The key of a column: given, or site and channel: ``zgsrmzf/c00145``."""
    return spec.key or re.sub(r"/pc/\w+\.html$", "", urlsplit(spec.url).path).strip("/") or "root"


def catalogue(spec: ColumnSpec) -> str:
    """A column is its own catalogue."""
    return identity(spec.url)


def _lists(page: Page) -> Iterator[tuple[list[Record], str]]:
    """Every ``articleList`` of the page, with what its script says around it."""
    text = page.text
    for match in _LIST.finditer(text):
        try:
            rows, end = _DECODER.raw_decode(text, match.end())
        except ValueError:
            continue
        script, behind = text.rfind("<script", 0, match.start()), text.find("</script", end)
        yield mappings(rows), text[max(script, 0) : match.start()] + text[end : behind if behind > 0 else len(text)]


def _largest(page: Page) -> tuple[list[Record], str]:
    """A page may carry a short list of another column beside its own."""
    found = max(_lists(page), key=lambda found: len(found[0]), default=None)
    if found is None:
        raise LayoutError(f"{page.url}: no articleList that can be read in its {len(page.body)} bytes")
    return found


def _number(pattern: re.Pattern[str], text: str) -> int | None:
    found = pattern.search(text)
    return int(found[1]) if found else None


def _row(item: Record, base: str) -> CatalogueRow | None:
    files = tuple(_files(item.get("articleFiles"), base))
    url = resolve(base, _address(item.get("urls"))) or next((url for url, _ in files), None)
    if url is None:
        return None
    inner = item.get("metadata")  # differs from site to site
    fields = (*stated(item, *_OWN), *stated(inner if isinstance(inner, dict) else {}))
    others = tuple(file for file in files if file[0] != url)
    return CatalogueRow(url, pick(item, "title"), pick(item, "pubDate"), fields, others)


def _address(urls: object) -> str:
    """``urls`` is a string that holds JSON; its ``pc`` is the page for people."""
    if isinstance(urls, str):
        try:
            urls = json.loads(urls)
        except ValueError:
            return str(urls) if str(urls).startswith(("/", "http")) else ""
    return pick(urls, "pc") if isinstance(urls, dict) else ""


def _files(files: object, base: str) -> Iterator[tuple[str, str]]:
    """``domainName`` and ``filePath``; on niccs.org.cn ``cover`` is the path. Files keep the names that people gave
    them, blanks and ``#`` included."""
    for file in mappings(files):
        if path := pick(file, "filePath", "cover"):
            yield urljoin(urljoin(base, pick(file, "domainName")), quote(path, "/:%")), pick(file, "fileName")
