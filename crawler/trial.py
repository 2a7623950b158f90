"""A trial: an entry is read as one family's, to see how far that goes. Pure: it says what it wants to see.

Two list pages of its most promising column and one document are enough: that the pager leads on, and that the rows lead
to documents, are the proofs that no sign on a page can give (portal-families.md section 4.2).
"""

import re
from collections.abc import Generator
from dataclasses import dataclass, field, replace
from urllib.parse import urldefrag

from w3lib.url import safe_url_string

from archive.errors import LayoutError, ReadingError
from archive.events import CatalogueRow
from archive.reading.model import Reading
from archive.reading.page import Page
from archive.reading.read import read
from archive.reading.refusal import is_barrier
from archive.urls import host, identity
from archive.vocabulary import Role
from crawler.detection import ENTRY, Case, Clue, stated, weigh
from crawler.families import FAMILIES, static
from crawler.families.base import Ask, Column, ColumnSpec, ListPage
from crawler.families.lists.links import is_file

_OPENINGS = 4  # pages of a tree that comes node by node
_COLUMNS = 2  # columns whose list is asked for, if the first has no row
_DOCUMENTS = 2  # rows that are followed, if the first leads nowhere
_PROMISING = re.compile(r"文件|政策|规范性|法规|规章|gfxwj|zcwj|zfwj")


@dataclass(frozen=True, slots=True)
class Want:
    """A request that an inquiry waits for."""

    ask: Ask
    role: Role


@dataclass(frozen=True, slots=True)
class Refused:
    """There is no such page: why, by a name (:mod:`crawler.failures`) and in a line, and what came instead of it."""

    reason: str
    detail: str = ""
    page: Page | None = None
    singly: bool = False  # a no that is this page's alone


Reply = Page | Refused


@dataclass(frozen=True, slots=True)
class Document:
    """The one document that was looked at."""

    page: Page
    row: CatalogueRow
    reading: Reading


@dataclass(slots=True)
class Tried:
    """What came of reading an entry as one family's."""

    spec: ColumnSpec
    case: Case
    columns: list[Column] = field(default_factory=list)
    unopened: int = 0  # nodes of its tree that were not looked into
    skipped: list[tuple[str, str]] = field(default_factory=list)
    column: Column | None = None  # the one whose list was read
    lists: list[ListPage] = field(default_factory=list)  # its first pages, two at most
    document: Document | None = None
    refused: Refused | None = None  # what kept a page of it from us
    notes: list[str] = field(default_factory=list)
    fault: str = ""
    proofs: list[Clue] = field(default_factory=list)
    pages: list[tuple[str, Page]] = field(default_factory=list)  # besides the entry
    shown_on: dict[str, Page] = field(default_factory=dict)  # column's key → the page that offered it

    @property
    def is_whole(self) -> bool:
        """Whether the list pages seen are known to be all, or were seen to lead on."""
        first = self.lists[0]
        total, pages = first.declared_total, first.declared_pages
        return (
            len(self.lists) > 1 or pages == 1 or (total is not None and first.next is None and total <= len(first.rows))
        )

    @property
    def further_rows(self) -> int:
        """Rows of the second list page that the first has not."""
        first, second = ({identity(row.url) for row in page.rows} for page in (*self.lists, *_NO_LISTS)[:2])
        return len(second - first)


_NO_LISTS = (ListPage((), None), ListPage((), None))


def read_as(case: Case, page: Page, address: str) -> Generator[Want, Reply, Tried]:
    """Read an entry page as the suspected family's; the case is weighed again with what came of it."""
    tried = Tried(ColumnSpec(case.family, address), case)
    yield from _open(tried, page)
    yield from _read_lists(tried)
    yield from _read_document(tried)
    tried.case = weigh(replace(case, proofs=tuple(tried.proofs), fault=tried.fault), tried.pages)
    return tried


def _open(tried: Tried, page: Page | None) -> Generator[Want, Reply, None]:
    """Find the columns, through as many further pages as it takes to meet one that is not empty."""
    family = FAMILIES[tried.spec.family]
    todo = [entry] if (entry := family.entry(tried.spec)) != Ask(urldefrag(tried.spec.url).url) else []
    for _ in range(_OPENINGS):
        if todo:
            page = yield from _want(tried, todo.pop(0), Role.ENTRY, ENTRY)
        if page is None:
            continue
        try:
            opening = family.open(page, tried.spec)
        except (LayoutError, ReadingError) as error:
            tried.fault = str(error)
            return
        tried.columns += opening.columns
        tried.skipped += opening.skipped
        tried.shown_on |= {column.key: page for column in opening.columns}
        todo = [*filter(None, (opening.further, *opening.branches)), *todo]
        tried.unopened = len(todo)
        if not todo or any(column.declared != 0 for column in opening.columns):
            break
    if not tried.columns:
        tried.fault = tried.fault or "no column behind this entry"


def _read_lists(tried: Tried) -> Generator[Want, Reply, None]:
    """The first list page of the most promising column, and the one behind it."""
    for column in sorted(tried.columns, key=_promise)[:_COLUMNS]:
        page: Page | None = tried.shown_on[column.key]
        if column.first is not None:
            page = yield from _want(tried, column.first, Role.LIST, "list")
        if page is None:
            continue
        try:
            listed = FAMILIES[column.family].read_list(page, column, 1)
        except (LayoutError, ReadingError) as error:
            tried.fault = str(error)
            continue
        tried.fault, tried.refused, tried.column, tried.lists = "", None, column, [listed]
        if listed.rows:
            break
    if tried.column is None or not tried.lists[0].rows:
        return
    _prove_list(tried, tried.lists[0])
    if (following := tried.lists[0].next) is None or following.press:
        return
    came = yield Want(following, Role.LIST)
    if isinstance(came, Refused):
        _missed(tried, "page 2", came)
        return
    try:
        tried.lists.append(FAMILIES[tried.column.family].read_list(came, tried.column, 2))
    except (LayoutError, ReadingError) as error:
        tried.notes.append(f"page 2: {error}")
        return
    tried.pages.append(("page 2", came))
    if tried.further_rows:
        tried.proofs.append(Clue("page 2", f"page 2 has {tried.further_rows} further rows", 2))


def _prove_list(tried: Tried, listed: ListPage) -> None:
    where = "list" if tried.column is not None and tried.column.first is not None else ENTRY
    if tried.spec.family != static.NAME:  # whose sign it is
        dated = sum(bool(row.date) for row in listed.rows)
        tried.proofs.append(Clue(where, f"{len(listed.rows)} rows read, {dated} with a date", 1))
    said = ((listed.declared_total, "entries"), (listed.declared_pages, "pages"))
    if declared := " on ".join(f"{number} {what}" for number, what in said if number is not None):
        tried.proofs.append(Clue(where, f"declares {declared}", 1))


def _read_document(tried: Tried) -> Generator[Want, Reply, None]:
    """The first document of the list that is a page on the portal's own host."""
    if tried.column is None or not tried.lists[0].rows:
        return
    rows = [row for row in tried.lists[0].rows if host(row.url) == host(tried.spec.url) and not is_file(row.url)]
    if not rows:
        elsewhere = dict.fromkeys(host(row.url) for row in tried.lists[0].rows if not is_file(row.url))
        tried.notes.append(f"no row leads to a page on this host, but to: {', '.join(elsewhere) or 'files'}")
    for row in rows[:_DOCUMENTS]:
        if tried.refused is not None:
            return
        came = yield Want(Ask(row.url, headers=_sent_by(tried.column.url, row.url)), Role.OTHER)
        if isinstance(came, Refused):
            _missed(tried, f"document {row.url}", came)
            continue
        tried.document = Document(came, row, read(came, row))
        tried.pages.append(("document", came))
        if len(fields := stated(tried.document.reading)) > 1:
            tried.proofs.append(Clue("document", f"its document states {len(fields)} fields", 2))
        return


def _missed(tried: Tried, what: str, came: Refused) -> None:
    """A page did not come; behind a barrier nothing more is asked for."""
    tried.notes.append(f"{what}: {came.reason} {came.detail}".rstrip())
    if is_barrier(came.reason) and not came.singly:
        tried.refused = came


def _want(tried: Tried, ask: Ask, role: Role, where: str) -> Generator[Want, Reply, Page | None]:
    """A page that the family cannot do without."""
    came = yield Want(ask, role)
    if isinstance(came, Refused):
        tried.refused, tried.fault = came, f"{ask.url}: {came.reason} {came.detail}".rstrip()
        return None
    tried.pages.append((where, came))
    return came


def _promise(column: Column) -> tuple[bool, bool, int]:
    """Sorts the column first that will show most of the portal: not empty, of documents, and long."""
    return (column.declared == 0, not _PROMISING.search(f"{column.name} {column.key}"), -(column.declared or 0))


def _sent_by(page: str, url: str) -> tuple[tuple[str, str], ...]:
    """The header that names the page whose link is followed, as a browser would send it; not from https to http."""
    secret = page.startswith("https:") and url.startswith("http:")
    return () if secret else (("Referer", safe_url_string(urldefrag(page).url)),)
