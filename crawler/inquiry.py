"""What is to be found out of a portal by one of its addresses, and in which order. Pure: it says what it wants to see.

An inquiry is a generator: it yields a :class:`Want`, is sent what came of it, and returns a :class:`Finding`. Whoever
drives it does the asking (:mod:`crawler.spiders.probe`), or has the pages at hand (the tests). The steps are those of a
first contact (portal-families.md sections 4.2 and 13): the entry, its columns, two list pages of one, one document
(:mod:`crawler.trial`).
"""

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin, urlsplit

from archive.errors import LayoutError
from archive.reading.page import Page
from archive.reading.refusal import Refusal, refusal
from archive.vocabulary import Role
from crawler.detection import Case, is_document, is_home, suspects
from crawler.families.base import Ask
from crawler.families.lists import blocks
from crawler.families.lists.entrance import shell_target
from crawler.families.lists.links import tree_of
from crawler.families.lists.printed import whole_text
from crawler.first_contact import site_codes, site_names
from crawler.leads import leads
from crawler.trial import Refused, Reply, Tried, Want, read_as

TRIED = 3
"""Families that are tried on an entry."""
_HOPS = 3  # the entry, and shells that only lead on
_NO_PATH = "/gongkai-asks-for-a-page-that-is-not-there.html"

_UNFINISHED = frozenset({Refusal.SHELL, Refusal.REDIRECT_PAGE})
"""No page for people, but perhaps a family's: the frame of a policy library, a page that leads on."""
_GONE = frozenset({"404", "410", Refusal.NOT_FOUND, Refusal.SOFT_404})


@dataclass(slots=True)
class Finding:
    """What was found out by one address."""

    url: str  # as it was given
    address: str = ""  # where it led, with its fragment
    page: Page | None = None
    suspects: tuple[Case, ...] = ()  # the families whose signs the entry page bears
    tried: Tried | None = None  # the one that is named, else the likeliest
    refused: Refused | None = None  # why there is no entry page
    names: dict[str, None] = field(default_factory=dict)  # of the site; sets in the order of meeting
    codes: dict[str, str] = field(default_factory=dict)  # 网站标识码 → the page that states it first
    notes: list[str] = field(default_factory=list)
    wants_browser: bool = False
    leads: tuple[tuple[str, str], ...] = ()  # text and address of what may be probed instead

    @property
    def family(self) -> str:
        """The family's name; "" for unknown."""
        return self.tried.case.family if self.tried is not None and self.tried.case.holds else ""

    @property
    def can_be_read(self) -> bool:
        """Whether there is a family that could begin with it."""
        return bool(self.family) and self.tried is not None and not self.tried.fault

    @property
    def blocked(self) -> Refused | None:
        """What keeps pages from us that a crawl could not do without."""
        return self.refused or (self.tried.refused if self.tried is not None else None)


def inquire(url: str) -> Generator[Want, Reply, Finding]:
    """The inquiry into one address; it says what it wants to see, and gives what it found."""
    found = Finding(url)
    address: str | None = url
    for _ in range(_HOPS):
        page = yield from _arrive(found, address or url)
        if page is None:
            return found
        if is_home(found.address):
            found.notes.append("a home page shows rows of many columns, and is none; probe a column")
        elif is_document(page):
            found.notes.append("a document, no list; probe the list that leads to it")
        else:
            yield from _name(found, page)
        address = None if found.family or found.notes else _led_on(page)
        if address is None:
            break
    assert page is not None
    if found.family:
        found.refused = None  # the frame of a library is no page, and not needed
    else:
        yield from _explain(found, page)
    yield from _identify(found, page)
    return found


def _arrive(found: Finding, url: str) -> Generator[Want, Reply, Page | None]:
    """The entry page, or ``None`` if there is none."""
    came = yield Want(Ask(urldefrag(url).url), Role.ENTRY)
    found.refused = came if isinstance(came, Refused) else None
    page = came.page if isinstance(came, Refused) else came
    if found.refused is not None and found.refused.reason in _GONE:
        yield from _look_at_home(found, url)
    if page is None or (found.refused is not None and found.refused.reason not in _UNFINISHED):
        return None
    found.page = page
    fragment = urlsplit(url).fragment
    found.address = urldefrag(page.url).url + (f"#{fragment}" if fragment else "")
    found.suspects, found.tried = tuple(suspects(page, found.address)), None
    return page


def _led_on(page: Page) -> str | None:
    """Where a page without a list sends its reader: a refresh, a script of one line, a frame."""
    try:
        return shell_target(tree_of(page), page)
    except LayoutError:
        return None


def _name(found: Finding, page: Page) -> Generator[Want, Reply, None]:
    """Try the likely families, the likeliest first, until one holds."""
    likely = [case for case in found.suspects if case.holds or not case.fault]
    for case in likely[:TRIED]:
        tried = yield from read_as(case, page, found.address)
        if found.tried is None or tried.case.holds:
            found.tried = tried
        if tried.case.holds:
            return


# --- a page that no family is named for -------------------------------------------------------------------------------


def _explain(found: Finding, page: Page) -> Generator[Want, Reply, None]:
    """What may be the matter with a page that no family is named for, and where to go on."""
    found.leads = leads(page)
    if found.notes:
        return
    found.wants_browser = _is_filled_by_scripts(page)
    if found.wants_browser and refusal(page.status, page.headers, page.body) == Refusal.SHELL:
        found.refused = Refused(Refusal.SHELL, "an application without a word in it", page)
        came = yield Want(Ask(urljoin(page.url, _NO_PATH)), Role.OTHER)
        shown = came.page if isinstance(came, Refused) else came
        if shown is not None and shown.status == 200 and shown.body == page.body:
            found.refused = Refused(Refusal.CATCH_ALL, "this host shows the same page for any path", page)


def _is_filled_by_scripts(page: Page) -> bool:
    try:
        return b"<script" in page.body.lower() and not blocks.find(page, page.url)
    except LayoutError:  # no page, but an answer of a service
        return False


def _look_at_home(found: Finding, url: str) -> Generator[Want, Reply, None]:
    """Where else a column may be that is not where it was said to be."""
    home = yield Want(Ask(urljoin(url, "/")), Role.ENTRY)
    if isinstance(home, Page):
        _note(found, home)
        found.leads = leads(home)


# --- whose pages they are ---------------------------------------------------------------------------------------------


def _identify(found: Finding, page: Page) -> Generator[Want, Reply, None]:
    """The site's name and 网站标识码, from the pages seen; where they say neither, from the home page."""
    _note(found, page)
    if found.tried is not None and found.tried.document is not None:
        _note(found, found.tried.document.page)
    if (found.names and found.codes) or found.blocked:
        return
    home: Reply = page
    if not is_home(found.address):
        home = yield Want(Ask(urljoin(page.url, "/")), Role.ENTRY)
    if isinstance(home, Page):
        _note(found, home)
        found.names |= dict.fromkeys(_titled(home)) if not found.names else {}


def _note(found: Finding, page: Page) -> None:
    found.names |= dict.fromkeys(site_names(page))
    for code in site_codes(page):
        found.codes.setdefault(code, page.url)


def _titled(home: Page) -> Iterator[str]:
    """The site's name in the title of its home page: 首页-珠海市人民政府门户网站."""
    try:
        title = next((whole_text(node) for node in tree_of(home).iter("title")), "")
    except LayoutError:
        return
    parts = (part.strip() for part in re.split(r"[-_|–—]", title))
    named = [name for part in parts if (name := re.sub(r"(?:门户)?网站$|^欢迎(?:访问|光临)?|^首页$", "", part))]
    yield from [part for part in named if re.search(r"政府|委员会|[局厅部办]$", part)][:1] or named[:1]
