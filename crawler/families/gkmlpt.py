"""Family ``gkmlpt``: 政府信息公开目录管理平台 of Guangdong, the one catalogue in China with an API (section 5.1).

The entry page is a shell that carries the category tree; rows come from ``/gkmlpt/api/all/<category>``. Options:
``categories``, a list of category ids, each meaning itself with all below it; ``#<id>`` in the URL says the same.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from archive import clock
from archive.errors import LayoutError, ReadingError
from archive.events import CatalogueRow
from archive.reading.page import Page
from crawler.families.base import Ask, Column, ColumnSpec, Evidence, ListPage, Opening

NAME = "gkmlpt"

_CONFIG = re.compile(r"\b_CONFIG\s*=\s*\{")
_SID = re.compile(r"\bSID\s*:\s*['\"]?(\w+)")
_TREE = re.compile(r"\bTREE\s*:\s*")
_BASE = re.compile(r"(https?://[^/]+(?P<department>/.*?)?)/gkmlpt(?:/|$)")
_ASKED = re.compile(r"/gkmlpt/api/all/(\d+)")

# In the order of the list shown to people: when it was put online, else when the record was made, else 成文日期.
_PUBLISHED = ("display_publish_time", "first_publish_time", "create_time", "date")
_FIELDS = (
    *("id", "identifier", "document_number", "publisher", "keywords", "abstract", "date", "created_at", "create_time"),
    *("first_publish_time", "display_publish_time", "classify_main", "classify_main_name", "classify_genre_name"),
    *("classify_theme_name", "is_expired", "is_abolished", "relation", "post_url"),
)


@dataclass(frozen=True, slots=True)
class _Node:
    """A category of the tree, with the names that lead to it."""

    id: str
    path: tuple[str, ...]
    count: int | None
    jump: str
    children: tuple["_Node", ...]

    @property
    def name(self) -> str:
        return " / ".join(self.path)

    def leaves(self) -> Iterator["_Node"]:
        """The categories below that hold rows. One whose children all lead elsewhere holds its rows itself."""
        inner = [child for child in self.children if not child.jump]
        if self.jump:
            return
        if not inner:
            yield self
        for child in inner:
            yield from child.leaves()

    def all(self) -> Iterator["_Node"]:
        yield self
        for child in self.children:
            yield from child.all()


def detect(page: Page) -> tuple[Evidence, ...]:
    """Signs of the platform: its configuration object decides, its paths support."""
    found = []
    if _CONFIG.search(page.text) and _SID.search(page.text) and _TREE.search(page.text):
        found.append(Evidence("window._CONFIG with SID and TREE", 3))
    if "/gkmlpt/" in f"{urlsplit(page.url).path}/":
        found.append(Evidence("/gkmlpt/ in the address", 2))
    if re.search(r"/gkmlpt/gkml/|chunk-common\.\w+\.js", page.text):
        found.append(Evidence("assets of the platform's front end", 1))
    return tuple(found)


def entry(spec: ColumnSpec) -> Ask:
    """The page with the tree."""
    return Ask(urldefrag(spec.url).url)


def open(page: Page, spec: ColumnSpec) -> Opening:
    """A column for each category that holds rows. Raises ``LayoutError`` if the page has no tree, or none of the
    categories that were asked for."""
    if not _CONFIG.search(page.text):
        raise LayoutError(f"{page.url}: not a gkmlpt page: no window._CONFIG in its {len(page.body)} bytes")
    place = _BASE.match(page.url) or _BASE.match(spec.url)
    if place is None:
        raise LayoutError(f"{page.url}: not a gkmlpt address: no /gkmlpt/ in its path")
    sid = _SID.search(page.text)
    roots = tuple(_nodes(_tree(page), ()))
    everything = {node.id: node for root in roots for node in root.all()}
    wanted = _wanted(spec)
    missing = [name for name in wanted if name not in everything]
    if wanted and len(missing) == len(wanted):
        raise LayoutError(f"{page.url}: the catalogue has no category {', '.join(missing)}")
    chosen = [everything[name] for name in wanted if name in everything] or list(roots)
    leaves = {leaf.id: leaf for node in chosen for leaf in node.leaves()}
    prefix = key(spec)
    columns = tuple(
        Column(
            key=f"{prefix}/{leaf.id}" if prefix else leaf.id,
            name=leaf.name,
            url=f"{urldefrag(spec.url).url}#{leaf.id}",
            family=NAME,
            first=Ask(f"{place[1]}/gkmlpt/api/all/{leaf.id}?page=1" + (f"&sid={sid[1]}" if sid else "")),
            declared=leaf.count,
            options=spec.options,
        )
        for leaf in leaves.values()
    )
    jumps = {node.id: node for root in chosen for node in root.all() if node.jump}
    skipped = [(node.name, f"leads to {node.jump}") for node in jumps.values()]
    skipped += [(name, "not in the catalogue") for name in missing]
    return Opening(columns, tuple(skipped))


def read_list(page: Page, column: Column, number: int) -> ListPage:
    """Rows of an answer of the API. Behind the last page it answers with no rows, or with no JSON.

    A batch has *up to* 100 rows (75, 88 and 99 were seen), so its length says nothing about the end. Raises
    ``LayoutError`` if the first page is no JSON, or if an answer is about another category."""
    try:
        answer = page.json
    except ReadingError as error:
        if number > 1:
            return ListPage((), None)
        raise LayoutError(f"{page.url}: not an answer of the gkmlpt API: {error}") from error
    articles = answer.get("articles") if isinstance(answer, dict) else None
    if not isinstance(articles, list):
        if number > 1:
            return ListPage((), None)
        raise LayoutError(f"{page.url}: not an answer of the gkmlpt API: no list named articles")
    category = answer.get("classify") if isinstance(answer.get("classify"), dict) else {}
    first = column.first.url if column.first else page.url
    asked = _ASKED.search(first)
    if asked and category.get("id") is not None and str(category["id"]) != asked[1]:
        raise LayoutError(f"{page.url}: asked for category {asked[1]}, answered with {category['id']}")
    counts = (_count(category.get("post_count")), _count(answer.get("total")))
    declared = next((count for count in counts if count is not None), None)
    rows = tuple(_row(article, page.url) for article in articles if isinstance(article, dict))
    all_here = number == 1 and declared is not None and len(rows) >= declared
    more = Ask(re.sub(r"([?&]page=)\d+", rf"\g<1>{number + 1}", first)) if rows and not all_here else None
    return ListPage(rows, more, declared)


def key(spec: ColumnSpec) -> str:
    """What stands before the category's id in a column's key: as given, or the department; empty for the city itself.

    Ids are shared by all sites of the platform, so two hosts in one portal need a key each."""
    place = _BASE.match(spec.url)
    return spec.key or ((place["department"] or "").strip("/") if place else "")


def catalogue(spec: ColumnSpec) -> str:
    """The site that a gkmlpt address belongs to: scheme, host and department."""
    place = _BASE.match(spec.url)
    return place[1] if place else spec.url


def _wanted(spec: ColumnSpec) -> list[str]:
    named = (spec.options or {}).get("categories", [])
    ids = [str(name) for name in named] if isinstance(named, Iterable) else []
    fragment = urlsplit(spec.url).fragment
    return [*ids, fragment] if fragment.isdecimal() and fragment not in ids else ids


def _tree(page: Page) -> list[Any]:
    """The tree out of the configuration, which is JavaScript, while the tree in it is JSON."""
    for match in _TREE.finditer(page.text):
        try:
            tree, _ = json.JSONDecoder().raw_decode(page.text, match.end())
        except ValueError:
            continue
        if isinstance(tree, list):
            return tree
    raise LayoutError(f"{page.url}: window._CONFIG has no TREE that can be read")


def _nodes(items: Iterable[Any], above: tuple[str, ...]) -> Iterator[_Node]:
    for item in items:
        if isinstance(item, dict) and item.get("id") is not None:
            path = (*above, str(item.get("name") or item["id"]).strip())
            children = tuple(_nodes(item.get("children") or (), path))
            yield _Node(
                str(item["id"]), path, _count(item.get("post_count")), str(item.get("jump_url") or ""), children
            )


def _row(article: dict[str, Any], base: str) -> CatalogueRow:
    stamps = (_count(article.get(name)) for name in _PUBLISHED)
    published = next((stamp for stamp in stamps if stamp), None)
    files = article.get("attachment") or []
    return CatalogueRow(
        url=_url(article, base),
        title=str(article.get("title") or "").strip(),
        date=clock.china_date(published) if published else str(article.get("created_at") or "")[:10],
        fields=tuple((name, str(article[name])) for name in _FIELDS if article.get(name) not in (None, "", "[]", [])),
        attachments=tuple(
            (urljoin(base, str(file["url"])), str(file.get("name") or ""))
            for file in (files if isinstance(files, list) else [])
            if isinstance(file, dict) and file.get("url")
        ),
    )


def _url(article: dict[str, Any], base: str) -> str:
    """The article's address; where the answer has none, the one that the platform makes of the id."""
    given = str(article.get("url") or article.get("post_url") or "").strip()
    if given:
        return urljoin(base, given)
    number = _count(article.get("id")) or 0
    return f"{base.partition('/gkmlpt/')[0]}/gkmlpt/content/{number // 1_000_000}/{number // 1000}/post_{number}.html"


def _count(value: object) -> int | None:
    """A whole number, which the API gives as a number or as text."""
    if isinstance(value, bool):
        return None
    text = str(value).strip() if isinstance(value, (int, str)) else ""
    return int(text) if text.isdecimal() else None


def _categories_fault(value: object) -> str:
    good = isinstance(value, list) and value and all(_count(item) is not None for item in value)
    return "" if good else "must be a list of category ids, such as [721, 5968]"


OPTIONS: Mapping[str, Callable[[object], str]] = {"categories": _categories_fault}
"""Keys of ``[column.gkmlpt]``, each with what says what is wrong with a value."""
