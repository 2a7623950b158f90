"""Family ``sousuo``: the policy library of the State Council, ``sousuo.www.gov.cn/search-gov/data`` (section 5.15).

An entry is the library's page or the service itself; its query says which library (``t``) and, where wanted, which part
of it (``q``, ``puborg``, ``pcodeYear``, ``mintime`` …). No options. The rows lead to ``www.gov.cn``: name that host in
the portal's ``hosts``.
"""

from collections.abc import Callable, Mapping
from urllib.parse import parse_qs, parse_qsl, urldefrag, urlencode, urljoin, urlsplit

from archive.errors import LayoutError
from archive.events import CatalogueRow
from archive.reading.page import Page
from archive.urls import identity
from crawler.families.base import Ask, Column, ColumnSpec, Evidence, ListPage, Opening
from crawler.families.lists.links import resolve
from crawler.families.lists.records import Record, answer_of, count, day, holder, mappings, pick

NAME = "sousuo"

_PATH = "/search-gov/data"
_LIBRARIES = {
    "zhengcelibrary": "政策文件库",
    "zhengcelibrary_gw": "国务院文件",
    "zhengcelibrary_bm": "国务院部门文件",
    "zhengcelibrary_gb": "国务院公报",
}
_USUAL = "zhengcelibrary_gw"

# What the library's page sends, in its order. There is no ``type``: with it the service answers that there is nothing.
_NAMES = (
    "t q timetype mintime maxtime sort sortType searchfield pcodeJiguan childtype subchildtype tsbq pubtimeyear "
    "pubtimeqarter puborg pcodeYear pcodeNum filetype p n inpro bmfl dup orpro"
)
_QUERY = dict.fromkeys(_NAMES.split(), "") | {
    "t": _USUAL,
    "timetype": "timezd",
    "sort": "pubtime",
    "sortType": "1",
    "p": "1",
    "n": "50",
}
_NARROWING = tuple(name for name, value in _QUERY.items() if not value and name not in ("inpro", "dup", "orpro"))
_FIELDS = ("pcode", "puborg", "index", "childtype", "subchildtype", "pubtimeStr", "ptime", "id")


def detect(page: Page) -> tuple[Evidence, ...]:
    """The service's answer, or its address."""
    if page.body.lstrip()[:1] == b"{" and b'"searchVO"' in page.body:
        return (Evidence("an answer of the policy library", 3),)
    parts = urlsplit(page.url)
    library = parse_qs(parts.query).get("t", [""])[0].startswith("zhengce")
    if library and (parts.path.endswith(("/policyDocumentLibrary", _PATH)) or parts.hostname == "sousuo.www.gov.cn"):
        return (Evidence("the address of the policy library", 3),)
    return ()


def entry(spec: ColumnSpec) -> Ask:
    """The service itself: the page that a human opens is a frame without a word in it."""
    asked = {name: value for name, value in parse_qsl(urlsplit(spec.url).query) if name in _QUERY}
    query = urlencode(_QUERY | asked | {"p": "1"})
    return Ask(f"{urljoin(spec.url, _PATH)}?{query}", headers=(("Referer", urldefrag(spec.url).url),))


def open(page: Page, spec: ColumnSpec) -> Opening:
    """The one column that a library is; the entry page is its first list page. Raises ``LayoutError``."""
    _blocks(page)
    library = _asked(spec)["t"]
    name = spec.name or _LIBRARIES.get(library, library)
    return Opening((Column(key(spec), name, spec.url, NAME, None),))


def read_list(page: Page, column: Column, number: int) -> ListPage:
    """Rows and total. Some libraries answer in groups (``catMap``), each with its own total, while the total of all is
    0; a document that stands in two groups is one row. Raises ``LayoutError`` for anything but a list."""
    rows: dict[str, CatalogueRow] = {}
    total, records = 0, 0
    for group, block in _blocks(page):
        found = mappings(block.get("listVO"))
        total += count(block.get("totalCount")) or 0
        records += len(found)
        for row in filter(None, (_row(record, page.url, group) for record in found)):
            rows.setdefault(identity(row.url), row)
    if (records and not rows) or (number == 1 and total and not records):
        raise LayoutError(f"{page.url}: {total} rows declared, and none with an address among {records}")
    first = entry(ColumnSpec(NAME, column.url))
    following = first.url.replace("&p=1&", f"&p={number + 1}&")
    more = Ask(following, headers=first.headers) if rows or number > 1 else None
    return ListPage(tuple(rows.values()), more, total)


def key(spec: ColumnSpec) -> str:
    """The library, and what narrows it."""
    asked = _asked(spec)
    narrowed = "&".join(f"{name}={asked[name]}" for name in _NARROWING if asked.get(name))
    return spec.key or "?".join(part for part in (asked["t"], narrowed) if part)


def catalogue(spec: ColumnSpec) -> str:
    """What is asked of the service."""
    return identity(entry(spec).url)


OPTIONS: Mapping[str, Callable[[object], str]] = {}
"""``[column.sousuo]`` has no keys."""


def _asked(spec: ColumnSpec) -> dict[str, str]:
    return {"t": _USUAL} | dict(parse_qsl(urlsplit(spec.url).query))


def _blocks(page: Page) -> list[tuple[str, Record]]:
    """The groups of an answer, each with its name; one without name where the rows stand together."""
    answer = answer_of(page, "the policy library")
    code, said = (pick(answer, "code"), pick(answer, "msg")) if isinstance(answer, dict) else ("", "")
    found = (answer.get("searchVO") or answer.get("catMap")) if isinstance(answer, dict) else None
    if code not in ("", "200") or not isinstance(found, dict):
        raise LayoutError(f"{page.url}: not an answer of the policy library: code {code or 'none'} {said}".rstrip())
    if found.get("listVO"):
        return [("", found)]
    groups = found.get("catMap") or found  # an older answer has catMap alone
    named = [(name, block) for name, block in groups.items() if holder(block, ("listVO",), 0)]
    if not named and not isinstance(found.get("listVO"), list):
        raise LayoutError(f"{page.url}: an answer of the policy library without listVO")
    return named or [("", found)]


def _row(record: Record, base: str, group: str) -> CatalogueRow | None:
    url = resolve(base, pick(record, "url"))
    if url is None:
        return None
    named = ((name, pick(record, name)) for name in _FIELDS)
    return CatalogueRow(
        url=url,
        title=pick(record, "title"),
        date=day(*(pick(record, name) for name in ("pubtimeStr", "pubtime", "ptime"))),
        fields=tuple((name, value) for name, value in (("catName", group), *named) if value),
    )
