"""What stands around the body of a page, or beside it: meta tags, headings, fields of an API, the catalogue row."""

import re
from collections.abc import Iterator, Sequence

from archive.events import CatalogueRow
from archive.reading.choose import DOUBTED, Statement
from archive.reading.labels import API_NAMES, LABELS, META_NAMES, NOISE, normalise_label
from archive.reading.layout import Layout, Region, in_chrome
from archive.reading.pairs import Pair
from archive.reading.stated import observed
from archive.reading.values import normalise
from archive.vocabulary import Source

_SITE_ENDS = ("网", "网站", "政府", "局", "厅", "部", "委员会", "平台", "办公室", "门户")

_SHORTEST_TITLE = 8  # where little else tells that it is one
_SITE_NAME = re.compile(
    r"(?:(?!关于|召开|视察|调研|走访|来到)[\u4e00-\u9fff（）()]){2,20}(?:政府|局|厅|委员会|办公室|办事处|网|网站)"
)
_FLAGS_OF_EXPIRY = {"is_expired": "expired", "is_abolished": "repealed"}  # gkmlpt: 0 or 1


def metas(layout: Layout) -> Iterator[Statement]:
    generated = " ".join(value for _, value in layout.metas if "页面生成时间" in value)
    for name, value in layout.metas:
        if known := META_NAMES.get(name.lower()):
            doubt = DOUBTED if known == "date_published" and value and value in generated else 0
            yield Statement(observed(known, name, value, Source.META), doubt)


def headings(layout: Layout, region: Region | None, pairs: Sequence[Pair]) -> Iterator[Statement]:
    """The heading nearest to the body, best if ``<title>`` repeats it; or a line that the breadcrumb ends in; and
    ``<title>`` itself, as a last resort, unless it is the site's name only."""
    texts, page_title = layout.texts, layout.page_title
    site = {value for name, value in layout.metas if name.lower() == "sitename"}
    chrome = in_chrome(layout)
    start = region.start if region else len(texts)
    linked = set(layout.link_blocks)
    candidates = []
    for heading in layout.headings:
        text = "".join(texts[heading.start : heading.end])
        if not linked.isdisjoint(range(heading.start, heading.end)) and not _names_page(text, page_title):
            continue  # navigation
        if 4 <= len(text) <= 300 and not chrome[heading.start] and text not in site and heading.start <= start + 2:
            candidates.append((text not in page_title, heading.rank, abs(start - heading.start), text, heading))
    if candidates:
        _, _, _, text, heading = min(candidates, key=lambda candidate: candidate[:3])
        yield Statement(observed("title", layout.tags[heading.start], text, Source.HEADING))
    else:
        ends = {normalise("breadcrumb", pair.value).rpartition("\\")[2] for pair in pairs if pair.field == "breadcrumb"}
        for tag, text in zip(layout.tags[: start + 2], texts[: start + 2], strict=True) if ends else ():
            if len(text) >= _SHORTEST_TITLE and text in ends:
                yield Statement(observed("title", tag, text, Source.HEADING))
    if page_title and page_title not in site and not _SITE_NAME.fullmatch(page_title):
        yield Statement(observed("title", "title", _without_site(page_title, site), Source.HEADING), DOUBTED)


def _names_page(text: str, page_title: str) -> bool:
    """Whether a heading that is a link leads to where we are, and not to the site's home."""
    return len(text) >= _SHORTEST_TITLE and page_title.startswith(text) and not _SITE_NAME.fullmatch(text)


def _without_site(page_title: str, site: set[str]) -> str:
    """``<title>`` without the name of the site behind the last ``_``, ``-`` or ``|``."""
    head, _, tail = re.sub(r"\s*[_|\-—–]+\s*(?=[^_|\-—–]*$)", "\n", page_title, count=1).partition("\n")
    tail = tail.strip()
    return head.strip() if head.strip() and tail and (tail in site or tail.endswith(_SITE_ENDS)) else page_title


def of_api(name: str, value: str) -> Statement:
    known = API_NAMES[name]
    if name in _FLAGS_OF_EXPIRY:
        set_ = value.strip().lower() in ("1", "true")
        return Statement(observed(known, name, value, Source.API, _FLAGS_OF_EXPIRY[name] if set_ else ""))
    return Statement(observed(known, name, value.strip(), Source.API))


def of_row(row: CatalogueRow | None) -> Iterator[Statement]:
    if row is None:
        return
    for label, value in row.fields:
        if label in API_NAMES:
            yield of_api(label, value)
        else:
            known = LABELS.get(normalise_label(label), "")
            if known != NOISE:
                yield Statement(observed(known, label, value.strip(), Source.ROW))
    for known, value in (("title", row.title), ("date_published", row.date)):
        if value.strip():
            yield Statement(observed(known, "", value.strip(), Source.ROW))
