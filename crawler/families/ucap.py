"""Family ``ucap``: lists that UCAP (开普) fills by script, from ``/searchList/<channel>`` and its like (section 5.5).

The entry page carries the channel's id and, as a rule, the service's address; rows come as JSON with the document's
metadata in ``domainMetaList``. Suzhou's ``loadData`` is the same list over POST. An entry may also be a service's own
address. Options: ``api``, the path of the service, where only an external script knows it (csrc: ``/searchList``,
which is assumed); ``channels``, ids of channels, where the page is a shell whose rows are in others (镇江).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import takewhile
from urllib.parse import parse_qs, parse_qsl, urldefrag, urlencode, urljoin, urlsplit

from archive.errors import LayoutError
from archive.events import CatalogueRow
from archive.reading.labels import known_label
from archive.reading.page import Page
from crawler.families import static
from crawler.families.base import Ask, Column, ColumnSpec, Evidence, ListPage, Opening
from crawler.families.lists.entrance import column_name, shell_target
from crawler.families.lists.links import resolve, tree_of
from crawler.families.lists.records import Record, answer_of, count, day, holder, mappings, pick, text
from crawler.families.lists.script import Script, tokens

NAME = "ucap"

SIZE = 20
"""Rows of a page, as 成都 asks for them."""

_USUAL = "?_isAgg=true&_isJson=true&_pageSize=&_template=index&_rangeTimeGte=&_channelName=&page="
_SERVICE = re.compile(
    r"[\w./:-]*/(?:(?:searchList|common/search|es-search/search)(?=[/'\"]|$)|interfacesWebZcwj/loadData)"
)
_CHANNEL = re.compile(r"/(?:searchList|common/search|es-search/search)/(\w+)")
_PAGE = re.compile(r"((?:^|[?&])(?:page|pageIndex)=)\d+")
_ENDS = frozenset((",", ";", "{", "}", "function"))  # of an expression
_ROW_FIELDS = ("publishedTimeStr", "channelName", "subTitle", "manuscriptId")
_SUZHOU_FIELDS = ("C_WJBH", "C_SYH", "C_FWRQ_FORMAT", "PUBLISHED_TIME_FORMAT", "MANUSCRIPT_ID")


def detect(page: Page) -> tuple[Evidence, ...]:
    """Signs of a list that a script fills: an answer of a service, or a page with a channel, a service and no rows."""
    if page.body.lstrip()[:1] in (b"{", b"["):
        found = b'"domainMetaList"' in page.body or b'"manuscriptId"' in page.body or b'"MANUSCRIPT_ID"' in page.body
        return (Evidence("an answer of a list service of UCAP", 3),) if found else ()
    try:
        tree = tree_of(page)
    except LayoutError:
        return ()
    signs = []
    if _SERVICE.search(page.text):
        signs.append(Evidence("the address of a list service of UCAP", 2))
    if _channel(page):
        signs.append(Evidence("a channel id of UCAP", 1))
    if "createPageHTML" not in page.text and next(tree.iter("ucapcontent", "ucaptitle"), None) is None:
        return tuple(signs)
    return tuple(Evidence(sign.sign, 1) for sign in signs)  # a list in HTML, or an article


def entry(spec: ColumnSpec) -> Ask:
    """The page with the channel's id."""
    return Ask(urldefrag(spec.url).url)


def open(page: Page, spec: ColumnSpec) -> Opening:
    """A column for each channel; a shell leads on to the page in its frame. Raises ``LayoutError`` for a page that
    names no channel."""
    if _CHANNEL.search(urlsplit(page.url).path):
        return Opening((Column(key(spec), spec.name or key(spec), spec.url, NAME, None, options=spec.options),))
    tree = tree_of(page)
    options = spec.options or {}
    named = options.get("channels")
    channels = [str(name) for name in named] if isinstance(named, list) else []
    services = [*_services(page)]
    own = _channel(page)
    channels = channels or ([own] if own and not _framed(page) else [])
    if not channels:
        target = _framed(page) or shell_target(tree, page)
        if target is None:
            raise LayoutError(f"{page.url}: no channel id on this page; name it in [column.ucap] channels")
        return Opening((), further=Ask(target))
    address, query = services[0] if services else ("/searchList", _USUAL)
    address = str(options.get("api") or address)
    name = spec.name or column_name(tree) or key(spec)
    several = len(channels) > 1
    return Opening(
        tuple(
            Column(
                key=f"{key(spec)}/{channel}" if several else key(spec),
                name=f"{name} / {channel}" if several else name,
                url=f"{urldefrag(spec.url).url}#{channel}" if several else spec.url,
                family=NAME,
                first=_ask(page.url, address, query, channel),
                options=spec.options,
            )
            for channel in channels
        )
    )


def read_list(page: Page, column: Column, number: int) -> ListPage:
    """Rows and total of an answer. An empty page is not the service's word that the list has ended: the total is, and
    the walk compares.

    Raises ``LayoutError`` for anything but a list, for the list of another channel, and for rows without address."""
    batch = holder(answer_of(page, "UCAP's list service"), ("results", "list"))
    if batch is None:
        raise LayoutError(f"{page.url}: not an answer of UCAP's list service: no list named results or list")
    asked = _CHANNEL.search(urlsplit(page.url).path)
    answered = pick(batch, "channelId")
    if asked and answered and answered != asked[1]:
        raise LayoutError(f"{page.url}: asked for channel {asked[1]}, answered with {answered}")
    records = mappings(batch.get("results", batch.get("list")))
    rows = tuple(row for record in records if (row := _row(record, column.url)))
    total = count(batch.get("total", batch.get("allRow")))
    if (records and not rows) or (number == 1 and total and not records):
        raise LayoutError(f"{page.url}: {total} rows declared, and none with an address among {len(records)}")
    following = _turned(column.first or Ask(page.url), number + 1) if rows or number > 1 else None
    return ListPage(rows, following, total)


def key(spec: ColumnSpec) -> str:
    """As of a static list; a fragment tells two columns of one page apart."""
    fragment = urlsplit(spec.url).fragment
    return static.key(spec) + (f"#{fragment}" if fragment and not spec.key else "")


def catalogue(spec: ColumnSpec) -> str:
    """A column is its own catalogue."""
    return f"{static.catalogue(spec)}#{urlsplit(spec.url).fragment}"


# --- the entry page -------------------------------------------------------------------------------------------------


def _channel(page: Page) -> str:
    """``<meta name="channelId" content="…">``, in any case, or ``var channelId = "…"`` (国家税务总局)."""
    tree = tree_of(page)
    metas = (meta for meta in tree.iter("meta") if (meta.get("name") or "").lower() == "channelid")
    found = next((meta.get("content") or "" for meta in metas), "")
    return found.strip() or text(Script.of(tree).variables.get("channelId"))


def _services(page: Page) -> Iterator[tuple[str, str]]:
    """Path and query of each service that an inline script asks, what is computed left out.

    ``'/searchList/' + id + '?_isAgg=true&_pageSize=' + size + '&page=' + n`` is one expression: its texts join."""
    for script in tree_of(page).iter("script"):
        stream = [*tokens(script.text or "")]
        for place, token in enumerate(stream):
            found = _SERVICE.match(str(token.value)) if token.kind == "string" else None
            if found:
                parts = takewhile(lambda part: part.text not in _ENDS, stream[place:])
                whole = "".join(str(part.value) for part in parts if part.kind == "string")
                yield found[0], whole[whole.index("?") :] if "?" in whole else _USUAL


def _framed(page: Page) -> str | None:
    """The list that a script puts into a frame: ``xxgk_bmtt.shtml?code=nk1291&temp=navs_list`` shows
    ``/<site>/nk1291/navs_list.shtml`` (宜春)."""
    parts = urlsplit(page.url)
    query = parse_qs(parts.query)
    site = parts.path.split("/")[1]
    if not site or not all(re.fullmatch(r"\w+", query.get(name, [""])[0]) for name in ("code", "temp")):
        return None
    return urljoin(page.url, f"/{site}/{query['code'][0]}/{query['temp'][0]}.shtml")


def _ask(base: str, address: str, query: str, channel: str) -> Ask:
    """The request for the first page of a channel."""
    sent_by = (("Referer", base), ("X-Requested-With", "XMLHttpRequest"))
    url = urljoin(base, address.rstrip("/"))
    if url.endswith("/loadData"):
        form = (("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"), *sent_by)
        body = urlencode({"pageIndex": 1, "channel_id": channel}).encode()
        return Ask(f"{url}?pageSize={SIZE}", "POST", form, body)
    values = dict(parse_qsl(query.lstrip("?"), keep_blank_values=True)) | {"_pageSize": str(SIZE), "page": "1"}
    return Ask(f"{url}/{channel}?{urlencode(values)}", headers=sent_by)


def _turned(ask: Ask, number: int) -> Ask:
    """The same request for another page."""
    if ask.method == "POST":
        body = _PAGE.sub(rf"\g<1>{number}", ask.body.decode()).encode()
        return Ask(ask.url, ask.method, ask.headers, body)
    url = ask.url if _PAGE.search(ask.url) else f"{ask.url}{'&' if '?' in ask.url else '?'}page=1"
    return Ask(_PAGE.sub(rf"\g<1>{number}", url), ask.method, ask.headers)


# --- rows -----------------------------------------------------------------------------------------------------------


def _row(record: Record, base: str) -> CatalogueRow | None:
    url = resolve(base, pick(record, "url"))
    if url is None:
        return None
    stamps = ("publishedTimeStr", "published_time_format", "publishedTime")
    given = {name.lower(): name for name in record}
    plain = tuple(
        (name, value)
        for name in (*_ROW_FIELDS, *_SUZHOU_FIELDS)
        if name.lower() in given and (value := pick(record, name))
    )
    return CatalogueRow(
        url=url,
        title=pick(record, "title", "titleHtml"),
        date=day(*(pick(record, stamp) for stamp in stamps)),
        fields=(*plain, *_metadata(record)),
    )


def _metadata(record: Record) -> Iterator[tuple[str, str]]:
    """``domainMetaList[].resultList[]``: each value under the Chinese name that a reader knows, else under its key."""
    for domain in mappings(record.get("domainMetaList")):
        for item in mappings(domain.get("resultList")):
            name, code, value = (pick(item, part) for part in ("name", "key", "value"))
            label = name if known_label(name) else code or name
            if label and value:
                yield label, value


def _api_fault(value: object) -> str:
    good = isinstance(value, str) and _SERVICE.fullmatch(value.rstrip("/"))
    return "" if good else "must be the path of a list service, such as /searchList or /common/search"


def _channels_fault(value: object) -> str:
    good = isinstance(value, list) and value and all(re.fullmatch(r"\w+", str(item)) for item in value)
    return "" if good else "must be a list of channel ids in quotes, 32 hex digits each as a rule"


OPTIONS: Mapping[str, Callable[[object], str]] = {"api": _api_fault, "channels": _channels_fault}
"""Keys of ``[column.ucap]``, each with what says what is wrong with a value."""
