"""Family ``nfcms``: the CMS beside gkmlpt on Guangdong's sites, with its catalogue as static JSON (section 5.1).

``/postmeta/i/<column>.json`` holds a column's ``children`` and all its ``articles``; an entry is such a file, or a
list page (``index.html``, ``index_2.html``, 404 behind the last) that names its column: the JSON says more than its
rows (文号, 时效), and all at once. A page that names none is read as any other static list. Option: ``columns``, ids
where the page does not name them, each meaning itself with all below it.
"""

import json
import re
from collections.abc import Callable, Mapping
from urllib.parse import urldefrag, urljoin, urlsplit

from archive.errors import LayoutError
from archive.events import CatalogueRow
from archive.reading.page import Page
from crawler.families import static
from crawler.families.base import Ask, Column, ColumnSpec, Evidence, ListPage, Opening
from crawler.families.lists.links import resolve
from crawler.families.lists.records import Record, answer_of, count, day, holder, mappings, pick, stated

NAME = "nfcms"

_JSON = re.compile(r"/postmeta/i/(\d+)\.json")
_OWN = re.compile(r"\bNFCMS_CAT_ID\s*=\s*['\"]?(\d+)")
_GLOBAL = re.compile(r"\bNFCMS_(?:SITE|POST|PAGE|CAT)_ID\b|\bNFCMS_PUB_TYPE\b")
_ARTICLE = re.compile(r"/content/m?post_\d+\.html")

_DATES = ("date", "visible_publish_time", "display_publish_time", "publish_time", "first_publish_time", "created_at")
_NO_FIELDS = ("title", "url", "post_url", "content", "json_ext", "date")  # gkmlpt's date is 成文日期, this one is not


def detect(page: Page) -> tuple[Evidence, ...]:
    """A column's JSON decides; on a page its address, or the column's id, with the marks of the CMS."""
    if page.body.lstrip()[:1] == b"{":
        found = _JSON.search(page.url) or (b'"articles"' in page.body and b'"children"' in page.body)
        return (Evidence("a column of NFCMS as JSON", 3),) if found else ()
    signs = (
        (_column_ids(page), Evidence("the id of a column of NFCMS", 2)),
        (_GLOBAL.search(page.text), Evidence("NFCMS_… in a script", 1)),
        (len(set(_ARTICLE.findall(page.text))) >= 3, Evidence("addresses as NFCMS makes them", 1)),
    )
    return tuple(sign for met, sign in signs if met)


def entry(spec: ColumnSpec) -> Ask:
    """The list page, or the JSON that the entry names."""
    return Ask(urldefrag(spec.url).url)


def open(page: Page, spec: ColumnSpec) -> Opening:
    """A page leads to its column's JSON, a column to those below it. Raises ``LayoutError`` for other JSON."""
    if _JSON.search(urlsplit(page.url).path):
        return _column(page, spec)
    if ids := _wanted(spec) or _column_ids(page):
        return Opening((), branches=tuple(_ask(page, number) for number in ids))
    [column] = static.open(page, spec).columns
    return Opening((Column(static.key(spec), column.name, spec.url, NAME, column.first, options=None),))


def read_list(page: Page, column: Column, number: int) -> ListPage:
    """All articles of a column at once, or the rows of a list page. Raises ``LayoutError`` if it is neither.

    Where a column counts more than its file holds, a further page is declared, so that the walk is not taken for a
    whole one: nobody knows how to ask for it."""
    if not _JSON.search(urlsplit(page.url).path):
        return static.read_list(page, column, number)
    node = _node(page)
    articles = mappings(node.get("articles"))
    rows = tuple(row for article in articles if (row := _row(article, page.url)))
    declared = count(_category(node).get("publish_count"))
    if (articles and not rows) or (declared and not articles):
        raise LayoutError(f"{page.url}: {declared} articles declared, and none with an address among {len(articles)}")
    return ListPage(rows, None, declared, number + 1 if declared and declared > len(rows) else None)


def key(spec: ColumnSpec) -> str:
    """What stands before a column's id: as given, else nothing. Ids are a site's own, so two hosts need a key each."""
    return spec.key


def catalogue(spec: ColumnSpec) -> str:
    """The site."""
    return urlsplit(spec.url).netloc.lower()


# --- columns --------------------------------------------------------------------------------------------------------


def _wanted(spec: ColumnSpec) -> list[str]:
    named = (spec.options or {}).get("columns")
    return [str(number) for number in named] if isinstance(named, list) else []


def _column_ids(page: Page) -> list[str]:
    """What the page calls its own column, else the columns whose JSON its scripts ask for."""
    own = _OWN.search(page.text)
    return [own[1]] if own else [*dict.fromkeys(_JSON.findall(page.text))]


def _ask(page: Page, number: str) -> Ask:
    return Ask(urljoin(page.url, f"/postmeta/i/{number}.json"))


def _column(page: Page, spec: ColumnSpec) -> Opening:
    """A column holds articles, columns, or both. One that holds neither is an empty column."""
    node = _node(page)
    [number] = _JSON.findall(urlsplit(page.url).path)
    children = [identifier for child in mappings(node.get("children")) if (identifier := pick(child, "id"))]
    branches = tuple(_ask(page, child) for child in children if child != number)
    if branches and not node.get("articles"):
        return Opening((), branches=branches)
    category = _category(node)
    given = key(spec)
    return Opening(
        (
            Column(
                key=f"{given}/{number}" if given else number,
                name=pick(category, "name") or spec.name or number,
                url=f"{urldefrag(spec.url).url}#{number}",
                family=NAME,
                first=None,
                declared=count(category.get("publish_count")),
                options=spec.options,
            ),
        ),
        branches=branches,
    )


def _node(page: Page) -> Record:
    node = holder(answer_of(page, "NFCMS"), ("articles", "children"), 1)
    if node is None:
        raise LayoutError(f"{page.url}: not a column of NFCMS: neither articles nor children in it")
    asked, answered = _JSON.search(page.url), pick(_category(node), "id")
    if asked and answered and answered != asked[1]:
        raise LayoutError(f"{page.url}: asked for column {asked[1]}, answered with {answered}")
    return node


def _category(node: Record) -> Record:
    """What a column says of itself."""
    category = node.get("category")
    return category if isinstance(category, dict) else node


# --- rows -----------------------------------------------------------------------------------------------------------


def _row(article: Record, base: str) -> CatalogueRow | None:
    """An article without address is there as JSON all the same, under an address made of its id."""
    url = resolve(base, pick(article, "url", "post_url"))
    number = count(article.get("id"))
    if url is None and number:
        url = urljoin(base, f"/postmeta/p/{number // 1_000_000}/{number // 1000}/{number}.json")
    if url is None:
        return None
    return CatalogueRow(
        url=url,
        title=pick(article, "title"),
        date=day(*(pick(article, name) for name in _DATES)),
        fields=tuple(dict.fromkeys((*stated(article, *_NO_FIELDS), *stated(_extension(article))))),
    )


def _extension(article: Record) -> Record:
    """``json_ext``, JSON in a string: ``{"EXT_sx": "有效"}``, or ``[]`` where there is none."""
    try:
        found = json.loads(str(article.get("json_ext") or "{}"))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _columns_fault(value: object) -> str:
    good = isinstance(value, list) and value and all(count(item) is not None for item in value)
    return "" if good else "must be a list of column ids, such as [101619]"


OPTIONS: Mapping[str, Callable[[object], str]] = {"columns": _columns_fault}
"""Keys of ``[column.nfcms]``, each with what says what is wrong with a value."""
