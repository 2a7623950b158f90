"""Links as a reader of the page would follow them."""

import re
from functools import lru_cache
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml import etree

from archive.errors import LayoutError, ReadingError
from archive.reading.page import Page

FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|ofd|ceb|rtf|txt|csv|zip|rar|7z|tif|jpe?g|png)$", re.IGNORECASE)
_INDEX = re.compile(r"(?:index|default|main|home|list|more)(?:_\d+)?\.\w+|", re.IGNORECASE)
_WHITE = re.compile(r"[\t\r\n]+")
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_ADDRESS = re.compile(
    r"(?:https?://|/|\.{1,2}/)\S+$|[\w./%-]+\.(?:[sjt]?html?|jsp|aspx?|php)(?:\?\S*)?$", re.IGNORECASE
)
# What needs no second look: the folders and the name of href="./202601/t20260109_1404577.html".
_FOLDER = re.compile(r"(?:https?:/(?=/))?[\w.~-]*(?:/[\w.~-]+)*", re.ASCII)
_NAME = re.compile(r"(?:[\w~-][\w.~-]*)?", re.ASCII)
_TEMPLATE = re.compile(r"\{\{|\$\{|<%|%7B%7B", re.IGNORECASE)  # a row that a script fills in the browser (福建: Avalon)


def tree_of(page: Page) -> etree._Element:
    """The page's tree. Raises ``LayoutError`` if it is no HTML."""
    if page.body.lstrip()[:1] in (b"{", b"["):
        raise LayoutError(f"{page.url}: JSON instead of a page")
    try:
        return page.tree
    except ReadingError as error:
        raise LayoutError(str(error)) from error


def base_of(page: Page) -> str:
    """What relative links are relative to: the page's address, or its ``<base href>``."""
    return next((resolve(page.url, base.get("href")) or page.url for base in page.tree.iter("base")), page.url)


def resolve(base: str, href: str | None) -> str | None:
    """An absolute http(s) URL without fragment, characters as written; ``None`` for anything else."""
    if not href:
        return None
    above, slash, name = href.rpartition("/")
    if not _NAME.fullmatch(name) or not _FOLDER.fullmatch(above):
        return _resolve(base, href)
    # Folders are few, and the same on all pages of a list, menus above all: they are resolved once. "x" is any name.
    here = base.partition("?")[0].rpartition("/")[0]
    found = _resolve(f"{here}/", f"{above}{slash}x") if here.count("/") > 1 else None
    return found[:-1] + name if found is not None else _resolve(base, href)


@lru_cache(maxsize=2048)
def _resolve(base: str, href: str) -> str | None:
    link = _WHITE.sub("", href).strip()
    if not link or link.startswith("#") or _TEMPLATE.search(link):
        return None
    try:
        url = urldefrag(urljoin(base, link)).url
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # an unclosed IPv6 bracket, a port that is no number
        return None
    return url if sound else None


def target(link: etree._Element, base: str) -> str | None:
    """Where a link leads: ``to-href``, ``href``, or the first address that its click handler is given.

    ``to-href`` wins where it stands (iList.jsp CMS); the handler decides on the older 韶关 platform, whose links read
    ``href="javascript:void(0);" onclick="opendetails('547','/website/…/423_0.html')"``."""
    href = link.get("href")
    if url := resolve(base, link.get("to-href")) or resolve(base, href):
        return url
    for handler in (link.get("onclick"), href):
        for quoted in _QUOTED.finditer(handler or ""):
            address = quoted.group(1) or quoted.group(2) or ""
            if _ADDRESS.match(address):
                return resolve(base, address)
    return None


@lru_cache(maxsize=8192)  # menus are the same on all pages of a list, and of its rows it is asked more than once
def is_file(url: str) -> bool:
    """Whether a URL names a file rather than a page."""
    return FILE.search(urlsplit(url).path) is not None


@lru_cache(maxsize=2048)
def leads_to_a_list(url: str) -> bool:
    """Whether a URL names a folder or an index page."""
    parts = urlsplit(url)
    return not parts.query and _INDEX.fullmatch(parts.path.rpartition("/")[2]) is not None


def folder(url: str) -> str:
    """A URL up to its last slash, scheme left out: ``//host/path/``."""
    parts = urlsplit(url)
    return f"//{parts.netloc.lower()}{parts.path.rpartition('/')[0]}/"
