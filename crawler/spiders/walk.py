"""The walk through one column's list pages: when to go on, when to stop, and what the end means. Pure."""

from dataclasses import dataclass, field

from archive.reading.page import Page
from archive.urls import identity
from archive.vocabulary import WalkEnd
from crawler.families.base import Ask, Column, ListPage

LONGEST = 5000
"""Pages of one column. No catalogue known to us has a tenth of it; more is a pager that runs in a circle."""


STUB = 1024
"""Bytes below which a further list page that cannot be read is a stub (portal-families.md 5.4: 300 to 400 in deep TRS
lists)."""


def is_stub(page: Page, number: int) -> bool:
    """Whether a list page that its family cannot read is one of the stubs that stand deep in some lists."""
    return number > 1 and len(page.body) < STUB


@dataclass(slots=True)
class Walk:
    """The state of one walk. Feed it pages; when ``end`` is set it is over."""

    column: Column
    number: int = 1  # of the page that is awaited, 1-based
    pages: int = 0
    declared_total: int | None = None
    declared_pages: int | None = None
    end: WalkEnd | None = None
    detail: str = ""
    guessed: bool = False  # whether the awaited page was asked for without a word of it
    seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.declared_total = self.column.declared

    @property
    def listed(self) -> int:
        """Distinct rows met so far."""
        return len(self.seen)

    def feed(self, page: ListPage) -> Ask | None:
        """Take a page in. Gives the next request, or ``None`` with ``end`` set."""
        self.pages += 1
        self.guessed = page.guess
        self.declared_total = page.declared_total if page.declared_total is not None else self.declared_total
        self.declared_pages = page.declared_pages if page.declared_pages is not None else self.declared_pages
        before = len(self.seen)
        self.seen.update(identity(row.url) for row in page.rows)
        nothing_new = len(self.seen) == before
        if page.next is None:
            if self.declared_pages is not None and self.number < self.declared_pages:
                self.stop(WalkEnd.PAGE_FAILED, f"page {self.number} of {self.declared_pages} leads no further")
            self.stop(WalkEnd.LAST_PAGE)
            return None
        if self.declared_pages is None and self.declared_total is not None and self.listed >= self.declared_total:
            self.stop(WalkEnd.LAST_PAGE)  # the family asks on by number; all that is declared was met
            return None
        if nothing_new and self.number > 1 and not page.sparse:
            end = WalkEnd.NOTHING_NEW if self.met else WalkEnd.STUB_PAGE
            self.stop(end, f"page {self.number} has no new row")
            return None
        if self.number >= LONGEST:
            self.stop(WalkEnd.PAGE_FAILED, f"more than {LONGEST} pages: the pager runs in a circle")
            return None
        self.number += 1
        return page.next

    @property
    def met(self) -> bool:
        """Whether all that the portal declares, rows and pages, was met; true where it declares nothing."""
        rows = self.declared_total is None or self.listed >= self.declared_total
        return rows and (self.declared_pages is None or self.number >= self.declared_pages)

    def missing(self, detail: str) -> None:
        """The awaited page does not exist (404, 410, soft 404). Harmless only if no row can be on it."""
        everything = self.declared_total is not None and 0 < self.declared_total <= self.listed
        unheard_of = self.guessed and self.declared_total is None and self.pages >= (self.declared_pages or 0)
        self.stop(WalkEnd.LAST_PAGE if everything or unheard_of else WalkEnd.PAGE_MISSING, detail)

    def failed(self, detail: str) -> None:
        """The awaited page could not be fetched, or is no list."""
        self.stop(WalkEnd.PAGE_FAILED, detail)

    def stop(self, end: WalkEnd, detail: str = "") -> None:
        """End it; the first end counts."""
        if self.end is None:
            self.end, self.detail = end, detail
