"""From a captured page to its meaning: metadata, body text, attachments. Pure, one way for all families."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from archive.errors import ReadingError, TooDeepError
from archive.events import CatalogueRow
from archive.reading import attachments, body, damage, parts, plain, portal_json, refusal, second_opinion, sheet
from archive.reading.around import headings, metas, of_api, of_row
from archive.reading.charset import BAD_BYTES
from archive.reading.choose import Statement, choose
from archive.reading.doc_number import NumberStatus, parse_doc_numbers
from archive.reading.fields import FIELDS
from archive.reading.index_number import CHECK_FAILED, parse_index_number
from archive.reading.layout import Layout, Media, Region, link_text
from archive.reading.letterhead import statements as letterhead
from archive.reading.model import AttachmentLink, Observation, Part, Reading
from archive.reading.page import Page
from archive.reading.pairs import find_pairs
from archive.reading.stated import stated
from archive.reading.walk import MAX_TAGS, lay_out
from archive.urls import identity
from archive.vocabulary import PartKind, Source, TextStatus

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
_INDEX_STAMP = "<$[SCRQ]>"
"""A comment in the templates of intertid (无锡): its 生成日期 is when the entry was made (portal-families.md 5.11)."""


_CANONICAL = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))

_SHOWN = (
    (TextStatus.VIDEO_ONLY, {"video", "embed", "object"}),
    (TextStatus.IMAGE_ONLY, {"img", "canvas"}),
    (TextStatus.VIDEO_ONLY, {"audio"}),  # beside a picture it is the button that reads aloud
    (TextStatus.EMBEDDED_ONLY, {"iframe"}),
)
"""What stands in a body without text → what the page is, the first that fits."""

_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|bmp|tiff?)\b", re.IGNORECASE)
_PLAYER = re.compile(r"ckplayer|videojs|jwplayer|dplayer|prismplayer|aliplayer|tcplayer", re.IGNORECASE)
_RECORDING = re.compile(r"\.(?:mp4|m3u8|flv|f4v|wmv)\b", re.IGNORECASE)


@dataclass(slots=True)
class _Content:
    """What a page holds, before anything is chosen."""

    statements: list[Statement] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    links: tuple[AttachmentLink, ...] = ()
    link_names: list[str] = field(default_factory=list)
    parts: tuple[Part, ...] = ()
    is_shown: bool = False  # the lines stand in the page's own markup
    media: frozenset[str] = frozenset()  # tags of what is shown in place of text
    flags: list[str] = field(default_factory=list)
    unreadable: TextStatus | None = None


def read(page: Page, row: CatalogueRow | None = None) -> Reading:
    """The meaning of a document's page; ``row``: the catalogue row that led to it.

    Whatever the bytes are, a reading comes back: its ``text_status`` says what is known of the text, ``refusal`` names
    a page that is not the document. Raises nothing but ``ReadingError``, and that only for a fault of our own kind."""
    content = _content(page, row.title if row else "")
    decoded = None if content.unreadable else page.decoded
    named = _refusal(page, content)
    content.statements += of_row(row)
    observations, values = choose(content.statements)
    links = attachments.unique((*content.links, *attachments.named(row.attachments if row else (), page.url)))
    text, status = _text(page, content, links)
    title = values.get("title", "")
    held = _described(content) if text else ()
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
        flags=(
            *(decoded.flags if decoded else ()),
            *_flags(content, observations, values),
            *_flags_of_text(title, text, held),
        ),
        parts=held,
        content_digest=_digest(title, values, text, links),
    )


def _refusal(page: Page, content: _Content) -> str:
    """What refusal the page is, or ``""``."""
    html = content.is_shown and page.status == 200 and "html" in page.mime
    if html and refusal.is_beyond_doubt(page.text, len(page.body), content.lines):
        return ""
    text = "" if content.unreadable else page.text
    return refusal.of_text(page.status, page.header("content-type"), page.body, text)


def _flags(content: _Content, observations: Sequence[Observation], values: Mapping[str, str]) -> list[str]:
    found: list[str] = []
    if any(said.doubt and said.observation.field == "date_published" for said in content.statements):
        found.append(PAGE_TIME)
    found += content.flags
    for seen in observations:
        if seen.chosen and seen.field == "title" and seen.source is Source.ROW:
            found.append(TITLE_FROM_ROW)
        if seen.field == "doc_number" and seen.chosen and seen.value != seen.normalised:
            found += (damage.REPAIRED,) * (parse_doc_numbers(seen.value).status is NumberStatus.REPAIRED)
        elif seen.field == "doc_number" and seen.value and not seen.normalised and damage.AMBIGUOUS not in found:
            found += (damage.AMBIGUOUS,) * (parse_doc_numbers(seen.value).status is NumberStatus.AMBIGUOUS)
    index = parse_index_number(values.get("index_number", ""))
    if index is not None and not index.is_sound:
        found.append(CHECK_FAILED)
    return found


def _flags_of_text(title: str, text: str, held: Sequence[Part]) -> tuple[str, ...]:
    return (*parts.flags(held), *damage.flags(f"{title}\n{text}"))


def _described(content: _Content) -> tuple[Part, ...]:
    """The parts, a document's fields with the first of its parts."""
    described: list[Part] = []
    known: set[int] = set()
    for part in content.parts:
        if part.kind is PartKind.REPRINTED and part.document not in known:
            known.add(part.document)
            lines = parts.lines_of(content.parts, content.lines, PartKind.REPRINTED, document=part.document)
            fields = sheet.fields(lines, part.title)
            part = replace(part, fields=fields, title=dict(fields).get("title", ""))
        described.append(part)
    return tuple(described)


def _content(page: Page, row_title: str) -> _Content:
    try:
        return _read_content(page, row_title)
    except TooDeepError:
        return _Content(unreadable=TextStatus.UNREADABLE, flags=[TOO_DEEP])
    except ReadingError:  # nothing in it
        return _Content()


def _read_content(page: Page, row_title: str) -> _Content:
    if len(page.body) > LARGEST:
        return _Content(unreadable=TextStatus.TOO_LARGE)
    if _is_binary(page):
        return _Content(unreadable=TextStatus.UNREADABLE)
    if page.text.count("<") > MAX_TAGS:
        return _Content(unreadable=TextStatus.TOO_LARGE)
    is_json = page.text.lstrip("\ufeff \t\r\n")[:1] in ("{", "[")
    if is_json and (found := portal_json.in_answer(page.text)):
        content = _of_json(page, found)
        _take_parts(content, (), row_title)
        return content
    if plain.is_plain(page.mime, page.text):
        return _of_plain(page)
    if "json" in page.mime:
        return _Content(unreadable=TextStatus.UNREADABLE)
    return _of_html(page, row_title)


def _is_binary(page: Page) -> bool:
    if page.body.startswith(_BINARY) or _BINARY_MIME.match(page.mime):
        return True
    sample = page.body[:4096]
    if len(sample) - len(sample.translate(None, _CONTROLS)) > len(sample) // 20 and page.decoded.charset[:3] != "utf":
        return True
    text = page.text
    garbled = BAD_BYTES in page.decoded.flags and text.count("\ufffd") > len(text) // 10
    return garbled or text.count("\0") > len(text) // 10


def _of_html(page: Page, row_title: str) -> _Content:
    layout = lay_out(page.tree)
    found = next(filter(None, map(portal_json.in_script, layout.scripts)), None)
    region = body.find_body(layout)
    content = _Content()
    around = _around(page, layout, region)
    area = region.area if region else (0, len(layout.texts))
    links = list(attachments.find(layout, area, page.url, page.decoded.charset))
    if found:
        inner = _of_json(page, found)
        links += inner.links
        content = inner
    if region and not content.lines:
        content.lines = list(body.lines(layout, region.start, region.end))
        content.is_shown = True
        content.media = frozenset(_shows(media) for media in layout.media if region.start <= media.block <= region.end)
        content.link_names += _link_names(layout, region)
        if region.rank == body.GUESSED:
            content.flags += second_opinion.flags(page.text, content.lines)
        _take_parts(content, around, row_title)
        if content.parts:
            around = _around(page, layout, region, body.blocks_of(layout, region, _others(content)))
    else:
        _take_parts(content, around, row_title)
    content.statements = [*around, *content.statements]
    content.links = tuple(links)
    return content


def _around(
    page: Page, layout: Layout, region: Region | None, outside: frozenset[int] = frozenset()
) -> list[Statement]:
    """What the page says, metadata and headings; ``outside``: blocks that speak of another document."""
    pairs = find_pairs(layout, (region.start, region.end) if region else None, outside)
    if _INDEX_STAMP in page.text:
        pairs = [replace(pair, field="date_indexed") if pair.label == "生成日期" else pair for pair in pairs]
    return [*stated(pairs), *metas(layout), *headings(layout, region, pairs)]


def _take_parts(content: _Content, around: Sequence[Statement], row_title: str) -> None:
    """Divide the body into the documents that it holds, and hear what the page's own says of itself."""
    titles = [said for said in (*around, *content.statements) if said.observation.field == "title"]
    title = (choose(titles)[1].get("title", "") if titles else "") or row_title
    content.parts = parts.divide(content.lines, title)
    own = parts.lines_of(content.parts, content.lines, PartKind.OWN) if content.parts else content.lines
    content.statements += stated(letterhead(own))


def _others(content: _Content) -> frozenset[int]:
    """The numbers of the lines that are not the own document's, from 0."""
    return frozenset(
        at for part in content.parts if part.kind is not PartKind.OWN for at in range(part.first - 1, part.last)
    )


def _of_json(page: Page, found: portal_json.JsonDocument) -> _Content:
    """What an answer of a portal's API, or the data in a page's script, holds; its body is yet to be divided."""
    content = _Content(statements=[of_api(name, value) for name, value in found.values])
    links: list[AttachmentLink] = []
    if found.content.strip():
        wrapped = f"<div>{found.content}</div>".encode("utf-8", "replace")
        layout = lay_out(Page(page.url, 200, (("Content-Type", "text/html; charset=utf-8"),), wrapped).tree)
        end = len(layout.texts)
        whole = Region(0, 0, end, (0, end))
        content.lines = list(body.lines(layout, 0, end))
        content.media = frozenset(map(_shows, layout.media))
        content.link_names = _link_names(layout, whole)
        links += attachments.find(layout, whole.area, page.url, "utf-8", everywhere=True)
    content.links = (*links, *attachments.named(found.attachments, page.url))
    return content


def _of_plain(page: Page) -> _Content:
    content = _Content(lines=plain.lines(page.text))
    content.parts = parts.divide(content.lines, None)
    own = content.lines
    if content.parts:
        own = parts.lines_of(content.parts, content.lines, PartKind.OWN, PartKind.FURNITURE)
    content.statements += sheet.statements(own)
    return content


def _shows(media: Media) -> str:
    """The tag that stands for what is shown: a frame may be a viewer, of a picture or of a recording."""
    if media.tag != "iframe":
        return media.tag
    return "img" if _PICTURE.search(media.src) else "video" if _RECORDING.search(media.src) else media.tag


def _link_names(layout: Layout, region: Region) -> list[str]:
    links = islice(zip(layout.link_blocks, layout.link_nodes, strict=True), 2000)
    return [link_text(node) for block, node in links if region.start <= block <= region.end]


# --- text and digest


def _text(page: Page, content: _Content, links: Sequence[AttachmentLink]) -> tuple[str, TextStatus]:
    if content.unreadable:
        return "", content.unreadable
    text = "\n".join(content.lines)
    if text and (not links or attachments.says_more(text, links, content.link_names)):
        return text, TextStatus.OK
    if links:
        return "", TextStatus.ATTACHMENT_ONLY
    for status, tags in _SHOWN:
        if not content.media.isdisjoint(tags):
            return "", status
    plays = _PLAYER.search(page.text) and _RECORDING.search(page.text)
    return "", TextStatus.VIDEO_ONLY if plays else TextStatus.EMPTY


def _digest(title: str, values: dict[str, str], text: str, links: Sequence[AttachmentLink]) -> str:
    """sha256 over what makes the document: a new site name, column or address scheme is no change of it."""
    kept = [[name, value] for name, value in values.items() if FIELDS[name].of_document]
    files = [[identity(link.url), link.filename] for link in links]
    canonical = _CANONICAL.encode([title, kept, text, files])
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
