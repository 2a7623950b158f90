"""Family ``epoint``: catalogues of Epoint (新点) EWB, whose rows come as JSON from ``getgovinfolist`` (section 5.9).

徐州 with its departments, 营口, 长宁, 丹东 counties. The entry page, ``…/govInfoPub.html?categorynum=…&deptcode=``, is
a shell; ``siteGuid``, and where the service lives, stand in ``/js/webBuilderCommon.js`` or ``/js/ajaxReq.js``. Pages
count from 0. Options, for what no script says: ``site_guid``; ``project``, the service's prefix (``/EWB-FRONT``);
``params = true``, where it wants the query inside ``{"params": …}``, as 营口 does.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

from archive.errors import LayoutError
from archive.events import CatalogueRow
from archive.reading.page import Page
from archive.urls import identity
from crawler.families.base import Ask, Column, ColumnSpec, Evidence, ListPage, Opening
from crawler.families.lists.links import resolve, tree_of
from crawler.families.lists.records import Record, answer_of, count, mappings, pick, stated

NAME = "epoint"

SIZE = 20
"""Rows of a page, as 徐州's own pages ask for them."""

_SCRIPTS = ("webBuilderCommon.js", "ajaxReq.js")
_GUID = re.compile(r"siteGuid[\"']?\s*[:=]\s*[\"']([0-9A-Fa-f-]{32,36})[\"']")
_PROJECT = re.compile(r"projectName[\"']?\s*[:=]\s*[\"']([\w/-]+)[\"']|([\w-]+)/rest/lightfrontaction\b")
_ROW = ("title", "realtitle", "infourl", "visiturl", "linkurl", "infodate")
_WRAPS = re.compile(r"_Mid$")  # EWB_YK_Mid, 营口


def detect(page: Page) -> tuple[Evidence, ...]:
    """Signs of EWB: its script library, its service, its entry page, its class names."""
    path, query = urlsplit(page.url)[2:4]
    signs = (
        ("webBuilderCommon.js" in page.text, Evidence("webBuilderCommon.js", 2)),
        ("/rest/lightfrontaction/" in page.text, Evidence("/rest/lightfrontaction/ in the page", 3)),
        ("categorynum=" in query or "govInfoPub" in path, Evidence("govInfoPub or categorynum= in the address", 2)),
        (re.search(r"class=[\"'][^\"']*\bewb-", page.text), Evidence("class names of EWB", 1)),
    )
    return tuple(sign for met, sign in signs if met)


def entry(spec: ColumnSpec) -> Ask:
    """The catalogue's page."""
    return Ask(urldefrag(spec.url).url)


def open(page: Page, spec: ColumnSpec) -> Opening:
    """The column that the address names, once its site is known: from this page, or from the script that is to be read
    as well. It is called by its number, as no page says its name.

    Raises ``LayoutError`` for a page that is not of EWB, and where the last script does not name the site either."""
    query = dict(parse_qsl(urlsplit(spec.url).query, keep_blank_values=True))
    if not query.get("categorynum"):
        raise LayoutError(f"{spec.url}: names no column: no categorynum in it")
    options = spec.options or {}
    site = _GUID.search(page.text)
    guid = str(options.get("site_guid") or (site[1] if site else ""))
    if not guid:
        return Opening((), further=Ask(_next_script(page)))
    found = _PROJECT.search(page.text)
    project = str(options.get("project") or (found and (found[1] or found[2])) or "EWB-FRONT").strip("/")
    place = {name: query.get(name, "") for name in ("deptcode", "categorynum")}
    asked = {**place, "pageIndex": 0, "pageSize": SIZE, "siteGuid": guid}
    wraps = options.get("params", _WRAPS.search(project) is not None)
    headers = (
        ("Content-Type", "application/json;charset=UTF-8"),
        ("Referer", spec.url),
        ("X-Requested-With", "XMLHttpRequest"),
    )
    service = urljoin(page.url, f"/{project}/rest/lightfrontaction/getgovinfolist")
    first = Ask(service, "POST", headers, _json({"params": asked} if wraps else asked))
    return Opening((Column(key(spec), spec.name or key(spec), spec.url, NAME, first, options=spec.options),))


def read_list(page: Page, column: Column, number: int) -> ListPage:
    """Rows and total. A portal may answer a page twice; it is the walk that then sees nothing new.

    Raises ``LayoutError`` for an answer without list, and for rows without address."""
    custom = _lower(answer_of(page, "EWB")).get("custom")
    batch = _lower(_decoded(custom) if isinstance(custom, str) else custom)
    data = batch.get("data")
    if not isinstance(data, list):
        hint = "; a service that wants its query inside params needs params = true under [column.epoint]"
        raise LayoutError(f"{page.url}: not an answer of EWB: no list named data{hint}")
    total, records = count(batch.get("total")), mappings(data)
    rows = tuple(row for record in records if (row := _row(record, column.url)))
    if (records and not rows) or (number == 1 and total and not records):
        raise LayoutError(f"{page.url}: {total} rows declared, and none with an address among {len(records)}")
    first = column.first
    return ListPage(rows, _turned(first, number) if rows and first else None, total)


def key(spec: ColumnSpec) -> str:
    """The key of a column: given, or its number, behind that of a department: ``003001003``, ``XZ012/003001003``."""
    query = dict(parse_qsl(urlsplit(spec.url).query))
    return spec.key or "/".join(query[name] for name in ("deptcode", "categorynum") if query.get(name)) or "root"


def catalogue(spec: ColumnSpec) -> str:
    """A column is its own catalogue."""
    return identity(spec.url)


def _next_script(page: Page) -> str:
    """The script to look for the site's number in next: of those that the page loads, else where they usually stand.
    Raises ``LayoutError`` if there is no other."""
    path = urlsplit(page.url).path
    if path.endswith(_SCRIPTS[0]):
        return urljoin(page.url, _SCRIPTS[1])
    if path.endswith(".js") or not detect(page):
        raise LayoutError(
            f"{page.url}: no siteGuid in its {len(page.body)} bytes; give site_guid under [column.epoint]"
        )
    loaded = [resolve(page.url, script.get("src")) or "" for script in tree_of(page).iter("script")]
    named = (url for name in _SCRIPTS for url in loaded if urlsplit(url).path.endswith(name))
    return next(named, urljoin(page.url, f"/js/{_SCRIPTS[0]}"))


def _turned(ask: Ask, number: int) -> Ask:
    """The same request for the page that a human calls ``number + 1``."""
    asked = json.loads(ask.body)
    asked.get("params", asked)["pageIndex"] = number
    return Ask(ask.url, ask.method, ask.headers, _json(asked))


def _json(asked: object) -> bytes:
    return json.dumps(asked, ensure_ascii=False, separators=(",", ":")).encode()


def _lower(value: object) -> Record:
    """An object with its names in lower case; empty if it is none."""
    return {str(name).lower(): item for name, item in value.items()} if isinstance(value, dict) else {}


def _decoded(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _row(record: Record, base: str) -> CatalogueRow | None:
    """``linkurl`` is where a row leads that stands on another site."""
    url = resolve(base, pick(record, "infourl", "visiturl", "linkurl"))
    if url is None:
        return None
    title, day = pick(record, "realtitle", "title"), pick(record, "infodate", "handsdate")
    return CatalogueRow(url, title, day, tuple(stated(record, *_ROW)))


def _guid_fault(value: object) -> str:
    good = isinstance(value, str) and re.fullmatch(r"[0-9A-Fa-f-]{32,36}", value)
    return "" if good else "must be the siteGuid in quotes, such as 7eb5f7f1-9041-43ad-8e13-8fcb82ea831a"


def _project_fault(value: object) -> str:
    good = isinstance(value, str) and re.fullmatch(r"/?[\w-]+(?:/[\w-]+)*/?", value)
    return "" if good else "must be what stands before /rest/lightfrontaction, such as /EWB-FRONT"


def _params_fault(value: object) -> str:
    return "" if isinstance(value, bool) else "must be true or false"


OPTIONS: Mapping[str, Callable[[object], str]] = {
    "site_guid": _guid_fault,
    "project": _project_fault,
    "params": _params_fault,
}
"""Keys of ``[column.epoint]``, each with what says what is wrong with a value."""
