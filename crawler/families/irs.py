"""Family ``irs``: lists that TRS IRS (海云) fills, ``POST /irs/front/list`` with a JSON query (section 5.4).

The entry page's own script carries the query: ``code`` or ``tenantId``, a table, a filter for the column. Rows have
opaque names (``f_2023419305471``) beside a few that are the same everywhere (``DOCTITLE``, ``doc_pub_url``,
``save_time``). Options, for what the page does not say: ``query``, properties of the query as a browser sends them, in
place of those found; ``columns``, what opaque names stand for, such as ``{ f_2023419305471 = "标题" }``. An entry may
also be the service's own address, its ``query`` given whole.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import urldefrag, urljoin, urlsplit

from archive.errors import LayoutError
from archive.events import CatalogueRow
from archive.reading.labels import LABELS, normalise_label
from archive.reading.page import Page
from crawler.families import static
from crawler.families.base import Ask, Column, ColumnSpec, Evidence, ListPage, Opening
from crawler.families.lists.entrance import column_name
from crawler.families.lists.links import resolve, tree_of
from crawler.families.lists.literal import COMPUTED, objects
from crawler.families.lists.records import Record, answer_of, count, day, holder, mappings, pick, stated, text
from crawler.families.lists.script import Script, tokens

NAME = "irs"

SIZE = 20
"""Rows of a page where the page's own script does not say, as 广西人社厅 has it; a larger one may give none."""

_PATH = "/irs/front/list"
_SERVICE = re.compile(r"[\w./:-]*/irs/front/list(?:\?[\w=&.-]*)?")
_TABLE = re.compile(r"tableName['\"]?\s*[:=]\s*['\"]t_\w+")
_OPAQUE = re.compile(r"['\"]f_20\d{6,}")
_PAGE_ADDRESS = re.compile(r"(?:https?:)?//\S+\.s?html?")

_TITLE = ("DOCTITLE", "doc_title", "title")
_URL = ("doc_pub_url", "DOCPUBURL", "url")
_DATE = ("DOCRELTIME", "doc_pub_time", "DOCPUBTIME", "save_time")


def detect(page: Page) -> tuple[Evidence, ...]:
    """The service's address decides; its tables and opaque names support. A site search alone is no list."""
    signs = (
        (_PATH in page.text, Evidence(f"{_PATH} in the page", 3)),
        (_TABLE.search(page.text), Evidence("a table of IRS", 2)),
        (_OPAQUE.search(page.text), Evidence("opaque names of IRS, f_20…", 1)),
        ("/irs-c-web/" in page.text, Evidence("the site search of IRS", 1)),
    )
    return tuple(sign for met, sign in signs if met)


def entry(spec: ColumnSpec) -> Ask:
    """The page with the query; the service itself, where the entry is its address."""
    url = urldefrag(spec.url).url
    return _ask(url, _given(spec.options), url) if _is_service(url) else Ask(url)


def open(page: Page, spec: ColumnSpec) -> Opening:
    """The column that the page's query is about; further queries are skipped, by name.

    Raises ``LayoutError`` for a page without a query, and for a query of which a part is computed."""
    if _is_service(page.url):
        return Opening((Column(key(spec), spec.name or key(spec), spec.url, NAME, None, options=spec.options),))
    queries = [*_queries(page)]
    query = {**(queries[0] if queries else {}), **_given(spec.options)}
    if not query.get("tableName") or not (query.get("code") or query.get("tenantId")):
        raise LayoutError(f"{page.url}: no query with tableName, and code or tenantId; give it in [column.irs] query")
    unknown = [name for name, value in query.items() if name not in ("pageNo", "pageSize") and _is_computed(value)]
    if unknown:
        raise LayoutError(f"{page.url}: the page computes {', '.join(unknown)}; give it in [column.irs] query")
    service = _SERVICE.search(page.text)
    name = spec.name or column_name(tree_of(page)) or key(spec)
    first = _ask(urljoin(page.url, service[0] if service else _PATH), query, page.url)
    others = [] if "tableName" in _given(spec.options) else queries[1:]
    return Opening(
        (Column(key(spec), name, spec.url, NAME, first, options=spec.options),),
        tuple((str(other.get("tableName")), "a further query of the page") for other in others),
    )


def read_list(page: Page, column: Column, number: int) -> ListPage:
    """Rows and total; the walk goes on until the total is met, or a page is empty.

    Raises ``LayoutError`` for an answer without list, which is also what too large a ``pageSize`` brings, and for rows
    without address."""
    answer = answer_of(page, "IRS")
    batch = holder(answer, ("list",))
    if batch is None or (isinstance(answer, dict) and answer.get("success") is False):
        said = pick(answer, "msg", "message", "code") if isinstance(answer, dict) else ""
        raise LayoutError(f"{page.url}: not an answer of IRS: no list in it{said and ', it says ' + said}")
    pager = batch.get("pager")
    total = count((pager if isinstance(pager, dict) else batch).get("total"))
    records = mappings(batch["list"])
    rows = tuple(row for record in records if (row := _row(record, column)))
    if (records and not rows) or (number == 1 and total and not records):
        raise LayoutError(f"{page.url}: {total} rows declared, and none with an address among {len(records)}")
    first = column.first or entry(ColumnSpec(NAME, column.url, options=column.options))
    body = json.loads(first.body) | {"pageNo": number + 1}
    following = Ask(first.url, first.method, first.headers, _json(body)) if rows or number > 1 else None
    return ListPage(rows, following, total)


def key(spec: ColumnSpec) -> str:
    """As of a static list; a fragment tells two columns of one page apart."""
    fragment = urlsplit(spec.url).fragment
    return static.key(spec) + (f"#{fragment}" if fragment and not spec.key else "")


def catalogue(spec: ColumnSpec) -> str:
    """A column is its own catalogue."""
    return f"{static.catalogue(spec)}#{urlsplit(spec.url).fragment}"


# --- the query ------------------------------------------------------------------------------------------------------


def _is_service(url: str) -> bool:
    return urlsplit(url).path.endswith(_PATH)


def _given(options: Mapping[str, object] | None) -> dict[str, object]:
    query = (options or {}).get("query")
    return dict(query) if isinstance(query, dict) else {}


def _queries(page: Page) -> Iterator[dict[str, object]]:
    """Queries in the page's scripts: object literals, or JSON in a string."""
    tree = tree_of(page)
    variables = Script.of(tree).variables
    for script in tree.iter("script"):
        stream = [*tokens(script.text or "")]
        yield from objects(stream, "tableName", variables)
        for token in stream:
            if token.kind == "string" and "tableName" in token.text:
                yield from _of_json(str(token.value))


def _of_json(source: str) -> Iterator[dict[str, object]]:
    try:
        found = json.loads(source)
    except ValueError:
        return
    if isinstance(found, dict) and "tableName" in found:
        yield found


def _is_computed(value: object) -> bool:
    if isinstance(value, dict):
        return any(_is_computed(item) for item in value.values())
    return any(_is_computed(item) for item in value) if isinstance(value, list) else value is COMPUTED


def _ask(service: str, query: Mapping[str, object], sent_by: str) -> Ask:
    """The request for the first page."""
    headers = (
        ("Content-Type", "application/json;charset=UTF-8"),
        ("Referer", sent_by),
        ("X-Requested-With", "XMLHttpRequest"),
    )
    size = count(query.get("pageSize")) or SIZE
    return Ask(service, "POST", headers, _json({**query, "pageNo": 1, "pageSize": size}))


def _json(query: Mapping[str, object]) -> bytes:
    return json.dumps(query, ensure_ascii=False, separators=(",", ":")).encode()


# --- rows -----------------------------------------------------------------------------------------------------------


def _row(record: Record, column: Column) -> CatalogueRow | None:
    """Addresses are relative to the page that shows the list, as in a browser."""
    addresses = (text(value) for value in record.values())
    address = pick(record, *_URL) or next((found for found in addresses if _PAGE_ADDRESS.fullmatch(found)), "")
    url = resolve(column.url, address)
    if url is None:
        return None
    given = (column.options or {}).get("columns")
    labels = {str(name): str(label) for name, label in given.items()} if isinstance(given, dict) else {}
    means = {LABELS.get(normalise_label(label), ""): name for name, label in labels.items()}
    return CatalogueRow(
        url=url,
        title=pick(record, means.get("title", ""), *_TITLE),
        date=day(*(pick(record, name) for name in (means.get("date_published", ""), *_DATE))),
        fields=tuple((labels.get(name, name), value) for name, value in stated(record, *_URL, *_TITLE)),
    )


def _query_fault(value: object) -> str:
    return "" if isinstance(value, dict) and value else 'must be a table of the query, such as { code = "189682f495f" }'


def _columns_fault(value: object) -> str:
    good = isinstance(value, dict) and value and all(isinstance(label, str) and label for label in value.values())
    return "" if good else 'must be a table from names to labels, such as { f_2023419305471 = "标题" }'


OPTIONS: Mapping[str, Callable[[object], str]] = {"query": _query_fault, "columns": _columns_fault}
"""Keys of ``[column.irs]``, each with what says what is wrong with a value."""
