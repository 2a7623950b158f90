"""Files that belong to a document: links in the article area, by what they lead to and by where they stand."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote, urljoin, urlsplit

from w3lib.url import safe_url_string

from archive.reading.layout import Layout, Link, in_chrome, link_text
from archive.reading.model import AttachmentLink
from archive.urls import PLAIN, identity

_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|wps|et|dps|ofd|ceb|zip|rar|7z|txt|csv|pptx?|rtf)(?=$|[?#&;])", re.IGNORECASE)
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|bmp|tiff?)(?=$|[?#&;])", re.IGNORECASE)
_DOWNLOAD = re.compile(
    r"download\.jsp|downfile\.jsp|downloadattach|downloadfile|filedownload|[?&](?:wbfileid|fileid|attachid|file)=",
    re.IGNORECASE,
)  # VSB, Hanweb and others
_PAGE = re.compile(r"(?:\.(?:s?html?|jhtml|thtml|aspx?|jsp|do|php)|/)$", re.IGNORECASE)
_SAYS_NOTHING = re.compile(
    r"[\s【\[［(（]*(?:点击|请点击|点此|立即)?(?:下载|查看|打开|预览|浏览|在线预览|在线浏览|附件|图片版|文字版|文件|此处|全文|原文"
    r"|正文|链接|pdf|word|[:：、.])*[\s】\]）)]*",
    re.IGNORECASE,
)
_LEAD = re.compile(r"^附件\s*[:：]\s*")
_FILLER = re.compile(r"附件|点击|下载|查看|详见|详情|如下|全文|正文|请|[\W\d_]")
_MOST = 300
_MOST_LINKS = 20_000  # looked at
_LONGEST = 8192  # characters of an address; servers take no longer ones, and each is looked at by several patterns
_GLANCE, _SAMPLE = 100, 1000  # characters
_FEW = 6
_LONG = 100_000  # characters: no list of files, and to look for two thousand names in it takes seconds


def find(
    layout: Layout, area: tuple[int, int], page_url: str, charset: str, *, everywhere: bool = False
) -> Iterator[AttachmentLink]:
    """The files that a page links to as its own. ``area``: blocks of the article, page chrome excluded.

    ``everywhere``: the whole layout is the document (a fragment). URLs are absolute, against ``<base>`` if there is
    one; ``charset`` is the page's, in which browsers send a query."""
    base = (layout.base and _absolute(layout.base, page_url, charset)) or page_url
    chrome = in_chrome(layout)
    for number, block in enumerate(layout.link_blocks[:_MOST_LINKS]):
        inside = everywhere or area[0] <= block <= area[1]
        if not (inside or number in layout.marked_links) or chrome[block]:
            continue
        link = layout.link(number)
        if _is_file(layout, link) and (url := _absolute(_target(link.href), base, charset)):
            yield AttachmentLink(url, _filename(link, url))


def named(pairs: Iterable[tuple[str, str]], page_url: str) -> Iterator[AttachmentLink]:
    """Attachments that an API or a catalogue row lists as (url, file name)."""
    for href, name in pairs:
        if url := _absolute(href, page_url, "utf-8"):
            yield AttachmentLink(url, name.strip() or _last_part(url))


def unique(links: Iterable[AttachmentLink]) -> tuple[AttachmentLink, ...]:
    """Each address once, http or https, at its first place; a name that says something wins over the URL's."""
    found: dict[str, AttachmentLink] = {}
    for link in links:
        key = identity(link.url)
        known = found.get(key)
        if known is None:
            found[key] = link
        elif known.filename == _last_part(known.url) != link.filename:
            found[key] = AttachmentLink(known.url, link.filename)
        if len(found) == _MOST:
            break
    return tuple(found.values())


def says_more(text: str, links: Iterable[AttachmentLink], layout_links: Iterable[str]) -> bool:
    """Whether a body text is more than the names of its attachments."""
    if len(text) > _LONG:
        return True
    for name in sorted({*layout_links, *(link.filename for link in links)}, key=len, reverse=True):
        text = text.replace(name, "") if name else text
    for sample in (_GLANCE, _SAMPLE):
        if len(_FILLER.sub("", text[:sample])) > _FEW + 1:  # one more than that: a word may be cut at its end
            return True
    return len(_FILLER.sub("", text)) >= _FEW


def _is_file(layout: Layout, link: Link) -> bool:
    href = link.href.strip()
    if len(href) > _LONGEST:
        return False
    if href[:11].lower().startswith(("javascript:", "mailto:", "#", "data:")):
        return False
    if "undefined" in href:  # what a script of 河北省政府采购网 writes for a file that is not there
        return False
    if _FILE.search(href):
        return True
    if link.node.tag == "img":
        return False
    if _DOWNLOAD.search(href):
        return True
    if link.node.tag != "a":
        return False
    block = layout.texts[link.block] if link.block < len(layout.texts) else ""
    listed = link.marked or block.startswith("附件")
    return listed and (bool(_PICTURE.search(href)) or not _PAGE.search(_path(href)))


def _path(href: str) -> str:
    """The path of an address that may be none."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return "/"
    return parts.path or ("/" if not parts.query else "")


def _target(href: str) -> str:
    """The file behind a viewer page: ``/pdfjs/web/viewer.html?file=/a.pdf``."""
    viewer = re.search(r"viewer\.html\?file=([^&#]+)", href)
    return unquote(viewer[1]) if viewer else href


def _absolute(href: str, base: str, charset: str) -> str:
    if len(href) > _LONGEST:
        return ""
    try:
        url = urljoin(base, href.strip()).partition("#")[0]
        if not PLAIN.fullmatch(url):
            url = safe_url_string(url, encoding=charset or "utf-8")
        parts = urlsplit(url)
    except (ValueError, LookupError, UnicodeError):
        return ""
    return url if href.strip() and parts.scheme in ("http", "https") and parts.netloc else ""


def _filename(link: Link, url: str) -> str:
    node = link.node
    last = _last_part(url)
    written = (node.get("download"), node.get("title"), node.get("alt"), link_text(node))
    for name in written:
        name = _LEAD.sub("", " ".join((name or "").split()))[:300]
        if name and not _SAYS_NOTHING.fullmatch(name):
            suffix = _FILE.search(last)
            return name if _FILE.search(name) or not suffix else name + suffix[0].lower()
    return last


def _last_part(url: str) -> str:
    parts = urlsplit(url)
    return unquote(parts.path.rstrip("/").rpartition("/")[2] or parts.netloc)
