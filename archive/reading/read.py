"""From a captured page to its meaning: metadata, body text, attachments. Pure, one way for all families."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from archive.errors import ReadingError, TooDeepError
from archive.events import CatalogueRow
from archive.reading import attachments, body, plain, portal_json, refusal, second_opinion
from archive.reading.charset import BAD_BYTES
from archive.reading.choose import DOUBTED, Statement, choose
from archive.reading.fields import FIELDS
from archive.reading.index_number import CHECK_FAILED, parse_index_number
from archive.reading.labels import API_NAMES, LABELS, META_NAMES, NOISE, normalise_label
from archive.reading.layout import Layout, Region, in_chrome, link_text
from archive.reading.letterhead import statements as letterhead
from archive.reading.model import AttachmentLink, Observation, Reading
from archive.reading.page import Page
from archive.reading.pairs import Pair, find_pairs
from archive.reading.values import normalise
from archive.reading.walk import MAX_TAGS, lay_out
from archive.urls import identity
from archive.vocabulary import Source, TextStatus

LARGEST = 16 << 20
"""Bytes of HTML that are still read."""

TITLE_FROM_ROW = "title_from_row"
"""Flag: no title on the page; the catalogue row's was taken."""

PAGE_TIME = "date_published_is_page_time"
"""Flag: the page's ``PubDate`` is the moment at which the portal generated the page."""

TOO_DEEP = "nested_too_deep"
"""Flag: the elements of the page are nested deeper than the parser goes; so nothing of it was read."""

_BINARY = (
    b"%PDF",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"\xff\xd8\xff",
    b"\x89PNG",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
)
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1b"))
_BINARY_MIME = re.compile(r"^(?:image|audio|video|font)/|^application/(?:pdf|zip|msword|vnd\.|x-rar|rtf)")
_SITE_ENDS = ("网", "网站", "政府", "局", "厅", "部", "委员会", "平台", "办公室", "门户")
_INDEX_STAMP = "<$[SCRQ]>"
"""A comment in the templates of intertid (无锡): its 生成日期 is when the entry was made (portal-families.md 5.11)."""

_SHORTEST_TITLE = 8  # where little else tells that it is one
_SITE_NAME = re.compile(
    r"(?:(?!关于|召开|视察|调研|走访|来到)[\u4e00-\u9fff（）()]){2,20}(?:政府|局|厅|委员会|办公室|办事处|网|网站)"
)
_FLAGS_OF_EXPIRY = {"is_expired": "expired", "is_abolished": "repealed"}  # gkmlpt: 0 or 1


@dataclass(slots=True)
class _Content:
    """What a page holds, before anything is chosen."""

    statements: list[Statement] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    links: tuple[AttachmentLink, ...] = ()
    link_names: list[str] = field(default_factory=list)
    media: bool = False
    flags: list[str] = field(default_factory=list)
    unreadable: TextStatus | None = None


def read(page: Page, row: CatalogueRow | None = None) -> Reading:
    """The meaning of a document's page; ``row``: the catalogue row that led to it.

    Whatever the bytes are, a reading comes back: its ``text_status`` says what is known of the text, ``refusal`` names
    a page that is not the document. Raises nothing but ``ReadingError``, and that only for a fault of our own kind."""
    content = _content(page)
    decoded = None if content.unreadable else page.decoded
    named = refusal.of_text(page.status, page.header("content-type"), page.body, decoded.text if decoded else "")
    content.statements += _of_row(row)
    observations, values = choose(content.statements)
    links = attachments.unique((*content.links, *attachments.named(row.attachments if row else (), page.url)))
    text, status = _text(content, links)
    title = values.get("title", "")
    flags = [*(decoded.flags if decoded else ()), *content.flags]
    if any(seen.chosen and seen.field == "title" and seen.source is Source.ROW for seen in observations):
        flags.append(TITLE_FROM_ROW)
    index = parse_index_number(values.get("index_number", ""))
    if index is not None and not index.is_sound:
        flags.append(CHECK_FAILED)
    return Reading(
        title=title,
        fields=tuple(values.items()),
        observations=observations,
        text=text,
        text_status=status,
        attachments=links,
        charset=decoded.charset if decoded else "",
        site_id_code=values.get("site_id_code", ""),
        refusal=named,
        flags=tuple(flags),
        content_digest=_digest(title, values, text, links),
    )


def _content(page: Page) -> _Content:
    try:
        return _read_content(page)
    except TooDeepError:
        return _Content(unreadable=TextStatus.UNREADABLE, flags=[TOO_DEEP])
    except ReadingError:  # nothing in it
        return _Content()


def _read_content(page: Page) -> _Content:
    if len(page.body) > LARGEST:
        return _Content(unreadable=TextStatus.TOO_LARGE)
    if _is_binary(page):
        return _Content(unreadable=TextStatus.UNREADABLE)
    if page.text.count("<") > MAX_TAGS:
        return _Content(unreadable=TextStatus.TOO_LARGE)
    is_json = page.text.lstrip("\ufeff \t\r\n")[:1] in ("{", "[")
    if is_json and (found := portal_json.in_answer(page.text)):
        return _of_json(page, found)
    if plain.is_plain(page.mime, page.text):
        return _of_plain(page)
    if "json" in page.mime:
        return _Content(unreadable=TextStatus.UNREADABLE)
    return _of_html(page)


def _is_binary(page: Page) -> bool:
    if page.body.startswith(_BINARY) or _BINARY_MIME.match(page.mime):
        return True
    sample = page.body[:4096]
    if len(sample) - len(sample.translate(None, _CONTROLS)) > len(sample) // 20 and page.decoded.charset[:3] != "utf":
        return True
    text = page.text
    garbled = BAD_BYTES in page.decoded.flags and text.count("\ufffd") > len(text) // 10
    return garbled or text.count("\0") > len(text) // 10


def _of_html(page: Page) -> _Content:
    layout = lay_out(page.tree)
    found = next(filter(None, map(portal_json.in_script, layout.scripts)), None)
    region = body.find_body(layout)
    span = (region.start, region.end) if region else None
    content = _Content()
    pairs = find_pairs(layout, span)
    if _INDEX_STAMP in page.text:
        pairs = [replace(pair, field="date_indexed") if pair.label == "生成日期" else pair for pair in pairs]
    content.statements += _statements(pairs)
    _take_metas(layout, content)
    content.statements += _headings(layout, region, pairs)
    area = region.area if region else (0, len(layout.texts))
    links = list(attachments.find(layout, area, page.url, page.decoded.charset))
    if found:
        inner = _of_json(page, found)
        content.statements += inner.statements
        links += inner.links
        content.link_names += inner.link_names
        content.lines, content.media = inner.lines, inner.media
    if region and not content.lines:
        content.lines = list(body.lines(layout, region.start, region.end))
        content.media = any(region.start <= media.block <= region.end for media in layout.media)
        content.link_names += _link_names(layout, region)
        content.statements += _statements(letterhead(content.lines))
        if region.rank == body.GUESSED:
            content.flags += second_opinion.flags(page.text, content.lines)
    content.links = tuple(links)
    return content


def _of_json(page: Page, found: portal_json.JsonDocument) -> _Content:
    content = _Content(statements=[_of_api(name, value) for name, value in found.values])
    links: list[AttachmentLink] = []
    if found.content.strip():
        wrapped = f"<div>{found.content}</div>".encode("utf-8", "replace")
        layout = lay_out(Page(page.url, 200, (("Content-Type", "text/html; charset=utf-8"),), wrapped).tree)
        end = len(layout.texts)
        whole = Region(0, 0, end, (0, end))
        content.lines = list(body.lines(layout, 0, end))
        content.media = bool(layout.media)
        content.link_names = _link_names(layout, whole)
        content.statements += _statements(letterhead(content.lines))
        links += attachments.find(layout, whole.area, page.url, "utf-8", everywhere=True)
    content.links = (*links, *attachments.named(found.attachments, page.url))
    return content


def _of_plain(page: Page) -> _Content:
    content = _Content(lines=plain.lines(page.text))
    if content.lines:
        tree = Page(page.url, 200, (("Content-Type", "text/html; charset=utf-8"),), plain.as_html(content.lines)).tree
        content.statements += _statements(find_pairs(lay_out(tree), None))
        content.statements += _statements(letterhead(plain.unglued(content.lines)))
        if title := plain.title(content.lines[0]):
            content.statements.append(Statement(_observed("title", "", title, Source.HEADING)))
    return content


def _link_names(layout: Layout, region: Region) -> list[str]:
    return [link_text(link) for link in layout.links[:2000] if region.start <= link.block <= region.end]


# --- statements


def _observed(name: str, label: str, value: str, source: Source, normalised: str | None = None) -> Observation:
    if normalised is None:
        normalised = normalise(name, value) if name in FIELDS else ""
    return Observation(name, label, value, normalised, source)


def _statements(pairs: Iterable[Pair]) -> Iterator[Statement]:
    for pair in pairs:
        yield Statement(_observed(pair.field, pair.label, pair.value, pair.source))


def _take_metas(layout: Layout, content: _Content) -> None:
    generated = " ".join(value for _, value in layout.metas if "页面生成时间" in value)
    for name, value in layout.metas:
        known = META_NAMES.get(name.lower())
        if not known:
            continue
        doubt = DOUBTED if known == "date_published" and value and value in generated else 0
        if doubt:
            content.flags.append(PAGE_TIME)
        content.statements.append(Statement(_observed(known, name, value, Source.META), doubt))


def _headings(layout: Layout, region: Region | None, pairs: Sequence[Pair]) -> Iterator[Statement]:
    """The heading nearest to the body, best if ``<title>`` repeats it; or a line that the breadcrumb ends in; and
    ``<title>`` itself, as a last resort, unless it is the site's name only."""
    texts, page_title = layout.texts, layout.page_title
    site = {value for name, value in layout.metas if name.lower() == "sitename"}
    chrome = in_chrome(layout)
    start = region.start if region else len(texts)
    linked = {link.block for link in layout.links}
    candidates = []
    for heading in layout.headings:
        text = "".join(texts[heading.start : heading.end])
        if not linked.isdisjoint(range(heading.start, heading.end)) and not _names_page(text, page_title):
            continue  # navigation
        if 4 <= len(text) <= 300 and not chrome[heading.start] and text not in site and heading.start <= start + 2:
            candidates.append((text not in page_title, heading.rank, abs(start - heading.start), text, heading))
    if candidates:
        _, _, _, text, heading = min(candidates, key=lambda candidate: candidate[:3])
        yield Statement(_observed("title", layout.tags[heading.start], text, Source.HEADING))
    else:
        ends = {normalise("breadcrumb", pair.value).rpartition("\\")[2] for pair in pairs if pair.field == "breadcrumb"}
        for tag, text in zip(layout.tags[: start + 2], texts[: start + 2], strict=True) if ends else ():
            if len(text) >= _SHORTEST_TITLE and text in ends:
                yield Statement(_observed("title", tag, text, Source.HEADING))
    if page_title and page_title not in site and not _SITE_NAME.fullmatch(page_title):
        yield Statement(_observed("title", "title", _without_site(page_title, site), Source.HEADING), DOUBTED)


def _names_page(text: str, page_title: str) -> bool:
    """Whether a heading that is a link leads to where we are, and not to the site's home."""
    return len(text) >= _SHORTEST_TITLE and page_title.startswith(text) and not _SITE_NAME.fullmatch(text)


def _without_site(page_title: str, site: set[str]) -> str:
    """``<title>`` without the name of the site behind the last ``_``, ``-`` or ``|``."""
    head, _, tail = re.sub(r"\s*[_|\-—–]+\s*(?=[^_|\-—–]*$)", "\n", page_title, count=1).partition("\n")
    tail = tail.strip()
    return head.strip() if head.strip() and tail and (tail in site or tail.endswith(_SITE_ENDS)) else page_title


def _of_api(name: str, value: str) -> Statement:
    known = API_NAMES[name]
    if name in _FLAGS_OF_EXPIRY:
        set_ = value.strip().lower() in ("1", "true")
        return Statement(_observed(known, name, value, Source.API, _FLAGS_OF_EXPIRY[name] if set_ else ""))
    return Statement(_observed(known, name, value.strip(), Source.API))


def _of_row(row: CatalogueRow | None) -> Iterator[Statement]:
    if row is None:
        return
    for label, value in row.fields:
        if label in API_NAMES:
            yield _of_api(label, value)
        else:
            known = LABELS.get(normalise_label(label), "")
            if known != NOISE:
                yield Statement(_observed(known, label, value.strip(), Source.ROW))
    for known, value in (("title", row.title), ("date_published", row.date)):
        if value.strip():
            yield Statement(_observed(known, "", value.strip(), Source.ROW))


# --- text and digest


def _text(content: _Content, links: Sequence[AttachmentLink]) -> tuple[str, TextStatus]:
    if content.unreadable:
        return "", content.unreadable
    text = "\n".join(content.lines)
    if text and (not links or attachments.says_more(text, links, content.link_names)):
        return text, TextStatus.OK
    if links:
        return "", TextStatus.ATTACHMENT_ONLY
    return "", TextStatus.IMAGE_ONLY if content.media else TextStatus.EMPTY


def _digest(title: str, values: dict[str, str], text: str, links: Sequence[AttachmentLink]) -> str:
    """sha256 over what makes the document: a new site name, column or address scheme is no change of it."""
    kept = [[name, value] for name, value in values.items() if FIELDS[name].of_document]
    files = [[identity(link.url), link.filename] for link in links]
    canonical = json.dumps([title, kept, text, files], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
